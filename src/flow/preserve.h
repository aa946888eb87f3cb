/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_PRESERVE_H
#define FLOW_PRESERVE_H

#include "write/writer.h" /* record_write() */

#include <stdbool.h>

/**
 * Conversion in both directions without losses. A domain that is written with `preserve` contains
 * its own original: in XML in <metadata>, in an element of this project's namespace, which libvirt
 * keeps; in SEXPR in the key `domstream`, which xend ignores. When the domain is converted back, it
 * is compared with the conversion of its original. If they are equal, the domain was not changed
 * since, and the original is restored byte for byte. Otherwise the changed domain is converted, and
 * a loss is reported.
 */

#define PRESERVE_KEY "domstream"

/** Each thread needs its own preserver. */
struct preserver;

/** Returns NULL when there is no memory. */
struct preserver *preserver_new(const struct ds_limits *limits);

/**
 * Writes a domain like record_write(), but restores an original that it contains, and adds its own
 * original when `options->preserve` is set. Nothing that the original contains is reported as a
 * loss. Returns false when out of memory.
 */
bool preserver_write(struct preserver *preserver, const struct ds_writer_options *options,
	enum ds_format format, const struct ds_domain *domain, struct buffer *out,
	struct buffer *scratch, struct loss_list *losses);

void preserver_free(struct preserver *preserver);

#endif
