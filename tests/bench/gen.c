/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The number of bytes between two writes. */
#define BLOCK_SIZE ((size_t)1 << 20)

static const char usage[] =
	"usage: gen --format xml|sexpr [--domains N] [--mb M] [--seed S] [--flat|--laid-out]\n"
	"           [--wrapped|--concat] [--start K] [--bad EVERY]\n"
	"\n"
	"Writes a dump of N domains, or of as many as fill M million bytes, to standard output. "
	"Default: 10 domains.\n"
	"\n"
	"  --flat       SEXPR: one domain a line; default as `xm list --long` prints it\n"
	"  --wrapped    XML: <domains> around all; SEXPR: one list around all; default one after "
	"another\n"
	"  --start K    begin with domain K: slices of a dump, put together, are the dump\n"
	"  --bad EVERY  damage domains EVERY - 1, 2 * EVERY - 1, ...; of N domains from 0, N / "
	"EVERY are bad.\n"
	"               In turn: a close is missing; truncated in the middle; XML: a wrong end "
	"tag, "
	"SEXPR: an open quote\n";

struct options {
	/** Numbers, because getopt_long() sets them. */
	int flat, wrapped;
	bool is_sexpr;
	uint64_t domains, bytes, seed, start, bad;
};

static void die(const char *message)
{
	fprintf(stderr, "gen: %s\n", message);
	exit(1);
}

/** Replaces the last `what` from `begin` on, which exists, by `with`. */
static void replace_last(struct text *text, size_t begin, const char *what, const char *with)
{
	size_t length = strlen(what), at = text->size - length;
	char *rest;
	size_t rest_size;

	while (at > begin && memcmp(text->data + at, what, length) != 0)
		at--;
	rest_size = text->size - at - length;
	rest = malloc(rest_size + 1);
	if (!rest)
		die("no memory");
	memcpy(rest, text->data + at + length, rest_size);
	text->size = at;
	text_put(text, with);
	text_add(text, rest, rest_size);
	free(rest);
}

/** Damages the domain that begins at `begin`; its neighbours stay complete. */
static void damage(struct text *out, size_t begin, bool is_sexpr, unsigned kind)
{
	switch (kind) {
	case 0:
		replace_last(out, begin, is_sexpr ? ")" : "  </devices>\n", "");
		break;
	case 1:
		out->size -= (out->size - begin) / 2;
		text_put_byte(out, '\n');
		break;
	default:
		if (is_sexpr)
			replace_last(out, begin, "(on_crash ", "(on_crash '");
		else
			replace_last(out, begin, "</devices>", "</device>");
	}
}

static void add_domain(struct text *out, const struct options *options, uint64_t index)
{
	static struct gen_domain domain;
	size_t begin = out->size;

	gen_domain_init(&domain, options->seed, index);
	if (options->is_sexpr)
		gen_sexpr(out, &domain, options->flat);
	else
		gen_xml(out, &domain);
	if (options->bad && (index + 1) % options->bad == 0)
		damage(out, begin, options->is_sexpr,
			(unsigned)((index + 1) / options->bad - 1) % 3);
	if (!options->is_sexpr && !options->wrapped)
		text_put_byte(out, '\n'); /* as `virsh dumpxml` ends */
}

static void write_out(struct text *out)
{
	if (fwrite(out->data, 1, out->size, stdout) != out->size)
		die(strerror(errno));
	out->size = 0;
}

static void write_dump(const struct options *options)
{
	struct text out = {NULL, 0, 0};
	uint64_t written = 0;

	if (options->wrapped)
		text_put(&out,
			options->is_sexpr ? "(\n"
					  : "<?xml version='1.0' encoding='UTF-8'?>\n<domains>\n");
	for (uint64_t i = 0; i < options->domains && written + out.size < options->bytes; i++) {
		add_domain(&out, options, options->start + i);
		if (out.size >= BLOCK_SIZE) {
			written += out.size;
			write_out(&out);
		}
	}
	if (options->wrapped)
		text_put(&out, options->is_sexpr ? ")\n" : "</domains>\n");
	write_out(&out);
	if (fflush(stdout) != 0)
		die(strerror(errno));
	free(out.data);
}

static uint64_t number_of(const char *argument)
{
	char *end;
	unsigned long long number = strtoull(argument, &end, 10);

	if (end == argument || *end != '\0' || *argument == '-')
		die("a number is expected");
	return number;
}

enum { OPTION_FORMAT = 256, OPTION_DOMAINS, OPTION_MB, OPTION_SEED, OPTION_START, OPTION_BAD };

static void parse_options(struct options *options, int argc, char **argv)
{
	const struct option names[] = {
		{"format", required_argument, NULL, OPTION_FORMAT},
		{"domains", required_argument, NULL, OPTION_DOMAINS},
		{"mb", required_argument, NULL, OPTION_MB},
		{"seed", required_argument, NULL, OPTION_SEED},
		{"start", required_argument, NULL, OPTION_START},
		{"bad", required_argument, NULL, OPTION_BAD},
		{"flat", no_argument, &options->flat, 1},
		{"laid-out", no_argument, &options->flat, 0},
		{"wrapped", no_argument, &options->wrapped, 1},
		{"concat", no_argument, &options->wrapped, 0},
		{NULL, 0, NULL, 0},
	};
	int option, has_format = 0;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == OPTION_FORMAT) {
			options->is_sexpr = strcmp(optarg, "sexpr") == 0;
			has_format = options->is_sexpr || strcmp(optarg, "xml") == 0;
		} else if (option == OPTION_DOMAINS) {
			options->domains = number_of(optarg);
		} else if (option == OPTION_MB) {
			options->bytes = number_of(optarg) * 1000000;
		} else if (option == OPTION_SEED) {
			options->seed = number_of(optarg);
		} else if (option == OPTION_START) {
			options->start = number_of(optarg);
		} else if (option == OPTION_BAD) {
			options->bad = number_of(optarg);
		} else if (option != 0) {
			has_format = 0;
			break;
		}
	}
	if (!has_format || optind != argc) {
		fputs(usage, stderr);
		exit(3);
	}
	if (options->domains == UINT64_MAX && options->bytes == UINT64_MAX)
		options->domains = 10;
}

int main(int argc, char **argv)
{
	struct options options = {.domains = UINT64_MAX, .bytes = UINT64_MAX, .seed = 1};

	parse_options(&options, argc, argv);
	write_dump(&options);
	return 0;
}
