/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"

#include <stddef.h>

/* The keys of SEXPR and their meaning. Sources: xend XendConfig.py, XendDomainInfo.py, image.py,
 * blkif.py, netif.py, vfbif.py; xl_sxp.c for physpath and the like. */
/* clang-format off */

#define LIST(context, name, inside, opens) \
	{name, SEXPR_##context, SEXPR_ENTER, SEXPR_##inside, .field = KEY_NO_FIELD, .open = opens},
#define DEVICE(context, name, inside, kind, class) \
	{name, SEXPR_##context, SEXPR_ENTER, SEXPR_##inside, DEVICES_##kind, DS_CLASS_##class, \
		KEY_NO_FIELD, .open = sexpr_open_device},
/* A key that the record cannot store; its usual value, if there is one, is not a loss. */
#define USUAL(context, name, action, value) \
	{name, SEXPR_##context, SEXPR_##action, .field = KEY_NO_FIELD, .usual = value},
#define OTHER(context, name, action) USUAL(context, name, action, NULL)
#define KEY(context, name, action, kind, member, field, reads) \
	{name, SEXPR_##context, SEXPR_##action, 0, kind, member, field, .read = reads},
/* A key with the function that reads its value, or its values; it may set a field of the domain or
 * a member of another struct. */
#define VALUE(context, name, reads, field) KEY(context, name, VALUE, 0, 0, field, reads)
#define VALUES(context, name, reads, field) KEY(context, name, VALUES, 0, 0, field, reads)
#define READS_TO(context, name, reads, type, member) \
	KEY(context, name, VALUE, 0, offsetof(struct type, member), KEY_NO_FIELD, reads)
#define PORTS(name, kind) \
	KEY(BUILDER, name, VALUES, 0, DS_CHAR_##kind, KEY_NO_FIELD, sexpr_read_ports)
#define TEXT_OF(context, name, type, member) \
	KEY(context, name, TEXT, KEY_TEXT, offsetof(struct type, member), KEY_NO_FIELD, NULL)
#define GRAPHICS_OF(context) \
	READS_TO(context, "vnc", sexpr_read_vnc, sexpr_graphics, vnc) \
	READS_TO(context, "sdl", sexpr_read_vnc, sexpr_graphics, sdl) \
	READS_TO(context, "vncunused", sexpr_read_vnc, sexpr_graphics, unused) \
	VALUE(context, "vncdisplay", sexpr_read_display, KEY_NO_FIELD) \
	READS_TO(context, "vnclisten", sexpr_read_graphics, sexpr_graphics, graphics.listen) \
	READS_TO(context, "vncpasswd", sexpr_read_graphics, sexpr_graphics, graphics.password) \
	READS_TO(context, "keymap", sexpr_read_graphics, sexpr_graphics, graphics.keymap) \
	READS_TO(context, "display", sexpr_read_graphics, sexpr_graphics, graphics.display) \
	READS_TO(context, "xauthority", sexpr_read_graphics, sexpr_graphics, graphics.xauthority)

#define SCALAR(context, name, action, kind, member) \
	KEY(context, name, action, KEY_##kind, offsetof(struct ds_domain, member), \
		FIELD_##member, NULL)
#define DS_FIELD(member, kind, xml_context, xml_name, context, name) \
	SCALAR(context, name, SCALAR, kind, member)
#define DS_ALIAS(member, kind, context, name) SCALAR(context, name, ALIAS, kind, member)
#define DS_SEXPR_RUNTIME(context, name) OTHER(context, name, IS_RUNTIME)
#define DS_SEXPR_REPEATED(context, name, usual) USUAL(context, name, IS_REPEATED, usual)
#define DS_SEXPR_USUAL(context, name, usual) USUAL(context, name, IS_KNOWN, usual)
#define DS_SEXPR_KNOWN(context, name) OTHER(context, name, IS_KNOWN)

const struct key sexpr_keys[] = {
#include "record/fields.def"
	LIST(TOP, "domain", DOMAIN, NULL)
	LIST(TOP, "vm", DOMAIN, NULL)
	/* The value is the original that --preserve has stored. */
	VALUE(DOMAIN, "domstream", sexpr_read_preserved, KEY_NO_FIELD)
	VALUE(DOMAIN, "domid", sexpr_read_domid, FIELD_id)
	VALUE(DOMAIN, "vcpu_avail", sexpr_read_vcpu_avail, FIELD_vcpus_online)
	VALUES(DOMAIN, "cpus", sexpr_read_cpus, FIELD_cpuset)
	VALUE(DOMAIN, "localtime", sexpr_read_localtime, FIELD_clock)
	VALUE(DOMAIN, "HVM_boot_policy", sexpr_read_boot_policy, KEY_NO_FIELD)
	VALUES(DOMAIN, "vcpus_params", sexpr_read_vcpus_params, KEY_NO_FIELD)
	VALUES(DOMAIN, "HVM_boot_params", sexpr_read_boot_params, KEY_NO_FIELD)
	LIST(DOMAIN, "platform", PLATFORM, NULL)
	LIST(DOMAIN, "image", IMAGE, NULL)
	LIST(DOMAIN, "device", DEVICE, NULL)
	/* xend 3.0.2 to 3.0.4, and libvirt, repeat the number of vcpus here. */
	OTHER(BUILDER, "vcpus", IS_RUNTIME)
	OTHER(BUILDER, "vcpu_avail", IS_RUNTIME)
	VALUE(BUILDER, "localtime", sexpr_read_localtime, FIELD_clock)
	VALUE(BUILDER, "rtc_timeoffset", sexpr_read_rtc, FIELD_clock_adjustment)
	VALUE(BUILDER, "boot", sexpr_read_boot, FIELD_boot)
	PORTS("serial", SERIAL)
	PORTS("parallel", PARALLEL)
	VALUE(BUILDER, "soundhw", sexpr_read_sound, KEY_NO_FIELD)
	VALUE(BUILDER, "usb", sexpr_read_usb, KEY_NO_FIELD)
	VALUES(BUILDER, "usbdevice", sexpr_read_usb_device, KEY_NO_FIELD)
	READS_TO(BUILDER, "fda", sexpr_read_drive, sexpr_reader, drives[SEXPR_FLOPPY_A])
	READS_TO(BUILDER, "fdb", sexpr_read_drive, sexpr_reader, drives[SEXPR_FLOPPY_B])
	READS_TO(BUILDER, "cdrom", sexpr_read_drive, sexpr_reader, drives[SEXPR_CDROM])
	GRAPHICS_OF(BUILDER)
	DEVICE(DEVICE, "vbd", DISK, DISK, VBD)
	DEVICE(DEVICE, "tap", DISK, DISK, TAP)
	DEVICE(DEVICE, "tap2", DISK, DISK, TAP2)
	DEVICE(DEVICE, "vif", VIF, INTERFACE, NONE)
	LIST(DEVICE, "vfb", VFB, sexpr_open_vfb)
	LIST(DEVICE, "pci", PCI, NULL)
	/* A keyboard comes with a frame buffer, a console with every guest. */
	OTHER(DEVICE, "vkbd", IS_RUNTIME)
	OTHER(DEVICE, "console", IS_RUNTIME)
	VALUE(DISK, "dev", sexpr_read_dev, KEY_NO_FIELD)
	VALUE(DISK, "uname", sexpr_read_uname, KEY_NO_FIELD)
	VALUES(DISK, "mode", sexpr_read_mode, KEY_NO_FIELD)
	READS_TO(DISK, "backend", sexpr_read_backend, ds_disk, backend)
	VALUE(DISK, "bootable", sexpr_read_bootable, KEY_NO_FIELD)
	VALUES(DISK, "physpath", sexpr_read_xl_path, KEY_NO_FIELD)
	TEXT_OF(DISK, "virtpath", ds_disk, target)
	VALUE(DISK, "readwrite", sexpr_read_xl_writable, KEY_NO_FIELD)
	VALUE(DISK, "is_cdrom", sexpr_read_xl_cdrom, KEY_NO_FIELD)
	TEXT_OF(VIF, "mac", ds_interface, mac)
	TEXT_OF(VIF, "bridge", ds_interface, source)
	READS_TO(VIF, "backend", sexpr_read_backend, ds_interface, backend)
	TEXT_OF(VIF, "script", ds_interface, script)
	TEXT_OF(VIF, "ip", ds_interface, ip)
	TEXT_OF(VIF, "vifname", ds_interface, target)
	TEXT_OF(VIF, "model", ds_interface, model)
	TEXT_OF(VIF, "type", ds_interface, vif_type)
	VALUE(VIF, "rate", sexpr_read_rate, KEY_NO_FIELD)
	VALUE(VFB, "type", sexpr_read_vfb_type, KEY_NO_FIELD)
	GRAPHICS_OF(VFB)
	DEVICE(PCI, "dev", PCI_DEV, PCI, NONE)
	READS_TO(PCI_DEV, "domain", sexpr_read_pci, ds_pci, domain)
	READS_TO(PCI_DEV, "bus", sexpr_read_pci, ds_pci, bus)
	READS_TO(PCI_DEV, "slot", sexpr_read_pci, ds_pci, slot)
	READS_TO(PCI_DEV, "func", sexpr_read_pci, ds_pci, function)
};
/* clang-format on */

const size_t sexpr_key_count = sizeof sexpr_keys / sizeof *sexpr_keys;
_Static_assert(sizeof sexpr_keys / sizeof *sexpr_keys <= KEYMAP_KEYS,
	"there are more keys than a map has room for");
