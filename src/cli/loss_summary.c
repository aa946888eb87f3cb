/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/loss_summary.h"

#include "cli/message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** Hashes a key in words of eight bytes. There are zeros after its end. An attacker who creates
 * collisions is limited to LOSS_SUMMARY_KINDS_MAX keys. */
static unsigned hash_key(const void *key, size_t size)
{
	uint64_t hash = size, word;

	for (size_t at = 0; at < size; at += sizeof word) {
		memcpy(&word, (const char *)key + at, sizeof word);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (unsigned)hash;
}

#define HASH_FUNCTION(key, size, hash) ((hash) = hash_key((key), (size)))
/* If there is no memory for an entry, it is counted among the others. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(kind) ((kind)->count = 0)
#include <uthash.h>

/** The maximum number of lines that are printed. */
#define LINES_MAX 20
/** The maximum size of reason and path; longer ones are truncated. */
#define KEY_SIZE 192

struct loss_kind {
	/** The reason, a NUL byte, and the path. */
	char key[KEY_SIZE];
	/** 0 if the entry is unused. */
	uint64_t count;
	UT_hash_handle hh;
};

static size_t copy_cut(char *out, size_t room, const char *data, size_t size)
{
	if (size > room)
		size = room;
	if (size > 0)
		memcpy(out, data, size);
	return size;
}

static unsigned fill_key(char key[KEY_SIZE], const struct ds_loss *loss)
{
	size_t used;

	memset(key, 0, KEY_SIZE);
	used = copy_cut(key, KEY_SIZE / 2 - 1, loss->reason, strlen(loss->reason)) + 1;
	used += copy_cut(key + used, KEY_SIZE - 1 - used, loss->path.data,
		loss->path.data ? loss->path.size : 0);
	return (unsigned)used;
}

/** Returns NULL when there is no room or no memory. */
static struct loss_kind *enter(struct loss_summary *summary, const char *key, unsigned size)
{
	struct loss_kind *kind;

	if (summary->kind_count >= LOSS_SUMMARY_KINDS_MAX)
		return NULL;
	kind = calloc(1, sizeof *kind);
	if (!kind)
		return NULL;
	memcpy(kind->key, key, KEY_SIZE);
	kind->count = 1;
	HASH_ADD(hh, summary->kinds, key, size, kind);
	if (kind->count == 0) {
		free(kind);
		return NULL;
	}
	kind->count = 0;
	summary->kind_count++;
	return kind;
}

static struct loss_kind *find_kind(struct loss_summary *summary, const struct ds_loss *loss)
{
	struct loss_kind *kind;
	char key[KEY_SIZE];
	unsigned size = fill_key(key, loss);

	HASH_FIND(hh, summary->kinds, key, size, kind);
	if (!kind)
		kind = enter(summary, key, size);
	return kind;
}

void loss_summary_add(struct loss_summary *summary, const struct ds_loss *loss)
{
	struct loss_kind *kind;

	if (strcmp(loss->reason, "default") == 0)
		return;
	kind = find_kind(summary, loss);
	if (kind)
		kind->count++;
	else
		summary->others++;
}

static const char *path_of(const struct loss_kind *kind)
{
	return kind->key + strlen(kind->key) + 1;
}

/** Returns whether the guest works the same without the value: texts for people and tools, and
 * values that the output has in another form. */
static bool is_harmless(const struct loss_kind *kind)
{
	static const char *const reasons[] = {"rounded", "masked", "schema"};
	static const char *const names[] = {"description", "title", "metadata", "uuid", "alias",
		"name_label", "name_description", "VDI", "other_config", "user_version",
		"is_a_template", "genid", "resource", "domain@id", "seclabel"};
	const char *name = path_of(kind);

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(kind->key, reasons[i]) == 0)
			return true;
	if (strrchr(name, '/'))
		name = strrchr(name, '/') + 1;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int compare_keys(const void *one, const void *other)
{
	const struct loss_kind *const *kind = one;
	const struct loss_kind *const *other_kind = other;
	int order = is_harmless(*kind) - is_harmless(*other_kind);

	return order ? order : memcmp((*kind)->key, (*other_kind)->key, KEY_SIZE);
}

static int compare_counts(const void *one, const void *other)
{
	const struct loss_kind *const *kind = one;
	const struct loss_kind *const *other_kind = other;

	if (is_harmless(*kind) != is_harmless(*other_kind))
		return is_harmless(*kind) - is_harmless(*other_kind);
	if ((*kind)->count != (*other_kind)->count)
		return (*kind)->count > (*other_kind)->count ? -1 : 1;
	return compare_keys(one, other);
}

static void say_kind(const struct loss_kind *kind)
{
	const char *text = ds_loss_reason_text(kind->key);
	const char *path = path_of(kind);

	message_note("loss: %" PRIu64 " × %s: %s%s%s%s", kind->count, kind->key,
		text ? text : "no description", *path ? " (" : "", path, *path ? ")" : "");
}

void loss_summary_say(struct loss_summary *summary)
{
	struct loss_kind *sorted[LOSS_SUMMARY_KINDS_MAX] = {NULL};
	uint64_t others = summary->others;
	struct loss_kind *kind;
	size_t count = 0, shown, i;

	for (kind = summary->kinds; kind; kind = kind->hh.next)
		sorted[count++] = kind;
	qsort(sorted, count, sizeof sorted[0], compare_counts);
	shown = count < LINES_MAX ? count : LINES_MAX;
	for (i = shown; i < count; i++)
		others += sorted[i]->count;
	qsort(sorted, shown, sizeof sorted[0], compare_keys);
	for (i = 0; i < shown; i++)
		say_kind(sorted[i]);
	if (others > 0)
		message_note("loss: %" PRIu64 " × other; --losses lists all", others);
}

void loss_summary_fini(struct loss_summary *summary)
{
	struct loss_kind *kind, *next;

	kind = summary->kinds;
	HASH_CLEAR(hh, summary->kinds);
	for (; kind; kind = next) {
		next = kind->hh.next;
		free(kind);
	}
	memset(summary, 0, sizeof *summary);
}
