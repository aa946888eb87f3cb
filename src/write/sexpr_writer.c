/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/members.h"
#include "record/words.h"

/* A domain as the (vm …) that libvirt gave to xend, and that `xm create -F` takes. Keys and their order: libvirt's
 * xenFormatSxpr(), October 2006 to June 2016. */

/** Names of the scalars' keys, from the one table. */
#define DS_FIELD(member, kind, xml_context, xml_name, context, name) \
	[FIELD_##member] = {" (" name " ", sizeof " (" name " " - 1},
static const struct ds_text keys[FIELD_COUNT] = {
#include "record/fields.def"
};

/** A text member under its key in the table, when it says something. */
#define FIELD(member)                                                       \
	do {                                                                \
		if (text_given(domain->member))                             \
			sexpr_text(writing, keys[FIELD_##member], domain->member); \
	} while (0)

/** xend counts in MiB. */
static void write_memory(struct writing *writing, struct ds_text key, const char *path, uint64_t kib)
{
	if (!kib)
		return;
	sexpr_number(writing, key, (int64_t)(kib / 1024 + (kib % 1024 != 0)));
	if (kib % 1024 && path)
		lose(writing, LOSS_ROUNDED, path, (struct ds_text){NULL, 0}, 0);
}

/** As many vcpus can have a set each: what is read again of a list. */
#define CPUS_MAX 256

/** Processors that are switched on, as a bitmap of the first ones. */
static void write_vcpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t online = domain->vcpus_online;

	if (!domain->vcpus)
		return;
	sexpr_number(writing, keys[FIELD_vcpus], (int64_t)domain->vcpus);
	if (online && online < domain->vcpus && online < 63)
		sexpr_number(writing, TEXT(" (vcpu_avail "), ((int64_t)1 << online) - 1);
	else if (online && online != domain->vcpus)
		lose(writing, online < domain->vcpus ? LOSS_NO_PLACE : LOSS_INVALID, "vcpu@current", (struct ds_text){NULL, 0}, 0);
}

/** The set of one vcpu, when it has one of its own: the first that is said. */
static struct ds_text set_of(const struct ds_domain *domain, uint64_t vcpu)
{
	for (size_t i = 0; i < domain->pin_count; i++)
		if (domain->pins[i].vcpu == vcpu && text_given(domain->pins[i].cpuset))
			return domain->pins[i].cpuset;
	return (struct ds_text){NULL, 0};
}

/** A pin without a set, or another set for the same vcpu, or one for a vcpu that there is not. Returns how many vcpus have
 * one of their own. */
static uint64_t lose_pins(struct writing *writing, uint64_t count_max)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t count = 0;

	for (size_t i = 0; i < domain->pin_count; i++) {
		const struct ds_pin *pin = &domain->pins[i];

		if (pin->vcpu >= count_max || !text_given(pin->cpuset) || !text_same(pin->cpuset, set_of(domain, pin->vcpu)))
			lose(writing, text_given(pin->cpuset) ? LOSS_INVALID : LOSS_INCOMPLETE, "cputune/vcpupin", pin->cpuset,
			     pin->at);
		else if (pin->vcpu >= count)
			count = pin->vcpu + 1;
	}
	return count;
}

/** One set for all, or a string for each vcpu: those that are not pinned have the common set (xend's `cpus`). */
static void write_cpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t count = lose_pins(writing, domain->vcpus < CPUS_MAX ? domain->vcpus : CPUS_MAX);

	if (!domain->vcpus && text_given(domain->cpuset))
		lose(writing, LOSS_INCOMPLETE, "vcpu@cpuset", domain->cpuset, 0);
	if (!count) {
		if (text_given(domain->cpuset))
			sexpr_text(writing, TEXT(" (cpus "), domain->cpuset);
		return;
	}
	/* The common set of those behind the last one that is pinned has to be said too. */
	if (text_given(domain->cpuset))
		count = domain->vcpus < CPUS_MAX ? domain->vcpus : CPUS_MAX;
	sexpr_open(writing, TEXT(" (cpus ("));
	for (uint64_t vcpu = 0; vcpu < count; vcpu++) {
		struct ds_text set = set_of(domain, vcpu);

		set = text_given(set) ? set : domain->cpuset;
		if (vcpu)
			buffer_byte(writing->out, ' ');
		sexpr_value(writing->out, text_given(set) ? set : TEXT(""));
	}
	buffer_byte(writing->out, ')');
	sexpr_close(writing);
}

