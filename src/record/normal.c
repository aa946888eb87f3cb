/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "record/normal.h"

#include "record/text.h"

#include <stdbool.h>
#include <stdlib.h>

/* ---- XML ---- */

/** The maximum number of attributes of one element that are sorted; further ones follow in their
 * order. */
#define ATTRIBUTES_MAX 64

struct attribute {
	struct ds_text name, value;
};

/** An element whose normal form is being written. */
struct xml_form {
	struct buffer *out;
	struct ds_text raw;
	size_t at;
	/** The text since the last tag, decoded. */
	struct buffer text;
	/** The last tag that was written has no `>` yet: its element has been empty so far. */
	bool is_open;
};

/** Adds the character that a reference represents; `name` is the reference without its & and
 * semicolon. Returns false when XML does not define the reference. */
static bool add_reference(struct buffer *out, struct ds_text name)
{
	static const struct {
		const char *name;
		char byte;
	} named[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"apos", '\''}, {"quot", '"'}};
	unsigned base = text_starts(name, "#x") ? 16 : 10;
	unsigned code = 0;
	char *room;

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (text_is(name, named[i].name)) {
			buffer_byte(out, named[i].byte);
			return true;
		}
	if (!text_starts(name, "#"))
		return false;
	name = text_from(name, base == 16 ? 2 : 1);
	for (size_t i = 0; i < name.size && code <= 0x10ffff; i++) {
		int digit = byte_hex(name.data[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		code = code * base + (unsigned)digit;
	}
	if (!name.size || code > 0x10ffff)
		return false;
	room = buffer_room(out, 4);
	if (room)
		out->size += (size_t)(text_put_code_point(room, code) - room);
	return true;
}

/** Adds a text with its references replaced and each end of a line as one line feed. */
static void add_decoded(struct buffer *out, struct ds_text text)
{
	for (size_t at = 0; at < text.size; at++) {
		struct ds_text rest = text_from(text, at + 1), name;
		const char *end = text.data[at] == '&' ? memchr(rest.data, ';', rest.size) : NULL;

		name = (struct ds_text){rest.data, end ? (size_t)(end - rest.data) : 0};
		if (end && add_reference(out, name))
			at += name.size + 1;
		else if (text.data[at] != '\r')
			buffer_byte(out, text.data[at]);
		else if (!rest.size || rest.data[0] != '\n')
			buffer_byte(out, '\n');
	}
}

/** Adds decoded text with the bytes escaped that would look like markup. */
static void add_escaped(struct buffer *out, struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '<' || text.data[i] == '&' || text.data[i] == '\'')
			buffer_string(out, text_entity(text.data[i]));
		else
			buffer_byte(out, text.data[i]);
}

/** Writes the text that came before a tag, unless it is blank. */
static void flush_text(struct xml_form *form)
{
	struct ds_text text = {form->text.data ? form->text.data : "", form->text.size};

	if (text_trim(text).size) {
		if (form->is_open)
			buffer_byte(form->out, '>');
		form->is_open = false;
		add_escaped(form->out, text);
	}
	form->text.size = 0;
}

/** Returns the remaining bytes up to `end`, and skips them and `end`. Without `end`, returns all
 * remaining bytes. */
static struct ds_text text_before(struct xml_form *form, const char *end)
{
	struct ds_text rest = text_from(form->raw, form->at);
	const char *found = rest.size ? memmem(rest.data, rest.size, end, strlen(end)) : NULL;

	if (!found) {
		form->at = form->raw.size;
		return rest;
	}
	rest.size = (size_t)(found - rest.data);
	form->at += rest.size + strlen(end);
	return rest;
}

static size_t name_end(struct ds_text raw, size_t at)
{
	while (at < raw.size && !byte_is_blank(raw.data[at]) && !strchr("=/>", raw.data[at]))
		at++;
	return at;
}

static size_t blanks_end(struct ds_text raw, size_t at)
{
	while (at < raw.size && byte_is_blank(raw.data[at]))
		at++;
	return at;
}

