/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Random numbers come from splitmix64, started from seed and index, so that domains do not depend
 * on each other. Two of them are never arguments of one call, because compilers may evaluate
 * arguments in any order. The frequencies are those of published dumps: one or two disks, half of
 * them blktap; four of five guests running; one of forty names that needs quotes.
 */
struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/** Returns a number from 0 to count - 1. */
static unsigned below(struct dice *dice, unsigned count)
{
	return (unsigned)(((roll(dice) >> 32) * count) >> 32);
}

static bool percent(struct dice *dice, unsigned share)
{
	return below(dice, 100) < share;
}

static const char *pick_from(struct dice *dice, const char *const *words, size_t count)
{
	return words[below(dice, (unsigned)count)];
}

#define PICK(dice, words) pick_from(dice, words, sizeof(words) / sizeof(*(words)))

static const char *const roles[] = {
	"web",
	"db",
	"app",
	"mail",
	"proxy",
	"cache",
	"ldap",
	"dns",
	"build",
	"ci",
	"git",
	"monitor",
	"files",
	"backup",
	"vpn",
	"print",
	"wiki",
	"shop",
	"erp",
	"terminal",
	"test",
	"staging",
	"win2003",
	"win2008",
	"etch",
	"lenny",
};
static const char *const sites[] = {"ber", "vie", "lis", "osl", "rig", "bts", "tll", "dub"};
static const char *const suffixes[] = {"", ".example.net", ".lan.example.org", ".dc2.example.com"};
static const char *const odd_words[] = {
	"O'Neill",
	"R&D",
	"a<b>c",
	"say \"hi\"",
	"Büro 2",
	"São João",
	"данные",
	"倉庫",
	"100% #1",
	"it's \"new\"",
	"back\\slash",
	"Tom & Jerry's",
	"(old)",
};
static const char *const directories[] = {
	"/var/lib/xen/images/",
	"/srv/xen/",
	"/vmstore/a/",
	"/vmstore/b/",
	"/mnt/nfs/guests/",
	"/export/xen/domains/",
};
static const char *const volumes[] = {"/dev/vg_guests/", "/dev/san0/", "/dev/mapper/xen-",
	"/dev/drbd/by-res/"};
static const char *const discs[] = {
	"/srv/iso/debian-506-amd64-netinst.iso",
	"/srv/iso/server-2008-r2-x64.iso",
	"/srv/iso/tools 3.1.iso",
};
static const char *const kernels[] = {
	"2.6.18-6-xen-amd64",
	"2.6.26-2-xen-amd64",
	"2.6.32-5-xen-amd64",
	"3.2.0-4-amd64",
};
static const char *const arguments[] = {
	"root=/dev/xvda1 ro",
	"root=/dev/xvda2 ro console=hvc0 elevator=noop",
	"root=/dev/sda1 ro xencons=tty 3",
	("url=http://install.example.net/preseed.cfg auto=true priority=critical "
	 "hostname=unassigned"),
};
static const char *const bootloaders[] = {"/usr/bin/pygrub", "/usr/bin/pygrub",
	"/usr/lib/xen-4.1/bin/pygrub"};
static const char *const boot_orders[] = {"c", "c", "c", "dc", "cd", "n", "cdn"};
static const char *const stop_actions[] = {"destroy", "restart", "preserve", "rename-restart"};
static const char *const crash_actions[] = {"restart", "destroy", "preserve", "coredump-destroy",
	"coredump-restart"};
static const char *const formats[] = {"aio", "aio", "aio", "qcow", "qcow2", "vhd", "vmdk"};
static const char *const caches[] = {"none", "writeback", "writethrough"};
static const char *const bridges[] = {"xenbr0", "xenbr0", "xenbr1", "eth0", "br-dmz", "vlan120"};
static const char *const networks[] = {"default", "storage", "dmz"};
static const char *const models[] = {"rtl8139", "e1000", "ne2k_pci"};
static const char *const keymaps[] = {"en-us", "de", "fr", "pt-br"};
static const char *const sounds[] = {"es1370", "sb16"};

