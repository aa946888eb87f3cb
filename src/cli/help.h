/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/** Each function writes to standard output and closes it. Returns STATUS_FINE, or STATUS_FAILED
 * after a message. */
enum exit_status help_print(void);
enum exit_status help_print_command(const struct command *command);
enum exit_status help_print_version(void);

/** Closes standard output. Returns `status`, or STATUS_FAILED after a message. */
enum exit_status help_finish(enum exit_status status);

#endif
