/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_AHEAD_H
#define INPUT_AHEAD_H

#include "input/input.h"

#include <stdbool.h>

/**
 * The reader's interface to struct input_ahead: jobs of a compressed file, in order, inflated by
 * any thread that has time. One thread at a time reads; only that thread calls the functions here,
 * without any lock. The interface for the other threads is in input.h.
 */

/** The maximum number of bytes that the members of a job expand to. */
#define AHEAD_JOB_SIZE ((size_t)64 << 10)
/** The size of the buffer that ahead_bytes() returns. */
#define AHEAD_BYTES_SIZE ((size_t)256 << 10)

enum ahead_state {
	AHEAD_WAITS,
	AHEAD_IS_AT_WORK,
	/** `out` contains the decompressed members; checksums, lengths and ends are all as the
	 * job promises. */
	AHEAD_IS_DONE,
	/** The members are corrupt, or differ from what the job promises; `out` is undefined. */
	AHEAD_HAS_FAILED,
};

/** One or more complete gzip members. */
struct ahead_job {
	/** Borrowed until the job is dropped. */
	const unsigned char *in;
	size_t in_size;
	/** The number of decompressed bytes according to the members; at most AHEAD_JOB_SIZE. */
	size_t out_size;
	unsigned members;
	/** The last member is empty. */
	bool ends_empty;
	/** Guarded by the lock. */
	enum ahead_state state;
	/** Belongs to the thread that works on the job, and to the reader when it is done. */
	unsigned char *out;
};

/** Reserves this for one compressed file, because only one at a time is read ahead. Returns false
 * when another file has it. */
bool ahead_claim(struct input_ahead *ahead);
/** Ends the reservation. No job may be left. */
void ahead_release(struct input_ahead *ahead);

/** Returns a buffer for the compressed bytes of the file that has the reservation, or NULL when
 * there is no memory, so that the caller has to use its own. */
unsigned char *ahead_bytes(struct input_ahead *ahead);

/** Returns whether there is room for another job. */
bool ahead_has_room(const struct input_ahead *ahead);

/** Appends a job, of which `in`, `in_size`, `out_size`, `members` and `ends_empty` are set.
 * Returns false when there is no memory. There must be room. */
bool ahead_add(struct input_ahead *ahead, const struct ahead_job *job);

/** Returns the first job in its present state, or NULL when the list of jobs is empty. */
const struct ahead_job *ahead_first(const struct input_ahead *ahead);

/**
 * Waits until the first job is done or has failed. Meanwhile works on waiting jobs, beginning
 * with the first. Sets `*size` to the number of its bytes that are in `data` instead of in the
 * job: all or none. `data` may be overwritten even if the job has failed.
 */
enum ahead_state ahead_finish_first(struct input_ahead *ahead, char *data, size_t capacity,
	size_t *size);

/** Drops the first job, on which no thread may be working. */
void ahead_drop_first(struct input_ahead *ahead);

/** Drops all jobs. Waits for threads that work on them. */
void ahead_drop_all(struct input_ahead *ahead);

#endif
