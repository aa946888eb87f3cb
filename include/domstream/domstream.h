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
 * Compatibility: a program runs with every later library of the same soname. The structs that a
 * program fills in begin with `size`, which `ds_..._init(&it, sizeof it)` sets, together with the
 * defaults. Later releases add members only behind their ends, and not in the padding there. The
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
 * process. (libarchive, which reads archives and all compression but gzip, ends it when it gets no
 * memory for a short text. Before each call of libarchive, the library makes sure that such memory
 * is available.)
 *
 * Ownership: what is passed in is borrowed for the call. What a callback gets lives until it
 * returns. `_free(NULL)` is allowed. Out-parameters are written on DS_OK only, unless said
 * otherwise.
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

/** The version of the library in use, as "0.2.0". */
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

/** A sequence of bytes. It is not terminated and may contain any byte. If `data` is NULL, the value
 * is unset; if only `size` is 0, it is the empty text. */
struct ds_text {
	const char *data;
	size_t size;
};

/** A position in an input. */
struct ds_place {
	/** The name of the stream, as given by the caller; never NULL. */
	const char *name;
	/** Bytes before it in the decompressed stream. */
	uint64_t offset;
	/** Line, counted from 1; 0: unknown, since damage of a compressed file is in no line. */
	uint64_t line;
	/** Column in bytes, counted from 1; 0: unknown. */
	uint64_t column;
};

#define DS_ERROR_TEXT_SIZE 240
#define DS_ERROR_DOMAIN_SIZE 96

/**
 * Why a domain or a stream could not be read. Its size is fixed, so that running out of memory can
 * be reported too.
 */
struct ds_error {
	/** Stable id: "DA901" truncated, "DA902" checksum or length of a compressed file, "DA903"
	 * malformed, "DA904" bytes that belong to no domain, "DA905" a limit is exceeded, "DA906"
	 * document type refused, "DA908" cannot be opened or read. */
	char id[8];
	struct ds_place place;
	/** The host of the domain or input. NULL: unknown. */
	const char *host;
	/** Size of the rejected range in bytes; 0: nothing was rejected. */
	uint64_t length;
	/** The domain's name, with control bytes masked and truncated to fit; "" if it is
	 * unknown. */
	char domain[DS_ERROR_DOMAIN_SIZE];
	/** An English sentence without a full stop, in UTF-8, with control bytes masked. */
	char text[DS_ERROR_TEXT_SIZE];
	/** If the text ends with a position, such as " (line 3, column 7)", the size of what
	 * precedes that in bytes; otherwise 0. */
	size_t reason_size;
};

/* ---- records ---- */

enum ds_format {
	/** Decide by the first bytes. */
	DS_FORMAT_AUTO = 0,
	/** libvirt domain XML. */
	DS_FORMAT_XML,
	/** xend S-expressions, as `xm list --long` prints them and as config.sxp files hold
	 * them. */
	DS_FORMAT_SEXPR,
};

/** The xend generation that reads or wrote SEXPR. The numbers are libvirt's xendConfigVersion. */
enum ds_xend {
	DS_XEND_302 = 1,
	DS_XEND_303 = 2,
	DS_XEND_304 = 3,
	/** 3.1 and everything later; the default. */
	DS_XEND_31 = 4,
};

/** A switch that may also be unset. */
enum ds_flag { DS_FLAG_UNSET = 0, DS_FLAG_OFF, DS_FLAG_ON };

enum ds_device { DS_DEVICE_DISK = 0, DS_DEVICE_CDROM, DS_DEVICE_FLOPPY, DS_DEVICE_LUN };

/** libvirt's `disk/@type`. Up to DS_SOURCE_DIR the source is a path of the host. */
enum ds_source {
	DS_SOURCE_FILE = 0,
	DS_SOURCE_BLOCK,
	DS_SOURCE_DIR,
	DS_SOURCE_NETWORK,
	DS_SOURCE_VOLUME,
	DS_SOURCE_NVME,
	DS_SOURCE_VHOSTUSER,
	DS_SOURCE_VHOSTVDPA,
	/** Another word: `ds_disk_details.type`. */
	DS_SOURCE_OTHER
};

/** The kind of list that contained a disk in SEXPR. */
enum ds_class { DS_CLASS_NONE = 0, DS_CLASS_VBD, DS_CLASS_TAP, DS_CLASS_TAP2, DS_CLASS_IMAGE };

struct ds_pci;

/** A server of an image on the network. Texts are NULL when they are not set. */
struct ds_disk_host {
	/** Bytes from the domain's first byte to the `<host>`. */
	size_t at;
	/** Its name or address. */
	struct ds_text name;
	struct ds_text port;
	/** "tcp" (the default), "unix" or "rdma". */
	struct ds_text transport;
	/** Path of the socket when the transport is "unix". */
	struct ds_text socket;
};

/**
 * What libvirt sets in `<source>`, beside its path or name, to find and to open an image. Texts are
 * NULL when they are not set. `<auth>` and `<encryption>` may be children of `<disk>` or of
 * `<source>`; both are read into the same members.
 */
struct ds_disk_location {
	/** Network: "rbd", "iscsi", "nbd", "gluster", "https" … */
	struct ds_text protocol;
	/** Network: the query of an HTTP URL. */
	struct ds_text query;
	/** Network: "yes" or "no". */
	struct ds_text tls;
	/** Network: the servers, in their order. */
	const struct ds_disk_host *hosts;
	size_t host_count;
	/** rbd: name of a snapshot of the image, and the client's configuration file. */
	struct ds_text snapshot, config;
	/** Volume: the storage pool; the volume's name is the disk's `source`. "host" or "direct"
	 * for a pool of iSCSI. */
	struct ds_text pool, pool_mode;
	/** NVMe: the controller's PCI address, NULL when it is not set, and the number of the
	 * namespace. */
	const struct ds_pci *nvme;
	struct ds_text nvme_namespace;
	/** vhost-user: path of the socket. */
	struct ds_text socket;
	/** Who logs in, and with which of libvirt's secrets: its type ("ceph", "iscsi") and its
	 * UUID or usage name. */
	struct ds_text user, secret_type, secret;
	/** Format of the encryption ("luks", "qcow") and the UUID or usage name of its secret. */
	struct ds_text encryption, encryption_secret;
};

