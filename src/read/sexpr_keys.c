/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "record/members.h"
#include "record/text.h"

#include <stddef.h>

/* Which keys mean what. Sources: xend XendConfig.py, XendDomainInfo.py, image.py, blkif.py,
 * netif.py, vfbif.py; xl_sxp.c for physpath and the like. */

#define LIST(context, name, action, inside) \
	{name, SEXPR_##context, SEXPR_##action, SEXPR_##inside, 0, 0, 0, KEY_NO_FIELD},
#define VALUE(context, name, action) \
	{name, SEXPR_##context, SEXPR_##action, 0, 0, 0, SEXPR_OF_##context, KEY_NO_FIELD},
/* A key that sets one of the domain's fields. */
#define SETS(context, name, action, member) \
	{name, SEXPR_##context, SEXPR_##action, 0, 0, 0, SEXPR_OF_##context, FIELD_##member},
#define TEXT_OF(context, name, type, member) \
	{name, SEXPR_##context, SEXPR_TEXT, 0, KEY_TEXT, offsetof(struct type, member), 0, \
		KEY_NO_FIELD},
#define GRAPHICS_OF(context) \
	VALUE(context, "vnc", GRAPHICS) \
	VALUE(context, "sdl", GRAPHICS) \
	VALUE(context, "vncunused", GRAPHICS) \
	VALUE(context, "vncdisplay", GRAPHICS) \
	VALUE(context, "vnclisten", GRAPHICS) \
	VALUE(context, "vncpasswd", GRAPHICS) \
	VALUE(context, "keymap", GRAPHICS) \
	VALUE(context, "display", GRAPHICS) \
	VALUE(context, "xauthority", GRAPHICS)

const struct key sexpr_keys[] = {LIST(TOP, "domain", ENTER, DOMAIN) LIST(TOP, "vm", ENTER, DOMAIN)
#define DS_FIELD(member, kind, xml_context, xml_name, context, name) \
	{name, SEXPR_##context, SEXPR_SCALAR, 0, KEY_##kind, offsetof(struct ds_domain, member), \
		0, FIELD_##member},
#define DS_ALIAS(member, kind, context, name) \
	{name, SEXPR_##context, SEXPR_ALIAS, 0, KEY_##kind, offsetof(struct ds_domain, member), 0, \
		FIELD_##member},
#define DS_SEXPR_RUNTIME(context, name) VALUE(context, name, IS_RUNTIME)
#define DS_SEXPR_AGAIN(context, name) VALUE(context, name, IS_AGAIN)
#define DS_SEXPR_KNOWN(context, name) VALUE(context, name, IS_KNOWN)
#include "record/fields.def"
	/* What this program carries along. */
	VALUE(DOMAIN, "domstream", PRESERVED) SETS(DOMAIN, "domid", DOMID, id) SETS(DOMAIN,
		"vcpu_avail", VCPU_AVAIL, vcpus_online) SETS(DOMAIN, "cpus", CPUS, cpuset)
		SETS(DOMAIN, "localtime", LOCALTIME, clock) VALUE(DOMAIN, "HVM_boot_policy",
			BOOT_POLICY) VALUE(DOMAIN, "vcpus_params", VCPUS_PARAMS) VALUE(DOMAIN,
			"HVM_boot_params", BOOT_PARAMS) LIST(DOMAIN, "platform", ENTER, PLATFORM)
			LIST(DOMAIN, "image", ENTER, IMAGE) LIST(DOMAIN, "device", ENTER, DEVICE)
	/* The count of vcpus repeated by 3.0.2 to 3.0.4, and by libvirt. */
	VALUE(BUILDER, "vcpus", IS_RUNTIME) VALUE(BUILDER, "vcpu_avail", IS_RUNTIME) SETS(BUILDER,
		"localtime", IMAGE_LOCALTIME, clock) SETS(BUILDER, "rtc_timeoffset", RTC,
		clock_adjustment) SETS(BUILDER, "boot", BOOT, boot) VALUE(BUILDER, "serial", SERIAL)
		VALUE(BUILDER, "parallel", PARALLEL) VALUE(BUILDER, "soundhw", SOUND) VALUE(BUILDER,
			"usb", USB) VALUE(BUILDER, "usbdevice", USB_DEVICE) VALUE(BUILDER, "fda",
			FLOPPY_A) VALUE(BUILDER, "fdb", FLOPPY_B) VALUE(BUILDER, "cdrom", CDROM)
			GRAPHICS_OF(BUILDER) LIST(DEVICE, "vbd", BEGIN_VBD, DISK) LIST(DEVICE,
				"tap", BEGIN_TAP, DISK) LIST(DEVICE, "tap2", BEGIN_TAP2, DISK)
				LIST(DEVICE, "vif", BEGIN_VIF, VIF) LIST(DEVICE, "vfb", BEGIN_VFB,
					VFB) LIST(DEVICE, "pci", ENTER, PCI)
	/* A keyboard comes with a frame buffer, a console with every guest. */
	VALUE(DEVICE, "vkbd", IS_RUNTIME) VALUE(DEVICE, "console", IS_RUNTIME) VALUE(DISK, "dev",
		DEV) VALUE(DISK, "uname", UNAME) VALUE(DISK, "mode", MODE) VALUE(DISK, "backend",
		BACKEND) VALUE(DISK, "bootable", BOOTABLE) VALUE(DISK, "physpath",
		XL_PATH) TEXT_OF(DISK, "virtpath", ds_disk, target) VALUE(DISK, "readwrite",
		XL_WRITABLE) VALUE(DISK, "is_cdrom", XL_CDROM) TEXT_OF(VIF, "mac", ds_interface,
		mac) VALUE(VIF, "bridge", BRIDGE) VALUE(VIF, "backend", VIF_BACKEND)
		TEXT_OF(VIF, "script", ds_interface, script) TEXT_OF(VIF, "ip", ds_interface,
			ip) TEXT_OF(VIF, "vifname", ds_interface, target) TEXT_OF(VIF, "model",
			ds_interface, model) TEXT_OF(VIF, "type", ds_interface, vif_type)
			VALUE(VIF, "rate", RATE) VALUE(VFB, "type", VFB_TYPE) GRAPHICS_OF(
				VFB) LIST(PCI, "dev", BEGIN_PCI_DEV, PCI_DEV) VALUE(PCI_DEV,
				"domain", PCI_DOMAIN) VALUE(PCI_DEV, "bus", PCI_BUS)
				VALUE(PCI_DEV, "slot", PCI_SLOT) VALUE(PCI_DEV, "func", PCI_FUNC)};

/* What xend has for keys that nobody has set (XendConfig.py, create.py of xend 3.4 to 4.1). */
static const struct {
	const char *key;
	struct ds_text value;
} defaults[] = {
	{"cpu_cap", TEXT("0")},
	{"on_xend_start", TEXT("ignore")},
	{"on_xend_stop", TEXT("ignore")},
	{"shadow_memory", TEXT("0")},
	{"pool_name", TEXT("Pool-0")},
	{"user_version", TEXT("1")},
	{"is_a_template", TEXT("False")},
	{"auto_power_on", TEXT("False")},
	{"target", TEXT("0")},
	{"superpages", TEXT("0")},
	{"memory_sharing", TEXT("0")},
	{"s3_integrity", TEXT("1")},
	{"tsc_mode", TEXT("0")},
	{"nomigrate", TEXT("0")},
	{"oos", TEXT("1")},
	{"change_home_server", TEXT("False")},
	{"stdvga", TEXT("0")},
	{"isa", TEXT("0")},
	{"nographic", TEXT("0")},
	{"monitor", TEXT("0")},
	{"vncconsole", TEXT("0")},
	{"vhpt", TEXT("1")},
	{"guest_os_type", TEXT("default")},
	{"opengl", TEXT("1")},
	{"videoram", TEXT("4")},
	{"vpt_align", TEXT("1")},
	{"pci_msitranslate", TEXT("1")},
	{"pci_power_mgmt", TEXT("0")},
	{"xen_platform_pci", TEXT("1")},
	{"xen_extended_power_mgmt", TEXT("0")},
	{"gfx_passthru", TEXT("0")},
	{"nestedhvm", TEXT("0")},
	{"timer_mode", TEXT("1")},
	{"VCPUs_at_startup", TEXT("1")},
};

const size_t sexpr_key_count = sizeof sexpr_keys / sizeof *sexpr_keys;

void sexpr_fill_defaults(struct ds_text values[KEYMAP_KEYS])
{
	for (size_t i = 0; i < sexpr_key_count; i++) {
		values[i] = (struct ds_text){NULL, 0};
		for (size_t at = 0; at < sizeof defaults / sizeof *defaults; at++)
			if (strcmp(sexpr_keys[i].name, defaults[at].key) == 0)
				values[i] = defaults[at].value;
	}
}
