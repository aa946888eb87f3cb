/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/boot.h"
#include "record/buffer.h"
#include "record/compare.h"
#include "record/cpuset.h"
#include "record/source.h"
#include "record/text.h"
#include "record/vdev.h"
#include "record/words.h"

static const struct ds_text unset = {NULL, 0};

/* ---- the domain itself ---- */

static void make_memory(struct ds_domain *domain)
{
	if (!domain->memory_kib)
		domain->memory_kib = domain->current_memory_kib;
	if (!domain->current_memory_kib)
		domain->current_memory_kib = domain->memory_kib;
}

/** A guest without a clock has UTC. The clock of an HVM guest of Xen keeps what the guest sets it
 * to, unless it is reset at each start, so it is a variable one with that basis. */
static void make_clock(struct ds_domain *domain)
{
	if (domain->clock == DS_CLOCK_UNSET)
		domain->clock = DS_CLOCK_UTC;
	if (domain->clock != DS_CLOCK_VARIABLE)
		domain->clock_is_local = domain->clock == DS_CLOCK_LOCALTIME;
	if (domain->is_hvm && text_is(domain->type, "xen") && !domain->clock_reset)
		domain->clock = DS_CLOCK_VARIABLE;
}

/** An empty boot loader of a PV guest means the default one, but xend ignores it together with a
 * kernel. It becomes a word, because empty and unset texts are the same. */
static void make_bootloader(struct ds_domain *domain)
{
	bool is_ignored =
		domain->is_hvm || (domain->format == DS_FORMAT_SEXPR && text_given(domain->kernel));

	if (!is_ignored && domain->bootloader.data && !domain->bootloader.size)
		domain->bootloader = TEXT("(default)");
}

static void make_defaults(struct ds_domain *domain)
{
	if (!text_given(domain->type))
		domain->type = TEXT("xen");
	domain->os_type = text_trim(domain->os_type);
	if (domain->is_hvm)
		domain->os_type = TEXT("hvm");
	else if (!text_given(domain->os_type) || text_is(domain->os_type, "xen"))
		domain->os_type = TEXT("linux");
	make_clock(domain);
	make_bootloader(domain);
}

/* ---- processors ---- */

/** With more virtual processors than this, their pins are compared as they are spelled. */
#define PINS_MAX 4096

/** Fills in the set of each virtual processor: the first one that is set for it, or else the common
 * one. */
static void get_sets(const struct ds_domain *domain, struct ds_text *sets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sets[i] = unset;
	for (size_t i = 0; i < domain->pin_count; i++) {
		const struct ds_pin *pin = &domain->pins[i];

		if (pin->vcpu < count && text_given(pin->cpuset) && !words_is_unset(pin->cpuset) &&
			!sets[pin->vcpu].data)
			sets[pin->vcpu] = pin->cpuset;
	}
	for (size_t i = 0; i < count; i++)
		if (!sets[i].data && !words_is_unset(domain->cpuset))
			sets[i] = domain->cpuset;
}

static size_t at_of_pin(const struct ds_domain *domain, size_t vcpu)
{
	for (size_t i = 0; i < domain->pin_count; i++)
		if (domain->pins[i].vcpu == vcpu)
			return domain->pins[i].at;
	return 0;
}

/** Stores one common set if all virtual processors have the same one, or else a pin for each
 * virtual processor that has a set. */
static void set_pins(struct ds_domain *domain, const struct ds_text *sets, size_t count,
	struct arena *arena)
{
	struct ds_pin *pins;
	size_t used = 0, same = 1;

	while (same < count && text_same(sets[same], sets[0]))
		same++;
	domain->cpuset = same == count ? sets[0] : unset;
	pins = same == count ? NULL : arena_alloc(arena, count * sizeof *pins);
	for (size_t i = 0; pins && i < count; i++)
		if (text_given(sets[i]))
			pins[used++] = (struct ds_pin){.at = at_of_pin(domain, i),
				.vcpu = i,
				.cpuset = sets[i]};
	domain->pins = pins;
	domain->pin_count = used;
}

