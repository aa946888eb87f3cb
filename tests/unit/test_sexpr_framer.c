/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

#define ONE "(domain (name one) (device (vbd (dev xvda) (uname phy:one))))"
#define TWO "(vm (name two))"
#define LAID "(domain\n    (name laid)\n    (device (vbd\n        (dev xvda)\n    )\n)\n)\n"
#define OPEN "(domain\n    (name open)\n    (device\n        (vbd\n"

/* ---- layouts ---- */

static void an_empty_input_has_no_domain(void **state)
{
	(void)state;
	EXPECT_NONE(DS_FORMAT_SEXPR, "");
	EXPECT_NONE(DS_FORMAT_SEXPR, " \t\r\n\xef\xbb\xbf");
	EXPECT_NONE(DS_FORMAT_SEXPR, "# (domain (name x))");
	EXPECT_NONE(DS_FORMAT_SEXPR, "()");
	EXPECT_NONE(DS_FORMAT_SEXPR, "(())");
	EXPECT_NONE(DS_FORMAT_AUTO, "\n# nothing\n");
}

static void domains_follow_one_another(void **state)
{
	(void)state;
	EXPECT_SEXPR(ONE, DOMAIN(ONE));
	EXPECT_SEXPR(ONE TWO, DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR(ONE "\n" TWO "\n\n", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("\xef\xbb\xbf" ONE "\xef\xbb\xbf" TWO "\n", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR(LAID LAID,
		DOMAIN("(domain\n    (name laid)\n    (device (vbd\n        (dev xvda)\n    "
		       ")\n)\n)"),
		DOMAIN("(domain\n    (name laid)\n    (device (vbd\n        (dev xvda)\n    "
		       ")\n)\n)"));
	EXPECT_SEXPR("(domain)(vm)", DOMAIN("(domain)"), DOMAIN("(vm)"));
	EXPECT_SEXPR("(domain(name x))(vm\t(name y))", DOMAIN("(domain(name x))"),
		DOMAIN("(vm\t(name y))"));
	EXPECT_SEXPR("(vm # comment\n (name x))(domain#\n)", DOMAIN("(vm # comment\n (name x))"),
		DOMAIN("(domain#\n)"));
}

static void a_list_may_be_around_domains(void **state)
{
	(void)state;
	EXPECT_SEXPR("(" ONE " " TWO ")", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("( " ONE ")\n(\n" TWO ")", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("((" ONE "))", DOMAIN(ONE));
	EXPECT_SEXPR("(" ONE, DOMAIN(ONE), STRAY("DA901", ""));
	EXPECT_SEXPR("(" ONE "))", DOMAIN(ONE), STRAY("DA903", ")"));
	/* The next domain begins a line, or is the first one in the input. */
	EXPECT_SEXPR(ONE "\n(" TWO " " ONE ")", DOMAIN(ONE), DOMAIN(TWO), DOMAIN(ONE));
	EXPECT_SEXPR(ONE " (" TWO ")", DOMAIN(ONE), STRAY("DA904", "("), DOMAIN(TWO),
		STRAY("DA903", ")"));
}

static void lines_that_xm_prints_before_are_skipped(void **state)
{
	(void)state;
	EXPECT_SEXPR("Using config file \"/etc/xen/one\".\n" ONE, DOMAIN(ONE));
	EXPECT_SEXPR("Using config file \"/etc/xen/one\".\r\n" ONE, DOMAIN(ONE));
	EXPECT_SEXPR("Using config file \"./(domain (name x))\".\n" ONE
		     "\nUsing config file \"two\".\n" TWO,
		DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("# a comment with ( and ' and \"\n" ONE "#)\n" TWO, DOMAIN(ONE), DOMAIN(TWO));
}

static void a_prompt_is_reported_and_affects_no_domain(void **state)
{
	(void)state;
	EXPECT_SEXPR("$ xm list --long\n" ONE, STRAY("DA904", "$ xm list --long\n"), DOMAIN(ONE));
	EXPECT_SEXPR("[root@host ~]# xm list -l\n" ONE "[root@host ~]# ",
		STRAY("DA904", "[root@host ~]# xm list -l\n"), DOMAIN(ONE),
		STRAY("DA904", "[root@host ~]# "));
	EXPECT_SEXPR("Using config file one\n" ONE, STRAY("DA904", "Using config file one\n"),
		DOMAIN(ONE));
	EXPECT_SEXPR("It's (a) prompt\n" ONE, STRAY("DA904", "It's (a) prompt\n"), DOMAIN(ONE));
}

static void other_lists_are_reported(void **state)
{
	(void)state;
	EXPECT_SEXPR("(xend.err 'Rename failed')" ONE, STRAY("DA904", "(xend.err 'Rename failed')"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(linux (kernel x))\n" ONE, STRAY("DA904", "(linux (kernel x))\n"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(domains x)" ONE "(vmx)", STRAY("DA904", "(domains x)"), DOMAIN(ONE),
		STRAY("DA904", "(vmx)"));
	EXPECT_SEXPR(ONE "(name x)", DOMAIN(ONE), STRAY("DA904", "(name x)"));
	EXPECT_SEXPR(ONE ")" TWO, DOMAIN(ONE), STRAY("DA903", ")"), DOMAIN(TWO));
	EXPECT_SEXPR(")) )" ONE ")", STRAY("DA903", ")) )"), DOMAIN(ONE), STRAY("DA903", ")"));
}

static void a_save_file_has_one_domain_and_a_memory_image(void **state)
{
	(void)state;
	EXPECT_SEXPR("LinuxGuestRecord\0\0\0\x3d" ONE "\0\1(domain (name x))'\"", DOMAIN(ONE));
	EXPECT_SEXPR("LinuxGuestRecord\0\0\0\x3d" ONE, DOMAIN(ONE));
	/* The prefix is only allowed at the beginning of a stream. */
	EXPECT_SEXPR(ONE "LinuxGuestRecord0000" TWO, DOMAIN(ONE),
		STRAY("DA904", "LinuxGuestRecord0000"), DOMAIN(TWO));
}

/* ---- what a domain may hold ---- */

#define HOLDS(inside) \
	EXPECT_SEXPR(ONE "(domain " inside ")" TWO, DOMAIN(ONE), DOMAIN("(domain " inside ")"), \
		DOMAIN(TWO))

static void strings_and_comments_hide_parentheses(void **state)
{
	(void)state;
	HOLDS("(name ')')");
	HOLDS("(name \")(\")");
	HOLDS("(name '\\')')");
	HOLDS("(name '\\\\')");
	HOLDS("(name '\"' \"'\")");
	HOLDS("(name \")'\\\"(\" 'x')");
	HOLDS("(name x # it's ) a ( comment \"\n)");
	HOLDS("(name x#)\n)");
	HOLDS("(name '#' )");
	HOLDS("(name 'a\n(b\n')");
}

static void a_quote_is_one_only_where_a_token_begins(void **state)
{
	(void)state;
	HOLDS("(name it's)");
	HOLDS("(name a\"b)");
	HOLDS("(name 'a''b(')");
	HOLDS("(name 'a'\"b(\")");
	HOLDS("(name x)'('");
	HOLDS("(name ('('))");
	HOLDS("(name x\n'(')");
	HOLDS("(name x\v'(')");
	HOLDS("(name x#\n'(')");
}

static void a_nul_is_white_space(void **state)
{
	static const char input[] = "(domain (name \0'(')\0)" TWO;

	(void)state;
	for (size_t piece = 0; piece < 20; piece++) {
		struct cuts cuts;

		cut_input(&cuts, DS_FORMAT_SEXPR, NULL, input, sizeof input - 1, piece);
		assert_int_equal(cuts.count, 2);
		assert_int_equal(cuts.items[0].frame.kind, FRAME_DOMAIN);
		assert_int_equal(cuts.items[0].bytes.size, sizeof input - 1 - strlen(TWO));
		cuts_fini(&cuts);
	}
}

static void a_pci_device_has_a_domain_of_its_own(void **state)
{
	(void)state;
	HOLDS("(device (pci (dev (domain 0x0000) (bus 0x1))))");
	HOLDS("(device\n(pci\n(dev\n(domain 0x0000)\n(domain '0')\n(vm x)\n)))");
	HOLDS("(domain)(vm)(domains (a))(vmx (b))");
}

/* ---- xl ---- */

static void xl_closes_a_domain_before_its_devices(void **state)
{
#define XL "(domain (image (linux 0) (kernel k)))\n\t(device (tap (x y)))\n\t(device (vif (z)))\n)"
	struct cuts cuts;

	(void)state;
	EXPECT_SEXPR(XL "\n" XL, DOMAIN(XL), DOMAIN(XL));
	cut_input(&cuts, DS_FORMAT_SEXPR, NULL, XL ONE, sizeof XL ONE - 1, 0);
	assert_int_equal(cuts.count, 2);
	assert_true(cuts.items[0].frame.closes_early);
	assert_string_equal(cuts.items[0].frame.id, "DA903");
	assert_false(cuts.items[1].frame.closes_early);
	assert_null(cuts.items[1].frame.id);
	cuts_fini(&cuts);
	/* Without devices, only the extra parenthesis remains. */
	EXPECT_SEXPR("(domain (a))\n)\n" ONE, DOMAIN("(domain (a))"), STRAY("DA903", ")"),
		DOMAIN(ONE));
	/* Devices without the closing parenthesis do not belong to the domain. */
	EXPECT_SEXPR("(domain (a))(device (b))\n" ONE, DOMAIN("(domain (a))"),
		STRAY("DA904", "(device (b))\n"), DOMAIN(ONE));
	EXPECT_SEXPR("(domain (a))(device (b))", DOMAIN("(domain (a))"),
		STRAY("DA904", "(device (b))"));
	EXPECT_SEXPR("(domain (a))(devices)" ONE, DOMAIN("(domain (a))"),
		STRAY("DA904", "(devices)"), DOMAIN(ONE));
}

/* ---- damage ---- */

static void a_truncated_domain_ends_where_a_line_begins_the_next_one(void **state)
{
	(void)state;
	EXPECT_SEXPR(OPEN ONE "\n" TWO, REJECTED("DA903", OPEN), DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR(OPEN OPEN ONE, REJECTED("DA903", OPEN), REJECTED("DA903", OPEN), DOMAIN(ONE));
	EXPECT_SEXPR(ONE OPEN, DOMAIN(ONE), REJECTED("DA901", OPEN));
	EXPECT_SEXPR("(domain (name 'cut \n" ONE "\n" TWO,
		REJECTED("DA903", "(domain (name 'cut \n"), DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("(domain (name \"cut\n" ONE, REJECTED("DA903", "(domain (name \"cut\n"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(domain # cut\n" ONE, REJECTED("DA903", "(domain # cut\n"), DOMAIN(ONE));
	/* An escaped line feed ends a line as well. */
	EXPECT_SEXPR("(domain (name 'cut \\\n" ONE, REJECTED("DA903", "(domain (name 'cut \\\n"),
		DOMAIN(ONE));
}

static void elsewhere_the_next_domain_counts_when_this_one_does_not_end(void **state)
{
	(void)state;
	EXPECT_SEXPR("(domain (name cut " ONE TWO, REJECTED(NULL, "(domain (name cut "),
		DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR("(domain (name cut " ONE "\n" TWO "\n",
		REJECTED("DA903", "(domain (name cut "), DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_SEXPR(TWO "(domain (name 'cut " ONE, DOMAIN(TWO),
		REJECTED("DA903", "(domain (name 'cut "), DOMAIN(ONE));
}

/** The parenthesis that the first domain lacks is one too many in the last. */
static void two_broken_domains_do_not_enclose_others(void **state)
{
#define OPEN_A "(domain (name a) (x y) "
#define LAST "(domain (name d)) (x y))"
	(void)state;
	EXPECT_SEXPR(OPEN_A ONE LAST " " TWO, REJECTED("DA903", OPEN_A), DOMAIN(ONE),
		DOMAIN("(domain (name d))"), STRAY("DA904", "(x y)) "), DOMAIN(TWO));
	EXPECT_SEXPR(OPEN_A ONE LAST "\n" TWO, REJECTED("DA903", OPEN_A), DOMAIN(ONE),
		DOMAIN("(domain (name d))"), STRAY("DA904", "(x y))\n"), DOMAIN(TWO));
	EXPECT_SEXPR(OPEN_A "(domain (name d)))", REJECTED("DA903", OPEN_A),
		DOMAIN("(domain (name d))"), STRAY("DA903", ")"));
	EXPECT_SEXPR(OPEN_A "(vm (name b))(vm # x\n (name c))(y z))", REJECTED("DA903", OPEN_A),
		DOMAIN("(vm (name b))"), DOMAIN("(vm # x\n (name c))"), STRAY("DA904", "(y z))"));
}

static void a_lost_quote_affects_only_its_domain(void **state)
{
	(void)state;
	EXPECT_SEXPR("(domain (name a) (x 'y)) (domain (name b)) " ONE,
		REJECTED("DA903", "(domain (name a) (x 'y)) "), DOMAIN("(domain (name b))"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(domain (name a) (x 'y)) (domain (name 'b')) " ONE,
		REJECTED("DA903", "(domain (name a) (x 'y)) "), DOMAIN("(domain (name 'b'))"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(domain (name a) (x 'y))\n(domain (name ' b'))\n" ONE,
		REJECTED("DA903", "(domain (name a) (x 'y))\n"), DOMAIN("(domain (name ' b'))"),
		DOMAIN(ONE));
	EXPECT_SEXPR("((domain (name a) (x 'y)) (domain (name 'b')) " ONE ")",
		REJECTED("DA903", "(domain (name a) (x 'y)) "), DOMAIN("(domain (name 'b'))"),
		DOMAIN(ONE));
	EXPECT_SEXPR("(domain (name a) (x \"y)) (domain (name \"it's\")) " ONE,
		REJECTED("DA903", "(domain (name a) (x \"y)) "), DOMAIN("(domain (name \"it's\"))"),
		DOMAIN(ONE));
	/* Two domains that are truncated inside a string make one string. */
	EXPECT_SEXPR("(domain (name '\n" ONE "\n" TWO "\n(domain (name '\n" ONE,
		REJECTED("DA903", "(domain (name '\n"), DOMAIN(ONE), DOMAIN(TWO),
		REJECTED("DA903", "(domain (name '\n"), DOMAIN(ONE));
	/* If several strings are not closed, the last one counts. */
	EXPECT_SEXPR(
		"(domain (x 'it\\'s (domain (name h))') (y 'z)) (domain (name b) (x ' y')) " ONE,
		REJECTED("DA903", "(domain (x 'it\\'s (domain (name h))') (y 'z)) "),
		DOMAIN("(domain (name b) (x ' y'))"), DOMAIN(ONE));
	/* A string that is closed properly is not the reason of damage elsewhere. */
	EXPECT_SEXPR("(domain (x '\n(domain (name h))\n') (y (domain (name b) (x ' y')) " ONE,
		REJECTED("DA903", "(domain (x '\n(domain (name h))\n') (y "),
		DOMAIN("(domain (name b) (x ' y'))"), DOMAIN(ONE));
	/* A byte that became # makes the rest of the line a comment. */
	EXPECT_SEXPR("(domain (name a#) (x y)) " ONE " " TWO "\n" ONE,
		REJECTED("DA903", "(domain (name a#) (x y)) "), DOMAIN(ONE), DOMAIN(TWO),
		DOMAIN(ONE));
	/* The remains of a broken domain begin with the quote that closed one of its strings. */
	EXPECT_SEXPR("((domain (x 'it\\'s (domain (name h))' (domain (x '(') (name b)) " ONE ")",
		REJECTED("DA903", "(domain (x 'it\\'s "), DOMAIN("(domain (name h))"),
		STRAY("DA904", "' "), DOMAIN("(domain (x '(') (name b))"), DOMAIN(ONE));
	/* Nothing closes the string. */
	EXPECT_SEXPR(ONE " \"domain (x '(')) " TWO, DOMAIN(ONE),
		STRAY("DA904", "\"domain (x '(')) "), DOMAIN(TWO));
}

/** The parenthesis of the list closes a domain whose own one is in a comment. */
static void a_comment_may_hide_the_end_of_a_domain_in_a_list(void **state)
{
	(void)state;
	EXPECT_SEXPR("((domain (name#a)) (domain (name b) # x\n (y (z 0))))\n",
		REJECTED("DA903", "(domain (name#a)) "),
		DOMAIN("(domain (name b) # x\n (y (z 0)))"));
	EXPECT_SEXPR("((domain (name#a)) (domain (name b) # x\n (y (z 0))))\n(" ONE ")",
		REJECTED("DA903", "(domain (name#a)) "),
		DOMAIN("(domain (name b) # x\n (y (z 0)))"), DOMAIN(ONE));
	/* When the list is closed, the comment is trusted. */
	EXPECT_SEXPR("((domain (name a) (y#) " ONE "\n)))\n",
		DOMAIN("(domain (name a) (y#) " ONE "\n))"));
	EXPECT_SEXPR("((domain (name a) (y#) " ONE "\n))\n" TWO ")",
		DOMAIN("(domain (name a) (y#) " ONE "\n))"), DOMAIN(TWO));
}

static void several_short_remains_are_reported_once(void **state)
{
	(void)state;
	EXPECT_SEXPR("(domain (domain (x (vm (" ONE, REJECTED("DA903", "(domain "),
		LIKEWISE("(domain (x "), LIKEWISE("(vm ("), DOMAIN(ONE));
	/* Longer words have names. */
	EXPECT_SEXPR("(domain (name a) (uuid 0123456789 (domain (name b) (uuid 0123456789 " ONE,
		REJECTED("DA903", "(domain (name a) (uuid 0123456789 "),
		REJECTED("DA903", "(domain (name b) (uuid 0123456789 "), DOMAIN(ONE));
}

static void a_string_of_a_whole_domain_is_trusted(void **state)
{
	(void)state;
	EXPECT_SEXPR("(domain (name a)\n (description 'note:\n" TWO "\nend')\n (memory 1))\n" ONE,
		DOMAIN("(domain (name a)\n (description 'note:\n" TWO "\nend')\n (memory 1))"),
		DOMAIN(ONE));
	HOLDS("(description 'it\\'s\n" ONE "\n')");
	HOLDS("(description \"it's\n" ONE "\n\") (title '\n" TWO "')");
	HOLDS("(description '" ONE "')");
	HOLDS("(description ' \\\n" ONE "\\\\')");
	HOLDS("# " ONE "\n (x y)");
	EXPECT_SEXPR("((domain (description '\n" ONE "')) " TWO ")",
		DOMAIN("(domain (description '\n" ONE "'))"), DOMAIN(TWO));
	/* Another broken domain does not change that. */
	EXPECT_SEXPR("(domain (name cut\n(domain (x '\n" ONE "'))\n" TWO,
		REJECTED("DA903", "(domain (name cut\n"), DOMAIN("(domain (x '\n" ONE "'))"),
		DOMAIN(TWO));
}

static void nul_bytes_are_damage(void **state)
{
	(void)state;
	EXPECT_SEXPR(ONE "\0\0\n\0" TWO, DOMAIN(ONE), HOLE, DOMAIN(TWO));
	EXPECT_SEXPR("( \0" ONE "\0)\0", HOLE, DOMAIN(ONE), HOLE, HOLE);
}

static void the_end_of_the_input_is_an_error_inside_anything(void **state)
{
	static const char *const ends[] = {"(domain", "(domain (name x)", "(domain (name 'x",
		"(domain (name x # y", "(domain (name x\\", "(domain (name 'x\\",
		"(domain (name x) "};

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct buffer input = {0};
		const struct expected expected[] = {DOMAIN(ONE),
			{i ? FRAME_REJECTED : FRAME_STRAY, "DA901", ends[i]}};

		add_format(&input, "%s%s", ONE, ends[i]);
		expect_cuts(DS_FORMAT_SEXPR, NULL, input.data, input.size, expected, 2);
		buffer_fini(&input);
	}
	EXPECT_SEXPR(ONE "(", DOMAIN(ONE), STRAY("DA901", "("));
	EXPECT_SEXPR(ONE "(dom", DOMAIN(ONE), STRAY(NULL, "(dom"));
}

/* ---- limits ---- */

static void a_domain_may_be_as_large_as_the_limit(void **state)
{
	struct ds_limits limits;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	limits.domain_size = 100;
	for (size_t size = 99; size < 130; size++) {
		struct buffer input = {0}, whole = {0};
		struct cuts cuts;

		add_format(&input, TWO "\n(domain (name ");
		while (input.size < strlen(TWO) + 1 + size - 2)
			buffer_byte(&input, input.size % 7 ? 'x' : ' ');
		add_format(&input, "))\n" TWO);
		for (size_t piece = 0; piece < 150; piece += 1 + piece / 20) {
			cut_input(&cuts, DS_FORMAT_SEXPR, &limits, input.data, input.size, piece);
			assert_int_equal(cuts.count, 3);
			assert_int_equal(cuts.items[1].frame.kind,
				size <= 100 ? FRAME_DOMAIN : FRAME_REJECTED);
			if (size > 100)
				assert_string_equal(cuts.items[1].frame.id, "DA905");
			/* A refused range extends to the next domain. */
			assert_true(cuts.items[1].bytes.size == size ||
				(size > 100 && cuts.items[1].bytes.size == size + 1));
			expect_whole(&cuts, piece, &whole);
			cuts_fini(&cuts);
		}
		buffer_fini(&whole);
		buffer_fini(&input);
	}
}

static void any_damage_has_the_same_frames_for_all_chunks(void **state)
{
	static const char *const pieces[] = {
		"(domain ",
		"(domain\n",
		"(vm (name x",
		"(device (vbd ",
		")",
		"))",
		")\n",
		"'",
		"\"",
		"\\",
		"#",
		"\n",
		" ",
		"(",
		"((",
		"text",
		"(name x)",
		"(device (pci (dev (domain 0x0))))",
		"(domain (name x))\n",
		"\0",
		"(xend.err 'x')",
	};
	struct ds_limits limits;
	uint64_t seed = 11;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	for (size_t round = 0; round < 3000; round++) {
		struct buffer input = {0}, whole = {0};

		limits.domain_size =
			round % 2 ? 40 + chance_below(&seed, 100) : DS_LIMIT_DOMAIN_SIZE;
		for (size_t i = chance_below(&seed, 18); i; i--) {
			size_t which = chance_below(&seed, COUNT(pieces));

			buffer_add(&input, pieces[which],
				*pieces[which] ? strlen(pieces[which]) : 1);
		}
		for (size_t piece = 0; piece < 24; piece += 1 + piece / 4) {
			struct buffer dump = {0};
			struct cuts cuts;

			cut_input(&cuts, DS_FORMAT_SEXPR, &limits, input.data, input.size, piece);
			dump_cuts(piece ? &dump : &whole, &cuts);
			if (piece &&
				(dump.size != whole.size ||
					memcmp(as_string(&dump), as_string(&whole), dump.size) !=
						0))
				fail_msg("limit %zu, in pieces of %zu:\n%swhole:\n%s",
					limits.domain_size, piece, as_string(&dump),
					as_string(&whole));
			buffer_fini(&dump);
			cuts_fini(&cuts);
		}
		buffer_fini(&whole);
		buffer_fini(&input);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_input_has_no_domain),
		cmocka_unit_test(domains_follow_one_another),
		cmocka_unit_test(a_list_may_be_around_domains),
		cmocka_unit_test(lines_that_xm_prints_before_are_skipped),
		cmocka_unit_test(a_prompt_is_reported_and_affects_no_domain),
		cmocka_unit_test(other_lists_are_reported),
		cmocka_unit_test(a_save_file_has_one_domain_and_a_memory_image),
		cmocka_unit_test(strings_and_comments_hide_parentheses),
		cmocka_unit_test(a_quote_is_one_only_where_a_token_begins),
		cmocka_unit_test(a_nul_is_white_space),
		cmocka_unit_test(a_pci_device_has_a_domain_of_its_own),
		cmocka_unit_test(xl_closes_a_domain_before_its_devices),
		cmocka_unit_test(a_truncated_domain_ends_where_a_line_begins_the_next_one),
		cmocka_unit_test(elsewhere_the_next_domain_counts_when_this_one_does_not_end),
		cmocka_unit_test(two_broken_domains_do_not_enclose_others),
		cmocka_unit_test(a_lost_quote_affects_only_its_domain),
		cmocka_unit_test(a_comment_may_hide_the_end_of_a_domain_in_a_list),
		cmocka_unit_test(several_short_remains_are_reported_once),
		cmocka_unit_test(a_string_of_a_whole_domain_is_trusted),
		cmocka_unit_test(nul_bytes_are_damage),
		cmocka_unit_test(the_end_of_the_input_is_an_error_inside_anything),
		cmocka_unit_test(a_domain_may_be_as_large_as_the_limit),
		cmocka_unit_test(any_damage_has_the_same_frames_for_all_chunks),
	};

	return cmocka_run_group_tests_name("sexpr_framer", tests, NULL, NULL);
}
