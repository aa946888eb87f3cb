/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/suggest.h"
#include "record/text.h" /* text_uuid() */

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/** A larger number of threads is a mistake, because no machine has as many processors. */
#define JOBS_MAX 1024
/** A larger number of parts could not be opened for merging. */
#define PARTS_MAX 65536

/* ---- words and their values; the help lists those that are not synonyms ---- */

static const struct option_word formats[] = {{"auto", DS_FORMAT_AUTO}, {"xml", DS_FORMAT_XML},
	{"sexpr", DS_FORMAT_SEXPR}, {"sxp", DS_FORMAT_SEXPR}, {"sxpr", DS_FORMAT_SEXPR},
	{"xen-sxpr", DS_FORMAT_SEXPR}, {NULL, 0}};

static const struct option_word parsers[] = {{"auto", DS_XML_PARSER_AUTO},
	{"expat", DS_XML_PARSER_EXPAT}, {NULL, 0}};

static const struct option_word releases[] = {{"3.0.2", DS_XEND_302}, {"3.0.3", DS_XEND_303},
	{"3.0.4", DS_XEND_304}, {"3.1", DS_XEND_31},
	/* Releases after 3.1 read and write the same. */
	{"3.2", DS_XEND_31}, {"3.3", DS_XEND_31}, {"3.4", DS_XEND_31}, {"4.0", DS_XEND_31},
	{"4.1", DS_XEND_31}, {"4.2", DS_XEND_31}, {"4.3", DS_XEND_31}, {"4.4", DS_XEND_31},
	{NULL, 0}};

static const struct option_word wraps[] = {{"auto", DS_WRAP_AUTO}, {"always", DS_WRAP_ALWAYS},
	{"never", DS_WRAP_NEVER}, {NULL, 0}};

static const struct option_word progress_modes[] = {{"auto", PROGRESS_AUTO},
	{"always", PROGRESS_ALWAYS}, {"never", PROGRESS_NEVER}, {NULL, 0}};

static const struct option_word rows_formats[] = {{"table", DS_ROWS_TABLE},
	{"ndjson", DS_ROWS_NDJSON}, {"csv", DS_ROWS_CSV}, {"tsv", DS_ROWS_TSV}, {NULL, 0}};

static const struct option_word utf8_modes[] = {{"replace", DS_UTF8_REPLACE},
	{"escape", DS_UTF8_ESCAPE}, {NULL, 0}};

static const struct option_word scopes[] = {{"auto", DS_HOSTS_AUTO}, {"run", DS_HOSTS_RUN},
	{"argument", DS_HOSTS_ARGUMENT}, {"file", DS_HOSTS_FILE}, {"directory", DS_HOSTS_DIRECTORY},
	{NULL, 0}};

static const struct option_word report_formats[] = {{"text", REPORT_TEXT},
	{"ndjson", REPORT_NDJSON}, {"sarif", REPORT_SARIF}, {"junit", REPORT_JUNIT},
	{"prom", REPORT_PROM}, {"html", REPORT_HTML}, {NULL, 0}};

static const struct option_word report_groups[] = {{"rule", REPORT_GROUP_RULE},
	{"host", REPORT_GROUP_HOST}, {"domain", REPORT_GROUP_DOMAIN}, {NULL, 0}};

static const struct option_word diff_formats[] = {{"text", DIFF_TEXT}, {"ndjson", DIFF_NDJSON},
	{NULL, 0}};

/** The words of --fail-on; those of --min-severity begin with the second one. */
static const struct option_word thresholds[] = {{"never", DS_SEVERITY_CRITICAL + 1},
	{"info", DS_SEVERITY_INFO}, {"low", DS_SEVERITY_LOW}, {"medium", DS_SEVERITY_MEDIUM},
	{"high", DS_SEVERITY_HIGH}, {"critical", DS_SEVERITY_CRITICAL}, {NULL, 0}};

/* ---- options with values of their own ---- */

static int set_only(struct options *options, const char *value)
{
	if (strcmp(value, "disks") != 0)
		return value_refuse_word(options, value);
	options->writer.only_disks = true;
	return 0;
}

