/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_record.h"

#include "diff/diff_coding.h"
#include "record/place.h"

#include <stdbool.h>

/* ---- encoding ---- */

/** Returns whether a member has a different text in nearly every domain. */
static bool is_mostly_unique(const struct member *member)
{
	return member == &domain_members[FIELD_description] ||
		member == &device_kinds[DEVICES_DISK].members[DISK_source] ||
		member->holder == HOLDER_BACKING ||
		member == &device_kinds[DEVICES_INTERFACE].members[INTERFACE_mac];
}

/** Returns whether a member is not encoded here: the index encodes the name and the UUID as
 * keys. */
static bool is_left_out(const struct member *member)
{
	return member == &domain_members[FIELD_name] || member == &domain_members[FIELD_uuid];
}

/** A word is stored as twice its number; any other text as twice its size plus one, followed by its
 * bytes. */
static void encode_member_text(struct buffer *out, struct intern *words,
	const struct member *member, struct ds_text text)
{
	uint32_t number;

	if (is_mostly_unique(member)) {
		encode_number(out, (uint64_t)text.size << 1 | 1);
		buffer_add(out, text.data, text.size);
		return;
	}
	number = intern_add(words, text);
	if (number == INTERN_NONE)
		out->failed = true;
	encode_number(out, (uint64_t)number << 1);
}

/** Turns a small number of either sign into a small unsigned one, which is encoded in few bytes. */
static uint64_t fold(int64_t number)
{
	return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static int64_t unfold(uint64_t number)
{
	return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

static void put_members(struct buffer *out, struct intern *words, const struct member *members,
	size_t count, const void *record)
{
	for (size_t i = 0; i < count; i++) {
		const struct member *member = &members[i];

		if (is_left_out(member) || !member_is_set(member, record))
			continue;
		encode_number(out, i + 1);
		if (member_holds_text(member))
			encode_member_text(out, words, member, member_raw_text(member, record));
		else
			encode_number(out, fold(member_number(member, record)));
	}
	encode_number(out, 0);
}

static void put_devices(struct buffer *out, struct intern *words, enum devices kind,
	const struct ds_domain *form, const struct ds_domain *domain)
{
	const struct device_kind *devices = &device_kinds[kind];
	struct place_finder places = place_finder_of(domain);
	size_t count = device_count(form, kind);

	encode_number(out, count);
	for (size_t i = 0; i < count; i++) {
		const void *device = device_at(form, kind, i);
		struct ds_place place = place_find(&places, device_position(device));

		encode_number(out, place.offset - domain->place.offset);
		encode_number(out, place.line - domain->place.line);
		encode_number(out, place.column);
		put_members(out, words, devices->members, device_member_count(kind, device),
			device);
	}
}

void diff_record_encode(struct buffer *out, struct intern *words, const struct ds_domain *form,
	const struct ds_domain *domain)
{
	put_members(out, words, domain_members, FIELD_COUNT, form);
	for (int kind = 0; kind < DEVICES_COUNT; kind++)
		put_devices(out, words, (enum devices)kind, form, domain);
}

/* ---- decoding ---- */

static struct ds_text get_text(const struct intern *words, const unsigned char **at)
{
	uint64_t number = diff_number_decode(at);
	struct ds_text text = {(const char *)*at, (size_t)(number >> 1)};

	if (!(number & 1))
		return intern_text(words, (uint32_t)(number >> 1));
	*at += text.size;
	return text;
}

static bool get_members(const struct intern *words, const unsigned char **at,
	const struct member *members, void *record, struct arena *arena)
{
	for (uint64_t number = diff_number_decode(at); number; number = diff_number_decode(at)) {
		const struct member *member = &members[number - 1];

		if (member->holder != HOLDER_RECORD && !((struct ds_disk *)record)->details &&
			!member_add_holders(record, arena))
			return false;
		if (member_holds_text(member))
			member_set_text(member, record, get_text(words, at));
		else
			member_set_number(member, record, unfold(diff_number_decode(at)));
	}
	return true;
}

static bool get_devices(struct diff_record *domain, enum devices kind, const struct intern *words,
	const unsigned char **at, struct ds_place place, struct arena *arena)
{
	const struct device_kind *devices = &device_kinds[kind];
	size_t count = (size_t)diff_number_decode(at);
	char *items = count ? arena_alloc(arena, count * devices->size) : NULL;
	struct ds_place *places = count ? arena_alloc(arena, count * sizeof *places) : NULL;

	if (!count)
		return true;
	if (!items || !places)
		return false;
	memset(items, 0, count * devices->size);
	for (size_t i = 0; i < count; i++) {
		void *item = items + i * devices->size;
		uint64_t offset = diff_number_decode(at);

		*(size_t *)item = (size_t)offset;
		places[i].name = place.name;
		places[i].offset = place.offset + offset;
		places[i].line = place.line + diff_number_decode(at);
		places[i].column = diff_number_decode(at);
		if (!get_members(words, at, devices->members, item, arena))
			return false;
	}
	device_set(&domain->record, kind, items, count);
	domain->places[kind] = places;
	return true;
}

bool diff_record_decode(struct diff_record *domain, const struct intern *words,
	const unsigned char **at, struct ds_place place, struct arena *arena)
{
	memset(domain, 0, sizeof *domain);
	domain->record.id = -1;
	if (!get_members(words, at, domain_members, &domain->record, arena))
		return false;
	for (int kind = 0; kind < DEVICES_COUNT; kind++)
		if (!get_devices(domain, (enum devices)kind, words, at, place, arena))
			return false;
	return true;
}
