/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/record.h"

#include "estate/record_layout.h"
#include "record/coding.h"
#include "record/secret.h"
#include "record/source.h"

/** A column keeps this much memory for the next record. */
#define COLUMN_KEEP ((size_t)64 << 10)

void record_columns_init(struct record_columns *columns)
{
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		buffer_init(&columns->of[i]);
}

size_t record_columns_memory(const struct record_columns *columns)
{
	size_t bytes = 0;

	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		bytes += columns->of[i].capacity;
	return bytes;
}

void record_columns_fini(struct record_columns *columns)
{
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		buffer_fini(&columns->of[i]);
}

/** The record that is being encoded, and its destination. */
struct writing {
	struct buffer *numbers, *places, *texts, *uuids;
	struct arena *arena;
	const struct ds_domain *domain;
	const struct estate_part *part;
};

/** Encodes a text that is often equal to another one: as 0 if it is NULL, as 1 if it is equal, and
 * otherwise as its size plus 2 and its bytes. */
static void encode_like(struct buffer *out, struct ds_text text, struct ds_text other)
{
	if (!text.data) {
		encode_number(out, 0);
	} else if (other.data && text_same_bytes(text, other)) {
		encode_number(out, 1);
	} else {
		encode_number(out, (uint64_t)text.size + 2);
		encode_bytes(out, text.data, text.size);
	}
}

/** Encodes a position relative to the one before, which it replaces. Unsigned numbers may wrap. */
static void encode_place(struct writing *to, const struct ds_place *place, struct ds_place *before)
{
	encode_number(to->places, place->offset - before->offset);
	encode_number(to->places, place->line - before->line);
	encode_number(to->places, place->column);
	*before = *place;
}

/** Parses a UUID. Returns whether it is in its usual form, which can be restored from the bytes. */
static bool is_usual(struct ds_text uuid, unsigned char bytes[UUID_BYTES])
{
	char usual[UUID_TEXT_SIZE];

	if (uuid.size != UUID_TEXT_SIZE || !text_parse_uuid(uuid, bytes))
		return false;
	text_format_uuid(bytes, usual);
	return memcmp(usual, uuid.data, UUID_TEXT_SIZE) == 0;
}

static void encode_head(struct writing *to)
{
	const struct ds_domain *domain = to->domain;
	unsigned char bytes[UUID_BYTES];
	bool has_usual_uuid = is_usual(domain->uuid, bytes);

	encode_number(to->numbers,
		(domain->is_hvm ? RECORD_IS_HVM : 0) |
			(domain->format == DS_FORMAT_XML ? RECORD_IS_XML : 0) |
			(has_usual_uuid ? RECORD_HAS_USUAL_UUID : 0));
	encode_text(to->texts, domain->name);
	if (has_usual_uuid)
		encode_bytes(to->uuids, bytes, sizeof bytes);
	else
		encode_text(to->texts, domain->uuid);
}

static void encode_disk(struct writing *to, const struct ds_disk *disk)
{
	encode_number(to->numbers, (uint64_t)disk->device << 1 | disk->readonly);
	encode_number(to->numbers, (uint64_t)disk->type);
	encode_text(to->texts, secret_masked(to->arena, disk->driver));
	encode_text(to->texts, secret_masked(to->arena, disk->format));
	encode_text(to->texts, source_masked(to->arena, disk));
	encode_text(to->texts, disk->target);
}

static void encode_member(struct writing *to, const struct estate_disk *member,
	struct ds_place *before)
{
	const struct ds_disk *disk = &to->domain->disks[member->number];

	encode_number(to->numbers, member->number);
	encode_number(to->numbers, member->flags);
	encode_like(to->numbers, member->source, source_masked(to->arena, disk));
	encode_like(to->numbers, member->format, disk->format);
	encode_text(to->numbers, member->backend);
	encode_place(to, &member->place, before);
}

static void encode_part(struct writing *to)
{
	const struct estate_part *part = to->part;
	struct ds_place before = to->domain->place;

	encode_number(to->numbers, part->loops);
	encode_number(to->numbers, part->count);
	for (size_t i = 0; i < part->count; i++)
		encode_member(to, &part->disks[i], &before);
	encode_number(to->numbers,
		part->content ^ estate_part_usual_content(part, to->domain->name));
	encode_number(to->numbers, part->file_count);
	for (size_t i = 0; i < part->file_count; i++)
		encode_text(to->texts, part->files[i]);
}