/** Parses WHAT,WHAT... */
static int set_accept(struct options *options, const char *value)
{
	static const struct {
		const char *word;
		enum status_reason reason;
	} words[] = {{"rejects", REASON_REJECTS}, {"losses", REASON_LOSSES},
		{"findings", REASON_FINDINGS}};

	for (const char *word = value;; word++) {
		size_t size = strcspn(word, ",");
		bool is_known = false;

		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (strlen(words[i].word) == size && memcmp(words[i].word, word, size) == 0)
				is_known = options->accept[words[i].reason] = true;
		if (!is_known) {
			char typed[64];

			snprintf(typed, sizeof typed, "%.*s",
				(int)(size < sizeof typed ? size : sizeof typed), word);
			return value_refuse_word(options, typed);
		}
		word += size;
		if (!*word)
			return 0;
	}
}

/** Parses K/N. */
static int set_part(struct options *options, const char *value)
{
	struct ds_run_options *run = &options->run;
	uint64_t part = 0, parts = 0;
	const char *slash = value_digits(value, &part), *end = NULL;

	if (slash && *slash == '/')
		end = value_digits(slash + 1, &parts);
	if (!end || *end || part < 1 || part > parts || parts > PARTS_MAX)
		return value_refuse(options, value,
			"K/N, such as 3/64, with K from 1 to N and N at most %d", PARTS_MAX);
	run->part = (unsigned)part;
	run->parts = (unsigned)parts;
	return 0;
}

static int set_output_dir(struct options *options, const char *value)
{
	if (strcmp(value, "-") == 0)
		return value_refuse(options, value, "a directory");
	return value_name(options, value, &options->output_dir);
}

static int set_gzip(struct options *options, const char *value)
{
	uint64_t level = GZIP_LEVEL_DEFAULT;

	if (value && value_number(options, value, 1, 9, &level) != 0)
		return -1;
	options->run.gzip_level = (int)level;
	return 0;
}

/* ---- selection ---- */

/** Adds a pattern to a list, unless it is full. */
static int add_pattern(const struct options *options, const char *const **list, size_t *count,
	const char **room, const char *value)
{
	if (*count == OPTIONS_PATTERNS_MAX)
		return value_refuse_repeated(options, OPTIONS_PATTERNS_MAX);
	*list = room;
	room[(*count)++] = value;
	return 0;
}

static int set_select_name(struct options *options, const char *value)
{
	struct ds_selection *selection = &options->selection;

	return add_pattern(options, &selection->names, &selection->name_count,
		options->select.names, value);
}

static int set_select_uuid(struct options *options, const char *value)
{
	struct ds_selection *selection = &options->selection;
	char form[UUID_TEXT_SIZE];

	if (!text_uuid((struct ds_text){value, strlen(value)}, form))
		return value_refuse(options, value,
			"32 hexadecimal digits, with or without hyphens");
	return add_pattern(options, &selection->uuids, &selection->uuid_count,
		options->select.uuids, value);
}

static int set_select_host(struct options *options, const char *value)
{
	struct ds_selection *selection = &options->selection;

	return add_pattern(options, &selection->hosts, &selection->host_count,
		options->select.hosts, value);
}

/** Refuses the name of a field that a disk does not have: the `size` bytes at `name`. */
static int refuse_field(const struct options *options, const char *name, size_t size)
{
	size_t count;
	const char *const *fields = ds_disk_fields(&count);
	char list[512], typed[64];
	struct suggestion nearest = {0};
	size_t used = 0;

	snprintf(typed, sizeof typed, "%.*s", (int)(size < sizeof typed ? size : sizeof typed),
		name);
	for (size_t i = 0; i < count && used < sizeof list; i++) {
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
			fields[i]);
		suggest_add(&nearest, typed, fields[i], strlen(fields[i]));
	}
	message_usage("unknown field '%s' for '--%s': expected one of %s%s%s%s", typed,
		options->current->name, list, nearest.word ? "; did you mean '" : "",
		nearest.word ? nearest.word : "", nearest.word ? "'?" : "");
	return -1;
}

/** Returns the index of a disk's field, or -1 if the name is unknown. */
static int find_field(const char *name, size_t size)
{
	size_t count;
	const char *const *fields = ds_disk_fields(&count);

	for (size_t i = 0; i < count; i++)
		if (strlen(fields[i]) == size && memcmp(fields[i], name, size) == 0)
			return (int)i;
	return -1;
}

static bool has_column(const struct ds_rows_options *rows, unsigned field)
{
	for (size_t i = 0; i < rows->column_count; i++)
		if (rows->columns[i] == field)
			return true;
	return false;
}

