/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/ahead.h"
#include "input/gzip.h"
#include "input/input.h"
#include "output/output.h"
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

/* ---- making files ---- */

/** Adds BGZF blocks of at most `block_size` bytes each, without the empty one that ends a file. */
static void add_blocks(struct buffer *out, const char *data, size_t size, size_t block_size)
{
	struct bgzf *bgzf = bgzf_new(6);

	assert_non_null(bgzf);
	for (size_t at = 0; at < size; at += block_size) {
		char *room = buffer_room(out, BGZF_BLOCK_MAX);

		assert_non_null(room);
		out->size += bgzf_block(bgzf, data + at,
			size - at < block_size ? size - at : block_size, room);
	}
	bgzf_free(bgzf);
}

static void add_end(struct buffer *out)
{
	buffer_add(out, bgzf_end, sizeof bgzf_end);
}

/* ---- reading a stream ---- */

/** Reads a file, and prints its bytes and how it ends. */
static void read_stream(const struct buffer *file, size_t capacity, struct buffer *out)
{
	struct ds_limits limits = {.gzip_ratio = DS_LIMIT_GZIP_RATIO};
	struct input_stream *stream;
	struct ds_error error = {0};
	enum ds_status status;
	size_t size = 0;

	save("file", file->data, file->size);
	assert_int_equal(input_stream_open(&stream, "file",
				 &(struct input_stream_options){.limits = limits}, &error),
		DS_OK);
	do {
		char *room = buffer_room(out, capacity);

		assert_non_null(room);
		status = input_stream_read(stream, room, capacity, &size, &error);
		out->size += status == DS_OK ? size : 0;
	} while (status == DS_OK && size > 0);
	if (status == DS_OK)
		add_format(out, "|end");
	else
		add_format(out, "|%s at %zu: %s", error.id, (size_t)error.place.offset, error.text);
	input_stream_free(stream);
}

static void expect(const struct buffer *file, const char *expected)
{
	static const size_t capacities[] = {1, 2, 3, 7, 28, 4096, 1 << 20};

	for (size_t i = 0; i < COUNT(capacities); i++) {
		struct buffer out = {0};

		read_stream(file, capacities[i], &out);
		assert_text(&out, expected);
		buffer_fini(&out);
	}
}

/** Expects a text, and the error of a file that ends after this member. */
static void expect_missing(const struct buffer *file, const char *text, unsigned member)
{
	struct buffer expected = {0};

	add_format(&expected,
		"%s|DA901 at %zu: the file is truncated after gzip member %u: the empty one that "
		"ends a BGZF file is missing",
		text, file->size, member);
	expect(file, as_string(&expected));
	buffer_fini(&expected);
}

/* ---- the last block ---- */

static void the_last_block_of_a_file_is_empty(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_end(&file);
	expect(&file, "|end");
	file.size = 0;
	add_blocks(&file, "one two ", 8, 4);
	add_end(&file);
	expect(&file, "one two |end");
	/* Files that were concatenated. */
	add_blocks(&file, "three", 5, 2);
	add_end(&file);
	expect(&file, "one two three|end");
	buffer_add(&file, "\0\0\0", 3);
	expect(&file, "one two three|end");
	buffer_fini(&file);
}

static void without_it_a_file_is_truncated(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_blocks(&file, "one two ", 8, 4);
	expect_missing(&file, "one two ", 2);
	/* Padding does not end a BGZF file; neither does an empty block that is followed by another
	 * one. */
	buffer_add(&file, "\0\0\0", 3);
	expect_missing(&file, "one two ", 2);
	file.size -= 3;
	add_end(&file);
	add_blocks(&file, "three", 5, 5);
	expect_missing(&file, "one two three", 4);
	buffer_fini(&file);
}

