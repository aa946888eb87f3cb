/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DOMSTREAM_H
#define DOMSTREAM_H

/**
 * domstream - libvirt domain XML and xend SEXPR, as streams of domain records.
 *
 * It offers four things. The first three are handles with `_new` and `_free`:
 *
 *   ds_reader   takes the bytes of a dump in pieces of any size, and calls back with domain records
 *   ds_writer   takes domain records, and calls back with the bytes of the chosen format
 *   ds_diff     takes the domain records of two dumps, and calls back with their differences
 *   ds_run()    runs the whole pipeline over files, on several processors
 *
 * Memory does not grow with the length of a dump; it is bounded by the largest domain (`struct
 * ds_limits`). Only a comparison (`ds_diff`) keeps a short form of all domains of the first dump.
 *
 * The sections are in the order in which a program needs them: what all others use (results,
 * formats, devices, domains, losses, limits), then the reader, the writer, the audit, the
 * comparison and runs. Only a program that joins runs over parts of the inputs needs the last
 * section.
 *
 * Compatibility: a program runs with every later library of the same soname. The structs that a
 * program fills in begin with `size`, which `ds_..._init(&it, sizeof it)` sets, together with the
 * defaults. Later releases add members only after their ends, and not in the padding there. The
 * library treats members that a smaller struct does not have as unset. When a struct is larger than
 * the library's own, and the members that the library does not know are not 0, the call returns
 * DS_USAGE. A struct without a size is DS_USAGE too. The size of ds_text, ds_place, ds_error,
 * ds_condition, ds_file_id, ds_image_list, ds_shared_image, ds_listed_loss, ds_record, ds_starts,
 * ds_segment, ds_rule, ds_explanation, ds_related and of the devices in a record does not change
 * while the soname stays. Other structs that callbacks get may become longer: do not copy them as a
 * whole. Enums may get further values: treat one that you do not know as "other", or ignore it.
 *
 * Threads: different handles may be used in different threads at the same time, but each handle in
 * one thread at a time. The library keeps no global state, prints nothing and never ends the
 * process. (libarchive, which reads archives and all compressions except gzip, ends it when it gets
 * no memory for a short text. Before each call of libarchive, the library makes sure that such
 * memory is available.)
 *
 * Ownership: arguments are borrowed for the call. The data that a callback gets are valid until it
 * returns. `_free(NULL)` is allowed. Out-parameters are written on DS_OK only, unless their
 * description says otherwise.
 *
 * Positions are those of the first byte concerned: `offset` counts from 0 in the decompressed
 * stream, `line` and `column` from 1, columns in bytes. For a stream in UTF-16 they are positions
 * in its UTF-8 form.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DS_VERSION_MAJOR 0
#define DS_VERSION_MINOR 2
#define DS_VERSION_PATCH 0

#if defined(__GNUC__)
#define DS_API __attribute__((visibility("default")))
#else
#define DS_API
#endif

/** Returns the version of the library in use, as "0.2.0". */
DS_API const char *ds_version(void);

/** Returns what provides an optional feature, such as "libarchive 3.6.2", or NULL if this build
 * does not have it. The only feature is "tar": reading tar archives, xz, zstd, bzip2 and lz4. */
DS_API const char *ds_feature(const char *name);

/* ---- results ---- */

/** The result of a call. It is sticky: a handle that has returned DS_STOPPED or any later value
 * returns it from every later call. */
enum ds_status {
	/** Done. */
	DS_OK = 0,
	/** Some input could not be read; each case was reported as a `ds_error`. What could be read
	 * was delivered. */
	DS_DAMAGED,
	/** A callback asked to stop, or a limit on the number of errors was reached, or the run was
	 * cancelled. */
	DS_STOPPED,
	/** An argument is invalid: a NULL that is not allowed, an unknown value of an enum, a
	 * number out of range, a struct whose size is not set, options that contradict each other,
	 * or a call after the end. Nothing was done. */
	DS_USAGE,
	/** Out of memory. The only thing left to do with the handle is to free it. */
	DS_NO_MEMORY,
	/** A file could not be opened, read or written. `ds_error` names it and the system's
	 * reason. */
	DS_SYSTEM,
};

/** Returns a short English name of a status, such as "out of memory"; never NULL. */
DS_API const char *ds_status_text(enum ds_status status);

/** A sequence of bytes. It does not end with a NUL byte, and may contain any byte. If `data` is
 * NULL, the value is unset; if only `size` is 0, it is the empty text. */
struct ds_text {
	const char *data;
	size_t size;
};

/** A position in an input. */
struct ds_place {
	/** The name of the stream, as given by the caller; never NULL. */
	const char *name;
	/** Number of bytes before this position in the decompressed stream. */
	uint64_t offset;
	/** Line, counted from 1; 0: unknown, as for damage of a compressed file, which has no
	 * line. */
	uint64_t line;
	/** Column in bytes, counted from 1; 0: unknown. */
	uint64_t column;
};

#define DS_ERROR_TEXT_SIZE 240
#define DS_ERROR_DOMAIN_SIZE 96

/**
 * Why a domain or a stream could not be read. The size of the struct is fixed, so that running out
 * of memory can be reported too.
 */
struct ds_error {
	/** Stable id: "DA901" truncated, "DA902" checksum or length of a compressed file, "DA903"
	 * malformed, "DA904" bytes that belong to no domain, "DA905" a limit is exceeded, "DA906"
	 * document type refused, "DA908" cannot be opened or read. */
	char id[8];
	struct ds_place place;
	/** The host of the domain or input. NULL: unknown. */
	const char *host;
	/** Size of the rejected range in bytes. 0: no bytes were rejected. */
	uint64_t length;
	/** The domain's name, with control bytes masked and truncated to fit; "" if it is
	 * unknown. */
	char domain[DS_ERROR_DOMAIN_SIZE];
	/** An English sentence without a full stop, in UTF-8, with control bytes masked. */
	char text[DS_ERROR_TEXT_SIZE];
	/** If `text` ends with a position, such as " (line 3, column 7)", the number of bytes
	 * before that position; otherwise 0. */
	size_t reason_size;
};

/* ---- formats ---- */

enum ds_format {
	/** The format is recognized by the first bytes. */
	DS_FORMAT_AUTO = 0,
	/** libvirt domain XML. */
	DS_FORMAT_XML,
	/** xend S-expressions, as `xm list --long` prints them and as config.sxp files hold
	 * them. */
	DS_FORMAT_SEXPR,
};

/** The xend release that wrote the SEXPR, or for which it is written. The numbers are libvirt's
 * xendConfigVersion. */
enum ds_xend {
	DS_XEND_302 = 1,
	DS_XEND_303 = 2,
	DS_XEND_304 = 3,
	/** 3.1 and everything later; the default. */
	DS_XEND_31 = 4,
};

/* ---- devices ---- */

/** A switch that may also be unset. */
enum ds_flag { DS_FLAG_UNSET = 0, DS_FLAG_OFF, DS_FLAG_ON };

enum ds_device { DS_DEVICE_DISK = 0, DS_DEVICE_CDROM, DS_DEVICE_FLOPPY, DS_DEVICE_LUN };

/** libvirt's `disk/@type`. For the values up to DS_SOURCE_DIR, the source is a path on the host. */
enum ds_source {
	DS_SOURCE_FILE = 0,
	DS_SOURCE_BLOCK,
	DS_SOURCE_DIR,
	DS_SOURCE_NETWORK,
	DS_SOURCE_VOLUME,
	DS_SOURCE_NVME,
	DS_SOURCE_VHOSTUSER,
	DS_SOURCE_VHOSTVDPA,
	/** Any other type: `ds_disk_details.type` has the word. */
	DS_SOURCE_OTHER
};

/** The kind of list that contained a disk in SEXPR. */
enum ds_class { DS_CLASS_NONE = 0, DS_CLASS_VBD, DS_CLASS_TAP, DS_CLASS_TAP2, DS_CLASS_IMAGE };

struct ds_pci;

/** A server of an image on the network. Texts are NULL when they are not set. */
struct ds_disk_host {
	/** Bytes from the domain's first byte to the `<host>`. */
	size_t at;
	/** The server's name or address. */
	struct ds_text name;
	struct ds_text port;
	/** "tcp" (the default), "unix" or "rdma". */
	struct ds_text transport;
	/** Path of the socket when the transport is "unix". */
	struct ds_text socket;
};

/**
 * What libvirt needs, besides the path or name of an image, to find and open it: the attributes and
 * children of `<source>`. Texts are NULL when they are not set. `<auth>` and `<encryption>` may be
 * children of `<disk>` or of `<source>`; both are read into the same members.
 */
