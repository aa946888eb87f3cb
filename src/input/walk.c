/* SPDX-License-Identifier: LGPL-2.1-or-later */
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

/** A run of bytes that grows. */
struct bytes {
	char *data;
	size_t size;
	size_t capacity;
};

/** One directory on the way down. */
struct level {
	/** NULL: the directory that the walk began with. */
	struct level *parent;
	/** Bytes of the path that are this directory's, with the slash. */
	size_t path_size;
	/** The entries' names, each with its NUL. */
	struct bytes names;
	/** Into `names`, sorted. */
	const char **order;
	size_t count;
	/** Entries that were passed on. */
	size_t next;
};

struct input_walk {
	/** The innermost directory; NULL: no walk. */
	struct level *level;
	/** Path of the current entry with its NUL. */
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
	free(level);
}

/** Reads the names of all entries. Returns DS_OK, DS_DAMAGED with `errno` set, DS_NO_MEMORY. */
static enum ds_status level_read(struct level *level, DIR *directory)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (entry == NULL)
			return errno == 0 ? DS_OK : DS_DAMAGED;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (!bytes_add(&level->names, entry->d_name, strlen(entry->d_name) + 1))
			return DS_NO_MEMORY;
		level->count++;
	}
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static enum ds_status level_sort(struct level *level)
{
	const char *name = level->names.data;

	if (level->count == 0)
		return DS_OK;
	level->order = calloc(level->count, sizeof(*level->order));
	if (level->order == NULL)
		return DS_NO_MEMORY;
	for (size_t i = 0; i < level->count; i++) {
		level->order[i] = name;
		name += strlen(name) + 1;
	}
	qsort(level->order, level->count, sizeof(*level->order), compare_names);
	return DS_OK;
}

/** Opens the directory that the path names. An entry must not have become a link since it was looked at. */
static DIR *open_path(const struct input_walk *walk)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (walk->level != NULL ? O_NOFOLLOW : 0);
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

/** Goes down into the directory that the path names. */
static enum ds_status descend(struct input_walk *walk, struct ds_error *error)
{
	struct level *level = calloc(1, sizeof(*level));
	enum ds_status status = DS_DAMAGED;
	DIR *directory;

	if (level == NULL)
		return DS_NO_MEMORY;
	directory = open_path(walk);
	if (directory != NULL)
		status = level_read(level, directory);
	if (status == DS_DAMAGED)
		input_error_set_system(error, walk->path.data, 0, "cannot read the directory", errno);
	if (directory != NULL)
		closedir(directory);
	if (status == DS_OK)
		status = level_sort(level);
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

enum ds_status input_walk_next(struct input_walk *walk, const char **name, struct ds_error *error)
{
	while (walk->level != NULL) {
		struct level *level = walk->level;
		struct stat entry;
		enum ds_status status;

		if (level->next == level->count) {
			ascend(walk);
			continue;
		}
		if (!set_path(walk, level->path_size, level->order[level->next++]))
			return DS_NO_MEMORY;
		/* What cannot be looked at is passed on, so that whoever opens it says why. */
		if (lstat(walk->path.data, &entry) != 0 || S_ISREG(entry.st_mode)) {
			*name = walk->path.data;
			return DS_OK;
		}
		if (!S_ISDIR(entry.st_mode))
			continue;
		status = descend(walk, error);
		if (status != DS_OK)
			return status;
	}
	*name = NULL;
	return DS_OK;
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
