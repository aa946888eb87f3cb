/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/rules.h"
#include "record/scan.h"
#include "record/secret.h"
#include "record/source.h"
#include "record/text.h"

/* Rules about a single disk. Each function checks one rule, or a few rules with similar conditions;
 * domstream-rules(7) describes the conditions. Rules about Xen's own backends only apply to domains
 * of Xen. */

#define NOTHING ((struct ds_text){NULL, 0})

static bool ends_with(struct ds_text text, const char *end)
{
	size_t size = strlen(end);

	return text.size >= size && text.data[text.size - 1] == end[size - 1] &&
		memcmp(text.data + text.size - size, end, size) == 0;
}

/** Returns whether the source is a path of an image, and not a device or a name that a script
 * interprets. */
static bool is_image(const struct disk_view *disk)
{
	return disk->backend_word & (WORDS_TAP | WORD_FILE) ||
		(disk->disk->type == DS_SOURCE_FILE &&
			disk->backend_word & (WORD_NONE | WORD_QEMU));
}

/* ---- backends ---- */

/** Returns whether the domain is known to be a PV guest. */
static bool is_pv(const struct ds_domain *domain)
{
	return !domain->is_hvm &&
		(text_given(domain->os_type) || text_given(domain->kernel) ||
			domain->bootloader.data);
}

/** DA101: PV guests read and write through the loop device; HVM guests mostly do not. */
static void loop_backed(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	struct ds_finding *finding;

	if (disk->backend_word != WORD_FILE || !disk->is_writable || disk->is_cdrom ||
		disk->is_floppy)
		return;
	finding = rules_note_disk(list, view, disk, RULE_101, disk->source);
	if (finding && !is_pv(view->domain))
		finding->severity = DS_SEVERITY_LOW;
}

/** DA102, DA103. */
static void prefixes(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	const unsigned ignored = WORDS_TAP | WORD_TAPDISK | WORD_AIO | WORD_IOEMU | WORD_FILE;

	if (disk->is_floppy)
		return;
	if (disk->backend_word & ignored)
		rules_note_disk(list, view, disk, RULE_102, disk->backend);
	if (disk->backend_word & WORDS_TAP)
		rules_note_disk(list, view, disk, RULE_103, disk->backend);
}

/** DA104, DA105. In XML, the type of an aio disk is raw, or is not set. */
static void tap_types(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	const unsigned foreign = WORD_SYNC | WORD_VMDK | WORD_RAM | WORD_IOEMU | WORD_REMUS;
	/* xend passes tap:cdrom: on to qemu. */
	const bool is_known_cdrom = disk->is_cdrom || text_is(disk->format, "cdrom");
	const unsigned known = foreign | WORD_AIO | WORD_QCOW | WORD_QCOW2 | WORD_VHD;

	if (!(disk->backend_word & WORDS_TAP) || !text_given(disk->source))
		return;
	if (!is_known_cdrom &&
		!(disk->format_word & (known | (view->is_xml ? WORD_NONE | WORD_RAW : 0))))
		rules_note_disk(list, view, disk, RULE_104, disk->format);
	if (disk->format_word & foreign)
		rules_note_disk(list, view, disk, RULE_105, disk->format);
}

/** DA126: drbd:, iscsi:, nbd: and any other name of a script. */
static void scripts(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	const unsigned known =
		WORD_PHY | WORD_FILE | WORDS_TAP | WORD_TAPDISK | WORD_AIO | WORD_IOEMU | WORD_QEMU;

	if (text_given(disk->backend) && !(disk->backend_word & known))
		rules_note_disk(list, view, disk, RULE_126, disk->backend);
}

/** DA129. libxl knows one protocol of network disks. */
static void unsupported(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	enum ds_source type = disk->disk->type;
	const struct ds_disk_location *location = disk->details->location;
	bool is_rbd = type == DS_SOURCE_NETWORK && location && text_is(location->protocol, "rbd");

	if (!view->is_xml)
		return;
	if (type >= DS_SOURCE_NETWORK && !is_rbd)
		rules_note_disk(list, view, disk, RULE_129, source_type_word(disk->disk));
	else if (disk->details->transient)
		rules_note_disk(list, view, disk, RULE_129, TEXT("transient"));
}