static void members_that_are_not_bgzf_need_no_end(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_gzip(&file, "one ", 4);
	add_gzip(&file, "two ", 4);
	expect(&file, "one two |end");
	add_blocks(&file, "three ", 6, 6);
	add_gzip(&file, "four", 4);
	expect(&file, "one two three four|end");
	/* A subfield with a wrong length is that of another program. */
	file.size = 0;
	add_blocks(&file, "one", 3, 3);
	file.data[16]++;
	expect(&file, "one|end");
	file.data[16]--;
	file.data[12] = 'b';
	expect(&file, "one|end");
	buffer_fini(&file);
}

static void the_length_may_follow_other_subfields(void **state)
{
	struct buffer file = {0}, other = {0};

	(void)state;
	add_blocks(&file, "one", 3, 3);
	buffer_add(&other, file.data, 12);
	buffer_add(&other, "XY\3\0abc", 7);
	buffer_add(&other, file.data + 12, file.size - 12);
	other.data[10] = 13;
	other.data[12 + 7 + 4] += 7;
	expect_missing(&other, "one", 1);
	/* A subfield that is longer than the extra field hides it. */
	other.data[14] = 100;
	expect(&other, "one|end");
	buffer_fini(&file);
	buffer_fini(&other);
}

/* ---- inflating ahead ---- */

/** The layer below, which returns as many bytes as it likes. */
struct below {
	const struct buffer *file;
	size_t at;
	/** The most bytes that one call returns; 0: as many as requested. */
	size_t most;
	uint64_t seed;
	struct input_ahead *ahead;
};

static enum ds_status pull(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct below *below = context;
	size_t left = below->file->size - below->at;

	(void)error;
	/* The bytes that jobs point to are about to be overwritten. */
	if (below->ahead)
		assert_null(ahead_first(below->ahead));
	*size = below->most ? chance_below(&below->seed, below->most) + 1 : capacity;
	if (*size > capacity)
		*size = capacity;
	if (*size > left)
		*size = left;
	if (*size)
		memcpy(data, below->file->data + below->at, *size);
	below->at += *size;
	return DS_OK;
}

/** The result of a file: length and checksum of the bytes, and how they end. */
struct outcome {
	size_t size;
	uint64_t sum;
	enum ds_status status;
	struct ds_error error;
};

static struct outcome read_all_of(const struct buffer *file, size_t most, size_t capacity,
	struct input_ahead *ahead)
{
	struct below below = {.file = file, .most = most, .seed = most + capacity, .ahead = ahead};
	struct gzip *gzip = gzip_new(pull, &below, DS_LIMIT_GZIP_RATIO);
	struct outcome outcome = {0};
	char *data = malloc(capacity);
	size_t size;

	assert_non_null(gzip);
	assert_non_null(data);
	if (ahead)
		gzip_share(gzip, ahead);
	for (;;) {
		outcome.status = gzip_read(gzip, data, capacity, &size, &outcome.error);
		if (outcome.status != DS_OK || !size)
			break;
		outcome.size += size;
		outcome.sum = crc32(outcome.sum, (const unsigned char *)data, (uInt)size);
	}
	gzip_free(gzip);
	free(data);
	return outcome;
}

static void assert_same_outcome(const struct outcome *one, const struct outcome *other)
{
	assert_int_equal(one->size, other->size);
	assert_int_equal(one->sum, other->sum);
	assert_int_equal(one->status, other->status);
	if (one->status == DS_OK)
		return;
	assert_string_equal(one->error.id, other->error.id);
	assert_string_equal(one->error.text, other->error.text);
	assert_int_equal(one->error.place.offset, other->error.place.offset);
}

/** Threads that only help. */
struct helpers {
	struct input_ahead *ahead;
	pthread_t threads[3];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_awake, is_over;
	size_t done;
};

static void wake_helpers(void *context)
{
	struct helpers *helpers = context;

	pthread_mutex_lock(&helpers->lock);
	helpers->is_awake = true;
	pthread_cond_broadcast(&helpers->changed);
	pthread_mutex_unlock(&helpers->lock);
}

