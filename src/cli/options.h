/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/message.h" /* enum message_verbosity */
#include "cli/progress.h" /* enum progress_mode */
#include "cli/status.h" /* STATUS_REASONS */
#include "domstream/domstream.h"
#include "record/buffer.h"
#include "report/report.h" /* enum report_format */

#include <stdbool.h>

#define GZIP_LEVEL_DEFAULT 6

/** The maximum number of further reports. */
#define OPTIONS_REPORTS_MAX 8
/** The maximum number of options on a command line. */
#define OPTIONS_GIVEN_MAX 256
/** The maximum number of prefixes for --shared-storage. */
#define OPTIONS_SHARED_MAX 64
/** The maximum number of lists for --images. */
#define OPTIONS_IMAGES_MAX 256

/** The maximum number of patterns of one kind that select domains. */
#define OPTIONS_PATTERNS_MAX 256

/** The memory that the library's selection points to. */
struct select_options {
	const char *names[OPTIONS_PATTERNS_MAX];
	const char *uuids[OPTIONS_PATTERNS_MAX];
	const char *hosts[OPTIONS_PATTERNS_MAX];
	struct ds_condition conditions[OPTIONS_PATTERNS_MAX];
};

/** The options of the audit apart from those of the library. */
struct audit_options {
	struct ds_audit_options library;
	const char *shared[OPTIONS_SHARED_MAX];
	const char *images[OPTIONS_IMAGES_MAX];
	size_t image_count;
	/** The directory that relative names in `images` start from; NULL for the working
	 * directory. */
	const char *image_base;
	/** The minimum severity to be shown, and the minimum severity that makes the run fail; a
	 * value above all severities means never. */
	enum ds_severity least;
	unsigned fail_on;
	/** NULL if not given. */
	const char *baseline, *write_baseline, *suppressions;
	/** How the text is grouped, whether it ends with a summary, and the maximum number of
	 * results in SARIF; 0 for all. */
	enum report_group group;
	bool wants_summary;
	uint64_t sarif_limit;
	/** The format of the report on the output, and whether there is one: only reports in files
	 * may be wanted. */
	enum report_format format;
	bool has_output;
	struct {
		enum report_format format;
		const char *file;
	} reports[OPTIONS_REPORTS_MAX];
	size_t report_count;
};

/** The format of differences. */
enum options_diff_format { DIFF_TEXT = 0, DIFF_NDJSON };

/** The parsed command line, from which strings are borrowed. */
struct options {
	/** All options of the library except for the callbacks. run_pipeline() sets its pointers to
	 * the structs that follow. */
	struct ds_run_options run;
	struct ds_limits limits;
	struct ds_writer_options writer;
	struct ds_rows_options rows;
	struct ds_selection selection;
	struct select_options select;
	/** The columns of --columns. */
	unsigned columns[DS_ROWS_COLUMNS_MAX];
	/** NULL for standard output. */
	const char *output;
	/** The directory for one file per domain; NULL if not given. */
	const char *output_dir;
	/** The file of `output` may be one of the inputs, because it is replaced after all of them
	 * were read. */
	bool may_replace_input;
	/** One file per domain, as the members of the tar archive `output`, which is compressed
	 * unless the level is 0. The level of `run` is 0 then. */
	bool output_is_tar;
	int tar_gzip_level;
	/** NULL if not given. */
	const char *rejects;
	const char *losses;
	const char *manifest;
	/** The command's name, the groups of options that it has, and the options that were given,
	 * in order. */
	const char *command;
	unsigned groups;
	struct given_option {
		const char *name, *value;
		unsigned groups;
	} given[OPTIONS_GIVEN_MAX];
	size_t given_count;
	/** The option whose value is being parsed. */
	const struct option_rule *current;
	/** The file in which a part records what it has read; NULL if not given. */
	const char *part_file;
	/** Parts may be missing in a merge. */
	bool may_miss_parts;
	/** An argument without a domain causes status 2. */
	bool require_domains;
	/** Losses cause status 1. */
	bool strict;
	/** The reasons (cli/status.h) that do not affect the exit status. */
	bool accept[STATUS_REASONS];
	/** --resume: do nothing if the same run was done before. */
	bool resume;
	struct audit_options audit;
	enum options_diff_format diff_format;
	/** The file of losses that explain accepted differences (diff --losses); NULL if not
	 * given. */
	const char *accepted_losses;
	enum message_verbosity verbosity;
	/** The maximum number of messages about one input; 0 for all. */
	uint64_t max_messages;
	enum progress_mode progress;
	/** --help was given, so nothing else matters. */
	bool wants_help;
};

