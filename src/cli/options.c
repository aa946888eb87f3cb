/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* getopt_long() */
#include "cli/options.h"

#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/suggest.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/** The maximum number of rules; options beyond it would be unknown. */
#define RULES_MAX 128
/** The value that getopt_long() returns for the first rule; it is above all letters. */
#define KEY_BASE 256

/** The rules of one command in the form that getopt_long() needs. */
struct tables {
	struct option longs[RULES_MAX + 1];
	/** The first character is ':', so that getopt reports a missing argument differently; then
	 * at most "x:" for each rule. */
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

static const struct option_rule *find_option(int key)
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

/** Lists the options of these groups that begin with the `size` bytes at `word`: "--a, --b".
 * Returns their number. */
static size_t list_prefix(const char *word, size_t size, unsigned groups, char *list, size_t room)
{
	size_t count = 0, used = 0;

	*list = '\0';
	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (!rule->name || !(rule->groups & groups) || strncmp(rule->name, word, size) != 0)
			continue;
		if (used < room)
			used += (size_t)snprintf(list + used, room - used, "%s--%s",
				count ? ", " : "", rule->name);
		count++;
	}
	return count;
}

/** Returns the groups of all options with this letter. */
static unsigned find_letter_groups(int letter)
{
	unsigned groups = 0;

	for (size_t i = 0; i < option_rule_count; i++)
		if (option_rules[i].letter == (char)letter)
			groups |= option_rules[i].groups;
	return groups;
}

/** Returns the groups of all options with this name, or 0 if no command has such an option. */
static unsigned find_groups(const char *word, size_t size)
{
	unsigned groups = 0;

	for (size_t i = 0; i < option_rule_count; i++) {
		const char *name = option_rules[i].name;

		if (name && strlen(name) == size && memcmp(name, word, size) == 0)
			groups |= option_rules[i].groups;
	}
	return groups;
}

/** Refuses an option that only other commands have, and names these. */
static void refuse_foreign(const char *option, size_t size, const char *command, unsigned groups)
{
	char list[128];
	size_t count = 0, used = 0;

	for (size_t i = 0; i < command_count && used < sizeof list; i++)
		if (commands[i].groups & groups)
			used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
				count++ ? ", " : "", commands[i].name);
	message_usage("'%s' has no option '%.*s'; %s: %s", command, (int)size, option,
		count == 1 ? "only this command has it" : "these commands have it", list);
}

/** Refuses a long option that getopt_long() does not accept. `option` is the word, including the
 * hyphens. */
