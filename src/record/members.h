/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MEMBERS_H
#define RECORD_MEMBERS_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * The records as tables: which members struct ds_domain and the structs of its devices have, of
 * what type they are, and how to compare and show them. All of it is generated from
 * record/fields.def and record/devices.def.
 *
 *   for (size_t i = 0; i < FIELD_COUNT; i++)
 *           if (!member_same(&domain_members[i], one, other))
 *                   …
 *
 * The enums below are for `switch` without `default`: gcc and clang then warn of a field that is
 * not handled.
 */

/** One constant for each field of a domain, e.g. FIELD_memory_kib. */
enum field {
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) FIELD_##member,
#define DS_DETAIL(member, type, xml_path, sexpr_path) FIELD_##member,
#include "record/fields.def"
};

/* How many there are; apart from the enum, so that a switch over it need not handle the number. */
enum {
	FIELD_COUNT = 0
#define DS_FIELD(member, kind, xml_context, xml_name, sexpr_context, sexpr_key) +1
#define DS_DETAIL(member, type, xml_path, sexpr_path) +1
#include "record/fields.def"
};

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

/** Which struct has a member. */
enum member_holder {
	/** The record itself. */
	HOLDER_RECORD = 0,
	/** A disk's details; the location among them, its first server and its NVMe controller; and
	 * the first of its backing chain. What is not there has no member that is set. */
	HOLDER_DETAILS,
	HOLDER_LOCATION,
	HOLDER_HOST,
	HOLDER_NVME,
	HOLDER_BACKING,
};

struct member {
	/** As in the struct: "memory_kib". */
	const char *name;
	/** Where it is in either format: "os/kernel", "image/kernel"; of a device, below it:
	 * "driver@name", "uname". "": the format has no place for it. */
	const char *xml, *sexpr;
	/** Of the member in its struct. */
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
	/** As the array in struct ds_domain: "disks". */
	const char *name;
	/** Of the pointer to the array and of its counter in struct ds_domain. */
	unsigned short items, counter;
	/** Size of one device. */
	unsigned short size;
	unsigned short member_count;
	/** Indexed by the kind's own enum; those of a disk's details follow. */
	const struct member *members;
};

/** Indexed by enum devices. */
extern const struct device_kind device_kinds[DEVICES_COUNT];

/** The elements of each kind of device in XML, as paths of losses and extras begin with them; NULL
 * ends them. What a console of an HVM guest is in SEXPR is a serial port, so each of the character
 * devices may have the name of another one. */
extern const char *const device_elements[DEVICES_COUNT][4];
/** The lists of SEXPR; NULL: it has none of its own, or several. */
extern const char *const device_lists[DEVICES_COUNT];

/** Number of devices of a kind. */
size_t device_count(const struct ds_domain *domain, enum devices kind);
/** The device with this index, as a pointer to its struct. */
const void *device_at(const struct ds_domain *domain, enum devices kind, size_t index);

/** How many members of its kind a device may have: fewer for a disk without details. */
size_t device_member_count(enum devices kind, const void *device);

/** Sets the array of a kind and its counter. */
void device_set(struct ds_domain *domain, enum devices kind, const void *items, size_t count);

/** Whether a member of the record is set. An empty text is not; -1 is not set for an I64 that may
 * not be negative (the domain's number). An enum is set when it is not the first of its
 * constants. */
bool member_is_set(const struct member *member, const void *record);

/** Whether two records have the same value. Texts that are NULL and empty are the same. */
bool member_same(const struct member *member, const void *one, const void *other);

/** Index of the first member from `from` on in which two devices of a kind differ; of two domains
 * for DEVICES_COUNT. MEMBER_NONE: no other one does. */
#define MEMBER_NONE SIZE_MAX
size_t member_first_difference(enum devices kind, size_t from, const void *one, const void *other);

/** Whether the member is a text; the boot order is one of letters. Any other is a number. */
bool member_holds_text(const struct member *member);
/** The value of a text, as it is. */
struct ds_text member_raw_text(const struct member *member, const void *record);
/** The value of a number, a flag or an enum, whatever its size; what is negative keeps its sign. */
int64_t member_number(const struct member *member, const void *record);
/** Set a member of a record to what the two functions above return. Its holder must exist. */
void member_set_text(const struct member *member, void *record, struct ds_text text);
void member_set_number(const struct member *member, void *record, int64_t number);

/** Gives a disk all holders, in the arena; false when out of memory. */
bool member_add_holders(struct ds_disk *disk, struct arena *arena);

/** The word of an enum's first constant. */
const char *member_first_word(const struct member *member);

/** Room for a number or a boot order as text. */
#define MEMBER_TEXT_SIZE 32

/** The value as text, in `room` unless the member is a text or a word. NULL when it is not set; an
 * enum always has a word. */
struct ds_text member_text(const struct member *member, const void *record,
	char room[MEMBER_TEXT_SIZE]);

#endif
