/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_scanner.h"

#include "record/scan.h"
#include "record/text.h"

#include <string.h>

/*
 * Each step gets the address of what it reads and returns the address after it, or NULL to abandon
 * the domain. The last byte of the domain is known to be `>`, which ends every name, run of blanks,
 * value and text, so that none of them looks for the end.
 *
 * Only what most domains consist of is inlined; the rest is in functions of its own.
 */

static inline struct ds_text text_between(const unsigned char *begin, const unsigned char *end)
{
	return (struct ds_text){(const char *)begin, (size_t)(end - begin)};
}

static inline size_t position(const struct xml_scanner *scanner, const unsigned char *at)
{
	return (size_t)(at - scanner->begin);
}

static inline bool is_blank(unsigned char byte)
{
	return byte <= ' ' && (byte == ' ' || byte == '\n' || byte == '\t');
}

static inline const unsigned char *skip_blanks(const unsigned char *at)
{
	while (is_blank(*at))
		at++;
	return at;
}

/** Returns the address of the next byte that may end a value or text. */
SCAN_INLINE const unsigned char *find_markup(const struct xml_scanner *scanner,
	const unsigned char *at)
{
	return at + scan_find(at, 0, (size_t)(scanner->end - at), scan_markup);
}

/** Reads a name in ASCII, which must not begin with a digit, `-` or `.`. */
static inline const unsigned char *read_name(const struct xml_scanner *scanner,
	const unsigned char *at)
{
	const unsigned char *end = at + scan_find(at, 0, (size_t)(scanner->end - at), scan_no_name);

	return end > at && *at >= ':' ? end : NULL;
}

/** Returns the address after a predicted name, or NULL if another name begins at `at`. The name may
 * be longer than the predicted one. */
static inline const unsigned char *skip_predicted(const struct xml_scanner *scanner,
	const unsigned char *at, const struct key_guess *key)
{
	return key && at < scanner->last_head &&
			key_guess_begins(key, key->context, (const char *)at)
		? at + key->size
		: NULL;
}

/** Skips a character that is not ASCII. */
static const unsigned char *skip_character(const struct xml_scanner *scanner,
	const unsigned char *at)
{
	size_t size = *at < 0x80 ? 0 : text_character(text_between(at, scanner->end), 0);

	/* U+FFFE and U+FFFF are not characters of XML. */
	if (!size || (size == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe))
		return NULL;
	return at + size;
}

/** Reads a reference to a predefined entity; `*character` becomes its character, a static
 * text. */
