/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_EXTRAS_H
#define DIFF_DIFF_EXTRAS_H

#include "diff/intern.h"
#include "record/buffer.h"
#include "record/extras.h"

#include <stdbool.h>

/**
 * The extras of a domain in few bytes. Most of their values are those of many other domains and are
 * stored once. Of a path that has more values than that, such as a UUID, only the digest and the
 * size of the others are kept: enough to detect a difference.
 */

/** So many values of each path are stored. */
#define DIFF_EXTRAS_VALUES_MAX 256

struct diff_extra_words {
	struct intern paths, values;
	/** How many values of each path are stored. */
	struct store counts;
	struct siphash_key key;
};

void diff_extras_init(struct diff_extra_words *words, struct texts *texts, struct siphash_key key);
void diff_extras_fini(struct diff_extra_words *words);

/** Encodes extras. Sets `out->failed` when there is no memory. */
void diff_extras_encode(struct buffer *out, struct diff_extra_words *words,
	const struct extra_forms *forms);

/** Decodes them, in the arena, and moves `*at` behind them. They have no positions. Returns false
 * when there is no memory. */
bool diff_extras_decode(struct extra_forms *forms, const struct diff_extra_words *words,
	const unsigned char **at, struct arena *arena);

#endif
