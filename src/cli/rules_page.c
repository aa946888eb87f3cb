/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes the manual page domstream-rules(7), generated from the catalogue of the audit, to the file
 * that its argument names. It runs when the program is built, is not installed, and only consists
 * of this file and src/audit/catalogue.c.
 */
#include "domstream/domstream.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Escapes make lines longer than this; mandoc(1) allows 80. */
#define WIDTH 70

static void print_character(char character)
{
	switch (character) {
	case '\\':
		fputs("\\e", stdout);
		break;
	case '-':
		fputs("\\-", stdout);
		break;
	case '\'':
		fputs("\\(aq", stdout);
		break;
	case '"':
		fputs("\\(dq", stdout);
		break;
	case '`':
		fputs("\\(ga", stdout);
		break;
	case '~':
		fputs("\\(ti", stdout);
		break;
	case '^':
		fputs("\\(ha", stdout);
		break;
	default:
		putchar(character);
	}
}

/* A hyphen inside a word stays a hyphen; that of an option is a minus sign, and an apostrophe in a
 * word is not a character to be typed. */
static void print_word(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool is_inside =
			i > 0 && i + 1 < length && word[i - 1] != '-' && word[i + 1] != '-';

		if (is_inside && (word[i] == '-' || word[i] == '\''))
			putchar(word[i]);
		else
			print_character(word[i]);
	}
}

static bool ends_sentence(const char *word, size_t length)
{
	while (length > 0 && strchr(")'\"", word[length - 1]))
		length--;
	return length > 0 && strchr(".!?", word[length - 1]);
}

/* Prints text as mdoc requires it: each sentence on a new line, and no line too long. */
static void print_text(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " \n");
		bool is_paragraph = text[length] == '\n';

		if (column > 0 && column + 1 + length > WIDTH) {
			putchar('\n');
			column = 0;
		}
		if (column > 0) {
			putchar(' ');
			column++;
		} else if (*text == '.' || *text == '\'') {
			fputs("\\&", stdout);
		}
		print_word(text, length);
		column += length;
		if (is_paragraph) {
			puts("\n.Pp");
			column = 0;
		} else if (ends_sentence(text, length) && text[length]) {
			putchar('\n');
			column = 0;
		}
		text += length + (text[length] != 0);
	}
	if (column > 0)
		putchar('\n');
}

static void print_example(const char *heading, const char *example)
{
	printf(".Pp\n%s:\n.Bd -literal -offset indent\n", heading);
	if (*example == '.')
		fputs("\\&", stdout);
	for (; *example; example++)
		print_character(*example);
	puts("\n.Ed");
}

static void print_severity(enum ds_severity severity)
{
	static const char *const words[] = {"Info", "Low", "Medium", "High", "Critical"};

	printf("%s", words[severity]);
}

static void print_rule(const struct ds_rule *rule)
{
	char hypervisors[DS_HYPERVISORS_TEXT_SIZE];

	printf(".Ss %s %s\n", rule->id, rule->name);
	print_severity(rule->severity);
	ds_hypervisors_text(rule->hypervisors, hypervisors);
	printf(", for %s%s:\n", hypervisors,
		rule->hypervisors == DS_HYPERVISOR_ANY ? " hypervisor" : "");
	print_text(rule->title);
	puts(".Pp");
	print_text(rule->why);
	if (*rule->bad) {
		print_example("Bad", rule->bad);
		print_example("Good", rule->good);
	}
	if (*rule->source) {
		fputs(".Pp\nSource:\n", stdout);
		print_text(rule->source);
	}
}

static void print_section(enum ds_rule_scope scope, const char *heading)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	printf(".Sh %s\n", heading);
	for (size_t i = 0; i < count; i++)
		if (rules[i].scope == scope)
			print_rule(&rules[i]);
}

int main(int argc, char **argv)
{
	if (argc != 2 || !freopen(argv[1], "w", stdout)) {
		fputs("domstream_rules_page: one argument, the file to write\n", stderr);
		return 1;
	}
	puts(".\\\" SPDX-License-Identifier: LGPL-2.1-or-later\n"
	     ".\\\" Made from the catalogue, src/audit/rules.def, by src/cli/rules_page.c.\n"
	     ".Dd November 22, 2026\n"
	     ".Dt DOMSTREAM-RULES 7\n"
	     ".Os\n"
	     ".Sh NAME\n"
	     ".Nm domstream-rules\n"
	     ".Nd rules for disks in virtual machine configurations\n"
	     ".Sh DESCRIPTION\n"
	     "Each rule has an id that never changes, a name, and a usual severity, from\n"
	     ".Em info\n"
	     "to\n"
	     ".Em critical ;\n"
	     "some rules use another severity in cases that their text describes.\n"
	     "Each rule has a bad example, in which it finds something, and a good example,\n"
	     "in which this fault is corrected; other rules may still find something there.\n"
	     "If a rule needs two dumps, the old one comes first, and a line\n"
	     ".Ql \\-\\-\\- new\n"
	     "separates them.\n"
	     ".Pp\n"
	     ".Ql domstream explain ID\n"
	     "prints the text of one rule.");
	print_section(DS_SCOPE_DISK, "RULES ABOUT ONE DISK");
	print_section(DS_SCOPE_DOMAIN, "RULES ABOUT ONE DOMAIN");
	print_section(DS_SCOPE_ESTATE, "RULES ABOUT SEVERAL DOMAINS");
	print_section(DS_SCOPE_DIFF, "RULES ABOUT TWO DUMPS");
	print_section(DS_SCOPE_INPUT, "PROBLEMS WITH THE INPUT");
	puts(".Sh SEE ALSO\n"
	     ".Xr domstream 1");
	if (ferror(stdout) || fclose(stdout) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
