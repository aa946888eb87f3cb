/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SEXPR_READER_H
#define READ_SEXPR_READER_H

#include "read/reader_private.h"
#include "read/scalar.h"
#include "read/sexpr_lexer.h"

#include <stdbool.h>

/**
 * The parts of the SEXPR reader. sexpr_reader.c keeps the stack of lists; sexpr_keys.c knows which
 * keys mean what; sexpr_domain.c, sexpr_disk.c and sexpr_device.c understand those that are more
 * than a scalar.
 */

/** The lists that hold further lists. SEXPR_NONE: nothing is known inside it. */
enum sexpr_context {
	SEXPR_NONE = 0,
	SEXPR_TOP,
	SEXPR_DOMAIN,
	/** `(image …)`, whose first list names the builder; */
	SEXPR_IMAGE,
	/** that list, `(linux …)` or `(hvm …)`. */
	SEXPR_BUILDER,
	/** `(platform (…))`, whose one list holds keys of the builder once more. */
	SEXPR_PLATFORM,
	SEXPR_PLATFORM_KEYS,
	SEXPR_DEVICE,
	SEXPR_DISK,
	SEXPR_VIF,
	SEXPR_VFB,
	SEXPR_PCI,
	SEXPR_PCI_DEV,
	SEXPR_VKBD,
	SEXPR_CONSOLE
};

enum sexpr_action {
	/** The list holds lists; its key's `open` begins a device. */
	SEXPR_ENTER = 1,
	SEXPR_SCALAR,
	SEXPR_ALIAS,
	SEXPR_IS_RUNTIME,
	SEXPR_IS_KNOWN,
	SEXPR_IS_AGAIN,
	/** A text of the device at hand. */
	SEXPR_TEXT,
	/** Its key's `read` reads one value, or several. */
	SEXPR_VALUE,
	SEXPR_VALUES,
};

/** One value of a list that holds no named lists: its atoms in order, with the depth at which each
 * stands. */
struct sexpr_value {
	struct ds_text text;
	unsigned depth;
	/** Lists that were opened right inside the list before it: which of them it is in, from
	 * 1. */
	unsigned group;
};

#define SEXPR_STACK 16
#define SEXPR_VALUES_MAX 256
#define SEXPR_SEEN 128

/** What `image` or a vfb says of graphics; put together when all was seen. */
struct sexpr_graphics {
	size_t at;
	bool is_said;
	enum ds_flag vnc, sdl, unused;
	/** A vfb's type. */
	bool is_vnc, is_sdl;
	int64_t display_number;
	bool has_display;
	struct ds_graphics graphics;
};

/** A drive of the image, which becomes a disk when the domain closes. */
struct sexpr_drive {
	struct ds_text path;
	size_t at;
};

struct sexpr_reader {
	struct read_state *state;
	struct sexpr_lexer lexer;
	/** Bytes of a key or value, at most. */
	size_t token_size;
	struct keymap keys;
	/** What xend uses for each key of the map when it is not set; NULL: nothing, or it is not
	 * known. */
	struct ds_text defaults[KEYMAP_KEYS];
	/** Where the guesses for the next key are; the first one follows the last one of the domain
	 * before. */
	struct key_next first_key, *next_key;
	/** What begins before this has KEY_NAME_HEAD bytes behind it. */
	const char *last_head;
	struct read_level stack[SEXPR_STACK];
	unsigned level;
	/** Of the list at hand, as the stack says it. */
	unsigned context;

	/** The list at hand that holds values: its first byte, its key and its values. */
	size_t at;
	const struct key *key;
	struct sexpr_value values[SEXPR_VALUES_MAX];
	size_t value_count;
	/** Lists right inside the list at hand, and inside its first list. */
	unsigned groups[2];
	/** There were more than fit. */
	bool is_long;

	/** Keys with a value that were met in the open lists, for only the first of a kind counts;
	 * those of a list begin at its `seen_from`. */
	struct {
		const struct key *key;
		struct ds_text raw;
	} seen[SEXPR_SEEN];
	size_t seen_count;
	/** One bit for each key that was met in this domain. */
	uint64_t seen_bits[(KEYMAP_KEYS + 63) / 64];
	size_t seen_from[SEXPR_STACK];

	/** The device at hand. */
	void *item;
	/** Kept until the domain closes. */
	struct sexpr_graphics image_graphics, vfb_graphics;
	struct sexpr_drive cdrom, floppy_a, floppy_b;
	/** What keys of the Xen API and of xl say, if there were any. */
	struct ds_domain aliases;
	bool has_aliases;
	struct ds_text builder_name;
	/** A key was lost that may say again what another one says. */
	bool may_be_redundant;
	/** The Xen API says that it is an HVM guest, and its boot order. */
	bool has_boot_policy;
	struct ds_text boot_params;
	/** Where `platform` begins, which is read when the image is known, or 0 if
	 * there is none. */
	size_t platform_at;
	bool is_platform;
	/** Where the image begins and ends. */
	size_t image_at, image_end;
	/** Sets that `cpus` has for single vcpus. */
	size_t cpus_rows;
	/** Whether the clock shows local time: what the image says counts first. */
	enum ds_flag image_localtime, localtime;
	bool has_rtc;
};

