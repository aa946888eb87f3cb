/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * A truncated dump is never read as a complete one. Every sample is truncated at every byte, and so
 * is its gzip form; it may be accepted only where a top-level unit ends (an element, comment or
 * declaration; a list or comment). A small scanner in this file finds these ends, in samples that
 * are not damaged.
 */

/** Marks the sizes at which a prefix has only complete units and blanks. It counts depth, and skips
 * strings and markup. */
static void mark_xml(const char *data, size_t size, char *is_whole)
{
	size_t depth = 0;
	size_t at = 0;

	while (at < size) {
		const char *end;

		if (data[at] != '<') {
			is_whole[at] = depth == 0;
			at++;
			continue;
		}
		is_whole[at] = depth == 0;
		if (strncmp(data + at, "<!--", 4) == 0) {
			end = strstr(data + at, "-->") + 3;
		} else if (data[at + 1] == '?') {
			end = strstr(data + at, "?>") + 2;
		} else {
			end = strchr(data + at, '>') + 1;
			if (data[at + 1] == '/')
				depth--;
			else if (end[-2] != '/')
				depth++;
		}
		for (at++; data + at < end; at++)
			is_whole[at] = 0;
	}
	is_whole[size] = depth == 0;
}

/** A comment of SEXPR also ends with the file, so truncation in a comment loses nothing. */
static void mark_sexpr(const char *data, size_t size, char *is_whole)
{
	size_t depth = 0;

	for (size_t at = 0; at < size; at++) {
		is_whole[at] = depth == 0;
		if (data[at] == '#') {
			for (; at + 1 < size && data[at + 1] != '\n'; at++)
				is_whole[at + 1] = depth == 0;
		} else if (data[at] == '\'') {
			for (is_whole[++at] = 0; data[at] != '\''; is_whole[++at] = 0)
				if (data[at] == '\\')
					is_whole[++at] = 0;
		} else if (data[at] == '(') {
			depth++;
		} else if (data[at] == ')') {
			depth--;
		}
	}
	is_whole[size] = depth == 0;
}

static enum ds_status check_bytes(const char *data, size_t size, struct ds_counts *counts)
{
	struct ds_run_options options;
	const char *name = "cut";
	struct ds_error error;

	save(name, data, size);
	ds_run_options_init(&options, sizeof options);
	options.names = &name;
	options.name_count = 1;
	options.jobs = 1;
	options.check_only = true;
	return ds_run(&options, counts, &error);
}

/* ---- many cuts in one run ---- */

#define CUTS_AT_ONCE 256

/** One run over many files is faster than many runs. Each file is named after its size, and an
 * error names its file. */
struct many {
	char names[CUTS_AT_ONCE][16];
	size_t first;
	char is_damaged[CUTS_AT_ONCE];
};

static enum ds_status note_damage(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct many *many = context;

	(void)raw;
	if (error)
		many->is_damaged[strtoul(error->place.name, NULL, 10) - many->first] = 1;
	return DS_OK;
}

/** Truncates to `first` bytes, to one more, and so on up to `end`. Adds for each size whether the
 * prefix was read as a complete dump. */
static void cut_many(const char *data, size_t first, size_t end, struct buffer *passed)
{
	struct many many = {.first = first};
	const char *names[CUTS_AT_ONCE];
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	for (size_t i = 0; i < end - first; i++) {
		snprintf(many.names[i], sizeof many.names[i], "%zu", first + i);
		names[i] = many.names[i];
		save(names[i], data, first + i);
	}
	ds_run_options_init(&options, sizeof options);
	options.names = names;
	options.name_count = end - first;
	options.jobs = 1;
	options.check_only = true;
	options.context = &many;
	options.rejected = note_damage;
	assert_int_not_equal(ds_run(&options, &counts, &error), DS_SYSTEM);
	assert_int_equal(counts.files, end - first);
	for (size_t i = 0; i < end - first; i++) {
		buffer_byte(passed, !many.is_damaged[i]);
		unlink(names[i]);
	}
}

/** For each size from 0 to the whole: whether the prefix is read as a complete dump. */
static void cut_everywhere(const char *data, size_t size, struct buffer *passed)
{
	struct ds_counts counts = {.size = sizeof counts};

	for (size_t first = 0; first <= size; first += CUTS_AT_ONCE) {
		size_t end = size + 1 - first < CUTS_AT_ONCE ? size + 1 : first + CUTS_AT_ONCE;

		cut_many(data, first, end, passed);
	}
	/* A run of this prefix alone has a status that agrees. */
	for (size_t at = 0; at <= size; at += 101)
		assert_int_equal(check_bytes(data, at, &counts),
			passed->data[at] ? DS_OK : DS_DAMAGED);
}