/** A word that SEXPR has for none. */
static int is_no_word(struct ds_text text)
{
	return text_is(text, "None") || text_is(text, "<default>") || text_is(text, "<unknown>");
}

static void write_bootloader(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	int says_default = domain->bootloader.data && !domain->bootloader.size;

	/* Beside a kernel xend takes an empty one for none, and libvirt for its default one. */
	if (says_default && !domain->is_hvm && text_given(domain->kernel))
		lose(writing, LOSS_NO_PLACE, "bootloader", domain->bootloader, 0);
	if (!domain->is_hvm && is_no_word(domain->bootloader))
		lose(writing, LOSS_NO_PLACE, "bootloader", domain->bootloader, 0);
	if (domain->is_hvm || !domain->bootloader.data || is_no_word(domain->bootloader) || (says_default && text_given(domain->kernel))) {
		if (says_default && !domain->is_hvm)
			buffer_literal(writing->out, " (bootloader)");
		if (text_given(domain->bootloader_args))
			lose(writing, LOSS_NO_PLACE, "bootloader_args", domain->bootloader_args, 0);
		return;
	}
	if (domain->bootloader.size)
		sexpr_text(writing, keys[FIELD_bootloader], domain->bootloader);
	else
		buffer_literal(writing->out, " (bootloader)");
	FIELD(bootloader_args);
}

static int is_local_time(const struct ds_domain *domain)
{
	return domain->clock == DS_CLOCK_LOCALTIME || (domain->clock == DS_CLOCK_VARIABLE && domain->clock_is_local);
}

static void write_image_clock(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (writing->options->xend < DS_XEND_31) {
		if (domain->is_hvm && domain->clock_adjustment)
			lose(writing, LOSS_NO_PLACE, "clock@adjustment", (struct ds_text){NULL, 0}, 0);
		return;
	}
	if (domain->is_hvm)
		sexpr_number(writing, TEXT(" (rtc_timeoffset "), domain->clock_adjustment);
	sexpr_number(writing, TEXT(" (localtime "), is_local_time(domain));
}

/** A boot loader finds the kernel in the guest. An empty one means xend's default, unless there is a kernel. */
static int uses_bootloader(const struct ds_domain *domain)
{
	return !domain->is_hvm && domain->bootloader.data && !is_no_word(domain->bootloader) && (domain->bootloader.size || !text_given(domain->kernel));
}

static void lose_boot(struct writing *writing)
{
	for (size_t i = 0; i < writing->domain->boot_count; i++) {
		const char *word = boot_word(writing->domain->boot[i]);

		lose(writing, LOSS_NO_PLACE, "os/boot@dev", (struct ds_text){word, strlen(word)}, 0);
	}
}

/** Mice and keyboards of these kinds come with every guest, and are not said. */
static int comes_with_guest(const struct ds_word *input)
{
	return (text_is(input->word, "mouse") || text_is(input->word, "keyboard")) &&
	       (!text_given(input->bus) || text_is(input->bus, "xen") || text_is(input->bus, "ps2"));
}

static void lose_input(struct writing *writing, const struct ds_word *input)
{
	if (text_given(input->word))
		lose(writing, LOSS_NO_PLACE, "devices/input@type", input->word, input->at);
	else
		lose(writing, LOSS_INCOMPLETE, "devices/input", input->bus, input->at);
}

/** What only an HVM guest has. A Xen console, mouse and keyboard come with every other guest and are not said. */
static void lose_hvm_only(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text none = {NULL, 0};
	size_t consoles = 0;

	if (domain->acpi == DS_FLAG_ON)
		lose(writing, LOSS_NO_PLACE, "features/acpi", none, 0);
	if (domain->apic == DS_FLAG_ON)
		lose(writing, LOSS_NO_PLACE, "features/apic", none, 0);
	if (domain->pae == DS_FLAG_ON)
		lose(writing, LOSS_NO_PLACE, "features/pae", none, 0);
	if (domain->hap == DS_FLAG_ON)
		lose(writing, LOSS_NO_PLACE, "features/hap", none, 0);
	if (domain->viridian == DS_FLAG_ON)
		lose(writing, LOSS_NO_PLACE, "features/viridian", none, 0);
	if (domain->hpet != DS_FLAG_UNSET)
		lose(writing, LOSS_NO_PLACE, "clock/timer@name", TEXT("hpet"), 0);
	if (domain->clock == DS_CLOCK_VARIABLE)
		lose(writing, LOSS_NO_PLACE, "clock@offset", TEXT("variable"), 0);
	if (domain->clock_adjustment)
		lose(writing, LOSS_NO_PLACE, "clock@adjustment", none, 0);
	if (text_given(domain->loader))
		lose(writing, LOSS_NO_PLACE, "os/loader", domain->loader, 0);
	lose_boot(writing);
	for (size_t i = 0; i < domain->char_count; i++)
		if (domain->chars[i].kind != DS_CHAR_CONSOLE || domain->chars[i].port || domain->chars[i].type != DS_CHAR_PTY ||
		    domain->chars[i].listens || consoles++)
			lose(writing, LOSS_NO_PLACE, xml_char_path(domain->chars[i].kind, CHAR_PART_DEVICE), domain->chars[i].path,
			     domain->chars[i].at);
	for (size_t i = 0; i < domain->sound_count; i++)
		lose(writing, LOSS_NO_PLACE, "devices/sound@model", domain->sounds[i].word, domain->sounds[i].at);
	for (size_t i = 0; i < domain->input_count; i++)
		if (!comes_with_guest(&domain->inputs[i]))
			lose_input(writing, &domain->inputs[i]);
}

