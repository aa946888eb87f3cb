/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen.h"

#include <stdio.h>
#include <string.h>

static void put_escaped(struct text *out, const char *string)
{
	for (;;) {
		size_t plain = strcspn(string, "<>&'\"");

		text_add(out, string, plain);
		string += plain;
		switch (*string++) {
		case '<':
			text_put(out, "&lt;");
			break;
		case '>':
			text_put(out, "&gt;");
			break;
		case '&':
			text_put(out, "&amp;");
			break;
		case '\'':
			text_put(out, "&apos;");
			break;
		case '"':
			text_put(out, "&quot;");
			break;
		default:
			return;
		}
	}
}

/** Adds a line without escapes. */
static void put_line(struct text *out, size_t indent, const char *line)
{
	text_put_blanks(out, indent);
	text_put(out, line);
	text_put_byte(out, '\n');
}

static void put_element(struct text *out, size_t indent, const char *name, const char *value)
{
	text_put_blanks(out, indent);
	text_put_byte(out, '<');
	text_put(out, name);
	text_put_byte(out, '>');
	put_escaped(out, value);
	text_put(out, "</");
	text_put(out, name);
	text_put(out, ">\n");
}

static void open_tag(struct text *out, size_t indent, const char *name)
{
	text_put_blanks(out, indent);
	text_put_byte(out, '<');
	text_put(out, name);
}

/** Adds an attribute, unless the value is NULL. */
static void put_attribute(struct text *out, const char *name, const char *value)
{
	if (!value)
		return;
	text_put_byte(out, ' ');
	text_put(out, name);
	text_put(out, "='");
	put_escaped(out, value);
	text_put_byte(out, '\'');
}

static void put_number_attribute(struct text *out, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
	put_attribute(out, name, digits);
}

static void end_tag(struct text *out, bool is_empty)
{
	text_put(out, is_empty ? "/>\n" : ">\n");
}

/** Adds an element with one attribute. */
static void put_empty(struct text *out, size_t indent, const char *name, const char *attribute,
	const char *value)
{
	open_tag(out, indent, name);
	put_attribute(out, attribute, value);
	end_tag(out, true);
}

static void put_size(struct text *out, const char *name, unsigned mib)
{
	open_tag(out, 2, name);
	text_put(out, " unit='KiB'>");
	text_put_number(out, (uint64_t)mib * 1024);
	text_put(out, "</");
	text_put(out, name);
	text_put(out, ">\n");
}

static void put_os(struct text *out, const struct gen_domain *domain)
{
	put_line(out, 2, "<os>");
	put_element(out, 4, "type", domain->is_hvm ? "hvm" : "linux");
	if (domain->is_hvm) {
		put_element(out, 4, "loader", "/usr/lib/xen/boot/hvmloader");
		for (const char *letter = domain->boot; *letter; letter++)
			put_empty(out, 4, "boot", "dev",
				*letter == 'c'           ? "hd"
					: *letter == 'd' ? "cdrom"
							 : "network");
	} else if (domain->kernel[0]) {
		put_element(out, 4, "kernel", domain->kernel);
		put_element(out, 4, "initrd", domain->initrd);
		put_element(out, 4, "cmdline", domain->cmdline);
	}
	put_line(out, 2, "</os>");
}

static void put_features(struct text *out, const struct gen_domain *domain)
{
	if (!domain->acpi && !domain->apic && !domain->pae && !domain->hap && !domain->viridian)
		return;
	put_line(out, 2, "<features>");
	if (domain->acpi)
		put_line(out, 4, "<acpi/>");
	if (domain->apic)
		put_line(out, 4, "<apic/>");
	if (domain->pae)
		put_line(out, 4, "<pae/>");
	if (domain->hap)
		put_line(out, 4, "<hap/>");
	if (domain->viridian)
		put_line(out, 4, "<viridian/>");
	put_line(out, 2, "</features>");
}

static void put_disk(struct text *out, const struct gen_disk *disk)
{
	static const char *const names[] = {NULL, "file", "phy", "tap2", "tap"};

	open_tag(out, 4, "disk");
	put_attribute(out, "type", disk->is_block ? "block" : "file");
	put_attribute(out, "device", disk->is_cdrom ? "cdrom" : "disk");
	end_tag(out, false);
	if (names[disk->driver]) {
		open_tag(out, 6, "driver");
		put_attribute(out, "name", names[disk->driver]);
		put_attribute(out, "type", disk->format);
		put_attribute(out, "cache", disk->cache);
		end_tag(out, true);
	}
	if (disk->source[0])
		put_empty(out, 6, "source", disk->is_block ? "dev" : "file", disk->source);
	open_tag(out, 6, "target");
	put_attribute(out, "dev", disk->target);
	put_attribute(out, "bus", disk->bus);
	end_tag(out, true);
	if (disk->readonly)
		put_line(out, 6, "<readonly/>");
	if (disk->shareable)
		put_line(out, 6, "<shareable/>");
	put_line(out, 4, "</disk>");
}

static void put_floppy(struct text *out, const char *source)
{
	put_line(out, 4, "<disk type='file' device='floppy'>");
	put_line(out, 6, "<driver name='file'/>");
	put_empty(out, 6, "source", "file", source);
	put_line(out, 6, "<target dev='fda' bus='fdc'/>");
	put_line(out, 4, "</disk>");
}

