/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"
#include "frame/xml_check.h"
#include "frame/xml_markup.h"
#include "record/scan.h"
#include "record/text.h"

#include <string.h>

/*
 * The XML framer.
 *
 * Outside of a domain every tag is matched, because a domain of a snapshot may be a reference, and
 * because a truncated document is an error. Inside a domain few `<` matter: in well-formed XML a
 * `<` begins a tag, a comment, a CDATA section or a processing instruction, and never occurs in an
 * attribute. The domain therefore ends at the first `</domain>` that is not in a comment, CDATA
 * section or processing instruction and does not close a `<domain>` element inside the domain.
 *
 * A frame that contains another `<domain`, as an element or inside a section, may be two domains:
 * the first was truncated, or a section was not closed. Expat decides (xml_check.h): if the frame
 * is not well-formed, it ends where the other domain starts.
 */

/** Opens an element around domains. Returns false when it is nested too deeply. */
static bool level_open(struct framer *framer, const struct markup_tag *tag)
{
	struct xml_framer *xml = &framer->xml;
	struct framer_level *level;

	if (xml->depth == framer->limits.depth)
		return false;
	/* framer_init() has made as many levels as the limit says.
	 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	level = &xml->levels[xml->depth];
	*level = (struct framer_level){.name = markup_name_hash(tag->name),
		.is_snapshot = xml->depth && level[-1].is_snapshot};
	if (text_is(tag->name, "domainsnapshot") || text_is(tag->name, "domaincheckpoint"))
		level->is_snapshot = true;
	xml->depth++;
	return true;
}

bool xml_framer_describe(struct framer *framer, struct block *block, struct frame *frame)
{
	struct xml_framer *xml = &framer->xml;

	if (xml->encoding[0] && !xml->block_encoding) {
		xml->block_encoding =
			arena_text(&block->arena, xml->encoding, strlen(xml->encoding) + 1).data;
		if (!xml->block_encoding)
			return false;
	}
	frame->encoding = xml->block_encoding;
	frame->has_markup = xml->has_markup;
	frame->has_nested = framer->suspect != 0;
	if (frame->kind == FRAME_DOMAIN)
		frame->may_be_reference = xml->depth && xml->levels[xml->depth - 1].is_snapshot;
	return true;
}

bool xml_framer_enter(struct framer *framer, const struct block *block, const struct frame *frame)
{
	struct markup_tag tag = markup_tag(block, frame->at);

	if (!level_open(framer, &tag))
		return false;
	framer->pos = framer->start = tag.end;
	return true;
}

/* ---- inside a domain ---- */

/** Decides whether the frame up to `end`, which contains what may start another domain, is one
 * domain. */
static enum framer_step check_frame(struct framer *framer, struct block *block, size_t end)
{
	const char *why = NULL;
	size_t at = 0;
	enum xml_check_result is;

	/* This is a fragment of a frame that was read without an error. */
	if (framer->reframe_end)
		return framer_domain(framer, block, end);
	if (!framer->xml.check)
		framer->xml.check = xml_check_new();
	if (!framer->xml.check)
		return STEP_NO_MEMORY;
	is = xml_check_bytes(framer->xml.check, &framer->limits, !framer->xml.encoding[0],
		block->data + framer->start, end - framer->start, &why, &at);
	if (is == XML_CHECK_NO_MEMORY)
		return STEP_NO_MEMORY;
	if (is == XML_CHECK_ONE)
		return framer_domain(framer, block, end);
	if (is == XML_CHECK_SEVERAL) {
		framer->suspect = framer_offset(framer, framer->start + at);
		framer_spend(framer, end, (end - framer->start) * CHECK_COST);
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, end, end);
	}
	framer_spend(framer, end, at * CHECK_COST);
	at += framer->start;
	if (at >= framer_at(framer, framer->suspect))
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, at, end);
	framer_refuse(framer, FRAME_REJECTED, DAMAGE_NOT_WELL_FORMED, at, end);
	framer->refusal.why = why;
	framer_spend(framer, end, end - framer_at(framer, framer->suspect));
	return framer_refused(framer, block, framer_at(framer, framer->suspect));
}

/** Handles the end tag `</domain` at `at`. If its `>` is missing, that of the next tag must not be
 * used instead. */
static enum framer_step close_domain(struct framer *framer, struct block *block, size_t at)
{
	size_t end = markup_find(block, at, ">");
	const char *next = end ? memchr(block->data + at + 1, '<', end - at - 1) : NULL;

