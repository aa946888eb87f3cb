/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_PRESERVE_H
#define FLOW_PRESERVE_H

#include "read/reader.h" /* struct record_reader */
#include "write/writer.h" /* record_write() */

#include <stdbool.h>

/**
 * Round trips that lose nothing. A domain that is written with `preserve` carries its own original
 * with it: in XML in <metadata>, in an element of this project's namespace, which libvirt keeps; in
 * SEXPR in the key `domstream`, which xend ignores. When it is converted back it is compared with
 * what its original would be converted to: if nobody has changed it since, the original is what
 * comes out, byte for byte. Otherwise the changed domain is converted, and a loss is reported.
 */

#define PRESERVE_KEY "domstream"

/** One for each thread. */
struct preserver;

/** Returns NULL when there is no memory. */
struct preserver *preserver_new(const struct ds_limits *limits);

/**
 * Writes a domain as record_write() does, but puts back the original that it carries, and gives it
 * its own when `options->preserve` is set. What is carried along is not lost. Returns false when
 * there is no memory.
 */
bool preserver_write(struct preserver *preserver, const struct ds_writer_options *options,
	enum ds_format format, const struct ds_domain *domain, struct buffer *out,
	struct buffer *scratch, struct loss_list *losses);

void preserver_free(struct preserver *preserver);

#endif
