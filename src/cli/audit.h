/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "cli/damage.h"
#include "cli/gates.h"
#include "cli/image_lists.h"

/** The reports of an audit, and the gates that decide on findings. Each failure is reported where
 * it happens. */
struct audit {
	struct gates gates;
	struct damage damage;
	struct image_lists images;
	struct audit_report {
		struct report *report;
		struct target *target;
	} reports[1 + OPTIONS_REPORTS_MAX];
	size_t count;
};

/** Callbacks of a run. */
enum ds_status audit_domain_seen(struct audit *audit, const struct ds_domain *domain);
enum ds_status audit_input_seen(struct audit *audit, const struct ds_input_result *result);
/** Returns whether any report lists shared images. */
bool audit_lists_shared_images(const struct audit *audit);
enum ds_status audit_shared_image_seen(struct audit *audit, const struct ds_shared_image *image);
enum ds_status audit_finding_seen(struct audit *audit, const struct ds_finding *finding);
/** Reports an error of the input as a finding, too. */
enum ds_status audit_error_seen(struct audit *audit, const struct ds_error *error);

/** Ends the reports. */
enum ds_status audit_finish(struct audit *audit, const struct ds_counts *counts,
	enum exit_status exit_status);

/** Prints the number of hosts and findings. */
void audit_print_summary(const struct audit *audit, const struct ds_counts *counts);

struct replay;

/** Audits the inputs or, if `replay` is not NULL, what the parts of an audit have read. */
enum exit_status audit_run_or_replay(const struct options *given, const struct replay *replay);

#endif
