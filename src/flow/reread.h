/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_REREAD_H
#define FLOW_REREAD_H

#include "record/arena.h"

/** Reads single domains from memory: originals that are stored in a domain, and output that was
 * just written. Each thread needs its own. */
struct reread;

/** Returns NULL when there is no memory. */
struct reread *reread_new(const struct ds_limits *limits);

/**
 * Reads bytes that must be exactly one domain. Returns its record in the arena, which points into
 * the bytes, or NULL when they are anything else or there is no memory.
 */
const struct ds_domain *reread_one(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena);

void reread_free(struct reread *reread);

#endif
