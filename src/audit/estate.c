/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/estate_private.h"

#include "record/text.h"

#include <stdlib.h>

struct estate *estate_new(const struct ds_audit_options *options)
{
	struct estate *estate = calloc(1, sizeof *estate);
	struct sip_key key = sip_draw_key(estate);

	if (!estate)
		return NULL;
	estate->options = options;
	texts_init(&estate->texts);
	intern_init(&estate->sources, &estate->texts, key);
	intern_init(&estate->targets, &estate->texts, key);
	intern_init(&estate->formats, &estate->texts, key);
	intern_init(&estate->files, &estate->texts, key);
	intern_init(&estate->hosts, &estate->texts, key);
	store_init(&estate->first, sizeof(uint32_t));
	store_init(&estate->entries, sizeof(struct entry));
	store_init(&estate->domains, sizeof(struct member_domain));
	store_init(&estate->loops, sizeof(uint64_t));
	return estate;
}

void estate_free(struct estate *estate)
{
	if (!estate)
		return;
	intern_fini(&estate->sources);
	intern_fini(&estate->targets);
	intern_fini(&estate->formats);
	intern_fini(&estate->files);
	intern_fini(&estate->hosts);
	store_fini(&estate->first);
	store_fini(&estate->entries);
	store_fini(&estate->domains);
	store_fini(&estate->loops);
	texts_fini(&estate->texts);
	free(estate);
}

size_t estate_size(const struct estate *estate)
{
	return sizeof *estate + estate->texts.size + intern_size(&estate->sources) + intern_size(&estate->targets) +
	       intern_size(&estate->formats) + intern_size(&estate->files) + intern_size(&estate->hosts) +
	       store_size(&estate->first) + store_size(&estate->entries) + store_size(&estate->domains) +
	       store_size(&estate->loops);
}

/* ---- adding --------------------------------------------------------------------------------------------- */

static void pack_uuid(struct ds_text uuid, unsigned char packed[16])
{
	size_t at = 0;

	memset(packed, 0, 16);
	if (!text_is_uuid(uuid))
		return;
	for (size_t i = 0; i < 16; i++) {
		at += uuid.data[at] == '-';
		packed[i] = (unsigned char)(byte_hex(uuid.data[at]) * 16 + byte_hex(uuid.data[at + 1]));
		at += 2;
	}
}

/** The number of the host that a domain is of. */
static uint32_t host_of(struct estate *estate, const struct ds_domain *domain)
{
	const char *name = estate->options->hosts == DS_HOSTS_RUN  ? "" :
			   estate->options->hosts == DS_HOSTS_FILE ? domain->place.name :
								     domain->argument;
	uint32_t host = intern_add(&estate->hosts, (struct ds_text){name, strlen(name)});
	uint64_t *loops;

	if (host == estate->loops.count) {
		loops = store_add(&estate->loops);
		if (!loops)
			return INTERN_NONE;
		*loops = 0;
	}
	return host;
}

static int add_domain(struct estate *estate, const struct ds_domain *domain, const struct estate_part *part)
{
	uint32_t host = host_of(estate, domain);
	uint32_t file = intern_add(&estate->files, (struct ds_text){domain->place.name, strlen(domain->place.name)});
	uint32_t name = texts_add(&estate->texts, domain->name);
	struct member_domain *added = store_add(&estate->domains);

	if (host == INTERN_NONE || file == INTERN_NONE || name == TEXT_NONE || !added)
		return 0;
	added->name = name;
	added->host = host;
	added->file = file;
	added->content = part->content;
	pack_uuid(domain->uuid, added->uuid);
	*(uint64_t *)store_at(&estate->loops, host) += part->loops;
	return 1;
}

/** A word's number, or the last number for all those that are too many. */
static uint32_t word(struct intern *intern, struct ds_text text, uint32_t most)
{
	uint32_t number;

	if (intern->places.count >= most) {
		number = intern_find(intern, text);
		return number == INTERN_NONE ? most : number;
	}
	number = intern_add(intern, text);
	return number;
}

static int add_disk(struct estate *estate, const struct estate_disk *disk)
{
	uint32_t source = intern_add(&estate->sources, disk->source);
	uint32_t target = word(&estate->targets, disk->target, UINT16_MAX);
	uint32_t format = word(&estate->formats, disk->format, UINT8_MAX);
	struct entry *entry;
	uint32_t *first;

	if (source == INTERN_NONE || target == INTERN_NONE || format == INTERN_NONE)
		return 0;
	if (source == estate->first.count) {
		first = store_add(&estate->first);
		if (!first)
			return 0;
		*first = 0;
	}
	entry = store_add(&estate->entries);
	if (!entry)
		return 0;
	first = store_at(&estate->first, source);
	entry->next = *first;
	*first = estate->entries.count;
	entry->domain = estate->domains.count - 1;
	entry->line = disk->place.line < UINT32_MAX ? (uint32_t)disk->place.line : UINT32_MAX;
	entry->column = disk->place.column < UINT16_MAX ? (uint16_t)disk->place.column : UINT16_MAX;
	entry->offset_low = (uint32_t)disk->place.offset;
	entry->offset_high = (uint8_t)(disk->place.offset >> 32);
	entry->flags = (uint8_t)disk->flags;
	entry->target = (uint16_t)target;
	entry->format = (uint8_t)format;
	return 1;
}

int estate_add(struct estate *estate, const struct ds_domain *domain, const struct estate_part *part)
{
	if (!add_domain(estate, domain, part))
		return 0;
	for (size_t i = 0; i < part->count; i++)
		if (!add_disk(estate, &part->disks[i]))
			return 0;
	return 1;
}
