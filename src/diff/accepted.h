/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_ACCEPTED_H
#define DIFF_ACCEPTED_H

#include "diff/intern.h"
#include "record/arena.h"

/**
 * The losses of a conversion, whose differences a comparison accepts. They are found by their
 * domain: its UUID, or its name when it has none. A loss takes 40 bytes, and the texts that are
 * repeated (names of domains and files, paths, reasons) are kept once.
 */
struct accepted {
	struct texts texts;
	struct intern domains, files, words;
	/** Numbers and 1 of the last loss of each domain; 0: none. */
	struct store heads;
	struct store losses;
};

void accepted_init(struct accepted *accepted, struct sip_key key);

/** Returns DS_OK or DS_NO_MEMORY. */
enum ds_status accepted_add(struct accepted *accepted, const struct ds_listed_loss *loss);

/** Where a domain of the old dump is. */
struct accepted_domain {
	struct ds_text name, uuid;
	struct ds_place place;
	/** Bytes of the domain. */
	uint64_t size;
	/** Names of all files of the old dump, each with its NUL. */
	const struct intern *files;
};

/**
 * The losses of a domain, in the arena: those whose position is in its bytes, of its own file or of
 * one that the old dump does not have. Positions count from the domain's first byte. Returns DS_OK
 * or DS_NO_MEMORY.
 */
enum ds_status accepted_find(const struct accepted *accepted, const struct accepted_domain *domain,
	struct arena *arena, const struct ds_loss **losses, size_t *count);

void accepted_fini(struct accepted *accepted);

#endif