static void write_linux(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	/* What is said of a kernel beside a boot loader is of no use to xend. */
	if (!uses_bootloader(domain)) {
		FIELD(kernel);
		FIELD(initrd);
		FIELD(root);
	} else {
		if (text_given(domain->kernel))
			lose(writing, LOSS_NO_PLACE, "os/kernel", domain->kernel, 0);
		if (text_given(domain->initrd))
			lose(writing, LOSS_NO_PLACE, "os/initrd", domain->initrd, 0);
		if (text_given(domain->root))
			lose(writing, LOSS_NO_PLACE, "os/root", domain->root, 0);
	}
	FIELD(cmdline);
	if (writing->options->xend >= DS_XEND_304)
		FIELD(emulator);
	else if (text_given(domain->emulator))
		lose(writing, LOSS_NO_PLACE, "devices/emulator", domain->emulator, 0);
	sexpr_write_image_graphics(writing);
	write_image_clock(writing);
	lose_hvm_only(writing);
}

static void write_flag(struct writing *writing, struct ds_text key, enum ds_flag flag)
{
	if (flag == DS_FLAG_ON)
		sexpr_number(writing, key, 1);
}

static void write_hvm_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	/* Up to 3.2 the loader stands in `kernel`; beside a kernel it has a key of its own, and without one a kernel would be taken
	 * for it. */
	if (text_given(domain->kernel) && text_given(domain->loader) && !text_same(domain->kernel, domain->loader)) {
		FIELD(kernel);
		FIELD(initrd);
		FIELD(cmdline);
		FIELD(root);
		FIELD(loader);
	} else {
		if (text_given(domain->loader))
			sexpr_text(writing, keys[FIELD_kernel], domain->loader);
		FIELD(cmdline);
		if (text_given(domain->kernel))
			lose(writing, LOSS_INCOMPLETE, "os/kernel", domain->kernel, 0);
		if (text_given(domain->initrd))
			lose(writing, LOSS_INCOMPLETE, "os/initrd", domain->initrd, 0);
		if (text_given(domain->root))
			lose(writing, LOSS_INCOMPLETE, "os/root", domain->root, 0);
	}
	write_vcpus(writing);
	sexpr_text(writing, TEXT(" (boot "), domain->boot_count ? (struct ds_text){domain->boot, domain->boot_count} : TEXT("c"));
	sexpr_write_image_disks(writing);
}

static void write_sound(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	size_t size = 0;
	char *text;

	for (size_t i = 0; i < domain->sound_count; i++)
		size += domain->sounds[i].word.size + 1;
	if (!size || !(text = arena_alloc(writing->losses->arena, size)))
		return;
	size = 0;
	for (size_t i = 0; i < domain->sound_count; i++) {
		struct ds_text word = domain->sounds[i].word;

		/* Words stand between commas, and one of them means several cards. */
		if (!text_given(word) || text_has(word, ',') || text_is(word, "all")) {
			lose(writing, text_given(word) ? LOSS_NO_PLACE : LOSS_INCOMPLETE, "devices/sound@model", word,
			     domain->sounds[i].at);
			continue;
		}
		if (size)
			text[size++] = ',';
		memcpy(text + size, word.data, word.size);
		size += word.size;
	}
	if (size)
		sexpr_text(writing, TEXT(" (soundhw "), (struct ds_text){text, size});
}

static int is_usb(const struct ds_word *input)
{
	if (!text_is(input->word, "tablet") && !text_is(input->word, "mouse") && !text_is(input->word, "keyboard"))
		return 0;
	return text_is(input->bus, "usb") || (!text_given(input->bus) && text_is(input->word, "tablet"));
}

