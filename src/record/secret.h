/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SECRET_H
#define RECORD_SECRET_H

#include "record/arena.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Only this file knows in which forms a password, key or token can be part of a value. Everything
 * that is shown to a person or written to a report is masked here; domains that are converted,
 * extracted or preserved are not, and keep their bytes.
 *
 * A value may contain several secrets. Each becomes "***":
 *
 *   //user:password@host, user:password@host
 *       in any component of a path; the password may contain a slash, @ or blank
 *   iscsi://user%password@host
 *       libiscsi's spelling
 *   rbd:pool/image:id=user:key=KEY, ?token=TOKEN, file.password=…,file.driver=https
 *       name=value after any of ?&,;: or a blank, for the names of secret_is_name(); a backslash or
 *       a doubled comma escapes the separator
 *   json:{"file":{"password":"…"}}
 *       members of JSON, quoted with ", ' or escaped quotes
 *   (vncpasswd …)
 *       lists of SEXPR
 *   u%3Apassword%40host, "pass\u0077ord"
 *       all of these with encoded bytes, which are shown as they are
 *   <graphics passwd='…'/>, <cookie>…</cookie>
 *       attributes and texts of raw XML; a value whose quotes or signs are written as references is
 *       hidden as a whole when it may contain a secret
 *
 * When in doubt, more is hidden rather than less: a value ends where the next name=value begins, or
 * at the end of the text.
 */

/** Returns whether the value of this name is a secret: password, passwd, vncpasswd, secret,
 * key-secret, token, cookie, key … The last component of a dotted name decides; case is ignored. */
bool secret_is_name(struct ds_text name);

/** Returns whether a text contains a secret. */
bool secret_is_in(struct ds_text text);

/** Appends the text with its secrets hidden. Returns whether it contained any. */
bool secret_mask(struct buffer *out, struct ds_text text);

/** Appends the beginning of the text, at most `size` bytes of it, for a message: control bytes are
 * masked as by mask_text(), and secrets are hidden before the text is truncated, because half of a
 * secret may not look like one. */
void secret_mask_beginning(struct buffer *out, struct ds_text text, size_t size);

/** Returns the text with its secrets hidden: the text itself if it contains no secret, or a copy in
 * the arena. NULL when there is no memory. */
struct ds_text secret_masked(struct arena *arena, struct ds_text text);

/** Like secret_masked(), for the value at a path such as "devices/graphics@passwd" or
 * "image/hvm/vncpasswd": the last name of the path can make the whole value a secret. */
struct ds_text secret_value_masked(struct arena *arena, struct ds_text path, struct ds_text value);

#endif
