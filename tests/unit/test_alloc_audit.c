/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "alloc.h"
#include "report/report.h"

#include <stdio.h>

/*
 * Failing allocations in the audit and the comparison of two dumps: they return DS_NO_MEMORY, or
 * report all findings. The findings are compared by a hash of all output.
 */

/** The hash of the current output, and that of the complete output. */
static uint64_t seen, expected;
static size_t seen_size;

static enum ds_status hash_bytes(void *context, const char *data, size_t size)
{
	(void)context;
	for (size_t i = 0; i < size; i++)
		seen = (seen ^ (unsigned char)data[i]) * 0x100000001b3u;
	seen_size += size;
	return DS_OK;
}

static void hash_text(struct ds_text text)
{
	hash_bytes(NULL, text.data ? "+" : "-", 1);
	hash_bytes(NULL, text.data, text.data ? text.size : 0);
}

/** Checks that the output is complete unless there was no memory. The first output that should be
 * complete is the expected one. */
static enum ds_status checked(enum ds_status status)
{
	if (status != DS_NO_MEMORY && !expected)
		expected = seen;
	if (status != DS_NO_MEMORY && seen != expected)
		fail_msg("%s, but the output is incomplete", ds_status_text(status));
	return status;
}

static void reset_hash(void)
{
	seen = 0xcbf29ce484222325u;
	seen_size = 0;
}

/* ---- an estate ---- */

#define UUID "b5d70dd2-75cd-aca5-1776-9660b059d8"
#define VBD(target, uname, mode) "(device (vbd (dev " target ") (uname " uname ") (mode " mode ")))"

/** Adds an estate with a finding for each rule that compares domains; and many domains with few
 * findings, so that tables grow. */
static void add_estate(struct buffer *out)
{
	for (unsigned i = 0; i < 70; i++)
		add_format(out,
			"(domain (name d%u) (uuid " UUID
			"%02x) (image (linux (kernel /k))) " VBD("xvda", "phy:/dev/vg/all", "r")
				VBD("xvdb", "phy:/dev/vg/d%u", "w") ")\n",
			i, i, i);
	for (unsigned i = 0; i < 3; i++)
		add_format(out,
			"(domain (name e%u) (uuid " UUID
			"8%u) (image (hvm (kernel /k))) " VBD("d%u", "file:/srv//d1.img", "w")
				VBD("hda", "file:/srv/shared.img", "%s")
					VBD("hdb", "phy:/dev/sdb%u", "w") ")\n",
			i, i, i, i ? "w" : "w!", i);
	add_format(out,
		"(domain (name twin) (uuid " UUID "00) " VBD("hda", "tap:qcow:/srv/shared.img",
			"r") ")\n"
			     "(domain (name whole) " VBD("hda", "phy:/dev/sdb", "w") VBD("hdb",
				     "phy:/dev/vg/all",
				     "w") ")\n"
					  "(domain (name secret) " VBD("hda",
						  "'nbd://joe:secret@host/a'", "w")
						  VBD("hdb", "phy:sdc", "w") ")\n"
									     "(domain (name cut\n");
}

static const char estate_xml[] =
	"<domains><domain type='xen'><name>one</name><uuid>" UUID
	"01</uuid><devices><disk type='file'><driver name='qemu' "
	"type='qcow2' cache='writeback'/><source file='/srv/one.qcow2'/><backingStore "
	"type='file'><format type='qcow2'/>"
	"<source file='/mnt/all.img'/><backingStore/></backingStore><target dev='xvda'/></disk>"
	"<disk type='file'><source file='/srv/shared.img'/><target "
	"dev='xvdb'/><shareable/></disk></devices></domain>\n"
	"<domain type='xen'><name>other</name><devices><disk type='file'><source "
	"file='/mnt/all.img'/><target dev='xvda'/>"
	"</disk></devices></domain></domains>";

static int make_estate(void **state)
{
	static const char everywhere[] =
		"(domain (name far) " VBD("xvda", "file:/mnt/all.img", "w") ")";
	struct buffer dump = {0}, compressed = {0};

	if (enter_directory(state) != 0)
		return -1;
	add_estate(&dump);
	save("one.sxp", dump.data, dump.size);
	save("two.xml", estate_xml, sizeof estate_xml - 1);
	add_gzip(&compressed, everywhere, sizeof everywhere - 1);
	save("three.gz", compressed.data, compressed.size);
	buffer_fini(&dump);
	buffer_fini(&compressed);
	return 0;
}

