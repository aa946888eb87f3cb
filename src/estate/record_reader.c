/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/finding.h"
#include "estate/record.h"
#include "estate/record_layout.h"
#include "estate/text_table.h"
#include "record/coding.h"

/** The minimum number of bytes in the column of numbers for a disk, a member and a finding. */
#define DISK_MIN 2
#define MEMBER_MIN 5
#define FINDING_MIN 5

struct reading {
	struct decoding numbers, places, texts, uuids;
	struct arena *arena;
	struct siphash_key key;
	struct estate_record *record;
};

static bool has_failed(const struct reading *from)
{
	return from->numbers.has_failed || from->places.has_failed || from->texts.has_failed ||
		from->uuids.has_failed;
}

static struct ds_text decode_like(struct decoding *bytes, struct ds_text other)
{
	uint64_t size = decode_number(bytes);
	struct ds_text text = {NULL, 0};

	if (size == 1)
		return other;
	if (size < 2)
		return text;
	text.data = decode_bytes(bytes, (size_t)(size - 2));
	text.size = text.data ? (size_t)(size - 2) : 0;
	return text;
}

static struct ds_place decode_place(struct reading *from, struct ds_place before)
{
	before.offset += decode_number(&from->places);
	before.line += decode_number(&from->places);
	before.column = decode_number(&from->places);
	return before;
}

static struct ds_text decode_uuid(struct reading *from)
{
	const char *bytes = decode_bytes(&from->uuids, UUID_BYTES);
	char *room = arena_alloc(from->arena, UUID_TEXT_SIZE);

	if (!bytes || !room)
		return (struct ds_text){NULL, 0};
	text_format_uuid((const unsigned char *)bytes, room);
	return (struct ds_text){room, UUID_TEXT_SIZE};
}

/** Returns an array of zeroed items, or NULL if it has no items. Each item needs at least `least`
 * bytes of a column. */
static void *decode_array(struct reading *from, size_t *count, const struct decoding *column,
	size_t least, size_t size)
{
	void *items;

	*count = (size_t)decode_number_to(&from->numbers,
		(uint64_t)(column->end - column->at) / least);
	items = *count ? arena_alloc(from->arena, *count * size) : NULL;
	if (!items) {
		*count = 0;
		return NULL;
	}
	return memset(items, 0, *count * size);
}

static void decode_disks(struct reading *from)
{
	struct ds_domain *domain = &from->record->domain;
	struct ds_disk *disks =
		decode_array(from, &domain->disk_count, &from->numbers, DISK_MIN, sizeof *disks);

	domain->disks = disks;
	for (size_t i = 0; i < domain->disk_count; i++) {
		uint64_t device = decode_number_to(&from->numbers, DS_DEVICE_LUN << 1 | 1);

		disks[i].device = (enum ds_device)(device >> 1);
		disks[i].readonly = (int)(device & 1);
		disks[i].type = (enum ds_source)decode_number_to(&from->numbers, DS_SOURCE_OTHER);
		disks[i].driver = decode_text(&from->texts);
		disks[i].format = decode_text(&from->texts);
		disks[i].source = decode_text(&from->texts);
		disks[i].target = decode_text(&from->texts);
	}
}

static void decode_member(struct reading *from, struct estate_disk *member, struct ds_place before)
{
	const struct ds_domain *domain = &from->record->domain;
	const struct ds_disk *disk;
	uint64_t number = decode_number(&from->numbers);

	if (number >= domain->disk_count) {
		from->numbers.has_failed = true;
		return;
	}
	disk = &domain->disks[number];
	member->number = (uint32_t)number;
	member->flags = (unsigned)decode_number_to(&from->numbers, ESTATE_FLAGS);
	member->source = decode_like(&from->numbers, disk->source);
	member->format = decode_like(&from->numbers, disk->format);
	member->target = disk->target;
	member->backend = decode_text(&from->numbers);
	member->place = decode_place(from, before);
	/* The estate only has disks with a source. */
	from->numbers.has_failed |= !text_given(member->source);
	member->hash = has_failed(from) ? 0 : text_table_hash(from->key, member->source);
}

static void decode_part(struct reading *from)
{
	struct estate_part *part = &from->record->part;
	const struct ds_domain *domain = &from->record->domain;

	part->loops = decode_number(&from->numbers);
	part->has_uuid = estate_uuid(domain->uuid, part->uuid);
	part->disks =
		decode_array(from, &part->count, &from->numbers, MEMBER_MIN, sizeof *part->disks);
	for (size_t i = 0; i < part->count && !has_failed(from); i++)
		decode_member(from, &part->disks[i], i ? part->disks[i - 1].place : domain->place);
	part->content = (uint32_t)decode_number_to(&from->numbers, UINT32_MAX);
	if (!has_failed(from))
		part->content ^= estate_part_usual_content(part, domain->name);
	part->files = decode_array(from, &part->file_count, &from->texts, 1, sizeof *part->files);
	for (size_t i = 0; i < part->file_count; i++) {
		part->files[i] = decode_text(&from->texts);
		from->texts.has_failed |= !part->files[i].data;
	}
}

