/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include <stdio.h>

/* Writes devices other than disks. */

/** Writes `<name attribute='value'/>` if the text is set; `begin` is everything before the
 * value. */
static void child(struct writing *writing, struct ds_text begin, struct ds_text value,
	enum schema schema, const char *path, size_t at)
{
	if (!text_given(value))
		return;
	xml_attribute(writing, begin, value, schema, path, at);
	buffer_literal(writing->out, "/>\n");
}

static bool write_interface_source(struct writing *writing, const struct ds_interface *item)
{
	static const char path[] = "devices/interface/source";

	if (item->type == DS_INTERFACE_NETWORK)
		child(writing, TEXT("      <source network='"), item->source, SCHEMA_TEXT, path,
			item->at);
	else if (item->type == DS_INTERFACE_BRIDGE)
		child(writing, TEXT("      <source bridge='"), item->source, SCHEMA_BRIDGE, path,
			item->at);
	else
		return false;
	return true;
}

/** Returns whether libvirt's model is derived from xend's type of the interface. An HVM guest's
 * emulated card has no equivalent. */
static bool can_derive_model(const struct ds_interface *item)
{
	return text_same(item->vif_type, item->model);
}

static bool write_rate(struct writing *writing, const struct ds_interface *item)
{
	if (!item->rate_kib)
		return true;
	buffer_literal(writing->out, "      <bandwidth>\n        <outbound");
	xml_number(writing, TEXT(" average='"), (int64_t)item->rate_kib);
	xml_limit(writing, item->rate_kib, UINT32_MAX,
		"devices/interface/bandwidth/outbound@average", item->at);
	buffer_literal(writing->out, "/>\n      </bandwidth>\n");
	return true;
}

static bool write_child(struct writing *writing, struct ds_text begin, struct ds_text value,
	enum schema schema, const char *path, size_t at)
{
	child(writing, begin, value, schema, path, at);
	return true;
}

#define CHILD(begin, member, schema, path) \
	write_child(writing, TEXT("      <" begin "='"), item->member, schema, \
		"devices/interface/" path, item->at)

FIELD_SWITCH write_interface_field(struct writing *writing, const struct ds_interface *item,
	enum interface_field field)
{
	switch (field) {
	case INTERFACE_type:
		/* This is an attribute of the start tag. The reader has added a loss for another
		 * type. */
		return true;
	case INTERFACE_mac:
		return CHILD("mac address", mac, SCHEMA_MAC, "mac@address");
	case INTERFACE_source:
		return write_interface_source(writing, item);
	case INTERFACE_ip:
		return CHILD("ip address", ip, SCHEMA_ADDRESS, "ip@address");
	case INTERFACE_script:
		return CHILD("script path", script, SCHEMA_FILE, "script@path");
	case INTERFACE_target:
		return CHILD("target dev", target, SCHEMA_DEVICE, "target@dev");
	case INTERFACE_backend:
		return CHILD("backenddomain name", backend, SCHEMA_LINE, "backenddomain@name");
	case INTERFACE_model:
		return CHILD("model type", model, SCHEMA_MODEL, "model@type");
	case INTERFACE_vif_type:
		return can_derive_model(item);
	case INTERFACE_rate_kib:
		return write_rate(writing, item);
	case INTERFACE_boot_order:
		xml_write_interface_order(writing, item);
		return true;
	}
	return true;
}

