/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_NAMES_H
#define INPUT_NAMES_H

#include "input/source.h"

/** Bytes of the longest name with its NUL; a longer one cannot be opened. */
#define INPUT_NAME_SIZE 4096

/** A file of names: one a line, or NUL-separated. Memory is bounded by the longest name. */
struct input_names;

/**
 * Opens it; `name` is borrowed. DS_OK; DS_DAMAGED with a DA908 whose place.name is `name`;
 * DS_NO_MEMORY.
 */
enum ds_status input_names_open(struct input_names **out, const char *name, bool is_nul,
	struct ds_error *error);

/**
 * Next name, not empty; valid until the next call. DS_OK with `*next` NULL at the end. DS_DAMAGED
 * with a DA908: the file cannot be read on, and the next call finds its end; or a name is too long
 * or holds a NUL byte, and the next call goes on behind it (place.line says where, unless names are
 * NUL-separated).
 */
enum ds_status input_names_next(struct input_names *names, const char **next,
	struct ds_error *error);

void input_names_free(struct input_names *names);

#endif
