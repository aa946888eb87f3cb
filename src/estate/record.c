/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/record.h"

#include "estate/text_table.h"

#include "record/secret.h"
#include "record/source.h"

#include <stdlib.h>

/* ---- encoding ---- */

/** Most texts repeat another one: 0 is NULL, 1 the other text, all else the size plus 2. */
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

/** A position behind another one, which it replaces. Unsigned numbers may wrap. */
static void encode_place(struct buffer *out, const struct ds_place *place, struct ds_place *before)
{
	encode_number(out, place->offset - before->offset);
	encode_number(out, place->line - before->line);
	encode_number(out, place->column);
	*before = *place;
}

/** A UUID in its usual form in 16 bytes, behind a 1; another text as encode_like(). */
static void encode_uuid(struct buffer *out, struct ds_text uuid)
{
	unsigned char packed[UUID_PACKED_SIZE];
	char usual[UUID_SIZE];
	bool is_usual = uuid.size == UUID_SIZE && text_pack_uuid(uuid, packed);

	if (is_usual)
		text_unpack_uuid(packed, usual);
	if (!is_usual || memcmp(usual, uuid.data, UUID_SIZE) != 0) {
		encode_like(out, uuid, (struct ds_text){NULL, 0});
		return;
	}
	encode_number(out, 1);
	encode_bytes(out, packed, sizeof packed);
}

enum { IS_HVM = 1, IS_XML = 2 };

static void encode_disk(struct buffer *out, struct arena *arena, const struct ds_disk *disk)
{
	encode_number(out, (uint64_t)disk->device << 1 | (disk->readonly != 0));
	encode_number(out, (uint64_t)disk->type);
	encode_text(out, secret_masked(arena, disk->driver));
	encode_text(out, secret_masked(arena, disk->format));
	encode_text(out, source_masked(arena, disk));
	encode_text(out, disk->target);
}

static void encode_member(struct buffer *out, struct arena *arena, const struct ds_domain *domain,
	const struct estate_disk *member, struct ds_place *before)
{
	const struct ds_disk *disk = &domain->disks[member->number];

	encode_number(out, member->number);
	encode_number(out, member->flags);
	encode_like(out, member->source, source_masked(arena, disk));
	encode_like(out, member->format, disk->format);
	encode_text(out, member->backend);
	encode_place(out, &member->place, before);
}

/** The member of the part that has the same position, disk and source as the finding; `count`:
 * there is none. */
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

/** The text, without the title that most begin with. */
static void encode_sentence(struct buffer *out, const struct ds_finding *finding)
{
	struct ds_text title = {finding->rule->title, strlen(finding->rule->title)};
	bool has_title = text_starts(finding->text, finding->rule->title);

	encode_number(out, has_title);
	encode_text(out, has_title ? text_from(finding->text, title.size) : finding->text);
}

static void encode_finding(struct buffer *out, const struct ds_finding *finding,
	const struct ds_domain *domain, const struct estate_part *part)
{
	size_t member = find_member(part, finding), rules;
	struct ds_place before = domain->place;

	encode_number(out, (uint64_t)(finding->rule - ds_rules(&rules)));
	encode_number(out, (uint64_t)finding->severity);
	encode_number(out, member == part->count ? 0 : member + 1);
	if (member == part->count) {
		encode_place(out, &finding->place, &before);
		encode_text(out, finding->disk);
		encode_text(out, finding->source);
	}
	encode_sentence(out, finding);
	encode_text(out, finding->distinction);
}

void estate_record_encode(struct buffer *out, struct arena *arena, const struct ds_domain *domain,
	const struct estate_part *part, const struct ds_finding *findings, size_t count)
{
	bool is_xml = domain->format == DS_FORMAT_XML;
	struct ds_place before = domain->place;

	encode_number(out, domain->place.offset);
	encode_number(out, domain->place.line);
	encode_number(out, domain->place.column);
	encode_number(out, (domain->is_hvm ? IS_HVM : 0) | (is_xml ? IS_XML : 0));
	encode_text(out, domain->name);
	encode_uuid(out, domain->uuid);
	encode_number(out, domain->disk_count);
	for (size_t i = 0; i < domain->disk_count; i++)
		encode_disk(out, arena, &domain->disks[i]);
	encode_number(out, part->content);
	encode_number(out, part->loops);
	encode_number(out, part->count);
	for (size_t i = 0; i < part->count; i++)
		encode_member(out, arena, domain, &part->disks[i], &before);
	encode_number(out, part->file_count);
	for (size_t i = 0; i < part->file_count; i++)
		encode_text(out, part->files[i]);
	encode_number(out, count);
	for (size_t i = 0; i < count; i++)
		encode_finding(out, &findings[i], domain, part);
}

