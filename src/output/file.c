/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/fail.h"
#include "output/output.h"
#include "output/resolve.h"
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
/** The number of bytes that a temporary name adds, including the dot before the name. */
#define TEMPORARY_EXTRA (sizeof TEMPORARY_WORD + TEMPORARY_LETTERS)

struct output_file {
	/** The name as given, for messages; owned by the caller. */
	const char *name;
	int fd;
	/** The file that is replaced, with links resolved; NULL when `fd` is written directly. */
	char *target;
	/** NULL when `fd` is written directly. */
	char *temporary;
	/** The descriptor of this process that the name refers to, such as 1 for "-" and
	 * /dev/stdout; -1 for any other name. */
	int descriptor;
	/** The file that `fd` writes to. */
	struct stat written;
	/** The file that will be replaced. Unset when the file does not exist yet or `fd` is
	 * written directly. */
	struct stat replaced;
	bool has_replaced;
	/** The `errno` of the first failed write; 0 if none failed. */
	int failure;
};

/* ---- names ---- */

/** Returns a temporary name in the target's directory that ends with letters to be filled in, or
 * NULL when there is no memory. */
static char *temporary_path(const char *target, size_t directory)
{
	const char *base = target + directory;
	size_t base_size = strlen(base), size;
	char *path;

	if (base_size > NAME_MAX - TEMPORARY_EXTRA)
		base_size = NAME_MAX - TEMPORARY_EXTRA;
	size = directory + base_size + TEMPORARY_EXTRA + 1;
	path = malloc(size);
	if (path)
		snprintf(path, size, "%.*s.%.*s%s%.*s", (int)directory, target, (int)base_size,
			base, TEMPORARY_WORD, TEMPORARY_LETTERS, "xxxxxx");
	return path;
}

/**
 * Creates a file in the directory of `file->target`. Uses open() instead of mkstemp(), so that the
 * kernel applies the umask, which a process with threads cannot read safely.
 */
static int create_temporary(struct output_file *file, mode_t mode)
{
	size_t directory = resolve_directory_size(file->target);
	char *path = temporary_path(file->target, directory);
	char *parent = directory ? strndup(file->target, directory) : strdup(".");

	if (path && parent)
		temporary_remove_abandoned(parent, path + directory,
			strlen(path + directory) - TEMPORARY_LETTERS);
	free(parent);
	if (!path)
		return -1;
	for (unsigned i = 0; i < TRIES_MAX; i++) {
		temporary_fill_letters(path + strlen(path) - TEMPORARY_LETTERS, i);
		file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (file->fd >= 0 && temporary_lock(file->fd)) {
			file->temporary = path;
			return 0;
		}
		if (file->fd < 0 && errno != EEXIST)
			break;
		if (file->fd >= 0)
			close(file->fd);
		file->fd = -1;
	}
	free(path);
	return -1;
}

/* ---- opening ---- */

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/** Gives the new file the owner and mode of the one that it replaces. */
static int copy_mode(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;

	if (fchown(fd, old->st_uid, old->st_gid) == 0)
		return fchmod(fd, mode);
	/* Only the administrator can set another owner. If the group cannot be set, its rights must
	 * not be given to our group. */
	if (fchown(fd, (uid_t)-1, old->st_gid) != 0)
		mode &= 0707 | (mode << 3 & 070);
	return fchmod(fd, mode);
}

static int open_replacement(struct output_file *file)
{
	if (!file->has_replaced)
		return create_temporary(file, 0666);
	if (create_temporary(file, 0600) != 0)
		return -1;
	return copy_mode(file->fd, &file->replaced);
}

/** Opens a descriptor that the process was started with. Returns 0, or -1 with `errno`. */
static int open_descriptor(struct output_file *file)
{
	int flags = fcntl(file->descriptor, F_GETFD);
	int mode = fcntl(file->descriptor, F_GETFL);

	/* A descriptor that is closed on exec was opened by this program itself. */
	if (flags < 0 || flags & FD_CLOEXEC || mode < 0 || (mode & O_ACCMODE) == O_RDONLY) {
		errno = EBADF;
		return -1;
	}
	/* Standard output itself is closed in the end, so that an error which only close() reports
	 * is not lost. */
	file->fd = file->descriptor == STDOUT_FILENO ? STDOUT_FILENO
						     : fcntl(file->descriptor, F_DUPFD_CLOEXEC, 3);
	return file->fd < 0 ? -1 : 0;
}

/**
 * Returns which of standard output and standard error writes to this file, or -1. Replacing the
 * file would lose what else is written there.
 */
static int standard_descriptor(const struct stat *status)
{
	struct stat standard;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &standard) == 0 && is_same(&standard, status))
			return fd;
	}
	return -1;
}

