/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_READER_H
#define READ_XML_READER_H

#include "read/reader_private.h"
#include "read/scalar.h"
#include "read/xml_nested.h"
#include "read/xml_scanner.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * The parts of the XML reader. xml_reader.c receives the events of a source (xml_events.h) and
 * keeps the stack of elements; xml_keys.c is the table of elements and attributes; xml_disk.c and
 * xml_device.c handle those that are more than a scalar.
 */

/** Where an element stands. XML_NOWHERE: nothing is known inside it. */
enum xml_context {
	XML_NOWHERE = 0,
	XML_TOP,
	XML_DOMAIN,
	XML_CPUTUNE,
	XML_OS,
	XML_FEATURES,
	XML_CLOCK,
	XML_DEVICES,
	XML_DISK,
	XML_DISK_DRIVER,
	XML_DISK_SOURCE,
	XML_DISK_TARGET,
	XML_DISK_BACKEND,
	/* Details of a disk, which are parsed while the element that holds them is skipped. */
	XML_DISK_HOST,
	XML_DISK_SNAPSHOT,
	XML_DISK_CONFIG,
	XML_DISK_AUTH,
	XML_AUTH_SECRET,
	XML_DISK_ENCRYPTION,
	XML_ENCRYPTION_SECRET,
	XML_NVME_ADDRESS,
	XML_DISK_SERIAL,
	XML_DISK_BOOT,
	XML_DISK_TRANSIENT,
	XML_BACKING,
	XML_BACKING_SOURCE,
	XML_BACKING_FORMAT,
	XML_INTERFACE,
	XML_INTERFACE_SOURCE,
	XML_INTERFACE_MAC,
	XML_INTERFACE_SCRIPT,
	XML_INTERFACE_IP,
	XML_INTERFACE_TARGET,
	XML_INTERFACE_MODEL,
	XML_INTERFACE_BACKEND,
	XML_INTERFACE_BOOT,
	XML_INTERFACE_BANDWIDTH,
	XML_INTERFACE_OUTBOUND,
	XML_GRAPHICS,
	XML_LISTEN,
	XML_CHAR,
	XML_CHAR_SOURCE,
	XML_CHAR_PROTOCOL,
	XML_CHAR_TARGET,
	XML_SOUND,
	XML_INPUT,
	XML_HOSTDEV,
	XML_HOSTDEV_SOURCE,
	XML_HOSTDEV_ADDRESS,
	/* Only attributes are of interest here. */
	XML_MEMORY,
	XML_VCPU,
	XML_OS_TYPE,
	XML_LOADER,
	XML_BOOT,
	XML_FEATURE,
	XML_TIMER,
	XML_PIN,
	XML_CONTEXTS
};

enum xml_action {
	/* elements */
	XML_ENTER = 1,
	XML_SCALAR,
	XML_FEATURE_ON,
	XML_KNOWN,
	/* Known, with details in it that have typed members. */
	XML_DETAIL,
	XML_RUNTIME,
	XML_BEGIN_DISK,
	XML_DISK_READONLY,
	XML_DISK_SHAREABLE,
	XML_BEGIN_INTERFACE,
	XML_BEGIN_GRAPHICS,
	XML_BEGIN_SERIAL,
	XML_BEGIN_PARALLEL,
	XML_BEGIN_CONSOLE,
	XML_BEGIN_SOUND,
	XML_BEGIN_INPUT,
	XML_BEGIN_HOSTDEV,
	XML_BEGIN_TIMER,
	XML_BEGIN_PIN,
	/* attributes */
	XML_IGNORE,
	XML_TEXT,
	XML_DOMAIN_ID,
	XML_MEMORY_UNIT,
	XML_VCPU_CURRENT,
	XML_BOOT_DEV,
	XML_FEATURE_STATE,
	XML_CLOCK_OFFSET,
	XML_CLOCK_ADJUSTMENT,
	XML_CLOCK_BASIS,
	XML_TIMER_NAME,
	XML_TIMER_PRESENT,
	XML_PIN_VCPU,
	XML_DISK_TYPE,
	XML_DISK_DEVICE,
	XML_DISK_SOURCE_PATH,
	XML_DISK_TARGET_DEV,
	XML_DISK_BOOT_ORDER,
	XML_INTERFACE_TYPE,
	XML_INTERFACE_RATE,
	XML_INTERFACE_BOOT_ORDER,
	XML_GRAPHICS_TYPE,
	XML_GRAPHICS_PORT,
	XML_GRAPHICS_AUTOPORT,
	XML_CHAR_TYPE,
	XML_CHAR_PORT,
	XML_CHAR_MODE,
	XML_CHAR_HOST,
	XML_CHAR_SERVICE,
	XML_CHAR_WIRE,
	XML_HOSTDEV_MODE,
	XML_HOSTDEV_TYPE,
	XML_HOSTDEV_MANAGED,
	XML_ADDRESS_DOMAIN,
	XML_ADDRESS_BUS,
	XML_ADDRESS_SLOT,
	XML_ADDRESS_FUNCTION,
	/* Details of a disk. */
	XML_DETAIL_TEXT,
	XML_LOCATION_TEXT,
	XML_HOST_TEXT,
	XML_BACKING_TEXT,
	XML_BACKING_TYPE,
	XML_NVME_MANAGED,
	XML_NVME_DOMAIN,
	XML_NVME_BUS,
	XML_NVME_SLOT,
	XML_NVME_FUNCTION
};