static const unsigned char *read_reference(const struct xml_scanner *scanner,
	const unsigned char *at, struct ds_text *character)
{
	struct ds_text rest = text_between(at, scanner->end);

	for (const char *known = "&<>'\""; *known; known++) {
		const char *reference = text_entity(*known);

		if (text_starts(rest, reference)) {
			*character = (struct ds_text){known, 1};
			return at + strlen(reference);
		}
	}
	return NULL;
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
static const unsigned char *decode_reference(struct xml_scanner *scanner,
	const unsigned char *begin, const unsigned char *at)
{
	struct ds_text character = {NULL, 0};

	if (!decode(scanner, text_between(begin, at)))
		return NULL;
	at = read_reference(scanner, at, &character);
	return at && decode(scanner, character) ? at : NULL;
}

/** Reads the rest of a value that begins at `begin` and does not end at `at`. */
static const unsigned char *read_long_value(struct xml_scanner *scanner, const unsigned char *begin,
	const unsigned char *at, struct ds_text *value)
{
	const unsigned char quote = begin[-1];
	size_t decoded = scanner->decoded_size;

	for (; *at != quote; at = find_markup(scanner, at)) {
		if (*at == '&')
			begin = at = decode_reference(scanner, begin, at);
		else
			at = skip_character(scanner, at);
		if (!at)
			return NULL;
	}
	*value = text_between(begin, at);
	if (scanner->decoded_size == decoded)
		return at + 1;
	if (!decode(scanner, *value))
		return NULL;
	*value = (struct ds_text){scanner->decoded + decoded, scanner->decoded_size - decoded};
	return at + 1;
}

/** Reads a value and its quotes. */
static inline const unsigned char *read_attribute_value(struct xml_scanner *scanner,
	const unsigned char *at, struct ds_text *value)
{
	const unsigned char *begin = at + 1;

	if (*at != '\'' && *at != '"')
		return NULL;
	at = find_markup(scanner, begin);
	if (*at != begin[-1])
		return read_long_value(scanner, begin, at, value);
	*value = text_between(begin, at);
	return at + 1;
}

/** Returns whether an attribute has the name of one of the `count` attributes before it. If its key
 * was predicted, so were theirs. */
static inline bool is_repeated_attribute(const struct xml_scanner *scanner, size_t count)
{
	const struct xml_attribute *attribute = &scanner->attributes[count];

	for (size_t i = 0; i < count; i++)
		if (attribute->key ? attribute->key == scanner->attributes[i].key
				   : text_same_bytes(attribute->name, scanner->attributes[i].name))
			return true;
	return false;
}

/** Reads an attribute that has `count` others before it. */
static inline const unsigned char *read_attribute(struct xml_scanner *scanner,
	const unsigned char *begin, size_t count, struct key_guess *key)
{
	struct xml_attribute *attribute = &scanner->attributes[count];
	const unsigned char *at;

	if (count == XML_SCANNER_ATTRIBUTES)
		return NULL;
	at = skip_predicted(scanner, begin, key);
	attribute->key = at && *at == '=' ? key : NULL;
	if (!attribute->key)
		at = read_name(scanner, begin);
	if (!at)
		return NULL;
	attribute->name = text_between(begin, at);
	if (is_repeated_attribute(scanner, count))
		return NULL;
	if (*at != '=')
		at = skip_blanks(at);
	if (*at++ != '=')
		return NULL;
	if (*at <= ' ')
		at = skip_blanks(at);
	return read_attribute_value(scanner, at, &attribute->value);
}

/* ---- tags and text ---- */

/** Reports the end of an element. That of the outermost one is the end of the domain. */
static inline const unsigned char *end_element(const struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *at)
{
	return (scanner->depth || at == scanner->end) &&
			events->end(scanner->context, position(scanner, at))
		? at
		: NULL;
}

/** Reads the end of a start tag, or of an empty element, and reports it. */
static inline const unsigned char *end_start_tag(struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *at)
{
	struct xml_tag *tag = &scanner->tag;
	bool is_empty = *at == '/';

	at += is_empty;
	if (*at++ != '>' || scanner->depth == XML_SCANNER_DEPTH ||
		!events->start(scanner->context, tag))
		return NULL;
	*scanner->next = tag->key;
	if (is_empty) {
		scanner->next = tag->key ? &tag->key->next : &scanner->unknown;
		return end_element(scanner, events, at);
	}
	scanner->next = tag->key ? &tag->key->child : &scanner->unknown;
	scanner->open[scanner->depth].key = tag->key;
	scanner->open[scanner->depth++].name = tag->name;
	return at;
}

static inline const unsigned char *read_start_tag(struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *begin)
{
	struct xml_tag *tag = &scanner->tag;
	struct key_guess *key = *scanner->next;
	const unsigned char *at = skip_predicted(scanner, begin + 1, key);

	if (!at || (*at > ' ' && *at != '>' && *at != '/')) {
		key = NULL;
		at = read_name(scanner, begin + 1);
		if (!at)
			return NULL;
	}
	tag->at = position(scanner, begin);
	tag->name = text_between(begin + 1, at);
	tag->key = key;
	tag->count = 0;
	key = key ? key->attribute : NULL;
	scanner->decoded_size = 0;
	while (is_blank(*at)) {
		at = skip_blanks(at + 1);
		if (*at == '>' || *at == '/')
			break;
		at = read_attribute(scanner, at, tag->count, key);
		if (!at)
			return NULL;
		key = scanner->attributes[tag->count++].key;
		key = key ? key->next : NULL;
	}
	return end_start_tag(scanner, events, at);
}

static inline const unsigned char *read_end_tag(struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *begin)
{
	struct ds_text name = scanner->open[--scanner->depth].name;
	struct key_guess *key = scanner->open[scanner->depth].key;
	const unsigned char *at = skip_predicted(scanner, begin + 2, key);

	scanner->next = key ? &key->next : &scanner->unknown;
	if (!at) {
		at = begin + 2;
		if ((size_t)(scanner->end - at) <= name.size ||
			memcmp(at, name.data, name.size) != 0)
			return NULL;
		at += name.size;
	}
	if (*at != '>')
		at = skip_blanks(at);
	return *at == '>' ? end_element(scanner, events, at + 1) : NULL;
}

/** Reports plain text. */
static inline bool report_text(const struct xml_scanner *scanner, const struct xml_events *events,
	const unsigned char *begin, const unsigned char *end)
{
	return begin == end ||
		events->text(scanner->context, position(scanner, begin), text_between(begin, end));
}

/** Reports the plain text from `begin` on and the reference that follows at `at`. */
static const unsigned char *report_reference(const struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *begin, const unsigned char *at)
{
	struct ds_text character;
	const unsigned char *end = read_reference(scanner, at, &character);

	if (!end || !report_text(scanner, events, begin, at) ||
		!events->text(scanner->context, position(scanner, at), character))
		return NULL;
	return end;
}

/** Reads text that begins at `begin`, up to the next tag. There is no `<` before `at`. */
static const unsigned char *read_words(const struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *begin, const unsigned char *at)
{
	while (at) {
		at = find_markup(scanner, at);
		switch (*at) {
		case '<':
			return report_text(scanner, events, begin, at) ? at : NULL;
		case '&':
			begin = at = report_reference(scanner, events, begin, at);
			break;
		case '"':
		case '\'':
		case '\n':
		case '\t':
			at++;
			break;
		default:
			at = skip_character(scanner, at);
		}
	}
	return NULL;
}

/** Reads text up to the next tag. */
static inline const unsigned char *read_text(const struct xml_scanner *scanner,
	const struct xml_events *events, const unsigned char *begin)
{
	const unsigned char *at = begin + 1;

	if (*begin != '\n') {
		at = find_markup(scanner, begin);
		if (*at != '<')
			return read_words(scanner, events, begin, at);
		return report_text(scanner, events, begin, at) ? at : NULL;
	}
	at += scan_find(at, 0, (size_t)(scanner->end - at), scan_no_blank);
	if (*at != '<')
		return read_words(scanner, events, begin, at);
	return events->blanks(scanner->context, position(scanner, begin), text_between(begin, at))
		? at
		: NULL;
}

bool xml_scanner_read(struct xml_scanner *scanner, const struct xml_events *events, void *context,
	const char *data, size_t size)
{
	const unsigned char *at = (const unsigned char *)data, *end = at + size;

	scanner->context = context;
	scanner->begin = at;
	scanner->end = end;
	scanner->last_head = size < KEY_NAME_HEAD ? at : end - KEY_NAME_HEAD;
	scanner->depth = 0;
	scanner->next = &scanner->first;
	scanner->tag.attributes = scanner->attributes;
	if (size < 2 || data[0] != '<' || data[1] == '/' || data[size - 1] != '>')
		return false;
	do {
		if (*at != '<')
			at = read_text(scanner, events, at);
		else if (at[1] == '/')
			at = read_end_tag(scanner, events, at);
		else
			at = read_start_tag(scanner, events, at);
	} while (at && at != end);
	return at && !scanner->depth;
}
