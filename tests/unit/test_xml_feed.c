/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include "read/xml_feed.h"

#include <stdlib.h>

/* What expat tells of frames that it was given without the blanks between tags is what it tells of all of their bytes:
 * the same elements, texts, errors, in the same places. */

#define RUNS 3000

/* ---- made-up frames ------------------------------------------------------------------------------------- */

static void add_blanks(struct buffer *out, uint64_t *seed)
{
	static const char *const blanks[] = {"", "", "\n", "\n  ", "\n\t\t", " ", "\r\n", "\n\r", "\n\n                                  "};

	buffer_string(out, blanks[chance_below(seed, COUNT(blanks))]);
}

static void add_long(struct buffer *out, uint64_t *seed, const char *piece)
{
	size_t count = chance_below(seed, 20) ? chance_below(seed, 40) : chance_below(seed, 12000);

	while (count--)
		buffer_string(out, piece);
}

static void add_content(struct buffer *out, uint64_t *seed, int has_markup)
{
	static const char *const texts[] = {"a > b", "x >", "/>", "&gt;", "\xc3\xa9\n", "]] >", "&#32;", "name"};
	static const char *const markups[] = {"<!-- > \n < -->", "<![CDATA[> \n <]]>", "<?p > \n < ?>"};
	size_t choice = chance_below(seed, 40);

	add_blanks(out, seed);
	if (choice < 24)
		buffer_string(out, texts[chance_below(seed, COUNT(texts))]);
	else if (choice < 37)
		buffer_string(out, "<e a='>' b=\"> \n\"/>");
	else if (choice == 37)
		add_long(out, seed, "\n ");
	else if (choice == 38)
		add_long(out, seed, "text");
	else if (choice == 39)
		add_long(out, seed, "\n<t/>");
	if (has_markup)
		buffer_string(out, markups[chance_below(seed, COUNT(markups))]);
	add_blanks(out, seed);
}

/** One byte of the frame becomes another one. */
static void damage(struct buffer *out, size_t from, uint64_t *seed)
{
	static const char bytes[] = "<>&'\"/= \n\xff" "a";

	out->data[from + chance_below(seed, out->size - from)] = bytes[chance_below(seed, sizeof bytes - 1)];
}

static void add_frame(struct buffer *out, struct frame *frame, int is_damaged, uint64_t *seed)
{
	size_t count = chance_below(seed, 8), depth = 0;

	frame->at = out->size;
	frame->has_markup = !chance_below(seed, 4);
	buffer_string(out, "<domain>");
	while (count--) {
		add_content(out, seed, frame->has_markup);
		if (chance_below(seed, 2)) {
			buffer_string(out, chance_below(seed, 2) ? "<e>" : "<e\n x='1' >");
			depth++;
		} else if (depth) {
			buffer_string(out, chance_below(seed, 2) ? "</e>" : "</e\n>");
			depth--;
		}
	}
	while (depth--) {
		buffer_string(out, "</e>");
		add_blanks(out, seed);
	}
	buffer_string(out, "</domain>");
	if (is_damaged)
		damage(out, frame->at, seed);
	frame->size = out->size - frame->at;
}

/* ---- what expat tells ----------------------------------------------------------------------------------- */

struct listener {
	XML_Parser expat;
	/** NULL: expat is given all bytes. */
	struct xml_feed *feed;
	const char *data;
	size_t size;
	struct buffer text;
	struct buffer *out;
};

static size_t given(const struct listener *listener)
{
	return listener->feed ? xml_feed_at(listener->feed) : (size_t)XML_GetCurrentByteIndex(listener->expat) - 3;
}

static size_t place(struct listener *listener)
{
	return listener->feed ? xml_feed_place(listener->feed, given(listener)) : given(listener);
}

/** The text before a tag, with what was left out of it. */
static void end_text(struct listener *listener)
{
	size_t at = place(listener);
	size_t gap = listener->feed ? xml_feed_gap(listener->feed, given(listener)) : 0;

	buffer_add(&listener->text, listener->data + at - gap, gap);
	add_format(listener->out, "text ");
	add_quoted(listener->out, (struct ds_text){listener->text.data ? listener->text.data : "", listener->text.size});
	add_format(listener->out, "\n");
	buffer_clear(&listener->text, 0);
}

static void XMLCALL on_start(void *context, const char *name, const char **pairs)
{
	struct listener *listener = context;
	size_t at = place(listener);

	end_text(listener);
	add_format(listener->out, "%zu +%d <%s", at, XML_GetCurrentByteCount(listener->expat), name);
	for (; *pairs; pairs += 2)
		add_format(listener->out, " %s='%s'", pairs[0], pairs[1]);
	add_format(listener->out, "\n");
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct listener *listener = context;
	size_t size = (size_t)XML_GetCurrentByteCount(listener->expat);
	size_t end = given(listener);

	if (size) {
		end_text(listener);
		end = place(listener) + size;
	} else if (listener->feed) {
		/* The end of an empty element has no bytes of its own. */
		end = xml_feed_end(listener->feed, end);
	}
	add_format(listener->out, "/%s up to %zu\n", name, end);
}

static void XMLCALL on_text(void *context, const char *data, int size)
{
	struct listener *listener = context;

	/* Its place tells the bytes themselves, unless expat reads them as others, or a section is not closed. */
	if (place(listener) < listener->size && *data != '\n' && !strchr("&<", listener->data[place(listener)]))
		assert_int_equal(listener->data[place(listener)], *data);
	buffer_add(&listener->text, data, (size_t)size);
}