/* ---- formats ---- */

/** DA106. libvirt treats a file without a format as raw, unless it is configured to probe. */
static void probed(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	bool is_unset = view->hypervisor == DS_HYPERVISOR_QEMU &&
		disk->disk->type == DS_SOURCE_FILE && !text_given(disk->format) &&
		(!text_given(disk->disk->driver) || disk->backend_word == WORD_QEMU);
	struct ds_finding *finding;

	if (!disk->is_writable || disk->is_floppy || !text_given(disk->source))
		return;
	if (is_unset) {
		finding = rules_note_disk(list, view, disk, RULE_106,
			TEXT("no format is set; raw unless libvirt is configured to probe"));
		if (finding)
			finding->severity = DS_SEVERITY_LOW;
	} else if (disk->backend_word & WORDS_TAP && disk->format_word == WORD_QCOW) {
		rules_note_disk(list, view, disk, RULE_106, TEXT("qcow may be qcow2"));
	}
}

/** "read as FORMAT". */
static struct ds_text read_as(struct arena *arena, struct ds_text format)
{
	static const char words[] = "read as ";
	char *text = arena_alloc(arena, sizeof words - 1 + format.size);

	if (!text)
		return format;
	memcpy(text, words, sizeof words - 1);
	memcpy(text + sizeof words - 1, format.data, format.size);
	return (struct ds_text){text, sizeof words - 1 + format.size};
}

/** DA107. */
static void suffix(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	static const struct {
		const char *suffix;
		const char *formats[3];
	} rows[] = {
		{".qcow2", {"qcow2", NULL}},
		{".qcow", {"qcow", "qcow2", NULL}},
		{".vhd", {"vhd", NULL}},
		{".vmdk", {"vmdk", NULL}},
		{".qed", {"qed", NULL}},
		{".iso", {"raw", NULL}},
	};
	struct ds_text format;

	/* Most file names have no such suffix, and end with another letter. */
	if (!text_given(disk->source) || !strchr("2wdko", disk->source.data[disk->source.size - 1]))
		return;
	format = source_read_as(disk->disk);
	for (size_t i = 0; i < sizeof rows / sizeof *rows && text_given(format); i++)
		if (ends_with(disk->source, rows[i].suffix) &&
			!text_is_one_of(format, rows[i].formats))
			rules_note_disk(list, view, disk, RULE_107, read_as(view->arena, format));
}

/** DA130: the first image of the chain whose format is not set. */
static void backing(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	for (size_t i = 0; i < disk->backing_count; i++) {
		if (text_given(disk->details->backing[i].format))
			continue;
		rules_note_disk(list, view, disk, RULE_130, disk->backing_sources[i]);
		return;
	}
}

/* ---- sources ---- */

/** DA108, DA109. The name of an image on a server or in a storage pool is not a path. */
static void relative(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	struct ds_text path = disk->canonical;

	if (!text_given(disk->source))
		return;
	if (disk->backend_word == WORD_PHY && disk->disk->type <= DS_SOURCE_DIR &&
		disk->source.data[0] != '/' && view->is_xen)
		rules_note_disk(list, view, disk, RULE_108, disk->source);
	if (is_image(disk) && text_given(path) && path.data[0] != '/')
		rules_note_disk(list, view, disk, RULE_109, disk->source);
}

/** Returns whether a path contains `/./` or `/../` or, if `with_slashes` is set, `//` or a slash at
 * its end. The path "/" does not count. */
