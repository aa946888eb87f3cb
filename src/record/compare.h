/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_COMPARE_H
#define RECORD_COMPARE_H

#include "record/arena.h"
#include "record/extras.h"
#include "record/members.h"

#include <stdbool.h>

/**
 * Compares two records, to find out whether they describe the same domain. `diff` and `convert
 * --verify` use the same rules: each record is converted to a canonical form, which is the same for
 * all spellings of a setting; then the forms are compared member by member.
 */

/**
 * Returns the canonical form of a record, in the arena; NULL when there is no memory. Texts may
 * point into the record.
 *
 *   memory            what is set for one of maximum and current memory counts for the other one
 *                     too
 *   processors        at least one, all of them online; sets of processors as sorted ranges; a set
 *                     for each virtual processor only where they differ
 *   disks             names, sources, drivers and formats as an audit compares them; the boot disk
 *                     is the one that is flagged; spellings (mode, uname) cleared; a backing chain
 *                     as one text, which is the source of the one image in it
 *   other devices     what every guest has is left out (the console, mouse and keyboard of a PV
 *                     guest, the PS/2 mouse), and so is what is chosen at each start (names vifN.M,
 *                     terminals)
 */
struct ds_domain *compare_canonical(const struct ds_domain *domain, struct arena *arena);

/**
 * Sets `forms` to the canonical forms of two records that are compared with each other. Devices
 * that are the same in both records are not converted: both forms have those of the first record.
 * That takes a third of the time. Returns false when there is no memory.
 */
bool compare_canonical_both(const struct ds_domain *one, const struct ds_domain *other,
	struct ds_domain *forms[2], struct arena *arena);

/** A member or an extra that differs, or a device that only one of the two records has. */
struct compare_difference {
	/** The kind of the device. DEVICES_COUNT: the difference is in the domain itself. */
	enum devices kind;
	/** The numbers of the device in the canonical forms. SIZE_MAX: that record does not have
	 * the device. */
	size_t one, other;
	/** The member that differs. NULL: the whole device or an extra differs. */
	const struct member *member;
	/** The extra of each record, or NULL if the record does not have it. Both are NULL if the
	 * difference is not in an extra. */
	const struct extra_form *extras[2];
	/** The values of the member if it is a number. */
	int64_t numbers[2];
	/** The values of the member. NULL: unset. For an extra, the values are in its form. */
	struct ds_text before, after;
};

/** Returns the path of the extra that differs, or NULL if the difference is not in an extra. */
static inline struct ds_text compare_extra_path(const struct compare_difference *difference)
{
	const struct extra_form *extra =
		difference->extras[0] ? difference->extras[0] : difference->extras[1];

	return extra ? extra->path : (struct ds_text){NULL, 0};
}

/** Receives differences. Returns 0 to stop. */
typedef int compare_sink(void *context, const struct compare_difference *difference);

/** The two domains to compare. */
struct compare_subject {
	/** Canonical forms. */
	const struct ds_domain *one, *other;
	/** The domains were read from different formats. What one of the formats cannot express is
	 * then not a difference: a switch that is off instead of unset, a lun or floppy instead of
	 * a disk, a clock that keeps its adjustments. */
	bool crosses;
	/** The losses of the conversion of the first domain to the second one. */
	const struct ds_loss *losses;
	size_t loss_count;
	/** The extras of both domains. If both are empty, extras are not compared. */
	struct extra_forms extras[2];
};

/**
 * Compares two domains. The sink gets the differences that no loss explains (record/explain.h). The
 * number of a running domain is never compared, because it is not configuration.
 *
 * Devices are matched by what identifies them (MAC address, port, PCI address, virtual processor,
 * name of a disk). Of devices that are identified by the same value, those are matched whose
 * differences the losses explain. All that remain are matched in their order. A disk that was lost
 * as a whole is not matched. Returns DS_OK, DS_STOPPED when the sink returned 0, or DS_NO_MEMORY.
 */
enum ds_status compare_records(const struct compare_subject *subject, struct arena *arena,
	compare_sink *sink, void *context);

/** Returns the name of a kind of device for messages: "disk", "interface". */
const char *compare_kind_word(enum devices kind);

#endif
