/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/manifest.h"

#include "record/text.h"
#include "write/json_text.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h> /* crc32() */

/** The number of bytes that are written at once. */
#define TEXT_SIZE ((size_t)64 << 10)

/** Options that affect neither what is read nor what is written. */
static const char *const silent_options[] = {"jobs", "progress", "quiet", "verbose", "max-messages",
	"manifest", "accept", "resume", NULL};

const char *manifest_kind(enum ds_input_kind kind)
{
	return kind == DS_INPUT_MEMBER ? "member" : kind == DS_INPUT_ARCHIVE ? "archive" : "file";
}

const char *manifest_format(enum ds_format format)
{
	return format == DS_FORMAT_XML ? "xml" : format == DS_FORMAT_SEXPR ? "sexpr" : NULL;
}

const char *manifest_outcome(enum ds_outcome outcome)
{
	switch (outcome) {
	case DS_OUTCOME_READ:
		return "read";
	case DS_OUTCOME_NO_DOMAIN:
		return "no domain";
	case DS_OUTCOME_FOREIGN:
		return "foreign";
	case DS_OUTCOME_DAMAGED:
		return "damaged";
	}
	return NULL;
}

static void add_path(struct buffer *out, const char *key, const char *path)
{
	json_key(out, key);
	json_path(out, (struct ds_text){path, strlen(path)});
}

static void add_crc32(struct buffer *out, bool is_known, uint32_t crc)
{
	char digits[16];

	snprintf(digits, sizeof digits, "%08x", (unsigned)crc);
	json_string(out, "crc32", is_known ? digits : NULL);
}

static enum ds_status flush(struct manifest *manifest, size_t least)
{
	struct buffer *text = &manifest->text;
	enum ds_status status;

	if (text->failed)
		return DS_NO_MEMORY;
	if (text->size < least)
		return DS_OK;
	status = target_write(manifest->target, text->data, text->size);
	buffer_clear(text, TEXT_SIZE);
	return status;
}

/* ---- the manifest ---- */

static void add_options(struct buffer *out, const struct options *options)
{
	struct buffer word = {0};
	bool is_first = true;

	buffer_literal(out, ",\n\"options\":[");
	for (size_t i = 0; i < options->given_count; i++) {
		if (text_is_one_of(text_of_string(options->given[i].name), silent_options))
			continue;
		buffer_clear(&word, SIZE_MAX);
		options_add_word(&word, &options->given[i]);
		if (!is_first)
			buffer_byte(out, ',');
		json_path(out, (struct ds_text){word.data, word.size});
		is_first = false;
	}
	out->failed |= word.failed;
	buffer_fini(&word);
	buffer_literal(out, "],\n\"inputs\":[");
}

enum ds_status manifest_begin(struct manifest *manifest, const struct options *options,
	struct target *target)
{
	struct buffer *out = &manifest->text;

	memset(manifest, 0, sizeof *manifest);
	manifest->target = target;
	manifest->label = options->run.label ? options->run.label : "-";
	if (!target)
		return DS_OK;
	buffer_literal(out, "{\"manifest\":1,\n");
	buffer_literal(out, "\"program\":\"domstream ");
	buffer_string(out, ds_version());
	buffer_literal(out, "\",\n\"command\":");
	json_text(out, (struct ds_text){options->command, strlen(options->command)});
	add_options(out, options);
	return flush(manifest, 0);
}

enum ds_status manifest_input(struct manifest *manifest, const struct ds_input_result *result)
{
	struct buffer *out = &manifest->text;
	bool is_standard = strcmp(result->argument, manifest->label) == 0;

