/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer.h"
#include "support.h"

#include <stdlib.h>

/* Whole runs over files: order, counts, and how they stop. */

/** Domains in the generated dump, which fill about eight blocks of 256 KiB. */
#define DOMAINS 2500

/** Writes dump.xml and dump.sxp, in which every hundredth domain is broken. */
static int make_dumps(void **state)
{
	struct buffer xml = {0}, sexpr = {0};

	if (enter_directory(state) != 0)
		return -1;
	add_format(&xml, "<domains>\n");
	for (unsigned i = 0; i < DOMAINS; i++) {
		if (i % 100 == 50) {
			add_format(&xml, "<domain><name>broken%u</nome></domain>\n", i);
			add_format(&sexpr, "(domain (name broken%u) (memory much))\n", i);
		} else {
			add_domain_xml(&xml, i);
			add_domain_sexpr(&sexpr, i);
		}
	}
	add_format(&xml, "</domains>\n");
	save("dump.xml", xml.data, xml.size);
	save("dump.sxp", sexpr.data, sexpr.size);
	buffer_fini(&xml);
	buffer_fini(&sexpr);
	return 0;
}

static void options_for(struct ds_run_options *options, unsigned jobs)
{
	ds_run_options_init(options, sizeof *options);
	options->jobs = jobs;
}

static size_t count(struct buffer *text, const char *word)
{
	size_t found = 0;

	for (const char *at = as_string(text); (at = strstr(at, word)); at++)
		found++;
	return found;
}

static void assert_balance(const struct ds_counts *counts)
{
	assert_int_equal(counts->domains,
		counts->converted + counts->checked + counts->rejected + counts->unselected);
}

static void assert_equal_runs(struct run_result *result, struct run_result *expected)
{
	assert_int_equal(result->status, expected->status);
	assert_same(&result->output, &expected->output);
	assert_same(&result->errors, &expected->errors);
	assert_same(&result->losses, &expected->losses);
	assert_memory_equal(&result->counts, &expected->counts, sizeof result->counts);
}

/* ---- order ---- */

static void check_jobs(const char *name, const char *word)
{
	static const unsigned jobs[] = {1, 2, 3, 8};
	struct run_result results[COUNT(jobs)];

	for (size_t i = 0; i < COUNT(jobs); i++) {
		struct ds_run_options options;

		options_for(&options, jobs[i]);
		run_file(&options, name, &results[i]);
		assert_int_equal(results[i].status, DS_DAMAGED);
		assert_balance(&results[i].counts);
		assert_equal_runs(&results[i], &results[0]);
	}
	assert_int_equal(results[0].counts.rejected, DOMAINS / 100);
	assert_int_equal(results[0].counts.converted, DOMAINS - DOMAINS / 100);
	assert_int_equal(results[0].counts.bytes_written, results[0].output.size);
	assert_int_equal(results[0].counts.files, 1);
	assert_int_equal(results[0].counts.stream_errors, 0);
	assert_int_equal(results[0].error_count, DOMAINS / 100);
	assert_int_equal(count(&results[0].output, word), DOMAINS - DOMAINS / 100);
	assert_int_equal(count(&results[0].losses, "\n"),
		results[0].counts.losses + results[0].counts.unknown);
	for (size_t i = 0; i < COUNT(jobs); i++)
		run_result_fini(&results[i]);
}

static void the_output_is_the_same_for_any_number_of_jobs(void **state)
{
	(void)state;
	check_jobs("dump.xml", "(vm ");
	check_jobs("dump.sxp", "<domain ");
}

static void the_order_is_that_of_the_input(void **state)
{
	struct ds_run_options options;
	struct run_result result;
	unsigned last = 0;

	(void)state;
	options_for(&options, 3);
	run_file(&options, "dump.sxp", &result);
	for (const char *at = as_string(&result.output); (at = strstr(at, "<name>guest")); at++) {
		unsigned number = (unsigned)strtoul(at + 11, NULL, 10);

		assert_true(number >= last);
		last = number + 1;
	}
	assert_int_equal(last, DOMAINS);
	run_result_fini(&result);
}

