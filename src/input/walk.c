/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _DEFAULT_SOURCE /* d_type */
#include "input/walk.h"

#include "input/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The maximum number of bytes of one directory's names that are kept in memory. A directory with
 * more of them is read several times. */
#define NAMES_MAX ((size_t)2 << 20)

/** A growing array of bytes. */
struct bytes {
	char *data;
	size_t size;
	size_t capacity;
};

/** A directory that the walk has entered. */
struct level {
	/** NULL for the directory in which the walk began. */
	struct level *parent;
	/** The size of this directory's path, with its slash. */
	size_t path_size;
	/** The names of the entries. Each is preceded by its `d_type` in one byte, and ends with a
	 * NUL byte. */
	struct bytes names;
	/** Pointers to the names in `names`, sorted. */
	const char **order;
	size_t count;
	/** The number of entries in `order` that were returned to the caller. */
	size_t next;
	/** The directory has names that sort after `last` and are not in `names`. */
	bool is_partial;
	/** The last name in `names` if `is_partial`, and `last` of the previous reading, both with
	 * their NUL bytes. Empty before the first reading. */
	struct bytes last;
	struct bytes before;
	/** The number of entries that were returned in all readings, and the limit of that
	 * number. */
	size_t passed;
	size_t most;
};

struct input_walk {
	/** The innermost directory, or NULL between walks. */
	struct level *level;
	/** The path of the current entry with its NUL byte. */
	struct bytes path;
};

static bool bytes_add(struct bytes *bytes, const char *data, size_t size)
{
	if (size > bytes->capacity - bytes->size) {
		size_t capacity = bytes->capacity;
		char *grown;

		if (size > SIZE_MAX / 2 - bytes->size)
			return false;
		capacity += capacity / 2 + 256;
		if (capacity < bytes->size + size)
			capacity = bytes->size + size;
		grown = realloc(bytes->data, capacity);
		if (grown == NULL)
			return false;
		bytes->data = grown;
		bytes->capacity = capacity;
	}
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
	return true;
}

static void level_free(struct level *level)
{
	free(level->names.data);
	free(level->order);
	free(level->last.data);
	free(level->before.data);
	free(level);
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static enum ds_status level_sort(struct level *level)
{
	const char *name = level->names.data;

	free(level->order);
	level->order = NULL;
	if (level->count == 0)
		return DS_OK;
	level->order = calloc(level->count, sizeof(*level->order));
	if (level->order == NULL)
		return DS_NO_MEMORY;
	for (size_t i = 0; i < level->count; i++) {
		level->order[i] = name + 1;
		name += strlen(name + 1) + 2;
	}
	qsort(level->order, level->count, sizeof(*level->order), compare_names);
	return DS_OK;
}

/** Drops the second half of the names, because there are too many. Names that sort after the first
 * half are no longer added. */
static enum ds_status level_halve(struct level *level)
{
	size_t kept = 0;
	size_t size;

	if (level_sort(level) != DS_OK)
		return DS_NO_MEMORY;
	level->is_partial = true;
	level->count = (level->count + 1) / 2;
	level->last.size = 0;
	if (!bytes_add(&level->last, level->order[level->count - 1],
		    strlen(level->order[level->count - 1]) + 1))
		return DS_NO_MEMORY;
	for (size_t at = 0; at < level->names.size; at += size) {
		size = strlen(level->names.data + at + 1) + 2;
		if (strcmp(level->names.data + at + 1, level->last.data) > 0)
			continue;
		memmove(level->names.data + kept, level->names.data + at, size);
		kept += size;
	}
	level->names.size = kept;
	return DS_OK;
}

static enum ds_status level_add(struct level *level, const struct dirent *entry)
{
	const char *name = entry->d_name;
	char type = (char)entry->d_type;

	if (level->before.size > 0 && strcmp(name, level->before.data) <= 0)
		return DS_OK;
	if (level->is_partial && strcmp(name, level->last.data) > 0)
		return DS_OK;
	if (!bytes_add(&level->names, &type, 1) ||
		!bytes_add(&level->names, name, strlen(name) + 1))
		return DS_NO_MEMORY;
	level->count++;
	return level->names.size > NAMES_MAX ? level_halve(level) : DS_OK;
}

/** Reads the names that sort after those of the previous reading, or as many of them as fit.
 * Returns DS_OK, DS_NO_MEMORY, or DS_DAMAGED with `errno` set. */
static enum ds_status level_read(struct level *level, DIR *directory)
{
	enum ds_status status = DS_OK;
	size_t count = 0;

	while (status == DS_OK) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(directory);
		if (entry == NULL && errno != 0)
			return DS_DAMAGED;
		if (entry == NULL)
			break;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		status = level_add(level, entry);
	}
	if (level->most == 0)
		level->most = 2 * count;
	return status == DS_OK ? level_sort(level) : status;
}

/** Opens the directory at the path. An entry of another directory is not followed if it has become
 * a symbolic link in the meantime. */
