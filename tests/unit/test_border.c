/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/border.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/*
 * Two framers share a stream. The first one frames it up to the first border after a cut; the
 * second one searches for that border itself and frames from there to the end. Whenever
 * border_join() accepts what they have assumed and found, their frames must be those of a single
 * framer.
 */

#define CUTS 20000
/** The largest stream, and the most frames in it. */
#define STREAM_MAX ((size_t)8 << 10)

static const char *const xml_pieces[] = {
	"<domain type='xen'>\n<name>one</name>\n</domain>\n",
	"  <domain>\n  <name>two</name>\n  </domain>\n",
	"<domain><name>flat</name></domain>\n",
	"<domain>\n<!--\n<domain>\n-->\n<name>ghost</name>\n</domain>\n",
	"<domain>\n<d><![CDATA[\n<domain>\n</domain>\n]]></d>\n</domain>\n",
	"<!-- between -->\n",
	"<!--\n<domain>\n</domain>\n-->\n",
	"\n\n",
	"<?xml version='1.0'?>\n",
	"<?xml version='1.0' encoding='ISO-8859-1'?>\n",
	"<domains>\n",
	"</domains>\n",
	/* Damaged fragments. */
	"<domain>\n<name>open</name>\n",
	"</domain>\n",
	"text\n",
	"<!-- open\n",
	"<domain\n",
	"<domain type='xen\n",
	"</other>\n",
	"<x>\n",
	"<domain>\n<name>cut</na",
};

static const char *const sexpr_pieces[] = {
	"(domain\n    (name one)\n)\n",
	"(domain (name two) (memory 64))\n",
	"(vm (name three))\n",
	"(domain (name ghost) (note 'a\n(domain (name b))\n'))\n",
	"(domain (name ghost)\n# (domain (name b))\n)\n",
	"(domain\n (name xl)\n (image (linux 0)))\n (device (vbd (dev xvda)))\n)\n",
	"# comment\n",
	"\n\n",
	"(\n",
	")\n",
	/* Damaged fragments. */
	"(domain (name open)\n",
	"text\n",
	"'\n",
	"(domain (name 'quote))\n",
	"(other (name x))\n",
	"(domain\n",
	"(domain (name closed)))\n",
};

static size_t random_below(size_t most)
{
	return (size_t)rand() % most;
}

/** Makes a stream that begins with domains, which every stream that is divided must do. Returns its
 * size. */
static size_t make(char *out, enum ds_format format, bool is_whole)
{
	bool is_xml = format == DS_FORMAT_XML;
	const char *const *pieces = is_xml ? xml_pieces : sexpr_pieces;
	size_t count = is_xml ? COUNT(xml_pieces) : COUNT(sexpr_pieces);
	size_t good = is_xml ? 12 : 10;
	size_t size = 0;
	size_t most = 4 + random_below(40);

	out[0] = '\0';
	if (is_xml && random_below(2))
		strcat(out, "<domains>\n");
	for (size_t i = 0; i < 2; i++)
		strcat(out, pieces[random_below(3)]);
	size = strlen(out);
	for (size_t i = 0; i < most && size + 256 < STREAM_MAX; i++) {
		bool is_usual = random_below(3) != 0;
		const char *piece = pieces[random_below(is_usual ? 5 : is_whole ? good : count)];

		strcpy(out + size, piece);
		size += strlen(piece);
	}
	return size;
}

struct side {
	struct framer framer;
	struct block block;
};

static void begin(struct side *side, enum ds_format format)
{
	struct ds_limits limits;

	ds_limits_init(&limits, sizeof limits);
	block_init(&side->block);
	memset(&side->framer, 0, sizeof side->framer);
	assert_true(framer_init(&side->framer, format, &limits));
	framer_begin(&side->framer, &side->block, "stream", format, false);
	side->framer.frames_max = SIZE_MAX;
}

static void end(struct side *side)
{
	framer_fini(&side->framer);
	block_fini(&side->block);
}

static void feed(struct side *side, const char *data, size_t size)
{
	assert_true(block_reserve(&side->block, size));
	memcpy(side->block.data + side->block.size, data, size);
	side->block.size += size;
	assert_int_equal(framer_scan(&side->framer, &side->block), DS_OK);
}

/** Frames up to the first border at or after a cut. Returns its offset, or `size` if there is no
 * border. */
static size_t frame_to_border(struct side *side, const char *data, size_t size, size_t cut,
	bool *is_document)
{
	struct border_scan scan = {.format = side->framer.format};
	size_t at = cut;

	feed(side, data, cut);
	while (at < size) {
		bool is_found, is_border = false;
		size_t passed = border_scan(&scan, data + at, size - at, true, &is_found);

		feed(side, data + at, passed);
		at += passed;
		if (!is_found)
			break;
		assert_int_equal(border_settle(&side->framer, &side->block, &is_border), DS_OK);
		*is_document = scan.is_document;
		if (is_border)
			return at;
		border_scan_skip(&scan);
	}
	return size;
}

static void expect_same_frames(const struct block *whole, const struct block *first,
	const struct block *second)
{
	assert_int_equal(whole->frame_count, first->frame_count + second->frame_count);
	for (size_t i = 0; i < whole->frame_count; i++) {
		const struct frame *is = &whole->frames[i];
		const struct frame *be = i < first->frame_count
			? &first->frames[i]
			: &second->frames[i - first->frame_count];

		assert_int_equal(is->kind, be->kind);
		assert_int_equal(is->place.offset, be->place.offset);
		assert_int_equal(is->size, be->size);
		assert_int_equal(is->length, be->length);
		assert_true(is->id == be->id || strcmp(is->id, be->id) == 0);
		/* The state after bytes outside of domains has no effect. */
		if (is->kind == FRAME_DOMAIN || is->kind == FRAME_REJECTED)
			assert_string_equal(is->encoding ? is->encoding : "",
				be->encoding ? be->encoding : "");
	}
}

