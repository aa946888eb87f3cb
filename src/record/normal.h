/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_NORMAL_H
#define RECORD_NORMAL_H

#include "record/buffer.h"

/**
 * Adds the normal form of an extra: all spellings of one value have the same form. It is compared
 * and shown, and never parsed.
 *
 *   XML     `raw` is an attribute's value, a text, or an element. Of an element, white space
 *           between tags, comments, processing instructions, the order of attributes, quotes,
 *           CDATA and the spelling of characters (&#60;, &lt;) do not count. The order of elements
 *           does, and so does white space inside a text:
 *               <cpu mode="custom" ><!-- x --><model></model></cpu>
 *               <cpu mode='custom'><model/></cpu>
 *   SEXPR   `raw` is a value or a list that begins with the extra's key. The key is left out, and
 *           white space, comments and needless quotes do not count:
 *               (pci ( (0x0 '0x1') ))   ((0x0 0x1))
 *               (cpu_cap "40")          40
 */
void normal_extra(struct buffer *out, enum ds_format format, const struct ds_extra *extra);

#endif
