/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "domstream/domstream.h"
#include "input/kind.h" /* enum kind_begin */

#include <stdbool.h>

/**
 * Bytes in: the names of the inputs one after another, and each of them as a stream of plain bytes.
 *
 * Everything here is used by one thread at a time, but for input_ahead_take() and
 * input_ahead_work().
 */

/* ---- which files ---- */

struct input_list;

struct input_list_options {
	/** Borrowed until input_list_free(). "-" is standard input. None and no `files_from`:
	 * standard input. */
	const char *const *names;
	size_t name_count;
	/** A file of names, after `names`; "-": standard input; NULL: none. Borrowed like `names`.
	 * Empty lines are skipped. A name that is longer than the system's longest path, or that
	 * holds a NUL byte, is an error. */
	const char *files_from;
	bool files_from_nul;
	/** Walk directories depth first, entries in the order of their bytes, regular files only,
	 * links not followed. A directory without it is an error of that name. Held are at most 2
	 * MiB of one directory's names a level, and no descriptor. Links that were given as names
	 * are followed. */
	bool recursive;
};

/** Returns NULL when there is no memory. Opens nothing yet. */
struct input_list *input_list_new(const struct input_list_options *options);

/**
 * Next name; valid until the next call. Returns DS_OK with `*name` set, or with `*name` NULL at the
 * end; DS_DAMAGED with `error` filled (id DA908, place.name, text with the system's reason, length
 * 0) for a directory that cannot be read, a `files_from` that cannot be opened or read, a line of
 * it that is no name (with place.line), or a directory without `recursive`: the next call goes on
 * behind it. DS_NO_MEMORY.
 *
 * A name that does not exist is a name like any other: input_stream_open() says what is wrong with
 * it.
 *
 * `error->place.name` points to memory that is valid until the next call.
 */
enum ds_status input_list_next(struct input_list *list, const char **name, struct ds_error *error);

/** The name, as the user gave it, that led to the last one: the same, or that of a directory. Valid
 * until the next. */
const char *input_list_given(const struct input_list *list);

void input_list_free(struct input_list *list);

/* ---- inflating ahead ---- */

/**
 * Where threads that have nothing else to do help the one that reads: the members of BGZF files are
 * inflated here before their turn, some 64 KiB at a time. What is read does not depend on whether
 * anybody helps.
 */
struct input_ahead;

/** Some members that wait to be inflated. */
struct piece;

/** For so many threads, the one that reads among them; with that alone, nothing is inflated before
 * its turn. Takes some KiB at first, and from the first BGZF file on 256 KiB and 300 KiB a thread.
 * NULL: no memory. */
struct input_ahead *input_ahead_new(unsigned workers);

/** From now on `wake` is called, by the thread that reads, whenever there may be something to
 * take. */
void input_ahead_on_work(struct input_ahead *ahead, void (*wake)(void *context), void *context);

/** Takes something to do, if there is anything; NULL: there is not. Does not wait. Any thread, at
 * any time. */
struct piece *input_ahead_take(struct input_ahead *ahead);

/** Does it, in less than a millisecond. Whoever took it must. */
void input_ahead_work(struct input_ahead *ahead, struct piece *piece);

/** Nobody may be using it any more. */
void input_ahead_free(struct input_ahead *ahead);

/* ---- one file, or the members of an archive ---- */

struct input_stream;

/** How a file can be cut for several runs. */
enum input_cut {
	/** Not at all: to read its end, one has to read its beginning. */
	INPUT_CUT_NONE = 0,
	/** Anywhere: it has the bytes as they are. */
	INPUT_CUT_PLAIN,
	/** Between two members of BGZF that holds them. */
	INPUT_CUT_BGZF,
};

struct input_stream_options {
	/** It is known how the file can be cut, and this is where reading begins: an offset of
	 * stored bytes, of BGZF that of a member. */
	enum input_cut cut;
	uint64_t begin;
	/** Of BGZF: the members before `begin`; at least 1 unless that is 0. */
	uint64_t members;
	/** Reading stops here as at the end; see input_stream_is_at_mark(). 0: nowhere. */
	uint64_t mark;
	struct ds_limits limits;
	/** NULL, or a flag: while waiting for a pipe or terminal it is looked at ten times a second
	 * and after EINTR. */
	const volatile int *cancel;
	/** Compute the CRC-32 of the stored bytes. */
	bool checksums;
	/** What "-" is called in names and errors. Borrowed until input_stream_free(). NULL:
	 * "-". */
	const char *label;
};

/** What is known of a file, an archive or a member of one. Texts are static but for `encoding`. */
struct input_facts {
	enum ds_input_kind kind;
	/** What it is by its first bytes, and whether that alone says that it holds no domain. */
	enum kind_begin begin;
	bool is_certain;
	/** It is an HTML page. */
	bool is_page;
	/** As in struct ds_input_result. */
	const char *recognized, *advice;
	const char *compression;
	/** What the bytes were converted from, while the stream stays where it is; NULL: from
	 * nothing. */
	const char *encoding;
	uint64_t size;
	/** Stored bytes read so far; are they all? */
	uint64_t taken;
	bool is_ended;
	/** Of `taken` bytes, when `checksums` is set. */
	uint32_t crc32;
};

