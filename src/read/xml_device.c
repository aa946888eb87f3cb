/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"
#include "record/words.h"

#include <stddef.h>

/* Reads devices other than disks. */

bool xml_set_text(struct xml_reader *reader, struct ds_text value)
{
	return scalar_text(xml_member(reader, reader->item), xml_keep(reader, value));
}

bool xml_set_order(struct xml_reader *reader, struct ds_text value)
{
	uint32_t *member = xml_member(reader, reader->item);
	uint64_t number;

	if (!text_unsigned(value, &number) || !number || number > INT32_MAX ||
		(*member && *member != number))
		return false;
	*member = (uint32_t)number;
	return true;
}

void xml_begin_device(struct xml_reader *reader)
{
	const struct key *key = xml_open(reader);

	reader->item = builder_device(&reader->state->builder, (enum devices)key->kind, reader->at);
	reader->set_numbers = 0;
	reader->flag = DS_FLAG_UNSET;
	reader->is_foreign = false;
	/* A set of processors is for a vcpu, and a device of the host has an address. */
	reader->is_incomplete = key->kind == DEVICES_PIN || key->kind == DEVICES_PCI;
}

void xml_end_device(struct xml_reader *reader)
{
	if (reader->is_foreign || reader->is_incomplete) {
		xml_extra_element(reader, reader->is_foreign ? DS_EXTRA_KNOWN : DS_EXTRA_INVALID);
		builder_drop(&reader->state->builder, (enum devices)xml_open(reader)->kind);
	}
	reader->item = &reader->state->builder.domain;
}

/* ---- network interfaces ---- */

bool xml_set_interface_type(struct xml_reader *reader, struct ds_text value)
{
	struct ds_interface *item = reader->item;
	int index = words_find(interface_words, value);

	item->type = index < 0 ? DS_INTERFACE_OTHER : (enum ds_interface_type)index;
	return index >= 0;
}

bool xml_set_rate(struct xml_reader *reader, struct ds_text value)
{
	struct ds_interface *item = reader->item;
	uint64_t rate;

	if (!text_unsigned(value, &rate) || rate > INT32_MAX ||
		(item->rate_kib && item->rate_kib != rate))
		return false;
	item->rate_kib = rate;
	/* 0 means that there is no limit. */
	return rate || xml_set_default(reader, value);
}

/* ---- frame buffers ---- */

bool xml_set_graphics_type(struct xml_reader *reader, struct ds_text value)
{
	struct ds_graphics *item = reader->item;

	item->type = text_is(value, "sdl") ? DS_GRAPHICS_SDL : DS_GRAPHICS_VNC;
	reader->is_foreign = item->type != DS_GRAPHICS_SDL && !text_is(value, "vnc");
	return !reader->is_foreign;
}

bool xml_set_graphics_port(struct xml_reader *reader, struct ds_text value)
{
	struct ds_graphics *item = reader->item;
	int64_t port;

	if (!text_signed(value, &port) || port < -1 || port > 65535)
		return false;
	item->port = (int32_t)port;
	return true;
}

void xml_end_graphics(struct xml_reader *reader)
{
	struct ds_graphics *item = reader->item;

	if (reader->flag == DS_FLAG_OFF && !item->port && !reader->is_foreign)
		read_extra(reader->state, DS_EXTRA_KNOWN, TEXT("devices/graphics@autoport"),
			item->at, TEXT("no"));
	if (reader->flag == DS_FLAG_ON || !item->port)
		item->port = -1;
	xml_end_device(reader);
}

/* ---- character devices ---- */

void xml_begin_char(struct xml_reader *reader)
{
	struct ds_char *item;

	xml_begin_device(reader);
	item = reader->item;
	item->kind = (enum ds_char_kind)xml_open(reader)->member;
	item->port = reader->char_ports[item->kind]++;
	reader->char_end = (struct ds_char){.at = 0};
}

bool xml_set_char_type(struct xml_reader *reader, struct ds_text value)
{
	int index = words_find(char_type_words, value);

	if (index >= 0)
		((struct ds_char *)reader->item)->type = (enum ds_char_type)index;
	reader->is_foreign = index < 0;
	return !reader->is_foreign;
}

bool xml_set_char_port(struct xml_reader *reader, struct ds_text value)
{
	struct ds_char *item = reader->item;
	uint64_t port;

	if (!text_unsigned(value, &port) || port > 255)
		return false;
	if (!reader->set_numbers)
		item->port = (uint32_t)port;
	reader->set_numbers = 1;
	return item->port == port;
}

bool xml_set_char_mode(struct xml_reader *reader, struct ds_text value)
{
	reader->char_end.listens = text_is(value, "bind");
	return reader->char_end.listens || text_is(value, "connect");
}

/** Stores a text of a <source> until that element ends, unless an earlier <source> has set another
 * text. A `udp` device has two, one for each end. */
bool xml_set_char_end(struct xml_reader *reader, struct ds_text value)
{
	const struct ds_char *item = reader->item;
	const struct ds_text *earlier = xml_member(reader, reader->item);
	struct ds_text *member = xml_member(reader, &reader->char_end);

	if (item->type != DS_CHAR_UDP && earlier->data && !text_same(*earlier, value))
		return false;
	*member = xml_keep(reader, value);
	return true;
}

bool xml_set_char_protocol(struct xml_reader *reader, struct ds_text value)
{
	struct ds_char *item = reader->item;

	if (item->type != DS_CHAR_TCP && item->type != DS_CHAR_TELNET)
		return false;
	if (text_is(value, "telnet"))
		item->type = DS_CHAR_TELNET;
	return item->type == DS_CHAR_TELNET || text_is(value, "raw");
}

/** Handles the end of a <source> of a character device. A `udp` device has two; the mode of each
 * shows which end it describes. */
void xml_end_char_source(struct xml_reader *reader)
{
	struct ds_char *item = reader->item;
	const struct ds_char *source = &reader->char_end;
	bool is_local = source->listens && item->type == DS_CHAR_UDP;

	item->listens |= source->listens && !is_local;
	if (source->host.data)
		*(is_local ? &item->bind_host : &item->host) = source->host;
	if (source->service.data)
		*(is_local ? &item->bind_service : &item->service) = source->service;
	reader->char_end = (struct ds_char){.at = 0};
}

/* ---- devices of the host ---- */

/** A device without this word is not a PCI device, so the record cannot store it. */
bool xml_set_pci_word(struct xml_reader *reader, struct ds_text value)
{
	bool is_pci = text_is(value, reader->attribute->words);

	reader->is_foreign |= !is_pci;
	return is_pci;
}

bool xml_set_managed(struct xml_reader *reader, struct ds_text value)
{
	struct ds_pci *item = reader->item;

	item->managed = text_is(value, "yes");
	return item->managed || text_is(value, "no");
}

/** Sets a component of an address, unless it is set already. */
bool xml_set_address(struct xml_reader *reader, struct ds_text value)
{
	size_t member = reader->attribute->member;
	unsigned component = 1u << (member - offsetof(struct ds_pci, domain)) / sizeof(uint32_t);
	const uint32_t *earlier = xml_member(reader, reader->item);
	uint64_t number;

	if (reader->set_numbers & component)
		return text_number(value, &number) && number == *earlier;
	reader->set_numbers |= component;
	reader->is_incomplete = false;
	return scalar_pci(reader->item, member, value);
}
