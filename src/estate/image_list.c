/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/image_list.h"

#include "record/source.h"
#include "record/text.h"

/* ---- names ---- */

static bool is_path(struct ds_text name)
{
	return text_starts(name, "/");
}

/** Returns the directory of a path, or the pool of an rbd image; empty for a name without a
 * pool. */
static struct ds_text parent_of(struct ds_text name)
{
	size_t size = name.size - image_base_name(name).size;

	/* The root directory keeps its slash. */
	return (struct ds_text){name.data, size > 1 ? size - 1 : size};
}

struct ds_text image_base_name(struct ds_text name)
{
	size_t begin = name.size;

	while (begin && name.data[begin - 1] != '/')
		begin--;
	return text_from(name, begin);
}

struct ds_text image_pool(struct ds_text name)
{
	return is_path(name) ? (struct ds_text){NULL, 0} : parent_of(name);
}

/** Returns "/dev/GROUP/VOLUME" for the device mapper's name of a logical volume, which is
 * "GROUP-VOLUME" with the hyphens in both names doubled. Returns any other path unchanged. */
static struct ds_text volume_name(struct arena *arena, struct ds_text path)
{
	struct ds_text rest = text_from(path, strlen("/dev/mapper/"));
	size_t used = strlen("/dev/"), slashes = 0;
	char *name = arena_alloc(arena, path.size);

	if (!name)
		return (struct ds_text){NULL, 0};
	memcpy(name, "/dev/", used);
	for (size_t at = 0; at < rest.size; at++) {
		bool is_hyphen = rest.data[at] == '-';

		if (is_hyphen && at + 1 < rest.size && rest.data[at + 1] == '-')
			name[used++] = rest.data[at++];
		else
			name[used++] = is_hyphen ? '/' : rest.data[at];
		slashes += name[used - 1] == '/';
	}
	return slashes == 1 ? (struct ds_text){name, used} : path;
}

/** Returns the path for "[DATASTORE] PATH" of VMware ESX. */
static struct ds_text datastore_name(struct arena *arena, struct ds_text source)
{
	static const char root[] = "/vmfs/volumes/";
	struct ds_text path, store = text_split(text_from(source, 1), ']', &path);
	size_t used = sizeof root - 1;
	char *name;

	if (!path.data || !store.size)
		return (struct ds_text){NULL, 0};
	path = text_trim(path);
	name = arena_alloc(arena, used + store.size + 1 + path.size);
	if (!name)
		return (struct ds_text){NULL, 0};
	memcpy(name, root, used);
	memcpy(name + used, store.data, store.size);
	used += store.size;
	name[used++] = '/';
	if (path.size)
		memcpy(name + used, path.data, path.size);
	return (struct ds_text){name, used + path.size};
}

/** Returns "POOL/IMAGE" for "rbd://SERVERS/POOL/IMAGE@SNAPSHOT", "rbd:/POOL/IMAGE" and qemu's
 * "rbd:POOL/IMAGE:id=USER". */
static struct ds_text rbd_name(struct ds_text source)
{
	struct ds_text name = text_from(source, strlen("rbd:"));
	struct ds_text rest;

	if (text_starts(name, "//"))
		text_split(text_from(name, 2), '/', &name);
	else if (text_starts(name, "/"))
		name = text_from(name, 1);
	else
		name = text_split(name, ':', &rest);
	name = name.data ? text_split(name, '@', &rest) : name;
	return text_has(name, '/') ? name : (struct ds_text){NULL, 0};
}

struct ds_text image_name(struct arena *arena, struct ds_text source)
{
	if (text_starts(source, "/dev/mapper/"))
		return volume_name(arena, source);
	if (is_path(source))
		return source;
	if (text_starts(source, "["))
		return datastore_name(arena, source);
	return text_starts(source, "rbd:") ? rbd_name(source) : (struct ds_text){NULL, 0};
}

/* ---- reading ---- */

static uint32_t find(const struct image_list *list, enum text_kind kind, struct ds_text name)
{
	return name.data ? text_table_find(&list->names, kind, name) : 0;
}

static uint32_t add(struct image_list *list, enum text_kind kind, struct ds_text name)
{
	return text_table_add(&list->names, kind, name, text_table_hash(list->names.key, name));
}

/** Adds a directory that is covered. Returns false when out of memory. */
static bool add_directory(struct image_list *list, struct ds_text name, bool is_whole)
{
	uint32_t number = add(list, TEXT_WORD, name);

	if (number && is_whole)
		list->names.entries[number].flags |= DIRECTORY_IS_WHOLE;
	return number != 0;
}

