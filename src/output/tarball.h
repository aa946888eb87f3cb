/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_TARBALL_H
#define OUTPUT_TARBALL_H

#include "domstream/domstream.h"

/**
 * Small files as the members of a tar archive, written as a stream: ustar, with pax headers where
 * names need them. The same members give the same bytes: the archive contains no time, owner
 * or machine. A compressed archive is BGZF.
 */

/** Bytes of the longest name. */
#define TARBALL_NAME_MAX 4095

struct tarball;

/** Bytes go to `sink`. `gzip_level` 0: plain. NULL: no memory. */
struct tarball *tarball_new(ds_sink *sink, void *context, int gzip_level);

/** Adds a regular file of less than 8 GiB; `name` is UTF-8. DS_OK; DS_USAGE: it is too long; what
 * the sink returned, sticky. */
enum ds_status tarball_add(struct tarball *tarball, const char *name, const char *data,
	size_t size);

/** Ends the archive. As tarball_add(). */
enum ds_status tarball_finish(struct tarball *tarball);

void tarball_free(struct tarball *tarball);

#endif
