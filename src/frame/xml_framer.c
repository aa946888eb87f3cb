/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"

#include <string.h>

/*
 * The framer of XML.
 *
 * Outside a domain every tag is matched, for the wrappers tell what `<domain` means. Inside one only `<` matters: in
 * well-formed XML it begins a tag, a comment, a CDATA section or a processing instruction, and never stands in an
 * attribute. So the end of a domain is the first `</domain>` that is not in one of the latter three.
 *
 * A second `<domain` before that is either inside <metadata>, which may hold anything, or the next domain of a dump
 * whose present one was cut off. To tell, the frame is looked at again from its start, and every tag is matched. If that
 * fails anywhere the frame ends where the second one began, and the scan goes on from there. A domain that does not end
 * costs one limit's worth of looking ahead at most; when such damage is frequent, patience ends, and a second
 * `<domain` that is not below <metadata> is taken for the next domain at once.
 */

/** The longest markup that must be seen whole to be told apart: `<![CDATA[`. */
#define MARKUP_SIZE 9

static int starts(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);

	return block->size - at >= size && memcmp(block->data + at, string, size) == 0;
}

/** Could the bytes up to the block's end still become `string`? */
static int may_start(const struct block *block, size_t at, const char *string)
{
	size_t size = block->size - at;

	return size < strlen(string) && memcmp(block->data + at, string, size) == 0;
}

static int ends_name(char byte)
{
	return framer_blank(byte) || byte == '>' || byte == '/';
}

/** Does `string` and the end of a name stand here? -1: more bytes are needed. */
static int is_tag(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);

	if (block->size - at > size)
		return starts(block, at, string) && ends_name(block->data[at + size]);
	return starts(block, at, string) || may_start(block, at, string) ? -1 : 0;
}

static uint64_t name_hash(const char *data, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3u;
	return hash;
}

/** Finds `end` from `from` on. Returns the position behind it, 0 without it. */
static size_t find_end(const struct block *block, size_t from, const char *end)
{
	size_t size = strlen(end);

	while (from < block->size) {
		const char *at = memchr(block->data + from, end[0], block->size - from);

		if (!at)
			return 0;
		from = (size_t)(at - block->data);
		if (starts(block, from, end))
			return from + size;
		from++;
	}
	return 0;
}

/* ---- markup that is not a tag --------------------------------------------------------------------------- */

enum markup { MARKUP_NONE, MARKUP_COMMENT, MARKUP_CDATA, MARKUP_INSTRUCTION, MARKUP_DECLARATION, MARKUP_DOCTYPE,
	      MARKUP_UNKNOWN, MARKUP_SHORT };

static enum markup markup_at(const struct block *block, size_t at)
{
	int declaration;

	if (block->size - at < 2)
		return MARKUP_SHORT;
	if (block->data[at + 1] == '?') {
		declaration = is_tag(block, at, "<?xml");
		return declaration < 0 ? MARKUP_SHORT : declaration ? MARKUP_DECLARATION : MARKUP_INSTRUCTION;
	}
	if (block->data[at + 1] != '!')
		return MARKUP_NONE;
	if (starts(block, at, "<!--"))
		return MARKUP_COMMENT;
	if (starts(block, at, "<![CDATA["))
		return MARKUP_CDATA;
	if (starts(block, at, "<!DOCTYPE"))
		return MARKUP_DOCTYPE;
	return block->size - at < MARKUP_SIZE ? MARKUP_SHORT : MARKUP_UNKNOWN;
}

/** Position behind a comment that begins at `at`; 0: more bytes are needed. In a comment `--` must be its end, so that
 * one that was cut off is noticed at the next comment. `*broken` gets the place of another `--`. */
static size_t comment_end(const struct block *block, size_t at, size_t *broken)
{
	size_t end = find_end(block, at + 4, "--");

	if (!end || end == block->size)
		return 0;
	if (block->data[end] == '>')
		return end + 1;
	*broken = end;
	return 0;
}

/** Position behind a CDATA section or an instruction. One that holds the beginning of another, or of a document, has lost
 * its end: it would swallow whole domains up to the end of the other. `*broken` gets the place of that. */
static size_t section_end(const struct block *block, size_t at, enum markup markup, size_t *broken)
{
	const char *begins = markup == MARKUP_CDATA ? "<![CDATA[" : "<?xml ";
	size_t end = markup == MARKUP_CDATA ? find_end(block, at + MARKUP_SIZE, "]]>") : find_end(block, at + 2, "?>");
	size_t size = strlen(begins);

	for (size_t i = at + 1; i + size < end; i++) {
		const char *found = memchr(block->data + i, '<', end - size - i);

		if (!found)
			break;
		i = (size_t)(found - block->data);
		if (memcmp(found, begins, size) == 0) {
			*broken = i;
			return 0;
		}
	}
	return end;
}

