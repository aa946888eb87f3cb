/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/suggest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/**
 * Opens descriptors that the caller has closed; otherwise the next file that is opened would get
 * their numbers, and messages or output would be written to it. Each is opened for the wrong
 * direction, so that using it fails as if it were closed.
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

/**
 * Keeps the heap small. By default, glibc's allocator raises its threshold when a large buffer is
 * freed, so that the next one is in the heap, where it cannot grow in place and leaves a gap; and
 * it creates a heap for each thread, each of which keeps what its thread once needed. The library
 * must not set this, because it does not own the process.
 */
static void limit_heap(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, 256 << 10);
	/* Setting a threshold freezes this one too, at a value at which the heap would shrink and
	 * grow with each batch. */
	(void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
	(void)mallopt(M_ARENA_MAX, 2);
#endif
}

static enum exit_status run_command(const struct command *command, int count, char **words)
{
	struct options options;

	message_set_command(command->name);
	if (options_parse(&options, command->groups, count, words) != 0)
		return STATUS_USAGE;
	if (options.wants_help)
		return help_print_command(command);
	message_set_verbosity(options.verbosity);
	message_set_limit(options.max_messages);
	return command->run(&options);
}

/** Refuses a word that is not a command, and suggests a similar one, or one that begins with it. */
static enum exit_status refuse_command(const char *word)
{
	static const char *const others[] = {"explain", "help", "--help", "--version"};
	/* The options are not commands. */
	const size_t listed = command_count + 2;
	struct suggestion nearest = {0};
	char list[128];
	size_t used = 0;

	for (size_t i = 0; i < command_count + sizeof others / sizeof others[0]; i++) {
		const char *name = i < command_count ? commands[i].name : others[i - command_count];

		suggest_add(&nearest, word, name, strlen(name));
		if (i >= listed)
			continue;
		if (!nearest.word && *word && strncmp(name, word, strlen(word)) == 0)
			nearest = (struct suggestion){name, strlen(name), (unsigned)strlen(name)};
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
			name);
	}
	if (word[0] == '-' && nearest.word)
		message_usage("unknown option '%s'; did you mean '%s'?", word, nearest.word);
	else if (word[0] == '-')
		message_usage("a command must come before option '%s'", word);
	else if (nearest.word)
		message_usage("unknown command '%s'; did you mean '%s'?", word, nearest.word);
	else if (access(word, F_OK) == 0)
		message_usage(
			"'%s' is a file; a command must come before it, as in 'domstream check %s'",
			word, word);
	else
		message_usage("unknown command '%s'; the commands are %s", word, list);
	return STATUS_USAGE;
}

static bool is_one_of(const char *word, const char *letter, const char *name)
{
	return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

/** Runs `domstream help [COMMAND]`. `words` ends with NULL. */
static enum exit_status run_help(char **words)
{
	if (words[0] && is_one_of(words[0], "-h", "--help"))
		words++;
	const struct command *command = words[0] ? command_find(words[0]) : NULL;

	if (words[0] && words[1]) {
		message_usage("'help' takes one command, and '%s' is a second word", words[1]);
		return STATUS_USAGE;
	}
	if (command)
		return help_print_command(command);
	if (words[0] && strcmp(words[0], "explain") == 0)
		return explain_print_help();
	return words[0] && strcmp(words[0], "help") != 0 ? refuse_command(words[0]) : help_print();
}

static enum exit_status run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		message_usage("missing command");
		return STATUS_USAGE;
	}
	command = command_find(argv[1]);
	if (command)
		return run_command(command, argc - 1, argv + 1);
	if (strcmp(argv[1], "help") == 0)
		return run_help(argv + 2);
	if (strcmp(argv[1], "explain") == 0)
		return explain_run(argv + 2);
	if (is_one_of(argv[1], "-h", "--help"))
		return run_help(argv + 2);
	if (is_one_of(argv[1], "-V", "--version") && !argv[2])
		return help_print_version();
	if (is_one_of(argv[1], "-V", "--version")) {
		message_usage("'%s' takes no argument, and '%s' is one", argv[1], argv[2]);
		return STATUS_USAGE;
	}
	return refuse_command(argv[1]);
}

int main(int argc, char **argv)
{
	fill_descriptors();
	limit_heap();
	message_start();
	return (int)run(argc, argv);
}
