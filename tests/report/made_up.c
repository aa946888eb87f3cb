/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/made_up.h"

#include "record/text.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NONE ((struct ds_text){NULL, 0})

const char *const made_up_names[] = {
	[REPORT_TEXT] = "report.txt",
	[REPORT_TERMINAL] = "terminal.txt",
	[REPORT_NDJSON] = "report.ndjson",
	[REPORT_SARIF] = "report.sarif",
	[REPORT_JUNIT] = "junit.xml",
	[REPORT_PROM] = "report.prom",
	[REPORT_HTML] = "report.html",
};

const struct ds_rule made_up_rules[] = {
	{"DA101", "loop-backed-writable", DS_SEVERITY_HIGH, DS_SCOPE_DISK, DS_HYPERVISOR_ANY,
		"a writable disk is loop-backed",
		"The loop driver keeps written data in the host's page cache: a host that fails "
		"takes with it what the guest\n"
		"believes to be on disk. Let blktap or qdisk serve the file.",
		"(vbd (dev xvda) (uname file:/srv/web.img) (mode w))",
		"(tap (dev xvda) (uname tap:aio:/srv/web.img) (mode w))",
		"Xen wiki, \"Storage options\""},
	{"DA110", "noncanonical-path", DS_SEVERITY_LOW, DS_SCOPE_DISK, DS_HYPERVISOR_ANY,
		"the path has a shorter spelling",
		"Two spellings of one path hide that two domains share it. Write the short one.",
		"/srv//a/../web.img", "/srv/web.img", ""},
	{"DA114", "mode-invalid", DS_SEVERITY_MEDIUM, DS_SCOPE_DISK, DS_HYPERVISOR_ANY,
		"invalid mode: expected r, w or w!",
		"xend takes every word that it does not know for \"w\".", "<disk mode='rw'>", "",
		""},
	{"DA131", "inline-credential", DS_SEVERITY_HIGH, DS_SCOPE_DISK, DS_HYPERVISOR_ANY,
		"the source contains a password", "", "", "", ""},
	{"DA301", "shared-writable", DS_SEVERITY_CRITICAL, DS_SCOPE_ESTATE, DS_HYPERVISOR_ANY,
		"two domains share an image that one may write",
		"Two kernels that write one file system destroy it. Give each domain an image of "
		"its own, or make all read-only.",
		"", "", "libvirt formatdomain, <shareable/>"},
	{"DA404", "disk-or-domain-added-removed", DS_SEVERITY_INFO, DS_SCOPE_DIFF,
		DS_HYPERVISOR_ANY, "a disk or domain was added or removed", "", "", "", ""},
	{"DA901", "damaged-input", DS_SEVERITY_HIGH, DS_SCOPE_INPUT, DS_HYPERVISOR_ANY,
		"the input is truncated",
		"Inside a domain, a tag, a list, or the data of a compressed file.", "", "", ""},
};
const size_t made_up_rule_count = COUNT(made_up_rules);

/* ---- domains ---- */

#define HOSTILE \
	"</script><img src=x " \
	"onerror=alert(1)>\"'&\n\x1b[31m\0\xff\xc2\x9b\xef\xbf\xbe\xe2\x80\xae]]>--><!--"

static const struct ds_disk web_disks[] = {
	{.driver = {"file", 4}, .source = {"/srv/web.img", 12}, .target = {"xvda", 4}},
	{.driver = {"tap", 3},
		.format = {"aio", 3},
		.source = {"/srv/shared.img", 15},
		.target = {"xvdb", 4}},
	{.device = DS_DEVICE_CDROM,
		.driver = {"file", 4},
		.source = {"/iso/debian.iso", 15},
		.target = {"hdc", 3},
		.readonly = true},
};
static const struct ds_disk db_disks[] = {
	{.driver = {"tap", 3},
		.format = {"qcow2", 5},
		.source = {"/srv/db.qcow2", 13},
		.target = {"xvda", 4}},
	{.driver = {"tap", 3},
		.format = {"aio", 3},
		.source = {"/srv/shared.img", 15},
		.target = {"xvdb", 4}},
	{.device = DS_DEVICE_CDROM,
		.driver = {"file", 4},
		.source = {"/iso/debian.iso", 15},
		.target = {"hdc", 3},
		.readonly = true},
};
static const struct ds_disk clean_disks[] = {
	{.type = DS_SOURCE_BLOCK,
		.driver = {"phy", 3},
		.source = {"/dev/vg0/clean", 14},
		.target = {"xvda", 4}},
	{.device = DS_DEVICE_CDROM, .target = {"hdc", 3}, .readonly = true},
	{.device = DS_DEVICE_FLOPPY,
		.driver = {"file", 4},
		.source = {"/iso/debian.iso", 15},
		.target = {"fda", 3}},
};
static const struct ds_disk hostile_disks[] = {
	{.driver = {HOSTILE, sizeof HOSTILE - 1},
		.format = {HOSTILE, sizeof HOSTILE - 1},
		.source = {HOSTILE, sizeof HOSTILE - 1},
		.target = {HOSTILE, sizeof HOSTILE - 1}},
	{.driver = {"tap", 3}, .source = {HOSTILE, sizeof HOSTILE - 1}, .target = {"b", 1}},
};
static const struct ds_disk hostile_copy[] = {
	{.driver = {"tap", 3}, .source = {HOSTILE, sizeof HOSTILE - 1}, .target = {"a", 1}},
};

