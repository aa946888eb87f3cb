/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_HOSTS_H
#define FLOW_HOSTS_H

#include "flow/host_name.h"
#include "record/siphash.h"
#include "record/value_set.h"

/**
 * The hosts of a run. A host is a name; two hosts that would get the same name are distinguished by
 * the name of the directory above them. Used by one thread at a time.
 * About 150 bytes are kept for each host.
 */

struct hosts {
	const struct ds_run_options *options;
	char *cwd;
	struct host_path path;
	/** The name that was returned by the last call. */
	struct buffer name;
	struct siphash_key key;
	/** The names of the hosts, each with the hash of the path that it was derived from. */
	struct value_set *names;
	/** The number of hosts that were counted. */
	size_t count;
};

/** An input whose host has to be found. */
struct host_input {
	/** The user's argument, the file that it led to, and the stream: the file or
	 * "FILE!MEMBER". */
	const char *argument, *file, *stream;
	/** At least two domains begin in the stream. */
	bool has_several;
	/** The input has a domain, so its host counts as one of the run. */
	bool is_counted;
};

/** Returns false when out of memory. The options are borrowed. */
bool hosts_init(struct hosts *hosts, const struct ds_run_options *options);
void hosts_fini(struct hosts *hosts);

/** Returns the name of the host of an input, which is valid until the next call, or NULL when there
 * is no memory. */
const char *hosts_find(struct hosts *hosts, const struct host_input *input);

/** Returns whether the host depends on the number of domains in the stream. */
bool hosts_need_domains(const struct hosts *hosts);

#endif
