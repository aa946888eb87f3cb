/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The number of digits of the largest descriptor number. */
#define DIGITS_MAX 9

size_t resolve_directory_size(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/** Returns whether `path` is a file in the directory of this process's descriptors. */
static bool is_in_descriptor_directory(const char *path)
{
	static const char *const directories[] = {"/dev/fd", "/proc/self/fd"};
	char *directory = strndup(path, resolve_directory_size(path));
	struct stat status, known;
	bool result = false;

	if (directory && *directory && stat(directory, &status) == 0) {
		for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
			result |= stat(directories[i], &known) == 0 &&
				known.st_dev == status.st_dev && known.st_ino == status.st_ino;
	}
	free(directory);
	return result;
}

/** Returns the descriptor that a path names, or -1. */
static int descriptor_of(const char *path)
{
	const char *base = path + resolve_directory_size(path);
	size_t size = strlen(base);

	if (size == 0 || size > DIGITS_MAX || strspn(base, "0123456789") != size ||
		!is_in_descriptor_directory(path))
		return -1;
	return (int)strtol(base, NULL, 10);
}

char *resolve_one_link(const char *path)
{
	char link[PATH_MAX];
	ssize_t got = readlink(path, link, sizeof link - 1);
	size_t directory, size;
	char *next;

	if (got < 0)
		return NULL;
	directory = link[0] == '/' ? 0 : resolve_directory_size(path);
	size = directory + (size_t)got + 1;
	next = malloc(size);
	if (!next)
		return NULL;
	memcpy(next, path, directory);
	memcpy(next + directory, link, (size_t)got);
	next[size - 1] = '\0';
	return next;
}

/** Returns whether a link leads to an open file without naming its path, as links in /proc do:
 * their text may be "pipe:[123]". */
static bool is_link_without_path(const char *path, const char *next)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && lstat(next, &status) != 0;
}

char *resolve_links(const char *name, int *descriptor)
{
	char *path = strdup(name);
	struct stat status;

	for (int i = 0; path && i < RESOLVE_LINKS_MAX; i++) {
		char *next;

		*descriptor = descriptor_of(path);
		if (*descriptor >= 0 || lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
			return path;
		next = resolve_one_link(path);
		if (next && is_link_without_path(path, next)) {
			free(next);
			return path;
		}
		free(path);
		path = next;
	}
	if (path)
		errno = ELOOP;
	free(path);
	return NULL;
}