static const struct ds_domain domains[] = {
	{.host = "dumps",
		.place = {"nightly.xml", 10, 2, 1},
		.format = DS_FORMAT_XML,
		.name = {"web01", 5},
		.is_hvm = true,
		.disks = web_disks,
		.disk_count = COUNT(web_disks)},
	{.host = "dumps",
		.place = {"nightly.xml", 900, 40, 1},
		.format = DS_FORMAT_XML,
		.name = {"db01", 4},
		.disks = db_disks,
		.disk_count = COUNT(db_disks)},
	{.host = "dumps",
		.place = {"old/backup.tar.gz!etc/xen/clean 100%.sxp", 0, 1, 1},
		.format = DS_FORMAT_SEXPR,
		.name = {"clean", 5},
		.disks = clean_disks,
		.disk_count = COUNT(clean_disks)},
	{.host = "dumps",
		.place = {"/srv/\xff<evil>?#\n.xml", 0, 1, 1},
		.format = DS_FORMAT_XML,
		.name = {HOSTILE, sizeof HOSTILE - 1},
		.disks = hostile_disks,
		.disk_count = COUNT(hostile_disks)},
	{.host = "dumps",
		.place = {"-", 7, 1, 8},
		.format = DS_FORMAT_SEXPR,
		.disks = hostile_copy,
		.disk_count = COUNT(hostile_copy)},
};

/* ---- findings ---- */

#define WEB_UUID \
	{ \
		"5a1f9c0e-7d32-4c3b-9b61-0f6d1e2a3b4c", 36 \
	}
/* 300 characters, as one word. */
#define TEN(x) x x x x x x x x x x
#define LONG TEN(TEN("abc"))

static const struct ds_related web_shares = {{"nightly.xml", 1010, 44, 5}, {"nightly.xml", 11},
	{"db01", 4}, {"xvdb", 4}};
static const struct ds_related hostile_shares[] = {
	{{"-", 7, 1, 8}, {"-", 1}, {NULL, 0}, {"a", 1}},
	{{"c:\\dump.xml", 1, 1, 2}, {HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1},
		{HOSTILE, sizeof HOSTILE - 1}},
};

static const struct {
	/** The number of domains before it. */
	size_t after;
	struct ds_finding finding;
} findings[] = {
	{1,
		{&made_up_rules[0], DS_SEVERITY_HIGH, {"nightly.xml", 120, 6, 5},
			{"nightly.xml", 11}, {"web01", 5}, WEB_UUID, {"xvda", 4},
			{"/srv/web.img", 12}, TEXT("a writable disk is loop-backed: /srv/web.img"),
			NULL, 0, "0123456789abcdef0123456789abcdef", NONE}},
	{1,
		{&made_up_rules[1], DS_SEVERITY_LOW, {"nightly.xml", 300, 11, 5},
			{"nightly.xml", 11}, {"web01", 5}, WEB_UUID, {"xvdb", 4},
			{"/srv/shared.img", 15},
			TEXT("the path has a shorter spelling: /srv//shared.img"), NULL, 0,
			"11111111111111111111111111111111", NONE}},
	{2,
		{&made_up_rules[3], DS_SEVERITY_HIGH, {"nightly.xml", 930, 42, 5},
			{"nightly.xml", 11}, {"db01", 4}, {NULL, 0}, {"xvda", 4},
			{"nbd://user:***@store/db", 23},
			TEXT("the source contains a password: nbd://user:***@store/db"), NULL, 0,
			"22222222222222222222222222222222", NONE}},
	{2,
		{&made_up_rules[0], DS_SEVERITY_MEDIUM, {"nightly.xml", 931, 43, 5},
			{"nightly.xml", 11}, {"db01", 4}, {NULL, 0}, {"xvdc", 4}, {NULL, 0},
			TEXT("a writable disk is loop-backed: " LONG), NULL, 0,
			"33333333333333333333333333333333", NONE}},
	{3,
		{&made_up_rules[6], DS_SEVERITY_HIGH, {"old/backup.tar.gz", 70000, 0, 0},
			{"old/backup.tar.gz", 17}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0},
			TEXT("the input is truncated"), NULL, 0, "44444444444444444444444444444444",
			NONE}},
	{4,
		{&made_up_rules[2], DS_SEVERITY_MEDIUM, {"/srv/\xff<evil>?#\n.xml", 33, 3, 9},
			{HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1},
			{HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1},
			{HOSTILE, sizeof HOSTILE - 1},
			{"invalid mode: expected r, w or w!: " HOSTILE, 35 + sizeof HOSTILE - 1},
			NULL, 0, "55555555555555555555555555555555", NONE}},
	{5,
		{&made_up_rules[4], DS_SEVERITY_CRITICAL, {"nightly.xml", 300, 11, 5},
			{"nightly.xml", 11}, {"web01", 5}, WEB_UUID, {"xvdb", 4},
			{"/srv/shared.img", 15},
			TEXT("two domains share an image that one may write: /srv/shared.img"),
			&web_shares, 1, "66666666666666666666666666666666", NONE}},
	{5,
		{&made_up_rules[4], DS_SEVERITY_CRITICAL, {"/srv/\xff<evil>?#\n.xml", 33, 3, 9},
			{NULL, 0}, {HOSTILE, sizeof HOSTILE - 1}, {NULL, 0},
			{HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1},
			TEXT("two domains share an image that one may write"), hostile_shares, 2,
			"77777777777777777777777777777777", NONE}},
	{5,
		{&made_up_rules[5], DS_SEVERITY_INFO, {"-", 7, 1, 8}, {NULL, 0}, {NULL, 0},
			{NULL, 0}, {NULL, 0}, {NULL, 0},
			TEXT("a disk or domain was added or removed"), NULL, 0,
			"88888888888888888888888888888888", NONE}},
};

