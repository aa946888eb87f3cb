/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/encodings.h"

#include "record/text.h"
#include "record/value_set.h"

#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/** The maximum number of names that are kept. iconv of glibc knows 1,200, and each has some
 * spellings. */
#define NAMES_MAX 2048
/** The maximum size of a name, with its NUL byte. No name that iconv knows is longer. */
#define NAME_SIZE 64
/** The maximum number of converters that are open without being used. Each has some KiB. */
#define IDLE_MAX 128

/** If the memory of a text is larger than this, it is freed before the next conversion. */
#define TEXT_KEEP ((size_t)256 << 10)

/** The input for iconv(), which expects a pointer to bytes that are not const, but does not change
 * them. */
#define BYTES(text) ((char *)(uintptr_t)(text))

#define NO_CONVERTER ((iconv_t)-1)

/** The UTF-8 form of a byte. */
struct character {
	char bytes[3];
	/** 0 if the byte is not a character. */
	unsigned char size;
};

struct encoding {
	/** ENCODING_OK or ENCODING_NOT_ASCII. */
	enum encoding_result found;
	/** The characters of an encoding in which each byte is one; NULL for any other encoding. */
	struct character *table;
	/** The table belongs to an earlier item: most encodings have several names. */
	bool is_shared;
	/** For other encodings: a converter that no thread uses, or NO_CONVERTER. */
	iconv_t idle;
};

struct encodings {
	/** Guards all that follows, except `found` and `table` of an item, which do not change. */
	pthread_mutex_t lock;
	/** The names in upper case, with the numbers of their items. */
	struct value_set *names;
	size_t count, idle_count;
	struct encoding items[NAMES_MAX];
};

struct encodings *encodings_new(void)
{
	struct encodings *encodings = calloc(1, sizeof *encodings);

	if (encodings)
		pthread_mutex_init(&encodings->lock, NULL);
	return encodings;
}

static void encoding_fini(struct encoding *encoding)
{
	if (!encoding->is_shared)
		free(encoding->table);
	if (encoding->idle != NO_CONVERTER)
		iconv_close(encoding->idle);
}

void encodings_free(struct encodings *encodings)
{
	if (!encodings)
		return;
	for (size_t i = 0; i < encodings->count; i++)
		encoding_fini(&encodings->items[i]);
	value_set_free(encodings->names);
	pthread_mutex_destroy(&encodings->lock);
	free(encodings);
}

/* ---- names ---- */

/** Copies a name in upper case. Returns false if it may not be passed to iconv, which would
 * interpret what follows a slash or a comma as an option. */
