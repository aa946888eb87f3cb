/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/scalar.h"

#include "record/text.h"

/** The result of setting a member. */
enum result {
	SET = 0,
	/** It was set to the same value before. */
	REPEATED,
	/** It was set to 0, which is the same as no number. */
	ZERO,
	/** It was set to another value before, which it keeps. */
	CONTRADICTS,
	INVALID,
	/** The value is an amount of memory of 8 EiB or more. */
	TOO_LARGE,
};

/** The maximum of counts and weights. */
#define NUMBER_MAX INT32_MAX

static enum result set_text(struct ds_text *member, struct ds_text value)
{
	if (member->data)
		return text_same(*member, value) ? REPEATED : CONTRADICTS;
	*member = value;
	return SET;
}

bool scalar_text(struct ds_text *member, struct ds_text value)
{
	return set_text(member, value) != CONTRADICTS;
}

static enum result set_number(uint64_t *member, uint64_t value)
{
	if (*member)
		return *member == value ? REPEATED : CONTRADICTS;
	*member = value;
	return value ? SET : ZERO;
}

static enum result set_count(uint64_t *member, struct ds_text value)
{
	uint64_t number;

	if (!text_unsigned(text_trim(value), &number) || number > NUMBER_MAX)
		return INVALID;
	return set_number(member, number);
}

bool scalar_unit(struct ds_text unit, uint64_t *bytes)
{
	static const char *const units[] = {"b", "byte", "bytes", NULL};
	static const char prefixes[] = "kmgtpe";
	char lower[sizeof "bytes"] = "";
	const char *prefix, *rest = lower + 1;
	uint64_t base, value = unit.size ? 1 : 1024;

	/* libvirt writes no other unit. */
	if (text_is(unit, "KiB")) {
		*bytes = 1024;
		return true;
	}
	if (unit.size >= sizeof lower)
		return false;
	for (size_t i = 0; i < unit.size; i++)
		lower[i] = unit.data[i] >= 'A' && unit.data[i] <= 'Z'
			? (char)(unit.data[i] - 'A' + 'a')
			: unit.data[i];
	if (unit.size && !text_is_one_of((struct ds_text){lower, unit.size}, units)) {
		prefix = memchr(prefixes, lower[0], sizeof prefixes - 1);
		base = strcmp(rest, "b") == 0 ? 1000 : 1024;
		if (!prefix || (base == 1024 && *rest && strcmp(rest, "ib") != 0))
			return false;
		for (const char *at = prefixes; at <= prefix; at++)
			value *= base;
	}
	*bytes = value;
	return true;
}

static bool is_digits(struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (!byte_is_digit(text.data[i]))
			return false;
	}
	return text.size > 0;
}

/** Sets an amount of memory in whole KiB, rounded up as libvirt does. `256.0` is a valid number,
 * `1.5` is not. */
static enum result set_memory(uint64_t *member, struct ds_text value, uint64_t unit)
{
	uint64_t amount, rest = 0;

	if (!text_unsigned(value, &amount)) {
		struct ds_text fraction;
		struct ds_text whole = text_split(text_trim(value), '.', &fraction);

		if (fraction.data && (!text_unsigned(fraction, &rest) || rest))
			return INVALID;
		if (!text_unsigned(whole, &amount))
			return is_digits(whole) ? TOO_LARGE : INVALID;
	}
	/* The division is skipped if both numbers are small. */
	if ((amount | unit) > INT32_MAX && amount > (INT64_MAX - 1023) / unit)
		return TOO_LARGE;
	return set_number(member, (amount * unit + 1023) / 1024);
}

/** Sets an amount of memory that is given in bytes, of which xend uses whole MiB. In xend 3.0.4
 * the same keys are in MiB. */
static enum result set_bytes(uint64_t *member, struct ds_text value)
{
	uint64_t amount;

