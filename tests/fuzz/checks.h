/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FUZZ_CHECKS_H
#define FUZZ_CHECKS_H

#include "transcript.h"

/**
 * Properties that output must have, whatever the input was. Each function ends the program with a
 * message if the output lacks the property; `what` names the output.
 */

/** UTF-8 without characters that affect a terminal, except the ends of lines. */
void check_terminal(const char *what, const char *data, size_t size);

/** One value of JSON in UTF-8 (RFC 8259), with blanks around it. */
void check_json(const char *what, const char *data, size_t size);

/** Lines that end in a line feed, each a JSON object. Returns the number of lines. */
size_t check_json_lines(const char *what, const char *data, size_t size);

/** An XML document. */
void check_xml(const char *what, const char *data, size_t size);

/** A page with only the elements that the report makes, one script, and no event handlers. */
void check_html(const char *what, const char *data, size_t size);

/** Creates a file in memory with these bytes; `name` is set to a path that opens it. Returns its
 * descriptor. */
int memory_file(const char *data, size_t size, char name[32]);

#endif
