/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* getopt_long() */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/suggest.h"

/** Room for every rule; what is beyond would be unknown. */
#define RULES_MAX 128
/** What getopt_long() returns for the first rule; above all letters. */
#define KEY_BASE 256

/** The rules of one command in the form that getopt_long() takes. */
struct tables {
	struct option longs[RULES_MAX + 1];
	/** ':' first, so that getopt reports a missing argument differently; then at most "x:" a
	 * rule. */
	char shorts[2 + 2 * RULES_MAX];
};

static void fill_tables(struct tables *tables, unsigned groups)
{
	static const int kinds[] = {no_argument, required_argument, optional_argument};
	size_t used = 0, letters = 0, i;

	memset(tables, 0, sizeof *tables);
	tables->shorts[letters++] = ':';
	for (i = 0; i < option_rule_count && used < RULES_MAX; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (!rule->name || !(rule->groups & groups))
			continue;
		tables->longs[used].name = rule->name;
		tables->longs[used].has_arg = kinds[rule->argument];
		tables->longs[used].val = KEY_BASE + (int)i;
		used++;
		if (!rule->letter)
			continue;
		tables->shorts[letters++] = rule->letter;
		if (rule->argument == ARGUMENT_REQUIRED)
			tables->shorts[letters++] = ':';
	}
}

static const struct option_rule *find_rule(int key)
{
	size_t i;

	if (key >= KEY_BASE)
		return &option_rules[key - KEY_BASE];
	for (i = 0; i < option_rule_count; i++) {
		if (option_rules[i].letter && option_rules[i].letter == (char)key)
			return &option_rules[i];
	}
	return NULL;
}

/** How many options of these groups begin with the `size` bytes at `word`. */
static size_t count_prefix(const char *word, size_t size, unsigned groups)
{
	size_t count = 0;

	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		count += rule->name && (rule->groups & groups) &&
			strncmp(rule->name, word, size) == 0;
	}
	return count;
}

/** Whether an option that this command refuses is one of another command. */
static int is_of_another(const char *word, size_t size)
{
	for (size_t i = 0; i < option_rule_count; i++) {
		const char *name = option_rules[i].name;

		if (name && strlen(name) == size && memcmp(name, word, size) == 0)
			return 1;
	}
	return 0;
}

/** Refuses a long option that getopt_long() does not accept. `option` is the word, with the
 * hyphens. */
static void explain_long(const char *option, const char *command, unsigned groups)
{
	const char *name = option + 2;
	size_t size = strcspn(name, "=");
	struct suggestion nearest = {0};
	char typed[64];

	if (is_of_another(name, size)) {
		message_usage("'%s' has no option '--%.*s'", command, (int)size, name);
		return;
	}
	if (count_prefix(name, size, groups) > 1) {
		message_usage("option '--%.*s' is ambiguous: more letters are needed", (int)size,
			name);
		return;
	}
	snprintf(typed, sizeof typed, "%.*s", (int)size, name);
	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (rule->name && (rule->groups & groups))
			suggest_add(&nearest, typed, rule->name, strlen(rule->name));
	}
	if (nearest.word)
		message_usage("unknown option '%s'; did you mean '--%s'?", option, nearest.word);
	else
		message_usage("unknown option '%s'", option);
}

/** Explains what getopt_long() refused. `word` is where it stood, unless that is a letter with
 * others behind it. */
static void explain(int result, const char *word, const char *command, unsigned groups)
{
	/* It leaves the letter in optopt, the key of a known option that is used wrongly, or 0 for
	 * an unknown one. */
	int is_long = optopt == 0 || optopt >= KEY_BASE;

	if (result == ':')
		message_usage("option '%s' needs a value", word);
	else if (!is_long && find_rule(optopt))
		message_usage("'%s' has no option '-%c'", command, optopt);
	else if (!is_long && optopt >= '1' && optopt <= '9')
		message_usage(
			"unknown option '-%c'; a level of compression is given as '--gzip=%c'",
			optopt, optopt);
	else if (!is_long)
		message_usage("unknown option '-%c'", optopt);
	else if (optopt >= KEY_BASE)
		message_usage("option '--%s' takes no value", find_rule(optopt)->name);
	else
		explain_long(word, command, groups);
}

/** Adds the words of a value name such as "xml|sexpr" to what may have been meant. */
static void suggest_words(struct suggestion *nearest, const char *typed, const char *words)
{
	while (*words) {
		size_t size = strcspn(words, "|");

		suggest_add(nearest, typed, words, size);
		words += size + (words[size] != '\0');
	}
}