static void make_uuid(struct dice *dice, char uuid[GEN_UUID_SIZE])
{
	uint64_t high = roll(dice), low = roll(dice);

	snprintf(uuid, GEN_UUID_SIZE, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(high >> 32),
		(unsigned)(high >> 16) & 0xffff, (unsigned)high & 0xfff,
		0x8000 | ((unsigned)(low >> 48) & 0x3fff), low & UINT64_C(0xffffffffffff));
}

static void make_identity(struct dice *dice, struct gen_domain *domain, uint64_t index)
{
	const char *role = PICK(dice, roles), *site = PICK(dice, sites);

	if (percent(dice, 3)) /* the number makes names unique */
		snprintf(domain->name, sizeof(domain->name), "%s %s %" PRIu64,
			PICK(dice, odd_words), role, index);
	else if (percent(dice, 50))
		snprintf(domain->name, sizeof(domain->name), "%s-%s-%05" PRIu64, site, role, index);
	else
		snprintf(domain->name, sizeof(domain->name), "%s%" PRIu64 "%s", role, index,
			PICK(dice, suffixes));
	make_uuid(dice, domain->uuid);
	if (percent(dice, 8))
		snprintf(domain->description, sizeof(domain->description), "%s: %s, ask %s", site,
			role, PICK(dice, odd_words));
}

static void make_boot(struct dice *dice, struct gen_domain *domain)
{
	if (domain->is_hvm) {
		domain->boot = PICK(dice, boot_orders);
		domain->acpi = percent(dice, 85);
		domain->apic = percent(dice, 85);
		domain->pae = percent(dice, 80);
		domain->hap = percent(dice, 70);
		domain->viridian = percent(dice, 10);
		domain->has_serial = percent(dice, 50);
		domain->has_tablet = percent(dice, 50);
		domain->sound = percent(dice, 8) ? PICK(dice, sounds) : NULL;
	} else if (percent(dice, 60)) {
		domain->bootloader = PICK(dice, bootloaders);
		domain->bootloader_args = percent(dice, 20) ? "-q" : NULL;
	} else {
		const char *kernel = PICK(dice, kernels);

		snprintf(domain->kernel, sizeof(domain->kernel), "/boot/vmlinuz-%s", kernel);
		snprintf(domain->initrd, sizeof(domain->initrd), "/boot/initrd.img-%s", kernel);
		snprintf(domain->cmdline, sizeof(domain->cmdline), "%s", PICK(dice, arguments));
	}
}

/** Makes a path from the domain's name, without characters that are unusual in paths. */
static void make_source(struct dice *dice, struct gen_disk *disk, const char *stem, size_t number)
{
	const char *extension =
		disk->format && strcmp(disk->format, "aio") != 0 ? disk->format : "img";

	const char *directory = PICK(dice, directories);

	if (disk->is_block && percent(dice, 20))
		snprintf(disk->source, sizeof(disk->source),
			"/dev/disk/by-id/scsi-36001405%016" PRIx64, roll(dice));
	else if (disk->is_block)
		snprintf(disk->source, sizeof(disk->source), "%s%s-%zu", PICK(dice, volumes), stem,
			number);
	else if (percent(dice, 3))
		snprintf(disk->source, sizeof(disk->source), "%s%s/%s.%s", directory,
			PICK(dice, odd_words), stem, extension);
	else
		snprintf(disk->source, sizeof(disk->source), "%s%s/disk%zu.%s", directory, stem,
			number, extension);
}

static enum gen_driver pick_driver(struct dice *dice)
{
	unsigned points = below(dice, 100);

	if (points < 3)
		return GEN_NO_DRIVER;
	if (points < 28)
		return GEN_FILE;
	if (points < 55)
		return GEN_PHY;
	return points < 67 ? GEN_TAP2 : GEN_TAP;
}

