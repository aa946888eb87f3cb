/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/names.h"

#include "record/siphash.h"
#include "record/text.h" /* text_character() */

#include <inttypes.h>
#include <stdio.h>

/** The size of `~` and a hash in hexadecimal digits. */
#define HASH_SIZE 17
/** The maximum size of one character: four bytes, each written as three. */
#define CHARACTER_MAX 12

/* ---- one name ---- */

/** Returns whether only dots and blanks follow. */
static bool is_tail(struct ds_text name, size_t at)
{
	while (at < name.size && (name.data[at] == '.' || name.data[at] == ' '))
		at++;
	return at == name.size;
}

static bool is_safe(struct ds_text name, size_t at)
{
	char byte = name.data[at];

	if (byte == '/' || byte == '%' || text_is_unsafe(name, at))
		return false;
	if (byte == '.' || byte == '-' || byte == ' ')
		return (at > 0 || byte == ' ') && (byte == '-' || !is_tail(name, at));
	return true;
}

/** Writes the character at `at` into `out`, which has CHARACTER_MAX bytes, and sets `*written` to
 * its length there. Returns its length in the name. */
static size_t write_character(struct ds_text name, size_t at, char *out, size_t *written,
	unsigned *changes)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t size = text_character(name, at);

	if (size && is_safe(name, at)) {
		memcpy(out, name.data + at, size);
		*written = size;
		return size;
	}
	if (!size)
		size = 1;
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)name.data[at + i];

		out[3 * i] = '%';
		out[3 * i + 1] = digits[byte >> 4];
		out[3 * i + 2] = digits[byte & 15];
	}
	*written = 3 * size;
	*changes |= NAME_ENCODED;
	return size;
}

unsigned name_make_safe(struct ds_text name, char out[NAME_FILE_SIZE])
{
	const struct siphash_key no_key = {0, 0};
	unsigned changes = 0;
	size_t used = 0;
	/* The position of the hash if the name turns out to be too long. */
	size_t cut = 0;

	if (!text_given(name)) {
		memcpy(out, "unnamed", sizeof "unnamed");
		return NAME_ENCODED;
	}
	for (size_t at = 0; at < name.size;) {
		char character[CHARACTER_MAX];
		size_t size;

		at += write_character(name, at, character, &size, &changes);
		if (used + size > NAME_MAX_SIZE) {
			snprintf(out + cut, HASH_SIZE + 1, "~%016" PRIx64,
				siphash_24(no_key, name.data, name.size));
			return changes | NAME_CUT;
		}
		memcpy(out + used, character, size);
		used += size;
		if (used <= NAME_MAX_SIZE - HASH_SIZE)
			cut = used;
	}
	out[used] = '\0';
	return changes;
}

/* ---- reserved names ---- */

static void fold(char *out, const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	out[i] = '\0';
}

enum ds_status names_reserve(struct value_set **names, struct ds_text name, const char *suffix,
	char out[NAME_FILE_SIZE], unsigned *changes)
{
	char stem[NAME_FILE_SIZE], file[NAME_FILE_SIZE + 32], key[NAME_FILE_SIZE + 32];
	unsigned changed = name_make_safe(name, stem);
	size_t *first, *existing;

	snprintf(file, sizeof file, "%s%s", stem, suffix);
	fold(key, file);
	first = existing = value_set_find(*names, text_of_string(key));
	/* The number after `~` continues from its last value, because many equal names must not be
	 * tried from 2 on each time. */
	while (existing) {
		changed |= NAME_REPEATED;
		snprintf(file, sizeof file, "%s~%zu%s", stem, (*first)++, suffix);
		fold(key, file);
		existing = value_set_find(*names, text_of_string(key));
	}
	existing = value_set_add(names, text_of_string(key));
	if (!existing)
		return DS_NO_MEMORY;
	*existing = 2;
	memcpy(out, file, strlen(file) + 1);
	*changes = changed;
	return DS_OK;
}
