/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/manifest_reader.h"

#include "cli/file_reader.h"
#include "cli/json_reader.h"
#include "record/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/** Reads one member of an entry if it is a known one. */
static void read_member(struct json_reader *reader, struct manifest_entry *entry, const char *key)
{
	const struct {
		const char *key;
		char **string;
		uint64_t *number;
	} members[] = {
		{"name", &entry->name, NULL},
		{"argument", &entry->argument, NULL},
		{"kind", &entry->kind, NULL},
		{"outcome", &entry->outcome, NULL},
		{"compression", &entry->compression, NULL},
		{"format", &entry->format, NULL},
		{"encoding", &entry->encoding, NULL},
		{"crc32", &entry->crc32, NULL},
		{"size", NULL, &entry->size},
		{"domains", NULL, &entry->domains},
		{"rejected", NULL, &entry->rejected},
		{"disks", NULL, &entry->disks},
		{"errors", NULL, &entry->errors},
	};

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		if (strcmp(members[i].key, key) != 0)
			continue;
		if (members[i].string)
			json_reader_string(reader, members[i].string);
		else
			json_reader_number(reader, members[i].number);
		return;
	}
	if (strcmp(key, "standard_input") == 0)
		json_reader_bool(reader, &entry->is_standard_input);
	else if (strcmp(key, "stopped") == 0)
		json_reader_bool(reader, &entry->is_stopped);
	else
		json_reader_skip(reader);
}

static const char *read_entries(struct json_reader *reader, struct manifest_list *list)
{
	char *key;

	json_reader_open(reader, '[');
	while (json_reader_item(reader)) {
		struct manifest_entry *entry, *items;

		items = array_room(list->items, list->count, &list->capacity, sizeof *items);
		if (!items)
			return file_reader_no_memory;
		list->items = items;
		entry = memset(&list->items[list->count++], 0, sizeof *entry);
		json_reader_open(reader, '{');
		while (json_reader_key(reader, &key))
			read_member(reader, entry, key);
		if (!reader->error && !entry->name)
			reader->error = "an entry lacks its name";
	}
	return NULL;
}

static const char *read_options(struct json_reader *reader, struct manifest_content *content)
{
	json_reader_open(reader, '[');
	while (json_reader_item(reader)) {
		char **options = array_room(content->options, content->option_count,
			&content->option_capacity, sizeof *options);

		if (!options)
			return file_reader_no_memory;
		content->options = options;
		json_reader_string(reader, &content->options[content->option_count]);
		if (!reader->error && content->options[content->option_count])
			content->option_count++;
	}
	return NULL;
}

/** Reads the object. Returns what is wrong apart from the syntax, whose errors the reader keeps. */
static const char *read_object(struct json_reader *reader, struct manifest_content *content)
{
	const char *error = NULL;
	uint64_t version = 0;
	char *key;

	json_reader_open(reader, '{');
	while (!error && json_reader_key(reader, &key)) {
		if (strcmp(key, "manifest") == 0)
			json_reader_number(reader, &version);
		else if (strcmp(key, "resume") == 0)
			json_reader_string(reader, &content->resume);
		else if (strcmp(key, "options") == 0)
			error = read_options(reader, content);
		else if (strcmp(key, "inputs") == 0)
			error = read_entries(reader, &content->inputs);
		else if (strcmp(key, "outputs") == 0)
			error = read_entries(reader, &content->outputs);
		else if (strcmp(key, "stopped") == 0)
			json_reader_bool(reader, &content->is_stopped);
		else
			json_reader_skip(reader);
	}
	if (!error && !reader->error && version != 1)
		error = "it is not a manifest that this version of domstream can read";
	return error;
}

const char *manifest_read(struct manifest_content *content, const char *name, size_t *offset)
{
	struct json_reader reader;
	const char *error;
	int number;

	memset(content, 0, sizeof *content);
	*offset = 0;
	number = file_reader_read(name, SIZE_MAX / 4, &content->text);
	if (number)
		return number == ENOMEM ? file_reader_no_memory : strerror(number);
	/* The reader needs a NUL byte after the text. */
	buffer_byte(&content->text, '\0');
	if (content->text.failed)
		return file_reader_no_memory;
	json_reader_init(&reader, content->text.data, content->text.size - 1);
	error = read_object(&reader, content);
	if (error)
		return error;
	if (!json_reader_is_at_end(&reader) && !reader.error)
		reader.error = "unexpected data after the object";
	*offset = (size_t)(reader.at - content->text.data);
	if (reader.error && !*offset)
		return "it was not written by a run with --manifest";
	return reader.error;
}

static void list_fini(struct manifest_list *list)
{
	free(list->items);
}

void manifest_content_fini(struct manifest_content *content)
{
	buffer_fini(&content->text);
	free(content->options);
	list_fini(&content->inputs);
	list_fini(&content->outputs);
}
