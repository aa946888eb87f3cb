/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memfd_create() */
#include "transcript.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/*
 * Runs the whole pipeline on a file in memory, in three ways: on the unchanged input; on the input
 * compressed in members of various sizes, which must give the same results; and on compressed and
 * damaged input, for which an error must be reported.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	struct transcript out;
	struct ds_counts counts;
	enum ds_status status;
	size_t rejected;
};

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	struct outcome *outcome = context;

	transcript_add(&outcome->out, data, size);
	return DS_OK;
}

static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct outcome *outcome = context;

	(void)raw;
	outcome->rejected += error != NULL;
	return DS_OK;
}

static void check_counts(const struct outcome *outcome)
{
	const struct ds_counts *counts = &outcome->counts;

	if (counts->domains != counts->converted + counts->rejected)
		finding("%" PRIu64 " domains, but %" PRIu64 " converted and %" PRIu64 " rejected",
			counts->domains, counts->converted, counts->rejected);
	if (counts->bytes_written != outcome->out.size)
		finding("%" PRIu64 " bytes written, %zu came", counts->bytes_written,
			outcome->out.size);
	if (outcome->status != DS_OK && outcome->status != DS_DAMAGED)
		finding("status %d", outcome->status);
	if ((outcome->status == DS_OK) != (outcome->rejected == 0))
		finding("status %d with %zu errors", outcome->status, outcome->rejected);
}

static void run(struct outcome *outcome, const char *data, size_t size, unsigned jobs,
	int gzip_level)
{
	struct ds_run_options options;
	struct ds_error error;
	int fd = memfd_create("fuzz", 0);
	char name[32];
	const char *names[] = {name};

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	ds_run_options_init(&options, sizeof options);
	options.names = names;
	options.name_count = 1;
	options.jobs = jobs;
	options.gzip_level = gzip_level;
	options.context = outcome;
	options.sink = on_bytes;
	options.rejected = on_rejected;
	ds_counts_init(&outcome->counts, sizeof outcome->counts);
	outcome->status = ds_run(&options, &outcome->counts, &error);
	close(fd);
	check_counts(outcome);
}

/** Adds one member. */
static void add_member(struct transcript *compressed, const uint8_t *data, size_t size, int level)
{
	z_stream stream = {0};
	char out[16384];

	if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + 16, 1, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	stream.next_in = (Bytef *)(uintptr_t)data;
	stream.avail_in = (uInt)size;
	stream.next_out = (Bytef *)out;
	stream.avail_out = sizeof out;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		abort();
	transcript_add(compressed, out, sizeof out - stream.avail_out);
	deflateEnd(&stream);
}

/** The sizes at which truncation cannot be noticed: between members, and in the padding at the end.
 * gzip has no end marker after the last member. */
static struct {
	size_t from, to;
} borders[65536];
static size_t border_count;

static int is_border(size_t at)
{
	for (size_t i = 0; i < border_count; i++)
		if (at >= borders[i].from && at <= borders[i].to)
			return 1;
	return 0;
}

static void compress_input(struct transcript *compressed, const uint8_t *data, size_t size,
	uint64_t *chance)
{
	border_count = 0;
	size_t most = (size_t)1 << fuzz_next(chance) % 14;

	do {
		size_t length = fuzz_next(chance) % most + 1;

		if (length > size)
			length = size;
		add_member(compressed, data, length, (int)(fuzz_next(chance) % 10));
		data += length;
		size -= length;
		borders[border_count].from = compressed->size;
		if (!size && fuzz_next(chance) % 8 == 0)
			transcript_add(compressed, "\0\0\0", fuzz_next(chance) % 4);
		borders[border_count++].to = compressed->size;
	} while (size && compressed->size < 200000 &&
		border_count < sizeof borders / sizeof *borders);
	if (size)
		add_member(compressed, data, size, 1);
}

/** Flips a bit of a member outside of its header, in which time, flags and names do not matter; or
 * truncates its end. */
static void damage(struct outcome *good, struct transcript *compressed, uint64_t *chance)
{
	struct outcome outcome = {0};
	size_t at = 10 + fuzz_next(chance) % (compressed->size - 10);

	if (fuzz_next(chance) % 2)
		compressed->data[at] = (char)(compressed->data[at] ^ 1 << fuzz_next(chance) % 8);
	else if (is_border(at))
		return;
	else
		compressed->size = at;
	run(&outcome, compressed->data, compressed->size, 1, 0);
	if (outcome.status == DS_OK)
		transcript_compare(&good->out, &outcome.out,
			"damage of a compressed file went unnoticed");
	transcript_fini(&outcome.out);
}

static int looks_plain(const uint8_t *data, size_t size)
{
	if (size > 262 && memcmp(data + 257, "ustar", 5) == 0)
		return 0;
	return size > 1 && (data[0] == '<' || data[0] == '(') && data[1] >= ' ' && data[1] < 127;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t chance = fuzz_hash(data, size);
	struct outcome plain = {0}, inflated = {0}, repacked = {0};
	struct transcript compressed = {0};

	if (size > 8192)
		return 0;
	run(&plain, (const char *)data, size, 1, 0);
	/* Data inside gzip is not decompressed a second time, and is not an archive. */
	if (looks_plain(data, size)) {
		compress_input(&compressed, data, size, &chance);
		run(&inflated, compressed.data, compressed.size, fuzz_next(&chance) % 16 ? 1 : 3,
			0);
		transcript_compare(&plain.out, &inflated.out, "compression changes the output");
		if (plain.counts.domains != inflated.counts.domains ||
			plain.status != inflated.status)
			finding("compression changes the counts");
		run(&repacked, compressed.data, compressed.size, 1, 6);
		damage(&plain, &compressed, &chance);
	}
	transcript_fini(&plain.out);
	transcript_fini(&inflated.out);
	transcript_fini(&repacked.out);
	transcript_fini(&compressed);
	return 0;
}
