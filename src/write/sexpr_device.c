/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/words.h"

#include <stdio.h>

/* Devices other than disks as SEXPR. Rules: libvirt's xenFormatSxprNet(), xenFormatSxprChr() and what they call. */

/* ---- network interfaces -------------------------------------------------------------------------------- */

static void write_rate(struct writing *writing, const struct ds_interface *item)
{
	char text[32];
	int size = snprintf(text, sizeof text, "%lluKB/s", (unsigned long long)item->rate_kib);

	if (item->rate_kib)
		sexpr_text(writing, TEXT(" (rate "), (struct ds_text){text, (size_t)size});
}

/** Up to xend 3.0.4 an HVM guest's interface says that it is emulated, unless it is not. */
static void write_model(struct writing *writing, const struct ds_interface *item)
{
	int says_type = writing->domain->is_hvm && writing->options->xend < DS_XEND_31;

	if (writing->domain->is_hvm && text_is(item->model, "netfront")) {
		sexpr_text(writing, TEXT(" (type "), item->model);
		return;
	}
	if (text_given(item->model))
		sexpr_text(writing, TEXT(" (model "), item->model);
	if (says_type)
		sexpr_text(writing, TEXT(" (type "), TEXT("ioemu"));
}

/** The type that is read again: that of a bridge, or of the script that makes one. */
static void lose_interface_type(struct writing *writing, const struct ds_interface *item)
{
	struct ds_text script = text_given(item->script) || item->type == DS_INTERFACE_ETHERNET ? item->script : TEXT("vif-bridge");
	int is_bridge = (item->type == DS_INTERFACE_BRIDGE && text_given(item->source)) || text_is(script, "vif-bridge");

	if (item->type == DS_INTERFACE_NETWORK)
		lose(writing, LOSS_NO_PLACE, "devices/interface@type", TEXT("network"), item->at);
	else if (item->type == DS_INTERFACE_BRIDGE && !is_bridge)
		lose(writing, LOSS_INCOMPLETE, "devices/interface@type", TEXT("bridge"), item->at);
	else if (item->type == DS_INTERFACE_ETHERNET && is_bridge)
		lose(writing, LOSS_NO_PLACE, "devices/interface@type", TEXT("ethernet"), item->at);
}

/** libvirt makes up vifD.N for a running guest, and vifD.N-emu beside it. */
static int is_made_up(struct ds_text name)
{
	struct ds_text rest = {NULL, 0};
	struct ds_text number = text_starts(name, "vif") ? text_split(text_from(name, 3), '.', &rest) : name;
	uint64_t value;

	if (!text_starts(name, "vif") || !text_unsigned(number, &value))
		return 0;
	number = text_split(rest, '-', &rest);
	return text_unsigned(number, &value) && (!rest.data || text_is(rest, "emu"));
}

static void write_interface(struct writing *writing, const struct ds_interface *item)
{
	uint64_t number;

	lose_interface_type(writing, item);
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing, TEXT(" (vif"));
	if (text_given(item->mac))
		sexpr_text(writing, TEXT(" (mac "), item->mac);
	write_rate(writing, item);
	if (item->type == DS_INTERFACE_BRIDGE) {
		if (text_given(item->source))
			sexpr_text(writing, TEXT(" (bridge "), item->source);
		sexpr_text(writing, TEXT(" (script "), text_given(item->script) ? item->script : TEXT("vif-bridge"));
	} else {
		/* Which bridge a libvirt network has is known on its host alone. */
		if (text_given(item->source))
			lose(writing, LOSS_NO_PLACE, "devices/interface/source", item->source, item->at);
		if (text_given(item->script))
			sexpr_text(writing, TEXT(" (script "), item->script);
		else if (item->type == DS_INTERFACE_NETWORK)
			sexpr_text(writing, TEXT(" (script "), TEXT("vif-bridge"));
	}
	if (text_given(item->ip))
		sexpr_text(writing, TEXT(" (ip "), item->ip);
	if (text_given(item->target) && !is_made_up(item->target))
		sexpr_text(writing, TEXT(" (vifname "), item->target);
	write_model(writing, item);
	/* xend takes a number for that of a running domain. */
	if (text_unsigned(item->backend, &number) && number)
		lose(writing, LOSS_NO_PLACE, "devices/interface/backenddomain@name", item->backend, item->at);
	else if (text_given(item->backend))
		sexpr_text(writing, TEXT(" (backend "), item->backend);
	sexpr_close(writing);
	sexpr_close(writing);
}