static void a_run_has_the_results_of_reader_and_writer(void **state)
{
	static const char *const names[] = {"dump.xml", "dump.sxp"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct buffer input = {0}, output = {0}, losses = {0}, dump = {0};
		struct ds_writer_options writer;
		struct ds_run_options options;
		struct run_result result;

		load(&input, names[i]);
		ds_writer_options_init(&writer, sizeof writer);
		assert_int_equal(rewrite(&writer, input.data, input.size, &output, &losses),
			DS_DAMAGED);
		options_for(&options, 2);
		run_file(&options, names[i], &result);
		assert_same(&result.output, &output);
		assert_int_equal(count(&result.losses, "\n"), count(&losses, "\n"));
		read_all(NULL, input.data, input.size, 5000, &dump);
		assert_int_equal(count(&dump, "\nerror DA"), result.error_count);
		run_result_fini(&result);
		buffer_fini(&input);
		buffer_fini(&output);
		buffer_fini(&losses);
		buffer_fini(&dump);
	}
}

static void compressed_output_inflates_to_the_plain_one(void **state)
{
	struct ds_run_options options;
	struct run_result plain, compressed[2];
	struct buffer inflated = {0};

	(void)state;
	options_for(&options, 2);
	run_file(&options, "dump.sxp", &plain);
	for (unsigned i = 0; i < 2; i++) {
		options.gzip_level = 6;
		options.jobs = 1 + i;
		run_file(&options, "dump.sxp", &compressed[i]);
		assert_int_equal(compressed[i].status, DS_DAMAGED);
		assert_int_equal(compressed[i].counts.bytes_written, compressed[i].output.size);
	}
	assert_same(&compressed[1].output, &compressed[0].output);
	inflate_all(&inflated, compressed[0].output.data, compressed[0].output.size);
	assert_same(&inflated, &plain.output);
	assert_true(compressed[0].output.size < plain.output.size / 4);
	buffer_fini(&inflated);
	run_result_fini(&plain);
	run_result_fini(&compressed[0]);
	run_result_fini(&compressed[1]);
}

static void checking_counts_what_converting_would(void **state)
{
	struct ds_run_options options;
	struct run_result checked, converted;

	(void)state;
	options_for(&options, 2);
	run_file(&options, "dump.xml", &converted);
	options.check_only = true;
	run_file(&options, "dump.xml", &checked);
	assert_int_equal(checked.status, DS_DAMAGED);
	assert_int_equal(checked.output.size, 0);
	assert_int_equal(checked.counts.converted, 0);
	assert_int_equal(checked.counts.domains, converted.counts.domains);
	assert_int_equal(checked.counts.rejected, converted.counts.rejected);
	assert_int_equal(checked.counts.disks, converted.counts.disks);
	assert_same(&checked.errors, &converted.errors);
	run_result_fini(&checked);
	run_result_fini(&converted);
}

/* ---- stopping ---- */

static void a_run_stops_at_exactly_so_many_errors(void **state)
{
	static const unsigned limits[] = {1, 2, 7, DOMAINS / 100};

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		for (unsigned jobs = 1; jobs < 4; jobs++) {
			struct ds_run_options options;
			struct run_result result;

			options_for(&options, jobs);
			options.max_errors = limits[i];
			options.check_only = jobs == 3;
			run_file(&options, "dump.sxp", &result);
			assert_int_equal(result.status, DS_STOPPED);
			assert_int_equal(result.counts.rejected, limits[i]);
			assert_int_equal(result.error_count, limits[i]);
			/* The last rejected domain that counts has exceeded the limit. */
			assert_int_equal(result.counts.domains, (limits[i] - 1) * 100 + 51);
			if (!options.check_only) {
				assert_balance(&result.counts);
				assert_int_equal(count(&result.output, "<domain "),
					result.counts.converted);
				assert_int_equal(count(&result.output, "</domains>\n"), 1);
			} else {
				assert_int_equal(result.counts.converted, 0);
			}
			run_result_fini(&result);
		}
	}
}

