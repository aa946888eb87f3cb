/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/transcode.h"

#include "input/error.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORED_SIZE ((size_t)16 << 10)
/* The size of the longest character in UTF-8. */
#define CHARACTER_SIZE 4
/* The last characters are not converted before more bytes follow: a domain may begin in them. */
#define LOOK_AHEAD 12

struct transcode {
	input_pull *pull;
	void *context;
	iconv_t converter;
	const char *encoding;
	/** The size of the encoding's code units, and which byte of a unit is the lowest one. */
	size_t unit;
	size_t low;
	/** The offset of stored[begin] in the input. */
	uint64_t offset;
	/** The bytes that were not converted yet are stored[begin … end). */
	size_t begin;
	size_t end;
	/** The bytes stored[begin … limit) are converted next. `is_limit_hard` is set if a
	 * character must not extend beyond the limit. */
	size_t limit;
	bool is_limit_hard;
	/** The remaining stored bytes are only a part of a character. */
	bool is_partial;
	/** No more bytes follow the stored ones, and the reason: DS_OK at the end of the input. */
	bool is_ended;
	enum ds_status end_status;
	/** A NUL or an invalid character was found, so the input is corrupt here. If bytes are
	 * missing, the next character may begin in the middle of a unit. */
	bool is_unsure;
	/** Bytes that are not a whole unit were skipped before stored[begin]. */
	bool has_skipped;
	/** The number of bytes since the last ASCII character. */
	uint64_t foreign;
	/** A domain begins in the middle of a unit, so many bytes after the limit; or 0. */
	size_t shift;
	/** Reading may continue after the present error. */
	bool may_resume;
	/** The bytes that were converted but did not fit into the caller's buffer are
	 * held[held_begin … held_end). */
	size_t held_begin;
	size_t held_end;
	char held[CHARACTER_SIZE];
	/** DS_OK until an error occurred, which is reported after all bytes before it were
	 * delivered. */
	enum ds_status status;
	struct ds_error error;
	char stored[STORED_SIZE];
};

static void fail(struct transcode *transcode, const char *text)
{
	transcode->status = DS_DAMAGED;
	input_error_set(&transcode->error, "DA903", "", transcode->offset, "%s %s", text,
		transcode->encoding);
}

/** Reads more bytes after those that are left. Returns false at the end and on failure. */
static bool refill(struct transcode *transcode)
{
	size_t left = transcode->end - transcode->begin;
	bool is_truncated = transcode->is_partial && transcode->is_ended && left > 0;
	size_t size = 0;

	memmove(transcode->stored, transcode->stored + transcode->begin, left);
	transcode->begin = transcode->limit = 0;
	transcode->end = left;
	transcode->is_partial = false;
	if (transcode->is_ended) {
		transcode->status = transcode->end_status;
		if (is_truncated && transcode->status == DS_OK)
			fail(transcode, "the input ends in the middle of a character of");
		return false;
	}
	transcode->end_status = transcode->pull(transcode->context, transcode->stored + left,
		STORED_SIZE - left, &size, &transcode->error);
	/* What is left is converted before the end is reported. */
	transcode->is_ended = transcode->end_status != DS_OK || size == 0;
	transcode->end += transcode->is_ended ? 0 : size;
	return true;
}

/** Returns the size of the code units of an encoding. */
static size_t unit_size(const char *encoding)
{
	if (strncmp(encoding, "UTF-32", 6) == 0)
		return 4;
	return strncmp(encoding, "UTF-16", 6) == 0 ? 2 : 1;
}

/** Rounds a number of bytes down to whole units, which have 1, 2 or 4 bytes. */
static size_t whole_units(const struct transcode *transcode, size_t size)
{
	return size & ~(transcode->unit - 1);
}

