/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"

#include "record/scan.h"
#include "record/text.h"

/*
 * Attributes of the elements that are known. expat gives each value as a string of its own; most of them stand in the
 * domain's bytes just so, and those bytes live as long as the record. So the tag, which expat has found to be right, is
 * walked along beside the pairs: that finds a value's size and saves its copy.
 */

static const char too_many[] = "an element has more attributes than the limit";

/** Where the walk is: behind the element's name, or behind a value. NULL: the bytes are not those that expat reads. */
struct walk {
	const char *data;
	size_t at, size;
};

static struct walk walk_begin(const struct xml_reader *reader, size_t name_size)
{
	const struct read_state *state = reader->state;

	return (struct walk){reader->is_raw ? state->data : NULL, reader->at + 1 + name_size, state->size};
}

static inline void pass_blanks(struct walk *walk)
{
	/* One byte above the blanks, or one blank, is all that there is most of the time. */
	if (walk->data[walk->at] == ' ')
		walk->at++;
	if (walk->data[walk->at] > ' ')
		return;
	while (byte_is_blank(walk->data[walk->at]))
		walk->at++;
}

static inline void pass_name(struct walk *walk)
{
	while (walk->data[walk->at] != '=' && !byte_is_blank(walk->data[walk->at]))
		walk->at++;
}

/** Passes what stands behind an attribute's name. Its value, or NULL when expat reads it otherwise than it stands here. */
static inline struct ds_text pass_value(struct walk *walk)
{
	const char *data = walk->data;
	struct ds_text value = {NULL, 0};
	size_t begin, end;
	char quote;

	pass_blanks(walk);
	walk->at++;
	pass_blanks(walk);
	quote = data[walk->at];
	begin = walk->at + 1;
	end = scan_value((const unsigned char *)data, begin, walk->size, quote);
	if (data[end] == quote)
		value = (struct ds_text){data + begin, end - begin};
	else
		end = (size_t)((const char *)memchr(data + end, quote, walk->size - end) - data);
	walk->at = end + 1;
	return value;
}

/* ---- what it is ---------------------------------------------------------------------------------------- */

/** Does the name that is guessed, and nothing more, stand at `data`? At least KEY_NAME_HEAD + 1 bytes are there. */
static inline int is_name(const struct key_guess *guess, unsigned context, const char *data)
{
	static const unsigned char ends[256] = {['='] = 1,  ['>'] = 1,  ['/'] = 1, [' '] = 1,
						['\t'] = 1, ['\r'] = 1, ['\n'] = 1};

	return guess->context == context && key_guess_begins(guess, data) && ends[(unsigned char)data[guess->size]];
}

/** Which of the guesses it is; NULL: neither. */
static inline struct key_guess *guessed(const struct key_next *next, unsigned context, const char *data)
{
	return is_name(next->last, context, data)   ? next->last :
	       is_name(next->before, context, data) ? next->before :
						      NULL;
}

const struct key *xml_known_element(struct xml_reader *reader, const char *name)
{
	unsigned context = reader->stack[reader->level].context;
	struct key_guess *guess = NULL;

	if (reader->is_raw && reader->state->size - reader->at >= KEY_NAME_HEAD + 2)
		guess = guessed(reader->next_element, context, reader->state->data + reader->at + 1);
	if (!guess)
		guess = keymap_guess(&reader->elements, context, name, strlen(name));
	if (!guess)
		return NULL;
	reader->next_element = key_next_set(reader->next_element, guess);
	return guess->key;
}

/** Finds out what the next attribute is, or NULL, and passes its name. */
static inline const struct key *pass_attribute(struct xml_reader *reader, enum xml_context context, struct walk *walk,
					       const char *name)
{
	struct key_guess *guess = NULL;

	if (walk->data)
		pass_blanks(walk);
	if (walk->data && walk->size - walk->at > KEY_NAME_HEAD)
		guess = guessed(reader->next_attribute, context, walk->data + walk->at);
	if (guess) {
		walk->at += guess->size;
	} else {
		if (walk->data)
			pass_name(walk);
		guess = keymap_guess(&reader->attributes, context, name, strlen(name));
		if (!guess)
			return NULL;
	}
	reader->next_attribute = key_next_set(reader->next_attribute, guess);
	return guess->key;
}

