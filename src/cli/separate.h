/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SEPARATE_H
#define CLI_SEPARATE_H

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/targets.h"

#include <stdbool.h>

/**
 * One file a domain, in a directory or as the members of a tar archive, and index.tsv, which lists
 * them. Each failure is reported here, or by the target, so that callers need only pass the status
 * on. To be used by one thread at a time.
 *
 * Memory grows with the number of domains: their names must not come twice, and the index is
 * written at the end.
 */
struct separate;

/** Opens the directory, or begins the archive in `output`. DS_OK, or another status after a
 * message. */
enum ds_status separate_new(struct separate **out, const struct options *options,
	struct target *output);

/** Whether a file of the directory may get this name. */
bool separate_may_write(const char *name);

/** Lists the files of the directory in a manifest, too. */
void separate_list(struct separate *separate, struct manifest *manifest);

/** Writes one domain. As ds_run_options.domain_output. */
enum ds_status separate_add(struct separate *separate, const struct ds_domain *domain,
	enum ds_format format, const char *data, size_t size);

/** Writes the index and ends the archive, or makes the directory last. DS_OK, or another status
 * after a message. */
enum ds_status separate_finish(struct separate *separate);

void separate_free(struct separate *separate);

#endif
