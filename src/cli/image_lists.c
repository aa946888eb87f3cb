/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/image_lists.h"

#include "cli/file_reader.h"
#include "cli/message.h"
#include "cli/paths.h"
#include "record/array.h"
#include "record/buffer.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h> /* PATH_MAX */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The maximum size of a list; the offsets in it are 32-bit numbers. */
#define LIST_MAX UINT32_MAX

/** Makes room for one more list. */
static bool make_room(struct image_lists *lists)
{
	size_t item_capacity = lists->capacity, file_capacity = lists->capacity;
	struct ds_image_list *items =
		array_room(lists->items, lists->count, &item_capacity, sizeof *items);
	struct image_list_file *files =
		array_room(lists->files, lists->count, &file_capacity, sizeof *files);

	if (items)
		lists->items = items;
	if (files)
		lists->files = files;
	if (!items || !files)
		return false;
	lists->capacity = file_capacity;
	return true;
}

/** Returns the line of the first name that "find ." has printed, or 0 if it has printed no name. */
static size_t find_relative(struct ds_text text)
{
	size_t line = 1;

	for (size_t at = 0; at < text.size; at++) {
		bool is_begin = at == 0 || text.data[at - 1] == '\n' || !text.data[at - 1];

		if (is_begin && text.size - at > 1 && memcmp(text.data + at, "./", 2) == 0)
			return line;
		line += text.data[at] == '\n' || !text.data[at];
	}
	return 0;
}

/** Returns the path of a file whose name may be relative to the directory `base`. */
static const char *locate(const char *base, const char *name, char *path)
{
	if (!base || *name == '/')
		return name;
	return snprintf(path, PATH_MAX, "%s/%s", base, name) < PATH_MAX ? path : name;
}

static enum exit_status check_text(const char *name, const char *path, int number,
	struct ds_text text)
{
	size_t line = number ? 0 : find_relative(text);

	if (number == ENOMEM)
		return message_no_memory();
	if (number && path != name)
		message_usage("cannot read the list of images '%s', which the parts name '%s': %s; "
			      "name another one with --images",
			path, name, strerror(number));
	else if (number)
		message_usage("cannot read the list of images '%s': %s", name, strerror(number));
	if (line)
		message_usage("%s:%zu: relative path; list images with absolute paths, as 'find "
			      "/DIRECTORY' prints them",
			name, line);
	return number || line ? STATUS_USAGE : STATUS_FINE;
}

/** Adds a file; `host` is NULL if it is for all hosts. */
static enum exit_status add_file(struct image_lists *lists, const char *base, const char *name,
	struct ds_text host)
{
	struct image_list_file file = {NULL, NULL, NULL, false};
	char resolved[PATH_MAX];
	const char *path = locate(base, name, resolved);
	struct buffer text;
	enum exit_status status;
	int number;

	buffer_init(&text);
	number = file_reader_read(path, LIST_MAX, &text);
	status = check_text(name, path, number, (struct ds_text){text.data, text.size});
	if (status != STATUS_FINE) {
		buffer_fini(&text);
		return status;
	}
	file.name = strdup(name);
	file.host = host.data ? strndup(host.data, host.size) : NULL;
	file.text = text.data;
	if (!file.name || (host.data && !file.host) || !make_room(lists)) {
		free(file.name);
		free(file.host);
		buffer_fini(&text);
		return message_no_memory();
	}
	lists->has_hosts |= host.data != NULL;
	lists->files[lists->count] = file;
	lists->items[lists->count++] = (struct ds_image_list){file.name, file.host,
		{file.text ? file.text : "", text.size}};
	return STATUS_FINE;
}

/** Returns the host that a file in a directory is named after. */
static struct ds_text host_of(const char *name)
{
	static const char *const ends[] = {".txt", ".list", ".lst"};
	size_t size = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (size > strlen(ends[i]) && strcmp(name + size - strlen(ends[i]), ends[i]) == 0)
			return (struct ds_text){name, size - strlen(ends[i])};
	return (struct ds_text){name, size};
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int compare_entries(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static enum exit_status add_directory(struct image_lists *lists, const char *base,
	const char *directory)
{
	enum exit_status status = STATUS_FINE;
	char resolved[PATH_MAX];
	const char *path = locate(base, directory, resolved);
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, compare_entries);

	if (count < 0)
		return check_text(directory, path, errno, (struct ds_text){"", 0});
	for (int i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;
		size_t size = strlen(directory) + strlen(entry) + 2;
		char *name = status == STATUS_FINE ? malloc(size) : NULL;

		if (name) {
			snprintf(name, size, "%s/%s", directory, entry);
			if (!path_is_directory(locate(base, name, resolved)))
				status = add_file(lists, base, name, host_of(entry));
		} else if (status == STATUS_FINE) {
			status = message_no_memory();
		}
		free(name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/** Returns the file name in an argument. `*host` is set to the host before it, or to NULL for all
 * hosts. */
static const char *split_host(const char *argument, struct ds_text *host)
{
	const char *end = strpbrk(argument, "=/");

	*host = (struct ds_text){NULL, 0};
	/* A name with a slash before its "=" is a path. */
	if (!end || *end != '=' || end == argument)
		return argument;
	*host = (struct ds_text){argument, (size_t)(end - argument)};
	return end + 1;
}

const char *image_lists_path(const char *base, const char *argument, char *path)
{
	struct ds_text host;

	return locate(base, split_host(argument, &host), path);
}

enum exit_status image_lists_add(struct image_lists *lists, const char *base, const char *argument)
{
	char path[PATH_MAX];
	struct ds_text host;
	const char *name = split_host(argument, &host);

	if (!host.data && path_is_directory(locate(base, name, path)))
		return add_directory(lists, base, name);
	return add_file(lists, base, name, host);
}

void image_lists_note_host(struct image_lists *lists, const char *host)
{
	if (!lists->has_hosts ||
		(lists->files[lists->last].host &&
			strcmp(lists->files[lists->last].host, host) == 0))
		return;
	for (size_t i = 0; i < lists->count; i++) {
		if (!lists->files[i].host || strcmp(lists->files[i].host, host) != 0)
			continue;
		lists->files[i].is_read = true;
		lists->last = i;
	}
}

void image_lists_warn(const struct image_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++)
		if (lists->files[i].host && !lists->files[i].is_read)
			message_warning("no domain was read from host '%s': its list of images "
					"'%s' is not used",
				lists->files[i].host, lists->files[i].name);
}

void image_lists_fini(struct image_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		free(lists->files[i].name);
		free(lists->files[i].host);
		free(lists->files[i].text);
	}
	free(lists->items);
	free(lists->files);
	memset(lists, 0, sizeof *lists);
}
