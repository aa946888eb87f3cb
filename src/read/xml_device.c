/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/scalar.h"
#include "read/xml_reader.h"
#include "record/members.h"
#include "record/text.h"
#include "record/words.h"

/* The domain's own attributes, and those of devices other than disks. */

static bool set_unit(struct xml_reader *reader, struct ds_text value)
{
	if (!scalar_unit(value, &reader->unit))
		read_fail_value(reader->state, "DA903", "unknown memory unit", value,
			reader->scalar_at);
	return true;
}

static bool add_boot(struct ds_domain *domain, struct ds_text value)
{
	char letter = boot_letter(value);

	if (!letter || domain->boot_count == DS_BOOT_MAX)
		return false;
	domain->boot[domain->boot_count++] = letter;
	return true;
}

/** The first one counts here and in the two below. */
static bool set_clock(struct ds_domain *domain, struct ds_text value)
{
	int index = words_find(clock_words, value);
	enum ds_clock clock = index < 0 ? DS_CLOCK_UNSET : (enum ds_clock)index;

	if (domain->clock == DS_CLOCK_UNSET)
		domain->clock = clock;
	return clock != DS_CLOCK_UNSET && domain->clock == clock;
}

static bool set_basis(struct xml_reader *reader, struct ds_text value)
{
	bool is_local = text_is(value, "localtime");

	if (!is_local && !text_is(value, "utc"))
		return false;
	if (reader->has_basis)
		return reader->state->builder.domain.clock_is_local == is_local;
	reader->has_basis = true;
	reader->state->builder.domain.clock_is_local = is_local;
	return true;
}

static bool set_adjustment(struct xml_reader *reader, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	bool is_first = !reader->has_adjustment;
	int64_t seconds = 0;

	if (text_is(value, "reset")) {
		if (!is_first)
			return domain->clock_reset;
		reader->has_adjustment = true;
		domain->clock_reset = true;
		domain->field_at[FIELD_clock_reset] = domain->field_at[FIELD_clock_adjustment];
		return true;
	}
	if (!text_signed(value, &seconds))
		return false;
	/* To begin anew with each start is a distance of 0. */
	if (is_first)
		domain->clock_adjustment = seconds;
	reader->has_adjustment = true;
	return domain->clock_adjustment == seconds;
}

static bool set_feature(struct xml_reader *reader, struct ds_text value)
{
	enum ds_flag *flag = (enum ds_flag *)(void *)((char *)&reader->state->builder.domain +
		reader->scalar->member);

	if (!text_is(value, "on") && !text_is(value, "off"))
		return false;
	if (reader->has_feature)
		return *flag == (text_is(value, "on") ? DS_FLAG_ON : DS_FLAG_OFF);
	*flag = text_is(value, "on") ? DS_FLAG_ON : DS_FLAG_OFF;
	return true;
}

static bool set_timer(struct xml_reader *reader, enum xml_action action, struct ds_text value)
{
	if (action == XML_TIMER_NAME)
		return reader->timer_is_hpet = text_is(value, "hpet");
	if (text_is(value, "no"))
		reader->timer_present = DS_FLAG_OFF;
	return reader->timer_present == DS_FLAG_OFF || text_is(value, "yes");
}

static bool set_pin(struct xml_reader *reader, struct ds_text value)
{
	struct ds_pin *pin = reader->item;
	uint64_t vcpu;

	if (!text_unsigned(value, &vcpu) || vcpu > INT32_MAX)
		return false;
	pin->vcpu = vcpu;
	reader->has_vcpu = true;
	return true;
}

bool xml_domain_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_domain *domain = &reader->state->builder.domain;

	switch ((enum xml_action)key->action) {
	case XML_DOMAIN_ID:
		return text_signed(value, &domain->id);
	case XML_MEMORY_UNIT:
		return set_unit(reader, value);
	case XML_VCPU_CURRENT:
		return text_unsigned(value, &domain->vcpus_online) && domain->vcpus_online;
	case XML_BOOT_DEV:
		return add_boot(domain, value);
	case XML_FEATURE_STATE:
		return set_feature(reader, value);
	case XML_CLOCK_OFFSET:
		return set_clock(domain, value);
	case XML_CLOCK_ADJUSTMENT:
		return set_adjustment(reader, value);
	case XML_CLOCK_BASIS:
		return set_basis(reader, value);
	case XML_PIN_VCPU:
		return set_pin(reader, value);
	default:
		return set_timer(reader, (enum xml_action)key->action, value);
	}
}

