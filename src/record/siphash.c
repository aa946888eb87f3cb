/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/siphash.h"

#include "record/bytes.h"

#include <stdio.h>
#include <time.h>

static uint64_t rotate(uint64_t value, unsigned count)
{
	return value << count | value >> (64 - count);
}

static inline void do_rounds(uint64_t v[4], int count)
{
	while (count-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static inline void add_word(uint64_t v[4], uint64_t word, int rounds)
{
	v[3] ^= word;
	do_rounds(v, rounds);
	v[0] ^= word;
}

static inline uint64_t siphash(struct siphash_key key, const char *data, size_t size, int rounds)
{
	/* If there are no bytes, `data` may be NULL. */
	const unsigned char *bytes = (const unsigned char *)(data ? data : "");
	uint64_t v[4] = {key.low ^ UINT64_C(0x736f6d6570736575),
		key.high ^ UINT64_C(0x646f72616e646f6d), key.low ^ UINT64_C(0x6c7967656e657261),
		key.high ^ UINT64_C(0x7465646279746573)};
	size_t at = 0;

	for (; size - at >= 8; at += 8)
		add_word(v, bytes_word(bytes + at), rounds);
	add_word(v, bytes_last_word(bytes + at, size - at) | (uint64_t)size << 56, rounds);
	v[2] ^= 0xff;
	do_rounds(v, rounds + 2);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t siphash_24(struct siphash_key key, const char *data, size_t size)
{
	return siphash(key, data, size, 2);
}

uint64_t siphash_13(struct siphash_key key, const char *data, size_t size)
{
	return siphash(key, data, size, 1);
}

/** If the system has no random numbers, a weak key is good enough: it only slows an attacker
 * down. */
struct siphash_key siphash_random_key(const void *something)
{
	FILE *file = fopen("/dev/urandom", "rb");
	struct siphash_key key = {(uint64_t)(uintptr_t)something, 0};
	struct timespec now = {0};

	if (file && fread(&key, sizeof key, 1, file) != 1)
		key.high = 0;
	if (file)
		fclose(file);
	clock_gettime(CLOCK_REALTIME, &now);
	key.high ^= (uint64_t)now.tv_nsec;
	return key;
}