struct ds_disk_location {
	/** Network: "rbd", "iscsi", "nbd", "gluster", "https" … */
	struct ds_text protocol;
	/** Network: the query of an HTTP URL. */
	struct ds_text query;
	/** Network: "yes" or "no". */
	struct ds_text tls;
	/** Network: the servers, in the order of the input. */
	const struct ds_disk_host *hosts;
	size_t host_count;
	/** rbd: the name of a snapshot of the image, and the path of the client's configuration
	 * file. */
	struct ds_text snapshot, config;
	/** Volume: the name of the storage pool; the volume's name is the disk's `source`.
	 * `pool_mode` is "host" or "direct" for an iSCSI pool. */
	struct ds_text pool, pool_mode;
	/** NVMe: the controller's PCI address, or NULL when it is not set, and the number of the
	 * namespace. */
	const struct ds_pci *nvme;
	struct ds_text nvme_namespace;
	/** vhost-user: path of the socket. */
	struct ds_text socket;
	/** The user who logs in, the type of libvirt's secret ("ceph", "iscsi"), and its UUID or
	 * usage name. */
	struct ds_text user, secret_type, secret;
	/** The format of the encryption ("luks", "qcow"), and the UUID or usage name of its
	 * secret. */
	struct ds_text encryption, encryption_secret;
};

/** One image of a backing chain, a `<backingStore>`. What the image above it does not contain is
 * read from this one. */
struct ds_disk_backing {
	/** Bytes from the domain's first byte to its `<backingStore>`. */
	size_t at;
	enum ds_source type;
	/** "raw", "qcow2" … NULL: not set; libvirt does not probe the image and refuses to start
	 * the domain. */
	struct ds_text format;
	/** Path, device or name, as `ds_disk.source`. NULL: not set. */
	struct ds_text source;
	/** NULL: none of its members is set. */
	const struct ds_disk_location *location;
};

/**
 * Settings of a disk that libvirt has and xend does not have. Texts are NULL when they are not set;
 * otherwise they are the exact text of the input, which need not be a word that libvirt knows. Each
 * setting is also one of the domain's `extras`, which have its position and show what a conversion
 * to SEXPR loses.
 */
struct ds_disk_details {
	/** The disk's type when `ds_disk.type` is DS_SOURCE_OTHER. */
	struct ds_text type;
	/** Attributes of `<driver>`. */
	struct ds_text cache, io, discard, detect_zeroes, error_policy, rerror_policy;
	/** What to do when the source is missing: "mandatory", "requisite", "optional". */
	struct ds_text startup_policy;
	/** Whether snapshots of the domain include the disk: "internal", "external", "manual",
	 * "no". */
	struct ds_text snapshot;
	/** The serial number that the guest sees. */
	struct ds_text serial;
	/** Changes are discarded when the domain stops. */
	bool transient;
	/** The chain of images below this one, the nearest first. */
	const struct ds_disk_backing *backing;
	size_t backing_count;
	/** Whether an empty `<backingStore/>` ends the chain. It follows the last image of the
	 * chain, or the disk's own image if there is no other. */
	bool backing_ends;
	/** NULL: none of its members is set. */
	const struct ds_disk_location *location;
};

/** A block device: a disk, CD drive or floppy drive. */
struct ds_disk {
	/** Bytes from the domain's first byte to this disk's; see ds_domain_place(). */
	size_t at;
	enum ds_device device;
	enum ds_source type;
	/** Name of the domain that serves it. NULL: domain 0, or unset. */
	struct ds_text backend;
	/** The backend's driver: "file", "phy", "tap", "tap2", or any other word. NULL: unset. */
	struct ds_text driver;
	/** Image format, as in the input: "aio", "qcow" … XML may have "raw" for "aio". NULL:
	 * unset. */
	struct ds_text format;
	/** Path, device or name. For a network disk or a volume it is the name as libvirt writes
	 * it, such as "pool/image" for rbd, and `details` has the rest. NULL: unset; only for types
	 * up to DS_SOURCE_DIR does that mean that the drive is empty. */
	struct ds_text source;
	/** The disk's name in the guest, without the prefix "ioemu:" and the suffixes ":disk" and
	 * ":cdrom": "hda", "xvda1", "51712". */
	struct ds_text target;
	/** libvirt's bus: "ide", "scsi", "xen". NULL: unset. */
	struct ds_text bus;
	/** The mode as Xen's block script interprets it: a disk is read-only unless its mode has a
	 * `w`, and shareable if the mode has a `!` as well. */
	bool readonly;
	bool shareable;
	/** SEXPR only: the mode as written. NULL: unset. */
	struct ds_text mode;
	/** SEXPR only: the kind of list that contained it. */
	enum ds_class klass;
	/** SEXPR only: xend boots from this disk. */
	enum ds_flag bootable;
	/** XML only: position among all devices that the guest boots from, from 1; 0: not set. */
	uint32_t boot_order;
	/** SEXPR only: the uname as written. NULL: unset. */
	struct ds_text uname;
	/** XML only: settings that xend does not have. NULL if the disk has none of them, as most
	 * disks. */
	const struct ds_disk_details *details;
};

enum ds_interface_type {
	DS_INTERFACE_BRIDGE = 0,
	DS_INTERFACE_ETHERNET,
	DS_INTERFACE_NETWORK,
	DS_INTERFACE_OTHER
};

/** A network interface. All texts are NULL when unset. */
struct ds_interface {
	size_t at;
	enum ds_interface_type type;
	struct ds_text mac;
	/** Bridge or network name. */
	struct ds_text source;
	struct ds_text script;
	struct ds_text ip;
	/** Name of the host's end; libvirt's target/@dev, xend's vifname. */
	struct ds_text target;
	struct ds_text model;
	/** Name of the domain that serves it. NULL: domain 0, or unset. */
	struct ds_text backend;
	/** SEXPR only: the vif's type, "ioemu" or "netfront". */
	struct ds_text vif_type;
	/** Limit of outbound traffic in KiB/s; 0: no limit. */
	uint64_t rate_kib;
	/** XML only: boot/@order, from 1; 0: not set. */
	uint32_t boot_order;
};

enum ds_graphics_type { DS_GRAPHICS_VNC = 0, DS_GRAPHICS_SDL };

/** A graphical console. */
struct ds_graphics {
	size_t at;
	enum ds_graphics_type type;
	/** TCP port; -1: chosen at start; 0: unset. */
	int32_t port;
	struct ds_text listen;
	struct ds_text password;
	struct ds_text keymap;
	/** SDL only. */
	struct ds_text display;
	struct ds_text xauthority;
};

enum ds_char_kind { DS_CHAR_SERIAL = 0, DS_CHAR_PARALLEL, DS_CHAR_CONSOLE };

enum ds_char_type {
	DS_CHAR_PTY = 0,
	DS_CHAR_NULL,
	DS_CHAR_STDIO,
	DS_CHAR_VC,
	DS_CHAR_FILE,
	DS_CHAR_PIPE,
	DS_CHAR_DEV,
	DS_CHAR_TCP,
	DS_CHAR_TELNET,
	DS_CHAR_UDP,
	DS_CHAR_UNIX
};

/** A character device: serial or parallel port, or console. */
struct ds_char {
	size_t at;
	enum ds_char_kind kind;
	enum ds_char_type type;
	/** Its number among those of its kind, from 0. */
	uint32_t port;
	/** file, pipe, dev, unix: the path. */
	struct ds_text path;
	/** tcp, telnet, udp: the address to connect to or to listen on. */
	struct ds_text host;
	struct ds_text service;
	/** udp: local end. */
	struct ds_text bind_host;
	struct ds_text bind_service;
	/** tcp, telnet, unix: waits for a client instead of connecting. */
	bool listens;
};

/** A PCI device of the host, given to the guest. */
struct ds_pci {
	size_t at;
	/** The largest values are 0xfffffffe, 0xff, 0x1f and 7. UINT32_MAX: the value in the input
	 * is invalid. */
	uint32_t domain, bus, slot, function;
	bool managed;
};

/** The host processors that one vcpu may use. */
struct ds_pin {
	size_t at;
	/** From 0. */
	uint64_t vcpu;
	/** "0-3,^2". */
	struct ds_text cpuset;
};

/** A sound card or an input device: its model or type in one word, and its bus. */
struct ds_word {
	size_t at;
	struct ds_text word;
	struct ds_text bus;
};

/* ---- domains ---- */

/** Why an element of the input became an extra. */
enum ds_extra_kind {
	/** It is known, but the record has no member for it. */
	DS_EXTRA_KNOWN = 0,
	/** It repeats a value that the record has, so leaving it out loses nothing. */
	DS_EXTRA_REDUNDANT,
	/** The library does not know it. */
	DS_EXTRA_UNKNOWN,
	/** It is known, but its value is invalid or contradicts an earlier one. */
	DS_EXTRA_INVALID,
	/** It is known, the record has no member for it, and it has its default value. */
	DS_EXTRA_DEFAULT,
	/** It is known, and `ds_disk.details` has its value. SEXPR cannot express it. */
	DS_EXTRA_DETAIL,
};

