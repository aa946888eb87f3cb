/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * stages xml|sexpr FILE - measures the work that one thread does for all: reading a dump and
 * framing its domains. The speed of memory is measured in the same run, with memcpy() and memchr().
 *
 * Prints one line for each measurement: MB/s in the fastest of several rounds, and its name. The
 * time of framing includes a copy of the bytes into blocks, which reading makes, too.
 */

#define ROUNDS 9
#define PIECE ((size_t)256 << 10)

struct dump {
	const char *path;
	enum ds_format format;
	char *data;
	size_t size;
	/** Room for a chunk. */
	char *piece;
};

/** Handles a whole dump. Returns a number that depends on all the work, so that compilers do not
 * remove it; 0 if it has failed. */
typedef size_t work(const struct dump *dump);

static size_t copy(const struct dump *dump)
{
	for (size_t at = 0; at < dump->size; at += PIECE)
		memcpy(dump->piece, dump->data + at,
			dump->size - at < PIECE ? dump->size - at : PIECE);
	return 1 + (unsigned char)dump->piece[0];
}

/** Searches for a byte that is in no dump. */
static size_t search(const struct dump *dump)
{
	return memchr(dump->data, '\1', dump->size) == NULL;
}

/** Reads the file, which is in the page cache. */
static size_t fill(const struct dump *dump)
{
	int file = open(dump->path, O_RDONLY);
	size_t all = 0;
	ssize_t size;

	while (file >= 0 && (size = read(file, dump->piece, PIECE)) > 0)
		all += (size_t)size;
	if (file >= 0)
		close(file);
	return all;
}

/** Frames the dump, block by block. Returns the number of frames. */
static size_t cut(const struct dump *dump, bool may_guess)
{
	const struct ds_limits limits = {.size = sizeof limits,
		.domain_size = DS_LIMIT_DOMAIN_SIZE,
		.token_size = DS_LIMIT_TOKEN_SIZE,
		.depth = DS_LIMIT_DEPTH};
	struct framer framer;
	struct block block, rest;
	enum ds_status status = DS_OK;
	size_t frames = 0;

	block_init(&block);
	block_init(&rest);
	if (!framer_init(&framer, dump->format, &limits))
		return 0;
	framer_begin(&framer, &block, dump->path, dump->format, 0);
	framer.frames_max = SIZE_MAX;
	framer.may_guess = may_guess;
	for (size_t at = 0; at < dump->size && status == DS_OK; at += PIECE) {
		size_t size = dump->size - at < PIECE ? dump->size - at : PIECE;
		struct block empty;

		if (!block_reserve(&block, size))
			break;
		memcpy(block.data + block.size, dump->data + at, size);
		block.size += size;
		status = framer_scan(&framer, &block);
		frames += block.frame_count;
		block_clear(&rest, PIECE * 4);
		if (status == DS_OK)
			status = framer_move(&framer, &block, &rest);
		empty = block;
		block = rest;
		rest = empty;
	}
	framer_fini(&framer);
	block_fini(&block);
	block_fini(&rest);
	return status == DS_OK ? frames : 0;
}

static size_t frame(const struct dump *dump)
{
	return cut(dump, false);
}

/** Frames as the program does, whose readers verify the guessed borders. */
static size_t frame_by_guess(const struct dump *dump)
{
	return cut(dump, true);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool measure(const char *name, work *work, const struct dump *dump)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double begin = seconds(), took;

		if (!work(dump))
			return false;
		took = seconds() - begin;
		best = took < best ? took : best;
	}
	printf("%.0f %s\n", (double)dump->size / 1e6 / best, name);
	return true;
}

static bool load(struct dump *dump)
{
	FILE *file = fopen(dump->path, "rb");
	long size = -1;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0)
		return false;
	rewind(file);
	dump->size = (size_t)size;
	dump->data = malloc(dump->size);
	dump->piece = malloc(PIECE);
	if (!dump->data || !dump->piece || fread(dump->data, 1, dump->size, file) != dump->size)
		return false;
	return fclose(file) == 0;
}

int main(int count, char **arguments)
{
	struct dump dump = {0};
	bool is_sexpr;

	if (count != 3)
		return 2;
	is_sexpr = strcmp(arguments[1], "sexpr") == 0;
	dump.format = is_sexpr ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
	dump.path = arguments[2];
	if (!load(&dump)) {
		perror(dump.path);
		return 1;
	}
	return !(measure("memcpy", copy, &dump) && measure("memchr", search, &dump) &&
		measure("fill", fill, &dump) && measure("frame", frame, &dump) &&
		(!is_sexpr || measure("frame, ends guessed", frame_by_guess, &dump)));
}