/** What expat tells of the frames. */
static void listen(const struct buffer *bytes, const struct frame *frames, size_t count, struct xml_feed *feed,
		   struct buffer *out)
{
	struct listener listener = {XML_ParserCreate("UTF-8"), feed, bytes->data, bytes->size, {0}, out};
	enum XML_Status status;

	buffer_init(&listener.text);
	assert_non_null(listener.expat);
	XML_SetUserData(listener.expat, &listener);
	status = feed ? xml_feed_begin(feed, listener.expat) : XML_Parse(listener.expat, "<d>", 3, 0);
	assert_int_equal(status, XML_STATUS_OK);
	XML_SetElementHandler(listener.expat, on_start, on_end);
	XML_SetCharacterDataHandler(listener.expat, on_text);
	if (feed) {
		status = xml_feed_frames(feed, frames, count, bytes->data);
	} else {
		status = XML_Parse(listener.expat, bytes->data, (int)bytes->size, 0);
		if (status == XML_STATUS_OK)
			status = XML_Parse(listener.expat, "</d>", 4, 1);
	}
	if (status != XML_STATUS_OK)
		add_format(out, "%zu error: %s\n", place(&listener), XML_ErrorString(XML_GetErrorCode(listener.expat)));
	else if (feed)
		assert_int_equal(feed->given + feed->left_out, bytes->size + 4);
	XML_ParserFree(listener.expat);
	buffer_fini(&listener.text);
}

static void compare(const struct buffer *bytes, const struct frame *frames, size_t count, struct xml_feed *feed)
{
	struct buffer out, expected;

	buffer_init(&out);
	buffer_init(&expected);
	listen(bytes, frames, count, feed, &out);
	listen(bytes, frames, count, NULL, &expected);
	assert_same(&out, &expected);
	buffer_fini(&out);
	buffer_fini(&expected);
}

static void compare_runs(uint64_t seed, int is_damaged)
{
	struct xml_feed *feed = calloc(1, sizeof *feed);
	struct frame frames[6] = {0};
	struct buffer bytes;
	uint64_t left_out = 0;

	assert_non_null(feed);
	buffer_init(&bytes);
	for (int run = 0; run < RUNS; run++) {
		size_t count = 1 + chance_below(&seed, COUNT(frames));

		buffer_clear(&bytes, (size_t)1 << 20);
		for (size_t i = 0; i < count; i++) {
			if (i)
				add_blanks(&bytes, &seed);
			add_frame(&bytes, &frames[i], is_damaged && i + 1 == count, &seed);
		}
		compare(&bytes, frames, count, feed);
		left_out += feed->left_out;
	}
	assert_true(left_out > (uint64_t)RUNS * 10);
	buffer_fini(&bytes);
	free(feed);
}

static void expat_tells_the_same_of_what_is_given(void **state)
{
	(void)state;
	compare_runs(1, 0);
}

static void expat_tells_the_same_errors_in_the_same_places(void **state)
{
	(void)state;
	compare_runs(2, 1);
}

/* ---- sizes ---------------------------------------------------------------------------------------------- */

/** A frame with `count` times `piece` in it. */
static void compare_many(const char *piece, size_t count, const char *last, int is_all_given)
{
	struct xml_feed *feed = calloc(1, sizeof *feed);
	struct frame frame = {0};
	struct buffer bytes;

	assert_non_null(feed);
	buffer_init(&bytes);
	buffer_string(&bytes, "<domain>");
	for (size_t i = 0; i < count; i++)
		buffer_string(&bytes, piece);
	buffer_string(&bytes, last);
	buffer_string(&bytes, "</domain>");
	frame.size = bytes.size;
	compare(&bytes, &frame, 1, feed);
	assert_int_equal(feed->left_out == 0, is_all_given);
	buffer_fini(&bytes);
	free(feed);
}

static void pieces_end_where_a_tag_begins(void **state)
{
	(void)state;
	/* About as many gaps, and about as many bytes, as fit. */
	for (size_t count = XML_FEED_GAPS - 2; count < XML_FEED_GAPS + 3; count++)
		compare_many("\n<e/>", count, "", 0);
	for (size_t count = XML_FEED_SIZE - 40; count < XML_FEED_SIZE + 20; count++)
		compare_many("a", count, "<e/>\n<e/>", 0);
	compare_many("a", 3 * XML_FEED_SIZE, "<e>\n</e>\n", 0);
	compare_many("<e/>", XML_FEED_SIZE, "", 1);
	compare_many("<e/>\r\n", XML_FEED_SIZE, "", 1);
	compare_many(" ", 3 * XML_FEED_SIZE, "", 0);
	compare_many(" ", 3 * XML_FEED_SIZE, "a", 1);
}

static void what_may_be_a_comment_is_given_whole(void **state)
{
	struct xml_feed *feed = calloc(1, sizeof *feed);
	struct frame frame = {.size = 27, .has_markup = 1};

	(void)state;
	assert_non_null(feed);
	{
		char text[] = "<domain>\n<!-- -->\n</domain>";
		struct buffer bytes = {.data = text, .size = sizeof text - 1};

		compare(&bytes, &frame, 1, feed);
		assert_int_equal(feed->left_out, 0);
		frame.has_markup = 0;
	}
	free(feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(expat_tells_the_same_of_what_is_given),
	    cmocka_unit_test(expat_tells_the_same_errors_in_the_same_places),
	    cmocka_unit_test(pieces_end_where_a_tag_begins),
	    cmocka_unit_test(what_may_be_a_comment_is_given_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