/** Opens the target depending on what it is now. Returns 0, or -1 with `errno`. */
static int open_target(struct output_file *file)
{
	/* The file is opened without being truncated, so that a file without write permission is
	 * refused and not replaced. */
	int fd = open(file->target, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return errno == ENOENT ? open_replacement(file) : -1;
	if (fstat(fd, &status) != 0) {
		close(fd);
		return -1;
	}
	if (!S_ISREG(status.st_mode)) {
		file->fd = fd;
		return 0;
	}
	close(fd);
	file->descriptor = standard_descriptor(&status);
	if (file->descriptor >= 0)
		return open_descriptor(file);
	file->replaced = status;
	file->has_replaced = true;
	return open_replacement(file);
}

static void release(struct output_file *file)
{
	free(file->temporary);
	free(file->target);
	free(file);
}

/** Returns 0, or -1 with `errno`. */
static int open_name(struct output_file *file)
{
	int result;

	if (strcmp(file->name, "-") == 0) {
		file->descriptor = STDOUT_FILENO;
		file->fd = STDOUT_FILENO;
		/* If this fails, writing will report an error. */
		(void)fstat(file->fd, &file->written);
		return 0;
	}
	file->target = resolve_links(file->name, &file->descriptor);
	if (!file->target)
		return -1;
	result = file->descriptor >= 0 ? open_descriptor(file) : open_target(file);
	return result == 0 ? fstat(file->fd, &file->written) : -1;
}

enum ds_status output_file_open(struct output_file **out, const char *name, struct ds_error *error)
{
	struct output_file *file = calloc(1, sizeof *file);
	int number;

	if (!file)
		return DS_NO_MEMORY;
	file->name = name ? name : "-";
	file->fd = -1;
	if (open_name(file) == 0) {
		*out = file;
		return DS_OK;
	}
	number = errno;
	name = file->name;
	output_file_abandon(file);
	return number == ENOMEM ? DS_NO_MEMORY
				: output_fail(error, name, "open for writing", number);
}

/* ---- the identity of a file ---- */

bool output_file_is_standard(const struct output_file *file)
{
	return file->descriptor == STDOUT_FILENO;
}

static struct ds_file_id id_of(const struct stat *status)
{
	return (struct ds_file_id){(uint64_t)status->st_dev, (uint64_t)status->st_ino};
}

bool output_file_written(const struct output_file *file, struct ds_file_id *id)
{
	*id = id_of(&file->written);
	return S_ISREG(file->written.st_mode);
}

bool output_file_replaced(const struct output_file *file, struct ds_file_id *id)
{
	*id = id_of(&file->replaced);
	return file->has_replaced;
}

/** Returns whether two files that are replaced in the end have the same name in the same
 * directory. */
static bool have_same_name(const struct output_file *one, const struct output_file *other)
{
	size_t size = resolve_directory_size(one->target),
	       other_size = resolve_directory_size(other->target);
	char *directory = size ? strndup(one->target, size) : strdup(".");
	char *other_directory = other_size ? strndup(other->target, other_size) : strdup(".");
	struct stat status, other_status;
	bool result = false;

	if (directory && other_directory && stat(directory, &status) == 0 &&
		stat(other_directory, &other_status) == 0)
		result = is_same(&status, &other_status) &&
			strcmp(one->target + size, other->target + other_size) == 0;
	free(directory);
	free(other_directory);
	return result;
}

bool output_file_is_same(const struct output_file *one, const struct output_file *other)
{
	const struct output_file *direct = one->temporary ? other : one;
	const struct output_file *last = one->temporary ? one : other;

	if (one->temporary && other->temporary)
		return have_same_name(one, other) ||
			(one->has_replaced && other->has_replaced &&
				is_same(&one->replaced, &other->replaced));
	if (last->temporary)
		return last->has_replaced && is_same(&last->replaced, &direct->written);
	if (one->descriptor >= 0 && one->descriptor == other->descriptor)
		return true;
	/* Terminals and /dev/null may have several writers. So may a pipe that the caller has also
	 * made standard error, because messages are in it anyway. */
	if (!S_ISREG(one->written.st_mode) &&
		(S_ISCHR(one->written.st_mode) || one->descriptor == STDERR_FILENO ||
			other->descriptor == STDERR_FILENO))
		return false;
	return is_same(&one->written, &other->written);
}

char *output_file_path(const struct output_file *file)
{
	char name[32];

	if (file->temporary)
		return strdup(file->target);
	if (!S_ISREG(file->written.st_mode))
		return NULL;
	/* This path only exists on Linux. */
	snprintf(name, sizeof name, "/proc/self/fd/%d", file->fd);
	return realpath(name, NULL);
}

/* ---- writing and closing ---- */

enum ds_status output_file_write(struct output_file *file, const char *data, size_t size,
	struct ds_error *error)
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

/** Like close(), but returns 0 also after EINTR: the descriptor is closed then, and synced bytes
 * are safe. */
static int close_fd(struct output_file *file)
{
	int result = close(file->fd);

	file->fd = -1;
	return result == 0 || errno == EINTR ? 0 : -1;
}

/** Syncs a rename in the directory of `path`. A directory that cannot be read cannot be synced,
 * which is accepted. */
static int sync_directory(const char *path)
{
	size_t size = resolve_directory_size(path);
	char *directory = size ? strndup(path, size) : strdup(".");
	int fd, result, number;

	if (!directory)
		return -1;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd < 0)
		return 0;
	result = temporary_sync(fd);
	number = errno;
	close(fd);
	errno = number;
	return result;
}

static int commit_temporary(struct output_file *file)
{
	int lock, result, number;

	if (temporary_sync(file->fd) != 0)
		return -1;
	/* The lock is kept until the file has its final name, so that no other run removes it. */
	lock = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
	result = close_fd(file);
	if (result == 0)
		result = rename(file->temporary, file->target);
	number = errno;
	if (lock >= 0)
		close(lock);
	errno = number;
	if (result != 0)
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
