/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

/* inflateInit2() adds this to the window's size to accept gzip's header and trailer, and no other
 * format. */
#define GZIP_WRAPPER 16
/** The number of jobs for each worker: one in work, one waiting, and as many done before their
 * turn. */
#define JOBS_PER_WORKER 4

/*
 * The reader of a BGZF file finds the members in its buffer by the lengths in their headers, and
 * puts them into a ring as jobs of about 64 KiB. Any thread may fetch the first waiting job,
 * inflate it into the job's own memory, and then take the next one. The reader consumes the jobs in
 * order. It copies the bytes of a finished job. While the first job is not finished, it
 * inflates waiting jobs itself, as the other threads do, and the first one directly to its
 * destination. It therefore only waits when all jobs are in work or done, for a thread that is
 * inflating and waits for nothing: there is no deadlock, and a reader without helpers does
 * everything with the same code and without a copy.
 * This file reports no errors. A job is done when it is exactly what the headers promise; otherwise
 * it has failed, all jobs are dropped, and the reader reads their bytes like those of any other
 * gzip file. With damage, wrong lengths in headers, and members that expand to more than their
 * headers promise, the output, its errors and positions therefore do not depend on which thread
 * inflated it.
 * The memory is that of the ring, whose length depends on the number of workers, and one buffer of
 * compressed bytes. The compressed bytes of a job belong to the reader and stay where they are
 * until the job is dropped. One mutex guards the indexes of the ring and the states; it is locked
 * about four times for each 64 KiB.
 */

/** A job and the memory to inflate it. */
struct slot {
	struct ahead_job job;
	/** Initialized when the job has memory. */
	z_stream inflater;
};

struct input_ahead {
	pthread_mutex_t lock;
	/** Signalled when work on a job has ended. */
	pthread_cond_t changed;
	void (*wake)(void *context);
	void *context;
	/** Only used by the reader. */
	bool is_claimed;
	/** Only used by the reader; NULL until it is needed. */
	unsigned char *bytes;
	/** A ring: slots[first … first + count) are in use, and those before `first + fetched` no
	 * longer wait. Guarded by the lock. Only the reader writes these members, except for
	 * `fetched`, so that it reads the others without the lock. */
	size_t first, count, fetched;
	size_t capacity;
	struct slot *slots;
};

static struct slot *slot_at(const struct input_ahead *ahead, size_t index)
{
	return &ahead->slots[(ahead->first + index) % ahead->capacity];
}

/* ---- inflating ---- */

/** Allocates the memory of a slot that has none yet. */
static bool slot_reserve(struct slot *slot)
{
	if (slot->job.out != NULL)
		return true;
	slot->job.out = malloc(AHEAD_JOB_SIZE);
	if (slot->job.out == NULL)
		return false;
	memset(&slot->inflater, 0, sizeof(slot->inflater));
	if (inflateInit2(&slot->inflater, MAX_WBITS + GZIP_WRAPPER) == Z_OK)
		return true;
	free(slot->job.out);
	slot->job.out = NULL;
	return false;
}

/** Inflates all members. Returns whether they are what the job promises. */
static bool slot_inflate(struct slot *slot, unsigned char *out)
{
	const struct ahead_job *job = &slot->job;
	z_stream *inflater = &slot->inflater;

	inflater->next_in = job->in;
	inflater->avail_in = (uInt)job->in_size;
	inflater->next_out = out;
	inflater->avail_out = (uInt)job->out_size;
	for (unsigned i = 0; i < job->members; i++) {
		inflateReset(inflater);
		/* Z_FINISH promises that this is all the input and output, so zlib needs no
		 * window. */
		if (inflate(inflater, Z_FINISH) != Z_STREAM_END)
			return false;
	}
	return inflater->avail_in == 0 && inflater->avail_out == 0;
}

struct input_ahead *input_ahead_new(unsigned workers)
{
	struct input_ahead *ahead = calloc(1, sizeof(*ahead));

	if (ahead == NULL)
		return NULL;
	ahead->capacity = workers == 1 ? 1 : (size_t)workers * JOBS_PER_WORKER;
	ahead->slots = calloc(ahead->capacity, sizeof(*ahead->slots));
	if (ahead->slots == NULL) {
		free(ahead);
		return NULL;
	}
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	return ahead;
}

void input_ahead_on_work(struct input_ahead *ahead, void (*wake)(void *context), void *context)
{
	ahead->wake = wake;
	ahead->context = context;
}

