/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/decoder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/** If the memory of a text is larger than this, it is freed before the next conversion. */
#define TEXT_KEEP ((size_t)256 << 10)

/** The input for iconv(), which expects a pointer to bytes that are not const, but does not change
 * them. */
#define BYTES(text) ((char *)(uintptr_t)(text))

static void close_converter(struct decoder_converter *converter)
{
	if (converter->name && converter->found == DECODE_OK)
		iconv_close(converter->iconv);
	free(converter->name);
	converter->name = NULL;
}

void decoder_fini(struct decoder *decoder)
{
	for (size_t i = 0; i < DECODER_CONVERTERS; i++)
		close_converter(&decoder->converters[i]);
	buffer_fini(&decoder->text);
}

/* ---- names ---- */

/** Returns whether a name may be passed to iconv, which would interpret what follows a slash or a
 * comma as an option. */
static bool is_name(const char *name)
{
	return *name &&
		!name[strspn(name,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._:()")];
}

/** Copies a name with each underscore replaced by a hyphen or, if `is_short`, without underscores
 * and hyphens. */
static void respell(char *to, const char *name, bool is_short)
{
	for (; *name; name++)
		if (!is_short || (*name != '-' && *name != '_'))
			*to++ = *name == '_' ? '-' : *name;
	*to = 0;
}

/** Opens a converter by a name as programs write it: "utf_8", "iso8859_15", "latin-1", "x-sjis".
 * `spelling` has room for the name. */
static iconv_t open_by_name(const char *name, char *spelling)
{
	iconv_t converter = iconv_open("UTF-8", name);

	for (int is_short = 0; is_short < 2 && converter == (iconv_t)-1 && errno == EINVAL;
		is_short++) {
		respell(spelling, name, is_short);
		if (*spelling)
			converter = iconv_open("UTF-8", spelling);
	}
	if (converter != (iconv_t)-1 || errno != EINVAL || (name[0] != 'x' && name[0] != 'X') ||
		name[1] != '-' || !name[2])
		return converter;
	return iconv_open("UTF-8", name + 2);
}

/* ---- conversion ---- */

/** Converts the input to at most `most` bytes of text. Returns how many bytes of the input were
 * converted; `*reason` is 0 or the errno of iconv(). */
static size_t convert(struct decoder *decoder, struct ds_text input, size_t most, int *reason)
{
	iconv_t converter = decoder->converters[decoder->current].iconv;
	char *in = BYTES(input.data);
	size_t in_left = input.size;
	bool is_flushed = false;

	buffer_clear(&decoder->text, TEXT_KEEP);
	iconv(converter, NULL, NULL, NULL, NULL);
	for (*reason = 0; !*reason && !is_flushed;) {
		size_t left = most - decoder->text.size;
		size_t wanted = in_left + in_left / 4 + 16;
		size_t room = wanted < left ? wanted : left, out_left = room;
		/* With one byte more, there is a buffer even if there is no room. */
		char *out = buffer_room(&decoder->text, room + 1);
		size_t result;

		if (!out) {
			*reason = ENOMEM;
			break;
		}
		/* Some converters hold the last character back, because the next one might combine
		 * with it. */
		is_flushed = !in_left;
		result = in_left ? iconv(converter, &in, &in_left, &out, &out_left)
				 : iconv(converter, NULL, NULL, &out, &out_left);
		if (result == (size_t)-1 && (errno != E2BIG || room == left))
			*reason = errno;
		decoder->text.size += room - out_left;
	}
	return input.size - in_left;
}

/** Checks that the characters of which XML markup consists are the same as in ASCII, and that the
 * encoding has no shift states: an escape byte must have no effect on the bytes after it. */
static enum decoder_result check_ascii(struct decoder *decoder)
{
	static const char ascii[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "\t\n\r !\"&'+-./:;<=>?[]_\033";
	const struct buffer *text = &decoder->text;
	int reason;

	convert(decoder, (struct ds_text){ascii, sizeof ascii - 1}, SIZE_MAX, &reason);
	if (reason == ENOMEM)
		return DECODE_NO_MEMORY;
	if (reason || text->size != sizeof ascii - 1 ||
		memcmp(text->data, ascii, sizeof ascii - 1) != 0)
		return DECODE_NOT_ASCII;
	return DECODE_OK;
}

/** Opens the current converter. */
static enum decoder_result open_converter(struct decoder *decoder, const char *encoding)
{
	struct decoder_converter *converter = &decoder->converters[decoder->current];
	char *spelling = malloc(strlen(encoding) + 1);
	enum decoder_result result;

	if (!spelling)
		return DECODE_NO_MEMORY;
	errno = EINVAL;
	converter->iconv = is_name(encoding) ? open_by_name(encoding, spelling) : (iconv_t)-1;
	result = errno == ENOMEM ? DECODE_NO_MEMORY : DECODE_UNKNOWN;
	free(spelling);
	if (converter->iconv == (iconv_t)-1)
		return result;
	result = check_ascii(decoder);
	if (result != DECODE_OK)
		iconv_close(converter->iconv);
	return result;
}

/** Makes the converter for an encoding the current one. Returns false if it is not open. */
static bool select_open(struct decoder *decoder, const char *encoding)
{
	for (unsigned i = 0; i < DECODER_CONVERTERS; i++) {
		unsigned at = (decoder->current + i) % DECODER_CONVERTERS;

		if (!decoder->converters[at].name ||
			strcmp(decoder->converters[at].name, encoding) != 0)
			continue;
		decoder->current = at;
		return true;
	}
	return false;
}

/** Opens the converter for an encoding, unless it is open. The result is kept for later domains,
 * also if iconv does not know the encoding. */
static enum decoder_result find(struct decoder *decoder, const char *encoding)
{
	struct decoder_converter *converter;

	if (select_open(decoder, encoding))
		return decoder->converters[decoder->current].found;
	decoder->current = decoder->oldest;
	decoder->oldest = (decoder->oldest + 1) % DECODER_CONVERTERS;
	converter = &decoder->converters[decoder->current];
	close_converter(converter);
	converter->name = strdup(encoding);
	if (!converter->name)
		return DECODE_NO_MEMORY;
	converter->found = open_converter(decoder, encoding);
	if (converter->found != DECODE_NO_MEMORY)
		return converter->found;
	/* There may be memory the next time. */
	close_converter(converter);
	return DECODE_NO_MEMORY;
}

enum decoder_result decoder_convert(struct decoder *decoder, const char *encoding,
	struct ds_text input, size_t most, size_t *at)
{
	enum decoder_result found = find(decoder, encoding);
	size_t size = 0;
	int reason;

	*at = 0;
	if (found == DECODE_OK) {
		*at = convert(decoder, input, most, &reason);
		if (reason == ENOMEM)
			return DECODE_NO_MEMORY;
		if (reason == E2BIG)
			return DECODE_TOO_LARGE;
		return reason ? DECODE_INVALID : DECODE_OK;
	}
	buffer_clear(&decoder->text, TEXT_KEEP);
	while (size < input.size && (unsigned char)input.data[size] < 0x80)
		size++;
	buffer_add(&decoder->text, input.data, size);
	return decoder->text.failed ? DECODE_NO_MEMORY : found;
}

size_t decoder_offset(struct decoder *decoder, struct ds_text input, size_t at)
{
	int reason;

	return convert(decoder, input, at, &reason);
}
