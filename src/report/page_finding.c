/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/markup.h"
#include "report/page.h"

/** The maximum number of related disks that are shown. */
#define SHOWN_RELATED 20

static void add_detail(struct buffer *out, const char *term, struct ds_text text)
{
	if (!text_given(text))
		return;
	page_term(out, term);
	page_text(out, text);
	buffer_literal(out, "</dd>");
}

static void add_related(struct buffer *out, const struct ds_finding *finding)
{
	size_t shown =
		finding->related_count < SHOWN_RELATED ? finding->related_count : SHOWN_RELATED;

	if (!shown)
		return;
	page_term(out, "With");
	buffer_literal(out, "<ul>");
	for (size_t i = 0; i < shown; i++) {
		const struct ds_related *related = &finding->related[i];

		buffer_literal(out, "<li>");
		if (related->domain.data)
			page_text(out, related->domain);
		if (related->disk.data) {
			buffer_literal(out, " disk ");
			page_text(out, related->disk);
		}
		buffer_literal(out, " ");
		page_place(out, &related->place);
		buffer_literal(out, "</li>");
	}
	if (shown < finding->related_count) {
		buffer_literal(out, "<li>and ");
		page_counted(out, finding->related_count - shown, "other", "others");
		buffer_literal(out, "</li>");
	}
	buffer_literal(out, "</ul></dd>");
}

static void add_details(struct buffer *out, const struct ds_finding *finding)
{
	const struct ds_rule *rule = finding->rule;

	buffer_literal(out, "<dl>");
	add_detail(out, "Host", finding->host);
	add_detail(out, "Domain", finding->domain);
	add_detail(out, "UUID", finding->uuid);
	add_detail(out, "Disk", finding->disk);
	add_detail(out, "Source", finding->source);
	page_term(out, "Position");
	page_place(out, &finding->place);
	buffer_literal(out, "</dd>");
	add_related(out, finding);
	page_term(out, "Rule");
	buffer_literal(out, "<a href=\"#");
	buffer_string(out, rule->id);
	buffer_literal(out, "\">");
	buffer_string(out, rule->id);
	buffer_byte(out, ' ');
	buffer_string(out, rule->name);
	buffer_literal(out, ": ");
	markup_lines(out, rule->title);
	buffer_literal(out, "</a></dd>");
	add_detail(out, "Fingerprint", text_of_string(finding->fingerprint));
	buffer_literal(out, "</dl>");
}

void page_finding(struct buffer *out, const struct ds_finding *finding)
{
	const char *severity = ds_severity_text(finding->severity);

	buffer_literal(out, "<tr class=\"");
	buffer_string(out, severity);
	buffer_literal(out, "\" data-severity=\"");
	buffer_unsigned(out, (uint64_t)finding->severity);
	buffer_literal(out, "\"><td>");
	page_severity(out, finding->severity);
	buffer_literal(out, "</td><td><a href=\"#");
	buffer_string(out, finding->rule->id);
	buffer_literal(out, "\">");
	buffer_string(out, finding->rule->id);
	buffer_literal(out, "</a></td><td>");
	if (text_given(finding->host))
		page_text(out, finding->host);
	buffer_literal(out, "</td><td>");
	if (finding->domain.data)
		page_text(out, finding->domain);
	buffer_literal(out, "</td><td>");
	if (finding->disk.data)
		page_text(out, finding->disk);
	buffer_literal(out, "</td><td><details><summary>");
	page_text(out, finding->text);
	buffer_literal(out, "</summary>");
	add_details(out, finding);
	buffer_literal(out, "</details></td></tr>\n");
}