/* ---- graphics ------------------------------------------------------------------------------------------ */

static void lose_sdl(struct writing *writing, const struct ds_graphics *item)
{
	if (text_given(item->display))
		lose(writing, LOSS_NO_PLACE, "devices/graphics@display", item->display, item->at);
	if (text_given(item->xauthority))
		lose(writing, LOSS_NO_PLACE, "devices/graphics@xauth", item->xauthority, item->at);
}

static void write_vnc(struct writing *writing, const struct ds_graphics *item)
{
	int has_display = item->port >= VNC_PORT;

	/* xend counts displays, and the first is at this port. */
	sexpr_number(writing, TEXT(" (vncunused "), !has_display);
	if (has_display)
		sexpr_number(writing, TEXT(" (vncdisplay "), item->port - VNC_PORT);
	else if (item->port > 0)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@port", (struct ds_text){NULL, 0}, item->at);
	if (text_given(item->listen))
		sexpr_text(writing, TEXT(" (vnclisten "), item->listen);
	if (text_given(item->password))
		sexpr_text(writing, TEXT(" (vncpasswd "), item->password);
	if (text_given(item->keymap))
		sexpr_text(writing, TEXT(" (keymap "), item->keymap);
}

static void lose_vnc(struct writing *writing, const struct ds_graphics *item)
{
	struct ds_text none = {NULL, 0};

	if (item->port > 0)
		lose(writing, LOSS_NO_PLACE, "devices/graphics@port", none, item->at);
	if (text_given(item->listen))
		lose(writing, LOSS_NO_PLACE, "devices/graphics@listen", item->listen, item->at);
	if (text_given(item->password))
		lose(writing, LOSS_NO_PLACE, "devices/graphics@passwd", none, item->at);
	if (text_given(item->keymap))
		lose(writing, LOSS_NO_PLACE, "devices/graphics@keymap", item->keymap, item->at);
}

static void write_sdl(struct writing *writing, const struct ds_graphics *item)
{
	if (text_given(item->display))
		sexpr_text(writing, TEXT(" (display "), item->display);
	if (text_given(item->xauthority))
		sexpr_text(writing, TEXT(" (xauthority "), item->xauthority);
	lose_vnc(writing, item);
}

/** xend has one frame buffer a guest, here and in a vfb device. */
static const struct ds_graphics *the_graphics(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 1; i < domain->graphics_count; i++)
		lose(writing, LOSS_NO_PLACE, "devices/graphics", (struct ds_text){NULL, 0}, domain->graphics[i].at);
	return domain->graphics_count ? domain->graphics : NULL;
}

void sexpr_write_image_graphics(struct writing *writing)
{
	const struct ds_graphics *item;

	if (!writing->domain->is_hvm && writing->options->xend >= DS_XEND_304)
		return;
	item = the_graphics(writing);
	if (!item)
		return;
	if (item->type == DS_GRAPHICS_SDL) {
		sexpr_number(writing, TEXT(" (sdl "), 1);
		write_sdl(writing, item);
		return;
	}
	sexpr_number(writing, TEXT(" (vnc "), 1);
	lose_sdl(writing, item);
	/* 3.0.2 takes 5900 and the domain's number for its port, and knows nothing of the rest. */
	if (writing->options->xend > DS_XEND_302)
		write_vnc(writing, item);
	else
		lose_vnc(writing, item);
}

static void write_frame_buffer(struct writing *writing)
{
	const struct ds_graphics *item;

	if (writing->domain->is_hvm || writing->options->xend < DS_XEND_304)
		return;
	item = the_graphics(writing);
	if (!item)
		return;
	buffer_literal(writing->out, " (device (vkbd))");
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing, TEXT(" (vfb"));
	sexpr_text(writing, TEXT(" (type "), item->type == DS_GRAPHICS_SDL ? TEXT("sdl") : TEXT("vnc"));
	if (item->type == DS_GRAPHICS_SDL) {
		write_sdl(writing, item);
	} else {
		write_vnc(writing, item);
		lose_sdl(writing, item);
	}
	sexpr_close(writing);
	sexpr_close(writing);
}