	if (next)
		return framer_broken(framer, block, DAMAGE_TAG, at, (size_t)(next - block->data));
	if (!end)
		return STEP_MORE;
	framer->pos = end;
	if (framer->xml.nested) {
		framer->xml.nested--;
		return STEP_ON;
	}
	return framer->suspect ? check_frame(framer, block, end)
			       : framer_domain(framer, block, end);
}

/** Handles another `<domain` at `at`. */
static enum framer_step open_nested(struct framer *framer, struct block *block, size_t at)
{
	struct markup_tag tag = markup_tag(block, at);

	if (!tag.broken && !tag.end)
		return STEP_MORE;
	if (framer_suspects(framer, at) || tag.broken)
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, at, at);
	framer->xml.nested += !tag.is_empty;
	framer->pos = tag.end;
	return STEP_ON;
}

/** Handles what begins at `at`: a comment, CDATA section or processing instruction, or markup that
 * is not allowed in a domain. */
static enum framer_step open_section(struct framer *framer, struct block *block, size_t at)
{
	enum markup markup = markup_at(block, at);

	if (markup == MARKUP_SHORT)
		return STEP_MORE;
	if (markup == MARKUP_DECLARATION) {
		framer_suspects(framer, at);
		framer->xml.depth = 0;
		return framer_broken(framer, block, DAMAGE_OTHER_DOCUMENT, at, at);
	}
	if (markup == MARKUP_UNKNOWN || markup == MARKUP_DOCTYPE)
		return framer_broken(framer, block, DAMAGE_MARKUP, at, at + 2);
	framer->xml.section = (int)markup;
	framer->xml.section_at = framer_offset(framer, at);
	framer->xml.has_markup = true;
	framer->pos = at + markup_start_size(markup);
	return STEP_ON;
}

/** Searches from `at` to `*until` for the start of a domain or document, and records it. Returns
 * false if the frame has to end there at once. Reduces `*until` to a position at which more bytes
 * are needed to decide. */
static bool pass_innocent(struct framer *framer, const struct block *block, size_t at,
	size_t *until)
{
	while (at < *until) {
		const char *found = memchr(block->data + at, '<', *until - at);
		int is;

		if (!found)
			break;
		at = (size_t)(found - block->data);
		is = markup_is_tag(block, at, "<domain");
		if (!is)
			is = markup_is_tag(block, at, "<?xml");
		if (is < 0) {
			*until = at;
			break;
		}
		if (is)
			return !framer_suspects(framer, at);
		at++;
	}
	return true;
}

/** The number of bytes of a section that are scanned in one step. If too many bytes were scanned in
 * vain, a start of a domain in a section ends the frame, so the steps are short. Outside of
 * domains, a section may then have SECTION_STEP bytes at most. */
#define SECTION_STEP ((size_t)4 << 10)
#define SECTION_STEP_SHORT ((size_t)64)

/** Skips the contents of a section, and its end. */
static enum framer_step pass_section(struct framer *framer, struct block *block)
{
	enum markup markup = (enum markup)framer->xml.section;
	struct block view = *block;
	size_t end, until, section = framer_at(framer, framer->xml.section_at);
	size_t most = framer->patience < 0 ? SECTION_STEP_SHORT : SECTION_STEP;

	if (view.size - framer->pos > most)
		view.size = framer->pos + most;
	end = markup_find(&view, framer->pos, markup_end_delimiter(markup));
	until = end ? end : view.size;
	if (!framer->suspect && !pass_innocent(framer, block, framer->pos, &until))
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, section, until);
	if (!end) {
		size_t tail = view.size - framer->pos < 2 ? framer->pos : view.size - 2;

		framer->pos = until < tail ? until : tail;
		return view.size < block->size ? STEP_ON : STEP_MORE;
	}
	if (markup == MARKUP_COMMENT) {
		framer->pos = end - 2;
		if (end == block->size)
			return STEP_MORE;
		if (block->data[end] != '>')
			return framer_broken(framer, block, DAMAGE_COMMENT, section, section + 4);
		end++;
	}
	framer->xml.section = 0;
	framer->pos = end;
	return STEP_ON;
}

/** Skips to the end of the domain as fast as possible. */
static enum framer_step step_inside(struct framer *framer, struct block *block)
{
	const char *data = block->data;
	size_t at = framer->pos;

