/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Writes the completion script of a shell, bash, zsh or fish, from the tables of commands and
 * options. The build runs it: `domstream_completions SHELL > SCRIPT`.
 */

/* ---- values of options ---- */

enum value_kind {
	/** Nothing can be offered. */
	VALUE_ANY = 0,
	VALUE_WORD,
	/** Words that are separated by commas. */
	VALUE_LIST,
	/** A word with an equals sign after it, then anything. */
	VALUE_PREFIX,
	VALUE_FILE,
	VALUE_DIRECTORY,
};

/** Returns the kind of an option's value by its name. A name in lower case lists the valid
 * words. */
static enum value_kind find_kind(const struct option_rule *rule)
{
	static const struct {
		const char *name;
		enum value_kind kind;
	} kinds[] = {{"LEVEL", VALUE_WORD}, {"FIELD,...", VALUE_LIST}, {"FIELD=GLOB", VALUE_PREFIX},
		{"FORMAT=FILE", VALUE_PREFIX}, {"FILE", VALUE_FILE}, {"[HOST=]FILE", VALUE_FILE},
		{"DIR", VALUE_DIRECTORY}, {"PREFIX", VALUE_DIRECTORY}};
	const char *name = rule->value_name;

	if (name && (name[0] < 'A' || name[0] > 'Z') && name[0] != '[')
		return strchr(name, ',') ? VALUE_LIST : VALUE_WORD;
	for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(name, kinds[i].name) == 0)
			return kinds[i].kind;
	return VALUE_ANY;
}

/** Prints words that are separated by bars or commas with blanks between them. */
static void print_separated(const char *words, const char *ending)
{
	while (*words) {
		size_t size = strcspn(words, "|,");

		printf("%.*s%s ", (int)size, words, ending);
		words += size + (words[size] != '\0');
	}
}

/** Prints the words that a value may have or begin with, each followed by a blank. */
static void print_option_words(const struct option_rule *rule)
{
	const char *name = rule->value_name, *ending = find_kind(rule) == VALUE_PREFIX ? "=" : "";
	size_t count;
	const char *const *fields = ds_disk_fields(&count);

	if (strncmp(name, "FIELD", strlen("FIELD")) == 0) {
		for (size_t i = 0; i < count; i++)
			printf("%s%s ", fields[i], ending);
	} else if (strcmp(name, "FORMAT=FILE") == 0) {
		for (size_t i = 0; i < option_rule_count; i++)
			if (option_rules[i].name && strcmp(option_rules[i].name, "format") == 0 &&
				option_rules[i].groups == rule->groups)
				print_separated(option_rules[i].value_name, ending);
	} else if (strcmp(name, "LEVEL") == 0) {
		print_separated("1|2|3|4|5|6|7|8|9", ending);
	} else {
		print_separated(name, ending);
	}
}

static bool is_option_of(const struct option_rule *rule, const struct command *command)
{
	return rule->name && (rule->groups & command->groups);
}

static void print_commands(void)
{
	for (size_t i = 0; i < command_count; i++)
		printf("%s ", commands[i].name);
	fputs("explain help", stdout);
}

/* ---- bash ---- */

static const char bash_functions[] =
	"# bash completion for domstream; made by the build from the table of options.\n"
	"_domstream_files() {\n"
	"\tcompopt -o filenames\n"
	"\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
	"}\n\n"
	"_domstream_words() {\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n"
	"}\n\n"
	"# Completes the last one of several words that are separated by commas.\n"
	"_domstream_list() {\n"
	"\tlocal before=\n"
	"\t[[ $current != *,* ]] || before=${current%,*},\n"
	"\tcompopt -o nospace\n"
	"\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${current##*,}\")\n"
	"}\n\n"
	"# Completes words that end with an equals sign, which readline splits off when it was "
	"typed.\n"
	"_domstream_prefixes() {\n"
	"\tcompopt -o nospace\n"
	"\t_domstream_words \"$1\"\n"
	"}\n\n"
	"_domstream_others() {\n"
	"\tif [[ $current == -* ]]; then\n"
	"\t\t_domstream_words \"$1\"\n"
	"\telse\n"
	"\t\t_domstream_files -f\n"
	"\tfi\n"
	"}\n\n"
	"_domstream() {\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tif [ \"$COMP_CWORD\" = 1 ]; then\n";

