/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/xml_schema.h"

#include "record/scan.h"
#include "record/text.h"

#include <arpa/inet.h>

/** Sets of bytes, with one bit for each set. */
enum {
	IN_WORD = 1,
	IN_MODEL = 2,
	IN_DEVICE = 4,
	IN_NAME = 8,
	IN_TARGET = 16,
	IN_BLANK = 32,
};

static bool is_letter_or_digit(unsigned char byte)
{
	return byte_is_digit((char)byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static unsigned sets_of(unsigned char byte)
{
	if (is_letter_or_digit(byte))
		return IN_WORD | IN_MODEL | IN_DEVICE | IN_NAME | IN_TARGET;
	switch (byte) {
	case '_':
		return IN_WORD | IN_MODEL | IN_DEVICE | IN_TARGET;
	case '-':
		return IN_WORD | IN_MODEL | IN_DEVICE | IN_NAME;
	case '+':
		return IN_WORD;
	case '.':
		return IN_DEVICE | IN_NAME;
	case '\\':
	case ':':
	case '/':
		return IN_DEVICE;
	case ' ':
		return IN_BLANK;
	default:
		/* A control byte is written as \xhh. */
		return byte < ' ' && !byte_is_blank((char)byte) ? IN_DEVICE : 0;
	}
}

static bool consists_of(struct ds_text value, unsigned set)
{
	for (size_t i = 0; i < value.size; i++)
		if (!(sets_of((unsigned char)value.data[i]) & set))
			return false;
	return value.size != 0;
}

static bool is_one_line(struct ds_text value)
{
	/* Most values have no control bytes at all, which a single pass shows. */
	return value.size &&
		(scan_has_none((const unsigned char *)value.data, value.size, scan_markup) ||
			(!text_has(value, '\n') && !text_has(value, '\r')));
}

static bool is_path(struct ds_text value)
{
	size_t root = text_starts(value, "/") ? 1 : 0;

	if (value.size > 3 && value.data[1] == ':' && value.data[2] == '\\' &&
		!byte_is_digit(value.data[0]) && is_letter_or_digit((unsigned char)value.data[0]))
		root = 3;
	return root && value.size > root && is_one_line(text_from(value, root));
}

static bool is_number(struct ds_text value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!byte_is_digit(value.data[i]))
			return false;
	return value.size != 0;
}

/** Returns whether the value is `N`, `N-M` or `^N`, or several of these separated by commas. */
static bool is_cpuset(struct ds_text value)
{
	while (value.data) {
		struct ds_text rest, last, item = text_split(value, ',', &rest);

		if (text_starts(item, "^")) {
			item = text_from(item, 1);
			last = (struct ds_text){NULL, 0};
		} else {
			item = text_split(item, '-', &last);
		}
		if (!is_number(item) || (last.data && !is_number(last)))
			return false;
		value = rest;
	}
	return true;
}

static bool is_mac(struct ds_text value)
{
	if (value.size != 17)
		return false;
	for (size_t i = 0; i < value.size; i++)
		if (i % 3 == 2 ? value.data[i] != ':' : byte_hex(value.data[i]) < 0)
			return false;
	/* The lowest bit of the first byte is set in a group address. */
	return byte_hex(value.data[1]) % 2 == 0;
}

static bool is_address(struct ds_text value)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (!value.size || value.size >= sizeof text || text_has(value, '\0'))
		return false;
	memcpy(text, value.data, value.size);
	text[value.size] = '\0';
	return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_target(struct ds_text value)
{
	static const char *const prefixes[] = {"xvd", "hd", "sd", "vd", "fd", "ubd", NULL};

	if (text_starts(value, "ioemu:"))
		value = text_from(value, 6);
	for (const char *const *prefix = prefixes; value.size && *prefix; prefix++)
		if (**prefix == *value.data && text_starts(value, *prefix))
			return consists_of(text_from(value, strlen(*prefix)), IN_TARGET);
	return false;
}

static bool is_word_for(enum schema schema, struct ds_text value)
{
	static const char *const os_types[] = {"hvm", "linux", "xen", "xenpvh", NULL};
	static const char *const actions[] = {"destroy", "restart", "preserve", "rename-restart",
		"coredump-destroy", "coredump-restart", NULL};
	static const char *const formats[] = {"raw", "aio", "qcow", "qcow2", "vhd", "vmdk", "dir",
		"bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "cow", "qed", "ploop", "luks",
		NULL};
	static const char *const buses[] = {"xen", "ide", "scsi", "fdc", "virtio", "usb", "uml",
		"sata", "sd", NULL};
	static const char *const inputs[] = {"tablet", "mouse", "keyboard", NULL};
	static const char *const input_buses[] = {"usb", "ps2", "xen", "virtio", NULL};
	static const char *const sounds[] = {"sb16", "es1370", "pcspk", "ac97", "ich6", "ich7",
		"ich9", "usb", NULL};
	static const char *const types[] = {"xen", "qemu", "kqemu", "kvm", "lxc", "uml", "openvz",
		"test", "vmware", "hyperv", "vbox", "phyp", "vz", "bhyve", "hvf", NULL};

	switch (schema) {
	case SCHEMA_OS_TYPE:
		return text_is_one_of(value, os_types);
	case SCHEMA_ON_EVENT:
		return text_is_one_of(value, actions) && !text_starts(value, "coredump");
	case SCHEMA_ON_CRASH:
		return text_is_one_of(value, actions);
	case SCHEMA_FORMAT:
		return text_is_one_of(value, formats);
	case SCHEMA_BUS:
		return text_is_one_of(value, buses);
	case SCHEMA_INPUT:
		return text_is_one_of(value, inputs);
	case SCHEMA_INPUT_BUS:
		return text_is_one_of(value, input_buses);
	case SCHEMA_SOUND:
		return text_is_one_of(value, sounds);
	default:
		return text_is_one_of(value, types);
	}
}

bool schema_allows(enum schema schema, struct ds_text value)
{
	switch (schema) {
	case SCHEMA_TEXT:
		return true;
	case SCHEMA_LINE:
		return value.size && !text_has(value, '\n');
	case SCHEMA_FILE:
		return is_one_line(value);
	case SCHEMA_PATH:
		return is_path(value);
	case SCHEMA_WORD:
		return consists_of(value, IN_WORD);
	case SCHEMA_MODEL:
		return consists_of(value, IN_MODEL);
	case SCHEMA_DEVICE:
		return consists_of(value, IN_DEVICE);
	case SCHEMA_HOST_DEVICE:
		return is_path(value) || consists_of(value, IN_DEVICE);
	case SCHEMA_BRIDGE:
		return !value.size || consists_of(value, IN_DEVICE | IN_BLANK);
	case SCHEMA_CPUSET:
		return is_cpuset(value);
	case SCHEMA_MAC:
		return is_mac(value);
	case SCHEMA_ADDRESS:
		return is_address(value);
	case SCHEMA_HOST:
		return consists_of(value, IN_NAME) || is_address(value);
	case SCHEMA_TARGET:
		return is_target(value);
	default:
		/* As for all words of the schema, blanks at both ends do not count. */
		return is_word_for(schema, text_trim(value));
	}
}