/* ---- devices ---- */

static void begin_char(struct xml_reader *reader, size_t at, enum ds_char_kind kind)
{
	struct ds_char *item = builder_char(&reader->state->builder, at);

	item->kind = kind;
	item->port = reader->char_ports[kind]++;
	reader->char_mode = 0;
	reader->has_port = false;
	reader->char_host = reader->char_service = (struct ds_text){NULL, 0};
	reader->item = item;
}

void xml_device_begin(struct xml_reader *reader, enum xml_action action)
{
	struct builder *builder = &reader->state->builder;
	size_t at = reader->at;

	reader->is_foreign = false;
	switch (action) {
	case XML_BEGIN_DISK:
		reader->item = builder_disk(builder, at);
		xml_details_begin(reader);
		break;
	case XML_BEGIN_INTERFACE:
		reader->item = builder_interface(builder, at);
		break;
	case XML_BEGIN_GRAPHICS:
		reader->item = builder_graphics(builder, at);
		reader->is_autoport = reader->is_fixed_port = false;
		break;
	case XML_BEGIN_SERIAL:
		begin_char(reader, at, DS_CHAR_SERIAL);
		break;
	case XML_BEGIN_PARALLEL:
		begin_char(reader, at, DS_CHAR_PARALLEL);
		break;
	case XML_BEGIN_CONSOLE:
		begin_char(reader, at, DS_CHAR_CONSOLE);
		break;
	case XML_BEGIN_SOUND:
		reader->item = builder_sound(builder, at);
		break;
	case XML_BEGIN_INPUT:
		reader->item = builder_input(builder, at);
		break;
	case XML_BEGIN_HOSTDEV:
		reader->item = builder_pci(builder, at);
		reader->has_address = false;
		reader->address_parts = 0;
		break;
	case XML_BEGIN_PIN:
		reader->item = builder_pin(builder, at);
		reader->has_vcpu = false;
		break;
	case XML_BEGIN_TIMER:
		reader->timer_at = at;
		reader->timer_is_hpet = false;
		reader->timer_present = DS_FLAG_ON;
		break;
	default:
		break;
	}
}

/** Notes the device at hand, all of it, as one that the record has no place for. Every device
 * begins with its position. */
static void lose_device(struct xml_reader *reader, enum ds_extra_kind kind, size_t end)
{
	size_t at = *(const size_t *)reader->item;

	read_extra(reader->state, kind, xml_path(reader, (struct ds_text){NULL, 0}), at,
		(struct ds_text){reader->state->data + at, end - at});
}

/** Drops a host device without an address, or a set of processors for an unknown vcpu. */
static void drop_nameless(struct xml_reader *reader, enum xml_context context, size_t end)
{
	if (reader->is_foreign || (context == XML_PIN ? reader->has_vcpu : reader->has_address))
		return;
	lose_device(reader, DS_EXTRA_INVALID, end);
	reader->is_foreign = context == XML_PIN;
	if (context == XML_HOSTDEV && !reader->state->builder.arena->failed)
		reader->state->builder.pcis.count--;
}

/** A frame buffer, character device or host's device of another type was reported as such and is no
 * other one now. */
static void drop_foreign(struct xml_reader *reader, enum xml_context context, size_t end)
{
	struct builder *builder = &reader->state->builder;

	if (context == XML_PIN || context == XML_HOSTDEV)
		drop_nameless(reader, context, end);
	if (!reader->is_foreign || builder->arena->failed)
		return;
	if (context == XML_GRAPHICS || context == XML_CHAR || context == XML_HOSTDEV)
		lose_device(reader, DS_EXTRA_KNOWN, end);
	if (context == XML_PIN)
		builder->pins.count--;
	else if (context == XML_GRAPHICS)
		builder->graphics.count--;
	else if (context == XML_CHAR)
		builder->chars.count--;
	else if (context == XML_HOSTDEV)
		builder->pcis.count--;
}

