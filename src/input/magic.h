/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_MAGIC_H
#define INPUT_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Recognizes a tar archive or a dump by its first bytes. Nothing here has a state.
 */

enum magic_match {
	MAGIC_NO,
	/** More bytes are needed. */
	MAGIC_MAYBE,
	MAGIC_YES,
};

/** The size of a tar header; this many bytes always decide. */
#define MAGIC_TAR_SIZE 512

/**
 * Returns whether a tar header begins here (POSIX ustar, GNU, pax; older ones by their checksum).
 * One damaged byte does not prevent this. Text is recognized after at most 108 bytes, except in odd
 * cases.
 */
enum magic_match magic_tar(const unsigned char *bytes, size_t size);

/** Returns whether a complete header of MAGIC_TAR_SIZE bytes has the checksum that it contains. */
bool magic_tar_checksum(const unsigned char *bytes);

/** The maximum number of bytes of blanks and comments before the beginning of a dump. */
#define MAGIC_DUMP_SIZE 4096

/**
 * Returns whether something begins here that may contain domains: after blanks and a byte order
 * mark, a tag, a list, or one of the lines that xend's tools write before a list. An HTML page does
 * not count. Comments with `#` only count when a list follows them, because many other files begin
 * with such comments. If there are only blanks, the result is MAGIC_MAYBE.
 */
enum magic_match magic_dump(const unsigned char *bytes, size_t size);

/** Returns whether a domain of either format seems to begin anywhere in the bytes. */
bool magic_holds_domain(const unsigned char *bytes, size_t size);

#endif
