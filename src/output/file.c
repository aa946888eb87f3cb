/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/output.h"

#include "output/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/** Links that are followed from one name, as the kernel does. */
#define LINKS_MAX 40
/** Names of temporary files that are tried. */
#define TRIES_MAX 100
/** Bytes that a temporary name adds: dot, dot, six letters. */
#define TEMPORARY_EXTRA 8

struct output_file {
	/** As given, for messages; the caller's. */
	const char *name;
	int fd;
	/** The file that is replaced, links resolved; NULL when `fd` is written directly. */
	char *target;
	/** NULL when `fd` is written directly. */
	char *temporary;
	/** The `errno` of the first failed write; 0: none failed. */
	int failure;
};

/* ---- names --------------------------------------------------------------------------------------------- */

/** Bytes of the directory part of a path, its last slash included; 0: none. */
static size_t directory_size(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/** Takes `path`. Returns where the link at `path` leads, or NULL with `errno`. */
static char *follow(char *path)
{
	char link[PATH_MAX];
	ssize_t got = readlink(path, link, sizeof link - 1);
	size_t directory, size;
	char *next = NULL;

	if (got < 0)
		goto out;
	directory = link[0] == '/' ? 0 : directory_size(path);
	size = directory + (size_t)got + 1;
	next = malloc(size);
	if (!next)
		goto out;
	memcpy(next, path, directory);
	memcpy(next + directory, link, (size_t)got);
	next[size - 1] = '\0';
out:
	free(path);
	return next;
}

/** Returns the name behind all links, which need not exist, or NULL with `errno`. For the caller to free. */
static char *resolve(const char *name)
{
	char *path = strdup(name);
	struct stat status;
	int i;

	for (i = 0; path && i < LINKS_MAX; i++) {
		if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
			return path;
		path = follow(path);
	}
	if (path)
		errno = ELOOP;
	free(path);
	return NULL;
}

static void fill_suffix(char suffix[6], unsigned attempt)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct timespec now = {0};
	uint64_t value;
	int i;

	/* Only to be rarely taken: O_EXCL makes it safe when somebody guesses it. */
	clock_gettime(CLOCK_REALTIME, &now);
	value = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)getpid() << 17 ^ attempt;
	value *= UINT64_C(0x9e3779b97f4a7c15);
	value >>= 20;
	for (i = 0; i < 6; i++) {
		suffix[i] = letters[value % (sizeof letters - 1)];
		value /= sizeof letters - 1;
	}
}

/**
 * Creates a file beside `file->target`. With open() and not mkstemp(): this way the kernel applies the umask, which
 * a process with threads cannot read safely.
 */