/* ---- decoding ---- */

/** Bytes that a disk, a member and a finding take at least. */
#define DISK_MIN 6
#define MEMBER_MIN 8
#define FINDING_MIN 6

struct reading {
	struct decoding bytes;
	struct arena *arena;
	const struct ds_estate_input *input;
	struct sip_key key;
	struct estate_record *record;
};

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

static struct ds_place decode_place(struct decoding *bytes, struct ds_place before)
{
	before.offset += decode_number(bytes);
	before.line += decode_number(bytes);
	before.column = decode_number(bytes);
	return before;
}

static struct ds_text decode_uuid(struct reading *reading)
{
	struct decoding *bytes = &reading->bytes;
	const char *packed;
	struct decoding ahead = *bytes;
	char *room;

	if (decode_number(&ahead) != 1)
		return decode_like(bytes, (struct ds_text){NULL, 0});
	*bytes = ahead;
	packed = decode_bytes(bytes, UUID_PACKED_SIZE);
	room = arena_alloc(reading->arena, UUID_SIZE);
	if (!packed || !room)
		return (struct ds_text){NULL, 0};
	text_unpack_uuid((const unsigned char *)packed, room);
	return (struct ds_text){room, UUID_SIZE};
}

/** Zeroed items; NULL when there are none. */
static void *decode_array(struct reading *reading, size_t *count, size_t least, size_t size)
{
	void *items;

	*count = decode_count(&reading->bytes, least);
	items = *count ? arena_alloc(reading->arena, *count * size) : NULL;
	if (!items) {
		*count = 0;
		return NULL;
	}
	return memset(items, 0, *count * size);
}

static void decode_disks(struct reading *reading)
{
	struct decoding *bytes = &reading->bytes;
	struct ds_domain *domain = &reading->record->domain;
	struct ds_disk *disks = decode_array(reading, &domain->disk_count, DISK_MIN, sizeof *disks);

	domain->disks = disks;
	for (size_t i = 0; i < domain->disk_count; i++) {
		uint64_t device = decode_number_to(bytes, DS_DEVICE_LUN << 1 | 1);

		disks[i].device = (enum ds_device)(device >> 1);
		disks[i].readonly = (int)(device & 1);
		disks[i].type = (enum ds_source)decode_number_to(bytes, DS_SOURCE_OTHER);
		disks[i].driver = decode_text(bytes);
		disks[i].format = decode_text(bytes);
		disks[i].source = decode_text(bytes);
		disks[i].target = decode_text(bytes);
	}
}

static void decode_member(struct reading *reading, struct estate_disk *member,
	struct ds_place before)
{
	struct decoding *bytes = &reading->bytes;
	const struct ds_domain *domain = &reading->record->domain;
	const struct ds_disk *disk;
	uint64_t number = decode_number(bytes);

	if (number >= domain->disk_count) {
		bytes->has_failed = true;
		return;
	}
	disk = &domain->disks[number];
	member->number = (uint32_t)number;
	member->flags = (unsigned)decode_number_to(bytes, ESTATE_FLAGS);
	member->source = decode_like(bytes, disk->source);
	member->format = decode_like(bytes, disk->format);
	member->target = disk->target;
	member->backend = decode_text(bytes);
	member->place = decode_place(bytes, before);
	/* The estate has only disks with a source. */
	bytes->has_failed |= !member->source.data;
	member->hash = bytes->has_failed ? 0 : text_table_hash(reading->key, member->source);
}

