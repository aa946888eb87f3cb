/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/words.h"

#include <stdio.h>

/* Devices other than disks as elements. */

/** `<name attribute='value'/>`, when the text is given; `begin` is all of that before the value. */
static void child(struct writing *writing, struct ds_text begin, struct ds_text value, enum schema place, const char *path,
		  size_t at)
{
	if (!text_given(value))
		return;
	xml_attribute(writing, begin, value, place, path, at);
	buffer_literal(writing->out, "/>\n");
}

static void write_interface_source(struct writing *writing, const struct ds_interface *item)
{
	static const char path[] = "devices/interface/source";

	if (item->type == DS_INTERFACE_NETWORK)
		child(writing, TEXT("      <source network='"), item->source, SCHEMA_TEXT, path, item->at);
	else if (item->type == DS_INTERFACE_BRIDGE)
		child(writing, TEXT("      <source bridge='"), item->source, SCHEMA_BRIDGE, path, item->at);
	else if (text_given(item->source))
		lose(writing, LOSS_NO_PLACE, path, item->source, item->at);
}

static void write_interface(struct writing *writing, const struct ds_interface *item)
{
	const char *type = interface_words[item->type];
	struct buffer *out = writing->out;

	buffer_literal(out, "    <interface type='");
	buffer_string(out, type ? type : "ethernet");
	buffer_literal(out, "'>\n");
	child(writing, TEXT("      <mac address='"), item->mac, SCHEMA_MAC, "devices/interface/mac@address", item->at);
	write_interface_source(writing, item);
	child(writing, TEXT("      <ip address='"), item->ip, SCHEMA_ADDRESS, "devices/interface/ip@address", item->at);
	child(writing, TEXT("      <script path='"), item->script, SCHEMA_FILE, "devices/interface/script@path", item->at);
	child(writing, TEXT("      <target dev='"), item->target, SCHEMA_DEVICE, "devices/interface/target@dev", item->at);
	child(writing, TEXT("      <backenddomain name='"), item->backend, SCHEMA_LINE, "devices/interface/backenddomain@name", item->at);
	child(writing, TEXT("      <model type='"), item->model, SCHEMA_MODEL, "devices/interface/model@type", item->at);
	if (text_given(item->vif_type) && !text_is(item->vif_type, "ioemu") && !text_same(item->vif_type, item->model))
		lose(writing, LOSS_NO_PLACE, "device/vif/type", item->vif_type, item->at);
	if (item->rate_kib) {
		buffer_literal(out, "      <bandwidth>\n        <outbound");
		xml_number(writing, TEXT(" average='"), (int64_t)item->rate_kib);
		xml_limit(writing, item->rate_kib, UINT32_MAX, "devices/interface/bandwidth/outbound@average", item->at);
		buffer_literal(out, "/>\n      </bandwidth>\n");
	}
	buffer_literal(out, "    </interface>\n");
}

/* ---- character devices --------------------------------------------------------------------------------- */

#define CHAR_PATHS(name)                                                                                     \
	{"devices/" name, "devices/" name "/source", "devices/" name "/source@path", "devices/" name "/source@mode", \
	 "devices/" name "/source@host", "devices/" name "/source@service"}

const char *xml_char_path(enum ds_char_kind kind, enum char_part part)
{
	static const char *const paths[3][6] = {CHAR_PATHS("serial"), CHAR_PATHS("parallel"), CHAR_PATHS("console")};

	return paths[kind][part];
}

static void write_end(struct writing *writing, const char *mode, struct ds_text host, struct ds_text service,
		      const struct ds_char *item)
{
	if (!host.data && !service.data)
		return;
	buffer_literal(writing->out, "      <source");
	if (mode)
		xml_attribute(writing, TEXT(" mode='"), (struct ds_text){mode, strlen(mode)}, SCHEMA_TEXT, "", item->at);
	xml_attribute(writing, TEXT(" host='"), host, SCHEMA_TEXT, xml_char_path(item->kind, CHAR_PART_HOST), item->at);
	xml_attribute(writing, TEXT(" service='"), service, SCHEMA_TEXT, xml_char_path(item->kind, CHAR_PART_SERVICE), item->at);
	buffer_literal(writing->out, "/>\n");
}

static void write_char_source(struct writing *writing, const struct ds_char *item)
{
	const char *mode = item->listens ? "bind" : "connect";

	switch (item->type) {
	case DS_CHAR_FILE:
	case DS_CHAR_PIPE:
	case DS_CHAR_DEV:
		child(writing, TEXT("      <source path='"), item->path, SCHEMA_TEXT, xml_char_path(item->kind, CHAR_PART_PATH), item->at);
		break;
	case DS_CHAR_UNIX:
		buffer_literal(writing->out, "      <source");
		xml_attribute(writing, TEXT(" mode='"), (struct ds_text){mode, strlen(mode)}, SCHEMA_TEXT, "", item->at);
		xml_attribute(writing, TEXT(" path='"), item->path, SCHEMA_TEXT, xml_char_path(item->kind, CHAR_PART_PATH), item->at);
		buffer_literal(writing->out, "/>\n");
		break;
	case DS_CHAR_TCP:
	case DS_CHAR_TELNET:
		write_end(writing, mode, item->host, item->service, item);
		buffer_string(writing->out, item->type == DS_CHAR_TELNET ? "      <protocol type='telnet'/>\n" :
									  "      <protocol type='raw'/>\n");
		break;
	case DS_CHAR_UDP:
		write_end(writing, "bind", item->bind_host, item->bind_service, item);
		write_end(writing, "connect", item->host, item->service, item);
		break;
	default:
		break;
	}
}

