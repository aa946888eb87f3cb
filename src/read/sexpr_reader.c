/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"

#include "record/text.h"

#include <stddef.h>
#include <stdlib.h>

/*
 * There are two kinds of lists. A list that contains lists with keys is pushed on the stack: the
 * domain, its image, a device. Any other list has a value, which is mostly one atom, and sometimes
 * several or lists of atoms. Such a list is read to its end at once, and its atoms are collected in
 * `values`. No tree is built.
 */

/** Enters the current list, which contains lists. Returns false if too many lists are open. */
static bool push(struct sexpr_reader *reader, unsigned context)
{
	const struct key *key = reader->key;

	if (reader->level + 1 == SEXPR_STACK)
		return false;
	reader->stack[++reader->level] = (struct read_level){.context = (unsigned char)context,
		.name = reader->name,
		.at = reader->at};
	reader->context = context;
	reader->numbers[reader->level] = ++reader->list_count;
	reader->state->builder.domain.field_at[key->field] = (uint32_t)reader->at;
	if (key->open)
		key->open(reader);
	return true;
}

static bool check_size(struct sexpr_reader *reader, struct ds_text text)
{
	if (text.size <= reader->token_size)
		return true;
	read_fail(reader->state, "DA905", "a value is longer than the limit (--max-token)",
		reader->lexer.at - 1);
	return false;
}

/** Reads up to the end of the current list and collects its atoms. Returns false when the list
 * does not end, or exceeds a limit. */
static bool collect(struct sexpr_reader *reader)
{
	struct read_state *state = reader->state;
	struct sexpr_token token;
	unsigned depth = 0, group = 0;

	reader->value_count = 0;
	reader->is_long = false;
	for (;;) {
		sexpr_next(&reader->lexer, &token);
		switch (token.kind) {
		case SEXPR_OPEN:
			state->is_whole &= !sexpr_may_be_domain(&reader->lexer, token.at);
			if (++depth + reader->level >= state->limits.depth) {
				read_fail(state, "DA905",
					"the lists are nested too deeply (--max-depth)", token.at);
				return false;
			}
			group += depth == 2;
			break;
		case SEXPR_CLOSE:
			if (!depth)
				return true;
			depth--;
			break;
		case SEXPR_ATOM:
		case SEXPR_STRING:
			if (!check_size(reader, token.text))
				return false;
			if (reader->value_count < SEXPR_VALUES_MAX)
				reader->values[reader->value_count++] =
					(struct sexpr_value){token.text, depth, group};
			else
				reader->is_long = true;
			break;
		default:
			read_fail(state, "DA903",
				token.kind == SEXPR_ERROR ? token.error : "a list is not closed",
				token.at);
			return false;
		}
	}
}

/** Looks up the key of the current list. The builder's list may have any name, such as `linux` or
 * `hvm`. xl writes (linux 0), and the builder's keys follow this list. */
static const struct key *find_key(struct sexpr_reader *reader)
{
	static const struct key builder_list = {"", SEXPR_IMAGE, SEXPR_ENTER, SEXPR_BUILDER,
		.field = FIELD_is_hvm};
	static const struct key platform_list = {"", SEXPR_PLATFORM, SEXPR_ENTER,
		SEXPR_PLATFORM_KEYS, .field = KEY_NO_FIELD};
	unsigned context = reader->context;
	struct ds_text name = reader->name;
	struct key_guess *found;

	if (context == SEXPR_PLATFORM)
		return name.size ? NULL : &platform_list;
	if (!name.size)
		return NULL;
	if (context == SEXPR_IMAGE && !reader->builder_name.data) {
		reader->builder_name = name;
		return &builder_list;
	}
	if (context == SEXPR_IMAGE || context == SEXPR_PLATFORM_KEYS)
		context = SEXPR_BUILDER;
	found = keymap_find(&reader->keys, context, name.data, name.size);
	if (!found)
		return NULL;
	*reader->next_key = found;
	reader->next_key = &found->next;
	return found->key;
}

