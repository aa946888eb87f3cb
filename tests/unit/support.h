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

/* cmocka.h needs setjmp.h, stdarg.h, stddef.h and stdint.h before it. */
#include <cmocka.h>

/**
 * Functions that unit tests share: files, random numbers, and a reader and a run whose results are
 * text, so that two results can be compared as a whole. When a function cannot do its work, it
 * fails the present test.
 */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/** Adds formatted text. */
void add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Adds a text in quotes, with bytes other than printable ASCII as \xhh; adds `-` for a text that
 * is NULL. */
void add_quoted(struct buffer *buffer, struct ds_text text);

/** Makes the bytes a string: adds a NUL byte that is not counted. */
const char *as_string(struct buffer *buffer);

/** Expects that the buffer contains exactly this string; prints both if it does not. */
void assert_text(struct buffer *buffer, const char *expected);
bool is_same(const struct buffer *buffer, const struct buffer *expected);
/** Compares two buffers, and shows the first line that differs. */
void assert_same(struct buffer *buffer, struct buffer *expected);
/** Expects that the buffer contains this string, or does not contain it. */
void assert_has(struct buffer *buffer, const char *part);
void assert_lacks(struct buffer *buffer, const char *part);

/** Adds all bytes of a file. */
void load(struct buffer *buffer, const char *path);
void save(const char *path, const void *data, size_t size);

/** The first function adds one gzip member with the bytes; the second one inflates all members. */
void add_gzip(struct buffer *buffer, const void *data, size_t size);
void inflate_all(struct buffer *buffer, const void *data, size_t size);

/** Calls a function with the path, name and inflated bytes of each regular file of a directory that
 * may contain a dump, which are those that end in .xml, .sxp or .gz. Returns their number. */
size_t each_dump(const char *directory,
	void (*call)(const char *path, const char *name, struct buffer *bytes));

/** Returns the next number of a random sequence that is the same in every run (splitmix64); or one
 * below `limit`. */
uint64_t chance(uint64_t *seed);
size_t chance_below(uint64_t *seed, size_t limit);

/** cmocka fixtures: the test runs in an empty directory of its own. */
int enter_directory(void **state);
int leave_directory(void **state);
/** A test that runs in a directory of its own. */
#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

/* ---- reading ---- */

/** Prints every field of a record that is set, with positions: one line for the domain, and one for
 * each device and each unknown element. */
void dump_domain(struct buffer *out, const struct ds_domain *domain);

/** Feeds the bytes in chunks of `piece` bytes (0: all at once), and prints the records, and the
 * errors with the refused bytes. Uses the defaults if `options` is NULL. Returns the status of
 * ds_reader_finish(). */
enum ds_status read_all(const struct ds_reader_options *options, const void *data, size_t size,
	size_t piece, struct buffer *out);

/** Reads bytes or a string with the default options, and replaces the content of `out` with the
 * dump. Checks that chunks of one and of seven bytes, and expat without the scanner, give the same
 * dump. */
enum ds_status read_sized(const char *data, size_t size, struct buffer *out);
enum ds_status read_string(const char *string, struct buffer *out);

/* ---- running ---- */

/** The results of a run. */
struct run_result {
	enum ds_status status;
	struct ds_counts counts;
	struct ds_error error;
	/** The output; errors and losses as text, one per line; the number of calls of `rejected`
	 * with an error. */
	struct buffer output, errors, losses;
	size_t error_count;
};

/** Runs with the caller's options. Sets context, sink, rejected and losses, unless the caller has
 * set any of them. */
void run_all(struct ds_run_options *options, struct run_result *result);
/** Runs a check of one file. */
void run_file(struct ds_run_options *options, const char *name, struct run_result *result);
void run_result_fini(struct run_result *result);

/** Writes the domains of the dump with these options, with the public reader and writer. Adds the
 * output and the losses, which may be NULL. */
enum ds_status rewrite(const struct ds_writer_options *options, const void *data, size_t size,
	struct buffer *output, struct buffer *losses);

/* ---- made-up dumps ---- */

/** Adds a plain domain with a few devices and `number` in its name, in either format. */
void add_domain_xml(struct buffer *out, unsigned number);
void add_domain_sexpr(struct buffer *out, unsigned number);

#endif
