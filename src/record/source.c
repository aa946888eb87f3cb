/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/source.h"

#include "record/secret.h"
#include "record/text.h"
#include "record/words.h"

/** Returns whether a disk has the form `tap:tapdisk:FORMAT:PATH` of xend 3.4 and later, in which
 * the format is one level deeper. */
static bool is_nested(const struct ds_disk *disk)
{
	return source_is_tap(disk->driver) &&
		(text_is(disk->format, "tapdisk") || text_is(disk->format, "ioemu")) &&
		disk->source.data && disk->source.size && disk->source.data[0] != '/' &&
		text_has(disk->source, ':');
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

struct ds_text source_read_as(const struct ds_disk *disk)
{
	static const char *const raw[] = {"aio", "sync", "iso", NULL};
	struct ds_text backend = source_backend(disk), format = source_format(disk);

	if (text_is(backend, "file") || text_is(backend, "phy") || text_is_one_of(format, raw))
		return TEXT("raw");
	if (text_is(format, "vpc"))
		return TEXT("vhd");
	if (text_given(format))
		return format;
	return source_is_tap(backend) ? TEXT("raw") : (struct ds_text){NULL, 0};
}

struct ds_text source_inner(const struct ds_disk *disk)
{
	struct ds_text path = disk->source;

	if (is_nested(disk))
		text_split(disk->source, ':', &path);
	return path;
}

/* ---- passwords ---- */

static struct ds_text join(struct arena *arena, struct ds_text one, struct ds_text other)
{
	char *text = arena_alloc(arena, one.size + other.size + 1);

	if (!text)
		return (struct ds_text){NULL, 0};
	memcpy(text, one.data, one.size);
	if (other.size)
		memcpy(text + one.size, other.data, other.size);
	return (struct ds_text){text, one.size + other.size};
}

/** Returns whether the first word, which was parsed as a backend, or the second, which was parsed
 * as a format, may really be a user name, because it is not a known backend or format. */
static bool may_be_user(const struct ds_disk *disk)
{
	static const char *const backends[] = {"phy", "file", "tapdisk", "aio", "ioemu", "qemu",
		"drbd", "iscsi", "nbd", "enbd", "npiv", "rbd", "http", "https", "sheepdog"};
	static const char *const formats[] = {"aio", "sync", "vmdk", "ram", "qcow", "qcow2",
		"ioemu", "tapdisk", "vhd", "remus", "raw", "vpc", "qed", "nbd"};
	const char *const *known = source_is_tap(disk->driver) ? formats : backends;
	size_t count = source_is_tap(disk->driver) ? sizeof formats / sizeof *formats
						   : sizeof backends / sizeof *backends;
	struct ds_text word = source_is_tap(disk->driver) ? disk->format : disk->driver;

	if (!disk->uname.data || !text_given(word))
		return false;
	for (size_t i = 0; i < count; i++)
		if (text_is(word, known[i]))
			return false;
	return true;
}

/** In joe:secret@host the user was parsed as the backend, so the password is the source up to the
 * @. Returns an empty text when the source has no such password. */
static struct ds_text password_of_user(const struct ds_disk *disk, struct ds_text source)
{
	struct ds_text rest, password;

	if (!text_has(source, '@') || !may_be_user(disk))
		return (struct ds_text){NULL, 0};
	password = text_split(source, '@', &rest);
	return password.size && !text_has(password, '/') ? password : (struct ds_text){NULL, 0};
}

bool source_has_secret(const struct ds_disk *disk)
{
	return secret_is_in(disk->source) || password_of_user(disk, disk->source).data;
}

/** Returns `source`, which is the disk's source or the end of it, with its secrets hidden. */
static struct ds_text masked(struct arena *arena, const struct ds_disk *disk, struct ds_text source)
{
	struct ds_text text = secret_masked(arena, source);
	struct ds_text password = text.data == source.data ? password_of_user(disk, source)
							   : (struct ds_text){NULL, 0};

	return password.data ? join(arena, TEXT("***"), text_from(source, password.size)) : text;
}

struct ds_text source_masked(struct arena *arena, const struct ds_disk *disk)
{
	return masked(arena, disk, disk->source);
}

struct ds_text source_known(struct arena *arena, const struct ds_disk *disk)
{
	struct ds_text source = source_canonical(arena, disk);

	return source.data || !text_given(disk->source) ? source : source_masked(arena, disk);
}

/* ---- paths ---- */

/** Returns whether collapse() would not change a path: no slash is followed by a slash or a dot,
 * and it does not end with a slash. */
static bool is_plain(struct ds_text path)
{
	for (size_t at = 1; at < path.size; at++)
		if (path.data[at - 1] == '/' && (path.data[at] == '/' || path.data[at] == '.'))
			return false;
	return path.size < 2 || path.data[path.size - 1] != '/';
}

/** Removes `//`, `/./`, `/../` and a slash at the end, as the kernel resolves them if there are no
 * links. Works in place. */
static size_t collapse(char *path, size_t size)
{
	size_t used = 0, at = 0;

	while (at < size) {
		size_t end = at + 1;

		while (end < size && path[end] != '/')
			end++;
		/* Copies one component with the slash before it. */
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
	struct ds_text path, backend = source_backend(disk);
	bool is_script;

	if (!text_given(disk->source) || disk->type > DS_SOURCE_DIR)
		return (struct ds_text){NULL, 0};
	path = masked(arena, disk, source_inner(disk));
	if (text_is(backend, "phy") && path.size && path.data[0] != '/')
		path = join(arena, TEXT("/dev/"), path);
	is_script = text_given(disk->driver) && !source_is_tap(disk->driver) &&
		!text_is(disk->driver, "file") && !text_is(disk->driver, "qemu");
	/* nbd://host/x is not a path. */
	if (path.size && path.data[0] == '/' &&
		!(is_script && !text_is(disk->driver, "phy") && text_starts(path, "//")))
		return canonical_path(arena, path);
	/* The path is a name that only the script knows, or it is relative to the host's working
	 * directory. */
	if (is_script) {
		path = join(arena, TEXT(":"), path);
		path = path.data ? join(arena, disk->driver, path) : path;
	}
	return path;
}

struct ds_text source_of_backing(struct arena *arena, const struct ds_disk_backing *backing)
{
	struct ds_disk disk = {.type = backing->type, .source = backing->source};

	return source_canonical(arena, &disk);
}

struct ds_text source_type_word(const struct ds_disk *disk)
{
	const char *word = source_words[disk->type];

	if (word)
		return (struct ds_text){word, strlen(word)};
	return disk->details ? disk->details->type : (struct ds_text){NULL, 0};
}
