/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/members.h"

#include "record/text.h"
#include "record/words.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

/* The types in which the kinds of fields.def are stored. */
#define MEMBER_EMPTY MEMBER_TEXT
#define MEMBER_UUID MEMBER_TEXT
#define MEMBER_MEMORY MEMBER_U64
#define MEMBER_COUNT MEMBER_U64
#define MEMBER_WEIGHT MEMBER_U64

/* The contexts in fields.def as prefixes of paths; members.h has those of XML. */
#define SEXPR_PATH_NONE ""
#define SEXPR_PATH_DOMAIN ""
#define SEXPR_PATH_BUILDER "image/"

const struct member domain_members[FIELD_COUNT] = {
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) \
	{#member, XML_PATH_##xml_context xml_name, SEXPR_PATH_##sexpr_context sexpr_key, \
		offsetof(struct ds_domain, member), MEMBER_##kind, HOLDER_RECORD},
#define DS_DETAIL(member, type, xml_path, sexpr_path) \
	{#member, xml_path, sexpr_path, offsetof(struct ds_domain, member), MEMBER_##type, \
		HOLDER_RECORD},
#include "record/fields.def"
};

_Static_assert(FIELD_COUNT < DS_FIELDS_MAX,
	"struct ds_domain has no room for the positions of all fields");

