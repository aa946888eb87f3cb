/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <stdio.h>

/**
 * What the program says on standard error. Each call clears the progress line first, and masks
 * control bytes. To be used by one thread at a time.
 */

enum verbosity { VERBOSITY_QUIET = -1, VERBOSITY_NORMAL = 0, VERBOSITY_VERBOSE = 1 };

/** Finds out whether colours are wanted, and makes standard error a stream of whole lines. Call it
 * first. */
void message_start(void);

/** Makes the hint of message_usage() name the help of this command. `name` is borrowed for good. */
void message_set_command(const char *name);

/** Sets the verbosity of later messages. Errors are printed at every verbosity, warnings and notes
 * not when quiet. */
void message_set_verbosity(enum verbosity verbosity);

/** Whether anything has been printed. */
bool message_was_said(void);

/** "domstream: error: TEXT". */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** "domstream: warning: TEXT". */
void message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** "domstream: TEXT". Does not count as something said. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** message_error(), then a hint at --help. */
void message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** How many messages about one input are shown by default. */
#define MESSAGES_DEFAULT 20

/** Shows at most this number of messages about one input; 0: all of them, as before this is
 * called. */
void message_set_limit(uint64_t limit);

/** "FILE:LINE:COL: error: domain 'NAME': TEXT [ID]" about an input, unless there were too many. */
void message_input_error(const struct ds_error *error);

/** "FILE:LINE:COL: warning: TEXT" about an input, unless there were too many. */
void message_input_warning(const struct ds_place *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** "FILE: error: TEXT" about an input of which the parts of a run do not fit together. Each of them
 * asks for something to be done, so they are always shown. */
void message_input_refused(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The input that the last messages were about has ended: says how many were not shown, and begins
 * to count anew. */
void message_input_end(void);

/** Prints an error of an output, whose name "-" means standard output. */
void message_output_error(const struct ds_error *error);

/** Writes "FILE:LINE:COL: domain 'NAME': TEXT [ID]", masked, without a newline. */
void message_print_reason(FILE *out, const struct ds_error *error);

#endif