static void one_error_fewer_than_the_limit_is_no_reason_to_stop(void **state)
{
	struct ds_run_options options;
	struct run_result result;

	(void)state;
	options_for(&options, 2);
	options.max_errors = DOMAINS / 100 + 1;
	run_file(&options, "dump.sxp", &result);
	assert_int_equal(result.status, DS_DAMAGED);
	assert_int_equal(result.counts.domains, DOMAINS);
	run_result_fini(&result);
}

static enum ds_status discard(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return DS_OK;
}

static enum ds_status count_valued_loss(void *context, const struct ds_loss *loss)
{
	size_t *counts = context;

	counts[loss->value.data != NULL]++;
	return DS_OK;
}

static void values_of_losses_can_be_left_out(void **state)
{
	static const char *const names[] = {"dump.xml"};
	struct ds_counts result = {.size = sizeof result};
	struct ds_run_options options;
	struct ds_error error;

	(void)state;
	for (int is_without = 0; is_without < 2; is_without++) {
		size_t counts[2] = {0, 0};

		options_for(&options, 2);
		options.names = names;
		options.name_count = 1;
		options.context = counts;
		options.sink = discard;
		options.losses = count_valued_loss;
		options.losses_without_values = is_without;
		assert_int_equal(ds_run(&options, &result, &error), DS_DAMAGED);
		assert_int_equal(counts[0] + counts[1], result.losses + result.unknown);
		assert_int_equal(counts[1] != 0, !is_without);
	}
}

static volatile int is_cancelled;

/** The number of calls of each callback, and when it stops the run. */
struct stopping {
	struct buffer output;
	size_t sinks_left;
	size_t rejected_left;
	size_t losses_left;
	enum ds_status status;
	unsigned cancel_at;
};

static enum ds_status stopping_sink(void *context, const char *data, size_t size)
{
	struct stopping *stopping = context;

	if (!stopping->sinks_left--)
		return stopping->status;
	buffer_add(&stopping->output, data, size);
	return DS_OK;
}

static enum ds_status stopping_rejected(void *context, const struct ds_error *error,
	struct ds_text raw)
{
	struct stopping *stopping = context;

	(void)error;
	(void)raw;
	return stopping->rejected_left-- ? DS_OK : stopping->status;
}

static enum ds_status stopping_loss(void *context, const struct ds_loss *loss)
{
	struct stopping *stopping = context;

	(void)loss;
	return stopping->losses_left-- ? DS_OK : stopping->status;
}

static void cancel(void *context, const struct ds_counts *counts)
{
	struct stopping *stopping = context;

	if (stopping->cancel_at && counts->domains >= stopping->cancel_at)
		__atomic_store_n(&is_cancelled, 1, __ATOMIC_RELAXED);
}

static enum ds_status run_stopping(struct stopping *stopping, unsigned jobs,
	struct ds_counts *counts)
{
	/* More inputs than can be in flight at once; otherwise all could be read before a callback
	 * stops the run. */
	static const char *const names[] = {"dump.xml", "dump.xml", "dump.xml", "dump.xml",
		"dump.xml", "dump.xml"};
	struct ds_run_options options;
	struct ds_error error;

	options_for(&options, jobs);
	options.names = names;
	options.name_count = COUNT(names);
	options.context = stopping;
	options.sink = stopping_sink;
	options.rejected = stopping_rejected;
	options.losses = stopping_loss;
	options.progress = cancel;
	options.cancel = &is_cancelled;
	__atomic_store_n(&is_cancelled, 0, __ATOMIC_RELAXED);
	return ds_run(&options, counts, &error);
}

