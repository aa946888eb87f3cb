/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>

/* An estate that is read by several runs has the same findings as one that a single run reads. */

/** The results of a run: its domains and findings as text, and, for a part, the data that it passes
 * to its caller. */
struct seen {
	struct buffer text;
	/** Only set for a part: the names and hosts of inputs, and the records of domains. */
	struct part {
		struct ds_input_result result;
		char *names[3];
		struct record {
			struct ds_place place;
			struct ds_record bytes;
		} records[64];
		size_t count;
	} parts[400];
	size_t count;
};

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	struct seen *seen = context;

	add_format(&seen->text, "domain %s:%llu:%llu host %s format %d hvm %d ", domain->place.name,
		(unsigned long long)domain->place.line, (unsigned long long)domain->place.column,
		domain->host, (int)domain->format, domain->is_hvm != 0);
	add_quoted(&seen->text, domain->name);
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		add_format(&seen->text, " disk %d %d %d ", (int)disk->device, (int)disk->type,
			disk->readonly != 0);
		add_quoted(&seen->text, disk->driver);
		add_quoted(&seen->text, disk->format);
		add_quoted(&seen->text, disk->target);
	}
	buffer_byte(&seen->text, '\n');
	return DS_OK;
}

static void add_place(struct buffer *out, const struct ds_place *place)
{
	add_format(out, " %s:%llu:%llu@%llu", place->name, (unsigned long long)place->line,
		(unsigned long long)place->column, (unsigned long long)place->offset);
}

static enum ds_status on_finding(void *context, const struct ds_finding *finding)
{
	struct buffer *out = &((struct seen *)context)->text;
	const struct ds_text texts[] = {finding->host, finding->domain, finding->uuid,
		finding->disk, finding->source, finding->text};

	add_format(out, "%s %d %s", finding->rule->id, (int)finding->severity,
		finding->fingerprint);
	add_place(out, &finding->place);
	for (size_t i = 0; i < COUNT(texts); i++)
		add_quoted(out, texts[i]);
	for (size_t i = 0; i < finding->related_count; i++) {
		add_place(out, &finding->related[i].place);
		add_quoted(out, finding->related[i].host);
		add_quoted(out, finding->related[i].domain);
		add_quoted(out, finding->related[i].disk);
	}
	buffer_byte(out, '\n');
	return DS_OK;
}

/** Copies each column into memory of its own, so that a sanitizer detects reads beyond its end. */
static void copy_record(struct ds_record *copy, const struct ds_record *record)
{
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++) {
		struct ds_text bytes = record->columns[i];
		char *room = malloc(bytes.size);

		assert_true(room || !bytes.size);
		buffer_copy_bytes(room, bytes.data, bytes.size);
		copy->columns[i] = (struct ds_text){room, bytes.size};
	}
}

static void free_record(struct ds_record *record)
{
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		free((void *)(uintptr_t)record->columns[i].data);
}

static enum ds_status on_record(void *context, const struct ds_domain *domain,
	const struct ds_record *record)
{
	struct seen *seen = context;
	struct part *part = &seen->parts[seen->count];
	struct record *kept = &part->records[part->count++];

	assert_true(part->count <= COUNT(part->records));
	kept->place = domain->place;
	copy_record(&kept->bytes, record);
	return DS_OK;
}

static enum ds_status on_input(void *context, const struct ds_input_result *result)
{
	struct seen *seen = context;
	struct part *part = &seen->parts[seen->count++];

	assert_true(seen->count < COUNT(seen->parts));
	part->result = *result;
	part->result.name = part->names[0] = strdup(result->name);
	part->result.argument = part->names[1] = strdup(result->argument);
	part->result.file = part->names[2] = strdup(result->file);
	return DS_OK;
}

static enum ds_status ignore_error(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)context;
	(void)error;
	(void)raw;
	return DS_OK;
}

static void seen_fini(struct seen *seen)
{
	for (size_t i = 0; i < seen->count; i++) {
		for (size_t k = 0; k < seen->parts[i].count; k++)
			free_record(&seen->parts[i].records[k].bytes);
		for (size_t k = 0; k < 3; k++)
			free(seen->parts[i].names[k]);
	}
	buffer_fini(&seen->text);
	free(seen);
}

static void run(const struct ds_run_options *base, struct seen *seen, const char *const *names,
	size_t count, bool is_part)
{
	struct ds_run_options options = *base;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	options.names = names;
	options.name_count = count;
	options.check_only = true;
	options.context = seen;
	options.rejected = ignore_error;
	options.findings = on_finding;
	if (is_part) {
		options.estate = on_record;
		options.input = on_input;
	} else {
		options.domain = on_domain;
	}
	assert_true(ds_run(&options, &counts, &error) <= DS_DAMAGED);
}