/** One level of a chain of images, `<backingStore>`: what the level above it falls back to. */
struct ds_disk_backing {
	/** Bytes from the domain's first byte to its `<backingStore>`. */
	size_t at;
	enum ds_source type;
	/** "raw", "qcow2" … NULL: not set, and libvirt refuses to guess. */
	struct ds_text format;
	/** Path, device or name, as in `ds_disk`. NULL: not set. */
	struct ds_text source;
	/** NULL: none of its members is set. */
	const struct ds_disk_location *location;
};

/**
 * What libvirt can set for a disk and xend cannot, as typed values. Texts are NULL when they are
 * not set, and otherwise exactly what the input says, known word or not. Each of them also is one
 * of the domain's `extras`, which say where it is and what a conversion to SEXPR loses.
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
	/** Whether an empty `<backingStore/>` ends the chain, after its last image or after the
	 * disk's own one. */
	bool backing_ends;
	/** NULL: none of its members is set. */
	const struct ds_disk_location *location;
};

/** A block device: disk, CD drive or floppy. Its number in its domain, from 0, is its index in
 * `ds_domain.disks`. */
struct ds_disk {
	/** Bytes from the domain's first byte to this disk's; see ds_domain_place(). */
	size_t at;
	enum ds_device device;
	enum ds_source type;
	/** Name of the domain that serves it. NULL: domain 0, or unset. */
	struct ds_text backend;
	/** Backend: "file", "phy", "tap", "tap2", or any other word. NULL: unset. */
	struct ds_text driver;
	/** Image format: "aio", "qcow", … passed through as written. XML may say "raw" for "aio".
	 * NULL: unset. */
	struct ds_text format;
	/** Path, device or name. Network and volume: the name as libvirt writes it, "pool/image"
	 * for rbd; `details` has the rest. NULL: unset, which means an empty drive only for types
	 * up to DS_SOURCE_DIR. */
	struct ds_text source;
	/** Guest's device name without prefix or suffix: "hda", "xvda1", "51712". */
	struct ds_text target;
	/** libvirt's bus: "ide", "scsi", "xen". NULL: unset. */
	struct ds_text bus;
	/** The mode as Xen's block script interprets it: without a `w` the disk is read-only, also
	 * when it has no mode; a `!` beside the `w` makes it shareable. */
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
	/** XML only: settings that xend does not have. NULL: none of them is set, as for most
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
	/** At most 0xfffffffe, 0xff, 0x1f and 7. UINT32_MAX: the value in the input is invalid. */
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

/** A sound card model or an input device: one word and a bus. */
struct ds_word {
	size_t at;
	struct ds_text word;
	struct ds_text bus;
};

/** Why an element of the input is not in a member of the record. */
enum ds_extra_kind {
	/** It is known, but the record has no member for it. */
	DS_EXTRA_KNOWN = 0,
	/** Repeats a value of the domain, so it is not a loss. */
	DS_EXTRA_REDUNDANT,
	/** The library does not know it. */
	DS_EXTRA_UNKNOWN,
	/** It is known, but its value is invalid or contradicts an earlier one. */
	DS_EXTRA_INVALID,
	/** It is known, the record has no member for it, and it has its default value. */
	DS_EXTRA_DEFAULT,
	/** It is known, and members of `ds_disk.details` have all of it. SEXPR cannot express
	 * it. */
	DS_EXTRA_DETAIL,
};

/** An element of the input that the record cannot hold, or only in the details of a disk. Nothing
 * is dropped silently except the state of a running domain (cpu_time, store_mfn and the like) and
 * keys without a value, which are of no use elsewhere. */
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
/** At least the number of rows in src/record/fields.def. */
#define DS_FIELDS_MAX 48

/**
 * One domain, as a flat record. Texts are NULL and numbers 0 when the input does not say.
 *
 * The table src/record/fields.def has the position of each scalar in both formats, with sources.
 *
 * A program that makes a record of its own, for a writer or a comparison, begins with
 * ds_domain_init().
 */
struct ds_domain {
	/** Bytes of the struct as the library or program that made it knows it. */
	size_t size;
	struct ds_place place;
	/** Its bytes as they are in the input. Those of XML are in the encoding that its document
	 * declares. */
	struct ds_text input;
	/** The bytes of the domain, converted to UTF-8 if they are XML in another encoding. All
	 * positions inside the domain are positions in these bytes. */
	struct ds_text raw;
	enum ds_format format;
	/** The original in the other format that is stored in this domain (`preserve`). NULL: no
	 * original is stored. */
	struct ds_text preserved;
	/** The host that it belongs to, as `hosts` in struct ds_run_options says; a ds_reader has
	 * the name of its stream here. Never NULL. */
	const char *host;
	/** XML: the domain's `type`, "xen" or another hypervisor's name. */
	struct ds_text type;
	/** Number of the running domain; -1: not running, or unset. */
	int64_t id;
	struct ds_text name;
	/** 36 characters in lower case when it is a UUID, with or without hyphens in the input;
	 * else as written. */
	struct ds_text uuid;
	struct ds_text description;
	uint64_t memory_kib;
	/** Current memory of the guest; 0: the same as `memory_kib`. */
	uint64_t current_memory_kib;
	uint64_t vcpus;
	/** Processors that are online at the start; 0: all. */
	uint64_t vcpus_online;
	/** Host processors that the guest may use, as "0-3,^2". */
	struct ds_text cpuset;
	/** Weight among the domains that want processor time, 256 being usual; 0: unset. xend's
	 * credit scheduler. */
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

