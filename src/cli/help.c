/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/help.h"

#include "cli/message.h"
#include "cli/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/** The column in which the explanations begin. */
#define COLUMN 30

enum exit_status help_finish(enum exit_status status)
{
	int failed = ferror(stdout);

	if (fclose(stdout) == 0 && !failed)
		return status;
	message_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_FAILED;
}

/** Prints one option, with its explanation wrapped at 80 columns. */
static void print_option(const struct option_rule *rule)
{
	static const char *const before[] = {"", " ", "[="};
	static const char *const after[] = {"", "", "]"};
	char letter[8] = "    ";
	int width;

	if (rule->letter)
		snprintf(letter, sizeof letter, "-%c, ", rule->letter);
	width = printf("  %s--%s%s%s%s", letter, rule->name, before[rule->argument],
		rule->value_name ? rule->value_name : "", after[rule->argument]);
	if (width >= COLUMN)
		width = printf("\n%*s", COLUMN, "") - 1;
	else
		width += printf("%*s", COLUMN - width, "");
	text_print_filled(stdout, rule->help, COLUMN, (size_t)width);
}

/** Prints the options of a command under their headings. */
static void print_rules(unsigned groups)
{
	const char *heading = NULL;

	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (!rule->name) {
			heading = rule->help;
		} else if (rule->groups & groups) {
			if (heading)
				printf("\n%s:\n", heading);
			heading = NULL;
			print_option(rule);
		}
	}
}

/** `status_1` describes status 1; it is "" for a command that never ends with it. */
static void print_statuses(const char *status_1, const char *status_2)
{
	fputs("\nExit status:\n"
	      "  0  everything was read\n",
		stdout);
	if (*status_1)
		printf("  1  %s\n", status_1);
	printf("  2  %s\n", status_2);
	fputs("  3  usage error; nothing was written\n"
	      "  4  no memory, no space, or an output that cannot be written\n",
		stdout);
}

enum exit_status help_print(void)
{
	fputs("Usage: domstream COMMAND [OPTION]... [FILE]...\n"
	      "Convert, audit and compare dumps of libvirt domain XML and xend SEXPR.\n"
	      "\n"
	      "Commands:\n",
		stdout);
	for (size_t i = 0; i < command_count; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("  explain    Explain a rule, a message or a loss by its id or a word\n"
	      "  help       Show the options of a command\n"
	      "\n"
	      "  -h, --help     show this help\n"
	      "  -V, --version  show the version\n"
	      "\n"
	      "Examples:\n"
	      "  domstream convert --to xml --output-dir guests --verify backup.tar.gz\n"
	      "  domstream audit -r dumps --report html=audit.html\n"
	      "\n"
	      "'domstream help COMMAND' lists the options of a command. The manual page\n"
	      "domstream(1) describes everything.\n",
		stdout);
	print_statuses("findings, differences or losses, as the command's help describes",
		"some input could not be read; everything else was processed");
	return help_finish(STATUS_FINE);
}

enum exit_status help_print_command(const struct command *command)
{
	printf("Usage: domstream %s %s\n%s.\n\n", command->name, command->synopsis,
		command->summary);
	if (command->groups & OPTION_FILES)
		fputs("Without FILE, or when FILE is -, read standard input. ", stdout);
	else if (command->groups & OPTION_DIFF)
		fputs("One of the two may be -, which is standard input. ", stdout);
	fputs(command->groups & OPTION_MERGE
			? "PART-FILE is a file that a run with --part-file wrote. Options may "
			  "follow files.\n"
			: "Options may follow\nfiles. A SIZE may end in k, M or G.\n",
		stdout);
	fputs("\nExamples:\n", stdout);
	for (size_t i = 0; i < 2; i++)
		printf("  %s\n", command->examples[i]);
	print_rules(command->groups);
	print_statuses(command->status_1, command->status_2);
	return help_finish(STATUS_FINE);
}

enum exit_status help_print_version(void)
{
	const char *tar = ds_feature("tar");

	printf("domstream %s\n", ds_version());
	printf("tar archives: %s%s%s\n", tar ? "yes (" : "no", tar ? tar : "", tar ? ")" : "");
	return help_finish(STATUS_FINE);
}
