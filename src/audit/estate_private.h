/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_ESTATE_PRIVATE_H
#define AUDIT_ESTATE_PRIVATE_H

#include "audit/estate.h"
#include "audit/intern.h"

/** A disk, or what one is based on. The size of these two is what an estate costs. */
struct entry {
	/** Number plus one of the next entry with this source; 0: none. */
	uint32_t next;
	uint32_t domain;
	uint32_t line;
	uint32_t offset_low;
	/** 65535 stands for all that is further right. */
	uint16_t column;
	/** 65535: one of too many. */
	uint16_t target;
	uint8_t offset_high;
	/** ESTATE_… */
	uint8_t flags;
	/** 255: one of too many. */
	uint8_t format;
	uint8_t unused;
};

struct member_domain {
	/** In the texts. */
	uint32_t name;
	uint32_t host, file;
	uint32_t content;
	/** Zeros: none. */
	unsigned char uuid[16];
};

struct estate {
	const struct ds_audit_options *options;
	struct texts texts;
	/** Sources, and the number plus one of the last entry of each. */
	struct intern sources;
	struct store first;
	struct intern targets, formats, files, hosts;
	struct store entries, domains;
	/** Loop devices of each host. */
	struct store loops;
};

#endif
