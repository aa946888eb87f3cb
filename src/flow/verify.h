/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_VERIFY_H
#define FLOW_VERIFY_H

#include "domstream/domstream.h"

/**
 * Reads back the output of a domain and compares it with the domain, as `flac --verify` does. The
 * rules of the comparison are those of record/compare.h. A difference is explained by a loss that
 * was reported for the same member, or for the whole device.
 */

/** Each thread needs its own verifier. */
struct verifier;

/** Returns NULL when there is no memory. */
struct verifier *verifier_new(const struct ds_run_options *options);

/** A domain and its output. */
struct verify_subject {
	const struct ds_domain *domain;
	enum ds_format format;
	/** The output, including the line feed at its end. */
	const char *data;
	size_t size;
	const struct ds_loss *losses;
	size_t loss_count;
};

/** Returns DS_OK when the output has the same meaning as the domain, DS_DAMAGED when `*error` says
 * what differs, or DS_NO_MEMORY. */
enum ds_status verifier_check(struct verifier *verifier, const struct verify_subject *subject,
	struct ds_error *error);

void verifier_free(struct verifier *verifier);

#endif