static void explain_long(const char *option, const char *command, unsigned groups)
{
	const char *name = option + 2;
	size_t size = strcspn(name, "=");
	unsigned others = find_groups(name, size);
	struct suggestion nearest = {0};
	char typed[64], list[512];

	if (others) {
		refuse_foreign(option, size + 2, command, others);
		return;
	}
	if (size && list_prefix(name, size, groups, list, sizeof list) > 1) {
		message_usage("option '--%.*s' is ambiguous: it could be %s", (int)size, name,
			list);
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

/** Explains an error of getopt_long(). `word` is the word with the error, unless that is a letter
 * which other letters follow. */
static void explain(int result, const char *word, const char *command, unsigned groups)
{
	/* getopt_long() sets optopt to the letter, to the key of a known option that is used
	 * wrongly, or to 0 for an unknown option. */
	bool is_long = optopt == 0 || optopt >= KEY_BASE;

	if (result == ':')
		message_usage("option '%s' needs a value", word);
	else if (!is_long && find_option(optopt))
		refuse_foreign((const char[]){'-', (char)optopt, '\0'}, 2, command,
			find_letter_groups(optopt));
	else if (!is_long && optopt >= '1' && optopt <= '9')
		message_usage("unknown option '-%c'; write a compression level as '--gzip=%c'",
			optopt, optopt);
	else if (!is_long)
		message_usage("unknown option '-%c'", optopt);
	else if (optopt >= KEY_BASE)
		message_usage("option '--%s' takes no value", find_option(optopt)->name);
	else
		explain_long(word, command, groups);
}

static int set(struct options *options, int key, const char *value)
{
	const struct option_rule *rule = find_option(key);

	if (options->given_count == OPTIONS_GIVEN_MAX) {
		message_usage("there are more than %d options", OPTIONS_GIVEN_MAX);
		return -1;
	}
	options->given[options->given_count++] =
		(struct given_option){rule->name, value, rule->groups};
	options->current = rule;
	return value_store(options, &rule->store, value);
}

bool options_are_for_stdout(const struct options *options)
{
	return !options->output_dir && (!options->output || strcmp(options->output, "-") == 0);
}

static bool ends_in(const char *name, const char *ending)
{
	size_t size = strlen(name), ending_size = strlen(ending);

	return size > ending_size && strcmp(name + size - ending_size, ending) == 0;
}

/** Returns whether a name is that of a file with a compression that the output cannot have. */
static bool has_other_compression(const char *name)
{
	static const char *const endings[] = {".xz", ".txz", ".zst", ".tzst", ".bz2", ".tbz2",
		".lz4", ".lz", ".lzma", ".Z", ".zip"};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_in(name, endings[i]))
			return true;
	return false;
}

/** Checks --gzip. Whether the output is compressed also depends on its name. */
static int check_compression(struct options *options)
{
	bool is_standard = options_are_for_stdout(options);

	if (options->output && has_other_compression(options->output)) {
		message_usage("cannot write '--output %s': the only compression of an output is "
			      "gzip (.gz); for another one, pipe standard output to its program",
			options->output);
		return -1;
	}
	if (is_standard && options->run.gzip_level > 0 && isatty(STDOUT_FILENO)) {
		message_usage("compressed output is not written to a terminal; use '--output'");
		return -1;
	}
	if (options->output && !is_standard && options->run.gzip_level == 0 &&
		(ends_in(options->output, ".gz") || ends_in(options->output, ".tgz")))
		options->run.gzip_level = GZIP_LEVEL_DEFAULT;
	return 0;
}

/** Checks the options for one file per domain, and whether the output's name asks for an
 * archive. */
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
	options->output_is_tar = true;
	options->tar_gzip_level = options->run.gzip_level;
	options->run.gzip_level = 0;
	return 0;
}

/** Returns whether a name may be that of a directory. */
static bool may_read_directory(const struct ds_run_options *run)
{
	for (size_t i = 0; i < run->name_count; i++)
		if (strcmp(run->names[i], "-") != 0)
			return true;
	return run->files_from != NULL;
}

/** Returns whether the command line has this option. */
static bool is_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (strcmp(options->given[i].name, name) == 0)
			return true;
	return false;
}

/** Returns whether an audit writes a report of this format. */
static bool writes_report(const struct audit_options *audit, enum report_format format)
{
	for (size_t i = 0; i < audit->report_count; i++)
		if (audit->reports[i].format == format)
			return true;
	return audit->format == format && audit->has_output;
}

/** Returns whether standard input is an input, or may be one of those in a list. */
static bool reads_standard_input(const struct ds_run_options *run)
{
	for (size_t i = 0; i < run->name_count; i++)
		if (strcmp(run->names[i], "-") == 0)
			return true;
	return !run->name_count || run->files_from;
}

/** Returns the format that a command with these options writes, or DS_FORMAT_AUTO if the input
 * decides that. */
static enum ds_format output_format(const struct options *options)
{
	enum ds_format from = options->run.from;

	if (options->writer.format || !(options->groups & OPTION_WRITE))
		return options->writer.format ? options->writer.format : from;
	if (from == DS_FORMAT_AUTO)
		return from;
	return from == DS_FORMAT_XML ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
}

/** Returns an option that has no effect because of the others and sets `*why` to the reason, or
 * returns NULL if all have an effect. */