/** Refuses the value of an option, and says which ones there are. */
static void refuse_value(const struct option_rule *rule, const char *value)
{
	const char *name = rule->value_name ? rule->value_name : "";
	struct suggestion nearest = {0};

	if (strchr(name, '|')) {
		suggest_words(&nearest, value, name);
		message_usage("option '--%s' cannot be '%s'; it is one of %s%s%.*s%s", rule->name,
			value, name, nearest.word ? "; did you mean '" : "", (int)nearest.size,
			nearest.word ? nearest.word : "", nearest.word ? "'?" : "");
	} else if (strcmp(name, "N") == 0) {
		message_usage("option '--%s' cannot be '%s'; it is a number in its range",
			rule->name, value);
	} else if (strcmp(name, "disks") == 0) {
		message_usage("option '--%s' cannot be '%s'; it can only be '%s'", rule->name,
			value, name);
	} else if (strcmp(name, "SIZE") == 0) {
		message_usage("option '--%s' cannot be '%s'; it is a size such as 64k or 16M",
			rule->name, value);
	} else {
		message_usage("option '--%s' cannot be '%s'", rule->name, value);
	}
}

static int set(struct options *options, int key, const char *value)
{
	const struct option_rule *rule = find_rule(key);
	int result;

	if (options->given_count == GIVEN_MAX) {
		message_usage("there are more than %d options", GIVEN_MAX);
		return -1;
	}
	options->given[options->given_count].name = rule->name;
	options->given[options->given_count].groups = rule->groups;
	options->given[options->given_count++].value = value;
	result = rule->set(options, value);
	if (result < 0)
		refuse_value(rule, value);
	return result == 0 ? 0 : -1;
}

int options_are_for_stdout(const struct options *options)
{
	return !options->output_dir && (!options->output || strcmp(options->output, "-") == 0);
}

static int ends_in(const char *name, const char *ending)
{
	size_t size = strlen(name), ending_size = strlen(ending);

	return size > ending_size && strcmp(name + size - ending_size, ending) == 0;
}

/** Whether the output is compressed depends on its name too. */
static int check_compression(struct options *options)
{
	int is_standard = options_are_for_stdout(options);

	if (is_standard && options->run.gzip_level > 0 && isatty(STDOUT_FILENO)) {
		message_usage("compressed output is not written to a terminal");
		return -1;
	}
	if (options->output && !is_standard && options->run.gzip_level == 0 &&
		(ends_in(options->output, ".gz") || ends_in(options->output, ".tgz")))
		options->run.gzip_level = GZIP_LEVEL_DEFAULT;
	return 0;
}

/** One file a domain: what goes with it, and whether the output's name asks for an archive. */
static int check_separate(struct options *options)
{
	const char *name = options->output;

	if (options->output_dir && (name || options->run.gzip_level || options->writer.wrap)) {
		message_usage(
			"option '--output-dir' cannot be combined with '--output', '--gzip' and "
			"'--wrap'");
		return -1;
	}
	if (!name || !(ends_in(name, ".tar") || ends_in(name, ".tar.gz") || ends_in(name, ".tgz")))
		return 0;
	if (options->writer.wrap) {
		message_usage("option '--wrap' cannot be combined with an archive");
		return -1;
	}
	options->output_is_tar = 1;
	options->tar_gzip_level = options->run.gzip_level;
	options->run.gzip_level = 0;
	return 0;
}

/** Refuses options that would have no effect in this combination. */
static int check_effects(const struct options *options)
{
	const struct ds_writer_options *writer = &options->writer;

	if (writer->pretty && writer->format == DS_FORMAT_XML) {
		message_usage("option '--pretty' has no effect with '--to xml': it lays out SEXPR");
		return -1;
	}
	if (writer->wrap != DS_WRAP_AUTO && writer->format == DS_FORMAT_SEXPR) {
		message_usage("option '--wrap' has no effect with '--to sexpr': it is about XML");
		return -1;
	}
	return 0;
}

/** What of the options of an audit does not work in a part; NULL: nothing. */
static const char *audit_conflict(const struct options *options)
{
	if (!options->part_file)
		return "option '--part' of an audit needs '--part-file': only all parts together "
		       "have its findings";
	if (options->selection.host_count)
		return "option '--on-host' cannot be used with '--part': one part does not know "
		       "all "
		       "hosts";
	for (size_t i = 0; i < options->given_count; i++)
		if (options->given[i].groups & OPTION_REPORT)
			return "the findings of parts are reported by 'domstream merge': give it "
			       "the options about reports, baselines and severities";
	return NULL;
}

