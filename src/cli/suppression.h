/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUPPRESSION_H
#define CLI_SUPPRESSION_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * A line of a suppression file:
 *
 *     DA115 domain=gfs-* source=/srv/gfs* until=2027-06-30 reason=a cluster file system
 *
 * It consists of a rule's id or name, or `*`; any number of selectors, all of which must match:
 * domain, uuid, disk, source, host, fingerprint, with `*` for any bytes; the last day on which it
 * applies; and the reason, up to the end of the line. A value with a blank is in double quotes.
 * Empty lines, and lines that begin with `#`, are skipped.
 */

/** Longer messages about a line are truncated. */
#define SUPPRESSION_ERROR_SIZE 192

enum suppression_selector {
	SELECT_DOMAIN = 0,
	SELECT_UUID,
	SELECT_DISK,
	SELECT_SOURCE,
	SELECT_HOST,
	SELECT_FINGERPRINT,
	SELECTORS
};

struct suppression {
	/** NULL for any rule. */
	const struct ds_rule *rule;
	/** NULL for any value. All of them point into `text`. */
	const char *selectors[SELECTORS];
	/** A day such as "2027-06-30"; NULL for no limit. */
	const char *until;
	const char *reason;
	uint64_t line;
	/** The number of findings that it has hidden. */
	uint64_t used;
	bool is_expired;
	/** The number of the next suppression in its chain, see struct suppressions; 0 for the last
	 * one. */
	size_t next;
	char *text;
};

/** Parses one line, without its end. `today` is a day as above. Returns NULL; or what is wrong with
 * the line, which is `wrong` or the text of DS_NO_MEMORY. `*is_empty` is set if there is neither
 * a rule nor selectors. */
const char *suppression_parse(struct suppression *suppression, const char *line, const char *today,
	bool *is_empty, char wrong[SUPPRESSION_ERROR_SIZE]);

/** Returns the value of a finding that a selector is compared with. */
struct ds_text suppression_value(const struct ds_finding *finding,
	enum suppression_selector selector);

bool suppression_matches(const struct suppression *suppression, const struct ds_finding *finding);

void suppression_fini(struct suppression *suppression);

#endif
