/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/accepted.h"

#include "record/array.h"
#include "record/buffer.h"
#include "record/mask.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

/** The file of a loss, if the old dump does not contain it. */
#define FOREIGN INTERN_NONE

/** The reasons that matter: a different amount is only accepted if it is due to rounding, and a
 * device with an invalid value is not lost. The first one represents all others. */
static const char *const reasons[] = {"no-place", "rounded", "invalid"};

struct accepted_loss {
	uint64_t offset;
	uint32_t domain, file, path;
	/** The index of the reason in `reasons`. */
	unsigned char reason;
	/** The first byte of the value: "<" or "(" if a whole device was lost. */
	char first;
};

void accepted_init(struct accepted *accepted, struct siphash_key key)
{
	texts_init(&accepted->texts);
	intern_init(&accepted->domains, &accepted->texts, key);
	intern_init(&accepted->files, &accepted->texts, key);
	intern_init(&accepted->words, &accepted->texts, key);
	accepted->losses = NULL;
	accepted->count = accepted->capacity = 0;
	accepted->is_sorted = false;
}

void accepted_fini(struct accepted *accepted)
{
	free(accepted->losses);
	intern_fini(&accepted->words);
	intern_fini(&accepted->files);
	intern_fini(&accepted->domains);
	texts_fini(&accepted->texts);
}

/** Formats the key of a domain as a list of losses contains it. */
static void make_key(struct buffer *key, struct ds_text name, struct ds_text uuid)
{
	struct ds_text text = text_given(uuid) ? uuid : name;

	buffer_byte(key, text_given(uuid) ? 'u' : 'n');
	mask_utf8(key, text);
}

/** Returns the number of a domain. A domain without losses is added if `may_add` is set. Returns
 * INTERN_NONE if it is not, or when there is no memory; `*status` tells which. */
static uint32_t number_of(struct accepted *accepted, struct ds_text name, struct ds_text uuid,
	bool may_add, enum ds_status *status)
{
	struct buffer key;
	uint32_t number = INTERN_NONE;

	buffer_init(&key);
	make_key(&key, name, uuid);
	if (!key.failed) {
		struct ds_text text = {key.data, key.size};

		number = may_add ? intern_add(&accepted->domains, text)
				 : intern_find(&accepted->domains, text);
	}
	*status = key.failed || (may_add && number == INTERN_NONE) ? DS_NO_MEMORY : DS_OK;
	buffer_fini(&key);
	return number;
}

/** Returns the number of a file, whose name is stored with a NUL byte like those of the old
 * dump. */
static uint32_t add_file(struct accepted *accepted, struct ds_text name)
{
	struct buffer text;
	uint32_t number = INTERN_NONE;

	buffer_init(&text);
	buffer_add(&text, name.data, name.size);
	buffer_byte(&text, '\0');
	if (!text.failed)
		number = intern_add(&accepted->files, (struct ds_text){text.data, text.size});
	buffer_fini(&text);
	return number;
}

enum ds_status accepted_add(struct accepted *accepted, const struct ds_listed_loss *loss)
{
	struct accepted_loss item = {.offset = loss->offset};
	struct accepted_loss *losses;
	enum ds_status status;

	/* These losses explain no difference: a value that libvirt's schema does not allow is in
	 * the output, and one that is the default is not compared. */
	if (text_is(loss->reason, "schema") || text_is(loss->reason, "default"))
		return DS_OK;
	item.domain = number_of(accepted, loss->domain, loss->uuid, true, &status);
	if (status != DS_OK)
		return status;
	item.file = add_file(accepted, loss->file);
	item.path = intern_add(&accepted->words, loss->path);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (text_is(loss->reason, reasons[i]))
			item.reason = (unsigned char)i;
	item.first = loss->value.size ? loss->value.data[0] : '\0';
	losses = array_room(accepted->losses, accepted->count, &accepted->capacity, sizeof *losses);
	if (!losses || item.file == INTERN_NONE || item.path == INTERN_NONE) {
		accepted->losses = losses ? losses : accepted->losses;
		return DS_NO_MEMORY;
	}
	accepted->losses = losses;
	losses[accepted->count++] = item;
	return DS_OK;
}

