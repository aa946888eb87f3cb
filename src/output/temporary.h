/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_TEMPORARY_H
#define OUTPUT_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Names of temporary files, and what becomes of the files of runs that were killed. A file is
 * locked, by flock(), from its creation until it has its final name. So a later run can distinguish
 * the file of a run that is alive from one that nobody will finish.
 */

/** The word of every temporary name, before the letters. */
#define TEMPORARY_WORD ".domstream-"
/** Letters that a name ends in. */
#define TEMPORARY_LETTERS 6

/** Writes the letters, without a NUL. Other ones for each attempt; unlikely to be taken, but to be
 * used with O_EXCL. */
void temporary_fill_letters(char *letters, unsigned attempt);

/** Locks a new file for as long as it is open. Returns false when another run is removing it:
 * between its creation and the lock it looks like one that was abandoned. */
bool temporary_lock(int fd);

/** Removes the files in a directory whose names are `prefix` and six letters, unless the run that
 * writes them is alive. */
void temporary_remove_abandoned(const char *directory, const char *prefix, size_t prefix_size);

#endif