static void write_char(struct writing *writing, const struct ds_char *item, const char *element)
{
	struct buffer *out = writing->out;
	enum ds_char_type type = item->type == DS_CHAR_TELNET ? DS_CHAR_TCP : item->type;
	int is_console = strcmp(element, "console") == 0;

	buffer_literal(out, "    <");
	buffer_string(out, element);
	buffer_literal(out, " type='");
	buffer_string(out, char_type_words[type]);
	buffer_literal(out, "'>\n");
	write_char_source(writing, item);
	buffer_literal(out, "      <target");
	if (is_console)
		buffer_string(out, writing->domain->is_hvm ? " type='serial'" : " type='xen'");
	xml_number(writing, TEXT(" port='"), item->port);
	buffer_literal(out, "/>\n    </");
	buffer_string(out, element);
	buffer_literal(out, ">\n");
}

static void write_chars(struct writing *writing, enum ds_char_kind kind, const char *element)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->char_count; i++)
		if (domain->chars[i].kind == kind)
			write_char(writing, &domain->chars[i], element);
}

/* ---- graphics ------------------------------------------------------------------------------------------ */

/** Without a port, xend 3.0.2 took 5900 and the domain's number; later ones choose when the guest starts. */
static int32_t port_of(const struct writing *writing, const struct ds_graphics *item)
{
	int64_t id = writing->domain->id;

	if (item->port)
		return item->port;
	if (writing->domain->format == DS_FORMAT_SEXPR && writing->options->xend == DS_XEND_302 && id > 0 && id < 50000)
		return VNC_PORT + (int32_t)id;
	return -1;
}

static void write_vnc(struct writing *writing, const struct ds_graphics *item)
{
	int32_t port = port_of(writing, item);

	buffer_literal(writing->out, "    <graphics type='vnc'");
	xml_number(writing, TEXT(" port='"), port);
	buffer_string(writing->out, port == -1 ? " autoport='yes'" : " autoport='no'");
	xml_attribute(writing, TEXT(" listen='"), item->listen, SCHEMA_HOST, "devices/graphics@listen", item->at);
	xml_attribute(writing, TEXT(" passwd='"), item->password, SCHEMA_TEXT, "devices/graphics@passwd", item->at);
	xml_attribute(writing, TEXT(" keymap='"), item->keymap, SCHEMA_TEXT, "devices/graphics@keymap", item->at);
	buffer_literal(writing->out, "/>\n");
	if (item->display.data)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@display", item->display, item->at);
	if (item->xauthority.data)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@xauth", item->xauthority, item->at);
}

static void write_graphics(struct writing *writing, const struct ds_graphics *item)
{
	if (item->type == DS_GRAPHICS_VNC) {
		write_vnc(writing, item);
		return;
	}
	buffer_literal(writing->out, "    <graphics type='sdl'");
	xml_attribute(writing, TEXT(" display='"), item->display, SCHEMA_TEXT, "devices/graphics@display", item->at);
	xml_attribute(writing, TEXT(" xauth='"), item->xauthority, SCHEMA_TEXT, "devices/graphics@xauth", item->at);
	buffer_literal(writing->out, "/>\n");
	if (item->keymap.data)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@keymap", item->keymap, item->at);
	if (item->listen.data)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@listen", item->listen, item->at);
	if (item->password.data)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@passwd", item->password, item->at);
}

static void write_pci(struct writing *writing, const struct ds_pci *item)
{
	char address[128];

	if (!can_say_pci(writing, item))
		return;
	snprintf(address, sizeof address, "        <address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/>\n",
		 item->domain, item->bus, item->slot, item->function);
	buffer_string(writing->out, item->managed ? "    <hostdev mode='subsystem' type='pci' managed='yes'>\n" :
						    "    <hostdev mode='subsystem' type='pci' managed='no'>\n");
	buffer_literal(writing->out, "      <source>\n");
	buffer_string(writing->out, address);
	buffer_literal(writing->out, "      </source>\n    </hostdev>\n");
}

static void write_input(struct writing *writing, const struct ds_word *item)
{
	buffer_literal(writing->out, "    <input");
	xml_attribute(writing, TEXT(" type='"), item->word, SCHEMA_INPUT, "devices/input@type", item->at);
	xml_attribute(writing, TEXT(" bus='"), item->bus, SCHEMA_INPUT_BUS, "devices/input@bus", item->at);
	buffer_literal(writing->out, "/>\n");
}

void xml_write_devices(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->interface_count; i++)
		write_interface(writing, &domain->interfaces[i]);
	write_chars(writing, DS_CHAR_SERIAL, "serial");
	write_chars(writing, DS_CHAR_PARALLEL, "parallel");
	write_chars(writing, DS_CHAR_CONSOLE, "console");
	for (size_t i = 0; i < domain->input_count; i++)
		write_input(writing, &domain->inputs[i]);
	for (size_t i = 0; i < domain->graphics_count; i++)
		write_graphics(writing, &domain->graphics[i]);
	for (size_t i = 0; i < domain->sound_count; i++) {
		buffer_literal(writing->out, "    <sound");
		xml_attribute(writing, TEXT(" model='"), domain->sounds[i].word, SCHEMA_SOUND, "devices/sound@model",
			      domain->sounds[i].at);
		buffer_literal(writing->out, "/>\n");
	}
	for (size_t i = 0; i < domain->pci_count; i++)
		write_pci(writing, &domain->pcis[i]);
}
