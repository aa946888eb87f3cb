/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include <stdio.h>

/* Writes network interfaces, frame buffers, sound cards, input and PCI devices as SEXPR.
 * Source: libvirt's xenFormatSxprNet() and the other functions that xenFormatSxpr() calls. */

/* ---- network interfaces ---- */

static void write_rate(struct writing *writing, const struct ds_interface *item)
{
	char text[32];
	int size = snprintf(text, sizeof text, "%lluKB/s", (unsigned long long)item->rate_kib);

	if (item->rate_kib)
		sexpr_text(writing, TEXT(" (rate "), (struct ds_text){text, (size_t)size});
}

/** Writes model and type. Up to xend 3.0.4, an interface of an HVM guest has the type `ioemu`
 * unless another one is set. */
static void write_model(struct writing *writing, const struct ds_interface *item)
{
	bool is_emulated = writing->domain->is_hvm && writing->options->xend < DS_XEND_31;

	if (writing->domain->is_hvm && text_is(item->model, "netfront")) {
		sexpr_text(writing, TEXT(" (type "), item->model);
		return;
	}
	sexpr_set_text(writing, TEXT(" (model "), item->model);
	if (is_emulated || text_given(item->vif_type))
		sexpr_set_text(writing, TEXT(" (type "),
			text_given(item->vif_type) ? item->vif_type : TEXT("ioemu"));
}

/** Returns the script that is written: xend's own for a bridge or network, unless one is set. */
static struct ds_text script_of(const struct ds_interface *item)
{
	if (text_given(item->script) && !words_is_unset(item->script))
		return item->script;
	if (item->type == DS_INTERFACE_BRIDGE || item->type == DS_INTERFACE_NETWORK)
		return TEXT("vif-bridge");
	return (struct ds_text){NULL, 0};
}

/** Returns whether the reader would read the output as a bridge: there is a bridge, or the script
 * that creates one. */
static bool reads_as_bridge(const struct ds_interface *item)
{
	return (item->type == DS_INTERFACE_BRIDGE && text_given(item->source) &&
		       !words_is_unset(item->source)) ||
		text_is(script_of(item), "vif-bridge");
}

static bool can_express_type(const struct ds_interface *item)
{
	switch (item->type) {
	case DS_INTERFACE_BRIDGE:
		return reads_as_bridge(item);
	case DS_INTERFACE_ETHERNET:
		return !reads_as_bridge(item);
	case DS_INTERFACE_NETWORK:
		return false;
	case DS_INTERFACE_OTHER:
		/* The reader has added the loss. */
		break;
	}
	return true;
}

/** Returns whether libvirt has generated a name for a running guest: vifD.N, or vifD.N-emu. */
static bool is_generated_name(struct ds_text name)
{
	struct ds_text rest = {NULL, 0};
	struct ds_text number =
		text_starts(name, "vif") ? text_split(text_from(name, 3), '.', &rest) : name;
	uint64_t value;

	if (!text_starts(name, "vif") || !text_unsigned(number, &value))
		return false;
	number = text_split(rest, '-', &rest);
	return text_unsigned(number, &value) && (!rest.data || text_is(rest, "emu"));
}

FIELD_SWITCH expresses_interface_field(struct writing *writing, const struct ds_interface *item,
	enum interface_field field)
{
	switch (field) {
	case INTERFACE_type:
		return can_express_type(item);
	case INTERFACE_source:
		/* Only the host knows the bridge of a libvirt network. */
		return item->type == DS_INTERFACE_BRIDGE && !words_is_unset(item->source);
	case INTERFACE_mac:
		return !words_is_unset(item->mac);
	case INTERFACE_script:
		return !words_is_unset(item->script);
	case INTERFACE_ip:
		return !words_is_unset(item->ip);
	case INTERFACE_target:
		return !words_is_unset(item->target);
	case INTERFACE_model:
		return !words_is_unset(item->model);
	case INTERFACE_backend:
		return sexpr_can_express_backend(item->backend);
	case INTERFACE_boot_order:
		return boot_has_interface_order(writing->domain, item);
	case INTERFACE_rate_kib:
	case INTERFACE_vif_type:
		return true;
	}
	return true;
}

