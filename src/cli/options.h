/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/message.h" /* enum verbosity */
#include "cli/progress.h" /* enum progress_mode */
#include "cli/status.h" /* STATUS_REASONS */
#include "domstream/domstream.h"
#include "report/report.h" /* enum report_format */

#include <stdbool.h>

#define GZIP_LEVEL_DEFAULT 6

/** Further reports of one run. */
#define REPORTS_MAX 8
/** Options of one command line. */
#define GIVEN_MAX 256
/** Beginnings of paths that --shared-storage may name. */
#define SHARED_MAX 64
/** Lists of images that --images may name. */
#define IMAGES_MAX 256

/** Patterns of one kind that select domains. */
#define PATTERNS_MAX 256

/** What the library's selection points to. */
struct select_options {
	const char *names[PATTERNS_MAX];
	const char *uuids[PATTERNS_MAX];
	const char *hosts[PATTERNS_MAX];
	struct ds_condition conditions[PATTERNS_MAX];
};

/** What the audit is to do beside judging. */
struct audit_options {
	struct ds_audit_options library;
	const char *shared[SHARED_MAX];
	const char *images[IMAGES_MAX];
	size_t image_count;
	/** The directory in which relative names of `images` are. NULL: the working directory. */
	const char *image_base;
	/** What is shown; what makes the run fail, above all severities: nothing. */
	enum ds_severity least;
	unsigned fail_on;
	/** NULL: not wanted. */
	const char *baseline, *write_baseline, *suppressions;
	/** The text is grouped, ends with a summary; most results in SARIF, 0: all. */
	enum report_group group;
	bool wants_summary;
	uint64_t sarif_limit;
	/** The report on the output. */
	enum report_format format;
	bool has_format;
	struct {
		enum report_format format;
		const char *file;
	} reports[REPORTS_MAX];
	size_t report_count;
};

/** How differences are printed. */
enum diff_format { DIFF_TEXT = 0, DIFF_NDJSON };

/** The parsed command line. Strings are borrowed from it. */
struct options {
	/** Everything that the library must know but the callbacks. run_pipeline() makes its
	 * pointers lead to the structs that follow. */
	struct ds_run_options run;
	struct ds_limits limits;
	struct ds_writer_options writer;
	struct ds_rows_options rows;
	struct ds_selection selection;
	struct select_options select;
	/** Of --columns. */
	unsigned columns[DS_ROWS_COLUMNS_MAX];
	/** NULL: standard output. */
	const char *output;
	/** One file a domain, in this directory; NULL: not wanted. */
	const char *output_dir;
	/** The file of `output` may be one of the inputs: it is replaced when all of them have been
	 * read. */
	bool may_replace_input;
	/** One file a domain, as the members of the tar archive `output`, compressed unless the
	 * level is 0. The level of `run` is 0 then. */
	bool output_is_tar;
	int tar_gzip_level;
	/** NULL: not wanted. */
	const char *rejects;
	const char *losses;
	const char *manifest;
	/** The command's name, the groups of options that it takes, and the options that were
	 * given, in their order. */
	const char *command;
	unsigned groups;
	struct {
		const char *name, *value;
		unsigned groups;
	} given[GIVEN_MAX];
	size_t given_count;
	/** The option whose value is being read. */
	const struct option_rule *current;
	/** Where a part says what it has read; NULL: not wanted. */
	const char *part_file;
	/** Parts may be missing when they are merged. */
	bool may_miss_parts;
	/** An argument without a domain is status 2. */
	bool require_domains;
	/** Losses are status 1. */
	bool strict;
	/** The reasons (cli/status.h) that do not count for the exit status. */
	bool accept[STATUS_REASONS];
	/** --resume: do nothing when it was done. */
	bool resume;
	struct audit_options audit;
	enum diff_format diff_format;
	/** Of a conversion, whose differences are accepted. NULL: none. */
	const char *accepted_losses;
	enum verbosity verbosity;
	/** Messages about one input; 0: all. */
	uint64_t max_messages;
	enum progress_mode progress;
	/** --help was seen: nothing else matters. */
	bool wants_help;
};

/** Which commands take an option. */
enum option_group {
	/** All commands that read dumps. */
	OPTION_READ = 1,
	/** Those that convert. */
	OPTION_WRITE = 2,
	/** Those whose output may be large: it may go to a file, and be compressed. */
	OPTION_OUTPUT = 4,
	/** Those that list something, a line each. */
	OPTION_ROWS = 8,
	/** Those that judge. */
	OPTION_AUDIT = 16,
	/** Those that read any number of files. */
	OPTION_FILES = 32,
	/** Those that compare two. */
	OPTION_DIFF = 64,
	/** Those that some domains can be selected for. */
	OPTION_SELECT = 128,
	/** Those that write domains, in one document or in a file each. */
	OPTION_DOMAINS = 256,
	/** Those whose results name the host of a domain. */
	OPTION_HOST = 512,
	/** The one that copies. */
	OPTION_EXTRACT = 1024,
	/** Those of which several runs may share the inputs. */
	OPTION_PARTS = 2048,
	/** The one that puts parts together. */
	OPTION_MERGE = 4096,
	/** Those that report findings. */
	OPTION_REPORT = 8192,
};

enum option_argument { ARGUMENT_NONE = 0, ARGUMENT_REQUIRED, ARGUMENT_OPTIONAL };

/** One option: how it is spelled, what its help says, and what it does. */
struct option_rule {
	/** NULL: this is not an option but a heading of the help, which is in `help`. */
	const char *name;
	/** '\0': none. An optional argument cannot follow the letter. */
	char letter;
	enum option_argument argument;
	unsigned groups;
	/** Name of the argument in the help: what it is, or all valid words with bars between
	 * them. */
	const char *value_name;
	const char *help;
	/** Stores the value, which is NULL for an option without one. Returns 0, or -1 after a
	 * message. */
	int (*set)(struct options *options, const char *value);
};

extern const struct option_rule option_rules[];
extern const size_t option_rule_count;

/**
 * Parses the words after a command, whose name is words[0], and moves the file names behind the
 * options. Returns 0, or -1 after a message.
 */
int options_parse(struct options *options, unsigned groups, int count, char **words);

/** Whether the output goes to standard output. */
bool options_are_for_stdout(const struct options *options);

#endif
