/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_TARBALL_H
#define OUTPUT_TARBALL_H

#include "domstream/domstream.h"

/**
 * Writes small files as the members of a tar archive, as a stream: ustar, with pax headers where
 * names need them. The same members always result in the same bytes: the archive contains no time,
 * owner or machine. A compressed archive is BGZF.
 */

/** The size of the longest name. */
#define TARBALL_NAME_MAX 4095

struct tarball;

/** Creates a writer whose bytes are passed to `sink`. With a `gzip_level` of 0, they are not
 * compressed. Returns NULL when there is no memory. */
struct tarball *tarball_new(ds_sink *sink, void *context, int gzip_level);

/** Adds a regular file of less than 8 GiB; `name` is UTF-8. Returns DS_OK, DS_USAGE when the name
 * or file is too long, or the status of the sink, which is sticky. */
enum ds_status tarball_add(struct tarball *tarball, const char *name, const char *data,
	size_t size);

/** Ends the archive. Returns the same statuses as tarball_add(). */
enum ds_status tarball_finish(struct tarball *tarball);

void tarball_free(struct tarball *tarball);

#endif