static bool has_detour(struct ds_text path, bool with_slashes)
{
	size_t begin = 0;

	for (size_t at = 0; at < path.size; at = begin) {
		size_t end = at;

		while (end < path.size && path.data[end] != '/')
			end++;
		begin = end + 1;
		/* Nothing precedes the first slash. */
		if (at &&
			((end == at && with_slashes) ||
				(path.data[at] == '.' &&
					(end == at + 1 ||
						(end == at + 2 && path.data[at + 1] == '.')))))
			return true;
	}
	return with_slashes && path.data[path.size - 1] == '/';
}

/** DA110. It is only about paths, not about names for scripts. Slashes only matter to xend, which
 * compares paths as texts; OpenNebula, for example, doubles them in all paths. */
static void spelling(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	struct ds_text inner = source_inner(disk->disk);

	/* The canonical form is the text itself if the path cannot be shortened or is not
	 * absolute. */
	if (!inner.size || !disk->canonical.data ||
		(disk->canonical.data == inner.data && inner.data[0] == '/'))
		return;
	if ((is_image(disk) || disk->canonical.data[0] == '/') && has_detour(inner, view->is_xen))
		rules_note_disk(list, view, disk, RULE_110, disk->source);
}

static bool letters_only(struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < 'a' || text.data[i] > 'z')
			return false;
	return text.size != 0;
}

/** Returns whether a device name is that of a whole disk such as sda, hdb or nvme0n1, and not of a
 * partition. */
static bool is_whole_disk(struct ds_text name)
{
	struct ds_text rest;
	uint64_t number;

	if (text_starts(name, "sd") || text_starts(name, "hd"))
		return letters_only(text_from(name, 2));
	if (!text_starts(name, "nvme") ||
		!text_unsigned(text_split(text_from(name, 4), 'n', &rest), &number))
		return false;
	return rest.data && text_unsigned(rest, &number);
}

/** DA111, DA112. */
static void host_disks(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	struct ds_text name;

	if (!text_starts(disk->canonical, "/dev/"))
		return;
	name = text_from(disk->canonical, 5);
	if (text_has(name, '/'))
		return;
	/* A CD drive of the host is not an image, and nothing is written to it. */
	if (disk->is_cdrom && !disk->is_writable)
		return;
	if ((text_starts(name, "sd") || text_starts(name, "hd")) &&
		letters_only((struct ds_text){name.data + 2, name.size > 2}))
		rules_note_disk(list, view, disk, RULE_111, disk->canonical);
	if (is_whole_disk(name) && disk->is_writable && !disk->is_cdrom)
		rules_note_disk(list, view, disk, RULE_112, disk->canonical);
}

/** DA128. */
static void location(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	if (view_path_is_temporary(disk->canonical) && !disk->is_disposable)
		rules_note_disk(list, view, disk, RULE_128, disk->canonical);
}

/** Bits of the hypervisors for whose tools a character is syntax. ESX has blanks and brackets in
 * its own paths, and Hyper-V has backslashes. */
static unsigned interpreters_of(char byte)
{
	switch (byte) {
	case '\'':
	case '"':
	case '\\':
	case ',':
		return DS_HYPERVISOR_ANY &
			~((unsigned)DS_HYPERVISOR_VMWARE | (unsigned)DS_HYPERVISOR_OTHER);
	case '(':
	case ')':
	case ' ':
		return DS_HYPERVISOR_XEN;
	default:
		return 0;
	}
}

/** DA127. */
static void characters(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	struct ds_text texts[] = {disk->disk->source, disk->disk->target};
	bool is_worse = false, is_bad = false;

	for (size_t i = 0; i < 2; i++) {
		/* Most names consist of letters, digits and a few other characters. */
		if (!texts[i].size || (i == 0 && disk->is_bare) ||
			scan_is_bare((const unsigned char *)texts[i].data, texts[i].size))
			continue;
		for (size_t at = 0; at < texts[i].size;) {
			size_t size = text_character(texts[i], at);

			is_worse |= !size || text_is_control(texts[i], at);
			is_bad |= (interpreters_of(texts[i].data[at]) & view->hypervisor) != 0;
			at += size ? size : 1;
		}
	}
	/* A colon separates the backend from the path; Xen's tools interpret a further one in the
	 * same way. */
	is_bad |= view->is_xen && is_image(disk) && text_has(disk->canonical, ':');
	if (is_worse || is_bad) {
		struct ds_finding *finding =
			rules_note_disk(list, view, disk, RULE_127, disk->source);

		if (finding && is_worse)
			finding->severity = DS_SEVERITY_HIGH;
	}
}

