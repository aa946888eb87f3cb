/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_EXTRAS_H
#define DIFF_DIFF_EXTRAS_H

#include "diff/intern.h"
#include "record/buffer.h"
#include "record/extras.h"

#include <stdbool.h>

/**
 * Encodes the extras of a domain in few bytes. Most values occur in many domains and are stored
 * once. A path such as that of a UUID has more values than DIFF_EXTRAS_VALUES_MAX; of its further
 * values, only the digest and the size are stored, which is enough to detect a difference.
 */

/** The number of values of each path that are stored. */
#define DIFF_EXTRAS_VALUES_MAX 256

struct diff_extra_words {
	struct intern paths, values;
	/** The number of values of each path that are stored so far. */
	struct store counts;
	struct siphash_key key;
};

void diff_extras_init(struct diff_extra_words *words, struct texts *texts, struct siphash_key key);
void diff_extras_fini(struct diff_extra_words *words);

/** Encodes extras. Sets `out->failed` when there is no memory. */
void diff_extras_encode(struct buffer *out, struct diff_extra_words *words,
	const struct extra_forms *forms);

/** Decodes them, in the arena, and moves `*at` after them. They have no positions. Returns false
 * when there is no memory. */
bool diff_extras_decode(struct extra_forms *forms, const struct diff_extra_words *words,
	const unsigned char **at, struct arena *arena);

#endif
