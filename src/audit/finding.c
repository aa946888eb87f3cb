/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/finding.h"

#include "record/array.h"
#include "record/bytes.h"
#include "record/secret.h"
#include "record/text.h"

#include <stdlib.h>

void finding_list_init(struct finding_list *list, struct arena *arena)
{
	memset(list, 0, sizeof *list);
	list->arena = list->texts = arena;
}

void finding_list_pass(struct finding_list *list, size_t most, finding_pass *pass, void *context,
	struct arena *texts)
{
	list->most = most;
	list->pass = pass;
	list->context = context;
	list->texts = texts;
}

/** Memory for more findings than this is freed between batches. */
#define FINDINGS_KEEP ((size_t)2048)

void finding_list_clear(struct finding_list *list)
{
	list->count = 0;
	if (list->capacity > FINDINGS_KEEP)
		finding_list_fini(list);
}

void finding_list_fini(struct finding_list *list)
{
	free(list->items);
	finding_list_init(list, list->arena);
}

/** Returns "TITLE: DETAIL", with secrets in the detail hidden. */
static struct ds_text sentence(struct arena *arena, const char *title, struct ds_text detail)
{
	size_t size = strlen(title);
	char *text;

	detail = secret_masked(arena, detail);
	if (!text_given(detail))
		return (struct ds_text){title, size};
	text = arena_alloc(arena, size + 2 + detail.size);
	if (!text)
		return (struct ds_text){title, size};
	memcpy(text, title, size);
	memcpy(text + size, ": ", 2);
	memcpy(text + size + 2, detail.data, detail.size);
	return (struct ds_text){text, size + 2 + detail.size};
}

struct ds_finding *finding_add(struct finding_list *list, enum rule_index rule,
	struct ds_text detail)
{
	struct ds_finding *finding, *items;

	if (list->pass && list->count == list->most) {
		list->pass(list->context, list);
		list->count = 0;
		arena_clear(list->texts);
	}
	items = array_room(list->items, list->count, &list->capacity, sizeof *items);
	if (!items) {
		list->arena->failed = true;
		return NULL;
	}
	list->items = items;
	finding = memset(&list->items[list->count++], 0, sizeof *finding);
	finding->rule = rule_at(rule);
	finding->severity = finding->rule->severity;
	finding->text = sentence(list->texts, finding->rule->title, detail);
	return finding;
}

/*
 * Two sums over words of eight bytes, each multiplied and folded, with different initial values and
 * factors. They must be stable and independent of the machine, but not secret: the author of a dump
 * has easier ways to hide a finding than a collision.
 */

static inline void mix(struct fingerprint *fingerprint, uint64_t word)
{
	fingerprint->high = (fingerprint->high ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	fingerprint->high ^= fingerprint->high >> 32;
	fingerprint->low = (fingerprint->low + word) * UINT64_C(0xc2b2ae3d27d4eb4f);
	fingerprint->low ^= fingerprint->low >> 29;
}

/** Adds a text and its size, which marks its end. */
static inline void add(struct fingerprint *fingerprint, struct ds_text text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t at = 0;

	for (; text.size - at >= 8; at += 8)
		mix(fingerprint, bytes_word(bytes + at));
	if (text.size > at)
		mix(fingerprint, bytes_last_word(bytes + at, text.size - at));
	mix(fingerprint, text.size);
}

void fingerprint_add(struct fingerprint *fingerprint, struct ds_text text)
{
	add(fingerprint, text);
}

struct fingerprint fingerprint_begin(const char *id)
{
	struct fingerprint fingerprint = {UINT64_C(0xcbf29ce484222325),
		UINT64_C(0x9ae16a3b2f90404f)};

	fingerprint_add(&fingerprint, (struct ds_text){id, strlen(id)});
	return fingerprint;
}

/** Writes eight digits at once: they are spread over the bytes of a word, and 'a' - '0' - 10 is
 * added to those above 9. */
static void write_hex(char *to, uint32_t half)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word = half;

	word = (word << 16 | word) & UINT64_C(0x0000ffff0000ffff);
	word = (word << 8 | word) & UINT64_C(0x00ff00ff00ff00ff);
	word = (word << 4 | word) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	word += '0' * ones + ((word + 6 * ones) >> 4 & ones) * ('a' - '0' - 10);
	bytes_write_backwards(to, word);
}

void fingerprint_write(const struct fingerprint *fingerprint, char text[DS_FINGERPRINT_SIZE])
{
	write_hex(text, (uint32_t)(fingerprint->high >> 32));
	write_hex(text + 8, (uint32_t)fingerprint->high);
	write_hex(text + 16, (uint32_t)(fingerprint->low >> 32));
	write_hex(text + 24, (uint32_t)fingerprint->low);
	text[32] = '\0';
}

void finding_sign(struct ds_finding *finding)
{
	struct fingerprint fingerprint = fingerprint_begin(finding->rule->id);
	const struct ds_text texts[] = {finding->host,
		text_given(finding->uuid) ? finding->uuid : finding->domain, finding->disk};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add(&fingerprint, texts[i]);
	fingerprint_write(&fingerprint, finding->fingerprint);
}

void finding_distinguish(struct ds_finding *finding, struct ds_text text)
{
	struct fingerprint fingerprint;

	if (!finding || !text.data)
		return;
	finding->distinction = text;
	fingerprint = fingerprint_begin(finding->fingerprint);
	fingerprint_add(&fingerprint, text);
	fingerprint_write(&fingerprint, finding->fingerprint);
}
