/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/share.h"

#include "record/siphash.h"

#include <string.h>
#include <sys/stat.h>

/** Returns the size of a regular file; 0 for anything else. */
static uint64_t size_of(const char *name)
{
	struct stat status;

	if (strcmp(name, "-") == 0 || stat(name, &status) != 0 || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

static void add_input(struct share *share, const char *name, uint64_t size)
{
	struct siphash_key key = {share->digest, size};

	share->digest = siphash_24(key, name, strlen(name));
	share->inputs++;
	share->total += size;
}

uint64_t share_border(const struct share *share, unsigned parts)
{
	/* This order of operations avoids an overflow for any size. */
	return share->total / share->parts * parts +
		share->total % share->parts * parts / share->parts;
}

enum ds_status share_init(struct share *share, const struct ds_run_options *options,
	struct input_list *list)
{
	enum ds_status status = DS_OK;
	struct ds_error error;
	const char *name;

	memset(share, 0, sizeof *share);
	share->part = options->part;
	share->parts = options->parts;
	if (!share->parts)
		return DS_OK;
	do {
		name = NULL;
		status = input_list_next(list, &name, &error);
		if ((status == DS_OK || status == DS_DAMAGED) && name)
			add_input(share, name, size_of(name));
	} while (status == DS_DAMAGED || (status == DS_OK && name));
	share->begin = share_border(share, share->part - 1);
	share->end = share_border(share, share->part);
	return status;
}

/** Returns whether this part owns what begins at the next input's offset. The last part owns
 * everything after the last byte. */
static bool owns(const struct share *share)
{
	if (share->at >= share->total)
		return share->part == share->parts;
	return share->at >= share->begin && share->at < share->end;
}

struct share_input share_next(struct share *share, const char *name)
{
	struct share_input input = {.index = share->index++};
	uint64_t end;

	if (!share->parts) {
		input.is_owned = input.is_touched = input.is_whole = true;
		return input;
	}
	input.size = size_of(name);
	end = share->at + input.size;
	input.is_owned = owns(share);
	input.from = share->begin > share->at ? share->begin - share->at : 0;
	input.to = share->end < end ? share->end - share->at : input.size;
	input.is_whole = input.is_owned && share->end >= end;
	input.is_touched = input.is_owned || (share->end > share->at && share->begin < end);
	share->at = end;
	return input;
}

bool share_has_error(const struct share *share)
{
	return !share->parts || owns(share);
}
