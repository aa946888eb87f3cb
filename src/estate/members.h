/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_MEMBERS_H
#define ESTATE_MEMBERS_H

#include "estate/estate_private.h"

/**
 * The end of an estate: the domains and disks that a finding is about, and the rules that judge
 * them. Sources are judged in the order of their texts, and the disks of a source in that of hosts,
 * domains and places, so that nothing depends on the order in which the dumps were read.
 */

/** A disk, or a domain alone: `disk` is NULL then. */
struct member {
	const struct estate *estate;
	const struct domain_record *domain;
	const struct disk_record *disk;
};

/** 24 bytes for each disk of one source: besides the estate, the only thing that may be large. */
struct member_list {
	struct member *items;
	size_t count, capacity;
};

struct side;

struct finish {
	struct estate *estate;
	ds_finding_sink *sink;
	void *context;
	uint64_t *count;
	/** Sticky. */
	enum ds_status status;
	/** For one finding. */
	struct arena arena;
	struct finding_list list;
	/** Disks of the source that is judged. */
	struct member_list members;
	/** Those of the disk whose partitions are judged, and that disk; one side for each
	 * machine. */
	struct member_list whole;
	uint32_t whole_source;
	bool whole_is_everywhere;
	struct side *sides;
	size_t side_count;
	struct member_list shown;
};

/* ---- who it is ---- */

struct ds_text member_name(const struct member *member);
struct ds_text member_host(const struct member *member);
/** The host, or the domain on it that serves the disk. */
struct ds_text member_machine(const struct member *member);
struct ds_text member_file(const struct member *member);
/** NULL: none. */
struct ds_text member_target(const struct member *member);
/** Zeros: none. */
const unsigned char *member_uuid(const struct member *member);
unsigned member_flags(const struct member *member);

/** Compares domains as memcmp() does: by UUID, without one by name. One domain may have been read
 * twice. */
int members_by_domain(const struct member *a, const struct member *b);
/** By host, kind, domain, target and place. */
int members_by_host(const void *left, const void *right);

/* ---- lists ---- */

/** Adds a member. Returns false when out of memory, which is noted. */
bool members_add(struct finish *finish, struct member_list *list, const struct member *member);

/** Sets the list to all disks of a source, sorted: machine after machine; on shared storage there
 * is one machine. Returns false when out of memory, which is noted. */
bool members_of_source(struct finish *finish, struct member_list *list, uint32_t source,
	bool is_everywhere);

/** The end of the members that are of one machine with the first one. */
size_t members_group_end(const struct member_list *list, size_t from, bool is_everywhere);

/* ---- findings ---- */

/** As many of the others are named in a finding. */
#define RELATED_MAX 32

/** Gives out a finding, and forgets it. */
void give(struct finish *finish, struct ds_finding *finding);

/** Makes a finding about some members, located at the first one. `what` is what the text says of
 * the source, NULL: nothing. `total`: with those that are not listed. Returns NULL when there is no
 * memory. */
struct ds_finding *finding_of_members(struct finish *finish, enum rule_index rule,
	struct ds_text source, const char *what, const struct member *members, size_t count,
	size_t total);

/** Makes such a finding and gives it out. */
void give_members(struct finish *finish, enum rule_index rule, struct ds_text source,
	const struct member *members, size_t count, size_t total);

/** A copy in the arena that ends with NUL. */
const char *terminated(struct arena *arena, struct ds_text text);

/* ---- rules ---- */

typedef bool source_filter(const struct finish *finish, uint32_t source, void *context);
typedef void source_judge(struct finish *finish, uint32_t source, void *context);

/** Judges the sources that are wanted, in the order of their texts. */
void judge_sources(struct finish *finish, source_filter *is_wanted, source_judge *judge,
	void *context);

/** Is there anything about the disks of a source that judge_source() may find? */
bool may_be_found(const struct estate *estate, uint32_t source);
/** DA301, DA302, DA303, DA305, DA306: what is done with one source. */
void judge_source(struct finish *finish, uint32_t source);
/** The whole disk of which a name is a partition: /dev/sdb of /dev/sdb1, /dev/nvme0n1 of
 * /dev/nvme0n1p2. NULL: it is not a partition. */
struct ds_text whole_of(struct ds_text source);
/** DA304: a disk and its partitions. */
void judge_partition(struct finish *finish, uint32_t source);
/** DA207: domains of one UUID. */
void judge_uuids(struct finish *finish);
/** DA208: loop devices. */
void judge_loops(struct finish *finish);
/** DA406: images that are missing, and those that no domain uses. */
void judge_images(struct finish *finish);

#endif
