/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_TEMPORARY_H
#define OUTPUT_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Names of temporary files, and removal of files of runs that were killed. A file is locked with
 * flock() from its creation until it has its final name, so that a later run can distinguish the
 * file of a run that is alive from an abandoned one.
 */

/** The word in every temporary name, before the letters. */
#define TEMPORARY_WORD ".domstream-"
/** The number of letters at the end of a name. */
#define TEMPORARY_LETTERS 6

/** Writes the letters, without a NUL byte. They are different for each attempt and unlikely to be
 * in use, but the file must be created with O_EXCL. */
void temporary_fill_letters(char *letters, unsigned attempt);

/** Locks a new file for as long as it is open. Returns false when another run is removing it,
 * because a file that is not locked yet looks abandoned. */
bool temporary_lock(int fd);

/** Writes a file to the disk. Returns 0, also for a file that cannot be synced, such as a pipe; -1
 * with `errno` set. */
int temporary_sync(int fd);

/** Removes the files in a directory whose names are `prefix` and six letters, unless the run that
 * writes them is alive. */
void temporary_remove_abandoned(const char *directory, const char *prefix, size_t prefix_size);

#endif
