/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "read/sexpr_reader.h"
#include "record/text.h"

/* Reads the keys of the domain and of its image that are more than a scalar. */

bool sexpr_read_preserved(struct sexpr_reader *reader, struct ds_text value)
{
	reader->state->builder.domain.preserved = value;
	return true;
}

/** Reads the number of a running domain. xend writes -1 for one that it is about to create. */
bool sexpr_read_domid(struct sexpr_reader *reader, struct ds_text value)
{
	int64_t id;

	if (!text_signed(value, &id) || id < -1)
		return false;
	reader->state->builder.domain.id = id;
	return true;
}

/** Reads a bitmap in decimal, whose bits are the vcpus that are online. */
bool sexpr_read_vcpu_avail(struct sexpr_reader *reader, struct ds_text value)
{
	uint64_t bits, count = 0;

	if (!text_given(value))
		return true;
	if (!text_unsigned(value, &bits))
		return false;
	for (uint64_t rest = bits; rest; rest &= rest - 1)
		count++;
	reader->state->builder.domain.vcpus_online = count;
	/* libvirt stores how many vcpus are online, and not which: they are the first ones. */
	return (bits & (bits + 1)) == 0;
}

bool sexpr_flag(struct ds_text value, enum ds_flag *flag)
{
	uint64_t number;
	bool is_on = text_is(value, "True");

	if (!text_given(value) || text_is(value, "None"))
		return true;
	if (text_unsigned(value, &number))
		is_on = number != 0;
	else if (!is_on && !text_is(value, "False"))
		return false;
	*flag = is_on ? DS_FLAG_ON : DS_FLAG_OFF;
	return true;
}

/** Reads the boot order. With a letter that xend does not know, all of it is a loss. */
static bool set_boot(struct ds_domain *domain, struct ds_text value)
{
	if (domain->boot_count || value.size > DS_BOOT_MAX)
		return false;
	for (size_t i = 0; i < value.size; i++)
		if (!memchr("acdn", value.data[i], 4))
			return false;
	memcpy(domain->boot, value.data, value.size);
	domain->boot_count = value.size;
	return true;
}

bool sexpr_read_boot(struct sexpr_reader *reader, struct ds_text value)
{
	return set_boot(&reader->state->builder.domain, value);
}

/** Reads the sound cards. "all" means the two cards that xend's qemu had. */
bool sexpr_read_sound(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_text rest = text_is(value, "all") ? TEXT("sb16,es1370") : value;

	while (text_given(rest)) {
		struct ds_text word = text_split(rest, ',', &rest);
		struct ds_word *sound;

		if (!text_given(word))
			continue;
		sound = builder_device(&reader->state->builder, DEVICES_SOUND, reader->at);
		sound->word = word;
	}
	return true;
}

/** Reads whether USB is on. Every HVM guest has a USB controller, unless it is switched off. */
bool sexpr_read_usb(struct sexpr_reader *reader, struct ds_text value)
{
	enum ds_flag flag = DS_FLAG_ON;

	return sexpr_flag(value, &flag) &&
		(flag == DS_FLAG_ON || !text_is(reader->builder_name, "hvm"));
}

bool sexpr_read_usb_device(struct sexpr_reader *reader, struct ds_text value)
{
	static const char *const words[] = {"tablet", "mouse", "keyboard", NULL};

	(void)value;
	for (size_t i = 0; i < reader->value_count; i++) {
		struct ds_text word = reader->values[i].text;
		struct ds_word *input;

		if (!text_is_one_of(word, words))
			return false;
		input = builder_device(&reader->state->builder, DEVICES_INPUT, reader->at);
		input->word = word;
		input->bus = TEXT("usb");
	}
	return true;
}

bool sexpr_read_drive(struct sexpr_reader *reader, struct ds_text value)
{
	struct sexpr_drive *drive = sexpr_member(reader, reader);

	if (text_given(value) && !drive->path.data)
		*drive = (struct sexpr_drive){value, reader->at};
	return true;
}

