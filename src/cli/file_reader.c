/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/file_reader.h"

#include <errno.h>
#include <zlib.h> /* crc32_z() */

const char file_reader_no_memory[] = "out of memory";

int file_reader_read(const char *name, size_t most, struct buffer *out)
{
	FILE *file = fopen(name, "re");
	char block[65536];
	size_t size;
	int result = 0;

	if (!file)
		return errno;
	while (out->size <= most && (size = fread(block, 1, sizeof block, file)) > 0)
		buffer_add(out, block, size);
	if (ferror(file))
		result = errno;
	else if (out->failed)
		result = ENOMEM;
	else if (out->size > most)
		result = EFBIG;
	fclose(file);
	return result;
}

bool file_reader_line(FILE *file, size_t most, struct buffer *line, const char **wrong)
{
	int byte;

	buffer_clear(line, SIZE_MAX);
	while ((byte = getc(file)) != EOF && byte && byte != '\n' && line->size < most)
		buffer_byte(line, (char)byte);
	if (!byte)
		*wrong = "the line contains a NUL byte";
	else if (byte != EOF && byte != '\n')
		*wrong = "the line is too long";
	buffer_byte(line, '\0');
	if (line->failed)
		*wrong = file_reader_no_memory;
	return *wrong || byte != EOF || line->size > 1;
}

bool file_reader_measure(const char *name, uint64_t *size, uint32_t *crc)
{
	FILE *file = fopen(name, "re");
	unsigned char data[4096];
	size_t count;
	bool is_read;

	if (!file)
		return false;
	*size = 0;
	*crc = (uint32_t)crc32_z(0, NULL, 0);
	while ((count = fread(data, 1, sizeof data, file)) > 0) {
		*size += count;
		*crc = (uint32_t)crc32_z(*crc, data, count);
	}
	is_read = !ferror(file);
	fclose(file);
	return is_read;
}
