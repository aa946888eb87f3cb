/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/whole_file.h"

#include <errno.h>
#include <stdio.h>

int whole_file_read(const char *name, size_t most, struct buffer *out)
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