static DIR *open_path(const struct input_walk *walk, bool is_entry)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (is_entry ? O_NOFOLLOW : 0);
	int fd;
	DIR *directory;

	do
		fd = open(walk->path.data, flags);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return NULL;
	directory = fdopendir(fd);
	if (directory == NULL) {
		int reason = errno;

		close(fd);
		errno = reason;
	}
	return directory;
}

/** Replaces the NUL that ends the path by a slash, unless the path ends in one already. */
static enum ds_status add_slash(struct input_walk *walk)
{
	walk->path.size--;
	if (walk->path.size > 0 && walk->path.data[walk->path.size - 1] == '/')
		return DS_OK;
	return bytes_add(&walk->path, "/", 1) ? DS_OK : DS_NO_MEMORY;
}

/** Reads the directory at the path into a level. */
static enum ds_status read_path(struct input_walk *walk, struct level *level, bool is_entry,
	struct ds_error *error)
{
	DIR *directory = open_path(walk, is_entry);
	enum ds_status status = DS_DAMAGED;

	if (directory != NULL)
		status = level_read(level, directory);
	if (status == DS_DAMAGED)
		input_error_set_system(error, walk->path.data, 0, "cannot read the directory",
			errno);
	if (directory != NULL)
		closedir(directory);
	return status;
}

/** Enters the directory at the path. */
static enum ds_status descend(struct input_walk *walk, struct ds_error *error)
{
	struct level *level = calloc(1, sizeof(*level));
	enum ds_status status;

	if (level == NULL)
		return DS_NO_MEMORY;
	status = read_path(walk, level, walk->level != NULL, error);
	if (status == DS_OK)
		status = add_slash(walk);
	if (status != DS_OK) {
		level_free(level);
		return status;
	}
	level->path_size = walk->path.size;
	level->parent = walk->level;
	walk->level = level;
	return DS_OK;
}

static void ascend(struct input_walk *walk)
{
	struct level *level = walk->level;

	walk->level = level->parent;
	level_free(level);
}

static bool set_path(struct input_walk *walk, size_t kept, const char *name)
{
	walk->path.size = kept;
	return bytes_add(&walk->path, name, strlen(name) + 1);
}

struct input_walk *input_walk_new(void)
{
	return calloc(1, sizeof(struct input_walk));
}

enum ds_status input_walk_begin(struct input_walk *walk, const char *name, struct ds_error *error)
{
	if (!set_path(walk, 0, name))
		return DS_NO_MEMORY;
	return descend(walk, error);
}

/** Reads the innermost directory once more, for the names that sort after those that were returned.
 * An error ends the walk of this directory. */
static enum ds_status read_on(struct input_walk *walk, struct ds_error *error)
{
	struct level *level = walk->level;
	struct bytes before = level->before;
	enum ds_status status;

	level->before = level->last;
	level->last = before;
	level->is_partial = false;
	level->names.size = 0;
	level->count = 0;
	level->next = 0;
	/* With a slash at the end, open() would follow a symbolic link. */
	walk->path.size = level->path_size;
	if (walk->path.size > 1)
		walk->path.size--;
	if (!bytes_add(&walk->path, "", 1))
		return DS_NO_MEMORY;
	status = read_path(walk, level, level->parent != NULL, error);
	/* If a program writes a file for each file that is read, this would never end. */
	if (status == DS_OK && level->count > level->most - level->passed) {
		input_error_set(error, "DA908", walk->path.data, 0,
			"new files keep appearing in the directory; some of them were not read");
		status = DS_DAMAGED;
	}
	if (status == DS_OK)
		walk->path.data[level->path_size - 1] = '/';
	if (status == DS_DAMAGED)
		ascend(walk);
	return status;
}

/** Returns the type of an entry: DT_REG, DT_DIR, or anything else, which is skipped. */
static unsigned char type_of(const struct input_walk *walk, const char *name)
{
	unsigned char type = (unsigned char)name[-1];
	struct stat entry;

	if (type != DT_UNKNOWN)
		return type;
	/* If lstat() fails, the entry is returned, so that opening it reports the reason. */
	if (lstat(walk->path.data, &entry) != 0 || S_ISREG(entry.st_mode))
		return DT_REG;
	return S_ISDIR(entry.st_mode) ? DT_DIR : DT_UNKNOWN;
}

enum ds_status input_walk_next(struct input_walk *walk, const char **name, struct ds_error *error)
{
	enum ds_status status = DS_OK;

	while (walk->level != NULL && status == DS_OK) {
		struct level *level = walk->level;
		const char *entry;
		unsigned char type;

		if (!level->order || level->next == level->count) {
			if (level->is_partial)
				status = read_on(walk, error);
			else
				ascend(walk);
			continue;
		}
		entry = level->order[level->next++];
		level->passed++;
		if (!set_path(walk, level->path_size, entry))
			return DS_NO_MEMORY;
		type = type_of(walk, entry);
		if (type == DT_REG) {
			*name = walk->path.data;
			return DS_OK;
		}
		if (type == DT_DIR)
			status = descend(walk, error);
	}
	*name = NULL;
	return status;
}

void input_walk_free(struct input_walk *walk)
{
	if (walk == NULL)
		return;
	while (walk->level != NULL)
		ascend(walk);
	free(walk->path.data);
	free(walk);
}
