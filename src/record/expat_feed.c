/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "record/expat_feed.h"

#include <string.h>

/** Expat is fed this many bytes at once, because it copies them and keeps the memory. While it has
 * more bytes than this of unfinished markup, it is fed as many as it already has, because it scans
 * the markup from its beginning each time. */
#define CHUNK_SIZE ((size_t)64 << 10)

/** The shortest attribute, with the blank before it: ` a=""`. */
#define ATTRIBUTE_SIZE ((size_t)5)

/** Returns the offset after the next `delimiter`, or `size` if no delimiter follows. */
static size_t find_end(const char *data, size_t size, size_t from, const char *delimiter)
{
	size_t length = strlen(delimiter);
	const char *found =
		from < size ? memmem(data + from, size - from, delimiter, length) : NULL;

	return found ? (size_t)(found - data) + length : size;
}

static bool begins(const char *data, size_t size, size_t at, const char *delimiter)
{
	size_t length = strlen(delimiter);

	return size - at >= length && memcmp(data + at, delimiter, length) == 0;
}

/** Returns the offset after the markup that begins with `<!` or `<?`. `*is_section` is set for a
 * CDATA section, which may have any size. */
static size_t find_special_end(const char *data, size_t size, size_t at, bool *is_section)
{
	*is_section = begins(data, size, at, "<![CDATA[");
	if (*is_section)
		return find_end(data, size, at + 9, "]]>");
	if (begins(data, size, at, "<!--")) {
		size_t end = find_end(data, size, at + 4, "--");

		return end < size && data[end] == '>' ? end + 1 : end;
	}
	return find_end(data, size, at, begins(data, size, at, "<?") ? "?>" : ">");
}

/** Returns the offset after the tag at `at`, which ends before `stop` at the latest, and counts its
 * attributes. */
static size_t find_tag_end(const char *data, size_t stop, size_t at, size_t *attributes)
{
	*attributes = 0;
	for (; at < stop && data[at] != '>'; at++) {
		const char *close;

		if (data[at] != '"' && data[at] != '\'')
			continue;
		close = memchr(data + at + 1, data[at], stop - at - 1);
		if (!close)
			return stop;
		at = (size_t)(close - data);
		++*attributes;
	}
	return at < stop ? at + 1 : stop;
}

bool expat_excess_find(const char *data, size_t size, size_t from, const struct ds_limits *limits,
	struct expat_excess *excess)
{
	size_t most = limits->token_size + EXPAT_MARKUP_EXTRA;
	size_t least = limits->attributes * ATTRIBUTE_SIZE;
	const char *found;

	least = least < most ? least : most;
	if (size - from <= least)
		return false;
	while ((found = memchr(data + from, '<', size - from))) {
		size_t at = (size_t)(found - data), end, attributes = 0;
		bool is_section = false;

		if (size - at > 1 && (found[1] == '!' || found[1] == '?')) {
			end = from = find_special_end(data, size, at, &is_section);
		} else {
			found = memchr(found + 1, '<', size - at - 1);
			end = from = found ? (size_t)(found - data) : size;
			/* Nearly all tags are short, so that there is no need to look into them. */
			if (end - at > least)
				end = find_tag_end(data, end, at, &attributes);
		}
		*excess = (struct expat_excess){.at = at, .end = end};
		if (attributes > limits->attributes)
			excess->why =
				"an element has more attributes than the limit (--max-attributes)";
		else if (end - at > most && !is_section)
			excess->why = "a tag, comment or processing instruction is larger than "
				      "the limit (--max-token)";
		if (excess->why)
			return true;
	}
	return false;
}

int64_t expat_offset(XML_Parser parser)
{
#ifdef DOMSTREAM_EXPAT_INDEX64
	return XML_GetCurrentByteIndex64(parser);
#else
	return XML_GetCurrentByteIndex(parser);
#endif
}

size_t expat_event_size(XML_Parser parser)
{
#ifdef DOMSTREAM_EXPAT_INDEX64
	return (size_t)XML_GetCurrentByteCount64(parser);
#else
	return (size_t)XML_GetCurrentByteCount(parser);
#endif
}

void expat_set_salt(XML_Parser parser, struct siphash_key key)
{
#ifdef DOMSTREAM_EXPAT_SALT16
	uint8_t salt[16];

	memcpy(salt, &key.low, 8);
	memcpy(salt + 8, &key.high, 8);
	XML_SetHashSalt16Bytes(parser, salt);
#else
	/* Expat treats a salt of 0 as unset. */
	XML_SetHashSalt(parser, (unsigned long)key.low | 1);
#endif
}

enum XML_Status expat_feed(XML_Parser parser, size_t given, const char *data, size_t size)
{
	enum XML_Status status;
	size_t done = 0;

	do {
		int64_t seen = expat_offset(parser);
		size_t held = done && seen >= 0 ? given + done - (size_t)seen : 0;
		size_t most = held < CHUNK_SIZE ? CHUNK_SIZE : held;
		size_t chunk = size - done < most ? size - done : most;

		status = XML_Parse(parser, data + done, (int)chunk, XML_FALSE);
		done += chunk;
	} while (status == XML_STATUS_OK && done < size);
	return status;
}
