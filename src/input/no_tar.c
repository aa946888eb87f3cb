/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/error.h"
#include "input/tar.h"

/* Replaces tar.c in a build without libarchive. */

const char *tar_version(void)
{
	return NULL;
}

enum ds_status tar_new(struct tar **out, input_pull *pull, void *context, unsigned ratio,
	struct ds_error *error)
{
	(void)out;
	(void)pull;
	(void)context;
	(void)ratio;
	input_error_set(error, "DA908", "", 0,
		"is a tar archive, and this program was built without libarchive, which reads it; "
		"use: tar -xOf FILE | domstream ...");
	return DS_DAMAGED;
}

/* There is no struct tar, so these are never called. */

enum ds_status tar_next(struct tar *tar, const char **name, struct ds_error *error)
{
	(void)tar;
	(void)name;
	input_error_set(error, "DA908", "", 0, "no tar archives");
	return DS_DAMAGED;
}

enum ds_status tar_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	(void)context;
	(void)data;
	(void)capacity;
	(void)size;
	input_error_set(error, "DA908", "", 0, "no tar archives");
	return DS_DAMAGED;
}

enum ds_status tar_resume(struct tar *tar)
{
	(void)tar;
	return DS_OK;
}

uint64_t tar_size(const struct tar *tar)
{
	(void)tar;
	return 0;
}

bool tar_has_failed(const struct tar *tar)
{
	(void)tar;
	return true;
}

void tar_free(struct tar *tar)
{
	(void)tar;
}