/** Reads the boot order of the Xen API: (HVM_boot_params ((order cd))). */
bool sexpr_read_boot_params(struct sexpr_reader *reader, struct ds_text value)
{
	(void)value;
	for (size_t i = 0; i + 1 < reader->value_count; i += 2)
		if (!text_is(reader->values[i].text, "order") || reader->values[i].depth != 2)
			return false;
	if (reader->value_count < 2)
		return !reader->value_count;
	if (!set_boot(&reader->aliases, reader->values[1].text))
		return false;
	sexpr_alias_set(reader, FIELD_boot);
	return true;
}

bool sexpr_read_boot_policy(struct sexpr_reader *reader, struct ds_text value)
{
	reader->has_boot_policy = value.size;
	return !value.size || text_is(value, "BIOS order");
}

bool sexpr_read_localtime(struct sexpr_reader *reader, struct ds_text value)
{
	bool is_image = reader->key->context == SEXPR_BUILDER;

	return sexpr_flag(value, is_image ? &reader->image_localtime : &reader->localtime);
}

bool sexpr_read_rtc(struct sexpr_reader *reader, struct ds_text value)
{
	reader->has_rtc = text_signed(value, &reader->state->builder.domain.clock_adjustment);
	return reader->has_rtc;
}

/** Returns the old spelling of an action of the Xen API. */
static struct ds_text old_action(struct ds_text action)
{
	if (text_is(action, "coredump_and_restart"))
		return TEXT("coredump-restart");
	if (text_is(action, "coredump_and_destroy"))
		return TEXT("coredump-destroy");
	return text_is(action, "rename_restart") ? TEXT("rename-restart") : action;
}

static void copy_member(const struct member *member, struct ds_domain *to,
	const struct ds_domain *from)
{
	if (member_holds_text(member))
		member_set_text(member, to, member_raw_text(member, from));
	else
		member_set_number(member, to, member_number(member, from));
}

/** Uses the keys of the Xen API, of xl and in `platform` where the old ones are unset. */
static void use_aliases(struct sexpr_reader *reader, struct ds_domain *domain,
	struct ds_domain *aliases)
{
	aliases->on_poweroff = old_action(aliases->on_poweroff);
	aliases->on_reboot = old_action(aliases->on_reboot);
	aliases->on_crash = old_action(aliases->on_crash);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct member *member = &domain_members[i];
		size_t at = aliases->field_at[i];

		if (!domain->field_at[i])
			domain->field_at[i] = (uint32_t)at;
		if (!at || !member_is_set(member, aliases))
			continue;
		if (!member_is_set(member, domain))
			copy_member(member, domain, aliases);
		else if (!member_same(member, domain, aliases))
			read_extra(reader->state, DS_EXTRA_INVALID, reader->alias_lists[i].path, at,
				reader->alias_lists[i].raw);
	}
}

/** Sets the kind of guest, and separates kernel and loader. Before xend 3.3 the HVM loader was in
 * `kernel`; such a guest has no kernel of its own. */
static void settle_os(struct sexpr_reader *reader, struct ds_domain *domain)
{
	/* A guest without an image is started by its boot loader, or is Domain-0, or the Xen API's
	 * keys show its kind. */
	domain->os_type = text_given(reader->builder_name) ? reader->builder_name
		: reader->has_boot_policy                  ? TEXT("hvm")
							   : TEXT("linux");
	domain->is_hvm = text_is(domain->os_type, "hvm");
	if (!domain->is_hvm)
		return;
	if (!text_given(domain->loader))
		domain->loader = domain->kernel;
	if (text_same(domain->loader, domain->kernel))
		domain->kernel = (struct ds_text){NULL, 0};
}

static void settle_clock(const struct sexpr_reader *reader, struct ds_domain *domain)
{
	enum ds_flag localtime = reader->image_localtime != DS_FLAG_UNSET ? reader->image_localtime
									  : reader->localtime;
	bool is_local = localtime == DS_FLAG_ON;

	if (localtime == DS_FLAG_UNSET && !reader->has_rtc)
		return;
	domain->clock = reader->has_rtc ? DS_CLOCK_VARIABLE
		: is_local              ? DS_CLOCK_LOCALTIME
					: DS_CLOCK_UTC;
	domain->clock_is_local = reader->has_rtc && is_local;
}

/** Finds the number in an extra for a list that has one. Returns false if it has no number. */
static bool number_of(const struct ds_extra *extra, uint64_t *number)
{
	struct ds_text rest;

	text_split(extra->raw, ' ', &rest);
	if (rest.size)
		rest.size--;
	return text_unsigned(text_trim(rest), number);
}

