/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/kind.h"

#include "input/magic.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_blank(unsigned char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static unsigned char to_lower(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

/** Returns whether `word`, which is in lower case, begins at `at` in any case. */
static bool begins_caseless(const unsigned char *bytes, size_t size, size_t at, const char *word)
{
	for (; *word != '\0'; word++, at++)
		if (at >= size || to_lower(bytes[at]) != (unsigned char)*word)
			return false;
	return true;
}

static bool holds(const unsigned char *bytes, size_t size, const char *word)
{
	size_t length = strlen(word);

	for (size_t at = 0; at + length <= size; at++)
		if (memcmp(bytes + at, word, length) == 0)
			return true;
	return false;
}

/* ---- files that begin with certain bytes ---- */

static const char of_an_image[] =
	"convert the guest's definition instead: virsh dumpxml GUEST | domstream ...";

static const struct {
	const char *recognized;
	const char *advice;
	size_t at;
	size_t size;
	const char *bytes;
} signatures[] = {
	{"QCOW disk image", of_an_image, 0, 4, "QFI\xfb"},
	{"VMDK disk image", of_an_image, 0, 4, "KDMV"},
	{"VMDK disk image", of_an_image, 0, 4, "COWD"},
	{"VMDK descriptor",
		"it describes a disk; use the guest's VMX file: virsh domxml-from-native "
		"vmware-vmx FILE",
		0, 21, "# Disk DescriptorFile"},
	{"VHD disk image", of_an_image, 0, 8, "conectix"},
	{"VHDX disk image", of_an_image, 0, 8, "vhdxfile"},
	{"VDI disk image", of_an_image, 64, 4, "\x7f\x10\xda\xbe"},
	{"QED disk image", of_an_image, 0, 4, "QED\0"},
	{"disk image with a partition table", of_an_image, 510, 2, "\x55\xaa"},
	{"7-Zip archive", "unpack it first: 7z x FILE", 0, 6, "7z\xbc\xaf\x27\x1c"},
	{"ZIP archive", "unpack it first: unzip -p FILE | domstream ...", 0, 4, "PK\x03\x04"},
	{"RAR archive", "unpack it first: unrar p FILE | domstream ...", 0, 6, "Rar!\x1a\x07"},
	{"cpio archive", "unpack it first: cpio -i --to-stdout <FILE | domstream ...", 0, 5,
		"07070"},
	{"cpio archive", "unpack it first: cpio -i --to-stdout <FILE | domstream ...", 0, 2,
		"\xc7\x71"},
	{"cpio archive", "unpack it first: cpio -i --to-stdout <FILE | domstream ...", 0, 2,
		"\x71\xc7"},
	{"libvirt save image",
		"print the definition in it: virsh save-image-dumpxml FILE | domstream ...", 0, 16,
		"LibvirtQemudSave"},
	{"Xen save image",
		"print the configuration of the running guest instead: xl list -l | domstream ...",
		0, 4, "XlSv"},
};

static bool find_signature(const unsigned char *bytes, size_t size, struct kind *kind)
{
	for (size_t i = 0; i < COUNT(signatures); i++) {
		if (signatures[i].at + signatures[i].size > size ||
			memcmp(bytes + signatures[i].at, signatures[i].bytes, signatures[i].size) !=
				0)
			continue;
		kind->recognized = signatures[i].recognized;
		kind->advice = signatures[i].advice;
		return true;
	}
	return false;
}

/* ---- texts ---- */

/** Finds the next line from `*at` on that is neither blank nor a comment. Returns its size, or 0 at
 * the end, and moves `*at` after the line. */
static size_t next_line(const unsigned char *bytes, size_t size, size_t *at,
	const unsigned char **line)
{
	while (*at < size) {
		const unsigned char *end = memchr(bytes + *at, '\n', size - *at);
		size_t stop = end != NULL ? (size_t)(end - bytes) : size;
		size_t begin = *at;

		while (begin < stop && is_blank(bytes[begin]))
			begin++;
		*at = stop < size ? stop + 1 : size;
		if (begin < stop && bytes[begin] != '#') {
			*line = bytes + begin;
			return stop - begin;
		}
	}
	return 0;
}

