/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_ACCEPTED_H
#define DIFF_ACCEPTED_H

#include "diff/intern.h"
#include "record/arena.h"

#include <stdbool.h>

/**
 * The losses of a conversion. A comparison accepts the differences that they explain. They are
 * found by their domain, which is its UUID, or its name if it has none, and by their position: the
 * dumps of many hosts have the same Domain-0. A loss needs 24 bytes, and as many while the losses
 * are sorted. Repeated texts (names of domains and files, paths) are stored once.
 */
struct accepted {
	struct texts texts;
	struct intern domains, files, words;
	struct accepted_loss *losses;
	size_t count, capacity;
	bool is_sorted;
};

void accepted_init(struct accepted *accepted, struct siphash_key key);

/** Returns DS_OK or DS_NO_MEMORY. */
enum ds_status accepted_add(struct accepted *accepted, const struct ds_listed_loss *loss);

/** The location of a domain in the old dump. */
struct accepted_domain {
	struct ds_text name, uuid;
	struct ds_place place;
	/** The size of the domain in bytes. */
	uint64_t size;
	/** The names of all files of the old dump, each with its NUL byte. */
	const struct intern *files;
};

/**
 * Finds the losses of a domain, in the arena: those whose position is in its bytes, and whose file
 * is its own or one that the old dump does not contain. Positions count from the domain's first
 * byte. All losses have to be added before. Returns DS_OK or DS_NO_MEMORY.
 */
enum ds_status accepted_find(struct accepted *accepted, const struct accepted_domain *domain,
	struct arena *arena, const struct ds_loss **losses, size_t *count);

void accepted_fini(struct accepted *accepted);

#endif