static void write_interface(struct writing *writing, const struct ds_interface *item)
{
	const char *type = interface_words[item->type];
	struct buffer *out = writing->out;

	buffer_literal(out, "    <interface type='");
	buffer_string(out, type ? type : "ethernet");
	buffer_literal(out, "'>\n");
#define DS_INTERFACE_FIELD(member, type, xml, sexpr) \
	if (!write_interface_field(writing, item, INTERFACE_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_INTERFACE, item, \
			INTERFACE_##member);
#include "record/devices.def"
	buffer_literal(out, "    </interface>\n");
}

/* ---- graphics ---- */

/** Returns the port that is written. Without a port, xend 3.0.2 used 5900 plus the domain's
 * number; later releases choose a port when the guest starts. */
static int32_t port_of(const struct writing *writing, const struct ds_graphics *item)
{
	int64_t id = writing->domain->id;

	if (item->port)
		return item->port;
	if (writing->domain->format == DS_FORMAT_SEXPR && writing->options->xend == DS_XEND_302 &&
		id > 0 && id < 50000)
		return VNC_PORT + (int32_t)id;
	return -1;
}

static bool write_graphics_port(struct writing *writing, const struct ds_graphics *item)
{
	int32_t port = port_of(writing, item);

	if (item->type == DS_GRAPHICS_SDL)
		return item->port <= 0;
	xml_number(writing, TEXT(" port='"), port);
	buffer_string(writing->out, port == -1 ? " autoport='yes'" : " autoport='no'");
	return true;
}

/** Writes an attribute that only exists for one type of graphics. Returns false for any other
 * type. */
static bool write_graphics_attribute(struct writing *writing, const struct ds_graphics *item,
	enum ds_graphics_type type, struct ds_text begin, struct ds_text value, enum schema schema,
	const char *path)
{
	if (item->type != type)
		return false;
	xml_attribute(writing, begin, value, schema, path, item->at);
	return true;
}

#define VNC(name, member, schema) \
	write_graphics_attribute(writing, item, DS_GRAPHICS_VNC, TEXT(" " name "='"), \
		item->member, schema, "devices/graphics@" name)
#define SDL(name, member, schema) \
	write_graphics_attribute(writing, item, DS_GRAPHICS_SDL, TEXT(" " name "='"), \
		item->member, schema, "devices/graphics@" name)

FIELD_SWITCH write_graphics_field(struct writing *writing, const struct ds_graphics *item,
	enum graphics_field field)
{
	switch (field) {
	case GRAPHICS_type:
		buffer_string(writing->out, graphics_words[item->type]);
		buffer_byte(writing->out, '\'');
		return true;
	case GRAPHICS_port:
		return write_graphics_port(writing, item);
	case GRAPHICS_listen:
		return VNC("listen", listen, SCHEMA_HOST);
	case GRAPHICS_password:
		return VNC("passwd", password, SCHEMA_TEXT);
	case GRAPHICS_keymap:
		return VNC("keymap", keymap, SCHEMA_TEXT);
	case GRAPHICS_display:
		return SDL("display", display, SCHEMA_TEXT);
	case GRAPHICS_xauthority:
		return SDL("xauth", xauthority, SCHEMA_TEXT);
	}
	return true;
}

static void write_graphics(struct writing *writing, const struct ds_graphics *item)
{
	buffer_literal(writing->out, "    <graphics type='");
#define DS_GRAPHICS_FIELD(member, type, xml, sexpr) \
	if (!write_graphics_field(writing, item, GRAPHICS_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_GRAPHICS, item, \
			GRAPHICS_##member);
#include "record/devices.def"
	buffer_literal(writing->out, "/>\n");
}

/* ---- other devices ---- */

FIELD_SWITCH expresses_pci_field(enum pci_field field)
{
	switch (field) {
	case PCI_domain:
	case PCI_bus:
	case PCI_slot:
	case PCI_function:
	case PCI_managed:
		return true;
	}
	return true;
}

static void write_pci(struct writing *writing, const struct ds_pci *item)
{
	char address[128];

	if (!writer_can_express_pci(writing, item))
		return;
#define DS_PCI_FIELD(member, type, xml, sexpr) \
	if (!expresses_pci_field(PCI_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_PCI, item, PCI_##member);
#include "record/devices.def"
	snprintf(address, sizeof address,
		"        <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n",
		item->domain, item->bus, item->slot, item->function);
	buffer_string(writing->out,
		item->managed ? "    <hostdev mode='subsystem' type='pci' managed='yes'>\n"
			      : "    <hostdev mode='subsystem' type='pci' managed='no'>\n");
	buffer_literal(writing->out, "      <source>\n");
	buffer_string(writing->out, address);
	buffer_literal(writing->out, "      </source>\n    </hostdev>\n");
}

FIELD_SWITCH write_input_field(struct writing *writing, const struct ds_word *item,
	enum input_field field)
{
	switch (field) {
	case INPUT_word:
		xml_attribute(writing, TEXT(" type='"), item->word, SCHEMA_INPUT,
			"devices/input@type", item->at);
		return true;
	case INPUT_bus:
		xml_attribute(writing, TEXT(" bus='"), item->bus, SCHEMA_INPUT_BUS,
			"devices/input@bus", item->at);
		return true;
	}
	return true;
}

static void write_input(struct writing *writing, const struct ds_word *item)
{
	buffer_literal(writing->out, "    <input");
#define DS_INPUT_FIELD(member, type, xml, sexpr) \
	if (!write_input_field(writing, item, INPUT_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_INPUT, item, INPUT_##member);
#include "record/devices.def"
	buffer_literal(writing->out, "/>\n");
}

FIELD_SWITCH write_sound_field(struct writing *writing, const struct ds_word *item,
	enum sound_field field)
{
	switch (field) {
	case SOUND_word:
		xml_attribute(writing, TEXT(" model='"), item->word, SCHEMA_SOUND,
			"devices/sound@model", item->at);
		return true;
	case SOUND_bus:
		return false;
	}
	return true;
}

static void write_sound(struct writing *writing, const struct ds_word *item)
{
	buffer_literal(writing->out, "    <sound");
#define DS_SOUND_FIELD(member, type, xml, sexpr) \
	if (!write_sound_field(writing, item, SOUND_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_SOUND, item, SOUND_##member);
#include "record/devices.def"
	buffer_literal(writing->out, "/>\n");
}

void xml_write_devices(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->interface_count; i++)
		write_interface(writing, &domain->interfaces[i]);
	xml_write_chars(writing);
	for (size_t i = 0; i < domain->input_count; i++)
		write_input(writing, &domain->inputs[i]);
	for (size_t i = 0; i < domain->graphics_count; i++)
		write_graphics(writing, &domain->graphics[i]);
	for (size_t i = 0; i < domain->sound_count; i++)
		write_sound(writing, &domain->sounds[i]);
	for (size_t i = 0; i < domain->pci_count; i++)
		write_pci(writing, &domain->pcis[i]);
}