/** What of the options does not work in a part; NULL: nothing. */
static const char *part_conflict(const struct options *options)
{
	const struct ds_run_options *run = &options->run;
	bool writes_domains = (options->groups & OPTION_WRITE) != 0;

	if (!run->name_count && !run->files_from)
		return "option '--part' needs inputs by name, which every part can read";
	if (run->files_from && strcmp(run->files_from, "-") == 0)
		return "option '--part' needs '--files-from' with a file, which every part can "
		       "read";
	if (options->manifest)
		return "option '--manifest' lists whole inputs; in a part, use '--part-file'";
	if (run->max_errors)
		return "option '--max-errors' cannot be used with '--part': one part does not know "
		       "what the others have rejected";
	if (options->output_dir || options->output_is_tar)
		return "option '--part' writes domains to one file: parts that write a file for "
		       "each domain would choose the same names";
	if (writes_domains && options->writer.format == DS_FORMAT_AUTO)
		return "option '--part' needs '--to xml' or '--to sexpr': otherwise the first "
		       "domain of each part decides";
	if (options->writer.format == DS_FORMAT_XML && options->writer.wrap == DS_WRAP_AUTO)
		return "option '--part' with '--to xml' needs '--wrap always' or '--wrap never': "
		       "one part does not know how many domains there are";
	return options->groups & OPTION_REPORT ? audit_conflict(options) : NULL;
}

static int check_part(struct options *options)
{
	const char *conflict;

	/* The other parts read the inputs too. */
	options->may_replace_input &= !options->run.parts;
	if (!options->run.parts && (options->part_file || options->run.from_border)) {
		message_usage("option '--%s' needs '--part'",
			options->part_file ? "part-file" : "from-border");
		return -1;
	}
	conflict = options->run.parts ? part_conflict(options) : NULL;
	if (!conflict)
		return 0;
	message_usage("%s", conflict);
	return -1;
}

/** Somebody who types a command without a file may not know that it waits. */
static void note_waiting(const struct options *options)
{
	const struct ds_run_options *run = &options->run;

	if (run->name_count == 0 && !run->files_from && !options->manifest &&
		options->verbosity != VERBOSITY_QUIET && isatty(STDIN_FILENO))
		message_note("reading standard input from the terminal; Ctrl-D ends it");
}

/** What only all options together can show. */
static int check(struct options *options, unsigned groups)
{
	struct ds_run_options *run = &options->run;
	size_t i;

	if (run->files_from_nul && !run->files_from) {
		message_usage("option '--null' needs '--files-from'");
		return -1;
	}
	for (i = 0; run->files_from && strcmp(run->files_from, "-") == 0 && i < run->name_count;
		i++) {
		if (strcmp(run->names[i], "-") == 0) {
			message_usage("'-' cannot be an input and '--files-from' at once");
			return -1;
		}
	}
	if (options->resume && !options->manifest && !options->part_file) {
		message_usage("option '--resume' needs '--manifest' or '--part-file'");
		return -1;
	}
	if (check_compression(options) != 0 || check_effects(options) != 0)
		return -1;
	if (groups & OPTION_DOMAINS && check_separate(options) != 0)
		return -1;
	return check_part(options);
}

/** Whether a word was meant as the level of `--gzip`, whose value needs an equals sign. */
static int is_gzip_level(int key, const char *value, const char *word)
{
	return !value && word && word[0] >= '1' && word[0] <= '9' && !word[1] &&
		strcmp(find_rule(key)->name, "gzip") == 0;
}

int options_parse(struct options *options, unsigned groups, int count, char **words)
{
	struct tables tables;
	int key;

	memset(options, 0, sizeof *options);
	ds_run_options_init(&options->run, sizeof options->run);
	ds_limits_init(&options->limits, sizeof options->limits);
	ds_writer_options_init(&options->writer, sizeof options->writer);
	ds_rows_options_init(&options->rows, sizeof options->rows);
	ds_selection_init(&options->selection, sizeof options->selection);
	ds_audit_options_init(&options->audit.library, sizeof options->audit.library);
	options->audit.fail_on = DS_SEVERITY_HIGH;
	options->max_messages = MESSAGES_DEFAULT;
	options->may_replace_input = (groups & OPTION_WRITE) != 0;
	options->command = words[0];
	options->groups = groups;
	fill_tables(&tables, groups);
	opterr = 0;
	/* Parsing may happen twice: a manifest has options too. */
	optind = 0;
	while ((key = getopt_long(count, words, tables.shorts, tables.longs, NULL)) != -1) {
		if (key == '?' || key == ':') {
			explain(key, words[optind - 1], words[0], groups);
			return -1;
		}
		if (is_gzip_level(key, optarg, words[optind])) {
			message_usage("the level of '--gzip' is given as '--gzip=%s'; a file of "
				      "that name is './%s'",
				words[optind], words[optind]);
			return -1;
		}
		if (set(options, key, optarg) != 0)
			return -1;
		if (options->wants_help)
			return 0;
	}
	options->run.names = (const char *const *)(words + optind);
	options->run.name_count = (size_t)(count - optind);
	if (check(options, groups) != 0)
		return -1;
	if (groups & OPTION_FILES)
		note_waiting(options);
	return 0;
}