static int compare_positions(const struct accepted_loss *one, const struct accepted_loss *other)
{
	if (one->domain != other->domain)
		return one->domain < other->domain ? -1 : 1;
	if (one->file != other->file)
		return one->file < other->file ? -1 : 1;
	return (one->offset > other->offset) - (one->offset < other->offset);
}

static int compare_losses(const void *left, const void *right)
{
	const struct accepted_loss *one = left, *other = right;
	int order = compare_positions(one, other);

	if (!order)
		order = (one->path > other->path) - (one->path < other->path);
	if (!order)
		order = one->reason - other->reason;
	return order ? order : one->first - other->first;
}

/** Sorts the losses, so that those of a domain can be found by its file. If the old dump does not
 * contain a file, because it was converted under another name, each file may be meant. Hosts have
 * many such losses in common, of which one is kept. */
static void sort(struct accepted *accepted, const struct intern *files)
{
	uint32_t last = INTERN_NONE;
	bool is_foreign = false;
	size_t kept = 0;

	for (size_t i = 0; i < accepted->count; i++) {
		uint32_t *file = &accepted->losses[i].file;

		if (*file != last)
			is_foreign = intern_find(files, intern_text(&accepted->files, *file)) ==
				INTERN_NONE;
		last = *file;
		if (is_foreign)
			*file = FOREIGN;
	}
	accepted->is_sorted = true;
	if (!accepted->count)
		return;
	qsort(accepted->losses, accepted->count, sizeof *accepted->losses, compare_losses);
	for (size_t i = 1; i < accepted->count; i++)
		if (compare_losses(&accepted->losses[kept], &accepted->losses[i]) != 0)
			accepted->losses[++kept] = accepted->losses[i];
	accepted->count = kept + 1;
}

/** Returns the number of the first loss that is not before a position. */
static size_t find_position(const struct accepted *accepted, const struct accepted_loss *position)
{
	size_t low = 0, high = accepted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_positions(&accepted->losses[middle], position) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** Creates the loss that an item describes. */
static struct ds_loss make_loss(const struct accepted *accepted, const struct accepted_loss *item,
	const struct accepted_domain *domain)
{
	static const char *const firsts[] = {"", "<", "("};
	const char *first = firsts[item->first == '<' ? 1 : item->first == '(' ? 2 : 0];

	return (struct ds_loss){.reason = reasons[item->reason],
		.path = intern_text(&accepted->words, item->path),
		.value = {first, *first ? 1 : 0},
		.at = (size_t)(item->offset - domain->place.offset)};
}

enum ds_status accepted_find(struct accepted *accepted, const struct accepted_domain *domain,
	struct arena *arena, const struct ds_loss **losses, size_t *count)
{
	struct ds_text name = {domain->place.name, strlen(domain->place.name) + 1};
	uint32_t files[] = {intern_find(&accepted->files, name), FOREIGN};
	size_t begins[2], ends[2], used = 0;
	struct accepted_loss position = {.offset = 0};
	enum ds_status status;
	struct ds_loss *found;

	*losses = NULL;
	*count = 0;
	if (!accepted->is_sorted)
		sort(accepted, domain->files);
	position.domain = number_of(accepted, domain->name, domain->uuid, false, &status);
	if (position.domain == INTERN_NONE)
		return status;
	for (int i = 0; i < 2; i++) {
		position.file = files[i];
		position.offset = domain->place.offset;
		begins[i] = find_position(accepted, &position);
		position.offset += domain->size;
		/* The list need not contain the domain's file. */
		ends[i] = i == 0 && files[0] == FOREIGN ? begins[0]
							: find_position(accepted, &position);
	}
	found = arena_alloc(arena, (ends[0] - begins[0] + ends[1] - begins[1] + 1) * sizeof *found);
	if (!found)
		return DS_NO_MEMORY;
	for (int i = 0; i < 2; i++)
		for (size_t k = begins[i]; k < ends[i]; k++)
			found[used++] = make_loss(accepted, &accepted->losses[k], domain);
	*losses = found;
	*count = used;
	return DS_OK;
}