/** An element of the input for which the record has no member, except perhaps in the details of a
 * disk. Everything in the input that has no other member is an extra, except the state of a
 * running domain (cpu_time, store_mfn and the like) and keys without a value: they are dropped,
 * since they have no meaning outside that host. */
struct ds_extra {
	size_t at;
	enum ds_extra_kind kind;
	/** Number of the disk that it is part of, counted from 1 in the order of
	 * `ds_domain.disks`; 0: it is not part of a disk. */
	uint32_t disk;
	/** Its path below the domain: "devices/disk/driver@cache", "image/hvm/timer_mode". */
	struct ds_text path;
	/** Its bytes as in the input: an element, an attribute's value, a list. */
	struct ds_text raw;
};

/** How a domain's clock starts: libvirt's clock/@offset. */
enum ds_clock { DS_CLOCK_UNSET = 0, DS_CLOCK_UTC, DS_CLOCK_LOCALTIME, DS_CLOCK_VARIABLE };

#define DS_BOOT_MAX 8
/** The size of `field_at`, which is larger than the number of fields in src/record/fields.def. */
#define DS_FIELDS_MAX 48

/**
 * One domain, as a flat record. A text is NULL, and a number is 0, when the input does not set it.
 *
 * The table src/record/fields.def shows where each scalar is in both formats, and the sources of
 * these facts.
 *
 * A program that creates a record itself, for a writer or a comparison, must initialize it with
 * ds_domain_init().
 */
struct ds_domain {
	/** The size of the struct for the library or program that created it. */
	size_t size;
	struct ds_place place;
	/** The bytes of the domain in the input. XML is in the encoding that its document
	 * declares. */
	struct ds_text input;
	/** The bytes of the domain, converted to UTF-8 if they are XML in another encoding. All
	 * positions inside the domain are positions in these bytes. */
	struct ds_text raw;
	enum ds_format format;
	/** The original in the other format that is stored in this domain (`preserve`). NULL: no
	 * original is stored. */
	struct ds_text preserved;
	/** The host that it belongs to, as `hosts` in struct ds_run_options decides; from a
	 * ds_reader, the name of its stream. Never NULL. */
	const char *host;
	/** XML: the domain's `type`, "xen" or another hypervisor's name. */
	struct ds_text type;
	/** Number of the running domain; -1: not running, or unset. */
	int64_t id;
	struct ds_text name;
	/** A valid UUID has 36 characters in lower case here, whether or not it has hyphens in the
	 * input. Any other value is as written. */
	struct ds_text uuid;
	struct ds_text description;
	uint64_t memory_kib;
	/** The current memory of the guest. 0: it is `memory_kib`. */
	uint64_t current_memory_kib;
	uint64_t vcpus;
	/** Processors that are online at the start; 0: all. */
	uint64_t vcpus_online;
	/** Host processors that the guest may use, as "0-3,^2". */
	struct ds_text cpuset;
	/** The weight of the domain for xend's credit scheduler: of two domains that want processor
	 * time, the one with twice the weight gets twice as much. The usual weight is 256; 0:
	 * unset. */
	uint64_t cpu_weight;
	/** "hvm", "linux", or another builder's name. NULL: unset. */
	struct ds_text os_type;
	bool is_hvm;
	struct ds_text kernel, initrd, root, cmdline, loader;
	/** Boot order as xend's letters: a floppy, c disk, d CD drive, n network. */
	char boot[DS_BOOT_MAX];
	size_t boot_count;
	/** An empty text means the default boot loader. */
	struct ds_text bootloader;
	struct ds_text bootloader_args;
	enum ds_flag acpi, apic, pae, hap, viridian, hpet;
	enum ds_clock clock;
	/** DS_CLOCK_VARIABLE: base is local time instead of UTC. */
	bool clock_is_local;
	/** Seconds to add to the clock. */
	int64_t clock_adjustment;
	/** XML: the adjustment is "reset": the clock is reset each time the guest starts. */
	bool clock_reset;
	struct ds_text on_poweroff, on_reboot, on_crash;
	struct ds_text emulator;

	/** Where each scalar is set, in bytes from the domain's first byte, in the order of the
	 * rows of src/record/fields.def. It is the offset of the element that has the attribute, or
	 * of the SEXPR list. 0: the scalar is not set, or is an attribute of the domain's own
	 * element. */
	uint32_t field_at[DS_FIELDS_MAX];

	const struct ds_disk *disks;
	size_t disk_count;
	const struct ds_interface *interfaces;
	size_t interface_count;
	const struct ds_graphics *graphics;
	size_t graphics_count;
	const struct ds_char *chars;
	size_t char_count;
	const struct ds_pci *pcis;
	size_t pci_count;
	const struct ds_word *sounds;
	size_t sound_count;
	const struct ds_word *inputs;
	size_t input_count;
	const struct ds_pin *pins;
	size_t pin_count;
	const struct ds_extra *extras;
	size_t extra_count;
};

/** Initializes an empty record: all texts are unset, `place.name` is "-", `host` is "", `id` is -1,
 * and the format is AUTO. Set the format if the writer's own format is AUTO, because such a writer
 * refuses the record otherwise. The caller keeps ownership of what the members are set to. */
DS_API void ds_domain_init(struct ds_domain *domain, size_t size);

/**
 * Returns the position of an `at` in the record of `domain`. The time is proportional to `at`,
 * because the lines up to there are counted.
 */
DS_API struct ds_place ds_domain_place(const struct ds_domain *domain, size_t at);

/* ---- losses ---- */

/** An element of a domain that the output format cannot express, or that the library does not
 * know. */
struct ds_loss {
	/** Stable reason id, see `ds_loss_reason_text`. */
	const char *reason;
	const struct ds_domain *domain;
	/** Its path below the domain: "devices/disk/driver@cache", "image/hvm/timer_mode". */
	struct ds_text path;
	/** The value as in the input; if it is more than a single value, the whole element or list.
	 * Each secret in it is replaced by "***". NULL: it has no value. */
	struct ds_text value;
	/** Bytes from the domain's first byte to the element, or to the device that it belongs to;
	 * see ds_domain_place(). */
	size_t at;
	/** Its number among the losses of its domain, from 0. */
	size_t number;
};

/** Receives what the output format cannot express. A return other than DS_OK stops the writer with
 * that status. */
typedef enum ds_status ds_loss_sink(void *context, const struct ds_loss *loss);

/** Returns a sentence for a reason id of `struct ds_loss`, or NULL if it is unknown. */
DS_API const char *ds_loss_reason_text(const char *reason);

/** The meaning of an id of `ds_error` or `ds_loss`. */
struct ds_explanation {
	const char *id;
	/** A sentence without a full stop. */
	const char *title;
	/** Some sentences: when it occurs, an example, what to do. Line feeds only end
	 * paragraphs. */
	const char *text;
};

/** Returns the explanations of all ids, in the manual's order; static. `count` may be NULL. */
DS_API const struct ds_explanation *ds_explanations(size_t *count);

/* ---- limits ---- */

/** The limits on one domain. A domain that exceeds one of them is rejected with DA905; the domains
 * after it are read. */
struct ds_limits {
	/** Set by ds_limits_init(). */
	size_t size;
	/** Bytes of one domain. If its encoding is not UTF-8, this is the limit on the bytes of the
	 * domain and of its conversion together. */
	size_t domain_size;
	/** Bytes of one name, value, attribute or text. One tag, comment or processing instruction
	 * may have 64 KiB more. */
	size_t token_size;
	/** Nesting of elements or lists. */
	unsigned depth;
	/** Attributes of one element. */
	unsigned attributes;
	/** The number of devices, images below a disk's own, servers of disks and extras of one
	 * domain together. */
	size_t parts;
	/** A compressed file is refused when it has expanded to more than 64 MiB and to more than
	 * this many times its compressed size. */
	unsigned gzip_ratio;
};

#define DS_LIMIT_DOMAIN_SIZE ((size_t)16 << 20)
#define DS_LIMIT_TOKEN_SIZE ((size_t)1 << 20)
#define DS_LIMIT_DEPTH 256
#define DS_LIMIT_ATTRIBUTES 256
#define DS_LIMIT_PARTS 16384
#define DS_LIMIT_GZIP_RATIO 250

/** Sets every limit to its default, the constants above. A `domain_size` of 2 GiB or more and a
 * limit of 0 are DS_USAGE. */
DS_API void ds_limits_init(struct ds_limits *limits, size_t size);

/* ---- reader ---- */

/** Receives what a reader finds, in input order. If a callback returns a status other than DS_OK,
 * the reader stops with it. */
struct ds_reader_events {
	/** Set by ds_reader_events_init(). */
	size_t size;
	void *context;
	/** A domain that was read. Required. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	/** A range of the input that could not be read, with its bytes. Damage such as a missing
	 * end has no bytes. A range longer than about 256 KiB comes in several calls: the first one
	 * has an `error` of length 0, the next ones a NULL `error`, and the last one has the same
	 * error again, now with the total length, and no bytes. Outside of such a range, a NULL
	 * `error` means that the fault of the bytes was reported before: they are text outside of
	 * domains, with the same fault as other text since the last domain, or the rest of a domain
	 * that was already rejected. May be NULL. */
	enum ds_status (*rejected)(void *context, const struct ds_error *error, struct ds_text raw);
};