/** Returns whether a line sets a key: its name, followed by a `=`. */
static bool sets_key(const unsigned char *line, size_t size, const char *key)
{
	size_t at = strlen(key);

	if (!begins_caseless(line, size, 0, key))
		return false;
	while (at < size && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return at < size && line[at] == '=' && (at + 1 == size || line[at + 1] != '=');
}

/** Returns whether at least `least` of the first lines set one of the keys. */
static bool sets_keys(const unsigned char *bytes, size_t size, const char *const *keys,
	size_t count, unsigned least)
{
	const unsigned char *line;
	unsigned found = 0;
	size_t at = 0;
	size_t length;

	while (found < least && (length = next_line(bytes, size, &at, &line)) > 0)
		for (size_t i = 0; i < count; i++)
			found += sets_key(line, length, keys[i]);
	return found >= least;
}

static bool is_xl(const unsigned char *bytes, size_t size)
{
	static const char *const keys[] = {"name", "builder", "kernel", "memory", "maxmem", "vcpus",
		"disk", "vif", "bootloader", "ramdisk", "uuid", "on_crash", "on_poweroff",
		"on_reboot", "vfb", "extra", "root", "type", "firmware"};

	return sets_keys(bytes, size, keys, COUNT(keys), 2);
}

static bool is_vmx(const unsigned char *bytes, size_t size)
{
	static const char *const keys[] = {".encoding", "config.version", "virtualhw.version",
		"displayname", "guestos", "memsize", "numvcpus"};

	return sets_keys(bytes, size, keys, COUNT(keys), 2);
}

/** Returns whether this is the output of `domstream --rejects`, which begins with a comment that
 * ends with an id. */
static bool is_rejects(const unsigned char *bytes, size_t size)
{
	const unsigned char *end = memchr(bytes, '\n', size);
	size_t length = end != NULL ? (size_t)(end - bytes) : 0;

	if (length >= 4 && memcmp(bytes + length - 4, " -->", 4) == 0 &&
		memcmp(bytes, "<!-- ", 5) == 0)
		length -= 4;
	else if (length < 2 || memcmp(bytes, "# ", 2) != 0)
		return false;
	return length > 7 && bytes[length - 1] == ']' && memcmp(bytes + length - 7, "[DA9", 4) == 0;
}

static bool is_index(const unsigned char *bytes, size_t size)
{
	return begins_caseless(bytes, size, 0, "file\t") && memchr(bytes, '\n', size) != NULL &&
		holds(bytes, size, "\tuuid");
}

static bool find_text(const unsigned char *bytes, size_t size, size_t at, struct kind *kind)
{
	bool is_json = at < size && (bytes[at] == '{' || bytes[at] == '[');

	if (is_json && holds(bytes, size, "\"domid\"") && holds(bytes, size, "\"config\"")) {
		kind->recognized = "JSON of 'xl list -l'";
		kind->advice =
			"convert its xl configurations: virsh domxml-from-native xen-xl FILE";
	} else if (is_json && size > at + 1 &&
		(bytes[at + 1] == '"' || is_blank(bytes[at + 1]) || bytes[at + 1] == '{')) {
		kind->recognized = "JSON text";
	} else if (is_index(bytes, size)) {
		kind->recognized = "index of 'domstream convert --output-dir'";
	} else if (is_vmx(bytes, size)) {
		kind->recognized = "VMware VMX configuration";
		kind->advice = "convert it first: virsh domxml-from-native vmware-vmx FILE | "
			       "domstream ...";
	} else if (is_xl(bytes, size)) {
		kind->recognized = "xl or xm configuration";
		kind->advice =
			"convert it first: virsh domxml-from-native xen-xl FILE | domstream ..., "
			"or read what the host runs: xm list -l, virsh dumpxml";
	}
	return kind->recognized != NULL;
}

/* ---- XML without domains ---- */

static const struct {
	const char *element;
	const char *recognized;
	const char *advice;
} roots[] = {
	{"network", "libvirt network", NULL},
	{"networkport", "libvirt network port", NULL},
	{"pool", "libvirt storage pool", NULL},
	{"volume", "libvirt storage volume", NULL},
	{"device", "libvirt node device", NULL},
	{"interface", "libvirt host interface", NULL},
	{"filter", "libvirt network filter", NULL},
	{"filterbinding", "libvirt network filter binding", NULL},
	{"secret", "libvirt secret", NULL},
	{"capabilities", "libvirt capabilities", NULL},
	{"domainCapabilities", "libvirt domain capabilities", NULL},
	{"storagepoolCapabilities", "libvirt storage pool capabilities", NULL},
	{"qemuCaps", "libvirt cache of QEMU capabilities", NULL},
	{"networkstatus", "libvirt state of a network", NULL},
	{"poolstate", "libvirt state of a storage pool", NULL},
	{"sources", "libvirt list of storage pool sources", NULL},
	{"domainsnapshot", "libvirt snapshot",
		"it has no <domain> inside; print it with virsh snapshot-dumpxml"},
	{"domaincheckpoint", "libvirt checkpoint",
		"it has no <domain> inside; print it with virsh checkpoint-dumpxml"},
	{"domainbackup", "libvirt backup job", NULL},
	{"domstatus", "libvirt state of a domain",
		"it has no <domain> inside; print it with virsh dumpxml"},
	{"cpu", "libvirt CPU definition", NULL},
	{"sysinfo", "libvirt system information", NULL},
	{"Envelope", "OVF descriptor",
		"convert it first, e.g. with virt-v2v -i ova, or import it and run virsh dumpxml"},
	{"VirtualBox", "VirtualBox settings",
		"convert it first, e.g. VBoxManage export and virt-v2v -i ova"},
	{"html", "HTML page", "it may be the error page of a web server; fetch the dump anew"},
};

/** Returns the position of the name of the first element, after declarations, comments and a
 * document type, or `size` if it was not found. */
static size_t root_name(const unsigned char *bytes, size_t size, size_t at)
{
	while (at + 1 < size) {
		const unsigned char *next = memchr(bytes + at, '<', size - at);

		if (next == NULL)
			return size;
		at = (size_t)(next - bytes) + 1;
		if (at + 3 <= size && memcmp(bytes + at, "!--", 3) == 0) {
			while (at + 3 <= size && memcmp(bytes + at, "-->", 3) != 0)
				at++;
		} else if (at < size && bytes[at] != '?' && bytes[at] != '!') {
			return at;
		}
	}
	return size;
}

/** Returns where the name that begins at `at` ends, or `size` if it does not end in these bytes. */
static size_t name_end(const unsigned char *bytes, size_t size, size_t at)
{
	while (at < size && !is_blank(bytes[at]) && bytes[at] != '>' && bytes[at] != '/')
		at++;
	return at;
}

static void find_root(const unsigned char *bytes, size_t size, size_t at, struct kind *kind)
{
	size_t begin = root_name(bytes, size, at);
	size_t end = name_end(bytes, size, begin);

	for (size_t i = begin; i < end; i++)
		if (bytes[i] == ':')
			begin = i + 1;
	for (size_t i = 0; i < COUNT(roots); i++) {
		if (end == size || strlen(roots[i].element) != end - begin ||
			memcmp(bytes + begin, roots[i].element, end - begin) != 0)
			continue;
		kind->recognized = roots[i].recognized;
		kind->advice = roots[i].advice;
	}
}

/* ---- all of them ---- */

/** Returns where the text begins, after a byte order mark, blanks and NUL bytes, or `size` if the
 * bytes contain no text. */
static size_t text_begin(const unsigned char *bytes, size_t size)
{
	size_t at = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < size && (is_blank(bytes[at]) || bytes[at] == 0))
		at++;
	return at;
}