#define NEVER SIZE_MAX

static void a_sink_that_fails_ends_the_run(void **state)
{
	struct ds_counts counts = {.size = sizeof counts};

	(void)state;
	for (unsigned jobs = 1; jobs < 4; jobs++) {
		for (size_t after = 0; after < 4; after++) {
			struct stopping stopping = {{0}, after, NEVER, NEVER, DS_SYSTEM, 0};

			assert_int_equal(run_stopping(&stopping, jobs, &counts), DS_SYSTEM);
			/* The sink was not called after it had failed. */
			assert_int_equal(stopping.sinks_left, SIZE_MAX);
			buffer_fini(&stopping.output);
		}
	}
}

static void a_callback_may_stop_the_run(void **state)
{
	struct ds_counts counts = {.size = sizeof counts};

	(void)state;
	for (unsigned jobs = 1; jobs < 4; jobs++) {
		for (size_t after = 0; after < 4; after++) {
			struct stopping rejected = {{0}, NEVER, after, NEVER, DS_STOPPED, 0};
			struct stopping lost = {{0}, NEVER, NEVER, after, DS_STOPPED, 0};

			assert_int_equal(run_stopping(&rejected, jobs, &counts), DS_STOPPED);
			assert_int_equal(rejected.rejected_left, SIZE_MAX);
			/* Exactly the domains that were written are counted as converted. */
			assert_balance(&counts);
			assert_int_equal(counts.rejected, after + 1);
			assert_int_equal(count(&rejected.output, "(vm "), counts.converted);
			assert_int_equal(run_stopping(&lost, jobs, &counts), DS_STOPPED);
			assert_int_equal(lost.losses_left, SIZE_MAX);
			assert_balance(&counts);
			assert_int_equal(count(&lost.output, "(vm "), counts.converted);
			buffer_fini(&rejected.output);
			buffer_fini(&lost.output);
		}
	}
}

static void a_run_can_be_cancelled(void **state)
{
	struct ds_counts counts = {.size = sizeof counts};

	(void)state;
	for (unsigned jobs = 1; jobs < 4; jobs++) {
		struct stopping stopping = {{0}, NEVER, NEVER, NEVER, DS_OK, 1};

		assert_int_equal(run_stopping(&stopping, jobs, &counts), DS_STOPPED);
		assert_true(counts.domains >= 1 && counts.domains < 6 * DOMAINS);
		assert_balance(&counts);
		assert_int_equal(count(&stopping.output, "(vm "), counts.converted);
		assert_int_equal(count(&stopping.output, "\n"), counts.converted);
		buffer_fini(&stopping.output);
	}
}

/* ---- inputs ---- */

static void files_of_both_formats_may_be_mixed(void **state)
{
	static const char *const names[] = {"one.xml", "two.sxp", "missing", "three.gz", "empty",
		"noise"};
	struct ds_run_options options;
	struct run_result results[3];
	struct buffer text = {0}, compressed = {0};

	(void)state;
	add_domain_xml(&text, 1);
	save("one.xml", text.data, text.size);
	buffer_fini(&text);
	add_domain_sexpr(&text, 2);
	save("two.sxp", text.data, text.size);
	buffer_fini(&text);
	add_domain_xml(&text, 3);
	add_gzip(&compressed, text.data, text.size);
	save("three.gz", compressed.data, compressed.size);
	save("empty", "", 0);
	save("noise", "noise", 5);
	for (unsigned i = 0; i < 3; i++) {
		options_for(&options, 1 + i);
		options.names = names;
		options.name_count = COUNT(names);
		run_all(&options, &results[i]);
		assert_equal_runs(&results[i], &results[0]);
	}
	/* The first domain decides for all of them, and the one that is SEXPR already is copied. */
	assert_int_equal(count(&results[0].output, "(vm (name guest"), 2);
	assert_int_equal(count(&results[0].output, "(domain\n    (domid 2)"), 1);
	assert_int_equal(results[0].counts.converted, 3);
	assert_int_equal(results[0].counts.stream_errors, 3);
	assert_int_equal(results[0].status, DS_DAMAGED);
	assert_has(&results[0].errors, "error DA908 missing at 0 0:0 ");
	assert_has(&results[0].errors, "error DA901 empty at 0 1:1 ");
	assert_has(&results[0].errors, "error DA904 noise at 0 1:1 length=5 ");
	for (size_t i = 0; i < 3; i++)
		run_result_fini(&results[i]);
	buffer_fini(&text);
	buffer_fini(&compressed);
}

