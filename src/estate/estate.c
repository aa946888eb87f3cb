/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/estate_private.h"
#include "record/arena.h"
#include "record/text.h"

#include <stdlib.h>

struct estate *estate_new(const struct ds_audit_options *options)
{
	struct estate *estate = calloc(1, sizeof *estate);

	if (!estate)
		return NULL;
	estate->options = options;
	text_table_init(&estate->texts, siphash_random_key(estate));
	return estate;
}

void estate_free(struct estate *estate)
{
	if (!estate)
		return;
	text_table_fini(&estate->texts);
	free(estate->domains);
	free(estate->disks);
	free(estate->hosts);
	free(estate);
}

struct siphash_key estate_key(const struct estate *estate)
{
	return estate->texts.key;
}

/** Makes room for one more item of an array. Returns the array; NULL when there is no memory, or
 * there are 2^32 items. */
static void *with_room(void *items, size_t size, uint32_t count, uint32_t *capacity)
{
	uint32_t more = *capacity / 2 + 64;
	void *moved;

	if (count < *capacity)
		return items;
	if (*capacity > UINT32_MAX - 1 - more)
		return NULL;
	moved = realloc(items, (size_t)(*capacity + more) * size);
	if (moved)
		*capacity += more;
	return moved;
}

/* ---- texts ---- */

static uint32_t add_text(struct estate *estate, enum text_kind kind, struct ds_text text)
{
	return text_table_add(&estate->texts, kind, text, text_table_hash(estate->texts.key, text));
}

/** Adds a text that is often the same as the previous one. Returns its number. */
static uint32_t add_repeated(struct estate *estate, enum text_kind kind, const char *string,
	uint32_t *last)
{
	struct ds_text text = {string, strlen(string)};

	if (!*last || !text_same_bytes(text_table_get(&estate->texts, *last), text))
		*last = add_text(estate, kind, text);
	return *last;
}

/** Adds the machine that a disk is on: the host, or the domain that serves the disk on that host.
 * Returns its number, or 0 when there is no memory. */
static uint32_t add_machine(struct estate *estate, const struct domain_record *domain,
	struct ds_text backend)
{
	struct ds_text host = text_table_get(&estate->texts, domain->host);
	struct ds_text machine;
	struct arena arena;
	uint32_t number = 0;
	char *text;

	if (!text_given(backend))
		return domain->host;
	arena_init(&arena);
	text = arena_alloc(&arena, host.size + 1 + backend.size);
	if (text) {
		memcpy(text, host.data, host.size);
		text[host.size] = '\0';
		memcpy(text + host.size + 1, backend.data, backend.size);
		machine = (struct ds_text){text, host.size + 1 + backend.size};
		number = add_text(estate, TEXT_MACHINE, machine);
	}
	arena_fini(&arena);
	return number;
}

/** Adds a text. Returns its number, or 0 if it is not set. Clears `*is_fine` when there is no
 * memory. */
static uint32_t add_word(struct estate *estate, struct ds_text text, bool *is_fine)
{
	uint32_t number = text_given(text) ? add_text(estate, TEXT_WORD, text) : 0;

	*is_fine &= number || !text_given(text);
	return number;
}

/* ---- records ---- */

/** Adds the loop devices of a domain to those of its host. */
static bool count_loops(struct estate *estate, const struct domain_record *domain, uint64_t loops)
{
	struct text_entry *entry = &estate->texts.entries[domain->host];
	struct host_record *host;

	if (!entry->value) {
		struct host_record *hosts = with_room(estate->hosts, sizeof *hosts,
			estate->host_count, &estate->host_capacity);

		if (!hosts)
			return false;
		estate->hosts = hosts;
		hosts[estate->host_count++] = (struct host_record){domain->host, domain->file, 0};
		entry->value = estate->host_count;
	}
	host = &estate->hosts[entry->value - 1];
	host->loops += loops;
	if (domain->file != host->file &&
		text_compare(text_table_get(&estate->texts, domain->file),
			text_table_get(&estate->texts, host->file)) < 0)
		host->file = domain->file;
	return true;
}

