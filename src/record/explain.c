/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/explain.h"

#include "record/text.h"

#define KIB_PER_MIB 1024

/** The size of the buffer for a path of an element or key from a table. */
#define PATH_SIZE 128

/** Returns whether one path equals the other one or leads into it, such as "vcpu@cpuset" into
 * "vcpu". The other path is the concatenation of `prefix`, `separator` and `rest`. */
static bool is_within(struct ds_text path, const char *prefix, const char *separator,
	const char *rest)
{
	const char *components[] = {prefix, separator, rest};
	char whole[PATH_SIZE];
	size_t size = 0, shared;

	for (size_t i = 0; i < sizeof components / sizeof *components; i++) {
		size_t more = strlen(components[i]);

		if (more >= sizeof whole - size)
			return false;
		memcpy(whole + size, components[i], more);
		size += more;
	}
	whole[size] = 0;
	shared = path.size < size ? path.size : size;
	if (memcmp(path.data, whole, shared) != 0)
		return false;
	if (path.size == size)
		return true;
	return path.size > size ? path.data[size] == '/' || path.data[size] == '@'
				: whole[shared] == '/' || whole[shared] == '@';
}

/** Returns whether a path leads to a component of a device of this kind, such as "driver@name" or
 * "@type". */
static bool names_component(struct ds_text path, enum devices kind, const char *component)
{
	const char *separator = *component && *component != '@' ? "/" : "";

	for (size_t i = 0; device_elements[kind][i]; i++)
		if (is_within(path, device_elements[kind][i], separator, component))
			return true;
	return false;
}

static bool ends_in_key(struct ds_text path, const char *key)
{
	size_t size = strlen(key);

	return size && path.size > size && memcmp(path.data + path.size - size, key, size) == 0 &&
		path.data[path.size - size - 1] == '/';
}

/** Returns whether a member of a disk identifies its image. In SEXPR the uname expresses all of
 * these, so the loss of one explains a difference in another. */
static bool is_of_image(const struct member *member)
{
	const struct member *members = device_kinds[DEVICES_DISK].members;

	return member == &members[DISK_type] || member == &members[DISK_driver] ||
		member == &members[DISK_format] || member == &members[DISK_source];
}

bool explain_names_member(struct ds_text path, enum devices kind, const struct member *member)
{
	const struct member *members = device_kinds[DEVICES_DISK].members;

	if ((*member->xml && names_component(path, kind, member->xml)) ||
		ends_in_key(path, member->sexpr))
		return true;
	/* xl has another key for the mode. */
	if (member == &members[DISK_readonly] && ends_in_key(path, "readwrite"))
		return true;
	/* Each format has its own flag for the boot disk. */
	if (member == &members[DISK_bootable] &&
		names_component(path, kind, members[DISK_boot_order].xml))
		return true;
	/* <auth> and <encryption> may be children of <source>. */
	if (member->holder == HOLDER_LOCATION &&
		is_within(path, "devices/disk/source", "/", member->xml))
		return true;
	for (size_t i = 0; is_of_image(member) && i < DISK_FIELDS; i++)
		if (is_of_image(&members[i]) && names_component(path, kind, members[i].xml))
			return true;
	return false;
}

/** Returns whether a source is another one after a prefix that shows its driver or type, such as
 * "/dev/" or "rbd:". */
static bool has_prefix(struct ds_text text, struct ds_text other)
{
	size_t size = text.size > other.size ? text.size - other.size : 0;

	return size && other.size && memcmp(text.data + size, other.data, other.size) == 0 &&
		(text.data[size - 1] == ':' || text_is((struct ds_text){text.data, size}, "/dev/"));
}

/** Returns whether the sources of a disk belong to different images, and not to one whose driver or
 * type was lost. */
static bool is_other_image(const struct ds_loss *loss, const struct compare_difference *difference)
{
	const struct member *source = &device_kinds[DEVICES_DISK].members[DISK_source];

	return difference->member == source && !ends_in_key(loss->path, source->sexpr) &&
		!names_component(loss->path, DEVICES_DISK, source->xml) &&
		!has_prefix(difference->before, difference->after) &&
		!has_prefix(difference->after, difference->before);
}