static void make_target(const struct gen_domain *domain, struct gen_disk *disk, size_t number,
	bool is_partition)
{
	const char *prefix = !domain->is_hvm ? "xvd" : number < 2 ? "hd" : "sd";

	snprintf(disk->target, sizeof(disk->target), "%s%c%s", prefix, (char)('a' + number),
		is_partition ? "1" : "");
	disk->bus = prefix[0] == 'x' ? "xen" : prefix[0] == 'h' ? "ide" : "scsi";
}

static void make_cdrom(struct dice *dice, struct gen_disk *disk)
{
	disk->is_cdrom = true;
	disk->readonly = true;
	disk->driver = percent(dice, 85) ? GEN_FILE : GEN_PHY;
	disk->is_block = disk->driver == GEN_PHY;
	disk->bus = "ide";
	snprintf(disk->target, sizeof(disk->target), "hdc");
	if (disk->is_block)
		snprintf(disk->source, sizeof(disk->source), "/dev/cdrom");
	else if (percent(dice, 60))
		snprintf(disk->source, sizeof(disk->source), "%s", PICK(dice, discs));
	else /* an empty drive has no driver */
		disk->driver = GEN_NO_DRIVER;
	make_uuid(dice, disk->uuid);
}

/**
 * Disks are sorted by their classes, because xend lists them in this order and the machine must be
 * the same in both formats. The CD drive is a vbd and precedes all tap and tap2 disks.
 */
static void make_disks(struct dice *dice, struct gen_domain *domain)
{
	enum gen_driver drivers[GEN_DISKS_MAX];
	unsigned points = below(dice, 100);
	size_t count = points < 40 ? 1
		: points < 68      ? 2
		: points < 83      ? 3
		: points < 92      ? 4
				   : 5 + below(dice, 7);
	char stem[sizeof(domain->name)];
	enum gen_driver class;

	memcpy(stem, domain->name, sizeof(stem));
	stem[strcspn(stem, " ./\\'\"&<>()")] = '\0';
	for (size_t i = 0; i < count; i++)
		drivers[i] = pick_driver(dice);
	if (domain->is_hvm && percent(dice, 60))
		make_cdrom(dice, &domain->disks[domain->disk_count++]);
	for (class = GEN_NO_DRIVER; class <= GEN_TAP; class ++) {
		for (size_t i = 0; i < count; i++) {
			struct gen_disk *disk = &domain->disks[domain->disk_count];

			if (drivers[i] != class)
				continue;
			disk->driver = class;
			disk->is_block =
				class == GEN_PHY || (class == GEN_NO_DRIVER && percent(dice, 40));
			disk->format = class >= GEN_TAP2 ? PICK(dice, formats) : NULL;
			make_source(dice, disk, stem, i);
			/* hdc is the CD drive's */
			make_target(domain, disk, i < 2 ? i : i + 1,
				!domain->is_hvm && percent(dice, 15));
			disk->readonly = percent(dice, 4);
			disk->shareable = !disk->readonly && percent(dice, 5);
			disk->cache = percent(dice, 3) ? PICK(dice, caches) : NULL;
			make_uuid(dice, disk->uuid);
			domain->disk_count++;
		}
	}
	if (domain->is_hvm && percent(dice, 6))
		snprintf(domain->floppy, sizeof(domain->floppy), "/srv/floppy/%s.vfd",
			PICK(dice, roles));
}

