/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "cli/text.h"
#include "domstream/domstream.h"

#define INDENT 4

/* Damage of the input has its explanation and its rule; the rule says more. */
static int is_loss(const struct ds_explanation *explanation)
{
	return ds_rule_find(explanation->id) == NULL;
}

static const struct ds_explanation *find_loss(const char *id)
{
	size_t count;
	const struct ds_explanation *explanations = ds_explanations(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(explanations[i].id, id) == 0)
			return &explanations[i];
	return NULL;
}

static void print_group(enum ds_rule_scope scope, const char *heading)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	puts(heading);
	for (size_t i = 0; i < count; i++) {
		if (rules[i].scope == scope) {
			int column = printf("  %-6s %-9s ", rules[i].id, ds_severity_text(rules[i].severity));

			text_print_filled(stdout, rules[i].title, (size_t)column, (size_t)column);
		}
	}
	putchar('\n');
}

static void print_losses(void)
{
	size_t count;
	const struct ds_explanation *explanations = ds_explanations(&count);

	puts("Losses of a conversion:");
	for (size_t i = 0; i < count; i++) {
		if (is_loss(&explanations[i])) {
			int column = printf("  %-16s ", explanations[i].id);

			text_print_filled(stdout, explanations[i].title, (size_t)column, (size_t)column);
		}
	}
}

static void print_list(void)
{
	print_group(DS_SCOPE_DISK, "Rules about one disk:");
	print_group(DS_SCOPE_DOMAIN, "Rules about one domain:");
	print_group(DS_SCOPE_ESTATE, "Rules about several domains:");
	print_group(DS_SCOPE_DIFF, "Rules about two dumps:");
	print_group(DS_SCOPE_INPUT, "What can be wrong with the input itself:");
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
	const struct ds_rule *rule = ds_rule_find(word);
	const struct ds_explanation *loss = find_loss(word);

	if (rule)
		print_rule(rule);
	else if (loss)
		print_loss(loss);
}

static enum exit_status print_words(char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (!ds_rule_find(words[i]) && !find_loss(words[i])) {
			message_usage("'%s' is no id; 'domstream explain' lists them", words[i]);
			return STATUS_USAGE;
		}
	}
	for (size_t i = 0; words[i]; i++) {
		if (i)
			putchar('\n');
		print_one(words[i]);
	}
	return STATUS_FINE;
}

enum exit_status explain_run(char *const *words)
{
	enum exit_status status = STATUS_FINE;
	int failed;

	if (words[0] && (strcmp(words[0], "-h") == 0 || strcmp(words[0], "--help") == 0))
		fputs("Usage: domstream explain [ID]...\n"
		      "Say what the id or name of a rule, or the id of a message or loss, means; without ID, list them all.\n",
		      stdout);
	else if (words[0])
		status = print_words(words);
	else
		print_list();
	failed = ferror(stdout);
	if (fclose(stdout) == 0 && !failed)
		return status;
	message_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_FAILED;
}
