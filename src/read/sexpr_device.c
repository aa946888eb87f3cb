/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/scalar.h"
#include "read/sexpr_reader.h"
#include "record/text.h"
#include "record/words.h"

/* Reads devices other than disks: network interfaces, frame buffers, character devices, PCI
 * devices. */

/* ---- character devices ---- */

/** Parses `HOST:PORT`; a host with colons is in brackets. */
static void set_end(struct ds_text text, struct ds_text *host, struct ds_text *service)
{
	struct ds_text rest;

	if (!text_starts(text, "[")) {
		*host = text_split(text, ':', service);
		return;
	}
	*host = text_split(text_from(text, 1), ']', &rest);
	*service = text_starts(rest, ":") ? text_from(rest, 1) : (struct ds_text){NULL, 0};
}

/** Parses what follows the type of a device (qemu's chardev): a path; `HOST:PORT`; for `udp`, both
 * ends. After the socket on which a device listens comes `,server,nowait`; libvirt does not support
 * any other options. Returns false if there are such. */
static bool set_source(struct ds_char *item, struct ds_text source)
{
	struct ds_text options = {NULL, 0}, local;

	switch (item->type) {
	case DS_CHAR_FILE:
	case DS_CHAR_PIPE:
		item->path = source;
		break;
	case DS_CHAR_UNIX:
		item->path = text_split(source, ',', &options);
		break;
	case DS_CHAR_TCP:
	case DS_CHAR_TELNET:
		source = text_split(source, ',', &options);
		set_end(source, &item->host, &item->service);
		break;
	case DS_CHAR_UDP:
		source = text_split(source, '@', &local);
		set_end(source, &item->host, &item->service);
		if (local.data)
			set_end(local, &item->bind_host, &item->bind_service);
		break;
	default:
		break;
	}
	item->listens = text_starts(options, "server");
	return !options.data || text_is(options, "server,nowait");
}

/** Adds a character device: "pty", "file:/x", "tcp:host:port,server", … Returns false when its type
 * or its options are unknown. */
static bool add_char(struct sexpr_reader *reader, size_t port, struct ds_text value)
{
	struct ds_text rest;
	struct ds_text word = text_split(value, ':', &rest);
	/* A device of the host is written as its path, without a word. */
	bool is_path = text_starts(value, "/");
	int type = is_path ? DS_CHAR_DEV : words_find(char_type_words, word);
	struct ds_char *item;

	if (type < 0 || (type == DS_CHAR_DEV && !is_path))
		return false;
	item = builder_device(&reader->state->builder, DEVICES_CHAR, reader->at);
	item->kind = (enum ds_char_kind)reader->key->member;
	item->port = (uint32_t)port;
	item->type = (enum ds_char_type)type;
	if (is_path)
		item->path = value;
	return set_source(item, rest);
}

/** Reads a word for one port, or a list of words for several; `none` skips the number of a port. */
bool sexpr_read_ports(struct sexpr_reader *reader, struct ds_text value)
{
	bool is_known = true;

	for (size_t i = 0; i < reader->value_count; i++) {
		value = reader->values[i].text;
		if (text_given(value) && !text_is(value, "none") && !text_is(value, "None"))
			is_known &= add_char(reader, i, value);
	}
	return is_known;
}

/* ---- frame buffers ---- */

/** Returns the settings to which the current key belongs, and sets their position. */
static struct sexpr_graphics *graphics_of(struct sexpr_reader *reader)
{
	struct sexpr_graphics *graphics =
		reader->key->context == SEXPR_VFB ? &reader->vfb_graphics : &reader->image_graphics;

	if (!graphics->at)
		graphics->at = reader->stack[reader->level].at;
	return graphics;
}

/** Reads (vnc 1), (sdl 1) or (vncunused 1). */
bool sexpr_read_vnc(struct sexpr_reader *reader, struct ds_text value)
{
	return sexpr_flag(value, sexpr_member(reader, graphics_of(reader)));
}

