/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "alloc.h"

#include <expat.h>
#include <pthread.h>
#include <search.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *string);
void *__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
XML_Parser __wrap_XML_ParserCreate(const XML_Char *encoding);

/** Several threads call the allocator. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/** The number of allocations that succeed before one fails; -1: all succeed. */
static long left = -1;
/** Whether all later allocations fail, too. */
static int is_lasting;
static size_t failures;

static bool fails(void)
{
	bool does = false;

	pthread_mutex_lock(&lock);
	if (left == 0) {
		does = true;
		failures++;
		left = is_lasting ? 0 : -1;
	} else if (left > 0) {
		left--;
	}
	pthread_mutex_unlock(&lock);
	return does;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *string)
{
	size_t size = strlen(string) + 1;
	char *copy = fails() ? NULL : __real_malloc(size);

	return copy ? memcpy(copy, string, size) : NULL;
}

/** The C library allocates a node for a new key only; a lookup of a known key cannot fail. */
void *__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *))
{
	void *found = tfind(key, root, compare);

	return found ? found : fails() ? NULL : __real_tsearch(key, root, compare);
}

XML_Parser __wrap_XML_ParserCreate(const XML_Char *encoding)
{
	static const XML_Memory_Handling_Suite suite = {__wrap_malloc, __wrap_realloc, free};

	return XML_ParserCreate_MM(encoding, &suite, NULL);
}

void try_all(enum ds_status (*call)(void), enum ds_status expected)
{
	assert_int_equal(call(), expected);
	for (is_lasting = 0; is_lasting < 2; is_lasting++) {
		size_t tried = 0;

		do {
			enum ds_status status;

			failures = 0;
			left = (long)tried++;
			status = call();
			left = -1;
			if (status != (failures ? DS_NO_MEMORY : expected))
				fail_msg("allocation %zu%s failed, and the status was: %s",
					tried - 1, is_lasting ? " and all later ones" : "",
					ds_status_text(status));
			assert_true(tried < 100000);
		} while (failures);
		/* The call has allocated something. */
		assert_true(tried > 5);
	}
}
