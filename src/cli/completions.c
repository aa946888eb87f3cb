/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Writes the completion scripts of bash, zsh and fish from the tables of commands and options. It
 * runs when the program is built: domstream_completions bash|zsh|fish > SCRIPT.
 */

/* ---- what a value is ---- */

/** Whether a value name lists all valid words, which are in lower case; names of other values are
 * in capitals. */
static bool has_words(const struct option_rule *rule)
{
	return rule->value_name && (rule->value_name[0] < 'A' || rule->value_name[0] > 'Z');
}

static bool is_directory(const struct option_rule *rule)
{
	return rule->value_name && strcmp(rule->value_name, "DIR") == 0;
}

static bool is_file(const struct option_rule *rule)
{
	return rule->value_name && strcmp(rule->value_name, "FILE") == 0;
}

static bool is_option_of(const struct option_rule *rule, const struct command *command)
{
	return rule->name && (rule->groups & command->groups);
}

/** Prints the words of a value name with blanks between them. */
static void print_words(const char *words)
{
	for (; *words; words++)
		putchar(*words == '|' ? ' ' : *words);
}

/* ---- bash ---- */

static void print_bash_value(const struct option_rule *rule)
{
	if (rule->argument != ARGUMENT_REQUIRED)
		return;
	printf("\t\t--%s", rule->name);
	if (rule->letter)
		printf(" | -%c", rule->letter);
	fputs(") ", stdout);
	if (has_words(rule)) {
		fputs("COMPREPLY=($(compgen -W '", stdout);
		print_words(rule->value_name);
		puts("' -- \"$current\")) ;;");
	} else if (is_directory(rule)) {
		puts("compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\")) ;;");
	} else if (is_file(rule)) {
		puts("compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")) ;;");
	} else {
		puts("COMPREPLY=() ;;");
	}
}

static void print_bash_command(const struct command *command)
{
	printf("\t%s)\n\t\tcase $previous in\n", command->name);
	for (size_t i = 0; i < option_rule_count; i++)
		if (is_option_of(&option_rules[i], command))
			print_bash_value(&option_rules[i]);
	fputs("\t\t*) _domstream_words '", stdout);
	for (size_t i = 0; i < option_rule_count; i++)
		if (is_option_of(&option_rules[i], command))
			printf("--%s ", option_rules[i].name);
	puts("' ;;\n\t\tesac\n\t\t;;");
}

static void print_bash(void)
{
	puts("# bash completion for domstream; made by the build from the table of options.\n"
	     "_domstream_words() {\n"
	     "\tif [[ $current == -* ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W \"$1\" -- \"$current\"))\n"
	     "\telse\n"
	     "\t\tcompopt -o filenames\n"
	     "\t\tCOMPREPLY=($(compgen -f -- \"$current\"))\n"
	     "\tfi\n"
	     "}\n\n"
	     "_domstream() {\n"
	     "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tif [ \"$COMP_CWORD\" = 1 ]; then");
	fputs("\t\tCOMPREPLY=($(compgen -W '", stdout);
	for (size_t i = 0; i < command_count; i++)
		printf("%s ", commands[i].name);
	puts("explain help --help --version' -- \"$current\"))\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tcase ${COMP_WORDS[1]} in");
	for (size_t i = 0; i < command_count; i++)
		print_bash_command(&commands[i]);
	puts("\texplain) COMPREPLY=($(compgen -W \"$(domstream explain 2>/dev/null | sed -n 's/^  "
	     "\\([^ ]*\\) .*/\\1/p')\" -- \"$current\")) ;;\n"
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

static void print_zsh_spec(const struct option_rule *rule, const char *spelling, const char *equals)
{
	printf("\t\t\t'*%s%s[", spelling, equals);
	print_zsh_text(rule->help);
	putchar(']');
	if (rule->argument != ARGUMENT_NONE) {
		printf(":%s:", has_words(rule) ? "word" : rule->value_name);
		if (has_words(rule)) {
			putchar('(');
			print_words(rule->value_name);
			putchar(')');
		} else if (is_directory(rule)) {
			fputs("_files -/", stdout);
		} else if (is_file(rule)) {
			fputs("_files", stdout);
		}
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
	puts("\texplain) compadd -- ${(f)\"$(domstream explain 2>/dev/null | sed -n 's/^  \\([^ "
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

static void print_fish_option(const struct option_rule *rule, const struct command *command)
{
	printf("complete -c domstream -n '__fish_seen_subcommand_from %s' -l %s", command->name,
		rule->name);
	if (rule->letter)
		printf(" -s %c", rule->letter);
	if (rule->argument == ARGUMENT_REQUIRED) {
		fputs(is_file(rule) ? " -r -F" : " -x", stdout);
		if (has_words(rule)) {
			fputs(" -a '", stdout);
			print_words(rule->value_name);
			putchar('\'');
		} else if (is_directory(rule)) {
			fputs(" -a '(__fish_complete_directories)'", stdout);
		}
	}
	fputs(" -d ", stdout);
	print_fish_text(rule->help);
	putchar('\n');
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
