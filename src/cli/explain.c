/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/explain.h"

#include "cli/help.h"
#include "cli/message.h"
#include "cli/suggest.h"
#include "cli/text.h"
#include "domstream/domstream.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define INDENT 4

/* Damage of the input has both an explanation and a rule. The rule has the longer text, so the
 * explanation is skipped. */
static bool is_loss(const struct ds_explanation *explanation)
{
	return ds_rule_find(explanation->id) == NULL;
}

/** Returns the rule with this id or name, in upper or lower case, or NULL if there is no such
 * rule. */
static const struct ds_rule *find_rule(const char *word)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strcasecmp(rules[i].id, word) == 0 || strcasecmp(rules[i].name, word) == 0)
			return &rules[i];
	return NULL;
}

/** Returns the message or loss with this id, in upper or lower case, or NULL if there is no such
 * id. */
static const struct ds_explanation *find_loss(const char *id)
{
	size_t count;
	const struct ds_explanation *explanations = ds_explanations(&count);

	for (size_t i = 0; i < count; i++)
		if (strcasecmp(explanations[i].id, id) == 0)
			return &explanations[i];
	return NULL;
}

static void print_rule_line(const struct ds_rule *rule)
{
	int column = printf("  %-6s %-9s ", rule->id, ds_severity_text(rule->severity));

	text_print_filled(stdout, rule->title, (size_t)column, (size_t)column);
}

static void print_loss_line(const struct ds_explanation *loss)
{
	int column = printf("  %-16s ", loss->id);

	text_print_filled(stdout, loss->title, (size_t)column, (size_t)column);
}

static void print_group(enum ds_rule_scope scope, const char *heading)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	puts(heading);
	for (size_t i = 0; i < count; i++) {
		if (rules[i].scope == scope)
			print_rule_line(&rules[i]);
	}
	putchar('\n');
}

static void print_losses(void)
{
	size_t count;
	const struct ds_explanation *explanations = ds_explanations(&count);

	puts("Losses of a conversion:");
	for (size_t i = 0; i < count; i++) {
		if (is_loss(&explanations[i]))
			print_loss_line(&explanations[i]);
	}
}

static void print_list(void)
{
	print_group(DS_SCOPE_DISK, "Rules about one disk:");
	print_group(DS_SCOPE_DOMAIN, "Rules about one domain:");
	print_group(DS_SCOPE_ESTATE, "Rules about several domains:");
	print_group(DS_SCOPE_DIFF, "Rules about two dumps:");
	print_group(DS_SCOPE_INPUT, "Problems with the input itself:");
	print_losses();
}

static void print_text(const char *heading, const char *text)
{
	if (!*text)
		return;
	printf("\n%s\n%*s", heading, INDENT, "");
	text_print_filled(stdout, text, INDENT, INDENT);
}

static void print_example(const char *heading, const char *example)
{
	if (!*example)
		return;
	printf("\n%s\n", heading);
	while (*example) {
		size_t length = strcspn(example, "\n");

		printf("%*s%.*s\n", INDENT, "", (int)length, example);
		example += length + (example[length] != 0);
	}
}

static void print_rule(const struct ds_rule *rule)
{
	int column = printf("%s %s (%s): ", rule->id, rule->name, ds_severity_text(rule->severity));
	char hypervisors[DS_HYPERVISORS_TEXT_SIZE];

	text_print_filled(stdout, rule->title, INDENT, (size_t)column);
	ds_hypervisors_text(rule->hypervisors, hypervisors);
	print_text("Hypervisors", hypervisors);
	print_text("Why", rule->why);
	print_example("Bad", rule->bad);
	print_example("Good", rule->good);
	print_text("Source", rule->source);
}

static void print_loss(const struct ds_explanation *loss)
{
	int column = printf("%s: ", loss->id);

	text_print_filled(stdout, loss->title, INDENT, (size_t)column);
	print_text("Why", loss->text);
}

static void print_one(const char *word)
{
	const struct ds_rule *rule = find_rule(word);
	const struct ds_explanation *loss = find_loss(word);

	if (rule)
		print_rule(rule);
	else if (loss)
		print_loss(loss);
}