/** The groups of commands that have an option, as bits. */
enum option_group {
	/** All commands that read dumps. */
	OPTION_READ = 1,
	/** Commands that convert. */
	OPTION_WRITE = 2,
	/** Commands with an output that may be large, written to a file, and compressed. */
	OPTION_OUTPUT = 4,
	/** Commands that list something, one per line. */
	OPTION_ROWS = 8,
	/** Commands that run the rules of the audit. */
	OPTION_AUDIT = 16,
	/** Commands that read any number of files. */
	OPTION_FILES = 32,
	/** Commands that compare two dumps. */
	OPTION_DIFF = 64,
	/** Commands for which domains can be selected. */
	OPTION_SELECT = 128,
	/** Commands that write domains, in one document or in a file each. */
	OPTION_DOMAINS = 256,
	/** Commands whose results name the host of a domain. */
	OPTION_HOST = 512,
	/** The command that copies domains unchanged. */
	OPTION_EXTRACT = 1024,
	/** Commands whose inputs can be shared among several runs. */
	OPTION_PARTS = 2048,
	/** The command that merges parts. */
	OPTION_MERGE = 4096,
	/** Commands that report findings. */
	OPTION_REPORT = 8192,
};

enum option_argument { ARGUMENT_NONE = 0, ARGUMENT_REQUIRED, ARGUMENT_OPTIONAL };

/** A word that an option accepts, and its value. */
struct option_word {
	const char *word;
	int value;
};

/** Where and how the value of an option is stored. */
struct option_store {
	enum {
		/** Calls `set`. */
		STORE_CALL = 0,
		/** Sets a bool to true; there is no value. */
		STORE_FLAG,
		/** A name that is not empty. */
		STORE_NAME,
		/** One of `words`, for an enum or an unsigned. */
		STORE_WORD,
		/** A number of bytes with a suffix, up to `most`, for a size_t. */
		STORE_SIZE,
		/** A number from `least` to `most`, for an unsigned or a uint64_t. */
		STORE_UNSIGNED,
		STORE_NUMBER,
	} kind;
	/** The offset of the member of struct options. */
	size_t offset;
	/** Ends with NULL. Words that the option's value name does not list are synonyms, which are
	 * accepted but not suggested. */
	const struct option_word *words;
	uint64_t least, most;
	/** Stores the value, which is NULL for an option without one. Returns 0, or -1 after a
	 * message. */
	int (*set)(struct options *options, const char *value);
};

/** One option: its spelling, its help, and its effect. */
struct option_rule {
	/** NULL if this is not an option but a heading of the help, which is in `help`. */
	const char *name;
	/** '\0' for an option without a letter. An optional argument cannot follow the letter. */
	char letter;
	enum option_argument argument;
	unsigned groups;
	/** The name of the argument in the help: a word in capitals, or all valid words, separated
	 * by bars or commas. */
	const char *value_name;
	const char *help;
	struct option_store store;
};

extern const struct option_rule option_rules[];
extern const size_t option_rule_count;

/**
 * Parses the words after a command, whose name is words[0], and moves the file names after the
 * options. Returns 0, or -1 after a message.
 */
int options_parse(struct options *options, unsigned groups, int count, char **words);

/** Adds an option as a word of a command line: "--name=value". */
static inline void options_add_word(struct buffer *out, const struct given_option *option)
{
	buffer_literal(out, "--");
	buffer_string(out, option->name);
	if (option->value) {
		buffer_byte(out, '=');
		buffer_string(out, option->value);
	}
}

/** Returns whether the output is written to standard output. */
bool options_are_for_stdout(const struct options *options);

#endif