/** Sets no callback. */
DS_API void ds_reader_events_init(struct ds_reader_events *events, size_t size);

/** The parser that reads XML. Both have the same results, but not the same speed. */
enum ds_xml_parser {
	/** A scanner that is several times faster than expat reads plain domains; expat reads all
	 * others. */
	DS_XML_PARSER_AUTO = 0,
	/** Expat for every domain. */
	DS_XML_PARSER_EXPAT,
};

struct ds_reader_options {
	/** Set by ds_reader_options_init(). */
	size_t size;
	/** Name of the stream for positions; copied. NULL: "-". */
	const char *name;
	enum ds_format format;
	enum ds_xml_parser xml_parser;
	/** NULL: the defaults. */
	const struct ds_limits *limits;
};

struct ds_reader;

/** Sets the defaults: name "-", DS_FORMAT_AUTO, default limits. */
DS_API void ds_reader_options_init(struct ds_reader_options *options, size_t size);

/** Creates a reader. If `options` is NULL, the defaults apply. The events and options are copied.
 * Returns DS_OK, DS_USAGE or DS_NO_MEMORY. */
DS_API enum ds_status ds_reader_new(const struct ds_reader_options *options,
	const struct ds_reader_events *events, struct ds_reader **reader);

/**
 * Reads the next piece of a dump, which must not be compressed. The records do not depend on how
 * the dump is divided into pieces. A domain is delivered after its end has been read, at the latest
 * by ds_reader_finish(). Pieces of 64 KiB and more are read fastest; feeding each XML domain on its
 * own takes a third more time.
 *
 * Returns DS_OK, what a callback returned, DS_NO_MEMORY, or DS_USAGE if `reader` is NULL or
 * ds_reader_finish() was called. Rejected domains do not change the status here.
 */
DS_API enum ds_status ds_reader_feed(struct ds_reader *reader, const void *data, size_t size);

/**
 * Ends the dump; an unfinished domain is rejected. Returns DS_OK, DS_DAMAGED if anything was
 * rejected since the beginning, or any other status of ds_reader_feed().
 */
DS_API enum ds_status ds_reader_finish(struct ds_reader *reader);

DS_API void ds_reader_free(struct ds_reader *reader);

/* ---- writer ---- */

enum ds_wrap { DS_WRAP_AUTO = 0, DS_WRAP_ALWAYS, DS_WRAP_NEVER };

struct ds_writer_options {
	/** Set by ds_writer_options_init(). */
	size_t size;
	/** DS_FORMAT_XML or DS_FORMAT_SEXPR. DS_FORMAT_AUTO: each domain is written in the other
	 * format than its own. */
	enum ds_format format;
	enum ds_xend xend;
	/** XML: `<domains>` around the domains. AUTO: only when there are at least two. */
	enum ds_wrap wrap;
	/** Lay out SEXPR as `xm list --long` prints it; otherwise write one domain per line. */
	bool pretty;
	/** Write name, UUID and disks only. Leaving out the rest is not a loss. */
	bool only_disks;
	/** Store the original of each domain in the output, so that converting it back restores it:
	 * in XML in <metadata>, in an element of the namespace "urn:domstream:1"; in SEXPR in the
	 * key `domstream`. There are no losses then. Whether this is set or not, an original that
	 * is stored in a domain is restored, unless the domain has been changed since. */
	bool preserve;
};

/** Receives output. A return other than DS_OK stops the writer with that status. */
typedef enum ds_status ds_sink(void *context, const char *data, size_t size);

struct ds_writer;

/** Sets the defaults: format AUTO, xend 3.1, wrap AUTO, one domain per line, all settings. */
DS_API void ds_writer_options_init(struct ds_writer_options *options, size_t size);

/** Creates a writer. If `options` is NULL, the defaults apply; they are copied. `losses` may be
 * NULL; `context` is passed to both sinks. Returns DS_OK, DS_USAGE or DS_NO_MEMORY. */
DS_API enum ds_status ds_writer_new(const struct ds_writer_options *options, ds_sink *sink,
	ds_loss_sink *losses, void *context, struct ds_writer **writer);

/** Writes one domain. Returns DS_OK, what a sink returned, DS_NO_MEMORY, or DS_USAGE. DS_USAGE
 * means that ds_writer_finish() was called before, or that the record is invalid: it has no size,
 * an unknown value of an enum, a NULL that is not allowed, or the format AUTO while the writer's is
 * AUTO too. */
DS_API enum ds_status ds_writer_add(struct ds_writer *writer, const struct ds_domain *domain);

/** Ends the document: writes what is still buffered, and the end of the wrapper. Returns what
 * ds_writer_add() returns. */
DS_API enum ds_status ds_writer_finish(struct ds_writer *writer);

DS_API void ds_writer_free(struct ds_writer *writer);

/* ---- audit ---- */

enum ds_severity {
	DS_SEVERITY_INFO = 0,
	DS_SEVERITY_LOW,
	DS_SEVERITY_MEDIUM,
	DS_SEVERITY_HIGH,
	DS_SEVERITY_CRITICAL
};

/** What a rule looks at. */
enum ds_rule_scope {
	DS_SCOPE_DISK = 0,
	DS_SCOPE_DOMAIN,
	/** Other domains. */
	DS_SCOPE_ESTATE,
	/** Domains of two dumps. */
	DS_SCOPE_DIFF,
	/** Damage of the input: what could not be read. */
	DS_SCOPE_INPUT,
};

/** Hypervisors, as bits. A domain in SEXPR, and a domain of XML without a type, is one of Xen. */
enum ds_hypervisor {
	DS_HYPERVISOR_XEN = 1,
	/** With and without KVM. */
	DS_HYPERVISOR_QEMU = 2,
	/** ESX and VMware's other products. */
	DS_HYPERVISOR_VMWARE = 4,
	DS_HYPERVISOR_BHYVE = 8,
	/** Containers. */
	DS_HYPERVISOR_LXC = 16,
	DS_HYPERVISOR_OTHER = 32,
	DS_HYPERVISOR_ANY = 63,
};

/** A rule of the catalogue. All texts are static, plain English in ASCII; only `bad` and `good` are
 * laid out in lines. */
struct ds_rule {
	/** "DA101". Stable, and never used for another rule. */
	const char *id;
	/** "loop-backed-writable". */
	const char *name;
	/** The usual severity; the rule's text describes exceptions. */
	enum ds_severity severity;
	enum ds_rule_scope scope;
	/** Which domains it is about: bits of enum ds_hypervisor. */
	unsigned hypervisors;
	/** A sentence without a full stop. */
	const char *title;
	/** What happens, to whom, and what to do. Line feeds only end paragraphs. */
	const char *why;
	/** A dump that the rule finds, and one that it does not; "" for DS_SCOPE_INPUT. For
	 * DS_SCOPE_DIFF each is two dumps, the old one first, separated by a line "--- new". Lines
	 * have at most 74 bytes; the last one has no line feed. */
	const char *bad, *good;
	/** The source of the fact; "" for DS_SCOPE_INPUT. */
	const char *source;
};

/** Returns all rules, in the order of their ids; they are static. `count` may be NULL. */
DS_API const struct ds_rule *ds_rules(size_t *count);

/** Returns the rule with this id or name, or NULL if no rule has it or `word` is NULL. */
DS_API const struct ds_rule *ds_rule_find(const char *word);

#define DS_HYPERVISORS_TEXT_SIZE 64

/** Writes the names of hypervisors, as "xen, qemu/kvm" or "any". Returns the size. */
DS_API size_t ds_hypervisors_text(unsigned hypervisors, char text[DS_HYPERVISORS_TEXT_SIZE]);

/** Returns "info", "low", "medium", "high" or "critical", or NULL for any other value. */
DS_API const char *ds_severity_text(enum ds_severity severity);

/** Another disk that a finding is about. */
struct ds_related {
	struct ds_place place;
	struct ds_text host, domain, disk;
};

#define DS_FINGERPRINT_SIZE 33

/** A fact about the input that a rule of the audit reports. Texts never contain a password: one in
 * a source is replaced by "***". */