/**
 * Opens a file, or standard input for "-". What it is compressed with, and whether it is a tar
 * archive, is seen by its first bytes, never by its name.
 *
 * Returns DS_OK; DS_DAMAGED with `error` (DA908) when it cannot be opened, is a directory, or is
 * compressed in a way that this was built without, or more than twice (the text names the command
 * to pipe through), in an encoding that iconv does not know, or is an archive and this was built
 * without libarchive; DS_NO_MEMORY. `name` is copied; in an error of this call, place.name is
 * `name` itself. A stream that fails or is cancelled while its first bytes are looked at opens all
 * the same: reading it says so.
 */
enum ds_status input_stream_open(struct input_stream **out, const char *name,
	const struct input_stream_options *options, struct ds_error *error);

/** What is still to be read of the stream, and of the members of an archive, is inflated ahead
 * where that can be. `ahead` is borrowed until input_stream_free(). */
void input_stream_share(struct input_stream *stream, struct input_ahead *ahead);

/**
 * Goes on to the next stream of plain bytes in it. A file is one, and may be read without this
 * call. Of an archive each regular file is one, named "backup.tar.gz!etc/xen/web01.sxp", and itself
 * inflated or transcoded by its content.
 *
 * Returns DS_OK with `*name`, which is valid until the next call, or with NULL behind the last one.
 * DS_DAMAGED with `error` (place.name is valid as long as a `*name` would be) and `*name`, when a
 * member is an archive itself, or cannot be opened as a file could not be (DA908); with `*name`
 * NULL when the archive is corrupt (DA901, DA902, DA905, or as input_stream_read()). The next call
 * goes on behind the damage, if there is anything. DS_STOPPED; DS_NO_MEMORY.
 */
enum ds_status input_stream_next(struct input_stream *stream, const char **name,
	struct ds_error *error);

/**
 * Reads up to `capacity` plain bytes: decompressed, and UTF-16, UTF-32 and EBCDIC converted to
 * UTF-8 (without a byte order mark). A UTF-8 byte order mark is delivered as it stands.
 *
 * Returns DS_OK with `*size` > 0; DS_OK with `*size` 0 at the end; DS_DAMAGED with `error` when
 * nothing more can be read although the end was not reached: the bytes before the damage have all
 * been delivered then. Ids: DA901 the compressed data ends early, or is BGZF and lacks the empty
 * member at its end; DA902 checksum, length or code of a gzip member is wrong; DA904 bytes that are
 * no gzip member follow one (zeros are padding and fine); DA905 the member grows over
 * limits->gzip_ratio; DA903 a byte that is no character of the encoding; DA908 the system could not
 * read (text has its reason). `error->place.offset` is the offset in the file itself (DA903 in a
 * compressed file: in the text that was in it), line and column are 0, and place.name is the
 * stream's copy of its name: it lives as long as the stream. DS_STOPPED: cancelled. DS_NO_MEMORY.
 * Of an archive, place.name says whether the member or the archive is meant. After anything but
 * DS_OK only input_stream_next() goes on; a further read returns the same.
 *
 * `capacity` is at least 1. A read gives what there is without waiting for more, so `*size` is
 * often less. Memory: some KiB for plain bytes, about 64 KiB and zlib's 40 KiB for gzip, 64 KiB and
 * libarchive's for other compressions, whose dictionaries may take megabytes, and for an archive,
 * 16 KiB and iconv's for UTF-16 and the like.
 */
enum ds_status input_stream_read(struct input_stream *stream, char *data, size_t capacity,
	size_t *size, struct ds_error *error);

/**
 * Goes on behind damage that input_stream_read() has reported. Returns true when there is more to
 * read. It is a gzip file then, and what comes next does not belong to the bytes before. False:
 * reading returns the same error.
 */
bool input_stream_resume(struct input_stream *stream);

/** How the file can be cut. To be asked before anything is read of it. */
enum input_cut input_stream_cut(const struct input_stream *stream);

/** The first offset from `from` on at which bytes can be read that `cut` says: the same one, or
 * that of the next member of BGZF; the size of the file when there is none. */
uint64_t input_stream_border(const struct input_stream *stream, enum input_cut cut, uint64_t from);

/** Was everything before the mark read? `*at` gets the offset of what follows: the mark itself, or
 * the offset of the member of BGZF that follows it. */
bool input_stream_is_at_mark(const struct input_stream *stream, uint64_t *at);

/** Goes on behind the mark, up to another one. */
void input_stream_set_mark(struct input_stream *stream, uint64_t mark);

/** Members of BGZF that were begun so far. */
uint64_t input_stream_members(const struct input_stream *stream);

/** Bytes taken from the file so far, compressed ones as they are. */
uint64_t input_stream_taken(const struct input_stream *stream);

/** Whether the archive as a whole cannot be read any further. */
bool input_stream_archive_failed(const struct input_stream *stream);

/** What is known so far of the file, or of the member that input_stream_next() went on to. */
void input_stream_facts(const struct input_stream *stream, struct input_facts *facts);
void input_stream_member_facts(const struct input_stream *stream, struct input_facts *facts);

/** Sets `*id` to what identifies the file. Returns false when it is no regular file. */
bool input_stream_file(const struct input_stream *stream, struct ds_file_id *id);

/** Bytes of the file from where reading began to its end; 0 when not known (pipes). */
uint64_t input_stream_size(const struct input_stream *stream);

/** Whether the bytes were converted to UTF-8, so that an encoding declaration in them is
 * void. */
bool input_stream_is_transcoded(const struct input_stream *stream);

void input_stream_free(struct input_stream *stream);

#endif
