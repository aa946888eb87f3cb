/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* RTLD_NEXT */

/*
 * This library is preloaded into the program under test, and makes one of its system calls fail.
 *
 *   INJECT_CALL    read, write, open, fsync, rename or close; or malloc, which is calloc, realloc
 *                  and aligned_alloc too
 *   INJECT_ROOM    the memory in bytes: an allocation that would exceed it fails.
 *                  These are the same calls as for malloc
 *   INJECT_AT      the number of the call that fails, from 1; 0: none fails
 *   INJECT_ERROR   EIO, ENOSPC, ENOMEM, EINTR, or `short`: a read or write takes a single byte
 *   INJECT_ALWAYS  not empty: all later calls fail, too
 *   INJECT_COUNT   a file that gets the number of calls when the program ends
 *
 * Only calls on paths and descriptors that the program itself has opened, or on its standard
 * descriptors, are counted, and not those of the loader. Calls that the C library makes itself
 * (stdio) do not pass through here, except malloc.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int open64(const char *path, int flags, ...);

/* dlsym() itself may allocate, so that it cannot be used to find these. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

enum failure { FAIL_NOT = 0, FAIL_ERROR, FAIL_SHORT };

static struct {
	const char *call;
	long at;
	int error;
	bool is_short;
	bool is_always;
	atomic_long count;
	/* 0 for no limit. */
	long room;
	/* The number of bytes in use. */
	atomic_long used;
} plan;

static void *original(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	return symbol;
}

__attribute__((constructor)) static void start(void)
{
	const char *error = getenv("INJECT_ERROR");
	const char *at = getenv("INJECT_AT");

	plan.call = getenv("INJECT_CALL");
	plan.at = at ? atol(at) : 0;
	plan.is_always = getenv("INJECT_ALWAYS") && *getenv("INJECT_ALWAYS");
	plan.room = getenv("INJECT_ROOM") ? atol(getenv("INJECT_ROOM")) : 0;
	if (!error)
		return;
	plan.is_short = strcmp(error, "short") == 0;
	plan.error = strcmp(error, "ENOSPC") == 0 ? ENOSPC
		: strcmp(error, "EINTR") == 0     ? EINTR
		: strcmp(error, "ENOMEM") == 0    ? ENOMEM
						  : EIO;
}

__attribute__((destructor)) static void finish(void)
{
	const char *path = getenv("INJECT_COUNT");
	char text[32];
	int size = snprintf(text, sizeof text, "%ld\n", atomic_load(&plan.count));
	int (*real_open)(const char *, int, ...) = original("open");
	ssize_t (*real_write)(int, const void *, size_t) = original("write");
	int fd = path ? real_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd >= 0 && real_write(fd, text, (size_t)size) != size)
		abort();
}

/** Counts a call, and returns how it fails. */
static enum failure fate(const char *call)
{
	long count;

	if (!plan.call || strcmp(plan.call, call) != 0)
		return FAIL_NOT;
	count = atomic_fetch_add(&plan.count, 1) + 1;
	if (!plan.at || (plan.is_always ? count < plan.at : count != plan.at))
		return FAIL_NOT;
	/* A program that retries forever must not hang the test. */
	if (plan.error == EINTR && !plan.is_short && count > plan.at + 3)
		return FAIL_NOT;
	if (plan.is_short)
		return FAIL_SHORT;
	errno = plan.error;
	return FAIL_ERROR;
}

ssize_t read(int fd, void *data, size_t size)
{
	ssize_t (*real)(int, void *, size_t) = original("read");
	enum failure failure = fate("read");

	if (failure == FAIL_ERROR)
		return -1;
	return real(fd, data, failure == FAIL_SHORT && size > 1 ? 1 : size);
}

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t (*real)(int, const void *, size_t) = original("write");
	enum failure failure = fate("write");

	if (failure == FAIL_ERROR)
		return -1;
	return real(fd, data, failure == FAIL_SHORT && size > 1 ? 1 : size);
}

static int open_with(const char *name, const char *path, int flags, mode_t mode)
{
	int (*real)(const char *, int, ...) = original(name);

	return fate("open") == FAIL_NOT ? real(path, flags, mode) : -1;
}

int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return open_with("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return open_with("open64", path, flags, mode);
}

int fsync(int fd)
{
	int (*real)(int) = original("fsync");

	return fate("fsync") == FAIL_NOT ? real(fd) : -1;
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = original("rename");

	return fate("rename") == FAIL_NOT ? real(from, to) : -1;
}

/* The descriptor is closed even if close() fails, as on Linux. */
int close(int fd)
{
	int (*real)(int) = original("close");
	enum failure failure = fate("close");
	int error = errno;
	int result = real(fd);

	if (failure != FAIL_ERROR)
		return result;
	errno = error;
	return -1;
}

/** Returns whether there is room for that many more bytes. */
static bool has_room(size_t size)
{
	if (!plan.room || atomic_load(&plan.used) + (long)size <= plan.room)
		return true;
	errno = ENOMEM;
	return false;
}

/** Counts memory as used unless it is NULL. */
static void *count_used(void *memory)
{
	if (memory)
		atomic_fetch_add(&plan.used, (long)malloc_usable_size(memory));
	return memory;
}

void *malloc(size_t size)
{
	if (!has_room(size) || fate("malloc") != FAIL_NOT)
		return NULL;
	return count_used(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	if (!has_room(count * size) || fate("malloc") != FAIL_NOT)
		return NULL;
	return count_used(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
	long before = memory ? (long)malloc_usable_size(memory) : 0;
	void *moved;

	if (!has_room(size) || fate("malloc") != FAIL_NOT)
		return NULL;
	moved = __libc_realloc(memory, size);
	if (moved || size == 0)
		atomic_fetch_sub(&plan.used, before);
	return count_used(moved);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (!has_room(size) || fate("malloc") != FAIL_NOT)
		return NULL;
	return count_used(__libc_memalign(alignment, size));
}

void free(void *memory)
{
	if (memory)
		atomic_fetch_sub(&plan.used, (long)malloc_usable_size(memory));
	__libc_free(memory);
}
