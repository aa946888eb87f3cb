/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen_layout.h"

#include <stdio.h>

/** The width that xend uses for `xm list --long`. */
#define LINE_WIDTH 80

/** Adds, for each virtual processor, the list of the host's processors that it may use. */
static void add_cpus(struct notes *notes, const struct gen_domain *domain)
{
	char number[12];

	notes_open(notes, "cpus");
	notes_open(notes, NULL);
	for (unsigned i = 0; i < domain->vcpus; i++) {
		notes_open(notes, NULL);
		for (unsigned cpu = domain->first_cpu; domain->last_cpu && cpu <= domain->last_cpu;
			cpu++) {
			snprintf(number, sizeof(number), "%u", cpu);
			notes_add_atom(notes, number);
		}
		notes_close(notes);
	}
	notes_close(notes);
	notes_close(notes);
}

static void add_vnc(struct notes *notes, const struct gen_domain *domain)
{
	notes_add_number(notes, "vncunused", 1);
	if (domain->listen)
		notes_add_pair(notes, "vnclisten", domain->listen);
	if (domain->password)
		notes_add_pair(notes, "vncpasswd", domain->password);
}

static void add_hvm_image(struct notes *notes, const struct gen_domain *domain)
{
	notes_open(notes, "hvm");
	notes_add_pair(notes, "kernel", "");
	notes_add_number(notes, "superpages", 0);
	notes_add_number(notes, "videoram", 4);
	notes_add_number(notes, "stdvga", 0);
	notes_add_pair(notes, "loader", "/usr/lib/xen/boot/hvmloader");
	notes_add_number(notes, "xen_platform_pci", 1);
	notes_open(notes, "pci");
	notes_open(notes, NULL);
	notes_close(notes);
	notes_close(notes);
	notes_add_number(notes, "hap", (uint64_t)domain->hap);
	notes_add_number(notes, "localtime", (uint64_t)domain->is_localtime);
	notes_add_number(notes, "timer_mode", 1);
	notes_add_number(notes, "apic", (uint64_t)domain->apic);
	if (domain->sound)
		notes_add_pair(notes, "soundhw", domain->sound);
	if (domain->floppy[0])
		notes_add_pair(notes, "fda", domain->floppy);
	if (domain->has_tablet)
		notes_add_pair(notes, "usbdevice", "tablet");
	if (domain->has_serial)
		notes_add_pair(notes, "serial", "pty");
	if (domain->graphics == GEN_VNC)
		add_vnc(notes, domain);
	notes_add_pair(notes, "boot", domain->boot);
	notes_add_number(notes, "pae", (uint64_t)domain->pae);
	notes_add_number(notes, "viridian", (uint64_t)domain->viridian);
	notes_add_number(notes, "acpi", (uint64_t)domain->acpi);
	notes_add_number(notes, domain->graphics == GEN_VNC ? "vnc" : "sdl", 1);
	notes_add_number(notes, "nographic", 0);
	notes_add_number(notes, "usb", (uint64_t)domain->has_tablet);
	notes_add_number(notes, "tsc_mode", 0);
	notes_add_pair(notes, "guest_os_type", "default");
	notes_add_pair(notes, "device_model", domain->emulator);
	if (domain->keymap)
		notes_add_pair(notes, "keymap", domain->keymap);
	if (domain->graphics == GEN_SDL)
		notes_add_pair(notes, "display", ":0.0");
	notes_add_pair(notes, "xauthority", "/root/.Xauthority");
	notes_add_number(notes, "isa", 0);
	notes_open(notes, "notes");
	notes_add_number(notes, "SUSPEND_CANCEL", 1);
	notes_close(notes);
	notes_close(notes);
}

static void add_linux_image(struct notes *notes, const struct gen_domain *domain)
{
	notes_open(notes, "linux");
	notes_add_pair(notes, "kernel", domain->kernel);
	if (domain->initrd[0])
		notes_add_pair(notes, "ramdisk", domain->initrd);
	if (domain->cmdline[0])
		notes_add_pair(notes, "args", domain->cmdline);
	notes_add_number(notes, "superpages", 0);
	notes_add_number(notes, "localtime", (uint64_t)domain->is_localtime);
	notes_add_number(notes, "tsc_mode", 0);
	if (domain->id) {
		notes_open(notes, "notes");
		notes_add_number(notes, "HV_START_LOW", UINT64_C(18446603336221196288));
		notes_add_pair(notes, "FEATURES", "!writable_page_tables|pae_pgdir_above_4gb");
		notes_add_number(notes, "VIRT_BASE", UINT64_C(18446744071562067968));
		notes_add_pair(notes, "GUEST_OS", "linux");
		notes_add_pair(notes, "LOADER", "generic");
		notes_add_pair(notes, "PAE_MODE", "yes");
		notes_add_pair(notes, "XEN_VERSION", "xen-3.0");
		notes_close(notes);
	}
	notes_close(notes);
}

