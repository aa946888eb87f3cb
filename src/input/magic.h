/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_MAGIC_H
#define INPUT_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/**
 * What bytes are, by how they begin: a tar archive, or a dump. Nothing here keeps state.
 */

enum guess {
	GUESS_NO,
	/** More bytes will tell. */
	GUESS_MAYBE,
	GUESS_YES,
};

/** Bytes of a tar header; so many always tell. */
#define TAR_HEADER_SIZE 512

/**
 * Whether a tar header begins here (POSIX ustar, GNU, pax; older ones by their checksum). One
 * damaged byte does not hide it. Text is recognized after at most 108 bytes, except in odd cases.
 */
enum guess magic_tar(const unsigned char *bytes, size_t size);

/** Whether a whole header of TAR_HEADER_SIZE bytes has the checksum that it says. */
bool magic_tar_checksum(const unsigned char *bytes);

/** Beyond so many bytes of blanks and comments no dump is expected. */
#define DUMP_BEGIN_SIZE 4096

/**
 * Whether something begins here that may hold domains: behind blanks and a byte order mark, a tag,
 * a list, or one of the lines that xend's tools write before a list. A page of HTML is not one.
 * Comments with `#` count only when a list follows them: many other files begin with such comments.
 * Nothing but blanks is GUESS_MAYBE to the end.
 */
enum guess magic_dump(const unsigned char *bytes, size_t size);

/** Whether a domain of either format seems to begin anywhere in the bytes. */
bool magic_holds_domain(const unsigned char *bytes, size_t size);

#endif