static const char *option_without_effect(const struct options *options, const char **why)
{
	const struct ds_writer_options *writer = &options->writer;
	const struct audit_options *audit = &options->audit;
	const struct ds_run_options *run = &options->run;
	enum ds_format format = output_format(options);
	bool only_disks = writer->only_disks;
	bool copies_xml = run->from == DS_FORMAT_XML && format == DS_FORMAT_XML && !only_disks;
	/* Merge reads the options of the parts without their inputs. */
	bool has_names = (options->groups & OPTION_FILES) != 0;
	bool has_text = writes_report(audit, REPORT_TEXT);
	bool has_sarif = writes_report(audit, REPORT_SARIF);
	const struct {
		bool is_without_effect;
		const char *option, *why;
	} cases[] = {
		{format == DS_FORMAT_XML, "pretty", "it only affects SEXPR, and XML is written"},
		{format == DS_FORMAT_SEXPR, "wrap", "it only affects XML, and SEXPR is written"},
		{run->from == DS_FORMAT_SEXPR, "xml-parser", "'--from sexpr' reads no XML"},
		{run->from == DS_FORMAT_SEXPR, "max-attributes", "'--from sexpr' reads no XML"},
		{only_disks, "preserve", "'--only disks' stores no originals"},
		{copies_xml, "preserve", "a copy from XML to XML loses nothing"},
		{copies_xml, "strict", "a copy from XML to XML loses nothing"},
		{copies_xml, "xend", "it only affects SEXPR, and XML is copied"},
		{run->host != NULL, "scope", "'--host' names the host of all domains"},
		{run->host != NULL, "host-from", "'--host' names the host of all domains"},
		{has_names && !may_read_directory(run), "recursive", "no directory is given"},
		{!reads_standard_input(run), "label", "it names standard input, which is not read"},
		{options->rows.format <= DS_ROWS_TABLE, "utf8",
			"a table always shows such bytes as \\xhh"},
		{!has_text, "summary", "no report is written as text"},
		{!has_text, "group-by", "no report is written as text"},
		{!has_sarif, "sarif-limit", "no report is written as SARIF"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (!cases[i].is_without_effect || !is_given(options, cases[i].option))
			continue;
		*why = cases[i].why;
		return cases[i].option;
	}
	return NULL;
}

/** Refuses options that would have no effect in this combination. */
static int check_effects(const struct options *options)
{
	const char *why, *option = option_without_effect(options, &why);

	if (!option)
		return 0;
	message_usage("option '--%s' has no effect here: %s", option, why);
	return -1;
}

/** Returns what prevents an audit with these options from running in parts, or NULL. */
static const char *audit_conflict(const struct options *options)
{
	if (!options->part_file)
		return "an audit with '--part' needs '--part-file': 'merge' reports the findings "
		       "of all parts";
	if (options->selection.host_count)
		return "option '--on-host' cannot be used with '--part': one part does not know "
		       "all hosts";
	for (size_t i = 0; i < options->given_count; i++)
		if (options->given[i].groups & OPTION_REPORT)
			return "the findings of parts are reported by 'domstream merge': give it "
			       "the options about reports, baselines and severities";
	return NULL;
}

/** Returns what prevents a run with these options from running in parts, or NULL. */
static const char *part_conflict(const struct options *options)
{
	const struct ds_run_options *run = &options->run;
	bool writes_domains = (options->groups & OPTION_WRITE) != 0;
	bool has_file = run->files_from != NULL;

	for (size_t i = 0; i < run->name_count; i++)
		has_file |= strcmp(run->names[i], "-") != 0;
	if (!has_file)
		return "option '--part' needs file names, so that every part can read all inputs";
	if (run->files_from && strcmp(run->files_from, "-") == 0)
		return "option '--part' needs '--files-from' with a file instead of '-', so that "
		       "every part can read the list";
	if (run->from_border && run->part == 1)
		return "option '--from-border' cannot be used with the first part, which begins at "
		       "the beginning of the inputs";
	if (options->manifest)
		return "option '--manifest' cannot be used with '--part': it lists whole inputs; "
		       "use '--part-file'";
	if (run->max_errors)
		return "option '--max-errors' cannot be used with '--part': one part does not know "
		       "what the others have rejected";
	if (options->output_dir || options->output_is_tar)
		return "option '--part' cannot write a file for each domain: several parts would "
		       "choose the same names";
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

/** Prints a note if the input comes from a terminal: a user who typed no file may not know that the
 * program waits for input. */
static void note_waiting(const struct options *options)
{
	const struct ds_run_options *run = &options->run;

	if (run->name_count == 0 && !run->files_from && !options->manifest &&
		options->verbosity != VERBOSITY_QUIET && isatty(STDIN_FILENO))
		message_note("reading standard input from the terminal; Ctrl-D ends it");
}

/** Refuses empty file names, and standard input that would have to be read twice. */
static int check_selection(const struct ds_run_options *run)
{
	bool is_list = run->files_from && strcmp(run->files_from, "-") == 0, is_read = false;

	for (size_t i = 0; i < run->name_count; i++) {
		bool is_standard = strcmp(run->names[i], "-") == 0;

		if (!*run->names[i]) {
			message_usage("a file name is empty");
			return -1;
		}
		if (is_standard && is_list) {
			message_usage("'-' cannot be both an input and the list of '--files-from'");
			return -1;
		}
		if (is_standard && is_read) {
			message_usage(
				"'-' is given twice, but standard input can be read only once");
			return -1;
		}
		is_read |= is_standard;
	}
	return 0;
}

/** Makes the checks for which all options must be known. */
static int check_groups(struct options *options, unsigned groups)
{
	struct ds_run_options *run = &options->run;

	run->rewrite = is_given(options, "xend");
	options->audit.has_output =
		!options->audit.report_count || options->output || is_given(options, "format");
	if (run->files_from_nul && !run->files_from) {
		message_usage("option '--null' needs '--files-from'");
		return -1;
	}
	if (check_selection(run) != 0)
		return -1;
	if (options->resume && !options->manifest && !options->part_file) {
		message_usage("option '--resume' needs '--manifest' or '--part-file'");
		return -1;
	}
	if (check_compression(options) != 0 || check_part(options) != 0)
		return -1;
	if (groups & OPTION_DOMAINS && check_separate(options) != 0)
		return -1;
	return check_effects(options);
}

/** Returns whether a value, given as a separate word, is an option: then the user forgot the
 * value. */
static bool is_option(const char *value, unsigned groups)
{
	char list[8];

	if (value[0] != '-' || !value[1])
		return false;
	if (value[1] == '-')
		return !value[2] ||
			list_prefix(value + 2, strcspn(value + 2, "="), groups, list, sizeof list);
	return !value[2] && (find_letter_groups(value[1]) & groups);
}

/** Returns whether a word was meant as the level of `--gzip`, whose value needs an equals sign. */
static bool is_gzip_level(int key, const char *value, const char *word)
{
	return !value && word && word[0] >= '1' && word[0] <= '9' && !word[1] &&
		strcmp(find_option(key)->name, "gzip") == 0;
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
	/* Options may be parsed twice, because a manifest contains options too. */
	optind = 0;
	while ((key = getopt_long(count, words, tables.shorts, tables.longs, NULL)) != -1) {
		if (key == '?' || key == ':') {
			explain(key, words[optind - 1], words[0], groups);
			return -1;
		}
		if (is_gzip_level(key, optarg, words[optind])) {
			message_usage("write the compression level as '--gzip=%s'; to read a file "
				      "with that name, write './%s'",
				words[optind], words[optind]);
			return -1;
		}
		if (optarg && optarg == words[optind - 1] && is_option(optarg, groups)) {
			message_usage("option '--%s' needs a value; if '%s' is the value, write "
				      "'--%s=%s'",
				find_option(key)->name, optarg, find_option(key)->name, optarg);
			return -1;
		}
		if (set(options, key, optarg) != 0)
			return -1;
		if (options->wants_help)
			return 0;
	}
	options->run.names = (const char *const *)(words + optind);
	options->run.name_count = (size_t)(count - optind);
	if (check_groups(options, groups) != 0)
		return -1;
	if (groups & OPTION_FILES)
		note_waiting(options);
	return 0;
}
