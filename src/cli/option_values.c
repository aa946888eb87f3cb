/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/option_values.h"

#include "cli/suggest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/** The size of the description of a valid value. */
#define EXPECTED_MAX 512

int value_refuse(const struct options *options, const char *value, const char *expected, ...)
{
	char text[EXPECTED_MAX];
	va_list arguments;

	va_start(arguments, expected);
	vsnprintf(text, sizeof text, expected, arguments);
	va_end(arguments);
	message_usage("invalid value '%s' for '--%s': expected %s", value, options->current->name,
		text);
	return -1;
}

int value_refuse_repeated(const struct options *options, size_t most)
{
	message_usage("option '--%s' may be given at most %zu times", options->current->name, most);
	return -1;
}

/** Writes the words of a value name such as "a|b|c" or "a,b,c" as "a, b or c". */
static void list_words(char *list, size_t size, const char *words)
{
	size_t used = 0;

	*list = '\0';
	while (*words && used < size) {
		size_t length = strcspn(words, "|,");
		const char *rest = words + length + (words[length] != '\0');
		const char *separator = !used ? "" : *rest ? ", " : " or ";

		used += (size_t)snprintf(list + used, size - used, "%s%.*s", separator, (int)length,
			words);
		words = rest;
	}
}

int value_refuse_word(const struct options *options, const char *value)
{
	const char *words = options->current->value_name;
	const char *hint = strchr(words, ',') ? ", or several of them, separated by commas" : "";
	struct suggestion nearest = {0};
	char list[EXPECTED_MAX];

	list_words(list, sizeof list, words);
	while (*words) {
		size_t size = strcspn(words, "|,");

		suggest_add(&nearest, value, words, size);
		words += size + (words[size] != '\0');
	}
	if (nearest.word && strpbrk(options->current->value_name, "|,"))
		return value_refuse(options, value, "%s%s; did you mean '%.*s'?", list, hint,
			(int)nearest.size, nearest.word);
	return value_refuse(options, value, "%s%s", list, hint);
}

const char *value_digits(const char *value, uint64_t *number)
{
	const char *at = value;

	for (*number = 0; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (*number > (UINT64_MAX - digit) / 10)
			return NULL;
		*number = *number * 10 + digit;
	}
	return at == value ? NULL : at;
}

int value_number(const struct options *options, const char *value, uint64_t least, uint64_t most,
	uint64_t *number)
{
	uint64_t read;
	const char *end = value_digits(value, &read);

	if ((!end || *end || read < least || read > most) && most == UINT64_MAX)
		return value_refuse(options, value, "a number, %" PRIu64 " or more", least);
	if (!end || *end || read < least || read > most)
		return value_refuse(options, value, "a number from %" PRIu64 " to %" PRIu64, least,
			most);
	*number = read;
	return 0;
}

/** Parses a size with an optional suffix. Returns 0, or -1 when the value is not a size that fits
 * into size_t. */
static int read_size(const char *value, size_t *size)
{
	static const char suffixes[] = "kKMG";
	static const unsigned shifts[] = {10, 10, 20, 30};
	uint64_t number = 0;
	const char *end = value_digits(value, &number);
	unsigned shift = 0;

	if (!end)
		return -1;
	if (*end) {
		const char *suffix = strchr(suffixes, *end);

		if (!suffix || end[1])
			return -1;
		shift = shifts[suffix - suffixes];
	}
	if (number > SIZE_MAX >> shift)
		return -1;
	*size = (size_t)number << shift;
	return 0;
}

static int store_size(const struct options *options, const char *value, size_t most, size_t *size)
{
	size_t read;

	if ((read_size(value, &read) != 0 || read == 0) && most == SIZE_MAX)
		return value_refuse(options, value, "a size in bytes, such as 64k or 16M");
	if (read_size(value, &read) != 0 || read == 0 || read > most)
		return value_refuse(options, value,
			"a size from 1 to %zu bytes, such as 64k or 16M", most);
	*size = read;
	return 0;
}

static int store_word(const struct options *options, const char *value,
	const struct option_word *words, int *result)
{
	for (; words->word; words++) {
		if (strcmp(value, words->word) == 0) {
			*result = words->value;
			return 0;
		}
	}
	return value_refuse_word(options, value);
}

int value_name(const struct options *options, const char *value, const char **name)
{
	if (!*value)
		return value_refuse(options, value, "a non-empty name");
	*name = value;
	return 0;
}

int value_store(struct options *options, const struct option_store *store, const char *value)
{
	void *member = (char *)options + store->offset;
	uint64_t number = 0;

	switch (store->kind) {
	case STORE_CALL:
		return store->set(options, value);
	case STORE_FLAG:
		*(bool *)member = true;
		return 0;
	case STORE_NAME:
		return value_name(options, value, member);
	case STORE_WORD:
		return store_word(options, value, store->words, member);
	case STORE_SIZE:
		return store_size(options, value, store->most, member);
	case STORE_NUMBER:
		return value_number(options, value, store->least, store->most, member);
	case STORE_UNSIGNED:
		break;
	}
	if (value_number(options, value, store->least, store->most, &number) != 0)
		return -1;
	*(unsigned *)member = (unsigned)number;
	return 0;
}