static size_t markup_end(const struct block *block, size_t at, enum markup markup, size_t *broken)
{
	*broken = 0;
	return markup == MARKUP_COMMENT ? comment_end(block, at, broken) : section_end(block, at, markup, broken);
}

/* ---- tags ---------------------------------------------------------------------------------------------- */

struct tag {
	/** Position behind its `>`; 0: more bytes are needed. */
	size_t end;
	/** A `<` inside it, where none may be; 0: none. */
	size_t broken;
	uint64_t name;
	struct ds_text name_text;
	int closes;
	int is_empty;
};

/** Reads the tag that begins at `at`. Attributes matter for their quotes alone. */
static struct tag tag_at(const struct block *block, size_t at)
{
	const char *data = block->data;
	struct tag tag = {.closes = data[at + 1] == '/'};
	size_t name = at + 1 + (size_t)tag.closes;
	size_t i = name;
	char quote = 0;

	while (i < block->size && !ends_name(data[i]) && data[i] != '<')
		i++;
	tag.name_text = (struct ds_text){data + name, i - name};
	tag.name = name_hash(data + name, i - name);
	for (; i < block->size; i++) {
		char byte = data[i];

		if (byte == '<') {
			tag.broken = i;
			return tag;
		}
		if (quote)
			quote = byte == quote ? 0 : quote;
		else if (byte == '"' || byte == '\'')
			quote = byte;
		else if (byte == '>')
			break;
	}
	if (i == block->size)
		return tag;
	tag.is_empty = data[i - 1] == '/';
	tag.end = i + 1;
	return tag;
}

/** Opens an element. Returns 0 when that is too deep. */
static int level_open(struct framer *framer, const struct tag *tag)
{
	static const char *const foreign[] = {"capabilities", "domainCapabilities", "network"};
	const struct framer_level *above = framer->depth ? &framer->levels[framer->depth - 1] : NULL;
	struct framer_level *level;

	if (framer->depth == framer->limits.depth)
		return 0;
	level = &framer->levels[framer->depth++];
	*level = above ? *above : (struct framer_level){0};
	level->name = tag->name;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		level->foreign |= tag->name == name_hash(foreign[i], strlen(foreign[i]));
	level->snapshot |= tag->name == name_hash("domainsnapshot", 14) || tag->name == name_hash("domaincheckpoint", 16);
	return 1;
}

/* ---- inside a domain ----------------------------------------------------------------------------------- */

static const char broken_tag[] = "a tag is cut off";
static const char broken_comment[] = "a comment, CDATA section or instruction is cut off";
static const char not_closed[] = "the domain is not closed";
static const char another_document[] = "the domain is cut off: another document begins inside it";

/** Passes what begins with `<!` or `<?` inside a domain. */
static enum framer_step pass_markup(struct framer *framer, struct block *block, size_t at, enum markup markup)
{
	size_t broken, end;

	if (markup == MARKUP_DECLARATION || markup == MARKUP_DOCTYPE) {
		framer->candidate = at;
		framer->wrappers = 0;
		return framer_broken(framer, block, "DA903", another_document, at, at);
	}
	if (markup == MARKUP_UNKNOWN)
		return framer_broken(framer, block, "DA903", "there is markup here that XML does not know", at, at + 2);
	end = markup_end(block, at, markup, &broken);
	if (broken)
		return framer_broken(framer, block, "DA903", broken_comment, at, at + 4);
	if (!end) {
		framer->pos = at;
		return STEP_MORE;
	}
	framer->pos = end;
	return STEP_ON;
}

/** A second `<domain` was seen: looks at the frame again, every tag of it. */
static enum framer_step look_closely(struct framer *framer)
{
	framer->state = FRAMER_CLOSELY;
	framer->pos = framer->start;
	framer->depth = framer->wrappers;
	return STEP_ON;
}

/** The domain's end tag begins at `at`. Without its `>` it must not take that of the next domain. */
static enum framer_step close_domain(struct framer *framer, struct block *block, size_t at)
{
	size_t end = find_end(block, at, ">");
	const char *next = end ? memchr(block->data + at + 1, '<', end - at - 1) : NULL;

	if (next)
		return framer_broken(framer, block, "DA903", broken_tag, at, (size_t)(next - block->data));
	return end ? framer_domain(framer, block, end) : STEP_MORE;
}

/** Goes on to the domain's end as fast as can be. */
static enum framer_step step_inside(struct framer *framer, struct block *block)
{
	const char *data = block->data;
	size_t at = framer->pos;