/** Merges the parts. */
static void merge(const struct ds_run_options *options, const struct seen *parts, struct seen *seen)
{
	static const struct ds_estate_sinks sinks = {sizeof sinks, on_domain, on_finding, NULL};
	struct ds_estate *estate = NULL;
	struct ds_host_namer *namer;
	uint64_t findings;
	char *directory = realpath(".", NULL);

	assert_non_null(directory);
	assert_int_equal(ds_estate_new(options->audit, &sinks, seen, &estate), DS_OK);
	namer = ds_host_namer_new(options, directory);
	assert_non_null(namer);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->parts[i];
		const char *host = ds_host_namer_next(namer, &part->result);

		for (size_t k = 0; k < part->count; k++) {
			struct ds_estate_domain domain = {sizeof domain, part->records[k].place,
				host};
			struct ds_record records = part->records[k].bytes;

			domain.place.name = part->result.name;
			assert_int_equal(ds_estate_add(estate, &domain, &records), DS_OK);
			for (size_t column = 0; column < DS_RECORD_COLUMNS; column++)
				assert_int_equal(records.columns[column].size, 0);
		}
	}
	assert_int_equal(ds_estate_finish(estate, &findings), DS_OK);
	ds_estate_free(estate);
	ds_host_namer_free(namer);
	free(directory);
}

static void find_dumps(glob_t *found)
{
	assert_int_equal(glob(AUDIT_DIR "/*.sxp", 0, NULL, found), 0);
	assert_int_equal(glob(AUDIT_DIR "/*.xml", GLOB_APPEND, NULL, found), 0);
	assert_int_equal(glob(AUDIT_DIR "/*/*.xml", GLOB_APPEND, NULL, found), 0);
	assert_int_equal(glob(AUDIT_DIR "/*/*.sxp", GLOB_APPEND, NULL, found), 0);
	assert_true(found->gl_pathc > 100);
}

static void compare(const struct ds_run_options *options, const char *const *names, size_t count)
{
	struct seen *once = calloc(1, sizeof *once), *parts = calloc(1, sizeof *parts),
		    *merged = calloc(1, sizeof *merged);

	assert_true(once && parts && merged);
	run(options, once, names, count, false);
	/* Each file is a separate part. */
	for (size_t i = 0; i < count; i++)
		run(options, parts, names + i, 1, true);
	assert_int_equal(parts->text.size, 0);
	merge(options, parts, merged);
	assert_has(&merged->text, "DA301");
	assert_has(&merged->text, "DA101");
	assert_same(&merged->text, &once->text);
	seen_fini(once);
	seen_fini(parts);
	seen_fini(merged);
}

static void parts_give_the_findings_of_one_run(void **state)
{
	static const enum ds_hosts scopes[] = {DS_HOSTS_AUTO, DS_HOSTS_RUN, DS_HOSTS_ARGUMENT,
		DS_HOSTS_FILE, DS_HOSTS_DIRECTORY};
	static const char *const shared[] = {"/srv/shared"};
	glob_t found;

	(void)state;
	find_dumps(&found);
	for (size_t i = 0; i < COUNT(scopes); i++) {
		for (int converting = 0; converting < 2; converting++) {
			const struct ds_audit_options audit = {.size = sizeof audit,
				.is_converting = converting != 0,
				.shared = shared,
				.shared_count = (size_t)converting};
			struct ds_run_options options;

			ds_run_options_init(&options, sizeof options);
			options.hosts = scopes[i];
			options.audit = &audit;
			options.host_from = i == 3 && converting ? "audit/*" : NULL;
			compare(&options, (const char *const *)found.gl_pathv, found.gl_pathc);
		}
	}
	globfree(&found);
}

/** Truncates and changes the columns of a record in turn. Returns how many of the
 * `tried` changes were refused. */
static size_t change_record(struct ds_estate *estate, const struct ds_record *record,
	uint64_t *seed, size_t *tried)
{
	static const struct ds_estate_domain domain = {sizeof domain, {"a.xml", 10, 20, 1}, "host"};
	size_t refused = 0;
	struct ds_record copy, changed;

	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++) {
		struct ds_text *column = &changed.columns[i];

		if (!record->columns[i].size)
			continue;
		copy_record(&copy, record);
		changed = copy;
		column->size = chance_below(seed, record->columns[i].size);
		assert_int_equal(ds_estate_add(estate, &domain, &changed), DS_DAMAGED);
		for (int change = 0; change < 20; change++) {
			size_t at = chance_below(seed, record->columns[i].size);

			((char *)(uintptr_t)copy.columns[i].data)[at] =
				(char)chance_below(seed, 256);
			changed = copy;
			refused += ds_estate_add(estate, &domain, &changed) == DS_DAMAGED;
			++*tried;
		}
		free_record(&copy);
	}
	return refused;
}

