/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/keeper.h"
#include "report/writer.h"
#include "write/json_text.h"

#include <stdlib.h>

/*
 * SARIF 2.1.0 (OASIS), with one result per line. The catalogue comes first, so that results can
 * refer to it by number. With a limit, the most severe results are kept until the end.
 *
 * Columns count bytes here, but characters in SARIF. If a line contains multi-byte characters, only
 * the byte offset, which every region has, is exact. For compressed files and archives, all
 * positions are those in the decompressed contents.
 */

/** Adds nothing when the text is unset, because SARIF has no null. */
static void add_optional(struct buffer *out, const char *key, struct ds_text value)
{
	if (!value.data)
		return;
	json_member(out, key, value);
}

/** Appends a text with doubled braces, and a backslash before each bracket. Backslashes directly
 * before a bracket are doubled, because the last of them would escape ours. */
static void add_escaped(struct buffer *out, struct ds_text text)
{
	size_t slashes = 0;

	for (size_t at = 0; at < text.size; at++) {
		char byte = text.data[at];
		bool is_bracket = byte == '[' || byte == ']';

		if (byte == '{' || byte == '}')
			buffer_byte(out, byte);
		for (size_t i = 0; is_bracket && i <= slashes; i++)
			buffer_byte(out, '\\');
		buffer_byte(out, byte);
		slashes = byte == '\\' ? slashes + 1 : 0;
	}
}

/** Adds a message. In SARIF, {0} in a message is an argument (3.11.5), and [text](1) is a link
 * (3.11.6). A name that looks like one of these is escaped. */
static void add_message(struct buffer *out, const char *key, struct ds_text text)
{
	struct buffer escaped = {0};

	json_key(out, key);
	buffer_byte(out, '{');
	if (text_has(text, '{') || text_has(text, '}') || text_has(text, '[') ||
		text_has(text, ']')) {
		add_escaped(&escaped, text);
		text = (struct ds_text){escaped.data, escaped.size};
	}
	json_member(out, "text", text);
	buffer_byte(out, '}');
	out->failed |= escaped.failed;
	buffer_fini(&escaped);
}

static struct ds_text level_of(enum ds_severity severity)
{
	if (severity >= DS_SEVERITY_HIGH)
		return TEXT("error");
	return severity == DS_SEVERITY_MEDIUM ? TEXT("warning") : TEXT("note");
}

/* ---- the catalogue ---- */

static struct ds_text scope_of(const struct ds_rule *rule)
{
	static const char *const words[] = {"disk", "domain", "estate", "diff", "input"};

	return text_of_string(words[rule->scope]);
}

static void add_part(struct buffer *help, const char *heading, const char *text)
{
	if (!*text)
		return;
	if (help->size)
		buffer_literal(help, "\n\n");
	buffer_string(help, heading);
	buffer_string(help, text);
}

/** Adds all texts of the rule from the catalogue; some of them are required. */
static void add_help(struct buffer *out, const struct ds_rule *rule)
{
	struct buffer help = {0};

	add_part(&help, "", rule->why);
	add_part(&help, "Bad:\n", rule->bad);
	add_part(&help, "Good:\n", rule->good);
	add_part(&help, "Source: ", rule->source);
	add_part(&help, "", help.size ? "" : rule->title);
	add_message(out, "help", (struct ds_text){help.data, help.size});
	out->failed |= help.failed;
	buffer_fini(&help);
}

static void add_rule(struct buffer *out, const struct ds_rule *rule)
{
	buffer_byte(out, '{');
	json_member(out, "id", text_of_string(rule->id));
	json_member(out, "name", text_of_string(rule->name));
	add_message(out, "shortDescription", text_of_string(rule->title));
	add_message(out, "fullDescription", text_of_string(*rule->why ? rule->why : rule->title));
	add_help(out, rule);
	buffer_literal(out, ",\"defaultConfiguration\":{");
	json_member(out, "level", level_of(rule->severity));
	buffer_literal(out, "},\"properties\":{");
	json_member(out, "severity", text_of_string(ds_severity_text(rule->severity)));
	json_member(out, "scope", scope_of(rule));
	buffer_literal(out, "}}");
}

