/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_INDEX_H
#define DIFF_DIFF_INDEX_H

#include "diff/diff_extras.h"
#include "diff/diff_record.h"
#include "record/arena.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * The encoded old dump of a comparison, which is the only data that grows with a dump. Domains are
 * added first, then each is found and removed once, and in the end the remaining ones are visited
 * in order.
 */

#define DIFF_NONE UINT32_MAX

/** A decoded domain of the old dump. */
struct diff_domain {
	struct ds_text name, uuid;
	/** Ends with a NUL byte. */
	struct ds_text host;
	enum ds_format format;
	struct ds_place place;
	/** The size of the domain in bytes. */
	uint64_t size;
	struct diff_record decoded;
	struct extra_forms extras;
};

struct diff_index {
	/** All texts, and the encoded data of each domain. */
	struct texts texts;
	/** One for each domain; see diff_index.c. */
	struct store entries;
	/** Values that many domains have; file names and host names, with their NUL bytes. */
	struct intern words, files, hosts;
	struct diff_extra_words extra_words;
	/** The heads of the chains of entries, by UUID and by name. Empty until the first
	 * search. */
	struct store heads[2];
	/** The domain that is being encoded. */
	struct buffer body;
	struct siphash_key key;
};

void diff_index_init(struct diff_index *index);

/** Adds a domain. Returns DS_OK or DS_NO_MEMORY. `arena` is for temporary memory. */
enum ds_status diff_index_add(struct diff_index *index, const struct ds_domain *domain,
	struct arena *arena);

/** Prepares the index for searches. Nothing may be added afterwards. Returns DS_OK or
 * DS_NO_MEMORY. */
enum ds_status diff_index_close(struct diff_index *index);

/**
 * Removes the first domain that matches this domain of the new dump: one with the same UUID, or
 * with the same name if one of the two has no UUID. The name may be masked for XML. Returns a
 * handle, or DIFF_NONE. `*repeated` is "uuid" or "name" if the old dump has this value and an
 * earlier domain of the new dump had it, too; otherwise it is NULL.
 */
uint32_t diff_index_remove(struct diff_index *index, struct ds_text name, struct ds_text uuid,
	const char **repeated);

/** These return the first domain, or the domain after `at`; DIFF_NONE after the last one. */
uint32_t diff_index_first(const struct diff_index *index);
uint32_t diff_index_next(const struct diff_index *index, uint32_t at);

/** Returns whether a domain of the old dump belongs to this host. */
bool diff_index_has_host(const struct diff_index *index, const char *host);

bool diff_index_is_removed(const struct diff_index *index, uint32_t at);
/** Returns whether an earlier domain of the old dump has the same UUID, or the same name if it has
 * no UUID. */
bool diff_index_is_repeated(const struct diff_index *index, uint32_t at);

/** Decodes a domain; arrays are in the arena, and texts in the index or the arena. Returns false
 * when there is no memory. */
bool diff_index_get(const struct diff_index *index, uint32_t at, struct diff_domain *domain,
	struct arena *arena);

void diff_index_fini(struct diff_index *index);

#endif
