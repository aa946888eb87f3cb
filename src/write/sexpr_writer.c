/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/* Writes a domain as the (vm …) that libvirt sent to xend, and that `xm create -F` accepts. Keys
 * and their order: libvirt's xenFormatSxpr(), October 2006 to June 2016. */

/** The text before the value of each field: ` (key `. */
#define DS_FIELD(member, kind, xml_context, xml_name, context, name) \
	[FIELD_##member] = {" (" name " ", sizeof " (" name " " - 1},
static const struct ds_text keys[FIELD_COUNT] = {
#include "record/fields.def"
};

/** The order in which fields are written. Those of the image are in five groups, between which
 * devices are written. */
/* clang-format off */
#define DOMAIN_FIELDS(X) \
	X(name) X(id) X(current_memory_kib) X(memory_kib) X(vcpus) X(vcpus_online) X(cpuset) \
	X(cpu_weight) X(uuid) X(description) X(bootloader) X(bootloader_args) X(on_poweroff) \
	X(on_reboot) X(on_crash) X(type) X(is_hvm) X(os_type)
#define KERNEL_FIELDS(X) X(kernel) X(initrd) X(root) X(cmdline) X(loader)
#define BOOT_FIELDS(X) X(boot)
#define FEATURE_FIELDS(X) X(acpi) X(apic) X(pae) X(hap) X(viridian)
#define EMULATOR_FIELDS(X) X(emulator) X(hpet)
#define CLOCK_FIELDS(X) X(clock_adjustment) X(clock_reset) X(clock) X(clock_is_local)
/* clang-format on */

/** Every field is in exactly one of these lists. */
enum {
#define X(member) POSITION_##member,
	DOMAIN_FIELDS(X) KERNEL_FIELDS(X) BOOT_FIELDS(X) FEATURE_FIELDS(X) EMULATOR_FIELDS(X)
		CLOCK_FIELDS(X)
#undef X
			POSITIONS
};
_Static_assert((int)POSITIONS == (int)FIELD_COUNT,
	"add the new field of record/fields.def to one of these lists, which order the output");

/** Writes a text. Returns false if SEXPR cannot express it, because it is a word for an unset
 * value. */
static bool write_text(struct writing *writing, enum field field, struct ds_text value)
{
	if (!text_given(value))
		return true;
	if (words_is_unset(value))
		return false;
	sexpr_text(writing, keys[field], value);
	return true;
}

/** Writes an amount of memory in MiB, xend's unit, and adds a loss of `field` if it is rounded. */
static bool write_memory(struct writing *writing, struct ds_text key, enum field field,
	uint64_t kib)
{
	if (!kib)
		return true;
	sexpr_number(writing, key, (int64_t)(kib / 1024 + (kib % 1024 != 0)));
	if (kib % 1024)
		lose_field(writing, LOSS_ROUNDED, field);
	return true;
}

/** Writes the current memory, which xend and libvirt limit to the maximum. */
static bool write_current_memory(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t kib = domain->current_memory_kib ? domain->current_memory_kib : domain->memory_kib;

	if (domain->memory_kib && kib > domain->memory_kib) {
		lose_field(writing, LOSS_INVALID, FIELD_current_memory_kib);
		kib = domain->memory_kib;
	}
	return write_memory(writing, keys[FIELD_current_memory_kib], FIELD_current_memory_kib, kib);
}

/* ---- processors ---- */

/** The maximum number of vcpus that can each have a set. It is limited because each of them needs
 * space in the output. */
#define CPUS_MAX 4096

/** Writes the number of vcpus. A guest without a number has one vcpu, which is written if a set of
 * processors applies to it. */
static bool write_vcpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (domain->vcpus)
		sexpr_number(writing, keys[FIELD_vcpus], (int64_t)domain->vcpus);
	else if (text_given(domain->cpuset) || domain->pin_count)
		sexpr_number(writing, keys[FIELD_vcpus], 1);
	return true;
}

/** Writes a bitmap of the vcpus that are online, which are the first ones. */
static bool write_vcpus_online(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t online = domain->vcpus_online;

	if (online > domain->vcpus) {
		lose_field(writing, LOSS_INVALID, FIELD_vcpus_online);
		return true;
	}
	if (!online || online == domain->vcpus)
		return true;
	if (online >= 63)
		return false;
	sexpr_number(writing, TEXT(" (vcpu_avail "), ((int64_t)1 << online) - 1);
	return true;
}