static void make_interface(struct dice *dice, struct gen_interface *interface, bool is_hvm)
{
	unsigned points = below(dice, 100);
	unsigned low = below(dice, 0x1000000), address = below(dice, 0x10000);

	interface->type = points < 88 ? GEN_BRIDGE : points < 95 ? GEN_NETWORK : GEN_ETHERNET;
	if (interface->type != GEN_ETHERNET)
		interface->source =
			interface->type == GEN_BRIDGE ? PICK(dice, bridges) : PICK(dice, networks);
	interface->script =
		interface->type == GEN_ETHERNET ? "vif-route" : "/etc/xen/scripts/vif-bridge";
	interface->model = is_hvm ? PICK(dice, models) : NULL;
	interface->is_named = percent(dice, 10);
	snprintf(interface->mac, sizeof(interface->mac), "00:16:3e:%02x:%02x:%02x",
		(low >> 17) & 0x7f, (low >> 8) & 0xff, low & 0xff);
	if (percent(dice, 8))
		snprintf(interface->ip, sizeof(interface->ip), "10.%u.%u.%u", low & 0xff,
			(address >> 8) & 0xff, address & 0xff);
	make_uuid(dice, interface->uuid);
}

static void make_consoles(struct dice *dice, struct gen_domain *domain, uint64_t index)
{
	if (domain->is_hvm || percent(dice, 55))
		domain->graphics = percent(dice, 93) ? GEN_VNC : GEN_SDL;
	domain->vnc_port = 5900 + (unsigned)(index % 200);
	domain->listen = percent(dice, 40) ? "0.0.0.0" : percent(dice, 50) ? "127.0.0.1" : NULL;
	domain->keymap = percent(dice, 35) ? PICK(dice, keymaps) : NULL;
	domain->password = percent(dice, 6) ? "pa'ss&word" : NULL;
	domain->pty = (unsigned)(index % 300);
	if (percent(dice, 2)) {
		domain->pci_bus = 1 + below(dice, 31);
		domain->pci_slot = below(dice, 32);
		domain->pci_function = below(dice, 8);
	}
	make_uuid(dice, domain->vfb_uuid);
	make_uuid(dice, domain->console_uuid);
}

void gen_domain_init(struct gen_domain *domain, uint64_t seed, uint64_t index)
{
	static const unsigned sizes_mib[] = {128, 256, 512, 512, 1024, 1024, 2048, 4096, 8192};
	struct dice dice = {
		seed * UINT64_C(0xd1342543de82ef95) ^ (index + 1) * UINT64_C(0x9e3779b97f4a7c15)};
	unsigned points;

	memset(domain, 0, sizeof(*domain));
	roll(&dice);
	domain->is_hvm = percent(&dice, 38);
	domain->id = percent(&dice, 80) ? 1 + index % 9999 : 0;
	make_identity(&dice, domain, index);
	domain->memory_mib = sizes_mib[below(&dice, sizeof(sizes_mib) / sizeof(*sizes_mib))];
	domain->current_mib = percent(&dice, 85) ? domain->memory_mib : domain->memory_mib / 2;
	domain->vcpus = 1U << below(&dice, 4);
	if (percent(&dice, 12)) {
		domain->first_cpu = below(&dice, 4);
		domain->last_cpu = domain->first_cpu + 1 + below(&dice, 6);
	}
	make_boot(&dice, domain);
	domain->is_localtime = percent(&dice, 15);
	domain->on_poweroff = percent(&dice, 92) ? "destroy" : PICK(&dice, stop_actions);
	domain->on_reboot = percent(&dice, 92) ? "restart" : PICK(&dice, stop_actions);
	domain->on_crash = percent(&dice, 75) ? "restart" : PICK(&dice, crash_actions);
	domain->emulator =
		percent(&dice, 70) ? "/usr/lib/xen/bin/qemu-dm" : "/usr/lib64/xen/bin/qemu-dm";
	make_disks(&dice, domain);
	points = below(&dice, 100);
	domain->interface_count = points < 5 ? 0
		: points < 75                ? 1
		: points < 93                ? 2
					     : 3 + below(&dice, 2);
	for (size_t i = 0; i < domain->interface_count; i++)
		make_interface(&dice, &domain->interfaces[i], domain->is_hvm);
	make_consoles(&dice, domain, index);
	domain->start_time = UINT64_C(130000000000) + below(&dice, 1000000000);
	domain->cpu_time = below(&dice, 1000000000);
	domain->store_mfn = 1000 + below(&dice, 3000000);
}
