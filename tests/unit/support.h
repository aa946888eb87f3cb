/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

#include "record/buffer.h"
#include "record/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* It needs setjmp.h, stdarg.h, stddef.h and stdint.h before itself. */
#include <cmocka.h>

/**
 * What the unit tests share: files, chance, and a reader and a run whose results are text, so that
 * two of them can be compared as a whole. Everything here fails the test at hand when it cannot be
 * done.
 */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/** Adds formatted text. */
void add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Adds a text between quotes, bytes other than printable ASCII as \xhh; `-` for a NULL one. */
void add_quoted(struct buffer *buffer, struct ds_text text);

/** Makes the bytes a string: adds a NUL that is not counted. */
const char *as_string(struct buffer *buffer);

/** The buffer holds this string. Says both when it does not. */
void assert_text(struct buffer *buffer, const char *expected);
bool is_same(const struct buffer *buffer, const struct buffer *expected);
/** Compares two buffers. Shows the first line that differs. */
void assert_same(struct buffer *buffer, struct buffer *expected);
/** Somewhere in the buffer stands this string, or does not. */
void assert_has(struct buffer *buffer, const char *part);
void assert_lacks(struct buffer *buffer, const char *part);

/** Appends all bytes of a file. */
void load(struct buffer *buffer, const char *path);
void save(const char *path, const void *data, size_t size);

/** Appends one gzip member that holds the bytes; or inflates all members. */
void add_gzip(struct buffer *buffer, const void *data, size_t size);
void inflate_all(struct buffer *buffer, const void *data, size_t size);

/** Calls with the path, name and inflated bytes of each regular file of a directory that may hold a
 * dump: those that end in .xml, .sxp or .gz. Returns how many there were. */
size_t each_dump(const char *directory,
	void (*call)(const char *path, const char *name, struct buffer *bytes));

/** The next number of a sequence that is the same in every run (splitmix64); one below `limit`. */
uint64_t chance(uint64_t *seed);
size_t chance_below(uint64_t *seed, size_t limit);

/** cmocka fixtures: the test runs in an empty directory of its own. */
int enter_directory(void **state);
int leave_directory(void **state);
/** A test that runs in a directory of its own. */
#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

/* ---- reading ---- */

/** Adds every field of a record that is set, with positions; one line for the domain and one for
 * each device and extra.
 */
void dump_domain(struct buffer *out, const struct ds_domain *domain);

/** Feeds the bytes in pieces (0: whole) and adds what came, records and errors with the refused
 * bytes, as text. `options` NULL: defaults. Returns the status of ds_reader_finish(). */
enum ds_status read_all(const struct ds_reader_options *options, const void *data, size_t size,
	size_t piece, struct buffer *out);

/** Reads a string in the default way; its dump replaces what is in `out`. Checks that pieces of one
 * and of seven bytes give the same dump, and expat alone too. */
enum ds_status read_string(const char *string, struct buffer *out);

/* ---- running ---- */

/** What a run gave. */
struct run_result {
	enum ds_status status;
	struct ds_counts counts;
	struct ds_error error;
	/** The output; errors and losses as text, a line each; how often `rejected` was called with
	 * an error. */
	struct buffer output, errors, losses;
	size_t error_count;
};

/** Runs with the caller's options; context, sink, rejected and losses are set here unless the
 * caller has set any. */
void run_all(struct ds_run_options *options, struct run_result *result);
/** Runs the check on one file. */
void run_file(struct ds_run_options *options, const char *name, struct run_result *result);
void run_result_fini(struct run_result *result);

/** Writes the dump's domains with these options by the public reader and writer. Adds output and
 * losses (may be NULL).
 */
enum ds_status rewrite(const struct ds_writer_options *options, const void *data, size_t size,
	struct buffer *output, struct buffer *losses);

/* ---- made-up dumps ---- */

/** Adds a plain domain with a few devices, `number` in its name, in either format. */
void add_domain_xml(struct buffer *out, unsigned number);
void add_domain_sexpr(struct buffer *out, unsigned number);

#endif
