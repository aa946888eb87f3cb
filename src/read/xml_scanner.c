/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_scanner.h"

#include "record/scan.h"
#include "record/text.h"

/*
 * Each step gets the position of what it reads and returns the position behind it, or ABANDON. The
 * last byte is known to be `>`: no name, blank or end tag goes beyond it, so that only values and
 * texts look for the end of the data.
 */
#define ABANDON SIZE_MAX

static struct ds_text text_at(const struct xml_scanner *scanner, size_t at, size_t end)
{
	return (struct ds_text){(const char *)scanner->data + at, end - at};
}

static inline size_t skip_blanks(const unsigned char *data, size_t at)
{
	while (data[at] <= ' ' && (data[at] == ' ' || data[at] == '\n' || data[at] == '\t'))
		at++;
	return at;
}

/** Reads a name in ASCII. */
static inline size_t read_name(const struct xml_scanner *scanner, size_t at, struct ds_text *name)
{
	size_t end = scan_name(scanner->data, at, scanner->size);

	*name = text_at(scanner, at, end);
	/* It must not begin with a digit, `-` or `.`. */
	return end > at && scanner->data[at] >= ':' ? end : ABANDON;
}

/** Skips a character that is not ASCII. */
static size_t skip_character(const struct xml_scanner *scanner, size_t at)
{
	const unsigned char *data = scanner->data + at;
	size_t size = text_character(text_at(scanner, 0, scanner->size), at);

	/* U+FFFE and U+FFFF are no characters of XML. */
	if (!size || (size == 3 && data[0] == 0xef && data[1] == 0xbf && data[2] >= 0xbe))
		return ABANDON;
	return at + size;
}

/** Reads a reference to a predefined entity; `*character` becomes what it stands for, a static
 * text. */
static size_t read_reference(const struct xml_scanner *scanner, size_t at,
	struct ds_text *character)
{
	static const struct {
		struct ds_text reference, character;
	} known[] = {
		{TEXT("&amp;"), TEXT("&")},
		{TEXT("&lt;"), TEXT("<")},
		{TEXT("&gt;"), TEXT(">")},
		{TEXT("&apos;"), TEXT("'")},
		{TEXT("&quot;"), TEXT("\"")},
	};
	struct ds_text rest = text_at(scanner, at, scanner->size);

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!text_starts(rest, known[i].reference.data))
			continue;
		*character = known[i].character;
		return at + known[i].reference.size;
	}
	return ABANDON;
}

/* ---- attributes ---- */

static bool decode(struct xml_scanner *scanner, struct ds_text text)
{
	if (text.size > sizeof scanner->decoded - scanner->decoded_size)
		return false;
	memcpy(scanner->decoded + scanner->decoded_size, text.data, text.size);
	scanner->decoded_size += text.size;
	return true;
}

/** Decodes the plain bytes of a value from `begin` on and the reference that follows at `at`. */
static size_t decode_reference(struct xml_scanner *scanner, size_t begin, size_t at)
{
	struct ds_text character = {NULL, 0};
	size_t end = read_reference(scanner, at, &character);

	if (end == ABANDON || !decode(scanner, text_at(scanner, begin, at)) ||
		!decode(scanner, character))
		return ABANDON;
	return end;
}

/** Reads a value and its quotes. */
static inline size_t read_value(struct xml_scanner *scanner, size_t at, struct ds_text *value)
{
	const unsigned char *data = scanner->data;
	const unsigned char quote = data[at];
	size_t begin = ++at, decoded = scanner->decoded_size;

	if (quote != '\'' && quote != '"')
		return ABANDON;
	for (;;) {
		at = scan_value(data, at, scanner->size, (char)quote);
		if (at == scanner->size)
			return ABANDON;
		if (data[at] == quote)
			break;
		if (data[at] == '&')
			begin = at = decode_reference(scanner, begin, at);
		else
			at = data[at] < 0x80 ? ABANDON : skip_character(scanner, at);
		if (at == ABANDON)
			return ABANDON;
	}
	*value = text_at(scanner, begin, at);
	if (scanner->decoded_size == decoded)
		return at + 1;
	if (!decode(scanner, *value))
		return ABANDON;
	*value = (struct ds_text){scanner->decoded + decoded, scanner->decoded_size - decoded};
	return at + 1;
}

static bool is_same(struct ds_text a, struct ds_text b)
{
	return memcmp(a.data, b.data, a.size) == 0;
}

static inline bool is_repeated(const struct xml_scanner *scanner, struct ds_text name)
{
	for (size_t i = 0; i < scanner->count; i++) {
		struct ds_text other = scanner->attributes[i].name;

		if (other.size == name.size && *other.data == *name.data && is_same(other, name))
			return true;
	}
	return false;
}

static inline size_t read_attribute(struct xml_scanner *scanner, size_t at)
{
	const unsigned char *data = scanner->data;
	struct xml_attribute *attribute = &scanner->attributes[scanner->count];

	if (scanner->count == XML_SCANNER_ATTRIBUTES)
		return ABANDON;
	at = read_name(scanner, at, &attribute->name);
	if (at == ABANDON || is_repeated(scanner, attribute->name))
		return ABANDON;
	if (data[at] != '=')
		at = skip_blanks(data, at);
	if (data[at] != '=')
		return ABANDON;
	at++;
	if (data[at] <= ' ')
		at = skip_blanks(data, at);
	scanner->count++;
	return read_value(scanner, at, &attribute->value);
}

