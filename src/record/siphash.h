/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SIPHASH_H
#define RECORD_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a hash for tables whose keys come from untrusted
 * input. Without knowing the hash key, nobody can create texts with equal hashes.
 */

struct siphash_key {
	uint64_t low, high;
};

/** Returns a random key. `something` may be any address; it makes the key harder to predict if the
 * system has no random numbers. */
struct siphash_key siphash_random_key(const void *something);

/** Computes SipHash-1-3, which is faster. It is safe for tables that exist only during a run,
 * because nobody sees their hashes. */
uint64_t siphash_13(struct siphash_key key, const char *data, size_t size);

uint64_t siphash_24(struct siphash_key key, const char *data, size_t size);

#endif
