/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/stream_host.h"
#include "record/sized.h" /* sized_is_set() */

#include <stdlib.h>
#include <string.h>

/* The public interface for naming hosts, for inputs that several runs have read. */

struct ds_host_namer {
	struct hosts hosts;
};

void ds_starts_join(struct ds_starts *starts, const struct ds_starts *next, uint64_t offset)
{
	if (starts->has_second)
		return;
	if (starts->has_first) {
		starts->errors_between += next->errors_before;
		starts->has_second = next->has_first;
		starts->second = next->first + offset;
		return;
	}
	starts->has_first = next->has_first;
	starts->has_second = next->has_second;
	starts->first = next->first + offset;
	starts->second = next->second + offset;
	starts->reach = next->reach + offset;
	starts->errors_before += next->errors_before;
	starts->errors_between = next->errors_between;
}

struct ds_host_namer *ds_host_namer_new(const struct ds_run_options *options, const char *directory)
{
	struct ds_host_namer *namer;

	if (!options || !directory || !sized_is_set(options))
		return NULL;
	namer = calloc(1, sizeof *namer);
	if (!namer)
		return NULL;
	if (hosts_init(&namer->hosts, options)) {
		free(namer->hosts.cwd);
		namer->hosts.cwd = strdup(directory);
	}
	if (namer->hosts.cwd)
		return namer;
	ds_host_namer_free(namer);
	return NULL;
}

const char *ds_host_namer_next(struct ds_host_namer *namer, const struct ds_input_result *input)
{
	struct host_input asked;
	const struct ds_starts *starts;

	if (!namer || !input)
		return NULL;
	starts = &input->starts;
	asked = (struct host_input){
		.argument = input->argument,
		.file = input->file,
		.stream = input->name,
		.has_several = starts->has_second && starts->second <= starts->reach &&
			starts->errors_between < STREAM_HOST_ERRORS,
		.is_counted = starts->has_first,
	};

	return hosts_find(&namer->hosts, &asked);
}

uint64_t ds_host_namer_count(const struct ds_host_namer *namer)
{
	return namer ? namer->hosts.count : 0;
}

void ds_host_namer_free(struct ds_host_namer *namer)
{
	if (!namer)
		return;
	hosts_fini(&namer->hosts);
	free(namer);
}