	if (framer->xml.section)
		return pass_section(framer, block);
	for (;; at++) {
		int is;

		at = scan_border((const unsigned char *)data, at, block->size);
		framer->pos = at;
		if (block->size - at < 4)
			return STEP_MORE;
		if (data[at + 1] != '/' && data[at + 1] != 'd')
			return open_section(framer, block, at);
		is = markup_is_tag(block, at, data[at + 1] == '/' ? "</domain" : "<domain");
		if (is < 0)
			return STEP_MORE;
		if (is)
			return data[at + 1] == '/' ? close_domain(framer, block, at)
						   : open_nested(framer, block, at);
	}
}

/* ---- outside a domain ---- */

static enum framer_step refuse_stray(struct framer *framer, enum framer_damage damage,
	size_t resume)
{
	return framer_refuse(framer, FRAME_STRAY, damage, framer->start, resume);
}

/** Longer texts in wrappers are not kept, because those of other documents may have any length. */
#define HELD_TEXT ((size_t)64 << 10)

/** Skips text in an element that contains no domain yet. It is kept until the next tag decides
 * whether it is damage. */
static enum framer_step hold_text(struct framer *framer, const struct block *block)
{
	size_t at = framer->pos;
	const char *tag = memchr(block->data + at, '<', block->size - at);
	size_t end = tag ? (size_t)(tag - block->data) : block->size;
	const char *hole = memchr(block->data + at, 0, end - at);

	if (!framer->xml.text_at)
		framer->xml.text_at = framer_offset(framer, at);
	framer->pos = hole ? (size_t)(hole - block->data) : end;
	if (framer_offset(framer, framer->pos) - framer->xml.text_at > HELD_TEXT)
		framer->start = framer->pos;
	return STEP_ON;
}

/** Skips blanks and text. Text in an element that contains domains is damage. */
static enum framer_step pass_text(struct framer *framer, struct block *block)
{
	struct xml_framer *xml = &framer->xml;
	size_t at = framer->pos;

	while (at < block->size &&
		(frame_is_blank(block->data[at]) || frame_is_bom(block->data[at])))
		at++;
	framer->pos = at;
	if (!xml->text_at)
		framer->start = at;
	if (at == block->size || block->data[at] == '<')
		return STEP_ON;
	if (!block->data[at])
		return framer_hole(framer, block);
	if (!xml->depth)
		return refuse_stray(framer, DAMAGE_TEXT_OUTSIDE, at);
	if (xml->levels[xml->depth - 1].has_domain)
		return refuse_stray(framer, DAMAGE_TEXT_IN_WRAPPER, at);
	return hold_text(framer, block);
}

/** Begins a document that declares this encoding; "" if it declares none. */
static void set_encoding(struct framer *framer, const char *name)
{
	struct xml_framer *xml = &framer->xml;

	if (framer->is_transcoded)
		name = "";
	if (!xml->has_document)
		memcpy(xml->first_encoding, name, strlen(name) + 1);
	xml->has_document = true;
	if (markup_is_utf8(name))
		name = "";
	if (strcmp(xml->encoding, name) == 0)
		return;
	memcpy(xml->encoding, name, strlen(name) + 1);
	xml->block_encoding = NULL;
}

/** Begins a document, so elements that were open before will not be closed. */
static enum framer_step begin_document(struct framer *framer, struct block *block, size_t end)
{
	size_t at = framer->pos;
	bool is_cut = framer->xml.depth && !framer_is_damaged(framer);
	char encoding[MARKUP_ENCODING_SIZE];

	framer->xml.depth = 0;
	if (is_cut) {
		refuse_stray(framer, DAMAGE_DOCUMENT_NOT_CLOSED, at);
		return framer_refused(framer, block, at);
	}
	framer_set_damaged(framer, false);
	framer_set_broken(framer, false);
	framer->xml.has_root = false;
	framer->xml.doctype.name = NULL;
	markup_encoding(block->data + at, end - at, encoding);
	set_encoding(framer, encoding);
	framer->pos = framer->start = end;
	return STEP_ON;
}

/** Searches for a NUL byte in the markup from `pos` to `end`, and sets `pos` to its position. Such
 * markup was made by a run of NUL bytes, which may have replaced domains. Returns whether there is
 * one. */
static bool find_hole(struct framer *framer, const struct block *block, size_t end)
{
	const char *hole = memchr(block->data + framer->pos, 0, end - framer->pos);

	if (hole)
		framer->pos = (size_t)(hole - block->data);
	return hole;
}

/** Skips a document type. If it has declarations, it is refused as soon as its document has a
 * domain, because they could change the meaning of the domain. */
