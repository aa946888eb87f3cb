/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_ESTATE_PRIVATE_H
#define ESTATE_ESTATE_PRIVATE_H

#include "estate/estate.h"
#include "estate/text_table.h"

/**
 * The data of an estate: plain records in two arrays, which refer to texts by their numbers. The
 * disks of one source are chained.
 */

struct domain_record {
	uint64_t offset, line, column;
	/** The offset of its name in the bytes of the texts. */
	uint64_t name;
	uint32_t name_size;
	/** Numbers of texts; 0 if there is no UUID. */
	uint32_t uuid, host, file;
	uint32_t content;
};

struct disk_record {
	uint64_t column;
	/** Relative to the beginning of its domain. */
	uint32_t offset, line;
	/** The number of its domain. */
	uint32_t domain;
	/** Numbers of texts; 0 for no target, or for an unknown format. */
	uint32_t machine, target, format;
	/** The disk of the same source that was added before; UINT32_MAX for the first disk. */
	uint32_t previous;
	/** ESTATE_WRITABLE and so on. */
	uint32_t flags;
};

#define ESTATE_NO_DISK UINT32_MAX

/** Flags of a source. */
enum {
	SOURCE_IS_USED = 1,
	/** More than one disk has the source. */
	SOURCE_IS_REPEATED = 2,
	SOURCE_IS_WRITABLE = 4,
	SOURCE_FORMATS_DIFFER = 8,
};

/** Flags of a host's text. */
enum {
	/** Something of the host could not be read. */
	HOST_IS_UNREAD = 1,
};

struct host_record {
	/** The number of the text that is its name. */
	uint32_t name;
	/** The number of the file name of its domains that sorts first. */
	uint32_t file;
	uint64_t loops;
};

struct estate {
	const struct ds_audit_options *options;
	/** For a source, `value` is its last disk and `more` the first known format; for a UUID,
	 * `value` is the number of its domains; for a host, `value` is the number of its record,
	 * from 1. */
	struct text_table texts;
	struct domain_record *domains;
	struct disk_record *disks;
	uint32_t domain_count, domain_capacity, disk_count, disk_capacity;
	struct host_record *hosts;
	uint32_t host_count, host_capacity;
	/** Whether any host has HOST_IS_UNREAD, and whether something of an unknown host could not
	 * be read. */
	bool has_unread_hosts, is_unread;
	/** The texts of the last domain, which the next one often repeats. */
	uint32_t last_file, last_host;
};

#endif
