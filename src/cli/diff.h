/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_DIFF_H
#define CLI_DIFF_H

#include "cli/diff_report.h"

#include <stdbool.h>

/** The comparison of two dumps, as a run sees it. */
struct diff {
	struct ds_diff *library;
	struct diff_report report;
	/** The dump that is being read is the new one. */
	bool is_new;
	uint64_t differences;
};

/** A domain was read. DS_OK, DS_SYSTEM, DS_NO_MEMORY. */
enum ds_status diff_domain_seen(struct diff *diff, const struct ds_domain *domain);

#endif