static enum framer_step pass_doctype(struct framer *framer, struct block *block)
{
	bool has_subset;
	size_t at = framer->pos;
	size_t end = markup_doctype(block, at, &has_subset);

	if (!end)
		return STEP_MORE;
	if (find_hole(framer, block, end))
		return framer_hole(framer, block);
	if (has_subset) {
		framer->xml.doctype = framer_place(framer, block, at);
		framer->xml.doctype.name = framer->name;
	}
	framer->pos = framer->start = end;
	return STEP_ON;
}

/** Returns whether the first tag of a domain between two positions is an end tag. */
static bool holds_end(const struct block *block, size_t at, size_t end)
{
	for (; at < end; at++) {
		const char *found = memchr(block->data + at, '<', end - at);

		if (!found)
			return false;
		at = (size_t)(found - block->data);
		if (markup_is_tag(block, at, "</domain") == 1)
			return true;
		if (markup_is_tag(block, at, "<domain") == 1)
			return false;
	}
	return false;
}

/** Returns whether a section outside of domains hides the end of a broken domain, and maybe other
 * domains after it. This is only assumed in a document that is not well-formed. */
static bool hides_end(struct framer *framer, const struct block *block, size_t end)
{
	bool hides = framer->patience >= 0 && holds_end(block, framer->pos, end) &&
		framer_is_broken(framer);

	if (hides)
		framer_spend(framer, end, end - framer->pos);
	return hides;
}

static enum framer_step pass_markup_outside(struct framer *framer, struct block *block,
	enum markup markup)
{
	struct block view = *block;
	size_t broken;
	size_t end;

	framer_gain(framer, framer->pos);
	if (framer->patience < 0 && view.size - framer->pos > SECTION_STEP)
		view.size = framer->pos + SECTION_STEP;
	if (markup == MARKUP_DOCTYPE)
		return pass_doctype(framer, block);
	if (markup == MARKUP_UNKNOWN || (markup == MARKUP_CDATA && !framer->xml.depth))
		return refuse_stray(framer, DAMAGE_MARKUP, framer->pos + 2);
	end = markup_end(&view, framer->pos, markup, &broken);
	if (broken)
		return refuse_stray(framer, markup == MARKUP_COMMENT ? DAMAGE_COMMENT : DAMAGE_TAG,
			framer->pos + 4);
	if (!end && view.size < block->size)
		return refuse_stray(framer, DAMAGE_MARKUP, framer->pos + 2);
	if (!end)
		return STEP_MORE;
	if (find_hole(framer, block, end))
		return framer_hole(framer, block);
	if (markup == MARKUP_DECLARATION)
		return begin_document(framer, block, end);
	if (hides_end(framer, block, end))
		return refuse_stray(framer, DAMAGE_MARKUP, framer->pos + 2);
	framer->pos = end;
	if (!framer->xml.text_at)
		framer->start = end;
	return STEP_ON;
}

static enum framer_step close_outside(struct framer *framer, const struct block *block,
	const struct markup_tag *tag)
{
	struct xml_framer *xml = &framer->xml;
	bool is_domain = markup_is_tag(block, framer->pos, "</domain") == 1;

	/* The element around a refused range may have lost tags of its own. */
	if (!xml->depth ||
		(xml->levels[xml->depth - 1].name != markup_name_hash(tag->name) &&
			!framer_is_damaged(framer)))
		return framer_refuse(framer, is_domain ? FRAME_REJECTED : FRAME_STRAY,
			DAMAGE_END_TAG, framer->pos, framer->pos);
	xml->depth--;
	if (!xml->depth)
		xml->doctype.name = NULL;
	framer->pos = framer->start = tag->end;
	return STEP_ON;
}

/** Notes that an element begins which is a root if no other is open. A root after another root
 * begins a document without a declaration; after damage it may be anything. */
static void begin_root(struct framer *framer)
{
	if (framer->xml.depth)
		return;
	if (!framer->xml.has_document ||
		(framer->xml.has_root && framer->xml.encoding[0] && !framer_is_damaged(framer)))
		set_encoding(framer, "");
	framer->xml.has_root = true;
}

/** Decides whether text in the element around a `<domain>` is damage. A guest begins with an
 * element, while elements of this name in other documents contain text, or nothing. Returns false
 * when more bytes are needed. */
