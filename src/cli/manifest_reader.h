/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MANIFEST_READER_H
#define CLI_MANIFEST_READER_H

#include "record/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An input or output in a manifest that was read back. Strings are NULL where the manifest has
 * null or nothing. */
struct manifest_entry {
	char *name, *argument, *kind, *outcome, *compression, *format, *encoding, *crc32;
	uint64_t size, domains, rejected, disks, errors;
	bool is_standard_input;
	/** For the user: it was found again. */
	bool is_seen;
};

struct manifest_list {
	struct manifest_entry *items;
	size_t count, capacity;
};

/** A manifest that was read back. */
struct manifest_content {
	/** The file; all strings are in it. */
	struct buffer text;
	/** "--from=xml". */
	char **options;
	size_t option_count, option_capacity;
	/** What --resume compares, as hexadecimal digits; NULL: nothing. */
	char *resume;
	struct manifest_list inputs, outputs;
};

/** Reads a manifest. Returns NULL, or what is wrong; `*offset` is where then, or 0. */
const char *manifest_read(struct manifest_content *content, const char *name, size_t *offset);

void manifest_content_fini(struct manifest_content *content);

#endif