/** Returns the member that has the same position, disk and source as the finding, or `count` if
 * no member has them. */
static size_t find_member(const struct estate_part *part, const struct ds_finding *finding)
{
	for (size_t i = 0; i < part->count; i++) {
		const struct estate_disk *disk = &part->disks[i];

		if (disk->place.offset == finding->place.offset &&
			text_same(disk->target, finding->disk) &&
			text_same(disk->source, finding->source))
			return i;
	}
	return part->count;
}

/** `disk` is the disk of the finding, or NULL if it concerns no image. */
static void encode_sentence(struct writing *to, const struct ds_finding *finding,
	const struct ds_disk *disk)
{
	size_t title = strlen(finding->rule->title);
	struct ds_text rest = finding->text, none = {NULL, 0};
	enum record_sentence sentence = SENTENCE_WHOLE;

	if (text_starts(finding->text, finding->rule->title)) {
		sentence = SENTENCE_TITLE;
		rest = text_from(finding->text, title);
	}
	if (disk && text_starts(rest, SENTENCE_SEPARATOR)) {
		struct ds_text end = text_from(rest, sizeof SENTENCE_SEPARATOR - 1);
		struct ds_text driver = secret_masked(to->arena, disk->driver);
		struct ds_text format = secret_masked(to->arena, disk->format);

		for (int i = SENTENCE_SOURCE; sentence == SENTENCE_TITLE && i < SENTENCES; i++) {
			struct ds_text text = record_sentence_ending((enum record_sentence)i,
				finding, driver, format);

			if (text.data && text_same_bytes(text, end)) {
				sentence = (enum record_sentence)i;
				rest = none;
			}
		}
	}
	encode_number(to->numbers, (uint64_t)sentence);
	if (sentence <= SENTENCE_TITLE)
		encode_text(to->numbers, rest);
}

static void encode_finding(struct writing *to, const struct ds_finding *finding)
{
	const struct estate_part *part = to->part;
	size_t member = find_member(part, finding), rules;
	bool has_member = member < part->count;
	struct ds_place before = to->domain->place;

	encode_number(to->numbers, (uint64_t)(finding->rule - ds_rules(&rules)));
	encode_number(to->numbers, (uint64_t)finding->severity);
	encode_number(to->numbers, has_member ? member + 1 : 0);
	if (!has_member) {
		encode_place(to, &finding->place, &before);
		encode_text(to->texts, finding->disk);
		encode_text(to->texts, finding->source);
	}
	encode_sentence(to, finding,
		has_member ? &to->domain->disks[part->disks[member].number] : NULL);
	encode_text(to->numbers, finding->distinction);
}

/** Copies the columns into the arena. */
static const struct ds_record *keep(const struct record_columns *columns, struct arena *arena)
{
	struct ds_record *record = arena_alloc(arena, sizeof *record);

	for (size_t i = 0; i < DS_RECORD_COLUMNS && record; i++) {
		const struct buffer *column = &columns->of[i];

		record->columns[i] =
			arena_text(arena, column->size ? column->data : "", column->size);
		if (column->failed || arena->failed)
			return NULL;
	}
	return record;
}

const struct ds_record *estate_record_encode(struct record_columns *columns, struct arena *arena,
	const struct ds_domain *domain, const struct estate_part *part,
	const struct ds_finding *findings, size_t count)
{
	struct writing to = {
		.numbers = &columns->of[COLUMN_NUMBERS],
		.places = &columns->of[COLUMN_PLACES],
		.texts = &columns->of[COLUMN_TEXTS],
		.uuids = &columns->of[COLUMN_UUIDS],
		.arena = arena,
		.domain = domain,
		.part = part,
	};

	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		buffer_clear(&columns->of[i], COLUMN_KEEP);
	encode_head(&to);
	encode_number(to.numbers, domain->disk_count);
	for (size_t i = 0; i < domain->disk_count; i++)
		encode_disk(&to, &domain->disks[i]);
	encode_part(&to);
	encode_number(to.numbers, count);
	for (size_t i = 0; i < count; i++)
		encode_finding(&to, &findings[i]);
	return keep(columns, arena);
}
