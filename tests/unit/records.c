/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "records.h"

#include <stdio.h>

struct making {
	struct arena *arena;
	uint64_t seed;
	enum spelling spelling;
};

/* ---- values ---- */

/** The fragments that values are made of: their bytes, and how XML represents them (NULL:
 * unchanged). No two of them together contain a third one. */
static const struct piece {
	const char *bytes;
	const char *masked;
	size_t size;
} pieces[] = {
	{"a", NULL, 1},
	{"Z9", NULL, 2},
	{"/dev/vg/", NULL, 8},
	{" ", NULL, 1},
	{"'", NULL, 1},
	{"\"", NULL, 1},
	{"(", NULL, 1},
	{")", NULL, 1},
	{"\\", NULL, 1},
	{"\\n", NULL, 2},
	{"\\x41", NULL, 4},
	{"\n", NULL, 1},
	{"\r", NULL, 1},
	{"\r\n", NULL, 2},
	{"\t", NULL, 1},
	{"]]>", NULL, 3},
	{"<![CDATA[", NULL, 9},
	{"<!--", NULL, 4},
	{"-->", NULL, 3},
	{"&amp;", NULL, 5},
	{"&", NULL, 1},
	{"</domain>", NULL, 9},
	{"\n(domain (name x))", NULL, 18},
	{"#", NULL, 1},
	{";{}[]<>!", NULL, 8},
	{"\xc3\xa9", NULL, 2},
	{"\xe2\x82\xac", NULL, 3},
	{"\xf0\x9f\x98\x80", NULL, 4},
	{"\x7f", NULL, 1},
	{"None.", NULL, 5},
	{"\xf4\x8f\xbf\xbf", NULL, 4},
	{"\xed\x9f\xbf", NULL, 3},
	{"\xef\xbf\xbd", NULL, 3},
	{"\0", "\\x00", 1},
	{"\1", "\\x01", 1},
	{"\v", "\\x0b", 1},
	{"\x1b", "\\x1b", 1},
	{"\xff", "\\xff", 1},
	{"\xc3(", "\\xc3(", 2},
	{"\xc0\xaf", "\\xc0\\xaf", 2},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80", 3},
	{"\xef\xbf\xbe", "\\xef\\xbf\\xbe", 3},
	{"\xf5(", "\\xf5(", 2},
	{"\xe2\x82(", "\\xe2\\x82(", 3},
	{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 4},
};

static bool chances(struct making *making, size_t one_in)
{
	return chance_below(&making->seed, one_in) == 0;
}

/** Makes a non-empty value without the bytes in `not`. */
static struct ds_text value_without(struct making *making, const char *without, bool may_have_nul)
{
	struct buffer text = {0};
	size_t count = 1 + chance_below(&making->seed, chances(making, 30) ? 60 : 4);
	struct ds_text value;

	while (count || !text.size) {
		const struct piece *piece = &pieces[chance_below(&making->seed, COUNT(pieces))];
		bool is_good = may_have_nul || piece->bytes[0];

		count -= count > 0;
		for (size_t i = 0; i < piece->size; i++)
			is_good &= !piece->bytes[i] || !strchr(without, piece->bytes[i]);
		if (!is_good)
			continue;
		if (making->spelling == MASKED && piece->masked)
			buffer_string(&text, piece->masked);
		else
			buffer_add(&text, piece->bytes, piece->size);
	}
	value = arena_text(making->arena, text.data, text.size);
	buffer_fini(&text);
	return value;
}

static struct ds_text value(struct making *making)
{
	return value_without(making, "", true);
}

static struct ds_text maybe(struct making *making)
{
	return chances(making, 2) ? value(making) : (struct ds_text){NULL, 0};
}

static struct ds_text word(const char *string)
{
	return (struct ds_text){string, strlen(string)};
}

static struct ds_text prefixed(struct making *making, const char *prefix, struct ds_text rest)
{
	struct buffer text = {0};
	struct ds_text whole;

	buffer_string(&text, prefix);
	buffer_add(&text, rest.data, rest.size);
	whole = arena_text(making->arena, text.data, text.size);
	buffer_fini(&text);
	return whole;
}

static void *items(struct making *making, size_t count, size_t size)
{
	void *memory = arena_alloc(making->arena, count * size + 1);

	assert_non_null(memory);
	return memset(memory, 0, count * size);
}

/* ---- devices ---- */