/** Ends of domains are guessed once the output format is known. A wrong guess is reframed, even
 * into more frames than a batch can have at once. */
static void wrong_guesses_are_reframed(void **state)
{
	static const char *const lines[] = {
		"(domain (name open) (device (vbd (dev xvda)\n",
		"(domain (name inner) (memory 5) (domain (name most)) \n",
		"(domain (name quote) (args 'never\n",
		"(domain (name closed))) (memory 5))\n",
		"(domain (name much) (memory much))\n",
		"(domain (memory 5))\n",
	};
	struct run_result results[4];
	struct buffer text = {0};

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		add_domain_sexpr(&text, i);
		buffer_string(&text, lines[i % COUNT(lines)]);
	}
	buffer_string(&text, "(domain (name crowd))");
	for (unsigned i = 0; i < FRAMES_MAX * 3; i++)
		buffer_string(&text, "(domain)");
	buffer_string(&text, "\n");
	add_domain_sexpr(&text, 60);
	save("wrong.sxp", text.data, text.size);
	for (unsigned i = 0; i < COUNT(results); i++) {
		struct ds_writer_options writer;
		struct ds_run_options options;

		options_for(&options, 1 + i / 2);
		ds_writer_options_init(&writer, sizeof writer);
		writer.format = i % 2 ? DS_FORMAT_XML : DS_FORMAT_AUTO;
		options.writer = &writer;
		run_file(&options, "wrong.sxp", &results[i]);
		assert_balance(&results[i].counts);
		assert_equal_runs(&results[i], &results[0]);
	}
	/* The generated domains, and those of `closed`, `most` and `crowd`. */
	assert_int_equal(results[0].counts.converted, 61 + 10 + 10 + 1);
	assert_int_equal(results[0].counts.rejected, 50 + FRAMES_MAX * 3);
	assert_int_equal(count(&results[0].errors, "a closing parenthesis without an opening one"),
		10);
	for (size_t i = 0; i < COUNT(results); i++)
		run_result_fini(&results[i]);
	buffer_fini(&text);
}

/** Whatever the borders of the blocks are, and whatever is broken there, nothing is lost. */
static void broken_domains_at_the_borders_of_blocks_are_reported(void **state)
{
	enum { PAIRS = 6000 };
	struct buffer text = {0};

	(void)state;
	for (unsigned i = 0; i < PAIRS; i++) {
		add_domain_sexpr(&text, i);
		buffer_string(&text, "(domain (name open) (device (vbd (dev xvda)\n");
	}
	save("borders.sxp", text.data, text.size);
	buffer_fini(&text);
	for (unsigned jobs = 1; jobs < 4; jobs++) {
		struct ds_run_options options;
		struct run_result result;

		options_for(&options, jobs);
		run_file(&options, "borders.sxp", &result);
		assert_balance(&result.counts);
		assert_int_equal(result.counts.converted, PAIRS);
		assert_int_equal(result.counts.rejected, PAIRS);
		assert_int_equal(result.error_count, PAIRS);
		run_result_fini(&result);
	}
}

static enum ds_status add_input(void *context, const struct ds_input_result *result)
{
	struct ds_input_result *sum = context;

