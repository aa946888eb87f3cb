/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_NAMES_H
#define INPUT_NAMES_H

#include "domstream/domstream.h"

/** The size of the longest name with its NUL byte; a longer one cannot be opened. */
#define INPUT_NAME_SIZE 4096

/** A file of names, one per line or separated by NUL bytes. Memory is bounded by the longest
 * name. */
struct input_names;

/**
 * Opens the file; `name` is borrowed. Returns DS_OK, DS_DAMAGED with a DA908 whose place.name is
 * `name`, or DS_NO_MEMORY.
 */
enum ds_status input_names_open(struct input_names **out, const char *name, bool is_nul,
	struct ds_error *error);

/**
 * Fetches the next name, which is not empty and is valid until the next call. Returns DS_OK, with
 * `*next` NULL at the end. Returns DS_DAMAGED with a DA908 when the file cannot be read any
 * further, so that the next call finds its end; or when a name is too long or contains a NUL byte,
 * so that the next call continues after it (place.line is set unless names are separated by NUL
 * bytes).
 */
enum ds_status input_names_next(struct input_names *names, const char **next,
	struct ds_error *error);

void input_names_free(struct input_names *names);

#endif