/** Parses FIELD,FIELD... */
static int set_columns(struct options *options, const char *value)
{
	struct ds_rows_options *rows = &options->rows;

	rows->columns = options->columns;
	rows->column_count = 0;
	for (const char *name = value;; name++) {
		size_t size = strcspn(name, ",");
		int field = find_field(name, size);

		if (field < 0)
			return refuse_field(options, name, size);
		if (has_column(rows, (unsigned)field)) {
			message_usage("option '--columns' names '%.*s' twice", (int)size, name);
			return -1;
		}
		options->columns[rows->column_count++] = (unsigned)field;
		name += size;
		if (!*name)
			return 0;
	}
}

/** Parses FIELD=GLOB. */
static int set_where(struct options *options, const char *value)
{
	struct ds_selection *selection = &options->selection;
	size_t size = strcspn(value, "="), count;
	int field = find_field(value, size);

	if (!value[size])
		return value_refuse(options, value, "FIELD=GLOB, such as driver=tap");
	if (field < 0)
		return refuse_field(options, value, size);
	if (selection->condition_count == OPTIONS_PATTERNS_MAX)
		return value_refuse_repeated(options, OPTIONS_PATTERNS_MAX);
	selection->conditions = options->select.conditions;
	options->select.conditions[selection->condition_count++] =
		(struct ds_condition){ds_disk_fields(&count)[field], value + size + 1};
	return 0;
}

/* ---- audit ---- */

#define REPORT_EXPECTED "FORMAT=FILE, with text, ndjson, sarif, junit, prom or html as the format"

/** Parses FORMAT=FILE. */
static int set_report(struct options *options, const char *value)
{
	struct audit_options *audit = &options->audit;
	size_t size = strcspn(value, "=");
	struct suggestion nearest = {0};
	char typed[16];

	if (audit->report_count == OPTIONS_REPORTS_MAX)
		return value_refuse_repeated(options, OPTIONS_REPORTS_MAX);
	for (size_t i = 0; report_formats[i].word; i++) {
		if (strlen(report_formats[i].word) != size ||
			memcmp(report_formats[i].word, value, size) != 0 || !value[size] ||
			!value[size + 1])
			continue;
		audit->reports[audit->report_count].format =
			(enum report_format)report_formats[i].value;
		audit->reports[audit->report_count++].file = value + size + 1;
		return 0;
	}
	snprintf(typed, sizeof typed, "%.*s", (int)(size < sizeof typed ? size : sizeof typed),
		value);
	for (size_t i = 0; report_formats[i].word; i++)
		suggest_add(&nearest, typed, report_formats[i].word,
			strlen(report_formats[i].word));
	if (nearest.word)
		return value_refuse(options, value, REPORT_EXPECTED "; did you mean '%s=%s'?",
			nearest.word, value[size] && value[size + 1] ? value + size + 1 : "FILE");
	return value_refuse(options, value, REPORT_EXPECTED);
}

static int set_host_from(struct options *options, const char *value)
{
	if (!strchr(value, '*'))
		return value_refuse(options, value,
			"a path with a * for the host, such as dumps/*/etc");
	options->run.host_from = value;
	return 0;
}

static int set_shared(struct options *options, const char *value)
{
	if (*value != '/')
		return value_refuse(options, value, "an absolute path, such as /srv/nfs/");
	if (options->audit.library.shared_count == OPTIONS_SHARED_MAX)
		return value_refuse_repeated(options, OPTIONS_SHARED_MAX);
	options->audit.shared[options->audit.library.shared_count++] = value;
	return 0;
}

static int set_images(struct options *options, const char *value)
{
	const char *equals = strchr(value, '=');

	if (options->audit.image_count == OPTIONS_IMAGES_MAX)
		return value_refuse_repeated(options, OPTIONS_IMAGES_MAX);
	if (equals && !equals[1])
		return value_refuse(options, value, "HOST=FILE");
	return value_name(options, value, &options->audit.images[options->audit.image_count++]);
}

static int set_quiet(struct options *options, const char *value)
{
	(void)value;
	options->verbosity = VERBOSITY_QUIET;
	return 0;
}

static int set_verbose(struct options *options, const char *value)
{
	(void)value;
	options->verbosity = VERBOSITY_VERBOSE;
	return 0;
}