struct ds_finding {
	const struct ds_rule *rule;
	/** The severity of this finding, which may differ from the rule's. */
	enum ds_severity severity;
	/** The position of the disk, the domain or the damage. */
	struct ds_place place;
	/** The host of the domain; if the finding is about domains of several hosts, that of the
	 * first one. Empty: unknown. */
	struct ds_text host;
	/** Name and UUID of the domain. NULL: unknown, or not about a single domain. */
	struct ds_text domain, uuid;
	/** The disk's name in the guest. NULL: not about a disk. */
	struct ds_text disk;
	/** The disk's source in canonical form. NULL: unset. */
	struct ds_text source;
	/** A sentence without a full stop: the rule's title and the details. */
	struct ds_text text;
	/** The other disks that the finding is about, in an order that does not depend on the order
	 * of the input. */
	const struct ds_related *related;
	size_t related_count;
	/** 32 hexadecimal digits and a NUL byte. They do not change when lines move, dumps are
	 * renamed or domains are reordered. For damage that belongs to no domain, they depend on
	 * the file name. */
	char fingerprint[DS_FINGERPRINT_SIZE];
	/** The detail that distinguishes its fingerprint from those of other findings of the same
	 * rule and disk. NULL if it is the only such finding. */
	struct ds_text distinction;
};

/** Receives findings. A return other than DS_OK stops the run with that status. */
typedef enum ds_status ds_finding_sink(void *context, const struct ds_finding *finding);

/** Passes damage of the input to a sink as a finding, whose texts point into the error. Its rule
 * has the scope DS_SCOPE_INPUT. Do not add the finding to a list of known findings, since nobody
 * knows what the damage hides. Returns what the sink returned, DS_OK if no rule has the error's id,
 * or DS_USAGE if an argument is NULL. */
DS_API enum ds_status ds_error_finding(const struct ds_error *error, ds_finding_sink *sink,
	void *context);

/** An image that several domains use, as the rules of the audit see it. */
struct ds_shared_image {
	/** In canonical form, with secrets hidden. */
	struct ds_text source;
	/** NULL: the image is the same for all hosts. */
	struct ds_text host;
	/** The number of domains that use it, and of those that may write to it. */
	uint64_t domains, writers;
	/** Whether only CD drives use it. */
	bool is_cdrom;
};

/** Receives shared images. The texts are valid until it returns. A return other than DS_OK stops
 * the run with that status. */
typedef enum ds_status ds_shared_image_sink(void *context, const struct ds_shared_image *image);

/** A list of the images that exist, for the rule DA406. It is borrowed until the run ends. */
struct ds_image_list {
	/** The name of the list, for the positions of findings. */
	const char *name;
	/** The host whose images these are; NULL: every host sees them. */
	const char *host;
	/** Absolute paths, or names of rbd images with or without their pool, one per line. If the
	 * text contains a NUL byte, each name ends with a NUL byte instead. Empty lines and those
	 * that begin with "#" are skipped. A path that ends with a slash is a directory. At most 4
	 * GiB. */
	struct ds_text text;
};

struct ds_audit_options {
	/** Set by ds_audit_options_init(). */
	size_t size;
	/** Prefixes of paths on storage that all hosts share: such a path is the same file on each
	 * host. */
	const char *const *shared;
	size_t shared_count;
	/** The number of loop devices of a host; 0 means 8. */
	unsigned loop_budget;
	/** Report also what a conversion to the other format would lose (DA405). */
	bool is_converting;
	/** Images that are missing, and images that no domain uses, are found by comparing the
	 * domains with these lists. */
	const struct ds_image_list *image_lists;
	size_t image_list_count;
};

/** Sets the defaults: no shared storage, 8 loop devices, no DA405, no lists of images. */
DS_API void ds_audit_options_init(struct ds_audit_options *options, size_t size);

/* ---- comparison ---- */

enum ds_difference_kind {
	DS_DOMAIN_ADDED = 0,
	DS_DOMAIN_REMOVED,
	/** A domain with an unchanged UUID and another name. */
	DS_DOMAIN_RENAMED,
	DS_DISK_ADDED,
	DS_DISK_REMOVED,
	/** One field of a disk. If only the disk's name in the guest has changed, the field is
	 * "target". */
	DS_DISK_CHANGED,
	/** Not a difference but a warning: an earlier domain of the same dump has the same UUID, or
	 * the same name if it has no UUID. Such domains are matched in their order. */
	DS_DOMAIN_REPEATED,
	/** The domain has moved to another host, and the old dump has domains of that host, too. */
	DS_DOMAIN_MOVED,
	/** One field of the domain itself, by the name of its member in struct ds_domain. */
	DS_DOMAIN_CHANGED,
	/** Devices other than disks. DS_DEVICE_CHANGED is about one field, by the name of its
	 * member. */
	DS_DEVICE_ADDED,
	DS_DEVICE_REMOVED,
	DS_DEVICE_CHANGED,
};

/** Something that is not the same in two dumps. Texts never contain a password: one in a source is
 * replaced by "***" on both sides, so a new password alone is not a difference. */
struct ds_difference {
	enum ds_difference_kind kind;
	/** The rule that reports the difference: DA401 for a change between dumps of different
	 * formats, otherwise DA402 to DA404. NULL: no rule is about such a difference. */
	const struct ds_rule *rule;
	enum ds_severity severity;
	/** Whether more access is allowed than before: r to w, or w to w!. */
	bool is_escalation;
	/** Name and UUID of the domain: those of the new dump if both dumps have it. NULL:
	 * unset. */
	struct ds_text domain, uuid;
	/** The disk's name in the guest in its usual spelling. NULL: it is not about a disk, or the
	 * disk has no name. */
	struct ds_text disk;
	/** The kind of another device: "interface", "graphics", "port", "PCI device", "sound card",
	 * "input", "vcpu". NULL: it is not about such a device. */
	const char *device;
	/** What identifies the device: an interface's MAC address, "serial 0", "0000:01:00.0".
	 * NULL: the device has no such value, or the difference is not about such a device. */
	struct ds_text device_name;
	/** What changed. For a domain: "name", "host" or a member of struct ds_domain; "uuid" or
	 * "name" if it is repeated. For a disk: "source", "driver", "format", "access", "device",
	 * "type", "target", "bus", "backend", "bootable", a member of struct ds_disk_details or
	 * ds_disk_location, or "backing" (the whole chain); "source" if it was added or removed.
	 * For another device: a member of its struct. For an extra: its path, such as "cpu" or
	 * "devices/disk/driver@queues". NULL: the whole domain or device. */
	const char *field;
	/** The old and the new value. NULL: unset. Values of an extra are normalized, so that
	 * different spellings of the same value are equal. An old value is shown as "(36 bytes)"
	 * when its path has so many different values that this one was not kept. */
	struct ds_text before, after;
	/** The positions in both dumps. For something that is in only one of the dumps, the
	 * position in the other dump is that of the domain. If that dump does not have the domain
	 * either, the `name` of its position is NULL. The old position of an extra is that of its
	 * device, or of the domain. */
	struct ds_place old_place, new_place;
};

/** Receives differences. If it returns a status other than DS_OK, the function that called it
 * returns that status. */
typedef enum ds_status ds_difference_sink(void *context, const struct ds_difference *difference);

/**
 * Compares two dumps of any formats: every member of the records of domains and devices, except the
 * state of a running domain, and every extra, except those that are redundant or have their default
 * value. Domains are matched by their UUID, or by name if one of them has no UUID; disks by their
 * name in the guest, then by their source; other devices by what identifies them. Two ways to
 * express the same setting are not a difference.
 *
 * The old dump is kept in memory, in about 320 bytes for a usual domain.
 */
struct ds_diff;

/** Creates a comparison. Returns DS_OK, DS_NO_MEMORY, or DS_USAGE if `sink` is NULL. */
DS_API enum ds_status ds_diff_new(ds_difference_sink *sink, void *context, struct ds_diff **diff);

/** Restricts the comparison to disks and to the names of domains. Returns DS_OK, or DS_USAGE after
 * the first domain was added. */
DS_API enum ds_status ds_diff_only_disks(struct ds_diff *diff);

/** A loss as `domstream convert --losses` lists it. */
struct ds_listed_loss {
	/** As in struct ds_loss. Only the first byte of the value matters. */
	struct ds_text reason, path, value;
	/** Name and UUID of the domain. NULL: unset. */
	struct ds_text domain, uuid;
	/** Its position in the old dump: the name of the input, and the offset in bytes. */
	struct ds_text file;
	uint64_t offset;
};

/**
 * Adds a loss of converting the old dump to the new one: the difference that it explains is
 * accepted and not reported. The loss belongs to the domain with its UUID, or with its name if it
 * has no UUID, that contains its position. If the old dump has no such file, the file is ignored.
 * Each loss takes about 60 bytes of memory. Call this before the first domain of the new dump.
 * Returns DS_OK, DS_NO_MEMORY, or DS_USAGE after that domain and for a loss without a reason, path
 * or file.
 */
DS_API enum ds_status ds_diff_accept(struct ds_diff *diff, const struct ds_listed_loss *loss);

/** Adds a domain of the old dump. All of them must be added before the first domain of the new
 * dump. Returns DS_OK, DS_NO_MEMORY, or DS_USAGE after that domain and for a record that
 * ds_writer_add() would refuse, too. */
DS_API enum ds_status ds_diff_old(struct ds_diff *diff, const struct ds_domain *domain);