/** Handles a list with one value or with no value. */
static void understand_pair(struct sexpr_reader *reader, struct ds_text value)
{
	const struct key *key = reader->key;

	if (!check_size(reader, value) || (key && key->action == SEXPR_IS_RUNTIME))
		return;
	reader->value_count = value.data != NULL;
	reader->values[0] = (struct sexpr_value){value, 0, 0};
	reader->is_long = false;
	if (key)
		sexpr_understand(reader);
	else
		sexpr_extra(reader, DS_EXTRA_UNKNOWN);
}

/** Returns the predicted key if the next bytes begin with its name, which may also be the
 * beginning of a longer name, or NULL. */
static inline struct key_guess *guessed(struct sexpr_reader *reader)
{
	const char *name = reader->lexer.data + reader->lexer.at;
	struct key_guess *guess = *reader->next_key;

	return guess && name < reader->last_head && key_guess_begins(guess, reader->context, name)
		? guess
		: NULL;
}

/** Reads the beginning of the current list, and looks its key up. */
static inline enum sexpr_start read_head(struct sexpr_reader *reader, struct ds_text *value)
{
	struct key_guess *guess = guessed(reader);
	enum sexpr_start start;
	struct sexpr_token head;

	if (guess) {
		reader->name = (struct ds_text){reader->lexer.data + reader->lexer.at, guess->size};
		start = sexpr_start_known(&reader->lexer, guess->size, value);
		if (start != SEXPR_START_OTHER) {
			reader->next_key = &guess->next;
			reader->key = guess->key;
			return start;
		}
	}
	reader->name = (struct ds_text){"", 0};
	start = sexpr_start(&reader->lexer, &reader->name, value);
	if (start == SEXPR_START_OTHER) {
		sexpr_next(&reader->lexer, &head);
		if (head.kind == SEXPR_ATOM || head.kind == SEXPR_STRING)
			reader->name = head.text;
		else
			reader->lexer.at = head.at;
	}
	reader->key = find_key(reader);
	if (reader->name.size > reader->token_size)
		read_fail(reader->state, "DA905", "a key is longer than the limit (--max-token)",
			reader->at);
	return start;
}

static void open_list(struct sexpr_reader *reader, size_t at)
{
	struct ds_text value;
	enum sexpr_start start;
	const struct key *key;
	bool is_ignored, is_early;
	unsigned inside;

	reader->at = at;
	start = read_head(reader, &value);
	key = reader->key;
	if (start == SEXPR_START_PAIR) {
		if (!key || !key->inside) {
			understand_pair(reader, value);
			return;
		}
		/* What follows the name is read as values or lists. */
		reader->lexer.at = at + 1 + reader->name.size;
	}
	inside = key ? key->inside : SEXPR_NONE;
	if (reader->level && sexpr_may_be_domain(&reader->lexer, at))
		reader->state->is_whole = false;
	/* xend only uses the first frame buffer of a guest. */
	is_ignored = inside == SEXPR_VFB && reader->vfb_graphics.at;
	/* A key in `platform` is only used if the image does not have it, so `platform` is read
	 * after the image. */
	is_early = inside == SEXPR_PLATFORM && !reader->is_platform && !reader->platform_at;
	if (inside && !is_ignored && !is_early && push(reader, inside))
		return;
	/* The state of a running domain only has to stay within the limits. */
	if (key && key->action == SEXPR_IS_RUNTIME &&
		sexpr_skip(&reader->lexer, reader->level, reader->state->limits.depth,
			reader->token_size))
		return;
	if (!collect(reader))
		return;
	if (is_early)
		reader->platform_at = at;
	else if (key && !inside)
		sexpr_understand(reader);
	else if (reader->name.size || reader->value_count)
		sexpr_extra(reader, is_ignored ? DS_EXTRA_INVALID : DS_EXTRA_UNKNOWN);
}

/** Handles a value where keys are expected. xend ignores it; `(image None)` and xl's `(linux 0)`
 * are usual. */