FIELD_SWITCH expresses_pin_field(bool is_written, enum pin_field field)
{
	switch (field) {
	case PIN_vcpu:
	case PIN_cpuset:
		return is_written;
	}
	return true;
}

/** Adds the loss of a pin unless `is_written`. */
static void lose_pin(struct writing *writing, const struct ds_pin *pin, bool is_written)
{
	bool is_expressed = true;

#define DS_PIN_FIELD(member, type, xml, sexpr) \
	is_expressed &= expresses_pin_field(is_written, PIN_##member);
#include "record/devices.def"
	if (!is_expressed)
		lose_device(writing, text_given(pin->cpuset) ? LOSS_INVALID : LOSS_INCOMPLETE,
			DEVICES_PIN, pin, "");
}

/** Returns the sets of the vcpus that have one of their own, in the arena, and adds the losses of
 * all others: a vcpu without a set, a second set for the same vcpu, a set for a vcpu that does not
 * exist. Returns NULL when no vcpu has a set, or there is no memory. */
static struct ds_text *pinned_sets(struct writing *writing, uint64_t count)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text *sets = NULL;

	for (size_t i = 0; i < domain->pin_count; i++) {
		const struct ds_pin *pin = &domain->pins[i];
		bool is_usable = pin->vcpu < count && text_given(pin->cpuset) &&
			!words_is_unset(pin->cpuset);

		if (is_usable && !sets) {
			sets = arena_alloc(writing->losses->arena, count * sizeof *sets);
			if (!sets)
				return NULL;
			memset(sets, 0, count * sizeof *sets);
		}
		if (is_usable && !sets[pin->vcpu].data)
			sets[pin->vcpu] = pin->cpuset;
		lose_pin(writing, pin, is_usable && text_same(sets[pin->vcpu], pin->cpuset));
	}
	return sets;
}

/** Returns the set of a vcpu: its own, or the common one unless it is a word for an unset value. */
static struct ds_text set_of(const struct writing *writing, const struct ds_text *sets,
	uint64_t vcpu)
{
	struct ds_text set = sets && sets[vcpu].data ? sets[vcpu] : writing->domain->cpuset;

	return text_given(set) && !words_is_unset(set) ? set : TEXT("");
}

static bool is_one_set(const struct writing *writing, const struct ds_text *sets, uint64_t count)
{
	struct ds_text first = set_of(writing, sets, 0);

	for (uint64_t vcpu = 1; vcpu < count; vcpu++)
		if (!text_same(set_of(writing, sets, vcpu), first))
			return false;
	return true;
}

/** Writes one set for all vcpus, or a string for each of them, where an empty string allows every
 * processor (xend's `cpus`). Vcpus that are not pinned have the common set. */
static bool write_cpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t vcpus = domain->vcpus ? domain->vcpus : 1;
	uint64_t count = vcpus < CPUS_MAX ? vcpus : CPUS_MAX;
	const struct ds_text *sets = domain->pin_count ? pinned_sets(writing, count) : NULL;
	bool is_written = !words_is_unset(domain->cpuset);

	if (!sets || (count == vcpus && is_one_set(writing, sets, count))) {
		sexpr_set_text(writing, TEXT(" (cpus "), set_of(writing, sets, 0));
		return is_written;
	}
	sexpr_open(writing, TEXT(" (cpus ("));
	for (uint64_t vcpu = 0; vcpu < count; vcpu++) {
		if (vcpu)
			buffer_byte(writing->out, ' ');
		sexpr_value(writing->out, set_of(writing, sets, vcpu));
	}
	buffer_byte(writing->out, ')');
	sexpr_close(writing);
	return is_written;
}

/* ---- booting ---- */

/** Returns whether a boot loader finds the kernel in the guest. An empty boot loader means xend's
 * default, unless there is a kernel. */
static bool uses_bootloader(const struct ds_domain *domain)
{
	return !domain->is_hvm && domain->bootloader.data && !words_is_unset(domain->bootloader) &&
		(domain->bootloader.size || !text_given(domain->kernel));
}