/* ---- what it says -------------------------------------------------------------------------------------- */

struct ds_text xml_value(struct xml_reader *reader, const char *value)
{
	if (reader->raw_value.data)
		return text_from(reader->raw_value, (size_t)(value - reader->value));
	return builder_text(&reader->state->builder, value, strlen(value));
}

void xml_extra_attribute(struct xml_reader *reader, enum ds_extra_kind kind, const char *name, const char *value)
{
	read_extra(reader->state, kind, xml_path(reader, name), xml_at(reader), xml_value(reader, value));
}

int xml_is_namespace(const char *name)
{
	return strncmp(name, "xmlns", 5) == 0 && (!name[5] || name[5] == ':');
}

static int is_usual(const struct key *key, const char *value)
{
	const char *const *word = xml_usual_words[key->member];

	if (key->member == XML_USUAL_ANY || !*value)
		return 1;
	while (*word && strcmp(value, *word) != 0)
		word++;
	return *word != NULL;
}

static void set_text(struct xml_reader *reader, const struct key *key, const char *name, const char *value)
{
	struct ds_text *member = (struct ds_text *)(void *)((char *)reader->item + key->member);
	struct ds_text text = xml_value(reader, value);

	if (!member->data)
		*member = text;
	else if (!text_same(*member, text))
		xml_extra_attribute(reader, DS_EXTRA_INVALID, name, value);
}

static void attribute(struct xml_reader *reader, const struct key *key, const char *name, const char *value)
{
	int is_known;

	if ((reader->raw_value.data ? reader->raw_value.size : strlen(value)) > reader->state->limits.token_size) {
		xml_give_up(reader, "DA905", "an attribute is longer than the limit");
		return;
	}
	if (!key) {
		if (!xml_is_namespace(name))
			xml_extra_attribute(reader, DS_EXTRA_UNKNOWN, name, value);
		return;
	}
	if (key->action == XML_KNOWN) {
		xml_extra_attribute(reader, DS_EXTRA_KNOWN, name, value);
		return;
	}
	if (key->action == XML_IGNORE) {
		if (!is_usual(key, value))
			xml_extra_attribute(reader, DS_EXTRA_KNOWN, name, value);
		return;
	}
	if (key->action == XML_TEXT) {
		set_text(reader, key, name, value);
		return;
	}
	if (key->action < XML_DISK_TYPE)
		is_known = xml_domain_attribute(reader, key, value);
	else if (key->action < XML_INTERFACE_TYPE)
		is_known = xml_disk_attribute(reader, key, value);
	else
		is_known = xml_device_attribute(reader, key, value);
	if (!is_known)
		xml_extra_attribute(reader, DS_EXTRA_KNOWN, name, value);
}

int xml_count_attributes(struct xml_reader *reader, const char **pairs)
{
	unsigned count = 0;

	for (; *pairs; pairs += 2) {
		if (++count > reader->state->limits.attributes) {
			xml_give_up(reader, "DA905", too_many);
			return 0;
		}
	}
	return 1;
}

void xml_attributes(struct xml_reader *reader, enum xml_context context, size_t name_size, const char **pairs)
{
	unsigned count = 0;
	struct walk walk;

	if (!*pairs)
		return;
	walk = walk_begin(reader, name_size);
	reader->next_attribute = &reader->first_attribute[context];
	for (; *pairs; pairs += 2) {
		const struct key *key = pass_attribute(reader, context, &walk, pairs[0]);

		if (++count > reader->state->limits.attributes) {
			xml_give_up(reader, "DA905", too_many);
			return;
		}
		reader->value = pairs[1];
		reader->raw_value = walk.data ? pass_value(&walk) : (struct ds_text){NULL, 0};
		attribute(reader, key, pairs[0], pairs[1]);
	}
}