	if (!manifest->target)
		return DS_OK;
	buffer_string(out, manifest->input_count++ ? ",\n {" : "\n {");
	add_path(out, "name", result->name);
	add_path(out, "argument", result->argument);
	json_key(out, "standard_input");
	buffer_string(out, is_standard ? "true" : "false");
	json_string(out, "kind", manifest_kind(result->kind));
	json_string(out, "outcome", manifest_outcome(result->outcome));
	json_string(out, "recognized", result->recognized);
	json_number(out, "size", result->size);
	json_number(out, "bytes_read", result->bytes_read);
	add_crc32(out, result->has_crc32, result->crc32);
	json_string(out, "compression", result->compression);
	json_string(out, "format", manifest_format(result->format));
	json_string(out, "encoding", result->encoding);
	json_number(out, "domains", result->domains);
	json_number(out, "rejected", result->rejected);
	json_number(out, "disks", result->disks);
	json_number(out, "errors", result->errors);
	if (result->is_stopped)
		buffer_literal(out, ",\"stopped\":true");
	manifest->is_stopped |= result->is_stopped;
	buffer_byte(out, '}');
	return flush(manifest, TEXT_SIZE);
}

static void add_output(struct buffer *out, const char *option, const char *directory,
	const char *name, uint64_t size, uint32_t crc)
{
	struct buffer path = {0};

	if (directory) {
		buffer_string(&path, directory);
		buffer_byte(&path, '/');
	}
	buffer_string(&path, name);
	buffer_string(out, out->size ? ",\n {" : "\n {");
	json_string(out, "option", option);
	json_key(out, "name");
	json_path(out, (struct ds_text){path.data, path.size});
	json_number(out, "size", size);
	add_crc32(out, true, crc);
	buffer_byte(out, '}');
	out->failed |= path.failed;
	buffer_fini(&path);
}

enum ds_status manifest_file(struct manifest *manifest, const char *directory, const char *name,
	const char *data, size_t size)
{
	if (!manifest->target)
		return DS_OK;
	add_output(&manifest->outputs, "--output-dir", directory, name, size,
		(uint32_t)crc32_z(crc32_z(0, NULL, 0), (const unsigned char *)data, size));
	return manifest->outputs.failed ? DS_NO_MEMORY : DS_OK;
}

static void add_totals(struct buffer *out, const struct ds_counts *counts)
{
	buffer_literal(out, "\n],\n\"totals\":{");
	json_number(out, "inputs_read", counts->inputs_read);
	json_number(out, "inputs_without_domain", counts->inputs_without_domain);
	json_number(out, "inputs_foreign", counts->inputs_foreign);
	json_number(out, "inputs_damaged", counts->inputs_damaged);
	json_number(out, "domains", counts->domains);
	json_number(out, "converted", counts->converted);
	json_number(out, "rejected", counts->rejected);
	json_number(out, "disks", counts->disks);
	json_number(out, "errors", counts->stream_errors);
	json_number(out, "losses", counts->losses + counts->unknown);
	json_number(out, "findings", counts->findings);
	json_number(out, "bytes_read", counts->bytes_read);
	buffer_literal(out, "},\n\"status\":");
}

static void add_resume(struct buffer *out, struct ds_text record)
{
	static const char digits[] = "0123456789abcdef";

	if (!record.size)
		return;
	buffer_literal(out, ",\n\"resume\":\"");
	for (size_t i = 0; i < record.size; i++) {
		unsigned char byte = (unsigned char)record.data[i];

		buffer_byte(out, digits[byte >> 4]);
		buffer_byte(out, digits[byte & 15]);
	}
	buffer_byte(out, '"');
}

enum ds_status manifest_finish(struct manifest *manifest, const struct targets *targets,
	const struct ds_counts *counts, enum exit_status status, struct ds_text resume)
{
	struct buffer *out = &manifest->text;

	if (!manifest->target)
		return DS_OK;
	for (int i = 0; i < TARGET_COUNT; i++) {
		const struct target *target = &targets->all[i];

		if (target->is_committed)
			add_output(&manifest->outputs, target->option, NULL, target->name,
				target->size, target->crc32);
	}
	buffer_literal(out, "\n],\n\"outputs\":[");
	buffer_add(out, manifest->outputs.data, manifest->outputs.size);
	add_totals(out, counts);
	buffer_unsigned(out, (uint64_t)status);
	if (manifest->is_stopped)
		buffer_literal(out, ",\n\"stopped\":true");
	add_resume(out, resume);
	buffer_literal(out, "}\n");
	out->failed |= manifest->outputs.failed;
	return flush(manifest, 0);
}

void manifest_fini(struct manifest *manifest)
{
	buffer_fini(&manifest->text);
	buffer_fini(&manifest->outputs);
}
