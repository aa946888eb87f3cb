/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/finding.h"

#include "record/text.h"

#include <stdlib.h>

void finding_list_init(struct finding_list *list, struct arena *arena)
{
	memset(list, 0, sizeof *list);
	list->arena = arena;
}

void finding_list_clear(struct finding_list *list)
{
	list->count = 0;
}

void finding_list_fini(struct finding_list *list)
{
	free(list->items);
	finding_list_init(list, list->arena);
}

/** "TITLE: DETAIL". */
static struct ds_text sentence(struct arena *arena, const char *title, struct ds_text detail)
{
	size_t size = strlen(title);
	char *text;

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

struct ds_finding *finding_add(struct finding_list *list, enum rule_index rule, struct ds_text detail)
{
	struct ds_finding *finding;

	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 64;
		struct ds_finding *items = realloc(list->items, capacity * sizeof *items);

		if (!items) {
			list->arena->failed = 1;
			return NULL;
		}
		list->items = items;
		list->capacity = capacity;
	}
	finding = memset(&list->items[list->count++], 0, sizeof *finding);
	finding->rule = rule_at(rule);
	finding->severity = finding->rule->severity;
	finding->text = sentence(list->arena, finding->rule->title, detail);
	return finding;
}

/* Two runs of FNV-1a with different beginnings. It needs to be stable, not secret: whoever writes a dump can hide a finding
 * in easier ways than by a collision. */

static void mix(struct fingerprint *fingerprint, unsigned char byte)
{
	fingerprint->high = (fingerprint->high ^ byte) * 0x100000001b3u;
	fingerprint->low = (fingerprint->low ^ (unsigned char)(byte + 0x55)) * 0x100000001b3u;
}

struct fingerprint fingerprint_begin(const char *id)
{
	struct fingerprint fingerprint = {0xcbf29ce484222325u, 0x9ae16a3b2f90404fu};

	fingerprint_add(&fingerprint, (struct ds_text){id, strlen(id)});
	return fingerprint;
}

void fingerprint_add(struct fingerprint *fingerprint, struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		mix(fingerprint, (unsigned char)text.data[i]);
	/* No byte of UTF-8. */
	mix(fingerprint, 0xff);
}

void fingerprint_write(const struct fingerprint *fingerprint, char text[DS_FINGERPRINT_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < 16; i++) {
		text[i] = digits[fingerprint->high >> (60 - 4 * i) & 15];
		text[16 + i] = digits[fingerprint->low >> (60 - 4 * i) & 15];
	}
	text[32] = '\0';
}