extern const struct key sexpr_keys[];
extern const size_t sexpr_key_count;

/** Fills in what xend uses for each of sexpr_keys when the key is not set; NULL: nothing, or it is
 * not known. */
void sexpr_fill_defaults(struct ds_text values[KEYMAP_KEYS]);

/** Path of the open list with a key in it. */
struct ds_text sexpr_path(struct sexpr_reader *reader, struct ds_text key);

/** The first atom that a list without lists in it holds; an empty text for `(key)`, `(key )`, `(key
 * '')`; NULL when it holds lists. */
struct ds_text sexpr_first(const struct sexpr_reader *reader);

/** The member that the key at hand sets, in this struct. */
static inline void *sexpr_member(const struct sexpr_reader *reader, void *item)
{
	return (char *)item + reader->key->member;
}

/** The first byte of the `(device …)` whose only list has begun. */
static inline size_t sexpr_device_at(const struct sexpr_reader *reader)
{
	return reader->stack[reader->level - 1].at;
}

/** Whether the list at hand holds one atom, as most do. */
static inline bool is_one_word(const struct sexpr_reader *reader)
{
	return reader->value_count == 1 && !reader->values[0].depth;
}

/** As sexpr_first(), without a call for one atom. */
static inline struct ds_text sexpr_single(const struct sexpr_reader *reader)
{
	if (is_one_word(reader))
		return reader->values[0].text;
	return sexpr_first(reader);
}

/** As sexpr_first(); several atoms, as xl writes text with blanks in it, are joined by a blank. */
struct ds_text sexpr_all(struct sexpr_reader *reader);

/** As sexpr_all(), without a call for one atom. */
static inline struct ds_text sexpr_joined(struct sexpr_reader *reader)
{
	if (is_one_word(reader))
		return reader->values[0].text;
	return sexpr_all(reader);
}

/** Reads a switch: a number, True or False. An empty value leaves it as it is. Returns false for
 * any other value. */
bool sexpr_flag(struct ds_text value, enum ds_flag *flag);

/** When each vcpu has the same set of processors, it becomes the domain's. */
void sexpr_cpus_end(struct sexpr_reader *reader);

/** Ends a device. */
void sexpr_device_end(struct sexpr_reader *reader, enum sexpr_context context);

/** A character device as xend writes it: "pty", "file:/x", "tcp:host:port,server", … Returns
 * false when it is not known. */
bool sexpr_char(struct read_state *state, enum ds_char_kind kind, uint32_t port, size_t at,
	struct ds_text value);

/** Puts together what several keys say, when the domain closes. */
void sexpr_domain_end(struct sexpr_reader *reader);
void sexpr_disks_end(struct sexpr_reader *reader);
void sexpr_graphics_end(struct sexpr_reader *reader);

/* ---- what the table refers to, see struct key ---- */

typedef bool sexpr_value_reader(struct sexpr_reader *reader, struct ds_text value);
typedef void sexpr_opener(struct sexpr_reader *reader);

/* sexpr_domain.c */
sexpr_value_reader sexpr_read_preserved, sexpr_read_domid, sexpr_read_vcpu_avail,
	sexpr_read_boot_params, sexpr_read_boot_policy, sexpr_read_localtime, sexpr_read_rtc,
	sexpr_read_boot, sexpr_read_serial, sexpr_read_parallel, sexpr_read_sound, sexpr_read_usb,
	sexpr_read_usb_device, sexpr_read_drive;

/* sexpr_cpus.c */
sexpr_value_reader sexpr_read_cpus, sexpr_read_vcpus_params;

/* sexpr_disk.c */
sexpr_opener sexpr_open_vbd, sexpr_open_tap, sexpr_open_tap2;
/** The name of the domain that serves a device. */
sexpr_value_reader sexpr_read_backend;
sexpr_value_reader sexpr_read_dev, sexpr_read_uname, sexpr_read_mode, sexpr_read_bootable,
	sexpr_read_xl_path, sexpr_read_xl_writable, sexpr_read_xl_cdrom;

/* sexpr_device.c */
sexpr_opener sexpr_open_vif, sexpr_open_vfb, sexpr_open_pci;
sexpr_value_reader sexpr_read_rate, sexpr_read_vfb_type, sexpr_read_vnc, sexpr_read_display,
	sexpr_read_graphics, sexpr_read_pci;

#endif