static void make_processors(struct ds_domain *domain, struct arena *arena)
{
	size_t count;
	struct ds_text *sets, last = unset;

	if (!domain->vcpus)
		domain->vcpus = 1;
	if (!domain->vcpus_online || domain->vcpus_online > domain->vcpus)
		domain->vcpus_online = domain->vcpus;
	if (!domain->pin_count || domain->vcpus > PINS_MAX)
		return;
	count = (size_t)domain->vcpus;
	sets = arena_alloc(arena, count * sizeof *sets);
	if (!sets)
		return;
	get_sets(domain, sets, count);
	for (size_t i = 0; i < count; i++) {
		struct ds_text set = sets[i];

		sets[i] = i && text_same(set, last) ? sets[i - 1] : cpuset_canonical(arena, set);
		last = set;
	}
	set_pins(domain, sets, count, arena);
}

/* ---- disks ---- */

/** Returns whether a name consists of letters only, as that of most disks does. Such a name is
 * canonical. */
static bool is_plain_name(struct ds_text target)
{
	for (size_t i = 0; i < target.size; i++)
		if (target.data[i] < 'a' || target.data[i] > 'z')
			return false;
	return true;
}

static struct ds_text name_of(struct ds_text target, struct arena *arena)
{
	char name[VDEV_NAME_SIZE];
	struct vdev vdev;
	size_t size;

	if (!text_given(target))
		return unset;
	if (is_plain_name(target))
		return target;
	if (!vdev_parse(target, &vdev))
		return target;
	size = vdev_name(&vdev, name);
	if (size == target.size && memcmp(name, target.data, size) == 0)
		return target;
	return arena_text(arena, name, size);
}

/** Returns the bus of a disk or, if it is unset, the one that its device and name imply. */
static struct ds_text bus_of(const struct ds_disk *disk)
{
	if (text_given(disk->bus))
		return disk->bus;
	if (disk->device == DS_DEVICE_FLOPPY)
		return TEXT("fdc");
	if (text_starts(disk->target, "xvd"))
		return TEXT("xen");
	if (text_starts(disk->target, "hd"))
		return TEXT("ide");
	return text_starts(disk->target, "sd") ? TEXT("scsi") : unset;
}

/** Returns what identifies an image below a disk's own, on the network and in a pool too. */
static struct ds_text source_below(const struct ds_disk_backing *backing, struct arena *arena)
{
	const struct ds_disk_details details = {.location = backing->location};
	const struct ds_disk disk = {.type = backing->type,
		.source = backing->source,
		.details = &details};

	return source_identity(arena, &disk);
}

/** Returns the chain of images below a disk's own as one text: "qcow2:/a.img raw:/b.img". */
static struct ds_text chain_of(const struct ds_disk_details *details, struct arena *arena)
{
	struct buffer out;
	struct ds_text chain;

	buffer_init(&out);
	for (size_t i = 0; i < details->backing_count; i++) {
		const struct ds_disk_backing *backing = &details->backing[i];
		struct ds_text source = source_below(backing, arena);

		if (i)
			buffer_byte(&out, ' ');
		buffer_add(&out, backing->format.data, backing->format.size);
		buffer_byte(&out, ':');
		buffer_add(&out, source.data, source.size);
	}
	chain = arena_text(arena, out.data, out.size);
	arena->failed |= out.failed;
	buffer_fini(&out);
	return chain;
}

/** Returns the transports of an image's servers as one text; an unset transport means TCP. */
static struct ds_text transports_of(const struct ds_disk_location *location, struct arena *arena)
{
	struct ds_text transports = unset;
	struct buffer out;

	buffer_init(&out);
	for (size_t i = 0; i < location->host_count; i++) {
		struct ds_text transport = location->hosts[i].transport;

		if (!text_given(transport) || text_is(transport, "tcp"))
			continue;
		if (out.size)
			buffer_byte(&out, ' ');
		buffer_add(&out, transport.data, transport.size);
	}
	if (out.size)
		transports = arena_text(arena, out.data, out.size);
	arena->failed |= out.failed;
	buffer_fini(&out);
	return transports;
}

