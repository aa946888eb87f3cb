/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_WRITER_PRIVATE_H
#define WRITE_WRITER_PRIVATE_H

#include "record/members.h"
#include "record/text.h"
#include "record/words.h"
#include "write/writer.h"
#include "write/xml_schema.h"

#include <stdbool.h>

/** What the writers of both formats work on. */
struct writing {
	const struct ds_writer_options *options;
	const struct ds_domain *domain;
	struct buffer *out;
	struct loss_list *losses;
	/** XML only, see xml_plan_boot(): the disk that needs a <boot order>, NULL when there is
	 * none; and the kinds of devices, in xend's letters, in the order in which the first one of
	 * each gets one. */
	const struct ds_disk *marked;
	struct ds_text device_order;
};

/** Notes a loss of the domain. `path` is a constant. */
void lose(struct writing *writing, enum loss_reason reason, const char *path, struct ds_text value,
	size_t at);

/** Notes the loss of a field of the domain, when it is set: with its path, value and position in
 * the input. The reason LOSS_NO_PLACE becomes LOSS_DEFAULT when the field is set to what it is by
 * default. */
void lose_field(struct writing *writing, enum loss_reason reason, enum field field);
/** Notes the loss of a field of a device; `field` is of the kind's own enum. */
void lose_device_field(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, size_t field);
/** Notes the loss of a whole device, with its bytes in the input as the value. `below`: what it
 * lacks; "" when it lacks nothing. */
void lose_device(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, const char *below);

/**
 * Both writers handle fields with functions of this form, which switch over the fields without a
 * default: the compiler warns of a field that a writer does not handle. They return 0 when the
 * output has no place for the field, whose loss is noted then. The argument is a constant wherever
 * they are called, so that each call is compiled to what one field needs.
 */
#if defined(__GNUC__)
#define FIELD_SWITCH static inline __attribute__((always_inline)) bool
#else
#define FIELD_SWITCH static inline bool
#endif

/** Whether a PCI device's address was understood; otherwise notes that the device is left out: half
 * an address is that of another device. */
bool can_say_pci(struct writing *writing, const struct ds_pci *item);

/** Notes what the reader already had no place for. */
void lose_extras(struct writing *writing);

/* ---- XML ---- */

void xml_write(struct writing *writing);
void xml_write_disks(struct writing *writing);
void xml_write_devices(struct writing *writing);

/** ` name='value'`, when the text is set; `begin` is ` name='`, `place` what the schema allows
 * there. `path` is what a loss is reported under, `at` where. */
void xml_attribute(struct writing *writing, struct ds_text begin, struct ds_text value,
	enum schema place, const char *path, size_t at);
/** `<name>value</name>` on a line of its own; `begin` is `  <name`, `end` is `</name>` and a line
 * feed. */
void xml_element(struct writing *writing, struct ds_text begin, struct ds_text end,
	struct ds_text value, enum schema place, const char *path, size_t at);
/** Notes that a number is above what the schema allows. */
void xml_limit(struct writing *writing, uint64_t value, uint64_t max, const char *path, size_t at);
/** ` name='N'`; `begin` is ` name='`. */
void xml_number(struct writing *writing, struct ds_text begin, int64_t value);

/** Decides whether libvirt would boot from another disk than xend, so that the devices need a <boot
 * order>. */
void xml_plan_boot(struct writing *writing);
/** Writes a device's <boot order>, when it has one. */
void xml_write_disk_order(struct writing *writing, const struct ds_disk *disk);
void xml_write_interface_order(struct writing *writing, const struct ds_interface *interface);
void xml_write_chars(struct writing *writing);

/** The bus that libvirt derives from a disk's name. NULL: no bus. */
const char *xml_bus_of(const struct ds_disk *disk);

/* ---- SEXPR ---- */

void sexpr_write(struct writing *writing);
void sexpr_write_disks(struct writing *writing);
/** Floppies, and xend 3.0.2's CD drive, inside the image. */
void sexpr_write_image_disks(struct writing *writing);
void sexpr_write_devices(struct writing *writing);
/** What `(vnc 1)`, `(sdl 1)` and the like say, in the image. */
void sexpr_write_image_graphics(struct writing *writing);
void sexpr_write_image_chars(struct writing *writing);
void sexpr_write_inputs(struct writing *writing);
void sexpr_write_sounds(struct writing *writing);
/** Notes the loss of everything that only the image of an HVM guest has; a Xen console, a mouse and
 * a keyboard come with every other guest. */
void sexpr_lose_hvm_devices(struct writing *writing);
void sexpr_lose_image_chars(struct writing *writing);

/** A blank separates the elements of a list, as in xend's own output: `begin` is ` (key`, or `
 * (key ` before a value.
 */
void sexpr_open(struct writing *writing, struct ds_text begin);
void sexpr_close(struct writing *writing);
/** ` (key value)`, unless the text is NULL. */
void sexpr_text(struct writing *writing, struct ds_text begin, struct ds_text value);
/** Writes a text that is set: not empty, and none of the words that SEXPR has for "not
 * set". */
void sexpr_set_text(struct writing *writing, struct ds_text begin, struct ds_text value);
/** ` (key N)`. */
void sexpr_number(struct writing *writing, struct ds_text begin, int64_t value);
/** One value: bare if that is safe, else quoted. */
void sexpr_value(struct buffer *out, struct ds_text value);

/** Lays out what was written from `from` on, as xm does. */
void sexpr_layout(const char *flat, size_t size, struct buffer *out);

#endif
