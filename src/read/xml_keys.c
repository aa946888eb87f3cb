/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/members.h"
#include "record/text.h"

#include <stddef.h>

/* The elements and attributes of domain XML and their meaning. Source: libvirt's domaincommon.rng
 * and formatdomain. Each line has one or several rows. */
/* clang-format off */

/* An element: its context, its name and the context of its contents. ELEMENT also has the
 * functions that are called when it begins and when it ends. All of a DETAIL becomes an extra, too;
 * DETAIL_WITH has such functions. */
#define ELEMENT(context, name, inside, begins, ends) \
	{name, XML_##context, XML_ENTER, XML_##inside, 0, 0, KEY_NO_FIELD, \
		.begin = begins, .end = ends},
#define ENTER(context, name, inside) ELEMENT(context, name, inside, NULL, NULL)
#define DEVICE(context, name, inside, device, begins, ends) \
	{name, XML_##context, XML_ENTER, XML_##inside, DEVICES_##device, 0, KEY_NO_FIELD, \
		.begin = begins, .end = ends},
#define CHAR_ELEMENT(name, kind) \
	{name, XML_DEVICES, XML_ENTER, XML_CHAR, DEVICES_CHAR, DS_CHAR_##kind, KEY_NO_FIELD, \
		.begin = xml_begin_char, .end = xml_end_device},
#define DISK_FLAG(name, member) \
	{name, XML_DISK, XML_ENTER, XML_NOWHERE, 0, offsetof(struct ds_disk, member), \
		KEY_NO_FIELD, .begin = xml_begin_disk_flag},
#define DETAIL_WITH(context, name, inside, begins, ends) \
	{name, XML_##context, XML_DETAIL, XML_##inside, 0, 0, KEY_NO_FIELD, \
		.begin = begins, .end = ends},
#define DETAIL(context, name, inside) DETAIL_WITH(context, name, inside, NULL, NULL)
#define DS_XML_KNOWN(context, name) {name, XML_##context, XML_KNOWN, .field = KEY_NO_FIELD},

