/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_COPY_H
#define FLOW_COPY_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * A domain that is already in the output's format is copied byte for byte instead of being parsed
 * and written. XML in another encoding is copied as UTF-8, because the output has no declaration
 * that could name the encoding.
 */

/** Returns whether a domain that is to be written in `format` is copied. `only_disks`, `pretty` and
 * `rewrite` require that it is written anew. */
bool copy_applies(const struct ds_run_options *options, enum ds_format format,
	const struct ds_domain *domain);

#endif