bool sexpr_read_display(struct sexpr_reader *reader, struct ds_text value)
{
	struct sexpr_graphics *graphics = graphics_of(reader);
	int64_t number;

	if (!value.size)
		return true;
	if (!text_signed(value, &number) || number < 0 || number > VNC_DISPLAY_MAX)
		return false;
	graphics->display = value;
	graphics->graphics.port = (int32_t)number + VNC_PORT;
	return true;
}

bool sexpr_read_graphics(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_text *member = sexpr_member(reader, graphics_of(reader));

	if (value.size)
		*member = value;
	return true;
}

bool sexpr_read_vfb_type(struct sexpr_reader *reader, struct ds_text value)
{
	struct sexpr_graphics *graphics = graphics_of(reader);

	graphics->is_sdl = text_is(value, "sdl");
	graphics->is_vnc = text_is(value, "vnc");
	return graphics->is_sdl || graphics->is_vnc;
}

static void add_graphics(struct builder *builder, const struct sexpr_graphics *from,
	enum ds_graphics_type type)
{
	struct ds_graphics *item = builder_device(builder, DEVICES_GRAPHICS, from->at);

	*item = from->graphics;
	item->at = from->at;
	item->type = type;
	if (type == DS_GRAPHICS_SDL)
		item->port = 0;
	else if (from->unused == DS_FLAG_ON)
		item->port = -1;
}

/** Adds extras for the graphics settings of the image that differ from those of the vfb device,
 * which are used. The dump of an HVM guest has both, and they usually agree. */
