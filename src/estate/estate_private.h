/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_ESTATE_PRIVATE_H
#define ESTATE_ESTATE_PRIVATE_H

#include "estate/estate.h"
#include "estate/text_table.h"

/**
 * What an estate keeps: plain records in two arrays that refer to texts by their numbers. Disks of
 * one source are chained.
 */

struct domain_record {
	uint64_t offset, line, column;
	/** Its name is kept among the texts' bytes. */
	uint64_t name;
	uint32_t name_size;
	/** Numbers of texts; no UUID is 0. */
	uint32_t uuid, host, file;
	uint32_t content;
};

struct disk_record {
	uint64_t column;
	/** From the begin of its domain. */
	uint32_t offset, line;
	/** Number of its domain. */
	uint32_t domain;
	/** Numbers of texts; no target, or an unknown format, is 0. */
	uint32_t machine, target, format;
	/** The disk of the same source that was added before; UINT32_MAX: none. */
	uint32_t previous;
	/** ESTATE_WRITABLE and so on. */
	uint32_t flags;
};

#define NO_DISK UINT32_MAX

/** Flags of a source. */
enum {
	SOURCE_IS_USED = 1,
	/** By more than one disk. */
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
	/** Number of its name. */
	uint32_t name;
	/** The first of the names of its files. */
	uint32_t file;
	uint64_t loops;
};

struct estate {
	const struct ds_audit_options *options;
	/** The `value` of a source is its last disk, `more` the first format that is known; the
	 * `value` of a UUID is the number of its domains; the `value` of a host is the number of
	 * its record, from 1. */
	struct text_table texts;
	struct domain_record *domains;
	struct disk_record *disks;
	uint32_t domain_count, domain_capacity, disk_count, disk_capacity;
	struct host_record *hosts;
	uint32_t host_count, host_capacity;
	/** Something could not be read: of hosts, which are flagged, and of nobody knows which
	 * host. */
	bool has_unread_hosts, is_unread;
	/** Texts of the last domain, which most often are those of the next one. */
	uint32_t last_file, last_host;
};

#endif
