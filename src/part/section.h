/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_SECTION_H
#define PART_SECTION_H

#include "part/container.h"

/**
 * The bytes of a part file, for its writer and its reader. All words have four bytes, in
 * little-endian order.
 *
 *   file      magic (8 bytes), version (word), sections, footer
 *   section   id (byte), method (byte), two zero bytes, size as stored (word), size (word),
 *             CRC-32 of these twelve bytes and of the stored ones (word), the stored bytes
 *   footer    a section with the id PART_END: the number of sections before it and the CRC-32 over
 *             their CRC-32s, both as encode_number() writes them. It is the end of the file.
 */

#define PART_HEADER_SIZE (PART_MAGIC_SIZE + 4)
#define SECTION_HEADER_SIZE 16

enum { SECTION_STORED = 0, SECTION_DEFLATED = 1 };

struct section {
	unsigned id, method;
	uint32_t stored_size, size;
	uint32_t crc;
};

void section_put_word(unsigned char to[4], uint32_t word);
uint32_t section_get_word(const unsigned char from[4]);

/** Computes the CRC-32 of the header and the stored bytes. */
uint32_t section_crc(const unsigned char header[SECTION_HEADER_SIZE], const char *stored,
	size_t size);

/** Writes the header, and sets `crc`. */
void section_put(struct section *section, unsigned char header[SECTION_HEADER_SIZE],
	const char *stored);

/** Reads a header. Returns false when its bytes are invalid. */
bool section_get(struct section *section, const unsigned char header[SECTION_HEADER_SIZE]);

/** The values in the footer about the sections before it. */
struct section_sum {
	uint64_t count;
	uint32_t crc;
};

void section_sum_add(struct section_sum *sum, uint32_t crc);

#endif
