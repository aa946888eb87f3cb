/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/verify.h"

#include "flow/reread.h"
#include "record/compare.h"
#include "record/error.h"
#include "record/secret.h"
#include "record/text.h"

#include <stdio.h>
#include <stdlib.h>

/** The output may be longer than the input, because every byte of a value may be escaped. */
#define GROWTH 8

struct verifier {
	const struct ds_run_options *options;
	struct reread *reread;
	struct arena arena;
};

struct verifier *verifier_new(const struct ds_run_options *options)
{
	struct verifier *verifier = calloc(1, sizeof *verifier);
	struct ds_limits limits = *options->limits;

	if (!verifier)
		return NULL;
	limits.domain_size =
		limits.domain_size > INT32_MAX / GROWTH ? INT32_MAX : limits.domain_size * GROWTH;
	limits.token_size =
		limits.token_size > INT32_MAX / GROWTH ? INT32_MAX : limits.token_size * GROWTH;
	verifier->options = options;
	verifier->reread = reread_new(&limits);
	arena_init(&verifier->arena);
	if (!verifier->reread) {
		verifier_free(verifier);
		return NULL;
	}
	return verifier;
}

void verifier_free(struct verifier *verifier)
{
	if (!verifier)
		return;
	reread_free(verifier->reread);
	arena_fini(&verifier->arena);
	free(verifier);
}

/* ---- what differs ---- */

struct check {
	const struct verify_subject *subject;
	/** The canonical forms of the domain and of the domain that was read back. */
	const struct ds_domain *domain, *back;
	bool only_disks;
	struct arena *arena;
	/** The first difference that no loss explains, and the number of further ones. */
	struct ds_error *error;
	size_t differences;
};

/** Returns the text that identifies a device in a message. */
static struct ds_text name_of_device(const struct check *check,
	const struct compare_difference *difference, char room[24])
{
	bool is_one = difference->one != SIZE_MAX;
	size_t number = is_one ? difference->one : difference->other;
	const struct ds_domain *domain = is_one ? check->domain : check->back;

	if (difference->kind == DEVICES_DISK && text_given(domain->disks[number].target))
		return domain->disks[number].target;
	if (difference->kind == DEVICES_PIN)
		number = (size_t)domain->pins[number].vcpu;
	snprintf(room, 24, "%zu", number);
	return (struct ds_text){room, strlen(room)};
}

/** Writes a value with its secrets hidden. */
static void format_value(char *out, size_t room, const struct check *check,
	const struct member *member, struct ds_text value)
{
	value = secret_value_masked(check->arena,
		(struct ds_text){member->xml, strlen(member->xml)}, value);
	if (value.data)
		snprintf(out, room, "'%.*s'", (int)(value.size < 60 ? value.size : 60), value.data);
	else
		snprintf(out, room, "unset");
}

static void report_difference(const struct check *check,
	const struct compare_difference *difference)
{
	char text[2 * DS_ERROR_TEXT_SIZE], before[80], after[80], device[80] = "", room[24];

	if (difference->kind != DEVICES_COUNT) {
		struct ds_text name = name_of_device(check, difference, room);

		snprintf(device, sizeof device, "%s %.*s: ", compare_kind_word(difference->kind),
			(int)(name.size < 40 ? name.size : 40), name.data);
	}
	if (!difference->member) {
		snprintf(text, sizeof text, "%sit is only in the %s", device,
			difference->other == SIZE_MAX ? "input" : "output");
	} else {
		format_value(before, sizeof before, check, difference->member, difference->before);
		format_value(after, sizeof after, check, difference->member, difference->after);
		snprintf(text, sizeof text,
			"%s%s is %s in the input and %s in the output, and no loss explains it",
			device, difference->member->name, before, after);
	}
	error_set(check->error, "DA910", check->subject->domain->place, text);
	error_domain(check->error, check->subject->domain->name);
}

static int on_difference(void *context, const struct compare_difference *difference)
{
	const struct member *disk_members = device_kinds[DEVICES_DISK].members;
	struct check *check = context;

	/* The boot disk of a guest depends on more than its disks. */
	if (check->only_disks &&
		(difference->member == &disk_members[DISK_bootable] ||
			difference->member == &disk_members[DISK_boot_order]))
		return 1;
	if (check->only_disks && difference->kind != DEVICES_DISK &&
		(difference->kind != DEVICES_COUNT ||
			(difference->member != &domain_members[FIELD_name] &&
				difference->member != &domain_members[FIELD_uuid])))
		return 1;
	report_difference(check, difference);
	check->differences++;
	return 0;
}

/* ---- the whole check ---- */

static enum ds_status refuse(const struct verify_subject *subject, struct ds_error *error,
	const char *why)
{
	error_set(error, "DA910", subject->domain->place, why);
	error_domain(error, subject->domain->name);
	return DS_DAMAGED;
}

/** Returns whether the output contains the original of the whole domain. */
static bool carries_original(const struct verify_subject *subject, const struct ds_domain *back)
{
	return text_same(back->preserved, subject->domain->raw);
}

static bool is_put_back(const struct verify_subject *subject)
{
	struct ds_text preserved = subject->domain->preserved;

	return preserved.data && subject->size == preserved.size + 1 &&
		memcmp(subject->data, preserved.data, preserved.size) == 0;
}

/** Returns whether the output is a copy of the input. If it was written anew, it contains only what
 * both formats can express, even when input and output have the same format. */
static bool is_copy(const struct verify_subject *subject)
{
	struct ds_text raw = subject->domain->raw;

	return subject->size == raw.size + 1 && memcmp(subject->data, raw.data, raw.size) == 0;
}

static enum ds_status compare(struct verifier *verifier, const struct verify_subject *subject,
	const struct ds_domain *back, struct ds_error *error)
{
	struct check check = {.subject = subject,
		.error = error,
		.arena = &verifier->arena,
		.only_disks = verifier->options->writer->only_disks};
	struct ds_domain *forms[2];
	enum ds_status status;

	if (!compare_canonical_both(subject->domain, back, forms, &verifier->arena))
		return DS_NO_MEMORY;
	check.domain = forms[0];
	check.back = forms[1];
	status = compare_records(&(struct compare_subject){.one = check.domain,
					 .other = check.back,
					 .crosses = !is_copy(subject),
					 .losses = subject->losses,
					 .loss_count = subject->loss_count},
		&verifier->arena, on_difference, &check);
	if (status == DS_NO_MEMORY)
		return status;
	return check.differences ? DS_DAMAGED : DS_OK;
}

enum ds_status verifier_check(struct verifier *verifier, const struct verify_subject *subject,
	struct ds_error *error)
{
	const struct ds_domain *back;

	arena_clear(&verifier->arena);
	back = reread_one(verifier->reread, subject->format, subject->data, subject->size,
		&verifier->arena);
	if (verifier->arena.failed)
		return DS_NO_MEMORY;
	if (!back)
		return refuse(subject, error, "the converted domain cannot be read back");
	/* The original was compared with the domain before it was restored. */
	if (is_put_back(subject))
		return DS_OK;
	if (back->preserved.data && verifier->options->writer->preserve &&
		subject->format != subject->domain->format)
		return carries_original(subject, back)
			? DS_OK
			: refuse(subject, error,
				  "the original that is stored in the domain differs from the "
				  "input");
	return compare(verifier, subject, back, error);
}
