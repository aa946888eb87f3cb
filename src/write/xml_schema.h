/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_XML_SCHEMA_H
#define WRITE_XML_SCHEMA_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * What libvirt's schema (domaincommon.rng, basictypes.rng and storagecommon.rng of libvirt 9.0)
 * allows in each position of domain XML. A value that it does not allow is written nevertheless,
 * since a domain with a wrong value can be corrected, and one that lacks it cannot; and it is
 * listed among the losses.
 */

enum schema {
	/** Any text. */
	SCHEMA_TEXT,
	/** Not empty, and without a line feed: names of domains. */
	SCHEMA_LINE,
	/** Not empty, and on one line. */
	SCHEMA_FILE,
	/** An absolute path; C:\ is absolute, too. */
	SCHEMA_PATH,
	/** Letters, digits and _ + -: a disk's driver. */
	SCHEMA_WORD,
	/** Letters, digits and _ -: a network card's model. */
	SCHEMA_MODEL,
	/** Letters, digits and _ . - \ : /: an interface of the host. */
	SCHEMA_DEVICE,
	/** One of those, or a path: a block device. */
	SCHEMA_HOST_DEVICE,
	/** A device's letters and blanks, or nothing: the bridge of a network card. */
	SCHEMA_BRIDGE,
	/** 0-3,^1 */
	SCHEMA_CPUSET,
	/** Six pairs of hexadecimal digits, no group address. */
	SCHEMA_MAC,
	/** An IPv4 or IPv6 address. */
	SCHEMA_ADDRESS,
	/** An address or a host's name. */
	SCHEMA_HOST,
	/** xvda, hdc, sda1, fda */
	SCHEMA_TARGET,
	/** One of the words that the schema has for it. */
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

/** Whether the schema allows a value there. Bytes that XML cannot hold count as what is written for
 * them (xml_text.c). */
bool schema_allows(enum schema place, struct ds_text value);

#endif