static void add_interface(struct notes *notes, const struct gen_domain *domain,
	const struct gen_interface *interface)
{
	char name[32];

	notes_open(notes, "device");
	notes_open(notes, "vif");
	if (interface->source)
		notes_add_pair(notes, "bridge", interface->source);
	notes_add_pair(notes, "mac", interface->mac);
	if (interface->ip[0])
		notes_add_pair(notes, "ip", interface->ip);
	notes_add_pair(notes, "script", interface->script);
	notes_add_pair(notes, "uuid", interface->uuid);
	if (interface->is_named) {
		snprintf(name, sizeof(name), "tap-%.8s", interface->uuid);
		notes_add_pair(notes, "vifname", name);
	}
	if (interface->model)
		notes_add_pair(notes, "model", interface->model);
	if (domain->id)
		notes_add_number(notes, "backend", 0);
	notes_close(notes);
	notes_close(notes);
}

static void add_disk(struct notes *notes, const struct gen_domain *domain, size_t number)
{
	const struct gen_disk *disk = &domain->disks[number];
	const char *class = disk->driver == GEN_TAP ? "tap"
		: disk->driver == GEN_TAP2          ? "tap2"
						    : "vbd";
	char uname[GEN_PATH_SIZE + 16], dev[20];

	if (disk->format) /* for a running guest, xend writes tap without the 2 */
		snprintf(uname, sizeof(uname), "%s:%s:%s", domain->id ? "tap" : class, disk->format,
			disk->source);
	else
		snprintf(uname, sizeof(uname), "%s:%s", disk->is_block ? "phy" : "file",
			disk->source);
	snprintf(dev, sizeof(dev), "%s:%s", disk->target, disk->is_cdrom ? "cdrom" : "disk");
	notes_open(notes, "device");
	notes_open(notes, class);
	if (domain->id)
		notes_add_pair(notes, "protocol", "x86_64-abi");
	notes_add_pair(notes, "uuid", disk->uuid);
	notes_add_number(notes, "bootable", number == 0);
	notes_add_pair(notes, "dev", dev);
	if (disk->source[0])
		notes_add_pair(notes, "uname", uname);
	notes_add_pair(notes, "mode", disk->readonly ? "r" : disk->shareable ? "w!" : "w");
	if (domain->id)
		notes_add_number(notes, "backend", 0);
	notes_add_pair(notes, "VDI", "");
	notes_close(notes);
	notes_close(notes);
}

static void add_pci(struct notes *notes, const struct gen_domain *domain)
{
	char hex[12];

	notes_open(notes, "device");
	notes_open(notes, "pci");
	notes_open(notes, "dev");
	notes_add_pair(notes, "domain", "0x0000");
	snprintf(hex, sizeof(hex), "0x%02x", domain->pci_bus);
	notes_add_pair(notes, "bus", hex);
	snprintf(hex, sizeof(hex), "0x%02x", domain->pci_slot);
	notes_add_pair(notes, "slot", hex);
	snprintf(hex, sizeof(hex), "0x%x", domain->pci_function);
	notes_add_pair(notes, "func", hex);
	notes_close(notes);
	if (domain->id)
		notes_add_number(notes, "backend", 0);
	notes_close(notes);
	notes_close(notes);
}

