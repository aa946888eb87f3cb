/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/paths.h"

#include "output/resolve.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool path_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/** Returns the directory of a file, for the caller to free, or NULL when there is no memory. */
static char *copy_directory(const char *path)
{
	size_t size = (size_t)(path_base(path) - path);

	return size ? strndup(path, size) : strdup(".");
}

/** Returns the real path of a directory, or of the directory of a file, for the caller to free, or
 * NULL if it is unknown. */
static char *real_directory(const char *path)
{
	char *real = realpath(path, NULL);
	char *directory;

	if (real && path_is_directory(real))
		return real;
	directory = copy_directory(real ? real : path);
	free(real);
	real = directory ? realpath(directory, NULL) : NULL;
	free(directory);
	return real;
}

bool path_is_inside(const char *path, const char *directory)
{
	char *inner, *outer;
	size_t size;
	bool result = false;

	if (!path_is_directory(directory))
		return false;
	inner = real_directory(path);
	outer = realpath(directory, NULL);
	if (inner && outer) {
		size = strlen(outer);
		/* The root is the only directory whose real path ends in a slash. */
		result = strncmp(inner, outer, size) == 0 &&
			(outer[size - 1] == '/' || !inner[size] || inner[size] == '/');
	}
	free(inner);
	free(outer);
	return result;
}

bool path_is_in(const char *path, const char *directory)
{
	char *parent = copy_directory(path);
	struct stat status, parent_status;
	bool result = parent && stat(parent, &parent_status) == 0 &&
		stat(directory, &status) == 0 && status.st_dev == parent_status.st_dev &&
		status.st_ino == parent_status.st_ino;

	free(parent);
	return result;
}

bool path_leads_into(const char *path, const char *directory)
{
	char *at = strdup(path);
	bool result = false;

	for (int i = 0; at && !result && i < RESOLVE_LINKS_MAX; i++) {
		char *next = resolve_one_link(at);

		result = path_is_in(at, directory);
		free(at);
		at = next;
	}
	free(at);
	return result;
}
