/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/host_name.h"

#include "input/kind.h"
#include "record/text.h"

#include <string.h>

#define NOTHING ((struct ds_text){NULL, 0})

/* ---- components ---- */

static struct ds_text last_component(struct ds_text path)
{
	size_t begin = path.size;

	while (begin && path.data[begin - 1] != '/')
		begin--;
	return (struct ds_text){path.data + begin, path.size - begin};
}

/** Removes the last component and the slash before it. Returns "" for "/NAME". */
static struct ds_text parent_of(struct ds_text path)
{
	size_t size = path.size - last_component(path).size;

	return (struct ds_text){path.data, size ? size - 1 : 0};
}

/** Returns whether the path ends in these components. */
static bool ends_in(struct ds_text path, const char *components)
{
	size_t size = strlen(components);

	return path.size > size && path.data[path.size - size - 1] == '/' &&
		memcmp(path.data + path.size - size, components, size) == 0;
}

/* ---- paths ---- */

static struct ds_text text_of(const struct host_path *path)
{
	return path->text.size ? (struct ds_text){path->text.data, path->text.size} : TEXT("");
}

/** Appends each component after a slash; ".." removes the last one. */
static void add_components(struct host_path *path, const char *names)
{
	struct ds_text rest = {names, strlen(names)};

	while (rest.data) {
		struct ds_text name = text_split(rest, '/', &rest);

		if (!name.size || text_is(name, "."))
			continue;
		if (text_is(name, "..")) {
			if (path->text.size)
				path->text.size = parent_of(text_of(path)).size;
			continue;
		}
		buffer_byte(&path->text, '/');
		buffer_add(&path->text, name.data, name.size);
	}
}

static struct ds_text stem_of(struct ds_text file);

void host_path_set(struct host_path *path, const char *cwd, const char *file, const char *member)
{
	struct ds_text archive;

	buffer_clear(&path->text, 4096);
	if (*file != '/')
		add_components(path, cwd);
	add_components(path, strcmp(file, "-") == 0 ? "stdin" : file);
	if (!member || path->text.failed)
		return;
	archive = last_component(text_of(path));
	path->text.size -= archive.size - stem_of(archive).size;
	add_components(path, member);
}

/* ---- suffixes and dates ---- */

static bool is_suffix(struct ds_text word)
{
	static const char *const known[] = {
		"xml",
		"sxp",
		"sexpr",
		"sxpr",
		"txt",
		"dump",
		"dom",
		"conf",
		"cfg",
		"lst",
		"out",
		"log",
		"bak",
		"old",
		"tar",
		"tgz",
		"txz",
		"tbz",
		"tbz2",
		"tzst",
		"zstd",
		"cpio",
		"ova",
		NULL,
	};
	char lower[8];

	if (!word.size || word.size > sizeof lower)
		return false;
	for (size_t i = 0; i < word.size; i++) {
		char byte = word.data[i];

		lower[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
	}
	word.data = lower;
	return text_is_one_of(word, known) || text_is_one_of(word, kind_compressions);
}

static bool all_digits(struct ds_text text)
{
	size_t i = 0;

	while (i < text.size && byte_is_digit(text.data[i]))
		i++;
	return i && i == text.size;
}

/** Removes a known suffix, or the number of a rotated file: "host1.xml.2" becomes "host1.xml". The
 * name of a hidden file stays. */
static struct ds_text without_suffix(struct ds_text name)
{
	size_t dot = name.size;
	struct ds_text before, suffix;

	while (dot && name.data[dot - 1] != '.')
		dot--;
	if (dot < 2)
		return name;
	before = (struct ds_text){name.data, dot - 1};
	suffix = (struct ds_text){name.data + dot, name.size - dot};
	if (is_suffix(suffix) ||
		(all_digits(suffix) && without_suffix(before).size < before.size &&
			suffix.size < 4))
		return before;
	return name;
}

/** Parses two digits. Returns -1 for anything else. */
static int two_digits(const char *at)
{
	return byte_is_digit(at[0]) && byte_is_digit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : -1;
}

/** Returns the size of a date at the beginning of a text, such as 2026-11-29, 2026_11_29 or
 * 20261129, or 0 if there is no date. */
static size_t date_size(struct ds_text text)
{
	size_t at = 4;
	int century, month, day;
	char separator;

	if (text.size < 8)
		return 0;
	century = two_digits(text.data);
	separator = text.data[4] == '-' || text.data[4] == '_' || text.data[4] == '.' ? text.data[4]
										      : '\0';
	if ((century != 19 && century != 20) || two_digits(text.data + 2) < 0 ||
		(separator && text.size < 10))
		return 0;
	at += separator != '\0';
	month = two_digits(text.data + at);
	at += 2;
	if (month < 1 || month > 12 || (separator && text.data[at] != separator))
		return 0;
	at += separator != '\0';
	day = two_digits(text.data + at);
	return day < 1 || day > 31 ? 0 : at + 2;
}

/** Returns whether the text is a time of day, such as "T0300Z" or "_03-00-00". */
static bool is_time(struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!byte_is_digit(text.data[i]) && !strchr("TZ:-_.+", text.data[i]))
			return false;
	return true;
}

/** Removes a date at the end, and the time after it, because tomorrow's dump is of the same
 * host. */
