/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_COPY_H
#define FLOW_COPY_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Same format in and out means the same bytes: a domain that is already in the output's format is
 * copied, not parsed and written again. XML in another encoding is copied in UTF-8, because the
 * output has no declaration that could name the encoding.
 */

/** Whether a domain that is to be written in `format` is copied. `only_disks`, `pretty` and
 * `rewrite` ask for new text. */
bool copy_applies(const struct ds_run_options *options, enum ds_format format,
	const struct ds_domain *domain);

#endif
