/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SEXPR_READER_H
#define READ_SEXPR_READER_H

#include "read/reader_private.h"
#include "read/scalar.h"
#include "read/sexpr_lexer.h"
#include "record/members.h"

#include <stdbool.h>

/**
 * The components of the SEXPR reader. sexpr_reader.c maintains the stack of lists; sexpr_value.c
 * interprets those that contain values; sexpr_keys.c defines the keys. It names the functions that
 * handle values that are more than a scalar, which are in sexpr_domain.c, sexpr_cpus.c,
 * sexpr_disk.c and sexpr_device.c.
 */

/** The lists that contain further lists. Nothing is known about the contents of SEXPR_NONE. */
enum sexpr_context {
	SEXPR_NONE = 0,
	SEXPR_TOP,
	SEXPR_DOMAIN,
	/** `(image …)`, whose first list names the builder. */
	SEXPR_IMAGE,
	/** The first list in `(image …)`: `(linux …)` or `(hvm …)`. */
	SEXPR_BUILDER,
	/** `(platform (…))`, whose only list repeats keys of the builder. */
	SEXPR_PLATFORM,
	SEXPR_PLATFORM_KEYS,
	SEXPR_DEVICE,
	SEXPR_DISK,
	SEXPR_VIF,
	SEXPR_VFB,
	SEXPR_PCI,
	SEXPR_PCI_DEV
};

enum sexpr_action {
	/** The list contains lists; `open` of its key begins a device. */
	SEXPR_ENTER = 1,
	SEXPR_SCALAR,
	SEXPR_ALIAS,
	SEXPR_IS_RUNTIME,
	SEXPR_IS_KNOWN,
	SEXPR_IS_REPEATED,
	/** A text of the current device. */
	SEXPR_TEXT,
	/** `read` of its key reads one value, or several. */
	SEXPR_VALUE,
	SEXPR_VALUES,
};

/** An atom in the value of a list, with its depth below that list. */
struct sexpr_value {
	struct ds_text text;
	unsigned depth;
	/** If the value consists of a list of lists, the number, from 1, of the inner list that
	 * contains the atom. */
	unsigned group;
};

#define SEXPR_STACK 16
#define SEXPR_VALUES_MAX 256

/** The graphics settings of `image` or of a vfb device. They are combined when the domain ends. */
struct sexpr_graphics {
	/** The position of the first list with a setting, or of the vfb; 0 if nothing was read. */
	size_t at;
	enum ds_flag vnc, sdl, unused;
	/** The type of a vfb. */
	bool is_vnc, is_sdl;
	/** The number of VNC's display, if it is valid. */
	struct ds_text display;
	struct ds_graphics graphics;
};

/** The drives of the image. Each becomes a disk when the domain closes. */
enum { SEXPR_FLOPPY_A, SEXPR_FLOPPY_B, SEXPR_CDROM, SEXPR_DRIVES };

struct sexpr_drive {
	struct ds_text path;
	size_t at;
};

/** A list that may become an extra when the domain ends. */
struct sexpr_list {
	struct ds_text path, raw;
};

struct sexpr_reader {
	struct read_state *state;
	struct sexpr_lexer lexer;
	/** The maximum size of a key or value. */
	size_t token_size;
	struct keymap keys;
	/** Where the prediction of the next key is stored; the first key follows the last one of
	 * the previous domain. */
	struct key_guess *first_key, **next_key;
	/** At every address before this one, at least KEY_NAME_HEAD bytes can be read. */
	const char *last_head;
	struct read_level stack[SEXPR_STACK];
	unsigned level;
	/** The context of the current list, as on the stack. */
	unsigned context;

	/** The current list: its first byte, its name, its key if it is known, and its values, if
	 * it was read to its end. */
	size_t at;
	struct ds_text name;
	const struct key *key;
	struct sexpr_value values[SEXPR_VALUES_MAX];
	size_t value_count;

	/** The number of each open list on the stack. Lists are counted through all domains. */
	uint64_t numbers[SEXPR_STACK], list_count;
	/** The list in which each key of `sexpr_keys` was read last, and its bytes there, because
	 * only the first value in a list counts. */
	struct sexpr_seen {
		uint64_t list;
		struct ds_text raw;
	} seen[KEYMAP_KEYS];

	/** The device whose list is open. */
	void *item;
	/** The values of keys of the Xen API and of xl, if there were any. */
	struct ds_domain aliases;
	/** The lists from which the fields in `aliases` were read. */
	struct sexpr_list alias_lists[FIELD_COUNT];