static int create_temporary(struct output_file *file, mode_t mode)
{
	size_t directory = directory_size(file->target);
	const char *base = file->target + directory;
	size_t base_size = strlen(base);
	char *path;
	unsigned i;

	if (base_size > NAME_MAX - TEMPORARY_EXTRA)
		base_size = NAME_MAX - TEMPORARY_EXTRA;
	path = malloc(directory + base_size + TEMPORARY_EXTRA + 1);
	if (!path)
		return -1;
	memcpy(path, file->target, directory);
	path[directory] = '.';
	memcpy(path + directory + 1, base, base_size);
	path[directory + 1 + base_size] = '.';
	path[directory + base_size + TEMPORARY_EXTRA] = '\0';
	for (i = 0; i < TRIES_MAX; i++) {
		fill_suffix(path + directory + base_size + 2, i);
		file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (file->fd >= 0) {
			file->temporary = path;
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	free(path);
	return -1;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static int is_standard_output(const struct stat *status)
{
	struct stat standard;

	return fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == status->st_dev &&
	       standard.st_ino == status->st_ino;
}

/** Gives the new file the owner and mode of the one that it replaces. */
static int copy_mode(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;

	if (fchown(fd, old->st_uid, old->st_gid) == 0)
		return fchmod(fd, mode);
	/* Only the administrator can keep another owner. Without the group, its rights must not go to ours. */
	if (fchown(fd, (uid_t)-1, old->st_gid) != 0)
		mode &= 0707 | (mode << 3 & 070);
	return fchmod(fd, mode);
}

static int open_replacement(struct output_file *file, const struct stat *old)
{
	if (!old)
		return create_temporary(file, 0666);
	if (create_temporary(file, 0600) != 0)
		return -1;
	return copy_mode(file->fd, old);
}

/** Decides by what stands at the target now. Returns 0, or -1 with `errno`. */
static int open_target(struct output_file *file)
{
	struct stat status;

	/* Opened without being truncated, so that a file that may not be written is refused and not replaced. */
	int fd = open(file->target, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? open_replacement(file, NULL) : -1;
	if (fstat(fd, &status) != 0) {
		close(fd);
		return -1;
	}
	if (!S_ISREG(status.st_mode)) {
		file->fd = fd;
		return 0;
	}
	close(fd);
	/* /dev/stdout, redirected to a file: what else writes there would be lost by replacing it. */
	if (is_standard_output(&status)) {
		file->fd = STDOUT_FILENO;
		return 0;
	}
	return open_replacement(file, &status);
}

static void release(struct output_file *file)
{
	free(file->temporary);
	free(file->target);
	free(file);
}

enum ds_status output_file_open(struct output_file **out, const char *name, struct ds_error *error)
{
	struct output_file *file = calloc(1, sizeof *file);
	int number;

	if (!file)
		return DS_NO_MEMORY;
	file->name = name ? name : "-";
	file->fd = -1;
	if (strcmp(file->name, "-") == 0) {
		file->fd = STDOUT_FILENO;
		*out = file;
		return DS_OK;
	}
	file->target = resolve(file->name);
	if (file->target && open_target(file) == 0) {
		*out = file;
		return DS_OK;
	}
	number = errno;
	name = file->name;
	output_file_abandon(file);
	return number == ENOMEM ? DS_NO_MEMORY : output_fail(error, name, "open for writing", number);
}

/* ---- writing and closing ------------------------------------------------------------------------------- */

enum ds_status output_file_write(struct output_file *file, const char *data, size_t size, struct ds_error *error)
{
	while (!file->failure && size > 0) {
		ssize_t written = write(file->fd, data, size < SSIZE_MAX ? size : SSIZE_MAX);

		if (written > 0) {
			data += written;
			size -= (size_t)written;
		} else if (written == 0 || errno != EINTR) {
			file->failure = written == 0 ? EIO : errno;
		}
	}
	return file->failure ? output_fail(error, file->name, "write", file->failure) : DS_OK;
}

/** Like fsync(), in spite of signals; 0 also where the file system has no such thing. */
static int sync_fd(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result != 0 && errno == EINTR);
	return result == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
}

/** Like close(); 0 also after EINTR: the descriptor is gone then, and what was synced is safe. */
static int close_fd(struct output_file *file)
{
	int result = close(file->fd);

	file->fd = -1;
	return result == 0 || errno == EINTR ? 0 : -1;
}

/** Makes a rename in the directory of `path` last. A directory that cannot be read cannot be synced; that is fine. */
static int sync_directory(const char *path)
{
	size_t size = directory_size(path);
	char *directory = size ? strndup(path, size) : strdup(".");
	int fd, result, number;

	if (!directory)
		return -1;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd < 0)
		return 0;
	result = sync_fd(fd);
	number = errno;
	close(fd);
	errno = number;
	return result;
}

static int commit_temporary(struct output_file *file)
{
	if (sync_fd(file->fd) != 0 || close_fd(file) != 0)
		return -1;
	if (rename(file->temporary, file->target) != 0)
		return -1;
	free(file->temporary);
	file->temporary = NULL;
	return sync_directory(file->target);
}

enum ds_status output_file_commit(struct output_file *file, struct ds_error *error)
{
	const char *name = file->name;
	int number = file->failure;

	if (!number && (file->temporary ? commit_temporary(file) : close_fd(file)) != 0)
		number = errno;
	if (!number) {
		release(file);
		return DS_OK;
	}
	output_file_abandon(file);
	return output_fail(error, name, "write", number);
}

void output_file_abandon(struct output_file *file)
{
	if (!file)
		return;
	if (file->temporary)
		unlink(file->temporary);
	if (file->fd >= 0 && file->fd != STDOUT_FILENO)
		close(file->fd);
	release(file);
}

const char *output_file_temporary(const struct output_file *file)
{
	return file ? file->temporary : NULL;
}