/** Prints what is offered after an option, in a branch of `case`. */
static void print_bash_value(const struct option_rule *rule)
{
	static const char *const functions[] =
		{[VALUE_WORD] = "words", [VALUE_LIST] = "list", [VALUE_PREFIX] = "prefixes"};
	enum value_kind kind = find_kind(rule);

	if (rule->argument == ARGUMENT_NONE)
		return;
	/* An optional value follows an equals sign. */
	printf(rule->argument == ARGUMENT_OPTIONAL ? "\t\t--%s=" : "\t\t--%s | --%s=", rule->name,
		rule->name);
	if (rule->letter && rule->argument == ARGUMENT_REQUIRED)
		printf(" | -%c", rule->letter);
	if (kind == VALUE_ANY) {
		puts(") COMPREPLY=() ;;");
	} else if (kind == VALUE_FILE || kind == VALUE_DIRECTORY) {
		printf(") _domstream_files -%c ;;\n", kind == VALUE_FILE ? 'f' : 'd');
	} else {
		printf(") _domstream_%s '", functions[kind]);
		print_option_words(rule);
		puts("' ;;");
	}
}

static void print_bash_command(const struct command *command)
{
	printf("\t%s)\n\t\tcase $previous in\n", command->name);
	for (size_t i = 0; i < option_rule_count; i++)
		if (is_option_of(&option_rules[i], command))
			print_bash_value(&option_rules[i]);
	fputs("\t\t*) _domstream_others '", stdout);
	for (size_t i = 0; i < option_rule_count; i++)
		if (is_option_of(&option_rules[i], command))
			printf("--%s ", option_rules[i].name);
	puts("' ;;\n\t\tesac\n\t\t;;");
}

static void print_bash(void)
{
	fputs(bash_functions, stdout);
	fputs("\t\t_domstream_words '", stdout);
	print_commands();
	puts(" --help --version'\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\t# readline splits --option=value into three words.\n"
	     "\tif [[ $current == '=' && $previous == --* ]]; then\n"
	     "\t\tcurrent= previous+='='\n"
	     "\telif [[ $previous == '=' && ${COMP_WORDS[COMP_CWORD - 2]} == --* ]]; then\n"
	     "\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}=\n"
	     "\tfi\n"
	     "\tcase ${COMP_WORDS[1]} in");
	for (size_t i = 0; i < command_count; i++)
		print_bash_command(&commands[i]);
	fputs("\thelp) _domstream_words '", stdout);
	print_commands();
	puts("' ;;\n"
	     "\texplain) _domstream_words \"$(domstream explain 2>/dev/null | sed -n 's/^  "
	     "\\([^ ]*\\) .*/\\1/p')\" ;;\n"
	     "\tesac\n"
	     "}\n"
	     "complete -F _domstream domstream");
}

/* ---- zsh ---- */

