/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FUZZ_CHECKS_H
#define FUZZ_CHECKS_H

#include "transcript.h"

/**
 * What must be true of output, whatever the input was. All end the program with a message when it
 * is not; `what` says which output it is.
 */

/** UTF-8 and no character that has power over a terminal, but for the ends of lines. */
void check_terminal(const char *what, const char *data, size_t size);

/** One value of JSON in UTF-8 (RFC 8259), and blanks around it. */
void check_json(const char *what, const char *data, size_t size);

/** Lines that end in a line feed, each an object of JSON. Returns how many. */
size_t check_json_lines(const char *what, const char *data, size_t size);

/** A document of XML. */
void check_xml(const char *what, const char *data, size_t size);

/** A page that has no elements but those that the report itself makes, one script and no handlers
 * of events. */
void check_html(const char *what, const char *data, size_t size);

/** A file that is only in memory, with these bytes; `name` gets what opens it. Returns its
 * descriptor. */
int memory_file(const char *data, size_t size, char name[32]);

#endif
