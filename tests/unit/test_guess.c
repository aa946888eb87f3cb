/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

/*
 * A framer that guesses where a domain of SEXPR ends, and reframes what turns out to be wrong,
 * gives the same frames as one that looks at every byte: for all chunk sizes, and for any damage.
 */

#define ONE "(domain (name one) (device (vbd (dev xvda) (uname phy:one))))"

static const char *const pieces[] = {
	(ONE "\n"),
	("\n" ONE),
	"(domain\n    (name laid)\n    (device\n        (vbd\n            (dev xvda)\n        )\n  "
	"  )\n)\n",
	"(vm (name 'two words') (memory 64))\n",
	"(domain\t(name tab))\r\n\r\n",
	"(domain (name \"it's\") (args 'a\\'b'))\n",
	"(domain (name x) (domid 1) (image (linux (kernel /k) (args 'a (domain (name b)) c'))))\n",
	"(domain (name pci) (device (pci (dev (domain 0x0000) (bus 1)))))\n",
	/* Damaged fragments. */
	"(domain (name open) (device (vbd (dev xvda)\n",
	"(domain (name open) (device (vbd (dev xvda)) (domain (name inner) (memory 5))\n",
	/* Two domains in another one: among its lists, in a value, in the state of a running
	 * domain, and where the image names its builder. */
	"(domain (name open) (domain (name inner)) (vm (name inner)) (memory 5))\n",
	"(domain (name open) (x y (domain (name inner)) (domain (name inner)))\n (memory 5))\n",
	"(domain (name open) (state r (vm\t(name inner)) (vm(name inner))))\n",
	"(domain (name open) (image (domain (name inner) (vm (name inner)))))\n",
	"(domain (name quote) (args 'never closed))\n",
	"(domain (name quote) (args 'never\n(domain (name inner))\n",
	"(domain (name closed))) (memory 5))\n",
	"(domain (name closed)) rubbish\n",
	"(domain\n",
	"(domain (",
	"(domain (name '",
	"(domain (memory much))\n",
	"(domain (name deep) (((((((((((((((((((((((((a)))))))))))))))))))))))))\n",
	"(domain # comment )\n (name x))\n",
	"(domain (name x)) # comment\n",
	"(domain (name x)) # (domain (name y))\n",
	/* Fragments of xl's dialect. */
	"(domain\n\t(name xl)\n\t(image\n\t\t(linux 0)\n\t\t(kernel "
	"/k)\n\t)\n)\n\t(device\n\t\t(vbd (dev xvda))\n\t)\n)\n",
	"(domain (name xl) (image (linux 0)))\n(device (vbd (dev xvda))))\n",
	"(device (vbd (dev xvda)))\n",
	/* Lines that begin no domain. */
	"(",
	")",
	"'",
	"\"",
	"\\",
	"#",
	"\n",
	" ",
	"\0",
	"((",
	"))\n",
	"(domain",
	"(vm",
	"(do",
	"\n(domain (",
	"\n(vm (",
	"name",
	"(xend.err 'no')\n",
	"Using config file \"x\".\n",
	"LinuxGuestRecord\n\n\n\n",
	"\n(",
	"\n)",
	"\xef\xbb\xbf",
	"(domain)\n",
	"(domain 'a\\\n(domain (name z))'))\n",
};

static unsigned random_number(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

static void add_piece(struct buffer *out, uint64_t *seed)
{
	/* Two of three domains are complete and begin a line, as in a real dump. */
	const char *piece = pieces[random_number(seed, 3) ? random_number(seed, 3)
							  : random_number(seed, COUNT(pieces))];

	buffer_add(out, *piece ? piece : "\0", *piece ? strlen(piece) : 1);
	if (out->size && !random_number(seed, 40))
		out->data[random_number(seed, (unsigned)out->size)] =
			"()'\"#\n x"[random_number(seed, 8)];
}

/** Returns the number of guesses. */
static size_t compare(const struct buffer *bytes, const struct ds_limits *limits, size_t piece)
{
	struct buffer wanted = {0}, is = {0};
	struct cuts careful, guessing;

	cut_input(&careful, DS_FORMAT_SEXPR, limits, bytes->data, bytes->size, 0);
	cut_guessing(&guessing, limits, bytes->data, bytes->size, piece);
	dump_cuts(&wanted, &careful);
	dump_cuts(&is, &guessing);
	assert_same(&is, &wanted);
	buffer_fini(&wanted);
	buffer_fini(&is);
	cuts_fini(&careful);
	cuts_fini(&guessing);
	return guessing.guesses;
}

static void random_dumps_have_the_same_frames_as_without_guessing(void **state)
{
	size_t guesses = 0;

	(void)state;
	for (uint64_t round = 0; round < 20000; round++) {
		uint64_t seed = round;
		struct buffer bytes = {0};
		struct ds_limits limits;

		ds_limits_init(&limits, sizeof limits);
		if (round % 5 == 0)
			limits.domain_size = 20 + random_number(&seed, 200);
		for (unsigned i = 2 + random_number(&seed, 14); i; i--)
			add_piece(&bytes, &seed);
		guesses += compare(&bytes, &limits, round % 3 ? 0 : 1 + random_number(&seed, 300));
		buffer_fini(&bytes);
	}
	/* Otherwise the test would prove nothing. */
	assert_true(guesses > 20000);
}

static void ends_are_guessed_in_a_dump_of_xm(void **state)
{
	struct buffer bytes = {0};

	(void)state;
	for (int i = 0; i < 10; i++)
		buffer_string(&bytes, i % 2 ? pieces[0] : pieces[2]);
	/* Every domain but the last one is guessed. */
	assert_int_equal(compare(&bytes, NULL, 0), 9);
	buffer_fini(&bytes);
}

/** A predicted end is followed by a truncated domain, of which only the head is left. */
static void the_head_of_the_next_domain_may_be_a_frame(void **state)
{
	struct buffer bytes = {0};

	(void)state;
	buffer_string(&bytes,
		"(domain (name open) (x (domain (name inner)))\n(vm\n(vm (name '" ONE);
	assert_int_equal(compare(&bytes, NULL, 0), 1);
	buffer_fini(&bytes);
}

/** Hostile bytes are divided into as many frames as a block may have, and then into more. */
static void many_frames_come_in_several_calls(void **state)
{
	struct buffer bytes = {0};

	(void)state;
	buffer_string(&bytes, "(domain (name x))");
	for (size_t i = 0; i < FRAMES_MAX * 2 + 10; i++)
		buffer_string(&bytes, ")");
	buffer_string(&bytes, "\n" ONE "\n");
	assert_int_equal(compare(&bytes, NULL, 0), 1);
	buffer_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_dumps_have_the_same_frames_as_without_guessing),
		cmocka_unit_test(ends_are_guessed_in_a_dump_of_xm),
		cmocka_unit_test(the_head_of_the_next_domain_may_be_a_frame),
		cmocka_unit_test(many_frames_come_in_several_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