static char *describe(const struct framer *framer, bool is_document)
{
	struct buffer out;

	buffer_init(&out);
	border_describe(framer, is_document, &out);
	buffer_byte(&out, '\0');
	return out.data;
}

/** Begins the second side at a border, with the assumed state or with the known one (`truth`). */
static void begin_at(struct side *side, const struct framer *head, size_t border, bool is_document,
	const char *truth)
{
	begin(side, head->format);
	side->framer.base += border;
	if (truth)
		assert_true(border_apply(&side->framer, truth));
	else
		border_assume(&side->framer, head, is_document);
}

/** If the sides agree, frames from the border on and compares. Returns whether they agree. */
static bool join(const struct side *whole, const struct side *first, struct side *second,
	const char *truth, const char *data, size_t size, bool is_document)
{
	char *begins = describe(&second->framer, is_document);
	struct buffer account;
	char next[BORDER_TEXT_SIZE];
	bool agree;

	feed(second, data, size);
	assert_int_equal(framer_finish(&second->framer, &second->block), DS_OK);
	buffer_init(&account);
	border_account(&second->framer, &account);
	buffer_byte(&account, '\0');
	agree = border_join(truth, begins, account.data, begins, next);
	if (agree)
		expect_same_frames(&whole->block, &first->block, &second->block);
	free(begins);
	buffer_fini(&account);
	return agree;
}

/** Returns where the second side finds the border, which may be wrong. */
static size_t find(enum ds_format format, const char *data, size_t size, size_t cut,
	bool *is_document)
{
	struct border_scan scan = {.format = format};
	bool is_found;
	size_t passed = border_scan(&scan, data + cut, size - cut, true, &is_found);

	*is_document = scan.is_document;
	return is_found ? cut + passed : size;
}

/** Frames the first two domains, as each part of a run does. Returns where they end. */
static size_t frame_head(struct side *head, enum ds_format format, const char *data, size_t size)
{
	size_t at = 0, domains = 0;

	begin(head, format);
	while (domains < 2 && at < size) {
		feed(head, data + at++, 1);
		domains = 0;
		for (size_t i = 0; i < head->block.frame_count; i++)
			domains += head->block.frames[i].kind == FRAME_DOMAIN;
	}
	return domains < 2 ? size : at;
}

/** Tries one cut of one stream. Returns whether the second side has assumed the right state. */
static bool try_cut(enum ds_format format, const char *data, size_t size)
{
	struct side head, whole, first, second;
	size_t least = frame_head(&head, format, data, size);
	size_t cut = least < size ? least + random_below(size - least) : size;
	bool is_document = false, is_right = true;
	size_t found = find(format, data, size, cut, &is_document);
	size_t border;

	begin(&whole, format);
	feed(&whole, data, size);
	assert_int_equal(framer_finish(&whole.framer, &whole.block), DS_OK);
	begin(&first, format);
	border = frame_to_border(&first, data, size, cut, &is_document);
	if (border < size) {
		char *truth = describe(&first.framer, is_document);

		is_right = border == found;
		if (is_right) {
			begin_at(&second, &head.framer, border, is_document, NULL);
			is_right = join(&whole, &first, &second, truth, data + border,
				size - border, is_document);
			end(&second);
		}
		/* The part that is repeated gets the state that the first one has found. */
		begin_at(&second, &head.framer, border, is_document, truth);
		assert_true(join(&whole, &first, &second, truth, data + border, size - border,
			is_document));
		end(&second);
		free(truth);
	}
	end(&first);
	end(&whole);
	end(&head);
	return is_right;
}

static void cut_streams(enum ds_format format, bool is_whole, unsigned least_percent)
{
	char *data = malloc(STREAM_MAX);
	unsigned right = 0;

	assert_non_null(data);
	srand(1);
	for (unsigned i = 0; i < CUTS; i++) {
		size_t size = make(data, format, is_whole);

		right += try_cut(format, data, size);
	}
	free(data);
	/* If nearly all cuts were wrong, the test would prove nothing. */
	assert_true(right > CUTS / 100 * least_percent);
	assert_true(right < CUTS);
}

static void xml_streams_are_cut(void **state)
{
	(void)state;
	cut_streams(DS_FORMAT_XML, true, 40);
}

static void damaged_xml_streams_are_cut(void **state)
{
	(void)state;
	cut_streams(DS_FORMAT_XML, false, 30);
}

static void sexpr_streams_are_cut(void **state)
{
	(void)state;
	cut_streams(DS_FORMAT_SEXPR, true, 40);
}

static void damaged_sexpr_streams_are_cut(void **state)
{
	(void)state;
	cut_streams(DS_FORMAT_SEXPR, false, 30);
}

static void malformed_descriptions_are_refused(void **state)
{
	static const char *const texts[] = {"", "x", "1/0/", "1/0///", "1/0////", "1/0////0.0.0.",
		"1/0/4/0//0.0.0.1", "1/0///0123/0.0.0.1", "1/0///0123456789abcdefx/0.0.0.1",
		"1/0////0.0.0.1.2"};
	struct side side;

	(void)state;
	begin(&side, DS_FORMAT_XML);
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(border_apply(&side.framer, texts[i]));
	assert_true(border_apply(&side.framer, "1/0///0123456789abcdef3/0.0.0.1"));
	end(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xml_streams_are_cut),
		cmocka_unit_test(damaged_xml_streams_are_cut),
		cmocka_unit_test(sexpr_streams_are_cut),
		cmocka_unit_test(damaged_sexpr_streams_are_cut),
		cmocka_unit_test(malformed_descriptions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
