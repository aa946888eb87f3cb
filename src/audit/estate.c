/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/estate_private.h"

#include "record/source.h"
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
	index_init(&estate->index, &estate->texts, key);
	intern_init(&estate->targets, &estate->texts, key);
	intern_init(&estate->formats, &estate->texts, key);
	intern_init(&estate->files, &estate->texts, key);
	intern_init(&estate->hosts, &estate->texts, key);
	store_init(&estate->origins, sizeof(struct origin));
	store_init(&estate->loops, sizeof(uint64_t));
	return estate;
}

void estate_free(struct estate *estate)
{
	if (!estate)
		return;
	index_fini(&estate->index);
	intern_fini(&estate->targets);
	intern_fini(&estate->formats);
	intern_fini(&estate->files);
	intern_fini(&estate->hosts);
	store_fini(&estate->origins);
	store_fini(&estate->loops);
	texts_fini(&estate->texts);
	free(estate);
}

/** The number of a host. */
static uint32_t host_of(struct estate *estate, const char *name)
{
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

/** The number of the origin, which is nearly always the last one. NULL when there is no memory. */
static struct origin *origin_of(struct estate *estate, const struct ds_domain *domain)
{
	const char *host_name = domain->host, *file_name = domain->place.name;
	struct origin *origin;
	uint32_t host, file;

	if (estate->origins.count) {
		origin = store_at(&estate->origins, estate->origins.count - 1);
		if (text_is(intern_text(&estate->files, origin->file), file_name) &&
		    text_is(intern_text(&estate->hosts, origin->host), host_name))
			return origin;
	}
	host = host_of(estate, host_name);
	file = intern_add(&estate->files, (struct ds_text){file_name, strlen(file_name)});
	if (host == INTERN_NONE || file == INTERN_NONE)
		return NULL;
	origin = store_add(&estate->origins);
	if (origin)
		*origin = (struct origin){host, file};
	return origin;
}

static int add_domain(struct estate *estate, const struct ds_domain *domain, const struct estate_part *part)
{
	const struct origin *origin = origin_of(estate, domain);
	struct index_domain added = {.name = domain->name, .content = part->content, .offset = domain->place.offset,
				     .line = domain->place.line, .column = domain->place.column};

	if (!origin)
		return 0;
	added.origin = estate->origins.count - 1;
	memcpy(added.uuid, part->uuid, sizeof added.uuid);
	*(uint64_t *)store_at(&estate->loops, origin->host) += part->loops;
	return index_add_domain(&estate->index, &added);
}

static int add_disk(struct estate *estate, const struct estate_disk *disk)
{
	struct index_disk added = {.source = disk->source, .offset = disk->place.offset, .line = disk->place.line,
				   .column = disk->place.column, .flags = disk->flags, .hash = disk->hash};

	added.target = intern_add(&estate->targets, disk->target);
	added.format = intern_add(&estate->formats, disk->format);
	return added.target != INTERN_NONE && added.format != INTERN_NONE && index_add_disk(&estate->index, &added);
}

struct sip_key estate_key(const struct estate *estate)
{
	return estate->index.key;
}

void estate_expect(const struct estate *estate, const struct estate_part *part)
{
	for (size_t i = 0; i < part->count; i++)
		index_expect(&estate->index, part->disks[i].hash);
}

void estate_expect_soon(const struct estate *estate, const struct estate_part *part)
{
	for (size_t i = 0; i < part->count; i++)
		index_expect_source(&estate->index, part->disks[i].hash);
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
