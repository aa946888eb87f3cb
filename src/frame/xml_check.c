/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/xml_check.h"

#include <expat.h>
#include <stdlib.h>

/** Expat copies what it is given, and keeps the memory, so it is given so much at once, or as much
 * as it holds of an unfinished token, which it looks at from its beginning each time. */
#define CHUNK_SIZE ((size_t)64 << 10)

struct xml_check {
	XML_Parser expat;
};

struct xml_check *xml_check_new(void)
{
	struct xml_check *check = calloc(1, sizeof *check);

	if (!check)
		return NULL;
	check->expat = XML_ParserCreate(NULL);
	if (check->expat)
		return check;
	free(check);
	return NULL;
}

void xml_check_free(struct xml_check *check)
{
	if (!check)
		return;
	XML_ParserFree(check->expat);
	free(check);
}

int xml_check_bytes(struct xml_check *check, bool is_utf8, const char *data, size_t size,
	const char **why, size_t *at)
{
	/* All other encodings are supersets of ASCII, and which character a byte from 0x80 on
	 * belongs to changes no border. */
	const char *name = is_utf8 ? "UTF-8" : "ISO-8859-1";
	enum XML_Status status;
	size_t done = 0;

	if (!XML_ParserReset(check->expat, NULL) ||
		XML_SetEncoding(check->expat, name) != XML_STATUS_OK)
		return -1;
	do {
		XML_Index seen = XML_GetCurrentByteIndex(check->expat);
		size_t held = seen < 0 ? 0 : done - (size_t)seen;
		size_t most = held < CHUNK_SIZE ? CHUNK_SIZE : held;
		size_t chunk = size - done < most ? size - done : most;

		status = XML_Parse(check->expat, data + done, (int)chunk, done + chunk == size);
		done += chunk;
	} while (status == XML_STATUS_OK && done < size);
	if (status == XML_STATUS_OK)
		return 1;
	if (XML_GetErrorCode(check->expat) == XML_ERROR_NO_MEMORY)
		return -1;
	*why = XML_ErrorString(XML_GetErrorCode(check->expat));
	*at = (size_t)XML_GetCurrentByteIndex(check->expat);
	return 0;
}
