/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FUZZ_TRANSCRIPT_H
#define FUZZ_TRANSCRIPT_H

#include "domstream/domstream.h"

/**
 * All results of a reader for an input, as one text, so that two ways of reading can be compared
 * with memcmp().
 */
struct transcript {
	char *data;
	size_t size;
	size_t capacity;
	/** The numbers of domains and of refused ranges. */
	size_t domains;
	size_t refused;
	/** The number of bytes in both. */
	uint64_t covered;
	/** The offset after the last one. */
	uint64_t end;
	/** The input that offsets are compared with; NULL if they are not checked. */
	const char *input;
	size_t input_size;
	/** The bytes of the present refused range so far, if it arrives in several frames. */
	uint64_t pending;
};

/** Ends the program with a message; the fuzzer reports it. */
_Noreturn void finding(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Adds bytes unchanged. */
void transcript_add(struct transcript *transcript, const char *data, size_t size);

/** Callbacks of a reader whose context is a transcript. They check properties of any input: ranges
 * do not overlap, are in order, and have the bytes of the input. */
enum ds_status transcript_on_domain(void *context, const struct ds_domain *domain);
enum ds_status transcript_on_rejected(void *context, const struct ds_error *error,
	struct ds_text raw);

/** Ends the program if two transcripts differ. */
void transcript_compare(const struct transcript *one, const struct transcript *other,
	const char *what);

void transcript_clear(struct transcript *transcript);
void transcript_fini(struct transcript *transcript);

/** Sets limits that are so small that inputs of a fuzzer reach them. */
void fuzz_limits(struct ds_limits *limits);

/** Returns a number that depends on all bytes. Random choices of a fuzzer are derived from it. */
uint64_t fuzz_hash(const uint8_t *data, size_t size);
/** Returns the next number, which is never 0 for a `state` other than 0. */
uint64_t fuzz_next(uint64_t *state);

#endif
