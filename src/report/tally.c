/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/tally.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record/secret.h"
#include "record/source.h"
#include "record/text.h"

/*
 * The images that most domains share are found as Misra and Gries do it (1982): while there is room
 * each image has a counter. When there is none, every counter is lowered by one, and those at zero
 * make room. A count is then too low by how often that was done, `lost`; with TALLY_IMAGES counters
 * this is less than disks / TALLY_IMAGES, so what is really shared by many stays. Estates with
 * fewer images are counted exactly.
 *
 * The keys are strangers' and may be chosen to collide, hence a tree and no hash table.
 */

/* ---- words ---- */

static void count_word(struct tally_words *words, struct ds_text text)
{
	struct tally_word *word = words->words, *end = word + words->word_count;
	size_t size = text.size < TALLY_WORD_SIZE ? text.size : TALLY_WORD_SIZE;

	if (!text_given(text)) {
		words->unsaid++;
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

/** Stable, and of few. */
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

/* ---- images ---- */

static int compare_images(const void *one, const void *two)
{
	const struct tally_image *a = one, *b = two;

	int order;

	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	order = memcmp(a->source, b->source, a->size);
	return order ? order : strcmp(a->host, b->host);
}

static void free_image(struct tally_image *image)
{
	if (!image)
		return;
	free(image->host);
	free(image->source);
	free(image->place);
	free(image);
}

static void make_room(struct tally *tally)
{
	size_t kept = 0;

	for (size_t i = 0; i < tally->image_count; i++) {
		struct tally_image *image = tally->images[i];

		if (--image->domains > 0) {
			tally->images[kept++] = image;
			continue;
		}
		tdelete(image, &tally->tree, compare_images);
		free_image(image);
	}
	tally->image_count = kept;
	tally->lost++;
}

static struct tally_image *copy_image(struct tally *tally, const struct tally_image *key,
	const char *place)
{
	struct tally_image *image = calloc(1, sizeof *image);

	if (!image)
		return NULL;
	image->host = strdup(key->host);
	image->size = key->size;
	image->order = tally->image_order++;
	image->source = malloc(key->size);
	image->place = strdup(place);
	if (!image->host || !image->source || !image->place) {
		free_image(image);
		return NULL;
	}
	memcpy(image->source, key->source, key->size);
	return image;
}

/** Where the image is, as the estate's rules see it. */
static const char *host_of(const struct tally *tally, const struct ds_domain *domain,
	struct ds_text source)
{
	const struct ds_audit_options *audit = tally->audit;

	return audit && source_is_everywhere(audit, source) ? "" : domain->host;
}

/** Finds it, or gives it a counter. `*image` NULL: there is no room for it. Returns 0 when there is
 * no memory. */
static int find_image(struct tally *tally, const struct ds_domain *domain, struct ds_text source,
	struct tally_image **image)
{
	struct tally_image key = {.host = (char *)host_of(tally, domain, source),
		.source = (char *)source.data,
		.size = source.size};
	void *node = tfind(&key, &tally->tree, compare_images);

	*image = node ? *(struct tally_image **)node : NULL;
	if (*image)
		return 1;
	if (tally->image_count == TALLY_IMAGES) {
		make_room(tally);
		/* The new one is lowered with the others. */
		return 1;
	}
	*image = copy_image(tally, &key, domain->place.name);
	if (!*image)
		return 0;
	if (!tsearch(*image, &tally->tree, compare_images)) {
		free_image(*image);
		return 0;
	}
	tally->images[tally->image_count++] = *image;
	return 1;
}

static int count_image(struct tally *tally, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	struct ds_text source = source_known(&tally->arena, disk);
	struct tally_image *image;

	if (tally->arena.failed)
		return 0;
	/* A CD image may be in any number of drives. */
	if (!text_given(source) || source.size > TALLY_SOURCE_MAX ||
		disk->device == DS_DEVICE_CDROM)
		return 1;
	if (!find_image(tally, domain, source, &image))
		return 0;
	if (!image)
		return 1;
	if (image->last != tally->domains)
		image->domains++;
	image->last = tally->domains;
	if (!disk->readonly && image->last_writer != tally->domains) {
		image->writers++;
		image->last_writer = tally->domains;
	}
	return 1;
}

static int compare_counts(const void *one, const void *two)
{
	const struct tally_image *a = *(struct tally_image *const *)one,
				 *b = *(struct tally_image *const *)two;

	if (a->domains != b->domains)
		return a->domains > b->domains ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* ---- all of it ---- */

int tally_init(struct tally *tally, const struct ds_audit_options *audit)
{
	memset(tally, 0, sizeof *tally);
	tally->audit = audit;
	arena_init(&tally->arena);
	tally->images = malloc(TALLY_IMAGES * sizeof(struct tally_image *));
	return tally->images != NULL;
}

int tally_add(struct tally *tally, const struct ds_domain *domain)
{
	arena_clear(&tally->arena);
	tally->domains++;
	tally->hvm += domain->is_hvm ? 1 : 0;
	tally->xml += domain->format == DS_FORMAT_XML;
	tally->disks += domain->disk_count;
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		tally->devices[disk->device]++;
		tally->sources[disk->type]++;
		count_word(&tally->drivers, secret_masked(&tally->arena, disk->driver));
		count_word(&tally->formats, secret_masked(&tally->arena, disk->format));
		if (!count_image(tally, domain, disk))
			return 0;
	}
	return 1;
}

void tally_sort(struct tally *tally)
{
	sort_words(&tally->drivers);
	sort_words(&tally->formats);
	if (tally->image_count)
		qsort(tally->images, tally->image_count, sizeof *tally->images, compare_counts);
}

void tally_fini(struct tally *tally)
{
	for (size_t i = 0; i < tally->image_count; i++) {
		tdelete(tally->images[i], &tally->tree, compare_images);
		free_image(tally->images[i]);
	}
	free(tally->images);
	arena_fini(&tally->arena);
}