	for (;;) {
		const char *found = memchr(data + at, '<', block->size - at);
		enum markup markup;
		int is;

		if (!found) {
			framer->pos = block->size;
			return STEP_MORE;
		}
		at = (size_t)(found - data);
		framer->pos = at;
		if (block->size - at < 3)
			return STEP_MORE;
		if (data[at + 1] == '/' && data[at + 2] == 'd') {
			is = is_tag(block, at, "</domain");
			if (is < 0)
				return STEP_MORE;
			if (is)
				return close_domain(framer, block, at);
		} else if (data[at + 1] == 'd') {
			is = is_tag(block, at, "<domain");
			if (is)
				return is < 0 ? STEP_MORE : look_closely(framer);
		} else if (data[at + 1] == '!' || data[at + 1] == '?') {
			markup = markup_at(block, at);
			return markup == MARKUP_SHORT ? STEP_MORE : pass_markup(framer, block, at, markup);
		}
		at++;
	}
}

/** Is the next element below <metadata>? */
static int in_metadata(const struct framer *framer)
{
	uint64_t metadata = name_hash("metadata", 8);

	for (size_t i = framer->wrappers; i < framer->depth; i++)
		if (framer->levels[i].name == metadata)
			return 1;
	return 0;
}

static enum framer_step open_closely(struct framer *framer, struct block *block, const struct tag *tag)
{
	size_t at = framer->pos;

	if (framer->depth > framer->wrappers && is_tag(block, at, "<domain") == 1) {
		if (!framer->candidate)
			framer->candidate = at;
		if (!framer->patience && !in_metadata(framer))
			return framer_broken(framer, block, "DA903", not_closed, at, at);
	}
	if (!tag->is_empty && !level_open(framer, tag))
		return framer_broken(framer, block, "DA905", "the elements are nested too deeply", at, tag->end);
	framer->pos = tag->end;
	if (framer->depth == framer->wrappers)
		return framer_domain(framer, block, tag->end);
	return STEP_ON;
}

static enum framer_step close_closely(struct framer *framer, struct block *block, const struct tag *tag)
{
	if (framer->levels[framer->depth - 1].name != tag->name)
		return framer_broken(framer, block, "DA903", "an end tag has no start tag: the domain is cut off",
				     framer->pos, tag->end);
	framer->depth--;
	framer->pos = tag->end;
	if (framer->depth == framer->wrappers)
		return framer_domain(framer, block, tag->end);
	return STEP_ON;
}

/** Goes on to the domain's end and matches every tag. */
static enum framer_step step_closely(struct framer *framer, struct block *block)
{
	const char *found = memchr(block->data + framer->pos, '<', block->size - framer->pos);
	enum markup markup;
	struct tag tag;

	if (!found) {
		framer->pos = block->size;
		return STEP_MORE;
	}
	framer->pos = (size_t)(found - block->data);
	markup = markup_at(block, framer->pos);
	if (markup == MARKUP_SHORT)
		return STEP_MORE;
	if (markup != MARKUP_NONE)
		return pass_markup(framer, block, framer->pos, markup);
	tag = tag_at(block, framer->pos);
	if (tag.broken) {
		/* A `<domain` that stands in a broken tag of the first one is the next domain. */
		if (!framer->candidate && is_tag(block, tag.broken, "<domain") == 1)
			framer->candidate = tag.broken;
		return framer_broken(framer, block, "DA903", broken_tag, framer->pos, tag.broken);
	}
	if (!tag.end)
		return STEP_MORE;
	return tag.closes ? close_closely(framer, block, &tag) : open_closely(framer, block, &tag);
}

/* ---- outside a domain ---------------------------------------------------------------------------------- */

static enum framer_step refuse_stray(struct framer *framer, const char *why, size_t resume)
{
	return framer_refuse(framer, FRAME_STRAY, "DA904", why, framer->pos, resume);
}

/** Passes blanks, and text inside a wrapper. */
static enum framer_step pass_text(struct framer *framer, struct block *block)
{
	size_t at = framer->pos;

	while (at < block->size && block->data[at] != '<') {
		unsigned char byte = (unsigned char)block->data[at];
		int is_mark = byte == 0xef || byte == 0xbb || byte == 0xbf;

		if (!framer_blank((char)byte) && !is_mark && !framer->depth) {
			framer->pos = framer->start = at;
			return refuse_stray(framer, "text outside of any element", at);
		}
		at++;
	}
	framer->pos = framer->start = at;
	return STEP_ON;
}

