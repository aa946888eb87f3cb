/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/rejects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rejects_init(struct rejects *rejects, struct target *target)
{
	rejects->target = target;
	rejects->is_in_line = false;
}

static bool looks_like_xml(struct ds_text raw)
{
	size_t i;

	for (i = 0; i < raw.size; i++) {
		if (!strchr(" \t\r\n", raw.data[i]) || raw.data[i] == '\0')
			return raw.data[i] == '<';
	}
	return false;
}

/** Writes text with a space between adjacent hyphens, which are not allowed in an XML comment. */
static void print_parted(FILE *out, const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (i > 0 && text[i] == '-' && text[i - 1] == '-')
			fputc(' ', out);
		fputc(text[i], out);
	}
}

/** Returns the position and the error on one masked line, for the caller to free, or NULL when
 * there is no memory. */
static char *format_reason(const struct ds_error *error, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return NULL;
	message_print_reason(out, error);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static char *format_comment(const struct ds_error *error, bool is_xml, size_t *size)
{
	size_t reason_size;
	char *reason = format_reason(error, &reason_size);
	char *text = NULL;
	FILE *out = reason ? open_memstream(&text, size) : NULL;

	if (!out)
		goto out;
	if (is_xml) {
		fputs("<!-- ", out);
		print_parted(out, reason, reason_size);
		fputs(" -->\n", out);
	} else {
		fprintf(out, "# %s\n", reason);
	}
	if (fclose(out) != 0) {
		free(text);
		text = NULL;
	}
out:
	free(reason);
	return text;
}

enum ds_status rejects_finish(struct rejects *rejects)
{
	if (!rejects->is_in_line)
		return DS_OK;
	rejects->is_in_line = false;
	return target_write(rejects->target, "\n", 1);
}

static enum ds_status add_comment(struct rejects *rejects, const struct ds_error *error,
	bool is_xml)
{
	enum ds_status status = rejects_finish(rejects);
	size_t size = 0;
	char *comment;

	if (status != DS_OK)
		return status;
	comment = format_comment(error, is_xml, &size);
	if (!comment)
		return DS_NO_MEMORY;
	status = target_write(rejects->target, comment, size);
	free(comment);
	return status;
}

enum ds_status rejects_add(struct rejects *rejects, const struct ds_error *error,
	struct ds_text raw)
{
	enum ds_status status = DS_OK;

	/* A file that could not be opened has no bytes that could be repaired, and the end of a
	 * range has no more bytes. */
	if (error && raw.size > 0)
		status = add_comment(rejects, error, looks_like_xml(raw));
	if (status != DS_OK || raw.size == 0)
		return status;
	rejects->is_in_line = raw.data[raw.size - 1] != '\n';
	return target_write(rejects->target, raw.data, raw.size);
}