	/** Where each scalar is set, in bytes from the domain's first byte, indexed as the rows of
	 * src/record/fields.def: of an attribute its element, of a SEXPR key its list. 0: it is not
	 * set, or is the domain's own. */
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
 * and the format is AUTO, which a writer whose own format is AUTO refuses. The caller owns whatever
 * the members are then set to. */
DS_API void ds_domain_init(struct ds_domain *domain, size_t size);

/**
 * Returns the position of a record's `at`; it counts the lines of the domain up to there, which
 * takes time.
 */
DS_API struct ds_place ds_domain_place(const struct ds_domain *domain, size_t at);

/** An element of a domain that the output format cannot express, or that was not understood. */
struct ds_loss {
	/** Stable reason id, see `ds_loss_reason_text`. */
	const char *reason;
	const struct ds_domain *domain;
	/** Where it stands, from the domain down: "devices/disk/driver@cache",
	 * "image/hvm/timer_mode". */
	struct ds_text path;
	/** The value as in the input, an element or a list where there is more than a value, with
	 * each secret in it as "***". NULL: none. */
	struct ds_text value;
	/** Bytes from the domain's first byte to it, or to the device that it is of; see
	 * ds_domain_place(). */
	size_t at;
	/** Its number among the losses of its domain, from 0. */
	size_t number;
};

/* ---- limits ---- */

/** What one domain may take. Input over a limit is rejected with DA905 and costs only itself. */
struct ds_limits {
	/** Set by ds_limits_init(). */
	size_t size;
	/** Bytes of one domain; in another encoding than UTF-8, of both the domain and its
	 * conversion to UTF-8. */
	size_t domain_size;
	/** Bytes of one name, value, attribute or text. One tag, comment or processing instruction
	 * may have 64 KiB more. */
	size_t token_size;
	/** Nesting of elements or lists. */
	unsigned depth;
	/** Attributes of one element. */
	unsigned attributes;
	/** Devices of one domain, and parts of it that have no place in its record. */
	size_t parts;
	/** A compressed member is refused when it has given more than 64 MiB and more than this
	 * many times its size. */
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

/** Receives what a reader finds, in input order. A return other than DS_OK stops the reader with
 * that status. */
struct ds_reader_events {
	/** Set by ds_reader_events_init(). */
	size_t size;
	void *context;
	/** A domain that was read. Required. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	/** A range of the input that could not be read, with its bytes; none of them for damage
	 * that has no bytes, such as a missing end. A range longer than some 256 KiB comes in
	 * pieces: the first call has an `error` of length 0, the middle ones a NULL `error`, and
	 * the last one the same error with the length of it all, and no bytes. A call with a NULL
	 * `error` that belongs to no such range has bytes whose fault was reported before: text
	 * outside of domains with the same fault as other text since the last domain, or remains of
	 * a domain that follow others. May be NULL. */
	enum ds_status (*rejected)(void *context, const struct ds_error *error, struct ds_text raw);
};

/** Sets no callback. */
DS_API void ds_reader_events_init(struct ds_reader_events *events, size_t size);

/** The parser that reads XML. The result is the same; the speed is not. */
enum ds_xml_parser {
	/** A scanner for domains that are plain, several times faster than expat; expat for all
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
 * Reads the next piece of a dump, which is not compressed. The records do not depend on how the
 * dump is cut into pieces. A domain is delivered when its end has been read, at the latest by
 * ds_reader_finish(). Pieces of 64 KiB and more are read fastest; pieces of a single domain of XML
 * take a third more time.
 *
 * Returns DS_OK; what a callback returned; DS_NO_MEMORY; DS_USAGE after ds_reader_finish().
 * Rejected domains do not change the status here.
 */
DS_API enum ds_status ds_reader_feed(struct ds_reader *reader, const void *data, size_t size);

/**
 * Ends the dump; an unfinished domain is rejected. Returns DS_OK, DS_DAMAGED if anything was
 * rejected since the beginning, or what ds_reader_feed() returns.
 */
DS_API enum ds_status ds_reader_finish(struct ds_reader *reader);

DS_API void ds_reader_free(struct ds_reader *reader);

/* ---- writer ---- */

enum ds_wrap { DS_WRAP_AUTO = 0, DS_WRAP_ALWAYS, DS_WRAP_NEVER };

struct ds_writer_options {
	/** Set by ds_writer_options_init(). */
	size_t size;
	/** DS_FORMAT_XML or DS_FORMAT_SEXPR. DS_FORMAT_AUTO: the opposite of each domain's own. */
	enum ds_format format;
	enum ds_xend xend;
	/** XML: `<domains>` around the domains. AUTO: only when there are at least two. */
	enum ds_wrap wrap;
	/** Lay out SEXPR as `xm list --long` prints it; otherwise write one domain per line. */
	bool pretty;
	/** Write name, UUID and disks only. */
	bool only_disks;
	/** Store the original of each domain in the output, so that converting it back restores it:
	 * in XML in <metadata>, in an element of the namespace "urn:domstream:1"; in SEXPR in the
	 * key `domstream`. Nothing is lost then. Whether this is set or not, an original that is
	 * stored in a domain is restored, unless the domain has been changed since. */
	bool preserve;
};

/** Receives output. A return other than DS_OK stops the writer with that status. */
typedef enum ds_status ds_sink(void *context, const char *data, size_t size);

/** Receives what the output format cannot express. A return other than DS_OK stops the writer with
 * that status. */
typedef enum ds_status ds_loss_sink(void *context, const struct ds_loss *loss);

struct ds_writer;

/** Sets the defaults: format AUTO, xend 3.1, wrap AUTO, one domain per line, all settings. */
DS_API void ds_writer_options_init(struct ds_writer_options *options, size_t size);

/** Creates a writer. If `options` is NULL, the defaults apply; they are copied. `losses` may be
 * NULL; `context` is passed to both sinks. Returns DS_OK, DS_USAGE or DS_NO_MEMORY. */
DS_API enum ds_status ds_writer_new(const struct ds_writer_options *options, ds_sink *sink,
	ds_loss_sink *losses, void *context, struct ds_writer **writer);

/** Writes one domain. Returns DS_OK, what a sink returned, DS_NO_MEMORY, and DS_USAGE for a record
 * without a size, with an unknown value of an enum or a NULL that is not allowed, or whose format
 * is AUTO while the writer's is AUTO too. After ds_writer_finish() it returns DS_USAGE. */
DS_API enum ds_status ds_writer_add(struct ds_writer *writer, const struct ds_domain *domain);

/** Ends the document: writes what is still buffered, and the end of the wrapper. Returns what
 * ds_writer_add() returns. */
DS_API enum ds_status ds_writer_finish(struct ds_writer *writer);

DS_API void ds_writer_free(struct ds_writer *writer);

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

/* ---- audit ---- */

enum ds_severity {
	DS_SEVERITY_INFO = 0,
	DS_SEVERITY_LOW,
	DS_SEVERITY_MEDIUM,
	DS_SEVERITY_HIGH,
	DS_SEVERITY_CRITICAL
};

/** What a rule needs to know besides the disk itself. */
enum ds_rule_scope {
	DS_SCOPE_DISK = 0,
	DS_SCOPE_DOMAIN,
	/** Other domains. */
	DS_SCOPE_ESTATE,
	/** Domains of two dumps. */
	DS_SCOPE_DIFF,
	/** The input itself: what could not be read. */
	DS_SCOPE_INPUT,
};

/** Hypervisors, as bits. A domain without a type, and any domain in SEXPR, is one of Xen. */
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

/** Returns the rule with this id or name, or NULL if there is none or `word` is NULL. */
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

/** Something that is dangerous in what was read. Texts never hold a password: one in a source is
 * shown as "***". */
struct ds_finding {
	const struct ds_rule *rule;
	/** The severity of this finding, which may differ from the rule's. */
	enum ds_severity severity;
	/** The position of the disk, the domain or the damage. */
	struct ds_place place;
	/** The host of the domain; if it is about domains of several hosts, that of the first one.
	 * Empty: unknown. */
	struct ds_text host;
	/** Name and UUID of the domain. NULL: unknown, or not about a single domain. */
	struct ds_text domain, uuid;
	/** The disk's name in the guest. NULL: not about a disk. */
	struct ds_text disk;
	/** The disk's source in canonical form. NULL: unset. */
	struct ds_text source;
	/** A sentence without a full stop: the rule's title and the details. */
	struct ds_text text;
	/** The other disks that it is about, in an order that does not depend on the order of the
	 * input. */
	const struct ds_related *related;
	size_t related_count;
	/** 32 hexadecimal digits and a NUL. They do not change when lines move, dumps are renamed
	 * or domains are reordered. For damage that belongs to no domain, they depend on the file
	 * name. */
	char fingerprint[DS_FINGERPRINT_SIZE];
	/** The detail that distinguishes its fingerprint from those of other findings of the same
	 * rule and disk. NULL if there is none. */
	struct ds_text distinction;
};

/** Receives findings. A return other than DS_OK stops the run with that status. */
typedef enum ds_status ds_finding_sink(void *context, const struct ds_finding *finding);

/** Passes damage of the input to a sink as a finding, whose texts point into the error. Its rule
 * has the scope DS_SCOPE_INPUT. Do not add it to a list of known findings, since nobody knows what
 * the damage hides. Returns what the sink returned, DS_OK if no rule has the error's id, or
 * DS_USAGE if an argument is NULL. */
DS_API enum ds_status ds_error_finding(const struct ds_error *error, ds_finding_sink *sink,
	void *context);

/** An image that several domains use, as the rules of the audit see it. */
struct ds_shared_image {
	/** In canonical form, with secrets hidden. */
	struct ds_text source;
	/** NULL: the image is the same for all hosts. */
	struct ds_text host;
	/** Domains, and those with a disk that may be written to. */
	uint64_t domains, writers;
	/** Whether only CD drives use it. */
	bool is_cdrom;
};

/** Receives shared images. The texts are valid until it returns. A return other than DS_OK stops
 * the run with that status. */
typedef enum ds_status ds_shared_image_sink(void *context, const struct ds_shared_image *image);

/** A list of the images that exist, for DA406. It is borrowed until the run ends. */
struct ds_image_list {
	/** The name of the list, for the positions of findings. */
	const char *name;
	/** The host whose images these are; NULL: every host sees them. */
	const char *host;
	/** Absolute paths, or names of rbd images with or without their pool, one a line; when
	 * there is a NUL byte in it, NUL ends each name. Empty lines and those that begin with "#"
	 * are skipped. A path with a slash at its end is a directory. At most 4 GiB. */
	struct ds_text text;
};

struct ds_audit_options {
	/** Set by ds_audit_options_init(). */
	size_t size;
	/** Prefixes of paths that are the same files on all hosts. */
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

/* ---- an estate whose parts were read by several runs ---- */

/** Columns of a record. */
#define DS_RECORD_COLUMNS 4

/**
 * What an audit has found out about one domain, as bytes that ds_estate_add() reads. They come in
 * columns, because bytes of one kind, from many records, compress best together. Records that were
 * joined column by column are read one after another.
 */
struct ds_record {
	struct ds_text columns[DS_RECORD_COLUMNS];
};

/** What ds_estate_add() needs to know of a domain beside its record. */
struct ds_estate_domain {
	/** Set by ds_estate_domain_init(). */
	size_t size;
	/** Where the domain begins. */
	struct ds_place place;
	/** The host that it belongs to. */
	const char *host;
};

/** Sets the defaults: the beginning of the input "-", and the host "". */
DS_API void ds_estate_domain_init(struct ds_estate_domain *domain, size_t size);

/** Receives the results of an estate. A return other than DS_OK is returned by the call that led to
 * it. */
struct ds_estate_sinks {
	/** Set by ds_estate_sinks_init(). */
	size_t size;
	/** Receives a domain before its findings. Only the members that a report needs are set. May
	 * be NULL. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	ds_finding_sink *finding;
	/** At the end, as in struct ds_run_options. May be NULL. */
	ds_shared_image_sink *shared_images;
};

/** Clears all. The caller sets `finding`. */
DS_API void ds_estate_sinks_init(struct ds_estate_sinks *sinks, size_t size);

/**
 * The domains of several runs, judged as one run would judge them. Each of these runs has handed
 * out a record of each domain; see `estate` in struct ds_run_options. A handle is to be used by one
 * thread at a time.
 */
struct ds_estate;

/** Creates an estate. `options` NULL: the defaults. The lists in the options are borrowed until
 * the estate is freed. `estate` is written on DS_OK. Returns DS_OK, DS_USAGE or DS_NO_MEMORY. */
DS_API enum ds_status ds_estate_new(const struct ds_audit_options *options,
	const struct ds_estate_sinks *sinks, void *context, struct ds_estate **estate);

/** Adds a domain, in the order in which one run would have read them. Its record is the first one
 * in the columns, which are advanced to the next one. Returns DS_OK, DS_NO_MEMORY, DS_DAMAGED if
 * the columns do not begin with a record of this release, or DS_USAGE if `domain` has no size, no
 * name of an input or no host, or after ds_estate_finish(). */
DS_API enum ds_status ds_estate_add(struct ds_estate *estate, const struct ds_estate_domain *domain,
	struct ds_record *records);

/** Notes that not all of a host was judged, since something could not be read or was not selected.
 * NULL means any host. Returns DS_OK, DS_NO_MEMORY, or DS_USAGE after ds_estate_finish(). */
DS_API enum ds_status ds_estate_note_unread(struct ds_estate *estate, const char *host);

/** Reports the findings about several domains, then shared images. `findings` gets the number of
 * all findings. Returns DS_OK, DS_NO_MEMORY, what a sink returned, or DS_USAGE if it was called
 * before. */
DS_API enum ds_status ds_estate_finish(struct ds_estate *estate, uint64_t *findings);

/** NULL is allowed. */
DS_API void ds_estate_free(struct ds_estate *estate);

/* ---- comparison ---- */

enum ds_difference_kind {
	DS_DOMAIN_ADDED = 0,
	DS_DOMAIN_REMOVED,
	/** A domain with an unchanged UUID and another name. */
	DS_DOMAIN_RENAMED,
	DS_DISK_ADDED,
	DS_DISK_REMOVED,
	/** One field of a disk. A disk that has moved to another device has another "target". */
	DS_DISK_CHANGED,
	/** Not a difference: an earlier domain of the same dump has the same UUID, or the same name
	 * if it has no UUID. Such domains are matched in their order. */
	DS_DOMAIN_REPEATED,
	/** The domain is on another host than before, which is one of the old dump's. */
	DS_DOMAIN_MOVED,
	/** One field of the domain itself, by the name of its member in struct ds_domain. */
	DS_DOMAIN_CHANGED,
	/** Any other device than a disk, and one field of one, by the name of its member. */
	DS_DEVICE_ADDED,
	DS_DEVICE_REMOVED,
	DS_DEVICE_CHANGED,
};

/** Something that is not the same in two dumps. Texts never hold a password: one in a source is
 * "***" on both sides, so that another password alone is no difference. */
struct ds_difference {
	enum ds_difference_kind kind;
	/** DA402 to DA404; DA401 for what changed between dumps of different formats. NULL: nothing
	 * to worry about. */
	const struct ds_rule *rule;
	enum ds_severity severity;
	/** Whether more access is allowed than before: r to w, or w to w!. */
	bool is_escalation;
	/** From the new dump if the domain is in both. NULL: unset. */
	struct ds_text domain, uuid;
	/** The disk's name in the guest in its usual spelling. NULL: it is not about a disk, or the
	 * disk has no name. */
	struct ds_text disk;
	/** The kind of another device: "interface", "graphics", "port", "PCI device", "sound card",
	 * "input", "vcpu". NULL: it is not about such a device. */
	const char *device;
	/** What identifies the device: an interface's MAC address, "serial 0", "0000:01:00.0".
	 * NULL: nothing does, or it is not about such a device. */
	struct ds_text device_name;
	/** What changed: "name" or "host" of a domain, a member of struct ds_domain or of a device,
	 * or of a disk "source", "driver", "format", "access", "device", "type", "target", "bus",
	 * "backend", "bootable", a member of struct ds_disk_details or ds_disk_location, "backing"
	 * (the whole chain). "source" also of a disk that was added or removed, "uuid" or "name" of
	 * a repeated domain. The path of an extra: "cpu", "devices/disk/driver@queues". NULL: the
	 * whole domain or device. */
	const char *field;
	/** The old and the new value. NULL: unset. Those of an extra have one spelling for all that
	 * means the same. An old one is "(36 bytes)" when its path has so many different values
	 * that it was not kept. */
	struct ds_text before, after;
	/** Its positions in both dumps. If it is in one of them only, the position in the other one
	 * is that of the domain. If the domain is not there either, `name` is NULL. The old
	 * position of an extra is that of its device, or of the domain. */
	struct ds_place old_place, new_place;
};

/** Receives differences. A return other than DS_OK is returned by the call that found it. */
typedef enum ds_status ds_difference_sink(void *context, const struct ds_difference *difference);

/**
 * Compares two dumps of any formats: every member of the records of domains and devices, but for
 * those that the state of a running domain decides, and every extra but for those that are
 * redundant or the default. Domains are joined by their UUID, by name where
 * one of them has none; disks by their name in the guest, then by their source; other devices by
 * what identifies them. What the two formats express in different words is no difference.
 *
 * The old dump is kept in memory, in some 320 bytes for a usual domain.
 */
struct ds_diff;

/** Creates a comparison. Returns DS_OK, DS_NO_MEMORY, or DS_USAGE if `sink` is NULL. */
DS_API enum ds_status ds_diff_new(ds_difference_sink *sink, void *context, struct ds_diff **diff);

/** Restricts the comparison to disks and to the names of domains. Returns DS_OK, and DS_USAGE after
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
 * accepted, and not reported. A loss belongs to the domain of its UUID, or of its name when it has
 * none, whose bytes hold its position, in its file or, when the old dump has no such file, in any.
 * It takes some 40 bytes. To be called before the first domain of the new dump. Returns DS_OK,
 * DS_NO_MEMORY, and DS_USAGE after it or for a loss without a reason, path or file.
 */
DS_API enum ds_status ds_diff_accept(struct ds_diff *diff, const struct ds_listed_loss *loss);

/** Adds a domain of the old dump. All of them come before the first one of the new dump. Returns
 * DS_OK, DS_NO_MEMORY, and DS_USAGE after the first one of the new dump or for a record that
 * ds_writer_add() would refuse, too. */
DS_API enum ds_status ds_diff_old(struct ds_diff *diff, const struct ds_domain *domain);

/** Compares a domain of the new dump. Returns DS_OK, what the sink returned, DS_NO_MEMORY, and
 * DS_USAGE for a record that ds_writer_add() would refuse, too, or after ds_diff_finish(). */
DS_API enum ds_status ds_diff_compare(struct ds_diff *diff, const struct ds_domain *domain);

/** Reports the domains that were removed, in the order of the old dump. Returns what
 * ds_diff_compare() returns. */
DS_API enum ds_status ds_diff_finish(struct ds_diff *diff);

DS_API void ds_diff_free(struct ds_diff *diff);

/* ---- the whole pipeline ---- */

/** What a run has done so far. In every run, and at any time:
 * domains == converted + checked + rejected + unselected. */
struct ds_counts {
	/** Set by ds_counts_init(); of what a callback gets, the library's. */
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
	/** Domains that were written, or whose `rows` were. */
	uint64_t converted;
	/** Domains that were read and not written: with `check_only`, including audits. */
	uint64_t checked;
	uint64_t rejected;
	/** Domains that were read and do not match `selection`. */
	uint64_t unselected;
	/** Converted domains whose output differs from the input, as `verify` found. */
	uint64_t mismatches;
	/** Disks of the selected domains; where the selection has conditions for disks, those that
	 * meet them. */
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
	/** Inputs by their outcome: files, archives, members of archives and standard input, one
	 * each. Their sum is the number of inputs that have ended. */
	uint64_t inputs_read, inputs_without_domain, inputs_foreign, inputs_damaged;
	/** Of a part (`parts` in struct ds_run_options): the inputs that all parts share, their
	 * stored bytes, and a number that changes with their names, sizes and order. */
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
	/** It is not a dump. Only what was found in a directory or an archive is called foreign. */
	DS_OUTCOME_FOREIGN,
	/** Not all of it could be read, or something in it is wrong beyond a malformed domain:
	 * corrupt compressed data, a truncated end, text or NUL bytes outside domains, an empty
	 * file, or a file that cannot be opened. */
	DS_OUTCOME_DAMAGED,
};

enum ds_input_kind { DS_INPUT_FILE = 0, DS_INPUT_ARCHIVE, DS_INPUT_MEMBER };

/** Where the first domains of an input begin, as far as this decides to which host it belongs. The
 * search ends when that is decided. */
struct ds_starts {
	/** Whether there is a first domain, and a second one. */
	bool has_first, has_second;
	/** Where they begin, and where a second one may begin at the latest to be near the
	 * first. */
	uint64_t first, second, reach;
	/** Errors before the first domain, and between the first and the second one. */
	uint64_t errors_before, errors_between;
};

/** Adds what is known of the next part of an input, which begins `offset` bytes behind the first
 * one. */
DS_API void ds_starts_join(struct ds_starts *starts, const struct ds_starts *next, uint64_t offset);

/**
 * Which bytes of an input a part has read (`parts` in struct ds_run_options). The parts have read
 * every byte once, and as one run would have, when the segments of each input can be joined: the
 * first one begins with the input, each other one at a border on which ds_border_join() agrees, and
 * the last one ends with the input. Segments that are empty are left out, but for this: what
 * precedes them must not end in their share.
 *
 * A border is text: "ANCHOR+DELTA:" and what is known there. ANCHOR is an offset of stored bytes,
 * of BGZF that of a member, and DELTA a number of plain bytes behind it.
 */
struct ds_segment {
	/** The number of the input, from 0. Members of an archive have that of the archive. */
	uint64_t input;
	/** It begins with the input; it ends with the input. */
	bool is_first, is_last;
	/** No domain begins in the share, so nothing was read. */
	bool is_empty;
	/** The part's share of the input, as offsets of stored bytes. */
	uint64_t share_from, share_to;
	/** Stored bytes of one share of all inputs. */
	uint64_t share_size;
	/** Stored bytes that were read. */
	uint64_t from, to;
	/** Line numbers at both ends, when they are counted from the beginning (see
	 * `part_positions`); else 0. */
	uint64_t first_line, last_line;
	/** Offset and line of the first byte, and of the first byte behind it at `end`, as this
	 * part counts them. The next part may count from another number. */
	uint64_t begin_offset, begin_line, end_offset, end_line;
	/** The borders; NULL where the input begins or ends, and when it is empty. */
	const char *begin, *end;
	/** How far the result depends on what was assumed at `begin`. NULL without it. */
	const char *account;
	/** Domains that are rejected because the input ends inside them. */
	uint64_t truncated;
	/** Why the input could not be cut although it is not in the share as a whole, as "gzip" or
	 * "a tar archive"; static. NULL: it was cut, or need not be. */
	const char *whole_because;
};

/** Finds out whether two parts agree at the border between them. `truth` is what is known there:
 * the `end` of the segment before the first one, later what this function has returned in `next`.
 * Returns whether they do; `next`, of DS_BORDER_SIZE bytes, then gets what is known at the
 * segment's end. Of a segment that ends with its input that is an empty text. When they do not
 * agree, `next` gets what will most likely be known there when the segment is read again from the
 * true border. */
#define DS_BORDER_SIZE 832
DS_API bool ds_border_join(const char *truth, const struct ds_segment *segment,
	char next[DS_BORDER_SIZE]);

/**
 * The outcome of one input: a file, standard input, an archive or a member of it. An archive comes
 * after its members. Domains are counted for the member that holds them, so the sums over all
 * results are the totals of the run.
 */
struct ds_input_result {
	enum ds_input_kind kind;
	/** As in positions: "dump.xml", "-", "backup.tar.gz!etc/xen/web01.sxp". */
	const char *name;
	/** The name given by the caller that led to it: the same, or that of a directory or
	 * archive. */
	const char *argument;
	/** The file: of a member the name of its archive, else the same as `name`. */
	const char *file;
	/** The host that it belongs to, as in struct ds_domain; if it has no domain, that of its
	 * directory. NULL: unknown, or it is an archive. */
	const char *host;
	enum ds_outcome outcome;
	/** If it is not a dump, what it was recognized as, such as "QCOW2 disk image"; static.
	 * NULL: not recognized, or a dump. */
	const char *recognized;
	/** A static English phrase that says what to do with it instead; NULL: no advice. */
	const char *advice;
	/** "none", "gzip", "bgzf", "xz", "zstd", "bzip2", "lz4", "compress"; static. */
	const char *compression;
	/** AUTO when it was not decided. */
	enum ds_format format;
	/** Of the first document: the name that it declares, or "UTF-8". */
	const char *encoding;
	/** Its size as stored in the file system or in the archive; of a pipe, the bytes that were
	 * read. */
	uint64_t size;
	/** Stored bytes that were read; fewer than `size` when reading ended early, or a foreign
	 * file was not read. */
	uint64_t bytes_read;
	/** CRC-32 (that of gzip) of the stored bytes. Set only when `has_crc32`: `input_checksums`
	 * is set and all bytes were read. */
	uint32_t crc32;
	bool has_crc32;
	/** `domains` includes the rejected and the unselected ones; the disks of unselected domains
	 * are not counted. */
	uint64_t domains, disks, rejected, unselected;
	/** Errors that rejected nothing. */
	uint64_t errors;
	/** Its first domains. */
	struct ds_starts starts;
	/** What a part has read of it; NULL unless `parts` is set. The counts are those of the
	 * segment. */
	const struct ds_segment *segment;
};

/** One line for each disk instead of the domains themselves. The manual domstream(1) describes the
 * formats. */
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
	/** DS_ROWS_NDJSON replaces each by U+FFFD, for JSON cannot hold it; the others keep it. */
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

/** A file as the system identifies it: st_dev and st_ino of stat(2). */
struct ds_file_id {
	uint64_t device, inode;
};

/**
 * What the dump of one host is. A host is named after a file or directory: without suffixes
 * ("host1" for host1.xml.gz) and dates, and without the directory in which the hypervisor keeps its
 * domains ("host1" for host1/etc/libvirt/qemu). Of what is in that directory of this machine itself
 * the host is "localhost". Where two would get the same name, the later ones also get the name of
 * the directory above ("dc2/host1").
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
	/** A value that is unset is matched as an empty one. */
	const char *glob;
};

/** Returns the names of the fields of a disk, in the order in which `domstream disks` lists them;
 * they are static. `count` may be NULL. */
DS_API const char *const *ds_disk_fields(size_t *count);

/**
 * Which domains a run processes; without any pattern, all of them. Of each kind of pattern that is
 * given, a domain must match one: one of the names, one of the UUIDs, one of the hosts; and it must
 * have a disk for which all conditions hold.
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

struct ds_run_options {
	/** Set by ds_run_options_init(). */
	size_t size;
	/** File names; "-" is standard input, which is also read when there is neither a name
	 * nor `files_from`. */
	const char *const *names;
	size_t name_count;
	/** What standard input is called in positions and results; NULL: "-". */
	const char *label;
	/** A file with further names, one per line or, with `files_from_nul`, each ended by NUL;
	 * "-" is standard input. NULL: there is no such file. */
	const char *files_from;
	bool files_from_nul;
	/** Walk directories: regular files in the order of their names' bytes; links are not
	 * followed. */
	bool recursive;
	enum ds_hosts hosts;
	/** Regular files that the caller is writing. An input that is one of them, by whatever name
	 * it was found, ends the run with DS_USAGE and an error that names it. */
	const struct ds_file_id *outputs;
	size_t output_count;
	/** Name of the host of all inputs; NULL: it is derived. */
	const char *host;
	/** The host is the component of the path that the first component with a "*" in this
	 * pattern matches. The pattern is a sequence of components parted by slashes, which may
	 * match anywhere in the path; the last match counts. The host of an input that does not
	 * match is derived. NULL: no pattern. */
	const char *host_from;
	enum ds_format from;
	enum ds_xml_parser xml_parser;
	/** Domains that are not selected are read and counted, and treated as if the input did not
	 * have them. What cannot be read is reported all the same, since nobody knows what it
	 * is. NULL: all are selected. */
	const struct ds_selection *selection;
	/** NULL: the defaults. */
	const struct ds_limits *limits;
	/** Number of threads, of which at most 1024 are started. 0: as many as there are processors
	 * that this process may use. */
	unsigned jobs;
	/** Only read and count. */
	bool check_only;
	/** A domain that is in the output's format already is copied: the output has its bytes as
	 * the input has them, and nothing is lost. XML in another encoding than UTF-8 is converted
	 * to it. Domains are written anew from their records under `writer.only_disks`, in SEXPR
	 * also under `writer.pretty` and `rewrite`, and where the input has a parenthesis too
	 * many. NULL: the defaults. */
	const struct ds_writer_options *writer;
	/** Do not copy SEXPR that was read as SEXPR, but write it for `writer.xend`. */
	bool rewrite;
	/** Read back what is written of each domain and compare it with the domain. A difference
	 * that no loss explains is an error (DA910), which is reported after the domain; the domain
	 * stays in the output. */
	bool verify;
	/** Copy every domain, whatever its format is. The writer's format, xend, pretty, only_disks
	 * and preserve have no effect. */
	bool extract;
	/** Compress the output, from 1 (fast) to 9 (small), as BGZF, which every gzip tool reads.
	 * 0: do not compress it. */
	int gzip_level;
	/** Write one line for each disk; where the selection has conditions for disks, for each
	 * that meets them. Of `writer` nothing counts then, there are no losses, and
	 * `converted` counts the domains whose disks were written. A domain that would give more
	 * than some 16 MiB by its long name and many disks alone is rejected with DA905. NULL: no
	 * rows. */
	const struct ds_rows_options *rows;
	/** Judge the disks instead of writing: findings go to `findings`. Goes with `check_only`,
	 * without a `sink`. Those of a domain come in input order, those about several domains at
	 * the end. What could not be read is no finding here; it goes to `rejected`; so does a
	 * domain with a name so long, on so many disks, that what is found in them would say it for
	 * more than some 16 MiB (DA905). NULL: no audit. */
	const struct ds_audit_options *audit;
	/** Gets what an audit has found out about each domain, for ds_estate_add(), in input order:
	 * bytes that are valid until it returns. Nothing goes to `findings` then, and nothing about
	 * several domains is looked for. The place and the host of the domain are not in the
	 * record. NULL: the run judges all of its domains. */
	enum ds_status (*estate)(void *context, const struct ds_domain *domain,
		const struct ds_record *record);
	/** Stop after this many rejected domains; 0: never. */
	uint64_t max_errors;
	/** Read the share `part`, from 1, of `parts` shares of all inputs; 0: all of them. Plain
	 * files and BGZF are cut where a line begins a domain; others are in one share. The outputs
	 * of all parts in their order are the output of a run without parts. */
	unsigned part, parts;
	/** Where another part says that this one begins, as the `end` of a segment: the one input
	 * that is cut at the begin of the share is read from there. NULL: it is searched for. */
	const char *from_border;
	/** Lines, and offsets in BGZF, are those of the whole input. For that, the input that the
	 * part begins in is read from its beginning, without being understood. Otherwise they count
	 * from the border, unless `rows` have such a column or `selection` asks for it. */
	bool part_positions;
	/** Points to a variable that stops the run when it is set to non-zero, by another thread or
	 * a signal handler. NULL: nothing stops it. */
	const volatile int *cancel;

