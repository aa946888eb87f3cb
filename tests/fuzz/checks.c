/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memfd_create(), memmem() */
#include "checks.h"

#include "record/expat_feed.h"
#include "record/text.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_utf8(const char *what, struct ds_text text)
{
	for (size_t at = 0; at < text.size;) {
		size_t size = text_character(text, at);

		if (!size)
			finding("%s: byte %zu is no UTF-8", what, at);
		at += size;
	}
}

void check_terminal(const char *what, const char *data, size_t size)
{
	struct ds_text text = {data, size};

	check_utf8(what, text);
	for (size_t at = 0; at < size; at += text_character(text, at))
		if (data[at] != '\n' && text_is_unsafe(text, at))
			finding("%s: byte %zu begins a character that a terminal obeys", what, at);
}

/* ---- JSON ---- */

struct json {
	const char *what;
	const char *at, *end;
	unsigned depth;
};

static char peek(const struct json *json)
{
	return json->at < json->end ? *json->at : '\0';
}

static void skip_blanks(struct json *json)
{
	while (json->at < json->end && byte_is_blank(*json->at))
		json->at++;
}

static void expect(struct json *json, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(json->end - json->at) < size || memcmp(json->at, word, size) != 0)
		finding("%s: there should be %s, and there is: %.*s", json->what, word,
			(int)(json->end - json->at < 40 ? json->end - json->at : 40), json->at);
	json->at += size;
}

static void read_string(struct json *json)
{
	expect(json, "\"");
	while (peek(json) != '"') {
		if ((unsigned char)peek(json) < 0x20)
			finding("%s: a control character in a string", json->what);
		if (*json->at++ != '\\')
			continue;
		if (peek(json) == 'u') {
			for (int i = 0; i < 4; i++)
				if (++json->at >= json->end || byte_hex(*json->at) < 0)
					finding("%s: \\u without digits", json->what);
		} else if (!peek(json) || !strchr("\"\\/bfnrt", peek(json))) {
			finding("%s: no such escape", json->what);
		}
		json->at++;
	}
	json->at++;
}

static void read_number(struct json *json)
{
	const char *begin = json->at;

	while (byte_is_digit(peek(json)))
		json->at++;
	if (json->at == begin || (*begin == '0' && json->at - begin > 1))
		finding("%s: no number", json->what);
}

static void read_value(struct json *json);

static void read_members(struct json *json, const char *open, const char *close, int is_object)
{
	expect(json, open);
	/* The program's own JSON is flat. */
	if (++json->depth > 32)
		finding("%s: too deep", json->what);
	skip_blanks(json);
	while (peek(json) != *close) {
		if (is_object) {
			read_string(json);
			skip_blanks(json);
			expect(json, ":");
		}
		read_value(json);
		if (peek(json) == *close)
			break;
		expect(json, ",");
		skip_blanks(json);
		if (peek(json) == *close)
			finding("%s: a comma too many", json->what);
	}
	expect(json, close);
	json->depth--;
}

static void read_value(struct json *json)
{
	skip_blanks(json);
	switch (peek(json)) {
	case '{':
		read_members(json, "{", "}", 1);
		break;
	case '[':
		read_members(json, "[", "]", 0);
		break;
	case '"':
		read_string(json);
		break;
	case 'n':
		expect(json, "null");
		break;
	case 't':
		expect(json, "true");
		break;
	case 'f':
		expect(json, "false");
		break;
	default:
		read_number(json);
	}
	skip_blanks(json);
}

void check_json(const char *what, const char *data, size_t size)
{
	struct json json = {what, data, data + size, 0};

	check_utf8(what, (struct ds_text){data, size});
	read_value(&json);
	if (json.at != json.end)
		finding("%s: something follows the value", what);
}

size_t check_json_lines(const char *what, const char *data, size_t size)
{
	struct ds_text rest = {data, size};
	size_t count = 0;

	if (!size)
		return 0;
	if (data[size - 1] != '\n')
		finding("%s: the last line has no end", what);
	rest.size--;
	while (rest.data) {
		struct ds_text line = text_split(rest, '\n', &rest);

		if (!text_starts(line, "{"))
			finding("%s: a line that is no object", what);
		check_json(what, line.data, line.size);
		count++;
	}
	return count;
}

/* ---- XML and HTML ---- */

void check_xml(const char *what, const char *data, size_t size)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	if (!parser)
		abort();
	if (XML_Parse(parser, data, (int)size, 1) != XML_STATUS_OK)
		finding("%s: byte %lld: %s", what, (long long)expat_offset(parser),
			XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
}

static int is_element(struct ds_text name)
{
	static const char *const names[] = {
		"!DOCTYPE",
		"a",
		"bdi",
		"body",
		"br",
		"button",
		"caption",
		"code",
		"dd",
		"details",
		"div",
		"dl",
		"dt",
		"fieldset",
		"footer",
		"form",
		"h1",
		"h2",
		"head",
		"header",
		"html",
		"input",
		"label",
		"legend",
		"li",
		"main",
		"meta",
		"option",
		"output",
		"p",
		"pre",
		"rect",
		"script",
		"section",
		"select",
		"span",
		"style",
		"summary",
		"svg",
		"table",
		"tbody",
		"td",
		"th",
		"thead",
		"title",
		"tr",
		"ul",
		NULL,
	};

	return text_is_one_of(name, names);
}

/** Checks an element's tag that begins at `at`, after the <. Returns its end. */
static size_t check_tag(const char *what, struct ds_text page, size_t at)
{
	size_t begin = at += page.data[at] == '/', end;

	while (at < page.size && !byte_is_blank(page.data[at]) && page.data[at] != '>' &&
		page.data[at] != '/')
		at++;
	if (!is_element((struct ds_text){page.data + begin, at - begin}))
		finding("%s: an element %.*s", what, (int)(at - begin < 40 ? at - begin : 40),
			page.data + begin);
	for (end = at; end < page.size && page.data[end] != '>'; end++)
		if (page.data[end] == '<')
			finding("%s: a tag in a tag", what);
	if (memmem(page.data + at, end - at, " on", 3))
		finding("%s: a handler in a tag: %.*s", what, (int)(end - at < 80 ? end - at : 80),
			page.data + at);
	return end;
}

/** Returns the position of the next occurrence of this word, or the page's end. */
static size_t find(struct ds_text page, size_t from, const char *word)
{
	const char *found = memmem(page.data + from, page.size - from, word, strlen(word));

	return found ? (size_t)(found - page.data) : page.size;
}

void check_html(const char *what, const char *data, size_t size)
{
	struct ds_text page = {data, size};
	size_t scripts = 0, styles = 0, text = 0;

	check_utf8(what, page);
	for (size_t at = find(page, 0, "<"); at < size; text = at, at = find(page, at, "<")) {
		size_t tag = at + 1;

		check_terminal(what, data + text, at - text);
		if (tag == size)
			finding("%s: the page is truncated", what);
		at = check_tag(what, page, tag);
		/* These two elements contain other text than HTML. */
		if (text_starts(text_from(page, tag), "script") && ++scripts)
			at = find(page, at, "</script>");
		else if (text_starts(text_from(page, tag), "style") && ++styles)
			at = find(page, at, "</style>");
	}
	if (scripts != 1 || styles != 1 || find(page, 0, "</html>\n") != size - 8)
		finding("%s: %zu scripts, %zu styles, or no end", what, scripts, styles);
}

/* ---- files ---- */

int memory_file(const char *data, size_t size, char name[32])
{
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, 32, "/proc/self/fd/%d", fd);
	return fd;
}
