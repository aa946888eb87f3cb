/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/error.h"
#include "input/filter.h"

/* Replaces filter.c in a build without libarchive. */

enum ds_status filter_new(struct filter **out, input_pull *pull, void *context, const char *name,
	const char *command, unsigned ratio, struct ds_error *error)
{
	(void)out;
	(void)pull;
	(void)context;
	(void)ratio;
	input_error_set(error, "DA908", "", 0,
		"compressed with %s, and this program was built without libarchive, which reads "
		"it; use: %s FILE | domstream ...",
		name, command);
	return DS_DAMAGED;
}

/* There is no struct filter, so these are never called. */

enum ds_status filter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	(void)context;
	(void)data;
	(void)capacity;
	(void)size;
	input_error_set(error, "DA908", "", 0, "no libarchive");
	return DS_DAMAGED;
}

enum ds_status filter_resume(struct filter *filter)
{
	(void)filter;
	return DS_DAMAGED;
}

void filter_interrupt(struct filter *filter)
{
	(void)filter;
}

void filter_free(struct filter *filter)
{
	(void)filter;
}