static void *help(void *context)
{
	struct helpers *helpers = context;

	pthread_mutex_lock(&helpers->lock);
	while (!helpers->is_over) {
		struct ahead_job *job = input_ahead_fetch(helpers->ahead);

		if (!job) {
			pthread_cond_wait(&helpers->changed, &helpers->lock);
			continue;
		}
		pthread_mutex_unlock(&helpers->lock);
		input_ahead_work(helpers->ahead, job);
		pthread_mutex_lock(&helpers->lock);
		helpers->done++;
	}
	pthread_mutex_unlock(&helpers->lock);
	return NULL;
}

/** Allocated on the heap, because the threads go on when a test fails. */
static struct helpers *helpers_begin(void)
{
	struct helpers *helpers = calloc(1, sizeof *helpers);

	assert_non_null(helpers);
	helpers->ahead = input_ahead_new(1 + COUNT(helpers->threads));
	assert_non_null(helpers->ahead);
	pthread_mutex_init(&helpers->lock, NULL);
	pthread_cond_init(&helpers->changed, NULL);
	input_ahead_on_work(helpers->ahead, wake_helpers, helpers);
	for (size_t i = 0; i < COUNT(helpers->threads); i++)
		assert_int_equal(pthread_create(&helpers->threads[i], NULL, help, helpers), 0);
	return helpers;
}

static void helpers_end(struct helpers *helpers)
{
	pthread_mutex_lock(&helpers->lock);
	helpers->is_over = true;
	pthread_cond_broadcast(&helpers->changed);
	pthread_mutex_unlock(&helpers->lock);
	for (size_t i = 0; i < COUNT(helpers->threads); i++)
		assert_int_equal(pthread_join(helpers->threads[i], NULL), 0);
	input_ahead_free(helpers->ahead);
	pthread_cond_destroy(&helpers->changed);
	pthread_mutex_destroy(&helpers->lock);
	free(helpers);
}

/** Expects that the file gives the same without a ring, with one in a single thread, and with
 * helpers, in jobs of all kinds. */
static struct outcome assert_same_with_help(const struct buffer *file, struct helpers *helpers,
	uint64_t *seed)
{
	static const size_t capacities[] = {1000, 4096, 65280, 65536, 256 << 10, 1 << 20};
	struct input_ahead *alone = input_ahead_new(1);
	struct outcome expected = read_all_of(file, 0, 1 << 20, NULL);
	size_t most = chance_below(seed, 3) ? 0 : chance_below(seed, 5000) + 1;
	struct outcome outcome =
		read_all_of(file, most, capacities[chance_below(seed, COUNT(capacities))], alone);

	assert_same_outcome(&outcome, &expected);
	outcome = read_all_of(file, most, capacities[chance_below(seed, COUNT(capacities))],
		helpers->ahead);
	assert_same_outcome(&outcome, &expected);
	input_ahead_free(alone);
	return expected;
}

/** Makes blocks of all sizes that are small and inflate to much data; their contents differ.
 * Returns the inflated size. */
static size_t make_blocks(struct buffer *file)
{
	static const size_t sizes[] = {60000, 65280, 10, 20, 0, 65280, 30000, 30000, 29999, 1,
		65280, 65280, 65280};
	size_t given = 0;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *data = malloc(sizes[i] + 1);

		assert_non_null(data);
		memset(data, 'a' + (int)i, sizes[i]);
		/* One member among the others is not BGZF. */
		if (sizes[i] == 29999)
			add_gzip(file, data, sizes[i]);
		else if (sizes[i])
			add_blocks(file, data, sizes[i], BGZF_BLOCK_SIZE);
		else
			add_end(file);
		given += sizes[i];
		free(data);
	}
	add_end(file);
	return given;
}

