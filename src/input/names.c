/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/names.h"

#include "input/error.h"
#include "input/source.h"

#include <stdlib.h>
#include <string.h>

#define READ_SIZE 4096

struct input_names {
	/** The name of the source, which the caller owns. */
	const char *name;
	struct input_source source;
	/** The byte that ends a name. */
	char separator;
	/** The source failed or ended. */
	bool is_ended;
	/** The number of separators that were read. */
	uint64_t separators;
	/** The offset of read[begin]. */
	uint64_t offset;
	/** The unused bytes are read[begin … end). */
	size_t begin;
	size_t end;
	/** The number of bytes of the current name so far. INPUT_NAME_SIZE if the name is too long,
	 * so that only its beginning is kept. */
	size_t size;
	/** The position of the beginning of the current name. */
	uint64_t name_line;
	uint64_t name_offset;
	char read[READ_SIZE];
	char current[INPUT_NAME_SIZE];
};

static enum ds_status refill(struct input_names *names, struct ds_error *error)
{
	size_t size = 0;
	enum ds_status status =
		input_source_read(&names->source, names->read, READ_SIZE, &size, error);

	names->begin = 0;
	names->end = size;
	names->is_ended = size == 0;
	return status;
}

/** Appends bytes to the current name. Returns true when its end was reached. */
static bool append_bytes(struct input_names *names)
{
	const char *begin = names->read + names->begin;
	size_t left = names->end - names->begin;
	const char *end = memchr(begin, names->separator, left);
	size_t size = end != NULL ? (size_t)(end - begin) : left;
	size_t kept = INPUT_NAME_SIZE - names->size;

	if (size < kept)
		kept = size;
	if (names->size == 0) {
		names->name_line = names->separators + 1;
		names->name_offset = names->offset;
	}
	memcpy(names->current + names->size, begin, kept);
	names->size += kept;
	if (end != NULL) {
		names->separators++;
		size++;
	}
	names->begin += size;
	names->offset += size;
	return end != NULL;
}

/** Reads up to the end of the next name; `size` is 0 after the last one. */
static enum ds_status gather(struct input_names *names, struct ds_error *error)
{
	bool is_complete = false;

	names->size = 0;
	while (!is_complete && !names->is_ended) {
		enum ds_status status = DS_OK;

		if (names->begin == names->end)
			status = refill(names, error);
		if (status != DS_OK)
			return status;
		/* The text before a separator may be empty, in a blank line. */
		is_complete = append_bytes(names) && names->size > 0;
	}
	return DS_OK;
}

enum ds_status input_names_open(struct input_names **out, const char *name, bool is_nul,
	struct ds_error *error)
{
	struct input_names *names = calloc(1, sizeof(*names));
	enum ds_status status;

	if (names == NULL)
		return DS_NO_MEMORY;
	names->name = name;
	names->separator = is_nul ? '\0' : '\n';
	status = input_source_open(&names->source, name, NULL, error);
	if (status != DS_OK) {
		free(names);
		return status;
	}
	*out = names;
	return DS_OK;
}

enum ds_status input_names_next(struct input_names *names, const char **next,
	struct ds_error *error)
{
	const char *reason = NULL;
	enum ds_status status = gather(names, error);

	if (status != DS_OK) {
		error->place.name = names->name;
		return status;
	}
	if (names->size == INPUT_NAME_SIZE)
		reason = "a file name in this list is too long";
	else if (memchr(names->current, '\0', names->size) != NULL)
		reason = "a file name in this list contains a NUL byte; if its names end with NUL, "
			 "use --null";
	if (reason != NULL) {
		input_error_set(error, "DA908", names->name, names->name_offset, "%s", reason);
		if (names->separator != '\0') {
			error->place.line = names->name_line;
			error->place.column = 1;
		}
		return DS_DAMAGED;
	}
	names->current[names->size] = '\0';
	*next = names->size > 0 ? names->current : NULL;
	return DS_OK;
}

void input_names_free(struct input_names *names)
{
	if (names == NULL)
		return;
	input_source_close(&names->source);
	free(names);
}