	void *context;
	/** Output in input order, the same bytes for any number of jobs. Required unless
	 * `check_only` or `domain_output`. */
	ds_sink *sink;
	/** Used instead of `sink` when set: each domain by itself, in input order, with its bytes
	 * in `format`, which end in a line feed. There is no wrapper. With the writer's format
	 * AUTO, `format` is the opposite of each domain's own. Goes with none of `check_only`,
	 * `rows`, `gzip_level`. A return other than DS_OK stops the run with that status. */
	enum ds_status (*domain_output)(void *context, const struct ds_domain *domain,
		enum ds_format format, const char *data, size_t size);
	/** Receives what could not be read; see `struct ds_reader_events`. May be NULL. */
	enum ds_status (*rejected)(void *context, const struct ds_error *error, struct ds_text raw);
	/** Receives each domain that was read, before its losses and findings. May be NULL. */
	enum ds_status (*domain)(void *context, const struct ds_domain *domain);
	/** Called when an input has ended and everything in it was delivered, except perhaps its
	 * output. May be NULL. */
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
	/** `losses` gets every `ds_loss.value` as NULL, which saves the time for hiding secrets in
	 * values that nobody looks at. */
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
 * Returns DS_OK: everything was read. DS_DAMAGED: something was rejected; all else was done.
 * DS_STOPPED: the run was cancelled, or stopped by `max_errors` or a callback. DS_USAGE: `error`
 * says which options are invalid. DS_NO_MEMORY. DS_SYSTEM: the output failed. A file that cannot be
 * opened or read is not DS_SYSTEM but DS_DAMAGED: it is reported to `rejected`, and the other files
 * are processed.
 */
DS_API enum ds_status ds_run(const struct ds_run_options *options, struct ds_counts *counts,
	struct ds_error *error);

/**
 * Computes a digest of the inputs that ds_run() would read with these options: the name, size,
 * number and times of last change of each file, in their order. Nothing is read but directories
 * and `files_from`. Of `options` those that name inputs count. `text` is anything else that the
 * digest is to depend on, and `files` are files that are read beside the inputs, such as a
 * baseline. The digest is for the same machine or file system and the same release of the library.
 *
 * Returns DS_OK; DS_DAMAGED: an input is missing or is no regular file, a directory cannot be
 * read, or a file was changed within the last second, so that another change might not show;
 * DS_USAGE: `options` has no size, or an argument is NULL; DS_NO_MEMORY.
 */
DS_API enum ds_status ds_inputs_digest(const struct ds_run_options *options, const char *text,
	size_t size, const char *const *files, size_t file_count, uint64_t *digest);

/**
 * Names the hosts of inputs as ds_run() does, for inputs that several runs have read. Which host an
 * input belongs to may depend on the inputs before it, and on all parts of it.
 */
struct ds_host_namer;

/** Of the options those about hosts count; they are borrowed. Relative names start from
 * `directory`. NULL: no memory, or an argument is NULL or has no size. */
DS_API struct ds_host_namer *ds_host_namer_new(const struct ds_run_options *options,
	const char *directory);

/** The host of the next input, by its names and `starts`; valid until the next call. NULL: no
 * memory, or an argument is NULL. */
DS_API const char *ds_host_namer_next(struct ds_host_namer *namer,
	const struct ds_input_result *input);

/** Hosts with at least one domain so far. */
DS_API uint64_t ds_host_namer_count(const struct ds_host_namer *namer);

/** NULL is allowed. */
DS_API void ds_host_namer_free(struct ds_host_namer *namer);

#ifdef __cplusplus
}
#endif

#endif
