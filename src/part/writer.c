/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/container.h"

#include "part/section.h"

#include <stdlib.h>
#include <zlib.h>

/** Smaller sections are not worth it. */
#define DEFLATE_MIN 64
/** Level 6 takes twice the time for 7 % fewer bytes, and it takes longer than the audit itself. */
#define DEFLATE_LEVEL 4

struct part_writer {
	ds_sink *sink;
	void *context;
	struct section_sum sum;
	/** A compressed section. */
	struct buffer packed;
	/** Sticky. */
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

	if (!writer)
		return NULL;
	writer->sink = sink;
	writer->context = context;
	buffer_init(&writer->packed);
	section_put_word(header + PART_MAGIC_SIZE, PART_VERSION);
	put(writer, header, sizeof header);
	return writer;
}

/** Compresses the bytes into `packed`. Returns the size; 0 when it does not pay. */
static size_t deflate_bytes(struct part_writer *writer, struct ds_text bytes)
{
	uLongf size = compressBound(bytes.size);
	char *room;
	int result;

	if (bytes.size < DEFLATE_MIN)
		return 0;
	buffer_clear(&writer->packed, SIZE_MAX);
	room = buffer_room(&writer->packed, size);
	result = room ? compress2((Bytef *)room, &size, (const Bytef *)bytes.data, bytes.size,
				DEFLATE_LEVEL)
		      : Z_MEM_ERROR;
	if (result != Z_OK)
		writer->status = DS_NO_MEMORY;
	return result == Z_OK && size < bytes.size ? size : 0;
}

static enum ds_status write_section(struct part_writer *writer, enum part_section id,
	struct ds_text bytes)
{
	size_t packed = deflate_bytes(writer, bytes);
	struct section section = {
		.id = (unsigned)id,
		.method = packed ? SECTION_DEFLATED : SECTION_STORED,
		.stored_size = (uint32_t)(packed ? packed : bytes.size),
		.size = (uint32_t)bytes.size,
	};
	const char *stored = packed ? writer->packed.data : bytes.data;
	unsigned char header[SECTION_HEADER_SIZE];

	section_put(&section, header, stored);
	section_sum_add(&writer->sum, section.crc);
	put(writer, header, sizeof header);
	return put(writer, stored, section.stored_size);
}

enum ds_status part_writer_section(struct part_writer *writer, enum part_section id,
	struct ds_text bytes)
{
	if (writer->status == DS_OK && (bytes.size > PART_SECTION_MAX || id == PART_END))
		writer->status = DS_USAGE;
	return writer->status == DS_OK ? write_section(writer, id, bytes) : writer->status;
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
		write_section(writer, PART_END, (struct ds_text){footer.data, footer.size});
	buffer_fini(&footer);
	return writer->status;
}

void part_writer_free(struct part_writer *writer)
{
	if (!writer)
		return;
	buffer_fini(&writer->packed);
	free(writer);
}
