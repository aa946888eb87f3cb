/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "transcript.h"

#include "record/members.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void finding(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("finding: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	abort();
}

void transcript_add(struct transcript *transcript, const char *data, size_t size)
{
	if (size > transcript->capacity - transcript->size) {
		transcript->capacity = (transcript->size + size) * 2;
		transcript->data = realloc(transcript->data, transcript->capacity);
		if (!transcript->data)
			abort();
	}
	if (size)
		memcpy(transcript->data + transcript->size, data, size);
	transcript->size += size;
}

static void print(struct transcript *transcript, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void print(struct transcript *transcript, const char *format, ...)
{
	char line[1024];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	transcript_add(transcript, line,
		(size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

static void write_text(struct transcript *transcript, const char *key, struct ds_text text)
{
	if (!text.data) {
		if (text.size)
			finding("the text %s has a size and no bytes", key);
		return;
	}
	print(transcript, " %s=%zu:", key, text.size);
	transcript_add(transcript, text.data, text.size);
	print(transcript, "\n");
}

static void write_place(struct transcript *transcript, struct ds_place place)
{
	print(transcript, "%s:%" PRIu64 ":%" PRIu64 " at %" PRIu64 "\n", place.name, place.line,
		place.column, place.offset);
}

/* ---- records ---- */

/** Adds the members of a record that are set. */
static void write_members(struct transcript *transcript, const struct member *members, size_t count,
	const void *record)
{
	char room[MEMBER_TEXT_SIZE];

	for (size_t i = 0; i < count; i++)
		write_text(transcript, members[i].name,
			member_holds_text(&members[i]) ? member_raw_text(&members[i], record)
						       : member_text(&members[i], record, room));
}

static void write_devices(struct transcript *transcript, const struct ds_domain *domain,
	enum devices kind)
{
	for (size_t i = 0; i < device_count(domain, kind); i++) {
		const void *device = device_at(domain, kind, i);

		print(transcript, " %s ", device_kinds[kind].name);
		write_place(transcript, ds_domain_place(domain, device_position(device)));
		write_members(transcript, device_kinds[kind].members,
			device_member_count(kind, device), device);
	}
}

static void write_extras(struct transcript *transcript, const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *extra = &domain->extras[i];

		print(transcript, " extra kind=%d disk=%" PRIu32 "\n", extra->kind, extra->disk);
		write_text(transcript, "path", extra->path);
		write_text(transcript, "raw", extra->raw);
		write_place(transcript, ds_domain_place(domain, extra->at));
	}
}

/** Adds every field of a record, and the positions. */
static void write_domain(struct transcript *transcript, const struct ds_domain *domain)
{
	if (domain->boot_count > DS_BOOT_MAX)
		finding("%zu boot devices", domain->boot_count);
	print(transcript, "domain ");
	write_place(transcript, domain->place);
	write_members(transcript, domain_members, FIELD_COUNT, domain);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (domain->field_at[i])
			print(transcript, " %s at %" PRIu32 "\n", domain_members[i].name,
				domain->field_at[i]);
	for (int kind = 0; kind < DEVICES_COUNT; kind++)
		write_devices(transcript, domain, (enum devices)kind);
	write_extras(transcript, domain);
}

/* ---- events ---- */

/** Checks a range of the input that begins at `offset`. */
static void cover(struct transcript *transcript, uint64_t offset, struct ds_text raw)
{
	if (transcript->input) {
		if (offset < transcript->end)
			finding("a range at %" PRIu64 " overlaps one that ends at %" PRIu64, offset,
				transcript->end);
		if (offset > transcript->input_size || raw.size > transcript->input_size - offset)
			finding("a range at %" PRIu64 " of %zu bytes lies outside the input",
				offset, raw.size);
		if (raw.size && memcmp(transcript->input + offset, raw.data, raw.size) != 0)
			finding("a range at %" PRIu64 " does not hold the input's bytes", offset);
	}
	transcript->end = offset + raw.size;
	transcript->covered += raw.size;
}

/** Checks bytes with damage that was reported once, with other bytes before them. Their position is
 * not reported, so they are searched for: the first occurrence after all earlier bytes is never
 * after the right one. */
static void cover_likewise(struct transcript *transcript, struct ds_text raw)
{
	uint64_t offset = transcript->end;

	if (transcript->input) {
		const char *from = transcript->input + offset;
		const char *found =
			memmem(from, transcript->input_size - offset, raw.data, raw.size);

		if (!found)
			finding("%zu bytes without an error are not in the input after %" PRIu64,
				raw.size, offset);
		offset += (uint64_t)(found - from);
	}
	cover(transcript, offset, raw);
}

enum ds_status transcript_on_domain(void *context, const struct ds_domain *domain)
{
	struct transcript *transcript = context;

	if (transcript->pending)
		finding("a domain is inside a refused range");
	cover(transcript, domain->place.offset, domain->input);
	transcript->domains++;
	write_domain(transcript, domain);
	return DS_OK;
}

/** Continues or ends the refused range that began before. */
static void go_on(struct transcript *transcript, const struct ds_error *error, struct ds_text raw)
{
	cover(transcript, transcript->end, raw);
	transcript->pending += raw.size;
	if (!error)
		return;
	if (raw.size || error->length != transcript->pending)
		finding("a refused range of %" PRIu64
			" bytes ended with %zu bytes more, as one of %" PRIu64,
			transcript->pending, raw.size, error->length);
	transcript->pending = 0;
}

/** Begins a refused range. */
static void begin(struct transcript *transcript, const struct ds_error *error, struct ds_text raw)
{
	transcript->refused++;
	if (raw.size || error->length)
		cover(transcript, error->place.offset, raw);
	print(transcript, "refused %s %s '%s' ", error->id, error->text, error->domain);
	write_place(transcript, error->place);
	if (error->length && error->length != raw.size)
		finding("a refused range of %zu bytes came with %" PRIu64, raw.size, error->length);
	transcript->pending = error->length ? 0 : raw.size;
}

enum ds_status transcript_on_rejected(void *context, const struct ds_error *error,
	struct ds_text raw)
{
	struct transcript *transcript = context;

	if (transcript->pending)
		go_on(transcript, error, raw);
	else if (error)
		begin(transcript, error, raw);
	else
		cover_likewise(transcript, raw);
	transcript_add(transcript, raw.data, raw.size);
	return DS_OK;
}

void transcript_compare(const struct transcript *one, const struct transcript *other,
	const char *what)
{
	if (one->size == other->size &&
		(!one->size || memcmp(one->data, other->data, one->size) == 0))
		return;
	fprintf(stderr, "---- one (%zu domains, %zu refused)\n", one->domains, one->refused);
	fwrite(one->data, 1, one->size, stderr);
	fprintf(stderr, "\n---- other (%zu domains, %zu refused)\n", other->domains,
		other->refused);
	fwrite(other->data, 1, other->size, stderr);
	fputs("\n----\n", stderr);
	finding("%s", what);
}

void fuzz_limits(struct ds_limits *limits)
{
	ds_limits_init(limits, sizeof *limits);
	limits->domain_size = 700;
	limits->token_size = 60;
	limits->depth = 6;
	limits->attributes = 4;
	limits->parts = 9;
	limits->gzip_ratio = 9;
}

void transcript_clear(struct transcript *transcript)
{
	struct transcript empty = {.data = transcript->data, .capacity = transcript->capacity};

	*transcript = empty;
}

void transcript_fini(struct transcript *transcript)
{
	free(transcript->data);
}

/* ---- random numbers ---- */

uint64_t fuzz_hash(const uint8_t *data, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 0x100000001b3u;
	return hash ? hash : 1;
}

uint64_t fuzz_next(uint64_t *state)
{
	/* xorshift64 */
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
