/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/container.h"
#include "part/events.h"
#include "part/facts.h"
#include "part/section.h"
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

/*
 * Reads any bytes as a part file, which must succeed or fail with a message. Random bytes have no
 * valid CRC, so they are also read with the CRC of each section corrected, and as the contents of
 * sections that a writer has written, which must be unchanged.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ds_status to_buffer(void *context, const char *data, size_t size)
{
	buffer_add(context, data, size);
	return DS_OK;
}

/** Decoded data is the same after it was encoded and decoded once more. */
static void decode(enum part_section id, struct ds_text bytes)
{
	struct decoding section = decoding_of(bytes);
	struct buffer once, twice;
	struct part_facts facts;
	struct part_input input;

	buffer_init(&once);
	buffer_init(&twice);
	if (id == PART_FACTS && !part_facts_decode(&facts, bytes)) {
		part_facts_encode(&once, &facts);
		if (part_facts_decode(&facts, (struct ds_text){once.data, once.size}))
			finding("encoded facts are refused");
		part_facts_encode(&twice, &facts);
	}
	while (id == PART_INPUTS && section.at < section.end &&
		!part_input_decode(&input, &section))
		part_input_encode(&once, &input);
	section = decoding_of((struct ds_text){once.data, once.size});
	while (id == PART_INPUTS && section.at < section.end) {
		if (part_input_decode(&input, &section))
			finding("an encoded input is refused");
		part_input_encode(&twice, &input);
	}
	if (once.size != twice.size || (once.size && memcmp(once.data, twice.data, once.size) != 0))
		finding("what was decoded and encoded is different");
	buffer_fini(&once);
	buffer_fini(&twice);
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	uint64_t *sum = context;

	*sum += domain->name.size + strlen(domain->host) + domain->disk_count;
	for (size_t i = 0; i < domain->disk_count; i++)
		*sum += fuzz_hash((const uint8_t *)domain->disks[i].source.data,
			domain->disks[i].source.size);
	return DS_OK;
}

static enum ds_status on_finding(void *context, const struct ds_finding *finding)
{
	uint64_t *sum = context;

	*sum += fuzz_hash((const uint8_t *)finding->text.data, finding->text.size) +
		strlen(finding->rule->id) + finding->severity;
	return DS_OK;
}

/** Decodes any bytes as the events of an audit, and as the records of domains in them. */
static void judge(struct ds_text bytes)
{
	static const struct ds_audit_options options = {.size = sizeof options,
		.is_converting = true};
	static const struct ds_estate_sinks sinks = {sizeof sinks, on_domain, on_finding, NULL};
	const struct ds_estate_domain domain = {sizeof domain, {"fuzz", 3, 4, 5}, "host"};
	uint64_t sum = 0, findings;
	struct ds_estate *estate;
	struct ds_record same = {{bytes, bytes, bytes, bytes}};
	enum ds_status status = DS_OK;
	struct part_events_reader reader;
	struct part_event event;

	if (ds_estate_new(&options, &sinks, &sum, &estate) != DS_OK)
		abort();
	ds_estate_add(estate, &domain, &same);
	if (part_events_open(&reader, bytes))
		status = DS_DAMAGED;
	while (status == DS_OK && !part_events_at_end(&reader) &&
		!part_events_next(&reader, &event))
		if (event.kind == PART_EVENT_DOMAIN)
			status = ds_estate_add(estate, &domain, &reader.records);
	if (status > DS_DAMAGED)
		finding("a record was not refused, but failed");
	if (ds_estate_finish(estate, &findings) != DS_OK)
		finding("an estate failed");
	ds_estate_free(estate);
}

static enum ds_status read_sections(struct part_reader *reader, struct buffer *all,
	struct ds_error *error)
{
	enum part_section id = PART_FACTS;
	enum ds_status status = DS_OK;
	struct ds_text bytes;

	while (status == DS_OK && id != PART_END) {
		status = part_reader_next(reader, &id, &bytes, error);
		if (status != DS_OK || id == PART_END)
			break;
		decode(id, bytes);
		if (id == PART_EVENTS)
			judge(bytes);
		buffer_byte(all, (char)id);
		buffer_add(all, bytes.data, bytes.size);
	}
	return status;
}

/** Reads a file, and adds its sections to `all`. Returns whether all of it was accepted. */
static bool try(const char *data, size_t size, struct buffer *all)
{
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	enum ds_status status, verified;
	struct part_reader *reader;
	struct ds_error error = {.text = ""};

	if (!file)
		return false;
	status = part_reader_open(&reader, "fuzz", file, &error);
	if (status == DS_OK) {
		verified = part_reader_verify(reader, &error);
		if (verified != DS_OK && !*error.text)
			finding("no message");
		if (verified == DS_OK)
			status = read_sections(reader, all, &error);
		else
			status = verified;
	}
	if (status != DS_OK && (status != DS_DAMAGED || !*error.text))
		finding("status %d, message '%s'", (int)status, error.text);
	part_reader_free(reader);
	return status == DS_OK;
}

/** Corrects the CRCs of all complete sections. */
static void correct_checksums(char *data, size_t size)
{
	size_t at = PART_HEADER_SIZE;
	struct section section;

	if (size < PART_HEADER_SIZE)
		return;
	memcpy(data, PART_MAGIC, PART_MAGIC_SIZE);
	section_put_word((unsigned char *)data + PART_MAGIC_SIZE, PART_VERSION);
	while (size - at >= SECTION_HEADER_SIZE) {
		unsigned char *header = (unsigned char *)data + at;

		section_get(&section, header);
		at += SECTION_HEADER_SIZE;
		if (section.stored_size > size - at)
			return;
		section_put_word(header + 12, section_crc(header, data + at, section.stored_size));
		at += section.stored_size;
	}
}

/** Writes the bytes as sections of random ids and sizes. */
static void round_trip(const uint8_t *data, size_t size)
{
	uint64_t chance = fuzz_hash(data, size);
	struct buffer file, expected, got;
	struct part_writer *writer;

	buffer_init(&file);
	buffer_init(&expected);
	buffer_init(&got);
	writer = part_writer_new(to_buffer, &file);
	if (!writer)
		abort();
	for (size_t at = 0; at < size;) {
		size_t piece = 1 + fuzz_next(&chance) % (size - at);
		int id = 1 + (int)(fuzz_next(&chance) % 4);

		part_writer_section(writer, (enum part_section)id,
			(struct ds_text){(const char *)data + at, piece});
		buffer_byte(&expected, (char)id);
		buffer_add(&expected, (const char *)data + at, piece);
		at += piece;
	}
	if (part_writer_finish(writer) != DS_OK || !try(file.data, file.size, &got))
		finding("a written file is refused");
	if (got.size != expected.size ||
		(got.size && memcmp(got.data, expected.data, got.size) != 0))
		finding("a written file is read differently");
	part_writer_free(writer);
	buffer_fini(&file);
	buffer_fini(&expected);
	buffer_fini(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct buffer all;

	if (!copy)
		abort();
	buffer_init(&all);
	try((const char *)data, size, &all);
	memcpy(copy, data, size);
	correct_checksums(copy, size);
	try(copy, size, &all);
	decode(PART_FACTS, (struct ds_text){(const char *)data, size});
	decode(PART_INPUTS, (struct ds_text){(const char *)data, size});
	judge((struct ds_text){(const char *)data, size});
	round_trip(data, size);
	buffer_fini(&all);
	free(copy);
	return 0;
}
