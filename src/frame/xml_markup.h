/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_XML_MARKUP_H
#define FRAME_XML_MARKUP_H

#include "frame/block.h"

#include <stdbool.h>

/**
 * Recognizes the XML markup that the framer needs: what begins with `<`, and where it ends. The
 * functions keep no state: each one only looks at the bytes of a block from a position on.
 */

/** What begins at a `<`. MARKUP_NONE is a tag, MARKUP_UNKNOWN is not allowed in XML, and
 * MARKUP_SHORT means that more bytes are needed. */
enum markup {
	MARKUP_NONE,
	MARKUP_COMMENT,
	MARKUP_CDATA,
	MARKUP_INSTRUCTION,
	MARKUP_DECLARATION,
	MARKUP_DOCTYPE,
	MARKUP_UNKNOWN,
	MARKUP_SHORT
};

struct markup_tag {
	/** The position after its `>`, or 0 when more bytes are needed. */
	size_t end;
	/** The position of a `<` inside it, which is not allowed there; 0 for a valid tag. */
	size_t broken;
	struct ds_text name;
	bool closes;
	bool is_empty;
};

enum markup markup_at(const struct block *block, size_t at);

/** The size of the delimiter that begins a comment, CDATA section or processing instruction, and
 * the delimiter that ends it. The delimiter "--" must be followed by `>`. */
size_t markup_start_size(enum markup markup);
const char *markup_end_delimiter(enum markup markup);

/** Returns the position after a comment, CDATA section, instruction or declaration that begins at
 * `at`. Returns 0 and sets `*broken` to the position of the error if it is not well-formed, or to 0
 * when more bytes are needed. */
size_t markup_end(const struct block *block, size_t at, enum markup markup, size_t *broken);

/** Returns the position after a document type, or 0 when more bytes are needed. Sets `*has_subset`
 * if it has declarations. */
size_t markup_doctype(const struct block *block, size_t at, bool *has_subset);

/** Reads the tag that begins at `at`, of which at least two bytes must be available. Of the
 * attributes, only the quotes matter. */
struct markup_tag markup_tag(const struct block *block, size_t at);

/** Returns 1 if `string`, such as "<domain", is at `at` and the name ends after it, 0 if not, and
 * -1 when more bytes are needed. */
int markup_is_tag(const struct block *block, size_t at, const char *string);

/** Returns a hash of a name. Different names nearly always have different hashes. */
uint64_t markup_name_hash(struct ds_text name);

/** Searches for `end` from `from` on. Returns the position after it, or 0 if it was not found. */
size_t markup_find(const struct block *block, size_t from, const char *end);

/** The size of the longest encoding name that is recognized, with its NUL byte. */
#define MARKUP_ENCODING_SIZE 64

/** Copies the encoding that an XML declaration names, truncated to the size of `name` and with `?`
 * for each byte that is not a printable ASCII character. `name` is empty when the declaration names
 * no encoding. */
void markup_encoding(const char *data, size_t size, char name[MARKUP_ENCODING_SIZE]);

/** Returns whether an encoding's name is a spelling of UTF-8 that programs write: "utf8",
 * "UTF_8". */
bool markup_is_utf8(const char *name);

#endif