/** Adds the image or directory of one entry of the list. */
static bool add_entry(struct image_list *list, struct arena *arena, struct ds_text text,
	uint32_t line, uint32_t offset)
{
	const struct ds_disk_backing image = {.type = DS_SOURCE_FILE, .source = text};
	struct ds_text name = source_of_backing(arena, &image);
	struct text_entry *entry;
	uint32_t number;

	if (text_starts(name, "/dev/mapper/") || text_starts(name, "["))
		name = image_name(arena, name);
	if (!name.data)
		return !arena->failed;
	if (text.data[text.size - 1] == '/')
		return add_directory(list, name, true);
	number = add(list, TEXT_SOURCE, name);
	if (!number)
		return false;
	entry = &list->names.entries[number];
	if (!entry->more && !entry->value) {
		entry->value = line;
		entry->more = offset;
	}
	if (!text_has(name, '/')) {
		list->has_bare_names = true;
		return true;
	}
	return add_directory(list, parent_of(name), false);
}

/** Sets the flags of entries that contain other entries: they are directories. */
static void find_directories(struct image_list *list)
{
	for (uint32_t i = 1; i <= list->names.count; i++) {
		struct text_entry *entry = &list->names.entries[i];
		uint32_t number = entry->kind == TEXT_SOURCE
			? find(list, TEXT_WORD, text_table_get(&list->names, i))
			: 0;

		if (!number)
			continue;
		entry->flags |= IMAGE_IS_DIRECTORY;
		list->names.entries[number].flags |= DIRECTORY_IS_WHOLE;
	}
}

bool image_list_init(struct image_list *list, const struct ds_image_list *given,
	struct siphash_key key)
{
	bool has_nul = text_has(given->text, '\0'), is_fine = true;
	struct ds_text rest = given->text;
	struct arena arena;
	uint32_t line = 0;

	memset(list, 0, sizeof *list);
	list->given = given;
	text_table_init(&list->names, key);
	arena_init(&arena);
	while (rest.data && is_fine) {
		uint32_t offset = (uint32_t)(given->text.size - rest.size);
		struct ds_text text = text_split(rest, has_nul ? '\0' : '\n', &rest);

		line++;
		if (!has_nul && text.size && text.data[text.size - 1] == '\r')
			text.size--;
		if (!text.size || (!has_nul && text.data[0] == '#'))
			continue;
		is_fine = add_entry(list, &arena, text, has_nul ? 0 : line, offset);
		arena_clear(&arena);
	}
	arena_fini(&arena);
	find_directories(list);
	return is_fine;
}

void image_list_fini(struct image_list *list)
{
	text_table_fini(&list->names);
}

/* ---- lookups ---- */

uint32_t image_list_find(const struct image_list *list, struct ds_text name)
{
	uint32_t number = find(list, TEXT_SOURCE, name);

	/* A directory may be a disk's source, too. */
	if (!number)
		number = find(list, TEXT_WORD, name);
	if (!number && !is_path(name))
		number = find(list, TEXT_SOURCE, image_base_name(name));
	return number;
}

bool image_list_add_pool(struct image_list *list, struct ds_text pool)
{
	list->covers_bare_names = true;
	return add_directory(list, pool, false);
}

bool image_list_use(struct image_list *list, struct ds_text name)
{
	uint32_t number = image_list_find(list, name);

	if (!number)
		return true;
	list->names.entries[number].flags |= IMAGE_IS_USED;
	return is_path(name) || text_has(text_table_get(&list->names, number), '/') ||
		image_list_add_pool(list, image_pool(name));
}

bool image_list_covers(const struct image_list *list, struct ds_text name)
{
	struct ds_text directory = parent_of(name);

	if (find(list, TEXT_WORD, directory))
		return true;
	while (is_path(directory) && directory.size > 1) {
		uint32_t number;

		directory = parent_of(directory);
		number = find(list, TEXT_WORD, directory);
		if (number && list->names.entries[number].flags & DIRECTORY_IS_WHOLE)
			return true;
	}
	return false;
}

/** Returns whether a file of ESX belongs to an image: "web-flat.vmdk" contains the data of
 * "web.vmdk". */
static bool is_extent(const struct image_list *list, struct ds_text name)
{
	static const char *const ends[] = {"-flat.vmdk", "-ctk.vmdk", "-delta.vmdk",
		"-sesparse.vmdk", "-rdm.vmdk", "-rdmp.vmdk"};
	struct arena arena;
	bool is_found = false;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t size = strlen(ends[i]), kept;
		char *image;

		if (name.size <= size || memcmp(name.data + name.size - size, ends[i], size) != 0)
			continue;
		kept = name.size - size;
		arena_init(&arena);
		image = arena_alloc(&arena, kept + strlen(".vmdk"));
		if (image) {
			memcpy(image, name.data, kept);
			memcpy(image + kept, ".vmdk", strlen(".vmdk"));
			is_found = find(list, TEXT_SOURCE,
				(struct ds_text){image, kept + strlen(".vmdk")});
		}
		arena_fini(&arena);
	}
	return is_found;
}

bool image_list_is_unused(const struct image_list *list, uint32_t number)
{
	const struct text_entry *entry = &list->names.entries[number];
	struct ds_text name = text_table_get(&list->names, number);

	if (entry->kind != TEXT_SOURCE || entry->flags & (IMAGE_IS_USED | IMAGE_IS_DIRECTORY))
		return false;
	if (!text_has(name, '/'))
		return list->covers_bare_names;
	return !is_extent(list, name);
}
