/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/output.h"
#include "support.h"

#include <stdlib.h>

/* A damaged member of a gzip file does not affect the others, whichever bit is wrong. */

#define MEMBERS 4
#define DOMAINS_PER_MEMBER 2

struct compressed {
	struct buffer bytes;
	/** Where each member begins, and where the last one ends. */
	size_t begin[MEMBERS + 2];
	size_t count;
};

/** The domains that a run has delivered, one bit each, and the number of domains that should not
 * have been delivered. */
struct seen {
	unsigned names;
	unsigned wrong;
};

static void add_text(struct buffer *text, enum ds_format format, unsigned number)
{
	if (format == DS_FORMAT_XML)
		add_format(text, "<domain>\n <name>n%u</name>\n <memory>%u</memory>\n</domain>\n",
			number, 1000 + number);
	else
		add_format(text, "(domain (name n%u) (memory %u))\n", number, 1000 + number);
}

static void compress(struct compressed *compressed, enum ds_format format, bool is_bgzf)
{
	struct bgzf *bgzf = bgzf_new(6);

	memset(compressed, 0, sizeof *compressed);
	assert_non_null(bgzf);
	for (unsigned member = 0; member < MEMBERS; member++) {
		struct buffer text = {0};

		for (unsigned i = 0; i < DOMAINS_PER_MEMBER; i++)
			add_text(&text, format, member * DOMAINS_PER_MEMBER + i);
		compressed->begin[compressed->count++] = compressed->bytes.size;
		if (is_bgzf) {
			char *room = buffer_room(&compressed->bytes, BGZF_BLOCK_MAX);

			compressed->bytes.size += bgzf_block(bgzf, text.data, text.size, room);
		} else {
			add_gzip(&compressed->bytes, text.data, text.size);
		}
		buffer_fini(&text);
	}
	compressed->begin[compressed->count] = compressed->bytes.size;
	if (is_bgzf)
		buffer_add(&compressed->bytes, bgzf_end, sizeof bgzf_end);
	bgzf_free(bgzf);
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	struct seen *seen = context;
	unsigned long number = domain->name.size == 2 && domain->name.data[0] == 'n'
		? (unsigned long)domain->name.data[1] - '0'
		: 99;

	if (number < MEMBERS * DOMAINS_PER_MEMBER && domain->memory_kib)
		seen->names |= 1u << number;
	else
		seen->wrong++;
	return DS_OK;
}

static enum ds_status read_compressed(const struct compressed *compressed, unsigned jobs,
	struct seen *seen)
{
	const char *name = "f";
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	memset(seen, 0, sizeof *seen);
	save(name, compressed->bytes.data, compressed->bytes.size);
	ds_run_options_init(&options, sizeof options);
	options.names = &name;
	options.name_count = 1;
	options.jobs = jobs;
	options.check_only = true;
	options.context = seen;
	options.domain = on_domain;
	return ds_run(&options, &counts, &error);
}

/** Every domain of the intact members must have been delivered; with DS_OK, exactly all domains. */
static void check(const struct compressed *compressed, size_t at, enum ds_status status,
	const struct seen *seen)
{
	unsigned all = (1u << (MEMBERS * DOMAINS_PER_MEMBER)) - 1;
	unsigned wanted = all;

	for (size_t member = 0; member < MEMBERS; member++)
		if (at >= compressed->begin[member] && at < compressed->begin[member + 1])
			wanted &= ~(
				((1u << DOMAINS_PER_MEMBER) - 1) << (member * DOMAINS_PER_MEMBER));
	if (status == DS_OK && (seen->names != all || seen->wrong))
		fail_msg("byte %zu: the status is DS_OK, and the domains are %x", at, seen->names);
	if ((seen->names & wanted) != wanted)
		fail_msg("byte %zu: domains %x instead of %x", at, seen->names, wanted);
}

static void flip_every_bit(enum ds_format format, bool is_bgzf)
{
	struct compressed compressed;
	struct seen seen;

	compress(&compressed, format, is_bgzf);
	assert_int_equal(read_compressed(&compressed, 1, &seen), DS_OK);
	for (size_t bit = 0; bit < compressed.bytes.size * 8; bit++) {
		enum ds_status status;

		compressed.bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		status = read_compressed(&compressed, bit % 16 ? 1 : 2, &seen);
		compressed.bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		check(&compressed, bit / 8, status, &seen);
	}
	buffer_fini(&compressed.bytes);
}

static void any_wrong_bit_affects_only_its_member(void **state)
{
	(void)state;
	flip_every_bit(DS_FORMAT_XML, false);
	flip_every_bit(DS_FORMAT_SEXPR, false);
}

static void any_wrong_bit_affects_only_its_block(void **state)
{
	(void)state;
	flip_every_bit(DS_FORMAT_XML, true);
	flip_every_bit(DS_FORMAT_SEXPR, true);
}

static enum ds_status keep_error(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)raw;
	if (error)
		add_format(context, "%s %s\n", error->id, error->text);
	return DS_OK;
}

/** The ratio applies to the file: many members that are each below GZIP_GRACE are refused, too. */
static void many_members_of_blanks_are_refused(void **state)
{
	const char *name = "f";
	size_t size = (size_t)4 << 20;
	char *blanks = malloc(size);
	struct buffer file = {0}, errors = {0};
	struct ds_run_options options;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;

	(void)state;
	assert_non_null(blanks);
	memset(blanks, ' ', size);
	for (unsigned i = 0; i < 60; i++)
		add_gzip(&file, blanks, size);
	save(name, file.data, file.size);
	ds_run_options_init(&options, sizeof options);
	options.names = &name;
	options.name_count = 1;
	options.check_only = true;
	options.context = &errors;
	options.rejected = keep_error;
	assert_int_equal(ds_run(&options, &counts, &error), DS_DAMAGED);
	assert_has(&errors, "DA905");
	free(blanks);
	buffer_fini(&file);
	buffer_fini(&errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(any_wrong_bit_affects_only_its_member),
		IN_DIRECTORY(any_wrong_bit_affects_only_its_block),
		IN_DIRECTORY(many_members_of_blanks_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