/** DA131. The finding has the position of the secret, but never the secret itself. */
static void credentials(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	bool is_there = !disk->is_bare && source_has_secret(disk->disk);

	for (size_t i = 0; i < disk->extra_count && !is_there; i++)
		is_there = secret_is_in(disk->extras[i].raw);
	if (is_there)
		rules_note_disk(list, view, disk, RULE_131, NOTHING);
}

/** DA121. An image on a network or in a storage pool may have a source that the record does not
 * contain. */
static void no_source(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	if (!text_given(disk->source) && disk->disk->type <= DS_SOURCE_DIR && !disk->is_cdrom &&
		!disk->is_floppy)
		rules_note_disk(list, view, disk, RULE_121, NOTHING);
}

/* ---- rights ---- */

/** DA113, DA114. Only xend's dumps are checked for a missing mode, because xl does not print it. */
static void modes(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	static const char *const known[] = {"r", "w", "w!", NULL};
	const struct ds_disk *record = disk->disk;
	bool is_xl = !record->uname.data && record->source.data;

	if (view->is_xml || record->klass == DS_CLASS_IMAGE ||
		(disk->is_cdrom && !text_given(record->source)))
		return;
	/* This is the case for nearly all disks. */
	if (record->mode.size == 1 && (record->mode.data[0] == 'w' || record->mode.data[0] == 'r'))
		return;
	if (!text_given(record->mode) && !is_xl)
		rules_note_disk(list, view, disk, RULE_113, NOTHING);
	else if (text_given(record->mode) && !text_is_one_of(record->mode, known))
		rules_note_disk(list, view, disk, RULE_114, record->mode);
}

/** Returns whether the format of the image does not allow two domains to write to it, whatever file
 * system it contains. */
static bool has_one_writer(const struct disk_view *disk)
{
	return text_given(disk->format) && disk->format_word != WORD_RAW;
}

/** DA115, DA116. Outside of Xen, shareable is the ordinary way to share the disk of a cluster. */
static void sharing(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	static const char *const direct[] = {"none", "directsync", NULL};

	if (!disk->is_shareable)
		return;
	if (disk->is_writable && (view->is_xen || has_one_writer(disk)))
		rules_note_disk(list, view, disk, RULE_115, disk->source);
	if (text_given(disk->details->cache) && !text_is_one_of(disk->details->cache, direct))
		rules_note_disk(list, view, disk, RULE_116, disk->details->cache);
}

/** DA117, DA118. */
static void caching(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	static const char *const direct[] = {"none", "directsync", NULL};
	struct ds_text cache = disk->details->cache;
	struct ds_finding *finding;

	if (!text_given(cache) && !text_given(disk->details->io))
		return;
	if (disk->is_writable &&
		((text_is(cache, "unsafe") && !disk->is_disposable) ||
			(view->is_xen && text_is(cache, "writeback")))) {
		finding = rules_note_disk(list, view, disk, RULE_117, cache);
		if (finding && text_is(cache, "writeback"))
			finding->severity = DS_SEVERITY_INFO;
	}
	if (text_is(disk->details->io, "native") && !text_is_one_of(cache, direct))
		rules_note_disk(list, view, disk, RULE_118,
			text_given(cache) ? cache : TEXT("no cache mode is set"));
}

