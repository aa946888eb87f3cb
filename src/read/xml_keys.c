/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/members.h"
#include "record/text.h"

#include <stddef.h>

/* Which elements and attributes of domain XML mean what. Source: libvirt's domaincommon.rng and
 * formatdomain. */

#define ELEMENT(context, name, action, inside) \
	{name, XML_##context, XML_##action, XML_##inside, 0, 0, 0, KEY_NO_FIELD},
/* `group`: whose attribute it is, for the function that handles it. */
#define ATTRIBUTE(group, context, name, action) \
	{name, XML_##context, XML_##action, 0, 0, 0, XML_OF_##group, KEY_NO_FIELD},
/* An attribute that sets one of the domain's fields. */
#define SETS(context, name, action, member) \
	{name, XML_##context, XML_##action, 0, 0, 0, XML_OF_DOMAIN, FIELD_##member},
#define DOMAIN_TEXT(context, name, member) \
	{name, XML_##context, XML_TEXT, 0, KEY_TEXT, offsetof(struct ds_domain, member), \
		XML_OF_TEXT, FIELD_##member},
/* It has no place in the record. */
#define KNOWN_OF(context, name) \
	{name, XML_##context, XML_KNOWN, 0, 0, 0, XML_OF_NOTHING, KEY_NO_FIELD},
/* Attributes with a default: with the usual words they are not a loss. */
#define IGNORED(context, name, usual) \
	{name, XML_##context, XML_IGNORE, 0, 0, XML_USUAL_##usual, XML_OF_DEFAULT, KEY_NO_FIELD},
#define TEXT_OF(context, name, type, member) \
	{name, XML_##context, XML_TEXT, 0, KEY_TEXT, offsetof(struct type, member), XML_OF_TEXT, \
		KEY_NO_FIELD},

/* A disk's details are known parts, and typed members besides. */
#define DETAIL_OF(context, name, member) \
	{name, XML_##context, XML_DETAIL_TEXT, 0, KEY_TEXT, \
		offsetof(struct ds_disk_details, member), XML_OF_DETAIL, KEY_NO_FIELD},
#define LOCATION_OF(context, name, member) \
	{name, XML_##context, XML_LOCATION_TEXT, 0, KEY_TEXT, \
		offsetof(struct ds_disk_location, member), XML_OF_DETAIL, KEY_NO_FIELD},
#define HOST_OF(name, member) \
	{name, XML_DISK_HOST, XML_HOST_TEXT, 0, KEY_TEXT, offsetof(struct ds_disk_host, member), \
		XML_OF_DETAIL, KEY_NO_FIELD},
#define BACKING_OF(context, name, member) \
	{name, XML_##context, XML_BACKING_TEXT, 0, KEY_TEXT, \
		offsetof(struct ds_disk_backing, member), XML_OF_DETAIL, KEY_NO_FIELD},
/* What <source> has in it, for a disk and for the images below it. */
#define SOURCE_ELEMENTS(context) \
	ELEMENT(context, "host", DETAIL, DISK_HOST) \
	ELEMENT(context, "snapshot", DETAIL, DISK_SNAPSHOT) \
	ELEMENT(context, "config", DETAIL, DISK_CONFIG) \
	ELEMENT(context, "auth", DETAIL, DISK_AUTH) \
	ELEMENT(context, "encryption", DETAIL, DISK_ENCRYPTION) \
	ELEMENT(context, "address", DETAIL, NVME_ADDRESS)
#define SOURCE_ATTRIBUTES(context) \
	LOCATION_OF(context, "protocol", protocol) \
	LOCATION_OF(context, "query", query) \
	LOCATION_OF(context, "tls", tls) \
	KNOWN_OF(context, "tlsHostname") \
	LOCATION_OF(context, "pool", pool) \
	LOCATION_OF(context, "mode", pool_mode) \
	LOCATION_OF(context, "path", socket) \
	LOCATION_OF(context, "namespace", nvme_namespace) \
	ATTRIBUTE(NVME, context, "managed", NVME_MANAGED) \
	KNOWN_OF(context, "type")

#define FIELD_INSIDE_TEXT XML_NOWHERE
#define FIELD_INSIDE_EMPTY XML_NOWHERE
#define FIELD_INSIDE_UUID XML_NOWHERE
#define FIELD_INSIDE_MEMORY XML_MEMORY
#define FIELD_INSIDE_COUNT XML_VCPU
#define FIELD_INSIDE_WEIGHT XML_NOWHERE
#define FIELD_INSIDE_FLAG XML_FEATURE
#define FIELD_ACTION_TEXT XML_SCALAR
#define FIELD_ACTION_EMPTY XML_SCALAR
#define FIELD_ACTION_UUID XML_SCALAR
#define FIELD_ACTION_MEMORY XML_SCALAR
#define FIELD_ACTION_COUNT XML_SCALAR
#define FIELD_ACTION_WEIGHT XML_SCALAR
#define FIELD_ACTION_FLAG XML_FEATURE_ON

const struct key xml_element_keys[] = {ELEMENT(TOP, "domain", ENTER, DOMAIN)
#define XML_NONE XML_NOWHERE
#define DS_FIELD(member, kind, context, name, sexpr_context, sexpr_key) \
	{name, XML_##context, FIELD_ACTION_##kind, FIELD_INSIDE_##kind, KEY_##kind, \
		offsetof(struct ds_domain, member), 0, FIELD_##member},
#define DS_XML_KNOWN(context, name) ELEMENT(context, name, KNOWN, NOWHERE)
#include "record/fields.def"
		ELEMENT(DOMAIN, "os", ENTER, OS) ELEMENT(DOMAIN, "features", ENTER,
			FEATURES) ELEMENT(DOMAIN, "clock", ENTER, CLOCK) ELEMENT(DOMAIN, "devices",
			ENTER, DEVICES) ELEMENT(DOMAIN, "cputune", ENTER, CPUTUNE) ELEMENT(CPUTUNE,
			"vcpupin", BEGIN_PIN,
			PIN) ELEMENT(OS, "boot", ENTER, BOOT) ELEMENT(CLOCK, "timer", BEGIN_TIMER,
			TIMER) ELEMENT(DEVICES, "disk", BEGIN_DISK, DISK) ELEMENT(DEVICES,
			"interface", BEGIN_INTERFACE, INTERFACE) ELEMENT(DEVICES, "graphics",
			BEGIN_GRAPHICS, GRAPHICS) ELEMENT(DEVICES, "serial", BEGIN_SERIAL,
			CHAR) ELEMENT(DEVICES, "parallel", BEGIN_PARALLEL, CHAR) ELEMENT(DEVICES,
			"console", BEGIN_CONSOLE, CHAR) ELEMENT(DEVICES, "sound", BEGIN_SOUND,
			SOUND) ELEMENT(DEVICES, "input", BEGIN_INPUT, INPUT) ELEMENT(DEVICES,
			"hostdev", BEGIN_HOSTDEV, HOSTDEV) ELEMENT(DISK, "driver", ENTER,
			DISK_DRIVER) ELEMENT(DISK, "source", ENTER, DISK_SOURCE) ELEMENT(DISK,
			"target", ENTER, DISK_TARGET) ELEMENT(DISK, "backenddomain", ENTER,
			DISK_BACKEND) ELEMENT(DISK, "boot", ENTER, DISK_BOOT) ELEMENT(DISK,
			"readonly", DISK_READONLY, NOWHERE) ELEMENT(DISK,
			"shareable", DISK_SHAREABLE, NOWHERE) ELEMENT(DISK, "backingStore", DETAIL,
			BACKING) ELEMENT(DISK, "serial", DETAIL, DISK_SERIAL) ELEMENT(DISK,
			"transient", DETAIL, DISK_TRANSIENT) ELEMENT(DISK, "auth", DETAIL,
			DISK_AUTH) ELEMENT(DISK, "encryption", DETAIL,
			DISK_ENCRYPTION) SOURCE_ELEMENTS(DISK_SOURCE) ELEMENT(BACKING,
			"format", DETAIL, BACKING_FORMAT) ELEMENT(BACKING, "source", DETAIL,
			BACKING_SOURCE) ELEMENT(BACKING, "backingStore", DETAIL,
			BACKING) SOURCE_ELEMENTS(BACKING_SOURCE) ELEMENT(DISK_AUTH,
			"secret", DETAIL, AUTH_SECRET) ELEMENT(DISK_ENCRYPTION, "secret", DETAIL,
			ENCRYPTION_SECRET) ELEMENT(INTERFACE, "mac", ENTER, INTERFACE_MAC)
			ELEMENT(INTERFACE, "source", ENTER, INTERFACE_SOURCE) ELEMENT(INTERFACE,
				"script", ENTER, INTERFACE_SCRIPT) ELEMENT(INTERFACE, "ip", ENTER,
				INTERFACE_IP) ELEMENT(INTERFACE, "target", ENTER,
				INTERFACE_TARGET) ELEMENT(INTERFACE, "model", ENTER,
				INTERFACE_MODEL) ELEMENT(INTERFACE, "backenddomain", ENTER,
				INTERFACE_BACKEND) ELEMENT(INTERFACE, "boot", ENTER,
				INTERFACE_BOOT) ELEMENT(INTERFACE, "bandwidth", ENTER,
				INTERFACE_BANDWIDTH) ELEMENT(INTERFACE_BANDWIDTH, "outbound", ENTER,
				INTERFACE_OUTBOUND) ELEMENT(GRAPHICS, "listen", ENTER, LISTEN)
				ELEMENT(CHAR, "source", ENTER, CHAR_SOURCE) ELEMENT(CHAR,
					"protocol", ENTER, CHAR_PROTOCOL) ELEMENT(CHAR, "target",
					ENTER, CHAR_TARGET) ELEMENT(HOSTDEV, "source", ENTER,
					HOSTDEV_SOURCE)
					ELEMENT(HOSTDEV_SOURCE, "address", ENTER, HOSTDEV_ADDRESS)};

const size_t xml_element_count = sizeof xml_element_keys / sizeof *xml_element_keys;

/* On Xen the guest itself decides which of the x86 processors it is made for, and its kind tells
 * the machine. */
const char *const xml_usual_words[XML_USUAL_COUNT][4] = {
	[XML_USUAL_ON] = {"on"},
	[XML_USUAL_STATIC] = {"static"},
	[XML_USUAL_ARCH] = {"x86_64"},
	[XML_USUAL_MACHINE] = {"xenpv", "xenfv"},
	[XML_USUAL_ROM] = {"rom"},
	[XML_USUAL_IPV4] = {"ipv4"},
	[XML_USUAL_ADDRESS] = {"address"},
	[XML_USUAL_PORT] = {"xen", "serial", "isa-serial"},
	[XML_USUAL_PCI] = {"pci"},
};

const struct key xml_attribute_keys[] = {DOMAIN_TEXT(DOMAIN, "type", type) SETS(DOMAIN, "id",
	DOMAIN_ID, id) ATTRIBUTE(DOMAIN, MEMORY, "unit", MEMORY_UNIT) IGNORED(MEMORY, "dumpCore",
	ON) IGNORED(VCPU, "placement", STATIC) SETS(VCPU, "current", VCPU_CURRENT,
	vcpus_online) DOMAIN_TEXT(VCPU, "cpuset", cpuset) IGNORED(OS_TYPE, "arch",
	ARCH) IGNORED(OS_TYPE, "machine", MACHINE) IGNORED(LOADER, "type", ROM) SETS(BOOT, "dev",
	BOOT_DEV, boot) ATTRIBUTE(DOMAIN, FEATURE, "state", FEATURE_STATE) SETS(CLOCK, "offset",
	CLOCK_OFFSET, clock) SETS(CLOCK, "adjustment", CLOCK_ADJUSTMENT,
	clock_adjustment) SETS(CLOCK, "basis", CLOCK_BASIS, clock_is_local) ATTRIBUTE(DOMAIN, TIMER,
	"name", TIMER_NAME) ATTRIBUTE(DOMAIN, TIMER, "present", TIMER_PRESENT) ATTRIBUTE(DOMAIN,
	PIN, "vcpu", PIN_VCPU) TEXT_OF(PIN, "cpuset", ds_pin, cpuset) TEXT_OF(DISK_BACKEND, "name",
	ds_disk, backend) TEXT_OF(INTERFACE_BACKEND, "name", ds_interface, backend)
		ATTRIBUTE(DISK, DISK_BOOT, "order", DISK_BOOT_ORDER) KNOWN_OF(DISK_BOOT, "loadparm")
			ATTRIBUTE(INTERFACE, INTERFACE_BOOT, "order", INTERFACE_BOOT_ORDER)
				KNOWN_OF(INTERFACE_BOOT, "loadparm")
	/* What libvirt says of disks and network cards, and xend has no place for. */
	DETAIL_OF(DISK, "snapshot", snapshot) KNOWN_OF(DISK, "rawio") KNOWN_OF(DISK,
		"sgio") KNOWN_OF(DISK, "model") DETAIL_OF(DISK_DRIVER, "cache",
		cache) DETAIL_OF(DISK_DRIVER, "io", io) DETAIL_OF(DISK_DRIVER, "error_policy",
		error_policy) DETAIL_OF(DISK_DRIVER, "rerror_policy",
		rerror_policy) KNOWN_OF(DISK_DRIVER,
		"ioeventfd") KNOWN_OF(DISK_DRIVER, "event_idx") KNOWN_OF(DISK_DRIVER,
		"copy_on_read") DETAIL_OF(DISK_DRIVER, "discard", discard) DETAIL_OF(DISK_DRIVER,
		"detect_zeroes", detect_zeroes) KNOWN_OF(DISK_DRIVER,
		"iothread") KNOWN_OF(DISK_DRIVER, "queues") KNOWN_OF(DISK_DRIVER,
		"queue_size") KNOWN_OF(DISK_DRIVER, "packed") KNOWN_OF(DISK_DRIVER,
		"iommu") KNOWN_OF(DISK_DRIVER, "ats") KNOWN_OF(DISK_DRIVER,
		"page_per_vq") KNOWN_OF(DISK_DRIVER,
		"discard_no_unref") KNOWN_OF(DISK_SOURCE,
		"fdgroup") SOURCE_ATTRIBUTES(DISK_SOURCE) DETAIL_OF(DISK_SOURCE, "startupPolicy",
		startup_policy) SOURCE_ATTRIBUTES(BACKING_SOURCE) BACKING_OF(BACKING_SOURCE, "file",
		source) BACKING_OF(BACKING_SOURCE, "dev", source) BACKING_OF(BACKING_SOURCE, "dir",
		source) BACKING_OF(BACKING_SOURCE, "name", source) BACKING_OF(BACKING_SOURCE,
		"volume", source) ATTRIBUTE(DETAIL, BACKING, "type",
		BACKING_TYPE) BACKING_OF(BACKING_FORMAT, "type", format) HOST_OF("name",
		name) HOST_OF("port", port) HOST_OF("transport", transport) HOST_OF("socket",
		socket) LOCATION_OF(DISK_SNAPSHOT, "name", snapshot) LOCATION_OF(DISK_CONFIG,
		"file", config) LOCATION_OF(DISK_AUTH, "username", user) LOCATION_OF(AUTH_SECRET,
		"type", secret_type) LOCATION_OF(AUTH_SECRET, "uuid",
		secret) LOCATION_OF(AUTH_SECRET, "usage", secret) LOCATION_OF(DISK_ENCRYPTION,
		"format", encryption) LOCATION_OF(ENCRYPTION_SECRET, "uuid",
		encryption_secret) LOCATION_OF(ENCRYPTION_SECRET, "usage",
		encryption_secret) ATTRIBUTE(NVME, NVME_ADDRESS, "domain",
		NVME_DOMAIN) ATTRIBUTE(NVME, NVME_ADDRESS, "bus", NVME_BUS) ATTRIBUTE(NVME,
		NVME_ADDRESS, "slot", NVME_SLOT) ATTRIBUTE(NVME, NVME_ADDRESS,
		"function", NVME_FUNCTION) KNOWN_OF(DISK_TARGET, "tray") KNOWN_OF(DISK_TARGET,
		"removable") KNOWN_OF(DISK_TARGET, "rotation_rate") KNOWN_OF(INTERFACE,
		"trustGuestRxFilters") KNOWN_OF(INTERFACE_SOURCE,
		"portgroup") KNOWN_OF(INTERFACE_SOURCE,
		"portid") KNOWN_OF(INTERFACE_SOURCE, "mode") ATTRIBUTE(DISK, DISK, "type",
		DISK_TYPE) ATTRIBUTE(DISK, DISK, "device", DISK_DEVICE) TEXT_OF(DISK_DRIVER, "name",
		ds_disk, driver) TEXT_OF(DISK_DRIVER, "type", ds_disk, format) ATTRIBUTE(DISK,
		DISK_SOURCE, "file", DISK_SOURCE_PATH) ATTRIBUTE(DISK, DISK_SOURCE, "dev",
		DISK_SOURCE_PATH) ATTRIBUTE(DISK, DISK_SOURCE, "dir",
		DISK_SOURCE_PATH) ATTRIBUTE(DISK, DISK_SOURCE, "name",
		DISK_SOURCE_PATH) ATTRIBUTE(DISK, DISK_SOURCE, "volume",
		DISK_SOURCE_PATH) IGNORED(DISK_SOURCE, "index", ANY) ATTRIBUTE(DISK, DISK_TARGET,
		"dev", DISK_TARGET_DEV) TEXT_OF(DISK_TARGET, "bus", ds_disk,
		bus) ATTRIBUTE(INTERFACE, INTERFACE, "type", INTERFACE_TYPE) TEXT_OF(INTERFACE_MAC,
		"address", ds_interface, mac) TEXT_OF(INTERFACE_SOURCE, "bridge", ds_interface,
		source) TEXT_OF(INTERFACE_SOURCE, "network", ds_interface,
		source) TEXT_OF(INTERFACE_SOURCE, "dev", ds_interface,
		source) TEXT_OF(INTERFACE_SCRIPT, "path", ds_interface,
		script) TEXT_OF(INTERFACE_IP, "address", ds_interface,
		ip) IGNORED(INTERFACE_IP, "family", IPV4) TEXT_OF(INTERFACE_TARGET, "dev",
		ds_interface, target) TEXT_OF(INTERFACE_MODEL, "type", ds_interface,
		model) ATTRIBUTE(INTERFACE, INTERFACE_OUTBOUND, "average",
		INTERFACE_RATE) ATTRIBUTE(GRAPHICS, GRAPHICS, "type",
		GRAPHICS_TYPE) ATTRIBUTE(GRAPHICS, GRAPHICS, "port",
		GRAPHICS_PORT) ATTRIBUTE(GRAPHICS, GRAPHICS, "autoport",
		GRAPHICS_AUTOPORT) TEXT_OF(GRAPHICS, "listen", ds_graphics,
		listen) TEXT_OF(GRAPHICS, "passwd", ds_graphics,
		password) TEXT_OF(GRAPHICS, "keymap", ds_graphics, keymap) TEXT_OF(GRAPHICS,
		"display", ds_graphics,
		display) TEXT_OF(GRAPHICS, "xauth", ds_graphics, xauthority) IGNORED(LISTEN, "type",
		ADDRESS) TEXT_OF(LISTEN, "address", ds_graphics, listen) ATTRIBUTE(CHAR,
		CHAR, "type", CHAR_TYPE) IGNORED(CHAR, "tty", ANY) TEXT_OF(CHAR_SOURCE, "path",
		ds_char, path) ATTRIBUTE(CHAR, CHAR_SOURCE, "mode", CHAR_MODE) ATTRIBUTE(CHAR,
		CHAR_SOURCE, "host", CHAR_HOST) ATTRIBUTE(CHAR, CHAR_SOURCE, "service",
		CHAR_SERVICE) ATTRIBUTE(CHAR, CHAR_PROTOCOL, "type", CHAR_WIRE)
		ATTRIBUTE(CHAR, CHAR_TARGET, "port", CHAR_PORT) IGNORED(CHAR_TARGET, "type",
			PORT) TEXT_OF(SOUND, "model", ds_word, word) TEXT_OF(INPUT, "type", ds_word,
			word) TEXT_OF(INPUT, "bus", ds_word, bus) ATTRIBUTE(HOSTDEV, HOSTDEV,
			"mode", HOSTDEV_MODE) ATTRIBUTE(HOSTDEV, HOSTDEV, "type",
			HOSTDEV_TYPE) ATTRIBUTE(HOSTDEV, HOSTDEV, "managed",
			HOSTDEV_MANAGED) IGNORED(HOSTDEV_ADDRESS, "type", PCI) ATTRIBUTE(HOSTDEV,
			HOSTDEV_ADDRESS, "domain",
			ADDRESS_DOMAIN) ATTRIBUTE(HOSTDEV, HOSTDEV_ADDRESS, "bus", ADDRESS_BUS)
			ATTRIBUTE(HOSTDEV, HOSTDEV_ADDRESS, "slot", ADDRESS_SLOT)
				ATTRIBUTE(HOSTDEV, HOSTDEV_ADDRESS, "function", ADDRESS_FUNCTION)};

const size_t xml_attribute_count = sizeof xml_attribute_keys / sizeof *xml_attribute_keys;

bool xml_has_child(struct ds_text name)
{
	for (size_t i = 0; i < xml_element_count; i++)
		if (xml_element_keys[i].context == XML_DOMAIN &&
			text_is(name, xml_element_keys[i].name))
			return true;
	return false;
}
