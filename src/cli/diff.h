/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_DIFF_H
#define CLI_DIFF_H

#include "cli/diff_report.h"

#include <stdbool.h>

/** The state of a comparison of two dumps for the callbacks of a run. */
struct diff {
	struct ds_diff *library;
	struct diff_report report;
	/** The dump that is being read is the new one. */
	bool is_new;
	uint64_t differences;
};

/** Called when a domain was read. Returns DS_OK, DS_SYSTEM or DS_NO_MEMORY. */
enum ds_status diff_domain_seen(struct diff *diff, const struct ds_domain *domain);

#endif