/** Prints text for use inside brackets and single quotes. */
static void print_zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		else if (strchr("[]:\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

/** Prints the action that offers the values of an option. */
static void print_zsh_value(const struct option_rule *rule)
{
	static const struct {
		const char *before, *after;
	} actions[] = {[VALUE_WORD] = {"(", ")"},
		[VALUE_LIST] = {"_sequence compadd - ", ""},
		[VALUE_PREFIX] = {"{compset -P \"*=\" && _files || compadd -S \"\" -- ", "}"}};
	enum value_kind kind = find_kind(rule);

	if (kind == VALUE_FILE) {
		fputs("_files", stdout);
	} else if (kind == VALUE_DIRECTORY) {
		fputs("_files -/", stdout);
	} else if (kind != VALUE_ANY) {
		fputs(actions[kind].before, stdout);
		print_option_words(rule);
		fputs(actions[kind].after, stdout);
	}
}

static void print_zsh_spec(const struct option_rule *rule, const char *spelling, const char *equals)
{
	printf("\t\t\t'*%s%s[", spelling, equals);
	print_zsh_text(rule->help);
	putchar(']');
	if (rule->argument != ARGUMENT_NONE) {
		printf(":");
		print_zsh_text(find_kind(rule) == VALUE_WORD ? "word" : rule->value_name);
		putchar(':');
		print_zsh_value(rule);
	}
	puts("' \\");
}

static void print_zsh_command(const struct command *command)
{
	static const char *const equals[] = {"", "=", "=-"};
	char spelling[64];

	printf("\t%s)\n\t\t_arguments -s -S \\\n", command->name);
	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (!is_option_of(rule, command))
			continue;
		snprintf(spelling, sizeof spelling, "--%s", rule->name);
		print_zsh_spec(rule, spelling,
			rule->argument == ARGUMENT_OPTIONAL ? "=-" : equals[rule->argument]);
		snprintf(spelling, sizeof spelling, "-%c", rule->letter);
		if (rule->letter && rule->argument != ARGUMENT_OPTIONAL)
			print_zsh_spec(rule, spelling,
				rule->argument == ARGUMENT_REQUIRED ? "+" : "");
	}
	puts("\t\t\t'*:file:_files'\n\t\t;;");
}

static void print_zsh(void)
{
	puts("#compdef domstream\n"
	     "# zsh completion for domstream; made by the build from the table of options.\n"
	     "local -a commands\n"
	     "if (( CURRENT == 2 )); then\n"
	     "\tcommands=(");
	for (size_t i = 0; i < command_count; i++) {
		printf("\t\t'%s:", commands[i].name);
		print_zsh_text(commands[i].summary);
		puts("'");
	}
	puts("\t\t'explain:Explain a rule, a message or a loss'\n"
	     "\t\t'help:Show the help'\n"
	     "\t)\n"
	     "\t_describe command commands\n"
	     "\treturn\n"
	     "fi\n"
	     "local command=$words[2]\n"
	     "shift words\n"
	     "(( CURRENT-- ))\n"
	     "case $command in");
	for (size_t i = 0; i < command_count; i++)
		print_zsh_command(&commands[i]);
	fputs("\thelp) compadd -- ", stdout);
	print_commands();
	puts(" ;;\n"
	     "\texplain) compadd -- ${(f)\"$(domstream explain 2>/dev/null | sed -n 's/^  \\([^ "
	     "]*\\) .*/\\1/p')\"} ;;\n"
	     "esac");
}

/* ---- fish ---- */

static void print_fish_text(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('\'');
}

/** Prints the options of `complete` that offer the values of an option. */
static void print_fish_value(const struct option_rule *rule)
{
	static const struct {
		const char *before, *after;
	} actions[] = {[VALUE_WORD] = {"", ""},
		[VALUE_LIST] = {"(__fish_append , ", ")"},
		[VALUE_PREFIX] = {"", ""}};
	enum value_kind kind = find_kind(rule);

	if (rule->argument == ARGUMENT_OPTIONAL)
		fputs(" -f", stdout);
	else
		fputs(kind == VALUE_FILE || kind == VALUE_PREFIX ? " -r -F" : " -x", stdout);
	if (kind == VALUE_DIRECTORY) {
		fputs(" -a '(__fish_complete_directories)'", stdout);
	} else if (kind != VALUE_ANY && kind != VALUE_FILE) {
		printf(" -a '%s", actions[kind].before);
		print_option_words(rule);
		printf("%s'", actions[kind].after);
	}
}

/** Prints the beginning of a line that completes an option of a command. */
static void print_fish_condition(const struct command *command)
{
	printf("complete -c domstream -n '__fish_seen_subcommand_from %s'", command->name);
}

static void print_fish_help(const struct option_rule *rule)
{
	fputs(" -d ", stdout);
	print_fish_text(rule->help);
	putchar('\n');
}

static void print_fish_option(const struct option_rule *rule, const struct command *command)
{
	/* The letter of an option with an optional value never has a value. */
	bool is_letter_apart = rule->letter && rule->argument == ARGUMENT_OPTIONAL;

	if (is_letter_apart) {
		print_fish_condition(command);
		printf(" -s %c", rule->letter);
		print_fish_help(rule);
	}
	print_fish_condition(command);
	printf(" -l %s", rule->name);
	if (rule->letter && !is_letter_apart)
		printf(" -s %c", rule->letter);
	if (rule->argument != ARGUMENT_NONE)
		print_fish_value(rule);
	print_fish_help(rule);
}

static void print_fish(void)
{
	puts("# fish completion for domstream; made by the build from the table of options.");
	for (size_t i = 0; i < command_count; i++) {
		printf("complete -c domstream -n __fish_use_subcommand -f -a %s -d ",
			commands[i].name);
		print_fish_text(commands[i].summary);
		putchar('\n');
	}
	puts("complete -c domstream -n __fish_use_subcommand -f -a explain -d 'Explain a rule, a "
	     "message or a loss'\n"
	     "complete -c domstream -n __fish_use_subcommand -f -a help -d 'Show the help'\n"
	     "complete -c domstream -n '__fish_seen_subcommand_from explain' -f "
	     "-a \"(domstream explain 2>/dev/null | string replace -r -f '^  (\\S+) .*' '\\$1')\"");
	fputs("complete -c domstream -n '__fish_seen_subcommand_from help' -f -a '", stdout);
	print_commands();
	puts("'");
	for (size_t i = 0; i < command_count; i++)
		for (size_t k = 0; k < option_rule_count; k++)
			if (is_option_of(&option_rules[k], &commands[i]))
				print_fish_option(&option_rules[k], &commands[i]);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

	for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(argv[1], shells[i].name) != 0)
			continue;
		shells[i].print();
		if (ferror(stdout) || fclose(stdout) != 0) {
			fprintf(stderr, "domstream_completions: cannot write: %s\n",
				strerror(errno));
			return 1;
		}
		return 0;
	}
	fputs("usage: domstream_completions bash|zsh|fish\n", stderr);
	return 2;
}
