/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef GEN_H
#define GEN_H

/**
 * gen - generates dumps of any size, as libvirt and xend would have written them.
 *
 * Domain k of a seed is the same machine in both formats and on every platform, whatever comes
 * before it: gen uses no rand(), no floating point and no locale. Parts of a dump can therefore be
 * generated separately and concatenated.
 *
 *   gen_model.c   invents a machine
 *   gen_xml.c     writes it as libvirt does
 *   gen_sexpr.c   writes it as xend does
 *   gen_text.c    holds what they have written
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A buffer that grows. Running out of memory ends the program. */
struct text {
	char *data;
	size_t size;
	size_t capacity;
};

void text_add(struct text *text, const char *data, size_t size);
void text_put(struct text *text, const char *string);
void text_put_byte(struct text *text, char byte);
void text_put_number(struct text *text, uint64_t number);
void text_put_blanks(struct text *text, size_t count);

#define GEN_PATH_SIZE 224
#define GEN_WORD_SIZE 64
#define GEN_UUID_SIZE 37
#define GEN_DISKS_MAX 12
#define GEN_INTERFACES_MAX 4

/** The backend of a disk, in the order in which xend 4.1 lists the classes: vbd, tap2, tap. */
enum gen_driver { GEN_NO_DRIVER, GEN_FILE, GEN_PHY, GEN_TAP2, GEN_TAP };

struct gen_disk {
	enum gen_driver driver;
	/** The image format of tap and tap2; NULL for the other backends. */
	const char *format;
	/** "" for a CD drive without a disc. */
	char source[GEN_PATH_SIZE];
	char target[8];
	const char *bus;
	char uuid[GEN_UUID_SIZE];
	bool is_block;
	bool is_cdrom;
	bool readonly;
	bool shareable;
	/** libvirt's cache attribute, which SEXPR cannot express; NULL if it is not set. */
	const char *cache;
};

enum gen_interface_type { GEN_BRIDGE, GEN_NETWORK, GEN_ETHERNET };

struct gen_interface {
	enum gen_interface_type type;
	/** Bridge or network; NULL for GEN_ETHERNET. */
	const char *source;
	const char *script;
	/** NULL if it is not set, as in every PV guest. */
	const char *model;
	char mac[18];
	char ip[16];
	char uuid[GEN_UUID_SIZE];
	/** The interface of the host has a name of its own. */
	bool is_named;
};

enum gen_graphics { GEN_NO_GRAPHICS, GEN_VNC, GEN_SDL };

/** A machine. Texts are "" and pointers NULL for values that are not set. */
struct gen_domain {
	/** The number from 1 on; 0 if it is not running. */
	uint64_t id;
	bool is_hvm;
	char name[GEN_WORD_SIZE + 16];
	char uuid[GEN_UUID_SIZE];
	char description[128];
	unsigned memory_mib, current_mib;
	unsigned vcpus;
	/** The first and last processor of the host that may be used. `last_cpu` is 0 for all. */
	unsigned first_cpu, last_cpu;

	const char *bootloader, *bootloader_args;
	char kernel[GEN_WORD_SIZE], initrd[GEN_WORD_SIZE], cmdline[128];
	/** xend's letters: c for disk, d for CD drive, n for network. */
	const char *boot;
	bool acpi, apic, pae, hap, viridian;
	bool is_localtime;
	const char *on_poweroff, *on_reboot, *on_crash;
	const char *emulator;

	struct gen_disk disks[GEN_DISKS_MAX];
	size_t disk_count;
	/** HVM only: the image in the floppy drive. */
	char floppy[GEN_PATH_SIZE];
	struct gen_interface interfaces[GEN_INTERFACES_MAX];
	size_t interface_count;
	enum gen_graphics graphics;
	unsigned vnc_port;
	const char *listen, *keymap, *password;
	bool has_tablet, has_serial;
	const char *sound;
	/** A PCI device of the host: bus, slot, function. `pci_bus` is 0 if there is no device. */
	unsigned pci_bus, pci_slot, pci_function;

	/** Values that only a running domain has; times in hundredths of a second. */
	uint64_t start_time, cpu_time;
	unsigned store_mfn, pty;
	char vfb_uuid[GEN_UUID_SIZE], console_uuid[GEN_UUID_SIZE];
};

/** Invents domain `index` of `seed`. */
void gen_domain_init(struct gen_domain *domain, uint64_t seed, uint64_t index);

/** Adds the domain as `virsh dumpxml` prints it. */
void gen_xml(struct text *out, const struct gen_domain *domain);

/** Adds the domain as xend 4.1 writes it: on one line, or laid out as by `xm list --long`. */
void gen_sexpr(struct text *out, const struct gen_domain *domain, bool is_flat);

#endif
