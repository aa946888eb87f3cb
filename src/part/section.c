/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/section.h"

#include "record/bytes.h"

#include <zlib.h>

void section_put_word(unsigned char to[4], uint32_t word)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(word >> 8 * i);
}

uint32_t section_get_word(const unsigned char from[4])
{
	return (uint32_t)bytes_half_word(from);
}

uint32_t section_crc(const unsigned char header[SECTION_HEADER_SIZE], const char *stored,
	size_t size)
{
	return (uint32_t)crc32_z(crc32_z(0, header, SECTION_HEADER_SIZE - 4),
		(const Bytef *)(stored ? stored : ""), size);
}

void section_put(struct section *section, unsigned char header[SECTION_HEADER_SIZE],
	const char *stored)
{
	memset(header, 0, SECTION_HEADER_SIZE);
	header[0] = (unsigned char)section->id;
	header[1] = (unsigned char)section->method;
	section_put_word(header + 4, section->stored_size);
	section_put_word(header + 8, section->size);
	section->crc = section_crc(header, stored, section->stored_size);
	section_put_word(header + 12, section->crc);
}

bool section_get(struct section *section, const unsigned char header[SECTION_HEADER_SIZE])
{
	*section = (struct section){
		.id = header[0],
		.method = header[1],
		.stored_size = section_get_word(header + 4),
		.size = section_get_word(header + 8),
		.crc = section_get_word(header + 12),
	};
	if (header[2] || header[3] || section->size > PART_SECTION_MAX)
		return false;
	if (section->method == SECTION_STORED)
		return section->stored_size == section->size;
	/* Deflate expands one byte to at most 1032. */
	return section->method == SECTION_DEFLATED && section->stored_size < section->size &&
		section->size / 1040 <= section->stored_size;
}

void section_sum_add(struct section_sum *sum, uint32_t crc)
{
	unsigned char word[4];

	section_put_word(word, crc);
	sum->crc = (uint32_t)crc32_z(sum->crc, word, sizeof word);
	sum->count++;
}
