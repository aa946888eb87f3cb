/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include "audit/index.h"

#include <stdio.h>
#include <stdlib.h>

/* What was put into the index comes out of it: names and sources of all sizes, domains of many disks, several chunks. */

#define DOMAINS 60000

static uint32_t state;

static uint32_t draw(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/** A text that its number gives, of a few sizes that matter. */
static struct ds_text text_of(char *room, const char *word, uint32_t number)
{
	static const size_t sizes[] = {0, 0, 0, 0, 0, 0, 127, 128, 300, INDEX_TEXT_MAX - 1, INDEX_TEXT_MAX, INDEX_TEXT_MAX + 1, 5000};
	size_t size = number % 97 < sizeof sizes / sizeof *sizes ? sizes[number % 97] : 0;
	size_t used = (size_t)sprintf(room, "%s-%06u", word, (unsigned)number);

	for (; used < size; used++)
		room[used] = (char)('a' + used % 26);
	return (struct ds_text){room, used};
}

/** The same domain each time that it is asked for. */
static struct index_domain domain_of(uint32_t number, char *room, uint32_t *disks)
{
	struct index_domain domain = {0};

	state = number * 2654435761u;
	domain.name = text_of(room, "guest", number);
	/* Some run backwards, and some have none. */
	domain.origin = number / 100 % 3;
	domain.offset = (uint64_t)number * (draw(50) ? 1000 : 999) << draw(50) / 49 * 20;
	domain.line = number * 10 + draw(3);
	domain.column = draw(3) ? 3 : 1 + draw(300);
	domain.content = draw(1 << 24);
	for (size_t i = 0; draw(10) && i < sizeof domain.uuid; i++)
		domain.uuid[i] = (unsigned char)draw(256);
	*disks = draw(1000) ? draw(4) : draw(2000);
	return domain;
}

static struct index_disk disk_of(const struct index_domain *domain, char *room)
{
	struct index_disk disk = {.offset = domain->offset + draw(20000), .line = domain->line + draw(200), .column = draw(200)};

	if (disk.line == domain->line)
		disk.column = domain->column + disk.offset - domain->offset;
	disk.source = text_of(room, "/srv/image", draw(DOMAINS));
	disk.target = draw(10) ? draw(64) : draw(300);
	disk.format = draw(10) ? draw(3) : draw(9);
	disk.flags = draw(8);
	return disk;
}

static void assert_same_domain(const struct index_domain *a, const struct index_domain *b)
{
	assert_true(a->name.size == b->name.size && memcmp(a->name.data, b->name.data, a->name.size) == 0);
	assert_memory_equal(a->uuid, b->uuid, sizeof a->uuid);
	assert_int_equal(a->origin, b->origin);
	assert_int_equal(a->content, b->content);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
}

static void assert_same_disk(const struct index *index, const struct index_disk *a, const struct index_disk *b)
{
	uint32_t first = index_find(index, b->source);

	assert_int_not_equal(first, 0);
	assert_true(text_same(index_source(index, first), b->source));
	assert_int_equal(a->flags & 7, b->flags);
	assert_int_equal(a->target, b->target);
	assert_int_equal(a->format, b->format);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
	if (a->flags & INDEX_FIRST)
		assert_true(text_same(a->source, b->source));
}

static void fill(struct index *index)
{
	static char name[8000], source[8000];
	uint32_t disks;

	for (uint32_t i = 0; i < DOMAINS; i++) {
		struct index_domain domain = domain_of(i, name, &disks);

		assert_true(index_add_domain(index, &domain));
		for (uint32_t k = 0; k < disks; k++) {
			struct index_disk disk = disk_of(&domain, source);

			disk.hash = index_hash(index->key, disk.source);
			/* To expect it changes nothing. */
			if (k % 2)
				index_expect(index, disk.hash);
			if (i % 2)
				index_expect_source(index, disk.hash);
			assert_true(index_add_disk(index, &disk));
		}
	}
}

struct place {
	uint32_t where, domain, disk;
};

/** Walks through all, and notes where everything is. */
static size_t walk_all(const struct index *index, struct place *places)
{
	static struct index_record record;
	static struct index_walk walk;
	static char name[8000], source[8000];
	size_t count = 0;
	uint32_t disks;

	index_walk_begin(&walk, index);
	for (uint32_t i = 0; i < DOMAINS; i++) {
		struct index_domain domain = domain_of(i, name, &disks);

		assert_int_equal(index_walk_next(&walk), INDEX_DOMAIN);
		assert_int_equal(walk.uuid != NULL, domain.uuid[0] || domain.uuid[1] || domain.uuid[2]);
		if (walk.uuid)
			assert_memory_equal(walk.uuid, domain.uuid, sizeof domain.uuid);
		assert_ptr_equal(index_uuid(index, walk.where), walk.uuid);
		places[count++] = (struct place){walk.where, i, UINT32_MAX};
		for (uint32_t k = 0; k < disks; k++) {
			struct index_disk disk = disk_of(&domain, source);

			assert_int_equal(index_walk_next(&walk), INDEX_DISK);
			index_get(index, walk.where, &record);
			assert_same_disk(index, &record.disk, &disk);
			assert_int_equal(walk.flags, record.disk.flags);
			assert_true(text_same(walk.source, record.disk.source));
			places[count++] = (struct place){walk.where, i, k};
		}
	}
	assert_int_equal(index_walk_next(&walk), INDEX_END);
	return count;
}

/** Each place is found by itself, too. */
static void jump(const struct index *index, const struct place *places, size_t count)
{
	static struct index_record record;
	static char name[8000];
	uint32_t disks;

	for (size_t i = 0; i < count; i++) {
		struct index_domain domain = domain_of(places[i].domain, name, &disks);

		index_get(index, places[i].where, &record);
		assert_same_domain(&record.domain, &domain);
	}
}

/** Each disk is in the chain of one source, in the order of the input backwards. */
static void follow_chains(const struct index *index, const struct place *places, size_t count)
{
	static struct index_record record;
	size_t disks = 0, found = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t last = UINT32_MAX, length = 0;

		disks += places[i].disk != UINT32_MAX;
		index_get(index, places[i].where, &record);
		if (places[i].disk == UINT32_MAX || !(record.disk.flags & INDEX_FIRST))
			continue;
		assert_int_equal(index_find(index, record.disk.source), places[i].where);
		for (uint32_t at = index_newest(index, places[i].where); at; at = index_before(index, at)) {
			assert_true(at < last);
			last = at;
			length++;
		}
		assert_int_equal(last, places[i].where);
		assert_int_equal(length > 1, index_shared(index, places[i].where) != NULL);
		found += length;
	}
	assert_int_equal(found, disks);
}

