/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml_sources.h"

#include "read/xml_expat.h"
#include "read/xml_scanner.h"
#include "record/buffer.h"

#include <stdint.h>
#include <string.h>

/** Records every event of a source. */
struct listener {
	struct buffer transcript;
	const char *data;
	size_t size;
	bool has_misplaced_text;
};

static void add(struct listener *listener, char what, size_t at, struct ds_text text)
{
	const size_t numbers[2] = {at, text.size};

	buffer_add(&listener->transcript, &what, 1);
	buffer_add(&listener->transcript, (const char *)numbers, sizeof numbers);
	buffer_add(&listener->transcript, text.data, text.size);
}

static bool on_start(void *context, size_t at, struct ds_text name,
	const struct xml_attribute *attributes, size_t count)
{
	add(context, '<', at, name);
	for (size_t i = 0; i < count; i++) {
		add(context, '@', i, attributes[i].name);
		add(context, '=', i, attributes[i].value);
	}
	return true;
}

/** Sources divide texts differently, so each byte is recorded by itself, with its position. */
static bool on_text(void *context, size_t at, struct ds_text text)
{
	struct listener *listener = context;
	size_t offset = (size_t)((uintptr_t)text.data - (uintptr_t)listener->data);
	bool is_own = offset < listener->size;

	listener->has_misplaced_text |= !text.size || (is_own && offset != at);
	for (size_t i = 0; i < text.size; i++)
		add(listener, 't', is_own ? at + i : at, (struct ds_text){text.data + i, 1});
	return true;
}

static bool on_end(void *context, size_t end)
{
	add(context, '>', end, (struct ds_text){"", 0});
	return true;
}

static const struct xml_events events = {on_start, on_text, on_text, on_end};

static bool parse(struct listener *parsed, const char *data, size_t size)
{
	const struct ds_limits limits = {.token_size = size,
		.attributes = XML_SCANNER_ATTRIBUTES + 1};
	struct xml_expat *expat = xml_expat_new(&events, parsed, &limits);
	struct xml_failure failure;
	bool is_read = expat && xml_expat_read(expat, data, size, &failure) == XML_READ;

	xml_expat_free(expat);
	return is_read;
}

enum sources_result compare_sources(const char *data, size_t size)
{
	static struct xml_scanner scanner;
	struct listener scanned = {.data = data, .size = size}, parsed = scanned;
	enum sources_result result = SOURCES_ABANDONED;

	if (xml_scanner_read(&scanner, &events, &scanned, data, size))
		result = parse(&parsed, data, size) && !scanned.has_misplaced_text &&
				!scanned.transcript.failed &&
				scanned.transcript.size == parsed.transcript.size &&
				memcmp(scanned.transcript.data, parsed.transcript.data,
					parsed.transcript.size) == 0
			? SOURCES_SAME
			: SOURCES_DIFFER;
	buffer_fini(&scanned.transcript);
	buffer_fini(&parsed.transcript);
	return result;
}
