/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_NAME_LIST_H
#define CLI_NAME_LIST_H

#include <stdbool.h>
#include <stdio.h>

/**
 * Reads the list of names of --files-from before the run reads it. A list that can be read only
 * once, such as a pipe, is copied to a temporary file, which the run reads instead, so that memory
 * does not grow with the list.
 */
struct name_list {
	/** NULL if the list itself can be read a second time. */
	FILE *copy;
	/** The path of the copy if there is one. */
	char path[32];
};

/** Checks one name. Any result except 0 ends the scan. */
typedef int name_list_check(const void *context, const char *name);

/**
 * Calls `check` for each name. Names that the run will refuse, because they are longer than the
 * system's longest path, are skipped, and so is a list that cannot be opened. `*name` is the list's
 * own name, or "-" for standard input; it is changed when the run must read the copy.
 *
 * Returns 0; the result of `check` if it is not 0; or -1 after a message when the copy cannot be
 * written.
 */
int name_list_scan(struct name_list *list, const char **name, bool ends_in_nul,
	name_list_check *check, const void *context);

/** Removes the copy. May also be called for a list that is all zeros. */
void name_list_close(struct name_list *list);

#endif