static bool add_domain(struct estate *estate, const struct ds_domain *domain,
	const struct estate_part *part)
{
	struct domain_record *domains = with_room(estate->domains, sizeof *domains,
		estate->domain_count, &estate->domain_capacity);
	struct domain_record added = {
		.offset = domain->place.offset,
		.line = domain->place.line,
		.column = domain->place.column,
		.name_size = (uint32_t)domain->name.size,
		.content = part->content,
	};

	if (!domains)
		return false;
	estate->domains = domains;
	added.host = add_repeated(estate, TEXT_MACHINE, domain->host, &estate->last_host);
	added.file = add_repeated(estate, TEXT_WORD, domain->place.name, &estate->last_file);
	added.name = text_table_keep(&estate->texts, domain->name);
	if (!added.host || !added.file || added.name == UINT64_MAX)
		return false;
	if (part->has_uuid) {
		added.uuid = add_text(estate, TEXT_UUID,
			(struct ds_text){(const char *)part->uuid, sizeof part->uuid});
		if (!added.uuid)
			return false;
		estate->texts.entries[added.uuid].value++;
	}
	domains[estate->domain_count++] = added;
	return count_loops(estate, &added, part->loops);
}

/** Updates the flags of a source, which all its disks share. */
static void note_use(struct text_entry *source, const struct disk_record *disk)
{
	source->flags |= source->flags & SOURCE_IS_USED ? SOURCE_IS_REPEATED : SOURCE_IS_USED;
	if (disk->flags & ESTATE_WRITABLE)
		source->flags |= SOURCE_IS_WRITABLE;
	if (disk->format && source->more && source->more != disk->format)
		source->flags |= SOURCE_FORMATS_DIFFER;
	if (!source->more)
		source->more = disk->format;
}

static bool add_disk(struct estate *estate, const struct ds_domain *domain,
	const struct estate_disk *disk)
{
	struct disk_record *disks =
		with_room(estate->disks, sizeof *disks, estate->disk_count, &estate->disk_capacity);
	const struct domain_record *owner = &estate->domains[estate->domain_count - 1];
	struct disk_record added = {
		.column = disk->place.column,
		.offset = (uint32_t)(disk->place.offset - domain->place.offset),
		.line = (uint32_t)(disk->place.line - domain->place.line),
		.domain = estate->domain_count - 1,
		.flags = disk->flags,
	};
	struct text_entry *entry;
	bool is_fine = true;
	uint32_t source;

	if (!disks)
		return false;
	estate->disks = disks;
	added.machine = add_machine(estate, owner, disk->backend);
	added.target = add_word(estate, disk->target, &is_fine);
	added.format = add_word(estate, disk->format, &is_fine);
	source = text_table_add(&estate->texts, TEXT_SOURCE, disk->source, disk->hash);
	if (!added.machine || !source || !is_fine)
		return false;
	entry = &estate->texts.entries[source];
	added.previous = entry->flags & SOURCE_IS_USED ? entry->value : ESTATE_NO_DISK;
	note_use(entry, &added);
	entry->value = estate->disk_count;
	disks[estate->disk_count++] = added;
	return true;
}

bool estate_add(struct estate *estate, const struct ds_domain *domain,
	const struct estate_part *part)
{
	for (size_t i = 0; i < part->count; i++)
		text_table_prefetch(&estate->texts, part->disks[i].hash);
	if (!add_domain(estate, domain, part))
		return false;
	for (size_t i = 0; i < part->count; i++)
		if (!add_disk(estate, domain, &part->disks[i]))
			return false;
	for (size_t i = 0; i < part->file_count; i++)
		if (!add_text(estate, TEXT_FILE, part->files[i]))
			return false;
	return true;
}

bool estate_note_unread(struct estate *estate, const char *host)
{
	uint32_t number;

	estate->is_unread |= !host;
	if (!host)
		return true;
	number = add_text(estate, TEXT_MACHINE, (struct ds_text){host, strlen(host)});
	if (!number)
		return false;
	estate->has_unread_hosts = true;
	estate->texts.entries[number].flags |= HOST_IS_UNREAD;
	return true;
}