/* ---- tags and text ---- */

/** Reports the end of an element. That of the outermost one is the end of the domain. */
static inline size_t end_element(const struct xml_scanner *scanner, size_t at)
{
	const struct xml_events *events = scanner->events;

	return (scanner->depth || at == scanner->size) && events->end(events->context, at)
		? at
		: ABANDON;
}

/** Reports a start tag, or an empty element, which begins at `begin`; its end is at `at`. */
static inline size_t end_start_tag(struct xml_scanner *scanner, size_t begin, struct ds_text name,
	size_t at)
{
	const struct xml_events *events = scanner->events;
	bool is_empty = scanner->data[at] == '/';

	at += is_empty;
	if (scanner->data[at++] != '>' || scanner->depth == XML_SCANNER_DEPTH ||
		!events->start(events->context, begin, name, scanner->attributes, scanner->count))
		return ABANDON;
	if (is_empty)
		return end_element(scanner, at);
	scanner->open[scanner->depth++] = name;
	return at;
}

static inline size_t read_start_tag(struct xml_scanner *scanner, size_t begin)
{
	const unsigned char *data = scanner->data;
	struct ds_text name;
	size_t at = read_name(scanner, begin + 1, &name), next;

	scanner->count = 0;
	scanner->decoded_size = 0;
	while (at != ABANDON) {
		next = skip_blanks(data, at);
		if (data[next] == '>' || data[next] == '/')
			return end_start_tag(scanner, begin, name, next);
		at = next == at ? ABANDON : read_attribute(scanner, next);
	}
	return ABANDON;
}

static inline size_t read_end_tag(struct xml_scanner *scanner, size_t at)
{
	const struct ds_text *name = &scanner->open[--scanner->depth];

	at += 2;
	if (scanner->size - at <= name->size ||
		memcmp(scanner->data + at, name->data, name->size) != 0)
		return ABANDON;
	at = skip_blanks(scanner->data, at + name->size);
	return scanner->data[at] == '>' ? end_element(scanner, at + 1) : ABANDON;
}

/** Reports plain text. */
static inline bool report_text(const struct xml_scanner *scanner, size_t begin, size_t end)
{
	const struct xml_events *events = scanner->events;

	return begin == end || events->text(events->context, begin, text_at(scanner, begin, end));
}

/** Reports the plain text from `begin` on and the reference that follows at `at`. */
static size_t report_reference(const struct xml_scanner *scanner, size_t begin, size_t at)
{
	const struct xml_events *events = scanner->events;
	struct ds_text character;
	size_t end = read_reference(scanner, at, &character);

	if (end == ABANDON || !report_text(scanner, begin, at) ||
		!events->text(events->context, at, character))
		return ABANDON;
	return end;
}

/** Reads text that is not only indentation, up to the next tag. */
static size_t read_words(const struct xml_scanner *scanner, size_t at)
{
	const unsigned char *data = scanner->data;
	size_t begin = at;

	while (at != ABANDON) {
		at = scan_value(data, at, scanner->size, ']');
		if (at == scanner->size)
			return ABANDON;
		if (data[at] == '<')
			return report_text(scanner, begin, at) ? at : ABANDON;
		if (data[at] == '&')
			begin = at = report_reference(scanner, begin, at);
		else if (data[at] == ']')
			at = scanner->size - at > 2 && data[at + 1] == ']' && data[at + 2] == '>'
				? ABANDON
				: at + 1;
		else if (data[at] < 0x80)
			at = data[at] == '\n' || data[at] == '\t' ? at + 1 : ABANDON;
		else
			at = skip_character(scanner, at);
	}
	return ABANDON;
}

/** Reads text up to the next tag. */
static inline size_t read_text(const struct xml_scanner *scanner, size_t begin)
{
	const struct xml_events *events = scanner->events;
	const unsigned char *data = scanner->data;
	size_t at;

	if (data[begin] != '\n')
		return read_words(scanner, begin);
	at = scan_indentation(data, begin + 1, scanner->size);
	if (data[at] != '<')
		return read_words(scanner, begin);
	return events->blanks(events->context, begin, text_at(scanner, begin, at)) ? at : ABANDON;
}

bool xml_scanner_read(struct xml_scanner *scanner, const struct xml_events *events,
	const char *data, size_t size)
{
	size_t at = 0;

	scanner->events = events;
	scanner->data = (const unsigned char *)data;
	scanner->size = size;
	scanner->depth = 0;
	if (size < 2 || data[0] != '<' || data[1] == '/' || data[size - 1] != '>')
		return false;
	do {
		if (data[at] != '<')
			at = read_text(scanner, at);
		else if (data[at + 1] == '/')
			at = read_end_tag(scanner, at);
		else
			at = read_start_tag(scanner, at);
	} while (at < size);
	return at == size && !scanner->depth;
}
