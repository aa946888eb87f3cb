/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_REREAD_H
#define FLOW_REREAD_H

#include "read/reader.h" /* struct record_reader */

/** Reads single domains from memory: originals that a domain carries, and what was just written.
 * One for each thread. */
struct reread;

/** Returns NULL when there is no memory. */
struct reread *reread_new(const struct ds_limits *limits);

/**
 * Reads bytes that must be one domain and nothing else. Returns its record in the arena, which
 * points into the bytes; NULL when they are anything else, or there is no memory.
 */
const struct ds_domain *reread_one(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena);

void reread_free(struct reread *reread);

#endif
