/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/xml_markup.h"

#include <string.h>

/** The size of the longest delimiters that must be complete to be recognized: `<![CDATA[` and
 * `<!DOCTYPE`. */
#define MARKUP_SIZE 9

static bool markup_starts(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);

	return block->size - at >= size && memcmp(block->data + at, string, size) == 0;
}

/** Returns whether the bytes up to the block's end may still become `string`. */
static bool markup_may_start(const struct block *block, size_t at, const char *string)
{
	size_t size = block->size - at;

	return size < strlen(string) && memcmp(block->data + at, string, size) == 0;
}

static bool ends_name(char byte)
{
	return frame_is_blank(byte) || byte == '>' || byte == '/';
}

/** Returns whether a name may begin with this byte, which may be the first one of a character that
 * is not in ASCII. */
static bool begins_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
		byte == ':' || (unsigned char)byte >= 0x80;
}

int markup_is_tag(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);

	if (block->size - at > size)
		return markup_starts(block, at, string) && ends_name(block->data[at + size]);
	return markup_starts(block, at, string) || markup_may_start(block, at, string) ? -1 : 0;
}

uint64_t markup_name_hash(struct ds_text name)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ (unsigned char)name.data[i]) * 0x100000001b3u;
	return hash;
}

size_t markup_find(const struct block *block, size_t from, const char *end)
{
	size_t size = strlen(end);

	while (from < block->size) {
		const char *at = memchr(block->data + from, end[0], block->size - from);

		if (!at)
			return 0;
		from = (size_t)(at - block->data);
		if (markup_starts(block, from, end))
			return from + size;
		from++;
	}
	return 0;
}

/* ---- markup that is not a tag ---- */

enum markup markup_at(const struct block *block, size_t at)
{
	int declaration;

	if (block->size - at < 2)
		return MARKUP_SHORT;
	if (block->data[at + 1] == '?') {
		declaration = markup_is_tag(block, at, "<?xml");
		if (declaration)
			return declaration < 0 ? MARKUP_SHORT : MARKUP_DECLARATION;
		return begins_name(block->data[at + 2]) ? MARKUP_INSTRUCTION : MARKUP_UNKNOWN;
	}
	if (block->data[at + 1] != '!')
		return MARKUP_NONE;
	if (markup_starts(block, at, "<!--"))
		return MARKUP_COMMENT;
	if (markup_starts(block, at, "<![CDATA["))
		return MARKUP_CDATA;
	if (markup_starts(block, at, "<!DOCTYPE"))
		return MARKUP_DOCTYPE;
	return block->size - at < MARKUP_SIZE ? MARKUP_SHORT : MARKUP_UNKNOWN;
}

size_t markup_start_size(enum markup markup)
{
	return markup == MARKUP_COMMENT ? 4 : markup == MARKUP_CDATA ? MARKUP_SIZE : 2;
}

const char *markup_end_delimiter(enum markup markup)
{
	return markup == MARKUP_COMMENT ? "--" : markup == MARKUP_CDATA ? "]]>" : "?>";
}

size_t markup_end(const struct block *block, size_t at, enum markup markup, size_t *broken)
{
	size_t content = at + markup_start_size(markup);
	size_t end = markup_find(block, content, markup_end_delimiter(markup));
	const char *tag = NULL;

	*broken = 0;
	/* A declaration contains only attributes, so it is noticed when its end was lost. */
	if (markup == MARKUP_DECLARATION)
		tag = memchr(block->data + content, '<', (end ? end : block->size) - content);
	if (tag) {
		*broken = (size_t)(tag - block->data);
		return 0;
	}
	if (!end || markup != MARKUP_COMMENT)
		return end;
	if (end == block->size)
		return 0;
	if (block->data[end] == '>')
		return end + 1;
	*broken = end;
	return 0;
}

/* ---- tags ---- */

struct markup_tag markup_tag(const struct block *block, size_t at)
{
	const char *data = block->data;
	struct markup_tag tag = {.closes = data[at + 1] == '/'};
	size_t name = at + 1 + (size_t)tag.closes;
	size_t i = name;
	char quote = 0;

	/* The characters that end a name are not above `>`, and most characters of a name are. */
	while (i < block->size &&
		((unsigned char)data[i] > '>' || (!ends_name(data[i]) && data[i] != '<')))
		i++;
	tag.name = (struct ds_text){data + name, i - name};
	for (; i < block->size; i++) {
		char byte = data[i];

		if (byte == '<') {
			tag.broken = i;
			return tag;
		}
		if (quote)
			quote = byte == quote ? 0 : quote;
		else if (byte == '"' || byte == '\'')
			quote = byte;
		else if (byte == '>')
			break;
	}
	if (i == block->size)
		return tag;
	tag.is_empty = data[i - 1] == '/';
	tag.end = i + 1;
	return tag;
}

/* ---- documents ---- */

/** Returns the value of `encoding` in a declaration, or a NULL text if it is missing. */
static struct ds_text declared_encoding(const char *data, size_t size)
{
	struct ds_text value = {NULL, 0};

	for (size_t i = 0; i + 9 < size; i++) {
		const char *close;
		size_t at = i + 8;

		if (memcmp(data + i, "encoding", 8) != 0)
			continue;
		while (at < size && (frame_is_blank(data[at]) || data[at] == '='))
			at++;
		if (at == size || (data[at] != '"' && data[at] != '\''))
			return value;
		close = memchr(data + at + 1, data[at], size - at - 1);
		if (close)
			value = (struct ds_text){data + at + 1, (size_t)(close - data) - at - 1};
		return value;
	}
	return value;
}

void markup_encoding(const char *data, size_t size, char name[MARKUP_ENCODING_SIZE])
{
	struct ds_text declared = declared_encoding(data, size);
	size_t length =
		declared.size < MARKUP_ENCODING_SIZE ? declared.size : MARKUP_ENCODING_SIZE - 1;

	for (size_t i = 0; i < length; i++)
		name[i] =
			declared.data[i] > ' ' && declared.data[i] <= '~' ? declared.data[i] : '?';
	name[length] = 0;
}

bool markup_is_utf8(const char *name)
{
	static const char letters[] = "utf8";
	size_t matched = 0;

	for (; *name; name++) {
		char byte = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;

		if (byte == '-' || byte == '_')
			continue;
		if (matched == sizeof letters - 1 || byte != letters[matched])
			return false;
		matched++;
	}
	return matched == sizeof letters - 1;
}

size_t markup_doctype(const struct block *block, size_t at, bool *has_subset)
{
	bool is_inside = false;
	char quote = 0;

	*has_subset = false;
	for (size_t i = at; i < block->size; i++) {
		char byte = block->data[i];

		if (quote) {
			quote = byte == quote ? 0 : quote;
		} else if (byte == '"' || byte == '\'') {
			quote = byte;
		} else if (byte == '[') {
			is_inside = *has_subset = true;
		} else if (byte == ']') {
			is_inside = false;
		} else if (byte == '>' && !is_inside) {
			return i + 1;
		}
	}
	return 0;
}