static void lose_interface_fields(struct writing *writing, const struct ds_interface *item)
{
#define DS_INTERFACE_FIELD(member, type, xml, sexpr) \
	if (!expresses_interface_field(writing, item, INTERFACE_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_INTERFACE, item, \
			INTERFACE_##member);
#include "record/devices.def"
}

static void write_interface(struct writing *writing, const struct ds_interface *item)
{
	lose_interface_fields(writing, item);
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing, TEXT(" (vif"));
	sexpr_set_text(writing, TEXT(" (mac "), item->mac);
	write_rate(writing, item);
	if (item->type == DS_INTERFACE_BRIDGE)
		sexpr_set_text(writing, TEXT(" (bridge "), item->source);
	sexpr_set_text(writing, TEXT(" (script "), script_of(item));
	sexpr_set_text(writing, TEXT(" (ip "), item->ip);
	if (!is_generated_name(item->target))
		sexpr_set_text(writing, TEXT(" (vifname "), item->target);
	write_model(writing, item);
	sexpr_write_backend(writing, item->backend);
	sexpr_close(writing);
	sexpr_close(writing);
}

/* ---- graphics ---- */

static bool is_display(int32_t port)
{
	return port >= VNC_PORT && port - VNC_PORT <= VNC_DISPLAY_MAX;
}

/** Returns whether SEXPR can express a field of a frame buffer. In xend 3.0.2, VNC has no
 * settings, and its port follows from the domain's id. */
FIELD_SWITCH expresses_graphics_field(struct writing *writing, const struct ds_graphics *item,
	enum graphics_field field)
{
	bool is_vnc = item->type == DS_GRAPHICS_VNC && writing->options->xend > DS_XEND_302;
	bool is_sdl = item->type == DS_GRAPHICS_SDL;

	switch (field) {
	case GRAPHICS_type:
		return true;
	case GRAPHICS_port:
		return item->port <= 0 || (is_vnc && is_display(item->port));
	case GRAPHICS_listen:
		return is_vnc && !words_is_unset(item->listen);
	case GRAPHICS_password:
		return is_vnc && !words_is_unset(item->password);
	case GRAPHICS_keymap:
		return is_vnc && !words_is_unset(item->keymap);
	case GRAPHICS_display:
		return is_sdl && !words_is_unset(item->display);
	case GRAPHICS_xauthority:
		return is_sdl && !words_is_unset(item->xauthority);
	}
	return true;
}

static void lose_graphics_fields(struct writing *writing, const struct ds_graphics *item)
{
#define DS_GRAPHICS_FIELD(member, type, xml, sexpr) \
	if (!expresses_graphics_field(writing, item, GRAPHICS_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_GRAPHICS, item, \
			GRAPHICS_##member);
#include "record/devices.def"
}

/** Writes the settings of VNC. xend numbers displays instead of ports, and chooses a display itself
 * unless a number is set. */
static void write_vnc(struct writing *writing, const struct ds_graphics *item)
{
	sexpr_number(writing, TEXT(" (vncunused "), !is_display(item->port));
	if (is_display(item->port))
		sexpr_number(writing, TEXT(" (vncdisplay "), item->port - VNC_PORT);
	sexpr_set_text(writing, TEXT(" (vnclisten "), item->listen);
	sexpr_set_text(writing, TEXT(" (vncpasswd "), item->password);
	sexpr_set_text(writing, TEXT(" (keymap "), item->keymap);
}

static void write_sdl(struct writing *writing, const struct ds_graphics *item)
{
	sexpr_set_text(writing, TEXT(" (display "), item->display);
	sexpr_set_text(writing, TEXT(" (xauthority "), item->xauthority);
}

/** Returns the frame buffer that is written: xend has one for each guest, whether it is in the
 * image or in a vfb device. Adds the losses of all others. */
static const struct ds_graphics *written_graphics(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 1; i < domain->graphics_count; i++)
		lose_device(writing, LOSS_NO_PLACE, DEVICES_GRAPHICS, &domain->graphics[i], "");
	return domain->graphics_count ? domain->graphics : NULL;
}

void sexpr_write_image_graphics(struct writing *writing)
{
	const struct ds_graphics *item;

	if (!writing->domain->is_hvm && writing->options->xend >= DS_XEND_304)
		return;
	item = written_graphics(writing);
	if (!item)
		return;
	lose_graphics_fields(writing, item);
	sexpr_number(writing, item->type == DS_GRAPHICS_SDL ? TEXT(" (sdl ") : TEXT(" (vnc "), 1);
	if (item->type == DS_GRAPHICS_SDL)
		write_sdl(writing, item);
	else if (writing->options->xend > DS_XEND_302)
		write_vnc(writing, item);
}

static void write_frame_buffer(struct writing *writing)
{
	const struct ds_graphics *item;

	if (writing->domain->is_hvm || writing->options->xend < DS_XEND_304)
		return;
	item = written_graphics(writing);
	if (!item)
		return;
	lose_graphics_fields(writing, item);
	buffer_literal(writing->out, " (device (vkbd))");
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing, TEXT(" (vfb"));
	sexpr_text(writing, TEXT(" (type "),
		item->type == DS_GRAPHICS_SDL ? TEXT("sdl") : TEXT("vnc"));
	if (item->type == DS_GRAPHICS_SDL)
		write_sdl(writing, item);
	else
		write_vnc(writing, item);
	sexpr_close(writing);
	sexpr_close(writing);
}

/* ---- sound cards and input devices ---- */

/** Returns whether SEXPR can express a sound card. In SEXPR, commas separate sound cards, and "all"
 * means several of them. */
static bool can_express_sound(const struct ds_word *item)
{
	return text_given(item->word) && !text_has(item->word, ',') &&
		!text_is(item->word, "all") && !words_is_unset(item->word);
}

FIELD_SWITCH expresses_sound_field(const struct ds_word *item, enum sound_field field)
{
	switch (field) {
	case SOUND_word:
		return can_express_sound(item);
	case SOUND_bus:
		return !text_given(item->bus);
	}
	return true;
}

static void lose_sound_fields(struct writing *writing, const struct ds_word *item)
{
	bool is_expressed = true;

#define DS_SOUND_FIELD(member, type, xml, sexpr) \
	is_expressed &= expresses_sound_field(item, SOUND_##member);
#include "record/devices.def"
	if (!is_expressed)
		lose_device(writing, text_given(item->word) ? LOSS_NO_PLACE : LOSS_INCOMPLETE,
			DEVICES_SOUND, item, "");
}

void sexpr_write_sounds(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	size_t size = 0;
	char *text;

	for (size_t i = 0; i < domain->sound_count; i++)
		size += domain->sounds[i].word.size + 1;
	if (!size || !(text = arena_alloc(writing->losses->arena, size)))
		return;
	size = 0;
	for (size_t i = 0; i < domain->sound_count; i++) {
		struct ds_text word = domain->sounds[i].word;

		lose_sound_fields(writing, &domain->sounds[i]);
		if (!can_express_sound(&domain->sounds[i]))
			continue;
		if (size)
			text[size++] = ',';
		memcpy(text + size, word.data, word.size);
		size += word.size;
	}
	if (size)
		sexpr_text(writing, TEXT(" (soundhw "), (struct ds_text){text, size});
}

/** Returns whether every guest has this mouse or keyboard, so that it is not written. */
static bool comes_with_guest(const struct ds_word *input)
{
	return (text_is(input->word, "mouse") || text_is(input->word, "keyboard")) &&
		(!text_given(input->bus) || text_is(input->bus, "xen") ||
			text_is(input->bus, "ps2"));
}

static bool is_usb(const struct ds_word *input)
{
	if (!text_is(input->word, "tablet") && !text_is(input->word, "mouse") &&
		!text_is(input->word, "keyboard"))
		return false;
	return text_is(input->bus, "usb") ||
		(!text_given(input->bus) && text_is(input->word, "tablet"));
}

FIELD_SWITCH expresses_input_field(const struct writing *writing, const struct ds_word *input,
	enum input_field field)
{
	switch (field) {
	case INPUT_word:
	case INPUT_bus:
		return comes_with_guest(input) || (writing->domain->is_hvm && is_usb(input));
	}
	return true;
}

static void lose_input_fields(struct writing *writing, const struct ds_word *input)
{
	bool is_expressed = true;

#define DS_INPUT_FIELD(member, type, xml, sexpr) \
	is_expressed &= expresses_input_field(writing, input, INPUT_##member);
#include "record/devices.def"
	if (!is_expressed)
		lose_device(writing, LOSS_NO_PLACE, DEVICES_INPUT, input, "");
}

void sexpr_write_inputs(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	sexpr_number(writing, TEXT(" (usb "), 1);
	for (size_t i = 0; i < domain->input_count; i++) {
		lose_input_fields(writing, &domain->inputs[i]);
		if (is_usb(&domain->inputs[i]))
			sexpr_text(writing, TEXT(" (usbdevice "), domain->inputs[i].word);
	}
}

void sexpr_lose_hvm_devices(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	sexpr_lose_image_chars(writing);
	for (size_t i = 0; i < domain->sound_count; i++)
		lose_device(writing, LOSS_NO_PLACE, DEVICES_SOUND, &domain->sounds[i], "");
	for (size_t i = 0; i < domain->input_count; i++)
		lose_input_fields(writing, &domain->inputs[i]);
}

/* ---- PCI devices ---- */

FIELD_SWITCH expresses_pci_field(const struct ds_pci *item, enum pci_field field)
{
	switch (field) {
	case PCI_domain:
	case PCI_bus:
	case PCI_slot:
	case PCI_function:
		return true;
	case PCI_managed:
		return !item->managed;
	}
	return true;
}

static void lose_pci_fields(struct writing *writing, const struct ds_pci *item)
{
#define DS_PCI_FIELD(member, type, xml, sexpr) \
	if (!expresses_pci_field(item, PCI_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_PCI, item, PCI_##member);
#include "record/devices.def"
}

/** Writes all PCI devices, in one list. */
static void write_pcis(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	bool is_open = false;

	for (size_t i = 0; i < domain->pci_count; i++) {
		const struct ds_pci *item = &domain->pcis[i];
		char text[128];

		if (!writer_can_express_pci(writing, item))
			continue;
		if (!is_open) {
			sexpr_open(writing, TEXT(" (device"));
			sexpr_open(writing, TEXT(" (pci"));
			is_open = true;
		}
		lose_pci_fields(writing, item);
		snprintf(text, sizeof text,
			" (dev (domain 0x%04x) (bus 0x%02x) (slot 0x%02x) (func 0x%x))",
			item->domain, item->bus, item->slot, item->function);
		buffer_string(writing->out, text);
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
