/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/resume.h"

#include "cli/file_reader.h"
#include "cli/image_lists.h"
#include "cli/manifest_reader.h"
#include "cli/message.h"
#include "part/container.h"
#include "record/coding.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The version of the record. */
#define RECORD_VERSION 1

/* ---- the digest of the run ---- */

/** Options that affect no output; and the border of a part, which merge checks: after a part was
 * repeated with it, the part is done. */
static const char *const silent_options[] = {"jobs", "progress", "quiet", "verbose", "max-messages",
	"accept", "resume", "from-border", NULL};

/** Adds everything that the outputs depend on, except for the contents of the inputs. Relative
 * names, and hosts that are named after directories, depend on the working directory. */
static void add_run(struct buffer *out, const struct options *options)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *directory = getcwd(NULL, 0);

	encode_string(out, ds_version());
	encode_string(out, ds_feature("tar"));
	encode_string(out, options->command);
	encode_string(out, directory ? directory : "");
	encode_string(out, epoch);
	free(directory);
	for (size_t i = 0; i < options->given_count; i++) {
		if (text_is_one_of(text_of_string(options->given[i].name), silent_options))
			continue;
		encode_string(out, options->given[i].name);
		encode_string(out, options->given[i].value);
	}
	for (size_t i = 0; i < options->run.name_count; i++)
		encode_string(out, options->run.names[i]);
}

/** Lists the files that are read in addition to the inputs. Returns their number. */
static size_t list_files(const struct options *options, const char *files[OPTIONS_IMAGES_MAX + 2])
{
	const struct audit_options *audit = &options->audit;
	size_t count = 0;

	if (audit->baseline)
		files[count++] = audit->baseline;
	if (audit->suppressions)
		files[count++] = audit->suppressions;
	/* The names are the arguments themselves, or their ends. */
	for (size_t i = 0; i < audit->image_count; i++)
		files[count++] = image_lists_path(NULL, audit->images[i], NULL);
	return count;
}

enum ds_status resume_begin(struct resume *resume, const struct options *options)
{
	const char *files[OPTIONS_IMAGES_MAX + 2];
	struct buffer run = {0};
	enum ds_status status;

	*resume = (struct resume){.is_known = false};
	/* Standard input and the files of --output-dir are not checked. */
	if (!options->resume || options->output_dir ||
		(!options->run.name_count && !options->run.files_from))
		return DS_OK;
	add_run(&run, options);
	status = run.failed ? DS_NO_MEMORY
			    : ds_inputs_digest(&options->run, run.data, run.size, files,
				      list_files(options, files), &resume->digest);
	buffer_fini(&run);
	resume->is_known = status == DS_OK;
	return status == DS_NO_MEMORY ? status : DS_OK;
}

/* ---- the record ---- */

void resume_encode(const struct resume *resume, const struct targets *targets,
	const enum exit_status reasons[STATUS_REASONS], struct buffer *out)
{
	if (!resume->is_known)
		return;
	encode_number(out, RECORD_VERSION);
	encode_number(out, resume->digest);
	for (int i = 0; i < STATUS_REASONS; i++)
		encode_number(out, (uint64_t)reasons[i]);
	for (int i = 0; i < TARGET_COUNT; i++) {
		const struct target *target = &targets->all[i];

		if (!target->is_committed)
			continue;
		encode_string(out, target->name);
		encode_number(out, target->size);
		encode_number(out, target->crc32);
	}
}

/** Returns whether a file is unchanged since it was written. Devices such as /dev/null store
 * nothing. */
static bool is_unchanged(const char *name, uint64_t size, uint32_t crc)
{
	struct stat status;
	uint64_t now;
	uint32_t crc_now;

	if (stat(name, &status) != 0)
		return false;
	if (S_ISCHR(status.st_mode))
		return true;
	return S_ISREG(status.st_mode) && (uint64_t)status.st_size == size &&
		file_reader_measure(name, &now, &crc_now) && now == size && crc_now == crc;
}

/** Returns whether the run prints results, which are not stored anywhere. `check` prints the
 * counts, which are in the file with the record; a part of an audit prints nothing. */
static bool has_printed(const struct options *options)
{
	return strcmp(options->command, "check") != 0 &&
		!(strcmp(options->command, "audit") == 0 && options->run.parts);
}