/** Concatenates three texts. */
static struct ds_text join(struct arena *arena, const char *title, const char *between,
	struct ds_text end)
{
	size_t first = strlen(title), second = strlen(between);
	char *text = arena_alloc(arena, first + second + end.size);

	if (!text)
		return (struct ds_text){NULL, 0};
	memcpy(text, title, first);
	memcpy(text + first, between, second);
	buffer_copy_bytes(text + first + second, end.data, end.size);
	return (struct ds_text){text, first + second + end.size};
}

static struct ds_text decode_sentence(struct reading *from, const struct ds_finding *finding,
	const struct ds_disk *disk)
{
	static const struct ds_disk no_disk;
	enum record_sentence sentence =
		(enum record_sentence)decode_number_to(&from->numbers, disk ? SENTENCES - 1 : 1);
	const char *title = finding->rule->title;
	struct ds_text rest;

	if (sentence > SENTENCE_TITLE) {
		disk = disk ? disk : &no_disk;
		rest = record_sentence_ending(sentence, finding, disk->driver, disk->format);
		from->numbers.has_failed |= !rest.data;
		return join(from->arena, title, SENTENCE_SEPARATOR, rest);
	}
	rest = decode_text(&from->numbers);
	if (sentence == SENTENCE_WHOLE)
		return rest;
	if (!rest.size)
		return (struct ds_text){title, strlen(title)};
	return join(from->arena, title, "", rest);
}

static void decode_finding(struct reading *from, struct ds_finding *finding)
{
	const struct ds_domain *domain = &from->record->domain;
	const struct estate_part *part = &from->record->part;
	const struct ds_disk *disk = NULL;
	size_t rule_count;
	const struct ds_rule *rules = ds_rules(&rule_count);
	uint64_t member;

	finding->rule = &rules[decode_number_to(&from->numbers, rule_count - 1)];
	finding->severity =
		(enum ds_severity)decode_number_to(&from->numbers, DS_SEVERITY_CRITICAL);
	finding->host = (struct ds_text){domain->host, strlen(domain->host)};
	finding->domain = domain->name;
	finding->uuid = domain->uuid;
	member = decode_number_to(&from->numbers, part->count);
	if (member) {
		finding->place = part->disks[member - 1].place;
		finding->disk = part->disks[member - 1].target;
		finding->source = part->disks[member - 1].source;
		disk = &domain->disks[part->disks[member - 1].number];
	} else {
		finding->place = decode_place(from, domain->place);
		finding->disk = decode_text(&from->texts);
		finding->source = decode_text(&from->texts);
	}
	finding->text = decode_sentence(from, finding, disk);
	finding_sign(finding);
	finding_distinguish(finding, decode_text(&from->numbers));
}

static void decode_findings(struct reading *from)
{
	struct estate_record *record = from->record;

	record->findings = decode_array(from, &record->finding_count, &from->numbers, FINDING_MIN,
		sizeof *record->findings);
	for (size_t i = 0; i < record->finding_count && !has_failed(from); i++)
		decode_finding(from, &record->findings[i]);
}

static void decode_head(struct reading *from, const struct ds_estate_domain *where)
{
	struct ds_domain *domain = &from->record->domain;
	uint64_t flags = decode_number_to(&from->numbers, DOMAIN_FLAGS);

	domain->host = where->host;
	domain->place = where->place;
	domain->is_hvm = (flags & RECORD_IS_HVM) != 0;
	domain->format = flags & RECORD_IS_XML ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
	domain->name = decode_text(&from->texts);
	domain->uuid =
		flags & RECORD_HAS_USUAL_UUID ? decode_uuid(from) : decode_text(&from->texts);
}

/** Returns the rest of a column. */
static struct ds_text rest_of(const struct decoding *column)
{
	return (struct ds_text){column->at, (size_t)(column->end - column->at)};
}

enum ds_status estate_record_decode(struct estate_record *record, struct ds_record *columns,
	const struct ds_estate_domain *where, struct siphash_key key, struct arena *arena)
{
	struct ds_text *column = columns->columns;
	struct reading from = {
		.numbers = decoding_of(column[COLUMN_NUMBERS]),
		.places = decoding_of(column[COLUMN_PLACES]),
		.texts = decoding_of(column[COLUMN_TEXTS]),
		.uuids = decoding_of(column[COLUMN_UUIDS]),
		.arena = arena,
		.key = key,
		.record = record,
	};

	memset(record, 0, sizeof *record);
	ds_domain_init(&record->domain, sizeof record->domain);
	decode_head(&from, where);
	decode_disks(&from);
	decode_part(&from);
	decode_findings(&from);
	if (arena->failed)
		return DS_NO_MEMORY;
	if (has_failed(&from))
		return DS_DAMAGED;
	column[COLUMN_NUMBERS] = rest_of(&from.numbers);
	column[COLUMN_PLACES] = rest_of(&from.places);
	column[COLUMN_TEXTS] = rest_of(&from.texts);
	column[COLUMN_UUIDS] = rest_of(&from.uuids);
	return DS_OK;
}
