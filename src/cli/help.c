/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/** Column where the explanations begin. */
#define COLUMN 30

static enum exit_status finish(void)
{
	int failed = ferror(stdout);

	if (fclose(stdout) == 0 && !failed)
		return STATUS_FINE;
	message_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_FAILED;
}

enum exit_status help_print(const struct command *commands, size_t count)
{
	size_t i;

	fputs("Usage: domstream COMMAND [OPTION]... [FILE]...\n"
	      "Streams dumps of virtual machines between libvirt domain XML and xend SEXPR.\n"
	      "\n"
	      "Commands:\n",
	      stdout);
	for (i = 0; i < count; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("  explain    Say what the id of a rule, a message or a loss means\n"
	      "\n"
	      "  -h, --help     show this help\n"
	      "  -V, --version  show the version\n"
	      "\n"
	      "'domstream COMMAND --help' lists the options of a command, 'man domstream' explains all.\n",
	      stdout);
	return finish();
}

static void print_rule(const struct option_rule *rule)
{
	static const char *const before[] = {"", " ", "[="};
	static const char *const after[] = {"", "", "]"};
	char letter[8] = "    ";
	char name[64];
	int width;

	if (rule->letter)
		snprintf(letter, sizeof letter, "-%c, ", rule->letter);
	width = snprintf(name, sizeof name, "  %s--%s%s%s%s", letter, rule->name, before[rule->argument],
			 rule->value_name ? rule->value_name : "", after[rule->argument]);
	printf("%s%*s%s\n", name, width < COLUMN ? COLUMN - width : 1, "", rule->help);
}

enum exit_status help_print_command(const struct command *command)
{
	size_t i;

	printf("Usage: domstream %s %s\n%s.\n\n%s is standard input. Options may follow files.\n\n", command->name,
	       command->synopsis, command->summary, command->groups & OPTION_FILES ? "No FILE, or -," : "One of them may be -, which");
	for (i = 0; i < option_rule_count; i++) {
		if (option_rules[i].groups & command->groups)
			print_rule(&option_rules[i]);
	}
	fputs("\nSizes may end in k, M or G. The exit status is 0 when everything was read", stdout);
	fputs(command->groups & OPTION_WRITE ? ", 1 for losses\nunder --strict, " :
	      command->groups & OPTION_DIFF  ? ", 1 for\ndifferences, " : ",\n", stdout);
	fputs("2 when something was rejected, 3 for wrong usage, 4 when the system failed.\n", stdout);
	return finish();
}

enum exit_status help_print_version(void)
{
	const char *tar = ds_feature("tar");

	printf("domstream %s\n", ds_version());
	printf("tar archives: %s%s%s\n", tar ? "yes (" : "no", tar ? tar : "", tar ? ")" : "");
	return finish();
}
