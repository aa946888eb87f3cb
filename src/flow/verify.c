/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/verify.h"

#include "flow/reread.h"
#include "record/compare.h"
#include "record/error.h"
#include "record/secret.h"
#include "record/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/** What is written may be longer than what was read: every byte of a value may be escaped. */
#define GROWTH 8

struct verifier {
	const struct ds_run_options *options;
	struct reread *reread;
	struct arena arena;
};

struct verifier *verifier_new(const struct ds_run_options *options)
{
	struct verifier *verifier = calloc(1, sizeof *verifier);
	struct ds_limits limits = options->limits;

	if (!verifier)
		return NULL;
	limits.domain_size =
		limits.domain_size > INT32_MAX / GROWTH ? INT32_MAX : limits.domain_size * GROWTH;
	limits.token_size =
		limits.token_size > INT32_MAX / GROWTH ? INT32_MAX : limits.token_size * GROWTH;
	verifier->options = options;
	verifier->reread = reread_new(&limits);
	arena_init(&verifier->arena);
	if (!verifier->reread) {
		verifier_free(verifier);
		return NULL;
	}
	return verifier;
}

void verifier_free(struct verifier *verifier)
{
	if (!verifier)
		return;
	reread_free(verifier->reread);
	arena_fini(&verifier->arena);
	free(verifier);
}

/* ---- what a loss explains ---- */

struct check {
	const struct verify_subject *subject;
	/** Canonical forms of the domain and of what was read back. */
	const struct ds_domain *domain, *back;
	bool only_disks;
	struct arena *arena;
	/** The first difference that nothing explains; how many more there are. */
	struct ds_error *error;
	size_t differences;
};

/** Whether one path is the other one or leads to a part of it: "vcpu" and "vcpu@cpuset". */
static bool is_within(struct ds_text path, const char *prefix, const char *rest)
{
	size_t prefix_size = strlen(prefix), rest_size = strlen(rest),
	       size = prefix_size + rest_size;
	size_t shared = path.size < size ? path.size : size;
	char whole[128];

	if (size >= sizeof whole)
		return false;
	memcpy(whole, prefix, prefix_size);
	memcpy(whole + prefix_size, rest, rest_size + 1);
	if (memcmp(path.data, whole, shared) != 0)
		return false;
	if (path.size == size)
		return true;
	return path.size > size ? path.data[size] == '/' || path.data[size] == '@'
				: whole[shared] == '/' || whole[shared] == '@';
}

/** The element of each kind of device in XML. Character devices have one for each kind of their
 * own. */
static const char *element_of(enum devices kind, const void *device)
{
	static const char *const elements[DEVICES_COUNT] = {
		[DEVICES_DISK] = "devices/disk",
		[DEVICES_INTERFACE] = "devices/interface",
		[DEVICES_GRAPHICS] = "devices/graphics",
		[DEVICES_PCI] = "devices/hostdev",
		[DEVICES_SOUND] = "devices/sound",
		[DEVICES_INPUT] = "devices/input",
		[DEVICES_PIN] = "cputune/vcpupin",
	};
	static const char *const chars[] = {"devices/serial", "devices/parallel",
		"devices/console"};

	if (kind != DEVICES_CHAR)
		return elements[kind];
	return chars[((const struct ds_char *)device)->kind];
}

/** Joins the path of an element and that of a part of it: "devices/disk" and "driver@name", or
 * "@type". */
static bool names_part(struct ds_text path, const char *element, const char *part)
{
	char prefix[48];

	snprintf(prefix, sizeof prefix, "%s%s", element, *part && *part != '@' ? "/" : "");
	return is_within(path, prefix, part);
}

static bool ends_in_key(struct ds_text path, const char *key)
{
	size_t size = strlen(key);

	return size && path.size > size && memcmp(path.data + path.size - size, key, size) == 0 &&
		path.data[path.size - size - 1] == '/';
}

/** Every device begins with its `at`. */
static size_t at_of(const void *device)
{
	return *(const size_t *)device;
}

/** Bytes from the domain's first byte to where the next device of the kind begins. */
static size_t end_of(const struct ds_domain *domain, enum devices kind, const void *device)
{
	size_t end = SIZE_MAX;

	for (size_t i = 0; i < device_count(domain, kind); i++) {
		size_t at = at_of(device_at(domain, kind, i));

		if (at > at_of(device) && at < end)
			end = at;
	}
	return end;
}

/** Whether a loss of one member of a disk explains a difference of another one: in SEXPR one value,
 * the uname, stands for all that say what a disk's image is. */