static void damage_is_the_same_when_inflated_ahead(void **state)
{
	struct buffer file = {0};
	struct helpers *helpers = helpers_begin();
	uint64_t seed = 1;
	size_t given = make_blocks(&file), found = 0;
	struct outcome whole;

	(void)state;
	whole = assert_same_with_help(&file, helpers, &seed);
	assert_int_equal(whole.status, DS_OK);
	assert_int_equal(whole.size, given);
	for (size_t at = 0; at < file.size; at++) {
		char bit = (char)(1 << chance_below(&seed, 8));
		struct outcome outcome;

		file.data[at] ^= bit;
		outcome = assert_same_with_help(&file, helpers, &seed);
		if (outcome.status == DS_OK)
			assert_int_equal(outcome.sum, whole.sum);
		found += outcome.status == DS_DAMAGED;
		file.data[at] ^= bit;
	}
	assert_true(found > file.size / 2);
	assert_true(helpers->done > 0);
	helpers_end(helpers);
	buffer_fini(&file);
}

static void truncation_is_the_same_when_inflated_ahead(void **state)
{
	struct buffer file = {0};
	struct helpers *helpers = helpers_begin();
	uint64_t seed = 2;

	(void)state;
	make_blocks(&file);
	/* The empty block in the middle, and the member that is not a BGZF block, end a file as
	 * well as the last block. */
	for (size_t size = file.size - 1; size >= 18; size--) {
		struct buffer cut = {.data = file.data, .size = size};
		struct outcome outcome = assert_same_with_help(&cut, helpers, &seed);

		if (outcome.status == DS_OK)
			assert_true(memcmp(file.data + size - sizeof bgzf_end, bgzf_end,
					    sizeof bgzf_end) == 0 ||
				memcmp(file.data + size - 4, "\x2f\x75\0\0", 4) == 0);
		else
			assert_string_equal(outcome.error.id, "DA901");
	}
	helpers_end(helpers);
	buffer_fini(&file);
}

static void what_follows_is_the_same_when_inflated_ahead(void **state)
{
	static const char *const tails[] = {"x", "\x1f", "\x1f\x8b", "\x1f\x8b\x08\x04",
		"(domain)"};
	struct buffer file = {0};
	struct helpers *helpers = helpers_begin();
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < 4 * COUNT(tails); i++) {
		struct outcome outcome;

		file.size = 0;
		make_blocks(&file);
		for (size_t zeros = 0; zeros < i / COUNT(tails); zeros++)
			buffer_add(&file, "", 1);
		if (i >= 2 * COUNT(tails))
			make_blocks(&file);
		outcome = assert_same_with_help(&file, helpers, &seed);
		assert_int_equal(outcome.status, i >= 2 * COUNT(tails) ? DS_DAMAGED : DS_OK);
		buffer_add(&file, tails[i % COUNT(tails)], strlen(tails[i % COUNT(tails)]));
		outcome = assert_same_with_help(&file, helpers, &seed);
		assert_int_equal(outcome.status, DS_DAMAGED);
	}
	helpers_end(helpers);
	buffer_fini(&file);
}

static void wrong_lengths_with_a_right_sum_are_detected(void **state)
{
	struct buffer file = {0};
	struct helpers *helpers = helpers_begin();
	uint64_t seed = 7;
	struct outcome outcome;
	size_t first;

	(void)state;
	add_blocks(&file, "one", 3, 3);
	add_blocks(&file, "two", 3, 3);
	first = file.size;
	add_blocks(&file, "three", 5, 5);
	file.data[first - 4] = 4;
	file.data[file.size - 4] = 4;
	add_end(&file);
	outcome = assert_same_with_help(&file, helpers, &seed);
	assert_int_equal(outcome.status, DS_DAMAGED);
	assert_int_equal(outcome.error.place.offset, first);
	helpers_end(helpers);
	buffer_fini(&file);
}

/** Adds a file of stored blocks that contain such files themselves: a reader that follows a wrong
 * length finds complete members. */
static void add_nested(struct buffer *out, uint64_t *seed, unsigned depth)
{
	for (unsigned i = 0; i < 3; i++) {
		struct buffer inner = {0};
		size_t size = 1 + chance_below(seed, 3000);

		if (depth)
			add_nested(&inner, seed, depth - 1);
		for (size_t j = 0; j < size; j++) {
			char byte = (char)chance(seed);

			buffer_add(&inner, &byte, 1);
		}
		add_blocks(out, inner.data, inner.size, BGZF_BLOCK_SIZE);
		buffer_fini(&inner);
	}
}