/** Fetches the first job that waits, or returns NULL. Called with the lock held. */
static struct slot *fetch(struct input_ahead *ahead)
{
	struct slot *slot;

	if (ahead->fetched == ahead->count)
		return NULL;
	slot = slot_at(ahead, ahead->fetched++);
	slot->job.state = AHEAD_IS_AT_WORK;
	return slot;
}

struct ahead_job *input_ahead_fetch(struct input_ahead *ahead)
{
	struct slot *slot;

	pthread_mutex_lock(&ahead->lock);
	slot = fetch(ahead);
	pthread_mutex_unlock(&ahead->lock);
	return slot != NULL ? &slot->job : NULL;
}

static void work(struct input_ahead *ahead, struct slot *slot, unsigned char *out)
{
	bool is_done = slot_inflate(slot, out);

	pthread_mutex_lock(&ahead->lock);
	slot->job.state = is_done ? AHEAD_IS_DONE : AHEAD_HAS_FAILED;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
}

void input_ahead_work(struct input_ahead *ahead, struct ahead_job *job)
{
	work(ahead, (struct slot *)job, job->out);
}

void input_ahead_free(struct input_ahead *ahead)
{
	if (ahead == NULL)
		return;
	for (size_t i = 0; i < ahead->capacity; i++) {
		if (ahead->slots[i].job.out != NULL)
			inflateEnd(&ahead->slots[i].inflater);
		free(ahead->slots[i].job.out);
	}
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead->slots);
	free(ahead->bytes);
	free(ahead);
}

/* ---- the reader's side ---- */

bool ahead_claim(struct input_ahead *ahead)
{
	if (ahead->is_claimed)
		return false;
	ahead->is_claimed = true;
	return true;
}

void ahead_release(struct input_ahead *ahead)
{
	ahead->is_claimed = false;
}

unsigned char *ahead_bytes(struct input_ahead *ahead)
{
	if (ahead->bytes == NULL)
		ahead->bytes = malloc(AHEAD_BYTES_SIZE);
	return ahead->bytes;
}

bool ahead_has_room(const struct input_ahead *ahead)
{
	return ahead->count < ahead->capacity;
}

bool ahead_add(struct input_ahead *ahead, const struct ahead_job *job)
{
	struct slot *slot = slot_at(ahead, ahead->count);
	unsigned char *out;

	if (!slot_reserve(slot))
		return false;
	out = slot->job.out;
	slot->job = *job;
	slot->job.out = out;
	slot->job.state = AHEAD_WAITS;
	pthread_mutex_lock(&ahead->lock);
	ahead->count++;
	pthread_mutex_unlock(&ahead->lock);
	/* The reader will soon inflate the first one itself. */
	if (ahead->count > 1 && ahead->wake != NULL)
		ahead->wake(ahead->context);
	return true;
}

const struct ahead_job *ahead_first(const struct input_ahead *ahead)
{
	return ahead->count > 0 ? &slot_at(ahead, 0)->job : NULL;
}

enum ahead_state ahead_finish_first(struct input_ahead *ahead, char *data, size_t capacity,
	size_t *size)
{
	struct slot *first = slot_at(ahead, 0);
	enum ahead_state state;

	*size = 0;
	pthread_mutex_lock(&ahead->lock);
	while (first->job.state == AHEAD_WAITS || first->job.state == AHEAD_IS_AT_WORK) {
		struct slot *slot = fetch(ahead);
		bool is_direct = slot == first && first->job.out_size <= capacity;

		if (slot == NULL) {
			pthread_cond_wait(&ahead->changed, &ahead->lock);
			continue;
		}
		pthread_mutex_unlock(&ahead->lock);
		work(ahead, slot, is_direct ? (unsigned char *)data : slot->job.out);
		if (is_direct)
			*size = first->job.out_size;
		pthread_mutex_lock(&ahead->lock);
	}
	state = first->job.state;
	pthread_mutex_unlock(&ahead->lock);
	return state;
}

void ahead_drop_first(struct input_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->first = (ahead->first + 1) % ahead->capacity;
	ahead->count--;
	ahead->fetched--;
	pthread_mutex_unlock(&ahead->lock);
}

void ahead_drop_all(struct input_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	/* No other thread fetches them any more. */
	ahead->count = ahead->fetched;
	for (size_t i = 0; i < ahead->count; i++)
		while (slot_at(ahead, i)->job.state == AHEAD_IS_AT_WORK)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
	ahead->count = 0;
	ahead->fetched = 0;
	pthread_mutex_unlock(&ahead->lock);
}
