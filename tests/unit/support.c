/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

void add_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	char *room;
	int size;

	va_start(arguments, format);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert_true(size >= 0);
	room = buffer_room(buffer, (size_t)size + 1);
	assert_non_null(room);
	va_start(arguments, format);
	vsnprintf(room, (size_t)size + 1, format, arguments);
	va_end(arguments);
	buffer->size += (size_t)size;
}

void add_quoted(struct buffer *buffer, struct ds_text text)
{
	if (!text.data) {
		buffer_byte(buffer, '-');
		return;
	}
	buffer_byte(buffer, '"');
	for (size_t i = 0; i < text.size; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\')
			buffer_byte(buffer, (char)byte);
		else
			add_format(buffer, "\\x%02x", byte);
	}
	buffer_byte(buffer, '"');
}

const char *as_string(struct buffer *buffer)
{
	buffer_byte(buffer, 0);
	assert_false(buffer->failed);
	buffer->size--;
	return buffer->data;
}

void assert_text(struct buffer *buffer, const char *expected)
{
	assert_string_equal(as_string(buffer), expected);
	assert_int_equal(buffer->size, strlen(expected));
}

bool is_same(const struct buffer *buffer, const struct buffer *expected)
{
	return buffer->size == expected->size &&
		(!buffer->size || memcmp(buffer->data, expected->data, buffer->size) == 0);
}

void assert_same(struct buffer *buffer, struct buffer *expected)
{
	const char *got = as_string(buffer), *wanted = as_string(expected);
	size_t from = 0;

	if (is_same(buffer, expected))
		return;
	/* The first line that differs is the most useful one. */
	for (size_t i = 0; i < buffer->size && i < expected->size && got[i] == wanted[i]; i++)
		from = got[i] == '\n' ? i + 1 : from;
	fail_msg("these differ from byte %zu on:\n%.*s\ninstead of\n%.*s", from,
		(int)strcspn(got + from, "\n"), got + from, (int)strcspn(wanted + from, "\n"),
		wanted + from);
}

void assert_has(struct buffer *buffer, const char *part)
{
	if (!strstr(as_string(buffer), part))
		fail_msg("this is missing: %s\nin: %s", part, buffer->data);
}

void assert_lacks(struct buffer *buffer, const char *part)
{
	if (strstr(as_string(buffer), part))
		fail_msg("this should not be there: %s\nin: %s", part, buffer->data);
}

/* ---- files ---- */

void load(struct buffer *buffer, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		fail_msg("cannot open %s", path);
	do {
		char *room = buffer_room(buffer, 4096);

		assert_non_null(room);
		size = fread(room, 1, 4096, file);
		buffer->size += size;
	} while (size > 0);
	assert_false(ferror(file));
	fclose(file);
}

void save(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(size ? fwrite(data, 1, size, file) : 0, size);
	assert_int_equal(fclose(file), 0);
}

void add_gzip(struct buffer *buffer, const void *data, size_t size)
{
	z_stream stream = {0};
	size_t bound;
	char *room;

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	bound = deflateBound(&stream, size);
	room = buffer_room(buffer, bound);
	assert_non_null(room);
	stream.next_in = (void *)(uintptr_t)data;
	stream.avail_in = (uInt)size;
	stream.next_out = (void *)room;
	stream.avail_out = (uInt)bound;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	buffer->size += bound - stream.avail_out;
	deflateEnd(&stream);
}

void inflate_all(struct buffer *buffer, const void *data, size_t size)
{
	z_stream stream = {.next_in = (void *)(uintptr_t)data, .avail_in = (uInt)size};
	int result = Z_OK;

	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	while (stream.avail_in || result != Z_STREAM_END) {
		char *room = buffer_room(buffer, 65536);

		assert_non_null(room);
		if (result == Z_STREAM_END)
			assert_int_equal(inflateReset(&stream), Z_OK);
		stream.next_out = (void *)room;
		stream.avail_out = 65536;
		result = inflate(&stream, Z_NO_FLUSH);
		assert_true(result == Z_OK || result == Z_STREAM_END);
		buffer->size += 65536 - stream.avail_out;
	}
	inflateEnd(&stream);
}

static bool ends_with(const char *name, const char *end)
{
	size_t size = strlen(name);

	return size > strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

size_t each_dump(const char *directory,
	void (*call)(const char *path, const char *name, struct buffer *bytes))
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, compare_entries);
	size_t dumps = 0;

	if (count < 0)
		fail_msg("cannot read %s", directory);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		struct buffer path = {0}, bytes = {0};

		if (ends_with(name, ".xml") || ends_with(name, ".sxp") || ends_with(name, ".gz")) {
			add_format(&path, "%s/%s", directory, name);
			load(&bytes, as_string(&path));
			if (ends_with(name, ".gz")) {
				struct buffer compressed = bytes;

				buffer_init(&bytes);
				inflate_all(&bytes, compressed.data, compressed.size);
				buffer_fini(&compressed);
			}
			call(as_string(&path), name, &bytes);
			dumps++;
		}
		buffer_fini(&path);
		buffer_fini(&bytes);
		free(entries[i]);
	}
	free(entries);
	return dumps;
}

/* ---- random numbers ---- */

uint64_t chance(uint64_t *seed)
{
	uint64_t mixed = *seed += 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return mixed ^ mixed >> 31;
}

size_t chance_below(uint64_t *seed, size_t limit)
{
	return (size_t)(chance(seed) % limit);
}

/* ---- directories ---- */

static char directory[] = "/tmp/domstream-unit.XXXXXX";

int enter_directory(void **state)
{
	(void)state;
	memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

int leave_directory(void **state)
{
	DIR *dir = opendir(".");
	struct dirent *entry;

	(void)state;
	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlink(entry->d_name);
	closedir(dir);
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}
