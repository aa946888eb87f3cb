/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_HOSTS_H
#define FLOW_HOSTS_H

#include "flow/host_name.h"
#include "record/sip.h"

/**
 * The hosts of a run. A host is a name; two hosts that would get the same name are distinguished by
 * the name of the directory above them. Used by one thread at a time.
 *
 * Some 32 bytes are kept for each host.
 */

struct host_slot {
	/** Hashes of the name, and of the path that it was derived from. 0: the slot is free. */
	uint64_t name, path;
};

struct hosts {
	const struct ds_run_options *options;
	char *cwd;
	struct host_path path;
	/** The name that was returned last. */
	struct buffer name;
	struct sip_key key;
	struct host_slot *slots;
	size_t slot_count;
	/** Hosts that were counted. */
	size_t count;
};

/** An input whose host is asked for. */
struct host_input {
	/** What the user gave, the file that this led to, and the stream: the file or
	 * "FILE!MEMBER". */
	const char *argument, *file, *stream;
	/** At least two domains begin in the stream. */
	bool has_several;
	/** It has a domain, so its host counts as one of the run. */
	bool is_counted;
};

/** Returns false when out of memory. The options are borrowed. */
bool hosts_init(struct hosts *hosts, const struct ds_run_options *options);
void hosts_fini(struct hosts *hosts);

/** The name of the host of an input; valid until the next call. NULL when there is no memory. */
const char *hosts_find(struct hosts *hosts, const struct host_input *input);

/** Does the host depend on whether the stream has several domains? */
bool hosts_need_domains(const struct hosts *hosts);

#endif