/** A <source> of a character device has ended. `udp` has two, whose mode tells which end they speak
 * of. */
static void end_char_source(struct xml_reader *reader, struct ds_char *item)
{
	bool is_local = reader->char_mode == 'b' && item->type == DS_CHAR_UDP;

	if (reader->char_mode == 'b' && item->type != DS_CHAR_UDP)
		item->listens = true;
	if (reader->char_host.data)
		*(is_local ? &item->bind_host : &item->host) = reader->char_host;
	if (reader->char_service.data)
		*(is_local ? &item->bind_service : &item->service) = reader->char_service;
	reader->char_mode = 0;
	reader->char_host = reader->char_service = (struct ds_text){NULL, 0};
}

static void set_hpet(struct xml_reader *reader, struct ds_domain *domain)
{
	domain->hpet = reader->timer_present;
	domain->field_at[FIELD_hpet] = (uint32_t)reader->timer_at;
}

void xml_device_end(struct xml_reader *reader, enum xml_context context, size_t end)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	struct ds_graphics *graphics = reader->item;

	drop_foreign(reader, context, end);
	switch (context) {
	case XML_TIMER:
		if (reader->timer_is_hpet && domain->hpet == DS_FLAG_UNSET)
			set_hpet(reader, domain);
		else if (reader->timer_is_hpet && domain->hpet != reader->timer_present)
			read_extra(reader->state, DS_EXTRA_INVALID,
				xml_path(reader, (struct ds_text){NULL, 0}), reader->timer_at,
				(struct ds_text){NULL, 0});
		break;
	case XML_GRAPHICS:
		if (reader->is_fixed_port && !graphics->port && !reader->is_foreign)
			read_extra(reader->state, DS_EXTRA_KNOWN, TEXT("devices/graphics@autoport"),
				graphics->at, TEXT("no"));
		if (reader->is_autoport || !graphics->port)
			graphics->port = -1;
		reader->item = domain;
		break;
	case XML_CHAR_SOURCE:
		end_char_source(reader, reader->item);
		break;
	case XML_DISK_SOURCE:
		xml_details_end_source(reader);
		break;
	case XML_DISK:
		xml_details_end_disk(reader);
		builder_disk_end(&reader->state->builder);
		reader->item = domain;
		break;
	case XML_PIN:
	case XML_INTERFACE:
	case XML_CHAR:
	case XML_SOUND:
	case XML_INPUT:
	case XML_HOSTDEV:
		reader->item = domain;
		break;
	default:
		break;
	}
}

static bool set_interface_type(struct ds_interface *item, struct ds_text value)
{
	int index = words_find(interface_words, value);

	item->type = index < 0 ? DS_INTERFACE_OTHER : (enum ds_interface_type)index;
	return index >= 0;
}

static int set_rate(struct ds_interface *item, struct ds_text value)
{
	uint64_t rate;

	if (!text_unsigned(value, &rate) || rate > INT32_MAX ||
		(item->rate_kib && item->rate_kib != rate))
		return 0;
	item->rate_kib = rate;
	/* 0 is no limit. */
	return rate ? XML_VALUE_KNOWN : XML_VALUE_DEFAULT;
}

int xml_interface_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	if (key->action == XML_INTERFACE_TYPE)
		return set_interface_type(reader->item, value);
	if (key->action == XML_INTERFACE_BOOT_ORDER)
		return scalar_order(&((struct ds_interface *)reader->item)->boot_order, value);
	return set_rate(reader->item, value);
}