static bool write_bootloader(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text path = TEXT("bootloader");

	if (domain->is_hvm)
		return false;
	if (!domain->bootloader.data || domain->bootloader.size)
		return write_text(writing, FIELD_bootloader, domain->bootloader);
	/* Together with a kernel, xend ignores an empty boot loader, while libvirt uses its
	 * default. */
	if (text_given(domain->kernel))
		loss_add(writing->losses, domain, LOSS_NO_PLACE, path, domain->bootloader,
			domain->field_at[FIELD_bootloader]);
	else
		buffer_literal(writing->out, " (bootloader)");
	return true;
}

/** Returns whether an HVM guest has both a loader and a kernel that is started directly. */
static bool has_loader_and_kernel(const struct ds_domain *domain)
{
	return text_given(domain->kernel) && text_given(domain->loader) &&
		!words_is_unset(domain->kernel) && !words_is_unset(domain->loader) &&
		!text_same(domain->kernel, domain->loader);
}

/** Writes the kernel. Up to xend 3.2, the loader of an HVM guest is in `kernel`, unless the guest
 * has a kernel, too; then the loader has a key of its own. A kernel without a loader is lost,
 * because xend would run it as the loader. For a PV guest with a boot loader, xend does not use the
 * kernel. */
static bool write_kernel(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->is_hvm)
		return !uses_bootloader(domain) &&
			write_text(writing, FIELD_kernel, domain->kernel);
	if (has_loader_and_kernel(domain))
		return write_text(writing, FIELD_kernel, domain->kernel);
	if (text_given(domain->kernel))
		lose_field(writing, LOSS_INCOMPLETE, FIELD_kernel);
	if (words_is_unset(domain->loader))
		lose_field(writing, LOSS_NO_PLACE, FIELD_loader);
	else if (text_given(domain->loader))
		sexpr_text(writing, keys[FIELD_kernel], domain->loader);
	return true;
}

/** Writes the initial RAM disk or the root device, which belong to the kernel. */
static bool write_beside_kernel(struct writing *writing, enum field field, struct ds_text value)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->is_hvm)
		return !uses_bootloader(domain) && write_text(writing, field, value);
	if (has_loader_and_kernel(domain))
		return write_text(writing, field, value);
	lose_field(writing, LOSS_INCOMPLETE, field);
	return true;
}

static bool write_loader(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->is_hvm)
		return false;
	return !has_loader_and_kernel(domain) || write_text(writing, FIELD_loader, domain->loader);
}

/** Writes the boot order. By default, xend boots an HVM guest from its disk. */
static bool write_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text order = {domain->boot, domain->boot_count};
	char letters[BOOT_LETTERS];

	if (!domain->is_hvm)
		return false;
	if (!order.size)
		order = (struct ds_text){letters, sexpr_boot_letters(writing, letters)};
	sexpr_text(writing, TEXT(" (boot "), order);
	return true;
}

/* ---- features, clock ---- */

static bool write_feature(struct writing *writing, enum field field, enum ds_flag flag)
{
	if (!writing->domain->is_hvm || flag == DS_FLAG_OFF)
		return false;
	if (flag == DS_FLAG_ON)
		sexpr_number(writing, keys[field], 1);
	return true;
}

/** Writes a feature. If it is off, that is written too, because xend may turn it on if it is
 * unset. */
static bool write_switch(struct writing *writing, enum field field, enum ds_flag flag)
{
	if (!writing->domain->is_hvm)
		return false;
	if (flag != DS_FLAG_UNSET)
		sexpr_number(writing, keys[field], flag == DS_FLAG_ON);
	return true;
}

static bool is_local_time(const struct ds_domain *domain)
{
	return domain->clock == DS_CLOCK_LOCALTIME ||
		(domain->clock == DS_CLOCK_VARIABLE && domain->clock_is_local);
}

static bool write_adjustment(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->is_hvm || writing->options->xend < DS_XEND_31)
		return false;
	sexpr_number(writing, TEXT(" (rtc_timeoffset "), domain->clock_adjustment);
	return true;
}

/** Writes the clock into the image; sexpr_write() writes it once more after the image. A PV
 * guest's clock does not keep an offset of its own. */
