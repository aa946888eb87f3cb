/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

/** The exit status of the program. The worst status of a run is returned, so the order matters. */
enum exit_status {
	STATUS_FINE = 0,
	/** Everything was read, but there is something to report. */
	STATUS_FOUND = 1,
	/** Some input could not be read, or a domain was rejected. Everything else was
	 * processed. */
	STATUS_DAMAGED = 2,
	/** The usage was wrong. Nothing was read or written. */
	STATUS_USAGE = 3,
	/** A system error: no space, no memory, or an output that cannot be opened. */
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
