/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/engine.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * A batch passes through these stages: it is free, is filled with frames, read into records,
 * written into bytes, emitted, and free again. Two bounded queues contain the batches that wait to
 * be read and to be written; written batches are emitted in the order of the input. A worker does
 * whatever is ready, beginning with the stage that is nearest to the output:
 *
 *     emit    one at a time, in order            write    any number at once
 *     fill    one at a time, in order            read     any number at once
 *
 * Memory is therefore bounded by the number of batches, no thread has a fixed role that could leave
 * it idle, and a single thread runs the same code. There is no deadlock: a batch that is not free
 * only waits for its next stage, or to be emitted after the batch before it. That one has passed
 * through every stage earlier, so a thread works on it, or it is at the head of a queue. Filling
 * needs a free batch; if no batch is free, all of them will be emitted. A worker for which no batch
 * is ready helps the filling thread to inflate, if that reads BGZF (input/ahead.c).
 *
 * A domain may be as large as sixty blocks, and its record and its output even larger. After each
 * stage, the engine therefore counts the memory that the batches have allocated. While that is more
 * than their share, it fills no batch, unless no other batch is in use: a huge domain is processed
 * alone, and several huge domains in a row need the memory of one.
 *
 * One mutex guards everything in struct engine except `options` and `encodings`; a batch belongs to
 * the thread that has popped it. Batches are large, about 256 KiB of input each, so the lock is
 * taken about ten times for every 256 KiB.
 */

/** The bytes that a batch may allocate on average, which is more than it does for domains that are
 * neither huge nor tiny. */
#define SHARE ((size_t)1536 << 10)

/** The expected bytes of records and output for each byte of a block, and for each frame. */
#define GROWTH ((size_t)2)
#define FRAME_GROWTH sizeof(struct ds_domain)

struct worker {
	struct engine *engine;
	struct frame_reader *reader;
	struct preserver *preserver;
	/** NULL if the output is not verified. */
	struct verifier *verifier;
	struct bgzf *bgzf;
	pthread_t thread;
	bool is_started;
};

/** A list of batches, from which the one that was pushed first is popped first. */
struct queue {
	struct batch *first;
	struct batch *last;
};

struct engine {
	const struct ds_run_options *options;
	struct filler *filler;
	struct emitter *emitter;
	struct encodings *encodings;
	pthread_mutex_t lock;
	/** A batch became ready for a stage, or the run has ended. */
	pthread_cond_t changed;
	struct queue free, filled, read, written;
	bool is_filling, is_emitting;
	uint64_t next_fill, next_emit;
	/** The bytes that the batches have allocated, or are expected to allocate. */
	size_t held;
	/** No more batches will be filled, and `next_fill` is their number. */
	bool is_filled;
	/** The first failure, which stops all workers. */
	enum ds_status status;
	unsigned batch_count;
	struct batch *batches;
};

static void push(struct queue *queue, struct batch *batch)
{
	batch->next = NULL;
	if (queue->last)
		queue->last->next = batch;
	else
		queue->first = batch;
	queue->last = batch;
}

static struct batch *pop(struct queue *queue)
{
	struct batch *batch = queue->first;

	if (!batch)
		return NULL;
	queue->first = batch->next;
	if (!queue->first)
		queue->last = NULL;
	return batch;
}

/** Updates the memory that is counted for a batch. */
static void account(struct engine *engine, struct batch *batch, size_t expected)
{
	engine->held -= batch->held;
	batch->held = batch_memory(batch) + expected;
	engine->held += batch->held;
}

static bool is_over_share(const struct engine *engine)
{
	return engine->held > engine->batch_count * SHARE;
}

/* ---- the four stages: which batch is ready, what is done, and where the batch goes ---- */

static struct batch *pick_emit(struct engine *engine)
{
	struct batch **at = &engine->written.first;
	struct batch *batch;

	while (*at && (*at)->sequence != engine->next_emit)
		at = &(*at)->next;
	batch = *at;
	if (!batch || engine->is_emitting)
		return NULL;
	*at = batch->next;
	engine->written.last = engine->written.first;
	while (engine->written.last && engine->written.last->next)
		engine->written.last = engine->written.last->next;
	engine->is_emitting = true;
	return batch;
}