static bool judge_wrapper(struct framer *framer, const struct block *block,
	const struct markup_tag *tag)
{
	struct xml_framer *xml = &framer->xml;
	size_t at = tag->end;

	if (!xml->depth || xml->levels[xml->depth - 1].has_domain || tag->is_empty)
		return true;
	while (at < block->size && frame_is_blank(block->data[at]))
		at++;
	if (at == block->size)
		return false;
	xml->levels[xml->depth - 1].has_domain = block->data[at] == '<';
	return true;
}

/** Refuses the document type, because its document has a domain. */
static enum framer_step refuse_doctype(struct framer *framer, struct block *block)
{
	struct ds_place place = framer->xml.doctype;
	bool was_damaged = framer->is_damaged;
	unsigned assumed = framer->assumed & BORDER_DAMAGED;
	enum framer_step step;
	struct frame *frame;

	framer->xml.doctype.name = NULL;
	framer->start = framer->pos;
	refuse_stray(framer, DAMAGE_DOCTYPE, framer->pos);
	step = framer_refused(framer, block, framer->pos);
	framer->is_damaged = was_damaged;
	framer->assumed |= assumed;
	if (step == STEP_NO_MEMORY)
		return step;
	frame = &block->frames[block->frame_count - 1];
	place.name = frame->place.name;
	frame->place = place;
	return step;
}

/** Handles the `<domain>` that begins at `pos`. */
static enum framer_step open_domain(struct framer *framer, struct block *block,
	const struct markup_tag *tag)
{
	struct xml_framer *xml = &framer->xml;
	size_t at = framer->pos;
	bool has_text = xml->text_at && framer_at(framer, xml->text_at) == framer->start;

	if (!judge_wrapper(framer, block, tag))
		return STEP_MORE;
	xml->text_at = 0;
	if (has_text && xml->levels[xml->depth - 1].has_domain) {
		refuse_stray(framer, DAMAGE_TEXT_IN_WRAPPER, at);
		return framer_refused(framer, block, at);
	}
	if (xml->doctype.name)
		return refuse_doctype(framer, block);
	begin_root(framer);
	framer_gain(framer, at);
	framer->start = at;
	framer->pos = tag->end;
	framer->state = FRAMER_INSIDE;
	return tag->is_empty ? framer_domain(framer, block, tag->end) : STEP_ON;
}

static enum framer_step open_outside(struct framer *framer, const struct markup_tag *tag)
{
	begin_root(framer);
	if (!tag->is_empty && !level_open(framer, tag))
		return refuse_stray(framer, DAMAGE_TOO_DEEP, tag->end);
	if (!framer->xml.depth)
		framer->xml.doctype.name = NULL;
	framer->pos = framer->start = tag->end;
	return STEP_ON;
}

/** Returns whether a tag `<domain` at `at` starts a frame. */
static bool begins_frame(struct framer *framer, const struct block *block, size_t at)
{
	struct xml_framer *xml = &framer->xml;
	const struct guest_list *guests = &xml->guests;

	if (markup_is_tag(block, at, "<domain") != 1)
		return false;
	if (!guests->starts)
		return true;
	at -= xml->guests_at;
	while (xml->next_guest < guests->count && guests->starts[xml->next_guest] < at)
		xml->next_guest++;
	return xml->next_guest < guests->count && guests->starts[xml->next_guest] == at;
}

static enum framer_step step_outside(struct framer *framer, struct block *block)
{
	enum markup markup;
	struct markup_tag tag;
	bool is_domain;

	if (block->data[framer->pos] != '<')
		return pass_text(framer, block);
	markup = markup_at(block, framer->pos);
	if (markup == MARKUP_SHORT)
		return STEP_MORE;
	tag = markup == MARKUP_NONE ? markup_tag(block, framer->pos) : (struct markup_tag){0};
	if (markup == MARKUP_NONE && !tag.end && !tag.broken)
		return STEP_MORE;
	is_domain = markup == MARKUP_NONE && begins_frame(framer, block, framer->pos);
	if (is_domain && tag.end)
		return open_domain(framer, block, &tag);
	/* Text may be followed by comments before the next tag decides whether it is damage. */
	if (!framer->xml.text_at || (markup != MARKUP_COMMENT && markup != MARKUP_INSTRUCTION)) {
		framer->start = framer->pos;
		framer->xml.text_at = 0;
	}
	if (markup != MARKUP_NONE)
		return pass_markup_outside(framer, block, markup);
	if (tag.broken)
		return framer_refuse(framer, is_domain ? FRAME_REJECTED : FRAME_STRAY, DAMAGE_TAG,
			framer->pos, tag.broken);
	if (find_hole(framer, block, tag.end))
		return framer_hole(framer, block);
	return tag.closes ? close_outside(framer, block, &tag) : open_outside(framer, &tag);
}