static void write_usb(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	sexpr_number(writing, TEXT(" (usb "), 1);
	for (size_t i = 0; i < domain->input_count; i++) {
		const struct ds_word *input = &domain->inputs[i];

		if (is_usb(input))
			sexpr_text(writing, TEXT(" (usbdevice "), input->word);
		else if (!comes_with_guest(input))
			lose_input(writing, input);
	}
}

static void write_hvm(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	write_hvm_boot(writing);
	write_flag(writing, keys[FIELD_acpi], domain->acpi);
	write_flag(writing, keys[FIELD_apic], domain->apic);
	write_flag(writing, keys[FIELD_pae], domain->pae);
	/* Without a word xend turns this one on. */
	if (domain->hap != DS_FLAG_UNSET)
		sexpr_number(writing, keys[FIELD_hap], domain->hap == DS_FLAG_ON);
	write_flag(writing, keys[FIELD_viridian], domain->viridian);
	write_usb(writing);
	sexpr_write_image_chars(writing);
	write_sound(writing);
	FIELD(emulator);
	if (domain->hpet != DS_FLAG_UNSET)
		sexpr_number(writing, keys[FIELD_hpet], domain->hpet == DS_FLAG_ON);
	sexpr_write_image_graphics(writing);
	write_image_clock(writing);
	if (text_given(domain->bootloader))
		lose(writing, LOSS_NO_PLACE, "bootloader", domain->bootloader, 0);
}

/** Up to xend 3.0.4 a guest with a boot loader has an image only for its kernel's arguments. */
static int has_image(const struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (uses_bootloader(domain) && writing->options->xend < DS_XEND_31)
		return text_given(domain->cmdline);
	return domain->is_hvm || text_given(domain->os_type) || text_given(domain->kernel) || domain->bootloader.data ||
	       text_given(domain->initrd) || text_given(domain->cmdline) || text_given(domain->root) ||
	       text_given(domain->emulator);
}

static void write_image(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!has_image(writing)) {
		lose_hvm_only(writing);
		if (writing->options->xend < DS_XEND_304 && domain->graphics_count)
			lose(writing, LOSS_NO_PLACE, "devices/graphics", (struct ds_text){NULL, 0}, domain->graphics[0].at);
		return;
	}
	sexpr_open(writing, TEXT(" (image"));
	buffer_literal(writing->out, " (");
	if (domain->is_hvm) {
		buffer_literal(writing->out, "hvm");
		write_hvm(writing);
	} else {
		/* libvirt calls the kind `xen` or `linux`, xend has builders of other names too. */
		struct ds_text type = domain->os_type;

		sexpr_value(writing->out, text_given(type) && !text_is(type, "xen") ? type : TEXT("linux"));
		write_linux(writing);
	}
	sexpr_close(writing);
	sexpr_close(writing);
}

static void write_rest(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	uint64_t memory = domain->current_memory_kib ? domain->current_memory_kib : domain->memory_kib;

	write_memory(writing, keys[FIELD_current_memory_kib], domain->current_memory_kib ? "currentMemory" : NULL, memory);
	write_memory(writing, keys[FIELD_memory_kib], domain->memory_kib ? "memory" : NULL, domain->memory_kib ? domain->memory_kib : memory);
	write_vcpus(writing);
	write_cpus(writing);
	if (domain->cpu_weight)
		sexpr_number(writing, keys[FIELD_cpu_weight], (int64_t)domain->cpu_weight);
	FIELD(uuid);
	FIELD(description);
	write_bootloader(writing);
	FIELD(on_poweroff);
	FIELD(on_reboot);
	FIELD(on_crash);
	write_image(writing);
	sexpr_number(writing, TEXT(" (localtime "), is_local_time(domain));
	if (text_given(domain->type) && !text_is(domain->type, "xen"))
		lose(writing, LOSS_NO_PLACE, "@type", domain->type, 0);
}

void sexpr_write(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	buffer_literal(writing->out, "(vm");
	FIELD(name);
	if (writing->options->only_disks)
		FIELD(uuid);
	else
		write_rest(writing);
	if (writing->options->only_disks && domain->is_hvm) {
		buffer_literal(writing->out, " (image (hvm");
		sexpr_write_image_disks(writing);
		buffer_literal(writing->out, "))");
	}
	sexpr_write_disks(writing);
	if (!writing->options->only_disks)
		sexpr_write_devices(writing);
	buffer_byte(writing->out, ')');
}