static void run_emit(struct worker *worker, struct batch *batch)
{
	const struct ds_run_options *options = worker->engine->options;
	enum ds_status status = emitter_emit(worker->engine->emitter, batch);

	/* The rest of hostile bytes is read before the next batch is emitted. */
	while (status == DS_OK && batch->is_partial) {
		batch_go_on(batch);
		batch_read(batch, worker->reader, options->limits);
		batch_write(batch, options, worker->preserver, worker->verifier, worker->bgzf);
		status = batch->status == DS_OK ? emitter_emit(worker->engine->emitter, batch)
						: batch->status;
	}
	/* The memory of a large batch is freed now, because the batch may not be filled again
	 * soon. */
	batch_clear(batch);
	batch->status = status;
}

static void done_emit(struct engine *engine, struct batch *batch)
{
	engine->is_emitting = false;
	engine->next_emit++;
	account(engine, batch, 0);
	if (is_over_share(engine)) {
		batch_release(batch);
		account(engine, batch, 0);
	}
	push(&engine->free, batch);
}

static struct batch *pick_write(struct engine *engine)
{
	return pop(&engine->read);
}

static void run_write(struct worker *worker, struct batch *batch)
{
	batch_write(batch, worker->engine->options, worker->preserver, worker->verifier,
		worker->bgzf);
}

static void done_write(struct engine *engine, struct batch *batch)
{
	account(engine, batch, 0);
	push(&engine->written, batch);
}

static struct batch *pick_read(struct engine *engine)
{
	return pop(&engine->filled);
}

static void run_read(struct worker *worker, struct batch *batch)
{
	batch_read(batch, worker->reader, worker->engine->options->limits);
}

static void done_read(struct engine *engine, struct batch *batch)
{
	account(engine, batch, batch->block.size);
	push(&engine->read, batch);
}

static struct batch *pick_fill(struct engine *engine)
{
	struct batch *batch;

	if (engine->is_filling || engine->is_filled ||
		(is_over_share(engine) && engine->next_fill != engine->next_emit))
		return NULL;
	batch = pop(&engine->free);
	if (!batch)
		return NULL;
	engine->is_filling = true;
	batch->sequence = engine->next_fill++;
	return batch;
}

static void run_fill(struct worker *worker, struct batch *batch)
{
	filler_fill(worker->engine->filler, batch);
}

static void done_fill(struct engine *engine, struct batch *batch)
{
	engine->is_filling = false;
	engine->is_filled = engine->filler->is_done;
	account(engine, batch,
		batch->block.size * GROWTH + batch->block.frame_count * FRAME_GROWTH);
	push(&engine->filled, batch);
}

static const struct stage {
	const char *name;
	/** Returns a batch that this stage can work on now, or NULL. Called with the lock. */
	struct batch *(*pick)(struct engine *engine);
	/** Does the work. Called without the lock. */
	void (*run)(struct worker *worker, struct batch *batch);
	/** Passes the batch to the next stage. Called with the lock. */
	void (*done)(struct engine *engine, struct batch *batch);
} stages[] = {
	{"emit", pick_emit, run_emit, done_emit},
	{"write", pick_write, run_write, done_write},
	{"read", pick_read, run_read, done_read},
	{"fill", pick_fill, run_fill, done_fill},
};

/* ---- workers ---- */

static const struct stage *pick(struct engine *engine, struct batch **batch)
{
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		*batch = stages[i].pick(engine);
		if (*batch)
			return &stages[i];
	}
	return NULL;
}

/** Called when no batch is ready: inflates a job for the filling thread. Returns false if there is
 * no job. Called with the lock, which is released meanwhile. */
static bool help(struct engine *engine)
{
	struct input_ahead *ahead = engine->filler->ahead;
	struct ahead_job *job = input_ahead_fetch(ahead);

	if (!job)
		return false;
	pthread_mutex_unlock(&engine->lock);
	input_ahead_work(ahead, job);
	pthread_mutex_lock(&engine->lock);
	return true;
}

/** Called when there is a job to help with: waking one waiting thread is enough. */
static void wake(void *context)
{
	struct engine *engine = context;

	pthread_mutex_lock(&engine->lock);
	pthread_cond_signal(&engine->changed);
	pthread_mutex_unlock(&engine->lock);
}

