/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/manifest_reader.h"

#include "cli/json_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_SIZE ((size_t)64 << 10)

static const char no_memory[] = "out of memory";

/** Reads the whole file, and puts a NUL byte behind it. Returns NULL, or what is wrong. */
static const char *read_file(struct manifest_content *content, const char *name)
{
	FILE *file = fopen(name, "re");
	size_t capacity = 0, count = 0;
	const char *error = NULL;

	if (!file)
		return strerror(errno);
	do {
		if (capacity - content->size < READ_SIZE + 1) {
			char *text =
				realloc(content->text, capacity = 2 * capacity + READ_SIZE + 1);

			if (!text) {
				error = no_memory;
				break;
			}
			content->text = text;
		}
		count = fread(content->text + content->size, 1, READ_SIZE, file);
		content->size += count;
	} while (count > 0);
	if (!error && ferror(file))
		error = strerror(errno);
	fclose(file);
	if (!error)
		content->text[content->size] = '\0';
	return error;
}

/** Makes room for one more item. Returns false when out of memory. */
static bool grow(void **items, size_t count, size_t *capacity, size_t size)
{
	void *more;

	if (count < *capacity)
		return true;
	more = realloc(*items, (*capacity * 2 + 16) * size);
	if (!more)
		return false;
	*items = more;
	*capacity = *capacity * 2 + 16;
	return true;
}

/** Reads one member of an entry, if it is a known one. */
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
	else
		json_reader_skip(reader);
}

static const char *read_entries(struct json_reader *reader, struct manifest_list *list)
{
	char *key;

	json_reader_open(reader, '[');
	while (json_reader_item(reader)) {
		struct manifest_entry *entry;
		void *items = list->items;

		if (!grow(&items, list->count, &list->capacity, sizeof *list->items))
			return no_memory;
		list->items = items;
		entry = memset(&list->items[list->count++], 0, sizeof *entry);
		json_reader_open(reader, '{');
		while (json_reader_key(reader, &key))
			read_member(reader, entry, key);
		if (!reader->error && !entry->name)
			reader->error = "an entry has no name";
	}
	return NULL;
}

static const char *read_options(struct json_reader *reader, struct manifest_content *content)
{
	json_reader_open(reader, '[');
	while (json_reader_item(reader)) {
		void *options = content->options;

		if (!grow(&options, content->option_count, &content->option_capacity,
			    sizeof *content->options))
			return no_memory;
		content->options = options;
		json_reader_string(reader, &content->options[content->option_count]);
		if (!reader->error && content->options[content->option_count])
			content->option_count++;
	}
	return NULL;
}

/** Reads the object. Returns what is wrong beside the syntax, which the reader keeps. */
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
		else
			json_reader_skip(reader);
	}
	if (!error && !reader->error && version != 1)
		error = "it is not a manifest of this program's version";
	return error;
}

const char *manifest_read(struct manifest_content *content, const char *name, size_t *offset)
{
	struct json_reader reader;
	const char *error;

	memset(content, 0, sizeof *content);
	*offset = 0;
	error = read_file(content, name);
	if (error)
		return error;
	json_reader_init(&reader, content->text, content->size);
	error = read_object(&reader, content);
	if (error)
		return error;
	if (!json_reader_is_at_end(&reader) && !reader.error)
		reader.error = "something follows the object";
	*offset = (size_t)(reader.at - content->text);
	return reader.error;
}

static void list_fini(struct manifest_list *list)
{
	free(list->items);
}

void manifest_content_fini(struct manifest_content *content)
{
	free(content->text);
	free(content->options);
	list_fini(&content->inputs);
	list_fini(&content->outputs);
}