bool xml_graphics_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_graphics *item = reader->item;
	int64_t port;

	switch ((enum xml_action)key->action) {
	case XML_GRAPHICS_TYPE:
		item->type = text_is(value, "sdl") ? DS_GRAPHICS_SDL : DS_GRAPHICS_VNC;
		reader->is_foreign = item->type != DS_GRAPHICS_SDL && !text_is(value, "vnc");
		return !reader->is_foreign;
	case XML_GRAPHICS_PORT:
		if (!text_signed(value, &port) || port < -1 || port > 65535)
			return false;
		item->port = (int32_t)port;
		return true;
	default:
		reader->is_autoport = text_is(value, "yes");
		reader->is_fixed_port = text_is(value, "no");
		return reader->is_autoport || reader->is_fixed_port;
	}
}

static bool set_char_type(struct ds_char *item, struct ds_text value)
{
	int index = words_find(char_type_words, value);

	if (index >= 0)
		item->type = (enum ds_char_type)index;
	return index >= 0;
}

/** Whether an earlier <source> has set another value; `udp` has two, of two ends. */
static bool contradicts(const struct ds_char *item, struct ds_text earlier, struct ds_text value)
{
	return item->type != DS_CHAR_UDP && earlier.data && !text_same(earlier, value);
}

bool xml_char_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_char *item = reader->item;
	uint64_t port;

	switch ((enum xml_action)key->action) {
	case XML_CHAR_TYPE:
		reader->is_foreign = !set_char_type(item, value);
		return !reader->is_foreign;
	case XML_CHAR_PORT:
		if (!text_unsigned(value, &port) || port > 255)
			return false;
		if (!reader->has_port)
			item->port = (uint32_t)port;
		reader->has_port = true;
		return item->port == port;
	case XML_CHAR_MODE:
		if (!text_is(value, "bind") && !text_is(value, "connect"))
			return false;
		reader->char_mode = (unsigned char)value.data[0];
		return true;
	case XML_CHAR_HOST:
		if (contradicts(item, item->host, value))
			return false;
		reader->char_host = xml_keep(reader, value);
		return true;
	case XML_CHAR_SERVICE:
		if (contradicts(item, item->service, value))
			return false;
		reader->char_service = xml_keep(reader, value);
		return true;
	default:
		if (item->type != DS_CHAR_TCP && item->type != DS_CHAR_TELNET)
			return false;
		if (text_is(value, "telnet"))
			item->type = DS_CHAR_TELNET;
		return item->type == DS_CHAR_TELNET || text_is(value, "raw");
	}
}

/** Whether a part of an address that is set already has this value. */
static bool is_same_part(const struct ds_pci *item, enum xml_action action, struct ds_text value)
{
	const uint32_t *member = action == XML_ADDRESS_DOMAIN ? &item->domain
		: action == XML_ADDRESS_BUS                   ? &item->bus
		: action == XML_ADDRESS_SLOT                  ? &item->slot
							      : &item->function;
	uint64_t number;

	return text_number(value, &number) && number == *member;
}

bool xml_hostdev_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_pci *item = reader->item;

	if (key->context == XML_HOSTDEV_ADDRESS) {
		unsigned part = 1u << (key->action - XML_ADDRESS_DOMAIN);

		reader->has_address = true;
		if (reader->address_parts & part)
			return is_same_part(item, (enum xml_action)key->action, value);
		reader->address_parts |= part;
	}
	switch ((enum xml_action)key->action) {
	case XML_HOSTDEV_MODE:
	case XML_HOSTDEV_TYPE:
		if (text_is(value, key->action == XML_HOSTDEV_MODE ? "subsystem" : "pci"))
			return true;
		reader->is_foreign = true;
		return false;
	case XML_HOSTDEV_MANAGED:
		item->managed = text_is(value, "yes");
		return item->managed || text_is(value, "no");
	case XML_ADDRESS_DOMAIN:
		return scalar_pci(&item->domain, value, PCI_DOMAIN_MAX);
	case XML_ADDRESS_BUS:
		return scalar_pci(&item->bus, value, PCI_BUS_MAX);
	case XML_ADDRESS_SLOT:
		return scalar_pci(&item->slot, value, PCI_SLOT_MAX);
	default:
		return scalar_pci(&item->function, value, PCI_FUNCTION_MAX);
	}
}
