/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void input_error_set(struct ds_error *error, const char *id, const char *name, uint64_t offset,
	const char *format, ...)
{
	va_list arguments;

	memset(error, 0, sizeof(*error));
	snprintf(error->id, sizeof(error->id), "%s", id);
	error->place.name = name;
	error->place.offset = offset;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
}

void input_error_add_skipped(struct ds_error *error, uint64_t from, uint64_t to)
{
	size_t size = strlen(error->text);
	char *end = error->text + size;

	if (from < to)
		snprintf(end, sizeof(error->text) - size,
			"; %" PRIu64 " bytes were skipped, from byte %" PRIu64 " to byte %" PRIu64,
			to - from, from, to - 1);
	else
		snprintf(end, sizeof(error->text) - size, "; no bytes were skipped");
}

void input_error_add_unread(struct ds_error *error, uint64_t from, uint64_t end)
{
	size_t size = strlen(error->text);

	if (from < end)
		snprintf(error->text + size, sizeof(error->text) - size,
			"; the last %" PRIu64 " bytes were skipped", end - from);
}

void input_error_set_system(struct ds_error *error, const char *name, uint64_t offset,
	const char *what, int number)
{
	char reason[128];

	if (strerror_r(number, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "system error %d", number);
	input_error_set(error, "DA908", name, offset, "%s: %s", what, reason);
}
