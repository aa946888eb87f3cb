/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/status.h"

/** `domstream explain`: prints what the ids or names of rules mean that `words`, up to a NULL,
 * hold; all of them in short without any. */
enum exit_status explain_run(char *const *words);

#endif
