/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

/** What the program exits with. The worst of a run wins, so the order matters. */
enum exit_status {
	STATUS_FINE = 0,
	/** Read completely, but there is something to report. */
	STATUS_FOUND = 1,
	/** Some input could not be read, or a domain was rejected. The rest was done. */
	STATUS_DAMAGED = 2,
	/** Wrong usage. Nothing was read, nothing written. */
	STATUS_USAGE = 3,
	/** The system failed us: no space, no memory, output that cannot be opened. */
	STATUS_FAILED = 4,
};

/** The reasons for an exit status: three that --accept can name, and all others. */
enum status_reason {
	REASON_OTHER = 0,
	REASON_REJECTS,
	REASON_LOSSES,
	REASON_FINDINGS,
	STATUS_REASONS
};

#endif