static void wrong_lengths_change_nothing(void **state)
{
	struct buffer file = {0};
	struct helpers *helpers = helpers_begin();
	uint64_t seed = 4;

	(void)state;
	while (file.size < 600000)
		add_nested(&file, &seed, 2);
	add_end(&file);
	for (unsigned i = 0; i < 200; i++) {
		size_t at = chance_below(&seed, file.size - 4);
		size_t field, length;
		char saved[2];

		/* The next header, at any depth, gets a length that leads to another header after
		 * it. */
		while (at && memcmp(file.data + at, bgzf_end, 4) != 0)
			at--;
		field = at + 16;
		length = 26 + chance_below(&seed, 9000);
		while (length < 65536 && at + length + 4 < file.size &&
			memcmp(file.data + at + length, bgzf_end, 4) != 0)
			length++;
		memcpy(saved, file.data + field, 2);
		file.data[field] = (char)((length - 1) & 255);
		file.data[field + 1] = (char)((length - 1) >> 8);
		assert_same_with_help(&file, helpers, &seed);
		memcpy(file.data + field, saved, 2);
	}
	helpers_end(helpers);
	buffer_fini(&file);
}

/** Does some of the waiting jobs, at once, in the thread that reads. */
static void work_some(void *context)
{
	struct helpers *helpers = context;
	uint64_t seed = helpers->done * 7 + 1;

	if (chance_below(&seed, 4))
		input_ahead_work(helpers->ahead, input_ahead_fetch(helpers->ahead));
	helpers->done++;
}

static void jobs_are_bounded_and_announced(void **state)
{
	struct buffer file = {0};
	struct helpers helpers = {0};
	struct outcome expected, outcome;
	char *data = calloc(1, BGZF_BLOCK_SIZE);

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < 100; i++) {
		memset(data, (int)i, BGZF_BLOCK_SIZE);
		add_blocks(&file, data, BGZF_BLOCK_SIZE, BGZF_BLOCK_SIZE);
	}
	add_end(&file);
	expected = read_all_of(&file, 0, 1 << 20, NULL);
	helpers.ahead = input_ahead_new(2);
	input_ahead_on_work(helpers.ahead, work_some, &helpers);
	outcome = read_all_of(&file, 0, 65536, helpers.ahead);
	assert_same_outcome(&outcome, &expected);
	assert_true(helpers.done > 80);
	/* No job is left. */
	assert_null(input_ahead_fetch(helpers.ahead));
	input_ahead_free(helpers.ahead);
	free(data);
	buffer_fini(&file);
}

static void jobs_of_an_abandoned_file_are_removed(void **state)
{
	struct buffer file = {0};
	struct below below = {.file = &file};
	struct input_ahead *ahead = input_ahead_new(8);
	struct gzip *gzip = gzip_new(pull, &below, DS_LIMIT_GZIP_RATIO);
	struct ds_error error;
	char *data = malloc(70000);
	size_t size;

	(void)state;
	make_blocks(&file);
	assert_non_null(data);
	gzip_share(gzip, ahead);
	assert_int_equal(gzip_read(gzip, data, 70000, &size, &error), DS_OK);
	assert_non_null(ahead_first(ahead));
	gzip_free(gzip);
	assert_null(ahead_first(ahead));
	assert_null(input_ahead_fetch(ahead));
	input_ahead_free(ahead);
	buffer_fini(&file);
	free(data);
}

