/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/message.h"

#include "cli/progress.h" /* progress_clear() */
#include "cli/text.h"
#include "record/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Longer messages are truncated. */
#define MESSAGE_SIZE 1024

enum level { LEVEL_NONE = 0, LEVEL_WARNING, LEVEL_ERROR };

static const struct {
	const char *word;
	const char *colour;
} levels[] = {
	[LEVEL_NONE] = {"", ""},
	[LEVEL_WARNING] = {"warning", "\033[33m"},
	[LEVEL_ERROR] = {"error", "\033[1;31m"},
};

static enum message_verbosity verbosity;
static bool has_colour;
/** The command whose help is recommended; NULL for that of the program. */
static const char *command;
static bool was_printed;

/** The messages about the present input. */
static struct {
	uint64_t limit;
	uint64_t shown;
	/** The number of messages beyond the limit. */
	uint64_t errors_hidden, warnings_hidden;
	/** The name of the input; NULL if there was no message yet. */
	char *name;
} input;

void message_start(void)
{
	has_colour = text_may_be_coloured(STDERR_FILENO);
	/* Each line is written at once, so that lines of several programs on one terminal are not
	 * mixed. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

void message_set_command(const char *name)
{
	command = name;
}

void message_set_verbosity(enum message_verbosity wanted)
{
	verbosity = wanted;
}

bool message_was_printed(void)
{
	return was_printed;
}

static void print_level(FILE *out, enum level level)
{
	bool coloured = out == stderr && has_colour;

	if (level != LEVEL_NONE)
		fprintf(out, "%s%s%s: ", coloured ? levels[level].colour : "", levels[level].word,
			coloured ? "\033[0m" : "");
}

__attribute__((format(printf, 2, 0))) static void print_message(enum level level,
	const char *format, va_list arguments)
{
	char text[MESSAGE_SIZE];

	if (level != LEVEL_ERROR && verbosity == VERBOSITY_QUIET)
		return;
	/* The whole text is masked, because it may contain words of the command line and of the
	 * input. */
	vsnprintf(text, sizeof text, format, arguments);
	progress_clear();
	fputs("domstream: ", stderr);
	print_level(stderr, level);
	text_print_masked(stderr, text, strlen(text));
	fputc('\n', stderr);
	was_printed |= level != LEVEL_NONE;
}

void message_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_message(LEVEL_ERROR, format, arguments);
	va_end(arguments);
}

enum exit_status message_no_memory(void)
{
	message_error("%s", ds_status_text(DS_NO_MEMORY));
	return STATUS_FAILED;
}

void message_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_message(LEVEL_WARNING, format, arguments);
	va_end(arguments);
}

void message_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_message(LEVEL_NONE, format, arguments);
	va_end(arguments);
}

void message_usage(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_message(LEVEL_ERROR, format, arguments);
	va_end(arguments);
	fprintf(stderr, "domstream: try 'domstream %s%s--help'\n", command ? command : "",
		command ? " " : "");
}

/** Prints the beginning of a message. `standard` is printed for the name "-". */
static void print_place(FILE *out, const struct ds_place *place, const char *standard)
{
	const char *name = place->name && strcmp(place->name, "-") != 0 ? place->name : standard;

	text_print_masked(out, name, strlen(name));
	if (place->line > 0)
		fprintf(out, ":%" PRIu64 ":%" PRIu64, place->line, place->column);
	fputs(": ", out);
}

static void print_error(FILE *out, const struct ds_error *error, enum level level,
	const char *standard)
{
	const struct ds_place *place = &error->place;

	print_place(out, place, standard);
	print_level(out, level);
	if (error->domain[0]) {
		fputs("domain '", out);
		text_print_masked(out, error->domain, strlen(error->domain));
		fputs("': ", out);
	}
	text_print_masked(out, error->text, strlen(error->text));
	/* A file that could not be opened has no position. */
	if (place->line == 0 && error->id[0] && (place->offset > 0 || !error_is(error, "DA908")))
		fprintf(out, " (at byte %" PRIu64 ")", place->offset);
	if (level != LEVEL_NONE && verbosity == VERBOSITY_VERBOSE && error->length > 0)
		fprintf(out, " (%" PRIu64 " bytes refused)", error->length);
	if (error->id[0])
		fprintf(out, " [%s]", error->id);
}

void message_print_reason(FILE *out, const struct ds_error *error)
{
	print_error(out, error, LEVEL_NONE, "<stdin>");
}

void message_output_error(const struct ds_error *error)
{
	progress_clear();
	print_error(stderr, error, LEVEL_ERROR, "<stdout>");
	fputc('\n', stderr);
	was_printed = true;
}

/* ---- messages about an input ---- */

void message_set_limit(uint64_t limit)
{
	input.limit = limit;
}

/** Counts a message about an input. Returns whether to show it. */
static bool may_show(const char *name, enum level level)
{
	if (!input.name || strcmp(input.name, name) != 0) {
		message_input_end();
		input.name = strdup(name);
	}
	if (input.limit == 0 || input.shown < input.limit) {
		input.shown++;
		return true;
	}
	if (level == LEVEL_ERROR)
		input.errors_hidden++;
	else
		input.warnings_hidden++;
	return false;
}

void message_input_end(void)
{
	uint64_t hidden = input.errors_hidden + input.warnings_hidden;
	const struct ds_place place = {.name = input.name};

	if (hidden) {
		progress_clear();
		print_place(stderr, &place, "<stdin>");
		print_level(stderr, input.errors_hidden ? LEVEL_ERROR : LEVEL_WARNING);
		fprintf(stderr, "%" PRIu64 " more message%s; --max-messages 0 shows all of them\n",
			hidden, text_plural(hidden));
	}
	free(input.name);
	input.name = NULL;
	input.shown = input.errors_hidden = input.warnings_hidden = 0;
}

/** Prints a message about an input. */
__attribute__((format(printf, 3, 0))) static void print_message_at(enum level level,
	const struct ds_place *place, const char *format, va_list arguments)
{
	char text[MESSAGE_SIZE];

	was_printed = 1;
	vsnprintf(text, sizeof text, format, arguments);
	progress_clear();
	print_place(stderr, place, "<stdin>");
	print_level(stderr, level);
	text_print_masked(stderr, text, strlen(text));
	fputc('\n', stderr);
}

void message_input_warning(const struct ds_place *place, const char *format, ...)
{
	va_list arguments;

	if (verbosity == VERBOSITY_QUIET)
		return;
	was_printed = true;
	if (!may_show(place->name, LEVEL_WARNING))
		return;
	va_start(arguments, format);
	print_message_at(LEVEL_WARNING, place, format, arguments);
	va_end(arguments);
}

void message_input_refused(const char *name, const char *format, ...)
{
	const struct ds_place place = {.name = name};
	va_list arguments;

	va_start(arguments, format);
	print_message_at(LEVEL_ERROR, &place, format, arguments);
	va_end(arguments);
}

void message_input_error(const struct ds_error *error)
{
	was_printed = true;
	if (!may_show(error->place.name, LEVEL_ERROR))
		return;
	progress_clear();
	print_error(stderr, error, LEVEL_ERROR, "<stdin>");
	fputc('\n', stderr);
}
