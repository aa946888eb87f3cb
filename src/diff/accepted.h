/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_ACCEPTED_H
#define DIFF_ACCEPTED_H

#include "diff/intern.h"
#include "record/arena.h"

/**
 * The losses of a conversion. A comparison accepts the differences that they explain. They are
 * found by their domain: its UUID, or its name if it has none. A loss needs 40 bytes, and repeated
 * texts (names of domains and files, paths, reasons) are stored once.
 */
struct accepted {
	struct texts texts;
	struct intern domains, files, words;
	/** The number plus 1 of the last loss of each domain; 0 for a domain without losses. */
	struct store heads;
	struct store losses;
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
 * byte. Returns DS_OK or DS_NO_MEMORY.
 */
enum ds_status accepted_find(const struct accepted *accepted, const struct accepted_domain *domain,
	struct arena *arena, const struct ds_loss **losses, size_t *count);

void accepted_fini(struct accepted *accepted);

#endif