static bool is_of_image(const struct member *member)
{
	const struct member *members = device_kinds[DEVICES_DISK].members;

	return member == &members[DISK_type] || member == &members[DISK_driver] ||
		member == &members[DISK_format] || member == &members[DISK_source];
}

static bool names_member(struct ds_text path, const char *element, const struct member *member)
{
	const struct member *members = device_kinds[DEVICES_DISK].members;

	if (names_part(path, element, member->xml) || ends_in_key(path, member->sexpr))
		return true;
	for (size_t i = 0; is_of_image(member) && i < DISK_FIELDS; i++)
		if (is_of_image(&members[i]) && names_part(path, element, members[i].xml))
			return true;
	return false;
}

/** Whether a loss says that a whole device is missing: it names the device, or what no device of
 * the kind can be without. Losses of SEXPR name keys, whose paths differ with the kind of the
 * domain, so there the position must do. */
static bool explains_whole(const struct ds_loss *loss, enum devices kind, const void *device)
{
	static const char *const parts[DEVICES_COUNT][3] = {
		[DEVICES_DISK] = {"target", "source", ""},
		[DEVICES_INPUT] = {"@type", "", ""},
		[DEVICES_SOUND] = {"@model", "", ""},
		[DEVICES_PCI] = {"source/address", "", ""},
	};
	const char *element = element_of(kind, device);

	if (text_is(loss->path, element))
		return true;
	for (size_t i = 0; parts[kind][i] && *parts[kind][i]; i++)
		if (names_part(loss->path, element, parts[kind][i]))
			return true;
	return (loss->domain->format == DS_FORMAT_SEXPR || kind == DEVICES_PIN ||
		       kind == DEVICES_CHAR) &&
		loss->at == at_of(device);
}

static bool explains_device(const struct check *check, const struct ds_loss *loss,
	const struct compare_difference *difference)
{
	const void *device;

	/* Where the output has a device that the input does not have, no loss can be its reason. */
	if (difference->one == SIZE_MAX)
		return false;
	device = device_at(check->domain, difference->kind, difference->one);
	if (loss->at < at_of(device) || loss->at >= end_of(check->domain, difference->kind, device))
		return false;
	if (!difference->member)
		return explains_whole(loss, difference->kind, device);
	return names_member(loss->path, element_of(difference->kind, device), difference->member);
}

/** What a member of a domain is called where that depends on more than the member. */
static const char *other_path(const struct member *member)
{
	return member == &domain_members[FIELD_hpet] ? "clock/timer" : "";
}

static bool is_named(const struct member *member, struct ds_text path)
{
	const char *name = strrchr(member->xml, '/'), *key = strrchr(member->sexpr, '/');

	return (*member->xml && is_within(path, member->xml, "")) ||
		(*member->sexpr && is_within(path, member->sexpr, "")) ||
		(key && ends_in_key(path, key + 1)) ||
		(*other_path(member) && is_within(path, other_path(member), "")) ||
		(name && text_is(path, name + 1));
}

/** The two amounts of memory, of which one stands for the other when only one is set. */
static bool is_memory(const struct member *member)
{
	return member == &domain_members[FIELD_memory_kib] ||
		member == &domain_members[FIELD_current_memory_kib];
}

static bool explains(const struct check *check, const struct ds_loss *loss,
	const struct compare_difference *difference)
{
	const struct member *member = difference->member;

	/* What libvirt's schema does not allow is written all the same. */
	if (!loss->path.size || strcmp(loss->reason, "schema") == 0)
		return false;
	if (difference->kind != DEVICES_COUNT)
		return explains_device(check, loss, difference);
	return is_named(member, loss->path) ||
		(is_memory(member) &&
			(is_named(&domain_members[FIELD_memory_kib], loss->path) ||
				is_named(&domain_members[FIELD_current_memory_kib], loss->path)));
}

/* ---- what differs ---- */

/** What identifies a device in a message. */
static struct ds_text name_of_device(const struct check *check,
	const struct compare_difference *difference, char room[24])
{
	bool is_one = difference->one != SIZE_MAX;
	size_t number = is_one ? difference->one : difference->other;
	const struct ds_domain *domain = is_one ? check->domain : check->back;

	if (difference->kind == DEVICES_DISK && text_given(domain->disks[number].target))
		return domain->disks[number].target;
	if (difference->kind == DEVICES_PIN)
		number = (size_t)domain->pins[number].vcpu;
	snprintf(room, 24, "%zu", number);
	return (struct ds_text){room, strlen(room)};
}