	assert_int_equal(result->outcome, DS_OUTCOME_READ);
	sum->domains += result->domains;
	sum->disks += result->disks;
	sum->rejected += result->rejected;
	sum->unselected += result->unselected;
	return DS_OK;
}

static enum ds_status ignore_rejected(void *context, const struct ds_error *error,
	struct ds_text raw)
{
	(void)context;
	(void)error;
	(void)raw;
	return DS_OK;
}

static void domains_that_are_not_selected_are_counted(void **state)
{
	static const char *const names[] = {"guest1?"};
	static const char *const files[] = {"dump.xml", "dump.sxp"};
	const struct ds_selection selection = {.size = sizeof selection,
		.names = names,
		.name_count = 1};
	struct ds_input_result sum = {.domains = 0};
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	(void)state;
	options_for(&options, 2);
	options.names = files;
	options.name_count = COUNT(files);
	options.selection = &selection;
	options.check_only = true;
	options.input = add_input;
	options.rejected = ignore_rejected;
	options.context = &sum;
	assert_int_equal(ds_run(&options, &counts, &error), DS_DAMAGED);
	assert_int_equal(counts.domains, 2 * DOMAINS);
	assert_int_equal(counts.rejected, 2 * (DOMAINS / 100));
	assert_int_equal(counts.checked, 2 * 10);
	assert_balance(&counts);
	assert_int_equal(counts.unselected, 2 * (DOMAINS - DOMAINS / 100 - 10));
	assert_int_equal(sum.domains, counts.domains);
	assert_int_equal(sum.disks, counts.disks);
	assert_int_equal(sum.rejected, counts.rejected);
	assert_int_equal(sum.unselected, counts.unselected);
}

static void a_selection_that_makes_no_sense_is_a_mistake(void **state)
{
	static const char *const uuids[] = {"b5d70dd2"};
	static const struct ds_condition conditions[] = {{"colour", "red"}};
	const struct ds_selection of_uuids = {.size = sizeof of_uuids,
		.uuids = uuids,
		.uuid_count = 1};
	const struct ds_selection of_fields = {.size = sizeof of_fields,
		.conditions = conditions,
		.condition_count = 1};
	struct ds_run_options options;
	struct run_result result;

	(void)state;
	options_for(&options, 1);
	options.selection = &of_uuids;
	run_file(&options, "dump.xml", &result);
	assert_int_equal(result.status, DS_USAGE);
	run_result_fini(&result);
	options_for(&options, 1);
	options.selection = &of_fields;
	run_file(&options, "dump.xml", &result);
	assert_int_equal(result.status, DS_USAGE);
	run_result_fini(&result);
}

static void a_run_without_a_sink_is_a_mistake(void **state)
{
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error = {0};

	(void)state;
	ds_run_options_init(&options, sizeof options);
	assert_int_equal(ds_run(&options, &counts, &error), DS_USAGE);
	assert_string_not_equal(error.text, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dumps, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_output_is_the_same_for_any_number_of_jobs),
		TEST(the_order_is_that_of_the_input),
		TEST(a_run_has_the_results_of_reader_and_writer),
		TEST(wrong_guesses_are_reframed),
		TEST(broken_domains_at_the_borders_of_blocks_are_reported),
		TEST(compressed_output_inflates_to_the_plain_one),
		TEST(checking_counts_what_converting_would),
		TEST(a_run_stops_at_exactly_so_many_errors),
		TEST(one_error_fewer_than_the_limit_is_no_reason_to_stop),
		TEST(a_sink_that_fails_ends_the_run),
		TEST(a_callback_may_stop_the_run),
		TEST(a_run_can_be_cancelled),
		TEST(values_of_losses_can_be_left_out),
		TEST(files_of_both_formats_may_be_mixed),
		TEST(domains_that_are_not_selected_are_counted),
		TEST(a_selection_that_makes_no_sense_is_a_mistake),
		TEST(a_run_without_a_sink_is_a_mistake),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