/* ---- the audit ---- */

/** All reports at once, as the program may write them in one run. */
struct reports {
	struct report *all[REPORT_HTML + 1];
};

static const char *const shared[] = {"/mnt/"};
static const struct ds_image_list image_lists[] = {
	{"all", NULL, TEXT("/srv/shared.img\n/mnt/\n/dev/mapper/vg-all\nrbd\n")},
	{"two", "two", TEXT("/srv/one.qcow2\0/srv/unused.img\0[store] a.vmdk")},
};
static const struct ds_audit_options audit_options = {.size = sizeof audit_options,
	.shared = shared,
	.shared_count = COUNT(shared),
	.loop_budget = 2,
	.is_converting = true,
	.image_lists = image_lists,
	.image_list_count = COUNT(image_lists)};
static unsigned jobs;

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	struct reports *reports = context;
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < COUNT(reports->all) && status == DS_OK; i++)
		status = report_domain(reports->all[i], domain);
	return status;
}

static enum ds_status on_finding(void *context, const struct ds_finding *finding)
{
	struct reports *reports = context;
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < COUNT(reports->all) && status == DS_OK; i++)
		status = report_finding(reports->all[i], finding);
	return status;
}

static enum ds_status on_shared_image(void *context, const struct ds_shared_image *image)
{
	struct reports *reports = context;
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < COUNT(reports->all) && status == DS_OK; i++)
		status = report_shared_image(reports->all[i], image);
	return status;
}

static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)raw;
	return error ? ds_error_finding(error, on_finding, context) : DS_OK;
}

static enum ds_status finish(struct reports *reports, struct report_totals *totals)
{
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < COUNT(reports->all) && status == DS_OK; i++) {
		size_t before = seen_size;

		status = report_finish(reports->all[i], totals);
		/* The audit had findings. */
		assert_true(status != DS_OK || seen_size - before > 1000);
	}
	return status;
}

static enum ds_status run_audit(struct reports *reports)
{
	static const char *const names[] = {"one.sxp", "two.xml", "three.gz"};
	struct report_totals totals = {.counts.size = sizeof totals.counts};
	struct ds_run_options options;
	struct ds_error error;
	enum ds_status status, finished;

	ds_run_options_init(&options, sizeof options);
	options.names = names;
	options.name_count = COUNT(names);
	options.jobs = jobs;
	options.check_only = true;
	options.audit = &audit_options;
	options.context = reports;
	options.domain = on_domain;
	options.shared_images = on_shared_image;
	options.findings = on_finding;
	options.rejected = on_rejected;
	status = ds_run(&options, &totals.counts, &error);
	finished = status == DS_OK || status == DS_DAMAGED ? finish(reports, &totals) : status;
	return finished == DS_OK ? status : finished;
}

static enum ds_status audit(void)
{
	struct reports reports = {{NULL}};
	enum ds_status status = DS_OK;

	reset_hash();
	for (size_t i = 0; i < COUNT(reports.all) && status == DS_OK; i++) {
		struct report_options options = {.format = (enum report_format)i,
			.sink = hash_bytes};

		reports.all[i] = report_new(&options);
		status = reports.all[i] ? DS_OK : DS_NO_MEMORY;
	}
	if (status == DS_OK)
		status = run_audit(&reports);
	for (size_t i = 0; i < COUNT(reports.all); i++)
		report_free(reports.all[i]);
	return checked(status);
}

static void an_audit_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	jobs = 1;
	expected = 0;
	try_all(audit, DS_DAMAGED);
}

static void an_audit_in_threads_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	jobs = 2;
	expected = 0;
	try_all(audit, DS_DAMAGED);
}

/* ---- the comparison ---- */

static void hash_place(const struct ds_place *place)
{
	char text[80];
	int size = snprintf(text, sizeof text, " %llu:%llu:%llu", (unsigned long long)place->offset,
		(unsigned long long)place->line, (unsigned long long)place->column);

	hash_text((struct ds_text){place->name, place->name ? strlen(place->name) : 0});
	hash_bytes(NULL, text, (size_t)size);
}

static enum ds_status hash_difference(void *context, const struct ds_difference *difference)
{
	char text[40];
	int size = snprintf(text, sizeof text, "%d %s %s", (int)difference->kind,
		difference->rule ? difference->rule->id : "-",
		difference->field ? difference->field : "-");

