/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"

#include <stddef.h>

/* The elements and attributes of domain XML and their meaning. Source: libvirt's domaincommon.rng
 * and formatdomain. The name in a row is a path below `<domain>`. The row of an element is before
 * the rows of its contents; an element that only has contents needs none. */
/* clang-format off */

/* An element with the functions that are called when it begins and when it ends. All of a DETAIL
 * becomes an extra, too; elements in it that have no row are details as well. */
#define ELEMENT(path, begins, ends) {path, .begin = begins, .end = ends},
#define DETAIL(path, begins, ends) {path, .action = XML_DETAIL, .begin = begins, .end = ends},
#define DEVICE(path, devices, begins, ends) \
	{path, .kind = DEVICES_##devices, .begin = begins, .end = ends},
#define CHAR_DEVICE(path, type) \
	{path, .kind = DEVICES_CHAR, .member = DS_CHAR_##type, .begin = xml_begin_char, \
		.end = xml_end_device, .like = "devices/serial/"},
#define DISK_FLAG(path, flag) \
	{path, .member = offsetof(struct ds_disk, flag), .begin = xml_begin_disk_flag},

/* A scalar. Elements with an amount of memory have the same attributes, and so have features. */
#define DS_FIELD(of, type, context, path, sexpr_context, sexpr_key) \
	{XML_PATH_##context path, .kind = KEY_##type, .member = offsetof(struct ds_domain, of), \
		.field = FIELD_##of, \
		.begin = KEY_##type == KEY_FLAG ? xml_begin_flag : xml_collect, \
		.end = KEY_##type == KEY_FLAG ? xml_end_flag : xml_end_scalar, \
		.like = FIELD_##of == FIELD_hpet ? NULL : \
			KEY_##type == KEY_MEMORY ? "memory/" : \
			KEY_##type == KEY_FLAG ? "features/acpi/" : NULL},
#define DS_XML_KNOWN(path) {path, .action = XML_KNOWN, .field = KEY_NO_FIELD},

/* An attribute with the function that sets it, and perhaps the field of the domain or the member of
 * a device that it sets. */
#define SETS(path, setter, index) {path, .field = index, .set = setter},
#define ATTRIBUTE(path, setter) SETS(path, setter, KEY_NO_FIELD)
#define SETS_OF(path, setter, type, of) \
	{path, .member = offsetof(struct type, of), .field = KEY_NO_FIELD, .set = setter},
/* An attribute that is a text of the domain or of a device. */
#define DOMAIN_TEXT(path, of) \
	{path, .kind = KEY_TEXT, .member = offsetof(struct ds_domain, of), .field = FIELD_##of},
#define TEXT_OF(path, type, of) \
	{path, .kind = KEY_TEXT, .member = offsetof(struct type, of), .field = KEY_NO_FIELD},
/* An attribute that is not a loss if it has one of these values. REPLACED: the output has another
 * word for it, or none. PCI_WORD: with any other value, the device is not a PCI device. */
#define WORDS(path, setter, list) {path, .field = KEY_NO_FIELD, .set = setter, .words = list},
#define USUAL(path, usual) WORDS(path, xml_set_usual, usual)
#define REPLACED(path, usual) WORDS(path, xml_set_replaced, usual)
#define PCI_WORD(path, word) WORDS(path, xml_set_pci_word, word)
/* An attribute that is a detail of a disk. */
#define HELD(path, holder, type, of) \
	{path, .inside = HOLDER_##holder, .member = offsetof(struct type, of), \
		.field = KEY_NO_FIELD, .set = xml_set_detail},
#define DETAIL_OF(path, of) HELD(path, DETAILS, ds_disk_details, of)
#define LOCATION_OF(path, of) HELD(path, LOCATION, ds_disk_location, of)
#define BACKING_OF(path, of) HELD(path, BACKING, ds_disk_backing, of)
#define HOST_OF(path, of) HELD(path, HOST, ds_disk_host, of)

/* Secrets of a disk, which may also be in its source. */
#define SECRETS(path) \
	DETAIL(path "/auth", NULL, NULL) \
	LOCATION_OF(path "/auth@username", user) \
	LOCATION_OF(path "/auth/secret@type", secret_type) \
	LOCATION_OF(path "/auth/secret@uuid", secret) \
	LOCATION_OF(path "/auth/secret@usage", secret) \
	DETAIL(path "/encryption", NULL, NULL) \
	LOCATION_OF(path "/encryption@format", encryption) \
	LOCATION_OF(path "/encryption/secret@uuid", encryption_secret) \
	LOCATION_OF(path "/encryption/secret@usage", encryption_secret)

/* The source of a disk, or of an image below it. */
#define SOURCE(path) \
	LOCATION_OF(path "@protocol", protocol) LOCATION_OF(path "@query", query) \
	LOCATION_OF(path "@tls", tls) LOCATION_OF(path "@pool", pool) \
	LOCATION_OF(path "@mode", pool_mode) LOCATION_OF(path "@path", socket) \
	LOCATION_OF(path "@namespace", nvme_namespace) \
	SETS_OF(path "@managed", xml_set_nvme, ds_pci, managed) \
	ATTRIBUTE(path "@type", NULL) ATTRIBUTE(path "@tlsHostname", NULL) \
	DETAIL(path "/host", xml_begin_host, NULL) \
	HOST_OF(path "/host@name", name) HOST_OF(path "/host@port", port) \
	HOST_OF(path "/host@transport", transport) HOST_OF(path "/host@socket", socket) \
	DETAIL(path "/snapshot", NULL, NULL) \
	LOCATION_OF(path "/snapshot@name", snapshot) \
	DETAIL(path "/config", NULL, NULL) \
	LOCATION_OF(path "/config@file", config) \
	DETAIL(path "/address", NULL, NULL) \
	SETS_OF(path "/address@domain", xml_set_nvme, ds_pci, domain) \
	SETS_OF(path "/address@bus", xml_set_nvme, ds_pci, bus) \
	SETS_OF(path "/address@slot", xml_set_nvme, ds_pci, slot) \
	SETS_OF(path "/address@function", xml_set_nvme, ds_pci, function) \
	SECRETS(path)

static const struct key rows[] = {
	DOMAIN_TEXT("@type", type)
	SETS("@id", xml_set_id, FIELD_id)
	DETAIL("metadata", xml_begin_metadata, NULL)
	DETAIL("metadata/" XML_ORIGINAL_NAME, xml_begin_original, xml_end_original)
	ATTRIBUTE("metadata/" XML_ORIGINAL_NAME "@encoding", xml_set_encoding)
	DEVICE("cputune/vcpupin", PIN, xml_begin_device, xml_end_device)
	ATTRIBUTE("cputune/vcpupin@vcpu", xml_set_pin_vcpu)
	TEXT_OF("cputune/vcpupin@cpuset", ds_pin, cpuset)

	DEVICE("devices/disk", DISK, xml_begin_disk, xml_end_disk)
	ATTRIBUTE("devices/disk@type", xml_set_disk_type)
	ATTRIBUTE("devices/disk@device", xml_set_disk_device)
	DETAIL_OF("devices/disk@snapshot", snapshot)
	TEXT_OF("devices/disk/driver@name", ds_disk, driver)
	TEXT_OF("devices/disk/driver@type", ds_disk, format)
	DETAIL_OF("devices/disk/driver@cache", cache)
	DETAIL_OF("devices/disk/driver@io", io)
	DETAIL_OF("devices/disk/driver@error_policy", error_policy)
	DETAIL_OF("devices/disk/driver@rerror_policy", rerror_policy)
	DETAIL_OF("devices/disk/driver@discard", discard)
	DETAIL_OF("devices/disk/driver@detect_zeroes", detect_zeroes)
	ELEMENT("devices/disk/source", NULL, xml_end_source)
	TEXT_OF("devices/disk/source@file", ds_disk, source)
	TEXT_OF("devices/disk/source@dev", ds_disk, source)
	TEXT_OF("devices/disk/source@dir", ds_disk, source)
	TEXT_OF("devices/disk/source@name", ds_disk, source)
	TEXT_OF("devices/disk/source@volume", ds_disk, source)
	USUAL("devices/disk/source@index", "")
	DETAIL_OF("devices/disk/source@startupPolicy", startup_policy)
	SOURCE("devices/disk/source")
	SECRETS("devices/disk")
	SETS_OF("devices/disk/target@dev", xml_set_disk_target, ds_disk, target)
	TEXT_OF("devices/disk/target@bus", ds_disk, bus)
	TEXT_OF("devices/disk/backenddomain@name", ds_disk, backend)
	SETS_OF("devices/disk/boot@order", xml_set_order, ds_disk, boot_order)
	DISK_FLAG("devices/disk/readonly", readonly)
	DISK_FLAG("devices/disk/shareable", shareable)
	DETAIL("devices/disk/serial", xml_collect, xml_end_serial)
	DETAIL("devices/disk/transient", xml_begin_transient, NULL)
	DETAIL("devices/disk/backingStore", xml_begin_backing, xml_end_backing)
	{"devices/disk/backingStore/backingStore", .action = XML_DETAIL,
		.begin = xml_begin_backing, .end = xml_end_backing,
		.like = "devices/disk/backingStore/"},
	ATTRIBUTE("devices/disk/backingStore@type", xml_set_backing_type)
	BACKING_OF("devices/disk/backingStore/format@type", format)
	DETAIL("devices/disk/backingStore/source", NULL, xml_end_source)
	BACKING_OF("devices/disk/backingStore/source@file", source)
	BACKING_OF("devices/disk/backingStore/source@dev", source)
	BACKING_OF("devices/disk/backingStore/source@dir", source)
	BACKING_OF("devices/disk/backingStore/source@name", source)
	BACKING_OF("devices/disk/backingStore/source@volume", source)
	SOURCE("devices/disk/backingStore/source")

	DEVICE("devices/interface", INTERFACE, xml_begin_device, xml_end_device)
	ATTRIBUTE("devices/interface@type", xml_set_interface_type)
	TEXT_OF("devices/interface/mac@address", ds_interface, mac)
	TEXT_OF("devices/interface/source@bridge", ds_interface, source)
	TEXT_OF("devices/interface/source@network", ds_interface, source)
	TEXT_OF("devices/interface/source@dev", ds_interface, source)
	TEXT_OF("devices/interface/script@path", ds_interface, script)
	TEXT_OF("devices/interface/ip@address", ds_interface, ip)
	USUAL("devices/interface/ip@family", "ipv4")
	TEXT_OF("devices/interface/target@dev", ds_interface, target)
	TEXT_OF("devices/interface/model@type", ds_interface, model)
	TEXT_OF("devices/interface/backenddomain@name", ds_interface, backend)
	SETS_OF("devices/interface/boot@order", xml_set_order, ds_interface, boot_order)
	ATTRIBUTE("devices/interface/bandwidth/outbound@average", xml_set_rate)

	DEVICE("devices/graphics", GRAPHICS, xml_begin_device, xml_end_graphics)
	ATTRIBUTE("devices/graphics@type", xml_set_graphics_type)
	ATTRIBUTE("devices/graphics@port", xml_set_graphics_port)
	WORDS("devices/graphics@autoport", xml_set_flag, "yes no")
	TEXT_OF("devices/graphics@listen", ds_graphics, listen)
	TEXT_OF("devices/graphics@passwd", ds_graphics, password)
	TEXT_OF("devices/graphics@keymap", ds_graphics, keymap)
	TEXT_OF("devices/graphics@display", ds_graphics, display)
	TEXT_OF("devices/graphics@xauth", ds_graphics, xauthority)
	USUAL("devices/graphics/listen@type", "address")
	TEXT_OF("devices/graphics/listen@address", ds_graphics, listen)

	CHAR_DEVICE("devices/serial", SERIAL)
	CHAR_DEVICE("devices/parallel", PARALLEL)
	CHAR_DEVICE("devices/console", CONSOLE)
	ATTRIBUTE("devices/serial@type", xml_set_char_type)
	USUAL("devices/serial@tty", "")
	ELEMENT("devices/serial/source", NULL, xml_end_char_source)
	TEXT_OF("devices/serial/source@path", ds_char, path)
	ATTRIBUTE("devices/serial/source@mode", xml_set_char_mode)
	SETS_OF("devices/serial/source@host", xml_set_char_end, ds_char, host)
	SETS_OF("devices/serial/source@service", xml_set_char_end, ds_char, service)
	ATTRIBUTE("devices/serial/protocol@type", xml_set_char_protocol)
	ATTRIBUTE("devices/serial/target@port", xml_set_char_port)
	USUAL("devices/serial/target@type", "xen serial isa-serial")

	DEVICE("devices/sound", SOUND, xml_begin_device, xml_end_device)
	TEXT_OF("devices/sound@model", ds_word, word)
	DEVICE("devices/input", INPUT, xml_begin_device, xml_end_device)
	TEXT_OF("devices/input@type", ds_word, word)
	TEXT_OF("devices/input@bus", ds_word, bus)
	DEVICE("devices/hostdev", PCI, xml_begin_device, xml_end_device)
	PCI_WORD("devices/hostdev@mode", "subsystem")
	PCI_WORD("devices/hostdev@type", "pci")
	ATTRIBUTE("devices/hostdev@managed", xml_set_managed)
	USUAL("devices/hostdev/source/address@type", "pci")
	SETS_OF("devices/hostdev/source/address@domain", xml_set_address, ds_pci, domain)
	SETS_OF("devices/hostdev/source/address@bus", xml_set_address, ds_pci, bus)
	SETS_OF("devices/hostdev/source/address@slot", xml_set_address, ds_pci, slot)
	SETS_OF("devices/hostdev/source/address@function", xml_set_address, ds_pci, function)

#include "record/fields.def"
	ATTRIBUTE("memory@unit", xml_set_unit)
	REPLACED("memory@dumpCore", "on")
	USUAL("vcpu@placement", "static")
	SETS("vcpu@current", xml_set_vcpus_online, FIELD_vcpus_online)
	DOMAIN_TEXT("vcpu@cpuset", cpuset)
	REPLACED("os/type@arch", "x86_64")
	REPLACED("os/type@machine", "xenpv xenfv")
	USUAL("os/loader@type", "rom")
	SETS("os/boot@dev", xml_add_boot, FIELD_boot)
	WORDS("features/acpi@state", xml_set_flag, "on off")
	SETS("clock@offset", xml_set_clock, FIELD_clock)
	SETS("clock@adjustment", xml_set_adjustment, FIELD_clock_adjustment)
	SETS("clock@basis", xml_set_basis, FIELD_clock_is_local)
	ATTRIBUTE("clock/timer@name", xml_set_timer_name)
	WORDS("clock/timer@present", xml_set_flag, "yes no")
};
/* clang-format on */

static const size_t row_count = sizeof rows / sizeof *rows;

/** Adds an element or attribute, whose name has this size. */
static struct key *add(struct xml_keys *keys, struct keymap *map, const struct key *row,
	unsigned context, const char *name, size_t size)
{
	struct key *key = &keys->keys[keys->count++];

	*key = *row;
	key->name = name;
	key->context = (unsigned char)context;
	keymap_add(map, key, size);
	if (map == &keys->elements)
		key->inside = (unsigned char)map->count;
	return key;
}

/** Returns the innermost element of a path that ends with an element or attribute. Adds all
 * elements before that have no row; they are details if the element around them is one. */
static const struct key *enter(struct xml_keys *keys, const char *path, const char **last)
{
	/* The first one is <domain>. */
	const struct key *open = keys->keys;
	size_t size;

	for (; path[size = strcspn(path, "/@")]; path += size + 1) {
		const struct key_guess *found =
			keymap_find(&keys->elements, open->inside, path, size);

		if (found)
			open = found->key;
		else if (size)
			open = add(keys, &keys->elements, &(struct key){.action = open->action},
				open->inside, path, size);
	}
	*last = path;
	return open;
}

static void add_row(struct xml_keys *keys, const struct key *row)
{
	const char *name, *end;
	unsigned context = enter(keys, row->name, &name)->inside;
	bool is_attribute = name > row->name && name[-1] == '@';
	struct key *key = add(keys, is_attribute ? &keys->attributes : &keys->elements, row,
		context, name, strlen(name));

	if (!is_attribute && row->like)
		key->inside = enter(keys, row->like, &end)->inside;
}

void xml_keys_init(struct xml_keys *keys)
{
	memset(keys, 0, sizeof *keys);
	add(keys, &keys->elements, &(struct key){.action = XML_ENTER}, XML_TOP, "domain",
		strlen("domain"));
	for (size_t i = 0; i < row_count; i++)
		add_row(keys, &rows[i]);
}

bool xml_has_child(struct ds_text name)
{
	for (size_t i = 0; i < row_count && name.size; i++) {
		const char *path = rows[i].name;

		if (*path == *name.data && strcspn(path, "/@") == name.size &&
			memcmp(path, name.data, name.size) == 0)
			return true;
	}
	return false;
}
