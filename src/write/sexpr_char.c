/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/* Writes character devices in xend's form: one of qemu's words for each port in an HVM guest's
 * image. A PV guest only has its Xen console. Rules: libvirt's xenFormatSxprChr(). */

static void add_text(struct buffer *out, struct ds_text text)
{
	if (text.size)
		buffer_add(out, text.data, text.size);
}

/** Appends `HOST:PORT`, with brackets around a host that contains colons. */
static void add_end(struct buffer *out, struct ds_text host, struct ds_text service)
{
	bool has_colon = text_has(host, ':');

	buffer_string(out, has_colon ? "[" : "");
	add_text(out, host);
	buffer_string(out, has_colon ? "]:" : ":");
	add_text(out, service);
}

/** Writes a device as one of qemu's words. */
static void format_char(const struct ds_char *item, struct buffer *out)
{
	if (item->type != DS_CHAR_DEV)
		buffer_string(out, char_type_words[item->type]);
	if (item->type >= DS_CHAR_FILE && item->type != DS_CHAR_DEV)
		buffer_byte(out, ':');
	if (char_has_path(item))
		add_text(out, item->path);
	else if (char_is_wire(item))
		add_end(out, item->host, item->service);
	if (item->type == DS_CHAR_UDP && (item->bind_host.data || item->bind_service.data)) {
		buffer_byte(out, '@');
		add_end(out, item->bind_host, item->bind_service);
	}
	if (item->listens && char_can_listen(item))
		buffer_literal(out, ",server,nowait");
}

/** Returns whether SEXPR can express the device. A comma begins qemu's options, brackets enclose a
 * host, and an @ precedes the local end; these characters cannot be escaped. A device of the host
 * is recognized by its slash. */
static bool can_be_expressed(const struct ds_char *item)
{
	struct ds_text texts[] = {item->host, item->service, item->bind_host, item->bind_service};

	if (item->type == DS_CHAR_DEV)
		return text_starts(item->path, "/");
	if (item->type == DS_CHAR_UNIX)
		return !text_has(item->path, ',');
	for (size_t i = 0; char_is_wire(item) && i < sizeof texts / sizeof *texts; i++)
		if (text_has(texts[i], ',') || text_has(texts[i], '@') || text_has(texts[i], '[') ||
			text_has(texts[i], ']'))
			return false;
	return true;
}

/** Writes a device as one value, which is quoted as a whole if any part of it needs quotes. */
static void write_char(struct writing *writing, const struct ds_char *item)
{
	struct buffer word;

	if (!can_be_expressed(item)) {
		lose_device(writing, LOSS_NO_PLACE, DEVICES_CHAR, item, "");
		buffer_literal(writing->out, "none");
		return;
	}
	lose_char_fields(writing, item);
	buffer_init(&word);
	format_char(item, &word);
	sexpr_value(writing->out, (struct ds_text){word.data ? word.data : "", word.size});
	writing->out->failed |= word.failed;
	buffer_fini(&word);
}

/** The maximum number of ports of a kind; XML's own limit is lower. */
#define PORTS_MAX 256

/** The first device of each kind at each port; only these are written. */
struct ports {
	const struct ds_char *at[3][PORTS_MAX];
	/** The number after the last serial port that is written, or 0 if no serial port is
	 * written. */
	uint32_t serial_end;
	bool has_serial;
};

static void find_ports(const struct ds_domain *domain, struct ports *ports)
{
	memset(ports, 0, sizeof *ports);
	for (size_t i = 0; i < domain->char_count; i++) {
		const struct ds_char *item = &domain->chars[i];

		ports->has_serial |= item->kind == DS_CHAR_SERIAL;
		if (item->port >= PORTS_MAX || ports->at[item->kind][item->port])
			continue;
		ports->at[item->kind][item->port] = item;
		if (item->kind == DS_CHAR_SERIAL && item->port >= ports->serial_end &&
			(!item->port || can_be_expressed(item)))
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

/** Writes one port as a word, and several, or one that is not the first, as a list of words in
 * which `none` fills the gaps. */
static void write_serial(struct writing *writing, const struct ports *ports)
{
	const struct ds_char *console = ports->at[DS_CHAR_CONSOLE][0];

	sexpr_open(writing, TEXT(" (serial "));
	if (!ports->serial_end) {
		/* The console describes the port that it uses. The usual one may use any port: if
		 * there is a serial port, it uses that one. */
		bool has_port = console && !(ports->has_serial && console->type == DS_CHAR_PTY);

		write_port(writing, has_port ? console : NULL);
	} else if (ports->serial_end == 1) {
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

static bool same_char(const struct ds_char *one, const struct ds_char *other)
{
	const struct device_kind *kind = &device_kinds[DEVICES_CHAR];

	for (size_t i = 0; i < kind->member_count; i++)
		if (i != CHAR_kind && !member_same(&kind->members[i], one, other))
			return false;
	return true;
}

/** Adds losses of a second parallel port, of a second device at one port, and of a console beside a
 * serial port unless it uses that port or is the usual one. */
static void lose_char(struct writing *writing, const struct ports *ports,
	const struct ds_char *item)
{
	const struct ds_char *serial = ports->at[DS_CHAR_SERIAL][0];
	bool is_written = item->port < PORTS_MAX && ports->at[item->kind][item->port] == item;

	if (item->kind == DS_CHAR_SERIAL)
		is_written &= item->port < ports->serial_end;
	else
		is_written &= item->port == 0;
	if (item->kind == DS_CHAR_CONSOLE)
		is_written &= !ports->serial_end || item->type == DS_CHAR_PTY ||
			(serial && same_char(serial, item));
	if (!is_written)
		lose_device(writing, LOSS_NO_PLACE, DEVICES_CHAR, item, "");
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

void sexpr_lose_image_chars(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	size_t consoles = 0;

	for (size_t i = 0; i < domain->char_count; i++) {
		const struct ds_char *item = &domain->chars[i];

		if (item->kind != DS_CHAR_CONSOLE || item->port || item->type != DS_CHAR_PTY ||
			item->listens || consoles++)
			lose_device(writing, LOSS_NO_PLACE, DEVICES_CHAR, item, "");
		else
			lose_char_fields(writing, item);
	}
}