	(void)context;
	hash_bytes(NULL, text, (size_t)size);
	hash_text(difference->domain);
	hash_text(difference->uuid);
	hash_text(difference->disk);
	hash_text(difference->before);
	hash_text(difference->after);
	hash_place(&difference->old_place);
	hash_place(&difference->new_place);
	return DS_OK;
}

struct side {
	struct ds_diff *diff;
	bool is_new;
};

static enum ds_status on_side(void *context, const struct ds_domain *domain)
{
	struct side *side = context;

	return side->is_new ? ds_diff_compare(side->diff, domain) : ds_diff_old(side->diff, domain);
}

static enum ds_status read_side(struct ds_diff *diff, bool is_new)
{
	static const char *const names[] = {"old.sxp", "old.xml", "new.sxp", "new.xml"};
	struct side side = {diff, is_new};
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	ds_run_options_init(&options, sizeof options);
	options.names = &names[2 * is_new];
	options.name_count = 2;
	options.jobs = 1;
	options.check_only = true;
	options.context = &side;
	options.domain = on_side;
	return ds_run(&options, &counts, &error);
}

static enum ds_status compare(void)
{
	static const struct ds_listed_loss loss = {.reason = {"no-place", 8},
		.path = {"memory", 6},
		.domain = {"d5", 2},
		.file = {"older.sxp", 9},
		.offset = 200};
	struct ds_diff *diff = NULL;
	enum ds_status status;

	reset_hash();
	status = ds_diff_new(hash_difference, NULL, &diff);
	if (status == DS_OK)
		status = ds_diff_accept(diff, &loss);
	if (status == DS_OK)
		status = read_side(diff, false);
	if (status == DS_OK)
		status = read_side(diff, true);
	if (status == DS_OK)
		status = ds_diff_finish(diff);
	ds_diff_free(diff);
	return checked(status);
}

/** Adds domains that stay, change, are renamed, removed, added and repeated, with and without a
 * UUID. */
static void add_side(struct buffer *out, unsigned from, unsigned end, bool is_new)
{
	for (unsigned i = from; i < end; i++) {
		add_format(out, "(domain (name %s%u) ", is_new && i % 10 == 3 ? "renamed" : "d",
			i % 60 == 59 ? 7 : i);
		if (i % 5)
			add_format(out, "(uuid " UUID "%02x) ", i);
		add_format(out, VBD("xvda", "phy:vg//d%u", "%s") VBD("%s", "file:/srv/%u/./a", "w"),
			i, is_new && i % 4 == 0 ? "w!" : "w", is_new && i % 6 == 0 ? "xvdz" : "d1",
			i + (is_new && i % 7 == 0));
		if ((i + (unsigned)is_new) % 3)
			add_format(out, VBD("hdc", "'drbd:joe:pass@r%u'", "r"), i);
		add_format(out, ")\n");
	}
}

static int make_sides(void **state)
{
	static const char one[] = "<domain><name>x</name><uuid>odd</uuid><devices><disk "
				  "type='network' device='lun'><source "
				  "name='pool/b'/><target dev='51712'/></disk></devices></domain>";
	static const char other[] =
		"<domain><name>x</name><uuid>odd</uuid><devices><disk type='block'><source "
		"dev='/dev//b'/>"
		"<target dev='xvda'/></disk></devices></domain><domain><name>d3</name></domain>";
	struct buffer dump = {0};

	if (enter_directory(state) != 0)
		return -1;
	add_side(&dump, 0, 100, false);
	save("old.sxp", dump.data, dump.size);
	buffer_clear(&dump, SIZE_MAX);
	add_side(&dump, 10, 120, true);
	save("new.sxp", dump.data, dump.size);
	save("old.xml", one, sizeof one - 1);
	save("new.xml", other, sizeof other - 1);
	buffer_fini(&dump);
	return 0;
}

static void a_comparison_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	expected = 0;
	try_all(compare, DS_OK);
	assert_true(seen_size > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_audit_reports_that_there_is_no_memory,
			make_estate, leave_directory),
		cmocka_unit_test_setup_teardown(an_audit_in_threads_reports_that_there_is_no_memory,
			make_estate, leave_directory),
		cmocka_unit_test_setup_teardown(a_comparison_reports_that_there_is_no_memory,
			make_sides, leave_directory),
	};

	return cmocka_run_group_tests_name("alloc_audit", tests, NULL, NULL);
}