	if (!text_unsigned(text_trim(value), &amount) || amount > INT64_MAX)
		return INVALID;
	return set_number(member, amount < (uint64_t)1 << 20 ? amount << 10 : amount >> 20 << 10);
}

static enum result set_uuid(struct builder *builder, struct ds_text *member, struct ds_text value)
{
	char form[UUID_TEXT_SIZE];

	value = text_trim(value);
	if (text_is_uuid(value))
		return set_text(member, value);
	if (!text_uuid(value, form))
		return INVALID;
	return set_text(member, builder_text(builder, form, sizeof form));
}

static enum result set_flag(enum ds_flag *member, struct ds_text value)
{
	enum ds_flag flag;
	uint64_t number;

	if (text_unsigned(value, &number))
		flag = number ? DS_FLAG_ON : DS_FLAG_OFF;
	else if (text_is(value, "True") || text_is(value, "on") || text_is(value, "yes"))
		flag = DS_FLAG_ON;
	else if (text_is(value, "False") || text_is(value, "off") || text_is(value, "no"))
		flag = DS_FLAG_OFF;
	else
		return INVALID;
	if (*member != DS_FLAG_UNSET)
		return *member == flag ? REPEATED : CONTRADICTS;
	*member = flag;
	return SET;
}

static enum result set(struct builder *builder, void *item, const struct key *key,
	struct ds_text value, uint64_t unit)
{
	void *member = (char *)item + key->member;

	switch ((enum key_kind)key->kind) {
	case KEY_UUID:
		return text_given(value) ? set_uuid(builder, member, value) : REPEATED;
	case KEY_MEMORY:
		return set_memory(member, value, unit);
	case KEY_BYTES:
		return set_bytes(member, value);
	case KEY_KIB:
		return set_memory(member, value, 1024);
	case KEY_COUNT:
		return set_count(member, value);
	case KEY_WEIGHT:
		if (text_is(value, "1.0"))
			return REPEATED;
		return set_count(member, value);
	case KEY_FLAG:
		return set_flag(member, value);
	case KEY_EMPTY:
		return set_text(member, value);
	default:
		/* (kernel ), (kernel '') and no kernel at all have the same meaning. */
		return text_given(value) ? set_text(member, value) : REPEATED;
	}
}

/** Rejects a domain with an invalid amount of memory or number of vcpus. An invalid UUID is stored
 * as it is. */
static void refuse(struct read_state *state, struct ds_domain *domain, const struct key *key,
	struct ds_text value, size_t at)
{
	if (key->kind == KEY_UUID)
		scalar_text(&domain->uuid, value);
	else if (key->kind == KEY_COUNT)
		read_fail_value(state, "DA903", "invalid number of vcpus", value, at);
	else if (key->kind == KEY_MEMORY)
		read_fail_value(state, "DA903", "invalid amount of memory", value, at);
}

bool scalar_read(struct read_state *state, struct ds_domain *domain, const struct key *key,
	struct ds_text value, uint64_t unit, size_t at, size_t error_at)
{
	enum result result = set(&state->builder, domain, key, value, unit);

	if (result == SET || result == ZERO)
		domain->field_at[key->field] = (uint32_t)at;
	else if (result == INVALID)
		refuse(state, domain, key, value, error_at);
	else if (result == TOO_LARGE)
		read_fail_value(state, "DA903", "memory must be less than 8 EiB:", value, error_at);
	return result == SET || result == REPEATED;
}

bool scalar_pci(struct ds_pci *item, size_t member, struct ds_text value)
{
	uint32_t *component = (uint32_t *)(void *)((char *)item + member);
	uint64_t number,
		max = component == &item->domain ? UINT32_MAX - 1
		: component == &item->bus        ? 0xff
		: component == &item->slot       ? 0x1f
						 : 7;

	*component = UINT32_MAX;
	if (!text_number(value, &number) || number > max)
		return false;
	*component = (uint32_t)number;
	return true;
}
