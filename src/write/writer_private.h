/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_WRITER_PRIVATE_H
#define WRITE_WRITER_PRIVATE_H

#include "record/text.h"
#include "write/writer.h"
#include "write/xml_schema.h"

/** What the writers of both formats work on. */
struct writing {
	const struct ds_writer_options *options;
	const struct ds_domain *domain;
	struct buffer *out;
	struct loss_list *losses;
};

/** Notes that something of the domain is not said. `path` is a constant. */
void lose(struct writing *writing, enum loss_reason reason, const char *path, struct ds_text value, size_t at);

/** Whether a PCI device's address was understood; otherwise notes that the device is left out: half an address is that of
 * another device. */
int can_say_pci(struct writing *writing, const struct ds_pci *item);

/** Notes what the reader already had no place for. */
void lose_extras(struct writing *writing);

/* ---- XML ----------------------------------------------------------------------------------------------- */

void xml_write(struct writing *writing);
void xml_write_disks(struct writing *writing);
void xml_write_devices(struct writing *writing);

/** ` name='value'`, when the text is said; `begin` is ` name='`, `place` what the schema allows there. `path` is what a
 * loss is reported under, `at` where. */
void xml_attribute(struct writing *writing, struct ds_text begin, struct ds_text value, enum schema place, const char *path,
		   size_t at);
/** `<name>value</name>` on a line of its own; `begin` is `  <name`, `end` is `</name>` and a line feed. */
void xml_element(struct writing *writing, struct ds_text begin, struct ds_text end, struct ds_text value, enum schema place,
		 const char *path);
/** Notes that a number is above what the schema allows. */
void xml_limit(struct writing *writing, uint64_t value, uint64_t max, const char *path, size_t at);
/** ` name='N'`; `begin` is ` name='`. */
void xml_number(struct writing *writing, struct ds_text begin, int64_t value);

/** The bus that libvirt takes for a disk's name. NULL: none. */
const char *xml_bus_of(const struct ds_disk *disk);

/** Where a part of a character device stands in XML. */
enum char_part { CHAR_PART_DEVICE = 0, CHAR_PART_SOURCE, CHAR_PART_PATH, CHAR_PART_MODE, CHAR_PART_HOST, CHAR_PART_SERVICE };
const char *xml_char_path(enum ds_char_kind kind, enum char_part part);

/* ---- SEXPR --------------------------------------------------------------------------------------------- */

void sexpr_write(struct writing *writing);
void sexpr_write_disks(struct writing *writing);
/** Floppies, and xend 3.0.2's CD drive, inside the image. */
void sexpr_write_image_disks(struct writing *writing);
void sexpr_write_devices(struct writing *writing);
/** What `(vnc 1)`, `(sdl 1)` and the like say, in the image. */
void sexpr_write_image_graphics(struct writing *writing);
void sexpr_write_image_chars(struct writing *writing);

/** A blank stands between the elements of a list, as in xend's own output: `begin` is ` (key`, or ` (key ` before a value.
 */
void sexpr_open(struct writing *writing, struct ds_text begin);
void sexpr_close(struct writing *writing);
/** ` (key value)`, when the text is said. */
void sexpr_text(struct writing *writing, struct ds_text begin, struct ds_text value);
/** ` (key N)`. */
void sexpr_number(struct writing *writing, struct ds_text begin, int64_t value);
/** One value: bare if that is safe, else quoted. */
void sexpr_value(struct buffer *out, struct ds_text value);

/** Lays out what was written from `from` on, as xm does. */
void sexpr_layout(const char *flat, size_t size, struct buffer *out);

#endif