/** Replaces the servers, which the canonical source contains, by one that has the transports of
 * all. */
static void make_location(struct ds_disk_details *details, struct arena *arena)
{
	struct ds_disk_location *location;
	struct ds_disk_host *host;

	if (!details->location || !details->location->host_count)
		return;
	location = arena_copy(arena, details->location, 1, sizeof *location);
	host = arena_copy(arena, details->location->hosts, 1, sizeof *host);
	if (!location || !host)
		return;
	host->transport = transports_of(details->location, arena);
	location->hosts = host;
	location->host_count = 1;
	details->location = location;
}

/** Makes the disk settings that only XML has canonical. */
static void make_details(struct ds_disk *disk, struct arena *arena)
{
	const struct ds_disk_details *from = disk->details;
	struct ds_disk_details *details;
	struct ds_disk_backing *backing;

	if (!from)
		return;
	details = arena_copy(arena, from, 1, sizeof *details);
	backing = arena_alloc(arena, sizeof *backing);
	if (!details || !backing)
		return;
	if (text_is(details->cache, "default"))
		details->cache = unset;
	memset(backing, 0, sizeof *backing);
	backing->source = details->backing_count ? chain_of(from, arena) : unset;
	details->backing = backing;
	details->backing_count = 1;
	make_location(details, arena);
	disk->details = details;
}

static void make_disk(struct ds_disk *disk, const struct ds_disk *from, struct arena *arena)
{
	*disk = *from;
	disk->target = name_of(from->target, arena);
	disk->bus = bus_of(disk);
	disk->source = source_identity(arena, from);
	if (!disk->source.data)
		disk->source = source_known(arena, from);
	disk->driver = disk->format = unset;
	if (disk->source.data) {
		disk->driver = source_backend(from);
		disk->format = source_read_as(from);
		/* If neither dump sets the format, it means raw. */
		if (!text_given(disk->format))
			disk->format = TEXT("raw");
	}
	if (disk->readonly)
		disk->shareable = false;
	if (words_is_usual_backend(from->backend))
		disk->backend = unset;
	make_details(disk, arena);
	disk->mode = disk->uname = unset;
	disk->klass = DS_CLASS_NONE;
	/* The driver distinguishes files from block devices; if it is unset, it follows from the
	 * type. */
	if (disk->type <= DS_SOURCE_DIR)
		disk->type = DS_SOURCE_FILE;
}

static void make_disks(struct ds_domain *domain, struct arena *arena)
{
	const struct ds_disk *boot;
	struct ds_disk *disks;

	if (!domain->disk_count)
		return;
	boot = boot_disk(domain);
	disks = arena_alloc(arena, domain->disk_count * sizeof *disks);
	for (size_t i = 0; disks && i < domain->disk_count; i++) {
		make_disk(&disks[i], &domain->disks[i], arena);
		disks[i].bootable = &domain->disks[i] == boot ? DS_FLAG_ON : DS_FLAG_UNSET;
	}
	domain->disks = disks;
}

/* ---- other devices ---- */

static void make_interfaces(struct ds_domain *domain, struct arena *arena)
{
	struct ds_interface *items;

	if (!domain->interface_count)
		return;
	items = arena_copy(arena, domain->interfaces, domain->interface_count, sizeof *items);
	for (size_t i = 0; items && i < domain->interface_count; i++) {
		struct ds_interface *item = &items[i];

		if (words_is_usual_backend(item->backend))
			item->backend = unset;
		/* xend has its own words for its two kinds of network cards. */
		if (!text_given(item->model) && text_is(item->vif_type, "netfront"))
			item->model = item->vif_type;
		item->vif_type = unset;
		/* xend runs this script unless another one is set. */
		if (text_is(item->script, "vif-bridge"))
			item->script = unset;
		/* Xen chooses such a name whenever the domain starts. */
		if (text_starts(item->target, "vif"))
			item->target = unset;
	}
	domain->interfaces = items;
}

