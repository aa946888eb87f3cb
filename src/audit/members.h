/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_MEMBERS_H
#define AUDIT_MEMBERS_H

#include "audit/estate_private.h"

/**
 * The disks of one source, unpacked, and the state of an estate's end. Sources are looked at in the order of their texts, and who
 * shares one in the order of hosts, domains and places, so that nothing depends on the order in which the dumps were read.
 */

/** A disk of a domain, or what one is based on, or a domain alone. */
struct member {
	const struct estate *estate;
	/** Of the domain; see struct index_domain. */
	struct ds_text name;
	unsigned char uuid[PACK_UUID_SIZE];
	uint32_t content;
	/** Numbers of the estate's; a domain alone has no target. */
	uint32_t host, file, target, format;
	uint64_t offset, line, column;
	unsigned flags;
};

#define MEMBER_NO_TARGET UINT32_MAX

/** Of as many as a source has: the one thing besides the index that may take much, some 100 bytes a disk, when very many share
 * one image that one of them may write. Names live in the arena. */
struct member_list {
	struct member *items;
	size_t count, capacity;
	struct arena names;
};

struct side;

/** A domain whose UUID may have come before. */
struct suspect {
	/** What it is sorted by: with what its UUID begins, then the hash of that. */
	uint32_t order;
	uint32_t where;
};

struct suspects {
	struct suspect *items;
	size_t count, capacity;
	/** What was come by, and what was come by again: a bit each. */
	unsigned char *once, *again;
	/** Less than 2^32: there are no more domains than that allows in 8 GiB. */
	uint64_t bits;
};

struct finish {
	const struct estate *estate;
	ds_finding_sink *sink;
	void *context;
	uint64_t *count;
	/** Sticky. */
	enum ds_status status;
	/** For one finding. */
	struct arena arena;
	struct finding_list list;
	/** All that have the source at hand. */
	struct member_list members;
	/** Those of the disk whose partitions are judged, and that disk; one side a host. */
	struct member_list whole;
	uint32_t whole_source;
	int whole_everywhere;
	struct side *sides;
	size_t side_count;
	struct member_list shown;
	struct suspects suspects;
	struct index_walk walk;
	struct index_record record;
};

/* ---- who it is ------------------------------------------------------------------------------------------ */

struct ds_text member_host(const struct member *member);
struct ds_text member_file(const struct member *member);
/** NULL: none. */
struct ds_text member_target(const struct member *member);
/** NULL: not said. */
struct ds_text member_format(const struct member *member);
int member_has_uuid(const struct member *member);

/** Orders as of memcmp(). The same domain may have been read twice: from a dump and from the directory that it was made of. */
int members_by_domain(const struct member *a, const struct member *b);
/** By host, kind, domain, target and place. */
int members_by_host(const void *left, const void *right);

/* ---- lists ---------------------------------------------------------------------------------------------- */

/** Room for so many, in an empty list. Returns 0 when there is no memory, which is noted. */
int members_reserve(struct finish *finish, struct member_list *list, size_t count);
void members_clear(struct member_list *list);
void members_fini(struct member_list *list);

/** Adds the domain or disk at a place of the index; there is room for it. Returns 0 when there is no memory, which is noted. */
int members_get(struct finish *finish, struct member_list *list, uint32_t where, int is_disk);

/** Sets the list to all members of a source, sorted: hosts one after another; on storage that all see, there is one host. Returns 0
 * when there is no memory, which is noted. */
int members_of_source(struct finish *finish, struct member_list *list, uint32_t source, int is_everywhere);

/** End of the members that are of one host with the first one. */
size_t members_group_end(const struct member_list *list, size_t from, int is_everywhere);

/* ---- findings ------------------------------------------------------------------------------------------- */

/** As many of the others are named in a finding. */
#define RELATED_MAX 32

/** Whom a finding is about. */
struct party {
	/** Those that are named. */
	const struct member *members;
	size_t count;
	/** With those that are not. */
	size_t total;
	/** A fingerprint of those that are not; NULL: there are none. */
	const char *others;
};

/** Gives out a finding, and forgets it. */
void give(struct finish *finish, struct ds_finding *finding);
/** One about a party, which stands at its first member. */
void give_party(struct finish *finish, enum rule_index rule, struct ds_text source, const struct party *party);
/** One about some members. */
void give_members(struct finish *finish, enum rule_index rule, struct ds_text source, const struct member *members, size_t count);
/** What of members goes into a fingerprint. */
void fingerprint_members(struct fingerprint *fingerprint, const struct member *members, size_t count);
/** Places have names that end with NUL: a copy in the arena. */
const char *terminated(struct arena *arena, struct ds_text text);

/* ---- rules ---------------------------------------------------------------------------------------------- */

/** Is there anything about the disks of a source that judge_source() may find? */
int may_be_found(const struct index *index, uint32_t source);
/** DA301, DA302, DA303, DA305, DA306: what is done with one source. It is told by its first disk. */
void judge_source(struct finish *finish, uint32_t source);
/** The whole disk of which a name is a partition: /dev/sdb of /dev/sdb1, /dev/nvme0n1 of /dev/nvme0n1p2. NULL: it is none. */
struct ds_text whole_of(struct ds_text source);
/** DA304: a disk and its partitions. */
void judge_partition(struct finish *finish, uint32_t source);
/** For DA207, all domains are come by once. Returns 0 when there is no memory. */
int suspects_begin(struct suspects *suspects, const struct index *index);
void suspects_see(struct suspects *suspects, const struct index *index, const unsigned char *uuid);
void suspects_fini(struct suspects *suspects);
/** DA207: domains of one UUID, of those that were seen. */
void judge_uuids(struct finish *finish);
/** DA208: loop devices. */
void judge_loops(struct finish *finish);

#endif
