/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/output.h"

#define ZLIB_CONST
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define HEADER_SIZE ((size_t)18)
#define TRAILER_SIZE ((size_t)8)
/** The size of the header of a stored deflate block: one byte of flags, the length and its
 * complement. */
#define STORED_HEADER_SIZE ((size_t)5)
/** The position in the header of the length of the whole block minus one. */
#define LENGTH_AT 16

struct bgzf {
	z_stream stream;
};

/* Magic number, deflate, FEXTRA; no time; no flags; unknown system; 6 extra bytes: "BC", 2 bytes
 * long, filled in later. */
static const unsigned char header[HEADER_SIZE] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B',
	'C', 2, 0, 0, 0};

const char bgzf_end[28] = {0x1f, (char)0x8b, 8, 4, 0, 0, 0, 0, 0, (char)0xff, 6, 0, 'B', 'C', 2, 0,
	27, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

static void put16(unsigned char *out, size_t value)
{
	out[0] = (unsigned char)(value & 0xff);
	out[1] = (unsigned char)(value >> 8 & 0xff);
}

static void put32(unsigned char *out, size_t value)
{
	put16(out, value & 0xffff);
	put16(out + 2, value >> 16 & 0xffff);
}

/** Returns the compressed size, or 0 when it would not be smaller than the stored form. */
static size_t deflate_body(z_stream *stream, const char *data, size_t size, unsigned char *out)
{
	if (deflateReset(stream) != Z_OK)
		return 0;
	stream->next_in = (const Bytef *)data;
	stream->avail_in = (uInt)size;
	stream->next_out = out;
	stream->avail_out = (uInt)(size + STORED_HEADER_SIZE);
	if (deflate(stream, Z_FINISH) != Z_STREAM_END)
		return 0;
	return size + STORED_HEADER_SIZE - stream->avail_out;
}

static size_t store_body(const char *data, size_t size, unsigned char *out)
{
	out[0] = 1; /* This is the last block of the member, and it is stored. */
	put16(out + 1, size);
	put16(out + 3, ~size);
	memcpy(out + STORED_HEADER_SIZE, data, size);
	return STORED_HEADER_SIZE + size;
}

struct bgzf *bgzf_new(int level)
{
	struct bgzf *bgzf = calloc(1, sizeof *bgzf);

	if (!bgzf)
		return NULL;
	/* Negative window bits select raw deflate, because zlib's own gzip header cannot contain
	 * the length in the extra field. */
	if (deflateInit2(&bgzf->stream, level, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1,
		    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(bgzf);
		return NULL;
	}
	return bgzf;
}

size_t bgzf_block(struct bgzf *bgzf, const char *data, size_t size, char *out)
{
	unsigned char *block = (unsigned char *)out;
	unsigned char *body = block + HEADER_SIZE;
	size_t body_size = deflate_body(&bgzf->stream, data, size, body);
	size_t total;

	if (body_size == 0)
		body_size = store_body(data, size, body);
	total = HEADER_SIZE + body_size + TRAILER_SIZE;
	memcpy(block, header, HEADER_SIZE);
	put16(block + LENGTH_AT, total - 1);
	put32(body + body_size, crc32(crc32(0, NULL, 0), (const Bytef *)data, (uInt)size));
	put32(body + body_size + 4, size);
	return total;
}

void bgzf_free(struct bgzf *bgzf)
{
	if (!bgzf)
		return;
	deflateEnd(&bgzf->stream);
	free(bgzf);
}
