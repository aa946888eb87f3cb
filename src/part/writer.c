/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/container.h"
#include "part/section.h"

#include <stdlib.h>
#include <zlib.h>

/** Smaller sections are not compressed. */
#define DEFLATE_MIN 64
/** Level 6 saves 4 % of the bytes, but takes longer than the audit itself. */
#define DEFLATE_LEVEL 5

struct part_writer {
	ds_sink *sink;
	void *context;
	struct section_sum sum;
	z_stream deflate;
	/** The joined texts of a section, and their compressed form. */
	struct buffer joined, compressed;
	/** The first failure, which is sticky. */
	enum ds_status status;
};

static enum ds_status put(struct part_writer *writer, const void *bytes, size_t size)
{
	if (writer->status == DS_OK && size)
		writer->status = writer->sink(writer->context, bytes, size);
	return writer->status;
}

struct part_writer *part_writer_new(ds_sink *sink, void *context)
{
	struct part_writer *writer = calloc(1, sizeof *writer);
	unsigned char header[PART_HEADER_SIZE] = PART_MAGIC;

	if (!writer || deflateInit(&writer->deflate, DEFLATE_LEVEL) != Z_OK) {
		free(writer);
		return NULL;
	}
	writer->sink = sink;
	writer->context = context;
	buffer_init(&writer->joined);
	buffer_init(&writer->compressed);
	section_put_word(header + PART_MAGIC_SIZE, PART_VERSION);
	put(writer, header, sizeof header);
	return writer;
}

/** Compresses the texts, `size` bytes in total, into `compressed`. Returns the compressed size, or
 * 0 when it is not smaller. */
static size_t deflate_texts(struct part_writer *writer, const struct ds_text *texts, size_t count,
	size_t size)
{
	z_stream *stream = &writer->deflate;
	int result = Z_OK;

	if (size < DEFLATE_MIN)
		return 0;
	buffer_clear(&writer->compressed, SIZE_MAX);
	deflateReset(stream);
	stream->next_out = (Bytef *)buffer_room(&writer->compressed, size);
	stream->avail_out = (uInt)size - 1;
	if (!stream->next_out) {
		writer->status = DS_NO_MEMORY;
		return 0;
	}
	for (size_t i = 0; i < count && stream->avail_out; i++) {
		/* zlib does not write to the input. */
		stream->next_in = (Bytef *)(uintptr_t)texts[i].data;
		stream->avail_in = (uInt)texts[i].size;
		/* Each text gets its own Huffman codes. */
		result = deflate(stream, i + 1 < count ? Z_BLOCK : Z_FINISH);
	}
	return result == Z_STREAM_END ? stream->total_out : 0;
}

/** Returns the texts joined into one array, or the text itself if there is only one. */
static const char *join(struct part_writer *writer, const struct ds_text *texts, size_t count)
{
	if (count == 1)
		return texts[0].data;
	buffer_clear(&writer->joined, SIZE_MAX);
	for (size_t i = 0; i < count; i++)
		buffer_add(&writer->joined, texts[i].data, texts[i].size);
	if (writer->joined.failed)
		writer->status = DS_NO_MEMORY;
	return writer->joined.data;
}

static enum ds_status write_section(struct part_writer *writer, enum part_section id,
	const struct ds_text *texts, size_t count, size_t size)
{
	size_t compressed = deflate_texts(writer, texts, count, size);
	struct section section = {
		.id = (unsigned)id,
		.method = compressed ? SECTION_DEFLATED : SECTION_STORED,
		.stored_size = (uint32_t)(compressed ? compressed : size),
		.size = (uint32_t)size,
	};
	const char *stored = compressed ? writer->compressed.data : join(writer, texts, count);
	unsigned char header[SECTION_HEADER_SIZE];

	if (writer->status != DS_OK)
		return writer->status;
	section_put(&section, header, stored);
	section_sum_add(&writer->sum, section.crc);
	put(writer, header, sizeof header);
	return put(writer, stored, section.stored_size);
}

enum ds_status part_writer_texts(struct part_writer *writer, enum part_section id,
	const struct ds_text *texts, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count && writer->status == DS_OK; i++) {
		if (texts[i].size > PART_SECTION_MAX - size)
			writer->status = DS_USAGE;
		else
			size += texts[i].size;
	}
	if (writer->status == DS_OK && id == PART_END)
		writer->status = DS_USAGE;
	return writer->status == DS_OK ? write_section(writer, id, texts, count, size)
				       : writer->status;
}

enum ds_status part_writer_section(struct part_writer *writer, enum part_section id,
	struct ds_text bytes)
{
	return part_writer_texts(writer, id, &bytes, 1);
}

enum ds_status part_writer_finish(struct part_writer *writer)
{
	struct buffer footer;

	buffer_init(&footer);
	encode_number(&footer, writer->sum.count);
	encode_number(&footer, writer->sum.crc);
	if (footer.failed && writer->status == DS_OK)
		writer->status = DS_NO_MEMORY;
	if (writer->status == DS_OK)
		write_section(writer, PART_END, &(struct ds_text){footer.data, footer.size}, 1,
			footer.size);
	buffer_fini(&footer);
	return writer->status;
}

void part_writer_free(struct part_writer *writer)
{
	if (!writer)
		return;
	deflateEnd(&writer->deflate);
	buffer_fini(&writer->joined);
	buffer_fini(&writer->compressed);
	free(writer);
}
