/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MEMBERS_H
#define RECORD_MEMBERS_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * Tables of the members of struct ds_domain and of the structs of its devices, with their types,
 * and functions that compare and show members. The tables are generated from record/fields.def and
 * record/devices.def.
 *
 *   for (size_t i = 0; i < FIELD_COUNT; i++)
 *           if (!member_same(&domain_members[i], one, other))
 *                   …
 *
 * The enums below are for a `switch` without `default`: gcc and clang then warn about a field
 * that is not handled.
 */

/** One constant for each field of a domain, e.g. FIELD_memory_kib. */
enum field {
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) FIELD_##member,
#define DS_DETAIL(member, type, xml_path, sexpr_path) FIELD_##member,
#include "record/fields.def"
};

/* The number of fields. It is not in the enum, so that a switch over the enum does not have to
 * handle it. */
enum {
	FIELD_COUNT = 0
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) +1
#define DS_DETAIL(member, type, xml_path, sexpr_path) +1
#include "record/fields.def"
};

/* The number of members of a disk itself, without those of its details. */
enum {
	DISK_FIELDS = 0
#define DS_DISK_FIELD(member, type, xml_path, sexpr_key) +1
#include "record/devices.def"
};

/** The members of each kind of device, for example DISK_source. */
enum disk_field {
#define DS_DISK_FIELD(member, type, xml_path, sexpr_key) DISK_##member,
#include "record/devices.def"
};

enum interface_field {
#define DS_INTERFACE_FIELD(member, type, xml_path, sexpr_key) INTERFACE_##member,
#include "record/devices.def"
};

enum graphics_field {
#define DS_GRAPHICS_FIELD(member, type, xml_path, sexpr_key) GRAPHICS_##member,
#include "record/devices.def"
};

enum char_field {
#define DS_CHAR_FIELD(member, type, xml_path, sexpr_key) CHAR_##member,
#include "record/devices.def"
};

enum pci_field {
#define DS_PCI_FIELD(member, type, xml_path, sexpr_key) PCI_##member,
#include "record/devices.def"
};

enum sound_field {
#define DS_SOUND_FIELD(member, type, xml_path, sexpr_key) SOUND_##member,
#include "record/devices.def"
};

enum input_field {
#define DS_INPUT_FIELD(member, type, xml_path, sexpr_key) INPUT_##member,
#include "record/devices.def"
};

enum pin_field {
#define DS_PIN_FIELD(member, type, xml_path, sexpr_key) PIN_##member,
#include "record/devices.def"
};

/** The arrays of devices that a domain has. */
enum devices {
#define DS_DEVICES(kind, members, counter, type) DEVICES_##kind,
#include "record/devices.def"
	DEVICES_COUNT
};

/* The contexts of XML in fields.def as prefixes of paths. */
#define XML_PATH_NONE ""
#define XML_PATH_DOMAIN ""
#define XML_PATH_CPUTUNE "cputune/"
#define XML_PATH_OS "os/"
#define XML_PATH_FEATURES "features/"
#define XML_PATH_DEVICES "devices/"

enum member_type {
	MEMBER_TEXT,
	/** bool */
	MEMBER_BOOL,
	/** enum ds_flag. */
	MEMBER_FLAG,
	MEMBER_U64,
	MEMBER_I64,
	MEMBER_U32,
	MEMBER_I32,
	/** The boot order: an array of letters, and `boot_count`. */
	MEMBER_BOOT,
	/** Enums that have a table of words (record/words.h). */
	MEMBER_CLOCK,
	MEMBER_DEVICE,
	MEMBER_SOURCE,
	MEMBER_CLASS,
	MEMBER_INTERFACE,
	MEMBER_GRAPHICS,
	MEMBER_CHAR_KIND,
	MEMBER_CHAR_TYPE,
};

/** The struct that a member belongs to. */
enum member_holder {
	/** The record itself. */
	HOLDER_RECORD = 0,
	/** The details of a disk; their location, its first server and its NVMe controller; and the
	 * first image of the backing chain. If a struct is missing, none of its members is set. */
	HOLDER_DETAILS,
	HOLDER_LOCATION,
	HOLDER_HOST,
	HOLDER_NVME,
	HOLDER_BACKING,
};