static void fill_disk(struct making *making, struct ds_disk *disk)
{
	static const char *const drivers[] = {"file", "phy", "tap", "tap2", "nbd", "iscsi"};

	disk->device = chances(making, 4) ? DS_DEVICE_CDROM : DS_DEVICE_DISK;
	/* A name that neither libvirt nor xend knows. */
	disk->target = prefixed(making, chances(making, 2) ? "xvd" : "hd",
		value_without(making, ":", true));
	disk->readonly = disk->device == DS_DEVICE_CDROM || chances(making, 3);
	disk->shareable = !disk->readonly && chances(making, 3);
	if (disk->device == DS_DEVICE_CDROM && chances(making, 2))
		return;
	disk->driver = chances(making, 6)
		? prefixed(making, "x", value_without(making, ":", true))
		: word(drivers[chance_below(&making->seed, COUNT(drivers))]);
	disk->type = text_is(disk->driver, "phy") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	if (text_is(disk->driver, "tap") || text_is(disk->driver, "tap2"))
		disk->format = chances(making, 2) ? word("aio") : value_without(making, ":", true);
	disk->source = chances(making, 10) ? word("") : value(making);
}

static void add_disks(struct making *making, struct ds_domain *domain)
{
	size_t count = chance_below(&making->seed, 4);
	bool has_floppy = domain->is_hvm && chances(making, 3);
	struct ds_disk *disks = items(making, count + 1, sizeof *disks);

	for (size_t i = 0; i < count; i++)
		fill_disk(making, &disks[i]);
	if (has_floppy)
		disks[count] = (struct ds_disk){.device = DS_DEVICE_FLOPPY,
			.driver = word("file"),
			.source = value(making),
			.target = word(chances(making, 2) ? "fda" : "fdb")};
	domain->disks = disks;
	domain->disk_count = count + (size_t)has_floppy;
}

static void add_interfaces(struct making *making, struct ds_domain *domain)
{
	size_t count = chance_below(&making->seed, 3);
	struct ds_interface *interfaces = items(making, count, sizeof *interfaces);

	for (size_t i = 0; i < count; i++) {
		struct ds_interface *item = &interfaces[i];

		item->type = chances(making, 2) ? DS_INTERFACE_BRIDGE : DS_INTERFACE_ETHERNET;
		if (item->type == DS_INTERFACE_BRIDGE) {
			item->source = maybe(making);
			item->script = item->source.data ? value(making) : word("vif-bridge");
		} else {
			item->script = maybe(making);
		}
		item->mac = maybe(making);
		item->ip = maybe(making);
		item->target =
			chances(making, 2) ? prefixed(making, "tap", value(making)) : item->target;
		item->model = maybe(making);
		item->rate_kib = chance_below(&making->seed, 3) * 1000;
	}
	domain->interfaces = interfaces;
	domain->interface_count = count;
}

static void add_graphics(struct making *making, struct ds_domain *domain)
{
	struct ds_graphics *item = items(making, 1, sizeof *item);

	domain->graphics = item;
	domain->graphics_count = 1;
	if (chances(making, 3)) {
		item->type = DS_GRAPHICS_SDL;
		item->display = maybe(making);
		item->xauthority = maybe(making);
		return;
	}
	item->port = chances(making, 2) ? -1 : 5900 + (int32_t)chance_below(&making->seed, 5900);
	item->listen = maybe(making);
	item->password = maybe(making);
	item->keymap = maybe(making);
}

static void fill_char(struct making *making, struct ds_char *item)
{
	item->type = (enum ds_char_type)chance_below(&making->seed, DS_CHAR_UNIX + 1);
	switch (item->type) {
	case DS_CHAR_FILE:
	case DS_CHAR_PIPE:
		item->path = value_without(making, "", false);
		break;
	case DS_CHAR_DEV:
		item->path = prefixed(making, "/", value_without(making, "", false));
		break;
	case DS_CHAR_UNIX:
		item->path = value_without(making, ",", false);
		item->listens = chances(making, 2);
		break;
	case DS_CHAR_TCP:
	case DS_CHAR_TELNET:
	case DS_CHAR_UDP:
		item->host = value_without(making, ":,@[]", false);
		item->service = value_without(making, ":,@[]", false);
		item->listens = item->type != DS_CHAR_UDP && chances(making, 2);
		if (item->type == DS_CHAR_UDP && chances(making, 2)) {
			item->bind_host = value_without(making, ":,@[]", false);
			item->bind_service = value_without(making, ":,@[]", false);
		}
		break;
	default:
		break;
	}
}

