/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "cli/status.h"
#include "domstream/domstream.h"

#include <stdbool.h>
#include <stdio.h>

/**
 * Messages on standard error. Each call clears the progress line first, and masks control bytes.
 * Only one thread at a time may print.
 */

enum message_verbosity { VERBOSITY_QUIET = -1, VERBOSITY_NORMAL = 0, VERBOSITY_VERBOSE = 1 };

/** Decides whether colours are used, and makes standard error line buffered. Must be called
 * first. */
void message_start(void);

/** Makes the hint of message_usage() refer to the help of this command. `name` must stay valid
 * until the program ends. */
void message_set_command(const char *name);

/** Sets the verbosity of later messages. Errors are always printed, but warnings and notes only if
 * not quiet. */
void message_set_verbosity(enum message_verbosity verbosity);

/** Returns whether an error or a warning has been printed. */
bool message_was_printed(void);

/** Prints "domstream: error: TEXT". */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Prints the error that there is no memory. Returns STATUS_FAILED. */
enum exit_status message_no_memory(void);

/** Prints "domstream: warning: TEXT". */
void message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Prints "domstream: TEXT", which does not count for message_was_printed(). */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Calls message_error() and adds a hint to use --help. */
void message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The default number of messages about one input. */
#define MESSAGES_DEFAULT 20

/** Sets the maximum number of messages about one input; 0, the initial value, means all. */
void message_set_limit(uint64_t limit);

/** Prints "FILE:LINE:COL: error: domain 'NAME': TEXT [ID]" about an input, unless there were too
 * many. */
void message_input_error(const struct ds_error *error);

/** Prints "FILE:LINE:COL: warning: TEXT" about an input, unless there were too many. */
void message_input_warning(const struct ds_place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Prints "FILE: error: TEXT" about an input whose shares in several parts do not fit together.
 * Each of these messages asks for an action, so they are always shown. */
void message_input_refused(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Called when an input has ended: reports how many messages about it were not shown, and resets
 * the count. */
void message_input_end(void);

/** Prints an error of an output, whose name "-" means standard output. */
void message_output_error(const struct ds_error *error);

/** Writes "FILE:LINE:COL: domain 'NAME': TEXT [ID]", masked, without a newline. */
void message_print_reason(FILE *out, const struct ds_error *error);

#endif