/* ---- character devices --------------------------------------------------------------------------------- */

static void add_text(struct buffer *out, struct ds_text text)
{
	if (text.size)
		buffer_add(out, text.data, text.size);
}

/** `HOST:PORT`; brackets around a host that has colons. */
static void add_end(struct buffer *out, struct ds_text host, struct ds_text service)
{
	int has_colon = text_has(host, ':');

	buffer_string(out, has_colon ? "[" : "");
	add_text(out, host);
	buffer_string(out, has_colon ? "]:" : ":");
	add_text(out, service);
}

/** Puts a device into one word of qemu's. */
static void format_char(const struct ds_char *item, struct buffer *out)
{
	if (item->type != DS_CHAR_DEV)
		buffer_string(out, char_type_words[item->type]);
	if (item->type >= DS_CHAR_FILE && item->type != DS_CHAR_DEV)
		buffer_byte(out, ':');
	switch (item->type) {
	case DS_CHAR_FILE:
	case DS_CHAR_PIPE:
	case DS_CHAR_DEV:
	case DS_CHAR_UNIX:
		add_text(out, item->path);
		break;
	case DS_CHAR_TCP:
	case DS_CHAR_TELNET:
	case DS_CHAR_UDP:
		add_end(out, item->host, item->service);
		break;
	default:
		break;
	}
	if (item->type == DS_CHAR_UDP && (item->bind_host.data || item->bind_service.data)) {
		buffer_byte(out, '@');
		add_end(out, item->bind_host, item->bind_service);
	}
	if (item->listens && (item->type == DS_CHAR_UNIX || item->type == DS_CHAR_TCP || item->type == DS_CHAR_TELNET))
		buffer_literal(out, ",server,nowait");
}

static int is_wire(const struct ds_char *item)
{
	return item->type == DS_CHAR_TCP || item->type == DS_CHAR_TELNET || item->type == DS_CHAR_UDP;
}

/** A comma begins options of qemu's, brackets stand around a host, and what follows @ is the local end: none of them has an
 * escape there. A device of the host is known by its slash. */
static int can_be_said(const struct ds_char *item)
{
	struct ds_text texts[] = {item->host, item->service, item->bind_host, item->bind_service};

	if (item->type == DS_CHAR_DEV)
		return text_starts(item->path, "/");
	if (item->type == DS_CHAR_UNIX)
		return !text_has(item->path, ',');
	for (size_t i = 0; is_wire(item) && i < sizeof texts / sizeof *texts; i++)
		if (text_has(texts[i], ',') || text_has(texts[i], '@') || text_has(texts[i], '[') || text_has(texts[i], ']'))
			return 0;
	return 1;
}

static void lose_char_part(struct writing *writing, const struct ds_char *item, enum char_part part, struct ds_text value)
{
	if (text_given(value))
		lose(writing, LOSS_NO_PLACE, xml_char_path(item->kind, part), value, item->at);
}

/** What a device of its type does not have. The path of a `pty` is state of the running domain. */
static void lose_char_parts(struct writing *writing, const struct ds_char *item)
{
	int has_path = item->type == DS_CHAR_FILE || item->type == DS_CHAR_PIPE || item->type == DS_CHAR_DEV ||
		       item->type == DS_CHAR_UNIX || item->type == DS_CHAR_PTY;

	if (!has_path)
		lose_char_part(writing, item, CHAR_PART_PATH, item->path);
	if (!is_wire(item)) {
		lose_char_part(writing, item, CHAR_PART_HOST, item->host);
		lose_char_part(writing, item, CHAR_PART_SERVICE, item->service);
	}
	if (item->listens && item->type != DS_CHAR_UNIX && !is_wire(item))
		lose_char_part(writing, item, CHAR_PART_MODE, TEXT("bind"));
}

/** The word as one value, quoted as a whole when any part of it needs that. */
static void write_char(struct writing *writing, const struct ds_char *item)
{
	struct buffer word;

	if (!can_be_said(item)) {
		lose(writing, LOSS_NO_PLACE, xml_char_path(item->kind, CHAR_PART_SOURCE), is_wire(item) ? item->host : item->path,
		     item->at);
		buffer_literal(writing->out, "none");
		return;
	}
	lose_char_parts(writing, item);
	buffer_init(&word);
	format_char(item, &word);
	sexpr_value(writing->out, (struct ds_text){word.data ? word.data : "", word.size});
	writing->out->failed |= word.failed;
	buffer_fini(&word);
}