/** Writes a value with its secrets hidden. */
static void say_value(char *out, size_t room, const struct check *check,
	const struct member *member, struct ds_text value)
{
	value = secret_value_masked(check->arena,
		(struct ds_text){member->xml, strlen(member->xml)}, value);
	if (value.data)
		snprintf(out, room, "'%.*s'", (int)(value.size < 60 ? value.size : 60), value.data);
	else
		snprintf(out, room, "unset");
}

static void say_difference(const struct check *check, const struct compare_difference *difference)
{
	char text[DS_ERROR_TEXT_SIZE], before[80], after[80], device[80] = "", room[24];

	if (difference->kind != DEVICES_COUNT) {
		struct ds_text name = name_of_device(check, difference, room);

		snprintf(device, sizeof device, "%s %.*s: ", compare_kind_word(difference->kind),
			(int)(name.size < 40 ? name.size : 40), name.data);
	}
	if (!difference->member) {
		snprintf(text, sizeof text, "%sit is only in the %s", device,
			difference->other == SIZE_MAX ? "input" : "output");
	} else {
		say_value(before, sizeof before, check, difference->member, difference->before);
		say_value(after, sizeof after, check, difference->member, difference->after);
		snprintf(text, sizeof text,
			"%s%s is %s in the input and %s in the output, and no loss explains it",
			device, difference->member->name, before, after);
	}
	error_set(check->error, "DA910", check->subject->domain->place, text);
	error_domain(check->error, check->subject->domain->name);
}

static int on_difference(void *context, const struct compare_difference *difference)
{
	struct check *check = context;

	/* Which disk a guest boots from depends on more than its disks. */
	if (check->only_disks &&
		difference->member == &device_kinds[DEVICES_DISK].members[DISK_bootable])
		return 1;
	if (check->only_disks && difference->kind != DEVICES_DISK &&
		(difference->kind != DEVICES_COUNT ||
			(difference->member != &domain_members[FIELD_name] &&
				difference->member != &domain_members[FIELD_uuid])))
		return 1;
	for (size_t i = 0; i < check->subject->loss_count; i++)
		if (explains(check, &check->subject->losses[i], difference))
			return 1;
	say_difference(check, difference);
	check->differences++;
	return 0;
}

/* ---- all ---- */

static enum ds_status refuse(const struct verify_subject *subject, struct ds_error *error,
	const char *why)
{
	error_set(error, "DA910", subject->domain->place, why);
	error_domain(error, subject->domain->name);
	return DS_DAMAGED;
}

/** Whether the output carries the whole domain along, as it was. */
static bool carries_original(const struct verify_subject *subject, const struct ds_domain *back)
{
	return text_same(back->preserved, subject->domain->raw);
}

static bool is_put_back(const struct verify_subject *subject)
{
	struct ds_text preserved = subject->domain->preserved;

	return preserved.data && subject->size == preserved.size + 1 &&
		memcmp(subject->data, preserved.data, preserved.size) == 0;
}

/** What is written anew from a record says what both formats can, also when they are the same. */
static bool is_copy(const struct verify_subject *subject)
{
	struct ds_text raw = subject->domain->raw;

	return subject->size == raw.size + 1 && memcmp(subject->data, raw.data, raw.size) == 0;
}

static enum ds_status compare(struct verifier *verifier, const struct verify_subject *subject,
	const struct ds_domain *back, struct ds_error *error)
{
	struct check check = {.subject = subject,
		.error = error,
		.arena = &verifier->arena,
		.only_disks = verifier->options->writer.only_disks};
	enum ds_status status;

	check.domain = compare_canonical(subject->domain, &verifier->arena);
	check.back = compare_canonical(back, &verifier->arena);
	if (!check.domain || !check.back)
		return DS_NO_MEMORY;
	status = compare_records(check.domain, check.back, !is_copy(subject), &verifier->arena,
		on_difference, &check);
	if (status == DS_NO_MEMORY)
		return status;
	return check.differences ? DS_DAMAGED : DS_OK;
}

enum ds_status verifier_check(struct verifier *verifier, const struct verify_subject *subject,
	struct ds_error *error)
{
	const struct ds_domain *back;

	arena_clear(&verifier->arena);
	back = reread_one(verifier->reread, subject->format, subject->data, subject->size,
		&verifier->arena);
	if (verifier->arena.failed)
		return DS_NO_MEMORY;
	if (!back)
		return refuse(subject, error, "what was written of the domain cannot be read back");
	/* The original was compared with the domain before it was put back. */
	if (is_put_back(subject))
		return DS_OK;
	if (back->preserved.data && verifier->options->writer.preserve &&
		subject->format != subject->domain->format)
		return carries_original(subject, back)
			? DS_OK
			: refuse(subject, error,
				  "the original that the domain carries along is not the one in "
				  "the input");
	return compare(verifier, subject, back, error);
}