/** Returns the ASCII character whose units begin at `at`, or 0 if it is another one. */
static char ascii_at(const struct transcode *transcode, size_t at)
{
	const char *bytes = transcode->stored + at;

	for (size_t i = 0; i < transcode->unit; i++)
		if (i != transcode->low && bytes[i] != 0)
			return 0;
	return (unsigned char)bytes[transcode->low] < 0x80 ? bytes[transcode->low] : '\0';
}

/** Returns whether an ASCII word, followed by one of some characters, begins at `at`. */
static bool has_word(const struct transcode *transcode, size_t at, const char *word,
	const char *after)
{
	size_t unit = transcode->unit;
	char next;

	for (; *word; word++, at += unit)
		if (at + unit > transcode->end || ascii_at(transcode, at) != *word)
			return false;
	next = at + unit <= transcode->end ? ascii_at(transcode, at) : 0;
	return next != 0 && strchr(after, next) != NULL;
}

/** Returns whether a domain of SEXPR begins on the line after `at`. */
static bool is_list(const struct transcode *transcode, size_t at)
{
	return ascii_at(transcode, at) == '\n' &&
		(has_word(transcode, at, "\n(domain", " \t\r\n(") ||
			has_word(transcode, at, "\n(vm", " \t\r\n("));
}

/** Returns whether a tag or a domain of SEXPR begins at `at`, as far as the stored bytes show. */
static bool is_tag(const struct transcode *transcode, size_t at)
{
	static const char second[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/!?";
	size_t unit = transcode->unit;

	if (at + 2 * unit > transcode->end)
		return false;
	return is_list(transcode, at) ||
		(ascii_at(transcode, at) == '<' &&
			memchr(second, ascii_at(transcode, at + unit), sizeof(second) - 1) != NULL);
}

/** Returns how many of the stored bytes come before the first tag or domain, which may begin in the
 * middle of a unit. If none is found (`*is_found`), one may begin in the last bytes. */
static size_t find_tag(const struct transcode *transcode, bool *is_found)
{
	size_t unit = transcode->unit;
	size_t least = (transcode->is_ended ? 2 : LOOK_AHEAD) * unit;
	size_t at = transcode->begin;

	while (at + least <= transcode->end && !is_tag(transcode, at))
		at++;
	*is_found = at + least <= transcode->end;
	return at - transcode->begin;
}

/** Returns the position of the first domain that does not begin where a unit does, or
 * `transcode->end`. A byte is missing before such a domain, or there is one too many, and
 * everything after it would be converted to other characters. */
static size_t find_shifted(const struct transcode *transcode)
{
	size_t unit = transcode->unit;
	size_t at = transcode->begin;

	for (; at + unit <= transcode->end && unit > 1; at++) {
		char low = transcode->stored[at + transcode->low];

		if ((low != '<' && low != '\n') ||
			whole_units(transcode, at - transcode->begin) == at - transcode->begin)
			continue;
		if (is_list(transcode, at) || has_word(transcode, at, "<domain", " \t\r\n>"))
			return at;
	}
	return transcode->end;
}

/** Ends the converted bytes before a domain that begins in the middle of a unit. */
static void find_shifted_limit(struct transcode *transcode)
{
	size_t found = find_shifted(transcode);
	size_t limit = transcode->begin + whole_units(transcode, found - transcode->begin);

	transcode->shift = 0;
	if (found == transcode->end || limit > transcode->limit)
		return;
	transcode->shift = found - limit;
	transcode->limit = limit;
	transcode->is_limit_hard = true;
}

/** Reports that units are shifted, and continues at the domain that shows it. */
static void fail_shifted(struct transcode *transcode)
{
	size_t before = transcode->shift;
	char text[96];

	transcode->begin += before;
	transcode->limit = transcode->begin;
	transcode->offset += before;
	snprintf(text, sizeof(text),
		"a byte is missing or was inserted; the last %ju bytes are not valid",
		(uintmax_t)(transcode->foreign + before));
	fail(transcode, text);
	transcode->foreign = 0;
	transcode->shift = 0;
	transcode->may_resume = true;
}

/** Counts the bytes at the end of the converted ones that are not ASCII. */
static void count_foreign(struct transcode *transcode, size_t begin)
{
	size_t unit = transcode->unit;
	size_t at = transcode->begin;

	while (at >= begin + unit && ascii_at(transcode, at - unit) == 0)
		at -= unit;
	transcode->foreign = transcode->begin - at + (at < begin + unit ? transcode->foreign : 0);
}

/** Sets the limit to the first NUL character, or so that the character after an invalid one can be
 * inspected. */
static void find_nul_limit(struct transcode *transcode)
{
	static const char nul[4];
	size_t unit = transcode->unit;
	size_t size = transcode->end - transcode->begin;
	size_t at = transcode->begin;

	while (at + unit <= transcode->end && memcmp(transcode->stored + at, nul, unit) != 0)
		at += unit;
	transcode->is_limit_hard = at + unit <= transcode->end && unit > 1;
	if (transcode->is_limit_hard)
		transcode->limit = at;
	else if (transcode->is_ended || unit == 1)
		transcode->limit = transcode->end;
	else
		transcode->limit = transcode->begin +
			(size > LOOK_AHEAD * unit ? whole_units(transcode, size) - LOOK_AHEAD * unit
						  : 0);
	find_shifted_limit(transcode);
}

/** Sets the limit where the input is corrupt: the next tag shows where characters begin, and bytes
 * before it that are not a whole unit are skipped. Returns false when more bytes are needed to find
 * that tag. */
static bool find_tag_limit(struct transcode *transcode)
{
	bool is_found;
	size_t before = find_tag(transcode, &is_found);

	transcode->limit = transcode->begin + whole_units(transcode, before);
	transcode->is_limit_hard = true;
	if (transcode->limit > transcode->begin)
		return true;
	if (!is_found && !transcode->is_ended)
		return false;
	transcode->is_unsure = false;
	if (!is_found) {
		transcode->limit = transcode->end;
		transcode->is_limit_hard = false;
		return true;
	}
	transcode->begin += before;
	transcode->offset += before;
	transcode->has_skipped = before > 0;
	find_nul_limit(transcode);
	return transcode->limit > transcode->begin;
}

/** Sets the limit up to which the stored bytes are converted. Returns false when more bytes are
 * needed. */
static bool find_limit(struct transcode *transcode)
{
	if (transcode->is_unsure)
		return find_tag_limit(transcode);
	find_nul_limit(transcode);
	if (transcode->shift > 0 && transcode->limit == transcode->begin) {
		fail_shifted(transcode);
		return true;
	}
	if (!transcode->is_limit_hard || transcode->limit > transcode->begin)
		return transcode->limit > transcode->begin;
	transcode->is_unsure = true;
	return find_tag_limit(transcode);
}

/** Skips bytes that are not a valid character. */
static void skip_invalid(struct transcode *transcode)
{
	size_t left = transcode->end - transcode->begin;
	size_t unit = transcode->unit;
	size_t most = unit < left ? unit : left;
	size_t skipped = 1;

	while (skipped < most && !is_tag(transcode, transcode->begin + skipped))
		skipped++;
	transcode->begin += skipped;
	transcode->offset += skipped;
	transcode->limit = transcode->begin;
	transcode->is_unsure = unit > 1;
	/* Resets the state of an encoding that has one. */
	iconv(transcode->converter, NULL, NULL, NULL, NULL);
}

/** Converts as many stored bytes as fit. Returns the number of bytes that were written. An invalid
 * character, or a part of one, becomes a NUL byte, which no dump may contain: the domain around it
 * is rejected, and only that one. */
static size_t convert(struct transcode *transcode, char *data, size_t capacity)
{
	char *in = transcode->stored + transcode->begin;
	size_t in_left = transcode->limit - transcode->begin;
	char *out = data;
	size_t out_left = capacity;
	size_t result;
	int reason;
	size_t used;

	if (transcode->has_skipped && out_left > 0) {
		transcode->has_skipped = false;
		*out++ = 0;
		out_left--;
	}
	result = iconv(transcode->converter, &in, &in_left, &out, &out_left);
	reason = result == (size_t)-1 ? errno : 0;
	used = (size_t)(in - transcode->stored) - transcode->begin;

	transcode->begin += used;
	transcode->offset += used;
	count_foreign(transcode, transcode->begin - used);
	if (reason == EINVAL && transcode->is_limit_hard)
		reason = EILSEQ;
	if (reason == EINVAL) {
		transcode->is_partial = true;
	} else if (reason == EILSEQ && out_left > 0) {
		skip_invalid(transcode);
		*out = 0;
		out_left--;
	} else if (reason != 0 && reason != E2BIG && reason != EILSEQ) {
		fail(transcode, "cannot convert from");
	}
	return capacity - out_left;
}

static size_t deliver_held(struct transcode *transcode, char *data, size_t capacity)
{
	size_t size = transcode->held_end - transcode->held_begin;

	if (size > capacity)
		size = capacity;
	memcpy(data, transcode->held + transcode->held_begin, size);
	transcode->held_begin += size;
	return size;
}

enum ds_status transcode_new(struct transcode **out, input_pull *pull, void *context,
	const char *encoding, uint64_t offset, struct ds_error *error)
{
	struct transcode *transcode = calloc(1, sizeof(*transcode));

	if (transcode == NULL)
		return DS_NO_MEMORY;
	transcode->pull = pull;
	transcode->context = context;
	transcode->offset = offset;
	transcode->encoding = encoding;
	transcode->unit = unit_size(encoding);
	transcode->low = strstr(encoding, "BE") != NULL ? transcode->unit - 1 : 0;
	transcode->converter = iconv_open("UTF-8", encoding);
	if (transcode->converter == (iconv_t)-1) {
		int reason = errno;

		free(transcode);
		if (reason == ENOMEM)
			return DS_NO_MEMORY;
		input_error_set(error, "DA908", "", 0,
			"cannot convert from %s: this system's iconv does not know it; convert the "
			"file to UTF-8 elsewhere",
			encoding);
		return DS_DAMAGED;
	}
	*out = transcode;
	return DS_OK;
}

enum ds_status transcode_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct transcode *transcode = context;
	size_t produced = deliver_held(transcode, data, capacity);

	while (produced == 0 && transcode->status == DS_OK) {
		if (transcode->is_partial ||
			(transcode->begin == transcode->limit && !find_limit(transcode))) {
			if (!refill(transcode))
				break;
			continue;
		}
		if (transcode->status != DS_OK)
			break;
		if (capacity < CHARACTER_SIZE) {
			transcode->held_begin = 0;
			transcode->held_end = convert(transcode, transcode->held, CHARACTER_SIZE);
			produced = deliver_held(transcode, data, capacity);
		} else {
			produced = convert(transcode, data, capacity);
		}
	}
	if (produced == 0 && transcode->status != DS_OK) {
		*error = transcode->error;
		return transcode->status;
	}
	*size = produced;
	return DS_OK;
}

bool transcode_resume(struct transcode *transcode)
{
	if (!transcode->may_resume)
		return false;
	transcode->may_resume = false;
	transcode->status = DS_OK;
	return true;
}

void transcode_interrupt(struct transcode *transcode)
{
	transcode->offset += transcode->end - transcode->begin;
	transcode->begin = transcode->end = transcode->limit = 0;
	transcode->is_partial = transcode->is_ended = false;
	transcode->is_unsure = transcode->unit > 1;
	transcode->status = transcode->end_status = DS_OK;
	/* Resets the state of an encoding that has one. */
	iconv(transcode->converter, NULL, NULL, NULL, NULL);
}

void transcode_free(struct transcode *transcode)
{
	if (transcode == NULL)
		return;
	iconv_close(transcode->converter);
	free(transcode);
}
