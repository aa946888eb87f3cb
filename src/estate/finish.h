/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_FINISH_H
#define ESTATE_FINISH_H

#include "audit/finding.h"
#include "estate/estate_private.h"

/**
 * Checks the rules when the estate has all domains, and creates their findings. Sources
 * are checked in the order of their texts, and the disks of a source in the order of hosts, domains
 * and positions, so that nothing depends on the order in which the dumps were read.
 */

/** A disk, or only a domain if `disk` is NULL. */
struct member {
	const struct estate *estate;
	const struct domain_record *domain;
	const struct disk_record *disk;
};

/** A growing list of members. It needs 24 bytes for each disk of one source, and is the only data
 * besides the estate that may become large. */
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
	/** The first failure, which is sticky. */
	enum ds_status status;
	/** The memory of one finding. */
	struct arena arena;
	struct finding_list list;
	/** The disks of the source that is being checked. */
	struct member_list members;
	/** The disk whose partitions are being checked, the members that have it, and one side for
	 * each machine. */
	struct member_list whole;
	uint32_t whole_source;
	bool whole_is_everywhere;
	struct side *sides;
	size_t side_count;
	/** The members of a finding about a disk and a partition. */
	struct member_list shown;
};

/* ---- facts about a member ---- */

struct ds_text member_name(const struct member *member);
struct ds_text member_host(const struct member *member);
/** Returns the host, or the domain on it that serves the disk. */
struct ds_text member_machine(const struct member *member);
struct ds_text member_file(const struct member *member);
/** Returns the disk's name in the guest, or NULL if it has no name. */
struct ds_text member_target(const struct member *member);
/** Returns the domain's UUID, or zeros if it has no UUID. */
const unsigned char *member_uuid(const struct member *member);
unsigned member_flags(const struct member *member);

/** Compares domains by UUID, or by name if neither has a UUID. Returns less than, equal to or
 * greater than 0. The same domain may have been read twice. */
int members_by_domain(const struct member *a, const struct member *b);

/* ---- lists ---- */

/** Adds a member. Returns false when out of memory, and sets the status. */
bool members_add(struct finish *finish, struct member_list *list, const struct member *member);

/** Sets the list to all disks of a source, sorted by machine. If `is_everywhere` is set, the source
 * is on shared storage, and all machines count as one. Returns false when out of memory, and sets
 * the status. */
bool members_of_source(struct finish *finish, struct member_list *list, uint32_t source,
	bool is_everywhere);

/** Returns the end of the members that have the same machine as the first one. */
size_t members_group_end(const struct member_list *list, size_t from, bool is_everywhere);

/* ---- findings ---- */

/** The maximum number of other disks in a finding. */
#define FINISH_RELATED_MAX 32

/** Reports a finding and clears it. */
void finish_report(struct finish *finish, struct ds_finding *finding);

/** Creates a finding about some members, with the position of the first one. `what` is the text
 * about the source, or NULL. `total` includes members that are not listed. Returns NULL when there
 * is no memory. */
struct ds_finding *finish_finding(struct finish *finish, enum rule_index rule,
	struct ds_text source, const char *what, const struct member *members, size_t count,
	size_t total);

/** Creates a finding like finish_finding(), and reports it. */
void finish_report_members(struct finish *finish, enum rule_index rule, struct ds_text source,
	const struct member *members, size_t count, size_t total);

/** Returns a copy in the arena that ends with a NUL byte. */
const char *finish_string(struct arena *arena, struct ds_text text);

/* ---- rules ---- */

typedef bool finish_filter(const struct finish *finish, uint32_t source, void *context);
typedef void finish_judge(struct finish *finish, uint32_t source, void *context);

/** Checks the selected sources, in the order of their texts. */
void finish_judge_sources(struct finish *finish, finish_filter *is_wanted, finish_judge *judge,
	void *context);

/** Returns whether finish_judge_source() may find anything about the disks of a source. */
bool finish_may_find(const struct estate *estate, uint32_t source);
/** DA301, DA302, DA303, DA305, DA306: checks the disks of one source. */
void finish_judge_source(struct finish *finish, uint32_t source);
/** Returns the whole disk of a partition: /dev/sdb for /dev/sdb1, /dev/nvme0n1 for /dev/nvme0n1p2,
 * or NULL if it is not a partition. */
struct ds_text finish_whole_of(struct ds_text source);
/** DA304: checks a disk and its partitions. */
void finish_judge_partition(struct finish *finish, uint32_t source);
/** DA207: checks domains with the same UUID. */
void finish_judge_uuids(struct finish *finish);
/** DA208: checks the loop devices. */
void finish_judge_loops(struct finish *finish);
/** DA406: checks for images that are missing, and images that no domain uses. */
void finish_judge_images(struct finish *finish);

#endif