#define NONE ARGUMENT_NONE
#define REQUIRED ARGUMENT_REQUIRED
#define OPTIONAL ARGUMENT_OPTIONAL
#define READ OPTION_READ
#define WRITE OPTION_WRITE
#define OUTPUT OPTION_OUTPUT
#define ROWS OPTION_ROWS
#define AUDIT OPTION_AUDIT
#define FILES OPTION_FILES
#define DIFF OPTION_DIFF
#define SELECT OPTION_SELECT
#define DOMAINS OPTION_DOMAINS
#define HOST OPTION_HOST
#define EXTRACT OPTION_EXTRACT
#define PARTS OPTION_PARTS
#define MERGE OPTION_MERGE
#define REPORT OPTION_REPORT

/* These macros define how a value is stored. For FLAG, NAME, SIZE, UNSIGNED and NUMBER, the
 * compiler checks the type of the member of struct options. */
#define MEMBER(type, member) \
	_Generic(((struct options *)NULL)->member, type : offsetof(struct options, member))
#define FLAG(member) \
	{ \
		.kind = STORE_FLAG, .offset = MEMBER(bool, member) \
	}
#define NAME(member) \
	{ \
		.kind = STORE_NAME, .offset = MEMBER(const char *, member) \
	}
#define WORD(member, list) \
	{ \
		.kind = STORE_WORD, .offset = offsetof(struct options, member), .words = (list) \
	}
#define SIZE(member, largest) \
	{ \
		.kind = STORE_SIZE, .offset = MEMBER(size_t, member), .most = (largest) \
	}
#define UNSIGNED(member, smallest, largest) \
	{ \
		.kind = STORE_UNSIGNED, .offset = MEMBER(unsigned, member), .least = (smallest), \
		.most = (largest) \
	}
#define NUMBER(member, smallest, largest) \
	{ \
		.kind = STORE_NUMBER, .offset = MEMBER(uint64_t, member), .least = (smallest), \
		.most = (largest) \
	}
#define CALL(function) \
	{ \
		.kind = STORE_CALL, .set = (function) \
	}

/** A line of the help above the options that follow it. */
#define HEADING(text) \
	{ \
		NULL, 0, NONE, 0, NULL, text, CALL(NULL) \
	}