static void make_graphics(struct ds_domain *domain, struct arena *arena)
{
	struct ds_graphics *items;

	if (!domain->graphics_count)
		return;
	items = arena_copy(arena, domain->graphics, domain->graphics_count, sizeof *items);
	/* Without a port, one is chosen when the domain starts; SDL has no port. */
	for (size_t i = 0; items && i < domain->graphics_count; i++)
		if (items[i].type == DS_GRAPHICS_SDL)
			items[i].port = 0;
		else if (!items[i].port)
			items[i].port = -1;
	domain->graphics = items;
}

/** The numbers of the serial ports. A device without a number gets one that is below their
 * count. */
struct serials {
	bool *has_port;
	size_t count;
	bool has_any;
};

static void find_serials(struct serials *serials, const struct ds_domain *domain,
	struct arena *arena)
{
	memset(serials, 0, sizeof *serials);
	serials->has_port = arena_alloc(arena, domain->char_count + 256);
	if (!serials->has_port)
		return;
	serials->count = domain->char_count + 256;
	memset(serials->has_port, 0, serials->count);
	for (size_t i = 0; i < domain->char_count; i++)
		if (domain->chars[i].kind == DS_CHAR_SERIAL) {
			serials->has_any = true;
			if (domain->chars[i].port < serials->count)
				serials->has_port[domain->chars[i].port] = true;
		}
}

/** Every PV guest has a console. The console of an HVM guest is one of its serial ports under
 * another name, and a console that is chosen when the domain starts may be any of them. */
static bool is_implied_console(const struct ds_domain *domain, const struct serials *serials,
	const struct ds_char *item)
{
	if (item->kind != DS_CHAR_CONSOLE)
		return false;
	if (!domain->is_hvm)
		return item->type == DS_CHAR_PTY;
	return (item->port < serials->count && serials->has_port[item->port]) ||
		(!item->port && item->type == DS_CHAR_PTY && serials->has_any);
}

static void make_chars(struct ds_domain *domain, struct arena *arena)
{
	struct serials serials;
	struct ds_char *items;
	size_t used = 0;

	if (!domain->char_count)
		return;
	find_serials(&serials, domain, arena);
	items = arena_alloc(arena, domain->char_count * sizeof *items);
	for (size_t i = 0; items && i < domain->char_count; i++) {
		struct ds_char item = domain->chars[i];

		if (is_implied_console(domain, &serials, &item))
			continue;
		if (domain->is_hvm && item.kind == DS_CHAR_CONSOLE)
			item.kind = DS_CHAR_SERIAL;
		/* The host chooses a terminal whenever the domain starts. */
		if (item.type == DS_CHAR_PTY)
			item.path = unset;
		items[used++] = item;
	}
	domain->chars = items;
	domain->char_count = items ? used : 0;
}

/** Every guest has a mouse and a keyboard: PS/2 devices in an HVM guest, which is libvirt's
 * default, and Xen devices in any other guest. */
static bool is_implied_input(const struct ds_word *item)
{
	return (text_is(item->word, "mouse") || text_is(item->word, "keyboard")) &&
		(!text_given(item->bus) || text_is(item->bus, "ps2") || text_is(item->bus, "xen"));
}

static void make_inputs(struct ds_domain *domain, struct arena *arena)
{
	struct ds_word *items;
	size_t used = 0;

	if (!domain->input_count)
		return;
	items = arena_alloc(arena, domain->input_count * sizeof *items);
	for (size_t i = 0; items && i < domain->input_count; i++)
		if (!is_implied_input(&domain->inputs[i])) {
			items[used] = domain->inputs[i];
			if (!text_given(items[used].bus))
				items[used].bus = TEXT("usb");
			used++;
		}
	domain->inputs = items;
	domain->input_count = items ? used : 0;
}

/* ---- both records ---- */