static void add_frame_buffer(struct notes *notes, const struct gen_domain *domain)
{
	char location[48];

	if (domain->graphics == GEN_NO_GRAPHICS)
		return;
	if (!domain->is_hvm) {
		notes_open(notes, "device");
		notes_open(notes, "vkbd");
		if (domain->id)
			notes_add_number(notes, "backend", 0);
		notes_close(notes);
		notes_close(notes);
	}
	notes_open(notes, "device");
	notes_open(notes, "vfb");
	if (domain->graphics == GEN_VNC) {
		add_vnc(notes, domain);
		notes_add_number(notes, "vnc", 1);
		if (domain->keymap)
			notes_add_pair(notes, "keymap", domain->keymap);
	} else {
		notes_add_number(notes, "sdl", 1);
		notes_add_pair(notes, "display", ":0.0");
		notes_add_pair(notes, "xauthority", "/root/.Xauthority");
	}
	notes_add_pair(notes, "uuid", domain->vfb_uuid);
	if (domain->graphics == GEN_VNC && domain->id) {
		snprintf(location, sizeof(location), "%s:%u",
			domain->listen ? domain->listen : "127.0.0.1", domain->vnc_port);
		notes_add_pair(notes, "location", location);
	}
	notes_close(notes);
	notes_close(notes);
}

static void add_console(struct notes *notes, const struct gen_domain *domain)
{
	notes_open(notes, "device");
	notes_open(notes, "console");
	notes_add_pair(notes, "protocol", "vt100");
	notes_add_number(notes, "location", 2);
	notes_add_pair(notes, "uuid", domain->console_uuid);
	notes_close(notes);
	notes_close(notes);
}

/** The classes of devices in the order of xend 4.1, which is also that of `domain->disks`. */
static void add_devices(struct notes *notes, const struct gen_domain *domain)
{
	size_t i = 0;

	for (size_t k = 0; k < domain->interface_count; k++)
		add_interface(notes, domain, &domain->interfaces[k]);
	for (; i < domain->disk_count && domain->disks[i].driver < GEN_TAP2; i++)
		add_disk(notes, domain, i);
	add_frame_buffer(notes, domain);
	add_console(notes, domain);
	if (domain->pci_bus)
		add_pci(notes, domain);
	for (; i < domain->disk_count; i++)
		add_disk(notes, domain, i);
}

void gen_sexpr(struct text *out, const struct gen_domain *domain, bool is_flat)
{
	static struct notes notes;

	notes_clear(&notes);
	notes_open(&notes, "domain");
	if (domain->id)
		notes_add_number(&notes, "domid", domain->id);
	notes_add_number(&notes, "cpu_weight", 256);
	notes_add_number(&notes, "cpu_cap", 0);
	notes_add_pair(&notes, "pool_name", "Pool-0");
	notes_add_pair(&notes, "bootloader", domain->bootloader ? domain->bootloader : "");
	notes_add_number(&notes, "vcpus", domain->vcpus);
	add_cpus(&notes, domain);
	notes_add_pair(&notes, "on_poweroff", domain->on_poweroff);
	notes_add_pair(&notes, "description", domain->description);
	notes_add_pair(&notes, "on_crash", domain->on_crash);
	notes_add_pair(&notes, "uuid", domain->uuid);
	notes_add_pair(&notes, "bootloader_args",
		domain->bootloader_args ? domain->bootloader_args : "");
	notes_add_pair(&notes, "name", domain->name);
	notes_add_pair(&notes, "on_reboot", domain->on_reboot);
	notes_add_number(&notes, "maxmem", domain->memory_mib);
	notes_add_number(&notes, "memory", domain->current_mib);
	notes_add_number(&notes, "shadow_memory", domain->is_hvm ? 9 : 0);
	notes_add_pair(&notes, "features", "");
	notes_add_pair(&notes, "on_xend_start", "ignore");
	notes_add_pair(&notes, "on_xend_stop", "ignore");
	if (domain->id) {
		notes_add_hundredths(&notes, "start_time", domain->start_time);
		notes_add_hundredths(&notes, "cpu_time", domain->cpu_time);
		notes_add_number(&notes, "online_vcpus", domain->vcpus);
	}
	notes_open(&notes, "image");
	if (domain->is_hvm)
		add_hvm_image(&notes, domain);
	else
		add_linux_image(&notes, domain);
	notes_close(&notes);
	notes_add_number(&notes, "status", domain->id ? 2 : 0);
	if (domain->id) {
		notes_add_pair(&notes, "state", domain->id % 2 ? "-b----" : "r-----");
		notes_add_number(&notes, "store_mfn", domain->store_mfn);
		notes_add_number(&notes, "console_mfn", domain->store_mfn - 1);
	}
	add_devices(&notes, domain);
	notes_close(&notes);
	notes_print(out, &notes, is_flat ? SIZE_MAX : LINE_WIDTH);
}
