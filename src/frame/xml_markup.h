/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_XML_MARKUP_H
#define FRAME_XML_MARKUP_H

#include "frame/block.h"

#include <stdbool.h>

/**
 * The markup of XML, as far as the framer needs it: what begins with `<`, and where it ends.
 * Nothing here has a state: each function looks at the bytes of a block from a position on.
 */

/** What begins at a `<`. MARKUP_NONE: a tag. MARKUP_SHORT: more bytes are needed to tell. */
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

struct tag {
	/** Position behind its `>`; 0: more bytes are needed. */
	size_t end;
	/** A `<` inside it, where none may be; 0: none. */
	size_t broken;
	struct ds_text name;
	bool closes;
	bool is_empty;
};

enum markup markup_at(const struct block *block, size_t at);

/** Bytes of the mark that begins a comment, CDATA section or processing instruction, and the mark
 * that ends it. The mark "--" must be followed by `>`. */
size_t markup_start_size(enum markup markup);
const char *markup_end_mark(enum markup markup);

/** Position behind a comment, CDATA section, instruction or declaration that begins at `at`; 0:
 * more bytes are needed, or `*broken` is the place where it turns out not to be well-formed. */
size_t markup_end(const struct block *block, size_t at, enum markup markup, size_t *broken);

/** Position behind a document type; 0: more bytes are needed. `*has_subset`: it has declarations of
 * its own. */
size_t markup_doctype(const struct block *block, size_t at, bool *has_subset);

/** Reads the tag that begins at `at`, of which two bytes are there. Attributes matter for their
 * quotes alone. */
struct tag markup_tag(const struct block *block, size_t at);

/** Does `string`, such as "<domain", and the end of a name stand here? -1: more bytes are
 * needed. */
int markup_is_tag(const struct block *block, size_t at, const char *string);

/** A number for a name; different names have different ones but by bad luck. */
uint64_t markup_name(struct ds_text name);

/** Finds `end` from `from` on. Returns the position behind it, 0 without it. */
size_t markup_find(const struct block *block, size_t from, const char *end);

/** Bytes of the longest name of an encoding that is recognized, with its NUL. */
#define ENCODING_NAME_SIZE 64

/** Copies the encoding that an XML declaration names, cut to the size of `name` and with `?` for
 * what is not a printable ASCII character. `name` is empty when it names none. */
void markup_encoding(const char *data, size_t size, char name[ENCODING_NAME_SIZE]);

/** Whether an encoding's name means UTF-8, as programs write it: "utf8", "UTF_8". */
bool markup_is_utf8(const char *name);

#endif
