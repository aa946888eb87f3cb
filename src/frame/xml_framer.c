/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"
#include "frame/xml_markup.h"
#include "record/scan.h"

#include <string.h>

/*
 * The framer of XML.
 *
 * Outside a domain every tag is matched, for the wrappers tell what `<domain` means. Inside one few `<` matter: in
 * well-formed XML it begins a tag, a comment, a CDATA section or a processing instruction, and never stands in an
 * attribute. So the end of a domain is the first `</domain>` that is not in one of the latter three.
 *
 * A second `<domain` before that is either inside <metadata>, which may hold anything, or the next domain of a dump
 * whose present one was cut off. To tell, the frame is looked at again from its start, and every tag is matched. If that
 * fails anywhere the frame ends where the second one began, and the scan goes on from there. A domain that does not end
 * costs one limit's worth of looking ahead at most; when such damage is frequent, patience ends, and a second
 * `<domain` that is not below <metadata> is taken for the next domain at once.
 */

/** Opens an element. Returns 0 when that is too deep. */
static int level_open(struct framer *framer, const struct tag *tag)
{
	static const char *const foreign[] = {"capabilities", "domainCapabilities", "network"};
	const struct framer_level *above = framer->depth ? &framer->levels[framer->depth - 1] : NULL;
	struct framer_level *level;

	if (framer->depth == framer->limits.depth)
		return 0;
	level = &framer->levels[framer->depth++];
	/* framer_init() has made as many levels as the limit says. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	*level = above ? *above : (struct framer_level){0};
	level->name = tag->name;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		level->foreign |= tag->name == markup_name(foreign[i], strlen(foreign[i]));
	level->snapshot |= tag->name == markup_name("domainsnapshot", 14) || tag->name == markup_name("domaincheckpoint", 16);
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
	framer->has_markup = 1;
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
	size_t end = markup_find(block, at, ">");
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
		enum markup markup;
		int is;

		at = scan_border((const unsigned char *)data, at, block->size);
		framer->pos = at;
		if (block->size - at < 3)
			return STEP_MORE;
		if (data[at + 1] == '/') {
			is = markup_is_tag(block, at, "</domain");
			if (is < 0)
				return STEP_MORE;
			if (is)
				return close_domain(framer, block, at);
		} else if (data[at + 1] == 'd') {
			is = markup_is_tag(block, at, "<domain");
			if (is)
				return is < 0 ? STEP_MORE : look_closely(framer);
		} else {
			markup = markup_at(block, at);
			return markup == MARKUP_SHORT ? STEP_MORE : pass_markup(framer, block, at, markup);
		}
		at++;
	}
}

/** Is the next element below <metadata>? */
static int in_metadata(const struct framer *framer)
{
	uint64_t metadata = markup_name("metadata", 8);

	for (size_t i = framer->wrappers; i < framer->depth; i++)
		if (framer->levels[i].name == metadata)
			return 1;
	return 0;
}

static enum framer_step open_closely(struct framer *framer, struct block *block, const struct tag *tag)
{
	size_t at = framer->pos;

	if (framer->depth > framer->wrappers && markup_is_tag(block, at, "<domain") == 1) {
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
	tag = markup_tag(block, framer->pos);
	if (tag.broken) {
		/* A `<domain` that stands in a broken tag of the first one is the next domain. */
		if (!framer->candidate && markup_is_tag(block, tag.broken, "<domain") == 1)
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
	framer->encoding = framer->transcoded ? FRAME_UTF8 : markup_encoding(block->data + at, end - at);
	framer->pos = framer->start = end;
	return STEP_ON;
}

/** Passes a document type. One with declarations of its own is refused: they could say anything of what follows. */
static enum framer_step pass_doctype(struct framer *framer, struct block *block)
{
	int has_subset;
	size_t at = framer->pos;
	size_t end = markup_doctype(block, at, &has_subset);

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
	tag = markup_tag(block, framer->pos);
	is_domain = markup_is_tag(block, framer->pos, "<domain") && !tag.closes &&
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
		is_end = markup_is_tag(block, at, "</domain");
		is_start = markup_is_tag(block, at, "<domain");
		if (!is_start)
			is_start = markup_is_tag(block, at, "<?xml");
		if (is_start < 0 || is_end < 0)
			return framer_refused_part(framer, block, at) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
		if (is_start && (at > framer->start || framer->refused_given))
			return framer_refused(framer, block, at);
		if (is_end) {
			size_t end = markup_find(block, at, ">");
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
		int is_domain = markup_is_tag(block, framer->pos, "<domain") && end - framer->pos > 1;

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