/** Reads the next attribute of a tag. Returns false at the tag's end. */
static bool read_attribute(struct xml_form *form, struct attribute *attribute)
{
	struct ds_text raw = form->raw;
	size_t begin = blanks_end(raw, form->at), end = name_end(raw, begin), quote;
	char delimiter[2] = {0};

	form->at = begin;
	quote = blanks_end(raw, end);
	if (end == begin || quote >= raw.size || raw.data[quote] != '=')
		return false;
	quote = blanks_end(raw, quote + 1);
	if (quote >= raw.size || (raw.data[quote] != '\'' && raw.data[quote] != '"'))
		return false;
	delimiter[0] = raw.data[quote];
	form->at = quote + 1;
	attribute->name = (struct ds_text){raw.data + begin, end - begin};
	attribute->value = text_before(form, delimiter);
	return true;
}

static int compare_attributes(const void *left, const void *right)
{
	const struct attribute *a = left, *b = right;

	return text_compare(a->name, b->name);
}

static void add_attribute(struct xml_form *form, const struct attribute *attribute)
{
	buffer_byte(form->out, ' ');
	buffer_add(form->out, attribute->name.data, attribute->name.size);
	buffer_literal(form->out, "='");
	form->text.size = 0;
	add_decoded(&form->text, attribute->value);
	add_escaped(form->out, (struct ds_text){form->text.data, form->text.size});
	form->text.size = 0;
	buffer_byte(form->out, '\'');
}

static void add_start(struct xml_form *form)
{
	struct attribute attributes[ATTRIBUTES_MAX], more;
	size_t begin = form->at, count = 0;

	if (form->is_open)
		buffer_byte(form->out, '>');
	form->is_open = true;
	form->at = name_end(form->raw, begin);
	buffer_byte(form->out, '<');
	buffer_add(form->out, form->raw.data + begin, form->at - begin);
	while (count < ATTRIBUTES_MAX && read_attribute(form, &attributes[count]))
		count++;
	qsort(attributes, count, sizeof *attributes, compare_attributes);
	for (size_t i = 0; i < count; i++)
		add_attribute(form, &attributes[i]);
	while (count == ATTRIBUTES_MAX && read_attribute(form, &more))
		add_attribute(form, &more);
	/* Only `>` or `/>` is left of the tag. */
	if (text_has(text_before(form, ">"), '/')) {
		buffer_literal(form->out, "/>");
		form->is_open = false;
	}
}

static void add_end(struct xml_form *form)
{
	struct ds_text name = text_trim(text_before(form, ">"));

	if (form->is_open) {
		buffer_literal(form->out, "/>");
	} else {
		buffer_literal(form->out, "</");
		buffer_add(form->out, name.data, name.size);
		buffer_byte(form->out, '>');
	}
	form->is_open = false;
}

/** Handles a tag or other markup, whose `<` was skipped. */
static void add_markup(struct xml_form *form)
{
	struct ds_text rest = text_from(form->raw, form->at);

	if (text_starts(rest, "![CDATA[")) {
		struct ds_text text;

		form->at += sizeof "![CDATA[" - 1;
		text = text_before(form, "]]>");
		buffer_add(&form->text, text.data, text.size);
	} else if (text_starts(rest, "!--")) {
		form->at += 3;
		text_before(form, "-->");
	} else if (text_starts(rest, "?")) {
		text_before(form, "?>");
	} else {
		flush_text(form);
		if (text_starts(rest, "/")) {
			form->at++;
			add_end(form);
		} else {
			add_start(form);
		}
	}
}

static void normal_element(struct buffer *out, struct ds_text raw)
{
	struct xml_form form = {.out = out, .raw = raw};

	buffer_init(&form.text);
	while (form.at < raw.size) {
		add_decoded(&form.text, text_before(&form, "<"));
		if (form.at < raw.size)
			add_markup(&form);
	}
	flush_text(&form);
	out->failed |= form.text.failed;
	buffer_fini(&form.text);
}

/** Returns whether the extra is an element: its path ends with the name of an element and not of an
 * attribute, and its value begins with a tag, unlike that of a scalar. */