/* ---- refused ranges ---- */

/** Handles an end tag `</domain` in a refused range: the range ends after it, unless another such
 * tag follows. */
static enum framer_step refuse_end(struct framer *framer, struct block *block)
{
	size_t end = markup_find(block, framer->pos, ">");
	const char *next =
		end ? memchr(block->data + framer->pos + 1, '<', end - framer->pos - 1) : NULL;

	if (!end)
		return STEP_MORE;
	if (next)
		end = (size_t)(next - block->data);
	if (framer->refusal.kind == FRAME_STRAY && !framer->refusal.given)
		framer->refusal.kind = FRAME_REJECTED;
	framer->refusal.end = framer_offset(framer, end);
	framer->pos = end;
	return framer_pass_refused(framer, block, end) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_ON;
}

/** Returns whether the refused range is text, which ends at the next tag. */
static bool is_text(const struct framer *framer)
{
	return framer->refusal.damage == DAMAGE_TEXT_OUTSIDE ||
		framer->refusal.damage == DAMAGE_TEXT_IN_WRAPPER;
}

/** Handles the next tag in a refused range. Text ends there. Any other range ends after
 * `</domain>`, or before `<domain` or a document. */
static enum framer_step step_refusing(struct framer *framer, struct block *block)
{
	const char *found;
	size_t at = framer->pos;
	int is;

	if (framer->refusal.end) {
		while (at < block->size && frame_is_blank(block->data[at]))
			at++;
		is = at < block->size ? markup_is_tag(block, at, "</domain") : -1;
		framer->pos = at;
		if (is <= 0)
			return is ? STEP_MORE
				  : framer_refused(framer, block,
					    framer_at(framer, framer->refusal.end));
	}
	found = memchr(block->data + at, '<', block->size - at);
	framer->pos = at = found ? (size_t)(found - block->data) : block->size;
	if (!found)
		return framer_pass_refused(framer, block, at);
	if (is_text(framer) && (at > framer->start || framer->refusal.given))
		return framer_refused(framer, block, at);
	is = markup_is_tag(block, at, "</domain");
	if (is > 0) {
		enum framer_step step = refuse_end(framer, block);

		return step == STEP_MORE ? framer_pass_refused(framer, block, at) : step;
	}
	if (!is)
		is = markup_is_tag(block, at, "<domain");
	if (!is)
		is = markup_is_tag(block, at, "<?xml");
	if (is < 0)
		return framer_pass_refused(framer, block, at);
	if (is && (at > framer->start || framer->refusal.given))
		return framer_refused(framer, block, at);
	framer->pos = at + 1;
	return STEP_ON;
}

enum framer_step xml_framer_step(struct framer *framer, struct block *block)
{
	switch (framer->state) {
	case FRAMER_INSIDE:
		return step_inside(framer, block);
	case FRAMER_REFUSING:
		return step_refusing(framer, block);
	default:
		return step_outside(framer, block);
	}
}

/** Turns the result of the last step into one that ends the stream, because no bytes are left. */
static enum framer_step last(enum framer_step step)
{
	return step == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
}

enum framer_step xml_framer_end(struct framer *framer, struct block *block)
{
	size_t end = block->size;

	if (framer->state == FRAMER_REFUSING) {
		if (framer->refusal.end)
			return framer_refused(framer, block,
				framer_at(framer, framer->refusal.end));
		return last(framer_refused(framer, block, end));
	}
	if (framer->state == FRAMER_INSIDE)
		return framer_broken(framer, block, DAMAGE_ENDS_IN_DOMAIN, framer->start, end);
	if (framer->pos < end) {
		bool is_domain =
			markup_is_tag(block, framer->pos, "<domain") && end - framer->pos > 1;

		framer->start = framer->pos;
		framer_spend(framer, end, end - framer->pos);
		if (is_domain)
			return framer_refuse(framer, FRAME_REJECTED, DAMAGE_ENDS_IN_DOMAIN,
				framer->pos, framer->pos + 1);
		return refuse_stray(framer, DAMAGE_ENDS_IN_TAG, framer->pos + 1);
	}
	if (framer->xml.depth && !framer_is_damaged(framer)) {
		framer->start = framer->pos = end;
		refuse_stray(framer, DAMAGE_ENDS_IN_ELEMENT, end);
		return last(framer_refused(framer, block, end));
	}
	return STEP_MORE;
}