/** Compares a domain of the new dump. Returns DS_OK, what the sink returned, DS_NO_MEMORY, or
 * DS_USAGE for a record that ds_writer_add() would refuse, too, or after ds_diff_finish(). */
DS_API enum ds_status ds_diff_compare(struct ds_diff *diff, const struct ds_domain *domain);

/** Reports the domains that were removed, in the order of the old dump. Returns what
 * ds_diff_compare() returns. */
DS_API enum ds_status ds_diff_finish(struct ds_diff *diff);

DS_API void ds_diff_free(struct ds_diff *diff);

/* ---- runs: which inputs and which domains ---- */

/** A file as the system identifies it: st_dev and st_ino of stat(2). */
struct ds_file_id {
	uint64_t device, inode;
};

/**
 * Which inputs are the dump of one host. A host is named after a file or directory, without
 * suffixes and dates ("host1" for host1.xml.gz), and without the directory in which a hypervisor
 * keeps its domains ("host1" for host1/etc/libvirt/qemu). The host of what is in that directory of
 * this machine is "localhost". If two hosts would get the same name, the later one is named with
 * the directory above it, too ("dc2/host1").
 */
enum ds_hosts {
	/** A file, or member of an archive, with several domains is the dump of a host. Files with
	 * a single domain belong to the host of their directory. */
	DS_HOSTS_AUTO = 0,
	/** All inputs belong to one host, "all". */
	DS_HOSTS_RUN,
	/** Each name that was given: a file, a directory, an archive. */
	DS_HOSTS_ARGUMENT,
	/** Each file, or member of an archive. */
	DS_HOSTS_FILE,
	/** Each directory. */
	DS_HOSTS_DIRECTORY,
};

/** A pattern for one field of a disk. */
struct ds_condition {
	/** One of ds_disk_fields(). */
	const char *field;
	/** A pattern for the value; see struct ds_selection. An unset value is matched as an empty
	 * text. */
	const char *glob;
};

/** Returns the names of the fields of a disk, in the order in which `domstream disks` lists them;
 * they are static. `count` may be NULL. */
DS_API const char *const *ds_disk_fields(size_t *count);

/**
 * Which domains a run processes. A domain must match one of the names, one of the UUIDs and one of
 * the hosts, and have a disk for which all conditions hold. A list that is empty is not checked, so
 * an empty selection selects all domains.
 *
 * In patterns `*` matches any number of characters, `?` one, `[a-z]` one of a set, `[!a-z]` one
 * outside of it; a backslash makes the next character literal. They match the whole value, and `*`
 * matches `/` too.
 */
struct ds_selection {
	/** Set by ds_selection_init(). */
	size_t size;
	const char *const *names;
	size_t name_count;
	/** With or without hyphens, in lower or upper case. */
	const char *const *uuids;
	size_t uuid_count;
	/** Patterns for the domain's `host`. */
	const char *const *hosts;
	size_t host_count;
	const struct ds_condition *conditions;
	size_t condition_count;
};

/** Sets the defaults: no pattern, so that all domains are selected. */
DS_API void ds_selection_init(struct ds_selection *selection, size_t size);

/* ---- runs: rows for disks ---- */

/** Formats with one line for each disk, written instead of the domains. The manual domstream(1)
 * describes the formats. */
enum ds_rows {
	/** Domains are written. */
	DS_ROWS_NONE = 0,
	/** For people: columns, under a header. Only some fields are shown; control bytes and bytes
	 * that are not UTF-8 are masked. */
	DS_ROWS_TABLE,
	/** As DS_ROWS_TABLE, for a terminal (ECMA-48): a bold header, and the mode "w!" is
	 * highlighted. */
	DS_ROWS_TERMINAL,
	/** One JSON object per line, with every key in every line. */
	DS_ROWS_NDJSON,
	/** RFC 4180 with LF, under a header. */
	DS_ROWS_CSV,
	/** TAB between the fields, under a header; TAB, LF, CR and backslash as \t \n \r \\. */
	DS_ROWS_TSV,
	/** As DS_ROWS_TABLE and DS_ROWS_TERMINAL, with all columns. */
	DS_ROWS_WIDE,
	DS_ROWS_WIDE_TERMINAL,
};

/** How rows for programs show bytes that are not UTF-8. A table always shows them as \xhh. */
enum ds_utf8 {
	/** DS_ROWS_NDJSON replaces each by U+FFFD, because JSON cannot contain it; the other
	 * formats keep it. */
	DS_UTF8_KEEP = 0,
	/** Each becomes U+FFFD. */
	DS_UTF8_REPLACE,
	/** Each becomes \xhh. */
	DS_UTF8_ESCAPE,
};

#define DS_ROWS_COLUMNS_MAX 64

/** How rows are written. */
struct ds_rows_options {
	/** Set by ds_rows_options_init(). */
	size_t size;
	/** DS_ROWS_NONE: no rows, domains are written. */
	enum ds_rows format;
	enum ds_utf8 utf8;
	/** The columns, as indexes in ds_disk_fields(), at most DS_ROWS_COLUMNS_MAX; if
	 * `column_count` is 0, the columns of the format. */
	const unsigned *columns;
	size_t column_count;
};

/** Sets the defaults: no rows, bytes that are not UTF-8 are kept, all columns of the format. */
DS_API void ds_rows_options_init(struct ds_rows_options *options, size_t size);

/* ---- runs: counts and outcomes ---- */

/** What a run has done so far. In every run, and at any time:
 * domains == converted + checked + rejected + unselected. */
struct ds_counts {
	/** Set by ds_counts_init(); in what a callback gets, the size of the library's struct. */
	size_t size;
	/** Files that were opened. */
	uint64_t files;
	/** Hosts with at least one domain, readable or not. */
	uint64_t hosts;
	/** Bytes that were read from files, before and after decompression. */
	uint64_t bytes_read, bytes_inflated;
	uint64_t bytes_written;
	/** All domains, including the rejected ones. */
	uint64_t domains;
	/** Domains that were written, or whose `rows` were written. */
	uint64_t converted;
	/** Domains that were read and not written: with `check_only`, including audits. */
	uint64_t checked;
	uint64_t rejected;
	/** Domains that were read and do not match `selection`. */
	uint64_t unselected;
	/** Converted domains whose output differs from the input, which only `verify` finds. */
	uint64_t mismatches;
	/** Disks of the selected domains; if the selection has conditions for disks, only those
	 * disks that meet them. */
	uint64_t disks;
	/** Findings of the audit. */
	uint64_t findings;
	/** Values that the output format cannot express, except those that are the default there
	 * anyway; values that the library does not know. */
	uint64_t losses, unknown;
	/** Errors that rejected nothing: damaged compression, bytes outside domains, files that
	 * cannot be read. */
	uint64_t stream_errors;
	/** Stored bytes of all inputs; 0: unknown. */
	uint64_t bytes_expected;
	/** Inputs by their outcome. Each file, archive, member of an archive and standard input is
	 * one input. The sum is the number of inputs that have ended. */
	uint64_t inputs_read, inputs_without_domain, inputs_foreign, inputs_damaged;
	/** For a part (`parts` in struct ds_run_options): the number of inputs that all parts
	 * share, their stored bytes, and a digest of their names, sizes and order. */
	uint64_t listed, listed_bytes, listed_digest;
};

/** Sets all counts to 0. */
DS_API void ds_counts_init(struct ds_counts *counts, size_t size);

/** How an input ended. */
enum ds_outcome {
	/** It has domains; rejected ones count too. */
	DS_OUTCOME_READ = 0,
	/** It is intact and has no domain, like the definition of a network. */
	DS_OUTCOME_NO_DOMAIN,
	/** It is not a dump. Only files in a directory or an archive are called foreign. */
	DS_OUTCOME_FOREIGN,
	/** Not all of it could be read, or it has a fault outside of a single domain: corrupt
	 * compressed data, a truncated end, text or NUL bytes outside domains, an empty file, or a
	 * file that cannot be opened. */
	DS_OUTCOME_DAMAGED,
};

enum ds_input_kind { DS_INPUT_FILE = 0, DS_INPUT_ARCHIVE, DS_INPUT_MEMBER };

/** Where the first two domains of an input begin. This decides to which host the input belongs: a
 * file with one domain belongs to its directory's host. The search ends when it is decided. */
struct ds_starts {
	/** Whether there is a first domain, and a second one. */
	bool has_first, has_second;
	/** Their offsets, and the largest offset at which a second domain still counts as near the
	 * first. */
	uint64_t first, second, reach;
	/** Errors before the first domain, and between the first and the second one. */
	uint64_t errors_before, errors_between;
};

/**
 * The outcome of one input: a file, standard input, an archive or a member of it. An archive comes
 * after its members. A domain is counted for the member that contains it and not for the archive,
 * so the sums over all results are the totals of the run.
 */