/** Whose attribute a key is. */
enum xml_group {
	/** It is reported when it is there. */
	XML_OF_NOTHING = 0,
	/** It is reported when its value is not the default. */
	XML_OF_DEFAULT,
	/** Its value is a text of the domain or device. */
	XML_OF_TEXT,
	XML_OF_DOMAIN,
	XML_OF_DISK,
	XML_OF_INTERFACE,
	XML_OF_GRAPHICS,
	XML_OF_CHAR,
	XML_OF_HOSTDEV,
	/** It is reported, and its value is also a typed detail of a disk. */
	XML_OF_DETAIL,
	XML_OF_NVME,
};

/** What became of an attribute's value. */
enum { XML_VALUE_LOST = 0, XML_VALUE_KNOWN, XML_VALUE_DEFAULT };

/** Values with which an attribute has no meaning; ANY: state of the running domain, with any
 * value. */
enum xml_usual {
	XML_USUAL_ANY = 0,
	XML_USUAL_ON,
	XML_USUAL_STATIC,
	XML_USUAL_ARCH,
	XML_USUAL_MACHINE,
	XML_USUAL_ROM,
	XML_USUAL_IPV4,
	XML_USUAL_ADDRESS,
	XML_USUAL_PORT,
	XML_USUAL_PCI,
	XML_USUAL_COUNT
};

/** Depth of a domain's elements that mean anything; below it everything is skipped. */
#define XML_STACK 16

struct xml_reader {
	struct read_state *state;
	enum ds_xml_parser parser;
	struct xml_scanner scanner;
	/** Made when it is needed first. */
	struct xml_expat *expat;
	struct keymap elements;
	struct keymap attributes;
	/** Position of the tag that is being handled. */
	size_t at;
	/** The domain's end tag was seen. */
	bool is_closed;
	/** Elements open in the frame. */
	unsigned depth;
	/** The open elements that are known. */
	struct read_level stack[XML_STACK];
	unsigned level;
	/** What is open below the known ones; 0: nothing. */
	unsigned skipped;
	size_t skipped_at;
	enum ds_extra_kind skipped_kind;
	struct ds_text skipped_path;
	/** The frame seems to hold another `<domain>`, which is looked for. */
	bool seeks_guests;
	struct xml_nested nested;

	/** Details of the disk at hand; NULL: it has none so far. */
	struct ds_disk_details *details;
	/** The open element of a detail, XML_NOWHERE outside of one; how many elements below it are
	 * not known; how many <backingStore> are open; whether the detail has any attribute or
	 * element in it. */
	enum xml_context detail;
	unsigned detail_unknown, chain;
	bool has_detail;

	/** The end of the last text that was found where none is expected. */
	size_t stray_end;

	/** <metadata> is being skipped: what in it does not belong to this program; the original's
	 * text is being collected, and how it is encoded. */
	bool is_metadata;
	unsigned foreign_metadata;
	bool is_original, is_base64;

	/** Text is being collected. */
	bool is_collecting;
	/** The scalar whose text is being collected, and its unit. */
	const struct key *scalar;
	uint64_t unit;
	size_t scalar_at;
	/** The text, as long as it is one piece of the domain's own bytes; else NULL, and it is in
	 * the buffer. */
	struct ds_text raw_text;
	struct buffer text;

