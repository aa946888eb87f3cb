/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/lines.h"

#include "record/scan.h"

uint64_t lines_count(const char *data, size_t size, size_t *last)
{
	size_t at = size;

	while (at && data[at - 1] != '\n')
		at--;
	*last = at;
	return at ? scan_lines((const unsigned char *)data, at) : 0;
}
