/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/container.h"
#include "part/section.h"
#include "record/error.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

/** The CRC of a section whose bytes are not needed is computed in chunks of this size. */
#define PIECE_SIZE ((size_t)64 << 10)

struct part_reader {
	FILE *file;
	const char *name;
	/** The size of the file, and the offset up to which it was read. */
	uint64_t size, offset;
	/** The offset of the section that was read last. */
	uint64_t begin;
	struct section_sum sum;
	struct buffer stored, bytes;
	bool is_at_end;
};

/* ---- errors ---- */

static enum ds_status refuse(const struct part_reader *reader, uint64_t offset, const char *why,
	struct ds_error *error)
{
	char text[DS_ERROR_TEXT_SIZE];

	snprintf(text, sizeof text, "%s", why);
	error_set(error, "", (struct ds_place){reader->name, offset, 0, 0}, text);
	return DS_DAMAGED;
}

enum ds_status part_reader_refuse(const struct part_reader *reader, const char *why,
	struct ds_error *error)
{
	return refuse(reader, reader->begin, why, error);
}

static enum ds_status fail(const struct part_reader *reader, struct ds_error *error)
{
	char text[DS_ERROR_TEXT_SIZE];

	snprintf(text, sizeof text, "cannot read the part file: %s", strerror(errno));
	error_set(error, "", (struct ds_place){reader->name, 0, 0, 0}, text);
	return DS_SYSTEM;
}

static enum ds_status refuse_truncated(const struct part_reader *reader, struct ds_error *error)
{
	return refuse(reader, reader->offset,
		"the part file is incomplete; run this part once more", error);
}

static enum ds_status refuse_damaged(const struct part_reader *reader, struct ds_error *error)
{
	char text[DS_ERROR_TEXT_SIZE];

	snprintf(text, sizeof text,
		"the part file is corrupt in the section at byte %llu; run this part once more",
		(unsigned long long)reader->begin);
	return refuse(reader, reader->begin, text, error);
}

/* ---- bytes ---- */

/** Reads this many bytes, which the file must have. */
static enum ds_status get(struct part_reader *reader, void *to, size_t size, struct ds_error *error)
{
	errno = 0;
	if (size > reader->size - reader->offset)
		return refuse_truncated(reader, error);
	if (size && fread(to, 1, size, reader->file) != size)
		return ferror(reader->file) ? fail(reader, error) : refuse_truncated(reader, error);
	reader->offset += size;
	return DS_OK;
}

static enum ds_status get_header(struct part_reader *reader, struct ds_error *error)
{
	unsigned char header[PART_HEADER_SIZE];
	char text[DS_ERROR_TEXT_SIZE];
	enum ds_status status;

	if (reader->size < sizeof header)
		return refuse(reader, 0, "this is not a part file", error);
	status = get(reader, header, sizeof header, error);
	if (status != DS_OK)
		return status;
	if (memcmp(header, PART_MAGIC, PART_MAGIC_SIZE) != 0)
		return refuse(reader, 0, "this is not a part file", error);
	if (section_get_word(header + PART_MAGIC_SIZE) == PART_VERSION)
		return DS_OK;
	snprintf(text, sizeof text,
		"the part file has version %lu of the format, and this program reads version %d",
		(unsigned long)section_get_word(header + PART_MAGIC_SIZE), PART_VERSION);
	return refuse(reader, 0, text, error);
}

/** Reads the header of a section and compares its sizes with the rest of the file. */
static enum ds_status get_section(struct part_reader *reader, struct section *section,
	unsigned char header[SECTION_HEADER_SIZE], struct ds_error *error)
{
	enum ds_status status;

	reader->begin = reader->offset;
	status = get(reader, header, SECTION_HEADER_SIZE, error);
	if (status != DS_OK)
		return status;
	if (!section_get(section, header))
		return refuse_damaged(reader, error);
	if (section->stored_size > reader->size - reader->offset)
		return refuse_truncated(reader, error);
	return DS_OK;
}

/** Inflates the stored bytes. */
static enum ds_status inflate_section(struct part_reader *reader, const struct section *section,
	struct ds_error *error)
{
	uLongf size = section->size;
	char *room;
	int result;

	buffer_clear(&reader->bytes, SIZE_MAX);
	room = buffer_room(&reader->bytes, size);
	if (!room)
		return DS_NO_MEMORY;
	result = uncompress((Bytef *)room, &size, (const Bytef *)reader->stored.data,
		section->stored_size);
	if (result == Z_MEM_ERROR)
		return DS_NO_MEMORY;
	if (result != Z_OK || size != section->size)
		return refuse_damaged(reader, error);
	return DS_OK;
}

/* ---- sections ---- */

/** Compares the footer with the sections that were read. */
static enum ds_status check_footer(struct part_reader *reader, struct ds_text bytes,
	struct ds_error *error)
{
	struct decoding footer = decoding_of(bytes);
	uint64_t count = decode_number(&footer), crc = decode_number(&footer);

	if (!decoding_is_done(&footer))
		return refuse_damaged(reader, error);
	if (count != reader->sum.count || crc != reader->sum.crc)
		return refuse(reader, reader->begin,
			"the part file does not have the sections that it was written with; run "
			"this part once more",
			error);
	if (reader->offset != reader->size)
		return refuse(reader, reader->offset,
			"there are bytes after the end of the part file", error);
	reader->is_at_end = true;
	return DS_OK;
}