struct ds_input_result {
	enum ds_input_kind kind;
	/** The name as in positions: "dump.xml", "-", "backup.tar.gz!etc/xen/web01.sxp". */
	const char *name;
	/** The name that the caller gave: the same name, or that of the directory or archive in
	 * which the input was found. */
	const char *argument;
	/** The name of the file: of the archive for a member, otherwise the same as `name`. */
	const char *file;
	/** The host that it belongs to, as in struct ds_domain; if it has no domain, that of its
	 * directory. NULL: unknown, or it is an archive. */
	const char *host;
	enum ds_outcome outcome;
	/** If it is not a dump, what it was recognized as, such as "QCOW2 disk image"; static.
	 * NULL: not recognized, or a dump. */
	const char *recognized;
	/** A static English phrase that tells what to do with it instead, such as "unpack it first:
	 * 7z x FILE". NULL: there is no advice. */
	const char *advice;
	/** "none", "gzip", "bgzf", "xz", "zstd", "bzip2", "lz4", "lzip", "lzma",
	 * "compress"; static. */
	const char *compression;
	/** DS_FORMAT_AUTO if it was not recognized. */
	enum ds_format format;
	/** The encoding that the first document declares, or "UTF-8". */
	const char *encoding;
	/** Its size in the file system or in the archive; for a pipe, the number of bytes that were
	 * read. */
	uint64_t size;
	/** The number of stored bytes that were read. It is less than `size` if reading ended
	 * early, or if a foreign file was not read. */
	uint64_t bytes_read;
	/** The CRC-32 of the stored bytes, as gzip computes it. Only valid if `has_crc32` is set:
	 * then `input_checksums` was set and all bytes were read. */
	uint32_t crc32;
	bool has_crc32;
	/** `domains` includes the rejected and the unselected ones; the disks of unselected domains
	 * are not counted. */
	uint64_t domains, disks, rejected, unselected;
	/** Errors that rejected nothing. */
	uint64_t errors;
	/** The offsets of its first domains. */
	struct ds_starts starts;
	/** The bytes that the part has read; NULL unless `parts` is set. The counts above are those
	 * of the segment. */
	const struct ds_segment *segment;
	/** `max_errors` has ended the run inside this input, so the outcome is DS_OUTCOME_DAMAGED,
	 * the counts are those until then, and later inputs were not read. */
	bool is_stopped;
};

/* ---- runs ---- */

struct ds_record;

struct ds_run_options {
	/** Set by ds_run_options_init(). */
	size_t size;
	/** File names; "-" is standard input, which is also read when there is neither a name
	 * nor `files_from`. */
	const char *const *names;
	size_t name_count;
	/** The name of standard input in positions and results; NULL: "-". */
	const char *label;
	/** A file with further names, one per line or, with `files_from_nul`, each ended by NUL;
	 * "-" is standard input. NULL: there is no such file. */
	const char *files_from;
	bool files_from_nul;
	/** Walk directories: regular files in the order of their names' bytes; links are not
	 * followed. */
	bool recursive;
	enum ds_hosts hosts;
	/** Regular files that the caller is writing. If an input is one of them, under any name,
	 * the run ends with DS_USAGE and an error that names it. */
	const struct ds_file_id *outputs;
	size_t output_count;
	/** Name of the host of all inputs; NULL: it is derived. */
	const char *host;
	/** A pattern for the paths of inputs, as components that are separated by slashes, such as
	 * "dumps/node-*". They may match anywhere in a path; the last match counts. The host is the
	 * component of the path that the first component with a "*" matches. The host of an input
	 * that does not match is derived. NULL: all hosts are derived. */
	const char *host_from;
	enum ds_format from;
	enum ds_xml_parser xml_parser;
	/** Domains that are not selected are read and counted, but otherwise treated as if the
	 * input did not contain them. What cannot be read is reported in any case, since nobody
	 * knows whether it would be selected. NULL: all domains are selected. */
	const struct ds_selection *selection;
	/** NULL: the defaults. */
	const struct ds_limits *limits;
	/** The maximum number of threads; never more are started than two for waiting and one for
	 * each processor that this process may use. 0: the number of these processors. */
	unsigned jobs;
	/** Only read and count. */
	bool check_only;
	/** How domains are written. A domain that already has the output's format is copied: the
	 * output has the bytes of the input, and there are no losses. XML in another encoding is
	 * converted to UTF-8. Domains are not copied but written from their records if
	 * `writer.only_disks` is set; SEXPR also if `writer.pretty` or `rewrite` is set, and if the
	 * input has a parenthesis too many. NULL: the defaults. */
	const struct ds_writer_options *writer;
	/** Do not copy SEXPR that was read as SEXPR, but write it for `writer.xend`. */
	bool rewrite;
	/** Read each domain that is written back, and compare it with the original. A difference
	 * that no loss explains is an error (DA910), which is reported after the domain; the domain
	 * stays in the output. */
	bool verify;
	/** Copy every domain, whatever its format is. The writer's format, xend, pretty, only_disks
	 * and preserve have no effect. */
	bool extract;
	/** Compress the output, from 1 (fast) to 9 (small), as BGZF, which every gzip tool reads.
	 * 0: do not compress it. */
	int gzip_level;
	/** Write one line for each disk; if the selection has conditions for disks, only for disks
	 * that meet them. `writer` is then ignored, there are no losses, and `converted` counts the
	 * domains whose disks were written. A domain with so long a name and so many disks that its
	 * rows would have more than about 16 MiB is rejected with DA905. NULL: domains are
	 * written. */
	const struct ds_rows_options *rows;
	/** Audit the disks instead of writing: findings go to `findings`. Requires `check_only` and
	 * no `sink`. Findings about a single domain come in input order, those about several
	 * domains at the end. What could not be read is not a finding here; it goes to `rejected`.
	 * A domain with so long a name and so many disks that its findings would have more than
	 * about 16 MiB is rejected with DA905. NULL: no audit. */
	const struct ds_audit_options *audit;
	/** Receives the record of each domain for ds_estate_add(), in input order; the bytes are
	 * valid until it returns. `findings` is then not called, and the rules about several
	 * domains are not checked. The place and the host of the domain are not in the record.
	 * NULL: the run checks all rules itself. */
	enum ds_status (*estate)(void *context, const struct ds_domain *domain,
		const struct ds_record *record);
	/** Stop after this many rejected domains; 0: never. */
	uint64_t max_errors;
	/** Read the share number `part`, from 1, of `parts` equal shares of all inputs; 0: read all
	 * inputs. Plain files and BGZF are divided at lines that begin a domain; any other input
	 * belongs to one share as a whole. The outputs of all parts, in their order, are the output
	 * of a run without parts. */
	unsigned part, parts;
	/** The border at which the input that is divided at the beginning of the share is read: the
	 * `end` of a segment of another part, or `next` of ds_border_join(). NULL: the border is
	 * searched for. */
	const char *from_border;
	/** Count lines, and offsets in BGZF, from the beginning of the whole input. For this, the
	 * input in which the part begins is read, but not parsed, from its beginning. Otherwise
	 * they count from the border, unless a column of `rows` or a condition of `selection` needs
	 * them. */
	bool part_positions;
	/** Points to a variable that stops the run when another thread or a signal handler sets it
	 * to non-zero. NULL: the run cannot be cancelled. */
	const volatile int *cancel;

	void *context;
	/** Output in input order, the same bytes for any number of jobs. Required unless
	 * `check_only` or `domain_output`. */
	ds_sink *sink;
	/** If set, called instead of `sink` with each single domain, in input order. The bytes are
	 * in `format`, end with a line feed, and have no wrapper. If the writer's format is AUTO,
	 * `format` is the other format than the domain's own. Must not be combined with
	 * `check_only`, `rows` or `gzip_level`. A return other than DS_OK stops the run with that
	 * status. */
	enum ds_status (*domain_output)(void *context, const struct ds_domain *domain,
		enum ds_format format, const char *data, size_t size);
	/** Receives what could not be read; see `struct ds_reader_events`. May be NULL. */
	enum ds_status (*rejected)(void *context, const struct ds_error *error, struct ds_text raw);
	/** Receives each domain that was read, before its losses and findings. May be NULL. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	/** Called when an input has ended and everything in it was delivered, except for output
	 * that may still be buffered. May be NULL. */
	enum ds_status (*input)(void *context, const struct ds_input_result *result);
	/** Compute `crc32` of each input. */
	bool input_checksums;
	/** Receives losses. May be NULL. */
	ds_loss_sink *losses;
	/** Receives findings. NULL: they are only counted. */
	ds_finding_sink *findings;
	/** Receives the images that several domains use, at the end of an audit, in the order of
	 * their sources. May be NULL. */
	ds_shared_image_sink *shared_images;
	/** Called after each block of output. May be NULL. */
	void (*progress)(void *context, const struct ds_counts *counts);
	/** Pass NULL as every `ds_loss.value` to `losses`. This saves the time for hiding secrets
	 * in values that the caller does not use. */
	bool losses_without_values;
};

/** Sets the defaults. The caller sets names and sinks. */
DS_API void ds_run_options_init(struct ds_run_options *options, size_t size);