/** Returns whether an extra for a key of the Xen API repeats a value of the old keys. */
static bool is_repetition(struct sexpr_reader *reader, const struct ds_extra *extra)
{
	const struct ds_domain *domain = &reader->state->builder.domain;
	const struct key_guess *found =
		keymap_find(&reader->keys, SEXPR_DOMAIN, extra->path.data, extra->path.size);
	uint64_t number;

	if (!found || found->key->action != SEXPR_IS_REPEATED || !number_of(extra, &number))
		return false;
	if (text_is(extra->path, "VCPUs_at_startup"))
		return number == (domain->vcpus_online ? domain->vcpus_online : domain->vcpus);
	number = number < (uint64_t)1 << 20 ? number << 10 : number >> 20 << 10;
	return !number || number == domain->memory_kib || number == domain->current_memory_kib;
}

/** The maximum number of keys of `platform` that are searched for in the image. xend has about
 * forty. */
#define PLATFORM_KEYS_MAX 256

/** Finds the extras that repeat other lists, which are not losses: keys of the Xen API whose value
 * an old key has, and lists in `platform` that are in the image, too. */
static void settle_repeated(struct sexpr_reader *reader)
{
	struct ds_extra *extras = reader->state->builder.extras.items;
	const char *image = reader->state->data + reader->image_at;
	size_t image_size = reader->image_end ? reader->image_end - reader->image_at : 0;
	size_t platform_keys = 0;

	for (size_t i = 0; reader->may_be_redundant && i < reader->state->builder.extras.count;
		i++) {
		struct ds_extra *extra = &extras[i];

		if (extra->kind == DS_EXTRA_INVALID || extra->kind == DS_EXTRA_UNKNOWN)
			continue;
		if (is_repetition(reader, extra) ||
			(text_starts(extra->path, "platform/") &&
				platform_keys++ < PLATFORM_KEYS_MAX &&
				memmem(image, image_size, extra->raw.data, extra->raw.size)))
			extra->kind = DS_EXTRA_REDUNDANT;
	}
}

/** If there are no old keys, a key of the Xen API sets the number of vcpus that are online at the
 * start. */
static void use_startup(struct sexpr_reader *reader, struct ds_domain *domain)
{
	const struct ds_extra *extras = reader->state->builder.extras.items;
	uint64_t count;

	if (domain->vcpus_online || !reader->aliases.vcpus ||
		domain->vcpus != reader->aliases.vcpus || reader->image_at)
		return;
	for (size_t i = 0; i < reader->state->builder.extras.count; i++)
		if (text_is(extras[i].path, "VCPUs_at_startup") && number_of(&extras[i], &count))
			domain->vcpus_online = count;
}

/** Limits the memory to its maximum, as xend and libvirt do. */
static void limit_memory(struct sexpr_reader *reader, struct ds_domain *domain)
{
	const struct read_state *state = reader->state;
	size_t at = domain->field_at[FIELD_current_memory_kib];
	const char *end = at ? memchr(state->data + at, ')', state->size - at) : NULL;

	if (domain->current_memory_kib <= domain->memory_kib)
		return;
	domain->current_memory_kib = domain->memory_kib;
	if (end)
		read_extra(reader->state, DS_EXTRA_INVALID, TEXT("memory"), at,
			(struct ds_text){state->data + at, (size_t)(end + 1 - (state->data + at))});
}

void sexpr_domain_end(struct sexpr_reader *reader)
{
	struct ds_domain *domain = &reader->state->builder.domain;

	if (reader->has_aliases)
		use_aliases(reader, domain, &reader->aliases);
	settle_os(reader, domain);
	settle_clock(reader, domain);
	domain->type = TEXT("xen");
	/* For xend, `memory` is what the guest has, and `maxmem` what it may get. If only one is
	 * set, it is used for both. */
	if (!domain->memory_kib)
		domain->memory_kib = domain->current_memory_kib;
	limit_memory(reader, domain);
	use_startup(reader, domain);
	if (domain->vcpus_online >= domain->vcpus)
		domain->vcpus_online = 0;
	settle_repeated(reader);
	sexpr_cpus_end(reader);
	sexpr_disks_end(reader);
	sexpr_graphics_end(reader);
}