static bool write_clock(struct writing *writing)
{
	if (writing->options->xend >= DS_XEND_31)
		sexpr_number(writing, TEXT(" (localtime "), is_local_time(writing->domain));
	return writing->domain->is_hvm || writing->domain->clock != DS_CLOCK_VARIABLE;
}

/* ---- all fields ---- */

static bool write_emulator(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	return (domain->is_hvm || writing->options->xend >= DS_XEND_304) &&
		write_text(writing, FIELD_emulator, domain->emulator);
}

/** Returns the name of the builder. libvirt only knows `xen` and `linux` for a PV guest; xend's
 * builders have other names too. */
static struct ds_text builder_of(const struct ds_domain *domain)
{
	struct ds_text type = text_trim(domain->os_type);

	if (domain->is_hvm)
		return TEXT("hvm");
	if (!text_given(type) || text_is(type, "xen") || text_is(type, "linux"))
		return TEXT("linux");
	return domain->os_type;
}

/** Returns whether the guest has an image. Up to xend 3.0.4, a guest with a boot loader only has
 * one if its kernel has arguments. */
static bool has_image(const struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	return !uses_bootloader(domain) || writing->options->xend >= DS_XEND_31 ||
		(text_given(domain->cmdline) && !words_is_unset(domain->cmdline));
}

/** Writes the name, even if it is one of the words for an unset value: a domain without a name
 * could not be read. */
static bool write_name(struct writing *writing)
{
	sexpr_text(writing, keys[FIELD_name], writing->domain->name);
	return true;
}

/** Writes a valid UUID. xend refuses a domain with an invalid one, for which the reader has added
 * the loss. */
static bool write_uuid(struct writing *writing)
{
	struct ds_text uuid = writing->domain->uuid;

	return !text_is_uuid(uuid) || write_text(writing, FIELD_uuid, uuid);
}

#define WRITE_TEXT(member) write_text(writing, FIELD_##member, domain->member)
#define WRITE_FEATURE(member) write_feature(writing, FIELD_##member, domain->member)

FIELD_SWITCH write_field(struct writing *writing, enum field field)
{
	const struct ds_domain *domain = writing->domain;

	switch (field) {
	case FIELD_name:
		return write_name(writing);
	case FIELD_uuid:
		return write_uuid(writing);
	case FIELD_description:
		return WRITE_TEXT(description);
	case FIELD_type:
		return text_is(domain->type, "xen");
	case FIELD_id:
		/* xend assigns another id when the domain is started the next time. */
		return true;
	case FIELD_memory_kib:
		return write_memory(writing, keys[FIELD_memory_kib], FIELD_memory_kib,
			domain->memory_kib ? domain->memory_kib : domain->current_memory_kib);
	case FIELD_current_memory_kib:
		return write_current_memory(writing);
	case FIELD_vcpus:
		return write_vcpus(writing);
	case FIELD_vcpus_online:
		return write_vcpus_online(writing);
	case FIELD_cpuset:
		return write_cpus(writing);
	case FIELD_cpu_weight:
		if (domain->cpu_weight)
			sexpr_number(writing, keys[FIELD_cpu_weight], (int64_t)domain->cpu_weight);
		return true;
	case FIELD_bootloader:
		return write_bootloader(writing);
	case FIELD_bootloader_args:
		return uses_bootloader(domain) && WRITE_TEXT(bootloader_args);
	case FIELD_is_hvm:
		return true;
	case FIELD_os_type:
		/* This is the name of the image's list, which is `linux` without an image. */
		return has_image(writing) || text_is(builder_of(domain), "linux");
	case FIELD_kernel:
		return write_kernel(writing);
	case FIELD_initrd:
		return write_beside_kernel(writing, FIELD_initrd, domain->initrd);
	case FIELD_root:
		return write_beside_kernel(writing, FIELD_root, domain->root);
	case FIELD_cmdline:
		return WRITE_TEXT(cmdline);
	case FIELD_loader:
		return write_loader(writing);
	case FIELD_boot:
		return write_boot(writing);
	case FIELD_acpi:
		return WRITE_FEATURE(acpi);
	case FIELD_apic:
		return WRITE_FEATURE(apic);
	case FIELD_pae:
		return WRITE_FEATURE(pae);
	case FIELD_viridian:
		return WRITE_FEATURE(viridian);
	case FIELD_hap:
		return write_switch(writing, FIELD_hap, domain->hap);
	case FIELD_hpet:
		return write_switch(writing, FIELD_hpet, domain->hpet);
	case FIELD_emulator:
		return write_emulator(writing);
	case FIELD_clock:
		return write_clock(writing);
	case FIELD_clock_is_local:
		return domain->clock == DS_CLOCK_VARIABLE || domain->clock == DS_CLOCK_LOCALTIME;
	case FIELD_clock_adjustment:
		return write_adjustment(writing);
	case FIELD_clock_reset:
		/* The clock of a PV guest is reset at each start anyway. */
		return !domain->is_hvm;
	case FIELD_on_poweroff:
		return WRITE_TEXT(on_poweroff);
	case FIELD_on_reboot:
		return WRITE_TEXT(on_reboot);
	case FIELD_on_crash:
		return WRITE_TEXT(on_crash);
	}
	return true;
}

