/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/builder.h"

#include "record/array.h"

#include <stdlib.h>
#include <string.h>

/** Arrays of more items than this are freed after the domain that needed them. */
#define VECTOR_KEEP ((size_t)256)

void builder_init(struct builder *builder)
{
	memset(builder, 0, sizeof *builder);
}

static void vector_clear(struct builder_vector *vector)
{
	vector->count = 0;
	if (vector->capacity > VECTOR_KEEP) {
		free(vector->items);
		vector->items = NULL;
		vector->capacity = 0;
	}
}

static void clear_vectors(struct builder *builder)
{
	for (size_t i = 0; i < DEVICES_COUNT; i++)
		vector_clear(&builder->devices[i]);
	vector_clear(&builder->extras);
	vector_clear(&builder->hosts);
	vector_clear(&builder->backings);
}

void builder_begin(struct builder *builder, struct arena *arena, struct ds_place place,
	struct ds_text raw, enum ds_format format, size_t items_max)
{
	builder->arena = arena;
	builder->failed = false;
	builder->is_over = false;
	builder->item_count = 0;
	builder->disk_number = 0;
	builder->items_max = items_max;
	memset(&builder->domain, 0, sizeof builder->domain);
	builder->domain.size = sizeof builder->domain;
	builder->domain.place = place;
	builder->domain.raw = raw;
	builder->domain.format = format;
	builder->domain.id = -1;
	clear_vectors(builder);
}

/** Returns room for one more item, which is not cleared. Returns the spare item when there is no
 * memory, or when the domain has too many items. */
static inline void *vector_add(struct builder *builder, struct builder_vector *vector, size_t size)
{
	char *items;

	if (builder->item_count++ >= builder->items_max) {
		builder->is_over = true;
		return &builder->spare;
	}
	items = array_room(vector->items, vector->count, &vector->capacity, size);
	if (!items) {
		builder->failed = true;
		return &builder->spare;
	}
	vector->items = items;
	return items + vector->count++ * size;
}

void *builder_device(struct builder *builder, enum devices kind, size_t at)
{
	struct builder_vector *vector = &builder->devices[kind];
	size_t size = device_kinds[kind].size;
	void *device = vector_add(builder, vector, size);

	memset(device, 0, size);
	/* Each kind begins with its position. */
	*(size_t *)device = at;
	if (kind == DEVICES_DISK)
		builder->disk_number = (uint32_t)vector->count;
	return device;
}

void builder_drop(struct builder *builder, enum devices kind)
{
	/* The last device may be the spare item, which is in no array. */
	if (!builder->failed && !builder->is_over)
		builder->devices[kind].count--;
}

struct ds_disk_host *builder_host(struct builder *builder, size_t at)
{
	struct ds_disk_host *host = vector_add(builder, &builder->hosts, sizeof *host);

	*host = (struct ds_disk_host){.at = at};
	return host;
}

struct ds_disk_backing *builder_backing(struct builder *builder, size_t at)
{
	struct ds_disk_backing *backing = vector_add(builder, &builder->backings, sizeof *backing);

	*backing = (struct ds_disk_backing){.at = at};
	return backing;
}

struct ds_extra *builder_extra(struct builder *builder, size_t at)
{
	struct ds_extra *extra = vector_add(builder, &builder->extras, sizeof *extra);

	*extra = (struct ds_extra){.at = at, .disk = builder->disk_number};
	return extra;
}

struct ds_text builder_text(struct builder *builder, const char *data, size_t size)
{
	return arena_text(builder->arena, data, size);
}

/** Moves the items to the arena. A long array itself is moved, because a copy would need as much
 * memory once more; a short one is copied. Returns NULL if there are no items, or when there is no
 * memory. */
static void *vector_take(struct builder_vector *vector, struct arena *arena, size_t size)
{
	void *items;

	if (vector->count <= VECTOR_KEEP)
		return arena_copy(arena, vector->items, vector->count, size);
	items = realloc(vector->items, vector->count * size);
	if (!items) {
		arena->failed = true;
		return NULL;
	}
	vector->items = items;
	items = arena_own(arena, vector->items, vector->count * size);
	if (items)
		*vector = (struct builder_vector){.count = vector->count};
	return items;
}

const struct ds_domain *builder_finish(struct builder *builder)
{
	struct arena *arena = builder->arena;
	struct ds_domain *domain = &builder->domain;

	if (builder->failed || builder->is_over)
		return NULL;
	/* A domain has devices of few kinds. */
	for (enum devices kind = 0; kind < DEVICES_COUNT; kind++) {
		struct builder_vector *vector = &builder->devices[kind];

		if (vector->count)
			device_set(domain, kind,
				vector_take(vector, arena, device_kinds[kind].size), vector->count);
	}
	domain->extras = vector_take(&builder->extras, arena, sizeof *domain->extras);
	domain->extra_count = builder->extras.count;
	domain = arena_copy(arena, domain, 1, sizeof *domain);
	return arena->failed ? NULL : domain;
}

void builder_end(struct builder *builder)
{
	if (builder->item_count > VECTOR_KEEP)
		clear_vectors(builder);
}

void builder_fini(struct builder *builder)
{
	for (size_t i = 0; i < DEVICES_COUNT; i++)
		free(builder->devices[i].items);
	free(builder->extras.items);
	free(builder->hosts.items);
	free(builder->backings.items);
	builder_init(builder);
}
