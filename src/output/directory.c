/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/directory.h"

#include "output/fail.h"
#include "output/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The maximum number of names that are tried for a temporary file. */
#define TRIES_MAX 100
#define TEMPORARY_SIZE (sizeof TEMPORARY_WORD + TEMPORARY_LETTERS)

struct output_directory {
	/** The name as given, owned by the caller. */
	const char *name;
	int fd;
	/** The path of the temporary file; its last component begins at `temporary`. */
	char *path;
	char *temporary;
	/** The path of the file that an error names. */
	char *failed;
};

/** Returns the path of a name in a directory, with room for `room` bytes after the slash, which the
 * caller has to free. Returns NULL when there is no memory. */
static char *join(const char *directory, const char *name, size_t room)
{
	size_t size = strlen(directory) + 1 + room;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

static enum ds_status fail(struct output_directory *directory, const char *name, const char *what,
	int number, struct ds_error *error)
{
	free(directory->failed);
	directory->failed = join(directory->name, name, strlen(name) + 1);
	return output_fail(error, directory->failed ? directory->failed : directory->name, what,
		number);
}

static void name_temporary(struct output_directory *directory, unsigned attempt)
{
	char letters[TEMPORARY_LETTERS];

	temporary_fill_letters(letters, attempt);
	snprintf(directory->temporary, TEMPORARY_SIZE, TEMPORARY_WORD "%.*s", TEMPORARY_LETTERS,
		letters);
}

enum ds_status output_directory_open(struct output_directory **out, const char *name,
	struct ds_error *error)
{
	struct output_directory *directory = calloc(1, sizeof *directory);
	int number;

	if (!directory)
		return DS_NO_MEMORY;
	directory->name = name;
	directory->fd = -1;
	directory->path = join(name, "", TEMPORARY_SIZE);
	if (!directory->path) {
		output_directory_free(directory);
		return DS_NO_MEMORY;
	}
	directory->temporary = directory->path + strlen(directory->path);
	name_temporary(directory, 0);
	if (mkdir(name, 0777) == 0 || errno == EEXIST)
		directory->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory->fd >= 0) {
		temporary_remove_abandoned(name, TEMPORARY_WORD, sizeof TEMPORARY_WORD - 1);
		*out = directory;
		return DS_OK;
	}
	number = errno;
	output_directory_free(directory);
	return output_fail(error, name, "open the directory for writing", number);
}

/** Returns the mode of the file that will be replaced, or 0 when there is no regular file of this
 * name. */
static mode_t old_mode(const struct output_directory *directory, const char *name)
{
	struct stat status;

	if (fstatat(directory->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
		!S_ISREG(status.st_mode))
		return 0;
	return status.st_mode & 0777;
}

/** Returns the descriptor of a locked file, or -1 with `errno`. The name stays the same unless
 * another file has it. */
static int create_temporary(struct output_directory *directory, mode_t mode)
{
	for (unsigned i = 1;; i++) {
		int fd = openat(directory->fd, directory->temporary,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

		if (fd >= 0 && temporary_lock(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		else if (errno != EEXIST)
			return -1;
		if (i == TRIES_MAX)
			return -1;
		name_temporary(directory, i);
	}
}

/** Writes all bytes. Returns 0, or -1 with `errno`. */
static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size < SSIZE_MAX ? size : SSIZE_MAX);

		if (written > 0) {
			data += written;
			size -= (size_t)written;
		} else if (written == 0 || errno != EINTR) {
			errno = written == 0 ? EIO : errno;
			return -1;
		}
	}
	return 0;
}

static int fill(int fd, const char *data, size_t size, mode_t mode, bool is_synced)
{
	if (write_all(fd, data, size) != 0 || (mode && fchmod(fd, mode) != 0))
		return -1;
	return is_synced ? temporary_sync(fd) : 0;
}

static enum ds_status write_file(struct output_directory *directory, const char *name,
	const char *data, size_t size, bool is_synced, struct ds_error *error)
{
	mode_t mode = old_mode(directory, name);
	int fd = create_temporary(directory, mode ? 0600 : 0666);
	int lock, result, number;

	if (fd < 0)
		return fail(directory, name, "open for writing", errno, error);
	/* The lock is kept until the file has its final name, so that no other run removes it. */
	lock = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	result = fill(fd, data, size, mode, is_synced);
	number = errno;
	/* After EINTR the descriptor is closed, too. */
	if (close(fd) != 0 && errno != EINTR && result == 0) {
		result = -1;
		number = errno;
	}
	if (result == 0) {
		result = renameat(directory->fd, directory->temporary, directory->fd, name);
		number = errno;
	}
	if (result != 0)
		unlinkat(directory->fd, directory->temporary, 0);
	if (lock >= 0)
		close(lock);
	return result == 0 ? DS_OK : fail(directory, name, "write", number, error);
}

enum ds_status output_directory_write(struct output_directory *directory, const char *name,
	const char *data, size_t size, struct ds_error *error)
{
	return write_file(directory, name, data, size, false, error);
}

enum ds_status output_directory_remove(struct output_directory *directory, const char *name,
	struct ds_error *error)
{
	if (unlinkat(directory->fd, name, 0) == 0 || errno == ENOENT)
		return DS_OK;
	return fail(directory, name, "remove", errno, error);
}

enum ds_status output_directory_commit(struct output_directory *directory, const char *name,
	const char *data, size_t size, struct ds_error *error)
{
	enum ds_status status = write_file(directory, name, data, size, true, error);

	if (status == DS_OK && temporary_sync(directory->fd) != 0)
		return output_fail(error, directory->name, "write", errno);
	return status;
}

const char *output_directory_temporary(const struct output_directory *directory)
{
	return directory->path;
}

void output_directory_free(struct output_directory *directory)
{
	if (!directory)
		return;
	if (directory->fd >= 0)
		close(directory->fd);
	free(directory->path);
	free(directory->failed);
	free(directory);
}