static void sarif_begin(struct report *report)
{
	struct buffer *out = &report->out;

	buffer_literal(out,
		"{\"$schema\":\"https://json.schemastore.org/"
		"sarif-2.1.0.json\",\"version\":\"2.1.0\",\n"
		"\"runs\":[{\"tool\":{\"driver\":{\"name\":\"domstream\"");
	json_member(out, "version", text_of_string(ds_version()));
	buffer_literal(out, ",\"rules\":[");
	for (size_t i = 0; i < report->options.rule_count; i++) {
		buffer_string(out, i ? ",\n" : "\n");
		add_rule(out, &report->options.rules[i]);
	}
	buffer_literal(out, "\n]}},\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[");
}

/* ---- results ---- */

/** Returns whether the byte may be in a path without an escape: RFC 3986's pchar without the colon,
 * which a relative reference must not contain in its first segment; and "/". The "!" of a member of
 * an archive is kept, as in other tools' names of members. */
static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		byte_is_digit(byte) || (byte && strchr("-._~!$&'()*+,;=@/", byte));
}

/** Adds the name of the position as a URI reference, which is relative if the name is. */
static void add_uri(struct buffer *out, const char *name)
{
	buffer_literal(out, "{\"uri\":\"");
	if (*name == '/')
		buffer_literal(out, "file://");
	for (; *name; name++) {
		if (is_plain(*name)) {
			buffer_byte(out, *name);
			continue;
		}
		buffer_byte(out, '%');
		buffer_byte(out, "0123456789ABCDEF"[(unsigned char)*name >> 4]);
		buffer_byte(out, "0123456789ABCDEF"[*name & 15]);
	}
	buffer_literal(out, "\"}");
}

static void add_physical(struct buffer *out, const struct ds_place *place)
{
	json_key(out, "physicalLocation");
	buffer_literal(out, "{\"artifactLocation\":");
	add_uri(out, place->name);
	buffer_literal(out, ",\"region\":{");
	if (place->line)
		json_number(out, "startLine", place->line);
	if (place->line && place->column)
		json_number(out, "startColumn", place->column);
	json_number(out, "byteOffset", place->offset);
	buffer_literal(out, "}}");
}

/** Adds one logical location; its full name is that of the location above it followed by its
 * own. */
static void add_level(struct buffer *out, struct buffer *full, struct ds_text name,
	const char *kind)
{
	if (!name.data)
		return;
	if (full->size)
		buffer_byte(full, '/');
	buffer_string(out, full->size ? ",{" : ",\"logicalLocations\":[{");
	buffer_add(full, name.data, name.size);
	json_member(out, "name", name);
	add_optional(out, "fullyQualifiedName", (struct ds_text){full->data, full->size});
	buffer_literal(out, ",\"kind\":\"");
	buffer_string(out, kind);
	buffer_literal(out, "\"}");
}

/** Adds the host, the domain on it, and its disk. */
static void add_logical(struct report *report, struct ds_text host, struct ds_text domain,
	struct ds_text disk)
{
	struct buffer *out = &report->out, full = {0};

	add_level(out, &full, text_given(host) ? host : (struct ds_text){NULL, 0}, "host");
	add_level(out, &full, domain, "domain");
	add_level(out, &full, disk, "disk");
	if (text_given(host) || domain.data || disk.data)
		buffer_byte(out, ']');
	out->failed |= full.failed;
	buffer_fini(&full);
}

static void add_related(struct report *report, const struct ds_related *related, size_t number)
{
	struct buffer *out = &report->out;

	buffer_byte(out, '{');
	json_number(out, "id", number);
	add_physical(out, &related->place);
	add_logical(report, related->host, related->domain, related->disk);
	add_message(out, "message", TEXT("with this disk"));
	buffer_byte(out, '}');
}

static void add_properties(struct buffer *out, const struct ds_finding *finding)
{
	buffer_literal(out, ",\"properties\":{");
	json_member(out, "severity", text_of_string(ds_severity_text(finding->severity)));
	add_optional(out, "uuid", finding->uuid);
	add_optional(out, "source", finding->source);
	add_optional(out, "host", finding->host);
	buffer_byte(out, '}');
}