	/* All that follows is zero when a domain begins. */

	/** Settings that are combined when the domain ends. */
	struct sexpr_graphics image_graphics, vfb_graphics;
	struct sexpr_drive drives[SEXPR_DRIVES];
	struct ds_text builder_name;
	/** The beginning of `platform`, which is read when the image is known; 0 if the domain has
	 * no `platform`. */
	size_t platform_at;
	/** The beginning and end of the image, set at its end. */
	size_t image_at, image_end;
	/** The position of the last `(device …)` that a device was read from. */
	size_t device_at;
	/** The number of sets in `cpus` for single vcpus. */
	size_t cpus_rows;
	/** Whether the clock shows local time, as set in the image and in the domain. The image's
	 * setting is used if both are set. */
	enum ds_flag image_localtime, localtime;
	/** xl's key for the access to the current disk was read. */
	bool has_readwrite;
	/** The current list had more values than fit. */
	bool is_long;
	/** A key of the Xen API or of xl was read into `aliases`. */
	bool has_aliases;
	/** A key was lost that may repeat another one. */
	bool may_be_redundant;
	/** According to the keys of the Xen API, this is an HVM guest. */
	bool has_boot_policy;
	/** `platform` is being read. */
	bool is_platform;
	/** The clock is adjusted. */
	bool has_rtc;
};

extern const struct key sexpr_keys[];
extern const size_t sexpr_key_count;

/** Interprets the current list, which has a known key and contains values. */
void sexpr_understand(struct sexpr_reader *reader);
/** Adds the current list, which ends at the lexer's position, as an extra. */
void sexpr_extra(struct sexpr_reader *reader, enum ds_extra_kind kind);

/** Called when a field of `aliases` was set from the current list. */
void sexpr_alias_set(struct sexpr_reader *reader, enum field field);

/** Returns the member that the current key sets, in this struct. */
static inline void *sexpr_member(const struct sexpr_reader *reader, void *item)
{
	return (char *)item + reader->key->member;
}

/** Returns the atoms of the current list, joined by blanks: xl writes a text with blanks like that.
 * Returns NULL when the list contains lists. */
struct ds_text sexpr_joined(struct sexpr_reader *reader);

/** Reads a switch: a number, True or False. An empty value leaves `*flag` unchanged. Returns false
 * for any other value. */
bool sexpr_flag(struct ds_text value, enum ds_flag *flag);

/** Called when the domain ends. If all vcpus have the same set of processors, it becomes the
 * domain's. */
void sexpr_cpus_end(struct sexpr_reader *reader);

/** Ends a device. */
void sexpr_device_end(struct sexpr_reader *reader, enum sexpr_context context);

/** Combines the values of several keys when the domain ends. */
void sexpr_domain_end(struct sexpr_reader *reader);
void sexpr_disks_end(struct sexpr_reader *reader);
void sexpr_graphics_end(struct sexpr_reader *reader);

/* ---- what the table refers to, see struct key ---- */

typedef bool sexpr_value_reader(struct sexpr_reader *reader, struct ds_text value);
typedef void sexpr_opener(struct sexpr_reader *reader);

/* sexpr_domain.c */
sexpr_value_reader sexpr_read_preserved, sexpr_read_domid, sexpr_read_vcpu_avail,
	sexpr_read_boot_params, sexpr_read_boot_policy, sexpr_read_localtime, sexpr_read_rtc,
	sexpr_read_boot, sexpr_read_sound, sexpr_read_usb, sexpr_read_usb_device, sexpr_read_drive;

/* sexpr_cpus.c */
sexpr_value_reader sexpr_read_cpus, sexpr_read_vcpus_params;

/* sexpr_disk.c */
/** Reads the name of the domain that serves a device. */
sexpr_value_reader sexpr_read_backend;
sexpr_value_reader sexpr_read_dev, sexpr_read_uname, sexpr_read_mode, sexpr_read_bootable,
	sexpr_read_xl_path, sexpr_read_xl_writable, sexpr_read_xl_cdrom;

/* sexpr_device.c */
sexpr_opener sexpr_open_device, sexpr_open_vfb;
sexpr_value_reader sexpr_read_rate, sexpr_read_vfb_type, sexpr_read_vnc, sexpr_read_display,
	sexpr_read_graphics, sexpr_read_pci, sexpr_read_ports;

#endif