/* ---- search ---- */

/** Returns whether a text contains a word, ignoring case. */
static bool contains(const char *text, const char *word)
{
	size_t size = strlen(word);

	for (; *text; text++)
		if (strncasecmp(text, word, size) == 0)
			return true;
	return false;
}

static bool rule_contains(const struct ds_rule *rule, const char *word)
{
	return contains(rule->name, word) || contains(rule->title, word) ||
		contains(rule->why, word);
}

static bool loss_contains(const struct ds_explanation *loss, const char *word)
{
	return is_loss(loss) &&
		(contains(loss->id, word) || contains(loss->title, word) ||
			contains(loss->text, word));
}

/** Counts the rules and losses whose texts contain a word, and lists them when asked to. */
static size_t find_matches(const char *word, bool prints)
{
	size_t rule_count, count, found = 0;
	const struct ds_rule *rules = ds_rules(&rule_count);
	const struct ds_explanation *explanations = ds_explanations(&count);

	for (size_t i = 0; i < rule_count; i++) {
		if (!rule_contains(&rules[i], word))
			continue;
		found++;
		if (prints)
			print_rule_line(&rules[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (!loss_contains(&explanations[i], word))
			continue;
		found++;
		if (prints)
			print_loss_line(&explanations[i]);
	}
	return found;
}

static enum exit_status refuse_word(const char *word)
{
	size_t rule_count, count;
	const struct ds_rule *rules = ds_rules(&rule_count);
	const struct ds_explanation *explanations = ds_explanations(&count);
	struct suggestion nearest = {0};

	for (size_t i = 0; i < rule_count; i++) {
		suggest_add(&nearest, word, rules[i].id, strlen(rules[i].id));
		suggest_add(&nearest, word, rules[i].name, strlen(rules[i].name));
	}
	for (size_t i = 0; i < count; i++)
		suggest_add(&nearest, word, explanations[i].id, strlen(explanations[i].id));
	if (nearest.word)
		message_usage("no rule, message or loss contains '%s'; did you mean '%s'?", word,
			nearest.word);
	else
		message_usage(
			"no rule, message or loss contains '%s'; 'domstream explain' lists all",
			word);
	return STATUS_USAGE;
}

static bool is_id(const char *word)
{
	return find_rule(word) || find_loss(word);
}

/** Explains each word that is an id or a name, and searches the texts for any other word. Prints
 * nothing if one of them is not found. */
static enum exit_status explain_words(char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (!is_id(words[i]) && (!*words[i] || find_matches(words[i], false) == 0))
			return refuse_word(words[i]);
	for (size_t i = 0; words[i]; i++) {
		if (i)
			putchar('\n');
		if (is_id(words[i]))
			print_one(words[i]);
		else
			find_matches(words[i], true);
	}
	return STATUS_FINE;
}

enum exit_status explain_print_help(void)
{
	fputs("Usage: domstream explain [ID | WORD]...\n"
	      "Explain rules, messages and losses by id or name, or list those that contain a\n"
	      "word. Without an argument, list all.\n"
	      "\n"
	      "Examples:\n"
	      "  domstream explain DA301\n"
	      "  domstream explain cache\n"
	      "\n"
	      "  -h, --help  show this help\n"
	      "\n"
	      "Exit status:\n"
	      "  0  an explanation was printed\n"
	      "  3  unknown id, and no text contains the word\n"
	      "  4  standard output cannot be written\n",
		stdout);
	return help_finish(STATUS_FINE);
}

enum exit_status explain_run(char *const *words)
{
	message_set_command("explain");
	if (words[0] && strcmp(words[0], "--") == 0)
		return help_finish(explain_words(words + 1));
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], "-h") == 0 || strcmp(words[i], "--help") == 0)
			return explain_print_help();
		if (words[i][0] == '-') {
			message_usage("unknown option '%s'", words[i]);
			return STATUS_USAGE;
		}
	}
	if (words[0])
		return help_finish(explain_words(words));
	print_list();
	return help_finish(STATUS_FINE);
}