struct member {
	/** The name of the member in its struct: "memory_kib". */
	const char *name;
	/** Its path in both formats: "os/kernel", "image/kernel"; for a device, the path below the
	 * device: "driver@name", "uname". "" if the format cannot express it. */
	const char *xml, *sexpr;
	/** The offset of the member in its struct. */
	unsigned short offset;
	/** enum member_type */
	unsigned char type;
	/** enum member_holder */
	unsigned char holder;
};

/** Indexed by enum field. */
extern const struct member domain_members[FIELD_COUNT];

/** One kind of device. */
struct device_kind {
	/** The name of the array in struct ds_domain: "disks". */
	const char *name;
	/** The offsets of the pointer to the array and of its counter in struct ds_domain. */
	unsigned short items, counter;
	/** The size of one device. */
	unsigned short size;
	unsigned short member_count;
	/** The members, indexed by the enum of the kind. For a disk, those of its details follow
	 * (DS_DISK_DETAIL in record/devices.def). */
	const struct member *members;
};

/** Indexed by enum devices. */
extern const struct device_kind device_kinds[DEVICES_COUNT];

/** The elements of each kind of device in XML, with which the paths of losses and extras begin;
 * NULL ends each list. Every kind of character device has the elements of all three kinds, because
 * a console of an HVM guest is a serial port in SEXPR. */
extern const char *const device_elements[DEVICES_COUNT][4];
/** The lists of SEXPR, or NULL for a kind that does not have exactly one kind of list. */
extern const char *const device_lists[DEVICES_COUNT];

/** Returns the number of devices of a kind. */
size_t device_count(const struct ds_domain *domain, enum devices kind);
/** Returns the device with this index, as a pointer to its struct. */
const void *device_at(const struct ds_domain *domain, enum devices kind, size_t index);

/** Returns the `at` of a device, with which the struct of every kind begins. */
static inline size_t device_position(const void *device)
{
	return *(const size_t *)device;
}

/** Returns the number of members that a device has; for a disk without details, those of enum
 * disk_field alone. */
size_t device_member_count(enum devices kind, const void *device);

/** Sets the array of a kind and its counter. */
void device_set(struct ds_domain *domain, enum devices kind, const void *items, size_t count);

/** Returns whether a member of the record is set. An empty text is unset, and so are -1 in the
 * domain's number (the I64 that must not be negative) and the first constant of an enum. */
bool member_is_set(const struct member *member, const void *record);

/** Returns whether a member has the same value in two records. A NULL text equals an empty one. */
bool member_same(const struct member *member, const void *one, const void *other);

/** Returns the index of the first member from `from` on in which two devices of a kind differ, or
 * two domains for DEVICES_COUNT; MEMBER_NONE if there is no such member. */
#define MEMBER_NONE SIZE_MAX
size_t member_first_difference(enum devices kind, size_t from, const void *one, const void *other);

/** Returns whether the member is a text, including the boot order, which is a text of letters. Any
 * other member is a number. */
bool member_holds_text(const struct member *member);
/** Returns the value of a text, unchanged. */
struct ds_text member_raw_text(const struct member *member, const void *record);
/** Returns the value of a number, a flag or an enum of any size, with its sign. */
int64_t member_number(const struct member *member, const void *record);
/** These set a member of a record to a value that one of the two functions above has returned. The
 * struct that has the member must exist. */
void member_set_text(const struct member *member, void *record, struct ds_text text);
void member_set_number(const struct member *member, void *record, int64_t number);

/** Creates all structs of a disk's details, in the arena. Returns false when out of memory. */
bool member_add_holders(struct ds_disk *disk, struct arena *arena);

/** Returns the word of an enum's first constant. */
const char *member_first_word(const struct member *member);

/** The size of the buffer for a number or a boot order as text. */
#define MEMBER_TEXT_SIZE 32

/** Returns the value as text; a number is written into `room`. Returns NULL if the member is not
 * set, except for an enum, which always has a word. */
struct ds_text member_text(const struct member *member, const void *record,
	char room[MEMBER_TEXT_SIZE]);

#endif