/** The value of `encoding` in a declaration; a NULL text without one. */
static struct ds_text declared_encoding(const char *data, size_t size)
{
	struct ds_text value = {NULL, 0};

	for (size_t i = 0; i + 9 < size; i++) {
		const char *close;
		size_t at = i + 8;

		if (memcmp(data + i, "encoding", 8) != 0)
			continue;
		while (at < size && (framer_blank(data[at]) || data[at] == '='))
			at++;
		if (at == size || (data[at] != '"' && data[at] != '\''))
			return value;
		close = memchr(data + at + 1, data[at], size - at - 1);
		if (close)
			value = (struct ds_text){data + at + 1, (size_t)(close - data) - at - 1};
		return value;
	}
	return value;
}

static int same_letters(struct ds_text text, const char *upper)
{
	if (text.size != strlen(upper))
		return 0;
	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];

		if (byte >= 'a' && byte <= 'z')
			byte = (char)(byte - 'a' + 'A');
		if (byte != upper[i])
			return 0;
	}
	return 1;
}

static enum frame_encoding encoding_of(struct ds_text name)
{
	if (!name.data || same_letters(name, "UTF-8"))
		return FRAME_UTF8;
	if (same_letters(name, "ISO-8859-1"))
		return FRAME_LATIN1;
	if (same_letters(name, "US-ASCII"))
		return FRAME_ASCII;
	return FRAME_OTHER;
}

/** A document begins: whatever was open before is not closed any more. */
static enum framer_step begin_document(struct framer *framer, struct block *block, size_t end)
{
	size_t at = framer->pos;

	if (framer->depth && !framer->damaged) {
		framer->depth = framer->wrappers = 0;
		refuse_stray(framer, "the document before this one is not closed", at);
		return framer_refused(framer, block, at);
	}
	framer->depth = framer->wrappers = 0;
	framer->damaged = 0;
	framer->encoding = framer->transcoded ? FRAME_UTF8 : encoding_of(declared_encoding(block->data + at, end - at));
	framer->pos = framer->start = end;
	return STEP_ON;
}

/** Position behind a document type; 0: more bytes are needed. `*has_subset`: it has declarations of its own. */
static size_t doctype_end(const struct block *block, size_t at, int *has_subset)
{
	int is_inside = 0;
	char quote = 0;

	*has_subset = 0;
	for (size_t i = at; i < block->size; i++) {
		char byte = block->data[i];

		if (quote) {
			quote = byte == quote ? 0 : quote;
		} else if (byte == '"' || byte == '\'') {
			quote = byte;
		} else if (byte == '[') {
			is_inside = *has_subset = 1;
		} else if (byte == ']') {
			is_inside = 0;
		} else if (byte == '>' && !is_inside) {
			return i + 1;
		}
	}
	return 0;
}

/** Passes a document type. One with declarations of its own is refused: they could say anything of what follows. */
static enum framer_step pass_doctype(struct framer *framer, struct block *block)
{
	int has_subset;
	size_t at = framer->pos;
	size_t end = doctype_end(block, at, &has_subset);

	if (!end)
		return STEP_MORE;
	if (has_subset) {
		framer_refuse(framer, FRAME_STRAY, "DA906", "a document type with declarations is not read", at, at);
		framer->damaged = 0;
		return framer_refused(framer, block, end);
	}
	framer->pos = framer->start = end;
	return STEP_ON;
}

static enum framer_step pass_markup_outside(struct framer *framer, struct block *block, enum markup markup)
{
	size_t broken;
	size_t end;

	if (markup == MARKUP_DOCTYPE)
		return pass_doctype(framer, block);
	if (markup == MARKUP_UNKNOWN || (markup == MARKUP_CDATA && !framer->depth))
		return refuse_stray(framer, "markup that has no place here", framer->pos + 2);
	end = markup_end(block, framer->pos, markup, &broken);
	if (broken)
		return refuse_stray(framer, broken_comment, framer->pos + 4);
	if (!end)
		return STEP_MORE;
	if (markup == MARKUP_DECLARATION)
		return begin_document(framer, block, end);
	framer->pos = framer->start = end;
	return STEP_ON;
}

static enum framer_step close_outside(struct framer *framer, const struct tag *tag)
{
	if (framer->depth && framer->levels[framer->depth - 1].name == tag->name) {
		framer->wrappers = --framer->depth;
	} else if (framer->damaged && framer->depth) {
		/* The wrapper of a range that was refused may have lost tags of its own. */
		framer->wrappers = --framer->depth;
	} else {
		return framer_refuse(framer, FRAME_REJECTED, "DA903", "an end tag has no start tag", framer->pos, framer->pos);
	}
	framer->pos = framer->start = tag->end;
	return STEP_ON;
}

