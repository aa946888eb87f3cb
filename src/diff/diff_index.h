/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_INDEX_H
#define DIFF_DIFF_INDEX_H

#include "diff/packed.h"
#include "diff/packed_extras.h"
#include "record/arena.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * The old dump of a comparison, packed: the one thing here that grows with a dump. Domains are
 * added first, then found and taken out, each once, and in the end those that are left are walked
 * through in their order.
 */

#define DIFF_NONE UINT32_MAX

/** A domain of the old dump, unpacked. */
struct diff_domain {
	struct ds_text name, uuid;
	/** Ends with a NUL. */
	struct ds_text host;
	enum ds_format format;
	struct ds_place place;
	/** Bytes of the domain. */
	uint64_t size;
	struct packed_domain packed;
	struct extra_forms extras;
};

struct diff_index {
	/** All texts, and what is packed of each domain. */
	struct texts texts;
	/** One a domain; see diff_index.c. */
	struct store entries;
	/** Values that many domains have; file names and host names, with their NUL. */
	struct intern words, files, hosts;
	struct extra_words extra_words;
	/** Where the chains of entries begin, by UUID and by name. Empty until the first search. */
	struct store heads[2];
	/** What is being packed. */
	struct buffer body;
	struct sip_key key;
};

void diff_index_init(struct diff_index *index);

/** DS_OK or DS_NO_MEMORY. `arena` is for what is of no use afterwards. */
enum ds_status diff_index_add(struct diff_index *index, const struct ds_domain *domain,
	struct arena *arena);

/** Makes it ready to be searched. Nothing may be added from then on. DS_OK or DS_NO_MEMORY. */
enum ds_status diff_index_close(struct diff_index *index);

/**
 * Takes the first domain out that this one of the new dump is joined with: of the same UUID; or of
 * the same name, when one of them has no UUID. Returns a handle, or DIFF_NONE. `*repeated`: "uuid"
 * or "name", of which the new dump had the same before, as far as the old one has it; NULL:
 * neither.
 */
uint32_t diff_index_take(struct diff_index *index, struct ds_text name, struct ds_text uuid,
	const char **repeated);

/** The first one, or the one behind `at`; DIFF_NONE behind the last. */
uint32_t diff_index_first(const struct diff_index *index);
uint32_t diff_index_next(const struct diff_index *index, uint32_t at);

/** Whether a domain of the old dump is of this host. */
bool diff_index_has_host(const struct diff_index *index, const char *host);

bool diff_index_is_taken(const struct diff_index *index, uint32_t at);
/** An earlier one of the old dump has the same UUID, or the same name when it has none. */
bool diff_index_is_repeated(const struct diff_index *index, uint32_t at);

/** Unpacks it; arrays live in the arena, texts in the index or the arena. Returns false when there
 * is no memory. */
bool diff_index_get(const struct diff_index *index, uint32_t at, struct diff_domain *domain,
	struct arena *arena);

void diff_index_fini(struct diff_index *index);

#endif
