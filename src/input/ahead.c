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
/** The number of pieces for each worker: one in work, one waiting, and as many done before their
 * turn. */
#define PIECES_PER_WORKER 4

/*
 * The reader of a BGZF file finds the members in its buffer by the lengths in their headers, and
 * puts them into a ring as pieces of about 64 KiB. Any thread may fetch the first waiting piece,
 * inflate it into the piece's own memory, and come back for more. The reader consumes the pieces in
 * order. It copies the bytes of a finished piece. While the first piece is not finished, it
 * inflates waiting pieces itself, as the other threads do, and the first one directly to its
 * destination. It therefore only waits when all pieces are in work or done, for a thread that is
 * inflating and waits for nothing: there is no deadlock, and a reader without helpers does
 * everything with the same code and without a copy.
 * This file reports no errors. A piece is done when it is exactly what the headers promise;
 *  otherwise it has failed, all pieces are dropped, and the reader reads their bytes like those of
 *  any other gzip file. With damage, wrong lengths in headers, and members that expand to more than
 *  their headers promise, the output, its errors and positions therefore do not depend on which
 *  thread inflated it.
 * The memory is that of the ring, whose length depends on the number of workers, and one buffer of
 *  compressed bytes. The compressed bytes of a piece belong to the reader and stay where they are
 *  until the piece is dropped. One mutex guards the indexes of the ring and the states; it is
 *  locked about four times for each 64 KiB.
 */

/** A piece and the memory to inflate it. */
struct slot {
	struct piece piece;
	/** Initialized when the piece has memory. */
	z_stream inflater;
};

struct input_ahead {
	pthread_mutex_t lock;
	/** Signalled when work on a piece has ended. */
	pthread_cond_t changed;
	void (*wake)(void *context);
	void *context;
	/** Only used by the reader. */
	bool is_claimed;
	/** Only used by the reader; NULL until it is needed. */
	unsigned char *bytes;
	/** A ring: slots[first … first + count) are in use, and those before `first + taken` no
	 * longer wait. Guarded by the lock. Only the reader writes them, except for `taken`, so it
	 * reads the others without the lock. */
	size_t first, count, taken;
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
	if (slot->piece.out != NULL)
		return true;
	slot->piece.out = malloc(AHEAD_PIECE_SIZE);
	if (slot->piece.out == NULL)
		return false;
	memset(&slot->inflater, 0, sizeof(slot->inflater));
	if (inflateInit2(&slot->inflater, MAX_WBITS + GZIP_WRAPPER) == Z_OK)
		return true;
	free(slot->piece.out);
	slot->piece.out = NULL;
	return false;
}

/** Inflates all members. Returns whether they are what the piece promises. */
static bool slot_inflate(struct slot *slot, unsigned char *out)
{
	const struct piece *piece = &slot->piece;
	z_stream *inflater = &slot->inflater;

	inflater->next_in = piece->in;
	inflater->avail_in = (uInt)piece->in_size;
	inflater->next_out = out;
	inflater->avail_out = (uInt)piece->out_size;
	for (unsigned i = 0; i < piece->members; i++) {
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
	ahead->capacity = workers == 1 ? 1 : (size_t)workers * PIECES_PER_WORKER;
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

/** Called with the lock held. */
static struct slot *take(struct input_ahead *ahead)
{
	struct slot *slot;

	if (ahead->taken == ahead->count)
		return NULL;
	slot = slot_at(ahead, ahead->taken++);
	slot->piece.state = PIECE_IS_AT_WORK;
	return slot;
}

struct piece *input_ahead_take(struct input_ahead *ahead)
{
	struct slot *slot;

	pthread_mutex_lock(&ahead->lock);
	slot = take(ahead);
	pthread_mutex_unlock(&ahead->lock);
	return slot != NULL ? &slot->piece : NULL;
}

static void work(struct input_ahead *ahead, struct slot *slot, unsigned char *out)
{
	bool is_done = slot_inflate(slot, out);

	pthread_mutex_lock(&ahead->lock);
	slot->piece.state = is_done ? PIECE_IS_DONE : PIECE_HAS_FAILED;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
}

void input_ahead_work(struct input_ahead *ahead, struct piece *piece)
{
	work(ahead, (struct slot *)piece, piece->out);
}

void input_ahead_free(struct input_ahead *ahead)
{
	if (ahead == NULL)
		return;
	for (size_t i = 0; i < ahead->capacity; i++) {
		if (ahead->slots[i].piece.out != NULL)
			inflateEnd(&ahead->slots[i].inflater);
		free(ahead->slots[i].piece.out);
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

bool ahead_add(struct input_ahead *ahead, const struct piece *piece)
{
	struct slot *slot = slot_at(ahead, ahead->count);
	unsigned char *out;

	if (!slot_reserve(slot))
		return false;
	out = slot->piece.out;
	slot->piece = *piece;
	slot->piece.out = out;
	slot->piece.state = PIECE_WAITS;
	pthread_mutex_lock(&ahead->lock);
	ahead->count++;
	pthread_mutex_unlock(&ahead->lock);
	/* The reader will soon inflate the first one itself. */
	if (ahead->count > 1 && ahead->wake != NULL)
		ahead->wake(ahead->context);
	return true;
}

const struct piece *ahead_first(const struct input_ahead *ahead)
{
	return ahead->count > 0 ? &slot_at(ahead, 0)->piece : NULL;
}

enum piece_state ahead_finish_first(struct input_ahead *ahead, char *data, size_t capacity,
	size_t *size)
{
	struct slot *first = slot_at(ahead, 0);
	enum piece_state state;

	*size = 0;
	pthread_mutex_lock(&ahead->lock);
	while (first->piece.state == PIECE_WAITS || first->piece.state == PIECE_IS_AT_WORK) {
		struct slot *slot = take(ahead);
		bool is_direct = slot == first && first->piece.out_size <= capacity;

		if (slot == NULL) {
			pthread_cond_wait(&ahead->changed, &ahead->lock);
			continue;
		}
		pthread_mutex_unlock(&ahead->lock);
		work(ahead, slot, is_direct ? (unsigned char *)data : slot->piece.out);
		if (is_direct)
			*size = first->piece.out_size;
		pthread_mutex_lock(&ahead->lock);
	}
	state = first->piece.state;
	pthread_mutex_unlock(&ahead->lock);
	return state;
}

void ahead_drop_first(struct input_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->first = (ahead->first + 1) % ahead->capacity;
	ahead->count--;
	ahead->taken--;
	pthread_mutex_unlock(&ahead->lock);
}

void ahead_drop_all(struct input_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	/* No other thread fetches them any more. */
	ahead->count = ahead->taken;
	for (size_t i = 0; i < ahead->count; i++)
		while (slot_at(ahead, i)->piece.state == PIECE_IS_AT_WORK)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
	ahead->count = 0;
	ahead->taken = 0;
	pthread_mutex_unlock(&ahead->lock);
}
