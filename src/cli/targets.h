/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "cli/options.h"
#include "output/output.h"

#include <stdbool.h>

/**
 * The files that a run writes. Each failure is reported here, once, so callers only have to return
 * the status. Only one thread at a time may use them.
 */

enum target_kind {
	TARGET_OUTPUT = 0,
	TARGET_REJECTS,
	TARGET_LOSSES,
	TARGET_BASELINE,
	/** Committed separately, after all others. */
	TARGET_MANIFEST,
	/** Also committed separately, after all others. */
	TARGET_PART,
	/** The first of the further reports. */
	TARGET_REPORT,
	TARGET_COUNT = TARGET_REPORT + OPTIONS_REPORTS_MAX
};

struct target {
	/** NULL if it was not requested, or was closed. */
	struct output_file *file;
	/** The bytes are written to standard output, whatever its name. */
	bool is_standard;
	bool has_failed;
	/** Standard output is a pipe whose reader has exited, which is no reason for a message. */
	bool is_broken_pipe;
	/** The option that asks for the file, and its name as given or "-". */
	const char *option, *name;
	/** The number of bytes written, and their CRC-32 if `has_checksum` is set, as it is when
	 * there is a manifest. */
	uint64_t size;
	uint32_t crc32;
	bool has_checksum;
	/** The file has its final name. */
	bool is_committed;
};

struct targets {
	struct target all[TARGET_COUNT];
	/** The regular files that must not be read as inputs, because they are written or will be
	 * replaced. */
	struct ds_file_id files[2 * TARGET_COUNT];
	size_t file_count;
};

/** Sets the name of each target that the options ask for, "-" for standard output; NULL for targets
 * that were not requested. */
void targets_get_names(const char *names[TARGET_COUNT], const struct options *options);

/** Opens all targets or none, and fills in `files`. Returns DS_OK, or another status after a
 * message. */
enum ds_status targets_open(struct targets *targets, const struct options *options);

/**
 * Compares the open targets with each other and with everything that the options name as an input,
 * by the files themselves and not by their names. Returns 0, or -1 after a message when one would
 * overwrite another.
 */
int targets_check(const struct targets *targets, const struct options *options);

/** Does the checks of targets_check() for one input and --output-dir. */
int targets_check_directory(const struct options *options, const char *input);

/** Returns DS_OK or DS_SYSTEM. Data for a closed target is dropped. */
enum ds_status target_write(struct target *target, const char *data, size_t size);

/** Records a failure and reports it, once. `number` is its `errno`. Returns DS_SYSTEM. */
enum ds_status target_fail(struct target *target, int number, const struct ds_error *error);

/** Commits the manifest and the part file. Returns DS_OK or DS_SYSTEM. */
enum ds_status targets_commit_records(struct targets *targets);

/** Commits all targets except the manifest and the part file, with the output after the others.
 * After a failure, the remaining ones are abandoned. Returns DS_OK or DS_SYSTEM. */
enum ds_status targets_commit(struct targets *targets);

/** Removes unfinished files. May be called repeatedly. */
void targets_abandon(struct targets *targets);

/** Returns whether a target has failed or lost its reader. */
bool targets_have_failed(const struct targets *targets);
bool targets_have_broken_pipe(const struct targets *targets);

#endif
