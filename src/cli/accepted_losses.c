/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/accepted_losses.h"

#include "cli/file_reader.h"
#include "cli/json_reader.h"
#include "cli/message.h"
#include "record/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/** The maximum size of a line. The value of a loss may be most of a domain, and JSON may need six
 * bytes for each of its bytes. */
#define LINE_SIZE_MAX ((size_t)128 << 20)

/** Reads one member of a loss if it is a known one. */
static void read_member(struct json_reader *reader, struct ds_listed_loss *loss, const char *key)
{
	const struct {
		const char *key;
		struct ds_text *text;
	} members[] = {
		{"reason", &loss->reason},
		{"domain", &loss->domain},
		{"uuid", &loss->uuid},
		{"path", &loss->path},
		{"value", &loss->value},
		{"file", &loss->file},
	};
	char *string = NULL;

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		if (strcmp(members[i].key, key) == 0) {
			json_reader_string(reader, &string);
			*members[i].text = text_of_string(string);
			return;
		}
	if (strcmp(key, "offset") == 0)
		json_reader_number(reader, &loss->offset);
	else
		json_reader_skip(reader);
}

/** Accepts the loss in a line. Returns the reason why the line is refused, or NULL. */
static const char *accept_line(struct ds_diff *diff, const struct buffer *line)
{
	struct ds_listed_loss loss = {.offset = UINT64_MAX};
	struct json_reader reader;
	enum ds_status status;
	char *key;

	json_reader_init(&reader, line->data, line->size - 1);
	json_reader_open(&reader, '{');
	while (json_reader_key(&reader, &key))
		read_member(&reader, &loss, key);
	if (reader.error || !json_reader_is_at_end(&reader))
		return reader.error ? reader.error : "unexpected data after the object";
	if (!loss.reason.data || !loss.path.data || !loss.file.data || loss.offset == UINT64_MAX)
		return "the reason, path, file or offset is missing";
	status = ds_diff_accept(diff, &loss);
	if (status == DS_NO_MEMORY)
		return file_reader_no_memory;
	return status == DS_OK ? NULL : ds_status_text(status);
}

static enum exit_status refuse_line(const char *name, uint64_t number, const char *wrong)
{
	if (wrong == file_reader_no_memory)
		return message_no_memory();
	message_usage("'%s' is not a list of losses that 'convert --losses' wrote: line %" PRIu64
		      ": %s",
		name, number, wrong);
	return STATUS_USAGE;
}

enum exit_status accepted_losses_read(struct ds_diff *diff, const char *name)
{
	enum exit_status status = STATUS_FINE;
	struct buffer line = {0};
	uint64_t number = 0;
	const char *wrong = NULL;
	FILE *file = fopen(name, "re");

	if (!file) {
		message_usage("cannot read the losses '%s': %s", name, strerror(errno));
		return STATUS_USAGE;
	}
	while (!wrong && file_reader_line(file, LINE_SIZE_MAX, &line, &wrong)) {
		number++;
		if (!wrong)
			wrong = accept_line(diff, &line);
	}
	if (ferror(file)) {
		message_usage("cannot read the losses '%s': %s", name, strerror(errno));
		status = STATUS_USAGE;
	} else if (wrong) {
		status = refuse_line(name, number, wrong);
	}
	fclose(file);
	buffer_fini(&line);
	return status;
}
