/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FUZZ_CHECKS_H
#define FUZZ_CHECKS_H

#include "transcript.h"

/**
 * Properties that output must have, whatever the input was. Each function ends the program with a
 * message if the output lacks the property; `what` names the output.
 */

/** Expects UTF-8 without characters that affect a terminal, except line feeds. */
void check_terminal(const char *what, const char *data, size_t size);

/** Expects one value of JSON in UTF-8 (RFC 8259), possibly with blanks around it. */
void check_json(const char *what, const char *data, size_t size);

/** Expects lines that end in a line feed, each a JSON object. Returns the number of lines. */
size_t check_json_lines(const char *what, const char *data, size_t size);

/** Expects an XML document. */
void check_xml(const char *what, const char *data, size_t size);

/** Expects a page with only the elements of the report, one script, and no event handlers. */
void check_html(const char *what, const char *data, size_t size);

/** Creates a file in memory with these bytes; `name` is set to a path that opens it. Returns its
 * descriptor. */
int memory_file(const char *data, size_t size, char name[32]);

#endif