static enum framer_step step_outside(struct framer *framer, struct block *block)
{
	enum markup markup;
	struct tag tag;
	int is_domain;

	framer->start = framer->pos;
	if (block->data[framer->pos] != '<')
		return pass_text(framer, block);
	markup = markup_at(block, framer->pos);
	if (markup == MARKUP_SHORT)
		return STEP_MORE;
	if (markup != MARKUP_NONE)
		return pass_markup_outside(framer, block, markup);
	tag = tag_at(block, framer->pos);
	is_domain = is_tag(block, framer->pos, "<domain") && !tag.closes &&
		    !(framer->depth && framer->levels[framer->depth - 1].foreign);
	if (tag.broken)
		return framer_refuse(framer, is_domain ? FRAME_REJECTED : FRAME_STRAY, "DA903", broken_tag, framer->pos,
				     tag.broken);
	if (!tag.end)
		return STEP_MORE;
	if (tag.closes)
		return close_outside(framer, &tag);
	if (is_domain) {
		framer->pos = tag.end;
		framer->state = FRAMER_INSIDE;
		return tag.is_empty ? framer_domain(framer, block, tag.end) : STEP_ON;
	}
	if (!tag.is_empty && !level_open(framer, &tag))
		return framer_refuse(framer, FRAME_STRAY, "DA905", "the elements are nested too deeply", framer->pos, tag.end);
	framer->wrappers = framer->depth;
	framer->pos = framer->start = tag.end;
	return STEP_ON;
}

/** Looks for the end of a refused range: behind `</domain>`, or before `<domain` or the next document. */
static enum framer_step step_refusing(struct framer *framer, struct block *block)
{
	while (framer->pos < block->size) {
		const char *found = memchr(block->data + framer->pos, '<', block->size - framer->pos);
		size_t at = found ? (size_t)(found - block->data) : block->size;
		int is_start, is_end;

		framer->pos = at;
		if (!found)
			break;
		/* Text that belongs nowhere ends where any tag begins. */
		if (framer->refused_kind == FRAME_STRAY && at > framer->start && framer->refused_at == 0 &&
		    block->data[framer->start] != '<')
			return framer_refused(framer, block, at);
		is_end = is_tag(block, at, "</domain");
		is_start = is_tag(block, at, "<domain");
		if (!is_start)
			is_start = is_tag(block, at, "<?xml");
		if (is_start < 0 || is_end < 0)
			return framer_refused_part(framer, block, at) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
		if (is_start && (at > framer->start || framer->refused_given))
			return framer_refused(framer, block, at);
		if (is_end) {
			size_t end = find_end(block, at, ">");
			const char *next = end ? memchr(block->data + at + 1, '<', end - at - 1) : NULL;

			if (!end)
				return STEP_MORE;
			if (next)
				end = (size_t)(next - block->data);
			if (framer->refused_kind == FRAME_STRAY && !framer->refused_given)
				framer->refused_kind = FRAME_REJECTED;
			return framer_refused(framer, block, end);
		}
		framer->pos = at + 1;
	}
	return framer_refused_part(framer, block, framer->pos) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
}

enum framer_step xml_framer_step(struct framer *framer, struct block *block)
{
	switch (framer->state) {
	case FRAMER_INSIDE:
		return step_inside(framer, block);
	case FRAMER_CLOSELY:
		return step_closely(framer, block);
	case FRAMER_REFUSING:
		return step_refusing(framer, block);
	default:
		return step_outside(framer, block);
	}
}

/** The stream ends here. STEP_ON: the rest is to be looked at again; STEP_MORE: that was all. */
enum framer_step xml_framer_end(struct framer *framer, struct block *block)
{
	size_t end = block->size;

	if (framer->state == FRAMER_REFUSING)
		return framer_refused(framer, block, end) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
	if (framer->state != FRAMER_OUTSIDE)
		return framer_broken(framer, block, "DA901", "the input ends inside this domain", framer->start,
				     framer_look_again(framer, block));
	if (framer->pos < end) {
		int is_domain = is_tag(block, framer->pos, "<domain") && end - framer->pos > 1;

		framer_refuse(framer, is_domain ? FRAME_REJECTED : FRAME_STRAY, "DA901", "the input ends inside this tag",
			      framer->pos, framer_look_again(framer, block));
		return STEP_ON;
	}
	if (framer->depth && !framer->damaged) {
		framer_refuse(framer, FRAME_STRAY, "DA901", "the input ends before its last element is closed", end, end);
		return framer_refused(framer, block, end) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
	}
	return STEP_MORE;
}
