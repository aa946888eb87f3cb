/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_READER_H
#define READ_XML_READER_H

#include "read/reader_private.h"
#include "read/scalar.h"
#include "read/xml_scanner.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * The components of the XML reader. xml_reader.c receives the events of a source (xml_events.h) and
 * keeps the stack of elements. xml_keys.c is the table of elements and attributes; it names the
 * functions that handle them, which are in xml_domain.c, xml_device.c and xml_disk.c.
 */

/** The context of `<domain>`. The contents of each element are a context of their own. */
#define XML_TOP 0

/** What to do with an element. */
enum xml_action {
	/** Its contents are read. */
	XML_ENTER = 0,
	/** It is known, but the record cannot store it. */
	XML_KNOWN,
	/** Its contents are read, and all of it becomes one extra of the domain, too. */
	XML_DETAIL,
};

/** The table of elements and attributes as the reader needs it: by context and name. */
struct xml_keys {
	struct keymap elements, attributes;
	/** The rows of the table, and the elements that have none. The context inside an element is
	 * its number among the elements, from 1, or that of an element with the same contents. */
	struct key keys[2 * KEYMAP_KEYS];
	size_t count;
};

void xml_keys_init(struct xml_keys *keys);

/** The maximum depth of elements with a meaning; everything below is skipped. Only a
 * <backingStore>, which may contain another one, is deeper than a few levels. */
#define XML_STACK 256

struct xml_reader {
	struct read_state *state;
	enum ds_xml_parser parser;
	struct xml_scanner scanner;
	/** Created when it is first needed. */
	struct xml_expat *expat;
	struct xml_keys keys;
	/** The position of the tag that is being handled, and the position after the element that
	 * ends. */
	size_t at, end;
	/** The open elements whose contents are read, and one that is skipped. */
	struct read_level stack[XML_STACK + 1];
	unsigned level;
	/** The number of open elements in the frame. */
	unsigned depth;
	/** The attribute that is being handled, and the kind of the extra that it may become. */
	const struct key *attribute;
	enum ds_extra_kind attribute_kind;
	/** The number of open elements, from the first whose contents are not read; or 0. */
	unsigned skipped;
	/** The level of the open element that will be one extra with all its contents, or 0; and
	 * the kind of that extra, which is DS_EXTRA_KNOWN as soon as something in a detail is found
	 * that the record cannot store. */
	unsigned extra_level;
	enum ds_extra_kind extra_kind;
	/** Nothing has been found in it yet. */
	bool is_empty;

	/** The details of the current disk; NULL if it has none so far. */
	struct ds_disk_details *details;
	/** The number of <backingStore> that are open. */
	unsigned chain;

	/** The end of the last text that was found where no text is expected. */
	size_t stray_end;

	/** The text that is being collected, as long as it is one range of the domain's own bytes;
	 * otherwise NULL, and the text is in the buffer. */
	struct ds_text raw_text;
	struct buffer text;
	/** The unit of the amount that is being collected, in bytes. */
	uint64_t unit;

	/** The current device, or the domain. */
	void *item;
	/** One bit for each component of the device's address that is set, or 1 for its port. */
	unsigned set_numbers;
	/** Whether the current feature or timer is on, or the port of graphics is automatic. */
	enum ds_flag flag;
	/** The open <source> of a character device: its host, its service, whether it listens. */
	struct ds_char char_end;
	/** The number of character devices of each kind. */
	unsigned char_ports[3];

	/** Text is being collected. */
	bool is_collecting;
	/** The text of the original that this program has preserved is in base64. */
	bool is_base64;
	/** Whether the clock's basis and its adjustment were set. */
	bool has_basis, has_adjustment;
	/** The device has a type that the record cannot store; it lacks what it cannot be without.
	 * In both cases it is dropped when it ends, and becomes an extra. A timer lacks the name
	 * with which it is a setting of the domain. */
	bool is_foreign, is_incomplete;
};

/** The element in <metadata> that contains the original from which the domain was converted. Its
 * prefix may be a different one, so it must not be predicted: the name is too long for that. */
#define XML_ORIGINAL_NAME "domstream:original"

/** Returns the key of the open element. */
static inline const struct key *xml_open(const struct xml_reader *reader)
{
	return reader->stack[reader->level].key;
}

/** Returns the member that the current attribute sets, in this struct. */
static inline void *xml_member(const struct xml_reader *reader, void *item)
{
	return (char *)item + reader->attribute->member;
}

/** Adds a value of the open element as an extra, or of one of its attributes unless
 * `attribute.data` is NULL. */
void xml_extra(struct xml_reader *reader, enum ds_extra_kind kind, struct ds_text attribute,
	struct ds_text value);
/** Adds the element that ends as an extra. */
void xml_extra_element(struct xml_reader *reader, enum ds_extra_kind kind);

/** Returns a text that lives as long as the record: the same one if it is part of the domain's own
 * bytes, or a copy. */
struct ds_text xml_keep(struct xml_reader *reader, struct ds_text text);

/** Collects the text that follows, up to xml_collected(), which returns a text that lives as long
 * as the record. */
void xml_collect(struct xml_reader *reader);
struct ds_text xml_collected(struct xml_reader *reader);

/** Abandons the domain because of what is at `at`. Always returns false, so that a handler can
 * return the result. */
bool xml_give_up(struct xml_reader *reader, const char *id, const char *text, size_t at);

/* ---- what the tables refer to, see struct key ---- */

typedef void xml_handler(struct xml_reader *reader);
typedef bool xml_setter(struct xml_reader *reader, struct ds_text value);

/* xml_reader.c */
/** Notes that an attribute has its default value, which is lost. Returns true. */
xml_setter xml_set_default;
/** Checks an attribute that is not a loss if it has one of its usual words. xml_set_replaced() also
 * calls xml_set_default() then. */
xml_setter xml_set_usual, xml_set_replaced;

/* xml_domain.c */
xml_handler xml_begin_metadata, xml_begin_original, xml_end_original;
xml_setter xml_set_encoding;
xml_handler xml_end_scalar, xml_begin_flag, xml_end_flag;
xml_setter xml_set_id, xml_set_unit, xml_set_vcpus_online, xml_add_boot, xml_set_flag,
	xml_set_clock, xml_set_adjustment, xml_set_basis, xml_set_timer_name, xml_set_pin_vcpu;

/* xml_device.c */
/** Sets a member of the current item that is a text, or the order in which a device is tried when
 * the domain starts. Returns false if it has another value already. */
xml_setter xml_set_text, xml_set_order;
/** Begin and end the device `item`. */
xml_handler xml_begin_device, xml_end_device;
xml_handler xml_end_graphics, xml_begin_char, xml_end_char_source;
xml_setter xml_set_interface_type, xml_set_rate, xml_set_graphics_type, xml_set_graphics_port,
	xml_set_char_type, xml_set_char_mode, xml_set_char_end, xml_set_char_protocol,
	xml_set_char_port, xml_set_pci_word, xml_set_managed, xml_set_address;

/* xml_disk.c */
xml_handler xml_begin_disk, xml_end_disk, xml_begin_disk_flag;
xml_setter xml_set_disk_type, xml_set_disk_device, xml_set_disk_target;
/** The <source> of a disk, or of an image below it, has ended. */
xml_handler xml_end_source;
xml_handler xml_begin_host, xml_end_serial, xml_begin_transient, xml_begin_backing, xml_end_backing;
/** Each sets a member of one of the structs of details. Returns false, because the value is also
 * an extra of the domain. */
xml_setter xml_set_detail, xml_set_backing_type, xml_set_nvme;

#endif
