/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A domain that was read and written is read back as exactly one domain with the same name and as
 * many disks, except those whose loss was reported: no part of a value becomes structure. The first
 * output may correct values, such as an amount that contradicts another one. All later outputs are
 * equal, except for the order of disks.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The results for one domain. */
struct generation {
	struct ds_writer_options options;
	struct transcript out;
	size_t domains;
	size_t refused;
	size_t disks;
	size_t losses;
	bool is_masked;
	/** The values that must be read back. */
	struct ds_text name;
	struct generation *next;
};

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	struct generation *generation = context;

	transcript_add(&generation->out, data, size);
	return DS_OK;
}

static enum ds_status on_loss(void *context, const struct ds_loss *loss)
{
	struct generation *generation = context;

	if (!ds_loss_reason_text(loss->reason))
		finding("a loss without a reason");
	generation->is_masked |= strcmp(loss->reason, "masked") == 0;
	generation->losses++;
	return DS_OK;
}

static void write_domain(struct generation *generation, const struct ds_domain *domain)
{
	struct ds_writer *writer;

	if (ds_writer_new(&generation->options, on_bytes, on_loss, generation, &writer) != DS_OK ||
		ds_writer_add(writer, domain) != DS_OK || ds_writer_finish(writer) != DS_OK)
		finding("a record cannot be written");
	ds_writer_free(writer);
}

static enum ds_status on_second(void *context, const struct ds_domain *domain)
{
	struct generation *generation = context;

	generation->domains++;
	generation->disks += domain->disk_count;
	if (generation->name.data && !generation->is_masked &&
		(domain->name.size != generation->name.size ||
			memcmp(domain->name.data, generation->name.data, domain->name.size) != 0))
		finding("the domain '%.*s' came back as '%.*s'", (int)generation->name.size,
			generation->name.data, (int)domain->name.size, domain->name.data);
	if (generation->next)
		write_domain(generation->next, domain);
	return DS_OK;
}

static enum ds_status on_refused(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct generation *generation = context;

	(void)raw;
	generation->refused++;
	if (error)
		fprintf(stderr, "refused: %s: %s at %zu\n", error->id, error->text,
			(size_t)error->place.offset);
	return DS_OK;
}

static void read_reframed(struct generation *generation)
{
	struct ds_reader_events events = {sizeof events, generation, on_second, on_refused};
	struct ds_reader_options options;
	struct ds_reader *reader;

	ds_reader_options_init(&options, sizeof options);
	options.format = generation->options.format;
	if (ds_reader_new(&options, &events, &reader) != DS_OK)
		abort();
	ds_reader_feed(reader, generation->out.data, generation->out.size);
	ds_reader_finish(reader);
	ds_reader_free(reader);
	if (generation->domains == 1 && !generation->refused)
		return;
	fprintf(stderr, "----\n%.*s\n----\n", (int)generation->out.size, generation->out.data);
	finding("one domain was written, %zu and %zu refused ranges were read", generation->domains,
		generation->refused);
}

/** Returns whether both have the same bytes in any order. */
static int is_same_but_for_order(const struct transcript *one, const struct transcript *other)
{
	size_t counts[256] = {0};

	if (one->size != other->size)
		return 0;
	for (size_t i = 0; i < one->size; i++) {
		counts[(unsigned char)one->data[i]]++;
		counts[(unsigned char)other->data[i]]--;
	}
	for (size_t i = 0; i < 256; i++)
		if (counts[i])
			return 0;
	return 1;
}

static void go_round(const struct ds_domain *domain, struct ds_writer_options options)
{
	struct generation third = {.options = options};
	struct generation second = {.options = options, .next = &third};
	struct generation first = {.options = options, .next = &second, .name = domain->name};

	write_domain(&first, domain);
	read_reframed(&first);
	read_reframed(&second);
	read_reframed(&third);
	/* xend's image has each drive once, so one of two with the same name remains. */
	if (first.disks > domain->disk_count ||
		(options.format == DS_FORMAT_XML &&
			first.disks + first.losses < domain->disk_count))
		finding("%zu disks and %zu losses came of %zu disks", first.disks, first.losses,
			domain->disk_count);
	if (!first.is_masked && !options.only_disks &&
		!is_same_but_for_order(&second.out, &third.out))
		transcript_compare(&second.out, &third.out,
			"what was written is not written the same again");
	transcript_fini(&first.out);
	transcript_fini(&second.out);
	transcript_fini(&third.out);
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	static const enum ds_xend generations[] = {DS_XEND_302, DS_XEND_303, DS_XEND_304,
		DS_XEND_31};
	uint64_t *chance = context;
	struct ds_writer_options options;

	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_XML;
	go_round(domain, options);
	options.format = DS_FORMAT_SEXPR;
	options.xend = generations[fuzz_next(chance) % 4];
	options.pretty = fuzz_next(chance) % 2;
	go_round(domain, options);
	options.only_disks = 1;
	go_round(domain, options);
	return DS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t chance = fuzz_hash(data, size);
	struct ds_reader_events events = {sizeof events, &chance, on_domain, NULL};
	struct ds_reader_options options;
	struct ds_reader *reader;

	ds_reader_options_init(&options, sizeof options);
	if (ds_reader_new(&options, &events, &reader) != DS_OK)
		abort();
	ds_reader_feed(reader, data, size);
	ds_reader_finish(reader);
	ds_reader_free(reader);
	return 0;
}
