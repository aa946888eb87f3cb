/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h> /* flock() */
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void temporary_fill_letters(char *letters, unsigned attempt)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct timespec now = {0};
	uint64_t value;

	clock_gettime(CLOCK_REALTIME, &now);
	value = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)getpid() << 17 ^
		attempt;
	value *= UINT64_C(0x9e3779b97f4a7c15);
	value >>= 20;
	for (int i = 0; i < TEMPORARY_LETTERS; i++) {
		letters[i] = alphabet[value % (sizeof alphabet - 1)];
		value /= sizeof alphabet - 1;
	}
}

int temporary_sync(int fd)
{
	int result;

	do
		result = fsync(fd);
	while (result != 0 && errno == EINTR);
	return result == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
}

bool temporary_lock(int fd)
{
	struct stat status;

	/* A file system without locks is not an error: no other run can remove the file there. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno != EWOULDBLOCK;
	return fstat(fd, &status) != 0 || status.st_nlink > 0;
}

/** Removes a temporary file unless it is locked. */
static void remove_if_abandoned(int directory, const char *name)
{
	int fd = openat(directory, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(directory, name, 0);
	close(fd);
}

void temporary_remove_abandoned(const char *directory, const char *prefix, size_t prefix_size)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;

	while (entries && (entry = readdir(entries)) != NULL) {
		if (strncmp(entry->d_name, prefix, prefix_size) == 0 &&
			strlen(entry->d_name) == prefix_size + TEMPORARY_LETTERS)
			remove_if_abandoned(dirfd(entries), entry->d_name);
	}
	if (entries)
		closedir(entries);
}