static void one_file_alone_is_read_ahead_at_a_time(void **state)
{
	struct input_ahead *ahead = input_ahead_new(2);
	struct ahead_job job = {.in = (const unsigned char *)bgzf_end,
		.in_size = sizeof bgzf_end,
		.members = 1};
	struct ahead_job *fetched[8];
	char nothing;
	size_t size;

	(void)state;
	assert_true(ahead_claim(ahead));
	assert_false(ahead_claim(ahead));
	for (size_t i = 0; i < COUNT(fetched); i++) {
		assert_true(ahead_has_room(ahead));
		job.out_size = i;
		assert_true(ahead_add(ahead, &job));
	}
	assert_false(ahead_has_room(ahead));
	for (size_t i = 0; i < COUNT(fetched); i++) {
		fetched[i] = input_ahead_fetch(ahead);
		assert_non_null(fetched[i]);
		assert_int_equal(fetched[i]->out_size, i);
	}
	assert_null(input_ahead_fetch(ahead));
	for (size_t i = COUNT(fetched); i-- > 0;)
		input_ahead_work(ahead, fetched[i]);
	assert_int_equal(ahead_finish_first(ahead, &nothing, 1, &size), AHEAD_IS_DONE);
	ahead_drop_first(ahead);
	/* The trailer declares one byte, and the block has none. */
	assert_int_equal(ahead_finish_first(ahead, &nothing, 1, &size), AHEAD_HAS_FAILED);
	assert_true(ahead_has_room(ahead));
	ahead_drop_all(ahead);
	assert_null(ahead_first(ahead));
	ahead_release(ahead);
	assert_true(ahead_claim(ahead));
	ahead_release(ahead);
	input_ahead_free(ahead);
}

/** Finishes late. */
static void *finish_late(void *context)
{
	struct helpers *helpers = context;
	struct ahead_job *job = input_ahead_fetch(helpers->ahead);

	wake_helpers(helpers);
	nanosleep(&(struct timespec){.tv_nsec = 30000000}, NULL);
	helpers->done = 1;
	input_ahead_work(helpers->ahead, job);
	return NULL;
}

static void the_reader_waits_for_running_jobs(void **state)
{
	struct ahead_job job = {.in = (const unsigned char *)bgzf_end,
		.in_size = sizeof bgzf_end,
		.members = 1};

	(void)state;
	for (int is_dropped = 0; is_dropped < 2; is_dropped++) {
		struct helpers helpers = {.ahead = input_ahead_new(2)};
		char nothing;
		size_t size;

		pthread_mutex_init(&helpers.lock, NULL);
		pthread_cond_init(&helpers.changed, NULL);
		assert_true(ahead_add(helpers.ahead, &job));
		assert_int_equal(pthread_create(&helpers.threads[0], NULL, finish_late, &helpers),
			0);
		pthread_mutex_lock(&helpers.lock);
		while (!helpers.is_awake)
			pthread_cond_wait(&helpers.changed, &helpers.lock);
		pthread_mutex_unlock(&helpers.lock);
		if (is_dropped)
			ahead_drop_all(helpers.ahead);
		else
			assert_int_equal(ahead_finish_first(helpers.ahead, &nothing, 1, &size),
				AHEAD_IS_DONE);
		assert_int_equal(helpers.done, 1);
		pthread_join(helpers.threads[0], NULL);
		input_ahead_free(helpers.ahead);
		pthread_cond_destroy(&helpers.changed);
		pthread_mutex_destroy(&helpers.lock);
	}
}

/* ---- runs ---- */

/** Makes a dump of domains in blocks of all sizes. */
static void make_dump(struct buffer *file, size_t least)
{
	struct buffer text = {0};
	uint64_t seed = 5;

	for (unsigned i = 0; text.size < least; i++)
		add_domain_xml(&text, i);
	for (size_t at = 0; at < text.size;) {
		size_t size = 1 + chance_below(&seed, BGZF_BLOCK_SIZE);

		if (size > text.size - at)
			size = text.size - at;
		add_blocks(file, text.data + at, size, BGZF_BLOCK_SIZE);
		at += size;
	}
	add_end(file);
	buffer_fini(&text);
}

