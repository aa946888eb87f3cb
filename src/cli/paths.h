/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

/**
 * Questions about names of files. An output named "-" is standard output, an input named "-" standard input.
 * What cannot be found out is answered with 0.
 */

/** Whether two outputs are one regular file, existing or not, or both "-". */
int path_is_same_output(const char *one, const char *other);

/** Whether an input and an output are one regular file. */
int path_is_input(const char *output, const char *input);

/** Whether an output is, or will be, a regular file somewhere below a directory. */
int path_is_inside(const char *output, const char *directory);

#endif
