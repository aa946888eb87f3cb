/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MANIFEST_READER_H
#define CLI_MANIFEST_READER_H

#include "record/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An input or output in a manifest that was read. Strings are NULL if the manifest has null or no
 * value. */
struct manifest_entry {
	char *name, *argument, *kind, *outcome, *compression, *format, *encoding, *crc32;
	uint64_t size, domains, rejected, disks, errors;
	bool is_standard_input;
	/** The run was stopped while it read this input. */
	bool is_stopped;
	/** Set by the caller when it has found the entry. */
	bool is_seen;
};

struct manifest_list {
	struct manifest_entry *items;
	size_t count, capacity;
};

/** A manifest that was read. */
struct manifest_content {
	/** The contents of the file, into which all strings point. */
	struct buffer text;
	/** The options, such as "--from=xml". */
	char **options;
	size_t option_count, option_capacity;
	/** The data that --resume compares, as hexadecimal digits; NULL if it is missing. */
	char *resume;
	/** The run was stopped before it had read all inputs. */
	bool is_stopped;
	struct manifest_list inputs, outputs;
};

/** Reads a manifest. Returns NULL on success, or else a text that describes the error; `*offset` is
 * then its position, or 0 if it has none. */
const char *manifest_read(struct manifest_content *content, const char *name, size_t *offset);

void manifest_content_fini(struct manifest_content *content);

#endif
