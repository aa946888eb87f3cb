/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SEPARATE_H
#define CLI_SEPARATE_H

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/targets.h"

#include <stdbool.h>

/**
 * Writes one file per domain, in a directory or as the members of a tar archive, and index.tsv,
 * which lists them. Failures are reported here or by the target, so callers only have to return the
 * status. Only one thread at a time may use it.
 *
 * Memory grows with the number of domains, because their names must be unique and the index is
 * written at the end.
 */
struct separate;

/** Opens the directory, or begins the archive in `output`. Returns DS_OK, or another status after a
 * message. */
enum ds_status separate_new(struct separate **out, const struct options *options,
	struct target *output);

/** Returns whether a file in the directory may get this name. */
bool separate_may_write(const char *name);

/** Also lists the files of the directory in a manifest. */
void separate_list(struct separate *separate, struct manifest *manifest);

/** Writes one domain, like ds_run_options.domain_output. */
enum ds_status separate_add(struct separate *separate, const struct ds_domain *domain,
	enum ds_format format, const char *data, size_t size);

/** Writes the index and ends the archive, or commits the directory. Returns DS_OK, or another
 * status after a message. */
enum ds_status separate_finish(struct separate *separate);

void separate_free(struct separate *separate);

#endif