/**
 * Reads all inputs and writes one output. Callbacks are called in input order, one at a time, from
 * any thread. `counts` is always written if its size is set. `error` is written for DS_USAGE and
 * DS_NO_MEMORY; only the sink knows the reason for a DS_SYSTEM that it has returned. Either may be
 * NULL.
 *
 * Returns DS_OK: everything was read. DS_DAMAGED: something was rejected; everything else was
 * processed. DS_STOPPED: the run was cancelled, or stopped by `max_errors` or a callback. DS_USAGE:
 * `error` says which options are invalid. DS_NO_MEMORY. DS_SYSTEM: the output failed. A file that
 * cannot be opened or read is not DS_SYSTEM but DS_DAMAGED: it is reported to `rejected`, and the
 * other files are processed.
 */
DS_API enum ds_status ds_run(const struct ds_run_options *options, struct ds_counts *counts,
	struct ds_error *error);

/**
 * Computes a digest of the inputs that ds_run() would read with these options: the name, size,
 * inode and times of last change of each file, in their order. Only directories and `files_from`
 * are read, and only those members of `options` are used that name inputs. The digest also depends
 * on `text`, and on `files`, which are read besides the inputs, such as a baseline. The digest is
 * for the same machine or file system and the same release of the library.
 *
 * Returns DS_OK; DS_DAMAGED: an input is missing or not a regular file, a directory cannot be read,
 * or a file was changed within the last second, so that another change might not show; DS_USAGE:
 * `options` has no size, or an argument is NULL; DS_NO_MEMORY.
 */
DS_API enum ds_status ds_inputs_digest(const struct ds_run_options *options, const char *text,
	size_t size, const char *const *files, size_t file_count, uint64_t *digest);

/* ---- runs that each read a part of the inputs ---- */

/** Adds the starts of the next part of an input, which begins `offset` bytes after the beginning of
 * the first part. */
DS_API void ds_starts_join(struct ds_starts *starts, const struct ds_starts *next, uint64_t offset);

/**
 * Which bytes of an input a part has read (`parts` in struct ds_run_options). The parts have read
 * every byte exactly once, with the result of a single run, if the segments of each input can be
 * joined: the first one begins with the input, each other one begins at a border to which
 * ds_border_join() agrees, and the last one ends with the input. Empty segments are skipped, but
 * the segment before them must not end inside their share.
 *
 * A border is a text: "ANCHOR+DELTA:", followed by the framer's state there. ANCHOR is an offset in
 * the stored bytes, for BGZF that of a member, and DELTA is the number of plain bytes from there to
 * the border.
 */
struct ds_segment {
	/** The number of the input, from 0. Members of an archive have that of the archive. */
	uint64_t input;
	/** Whether the segment begins where the input begins, and whether it ends where the input
	 * ends. */
	bool is_first, is_last;
	/** No domain begins in the share, so nothing was read. */
	bool is_empty;
	/** The part's share of the input, as offsets of stored bytes. */
	uint64_t share_from, share_to;
	/** Stored bytes of one share of all inputs. */
	uint64_t share_size;
	/** Stored bytes that were read. */
	uint64_t from, to;
	/** The line numbers at both ends, if they are counted from the beginning of the input (see
	 * `part_positions`); otherwise 0. */
	uint64_t first_line, last_line;
	/** The offset and line of the first byte of the segment, and those of the first byte after
	 * it, as this part counts them. The next part may count from another number. */
	uint64_t begin_offset, begin_line, end_offset, end_line;
	/** The borders at both ends. NULL at the beginning or end of the input, and if the segment
	 * is empty. */
	const char *begin, *end;
	/** How the result depends on the state that was assumed at `begin`. NULL if `begin` is
	 * NULL. */
	const char *account;
	/** The number of domains that are rejected because the input ends inside them. */
	uint64_t truncated;
	/** Why the input could not be divided although not all of it is in the share, such as
	 * "gzip" or "a tar archive"; static. NULL: it was divided, or did not have to be. */
	const char *whole_because;
};

/** The size of a border, with its NUL byte. */
#define DS_BORDER_SIZE 832

/** Returns whether a part has read a segment from the right border. `truth` is the true border at
 * its beginning: the `end` of the first segment of the input, and for later segments the `next` of
 * the previous call. If the part has assumed the same, `next` gets the true border at the end of
 * the segment, which is an empty text if the segment ends with the input. Otherwise the segment
 * must be read again with `truth` as `from_border`, and `next` gets the border at which it will
 * most likely end then. */
DS_API bool ds_border_join(const char *truth, const struct ds_segment *segment,
	char next[DS_BORDER_SIZE]);

/** The number of columns of a record. */
#define DS_RECORD_COLUMNS 4

/**
 * What the estate rules of an audit need about one domain, encoded as bytes that ds_estate_add()
 * reads. They are divided into columns, because similar bytes of many records compress best
 * together. The columns of several records may be joined, each with its own kind, and are then read
 * record by record.
 */
struct ds_record {
	struct ds_text columns[DS_RECORD_COLUMNS];
};

/** What ds_estate_add() needs to know about a domain besides its record. */
struct ds_estate_domain {
	/** Set by ds_estate_domain_init(). */
	size_t size;
	/** Where the domain begins. */
	struct ds_place place;
	/** The host that it belongs to. */
	const char *host;
};

/** Sets the defaults: the place is the beginning of the input "-", and the host is "". */
DS_API void ds_estate_domain_init(struct ds_estate_domain *domain, size_t size);

/** Receives the results of an estate. If a sink returns a status other than DS_OK, the function
 * that called it returns that status. */
struct ds_estate_sinks {
	/** Set by ds_estate_sinks_init(). */
	size_t size;
	/** Receives a domain before its findings. Only the members that a report needs are set. May
	 * be NULL. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	ds_finding_sink *finding;
	/** Called at the end, as in struct ds_run_options. May be NULL. */
	ds_shared_image_sink *shared_images;
};

/** Sets all sinks to NULL. The caller must set `finding`. */
DS_API void ds_estate_sinks_init(struct ds_estate_sinks *sinks, size_t size);

/**
 * An audit of the domains of several runs, with the findings that a single run over all inputs
 * would have. Each run has passed a record of each domain to its caller; see `estate` in struct
 * ds_run_options.
 */
struct ds_estate;

/** Creates an estate. `options` NULL: the defaults. The lists in the options are borrowed until
 * the estate is freed. `estate` is written on DS_OK. Returns DS_OK, DS_USAGE or DS_NO_MEMORY. */
DS_API enum ds_status ds_estate_new(const struct ds_audit_options *options,
	const struct ds_estate_sinks *sinks, void *context, struct ds_estate **estate);

/** Adds a domain; a single run would have read the domains in this order. Its record is the first
 * one in the columns. They are then advanced to the next record. Returns DS_OK, DS_NO_MEMORY,
 * DS_DAMAGED if the columns do not begin with a record of this release, or DS_USAGE if `domain` has
 * no size, no name of an input or no host, or after ds_estate_finish(). */
DS_API enum ds_status ds_estate_add(struct ds_estate *estate, const struct ds_estate_domain *domain,
	struct ds_record *records);

/** Notes that the domains of a host are incomplete, since something could not be read or was not
 * selected. If `host` is NULL, this holds for every host. Returns DS_OK, DS_NO_MEMORY, or DS_USAGE
 * after ds_estate_finish(). */
DS_API enum ds_status ds_estate_note_unread(struct ds_estate *estate, const char *host);

/** Reports the findings about several domains, then shared images. `findings` gets the number of
 * all findings. Returns DS_OK, DS_NO_MEMORY, what a sink returned, or DS_USAGE if it was called
 * before. */
DS_API enum ds_status ds_estate_finish(struct ds_estate *estate, uint64_t *findings);

/** NULL is allowed. */
DS_API void ds_estate_free(struct ds_estate *estate);

/**
 * Names the hosts of inputs that several runs have read, as a single ds_run() would name them. The
 * host of an input may depend on the inputs before it, and on all of its segments.
 */
struct ds_host_namer;

/** Creates a namer. Only the options about hosts are used; they are borrowed. Relative names start
 * from `directory`. Returns NULL if there is no memory, or if an argument is NULL or has no
 * size. */
DS_API struct ds_host_namer *ds_host_namer_new(const struct ds_run_options *options,
	const char *directory);

/** Returns the host of the next input, which its names and `starts` decide; valid until the next
 * call. Returns NULL if there is no memory or an argument is NULL. */
DS_API const char *ds_host_namer_next(struct ds_host_namer *namer,
	const struct ds_input_result *input);

/** Returns the number of hosts with at least one domain so far. */
DS_API uint64_t ds_host_namer_count(const struct ds_host_namer *namer);

/** NULL is allowed. */
DS_API void ds_host_namer_free(struct ds_host_namer *namer);

#ifdef __cplusplus
}
#endif

#endif
