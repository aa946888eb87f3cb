/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_WRITER_PRIVATE_H
#define WRITE_WRITER_PRIVATE_H

#include "record/boot.h"
#include "record/members.h"
#include "record/text.h"
#include "record/vdev.h"
#include "record/words.h"
#include "write/writer.h"
#include "write/xml_schema.h"

#include <stdbool.h>

/** The state that the writers of both formats share. */
struct writing {
	const struct ds_writer_options *options;
	const struct ds_domain *domain;
	struct buffer *out;
	struct loss_list *losses;
	/** The disk that the domain boots from, or NULL. */
	const struct ds_disk *boot_disk;
	/** XML only, set by xml_plan_boot(): the disk that needs a <boot order>, or NULL; and
	 * xend's letters for the kinds of devices, in the order in which the first device of each
	 * kind gets its number. */
	const struct ds_disk *boot_flagged;
	struct ds_text device_order;
};

/** Concatenates texts in the arena of the losses. */
struct ds_text writing_join(struct writing *writing, const struct ds_text *texts, size_t count);

/** Adds a loss of the domain. `path` is a constant. */
void lose(struct writing *writing, enum loss_reason reason, const char *path, struct ds_text value,
	size_t at);

/** Adds the loss of a field of the domain, if it is set, with its path, value and position in the
 * input. The reason LOSS_NO_PLACE becomes LOSS_DEFAULT when the field has its default value. */
void lose_field(struct writing *writing, enum loss_reason reason, enum field field);
/** Adds the loss of a field of a device; `field` is in the kind's own enum. */
void lose_device_field(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, size_t field);
/** Adds the loss of a value of a device; `below` is its path below that of the device. */
void lose_device_value(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, const char *below, struct ds_text value);
/** Adds the losses of the details of a disk in a record that a program has created; no writer
 * writes them. In a record that was read, each detail is also an extra, which is the loss. */
void lose_disk_details(struct writing *writing, const struct ds_disk *disk);
/** Adds the losses of the fields of a character device that no writer writes for its type. */
void lose_char_fields(struct writing *writing, const struct ds_char *item);
/** Adds the loss of a whole device, with its bytes in the input as the value. `below` is what it
 * lacks, or "". */
void lose_device(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, const char *below);

/**
 * Both writers handle fields with functions of this form, which switch over the fields without a
 * default, so that the compiler warns about a field that a writer does not handle. They return
 * false when the output cannot express the field; then its loss is added. The argument is a
 * constant in every call, so that each call is compiled to the code for one field.
 */
#if defined(__GNUC__)
#define FIELD_SWITCH static inline __attribute__((always_inline)) bool
#else
#define FIELD_SWITCH static inline bool
#endif

/** Returns whether a PCI device's address was parsed. Otherwise adds the loss of the device: half
 * an address would be that of another device. */
bool writer_can_express_pci(struct writing *writing, const struct ds_pci *item);

/** These return whether a character device of this type has a network address, has a path, or can
 * wait for a client. */
static inline bool char_is_wire(const struct ds_char *item)
{
	return item->type == DS_CHAR_TCP || item->type == DS_CHAR_TELNET ||
		item->type == DS_CHAR_UDP;
}

static inline bool char_has_path(const struct ds_char *item)
{
	return item->type == DS_CHAR_FILE || item->type == DS_CHAR_PIPE ||
		item->type == DS_CHAR_DEV || item->type == DS_CHAR_UNIX;
}

static inline bool char_can_listen(const struct ds_char *item)
{
	return item->type == DS_CHAR_UNIX || item->type == DS_CHAR_TCP ||
		item->type == DS_CHAR_TELNET;
}

/* ---- XML ---- */

void xml_write(struct writing *writing);
void xml_write_disks(struct writing *writing);
/** Returns whether libvirt accepts the disk. It refuses a domain with a disk that has no name, or
 * that has no source and is not removable, so such a disk is left out. */
bool xml_can_express_disk(const struct ds_disk *disk);
void xml_write_devices(struct writing *writing);