static void add_chars(struct making *making, struct ds_domain *domain)
{
	size_t serials = chance_below(&making->seed, 4);
	size_t parallels = chance_below(&making->seed, 2);
	struct ds_char *chars = items(making, serials + parallels, sizeof *chars);

	for (size_t i = 0; i < serials + parallels; i++) {
		chars[i].kind = i < serials ? DS_CHAR_SERIAL : DS_CHAR_PARALLEL;
		chars[i].port = (uint32_t)(i < serials ? i : i - serials);
		fill_char(making, &chars[i]);
	}
	domain->chars = chars;
	domain->char_count = serials + parallels;
}

static void add_others(struct making *making, struct ds_domain *domain)
{
	static const char *const usb[] = {"tablet", "mouse", "keyboard"};
	size_t count = chance_below(&making->seed, 3);
	struct ds_pci *pcis = items(making, count, sizeof *pcis);
	struct ds_word *sounds = items(making, count, sizeof *sounds);
	struct ds_word *inputs = items(making, count, sizeof *inputs);

	for (size_t i = 0; i < count; i++) {
		pcis[i] = (struct ds_pci){0, (uint32_t)chance(&making->seed),
			(uint32_t)chance(&making->seed) & 0xff,
			(uint32_t)chance(&making->seed) & 0x1f, (uint32_t)chance(&making->seed) & 7,
			false};
		sounds[i].word = value_without(making, ",", true);
		inputs[i].word = word(usb[chance_below(&making->seed, COUNT(usb))]);
		inputs[i].bus = word("usb");
	}
	domain->pcis = pcis;
	domain->pci_count = count;
	if (!domain->is_hvm)
		return;
	domain->sounds = sounds;
	domain->sound_count = count;
	domain->inputs = inputs;
	domain->input_count = count;
}

/* ---- the domain ---- */

static void fill_hvm(struct making *making, struct ds_domain *domain)
{
	static const char letters[] = "acdn";

	domain->os_type = word("hvm");
	domain->loader = prefixed(making, "/usr/lib/xen/", value(making));
	if (chances(making, 2)) {
		domain->kernel = prefixed(making, "/boot/", value(making));
		domain->initrd = maybe(making);
		domain->root = maybe(making);
	}
	domain->boot_count = 1 + chance_below(&making->seed, DS_BOOT_MAX);
	for (size_t i = 0; i < domain->boot_count; i++)
		domain->boot[i] = letters[chance_below(&making->seed, 4)];
	domain->acpi = chances(making, 2) ? DS_FLAG_ON : DS_FLAG_UNSET;
	domain->apic = chances(making, 2) ? DS_FLAG_ON : DS_FLAG_UNSET;
	domain->pae = chances(making, 2) ? DS_FLAG_ON : DS_FLAG_UNSET;
	domain->hap = chances(making, 2) ? DS_FLAG_ON : DS_FLAG_UNSET;
	domain->viridian = chances(making, 2) ? DS_FLAG_ON : DS_FLAG_UNSET;
	domain->hpet = (enum ds_flag)chance_below(&making->seed, 3);
	domain->clock = DS_CLOCK_VARIABLE;
	domain->clock_is_local = chances(making, 2);
	domain->clock_adjustment = (int64_t)chance_below(&making->seed, 100000) - 50000;
	add_chars(making, domain);
}

static void fill_linux(struct making *making, struct ds_domain *domain)
{
	domain->os_type =
		chances(making, 4) ? prefixed(making, "bsd", value(making)) : word("linux");
	if (chances(making, 2)) {
		domain->bootloader =
			chances(making, 4) ? word("") : prefixed(making, "/", value(making));
		domain->bootloader_args = maybe(making);
	} else {
		domain->kernel = value(making);
		domain->initrd = maybe(making);
		domain->root = maybe(making);
	}
	domain->clock = chances(making, 2) ? DS_CLOCK_LOCALTIME : DS_CLOCK_UTC;
}

