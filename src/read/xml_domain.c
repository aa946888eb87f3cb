/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/base64.h"
#include "record/members.h"
#include "record/text.h"
#include "record/words.h"

/* Reads the elements of the domain itself, and their attributes. */

/* ---- scalars ---- */

void xml_end_scalar(struct xml_reader *reader)
{
	size_t at = reader->stack[reader->level].at;
	struct ds_text value = xml_collected(reader);

	if (value.data &&
		!scalar_read(reader->state, &reader->state->builder.domain, xml_open(reader), value,
			reader->unit, at, at))
		xml_extra(reader, DS_EXTRA_INVALID, (struct ds_text){NULL, 0}, value);
}

bool xml_set_unit(struct xml_reader *reader, struct ds_text value)
{
	if (!scalar_unit(value, &reader->unit))
		read_fail_value(reader->state, "DA903", "unknown memory unit", value, reader->at);
	return true;
}

bool xml_set_id(struct xml_reader *reader, struct ds_text value)
{
	return text_signed(value, &reader->state->builder.domain.id);
}

bool xml_set_vcpus_online(struct xml_reader *reader, struct ds_text value)
{
	uint64_t *online = &reader->state->builder.domain.vcpus_online;

	return text_unsigned(value, online) && *online;
}

bool xml_add_boot(struct xml_reader *reader, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	char letter = words_boot_letter(value);

	if (!letter || domain->boot_count == DS_BOOT_MAX)
		return false;
	domain->boot[domain->boot_count++] = letter;
	return true;
}

/* ---- metadata ---- */

void xml_begin_metadata(struct xml_reader *reader)
{
	/* Metadata that this program has added is not a loss. */
	reader->extra_kind = DS_EXTRA_REDUNDANT;
}

void xml_begin_original(struct xml_reader *reader)
{
	/* In the input, its prefix may be longer. */
	reader->stack[reader->level].name = TEXT(XML_ORIGINAL_NAME);
	reader->is_base64 = false;
	xml_collect(reader);
}

bool xml_set_encoding(struct xml_reader *reader, struct ds_text value)
{
	reader->is_base64 = text_is(value, "base64");
	return true;
}

/** Handles the end of an original. An invalid one is reported like other metadata. */
void xml_end_original(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	struct ds_text text = xml_collected(reader), original = text;

	if (!text.size)
		return;
	if (reader->is_base64)
		original = builder_text(builder, text.data, text.size);
	if (reader->is_base64 && original.data &&
		!base64_decode(text, (char *)(uintptr_t)original.data, &original.size))
		reader->extra_kind = DS_EXTRA_KNOWN;
	else
		builder->domain.preserved = original;
}

/* ---- features, and the timer that is one ---- */

void xml_begin_flag(struct xml_reader *reader)
{
	reader->flag = DS_FLAG_ON;
	reader->is_incomplete = xml_open(reader)->field == FIELD_hpet;
}

/** Reads the attribute that switches a feature on or off; the table has the words for that. */
bool xml_set_flag(struct xml_reader *reader, struct ds_text value)
{
	struct ds_text off, on = text_split(text_of_string(reader->attribute->words), ' ', &off);
	bool is_on = text_same(value, on);

	if (is_on || text_same(value, off))
		reader->flag = is_on ? DS_FLAG_ON : DS_FLAG_OFF;
	return is_on || reader->flag == DS_FLAG_OFF;
}

void xml_end_flag(struct xml_reader *reader)
{
	const struct key *key = xml_open(reader);
	struct ds_domain *domain = &reader->state->builder.domain;
	enum ds_flag *member = (enum ds_flag *)(void *)((char *)domain + key->member);

	/* Other timers are extras because of their names. */
	if (reader->is_incomplete)
		return;
	if (*member == DS_FLAG_UNSET) {
		*member = reader->flag;
		domain->field_at[key->field] = (uint32_t)reader->stack[reader->level].at;
	} else if (*member != reader->flag) {
		xml_extra_element(reader, DS_EXTRA_INVALID);
	}
}

bool xml_set_timer_name(struct xml_reader *reader, struct ds_text value)
{
	reader->is_incomplete = !text_is(value, "hpet");
	return !reader->is_incomplete;
}

/* ---- the clock: the first of several values is used ---- */

bool xml_set_clock(struct xml_reader *reader, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	int index = words_find(clock_words, value);
	enum ds_clock clock = index < 0 ? DS_CLOCK_UNSET : (enum ds_clock)index;

	if (domain->clock == DS_CLOCK_UNSET)
		domain->clock = clock;
	return clock != DS_CLOCK_UNSET && domain->clock == clock;
}

bool xml_set_basis(struct xml_reader *reader, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	bool is_local = text_is(value, "localtime");

	if (!is_local && !text_is(value, "utc"))
		return false;
	if (!reader->has_basis)
		domain->clock_is_local = is_local;
	reader->has_basis = true;
	return domain->clock_is_local == is_local;
}

/** Reads the adjustment of the clock. `reset` is an adjustment of 0, which is restored at each
 * start. */
bool xml_set_adjustment(struct xml_reader *reader, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	bool is_reset = text_is(value, "reset");
	int64_t seconds = 0;

	if (!is_reset && !text_signed(value, &seconds))
		return false;
	if (!reader->has_adjustment) {
		domain->clock_reset = is_reset;
		domain->clock_adjustment = seconds;
		if (is_reset)
			domain->field_at[FIELD_clock_reset] =
				domain->field_at[FIELD_clock_adjustment];
	}
	reader->has_adjustment = true;
	return is_reset ? domain->clock_reset : domain->clock_adjustment == seconds;
}

/* ---- pins ---- */

bool xml_set_pin_vcpu(struct xml_reader *reader, struct ds_text value)
{
	uint64_t vcpu;

	if (!text_unsigned(value, &vcpu) || vcpu > INT32_MAX)
		return false;
	((struct ds_pin *)reader->item)->vcpu = vcpu;
	reader->is_incomplete = false;
	return true;
}