static void stray_value(struct sexpr_reader *reader, const struct sexpr_token *token)
{
	unsigned context = reader->context;
	bool is_usual = (context == SEXPR_IMAGE && text_is(token->text, "None")) ||
		(context == SEXPR_BUILDER && text_is(token->text, "0"));

	reader->name = token->text;
	reader->at = token->at;
	if (reader->level && !is_usual)
		sexpr_extra(reader, DS_EXTRA_UNKNOWN);
}

static void close_list(struct sexpr_reader *reader)
{
	sexpr_device_end(reader, (enum sexpr_context)reader->context);
	if (reader->context == SEXPR_IMAGE) {
		reader->image_at = reader->stack[reader->level].at;
		reader->image_end = reader->lexer.at;
	}
	reader->context = reader->stack[--reader->level].context;
}

static void begin(struct sexpr_reader *reader, struct read_state *state)
{
	const size_t kept = offsetof(struct sexpr_reader, image_graphics);

	reader->state = state;
	reader->lexer = (struct sexpr_lexer){state->data, state->size, 0, state->builder.arena};
	reader->token_size = state->limits.token_size;
	/* A predicted key is therefore within the bytes and within the limit. */
	reader->last_head = state->size > KEY_NAME_HEAD && reader->token_size >= KEY_NAME_HEAD
		? state->data + state->size - KEY_NAME_HEAD
		: state->data;
	reader->level = 0;
	reader->numbers[0] = ++reader->list_count;
	reader->stack[0].context = SEXPR_TOP;
	reader->context = SEXPR_TOP;
	if (reader->has_aliases)
		memset(&reader->aliases, 0, sizeof reader->aliases);
	memset((char *)reader + kept, 0, sizeof *reader - kept);
}

/** Reads until only the lists up to `level` are open, or until the bytes end. */
static void read_lists(struct sexpr_reader *reader, unsigned level, bool closes_early)
{
	struct sexpr_token token;

	do {
		if (!sexpr_paren(&reader->lexer, &token))
			sexpr_next(&reader->lexer, &token);
		switch (token.kind) {
		case SEXPR_OPEN:
			open_list(reader, token.at);
			break;
		case SEXPR_CLOSE:
			/* If xl has written a parenthesis too many, the first parenthesis that
			 * closes the domain is not its last. */
			if (reader->level > 1 || !closes_early ||
				reader->lexer.at == reader->lexer.size)
				close_list(reader);
			break;
		case SEXPR_ERROR:
			read_fail(reader->state, "DA903", token.error, token.at);
			return;
		case SEXPR_END:
			return;
		default:
			stray_value(reader, &token);
		}
	} while (reader->level > level);
}

/** Reads `platform`, which was skipped before and is known to be complete. */
static void read_platform(struct sexpr_reader *reader)
{
	size_t end = reader->lexer.at;

	reader->is_platform = true;
	reader->level = 1;
	reader->context = SEXPR_DOMAIN;
	reader->lexer.at = reader->platform_at;
	read_lists(reader, 1, false);
	reader->level = 0;
	reader->lexer.at = end;
}

void sexpr_reader_read(struct sexpr_reader *reader, struct read_state *state, bool closes_early)
{
	state->is_whole = true;
	begin(reader, state);
	read_lists(reader, 0, closes_early);
	if (reader->level)
		read_fail(state, "DA903", "the domain is not closed", 0);
	if (reader->level || reader->lexer.at < reader->lexer.size)
		state->is_whole = false;
	if (!reader->level && reader->platform_at)
		read_platform(reader);
	sexpr_domain_end(reader);
}

struct sexpr_reader *sexpr_reader_new(void)
{
	struct sexpr_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	keymap_init(&reader->keys, sexpr_keys, sexpr_key_count);
	reader->next_key = &reader->first_key;
	return reader;
}

void sexpr_reader_free(struct sexpr_reader *reader)
{
	free(reader);
}