static void put_interface(struct text *out, const struct gen_domain *domain, size_t number)
{
	static const char *const types[] = {"bridge", "network", "ethernet"};
	const struct gen_interface *interface = &domain->interfaces[number];
	char target[32];

	open_tag(out, 4, "interface");
	put_attribute(out, "type", types[interface->type]);
	end_tag(out, false);
	put_empty(out, 6, "mac", "address", interface->mac);
	if (interface->source)
		put_empty(out, 6, "source", types[interface->type], interface->source);
	if (interface->ip[0])
		put_empty(out, 6, "ip", "address", interface->ip);
	if (interface->type != GEN_NETWORK)
		put_empty(out, 6, "script", "path", interface->script);
	if (interface->is_named) {
		snprintf(target, sizeof(target), "tap-%.8s", interface->uuid);
		put_empty(out, 6, "target", "dev", target);
	} else if (domain->id) {
		snprintf(target, sizeof(target), "vif%llu.%zu", (unsigned long long)domain->id,
			number);
		put_empty(out, 6, "target", "dev", target);
	}
	if (interface->model)
		put_empty(out, 6, "model", "type", interface->model);
	put_line(out, 4, "</interface>");
}

static void put_serial(struct text *out, const struct gen_domain *domain, const char *name,
	const char *target)
{
	char path[24];

	open_tag(out, 4, name);
	put_attribute(out, "type", "pty");
	end_tag(out, false);
	if (domain->id) {
		snprintf(path, sizeof(path), "/dev/pts/%u", domain->pty);
		put_empty(out, 6, "source", "path", path);
	}
	put_line(out, 6, target);
	text_put(out, "    </");
	text_put(out, name);
	text_put(out, ">\n");
}

static void put_graphics(struct text *out, const struct gen_domain *domain)
{
	if (domain->graphics == GEN_NO_GRAPHICS)
		return;
	put_empty(out, 4, "input type='mouse'", "bus", domain->is_hvm ? "ps2" : "xen");
	open_tag(out, 4, "graphics");
	if (domain->graphics == GEN_SDL) {
		put_attribute(out, "type", "sdl");
		put_attribute(out, "display", ":0.0");
		put_attribute(out, "xauth", "/root/.Xauthority");
	} else {
		put_attribute(out, "type", "vnc");
		if (domain->id)
			put_number_attribute(out, "port", domain->vnc_port);
		else
			put_attribute(out, "port", "-1");
		put_attribute(out, "autoport", "yes");
		put_attribute(out, "listen", domain->listen);
		put_attribute(out, "keymap", domain->keymap);
		put_attribute(out, "passwd", domain->password);
	}
	end_tag(out, true);
}

static void put_pci(struct text *out, const struct gen_domain *domain)
{
	char line[96];

	if (!domain->pci_bus)
		return;
	put_line(out, 4, "<hostdev mode='subsystem' type='pci' managed='no'>");
	put_line(out, 6, "<source>");
	snprintf(line, sizeof(line),
		"<address domain='0x0000' bus='0x%02x' slot='0x%02x' function='0x%x'/>",
		domain->pci_bus, domain->pci_slot, domain->pci_function);
	put_line(out, 8, line);
	put_line(out, 6, "</source>");
	put_line(out, 4, "</hostdev>");
}

static void put_devices(struct text *out, const struct gen_domain *domain)
{
	put_line(out, 2, "<devices>");
	if (domain->is_hvm)
		put_element(out, 4, "emulator", domain->emulator);
	for (size_t i = 0; i < domain->disk_count; i++)
		put_disk(out, &domain->disks[i]);
	if (domain->floppy[0])
		put_floppy(out, domain->floppy);
	for (size_t i = 0; i < domain->interface_count; i++)
		put_interface(out, domain, i);
	if (domain->has_serial)
		put_serial(out, domain, "serial", "<target port='0'/>");
	if (!domain->is_hvm)
		put_serial(out, domain, "console", "<target type='xen' port='0'/>");
	if (domain->has_tablet)
		put_line(out, 4, "<input type='tablet' bus='usb'/>");
	put_graphics(out, domain);
	if (domain->sound)
		put_empty(out, 4, "sound", "model", domain->sound);
	put_pci(out, domain);
	if (domain->id) /* SEXPR has no equivalent */
		put_line(out, 4, "<memballoon model='xen'/>");
	put_line(out, 2, "</devices>");
}

void gen_xml(struct text *out, const struct gen_domain *domain)
{
	char cpuset[24];

	text_put(out, "<domain type='xen'");
	if (domain->id)
		put_number_attribute(out, "id", domain->id);
	end_tag(out, false);
	put_element(out, 2, "name", domain->name);
	put_element(out, 2, "uuid", domain->uuid);
	if (domain->description[0])
		put_element(out, 2, "description", domain->description);
	put_size(out, "memory", domain->memory_mib);
	put_size(out, "currentMemory", domain->current_mib);
	open_tag(out, 2, "vcpu");
	snprintf(cpuset, sizeof(cpuset), "%u-%u", domain->first_cpu, domain->last_cpu);
	put_attribute(out, "cpuset", domain->last_cpu ? cpuset : NULL);
	text_put_byte(out, '>');
	text_put_number(out, domain->vcpus);
	text_put(out, "</vcpu>\n");
	if (domain->bootloader)
		put_element(out, 2, "bootloader", domain->bootloader);
	if (domain->bootloader_args)
		put_element(out, 2, "bootloader_args", domain->bootloader_args);
	put_os(out, domain);
	put_features(out, domain);
	put_empty(out, 2, "clock", "offset", domain->is_localtime ? "localtime" : "utc");
	put_element(out, 2, "on_poweroff", domain->on_poweroff);
	put_element(out, 2, "on_reboot", domain->on_reboot);
	put_element(out, 2, "on_crash", domain->on_crash);
	put_devices(out, domain);
	text_put(out, "</domain>\n");
}
