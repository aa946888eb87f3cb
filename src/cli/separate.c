/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/separate.h"

#include "cli/signals.h" /* signals_guard() */
#include "output/directory.h"
#include "output/names.h"
#include "output/tarball.h"
#include "record/buffer.h"
#include "write/tsv_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char index_name[] = "index.tsv";
static const char *const endings[] = {[DS_FORMAT_XML] = ".xml", [DS_FORMAT_SEXPR] = ".sxp"};
static const char index_header[] = "file\tdomain\tuuid\tsource\tline\tfrom\tto\tname\n";

struct separate {
	struct target *output;
	struct value_set *names;
	/** Exactly one of these two is NULL. */
	struct output_directory *directory;
	struct tarball *tarball;
	/** The name of the directory as given. */
	const char *directory_name;
	/** NULL if files are not listed. */
	struct manifest *manifest;
	struct buffer index;
};

static enum ds_status fail(struct separate *separate, enum ds_status status,
	const struct ds_error *error)
{
	if (status == DS_SYSTEM)
		return target_fail(separate->output, errno, error);
	return status;
}

/* ---- files ---- */

static enum ds_status open_directory(struct separate *separate, const char *name)
{
	struct ds_error error;
	enum ds_status status = output_directory_open(&separate->directory, name, &error);

	if (status != DS_OK)
		return fail(separate, status, &error);
	signals_guard(TARGET_OUTPUT, output_directory_temporary(separate->directory));
	/* An index shows that the run that wrote it has ended. */
	return fail(separate, output_directory_remove(separate->directory, index_name, &error),
		&error);
}

static enum ds_status to_output(void *context, const char *data, size_t size)
{
	return target_write(context, data, size);
}

static enum ds_status list_file(struct separate *separate, const char *name, const char *data,
	size_t size)
{
	return separate->manifest
		? manifest_file(separate->manifest, separate->directory_name, name, data, size)
		: DS_OK;
}

static enum ds_status write_file(struct separate *separate, const char *name, const char *data,
	size_t size)
{
	struct ds_error error;
	enum ds_status status;

	if (separate->tarball)
		return tarball_add(separate->tarball, name, data, size);
	status = fail(separate,
		output_directory_write(separate->directory, name, data, size, &error), &error);
	return status == DS_OK ? list_file(separate, name, data, size) : status;
}

void separate_list(struct separate *separate, struct manifest *manifest)
{
	separate->manifest = manifest;
}

/** Returns whether `name` ends with `ending` in any case, because some file systems ignore case. */
static bool ends_in(const char *name, const char *ending)
{
	size_t size = strlen(name), ending_size = strlen(ending);

	return size >= ending_size && strcasecmp(name + size - ending_size, ending) == 0;
}

bool separate_may_write(const char *name)
{
	return ends_in(name, endings[DS_FORMAT_XML]) || ends_in(name, endings[DS_FORMAT_SEXPR]) ||
		strcasecmp(name, index_name) == 0;
}

enum ds_status separate_new(struct separate **out, const struct options *options,
	struct target *output)
{
	struct separate *separate = calloc(1, sizeof *separate);
	enum ds_status status = DS_NO_MEMORY;

	if (!separate)
		goto out;
	separate->output = output;
	buffer_init(&separate->index);
	buffer_string(&separate->index, index_header);
	separate->directory_name = options->output_dir;
	if (options->output_dir) {
		status = open_directory(separate, options->output_dir);
	} else {
		separate->tarball = tarball_new(to_output, output, options->tar_gzip_level);
		status = separate->tarball ? DS_OK : DS_NO_MEMORY;
	}
out:
	if (status == DS_OK) {
		*out = separate;
		return DS_OK;
	}
	if (status != DS_SYSTEM)
		message_error("%s", ds_status_text(status));
	separate_free(separate);
	return status;
}

/* ---- the index ---- */

static const char *format_name(enum ds_format format)
{
	return format == DS_FORMAT_XML ? "xml" : "sexpr";
}

static void add_changes(struct buffer *out, unsigned changes)
{
	static const char *const words[] = {"encoded", "cut", "repeated"};
	size_t begin = out->size;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (!(changes & 1U << i))
			continue;
		if (out->size > begin)
			buffer_byte(out, ',');
		buffer_string(out, words[i]);
	}
}

static void add_list_row(struct buffer *out, const char *file, const struct ds_domain *domain,
	enum ds_format format, unsigned changes)
{
	buffer_string(out, file);
	buffer_byte(out, '\t');
	tsv_text(out, domain->name);
	buffer_byte(out, '\t');
	tsv_text(out, domain->uuid);
	buffer_byte(out, '\t');
	tsv_text(out, (struct ds_text){domain->place.name, strlen(domain->place.name)});
	buffer_byte(out, '\t');
	buffer_unsigned(out, domain->place.line);
	buffer_byte(out, '\t');
	buffer_string(out, format_name(domain->format));
	buffer_byte(out, '\t');
	buffer_string(out, format_name(format));
	buffer_byte(out, '\t');
	add_changes(out, changes);
	buffer_byte(out, '\n');
}

/** Warns that a file is not named after its domain. The index shows this, too. */
static void report_changed_name(const char *file, const struct ds_domain *domain, unsigned changes)
{
	const char *why = changes & NAME_REPEATED ? "was used before"
		: changes & NAME_CUT              ? "is too long"
						  : "is not a safe file name";

	message_input_warning(&domain->place, "the domain's name %s; it is written to '%s'", why,
		file);
}

/* ---- domains ---- */

enum ds_status separate_add(struct separate *separate, const struct ds_domain *domain,
	enum ds_format format, const char *data, size_t size)
{
	char file[NAME_FILE_SIZE];
	unsigned changes;
	enum ds_status status =
		names_reserve(&separate->names, domain->name, endings[format], file, &changes);

	if (status != DS_OK)
		return status;
	add_list_row(&separate->index, file, domain, format, changes);
	if (separate->index.failed)
		return DS_NO_MEMORY;
	if (changes)
		report_changed_name(file, domain, changes);
	return write_file(separate, file, data, size);
}

static enum ds_status write_index(struct separate *separate)
{
	const struct buffer *index = &separate->index;
	struct ds_error error;
	enum ds_status status;

	if (separate->directory) {
		status = fail(separate,
			output_directory_commit(separate->directory, index_name, index->data,
				index->size, &error),
			&error);
		return status == DS_OK ? list_file(separate, index_name, index->data, index->size)
				       : status;
	}
	status = tarball_add(separate->tarball, index_name, index->data, index->size);
	return status == DS_OK ? tarball_finish(separate->tarball) : status;
}

enum ds_status separate_finish(struct separate *separate)
{
	enum ds_status status = separate->index.failed ? DS_NO_MEMORY : write_index(separate);

	if (status == DS_NO_MEMORY)
		message_error("%s", ds_status_text(status));
	return status;
}

void separate_free(struct separate *separate)
{
	if (!separate)
		return;
	if (separate->directory)
		signals_guard(TARGET_OUTPUT, NULL);
	tarball_free(separate->tarball);
	output_directory_free(separate->directory);
	value_set_free(separate->names);
	buffer_fini(&separate->index);
	free(separate);
}
