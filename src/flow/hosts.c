/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/hosts.h"

#include "record/text.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

bool hosts_init(struct hosts *hosts, const struct ds_run_options *options)
{
	memset(hosts, 0, sizeof *hosts);
	hosts->options = options;
	hosts->key = siphash_random_key(hosts);
	buffer_init(&hosts->path.text);
	buffer_init(&hosts->name);
	hosts->cwd = malloc(PATH_MAX);
	/* getcwd() fails in a working directory that was removed. */
	if (hosts->cwd && !getcwd(hosts->cwd, PATH_MAX))
		memcpy(hosts->cwd, "/", sizeof "/");
	return hosts->cwd != NULL;
}

void hosts_fini(struct hosts *hosts)
{
	free(hosts->cwd);
	value_set_free(hosts->names);
	buffer_fini(&hosts->path.text);
	buffer_fini(&hosts->name);
}

bool hosts_need_domains(const struct hosts *hosts)
{
	return hosts->options->hosts == DS_HOSTS_AUTO && !hosts->options->host;
}

/* ---- names ---- */

/** Tries the name in the buffer for the host whose path has this hash. Returns false when another
 * host has the name. */
static bool try_name(struct hosts *hosts, size_t path, bool is_counted)
{
	struct ds_text name = {hosts->name.data, hosts->name.size};
	size_t *holder = is_counted ? value_set_add(&hosts->names, name)
				    : value_set_find(hosts->names, name);

	if (is_counted && !holder)
		hosts->name.failed = true;
	if (holder && !*holder) {
		*holder = path;
		hosts->count++;
	}
	return !holder || *holder == path;
}

static void set_name(struct hosts *hosts, struct ds_text above, struct ds_text name)
{
	buffer_clear(&hosts->name, 4096);
	if (above.size) {
		buffer_add(&hosts->name, above.data, above.size);
		buffer_byte(&hosts->name, '/');
	}
	buffer_add(&hosts->name, name.data, name.size);
}

/** Chooses the name; adds the name of the directory above if needed, or the whole path if that is
 * not enough. */
static void choose_name(struct hosts *hosts, const struct host_name *host, bool is_counted)
{
	struct ds_text above = host_parent_name(host->path);
	/* The hash must not be 0, which is the value of a new name. */
	size_t path = (size_t)siphash_24(hosts->key, host->path.data, host->path.size) | 1;

	set_name(hosts, host->is_vague ? above : (struct ds_text){NULL, 0}, host->name);
	if (hosts->name.failed || try_name(hosts, path, is_counted))
		return;
	set_name(hosts, above, host->name);
	if (hosts->name.failed || try_name(hosts, path, is_counted))
		return;
	set_name(hosts, (struct ds_text){NULL, 0}, host->path);
	if (!hosts->name.failed)
		try_name(hosts, path, is_counted);
}

/** Uses a name that the user has chosen, whatever the path of the input is. */
static void use_name(struct hosts *hosts, struct ds_text name, bool is_counted)
{
	set_name(hosts, (struct ds_text){NULL, 0}, name);
	if (!hosts->name.failed)
		try_name(hosts, 1, is_counted);
}

static struct ds_text member_of(const struct host_input *input)
{
	size_t size = strlen(input->file);
	const char *stream = input->stream;

	if (strncmp(stream, input->file, size) != 0 || stream[size] != '!')
		return (struct ds_text){NULL, 0};
	return (struct ds_text){stream + size + 1, strlen(stream + size + 1)};
}

/** Sets the path of the argument, if hosts are arguments, or else that of the stream. */
static void set_path(struct hosts *hosts, const struct host_input *input)
{
	if (hosts->options->hosts == DS_HOSTS_ARGUMENT)
		host_path_set(&hosts->path, hosts->cwd, input->argument, NULL);
	else
		host_path_set(&hosts->path, hosts->cwd, input->file, member_of(input).data);
}

static struct host_name derive(struct hosts *hosts, const struct host_input *input)
{
	enum ds_hosts scope = hosts->options->hosts;
	const char *standard = hosts->options->label ? hosts->options->label : "-";

	if (scope == DS_HOSTS_ARGUMENT && strcmp(input->argument, input->file) != 0)
		return host_name_of_path(
			(struct ds_text){hosts->path.text.data, hosts->path.text.size});
	/* Standard input has no directory. */
	if (scope == DS_HOSTS_DIRECTORY ||
		(scope == DS_HOSTS_AUTO && !input->has_several &&
			strcmp(input->stream, standard) != 0))
		return host_name_of_directory(&hosts->path);
	return host_name_of_file(&hosts->path);
}

const char *hosts_find(struct hosts *hosts, const struct host_input *input)
{
	const struct ds_run_options *options = hosts->options;
	struct host_name host;
	struct ds_text name;

	set_path(hosts, input);
	if (hosts->path.text.failed)
		return NULL;
	if (options->host) {
		use_name(hosts, (struct ds_text){options->host, strlen(options->host)},
			input->is_counted);
	} else if (options->hosts == DS_HOSTS_RUN) {
		use_name(hosts, TEXT("all"), input->is_counted);
	} else if (options->host_from && host_name_from(&hosts->path, options->host_from, &name)) {
		use_name(hosts, name, input->is_counted);
	} else {
		host = derive(hosts, input);
		choose_name(hosts, &host, input->is_counted);
	}
	buffer_byte(&hosts->name, '\0');
	return hosts->name.failed ? NULL : hosts->name.data;
}