static void add_result(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct buffer *out = &report->out;

	buffer_byte(out, '{');
	json_member(out, "ruleId", text_of_string(finding->rule->id));
	json_number(out, "ruleIndex", rule);
	json_member(out, "level", level_of(finding->severity));
	add_message(out, "message", finding->text);
	buffer_literal(out, ",\"locations\":[{");
	add_physical(out, &finding->place);
	add_logical(report, finding->host, finding->domain, finding->disk);
	buffer_literal(out, "}]");
	for (size_t i = 0; i < finding->related_count; i++) {
		buffer_string(out, i ? "," : ",\"relatedLocations\":[");
		add_related(report, &finding->related[i], i);
	}
	if (finding->related_count)
		buffer_byte(out, ']');
	buffer_literal(out, ",\"partialFingerprints\":{");
	json_member(out, "domstream/v1", text_of_string(finding->fingerprint));
	buffer_byte(out, '}');
	if (report->options.has_baseline)
		buffer_literal(out, ",\"baselineState\":\"new\"");
	add_properties(out, finding);
	buffer_byte(out, '}');
}

static bool sarif_init(struct report *report)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);

	if (!keeper)
		return false;
	keeper->limit = report->options.sarif_limit;
	report->own = keeper;
	return true;
}

static void sarif_fini(struct report *report)
{
	keeper_fini(report->own);
	free(report->own);
}

/** Writes a result at once; with a limit, keeps it if it is one of the most severe ones. */
static void sarif_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct keeper *keeper = report->own;
	struct buffer written = report->out;
	struct kept_row row = {.severity = finding->severity, .number = report->finding_count};

	if (!keeper->limit) {
		buffer_string(&report->out, report->finding_count > 1 ? ",\n" : "\n");
		add_result(report, finding, rule);
		return;
	}
	if (!keeper_wants(keeper, KEEPER_NO_HOST, finding->severity))
		return;
	buffer_init(&report->out);
	add_result(report, finding, rule);
	row.text = report->out;
	report->out = written;
	if (!keeper_take(keeper, KEEPER_NO_HOST, &row))
		report->out.failed = true;
}

/** Writes the results that were kept, with the most severe first. */
static void add_kept(struct report *report)
{
	struct kept_rows rows = {NULL, 0, 0};

	if (!keeper_finish(report->own, &rows))
		report->out.failed = true;
	for (size_t i = 0; i < rows.count; i++) {
		buffer_string(&report->out, i ? ",\n" : "\n");
		buffer_add(&report->out, rows.items[i].text.data, rows.items[i].text.size);
	}
	kept_rows_fini(&rows);
}

/** Writes a notification that results are missing. */
static void add_left_out(struct report *report)
{
	const struct keeper *keeper = report->own;
	struct buffer *out = &report->out;

	if (!keeper->limit || keeper->count == report->finding_count)
		return;
	buffer_literal(out,
		",\"toolExecutionNotifications\":[{\"level\":\"warning\",\"message\":{\"text\":\"");
	buffer_unsigned(out, report->finding_count - keeper->count);
	buffer_literal(out, " results of ");
	buffer_unsigned(out, report->finding_count);
	buffer_literal(out, " are left out; these are the most severe\"}}]");
}

/** Ends the log. The execution counts as successful only if no input was refused. */
static void sarif_finish(struct report *report, const struct report_totals *totals)
{
	const struct ds_counts *counts = &totals->counts;
	struct buffer *out = &report->out;

	add_kept(report);
	buffer_literal(out, "\n],\n\"invocations\":[{\"executionSuccessful\":");
	buffer_string(out, counts->rejected || counts->stream_errors ? "false" : "true");
	add_left_out(report);
	buffer_literal(out, "}],\n\"properties\":{");
	json_number(out, "domains", counts->domains);
	json_number(out, "rejected", counts->rejected);
	json_number(out, "disks", counts->disks);
	json_number(out, "belowThreshold", totals->below_threshold);
	json_number(out, "inBaseline", totals->in_baseline);
	json_number(out, "suppressed", totals->suppressed);
	json_number(out, "gone", totals->gone);
	buffer_literal(out, "}}]}\n");
}

const struct report_writer report_sarif = {.init = sarif_init,
	.begin = sarif_begin,
	.finding = sarif_finding,
	.finish = sarif_finish,
	.fini = sarif_fini};