static void mistakes_are_refused(void **state)
{
	struct ds_audit_options audit;
	struct ds_estate_sinks sinks;
	struct ds_estate_domain domain;
	struct ds_record records = {0};
	struct ds_estate *estate = NULL;

	(void)state;
	ds_audit_options_init(&audit, sizeof audit);
	ds_estate_sinks_init(&sinks, sizeof sinks);
	ds_estate_domain_init(&domain, sizeof domain);
	/* Without a sink for findings, or a size. */
	assert_int_equal(ds_estate_new(&audit, &sinks, NULL, &estate), DS_USAGE);
	sinks.finding = on_finding;
	assert_int_equal(ds_estate_new(&audit, &sinks, NULL, NULL), DS_USAGE);
	sinks.size = 0;
	assert_int_equal(ds_estate_new(&audit, &sinks, NULL, &estate), DS_USAGE);
	sinks.size = sizeof sinks;
	audit.size = 0;
	assert_int_equal(ds_estate_new(&audit, &sinks, NULL, &estate), DS_USAGE);
	assert_null(estate);
	assert_int_equal(ds_estate_new(NULL, &sinks, NULL, &estate), DS_OK);
	assert_int_equal(ds_estate_add(estate, &domain, &records), DS_DAMAGED);
	domain.host = NULL;
	assert_int_equal(ds_estate_add(estate, &domain, &records), DS_USAGE);
	domain.size = 0;
	assert_int_equal(ds_estate_add(estate, &domain, &records), DS_USAGE);
	assert_int_equal(ds_estate_add(estate, NULL, &records), DS_USAGE);
	ds_estate_free(estate);
}

/** Whatever bytes a record has, no bytes after it are read. */
static void malformed_records_are_refused(void **state)
{
	static const struct ds_audit_options audit = {.size = sizeof audit, .is_converting = true};
	static const struct ds_estate_sinks sinks = {sizeof sinks, on_domain, on_finding, NULL};
	struct seen *parts = calloc(1, sizeof *parts), *out = calloc(1, sizeof *out);
	struct ds_estate *estate = NULL;
	struct ds_run_options options;
	uint64_t seed = 5;
	size_t refused = 0, tried = 0;
	glob_t found;

	(void)state;
	assert_true(parts && out);
	assert_int_equal(ds_estate_new(&audit, &sinks, out, &estate), DS_OK);
	find_dumps(&found);
	ds_run_options_init(&options, sizeof options);
	options.audit = &audit;
	run(&options, parts, (const char *const *)found.gl_pathv, found.gl_pathc, true);
	for (size_t i = 0; i < parts->count; i++) {
		for (size_t k = 0; k < parts->parts[i].count; k++) {
			struct ds_record record = parts->parts[i].records[k].bytes;

			refused += change_record(estate, &record, &seed, &tried);
		}
	}
	assert_in_range(refused, tried / 5, tried);
	globfree(&found);
	ds_estate_free(estate);
	seen_fini(parts);
	seen_fini(out);
}

/** The second domain of a stream, and the errors before it, may be in other parts. */
static void first_domains_are_found_across_parts(void **state)
{
	const struct ds_starts none = {false},
			       one = {.has_first = true, .first = 5, .errors_before = 2},
			       errors = {.errors_before = 3};
	struct ds_starts starts = {false};

	(void)state;
	ds_starts_join(&starts, &errors, 0);
	ds_starts_join(&starts, &one, 100);
	assert_true(starts.has_first && !starts.has_second);
	assert_int_equal(starts.first, 105);
	assert_int_equal(starts.errors_before, 5);
	ds_starts_join(&starts, &none, 200);
	ds_starts_join(&starts, &errors, 300);
	ds_starts_join(&starts, &one, 400);
	assert_true(starts.has_second);
	assert_int_equal(starts.second, 405);
	assert_int_equal(starts.errors_between, 5);
	ds_starts_join(&starts, &one, 500);
	assert_int_equal(starts.second, 405);
}

/** --scope auto: a stream has several domains when the second one begins near the first one. */
static void far_domains_are_not_several(void **state)
{
	struct ds_input_result input = {.name = "dump/h.xml",
		.argument = "dump",
		.file = "dump/h.xml"};
	struct ds_run_options options;
	struct ds_host_namer *namer;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	for (int i = 0; i < 4; i++) {
		static const char *const hosts[] = {"h", "dump", "dump", "dump"};

		input.starts = (struct ds_starts){true, i != 3, 10, 500 + (i == 1), 500, 0,
			i == 2 ? 64 : 63};
		namer = ds_host_namer_new(&options, "/srv");
		assert_non_null(namer);
		assert_string_equal(ds_host_namer_next(namer, &input), hosts[i]);
		assert_int_equal(ds_host_namer_count(namer), 1);
		ds_host_namer_free(namer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_give_the_findings_of_one_run),
		cmocka_unit_test(malformed_records_are_refused),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(first_domains_are_found_across_parts),
		cmocka_unit_test(far_domains_are_not_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