#define WRITE(member) \
	if (!write_field(writing, FIELD_##member)) \
		lose_field(writing, LOSS_NO_PLACE, FIELD_##member);
#define LOSE(member) lose_field(writing, LOSS_NO_PLACE, FIELD_##member);

/* ---- the image ---- */

static void write_hvm_image(struct writing *writing)
{
	KERNEL_FIELDS(WRITE)
	/* Up to xend 3.0.4, the vcpus are read here, and libvirt writes them here too. */
	write_vcpus(writing);
	write_vcpus_online(writing);
	BOOT_FIELDS(WRITE)
	sexpr_write_image_disks(writing);
	FEATURE_FIELDS(WRITE)
	sexpr_write_inputs(writing);
	sexpr_write_image_chars(writing);
	sexpr_write_sounds(writing);
	EMULATOR_FIELDS(WRITE)
	sexpr_write_image_graphics(writing);
	CLOCK_FIELDS(WRITE)
}

/** Writes the image of a PV guest. Settings that only HVM guests have, such as a boot order or a
 * feature, are lost. */
static void write_pv_image(struct writing *writing)
{
	KERNEL_FIELDS(WRITE)
	EMULATOR_FIELDS(WRITE)
	sexpr_write_image_graphics(writing);
	CLOCK_FIELDS(WRITE)
	BOOT_FIELDS(WRITE)
	FEATURE_FIELDS(WRITE)
	sexpr_lose_hvm_devices(writing);
}

static void lose_image(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	KERNEL_FIELDS(LOSE)
	BOOT_FIELDS(LOSE)
	FEATURE_FIELDS(LOSE)
	EMULATOR_FIELDS(LOSE)
	if (domain->clock == DS_CLOCK_VARIABLE)
		lose_field(writing, LOSS_NO_PLACE, FIELD_clock);
	lose_field(writing, LOSS_NO_PLACE, FIELD_clock_adjustment);
	sexpr_lose_hvm_devices(writing);
	if (writing->options->xend < DS_XEND_304)
		for (size_t i = 0; i < domain->graphics_count; i++)
			lose_device(writing, LOSS_NO_PLACE, DEVICES_GRAPHICS, &domain->graphics[i],
				"");
}

static void write_image(struct writing *writing)
{
	if (!has_image(writing)) {
		lose_image(writing);
		return;
	}
	sexpr_open(writing, TEXT(" (image"));
	buffer_literal(writing->out, " (");
	sexpr_value(writing->out, builder_of(writing->domain));
	if (writing->domain->is_hvm)
		write_hvm_image(writing);
	else
		write_pv_image(writing);
	sexpr_close(writing);
	sexpr_close(writing);
}

static void write_disks_only(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	write_name(writing);
	write_uuid(writing);
	if (domain->is_hvm) {
		buffer_literal(writing->out, " (image (hvm");
		sexpr_write_image_disks(writing);
		buffer_literal(writing->out, "))");
	}
	sexpr_write_disks(writing);
}

void sexpr_write(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	buffer_literal(writing->out, "(vm");
	if (writing->options->only_disks) {
		write_disks_only(writing);
	} else {
		DOMAIN_FIELDS(WRITE)
		write_image(writing);
		sexpr_number(writing, TEXT(" (localtime "), is_local_time(domain));
		sexpr_write_disks(writing);
		sexpr_write_devices(writing);
	}
	buffer_byte(writing->out, ')');
}
