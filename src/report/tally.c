/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/tally.h"

#include "record/secret.h"
#include "record/text.h"

/* ---- words ---- */

static void count_word(struct tally_words *words, struct ds_text text)
{
	struct tally_word *word = words->words, *end = word + words->word_count;
	size_t size = text.size < TALLY_WORD_SIZE ? text.size : TALLY_WORD_SIZE;

	if (!text_given(text)) {
		words->unset_count++;
		return;
	}
	while (word < end && (word->size != size || memcmp(word->name, text.data, size) != 0))
		word++;
	if (words->word_count == TALLY_WORDS && word == end) {
		words->others++;
		return;
	}
	if (word == end) {
		words->word_count++;
		word->size = size;
		memcpy(word->name, text.data, size);
	}
	word->count++;
}

/** Sorts by count. The sort is stable, and fast enough for few items. */
static void sort_words(struct tally_words *words)
{
	for (size_t i = 1; i < words->word_count; i++) {
		struct tally_word word = words->words[i];
		size_t at = i;

		for (; at > 0 && words->words[at - 1].count < word.count; at--)
			words->words[at] = words->words[at - 1];
		words->words[at] = word;
	}
}

/* ---- domains ---- */

bool tally_add(struct tally *tally, struct arena *arena, const struct ds_domain *domain)
{
	arena_clear(arena);
	tally->domains++;
	tally->hvm += domain->is_hvm ? 1 : 0;
	tally->xml += domain->format == DS_FORMAT_XML;
	tally->disks += domain->disk_count;
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		tally->devices[disk->device]++;
		tally->sources[disk->type]++;
		count_word(&tally->drivers, secret_masked(arena, disk->driver));
		count_word(&tally->formats, secret_masked(arena, disk->format));
	}
	return !arena->failed;
}

void tally_sort(struct tally *tally)
{
	sort_words(&tally->drivers);
	sort_words(&tally->formats);
}
