/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/status.h"

/** Runs `domstream explain`: explains each of `words`, which end with NULL, if it is the id or name
 * of a rule, message or loss, and otherwise lists those that contain it. Lists all of them when
 * there are no words. */
enum exit_status explain_run(char *const *words);

/** Prints the help of `domstream explain`. */
enum exit_status explain_print_help(void);

#endif
