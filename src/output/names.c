/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/names.h"

#include "record/siphash.h"
#include "record/text.h" /* text_character() */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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

/** Writes the character at `at` into `out`, which has CHARACTER_MAX bytes, and its length there.
 * Returns its length in the name. */
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

struct entry;

/* The names come from untrusted input, so the hash has a secret key. */
#define HASH_FUNCTION(data, size, value) \
	((value) = (unsigned)siphash_24(hash_key, (const char *)(data), (size)))
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->next_number = 0)
#include <uthash.h>

struct entry {
	UT_hash_handle hh;
	/** The next number to try after `~` when the name is repeated; 0 if the entry was not
	 * inserted because there was no memory. */
	uint64_t next_number;
	/** The name of the file in lower case. */
	char key[];
};

struct names {
	struct siphash_key key;
	struct entry *entries;
};

struct names *names_new(void)
{
	struct names *names = calloc(1, sizeof *names);

	if (names)
		names->key = siphash_random_key(names);
	return names;
}

static struct entry *find(const struct names *names, const char *key)
{
	const struct siphash_key hash_key = names->key;
	struct entry *entry;

	HASH_FIND(hh, names->entries, key, strlen(key), entry);
	return entry;
}

static bool enter(struct names *names, const char *key)
{
	const struct siphash_key hash_key = names->key;
	size_t size = strlen(key);
	struct entry *entry = calloc(1, sizeof *entry + size + 1);

	if (!entry)
		return false;
	memcpy(entry->key, key, size + 1);
	entry->next_number = 2;
	HASH_ADD_KEYPTR(hh, names->entries, entry->key, size, entry);
	if (entry->next_number)
		return true;
	free(entry);
	return false;
}

static void fold(char *out, const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	out[i] = '\0';
}

enum ds_status names_reserve(struct names *names, struct ds_text name, const char *suffix,
	char out[NAME_FILE_SIZE], unsigned *changes)
{
	char stem[NAME_FILE_SIZE], file[NAME_FILE_SIZE + 32], key[NAME_FILE_SIZE + 32];
	unsigned changed = name_make_safe(name, stem);
	struct entry *first, *existing;

	snprintf(file, sizeof file, "%s%s", stem, suffix);
	fold(key, file);
	first = existing = find(names, key);
	/* The number continues from its last value, because many equal names must not be tried from
	 * 2 on each time. */
	while (existing) {
		changed |= NAME_REPEATED;
		snprintf(file, sizeof file, "%s~%" PRIu64 "%s", stem, first->next_number++, suffix);
		fold(key, file);
		existing = find(names, key);
	}
	if (!enter(names, key))
		return DS_NO_MEMORY;
	memcpy(out, file, strlen(file) + 1);
	*changes = changed;
	return DS_OK;
}

void names_free(struct names *names)
{
	struct entry *entry, *next;

	if (!names)
		return;
	/* The table is freed with the handle of its first entry, so it is cleared before the
	 * entries are freed. */
	entry = names->entries;
	HASH_CLEAR(hh, names->entries);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
	free(names);
}
