/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include <stdbool.h>

/**
 * Locations of files, with symbolic links resolved.
 */

/** Returns the last component of a path. */
const char *path_base(const char *path);

/** Returns whether a path leads to a directory. */
bool path_is_directory(const char *path);

/** Returns whether a file or directory is this directory itself, or is inside of it at any depth.
 * The file need not exist. */
bool path_is_inside(const char *path, const char *directory);

/** Returns whether a file is directly in a directory. The file need not exist, and a link to a file
 * is not followed. */
bool path_is_in(const char *path, const char *directory);

/** Returns whether a file, or one of the links that lead to it, is directly in a directory. */
bool path_leads_into(const char *path, const char *directory);

#endif
