/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include "record/text.h"

#include <stdbool.h>

/**
 * The words that the formats use for the enums of the record. Each table is indexed by its enum and
 * ends with NULL, so that words_find() can search it.
 */

/** disk/@device, for enum ds_device. */
extern const char *const device_words[];
/** disk/@type, for enum ds_source; there is no word for DS_SOURCE_OTHER. */
extern const char *const source_words[];
/** interface/@type, for enum ds_interface_type; there is no word for DS_INTERFACE_OTHER. */
extern const char *const interface_words[];
/** graphics/@type and xend's vfb type, for enum ds_graphics_type. */
extern const char *const graphics_words[];
/** The elements of character devices, for enum ds_char_kind. */
extern const char *const char_kind_words[];
/** The types of character devices as qemu and xend spell them, for enum ds_char_type. XML writes
 * `telnet` as a tcp device with another protocol, and SEXPR a `dev` as the path alone. */
extern const char *const char_type_words[];
/** clock/@offset, for enum ds_clock; the word of DS_CLOCK_UNSET is empty. */
extern const char *const clock_words[];
/** The class of a SEXPR disk, for enum ds_class; the word of DS_CLASS_NONE is empty. */
extern const char *const class_words[];

/** Returns the index of a word in its table, or -1 if the table does not contain it. */
int words_find(const char *const *words, struct ds_text word);

/** Returns xend's letter for a value of os/boot/@dev, or 0 for an unknown one. */
char words_boot_letter(struct ds_text word);
/** Returns the value of os/boot/@dev for a letter of xend's boot order. */
const char *words_boot_word(char letter);

/** The XML namespace of the element that the program adds to <metadata>. */
#define PRESERVE_NAMESPACE "urn:domstream:1"

/** The element around several domains in one XML document. */
#define WRAPPER_OPEN "<domains>\n"
#define WRAPPER_CLOSE "</domains>\n"

/** The TCP port of VNC display 0: xend counts displays, libvirt ports. */
#define VNC_PORT 5900
/** The highest display that has a port. */
#define VNC_DISPLAY_MAX (65535 - VNC_PORT)

/** Returns whether a backend is unset or Domain-0, which serves every device without a backend. */
static inline bool words_is_usual_backend(struct ds_text backend)
{
	return !text_given(backend) || text_is(backend, "0") || text_is(backend, "Domain-0");
}

/** Returns whether the mode of a disk is one that xend and libvirt write: r, ro, w or rw, perhaps
 * with a ! after it. */
static inline bool words_is_usual_mode(struct ds_text mode)
{
	static const char *const usual[] = {"r", "ro", "w", "rw", "r!", "ro!", "w!", "rw!", NULL};

	return text_is_one_of(mode, usual);
}

/** Returns whether a text means "not set" in SEXPR: Python's None, and what xl prints. */
static inline bool words_is_unset(struct ds_text text)
{
	if (text.size == 4)
		return text_is(text, "None");
	return text.size == 9 && (text_is(text, "<default>") || text_is(text, "<unknown>"));
}

#endif