bool kind_needs_more(const unsigned char *bytes, size_t size)
{
	size_t at = text_begin(bytes, size);

	if (at == size || magic_dump(bytes, size) != MAGIC_YES)
		return true;
	/* The complete name of the root is needed for a better result than the first byte gives. */
	return bytes[at] == '<' && name_end(bytes, size, root_name(bytes, size, at)) == size;
}

struct kind kind_recognize(const unsigned char *bytes, size_t size)
{
	struct kind kind = {.begin = KIND_DUMP};
	size_t at = text_begin(bytes, size);
	enum magic_match match = magic_dump(bytes, size);

	if (at == size) {
		kind.begin = KIND_BLANK;
		return kind;
	}
	if (is_rejects(bytes, size)) {
		kind.begin = KIND_REJECTS;
		kind.recognized = "domains that domstream has rejected";
		return kind;
	}
	if (match == MAGIC_YES || (match == MAGIC_MAYBE && size < MAGIC_DUMP_SIZE) ||
		magic_holds_domain(bytes, size)) {
		find_root(bytes, size, at, &kind);
		return kind;
	}
	kind.begin = KIND_OTHER;
	if (begins_caseless(bytes, size, at, "<!doctype html") ||
		begins_caseless(bytes, size, at, "<html")) {
		kind.recognized = roots[COUNT(roots) - 1].recognized;
		kind.advice = roots[COUNT(roots) - 1].advice;
		kind.is_page = true;
	} else if (!find_signature(bytes, size, &kind)) {
		find_text(bytes, size, at, &kind);
	}
	kind.is_certain = kind.recognized != NULL;
	return kind;
}

/* ---- names ---- */

const char *const kind_compressions[] = {"gz", "bgz", "xz", "zst", "bz2", "lz4", "lz", "lzma", "z",
	NULL};

/** Removes a suffix and its dot from a name of `*size` bytes. Returns false when the name has
 * another one. */
static bool cut_suffix(const char *name, size_t *size, const char *suffix)
{
	size_t length = strlen(suffix);

	if (*size <= length + 1 || name[*size - length - 1] != '.' ||
		!begins_caseless((const unsigned char *)name, *size, *size - length, suffix))
		return false;
	*size -= length + 1;
	return true;
}

/** Returns whether a file of this name configures xend itself. */
static bool is_name_of_xend(const char *name, size_t size)
{
	static const char *const files[] = {"xend-config.sxp", "xend-pci-quirks.sxp",
		"xend-pci-permissive.sxp"};

	for (size_t i = 0; i < COUNT(files); i++) {
		size_t length = strlen(files[i]);

		if (size >= length && memcmp(name + size - length, files[i], length) == 0 &&
			(size == length || strchr("/!", name[size - length - 1])))
			return true;
	}
	return false;
}

bool kind_name_is_dump(const char *name)
{
	static const char *const dumps[] = {"xml", "sxp", "sexpr"};
	size_t size = strlen(name);

	for (size_t i = 0; kind_compressions[i]; i++)
		if (cut_suffix(name, &size, kind_compressions[i]))
			break;
	if (is_name_of_xend(name, size))
		return false;
	for (size_t i = 0; i < COUNT(dumps); i++)
		if (cut_suffix(name, &size, dumps[i]))
			return true;
	return false;
}
