/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/tsv_text.h"

void tsv_text(struct buffer *out, struct ds_text text)
{
	static const char special[] = {'\t', '\n', '\r', '\\'}, letters[] = {'t', 'n', 'r', '\\'};
	size_t from = 0;

	for (size_t at = 0; at < text.size; at++) {
		const char *found = memchr(special, text.data[at], sizeof special);

		if (!found)
			continue;
		buffer_add(out, text.data + from, at - from);
		buffer_byte(out, '\\');
		buffer_byte(out, letters[found - special]);
		from = at + 1;
	}
	buffer_add(out, text.data + from, text.size - from);
}
