/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_ERROR_H
#define INPUT_ERROR_H

#include "domstream/domstream.h"

/** Fills all members of an error, whose position has no line and column and which has no range and
 * no domain. `name` is borrowed. */
__attribute__((format(printf, 5, 6))) void input_error_set(struct ds_error *error, const char *id,
	const char *name, uint64_t offset, const char *format, ...);

/** Adds to the text of an error which bytes were skipped after the damage: those from `from` up to
 * `to`, where reading continues. */
void input_error_add_skipped(struct ds_error *error, uint64_t from, uint64_t to);

/** Adds to the text of an error how many bytes were skipped, if reading does not continue: those
 * from `from` up to `end`. Without such bytes, the text stays as it is. */
void input_error_add_unread(struct ds_error *error, uint64_t from, uint64_t end);

/** Fills a DA908 with "what: the system's reason". */
void input_error_set_system(struct ds_error *error, const char *name, uint64_t offset,
	const char *what, int number);

#endif