static void decode_part(struct reading *reading)
{
	struct decoding *bytes = &reading->bytes;
	struct estate_part *part = &reading->record->part;

	part->content = (uint32_t)decode_number_to(bytes, UINT32_MAX);
	part->loops = decode_number(bytes);
	part->has_uuid = estate_uuid(reading->record->domain.uuid, part->uuid);
	part->disks = decode_array(reading, &part->count, MEMBER_MIN, sizeof *part->disks);
	for (size_t i = 0; i < part->count && !bytes->has_failed; i++)
		decode_member(reading, &part->disks[i],
			i ? part->disks[i - 1].place : reading->record->domain.place);
	part->files = decode_array(reading, &part->file_count, 1, sizeof *part->files);
	for (size_t i = 0; i < part->file_count; i++) {
		part->files[i] = decode_text(bytes);
		bytes->has_failed |= !part->files[i].data;
	}
}

static struct ds_text decode_sentence(struct reading *reading, const struct ds_rule *rule)
{
	bool has_title = decode_number_to(&reading->bytes, 1) != 0;
	struct ds_text rest = decode_text(&reading->bytes);
	size_t size = strlen(rule->title);
	char *text;

	if (!has_title)
		return rest;
	if (!rest.size)
		return (struct ds_text){rule->title, size};
	text = arena_alloc(reading->arena, size + rest.size);
	if (!text)
		return (struct ds_text){NULL, 0};
	memcpy(text, rule->title, size);
	memcpy(text + size, rest.data, rest.size);
	return (struct ds_text){text, size + rest.size};
}

static void decode_finding(struct reading *reading, struct ds_finding *finding)
{
	struct decoding *bytes = &reading->bytes;
	const struct ds_domain *domain = &reading->record->domain;
	const struct estate_part *part = &reading->record->part;
	size_t rule_count;
	const struct ds_rule *rules = ds_rules(&rule_count);
	uint64_t member;

	finding->rule = &rules[decode_number_to(bytes, rule_count - 1)];
	finding->severity = (enum ds_severity)decode_number_to(bytes, DS_SEVERITY_CRITICAL);
	finding->host = (struct ds_text){domain->host, strlen(domain->host)};
	finding->domain = domain->name;
	finding->uuid = domain->uuid;
	member = decode_number_to(bytes, part->count);
	if (member) {
		finding->place = part->disks[member - 1].place;
		finding->disk = part->disks[member - 1].target;
		finding->source = part->disks[member - 1].source;
	} else {
		finding->place = decode_place(bytes, domain->place);
		finding->disk = decode_text(bytes);
		finding->source = decode_text(bytes);
	}
	finding->text = decode_sentence(reading, finding->rule);
	finding_sign(finding);
	finding_distinguish(finding, decode_text(bytes));
}

static void decode_findings(struct reading *reading)
{
	struct estate_record *record = reading->record;

	record->findings = decode_array(reading, &record->finding_count, FINDING_MIN,
		sizeof *record->findings);
	for (size_t i = 0; i < record->finding_count && !reading->bytes.has_failed; i++)
		decode_finding(reading, &record->findings[i]);
}

static void decode_domain(struct reading *reading)
{
	struct decoding *bytes = &reading->bytes;
	struct ds_domain *domain = &reading->record->domain;
	uint64_t flags;

	domain->host = reading->input->host;
	domain->place.name = reading->input->name;
	domain->place.offset = reading->input->offset + decode_number(bytes);
	domain->place.line = decode_number(bytes);
	/* An unknown line stays unknown. */
	if (domain->place.line)
		domain->place.line += reading->input->lines;
	domain->place.column = decode_number(bytes);
	flags = decode_number_to(bytes, IS_HVM | IS_XML);
	domain->is_hvm = (flags & IS_HVM) != 0;
	domain->format = flags & IS_XML ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
	domain->name = decode_text(bytes);
	domain->uuid = decode_uuid(reading);
}

enum ds_status estate_record_decode(struct estate_record *record, struct ds_text bytes,
	const struct ds_estate_input *input, struct sip_key key, struct arena *arena)
{
	struct reading reading = {decoding_of(bytes), arena, input, key, record};

	memset(record, 0, sizeof *record);
	ds_domain_init(&record->domain, sizeof record->domain);
	decode_domain(&reading);
	decode_disks(&reading);
	decode_part(&reading);
	decode_findings(&reading);
	if (arena->failed)
		return DS_NO_MEMORY;
	return decoding_is_done(&reading.bytes) ? DS_OK : DS_DAMAGED;
}
