/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_XML_SCHEMA_H
#define WRITE_XML_SCHEMA_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Checks whether libvirt's schema (domaincommon.rng, basictypes.rng and storagecommon.rng of
 * libvirt 9.0) allows a value in domain XML. A value that it does not allow is written
 * nevertheless, because a domain with a wrong value can be corrected, and a domain that lacks the
 * value cannot. The value is also listed among the losses.
 */

enum schema {
	/** Any text. */
	SCHEMA_TEXT,
	/** A domain name: not empty, and without a line feed. */
	SCHEMA_LINE,
	/** A text on one line that is not empty. */
	SCHEMA_FILE,
	/** An absolute path, such as /x or C:\. */
	SCHEMA_PATH,
	/** A disk's driver: letters, digits and _ + - */
	SCHEMA_WORD,
	/** A network card's model: letters, digits and _ - */
	SCHEMA_MODEL,
	/** An interface of the host: letters, digits and _ . - \ : / */
	SCHEMA_DEVICE,
	/** A block device: an interface's characters, or a path. */
	SCHEMA_HOST_DEVICE,
	/** The bridge of a network card: a device's characters and blanks, or nothing. */
	SCHEMA_BRIDGE,
	/** A set of processors: 0-3,^1 */
	SCHEMA_CPUSET,
	/** Six pairs of hexadecimal digits, but no group address. */
	SCHEMA_MAC,
	/** An IPv4 or IPv6 address. */
	SCHEMA_ADDRESS,
	/** An address or a host name. */
	SCHEMA_HOST,
	/** A guest device name: xvda, hdc, sda1, fda */
	SCHEMA_TARGET,
	/** One of the words that the schema lists for the element. */
	SCHEMA_OS_TYPE,
	SCHEMA_ON_EVENT,
	SCHEMA_ON_CRASH,
	SCHEMA_FORMAT,
	SCHEMA_BUS,
	SCHEMA_INPUT,
	SCHEMA_INPUT_BUS,
	SCHEMA_SOUND,
	SCHEMA_DOMAIN_TYPE,
};

/** Returns whether the schema allows a value of this kind. Bytes that XML cannot contain count in
 * their written form (xml_text.c). */
bool schema_allows(enum schema schema, struct ds_text value);

#endif
