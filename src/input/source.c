/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/source.h"

#include "input/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANCEL_INTERVAL_MS 100
/* The system is advised of sequential reading for regular files that are larger than this. */
#define ADVICE_MIN ((uint64_t)64 << 10)
/* read(2) accepts at least this many bytes in one call. */
#define READ_MAX ((size_t)1 << 30)

/* Returns whether the flag is set, which a signal handler or another thread may do at any time. */
static bool is_cancelled(const struct input_source *source)
{
	return source->cancel != NULL && __atomic_load_n(source->cancel, __ATOMIC_RELAXED) != 0;
}

/*
 * Opens a file. A pipe without a writer would block open(), during which `cancel` is not checked.
 * With O_NONBLOCK, open() succeeds, and poll() waits for the writer instead. Regular files are not
 * affected. Checking the type first would cost a system call for each of a hundred thousand small
 * files.
 */
static int open_file(const char *name)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
	int fd;

	do
		fd = open(name, flags | O_NONBLOCK);
	while (fd < 0 && errno == EINTR);
	if (fd >= 0 || errno != EWOULDBLOCK)
		return fd;
	/* Another process has a lease on the file, and only gives it up when open() blocks. */
	do
		fd = open(name, flags);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static void look_at_regular(struct input_source *source, const struct stat *status)
{
	off_t begin = source->is_owned ? 0 : lseek(source->fd, 0, SEEK_CUR);

	source->is_regular = true;
	source->id = (struct ds_file_id){(uint64_t)status->st_dev, (uint64_t)status->st_ino};
	if (begin >= 0 && status->st_size > begin)
		source->size = (uint64_t)(status->st_size - begin);
	/* This is only advice, so a failure does not matter. A small file is in the system's
	 * read-ahead anyway. */
	if (source->size > ADVICE_MIN)
		(void)posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

/** Waits until there is something to read or the flag is set. */
static enum ds_status wait_for_bytes(const struct input_source *source)
{
	struct pollfd waited = {.fd = source->fd, .events = POLLIN};
	int timeout = source->cancel != NULL ? CANCEL_INTERVAL_MS : -1;

	for (;;) {
		int count;

		if (is_cancelled(source))
			return DS_STOPPED;
		count = poll(&waited, 1, timeout);
		/* For any other result of poll(), read() reports a better error. */
		if (count > 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
			return DS_OK;
	}
}

enum ds_status input_source_open(struct input_source *source, const char *name,
	const volatile int *cancel, struct ds_error *error)
{
	struct stat status;

	memset(source, 0, sizeof(*source));
	source->cancel = cancel;
	source->is_owned = strcmp(name, "-") != 0;
	source->fd = source->is_owned ? open_file(name) : STDIN_FILENO;
	if (source->fd < 0 || fstat(source->fd, &status) != 0) {
		input_error_set_system(error, name, 0, "cannot open", errno);
		input_source_close(source);
		return DS_DAMAGED;
	}
	if (S_ISDIR(status.st_mode)) {
		input_error_set(error, "DA908", name, 0, "is a directory");
		input_source_close(source);
		return DS_DAMAGED;
	}
	if (S_ISREG(status.st_mode))
		look_at_regular(source, &status);
	return DS_OK;
}

static enum ds_status report_failure(const struct input_source *source, struct ds_error *error)
{
	input_error_set_system(error, "", source->bytes_read, "cannot read", source->failure);
	return DS_DAMAGED;
}

/** Reads once. Sets `*size` to 0 at the end. */
static enum ds_status read_some(struct input_source *source, char *data, size_t capacity,
	size_t *size, struct ds_error *error)
{
	ssize_t count = 0;

	while (!source->is_ended) {
		if (is_cancelled(source) ||
			(!source->is_regular && wait_for_bytes(source) == DS_STOPPED)) {
			input_error_set(error, "DA908", "", source->bytes_read,
				"reading was cancelled");
			return DS_STOPPED;
		}
		count = read(source->fd, data, capacity);
		if (count >= 0)
			break;
		if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
			source->failure = errno;
			return report_failure(source, error);
		}
	}
	source->is_ended = count == 0;
	source->bytes_read += (uint64_t)count;
	*size = (size_t)count;
	return DS_OK;
}

enum ds_status input_source_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct input_source *source = context;
	size_t room = capacity < READ_MAX ? capacity : READ_MAX;

	*size = 0;
	if (source->failure)
		return report_failure(source, error);
	while (*size < room) {
		size_t count = 0;
		enum ds_status status =
			read_some(source, data + *size, room - *size, &count, error);

		/* The next call fails in the same way, and has no bytes. */
		if (status != DS_OK && *size == 0)
			return status;
		if (status != DS_OK || count == 0)
			break;
		*size += count;
	}
	return DS_OK;
}

enum ds_status input_source_seek(struct input_source *source, const char *name, uint64_t offset,
	struct ds_error *error)
{
	if (lseek(source->fd, (off_t)offset, SEEK_SET) < 0) {
		input_error_set_system(error, name, offset, "cannot seek", errno);
		return DS_DAMAGED;
	}
	source->bytes_read = offset;
	return DS_OK;
}

void input_source_close(struct input_source *source)
{
	if (source->is_owned && source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
