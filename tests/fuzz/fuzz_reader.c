/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transcript.h"

/*
 * Any bytes that are read at once and in chunks must give the same records, errors and positions.
 * This file is compiled once for each format. Every other input is read with small limits, so that
 * they are reached.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_pieces(struct transcript *transcript, const struct ds_reader_options *options,
	const uint8_t *data, size_t size, uint64_t chance, unsigned most)
{
	struct ds_reader_events events = {sizeof events, transcript, transcript_on_domain,
		transcript_on_rejected};
	struct ds_reader *reader;
	enum ds_status status = ds_reader_new(options, &events, &reader);
	size_t at = 0;

	while (status == DS_OK && at < size) {
		size_t piece = most ? fuzz_next(&chance) % most + 1 : size;

		if (piece > size - at)
			piece = size - at;
		status = ds_reader_feed(reader, data + at, piece);
		at += piece;
	}
	if (status == DS_OK)
		status = ds_reader_finish(reader);
	if (status != (transcript->refused ? DS_DAMAGED : DS_OK))
		finding("status %d after %zu refused ranges", status, transcript->refused);
	if (transcript->covered > size)
		finding("%zu bytes gave ranges of %zu", size, (size_t)transcript->covered);
	ds_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript whole = {.input = (const char *)data, .input_size = size};
	struct transcript pieces = whole;
	struct ds_limits limits;
	struct ds_reader_options options;
	uint64_t chance = fuzz_hash(data, size);

	fuzz_limits(&limits);
	ds_reader_options_init(&options, sizeof options);
	options.format = chance & 64 ? FUZZ_FORMAT : DS_FORMAT_AUTO;
	if (chance & 128)
		options.limits = &limits;
	read_pieces(&whole, &options, data, size, chance, 0);
	read_pieces(&pieces, &options, data, size, chance,
		chance >> 8 & 1 ? 1 : 1u << (chance >> 9 & 7));
	transcript_compare(&whole, &pieces, "the records depend on how the input is cut");
	transcript_fini(&whole);
	transcript_fini(&pieces);
	return 0;
}
