/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/merge_hosts.h"

#include "cli/message.h"

#include <string.h>

static enum exit_status check_host(const struct ds_input_result *input, const char *name)
{
	if (!input->host || !input->domains || strcmp(name, input->host) == 0)
		return STATUS_FINE;
	message_input_refused(input->name,
		"a run without parts would name the host of this input '%s', but its part named "
		"it '%s'; repeat all parts with --host-from or --scope, so that no two hosts get "
		"the same name",
		name, input->host);
	return STATUS_DAMAGED;
}

enum exit_status merge_hosts_check(const struct options *options, const struct merge_parts *parts,
	const struct merge_inputs *inputs)
{
	enum exit_status status = STATUS_FINE;
	struct ds_host_namer *namer;

	/* Hosts only affect lists of disks, and selections by host. */
	if (!options->rows.format && !options->selection.host_count)
		return STATUS_FINE;
	namer = ds_host_namer_new(&options->run, parts->all[0].facts.directory);
	for (size_t i = 0; i < inputs->count && status == STATUS_FINE; i++) {
		const char *name;

		if (inputs->all[i].kind == DS_INPUT_ARCHIVE)
			continue;
		name = namer ? ds_host_namer_next(namer, &inputs->all[i]) : NULL;
		if (name)
			status = check_host(&inputs->all[i], name);
		else
			status = STATUS_FAILED;
	}
	if (status == STATUS_FAILED)
		message_no_memory();
	ds_host_namer_free(namer);
	return status;
}
