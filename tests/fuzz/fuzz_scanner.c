/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../unit/xml_sources.h"
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The scanner and expat read the same bytes. Either the scanner abandons them, or expat reads them
 * to their end and reports the same events at the same positions. A reader with the scanner must
 * also have the same results as one without it.
 *
 * Bytes that do not begin a tag are the content of an element.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Records an error. Other fuzzers check whether its range is right. */
static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	char line[DS_ERROR_TEXT_SIZE + 80];
	int length = error
		? snprintf(line, sizeof line, "\n%s at %ju, %ju bytes: %s", error->id,
			  (uintmax_t)error->place.offset, (uintmax_t)error->length, error->text)
		: 0;

	transcript_add(context, line, (size_t)length);
	transcript_add(context, raw.data, raw.size);
	return DS_OK;
}

static void read_with(struct transcript *transcript, enum ds_xml_parser parser, const char *data,
	size_t size)
{
	struct ds_reader_events events = {sizeof events, transcript, transcript_on_domain,
		on_rejected};
	struct ds_limits limits;
	struct ds_reader_options options;
	struct ds_reader *reader;

	fuzz_limits(&limits);
	ds_reader_options_init(&options, sizeof options);
	options.format = DS_FORMAT_XML;
	options.xml_parser = parser;
	if (fuzz_hash((const uint8_t *)data, size) & 1)
		options.limits = &limits;
	if (ds_reader_new(&options, &events, &reader) != DS_OK ||
		ds_reader_feed(reader, data, size) != DS_OK)
		finding("the reader fails");
	ds_reader_finish(reader);
	ds_reader_free(reader);
}

static void compare_records(const char *data, size_t size)
{
	struct transcript with = {0}, without = with;

	read_with(&with, DS_XML_PARSER_AUTO, data, size);
	read_with(&without, DS_XML_PARSER_EXPAT, data, size);
	transcript_compare(&with, &without, "the records depend on the parser");
	transcript_fini(&with);
	transcript_fini(&without);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char begin[] = "<domain><name>a</name>", end[] = "</domain>";
	bool is_tag = size && *data == '<';
	size_t all = is_tag ? size : size + sizeof begin - 1 + sizeof end - 1;
	char *bytes = malloc(all);

	if (!bytes)
		abort();
	if (is_tag) {
		memcpy(bytes, data, size);
	} else {
		memcpy(bytes, begin, sizeof begin - 1);
		if (size)
			memcpy(bytes + sizeof begin - 1, data, size);
		memcpy(bytes + sizeof begin - 1 + size, end, sizeof end - 1);
	}
	if (compare_sources(bytes, all) == SOURCES_DIFFER)
		finding("the scanner reads what expat does not read so");
	compare_records(bytes, all);
	free(bytes);
	return 0;
}
