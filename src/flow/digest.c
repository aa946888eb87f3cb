/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"
#include "input/input.h"
#include "record/siphash.h"
#include "record/sized.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/** A file that was changed within this time may change once more without a new modification
 * time. */
#define SETTLED_SECONDS 1

/** Adds a text and up to four numbers that belong to it. */
static void add_to_digest(uint64_t *digest, const char *text, size_t size,
	const uint64_t numbers[4])
{
	struct siphash_key key = {*digest, size};

	*digest = siphash_24(key, text, size);
	if (numbers) {
		key.low = *digest;
		*digest = siphash_24(key, (const char *)numbers, 4 * sizeof *numbers);
	}
}

/** Adds the values that show whether a file was changed. Returns false for anything whose changes
 * would not show. */
static bool add_file(uint64_t *digest, const char *name)
{
	struct stat status;

	if (strcmp(name, "-") == 0 || stat(name, &status) != 0 || !S_ISREG(status.st_mode) ||
		status.st_mtim.tv_sec >= time(NULL) - SETTLED_SECONDS ||
		status.st_ctim.tv_sec >= time(NULL) - SETTLED_SECONDS)
		return false;
	add_to_digest(digest, name, strlen(name) + 1,
		(uint64_t[4]){(uint64_t)status.st_size,
			(uint64_t)status.st_mtim.tv_sec * 1000000000U +
				(uint64_t)status.st_mtim.tv_nsec,
			(uint64_t)status.st_ctim.tv_sec * 1000000000U +
				(uint64_t)status.st_ctim.tv_nsec,
			(uint64_t)status.st_ino});
	return true;
}

static enum ds_status add_list(uint64_t *digest, struct input_list *list)
{
	for (;;) {
		struct ds_error error;
		const char *name = NULL;
		enum ds_status status = input_list_next(list, &name, &error);

		if (status != DS_OK || !name)
			return status;
		if (!add_file(digest, name))
			return DS_DAMAGED;
	}
}

enum ds_status ds_inputs_digest(const struct ds_run_options *given, const char *text, size_t size,
	const char *const *files, size_t file_count, uint64_t *digest)
{
	struct ds_run_options options;
	struct input_list_options wanted = {0};
	struct input_list *list;
	enum ds_status status;
	uint64_t sum = 0;

	ds_run_options_init(&options, sizeof options);
	if (!digest || (!text && size) || (!files && file_count) ||
		!sized_copy(&options, sizeof options, given))
		return DS_USAGE;
	wanted.names = options.names;
	wanted.name_count = options.name_count;
	wanted.files_from = options.files_from;
	wanted.files_from_nul = options.files_from_nul;
	wanted.recursive = options.recursive;
	add_to_digest(&sum, text, size, NULL);
	for (size_t i = 0; i < file_count; i++)
		if (!add_file(&sum, files[i]))
			return DS_DAMAGED;
	/* A list that is a pipe cannot be read a second time. */
	if (options.files_from && !add_file(&sum, options.files_from))
		return DS_DAMAGED;
	list = input_list_new(&wanted);
	status = list ? add_list(&sum, list) : DS_NO_MEMORY;
	input_list_free(list);
	if (status == DS_OK)
		*digest = sum;
	return status;
}