static void fill_scalars(struct making *making, struct ds_domain *domain)
{
	char uuid[UUID_TEXT_SIZE + 1];

	domain->name = value(making);
	if (chances(making, 2)) {
		snprintf(uuid, sizeof uuid, "%08x-0123-4567-89ab-%012x",
			(unsigned)chance(&making->seed), (unsigned)chance(&making->seed));
		domain->uuid = arena_text(making->arena, uuid, UUID_TEXT_SIZE);
	}
	domain->description = maybe(making);
	domain->memory_kib = (1 + chance_below(&making->seed, 100000)) * 1024;
	domain->current_memory_kib =
		1024 + chance_below(&making->seed, domain->memory_kib / 1024) * 1024;
	domain->vcpus = 1 + chance_below(&making->seed, 60);
	domain->vcpus_online = chance_below(&making->seed, domain->vcpus);
	domain->cpuset = maybe(making);
	domain->on_poweroff = maybe(making);
	domain->on_reboot = maybe(making);
	domain->on_crash = maybe(making);
	domain->emulator = maybe(making);
	domain->cmdline = maybe(making);
}

const struct ds_domain *make_record(struct arena *arena, uint64_t number, enum spelling spelling)
{
	struct making making = {arena, number * 7919, spelling};
	struct ds_domain *domain = items(&making, 1, sizeof *domain);

	ds_domain_init(domain, sizeof *domain);
	domain->place = (struct ds_place){"made-up", 0, 1, 1};
	domain->input = domain->raw = word("");
	domain->format = DS_FORMAT_SEXPR;
	domain->type = word("xen");
	domain->is_hvm = chances(&making, 2);
	fill_scalars(&making, domain);
	if (domain->is_hvm)
		fill_hvm(&making, domain);
	else
		fill_linux(&making, domain);
	add_disks(&making, domain);
	add_interfaces(&making, domain);
	if (chances(&making, 2))
		add_graphics(&making, domain);
	add_others(&making, domain);
	assert_false(arena->failed);
	return domain;
}

/* ---- comparing ---- */

/** Copies an array, and clears the members of each item that are not compared. */
#define WITHOUT_PLACES(type, array, count, ...) \
	do { \
		type *copies = arena_copy(&arena, copy.array, copy.count, sizeof *copies); \
		for (size_t i = 0; i < copy.count; i++) { \
			type *item = &copies[i]; \
			item->at = 0; \
			__VA_ARGS__; \
		} \
		copy.array = copies; \
	} while (0)

/** Returns the ports ordered by kind, because their order has no meaning. */
static const struct ds_char *by_kind(struct arena *arena, const struct ds_domain *domain)
{
	struct ds_char *chars = arena_alloc(arena, domain->char_count * sizeof *chars + 1);
	size_t count = 0;

	assert_non_null(chars);
	for (int kind = DS_CHAR_SERIAL; kind <= DS_CHAR_CONSOLE; kind++)
		for (size_t i = 0; i < domain->char_count; i++)
			if ((int)domain->chars[i].kind == kind)
				chars[count++] = domain->chars[i];
	return chars;
}

void add_meaning(struct buffer *out, const struct ds_domain *domain)
{
	struct ds_domain copy = *domain;
	struct arena arena;

	arena_init(&arena);
	copy.place = (struct ds_place){"", 0, 1, 1};
	copy.input = copy.raw = word("");
	copy.format = DS_FORMAT_XML;
	copy.extra_count = 0;
	/* SEXPR expresses both settings by one key. */
	copy.clock_is_local |= copy.clock == DS_CLOCK_LOCALTIME;
	WITHOUT_PLACES(struct ds_disk, disks, disk_count, {
		item->bus = item->mode = item->uname = (struct ds_text){NULL, 0};
		item->klass = DS_CLASS_NONE;
		/* `bootable` and the boot order are converted into each other. */
		item->bootable = DS_FLAG_UNSET;
		item->boot_order = 0;
	});
	WITHOUT_PLACES(struct ds_interface, interfaces, interface_count, {
		item->vif_type = (struct ds_text){NULL, 0};
		item->boot_order = 0;
	});
	/* SDL has no port. */
	WITHOUT_PLACES(struct ds_graphics, graphics, graphics_count,
		item->port = item->type == DS_GRAPHICS_VNC ? item->port : 0);
	copy.chars = by_kind(&arena, &copy);
	WITHOUT_PLACES(struct ds_char, chars, char_count, );
	WITHOUT_PLACES(struct ds_pci, pcis, pci_count, );
	WITHOUT_PLACES(struct ds_word, sounds, sound_count, );
	WITHOUT_PLACES(struct ds_word, inputs, input_count, );
	WITHOUT_PLACES(struct ds_pin, pins, pin_count, );
	dump_domain(out, &copy);
	arena_fini(&arena);
}
