/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "record/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * A list of known findings. A line is "FINGERPRINT RULE HOST DOMAIN DISK"; only the fingerprint and
 * the host are read back. A finding in the list that was not found is gone if its host was read to
 * its end; otherwise it is unknown whether it still exists, and the list keeps it.
 */

#define BASELINE_KEY_SIZE 16

struct baseline_entry {
	unsigned char key[BASELINE_KEY_SIZE];
	/** The offset of the line among the lines. */
	size_t line;
	bool is_found;
};

struct baseline {
	/** Whether a list was read from a file. */
	bool is_given;
	/** The lines of the file contain the host, as its first line says. */
	bool has_hosts;
	/** Sorted by their keys. */
	struct baseline_entry *entries;
	size_t count, capacity;
	/** Each line ends with a NUL byte. */
	struct buffer lines;
	/** The hosts with a domain or an error, by their names as in a line. The value is 1 if
	 * something of the host could not be read. */
	struct value_set *hosts;
	/** The name of the last host, as it is and as in a line. */
	struct buffer last, name;
	/** Something that belongs to an unknown host could not be read, or some domains were not
	 * selected. */
	bool is_incomplete;
	/** NULL if no list is written. */
	struct target *target;
	bool has_begun;
	uint64_t gone, kept;
};

/** A finding that is gone, as far as the list describes it. The texts are valid until the function
 * returns. */
struct baseline_gone {
	struct ds_text fingerprint, rule, host, domain, disk;
};

/** Reads one line without its end. Returns NULL, or what is wrong with it. */
const char *baseline_read_line(struct baseline *baseline, const char *line);

/** Must be called after all lines were read. */
void baseline_sort(struct baseline *baseline);

/** Returns whether a finding is in the list. */
bool baseline_knows(struct baseline *baseline, const struct ds_finding *finding);

/** Notes that a domain of a host was read, or that something on the host could not be read. NULL is
 * an unknown host. Returns false when out of memory. */
bool baseline_note_host(struct baseline *baseline, const char *host, bool is_damaged);

/** Writes a finding to the list. */
enum ds_status baseline_write(struct baseline *baseline, const struct ds_finding *finding);

/** Counts the findings that are gone or kept, and writes the latter to the list. `gone` is called
 * for each finding that is gone. */
enum ds_status baseline_finish(struct baseline *baseline,
	enum ds_status (*gone)(void *context, const struct baseline_gone *gone), void *context);

void baseline_fini(struct baseline *baseline);

#endif
