/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_standard(const char *name)
{
	return strcmp(name, "-") == 0;
}

/** `standard`: the descriptor that "-" stands for. */
static int get_status(const char *name, int standard, struct stat *status)
{
	return is_standard(name) ? fstat(standard, status) : stat(name, status);
}

static int is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/** Returns the directory that a name stands in, for the caller to free; NULL without memory. */
static char *copy_directory(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? strndup(name, (size_t)(slash - name) + 1) : strdup(".");
}

static const char *base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

/** Whether two names that do not exist yet will be one file. */
static int is_same_future(const char *one, const char *other)
{
	char *directory = copy_directory(one);
	char *other_directory = copy_directory(other);
	struct stat status, other_status;
	int result = 0;

	if (directory && other_directory && stat(directory, &status) == 0 && stat(other_directory, &other_status) == 0)
		result = is_same(&status, &other_status) && strcmp(base_name(one), base_name(other)) == 0;
	free(directory);
	free(other_directory);
	return result;
}

int path_is_same_output(const char *one, const char *other)
{
	struct stat status, other_status;
	int exists = get_status(one, STDOUT_FILENO, &status) == 0;
	int other_exists = get_status(other, STDOUT_FILENO, &other_status) == 0;

	if (is_standard(one) && is_standard(other))
		return 1;
	if (exists && other_exists)
		return S_ISREG(status.st_mode) && is_same(&status, &other_status);
	return !exists && !other_exists && is_same_future(one, other);
}

int path_is_input(const char *output, const char *input)
{
	struct stat status, input_status;

	return get_status(output, STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode) &&
	       get_status(input, STDIN_FILENO, &input_status) == 0 && is_same(&status, &input_status);
}

/** Returns where an output stands, links resolved, for the caller to free; NULL when that is not known. */
static char *real_directory(const char *output)
{
	char target[PATH_MAX];
	char *directory, *real;
	ssize_t size;

	if (is_standard(output)) {
		/* Known on Linux only. Elsewhere the user is not warned. */
		size = readlink("/proc/self/fd/1", target, sizeof target - 1);
		if (size < 0)
			return NULL;
		target[size] = '\0';
		output = target;
	}
	real = realpath(output, NULL);
	directory = copy_directory(real ? real : output);
	free(real);
	real = directory ? realpath(directory, NULL) : NULL;
	free(directory);
	return real;
}

int path_is_inside(const char *output, const char *directory)
{
	struct stat status;
	char *inner, *outer;
	size_t size;
	int result = 0;

	if (get_status(output, STDOUT_FILENO, &status) == 0 && !S_ISREG(status.st_mode))
		return 0;
	if (is_standard(directory) || stat(directory, &status) != 0 || !S_ISDIR(status.st_mode))
		return 0;
	inner = real_directory(output);
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