static void assert_same_for_all_jobs(const struct buffer *file, enum ds_status status)
{
	static const unsigned jobs[] = {1, 2, 3, 8};
	struct run_result results[COUNT(jobs)];

	save("dump", file->data, file->size);
	for (size_t i = 0; i < COUNT(jobs); i++) {
		struct ds_run_options options;

		ds_run_options_init(&options, sizeof options);
		options.jobs = jobs[i];
		run_file(&options, "dump", &results[i]);
		assert_int_equal(results[i].status, status);
		assert_int_equal(results[i].counts.domains, results[0].counts.domains);
		assert_int_equal(results[i].counts.bytes_read, results[0].counts.bytes_read);
		assert_int_equal(results[i].counts.bytes_inflated,
			results[0].counts.bytes_inflated);
		assert_same(&results[i].output, &results[0].output);
		assert_same(&results[i].errors, &results[0].errors);
		if (i > 0)
			run_result_fini(&results[i]);
	}
	run_result_fini(&results[0]);
}

static volatile int is_cancelled;

static enum ds_status cancelling_sink(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	__atomic_store_n(&is_cancelled, 1, __ATOMIC_RELAXED);
	return DS_OK;
}

static enum ds_status failing_sink(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return DS_STOPPED;
}

/** The run is stopped in any state of its jobs. */
static void a_run_can_be_stopped(void **state)
{
	static const char *const names[] = {"dump"};
	struct buffer file = {0};

	(void)state;
	/* More than can be in flight at once. */
	make_dump(&file, 8 << 20);
	save("dump", file.data, file.size);
	for (unsigned i = 0; i < 60; i++) {
		struct ds_run_options options;
		struct ds_counts counts = {.size = sizeof counts};
		struct ds_error error;

		ds_run_options_init(&options, sizeof options);
		options.names = names;
		options.name_count = 1;
		options.jobs = 1 + i % 8;
		options.sink = i % 2 ? cancelling_sink : failing_sink;
		options.cancel = &is_cancelled;
		__atomic_store_n(&is_cancelled, 0, __ATOMIC_RELAXED);
		assert_int_equal(ds_run(&options, &counts, &error), DS_STOPPED);
	}
	buffer_fini(&file);
}

static void a_run_is_the_same_for_every_number_of_workers(void **state)
{
	struct buffer file = {0};
	uint64_t seed = 6;

	(void)state;
	make_dump(&file, 1 << 20);
	assert_same_for_all_jobs(&file, DS_OK);
	file.size -= sizeof bgzf_end;
	assert_same_for_all_jobs(&file, DS_DAMAGED);
	for (unsigned i = 0; i < 30; i++) {
		struct buffer damaged = {0};
		size_t at = 100 + chance_below(&seed, file.size - 100);

		buffer_add(&damaged, file.data, i % 2 ? file.size : at);
		damaged.data[at - 1] ^= 16;
		assert_same_for_all_jobs(&damaged, DS_DAMAGED);
		buffer_fini(&damaged);
	}
	buffer_fini(&file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_block_of_a_file_is_empty),
		TEST(without_it_a_file_is_truncated),
		TEST(members_that_are_not_bgzf_need_no_end),
		TEST(the_length_may_follow_other_subfields),
		cmocka_unit_test(damage_is_the_same_when_inflated_ahead),
		cmocka_unit_test(truncation_is_the_same_when_inflated_ahead),
		cmocka_unit_test(what_follows_is_the_same_when_inflated_ahead),
		cmocka_unit_test(wrong_lengths_with_a_right_sum_are_detected),
		cmocka_unit_test(wrong_lengths_change_nothing),
		cmocka_unit_test(jobs_are_bounded_and_announced),
		cmocka_unit_test(jobs_of_an_abandoned_file_are_removed),
		cmocka_unit_test(one_file_alone_is_read_ahead_at_a_time),
		cmocka_unit_test(the_reader_waits_for_running_jobs),
		TEST(a_run_is_the_same_for_every_number_of_workers),
		TEST(a_run_can_be_stopped),
	};

	return cmocka_run_group_tests_name("bgzf", tests, NULL, NULL);
}
