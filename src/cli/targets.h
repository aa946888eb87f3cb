/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "cli/options.h"
#include "output/output.h"

#include <stdbool.h>

/**
 * The files that a run writes, side by side. Each failure is reported here, once, so that callers
 * need only pass the status on. To be used by one thread at a time.
 */

enum target_kind {
	TARGET_OUTPUT = 0,
	TARGET_REJECTS,
	TARGET_LOSSES,
	TARGET_BASELINE,
	/** Committed by itself, after all others. */
	TARGET_MANIFEST,
	/** Committed by itself, after all others, as well. */
	TARGET_PART,
	/** The first of the further reports. */
	TARGET_REPORT,
	TARGET_COUNT = TARGET_REPORT + REPORTS_MAX
};

struct target {
	/** NULL: not wanted, or gone. */
	struct output_file *file;
	/** It goes to standard output, by whatever name. */
	bool is_standard;
	bool has_failed;
	/** Standard output is a pipe whose reader is gone: no reason for a message. */
	bool is_broken_pipe;
	/** The option that asks for it, and its name as given or "-". */
	const char *option, *name;
	/** Bytes written, and their CRC-32 when `has_checksum` is set, as it is when there is a
	 * manifest. */
	uint64_t size;
	uint32_t crc32;
	bool has_checksum;
	/** The file is in its place. */
	bool is_committed;
};

struct targets {
	struct target all[TARGET_COUNT];
	/** The regular files that must not be read as inputs, because they are written or will be
	 * replaced. */
	struct ds_file_id files[2 * TARGET_COUNT];
	size_t file_count;
};

/** Fills in the name of each target that the options ask for, "-" for standard output. NULL: not
 * wanted. */
void targets_get_names(const char *names[TARGET_COUNT], const struct options *options);

/** Opens all of them, or none, and fills in `files`. Returns DS_OK, or another status after a
 * message. */
enum ds_status targets_open(struct targets *targets, const struct options *options);

/**
 * Compares the open targets with each other and with everything that the options name as an input,
 * by the files that they are and not by their names. Returns 0, or -1 after a message when one
 * would overwrite another.
 */
int targets_check(const struct targets *targets, const struct options *options);

/** Does the part of targets_check() that concerns one input and --output-dir. */
int targets_check_directory(const struct options *options, const char *input);

/** DS_OK or DS_SYSTEM. A target that is gone takes it and drops it. */
enum ds_status target_write(struct target *target, const char *data, size_t size);

/** Notes a failure and says it, once. `number` is its `errno`. Returns DS_SYSTEM. */
enum ds_status target_fail(struct target *target, int number, const struct ds_error *error);

/** Commits the manifest and the part file. DS_OK or DS_SYSTEM. */
enum ds_status targets_commit_records(struct targets *targets);

/** Makes all of them but the manifest and the part file last, the output after the others. After a
 * failure the rest is abandoned. DS_OK or DS_SYSTEM. */
enum ds_status targets_commit(struct targets *targets);

/** Removes what is unfinished. May be called again. */
void targets_abandon(struct targets *targets);

/** Whether one has failed, or lost its reader. */
bool targets_have_failed(const struct targets *targets);
bool targets_have_broken_pipe(const struct targets *targets);

#endif
