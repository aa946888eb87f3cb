/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/explain.h"
#include "cli/help.h"
#include "cli/message.h"

#define SYNOPSIS "[OPTION]... [FILE]..."

/** What all commands but `diff` take that read dumps. */
#define READ_ALL (OPTION_READ | OPTION_FILES | OPTION_SELECT)

static const struct command commands[] = {
	{"convert", SYNOPSIS, "Write domains in the other format",
	 READ_ALL | OPTION_HOST | OPTION_OUTPUT | OPTION_DOMAINS | OPTION_WRITE, convert_run},
	{"extract", SYNOPSIS, "Copy domains as they are", READ_ALL | OPTION_OUTPUT | OPTION_DOMAINS | OPTION_EXTRACT, extract_run},
	{"disks", SYNOPSIS, "List the disks of all domains, one a line", READ_ALL | OPTION_HOST | OPTION_OUTPUT | OPTION_ROWS,
	 disks_run},
	{"audit", SYNOPSIS, "Look for what is dangerous in the disks", READ_ALL | OPTION_HOST | OPTION_AUDIT, audit_run},
	{"diff", "[OPTION]... OLD NEW", "Say what changed from one dump to another", OPTION_READ | OPTION_HOST | OPTION_DIFF, diff_run},
	{"check", SYNOPSIS, "Read everything, write nothing, and count", READ_ALL | OPTION_HOST, check_run},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/**
 * Fills descriptors that the caller closed: the next file that is opened would get the number, and messages or output
 * would go into it. Each is opened the wrong way round, so that using it fails as it does when closed.
 */
static void fill_descriptors(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
	int i;

	for (i = 0; i < 3; i++) {
		if (fcntl(i, F_GETFD) == -1 && errno == EBADF)
			(void)!open("/dev/null", modes[i]);
	}
}

static enum exit_status run_command(const struct command *command, int count, char **words)
{
	struct options options;

	if (options_parse(&options, command->groups, count, words) != 0)
		return STATUS_USAGE;
	if (options.wants_help)
		return help_print_command(command);
	message_set_verbosity(options.verbosity);
	message_set_limit(options.max_messages);
	return command->run(&options);
}

static enum exit_status refuse(const char *word)
{
	if (word[0] == '-')
		message_usage("unknown option '%s'", word);
	else
		message_usage("unknown command '%s'", word);
	return STATUS_USAGE;
}

static int is_one_of(const char *word, const char *letter, const char *name)
{
	return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

/** `domstream help [COMMAND]`. */
static enum exit_status run_help(const char *word)
{
	const struct command *command = word ? find_command(word) : NULL;

	if (command)
		return help_print_command(command);
	return word ? refuse(word) : help_print(commands, COMMAND_COUNT);
}

static enum exit_status run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		message_usage("no command");
		return STATUS_USAGE;
	}
	command = find_command(argv[1]);
	if (command)
		return run_command(command, argc - 1, argv + 1);
	if (strcmp(argv[1], "help") == 0)
		return run_help(argv[2]);
	if (strcmp(argv[1], "explain") == 0)
		return explain_run(argv + 2);
	if (is_one_of(argv[1], "-h", "--help"))
		return help_print(commands, COMMAND_COUNT);
	if (is_one_of(argv[1], "-V", "--version"))
		return help_print_version();
	return refuse(argv[1]);
}

int main(int argc, char **argv)
{
	fill_descriptors();
	message_start();
	return (int)run(argc, argv);
}
