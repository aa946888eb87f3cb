/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/accepted.h"

#include "record/buffer.h"
#include "record/text.h"

#include <stdbool.h>

struct item {
	uint64_t offset;
	/** The number plus 1 of the loss of the same domain that was added before. */
	uint32_t next;
	uint32_t file, path;
	/** A different amount is only accepted if it is due to rounding. */
	bool is_rounded;
	/** The first byte of the value: "<" or "(" if a whole device was lost. */
	char first;
};

void accepted_init(struct accepted *accepted, struct siphash_key key)
{
	texts_init(&accepted->texts);
	intern_init(&accepted->domains, &accepted->texts, key);
	intern_init(&accepted->files, &accepted->texts, key);
	intern_init(&accepted->words, &accepted->texts, key);
	store_init(&accepted->heads, sizeof(uint32_t));
	store_init(&accepted->losses, sizeof(struct item));
}

void accepted_fini(struct accepted *accepted)
{
	store_fini(&accepted->losses);
	store_fini(&accepted->heads);
	intern_fini(&accepted->words);
	intern_fini(&accepted->files);
	intern_fini(&accepted->domains);
	texts_fini(&accepted->texts);
}

/** Formats the key of a domain. JSON cannot contain bytes that are not UTF-8, so in a list of
 * losses each of them is U+FFFD. */
static void make_key(struct buffer *key, struct ds_text name, struct ds_text uuid)
{
	struct ds_text text = text_given(uuid) ? uuid : name;

	buffer_byte(key, text_given(uuid) ? 'u' : 'n');
	for (size_t at = 0; at < text.size;) {
		size_t size = (unsigned char)text.data[at] < 0x80 ? 1 : text_character(text, at);

		if (size)
			buffer_add(key, text.data + at, size);
		else
			buffer_literal(key, "\xef\xbf\xbd");
		at += size ? size : 1;
	}
}

/** Returns the head of a domain's chain, and creates it if the domain is new. Returns NULL when
 * there is no memory. */
static uint32_t *head_of(struct accepted *accepted, const struct ds_listed_loss *loss)
{
	struct buffer key;
	uint32_t number = INTERN_NONE;

	buffer_init(&key);
	make_key(&key, loss->domain, loss->uuid);
	if (!key.failed)
		number = intern_add(&accepted->domains, (struct ds_text){key.data, key.size});
	buffer_fini(&key);
	if (number == INTERN_NONE)
		return NULL;
	while (accepted->heads.count <= number) {
		uint32_t *head = store_add(&accepted->heads);

		if (!head)
			return NULL;
		*head = 0;
	}
	return store_at(&accepted->heads, number);
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
	struct item item = {.offset = loss->offset};
	struct item *room;
	uint32_t *head;

	/* These losses explain no difference: a value that libvirt's schema does not allow is in
	 * the output, and one that is the default is not compared. */
	if (text_is(loss->reason, "schema") || text_is(loss->reason, "default"))
		return DS_OK;
	head = head_of(accepted, loss);
	if (!head)
		return DS_NO_MEMORY;
	item.file = add_file(accepted, loss->file);
	item.path = intern_add(&accepted->words, loss->path);
	item.is_rounded = text_is(loss->reason, "rounded");
	if (item.file == INTERN_NONE || item.path == INTERN_NONE)
		return DS_NO_MEMORY;
	item.first = loss->value.size ? loss->value.data[0] : '\0';
	item.next = *head;
	room = store_add(&accepted->losses);
	if (!room)
		return DS_NO_MEMORY;
	*room = item;
	*head = accepted->losses.count;
	return DS_OK;
}

static const struct item *item_at(const struct accepted *accepted, uint32_t number)
{
	return store_at(&accepted->losses, number - 1);
}

static bool is_in(const struct item *item, const struct accepted_domain *domain)
{
	return item->offset >= domain->place.offset &&
		item->offset - domain->place.offset < domain->size;
}

/** Returns whether a loss may belong to a domain according to its file: it is the domain's file, or
 * a file that the old dump does not contain, because it was converted under another name. */
static bool is_of_file(const struct accepted *accepted, const struct item *item,
	const struct accepted_domain *domain)
{
	struct ds_text file = intern_text(&accepted->files, item->file);

	return strcmp(file.data, domain->place.name) == 0 ||
		intern_find(domain->files, file) == INTERN_NONE;
}

/** Creates the loss that an item describes. */
static struct ds_loss make_loss(const struct accepted *accepted, const struct item *item,
	const struct accepted_domain *domain)
{
	static const char *const firsts[] = {"", "<", "("};
	const char *first = firsts[item->first == '<' ? 1 : item->first == '(' ? 2 : 0];

	return (struct ds_loss){.reason = item->is_rounded ? "rounded" : "no-place",
		.path = intern_text(&accepted->words, item->path),
		.value = {first, *first ? 1 : 0},
		.at = (size_t)(item->offset - domain->place.offset)};
}

enum ds_status accepted_find(const struct accepted *accepted, const struct accepted_domain *domain,
	struct arena *arena, const struct ds_loss **losses, size_t *count)
{
	struct buffer key;
	uint32_t number, head;
	size_t all = 0, used = 0;
	struct ds_loss *found;

	*losses = NULL;
	*count = 0;
	buffer_init(&key);
	make_key(&key, domain->name, domain->uuid);
	if (key.failed) {
		buffer_fini(&key);
		return DS_NO_MEMORY;
	}
	number = intern_find(&accepted->domains, (struct ds_text){key.data, key.size});
	buffer_fini(&key);
	if (number == INTERN_NONE)
		return DS_OK;
	head = *(const uint32_t *)store_at(&accepted->heads, number);
	for (uint32_t at = head; at; at = item_at(accepted, at)->next)
		all += is_in(item_at(accepted, at), domain);
	found = arena_alloc(arena, (all + 1) * sizeof *found);
	if (!found)
		return DS_NO_MEMORY;
	for (uint32_t at = head; at; at = item_at(accepted, at)->next) {
		const struct item *item = item_at(accepted, at);

		if (is_in(item, domain) && is_of_file(accepted, item, domain))
			found[used++] = make_loss(accepted, item, domain);
	}
	*losses = found;
	*count = used;
	return DS_OK;
}
