/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base64.h"

#include "record/text.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct ds_text text, struct buffer *out)
{
	for (size_t at = 0; at < text.size; at += 3) {
		size_t rest = text.size - at;
		uint32_t bits = (uint32_t)(unsigned char)text.data[at] << 16;

		if (rest > 1)
			bits |= (uint32_t)(unsigned char)text.data[at + 1] << 8;
		if (rest > 2)
			bits |= (unsigned char)text.data[at + 2];
		buffer_byte(out, digits[bits >> 18]);
		buffer_byte(out, digits[bits >> 12 & 63]);
		buffer_byte(out, rest > 1 ? digits[bits >> 6 & 63] : '=');
		buffer_byte(out, rest > 2 ? digits[bits & 63] : '=');
	}
}

bool base64_decode(struct ds_text text, char *out, size_t *size)
{
	uint32_t bits = 0;
	size_t count = 0, padding = 0;

	*size = 0;
	for (size_t at = 0; at < text.size; at++) {
		char byte = text.data[at];
		const char *digit = byte ? strchr(digits, byte) : NULL;

		if (byte_is_blank(byte))
			continue;
		padding += byte == '=';
		if ((!digit && byte != '=') || (digit && padding))
			return false;
		bits = bits << 6 | (digit ? (uint32_t)(digit - digits) : 0);
		if (++count % 4)
			continue;
		out[(*size)++] = (char)(bits >> 16);
		if (padding < 2)
			out[(*size)++] = (char)(bits >> 8);
		if (padding < 1)
			out[(*size)++] = (char)bits;
		bits = 0;
	}
	return count % 4 == 0 && padding < 3;
}
