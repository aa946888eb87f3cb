/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_COPY_H
#define FLOW_COPY_H

#include "domstream/domstream.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Same format in and out means the same bytes: a domain that is already in the output's format is copied, not parsed and
 * written again.
 */

/** Whether a domain that is to be written in `format` is copied. `only_disks`, `pretty` and `rewrite` ask for new text. */
bool copy_applies(const struct ds_run_options *options, enum ds_format format, const struct ds_domain *domain);

/** Adds the domain's bytes as the input has them. XML in another encoding than UTF-8 is converted, because the output has no
 * declaration that could name the encoding. */
void copy_text(const struct ds_domain *domain, struct buffer *out);

#endif
