/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/loss_summary.h"

#include "cli/message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** The maximum number of lines that are printed. */
#define LINES_MAX 20
/** The maximum size of a path; longer ones are truncated. */
#define PATH_SIZE ((size_t)160)

struct loss_kind {
	uint64_t count;
	/** A constant of the library. */
	const char *reason;
	size_t size;
	/** Ends with a NUL byte. */
	char path[];
};

/** Hashes a path in words of eight bytes. An attacker who creates collisions is limited to
 * LOSS_SUMMARY_KINDS_MAX paths. */
static size_t hash_path(struct ds_text path)
{
	uint64_t hash = path.size, word;
	size_t at = 0;

	for (; path.size - at >= sizeof word; at += sizeof word) {
		memcpy(&word, path.data + at, sizeof word);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	for (; at < path.size; at++)
		hash = hash * 31 + (unsigned char)path.data[at];
	return (size_t)hash;
}

/** Returns the kind of a loss, or NULL when there is no room or no memory. */
static struct loss_kind *find_kind(struct loss_summary *summary, const struct ds_loss *loss)
{
	struct ds_text path = {loss->path.data ? loss->path.data : "", loss->path.size};
	size_t slot;
	struct loss_kind *kind;

	if (path.size > PATH_SIZE)
		path.size = PATH_SIZE;
	for (slot = hash_path(path);; slot++) {
		kind = summary->kinds[slot % LOSS_SUMMARY_SLOTS];
		if (!kind)
			break;
		if (kind->reason == loss->reason && kind->size == path.size &&
			memcmp(kind->path, path.data, path.size) == 0)
			return kind;
	}
	if (summary->kind_count == LOSS_SUMMARY_KINDS_MAX)
		return NULL;
	kind = calloc(1, sizeof *kind + path.size + 1);
	if (!kind)
		return NULL;
	kind->reason = loss->reason;
	kind->size = path.size;
	memcpy(kind->path, path.data, path.size);
	summary->kinds[slot % LOSS_SUMMARY_SLOTS] = kind;
	summary->kind_count++;
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

/** Returns whether the guest works the same without the value: texts for people and tools, and
 * values that the output has in another form. */
static bool is_harmless(const struct loss_kind *kind)
{
	static const char *const reasons[] = {"rounded", "masked", "schema"};
	static const char *const names[] = {"description", "title", "metadata", "uuid", "alias",
		"name_label", "name_description", "VDI", "other_config", "user_version",
		"is_a_template", "genid", "resource", "domain@id", "seclabel"};
	const char *name = kind->path;

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(kind->reason, reasons[i]) == 0)
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

	if (!order)
		order = strcmp((*kind)->reason, (*other_kind)->reason);
	return order ? order : strcmp((*kind)->path, (*other_kind)->path);
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

static void print_kind(const struct loss_kind *kind)
{
	const char *text = ds_loss_reason_text(kind->reason);
	const char *path = kind->path;

	message_note("loss: %" PRIu64 " × %s: %s%s%s%s", kind->count, kind->reason,
		text ? text : "no description", *path ? " (" : "", path, *path ? ")" : "");
}

void loss_summary_print(struct loss_summary *summary)
{
	struct loss_kind *sorted[LOSS_SUMMARY_KINDS_MAX] = {NULL};
	uint64_t others = summary->others;
	size_t count = 0, shown, i;

	for (i = 0; i < LOSS_SUMMARY_SLOTS; i++)
		if (summary->kinds[i])
			sorted[count++] = summary->kinds[i];
	qsort(sorted, count, sizeof sorted[0], compare_counts);
	shown = count < LINES_MAX ? count : LINES_MAX;
	for (i = shown; i < count; i++)
		others += sorted[i]->count;
	qsort(sorted, shown, sizeof sorted[0], compare_keys);
	for (i = 0; i < shown; i++)
		print_kind(sorted[i]);
	if (others > 0)
		message_note("loss: %" PRIu64 " × other; --losses lists all", others);
}

void loss_summary_fini(struct loss_summary *summary)
{
	for (size_t i = 0; i < LOSS_SUMMARY_SLOTS; i++)
		free(summary->kinds[i]);
	memset(summary, 0, sizeof *summary);
}
