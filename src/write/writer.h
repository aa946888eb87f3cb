/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_WRITER_H
#define WRITE_WRITER_H

#include "record/arena.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * From a record to the bytes of one domain in either format, and to the list of what could not be
 * said.
 *
 * The buffer is sticky: writing goes on after a failure, and `failed` is looked at once at the end.
 */

/** The losses of a domain, in the order of the output. Paths and values live in the arena. */
struct loss_list {
	struct arena *arena;
	struct ds_loss *items;
	size_t count;
	size_t capacity;
	/** How many of them were not known, and how many lost nothing but a default. */
	size_t unknown, defaults;
};

enum loss_reason {
#define DS_REASON(name, id, title, text) LOSS_##name,
#include "write/reasons.def"
#undef DS_REASON
	LOSS_REASONS
};

/** An empty list without memory. */
void loss_list_init(struct loss_list *list, struct arena *arena);
/** Forgets the losses, and gives back the memory of unusually many. */
void loss_list_clear(struct loss_list *list);
void loss_list_fini(struct loss_list *list);

/** Notes one. `path` and `value` are borrowed for as long as the list; its position is `at` bytes
 * into the domain. */
void loss_add(struct loss_list *list, const struct ds_domain *domain, enum loss_reason reason,
	struct ds_text path, struct ds_text value, size_t at);

/**
 * Writes one domain, ended by a line feed. `format` is DS_FORMAT_XML or DS_FORMAT_SEXPR; of the
 * options xend, pretty and only_disks count. `scratch` is a buffer for the layout, kept by the
 * caller.
 */
void record_write(const struct ds_writer_options *options, enum ds_format format,
	const struct ds_domain *domain, struct buffer *out, struct buffer *scratch,
	struct loss_list *losses);

/**
 * What the rows of one domain may say again and again in bytes: host, name, UUID, file and type,
 * times the disks. A domain of 16 MiB could be one long name and two million disks, and would fill
 * any memory.
 */
#define DISK_ROWS_REPEATED_MAX ((size_t)16 << 20)

/** Whether a domain's rows, and the findings of an audit, stay below that. */
bool disk_rows_fit(const struct ds_domain *domain);

/** Whether a disk is to be listed. */
typedef bool disk_filter(const void *context, const struct ds_domain *domain,
	const struct ds_disk *disk);

/** Writes one line for each disk of a domain that `wants` selects; NULL: for all of them. Secrets
 * are hidden; texts that are put together are in the arena. */
void disk_rows_write(const struct ds_rows_options *options, const struct ds_domain *domain,
	disk_filter *wants, const void *context, struct arena *arena, struct buffer *out);

/** Number of the field that has this name, as in the header of DS_ROWS_CSV; -1: there is none. */
int disk_rows_field(const char *name);
/** Whether there is a field with this number. */
bool disk_rows_has(unsigned field);
/** Whether the rows have a column with the field of this name. */
bool disk_rows_show(const struct ds_rows_options *options, const char *name);

/** One field of a disk by its number, with its secrets; NULL: unset. A text that must be put
 * together is in the arena. */
struct ds_text disk_rows_value(const struct ds_domain *domain, const struct ds_disk *disk,
	int field, struct arena *arena);

/** The line above all rows; nothing for DS_ROWS_NDJSON. */
void disk_rows_header(const struct ds_rows_options *options, struct buffer *out);

/** Notes that what a domain carries of its original does not fit any more. */
void loss_stale(struct loss_list *list, const struct ds_domain *domain);

/** Lays out flat SEXPR of one domain as xm does. */
void record_layout(const struct buffer *flat, struct buffer *out);

/** A value alone, as text of an XML element. Returns true when XML cannot hold some byte of
 * it. */
bool record_xml_text(struct buffer *out, struct ds_text value);

/** A value alone, as SEXPR. */
void record_sexpr_value(struct buffer *out, struct ds_text value);

/** The format that a domain is written in. */
static inline enum ds_format record_format(const struct ds_writer_options *options,
	const struct ds_domain *domain)
{
	if (options->format != DS_FORMAT_AUTO)
		return options->format;
	return domain->format == DS_FORMAT_XML ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
}

#endif