/* A field of the domain. Its attributes depend on its kind, or on the field. */
#define XML_NONE XML_NOWHERE
#define DS_FIELD(member, kind, context, name, sexpr_context, sexpr_key) \
	{name, XML_##context, XML_ENTER, \
		FIELD_##member == FIELD_os_type ? XML_OS_TYPE : \
		FIELD_##member == FIELD_loader ? XML_LOADER : \
		KEY_##kind == KEY_MEMORY ? XML_MEMORY : \
		KEY_##kind == KEY_COUNT ? XML_VCPU : \
		KEY_##kind == KEY_FLAG ? XML_FEATURE : XML_NOWHERE, \
		KEY_##kind, offsetof(struct ds_domain, member), FIELD_##member, \
		.begin = KEY_##kind == KEY_FLAG ? xml_begin_flag : xml_begin_scalar, \
		.end = KEY_##kind == KEY_FLAG ? xml_end_feature : xml_end_scalar},

/* An attribute: its context, its name, the function that sets it, and perhaps the field of the
 * domain or the member of a device that it sets. */
#define ATTRIBUTE(context, name, setter) \
	{name, XML_##context, .field = KEY_NO_FIELD, .set = setter},
#define SETS(context, name, setter, member) \
	{name, XML_##context, .field = FIELD_##member, .set = setter},
#define SETS_OF(context, name, setter, type, member) \
	{name, XML_##context, 0, 0, 0, offsetof(struct type, member), KEY_NO_FIELD, .set = setter},
/* An attribute that is a text of the domain or of a device. */
#define DOMAIN_TEXT(context, name, member) \
	{name, XML_##context, 0, 0, KEY_TEXT, offsetof(struct ds_domain, member), FIELD_##member, \
		.set = NULL},
#define TEXT_OF(context, name, type, member) \
	{name, XML_##context, 0, 0, KEY_TEXT, offsetof(struct type, member), KEY_NO_FIELD, \
		.set = NULL},
/* An attribute that is not a loss if it has one of these values. REPLACED: the output has another
 * word for it, or none. PCI_WORD: with any other value, the device is not a PCI device. */
#define WORDS(context, name, setter, list) \
	{name, XML_##context, .field = KEY_NO_FIELD, .set = setter, .words = list},
#define USUAL(context, name, usual) WORDS(context, name, xml_set_usual, usual)
#define REPLACED(context, name, usual) WORDS(context, name, xml_set_replaced, usual)
#define PCI_WORD(context, name, word) WORDS(context, name, xml_set_pci_word, word)
/* An attribute that the record cannot store, or that is a detail of a disk. */
#define KNOWN(context, name) ATTRIBUTE(context, name, NULL)
#define HELD(context, name, holder, type, member) \
	{name, XML_##context, 0, HOLDER_##holder, 0, offsetof(struct type, member), KEY_NO_FIELD, \
		.set = xml_set_detail},
#define DETAIL_OF(context, name, member) HELD(context, name, DETAILS, ds_disk_details, member)
#define LOCATION_OF(context, name, member) HELD(context, name, LOCATION, ds_disk_location, member)
#define BACKING_OF(context, name, member) HELD(context, name, BACKING, ds_disk_backing, member)
#define HOST_OF(name, member) HELD(DISK_HOST, name, HOST, ds_disk_host, member)

/* The contents of <source>, for a disk and for the images below it. */
#define SOURCE_ELEMENTS(context) \
	DETAIL_WITH(context, "host", DISK_HOST, xml_begin_host, NULL) \
	DETAIL(context, "snapshot", DISK_SNAPSHOT) DETAIL(context, "config", DISK_CONFIG) \
	DETAIL(context, "auth", DISK_AUTH) \
	DETAIL(context, "encryption", DISK_ENCRYPTION) DETAIL(context, "address", NVME_ADDRESS)
#define SOURCE_ATTRIBUTES(context) \
	LOCATION_OF(context, "protocol", protocol) LOCATION_OF(context, "query", query) \
	LOCATION_OF(context, "tls", tls) LOCATION_OF(context, "pool", pool) \
	LOCATION_OF(context, "mode", pool_mode) LOCATION_OF(context, "path", socket) \
	LOCATION_OF(context, "namespace", nvme_namespace) \
	ATTRIBUTE(context, "managed", xml_set_nvme_managed) KNOWN(context, "type") \
	KNOWN(context, "tlsHostname")

const struct key xml_element_keys[] = {
#include "record/fields.def"
	ENTER(TOP, "domain", DOMAIN)
	DETAIL_WITH(DOMAIN, "metadata", METADATA, xml_begin_metadata, NULL)
	DETAIL_WITH(METADATA, XML_ORIGINAL_NAME, ORIGINAL, xml_begin_original, xml_end_original)
	ENTER(DOMAIN, "os", OS)
	ENTER(DOMAIN, "features", FEATURES)
	ENTER(DOMAIN, "clock", CLOCK)
	ENTER(DOMAIN, "devices", DEVICES)
	ENTER(DOMAIN, "cputune", CPUTUNE)
	DEVICE(CPUTUNE, "vcpupin", PIN, PIN, xml_begin_device, xml_end_device)
	ENTER(OS, "boot", BOOT)
	ELEMENT(CLOCK, "timer", TIMER, xml_begin_flag, xml_end_timer)
	DEVICE(DEVICES, "disk", DISK, DISK, xml_begin_disk, xml_end_disk)
	DEVICE(DEVICES, "interface", INTERFACE, INTERFACE, xml_begin_device, xml_end_device)
	DEVICE(DEVICES, "graphics", GRAPHICS, GRAPHICS, xml_begin_device, xml_end_graphics)
	CHAR_ELEMENT("serial", SERIAL)
	CHAR_ELEMENT("parallel", PARALLEL)
	CHAR_ELEMENT("console", CONSOLE)
	DEVICE(DEVICES, "sound", SOUND, SOUND, xml_begin_device, xml_end_device)
	DEVICE(DEVICES, "input", INPUT, INPUT, xml_begin_device, xml_end_device)
	DEVICE(DEVICES, "hostdev", HOSTDEV, PCI, xml_begin_device, xml_end_device)
	ENTER(DISK, "driver", DISK_DRIVER)
	ELEMENT(DISK, "source", DISK_SOURCE, NULL, xml_end_source)
	ENTER(DISK, "target", DISK_TARGET)
	ENTER(DISK, "backenddomain", DISK_BACKEND)
	ENTER(DISK, "boot", DISK_BOOT)
	DISK_FLAG("readonly", readonly)
	DISK_FLAG("shareable", shareable)
	DETAIL_WITH(DISK, "backingStore", BACKING, xml_begin_backing, xml_end_backing)
	DETAIL_WITH(DISK, "serial", NOWHERE, xml_collect, xml_end_serial)
	DETAIL_WITH(DISK, "transient", NOWHERE, xml_begin_transient, NULL)
	DETAIL(DISK, "auth", DISK_AUTH)
	DETAIL(DISK, "encryption", DISK_ENCRYPTION)
	SOURCE_ELEMENTS(DISK_SOURCE)
	DETAIL(BACKING, "format", BACKING_FORMAT)
	DETAIL_WITH(BACKING, "source", BACKING_SOURCE, NULL, xml_end_source)
	DETAIL_WITH(BACKING, "backingStore", BACKING, xml_begin_backing, xml_end_backing)
	SOURCE_ELEMENTS(BACKING_SOURCE)
	DETAIL(DISK_AUTH, "secret", AUTH_SECRET)
	DETAIL(DISK_ENCRYPTION, "secret", ENCRYPTION_SECRET)
	ENTER(INTERFACE, "mac", INTERFACE_MAC)
	ENTER(INTERFACE, "source", INTERFACE_SOURCE)
	ENTER(INTERFACE, "script", INTERFACE_SCRIPT)
	ENTER(INTERFACE, "ip", INTERFACE_IP)
	ENTER(INTERFACE, "target", INTERFACE_TARGET)
	ENTER(INTERFACE, "model", INTERFACE_MODEL)
	ENTER(INTERFACE, "backenddomain", INTERFACE_BACKEND)
	ENTER(INTERFACE, "boot", INTERFACE_BOOT)
	ENTER(INTERFACE, "bandwidth", INTERFACE_BANDWIDTH)
	ENTER(INTERFACE_BANDWIDTH, "outbound", INTERFACE_OUTBOUND)
	ENTER(GRAPHICS, "listen", LISTEN)
	ELEMENT(CHAR, "source", CHAR_SOURCE, NULL, xml_end_char_source)
	ENTER(CHAR, "protocol", CHAR_PROTOCOL)
	ENTER(CHAR, "target", CHAR_TARGET)
	ENTER(HOSTDEV, "source", HOSTDEV_SOURCE)
	ENTER(HOSTDEV_SOURCE, "address", HOSTDEV_ADDRESS)
};

const size_t xml_element_count = sizeof xml_element_keys / sizeof *xml_element_keys;

const struct key xml_attribute_keys[] = {
	DOMAIN_TEXT(DOMAIN, "type", type)
	SETS(DOMAIN, "id", xml_set_id, id)
	ATTRIBUTE(ORIGINAL, "encoding", xml_set_encoding)
	ATTRIBUTE(MEMORY, "unit", xml_set_unit)
	REPLACED(MEMORY, "dumpCore", "on")
	USUAL(VCPU, "placement", "static")
	SETS(VCPU, "current", xml_set_vcpus_online, vcpus_online)
	DOMAIN_TEXT(VCPU, "cpuset", cpuset)
	REPLACED(OS_TYPE, "arch", "x86_64") REPLACED(OS_TYPE, "machine", "xenpv xenfv")
	USUAL(LOADER, "type", "rom")
	SETS(BOOT, "dev", xml_add_boot, boot)
	WORDS(FEATURE, "state", xml_set_flag, "on off")
	SETS(CLOCK, "offset", xml_set_clock, clock)
	SETS(CLOCK, "adjustment", xml_set_adjustment, clock_adjustment)
	SETS(CLOCK, "basis", xml_set_basis, clock_is_local)
	ATTRIBUTE(TIMER, "name", xml_set_timer_name)
	WORDS(TIMER, "present", xml_set_flag, "yes no")
	ATTRIBUTE(PIN, "vcpu", xml_set_pin_vcpu)
	TEXT_OF(PIN, "cpuset", ds_pin, cpuset)
	TEXT_OF(DISK_BACKEND, "name", ds_disk, backend)
	TEXT_OF(INTERFACE_BACKEND, "name", ds_interface, backend)
	SETS_OF(DISK_BOOT, "order", xml_set_order, ds_disk, boot_order)
	SETS_OF(INTERFACE_BOOT, "order", xml_set_order, ds_interface, boot_order)
	DETAIL_OF(DISK, "snapshot", snapshot)
	DETAIL_OF(DISK_DRIVER, "cache", cache) DETAIL_OF(DISK_DRIVER, "io", io)
	DETAIL_OF(DISK_DRIVER, "error_policy", error_policy)
	DETAIL_OF(DISK_DRIVER, "rerror_policy", rerror_policy)
	DETAIL_OF(DISK_DRIVER, "discard", discard)
	DETAIL_OF(DISK_DRIVER, "detect_zeroes", detect_zeroes)
	SOURCE_ATTRIBUTES(DISK_SOURCE)
	DETAIL_OF(DISK_SOURCE, "startupPolicy", startup_policy)
	SOURCE_ATTRIBUTES(BACKING_SOURCE)
	BACKING_OF(BACKING_SOURCE, "file", source) BACKING_OF(BACKING_SOURCE, "dev", source)
	BACKING_OF(BACKING_SOURCE, "dir", source) BACKING_OF(BACKING_SOURCE, "name", source)
	BACKING_OF(BACKING_SOURCE, "volume", source)
	ATTRIBUTE(BACKING, "type", xml_set_backing_type)
	BACKING_OF(BACKING_FORMAT, "type", format)
	HOST_OF("name", name) HOST_OF("port", port) HOST_OF("transport", transport)
	HOST_OF("socket", socket)
	LOCATION_OF(DISK_SNAPSHOT, "name", snapshot)
	LOCATION_OF(DISK_CONFIG, "file", config)
	LOCATION_OF(DISK_AUTH, "username", user)
	LOCATION_OF(AUTH_SECRET, "type", secret_type) LOCATION_OF(AUTH_SECRET, "uuid", secret)
	LOCATION_OF(AUTH_SECRET, "usage", secret)
	LOCATION_OF(DISK_ENCRYPTION, "format", encryption)
	LOCATION_OF(ENCRYPTION_SECRET, "uuid", encryption_secret)
	LOCATION_OF(ENCRYPTION_SECRET, "usage", encryption_secret)
	SETS_OF(NVME_ADDRESS, "domain", xml_set_nvme_address, ds_pci, domain)
	SETS_OF(NVME_ADDRESS, "bus", xml_set_nvme_address, ds_pci, bus)
	SETS_OF(NVME_ADDRESS, "slot", xml_set_nvme_address, ds_pci, slot)
	SETS_OF(NVME_ADDRESS, "function", xml_set_nvme_address, ds_pci, function)
	ATTRIBUTE(DISK, "type", xml_set_disk_type)
	ATTRIBUTE(DISK, "device", xml_set_disk_device)
	TEXT_OF(DISK_DRIVER, "name", ds_disk, driver)
	TEXT_OF(DISK_DRIVER, "type", ds_disk, format)
	TEXT_OF(DISK_SOURCE, "file", ds_disk, source) TEXT_OF(DISK_SOURCE, "dev", ds_disk, source)
	TEXT_OF(DISK_SOURCE, "dir", ds_disk, source) TEXT_OF(DISK_SOURCE, "name", ds_disk, source)
	TEXT_OF(DISK_SOURCE, "volume", ds_disk, source)
	USUAL(DISK_SOURCE, "index", "")
	SETS_OF(DISK_TARGET, "dev", xml_set_disk_target, ds_disk, target)
	TEXT_OF(DISK_TARGET, "bus", ds_disk, bus)
	ATTRIBUTE(INTERFACE, "type", xml_set_interface_type)
	TEXT_OF(INTERFACE_MAC, "address", ds_interface, mac)
	TEXT_OF(INTERFACE_SOURCE, "bridge", ds_interface, source)
	TEXT_OF(INTERFACE_SOURCE, "network", ds_interface, source)
	TEXT_OF(INTERFACE_SOURCE, "dev", ds_interface, source)
	TEXT_OF(INTERFACE_SCRIPT, "path", ds_interface, script)
	TEXT_OF(INTERFACE_IP, "address", ds_interface, ip)
	USUAL(INTERFACE_IP, "family", "ipv4")
	TEXT_OF(INTERFACE_TARGET, "dev", ds_interface, target)
	TEXT_OF(INTERFACE_MODEL, "type", ds_interface, model)
	ATTRIBUTE(INTERFACE_OUTBOUND, "average", xml_set_rate)
	ATTRIBUTE(GRAPHICS, "type", xml_set_graphics_type)
	ATTRIBUTE(GRAPHICS, "port", xml_set_graphics_port)
	ATTRIBUTE(GRAPHICS, "autoport", xml_set_autoport)
	TEXT_OF(GRAPHICS, "listen", ds_graphics, listen)
	TEXT_OF(GRAPHICS, "passwd", ds_graphics, password)
	TEXT_OF(GRAPHICS, "keymap", ds_graphics, keymap)
	TEXT_OF(GRAPHICS, "display", ds_graphics, display)
	TEXT_OF(GRAPHICS, "xauth", ds_graphics, xauthority)
	USUAL(LISTEN, "type", "address")
	TEXT_OF(LISTEN, "address", ds_graphics, listen)
	ATTRIBUTE(CHAR, "type", xml_set_char_type)
	USUAL(CHAR, "tty", "")
	TEXT_OF(CHAR_SOURCE, "path", ds_char, path)
	ATTRIBUTE(CHAR_SOURCE, "mode", xml_set_char_mode)
	SETS_OF(CHAR_SOURCE, "host", xml_set_char_end, ds_char, host)
	SETS_OF(CHAR_SOURCE, "service", xml_set_char_end, ds_char, service)
	ATTRIBUTE(CHAR_PROTOCOL, "type", xml_set_char_protocol)
	ATTRIBUTE(CHAR_TARGET, "port", xml_set_char_port)
	USUAL(CHAR_TARGET, "type", "xen serial isa-serial")
	TEXT_OF(SOUND, "model", ds_word, word)
	TEXT_OF(INPUT, "type", ds_word, word) TEXT_OF(INPUT, "bus", ds_word, bus)
	PCI_WORD(HOSTDEV, "mode", "subsystem")
	PCI_WORD(HOSTDEV, "type", "pci")
	ATTRIBUTE(HOSTDEV, "managed", xml_set_managed)
	USUAL(HOSTDEV_ADDRESS, "type", "pci")
	SETS_OF(HOSTDEV_ADDRESS, "domain", xml_set_address, ds_pci, domain)
	SETS_OF(HOSTDEV_ADDRESS, "bus", xml_set_address, ds_pci, bus)
	SETS_OF(HOSTDEV_ADDRESS, "slot", xml_set_address, ds_pci, slot)
	SETS_OF(HOSTDEV_ADDRESS, "function", xml_set_address, ds_pci, function)
	KNOWN(DISK_BOOT, "loadparm") KNOWN(INTERFACE_BOOT, "loadparm") KNOWN(DISK, "rawio")
	KNOWN(DISK, "sgio") KNOWN(DISK, "model") KNOWN(DISK_DRIVER, "ioeventfd")
	KNOWN(DISK_DRIVER, "event_idx") KNOWN(DISK_DRIVER, "copy_on_read")
	KNOWN(DISK_DRIVER, "iothread") KNOWN(DISK_DRIVER, "queues")
	KNOWN(DISK_DRIVER, "queue_size") KNOWN(DISK_DRIVER, "packed") KNOWN(DISK_DRIVER, "iommu")
	KNOWN(DISK_DRIVER, "ats") KNOWN(DISK_DRIVER, "page_per_vq")
	KNOWN(DISK_DRIVER, "discard_no_unref") KNOWN(DISK_SOURCE, "fdgroup")
	KNOWN(DISK_TARGET, "tray") KNOWN(DISK_TARGET, "removable")
	KNOWN(DISK_TARGET, "rotation_rate") KNOWN(INTERFACE, "trustGuestRxFilters")
	KNOWN(INTERFACE_SOURCE, "portgroup") KNOWN(INTERFACE_SOURCE, "portid")
	KNOWN(INTERFACE_SOURCE, "mode")
};

const size_t xml_attribute_count = sizeof xml_attribute_keys / sizeof *xml_attribute_keys;
/* clang-format on */

bool xml_has_child(struct ds_text name)
{
	for (size_t i = 0; i < xml_element_count && name.size; i++)
		if (xml_element_keys[i].context == XML_DOMAIN &&
			xml_element_keys[i].name[0] == name.data[0] &&
			text_is(name, xml_element_keys[i].name))
			return true;
	return false;
}