#define MEMBER_OF(record, member, type, xml, sexpr) \
	{#member, xml, sexpr, offsetof(struct record, member), MEMBER_##type, HOLDER_RECORD},

#define DS_DISK_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_disk, member, type, xml, sexpr)
static const struct member DISK_members[] = {
#include "record/devices.def"
#define NAME_DETAILS(member) #member
#define NAME_LOCATION(member) #member
#define NAME_HOST(member) #member
#define NAME_NVME(member) #member
#define NAME_BACKING(member) "backing"
#define IN_DETAILS ds_disk_details
#define IN_LOCATION ds_disk_location
#define IN_HOST ds_disk_host
#define IN_NVME ds_pci
#define IN_BACKING ds_disk_backing
#define DETAIL_OF(record, holder, member, type, xml) \
	{NAME_##holder(member), xml, "", offsetof(struct record, member), MEMBER_##type, \
		HOLDER_##holder},
#define DS_DISK_DETAIL(holder, member, type, xml) DETAIL_OF(IN_##holder, holder, member, type, xml)
#include "record/devices.def"
};

#define DS_INTERFACE_FIELD(member, type, xml, sexpr) \
	MEMBER_OF(ds_interface, member, type, xml, sexpr)
static const struct member INTERFACE_members[] = {
#include "record/devices.def"
};

#define DS_GRAPHICS_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_graphics, member, type, xml, sexpr)
static const struct member GRAPHICS_members[] = {
#include "record/devices.def"
};

#define DS_CHAR_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_char, member, type, xml, sexpr)
static const struct member CHAR_members[] = {
#include "record/devices.def"
};

#define DS_PCI_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_pci, member, type, xml, sexpr)
static const struct member PCI_members[] = {
#include "record/devices.def"
};

#define DS_SOUND_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_word, member, type, xml, sexpr)
static const struct member SOUND_members[] = {
#include "record/devices.def"
};

#define DS_INPUT_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_word, member, type, xml, sexpr)
static const struct member INPUT_members[] = {
#include "record/devices.def"
};

#define DS_PIN_FIELD(member, type, xml, sexpr) MEMBER_OF(ds_pin, member, type, xml, sexpr)
static const struct member PIN_members[] = {
#include "record/devices.def"
};

const struct device_kind device_kinds[DEVICES_COUNT] = {
#define DS_DEVICES(kind, items, counter, type) \
	{#items, offsetof(struct ds_domain, items), offsetof(struct ds_domain, counter), \
		sizeof(struct type), sizeof kind##_members / sizeof *kind##_members, \
		kind##_members},
#include "record/devices.def"
};

const char *const device_elements[DEVICES_COUNT][4] = {
	[DEVICES_DISK] = {"devices/disk"},
	[DEVICES_INTERFACE] = {"devices/interface"},
	[DEVICES_GRAPHICS] = {"devices/graphics"},
	[DEVICES_CHAR] = {"devices/serial", "devices/parallel", "devices/console"},
	[DEVICES_PCI] = {"devices/hostdev"},
	[DEVICES_SOUND] = {"devices/sound"},
	[DEVICES_INPUT] = {"devices/input"},
	[DEVICES_PIN] = {"cputune/vcpupin"},
};

const char *const device_lists[DEVICES_COUNT] = {
	[DEVICES_INTERFACE] = "device/vif",
	[DEVICES_GRAPHICS] = "device/vfb",
	[DEVICES_PCI] = "device/pci/dev",
};

size_t device_count(const struct ds_domain *domain, enum devices kind)
{
	return *(const size_t *)(const void *)((const char *)domain + device_kinds[kind].counter);
}

const void *device_at(const struct ds_domain *domain, enum devices kind, size_t index)
{
	const void *pointer = (const char *)domain + device_kinds[kind].items;
	const char *items;

	memcpy(&items, pointer, sizeof items);
	return items + index * device_kinds[kind].size;
}

void device_set(struct ds_domain *domain, enum devices kind, const void *items, size_t count)
{
	memcpy((char *)domain + device_kinds[kind].items, &items, sizeof items);
	memcpy((char *)domain + device_kinds[kind].counter, &count, sizeof count);
}

size_t device_member_count(enum devices kind, const void *device)
{
	if (kind == DEVICES_DISK && !((const struct ds_disk *)device)->details)
		return DISK_FIELDS;
	return device_kinds[kind].member_count;
}

/** Returns the struct that has the member, or NULL if the record does not have that struct. */
static inline const char *holder_of(const struct member *member, const void *record)
{
	const struct ds_disk_details *details;
	const struct ds_disk_location *location;

	if (member->holder == HOLDER_RECORD)
		return record;
	details = ((const struct ds_disk *)record)->details;
	if (!details || member->holder == HOLDER_DETAILS)
		return (const char *)details;
	location = details->location;
	switch ((enum member_holder)member->holder) {
	case HOLDER_BACKING:
		return (const char *)(details->backing_count ? details->backing : NULL);
	case HOLDER_HOST:
		return (const char *)(location && location->host_count ? location->hosts : NULL);
	case HOLDER_NVME:
		return (const char *)(location ? location->nvme : NULL);
	case HOLDER_RECORD:
	case HOLDER_DETAILS:
	case HOLDER_LOCATION:
		break;
	}
	return (const char *)location;
}

bool member_add_holders(struct ds_disk *disk, struct arena *arena)
{
	struct holders {
		struct ds_disk_details details;
		struct ds_disk_location location;
		struct ds_disk_host host;
		struct ds_pci nvme;
		struct ds_disk_backing backing;
	} *holders = arena_alloc(arena, sizeof *holders);

	if (!holders)
		return false;
	memset(holders, 0, sizeof *holders);
	holders->details.location = &holders->location;
	holders->location.hosts = &holders->host;
	holders->location.host_count = 1;
	holders->location.nvme = &holders->nvme;
	holders->details.backing = &holders->backing;
	holders->details.backing_count = 1;
	disk->details = &holders->details;
	return true;
}

static const char *const *words_of(const struct member *member)
{
	static const char *const *const tables[] = {
		[MEMBER_CLOCK] = clock_words,
		[MEMBER_DEVICE] = device_words,
		[MEMBER_SOURCE] = source_words,
		[MEMBER_CLASS] = class_words,
		[MEMBER_INTERFACE] = interface_words,
		[MEMBER_GRAPHICS] = graphics_words,
		[MEMBER_CHAR_KIND] = char_kind_words,
		[MEMBER_CHAR_TYPE] = char_type_words,
	};

	return tables[member->type];
}

struct ds_text member_raw_text(const struct member *member, const void *record)
{
	const char *holder = holder_of(member, record);

	if (!holder)
		return (struct ds_text){NULL, 0};
	if (member->type == MEMBER_BOOT) {
		const struct ds_domain *domain = record;

		return (struct ds_text){domain->boot, domain->boot_count};
	}
	return *(const struct ds_text *)(const void *)(holder + member->offset);
}

/** Returns the value at `at` of a member that is not a text. */
static inline int64_t number_at(const struct member *member, const void *at)
{
	switch ((enum member_type)member->type) {
	case MEMBER_U64:
		return (int64_t) * (const uint64_t *)at;
	case MEMBER_I64:
		return *(const int64_t *)at;
	case MEMBER_U32:
		return *(const uint32_t *)at;
	case MEMBER_I32:
		return *(const int32_t *)at;
	case MEMBER_TEXT:
	case MEMBER_BOOT:
		return 0;
	case MEMBER_BOOL:
		return *(const bool *)at;
	case MEMBER_FLAG:
	case MEMBER_CLOCK:
	case MEMBER_DEVICE:
	case MEMBER_SOURCE:
	case MEMBER_CLASS:
	case MEMBER_INTERFACE:
	case MEMBER_GRAPHICS:
	case MEMBER_CHAR_KIND:
	case MEMBER_CHAR_TYPE:
		break;
	}
	return *(const int *)at;
}

int64_t member_number(const struct member *member, const void *record)
{
	const char *holder = holder_of(member, record);

	return holder ? number_at(member, holder + member->offset) : 0;
}

bool member_holds_text(const struct member *member)
{
	return member->type == MEMBER_TEXT || member->type == MEMBER_BOOT;
}

bool member_is_set(const struct member *member, const void *record)
{
	if (member_holds_text(member))
		return member_raw_text(member, record).size != 0;
	if (member == &domain_members[FIELD_id])
		return member_number(member, record) >= 0;
	return member_number(member, record) != 0;
}

static void set_boot(struct ds_domain *domain, struct ds_text letters)
{
	domain->boot_count = letters.size < DS_BOOT_MAX ? letters.size : DS_BOOT_MAX;
	memcpy(domain->boot, letters.data, domain->boot_count);
}

/** Returns a pointer to a member of a record that the caller may change. */
static void *value_of(const struct member *member, void *record)
{
	return (void *)(uintptr_t)(holder_of(member, record) + member->offset);
}

void member_set_text(const struct member *member, void *record, struct ds_text text)
{
	if (member->type == MEMBER_BOOT)
		set_boot(record, text);
	else
		*(struct ds_text *)value_of(member, record) = text;
}

void member_set_number(const struct member *member, void *record, int64_t number)
{
	void *at = value_of(member, record);

	if (member->type == MEMBER_U64)
		*(uint64_t *)at = (uint64_t)number;
	else if (member->type == MEMBER_I64)
		*(int64_t *)at = number;
	else if (member->type == MEMBER_U32)
		*(uint32_t *)at = (uint32_t)number;
	else if (member->type == MEMBER_I32)
		*(int32_t *)at = (int32_t)number;
	else if (member->type == MEMBER_BOOL)
		*(bool *)at = number != 0;
	else
		*(int *)at = (int)number;
}

/** Returns whether two structs that have the member have the same value. */
static inline bool is_same_value(const struct member *member, const char *one, const char *other)
{
	const void *at = one + member->offset, *other_at = other + member->offset;

	if (member->type == MEMBER_TEXT)
		return text_same_bytes(*(const struct ds_text *)at,
			*(const struct ds_text *)other_at);
	if (member->type == MEMBER_BOOT)
		return text_same_bytes(member_raw_text(member, one),
			member_raw_text(member, other));
	return number_at(member, at) == number_at(member, other_at);
}

static inline bool is_same(const struct member *member, const void *one, const void *other)
{
	const char *holder = holder_of(member, one), *other_holder = holder_of(member, other);

	if (holder && other_holder)
		return is_same_value(member, holder, other_holder);
	return (!holder && !other_holder) || !member_is_set(member, holder ? one : other);
}

bool member_same(const struct member *member, const void *one, const void *other)
{
	return is_same(member, one, other);
}

/* A comparison of records spends most of its time here, so each member has its own code: a case
 * that falls through to the next one if both values are equal. */

#define SAME_TEXT(a, b) text_same_bytes(a, b)
#define SAME_EMPTY SAME_TEXT
#define SAME_UUID SAME_TEXT
#define SAME_NUMBER(a, b) ((a) == (b))
#define SAME_MEMORY SAME_NUMBER
#define SAME_COUNT SAME_NUMBER
#define SAME_WEIGHT SAME_NUMBER
#define SAME_BOOL SAME_NUMBER
#define SAME_FLAG SAME_NUMBER
#define SAME_U64 SAME_NUMBER
#define SAME_I64 SAME_NUMBER
#define SAME_U32 SAME_NUMBER
#define SAME_I32 SAME_NUMBER
#define SAME_CLOCK SAME_NUMBER
#define SAME_DEVICE SAME_NUMBER
#define SAME_SOURCE SAME_NUMBER
#define SAME_CLASS SAME_NUMBER
#define SAME_INTERFACE SAME_NUMBER
#define SAME_GRAPHICS SAME_NUMBER
#define SAME_CHAR_KIND SAME_NUMBER
#define SAME_CHAR_TYPE SAME_NUMBER
/* The boot letters are an array, and not a text. */
#define SAME_BOOT(a, b) (one->boot_count == other->boot_count && memcmp(a, b, one->boot_count) == 0)

#define COMPARE(number, type, member) \
	case number: \
		if (!SAME_##type(one->member, other->member)) \
			return number; \
		__attribute__((fallthrough));

static size_t first_field(size_t from, const struct ds_domain *one, const struct ds_domain *other)
{
	switch (from) {
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) \
	COMPARE(FIELD_##member, kind, member)
#define DS_DETAIL(member, type, xml_path, sexpr_path) COMPARE(FIELD_##member, type, member)
#include "record/fields.def"
	default:
		return MEMBER_NONE;
	}
}

static size_t first_disk(size_t from, const struct ds_disk *one, const struct ds_disk *other)
{
	switch (from) {
#define DS_DISK_FIELD(member, type, xml, sexpr) COMPARE(DISK_##member, type, member)
#include "record/devices.def"
	default:
		return MEMBER_NONE;
	}
}

/** Compares the members one by one, through the table. */
static size_t first_of(enum devices kind, size_t from, const void *one, const void *other)
{
	const struct device_kind *all = &device_kinds[kind];

	while (from < all->member_count && is_same(&all->members[from], one, other))
		from++;
	return from < all->member_count ? from : MEMBER_NONE;
}

size_t member_first_difference(enum devices kind, size_t from, const void *one, const void *other)
{
	const struct ds_disk *disk = one, *other_disk = other;
	size_t first;

	if (kind == DEVICES_COUNT)
		return first_field(from, one, other);
	if (kind != DEVICES_DISK)
		return first_of(kind, from, one, other);
	first = first_disk(from, disk, other_disk);
	/* The members that only XML has are rarely set. */
	if (first != MEMBER_NONE || (!disk->details && !other_disk->details))
		return first;
	return first_of(kind, from < DISK_FIELDS ? DISK_FIELDS : from, one, other);
}

const char *member_first_word(const struct member *member)
{
	return words_of(member)[0];
}

struct ds_text member_text(const struct member *member, const void *record,
	char room[MEMBER_TEXT_SIZE])
{
	static const char *const flags[] = {"", "off", "on"};
	int64_t number;
	const char *word;

	if (member->type < MEMBER_CLOCK && !member_is_set(member, record))
		return (struct ds_text){NULL, 0};
	if (member_holds_text(member))
		return member_raw_text(member, record);
	number = member_number(member, record);
	if (member->type == MEMBER_BOOL)
		return TEXT("yes");
	if (member->type == MEMBER_FLAG) {
		word = flags[number];
	} else if (member->type >= MEMBER_CLOCK) {
		word = words_of(member)[number];
		word = word ? word : "other";
	} else {
		int size = snprintf(room, MEMBER_TEXT_SIZE,
			member->type == MEMBER_U64 ? "%" PRIu64 : "%" PRId64, number);

		return (struct ds_text){room, (size_t)size};
	}
	return (struct ds_text){word, strlen(word)};
}