static bool copy_name(char copy[NAME_SIZE], const char *name)
{
	static const char others[] = "abcdefghijklmnopqrstuvwxyz0123456789+-._:()";
	size_t size = strlen(name);

	if (!size || size >= NAME_SIZE)
		return false;
	for (size_t i = 0; i <= size; i++) {
		bool is_lower = name[i] >= 'a' && name[i] <= 'z';

		copy[i] = is_lower ? (char)(name[i] - 'a' + 'A') : name[i];
		if ((copy[i] < 'A' || copy[i] > 'Z') && !strchr(others, copy[i]))
			return false;
	}
	return true;
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

/** Opens a converter by a name as programs write it: "UTF_8", "ISO8859_15", "LATIN-1", "X-SJIS".
 * Returns NO_CONVERTER, with the reason in errno, if that is not possible. */
static iconv_t open_by_name(const char *name)
{
	char spelling[NAME_SIZE];
	iconv_t converter = iconv_open("UTF-8", name);

	for (int is_short = 0; is_short < 2 && converter == NO_CONVERTER && errno == EINVAL;
		is_short++) {
		respell(spelling, name, is_short);
		if (*spelling)
			converter = iconv_open("UTF-8", spelling);
	}
	if (converter == NO_CONVERTER && errno == EINVAL && name[0] == 'X' && name[1] == '-' &&
		name[2])
		converter = iconv_open("UTF-8", name + 2);
	return converter;
}

/* ---- conversion ---- */

/** Converts the input to at most `most` bytes of text, which is empty. Returns how many bytes of
 * the input were converted; `*reason` is 0 or the errno of iconv(). All of it is converted at once,
 * because not all converters of glibc (TSCII) continue correctly when the room was too small. */
static size_t convert_by_iconv(iconv_t converter, struct ds_text input, size_t most,
	struct buffer *text, int *reason)
{
	for (size_t room = input.size + input.size / 2 + 16;; room *= 4) {
		size_t in_left = input.size, out_left = room < most ? room : most;
		char *in = BYTES(input.data), *begin = buffer_room(text, out_left + 1);
		char *out = begin;

		/* With one byte more, there is a buffer even if there is no room. */
		*reason = out ? 0 : ENOMEM;
		if (!out)
			return 0;
		iconv(converter, NULL, NULL, NULL, NULL);
		/* Some converters hold the last character back, because the next one might combine
		 * with it. */
		if (iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 ||
			iconv(converter, NULL, NULL, &out, &out_left) == (size_t)-1)
			*reason = errno;
		if (*reason == E2BIG && room < most)
			continue;
		text->size = (size_t)(out - begin);
		return input.size - in_left;
	}
}

/** Does the same for an encoding that has a table. */
static size_t convert_by_table(const struct character *table, struct ds_text input, size_t most,
	struct buffer *text, int *reason)
{
	size_t size = 0, count = 0;
	char *out;

	*reason = 0;
	for (; count < input.size; count++) {
		size_t more = table[(unsigned char)input.data[count]].size;

		if (!more || more > most - size) {
			*reason = more ? E2BIG : EILSEQ;
			break;
		}
		size += more;
	}
	/* All three bytes of a character are copied, even if it has fewer. */
	out = buffer_room(text, size + sizeof table->bytes);
	if (!out) {
		*reason = ENOMEM;
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		const struct character *character = &table[(unsigned char)input.data[i]];

		memcpy(out, character->bytes, sizeof character->bytes);
		out += character->size;
	}
	text->size += size;
	return count;
}

/* ---- encodings ---- */

/** Fills a table. Returns false if some byte does not become one character of up to three bytes
 * at once: the encoding has longer characters, shift states, or accents that combine. */
static bool fill_table(iconv_t converter, struct character table[256])
{
	for (int byte = 0; byte < 256; byte++) {
		char in_byte = (char)byte, *in = &in_byte, *out = table[byte].bytes;
		size_t in_left = 1, out_left = sizeof table->bytes;

		if (iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1) {
			if (out_left == sizeof table->bytes)
				return false;
			table[byte].size = (unsigned char)(sizeof table->bytes - out_left);
		} else if (errno != EILSEQ) {
			return false;
		}
	}
	return true;
}

/** Converts the input by the table of an encoding or, if it has none, by a converter. */
static size_t convert(const struct character *table, iconv_t converter, struct ds_text input,
	size_t most, struct buffer *text, int *reason)
{
	return table ? convert_by_table(table, input, most, text, reason)
		     : convert_by_iconv(converter, input, most, text, reason);
}

/** Checks that the characters of which XML markup consists are the same as in ASCII, and that the
 * encoding has no shift states: an escape byte must have no effect on the bytes after it. */
static enum encoding_result check_ascii(const struct character *table, iconv_t converter)
{
	static const char ascii[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "\t\n\r !\"&'+-./:;<=>?[]_\033";
	const struct ds_text input = {ascii, sizeof ascii - 1};
	struct buffer text = {0};
	bool is_same;
	int reason;

	convert(table, converter, input, SIZE_MAX, &text, &reason);
	is_same = !reason && text.size == input.size &&
		memcmp(text.data, input.data, input.size) == 0;
	buffer_fini(&text);
	if (reason == ENOMEM)
		return ENCODING_NO_MEMORY;
	return is_same ? ENCODING_OK : ENCODING_NOT_ASCII;
}

/** Finds out whether iconv knows an encoding, and whether domains in it can be converted. */
static struct encoding examine(const char *name)
{
	struct encoding encoding = {.idle = NO_CONVERTER};
	iconv_t converter = open_by_name(name);
	bool is_table;

	if (converter == NO_CONVERTER) {
		encoding.found = errno == ENOMEM ? ENCODING_NO_MEMORY : ENCODING_UNKNOWN;
		return encoding;
	}
	encoding.table = calloc(256, sizeof *encoding.table);
	is_table = encoding.table && fill_table(converter, encoding.table);
	encoding.found = encoding.table ? check_ascii(is_table ? encoding.table : NULL, converter)
					: ENCODING_NO_MEMORY;
	iconv_close(converter);
	if (!is_table || encoding.found != ENCODING_OK) {
		free(encoding.table);
		encoding.table = NULL;
	}
	return encoding;
}

/* ---- what is shared ---- */

/** Returns the encoding of a name, or NULL if it is not kept. The lock is held. */
static struct encoding *kept(struct encodings *encodings, const char *name)
{
	const size_t *number = value_set_find(encodings->names, text_of_string(name));

	return number ? &encodings->items[*number] : NULL;
}

static struct encoding *find(struct encodings *encodings, const char *name)
{
	struct encoding *encoding;

	pthread_mutex_lock(&encodings->lock);
	encoding = kept(encodings, name);
	pthread_mutex_unlock(&encodings->lock);
	return encoding;
}

/** Replaces the table of an encoding by an equal one that is kept. The lock is held. */
static void share_table(const struct encodings *encodings, struct encoding *encoding)
{
	const size_t size = 256 * sizeof *encoding->table;

	for (size_t i = 0; encoding->table && i < encodings->count; i++) {
		struct character *other = encodings->items[i].table;

		if (!other || memcmp(other, encoding->table, size) != 0)
			continue;
		free(encoding->table);
		encoding->table = other;
		encoding->is_shared = true;
		return;
	}
}

/** Keeps an encoding, unless another thread has just done so or there are too many. Returns the
 * item, which owns the table then, or NULL. */
static struct encoding *keep(struct encodings *encodings, const char *name,
	struct encoding *encoding)
{
	struct encoding *item = NULL;
	size_t *number = NULL;

	pthread_mutex_lock(&encodings->lock);
	if (!kept(encodings, name) && encodings->count < NAMES_MAX) {
		number = value_set_add(&encodings->names, text_of_string(name));
		encoding->found = number ? encoding->found : ENCODING_NO_MEMORY;
	}
	if (number) {
		share_table(encodings, encoding);
		*number = encodings->count++;
		item = &encodings->items[*number];
		*item = *encoding;
	}
	pthread_mutex_unlock(&encodings->lock);
	return item;
}

/** Returns the encoding of a name: one that is kept or, if that is not possible, `*fresh`, which
 * the caller must free. A name that iconv does not know is not kept; that is found out fast. */
static struct encoding *look_up(struct encodings *encodings, const char *name,
	struct encoding *fresh)
{
	struct encoding *encoding = find(encodings, name);

	if (encoding)
		return encoding;
	*fresh = examine(name);
	if (fresh->found == ENCODING_OK || fresh->found == ENCODING_NOT_ASCII)
		encoding = keep(encodings, name, fresh);
	return encoding ? encoding : fresh;
}

/** Returns a converter for the use of one thread, or NO_CONVERTER when there is no memory. */
static iconv_t take_converter(struct encodings *encodings, struct encoding *encoding,
	const char *name)
{
	iconv_t converter;

	pthread_mutex_lock(&encodings->lock);
	converter = encoding->idle;
	encoding->idle = NO_CONVERTER;
	encodings->idle_count -= converter != NO_CONVERTER;
	pthread_mutex_unlock(&encodings->lock);
	return converter != NO_CONVERTER ? converter : open_by_name(name);
}

static void give_converter_back(struct encodings *encodings, struct encoding *encoding,
	iconv_t converter)
{
	bool is_kept;

	pthread_mutex_lock(&encodings->lock);
	is_kept = encoding->idle == NO_CONVERTER && encodings->idle_count < IDLE_MAX;
	if (is_kept)
		encoding->idle = converter;
	encodings->idle_count += is_kept;
	pthread_mutex_unlock(&encodings->lock);
	if (!is_kept)
		iconv_close(converter);
}

/** Frees an encoding that is not kept. */
static void drop(struct encodings *encodings, struct encoding *encoding)
{
	pthread_mutex_lock(&encodings->lock);
	encodings->idle_count -= encoding->idle != NO_CONVERTER;
	pthread_mutex_unlock(&encodings->lock);
	encoding_fini(encoding);
}

/* ---- domains ---- */

/** Converts a domain in an encoding that can be converted. */
static enum encoding_result convert_domain(struct encodings *encodings, struct encoding *encoding,
	const char *name, struct ds_text input, size_t most, struct buffer *text, size_t *at)
{
	iconv_t converter = NO_CONVERTER;
	int reason;

	if (!encoding->table)
		converter = take_converter(encodings, encoding, name);
	if (!encoding->table && converter == NO_CONVERTER)
		return ENCODING_NO_MEMORY;
	*at = convert(encoding->table, converter, input, most, text, &reason);
	if (converter != NO_CONVERTER)
		give_converter_back(encodings, encoding, converter);
	return reason == ENOMEM   ? ENCODING_NO_MEMORY
		: reason == E2BIG ? ENCODING_TOO_LARGE
		: reason          ? ENCODING_INVALID
				  : ENCODING_OK;
}

/** Copies what comes before the first byte that is not ASCII. */
static void copy_ascii(struct ds_text input, struct buffer *text)
{
	size_t size = 0;

	while (size < input.size && (unsigned char)input.data[size] < 0x80)
		size++;
	buffer_add(text, input.data, size);
}

enum encoding_result encodings_convert(struct encodings *encodings, const char *name,
	struct ds_text input, size_t most, struct buffer *text, size_t *at)
{
	char key[NAME_SIZE];
	struct encoding fresh = {.found = ENCODING_UNKNOWN, .idle = NO_CONVERTER};
	struct encoding *encoding = copy_name(key, name) ? look_up(encodings, key, &fresh) : &fresh;
	enum encoding_result result = encoding->found;

	*at = 0;
	buffer_clear(text, TEXT_KEEP);
	if (result == ENCODING_OK)
		result = convert_domain(encodings, encoding, key, input, most, text, at);
	else
		copy_ascii(input, text);
	if (encoding == &fresh)
		drop(encodings, &fresh);
	return text->failed ? ENCODING_NO_MEMORY : result;
}
