/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_VERIFY_H
#define FLOW_VERIFY_H

#include "write/writer.h" /* struct ds_loss, struct buffer */

/**
 * Reads back what was written of a domain and compares it with the domain, as `flac --verify` does.
 * The rules of the comparison are those of record/compare.h. A difference is explained by a loss
 * that was reported of the same member, or of the whole device.
 */

/** One for each thread. */
struct verifier;

/** Returns NULL when there is no memory. */
struct verifier *verifier_new(const struct ds_run_options *options);

/** A domain and what was written of it. */
struct verify_subject {
	const struct ds_domain *domain;
	enum ds_format format;
	/** With the line feed at their end. */
	const char *data;
	size_t size;
	const struct ds_loss *losses;
	size_t loss_count;
};

/** Returns DS_OK when the output says what the domain does; DS_DAMAGED when not, and `*error` says
 * what differs; DS_NO_MEMORY. */
enum ds_status verifier_check(struct verifier *verifier, const struct verify_subject *subject,
	struct ds_error *error);

void verifier_free(struct verifier *verifier);

#endif
