/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/*
 * Compares the records of domains with the expected ones. The cases are in reader.cases, whose
 * lines are:
 *
 *   # comment
 *   within TEMPLATE   in the cases that follow, the input replaces each %; " | " separates several
 *   always OP PART    the dump of each of them has this part, too
 *   INPUT OP PART     reads the input, and looks for the part in the dump of what was read
 *   INPUT             the same; the parts are on lines of their own:
 *   (tab) OP PART
 *   (two tabs) TEXT   continues the line before
 *
 * OP is => when the dump has the part, =/ when it has not, == when the part is all of the dump. An
 * input is expected to be read without errors, unless its first OP is =! (it is one domain, which
 * is rejected, and the part is in the error) or =~ (something in it is rejected). Escapes are those
 * of C.
 */

#define ALWAYS_MAX 8

struct script {
	size_t line;
	const char *template;
	const char *always[ALWAYS_MAX];
	size_t always_count;
	/** The present case: its input, and its dump when it was read. */
	const char *input;
	bool is_read;
	struct buffer dump;
};

static void unescape(struct buffer *out, const char *text, size_t size)
{
	static const char letters[] = "nrt\\", values[] = "\n\r\t\\";

	for (size_t i = 0; i < size; i++) {
		const char *letter = text[i] == '\\' ? strchr(letters, text[i + 1]) : NULL;

		if (letter) {
			buffer_byte(out, values[letter - letters]);
			i++;
		} else if (text[i] == '\\' && text[i + 1] == 'x') {
			buffer_byte(out,
				(char)(byte_hex(text[i + 2]) * 16 + byte_hex(text[i + 3])));
			i += 3;
		} else {
			buffer_byte(out, text[i]);
		}
	}
}

/** Adds the template with the fields of the input in it; the last one may be used repeatedly. */
static void fill_template(struct buffer *out, const char *template, const char *input)
{
	for (const char *at = template; *at; at++) {
		const char *next = strstr(input, " | ");

		if (*at != '%') {
			size_t size = strcspn(at, "%");

			unescape(out, at, size);
			at += size - 1;
			continue;
		}
		unescape(out, input, next ? (size_t)(next - input) : strlen(input));
		input = next ? next + 3 : input;
	}
}

static void check_part(struct script *script, const char *check)
{
	struct buffer part = {0};
	const char *dump = as_string(&script->dump), *text = check + (check[2] ? 3 : 2);
	bool is_right;

	unescape(&part, text, strlen(text));
	text = as_string(&part);
	if (check[1] == '=')
		is_right = strcmp(dump, text) == 0;
	else
		is_right = (strstr(dump, text) != NULL) == (check[1] != '/');
	if (!is_right)
		fail_msg("reader.cases:%zu: %s\n%s", script->line, check, dump);
	buffer_fini(&part);
}

/** Checks a part of the dump of the present input, which is read first. */
static void check(struct script *script, const char *check)
{
	bool is_damaged = check[1] == '!' || check[1] == '~';
	struct buffer input = {0};

	if (!script->is_read) {
		fill_template(&input, script->template, script->input);
		if (read_sized(as_string(&input), input.size, &script->dump) !=
			(is_damaged ? DS_DAMAGED : DS_OK))
			fail_msg("reader.cases:%zu: %s\n%s", script->line, input.data,
				as_string(&script->dump));
		if (check[1] == '!')
			assert_lacks(&script->dump, "domain at");
		for (size_t i = 0; i < script->always_count; i++)
			check_part(script, script->always[i]);
		buffer_fini(&input);
		script->is_read = true;
	}
	check_part(script, check);
}

/** Returns the operator in a line, which is a word, or NULL. */
static char *find_check(char *line)
{
	for (; (line = strstr(line, " =")); line++)
		if (strchr(">/=!~", line[2]) && (line[3] == ' ' || !line[3]))
			return line + 1;
	return NULL;
}

static void run_line(struct script *script, char *line)
{
	char *found = find_check(line);

	if (!*line || *line == '#')
		return;
	if (*line == '\t') {
		check(script, line + 1);
	} else if (strncmp(line, "within ", 7) == 0) {
		script->template = line + 7;
		script->always_count = 0;
	} else if (strncmp(line, "always ", 7) == 0) {
		assert_true(script->always_count < ALWAYS_MAX);
		script->always[script->always_count++] = line + 7;
	} else {
		/* A case without a part would prove nothing. */
		assert_true(script->is_read);
		script->input = line;
		script->is_read = false;
		if (found) {
			found[-1] = '\0';
			check(script, found);
		}
	}
}

static void domains_are_read(void **state)
{
	struct script script = {.template = "%", .is_read = true};
	struct buffer file = {0};
	char *line, *next;

	(void)state;
	load(&file, UNIT_DIR "/reader.cases");
	as_string(&file);
	for (line = file.data; line; line = next) {
		next = strchr(line, '\n');
		script.line++;
		while (next && next[1] == '\t' && next[2] == '\t') {
			memmove(next, next + 3, strlen(next + 3) + 1);
			next = strchr(next, '\n');
			script.line++;
		}
		if (next)
			*next++ = '\0';
		run_line(&script, line);
	}
	assert_true(script.is_read);
	buffer_fini(&script.dump);
	buffer_fini(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains_are_read),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