enum ds_status part_reader_next(struct part_reader *reader, enum part_section *id,
	struct ds_text *bytes, struct ds_error *error)
{
	unsigned char header[SECTION_HEADER_SIZE];
	struct section section;
	enum ds_status status;
	char *room;

	*id = PART_END;
	*bytes = (struct ds_text){NULL, 0};
	if (reader->is_at_end)
		return DS_OK;
	status = get_section(reader, &section, header, error);
	if (status != DS_OK)
		return status;
	buffer_clear(&reader->stored, SIZE_MAX);
	room = buffer_room(&reader->stored, (size_t)section.stored_size + 1);
	if (!room)
		return DS_NO_MEMORY;
	status = get(reader, room, section.stored_size, error);
	if (status == DS_OK && section_crc(header, room, section.stored_size) != section.crc)
		status = refuse_damaged(reader, error);
	if (status == DS_OK && section.method == SECTION_DEFLATED)
		status = inflate_section(reader, &section, error);
	if (status != DS_OK)
		return status;
	bytes->data = section.method == SECTION_DEFLATED ? reader->bytes.data : room;
	bytes->size = section.size;
	*id = (enum part_section)section.id;
	if (*id == PART_END)
		return check_footer(reader, *bytes, error);
	section_sum_add(&reader->sum, section.crc);
	return DS_OK;
}

/** Goes back to the first section. */
static enum ds_status rewind_reader(struct part_reader *reader, struct ds_error *error)
{
	if (fseeko(reader->file, PART_HEADER_SIZE, SEEK_SET) != 0)
		return fail(reader, error);
	reader->offset = PART_HEADER_SIZE;
	reader->sum = (struct section_sum){0, 0};
	reader->is_at_end = false;
	return DS_OK;
}

/** Reads the stored bytes of a section that is not the footer, and checks their CRC. */
static enum ds_status check_section(struct part_reader *reader, const struct section *section,
	const unsigned char header[SECTION_HEADER_SIZE], struct ds_error *error)
{
	uint32_t crc = section_crc(header, NULL, 0);
	enum ds_status status = DS_OK;
	char *piece = buffer_room(&reader->bytes, PIECE_SIZE);

	if (!piece)
		return DS_NO_MEMORY;
	for (size_t left = section->stored_size; left && status == DS_OK;) {
		size_t size = left < PIECE_SIZE ? left : PIECE_SIZE;

		status = get(reader, piece, size, error);
		if (status == DS_OK)
			crc = (uint32_t)crc32_z(crc, (const Bytef *)piece, size);
		left -= size;
	}
	if (status == DS_OK && crc != section->crc)
		return refuse_damaged(reader, error);
	section_sum_add(&reader->sum, section->crc);
	return status;
}

enum ds_status part_reader_verify(struct part_reader *reader, struct ds_error *error)
{
	enum ds_status status = rewind_reader(reader, error);
	unsigned char header[SECTION_HEADER_SIZE];
	enum part_section id;
	struct section section;
	struct ds_text bytes;

	while (status == DS_OK) {
		status = get_section(reader, &section, header, error);
		if (status != DS_OK || section.id == PART_END)
			break;
		status = check_section(reader, &section, header, error);
	}
	if (status != DS_OK)
		return status;
	/* The footer itself is read like any section. */
	reader->offset = reader->begin;
	if (fseeko(reader->file, (off_t)reader->offset, SEEK_SET) != 0)
		return fail(reader, error);
	status = part_reader_next(reader, &id, &bytes, error);
	return status == DS_OK ? rewind_reader(reader, error) : status;
}

/* ---- the file ---- */

static enum ds_status open_file(struct part_reader *reader, FILE *file, struct ds_error *error)
{
	off_t size;

	reader->file = file ? file : fopen(reader->name, "re");
	if (!reader->file || fseeko(reader->file, 0, SEEK_END) != 0)
		return fail(reader, error);
	size = ftello(reader->file);
	if (size < 0 || fseeko(reader->file, 0, SEEK_SET) != 0)
		return fail(reader, error);
	reader->size = (uint64_t)size;
	return DS_OK;
}

enum ds_status part_reader_open(struct part_reader **out, const char *name, FILE *file,
	struct ds_error *error)
{
	struct part_reader *reader = calloc(1, sizeof *reader);
	enum ds_status status;

	*out = NULL;
	if (!reader) {
		if (file)
			fclose(file);
		return DS_NO_MEMORY;
	}
	reader->name = name;
	buffer_init(&reader->stored);
	buffer_init(&reader->bytes);
	status = open_file(reader, file, error);
	if (status == DS_OK)
		status = get_header(reader, error);
	if (status == DS_OK)
		*out = reader;
	else
		part_reader_free(reader);
	return status;
}

void part_reader_free(struct part_reader *reader)
{
	if (!reader)
		return;
	if (reader->file)
		fclose(reader->file);
	buffer_fini(&reader->stored);
	buffer_fini(&reader->bytes);
	free(reader);
}