/** Writes ` name='value'` if the text is set. `begin` is ` name='`, and `schema` selects what the
 * schema allows there. A loss is reported with the path `path` and the position `at`. */
void xml_attribute(struct writing *writing, struct ds_text begin, struct ds_text value,
	enum schema schema, const char *path, size_t at);
/** Writes `<name>value</name>` on a line of its own; `begin` is `  <name`, and `end` is `</name>`
 * and a line feed. */
void xml_element(struct writing *writing, struct ds_text begin, struct ds_text end,
	struct ds_text value, enum schema schema, const char *path, size_t at);
/** Adds a loss when a number is above what the schema allows. */
void xml_limit(struct writing *writing, uint64_t value, uint64_t max, const char *path, size_t at);
/** Writes ` name='N'`; `begin` is ` name='`. */
void xml_number(struct writing *writing, struct ds_text begin, int64_t value);

/** Decides whether the devices need a <boot order>, because libvirt would boot from another disk
 * than xend. */
void xml_plan_boot(struct writing *writing);
/** Writes a device's <boot order>, if it has one. */
void xml_write_disk_order(struct writing *writing, const struct ds_disk *disk);
void xml_write_interface_order(struct writing *writing, const struct ds_interface *interface);
void xml_write_chars(struct writing *writing);

/** Returns the name that a disk has in XML: for xend, 51712 and /dev/xvda are xvda; libvirt only
 * knows names. */
struct ds_text xml_disk_name(const struct ds_disk *disk, char name[VDEV_NAME_SIZE]);
/** Returns the bus that libvirt derives from a disk's name, or NULL for an unknown name. */
const char *xml_bus_of(const struct ds_disk *disk);

/* ---- SEXPR ---- */

void sexpr_write(struct writing *writing);
void sexpr_write_disks(struct writing *writing);
/** Writes the floppies, and xend 3.0.2's CD drive, inside the image. */
void sexpr_write_image_disks(struct writing *writing);
/** Writes the boot order that corresponds to the <boot order> of the devices in the output.
 * Returns its size. */
size_t sexpr_boot_letters(const struct writing *writing, char letters[BOOT_LETTERS]);
void sexpr_write_devices(struct writing *writing);
/** Writes `(vnc 1)`, `(sdl 1)` and so on, in the image. */
void sexpr_write_image_graphics(struct writing *writing);
void sexpr_write_image_chars(struct writing *writing);
void sexpr_write_inputs(struct writing *writing);
void sexpr_write_sounds(struct writing *writing);
/** Adds the losses of everything that only the image of an HVM guest has. Every other guest has a
 * Xen console, a mouse and a keyboard. */
void sexpr_lose_hvm_devices(struct writing *writing);
void sexpr_lose_image_chars(struct writing *writing);

/** Begins a list. `begin` is ` (key`, or ` (key ` before a value: as in the output of xend, a
 * blank separates the elements. */
void sexpr_open(struct writing *writing, struct ds_text begin);
void sexpr_close(struct writing *writing);
/** Writes ` (key value)` unless the text is NULL. */
void sexpr_text(struct writing *writing, struct ds_text begin, struct ds_text value);
/** Writes a text unless it is empty, NULL, or one of the words that mean "not set" in SEXPR. */
void sexpr_set_text(struct writing *writing, struct ds_text begin, struct ds_text value);
/** Writes ` (key N)`. */
void sexpr_number(struct writing *writing, struct ds_text begin, int64_t value);
/** Returns whether SEXPR can express the backend of a device: xend would read a number as the
 * number of a running domain. */
bool sexpr_can_express_backend(struct ds_text backend);
/** Writes the backend of a device, unless it is the usual one. */
void sexpr_write_backend(struct writing *writing, struct ds_text backend);
/** Writes one value: without quotes if that is safe, and quoted otherwise. */
void sexpr_value(struct buffer *out, struct ds_text value);

/** Lays out the flat SEXPR as xm does. */
void sexpr_layout(const char *flat, size_t size, struct buffer *out);

#endif