static bool is_over(const struct engine *engine)
{
	return engine->status != DS_OK ||
		(engine->is_filled && engine->next_emit == engine->next_fill);
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct engine *engine = worker->engine;

	pthread_mutex_lock(&engine->lock);
	while (!is_over(engine)) {
		struct batch *batch;
		const struct stage *stage = pick(engine, &batch);

		if (!stage) {
			if (!help(engine))
				pthread_cond_wait(&engine->changed, &engine->lock);
			continue;
		}
		pthread_mutex_unlock(&engine->lock);
		stage->run(worker, batch);
		pthread_mutex_lock(&engine->lock);
		if (batch->status != DS_OK && engine->status == DS_OK)
			engine->status = batch->status;
		stage->done(engine, batch);
		pthread_cond_broadcast(&engine->changed);
	}
	pthread_mutex_unlock(&engine->lock);
	return NULL;
}

static bool worker_init(struct worker *worker, struct engine *engine)
{
	int level = engine->options->gzip_level;

	worker->engine = engine;
	worker->reader = frame_reader_new(engine->options->limits, engine->options->xml_parser,
		engine->encodings);
	worker->preserver = preserver_new(engine->options->limits);
	worker->verifier = engine->options->verify ? verifier_new(engine->options) : NULL;
	worker->bgzf = level ? bgzf_new(level) : NULL;
	return worker->reader && worker->preserver &&
		(!engine->options->verify || worker->verifier) && (!level || worker->bgzf);
}

static void worker_fini(struct worker *worker)
{
	frame_reader_free(worker->reader);
	preserver_free(worker->preserver);
	verifier_free(worker->verifier);
	bgzf_free(worker->bgzf);
}

/** Returns the number of batches. One worker needs only one. Several need two for each of them, one
 * to work on and one that waits, and one more. */
static unsigned batches_for(unsigned jobs)
{
	return jobs == 1 ? 1 : 2 * jobs + 1;
}

static bool engine_init(struct engine *engine, const struct ds_run_options *options, unsigned jobs,
	struct filler *filler, struct emitter *emitter, const struct selection *selection)
{
	memset(engine, 0, sizeof *engine);
	engine->options = options;
	engine->filler = filler;
	engine->emitter = emitter;
	pthread_mutex_init(&engine->lock, NULL);
	pthread_cond_init(&engine->changed, NULL);
	engine->encodings = encodings_new();
	engine->batches = calloc(batches_for(jobs), sizeof *engine->batches);
	if (!engine->batches || !engine->encodings)
		return false;
	engine->batch_count = batches_for(jobs);
	for (unsigned i = 0; i < engine->batch_count; i++) {
		batch_init(&engine->batches[i]);
		engine->batches[i].selection = selection;
		if (emitter->estate)
			engine->batches[i].key = estate_key(emitter->estate);
		push(&engine->free, &engine->batches[i]);
	}
	return true;
}

static void engine_fini(struct engine *engine)
{
	for (unsigned i = 0; i < engine->batch_count; i++)
		batch_fini(&engine->batches[i]);
	free(engine->batches);
	encodings_free(engine->encodings);
	pthread_cond_destroy(&engine->changed);
	pthread_mutex_destroy(&engine->lock);
}

enum ds_status engine_run(const struct ds_run_options *options, unsigned jobs,
	struct filler *filler, struct emitter *emitter, const struct selection *selection)
{
	struct worker *workers = calloc(jobs, sizeof *workers);
	struct engine engine;
	bool is_ready = engine_init(&engine, options, jobs, filler, emitter, selection) && workers;

	input_ahead_on_work(filler->ahead, wake, &engine);
	for (unsigned i = 0; workers && i < jobs && is_ready; i++)
		is_ready = worker_init(&workers[i], &engine);
	if (!is_ready)
		engine.status = DS_NO_MEMORY;
	/* A thread that cannot be started is not needed: the others do its work. */
	for (unsigned i = 1; i < jobs && is_ready; i++)
		workers[i].is_started =
			pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
	if (is_ready)
		work(&workers[0]);
	for (unsigned i = 0; workers && i < jobs; i++) {
		if (workers[i].is_started)
			pthread_join(workers[i].thread, NULL);
		worker_fini(&workers[i]);
	}
	free(workers);
	engine_fini(&engine);
	return engine.status;
}