/** DA119, DA120. */
static void emulated(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	bool is_ide_or_scsi = disk->has_vdev && disk->vdev.kind != VDEV_XVD;

	if (view->is_xen && view->domain->is_hvm && is_ide_or_scsi && !disk->is_writable &&
		!disk->is_cdrom && !disk->is_floppy)
		rules_note_disk(list, view, disk, RULE_119, disk->disk->target);
	/* Only SEXPR can have a writable CD drive: without a mode, xend assumes r, and in XML
	 * libvirt treats every CD drive as read-only. */
	if (disk->is_cdrom && disk->is_writable && disk->disk->mode.data)
		rules_note_disk(list, view, disk, RULE_120, disk->disk->mode);
}

/* ---- names in the guest ---- */

/** DA122. */
static void floppies(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	if (disk->is_floppy)
		rules_note_disk(list, view, disk, RULE_122, disk->disk->target);
}

/** DA123, DA124, DA125. */
static void names(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	bool is_old;

	if (disk->is_floppy)
		return;
	/* Numbers from 16 on of sd and 4 on of hd are deprecated. */
	is_old = disk->has_vdev &&
		((disk->vdev.kind == VDEV_SD && disk->vdev.disk > 15) ||
			(disk->vdev.kind == VDEV_HD && disk->vdev.disk > 3));
	if (!disk->has_vdev || disk->vdev.is_number || is_old)
		rules_note_disk(list, view, disk, RULE_123, disk->disk->target);
	if (disk->has_vdev && view->domain->is_hvm && disk->vdev.partition)
		rules_note_disk(list, view, disk, RULE_124, disk->disk->target);
	if (disk->has_vdev && !view->domain->is_hvm && disk->vdev.kind != VDEV_XVD)
		rules_note_disk(list, view, disk, RULE_125, disk->disk->target);
}

/* ---- what a conversion loses ---- */

/** Returns whether an extra is a setting that xend or libvirt makes itself for every disk, so that
 * losing it hardly matters. */
static bool is_minor(struct ds_text path)
{
	static const char *const ends[] = {"/uuid", "/VDI", "/driver", "/type", "/alias",
		"/address", NULL};

	for (const char *const *end = ends; *end; end++)
		if (ends_with(path, *end))
			return true;
	return false;
}

/** DA405, DA907. */
static void details(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	for (size_t i = 0; i < disk->extra_count; i++) {
		const struct ds_extra *extra = &disk->extras[i];
		bool is_known = extra->kind == DS_EXTRA_KNOWN || extra->kind == DS_EXTRA_DETAIL;
		struct ds_finding *finding;

		if (extra->kind != DS_EXTRA_UNKNOWN && !(is_known && view->options->is_converting))
			continue;
		finding = rules_note_disk(list, view, disk, is_known ? RULE_405 : RULE_907,
			extra->path);
		finding_distinguish(finding, extra->path);
		if (finding && is_minor(extra->path))
			finding->severity = DS_SEVERITY_INFO;
	}
	if (view->options->is_converting && view->is_xml && disk->is_shareable &&
		!disk->is_writable) {
		struct ds_finding *finding = rules_note_disk(list, view, disk, RULE_405,
			TEXT("shareable, but read-only"));

		finding_distinguish(finding, TEXT("shareable"));
	}
}

void rules_for_disk(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list)
{
	if (view->is_xen) {
		loop_backed(view, disk, list);
		prefixes(view, disk, list);
		tap_types(view, disk, list);
	}
	probed(view, disk, list);
	suffix(view, disk, list);
	relative(view, disk, list);
	spelling(view, disk, list);
	host_disks(view, disk, list);
	modes(view, disk, list);
	sharing(view, disk, list);
	caching(view, disk, list);
	emulated(view, disk, list);
	no_source(view, disk, list);
	if (view->is_xen) {
		floppies(view, disk, list);
		names(view, disk, list);
		scripts(view, disk, list);
		unsupported(view, disk, list);
	}
	characters(view, disk, list);
	location(view, disk, list);
	backing(view, disk, list);
	credentials(view, disk, list);
	details(view, disk, list);
}