static struct ds_text without_date(struct ds_text name)
{
	for (size_t at = 0; at < name.size; at++) {
		size_t size = !at || strchr("-_.@+", name.data[at - 1])
			? date_size(text_from(name, at))
			: 0;

		if (!size || !is_time(text_from(name, at + size)))
			continue;
		while (at && strchr("-_.@+", name.data[at - 1]))
			at--;
		return (struct ds_text){name.data, at};
	}
	return name;
}

static struct ds_text stem_of(struct ds_text file)
{
	size_t size;

	do {
		size = file.size;
		file = without_date(without_suffix(file));
	} while (file.size < size);
	return file;
}

/* ---- hosts ---- */

/** Returns whether the name is that of a hypervisor or a kind of data. Such a name does not
 * identify a host, but it may distinguish two hosts of the same name. */
static bool is_vague(struct ds_text name)
{
	static const char *const words[] = {
		"xen",
		"xend",
		"kvm",
		"qemu",
		"libvirt",
		"lxc",
		"bhyve",
		"esx",
		"vmware",
		"xml",
		"sxp",
		"backup",
		"backups",
		"configs",
		NULL,
	};

	return text_is_one_of(name, words);
}

/** Returns whether a file name is too general to name a host. */
static bool is_empty_word(struct ds_text name)
{
	static const char *const words[] = {"dump", "dumps", "domains", "domain", "all", "guests",
		"vms", "list", "config", NULL};
	char uuid[UUID_TEXT_SIZE];

	return text_is_one_of(name, words) || text_uuid(name, uuid);
}

static struct ds_text without(struct ds_text path, const char *components)
{
	if (ends_in(path, components))
		path.size -= strlen(components) + 1;
	return path;
}

/** Removes the system directories in which those of hypervisors are: "/host1/var/lib" becomes
 * "/host1". */
static struct ds_text without_system_directories(struct ds_text path)
{
	static const char *const above[] = {"etc", "var/lib", "var/run", "run", "var", "usr/local",
		".config", "root"};
	struct ds_text user;

	for (size_t i = 0; i < sizeof above / sizeof *above; i++)
		path = without(path, above[i]);
	user = parent_of(path);
	return ends_in(user, "home") ? without(user, "home") : path;
}

/** Removes the directory in which a hypervisor keeps its domains, and everything below it. */
static struct ds_text without_system_path(struct ds_text path)
{
	static const char *const below[] = {
		"etc/libvirt",
		"etc/xen",
		"var/lib/xend",
		"var/lib/xen",
		"var/lib/libvirt",
		"run/libvirt",
		".config/libvirt",
		"libvirt/qemu",
		"libvirt/xen",
		"libvirt/lxc",
		"libvirt/bhyve",
		"xend/domains",
	};

	for (struct ds_text end = path; end.size; end = parent_of(end)) {
		for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
			if (!ends_in(end, below[i]))
				continue;
			/* Remove the rest of the system path. */
			end = parent_of(end);
			end = without(without(without(end, "libvirt"), "xend"), "lib");
			return without_system_directories(end);
		}
	}
	return path;
}

struct host_name host_name_of_path(struct ds_text path)
{
	static const char *const skipped[] = {"domains", "autostart", "auto", "etc", NULL};

	for (path = without_system_path(path); path.size; path = parent_of(path)) {
		struct ds_text last = last_component(path), name = without_date(last);
		char uuid[UUID_TEXT_SIZE];

		if (name.size && !text_is_one_of(name, skipped) && !text_uuid(last, uuid))
			return (struct host_name){path, name, is_vague(name)};
	}
	return (struct host_name){path, TEXT("localhost"), false};
}

struct host_name host_name_of_directory(const struct host_path *path)
{
	return host_name_of_path(parent_of(text_of(path)));
}

struct host_name host_name_of_file(const struct host_path *path)
{
	struct ds_text name = stem_of(last_component(text_of(path)));

	if (!name.size || is_empty_word(name))
		return host_name_of_directory(path);
	return (struct host_name){text_of(path), name, is_vague(name)};
}

struct ds_text host_parent_name(struct ds_text path)
{
	struct host_name above = host_name_of_path(parent_of(path));

	return above.path.size ? above.name : TEXT("");
}

/* ---- patterns ---- */

/** Returns the number of components. */
static size_t count_components(struct ds_text path)
{
	size_t count = 0;

	while (path.data) {
		struct ds_text name = text_split(path, '/', &path);

		count += name.size != 0;
	}
	return count;
}

/** Returns the component with this number, from 0. */
static struct ds_text component_at(struct ds_text path, size_t number)
{
	for (size_t at = 0; path.data;) {
		struct ds_text name = text_split(path, '/', &path);

		if (name.size && at++ == number)
			return name;
	}
	return NOTHING;
}

bool host_name_from(const struct host_path *path, const char *pattern, struct ds_text *name)
{
	struct ds_text text = text_of(path), wanted = {pattern, strlen(pattern)};
	size_t have = count_components(text), need = count_components(wanted);

	for (size_t begin = have + 1; begin-- > 0;) {
		size_t matched = 0;

		*name = NOTHING;
		while (matched < need && begin + need <= have) {
			struct ds_text part = component_at(wanted, matched),
				       found = component_at(text, begin + matched);

			if (!text_matches(part, found))
				break;
			if (!name->data && text_has(part, '*'))
				*name = begin + matched + 1 == have ? stem_of(found) : found;
			matched++;
		}
		if (need && matched == need && text_given(*name))
			return true;
	}
	return false;
}