static const struct ds_shared_image images[] = {
	{{"/iso/debian.iso", 15}, {"dumps", 5}, 3, 0, true},
	{{"/srv/shared.img", 15}, {"dumps", 5}, 2, 2, false},
	{{HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1}, 2, 1, false},
	{{"rbd://mon1/vms/web", 18}, NONE, 12345, 1, false},
};

/** Adds many findings that differ in a number; most of them have low severity. */
static enum ds_status add_extra(struct report *report, uint64_t number)
{
	static const unsigned char kinds[] = {1, 1, 2, 1, 0, 1, 2, 3};
	const struct ds_rule *rule = &made_up_rules[kinds[number % COUNT(kinds)]];
	struct ds_finding finding = {rule, rule->severity,
		{"extra.xml", number * 1000, number * 20 + 1, 5}, TEXT("extra.xml"), NONE, NONE,
		TEXT("xvda"), NONE, NONE, NULL, 0, "", NONE};
	char domain[40], source[60], text[120];

	snprintf(domain, sizeof domain, "vm%06llu", (unsigned long long)number / 4);
	snprintf(source, sizeof source, "/srv/images/vm%06llu.img", (unsigned long long)number);
	snprintf(text, sizeof text, "%s: %s", rule->title, source);
	snprintf(finding.fingerprint, sizeof finding.fingerprint, "%032llx",
		(unsigned long long)number);
	finding.domain = (struct ds_text){domain, strlen(domain)};
	finding.source = (struct ds_text){source, strlen(source)};
	finding.text = (struct ds_text){text, strlen(text)};
	return report_finding(report, &finding);
}

static enum ds_status report_estate(struct report *report, uint64_t extra)
{
	struct report_totals totals = {.counts = {.files = 4,
					       .domains = 6,
					       .converted = 5,
					       .rejected = 1,
					       .disks = 12,
					       .stream_errors = 1,
					       .findings = 12 + extra},
		.below_threshold = 2,
		.in_baseline = 1};
	enum ds_status status = DS_OK;
	size_t done = 0;

	for (size_t i = 0; i < COUNT(domains) && status == DS_OK; i++) {
		status = report_domain(report, &domains[i]);
		for (; done < COUNT(findings) && findings[done].after == i + 1 && status == DS_OK;
			done++)
			status = report_finding(report, &findings[done].finding);
	}
	for (uint64_t i = 0; i < extra && status == DS_OK; i++)
		status = add_extra(report, i);
	for (size_t i = 0; i < COUNT(images) && status == DS_OK; i++)
		status = report_shared_image(report, &images[i]);
	return status == DS_OK ? report_finish(report, &totals) : status;
}

static enum ds_status collect(void *context, const char *data, size_t size)
{
	struct buffer *out = context;

	buffer_add(out, data, size);
	return out->failed ? DS_NO_MEMORY : DS_OK;
}

static struct report *open_report(enum report_format format, struct buffer *out)
{
	struct report_options options = {.format = format,
		.rules = made_up_rules,
		.rule_count = made_up_rule_count,
		.sink = collect,
		.context = out};

	return report_new(&options);
}

enum ds_status made_up_report(enum report_format format, uint64_t extra, struct buffer *out)
{
	struct report *report = open_report(format, out);
	enum ds_status status = report ? report_estate(report, extra) : DS_NO_MEMORY;

	report_free(report);
	return status;
}

enum ds_status made_up_nothing(enum report_format format, struct buffer *out)
{
	struct report_totals totals = {0};
	struct report *report = open_report(format, out);
	enum ds_status status = report ? report_finish(report, &totals) : DS_NO_MEMORY;

	report_free(report);
	return status;
}
