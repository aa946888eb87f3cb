/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_extras.h"

#include "diff/diff_coding.h"

/* A stored value is encoded as twice its number; any other value as twice its size plus one,
 * followed by its digest. */

/** The number of kinds of devices, plus one for extras that belong to no device. */
#define KINDS (DEVICES_COUNT + 1)

void diff_extras_init(struct diff_extra_words *words, struct texts *texts, struct siphash_key key)
{
	words->key = key;
	intern_init(&words->paths, texts, key);
	intern_init(&words->values, texts, key);
	store_init(&words->counts, sizeof(uint32_t));
}

void diff_extras_fini(struct diff_extra_words *words)
{
	intern_fini(&words->paths);
	intern_fini(&words->values);
	store_fini(&words->counts);
}

/* ---- encoding ---- */

/** Returns the counter of the stored values of a path, or NULL when there is no memory. */
static uint32_t *count_of(struct diff_extra_words *words, uint32_t path)
{
	while (words->counts.count <= path) {
		uint32_t *count = store_add(&words->counts);

		if (!count)
			return NULL;
		*count = 0;
	}
	return store_at(&words->counts, path);
}

/** Returns the number of a value, which is stored if the limit of its path is not reached, or
 * INTERN_NONE if it is not stored. */
static uint32_t store_value(struct buffer *out, struct diff_extra_words *words, uint32_t path,
	struct ds_text value)
{
	uint32_t number = intern_find(&words->values, value), *count;

	if (number != INTERN_NONE)
		return number;
	count = count_of(words, path);
	if (!count)
		out->failed = true;
	if (!count || *count == DIFF_EXTRAS_VALUES_MAX)
		return INTERN_NONE;
	number = intern_add(&words->values, value);
	if (number == INTERN_NONE)
		out->failed = true;
	++*count;
	return number;
}

static void put_extra(struct buffer *out, struct diff_extra_words *words,
	const struct extra_form *extra)
{
	uint32_t path = intern_add(&words->paths, extra->path), number;

	if (path == INTERN_NONE) {
		out->failed = true;
		return;
	}
	encode_number(out, path);
	number = store_value(out, words, path, extra->value);
	if (number != INTERN_NONE) {
		encode_number(out, (uint64_t)number << 1);
		return;
	}
	encode_number(out, (uint64_t)extra->size << 1 | 1);
	for (unsigned i = 0; i < EXTRA_DIGEST_SIZE; i++)
		buffer_byte(out, (char)(extra->digest >> 8 * i));
}

void diff_extras_encode(struct buffer *out, struct diff_extra_words *words,
	const struct extra_forms *forms)
{
	encode_number(out, forms->count);
	for (size_t i = 0; i < forms->count;) {
		const struct extra_form *first = &forms->items[i];
		struct extra_forms device = extras_of(forms, first->kind, first->number);

		encode_number(out, first->number * KINDS + first->kind);
		encode_number(out, device.count);
		for (size_t k = 0; k < device.count; k++)
			put_extra(out, words, &device.items[k]);
		i += device.count;
	}
}

/* ---- decoding ---- */

static void get_extra(struct extra_form *extra, const struct diff_extra_words *words,
	const unsigned char **at)
{
	uint64_t number;

	extra->path = intern_text(&words->paths, (uint32_t)diff_number_decode(at));
	number = diff_number_decode(at);
	if (number & 1) {
		extra->size = (size_t)(number >> 1);
		for (unsigned i = 0; i < EXTRA_DIGEST_SIZE; i++)
			extra->digest |= (uint64_t) * (*at)++ << 8 * i;
		return;
	}
	extra->value = intern_text(&words->values, (uint32_t)(number >> 1));
	extra->size = extra->value.size;
	extra->digest = extra_digest(words->key, extra->value);
}

bool diff_extras_decode(struct extra_forms *forms, const struct diff_extra_words *words,
	const unsigned char **at, struct arena *arena)
{
	size_t count = (size_t)diff_number_decode(at);
	struct extra_form *items = arena_alloc(arena, (count + 1) * sizeof *items);

	if (!items)
		return false;
	for (size_t i = 0; i < count;) {
		uint64_t device = diff_number_decode(at);
		size_t end = i + (size_t)diff_number_decode(at);

		for (; i < end; i++) {
			items[i] = (struct extra_form){.kind = (enum devices)(device % KINDS),
				.number = (size_t)(device / KINDS),
				.order = i};
			get_extra(&items[i], words, at);
		}
	}
	*forms = (struct extra_forms){items, count};
	return true;
}