static void what_goes_in_comes_out(void **context)
{
	struct index index;
	struct texts texts;
	struct place *places = malloc(sizeof *places * DOMAINS * 8);
	size_t count;

	(void)context;
	assert_non_null(places);
	texts_init(&texts);
	index_init(&index, &texts, (struct sip_key){1, 2});
	assert_int_equal(index_find(&index, TEXT("/srv/image-000001")), 0);
	fill(&index);
	assert_true(index.chunks.count > 5);
	count = walk_all(&index, places);
	jump(&index, places, count);
	follow_chains(&index, places, count);
	assert_int_equal(index_find(&index, TEXT("/srv/nothing")), 0);
	index_fini(&index);
	texts_fini(&texts);
	free(places);
}

/** A domain whose disks fill several chunks is said again in each of them, wherever its name brings their ends. */
static void a_domain_lies_in_several_chunks(void **context)
{
	static struct index_record record;
	static struct index_walk walk;
	static char name[INDEX_TEXT_MAX], source[40];
	struct index index;
	struct texts texts;

	(void)context;
	memset(name, 'n', sizeof name);
	for (size_t size = INDEX_TEXT_MAX - 40; size <= INDEX_TEXT_MAX; size++) {
		struct index_domain domain = {.name = {name, size}, .origin = 1, .offset = 1000, .line = 10, .column = 3};
		uint32_t disks = 0;

		texts_init(&texts);
		index_init(&index, &texts, (struct sip_key){1, 2});
		assert_true(index_add_domain(&index, &domain));
		while (index.chunks.count < 3) {
			struct index_disk disk = {.offset = 1001 + disks, .line = 10, .target = 1};

			disk.source = (struct ds_text){source, (size_t)sprintf(source, "/srv/%u", (unsigned)disks++)};
			disk.hash = index_hash(index.key, disk.source);
			assert_true(index_add_disk(&index, &disk));
		}
		index_walk_begin(&walk, &index);
		assert_int_equal(index_walk_next(&walk), INDEX_DOMAIN);
		for (uint32_t i = 0; i < disks; i++) {
			assert_int_equal(index_walk_next(&walk), INDEX_DISK);
			index_get(&index, walk.where, &record);
			assert_same_domain(&record.domain, &domain);
			assert_int_equal(record.disk.offset, 1001 + i);
		}
		assert_int_equal(index_walk_next(&walk), INDEX_END);
		index_fini(&index);
		texts_fini(&texts);
	}
}

static void an_empty_one_is_walked_through(void **context)
{
	static struct index_walk walk;
	struct index index;
	struct texts texts;

	(void)context;
	texts_init(&texts);
	index_init(&index, &texts, (struct sip_key){1, 2});
	index_walk_begin(&walk, &index);
	assert_int_equal(index_walk_next(&walk), INDEX_END);
	index_close(&index);
	index_fini(&index);
	texts_fini(&texts);
}

/** The figure of the manual: a domain with a disk, its name, and no text of the source. */
static void it_takes_less_than_64_bytes_a_disk(void **context)
{
	struct index index;
	struct texts texts;
	char name[40], source[60];
	size_t text = 0, used;

	(void)context;
	texts_init(&texts);
	index_init(&index, &texts, (struct sip_key){1, 2});
	for (uint32_t i = 0; i < 200000; i++) {
		struct index_domain domain = {.origin = 1, .offset = i * UINT64_C(3000), .line = i * UINT64_C(80), .column = 3};
		struct index_disk disk = {.offset = domain.offset + 900, .line = domain.line + 30, .column = 7, .target = 1};

		state = i;
		memcpy(domain.uuid, &(uint64_t[]){(draw(1 << 24) + UINT64_C(1)) << 32 | i, i}, 16);
		domain.name = (struct ds_text){name, (size_t)sprintf(name, "%06x.prod%u.lab", (unsigned)draw(1 << 24), (unsigned)i % 7)};
		disk.source = (struct ds_text){source, (size_t)sprintf(source, "/srv/%s-%u", name, (unsigned)i)};
		disk.hash = index_hash(index.key, disk.source);
		text += disk.source.size;
		assert_true(index_add_domain(&index, &domain) && index_add_disk(&index, &disk));
	}
	used = (index.chunks.count - 1) * STORE_CHUNK + index.used + table_size(&index.table);
	assert_true((used - text) / 200000 < 64);
	index_fini(&index);
	texts_fini(&texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(a_domain_lies_in_several_chunks),
		cmocka_unit_test(an_empty_one_is_walked_through),
		cmocka_unit_test(it_takes_less_than_64_bytes_a_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