bool explain_has_device(const struct ds_loss *loss, enum devices kind)
{
	if (!loss->value.size || (loss->value.data[0] != '<' && loss->value.data[0] != '('))
		return false;
	/* A name may begin like a device. It is lost as an attribute, or not allowed by the schema,
	 * and written nevertheless. So is a drive whose key in the image has more values. */
	return !text_has(loss->path, '@') && strcmp(loss->reason, "schema") != 0 &&
		(strcmp(loss->reason, "invalid") != 0 || kind == DEVICES_PIN);
}

bool explain_is_whole(const struct ds_loss *loss, enum devices kind, const void *device)
{
	return loss->at == device_position(device) && explain_has_device(loss, kind);
}

/** Returns another path whose loss explains a difference in a member of the domain, or "" if there
 * is only the member's own path. */
static const char *other_path(const struct member *member)
{
	if (member == &domain_members[FIELD_cpuset])
		return "cputune/vcpupin";
	return member == &domain_members[FIELD_hpet] ? "clock/timer" : "";
}

/** Returns whether a path is a key of the Xen API or of xl for the member. */
static bool is_alias(const struct member *member, struct ds_text path)
{
	static const struct {
		enum field field;
		const char *key;
	} aliases[] = {
#define DS_ALIAS(member, kind, context, key) {FIELD_##member, key},
#include "record/fields.def"
		{FIELD_boot, "HVM_boot_params"},
	};

	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (member == &domain_members[aliases[i].field] &&
			(text_is(path, aliases[i].key) || ends_in_key(path, aliases[i].key)))
			return true;
	return false;
}

/** Returns whether a path is that of the number which a device may have in XML instead of the
 * domain's boot order. */
static bool is_boot_order(struct ds_text path)
{
	return names_component(path, DEVICES_DISK, "boot@order") ||
		names_component(path, DEVICES_INTERFACE, "boot@order");
}

static bool is_named(const struct member *member, struct ds_text path)
{
	const char *name = strrchr(member->xml, '/'), *key = strrchr(member->sexpr, '/');

	return (member == &domain_members[FIELD_boot] && is_boot_order(path)) ||
		is_alias(member, path) || (*member->xml && is_within(path, member->xml, "", "")) ||
		(*member->sexpr && is_within(path, member->sexpr, "", "")) ||
		(key && ends_in_key(path, key + 1)) ||
		(*other_path(member) && is_within(path, other_path(member), "", "")) ||
		(name && text_is(path, name + 1));
}

/** Returns whether a member is one of the two amounts of memory, which replace each other when only
 * one is set. */
static bool is_memory(const struct member *member)
{
	return member == &domain_members[FIELD_memory_kib] ||
		member == &domain_members[FIELD_current_memory_kib];
}

/** Returns whether two amounts of memory only differ because one was rounded to xend's unit. */
static bool is_rounded(const struct compare_difference *difference)
{
	uint64_t before = (uint64_t)difference->numbers[0];
	uint64_t after = (uint64_t)difference->numbers[1];

	return before && after > before && after - before < KIB_PER_MIB && after % KIB_PER_MIB == 0;
}

bool explain_difference(const struct ds_loss *loss, const void *device,
	const struct compare_difference *difference)
{
	const struct member *member = difference->member;

	/* A value that libvirt's schema does not allow is written nevertheless. */
	if (strcmp(loss->reason, "schema") == 0)
		return false;
	if (!loss->path.size)
		return false;
	if (difference->kind != DEVICES_COUNT)
		return member ? explain_names_member(loss->path, difference->kind, member) &&
				!is_other_image(loss, difference)
			      : explain_is_whole(loss, difference->kind, device);
	if (strcmp(loss->reason, "rounded") == 0 && is_memory(member))
		return is_rounded(difference);
	return is_named(member, loss->path) ||
		(is_memory(member) &&
			(is_named(&domain_members[FIELD_memory_kib], loss->path) ||
				is_named(&domain_members[FIELD_current_memory_kib], loss->path)));
}