static bool is_element(const struct ds_extra *extra)
{
	return !text_has(extra->path, '@') && text_starts(extra->raw, "<");
}

static void normal_xml(struct buffer *out, const struct ds_extra *extra)
{
	struct ds_text value = extra->raw;

	if (is_element(extra))
		normal_element(out, value);
	else if (text_has(extra->path, '@'))
		buffer_add(out, value.data, value.size);
	else
		add_decoded(out, text_trim(value));
}

/* ---- SEXPR ---- */

static bool ends_atom(char byte)
{
	return byte_is_blank(byte) || byte == '\v' || byte == '\f' || byte == '(' || byte == ')' ||
		byte == '#';
}

static bool needs_quotes(struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (ends_atom(text.data[i]) || strchr("'\"\\", text.data[i]))
			return true;
	return !text.size;
}

/** Adds a string without its quotes, or with single quotes if it needs quotes. Only escaped quotes
 * change with the kind of quotes; all other escapes stay as they are. */
static void add_quoted(struct buffer *out, struct ds_text text)
{
	if (!needs_quotes(text)) {
		buffer_add(out, text.data, text.size);
		return;
	}
	buffer_byte(out, '\'');
	for (size_t i = 0; i < text.size; i++) {
		bool is_escape = text.data[i] == '\\' && i + 1 < text.size;

		i += is_escape;
		if (text.data[i] == '\'' || (is_escape && text.data[i] != '"'))
			buffer_byte(out, '\\');
		buffer_byte(out, text.data[i]);
	}
	buffer_byte(out, '\'');
}

/** Returns the position after the string or atom at `at`. */
static size_t value_end(struct ds_text raw, size_t at)
{
	char quote = raw.data[at];

	if (quote != '\'' && quote != '"') {
		while (at < raw.size && !ends_atom(raw.data[at]))
			at++;
		return at;
	}
	for (at++; at < raw.size && raw.data[at] != quote; at++)
		at += raw.data[at] == '\\';
	return at < raw.size ? at + 1 : raw.size;
}

static size_t skip_space(struct ds_text raw, size_t at)
{
	while (at < raw.size && ends_atom(raw.data[at]) && raw.data[at] != '(' &&
		raw.data[at] != ')') {
		bool is_comment = raw.data[at] == '#';

		while (is_comment && at < raw.size && raw.data[at] != '\n')
			at++;
		at += at < raw.size;
	}
	return at;
}

/** Returns what follows the key in a list; a text that is not a list is returned unchanged. */
static struct ds_text without_key(struct ds_text raw)
{
	size_t at;

	raw = text_trim(raw);
	if (raw.size < 2 || raw.data[0] != '(')
		return raw;
	raw = (struct ds_text){raw.data + 1, raw.size - 2};
	at = skip_space(raw, 0);
	if (at < raw.size && raw.data[at] != '(')
		at = value_end(raw, at);
	return text_from(raw, at);
}

static void normal_sexpr(struct buffer *out, struct ds_text raw)
{
	size_t begin = out->size, end;

	for (size_t at = skip_space(raw, 0); at < raw.size; at = skip_space(raw, end)) {
		char byte = raw.data[at];

		if (out->size > begin && out->data[out->size - 1] != '(' && byte != ')')
			buffer_byte(out, ' ');
		end = byte == '(' || byte == ')' ? at + 1 : value_end(raw, at);
		/* Only the text between the quotes is passed on. A string that is not closed stays
		 * as it is. */
		if ((byte == '\'' || byte == '"') && end > at + 1 && raw.data[end - 1] == byte)
			add_quoted(out, (struct ds_text){raw.data + at + 1, end - at - 2});
		else
			buffer_add(out, raw.data + at, end - at);
	}
}

void normal_extra(struct buffer *out, enum ds_format format, const struct ds_extra *extra)
{
	if (format == DS_FORMAT_XML)
		normal_xml(out, extra);
	else
		normal_sexpr(out, without_key(extra->raw));
}