/** Ports that a kind may have here; XML's own limit is lower than that. */
#define PORTS_MAX 256

/** The first device of each kind at each port: those that are said. */
struct ports {
	const struct ds_char *at[3][PORTS_MAX];
	/** Behind the last serial port; 0: there is none. */
	uint32_t serial_end;
	int has_several;
};

static void find_ports(const struct ds_domain *domain, struct ports *ports)
{
	memset(ports, 0, sizeof *ports);
	for (size_t i = 0; i < domain->char_count; i++) {
		const struct ds_char *item = &domain->chars[i];

		if (item->port >= PORTS_MAX || ports->at[item->kind][item->port])
			continue;
		ports->at[item->kind][item->port] = item;
		if (item->kind != DS_CHAR_SERIAL)
			continue;
		ports->has_several |= ports->serial_end != 0 || item->port != 0;
		if (item->port >= ports->serial_end)
			ports->serial_end = item->port + 1;
	}
}

static void write_port(struct writing *writing, const struct ds_char *item)
{
	if (item)
		write_char(writing, item);
	else
		buffer_literal(writing->out, "none");
}

/** One port: a word. Several, or one that is not the first: a list of words in which `none` fills the gaps. */
static void write_serial(struct writing *writing, const struct ports *ports)
{
	sexpr_open(writing, TEXT(" (serial "));
	if (!ports->serial_end) {
		/* A console stands for the port that it is. */
		write_port(writing, ports->at[DS_CHAR_CONSOLE][0]);
	} else if (!ports->has_several) {
		write_port(writing, ports->at[DS_CHAR_SERIAL][0]);
	} else {
		for (uint32_t port = 0; port < ports->serial_end; port++) {
			buffer_byte(writing->out, port ? ' ' : '(');
			write_port(writing, ports->at[DS_CHAR_SERIAL][port]);
		}
		buffer_byte(writing->out, ')');
	}
	sexpr_close(writing);
}

/** A second parallel port, or a second device at one port; a console beside a serial port, unless it is the usual one. */
static void lose_char(struct writing *writing, const struct ports *ports, const struct ds_char *item)
{
	int is_written = item->port < PORTS_MAX && ports->at[item->kind][item->port] == item;

	if (item->kind != DS_CHAR_SERIAL)
		is_written &= item->port == 0;
	if (item->kind == DS_CHAR_CONSOLE)
		is_written &= !ports->serial_end || item->type == DS_CHAR_PTY;
	if (!is_written)
		lose(writing, LOSS_NO_PLACE, xml_char_path(item->kind, CHAR_PART_DEVICE), item->path, item->at);
}

void sexpr_write_image_chars(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ports ports;

	find_ports(domain, &ports);
	sexpr_open(writing, TEXT(" (parallel "));
	write_port(writing, ports.at[DS_CHAR_PARALLEL][0]);
	sexpr_close(writing);
	write_serial(writing, &ports);
	for (size_t i = 0; i < domain->char_count; i++)
		lose_char(writing, &ports, &domain->chars[i]);
}

/* ---- PCI devices --------------------------------------------------------------------------------------- */

/** One list holds all of them. */
static void write_pcis(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	int is_open = 0;

	for (size_t i = 0; i < domain->pci_count; i++) {
		const struct ds_pci *item = &domain->pcis[i];
		char text[128];

		if (!can_say_pci(writing, item))
			continue;
		if (!is_open) {
			sexpr_open(writing, TEXT(" (device"));
			sexpr_open(writing, TEXT(" (pci"));
			is_open = 1;
		}
		snprintf(text, sizeof text, " (dev (domain 0x%04x) (bus 0x%02x) (slot 0x%02x) (func 0x%x))", item->domain,
			 item->bus, item->slot, item->function);
		buffer_string(writing->out, text);
		if (item->managed)
			lose(writing, LOSS_NO_PLACE, "devices/hostdev@managed", TEXT("yes"), item->at);
	}
	if (is_open) {
		sexpr_close(writing);
		sexpr_close(writing);
	}
}

void sexpr_write_devices(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->interface_count; i++)
		write_interface(writing, &domain->interfaces[i]);
	write_pcis(writing);
	write_frame_buffer(writing);
}
