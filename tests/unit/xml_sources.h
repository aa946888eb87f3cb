/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_XML_SOURCES_H
#define UNIT_XML_SOURCES_H

#include <stddef.h>

/**
 * Compares the two sources of XML events. Unit tests and a fuzzer use this, so it depends on
 * neither cmocka nor libFuzzer.
 */

enum sources_result {
	/** The scanner abandons the bytes. */
	SOURCES_ABANDONED = 0,
	/** Both sources read them, and report the same events at the same positions. */
	SOURCES_SAME,
	/** A fault: expat refuses what the scanner reads, or reports other events. */
	SOURCES_DIFFER,
};

enum sources_result compare_sources(const char *data, size_t size);

#endif