	/** The device at hand, or the domain. */
	void *item;
	/** Details of the device at hand that a later element or attribute decides about. */
	const char *word;
	bool is_autoport, is_fixed_port;
	/** An address, or the pinning of a vcpu, was set. */
	bool has_address;
	/** One bit for each part of its address that is set. */
	unsigned address_parts;
	bool has_vcpu;
	/** A port, the current feature, or the base of the clock was set before. */
	bool has_port, has_feature, has_basis, has_adjustment;
	/** The device is of a type that the record has no place for. */
	bool is_foreign;
	size_t timer_at;
	bool timer_is_hpet;
	enum ds_flag timer_present;
	unsigned char_mode;
	struct ds_text char_host, char_service;
	unsigned char_ports[3];
	enum ds_device boot_device;
};

extern const struct key xml_element_keys[];
extern const size_t xml_element_count;
extern const struct key xml_attribute_keys[];
extern const size_t xml_attribute_count;
/** Each list ends with NULL. */
extern const char *const xml_usual_words[XML_USUAL_COUNT][4];

/** Path of the open element, or of one of its attributes unless `attribute.data` is NULL. */
struct ds_text xml_path(struct xml_reader *reader, struct ds_text attribute);

/** Adds an attribute of the open element that has no place in the record. */
void xml_extra_attribute(struct xml_reader *reader, enum ds_extra_kind kind,
	const struct xml_attribute *attribute);

/** Returns a text that lives as long as the record: the same one if it is part of the domain's own
 * bytes, else a copy. */
struct ds_text xml_keep(struct xml_reader *reader, struct ds_text text);

/** Handles all attributes of the element that has begun. Returns false when the domain was given
 * up. */
bool xml_attributes(struct xml_reader *reader, enum xml_context context,
	const struct xml_attribute *attributes, size_t count);
/** Whether this is the declaration of a namespace, which is no statement of its own. */
bool xml_is_namespace(struct ds_text name);
/** Gives the domain up because of what is at `at`. Always returns false, for a handler to
 * return. */
bool xml_give_up(struct xml_reader *reader, const char *id, const char *text, size_t at);

/** Begins a device: sets `item`. */
void xml_device_begin(struct xml_reader *reader, enum xml_action action);
/** Ends the element at hand, one of a device or the domain's. */
void xml_device_end(struct xml_reader *reader, enum xml_context context, size_t end);

/** Each handles some of the attributes; returns false when the value is unknown. */
bool xml_domain_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);
bool xml_disk_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);
int xml_interface_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);
bool xml_graphics_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);
bool xml_char_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);
bool xml_hostdev_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value);

/** libvirt's word for the type of a disk or of an image below one. */
enum ds_source xml_source_type(struct ds_text value);

/**
 * Details of disks. Their bytes are one of the domain's extras, like anything else that has no
 * place in SEXPR, so the element that holds them is skipped. While it is, these functions follow
 * what is in it and fill the disk's typed members.
 */

/** Begins the disk at hand. */
void xml_details_begin(struct xml_reader *reader);
/** The disk's `<source>` has ended; the disk has ended. */
void xml_details_end_source(struct xml_reader *reader);
void xml_details_end_disk(struct xml_reader *reader);
/** The details of the disk at hand, which are made when they are needed first. NULL without
 * memory. */
struct ds_disk_details *xml_details(struct xml_reader *reader);
/** An element that is skipped and holds a detail has begun: the outermost one, whose key is known,
 * or one inside it. */
void xml_detail_enter(struct xml_reader *reader, const struct key *key,
	const struct xml_attribute *attributes, size_t count);
void xml_detail_start(struct xml_reader *reader, size_t at, struct ds_text name,
	const struct xml_attribute *attributes, size_t count);
/** It has ended. */
void xml_detail_end(struct xml_reader *reader);
/** Sets a typed member to the value of an attribute. `value` must live as long as the record. */
void xml_detail_set(struct xml_reader *reader, const struct key *key, struct ds_text value);

/** Collects the text that follows, up to the end of the element that is skipped; a copy that lives
 * as long as the record. */
void xml_collect(struct xml_reader *reader);
struct ds_text xml_collected(struct xml_reader *reader);

#endif
