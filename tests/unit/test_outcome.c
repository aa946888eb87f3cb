/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <inttypes.h>
#include <unistd.h>

/* The outcome of each input, which is reported after everything in the input. */

static const char domain[] = "<domain><name>a</name></domain>\n";

/** Adds a result as "NAME=OUTCOME/DOMAINS/REJECTED/ERRORS ". */
static enum ds_status on_input(void *context, const struct ds_input_result *result)
{
	static const char *const outcomes[] = {"read", "none", "foreign", "damaged"};

	add_format(context, "%s=%s/%" PRIu64 "/%" PRIu64 "/%" PRIu64 " ", result->name,
		outcomes[result->outcome], result->domains, result->rejected, result->errors);
	return DS_OK;
}

static enum ds_status on_domain(void *context, const struct ds_domain *read)
{
	add_format(context, "<%.*s> ", (int)read->name.size, read->name.data);
	return DS_OK;
}

static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)raw;
	if (error)
		add_format(context, "!%s ", error->id);
	return DS_OK;
}

/** Checks the results of a run over some inputs, for several numbers of threads. */
static void check(const char *const *names, size_t count, const char *expected,
	enum ds_status status)
{
	static const unsigned jobs[] = {1, 2, 5};

	for (size_t i = 0; i < COUNT(jobs); i++) {
		struct ds_run_options options;
		struct ds_counts counts = {.size = sizeof counts};
		struct ds_error error;
		struct buffer out;

		buffer_init(&out);
		ds_run_options_init(&options, sizeof options);
		options.jobs = jobs[i];
		options.names = names;
		options.name_count = count;
		options.recursive = true;
		options.check_only = true;
		options.context = &out;
		options.input = on_input;
		options.domain = on_domain;
		options.rejected = on_rejected;
		assert_int_equal(ds_run(&options, &counts, &error), status);
		assert_text(&out, expected);
		buffer_fini(&out);
	}
}

static void a_file_has_an_outcome(void **state)
{
	static const char *const names[] = {"good", "net", "cut", "missing"};
	static const char net[] = "<network><name>n</name></network>\n";
	static const char cut[] = "<domain><name>b</name>";

	(void)state;
	save("good", domain, sizeof domain - 1);
	save("net", net, sizeof net - 1);
	save("cut", cut, sizeof cut - 1);
	check(names, COUNT(names),
		"<a> good=read/1/0/0 net=none/0/0/0 !DA901 cut=damaged/1/1/0 !DA908 "
		"missing=damaged/0/0/1 ",
		DS_DAMAGED);
}

static void a_malformed_domain_does_not_damage_its_input(void **state)
{
	static const char *const names[] = {"bad"};
	static const char bad[] = "<domain><name>b</nome></domain>\n";

	(void)state;
	save("bad", bad, sizeof bad - 1);
	check(names, COUNT(names), "!DA903 bad=read/1/1/0 ", DS_DAMAGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(a_file_has_an_outcome),
		IN_DIRECTORY(a_malformed_domain_does_not_damage_its_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