/* The options in the order of the help. A value name with bars lists every valid word. */
const struct option_rule option_rules[] = {
	HEADING("Output"),
	{"to", 0, REQUIRED, WRITE, "xml|sexpr",
		"format to write; default: the opposite of the first domain's",
		WORD(writer.format, formats)},
	{"format", 0, REQUIRED, ROWS, "table|ndjson|csv|tsv", "how to list; default: table",
		WORD(rows.format, rows_formats)},
	{"columns", 0, REQUIRED, ROWS, "FIELD,...",
		"only these fields, in this order, separated by commas", CALL(set_columns)},
	{"utf8", 0, REQUIRED, ROWS, "replace|escape",
		"write bytes that are not UTF-8 as U+FFFD or \\xhh", WORD(rows.utf8, utf8_modes)},
	{"format", 0, REQUIRED, REPORT, "text|ndjson|sarif|junit|prom|html",
		"what to print; default: text", WORD(audit.format, report_formats)},
	{"report", 0, REQUIRED, REPORT, "FORMAT=FILE",
		"write another report to FILE; may be repeated", CALL(set_report)},
	{"output", 'o', REQUIRED, REPORT, "FILE",
		"write the report to FILE, complete or not at all", NAME(output)},
	{"min-severity", 0, REQUIRED, REPORT, "info|low|medium|high|critical",
		"show findings of this severity and above; default: info",
		WORD(audit.least, thresholds + 1)},
	{"fail-on", 0, REQUIRED, REPORT, "info|low|medium|high|critical|never",
		"exit with 1 for findings of this severity and above; default: high",
		WORD(audit.fail_on, thresholds)},
	{"baseline", 0, REQUIRED, REPORT, "FILE", "hide the findings that FILE lists",
		NAME(audit.baseline)},
	{"write-baseline", 0, REQUIRED, REPORT, "FILE", "list the findings in FILE, for --baseline",
		NAME(audit.write_baseline)},
	{"summary", 0, NONE, REPORT, NULL, "add counts by severity and rule to the text",
		FLAG(audit.wants_summary)},
	{"group-by", 0, REQUIRED, REPORT, "rule|host|domain", "group the findings in the text",
		WORD(audit.group, report_groups)},
	{"sarif-limit", 0, REQUIRED, REPORT, "N",
		"write the N most severe results to SARIF; default: all",
		NUMBER(audit.sarif_limit, 1, UINT32_MAX)},
	{"converting", 0, NONE, AUDIT, NULL, "also report what a conversion would lose (DA405)",
		FLAG(audit.library.is_converting)},
	{"suppress", 0, REQUIRED, REPORT, "FILE",
		"hide the findings that FILE names, each with a reason", NAME(audit.suppressions)},
	{"shared-storage", 0, REQUIRED, AUDIT, "PREFIX",
		"paths with this prefix are the same on all hosts", CALL(set_shared)},
	{"images", 0, REQUIRED, AUDIT | MERGE, "[HOST=]FILE",
		"compare with a list of existing images (DA406); or a directory of lists",
		CALL(set_images)},
	{"loop-budget", 0, REQUIRED, AUDIT, "N", "loop devices that a host has; default: 8",
		UNSIGNED(audit.library.loop_budget, 1, UINT_MAX)},
	{"format", 0, REQUIRED, DIFF, "text|ndjson", "how to print the differences; default: text",
		WORD(diff_format, diff_formats)},
	{"output", 'o', REQUIRED, DIFF, "FILE",
		"write the differences to FILE, complete or not at all", NAME(output)},
	{"output", 'o', REQUIRED, ROWS, "FILE",
		"write to FILE, complete or not at all; *.gz is compressed", NAME(output)},
	{"output", 'o', REQUIRED, DOMAINS, "FILE",
		"write to FILE, complete or not at all; *.gz is compressed, *.tar has a file for "
		"each domain",
		NAME(output)},
	{"output-dir", 0, REQUIRED, DOMAINS, "DIR", "write each domain to a separate file in DIR",
		CALL(set_output_dir)},
	{"gzip", 'z', OPTIONAL, OUTPUT, "LEVEL",
		"compress the output, 1 (fast) to 9 (small); default: 6", CALL(set_gzip)},
	{"xend", 0, REQUIRED, WRITE, "3.0.2|3.0.3|3.0.4|3.1",
		"release of xend that reads, or wrote, the SEXPR; default: 3.1, for all later ones "
		"too",
		WORD(writer.xend, releases)},
	{"wrap", 0, REQUIRED, DOMAINS, "auto|always|never",
		"put <domains> around XML; default: auto, for several domains",
		WORD(writer.wrap, wraps)},
	{"preserve", 0, NONE, WRITE, NULL,
		"store the original of each domain in the output, and restore it",
		FLAG(writer.preserve)},
	{"pretty", 0, NONE, WRITE, NULL, "break SEXPR into lines, as xm list --long does",
		FLAG(writer.pretty)},
	{"only", 0, REQUIRED, DIFF, "disks", "compare only disks and domain names", CALL(set_only)},
	{"losses", 0, REQUIRED, DIFF, "FILE",
		"accept the differences that the losses in FILE explain", NAME(accepted_losses)},
	{"only", 0, REQUIRED, WRITE, "disks", "write only name, UUID and disks", CALL(set_only)},
	{"losses", 0, REQUIRED, WRITE, "FILE",
		"list everything that the output format cannot express, as lines of JSON",
		NAME(losses)},
	{"verify", 0, NONE, WRITE, NULL, "read back what is written and compare it with the input",
		FLAG(run.verify)},
	{"strict", 0, NONE, WRITE, NULL, "a loss makes the exit status 1", FLAG(strict)},
	HEADING("Selection"),
	{"name", 0, REQUIRED, SELECT, "GLOB", "only domains whose name matches; may be repeated",
		CALL(set_select_name)},
	{"uuid", 0, REQUIRED, SELECT, "UUID", "only the domain with this UUID; may be repeated",
		CALL(set_select_uuid)},
	{"host", 0, REQUIRED, EXTRACT, "GLOB", "only domains of hosts that match; may be repeated",
		CALL(set_select_host)},
	{"on-host", 0, REQUIRED, SELECT, "GLOB",
		"only domains of hosts that match; may be repeated", CALL(set_select_host)},
	{"where", 0, REQUIRED, SELECT, "FIELD=GLOB",
		"only domains with a disk that matches; may be repeated", CALL(set_where)},
	HEADING("Input"),
	{"from", 0, REQUIRED, READ, "auto|xml|sexpr",
		"format of the input; default: auto, by content", WORD(run.from, formats)},
	{"xml-parser", 0, REQUIRED, READ, "auto|expat",
		"XML parser; default: auto, a fast scanner where possible",
		WORD(run.xml_parser, parsers)},
	{"recursive", 'r', NONE, READ, NULL, "read the files in directories", FLAG(run.recursive)},
	{"files-from", 0, REQUIRED, FILES, "FILE", "read the input names from FILE, one per line",
		NAME(run.files_from)},
	{"null", '0', NONE, FILES, NULL, "the names in --files-from end with NUL",
		FLAG(run.files_from_nul)},
	{"host", 0, REQUIRED, HOST, "NAME", "host that all domains belong to", NAME(run.host)},
	{"scope", 0, REQUIRED, READ, "auto|run|argument|file|directory",
		"what belongs to one host; default: auto", WORD(run.hosts, scopes)},
	{"host-from", 0, REQUIRED, READ, "PATTERN",
		"get the host from the path, such as dumps/*/etc", CALL(set_host_from)},
	{"label", 0, REQUIRED, READ, "NAME", "name of standard input in messages and results",
		NAME(run.label)},
	{"jobs", 'j', REQUIRED, READ, "N", "threads; default: one per processor",
		UNSIGNED(run.jobs, 0, JOBS_MAX)},
	{"rejects", 0, REQUIRED, READ, "FILE",
		"write rejected domains to FILE as they are in the input", NAME(rejects)},
	{"manifest", 0, REQUIRED, READ, "FILE",
		"list every input and output in FILE; check without input compares them with FILE",
		NAME(manifest)},
	{"resume", 0, NONE, FILES, NULL,
		"do nothing if the manifest or part file shows that this run was done",
		FLAG(resume)},
	{"require-domains", 0, NONE, READ, NULL,
		"an input without a domain makes the exit status 2", FLAG(require_domains)},
	{"accept", 0, REQUIRED, FILES | MERGE, "rejects,losses,findings",
		"exit with 0 in spite of these, separated by commas", CALL(set_accept)},
	{"max-errors", 0, REQUIRED, READ, "N", "stop after N rejected domains; default: never",
		NUMBER(run.max_errors, 0, UINT64_MAX)},
	{"max-messages", 0, REQUIRED, READ | MERGE, "N",
		"show at most N messages about one input; default: 20; 0: no limit",
		NUMBER(max_messages, 0, UINT64_MAX)},
	HEADING("Parts"),
	{"part", 0, REQUIRED, PARTS, "K/N", "read the K-th of N shares of all inputs",
		CALL(set_part)},
	{"part-file", 0, REQUIRED, PARTS, "FILE", "record in FILE what was read, for merge",
		NAME(part_file)},
	{"from-border", 0, REQUIRED, PARTS, "BORDER",
		"begin this part at the position that merge printed", NAME(run.from_border)},
	{"allow-missing", 0, NONE, MERGE, NULL, "merge although parts are missing",
		FLAG(may_miss_parts)},
	HEADING("Limits"),
	{"max-domain", 0, REQUIRED, READ, "SIZE", "largest domain; default: 16M",
		SIZE(limits.domain_size, INT32_MAX)},
	{"max-token", 0, REQUIRED, READ, "SIZE", "longest name, value or text; default: 1M",
		SIZE(limits.token_size, SIZE_MAX)},
	{"max-depth", 0, REQUIRED, READ, "N", "deepest nesting; default: 256",
		UNSIGNED(limits.depth, 1, UINT_MAX)},
	{"max-attributes", 0, REQUIRED, READ, "N", "most attributes of an element; default: 256",
		UNSIGNED(limits.attributes, 1, UINT_MAX)},
	{"max-parts", 0, REQUIRED, READ, "N",
		"most devices and unknown elements of a domain; default: 16K",
		SIZE(limits.parts, SIZE_MAX)},
	{"max-gzip-ratio", 0, REQUIRED, READ, "N",
		"largest expansion of a compressed file; default: 250 times",
		UNSIGNED(limits.gzip_ratio, 1, UINT_MAX)},
	HEADING("Messages"),
	{"progress", 0, REQUIRED, READ, "auto|always|never",
		"show progress; default: auto, on a terminal", WORD(progress, progress_modes)},
	{"quiet", 'q', NONE, READ | MERGE, NULL, "print errors only", CALL(set_quiet)},
	{"verbose", 'v', NONE, READ | MERGE, NULL,
		"print more, such as the size of rejected domains", CALL(set_verbose)},
	{"help", 'h', NONE, READ | WRITE | MERGE, NULL, "show this help", FLAG(wants_help)},
};

const size_t option_rule_count = sizeof option_rules / sizeof option_rules[0];
