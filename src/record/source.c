/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/source.h"

#include "record/text.h"

static int is_tap(struct ds_text driver)
{
	return text_is(driver, "tap") || text_is(driver, "tap2");
}

/** xend 3.4 and later: `tap:tapdisk:FORMAT:PATH`; the format is one level deeper. */
static int is_nested(const struct ds_disk *disk)
{
	return is_tap(disk->driver) && (text_is(disk->format, "tapdisk") || text_is(disk->format, "ioemu")) &&
	       disk->source.data && disk->source.size && disk->source.data[0] != '/' && text_has(disk->source, ':');
}

struct ds_text source_backend(const struct ds_disk *disk)
{
	if (text_given(disk->driver))
		return disk->driver;
	if (!text_given(disk->source))
		return (struct ds_text){NULL, 0};
	if (disk->type == DS_SOURCE_FILE)
		return TEXT("file");
	return disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : (struct ds_text){NULL, 0};
}

struct ds_text source_format(const struct ds_disk *disk)
{
	struct ds_text rest;

	return is_nested(disk) ? text_split(disk->source, ':', &rest) : disk->format;
}

/* ---- passwords ----------------------------------------------------------------------------------------- */

struct ds_text source_password(struct ds_text source)
{
	size_t begin = 0;

	/* Hardly any has one. */
	if (!text_has(source, '@'))
		return (struct ds_text){NULL, 0};
	for (size_t at = 0; at < source.size; at++) {
		struct ds_text user, password, before = {source.data + begin, at - begin};

		if (source.data[at] == '/')
			begin = at + 1;
		if (source.data[at] != '@')
			continue;
		user = text_split(before, ':', &password);
		/* The last colon parts them: a backend's name may stand before. A target's name of iSCSI has colons of its own. */
		if (!user.size || !password.data || !password.size || text_starts(before, "iqn.") || text_starts(before, "eui."))
			continue;
		for (size_t i = password.size; i; i--)
			if (password.data[i - 1] == ':' && i < password.size)
				return text_from(password, i);
		return password;
	}
	return (struct ds_text){NULL, 0};
}

struct ds_text source_masked(struct arena *arena, struct ds_text source)
{
	struct ds_text password = source_password(source);
	size_t before, after;
	char *text;

	if (!password.data)
		return source;
	before = (size_t)(password.data - source.data);
	after = source.size - before - password.size;
	text = arena_alloc(arena, before + 3 + after);
	if (!text)
		return (struct ds_text){NULL, 0};
	memcpy(text, source.data, before);
	memcpy(text + before, "***", 3);
	memcpy(text + before + 3, password.data + password.size, after);
	return (struct ds_text){text, before + 3 + after};
}

/* ---- paths --------------------------------------------------------------------------------------------- */

static int is_plain(struct ds_text path)
{
	for (size_t at = 0; at + 1 < path.size; at++)
		if (path.data[at] == '/' && (path.data[at + 1] == '/' || path.data[at + 1] == '.'))
			return 0;
	return path.size < 2 || path.data[path.size - 1] != '/';
}

/** Without `//`, `/./`, `/../` and a slash at the end, as the kernel walks it where there are no links. In place. */
static size_t collapse(char *path, size_t size)
{
	size_t used = 0, at = 0;

	while (at < size) {
		size_t end = at + 1;

		while (end < size && path[end] != '/')
			end++;
		/* One component with the slash before it. */
		if (end - at == 3 && path[at + 1] == '.' && path[at + 2] == '.') {
			while (used && path[--used] != '/')
				;
		} else if (end - at > 1 && !(end - at == 2 && path[at + 1] == '.')) {
			memmove(path + used, path + at, end - at);
			used += end - at;
		}
		at = end;
	}
	if (!used)
		path[used++] = '/';
	return used;
}

static struct ds_text join(struct arena *arena, struct ds_text one, struct ds_text other)
{
	char *text = arena_alloc(arena, one.size + other.size + 1);

	if (!text)
		return (struct ds_text){NULL, 0};
	memcpy(text, one.data, one.size);
	memcpy(text + one.size, other.data, other.size);
	return (struct ds_text){text, one.size + other.size};
}

static struct ds_text canonical_path(struct arena *arena, struct ds_text path)
{
	char *copy;

	if (is_plain(path))
		return path;
	copy = arena_copy(arena, path.data, path.size, 1);
	return copy ? (struct ds_text){copy, collapse(copy, path.size)} : (struct ds_text){NULL, 0};
}

struct ds_text source_canonical(struct arena *arena, const struct ds_disk *disk)
{
	struct ds_text path = disk->source;
	struct ds_text backend = source_backend(disk);

	if (!text_given(path) || disk->type > DS_SOURCE_DIR)
		return (struct ds_text){NULL, 0};
	if (is_nested(disk))
		text_split(disk->source, ':', &path);
	if (text_is(backend, "phy") && path.data[0] != '/')
		path = join(arena, TEXT("/dev/"), path);
	if (path.data && path.size && path.data[0] == '/')
		return source_masked(arena, canonical_path(arena, path));
	/* A script's own name for it, or a path that only the host's working directory completes. */
	if (text_given(disk->driver) && !is_tap(disk->driver) && !text_is(disk->driver, "file") && !text_is(disk->driver, "qemu")) {
		path = join(arena, TEXT(":"), path);
		path = path.data ? join(arena, disk->driver, path) : path;
	}
	return path.data ? source_masked(arena, path) : path;
}
