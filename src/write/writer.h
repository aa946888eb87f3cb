/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_WRITER_H
#define WRITE_WRITER_H

#include "record/arena.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Writes a record as the bytes of one domain in either format, and lists everything that cannot be
 * expressed. The buffer is sticky: writing continues after a failure, and `failed` is checked once
 * at the end.
 */

/** The losses of a domain, in the order of the output. Paths and values are in the arena. */
struct loss_list {
	struct arena *arena;
	struct ds_loss *items;
	size_t count;
	size_t capacity;
	/** The number of losses that are unknown names, and of those that are only defaults. */
	size_t unknown, defaults;
};

enum loss_reason {
#define DS_REASON(name, id, title, text) LOSS_##name,
#include "write/reasons.def"
	LOSS_REASONS
};

/** Initializes an empty list without memory. */
void loss_list_init(struct loss_list *list, struct arena *arena);
/** Removes the losses, and frees the memory of an unusually large number of them. */
void loss_list_clear(struct loss_list *list);
void loss_list_fini(struct loss_list *list);

/** Adds a loss. `path` and `value` are borrowed for as long as the list exists; the position is
 * `at` bytes into the domain. */
void loss_add(struct loss_list *list, const struct ds_domain *domain, enum loss_reason reason,
	struct ds_text path, struct ds_text value, size_t at);

/**
 * Writes one domain, followed by a line feed. `format` is DS_FORMAT_XML or DS_FORMAT_SEXPR; of the
 * options, xend, pretty and only_disks matter. `scratch` is a buffer for the layout, owned by the
 * caller.
 */
void record_write(const struct ds_writer_options *options, enum ds_format format,
	const struct ds_domain *domain, struct buffer *out, struct buffer *scratch,
	struct loss_list *losses);

/**
 * The maximum number of bytes that the rows of one domain may repeat: host, name, UUID, file and
 * type, times the number of disks. A domain of 16 MiB could consist of one long name and two
 * million disks, and would fill any memory.
 */
#define DISK_ROWS_REPEATED_MAX ((size_t)16 << 20)

/** Returns whether the rows of a domain, or its findings in an audit, stay within that maximum. */
bool disk_rows_fit(const struct ds_domain *domain);

/** Returns whether a disk is to be listed. */
typedef bool disk_filter(const void *context, const struct ds_domain *domain,
	const struct ds_disk *disk);

/** Writes one line for each disk of a domain that `wants` selects, or for all of them if it is
 * NULL. Secrets are hidden; texts that have to be concatenated are in the arena. */
void disk_rows_write(const struct ds_rows_options *options, const struct ds_domain *domain,
	disk_filter *wants, const void *context, struct arena *arena, struct buffer *out);

/** Returns the number of the field with this name, as in the header of DS_ROWS_CSV, or -1 for an
 * unknown name. */
int disk_rows_field(const char *name);
/** Returns whether there is a field with this number. */
bool disk_rows_has(unsigned field);
/** Returns whether the rows have a column with the field of this name. */
bool disk_rows_show(const struct ds_rows_options *options, const char *name);

/** Returns one field of a disk by its number, including its secrets, or NULL if it is unset. A text
 * that has to be concatenated is in the arena. */
struct ds_text disk_rows_value(const struct ds_domain *domain, const struct ds_disk *disk,
	int field, struct arena *arena);

/** Writes the line above all rows, or nothing for DS_ROWS_NDJSON. */
void disk_rows_header(const struct ds_rows_options *options, struct buffer *out);

/** Adds the loss of a stored original that no longer matches its domain. */
void loss_stale(struct loss_list *list, const struct ds_domain *domain);

/** Lays out the flat SEXPR of one domain as xm does. */
void record_layout(const struct buffer *flat, struct buffer *out);

/** Writes only a value, as the text of an XML element. Returns true if XML cannot represent one of
 * its bytes. */
bool record_xml_text(struct buffer *out, struct ds_text value);

/** Writes only a value, as SEXPR. */
void record_sexpr_value(struct buffer *out, struct ds_text value);

/** Returns the format in which a domain is written. */
static inline enum ds_format record_format(const struct ds_writer_options *options,
	const struct ds_domain *domain)
{
	if (options->format != DS_FORMAT_AUTO)
		return options->format;
	return domain->format == DS_FORMAT_XML ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
}

#endif