/** Returns whether two disks have the same canonical form as far as it depends on the disks alone.
 * The form also shows which disk is the boot disk; the caller compares that. */
static bool has_same_disk_form(const struct ds_disk *one, const struct ds_disk *other)
{
	struct ds_disk like = *other;

	/* make_disks() sets these without looking at them. */
	like.mode = one->mode;
	like.klass = one->klass;
	like.uname = one->uname;
	like.bootable = one->bootable;
	if (text_same_bytes(bus_of(one), bus_of(other)))
		like.bus = one->bus;
	return !one->details && !other->details &&
		member_first_difference(DEVICES_DISK, 0, one, &like) == MEMBER_NONE;
}

static bool has_same_form(enum devices kind, const void *one, const void *other)
{
	return kind == DEVICES_DISK ? has_same_disk_form(one, other)
				    : member_first_difference(kind, 0, one, other) == MEMBER_NONE;
}

/** Returns the index of the boot disk, or SIZE_MAX when the domain has no boot disk. */
static size_t boot_number(const struct ds_domain *domain)
{
	const struct ds_disk *boot = boot_disk(domain);

	return boot ? (size_t)(boot - domain->disks) : SIZE_MAX;
}

/** Returns whether the devices of a kind are the same in two records as they were read, so that
 * their canonical forms are the same, too. */
static bool are_same(const struct ds_domain *one, const struct ds_domain *other, enum devices kind)
{
	size_t count = device_count(one, kind);

	if (count != device_count(other, kind) || one->is_hvm != other->is_hvm)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!has_same_form(kind, device_at(one, kind, i), device_at(other, kind, i)))
			return false;
	return kind != DEVICES_DISK || boot_number(one) == boot_number(other);
}

static void make_devices(struct ds_domain *form, enum devices kind, struct arena *arena)
{
	switch (kind) {
	case DEVICES_DISK:
		make_disks(form, arena);
		break;
	case DEVICES_INTERFACE:
		make_interfaces(form, arena);
		break;
	case DEVICES_GRAPHICS:
		make_graphics(form, arena);
		break;
	case DEVICES_CHAR:
		make_chars(form, arena);
		break;
	case DEVICES_INPUT:
		make_inputs(form, arena);
		break;
	case DEVICES_PCI:
	case DEVICES_SOUND:
	case DEVICES_PIN:
	case DEVICES_COUNT:
		break;
	}
}

static struct ds_domain *make_domain(const struct ds_domain *domain, struct arena *arena)
{
	struct ds_domain *form = arena_copy(arena, domain, 1, sizeof *form);

	if (!form)
		return NULL;
	make_memory(form);
	make_defaults(form);
	make_processors(form, arena);
	return form;
}

struct ds_domain *compare_canonical(const struct ds_domain *domain, struct arena *arena)
{
	struct ds_domain *form = make_domain(domain, arena);

	if (form)
		form->cpuset = cpuset_canonical(arena, form->cpuset);
	for (int kind = 0; form && kind < DEVICES_COUNT; kind++)
		make_devices(form, (enum devices)kind, arena);
	return arena->failed ? NULL : form;
}

bool compare_canonical_both(const struct ds_domain *one, const struct ds_domain *other,
	struct ds_domain *forms[2], struct arena *arena)
{
	forms[0] = make_domain(one, arena);
	forms[1] = make_domain(other, arena);
	if (!forms[0] || !forms[1])
		return false;
	if (!text_same_bytes(forms[0]->cpuset, forms[1]->cpuset))
		for (int i = 0; i < 2; i++)
			forms[i]->cpuset = cpuset_canonical(arena, forms[i]->cpuset);
	for (int i = 0; i < DEVICES_COUNT; i++) {
		enum devices kind = (enum devices)i;

		if (kind != DEVICES_PIN && are_same(one, other, kind)) {
			device_set(forms[1], kind, device_at(one, kind, 0),
				device_count(one, kind));
		} else {
			make_devices(forms[0], kind, arena);
			make_devices(forms[1], kind, arena);
		}
	}
	return !arena->failed;
}