/** Checks that a record lists an output of this run, and that the output is as recorded. */
static bool has_output(struct decoding outputs, const struct options *options, const char *wanted)
{
	if (strcmp(wanted, "-") == 0)
		return !has_printed(options);
	while (!decoding_is_done(&outputs) && !outputs.has_failed) {
		const char *name = decode_required_string(&outputs);
		uint64_t size = decode_number(&outputs);
		uint32_t crc = (uint32_t)decode_number_to(&outputs, UINT32_MAX);

		if (!outputs.has_failed && strcmp(name, wanted) == 0)
			return is_unchanged(name, size, crc);
	}
	return false;
}

/** Returns NULL if the record belongs to this run and all outputs exist, or the reason why not. */
static const char *compare_options(const struct resume *resume, const struct options *options,
	struct ds_text record, enum exit_status reasons[STATUS_REASONS])
{
	const char *names[TARGET_COUNT];
	struct decoding decoding = decoding_of(record);

	if (decode_number(&decoding) != RECORD_VERSION)
		return "it was not written by a run with --resume";
	if (decode_number(&decoding) != resume->digest)
		return "the inputs, the options or the program have changed since";
	for (int i = 0; i < STATUS_REASONS; i++)
		reasons[i] = (enum exit_status)decode_number_to(&decoding, STATUS_DAMAGED);
	targets_get_names(names, options);
	for (int i = 0; i < TARGET_COUNT && !decoding.has_failed; i++) {
		/* The files that contain the record are complete. */
		if (!names[i] || i == TARGET_MANIFEST || i == TARGET_PART)
			continue;
		if (!has_output(decoding, options, names[i]))
			return "an output is missing or was changed";
	}
	return decoding.has_failed ? "the record is corrupt" : NULL;
}

/* ---- the files that contain the record ---- */

/** Decodes the hexadecimal digits of a manifest in place. Returns the number of bytes. */
static size_t decode_digits(char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t size = 0;

	while (text[2 * size] && text[2 * size + 1]) {
		const char *high = strchr(digits, text[2 * size]);
		const char *low = strchr(digits, text[2 * size + 1]);

		if (!high || !low)
			return 0;
		text[size] = (char)((high - digits) << 4 | (low - digits));
		size++;
	}
	return size;
}

static const char *compare_manifest(const struct resume *resume, const struct options *options,
	enum exit_status reasons[STATUS_REASONS])
{
	struct manifest_content content;
	size_t offset;
	const char *why = manifest_read(&content, options->manifest, &offset);

	if (!why)
		why = !content.resume
			? "it was not written by a run with --resume"
			: compare_options(resume, options,
				  (struct ds_text){content.resume, decode_digits(content.resume)},
				  reasons);
	manifest_content_fini(&content);
	return why;
}

/** Finds the section with the record in a complete part file. */
static enum ds_status find_record(struct part_reader *reader, struct ds_text *record,
	struct ds_error *error)
{
	enum part_section id = PART_FACTS;
	enum ds_status status = part_reader_verify(reader, error);

	while (status == DS_OK && id != PART_END && id != PART_RESUME)
		status = part_reader_next(reader, &id, record, error);
	if (status == DS_OK && id != PART_RESUME)
		*record = (struct ds_text){"", 0};
	return status;
}

static const char *compare_part(const struct resume *resume, const struct options *options,
	enum exit_status reasons[STATUS_REASONS])
{
	struct part_reader *reader = NULL;
	struct ds_text record;
	struct ds_error error;
	enum ds_status status = part_reader_open(&reader, options->part_file, NULL, &error);
	const char *why;

	if (status == DS_OK)
		status = find_record(reader, &record, &error);
	why = status == DS_OK ? compare_options(resume, options, record, reasons)
			      : "it cannot be read as a part file";
	part_reader_free(reader);
	return why;
}

bool resume_is_done(const struct resume *resume, const struct options *options,
	enum exit_status reasons[STATUS_REASONS])
{
	const char *name = options->part_file ? options->part_file : options->manifest;
	const char *why = NULL;

	/* A run with --from-border must always repeat the part. */
	if (!options->resume || options->run.from_border || access(name, F_OK) != 0)
		return false;
	if (!resume->is_known)
		why = "an input cannot be compared: it is not a file, or was changed just now";
	if (!why && options->part_file)
		why = compare_part(resume, options, reasons);
	if (!why && options->manifest) {
		name = options->manifest;
		why = compare_manifest(resume, options, reasons);
	}
	if (!why)
		message_note("nothing to do: '%s' shows that this run was done, and all outputs "
			     "are unchanged",
			name);
	else if (options->verbosity == VERBOSITY_VERBOSE)
		message_note("the run is repeated in spite of '%s': %s", name, why);
	return !why;
}
