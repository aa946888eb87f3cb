/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_VIEW_H
#define AUDIT_VIEW_H

#include "record/arena.h"
#include "record/text.h"
#include "record/vdev.h"

#include <stdbool.h>

/** Words of backends and formats that rules know, as bits, so that a rule can test for several at
 * once. */
enum {
	/** The word is unset. */
	WORD_NONE = 1 << 0,
	/** Any other word, including the empty one. */
	WORD_OTHER = 1 << 1,
	WORD_FILE = 1 << 2,
	WORD_PHY = 1 << 3,
	WORD_TAP = 1 << 4,
	WORD_TAP2 = 1 << 5,
	WORD_TAPDISK = 1 << 6,
	WORD_AIO = 1 << 7,
	WORD_IOEMU = 1 << 8,
	WORD_QEMU = 1 << 9,
	WORD_SYNC = 1 << 10,
	WORD_VMDK = 1 << 11,
	WORD_RAM = 1 << 12,
	WORD_QCOW = 1 << 13,
	WORD_QCOW2 = 1 << 14,
	WORD_VHD = 1 << 15,
	WORD_REMUS = 1 << 16,
	WORD_RAW = 1 << 17,
	/** The two blktaps. */
	WORDS_TAP = WORD_TAP | WORD_TAP2,
};

/**
 * A domain and its disks in the form that rules need: facts that several rules use are computed
 * once, and in the same way for both formats.
 */

struct disk_view {
	const struct ds_disk *disk;
	/** "file", "phy", "tap", "tap2" or a script's name; see source_backend(). */
	struct ds_text backend;
	/** The format of the input; for a nested tap disk, the inner one. */
	struct ds_text format;
	/** The words as bits, WORD_…. */
	unsigned backend_word, format_word;
	/** The source of the input and its canonical form, with passwords masked. */
	struct ds_text source, canonical;
	/** The identity of the image; see source_identity(). */
	struct ds_text identity;
	bool is_cdrom, is_floppy;
	/** A device without contents, such as /dev/null, which any number of domains may use. */
	bool is_nothing;
	/** The domain's changes to the disk are meant to be lost. */
	bool is_disposable;
	/** The name of the domain that serves the disk; NULL for the host itself. */
	struct ds_text backend_domain;
	/** The source is set, and only contains letters, digits and - . / : _ ~. */
	bool is_bare;
	/** The domain writes to the image. A CD drive in XML is never writable; nor is a disk whose
	 * changes go to a file that is removed when the domain stops (transient). */
	bool is_writable;
	bool is_shareable;
	/** The guest's name of the disk is an xvd, sd or hd name. */
	bool has_vdev;
	struct vdev vdev;
	/** Never NULL: a disk without details has empty ones. */
	const struct ds_disk_details *details;
	/** The canonical sources of the backing files in `details`; a text is NULL if a backing
	 * file has no source. */
	const struct ds_text *backing_sources;
	size_t backing_count;
	/** The extras that belong to this disk. */
	const struct ds_extra *extras;
	size_t extra_count;
	/** The position of the disk. */
	struct ds_place place;
};

/** The number of disks that fit into a view itself: hardly any domain has more. The data for the
 * rules is then on the stack, in the same memory for one domain after another. */
#define VIEW_FEW 8

/** This struct contains pointers to itself, so it must not be copied. */
struct domain_view {
	const struct ds_domain *domain;
	struct arena *arena;
	bool is_xml;
	/** The hypervisor, as one of the bits. A dump that does not contain it counts as Xen. */
	enum ds_hypervisor hypervisor;
	bool is_xen;
	/** The domain boots a kernel from a temporary directory of the host: it was created for one
	 * task, for example to inspect the disks of other domains, and is removed afterwards. */
	bool is_disposable;
	/** Set by audit_domain(). */
	const struct ds_audit_options *options;
	struct disk_view *disks;
	size_t count;
	/** All zeros if the domain has no valid UUID. */
	unsigned char uuid[UUID_BYTES];
	bool has_uuid;
	struct disk_view few[VIEW_FEW];
};

/** Returns whether the path is below a directory of temporary files. */
bool view_path_is_temporary(struct ds_text path);

/** Fills the view. Its texts are in the arena, and so are its disks if there are more than
 * VIEW_FEW. Returns false when out of memory. */
bool view_fill(struct domain_view *view, const struct ds_domain *domain, struct arena *arena);

#endif