/* ---- the samples ---- */

/** The sizes of the plain form at which a unit ends. */
static char *marks_of(const struct buffer *bytes, const char *name)
{
	char *is_whole = calloc(1, bytes->size + 1);

	assert_non_null(is_whole);
	if (strstr(name, ".xml"))
		mark_xml(bytes->data, bytes->size, is_whole);
	else
		mark_sexpr(bytes->data, bytes->size, is_whole);
	assert_true(is_whole[bytes->size]);
	/* A file of blanks only is not a dump. */
	for (size_t size = 0; size <= bytes->size; size++) {
		is_whole[size] = 0;
		if (!strchr(" \n", bytes->data[size]))
			break;
	}
	return is_whole;
}

static size_t cuts, clean_cuts;

static void cut_plain(const char *path, const char *name, struct buffer *bytes)
{
	struct buffer passed = {0};
	size_t whole_until, all;
	bool is_damaged;
	char *is_whole;

	as_string(bytes);
	/* The damaged sample is complete up to its first domain, and at no larger size. */
	is_damaged = strstr(name, "damaged") != NULL;
	whole_until =
		is_damaged ? (size_t)(strstr(bytes->data, "\n)\n") - bytes->data) + 3 : bytes->size;
	all = bytes->size;
	bytes->size = whole_until;
	is_whole = marks_of(bytes, name);
	bytes->size = all;
	cut_everywhere(bytes->data, all, &passed);
	for (size_t size = 0; size <= all; size++) {
		if (passed.data[size] != (size <= whole_until && is_whole[size]))
			fail_msg("%s cut at %zu %s", path, size,
				passed.data[size] ? "passes" : "does not pass");
		cuts++;
		clean_cuts += (size_t)passed.data[size];
	}
	buffer_fini(&passed);
	free(is_whole);
}

static void truncate_compressed(const char *path, const char *name, struct buffer *bytes)
{
	struct buffer compressed = {0}, passed = {0};

	add_gzip(&compressed, bytes->data, bytes->size);
	cut_everywhere(compressed.data, compressed.size, &passed);
	/* A gzip file of 0 bytes is an empty dump. */
	for (size_t size = 1; size <= compressed.size; size++) {
		if (passed.data[size] != (size == compressed.size && !strstr(name, "damaged")))
			fail_msg("%s.gz cut at %zu %s", path, size,
				passed.data[size] ? "passes" : "does not pass");
		cuts++;
	}
	buffer_fini(&compressed);
	buffer_fini(&passed);
}

static void a_sample_truncated_anywhere_is_never_read_as_complete(void **state)
{
	(void)state;
	cuts = clean_cuts = 0;
	assert_true(each_dump(SAMPLES_DIR, cut_plain) >= 8);
	assert_true(cuts > 15000);
	assert_true(clean_cuts > 20 && clean_cuts < cuts / 5);
}

static void nor_is_its_gzip_form(void **state)
{
	(void)state;
	cuts = 0;
	assert_true(each_dump(SAMPLES_DIR, truncate_compressed) >= 8);
	assert_true(cuts > 4000);
}

static void a_second_member_truncated_anywhere_is_noticed(void **state)
{
	struct buffer dump = {0}, compressed = {0};
	struct ds_counts counts = {.size = sizeof counts};
	size_t first;

	(void)state;
	add_domain_xml(&dump, 1);
	add_gzip(&compressed, dump.data, dump.size);
	first = compressed.size;
	add_gzip(&compressed, dump.data, dump.size);
	for (size_t size = first; size <= compressed.size; size++) {
		bool is_whole = size == first || size == compressed.size;

		assert_int_equal(check_bytes(compressed.data, size, &counts),
			is_whole ? DS_OK : DS_DAMAGED);
		assert_int_equal(counts.domains - counts.rejected,
			size == compressed.size ? 2 : counts.domains - counts.rejected);
		assert_true(counts.domains >= 1);
	}
	buffer_fini(&dump);
	buffer_fini(&compressed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_sample_truncated_anywhere_is_never_read_as_complete, enter_directory,
			leave_directory),
		cmocka_unit_test_setup_teardown(nor_is_its_gzip_form, enter_directory,
			leave_directory),
		cmocka_unit_test_setup_teardown(a_second_member_truncated_anywhere_is_noticed,
			enter_directory, leave_directory),
	};

	return cmocka_run_group_tests_name("truncation", tests, NULL, NULL);
}