static void lose_image_graphics(struct sexpr_reader *reader)
{
	const struct sexpr_graphics *vfb = &reader->vfb_graphics, *image = &reader->image_graphics;
	const struct ds_graphics *used = &vfb->graphics, *given = &image->graphics;
	const struct {
		struct ds_text path, given, used;
		const char *usual;
	} texts[] = {
		{TEXT("image/vncdisplay"), image->display, vfb->display, "0"},
		{TEXT("image/vnclisten"), given->listen, used->listen, ""},
		{TEXT("image/vncpasswd"), given->password, used->password, ""},
		{TEXT("image/keymap"), given->keymap, used->keymap, ""},
		{TEXT("image/display"), given->display, used->display, ""},
		{TEXT("image/xauthority"), given->xauthority, used->xauthority, ""},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (text_given(texts[i].given) && !text_same(texts[i].given, texts[i].used))
			read_extra(reader->state,
				text_is(texts[i].given, texts[i].usual) ? DS_EXTRA_DEFAULT
									: DS_EXTRA_KNOWN,
				texts[i].path, image->at, texts[i].given);
}

/** Adds the frame buffer. A vfb device describes it; without one, the image does. The `type` of a
 * vfb is newer than the flags `vnc` and `sdl`, and is used rather than these; without a type, the
 * flag that is on decides. */
void sexpr_graphics_end(struct sexpr_reader *reader)
{
	bool is_vfb = reader->vfb_graphics.at;
	const struct sexpr_graphics *from =
		is_vfb ? &reader->vfb_graphics : &reader->image_graphics;
	bool has_vnc = from->vnc == DS_FLAG_ON, has_sdl = from->sdl == DS_FLAG_ON;
	bool is_on = is_vfb || has_vnc || has_sdl;
	bool is_sdl = from->is_sdl || (!from->is_vnc && has_sdl && !has_vnc);

	if (is_vfb && (is_sdl ? has_vnc : has_sdl))
		read_extra(reader->state, DS_EXTRA_INVALID,
			is_sdl ? TEXT("device/vfb/vnc") : TEXT("device/vfb/sdl"), from->at,
			TEXT("1"));
	/* If nothing is on, the image has settings of a frame buffer that is switched off. */
	if (is_vfb || !is_on)
		lose_image_graphics(reader);
	if (is_on)
		add_graphics(&reader->state->builder, from,
			is_sdl ? DS_GRAPHICS_SDL : DS_GRAPHICS_VNC);
}

void sexpr_open_vfb(struct sexpr_reader *reader)
{
	reader->vfb_graphics.at = reader->stack[reader->level - 1].at;
}

/* ---- PCI devices ---- */

bool sexpr_read_pci(struct sexpr_reader *reader, struct ds_text value)
{
	return scalar_pci(reader->item, reader->key->member, value);
}

/* ---- network interfaces ---- */

/** Reads `N[GMK](B|b)/s[@T]`, bytes or bits per second, and converts it to KiB/s (libvirt's
 * xenParseSxprVifRate()). */
bool sexpr_read_rate(struct sexpr_reader *reader, struct ds_text value)
{
	static const char prefixes[] = "KMG";
	struct ds_interface *item = reader->item;
	struct ds_text interval, rate = text_split(value, '@', &interval), number = rate;
	const char *prefix;
	uint64_t amount, scale = 1;
	bool is_bits;

	while (number.size && !byte_is_digit(number.data[number.size - 1]))
		number.size--;
	rate = text_from(rate, number.size);
	prefix = rate.size ? memchr(prefixes, *rate.data, sizeof prefixes - 1) : NULL;
	if (prefix) {
		scale = (uint64_t)1024 << 10 * (prefix - prefixes);
		rate = text_from(rate, 1);
	}
	is_bits = text_is(rate, "b/s");
	if (!text_unsigned(number, &amount) || (!is_bits && !text_is(rate, "B/s")) ||
		amount > UINT64_MAX / scale)
		return false;
	item->rate_kib = amount * scale / 1024 / (is_bits ? 8 : 1);
	return item->rate_kib != 0 && !interval.data;
}

/** Returns a hardware address with colons; xl prints it without them. */
static struct ds_text with_colons(struct builder *builder, struct ds_text mac)
{
	char text[17];

	if (mac.size != 12)
		return mac;
	for (size_t i = 0; i < 12; i++) {
		if (byte_hex(mac.data[i]) < 0)
			return mac;
		text[i + i / 2] = mac.data[i];
		if (i % 2 && i < 11)
			text[i + i / 2 + 1] = ':';
	}
	return builder_text(builder, text, sizeof text);
}

/** Sets what depends on several keys of an interface. With a bridge, or the script that creates
 * one, it is a bridged interface, as in libvirt. */
static void settle_interface(struct builder *builder, struct ds_interface *item)
{
	item->mac = with_colons(builder, item->mac);
	item->type = text_given(item->source) || text_is(item->script, "vif-bridge")
		? DS_INTERFACE_BRIDGE
		: DS_INTERFACE_ETHERNET;
	if (!text_given(item->model) && text_is(item->vif_type, "netfront"))
		item->model = item->vif_type;
}

/** Begins a device. Its position is that of `(device …)`; if that contains several lists, which
 * xend only prints for PCI devices, each of the others has its own position. */
void sexpr_open_device(struct sexpr_reader *reader)
{
	enum devices kind = (enum devices)reader->key->kind;
	size_t at = reader->stack[reader->level - 1].at;

	if (kind == DEVICES_PCI || at == reader->device_at)
		at = reader->at;
	else
		reader->device_at = at;
	reader->item = builder_device(&reader->state->builder, kind, at);
	if (kind == DEVICES_DISK)
		((struct ds_disk *)reader->item)->klass = (enum ds_class)reader->key->member;
}

/** Ends a disk. xend treats one without a mode as read-only. xl has another key for the mode. */
static void end_disk(struct sexpr_reader *reader, struct ds_disk *disk)
{
	if (!disk->mode.data && !reader->has_readwrite)
		disk->readonly = true;
	reader->has_readwrite = false;
	builder_disk_end(&reader->state->builder);
}

void sexpr_device_end(struct sexpr_reader *reader, enum sexpr_context context)
{
	if (context == SEXPR_VIF)
		settle_interface(&reader->state->builder, reader->item);
	if (context == SEXPR_DISK)
		end_disk(reader, reader->item);
}
