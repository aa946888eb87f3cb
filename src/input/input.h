/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "domstream/domstream.h"
#include "input/kind.h" /* enum kind_begin */

#include <stdbool.h>

/**
 * The inputs of a run: their names, one after another, and each of them as a stream of plain bytes.
 * Everything here is used by one thread at a time, except for input_ahead_fetch() and
 * input_ahead_work().
 */

/* ---- which files ---- */

struct input_list;

struct input_list_options {
	/** Borrowed until input_list_free(). "-" is standard input. Without names and `files_from`,
	 * standard input is read. */
	const char *const *names;
	size_t name_count;
	/** A file of names, which are read after `names`; "-" is standard input; NULL if there is
	 * none. Borrowed like `names`. Empty lines are skipped. A name that is longer than the
	 * system's longest path, or that contains a NUL byte, is an error. */
	const char *files_from;
	bool files_from_nul;
	/** Walk directories depth first, with their entries in the order of their bytes. Only
	 * regular files are returned, and links are not followed. Without this, a directory is
	 * reported as an error. At most 2 MiB of one directory's names are kept in memory for each
	 * level, and no file descriptor stays open. Links that were given as names are followed. */
	bool recursive;
};

/** Returns NULL when there is no memory. Opens nothing yet. */
struct input_list *input_list_new(const struct input_list_options *options);

/**
 * Fetches the next name, which is valid until the next call. Returns DS_OK with `*name` set, or
 * with `*name` NULL at the end. Returns DS_DAMAGED with `error` filled (id DA908, place.name, a
 * text with the system's reason, length 0) for a directory that cannot be read, or that was given
 * without `recursive`, with its name in `*name`; and for a `files_from` that cannot be opened or
 * read, or an invalid name in that file (with place.line), with `*name` NULL. The next call
 * continues after it. Returns DS_NO_MEMORY.
 * A name that does not exist is a name like any other; input_stream_open() reports what is wrong
 * with it.
 * `error->place.name` points to memory that is valid until the next call.
 */
enum ds_status input_list_next(struct input_list *list, const char **name, struct ds_error *error);

/** Returns the user's argument, or the entry of `files_from`, that the last name came from: that
 * name itself, or the directory that was walked. Valid until the next call. */
const char *input_list_given(const struct input_list *list);

void input_list_free(struct input_list *list);

/* ---- inflating ahead ---- */

/**
 * Lets idle threads help the thread that reads: the members of BGZF files are inflated ahead, about
 * 64 KiB at a time. The bytes that are read do not depend on whether other threads help.
 */
struct input_ahead;

/** A few members of a file that wait to be inflated. */
struct ahead_job;

/** Creates the object for this number of threads, including the one that reads; with one thread,
 * nothing is inflated ahead. Needs a few KiB at first; from the first BGZF file on, it also needs
 * 256 KiB, and 300 KiB for each thread. Returns NULL when there is no memory. */
struct input_ahead *input_ahead_new(unsigned workers);

/** Sets a function that the reading thread calls whenever there may be new work. */
void input_ahead_on_work(struct input_ahead *ahead, void (*wake)(void *context), void *context);

/** Returns a job that nobody works on yet, or NULL when all are done or fetched. Does not wait. May
 * be called by any thread at any time. */
struct ahead_job *input_ahead_fetch(struct input_ahead *ahead);

/** Does the work, in less than a millisecond. The thread that fetched it must call this. */
void input_ahead_work(struct input_ahead *ahead, struct ahead_job *job);

/** Frees the object, which no thread may be using any more. It may be NULL. */
void input_ahead_free(struct input_ahead *ahead);

/* ---- one file, or the members of an archive ---- */

struct input_stream;

/** How a file can be divided among several runs. */
enum input_cut {
	/** The file cannot be divided: its beginning must be read to read its end. */
	INPUT_CUT_NONE = 0,
	/** At any byte, because the file is stored uncompressed. */
	INPUT_CUT_PLAIN,
	/** Between two BGZF members. */
	INPUT_CUT_BGZF,
};

struct input_stream_options {
	/** How the file can be divided, if that is known, and where reading begins: an offset of
	 * stored bytes; for BGZF, that of a member. */
	enum input_cut cut;
	uint64_t begin;
	/** For BGZF: the number of members before `begin`; at least 1 unless that is 0. */
	uint64_t members;
	/** Reading stops here as if the input ended; see input_stream_is_at_stop(). 0 if there is
	 * no such position. */
	uint64_t stop;
	struct ds_limits limits;
	/** NULL, or a flag that cancels reading. It is checked ten times a second while waiting for
	 * a pipe or terminal, and after EINTR. */
	const volatile int *cancel;
	/** Compute the CRC-32 of the stored bytes. */
	bool checksums;
	/** The name that stream names and errors contain instead of "-". Borrowed until
	 * input_stream_free(). NULL means "-". */
	const char *label;
};

/** The known facts about a file, an archive or a member of an archive. The texts are static except
 * for `encoding`. */
struct input_facts {
	enum ds_input_kind kind;
	/** What the first bytes show, and whether they alone show that there is no domain. */
	enum kind_begin begin;
	bool is_certain;
	/** The input is an HTML page. */
	bool is_page;
	/** As in struct ds_input_result. */
	const char *recognized, *advice;
	const char *compression;
	/** The encoding from which the bytes were converted, valid until input_stream_next() is
	 * called; NULL if they were not converted. */
	const char *encoding;
	uint64_t size;
	/** The number of stored bytes that were read, and whether that is all of them. */
	uint64_t bytes_read;
	bool is_ended;
	/** The CRC-32 of these bytes, if `checksums` is set. */
	uint32_t crc32;
};

/**
 * Opens a file, or standard input for "-". Compression and tar archives are recognized by the first
 * bytes, never by the name.
 * Returns DS_OK; DS_DAMAGED with `error` (DA908) when the input cannot be opened, is a directory,
 * is compressed more than twice or in a way that this build does not support (the text names the
 * command to pipe through), has an encoding that iconv does not know, or is an archive and this was
 * built without libarchive; or DS_NO_MEMORY. `name` is copied; in an error of this call, place.name
 * is `name` itself. A stream that fails or is cancelled while its first bytes are inspected is
 * opened nevertheless; reading it reports the failure.
 */
enum ds_status input_stream_open(struct input_stream **out, const char *name,
	const struct input_stream_options *options, struct ds_error *error);

/** From now on, the rest of the stream, and of the members of an archive, is inflated ahead where
 * that is possible. `ahead` is borrowed until input_stream_free(). */
void input_stream_share(struct input_stream *stream, struct input_ahead *ahead);

/**
 * Continues with the next stream of plain bytes in the input. A file is one stream, and may be read
 * without this call. In an archive, each regular file is a stream, named
 * "backup.tar.gz!etc/xen/web01.sxp", and is itself decompressed or transcoded according to its
 * content.
 * Returns DS_OK with `*name`, which is valid until the next call, or with NULL after the last one.
 * Returns DS_DAMAGED with `error` (place.name is valid as long as a `*name` would be): with `*name`
 * set, when a member is an archive itself, or cannot be opened for a reason for which a file could
 * not be opened (DA908); with `*name` NULL, when the archive is corrupt (DA901, DA902, DA905, or as
 * input_stream_read()). The next call continues after the damage, if anything follows. Returns
 * DS_STOPPED or DS_NO_MEMORY.
 */
enum ds_status input_stream_next(struct input_stream *stream, const char **name,
	struct ds_error *error);

/**
 * Reads up to `capacity` plain bytes: decompressed, and with UTF-16, UTF-32 and EBCDIC converted to
 * UTF-8 (without a byte order mark). A UTF-8 byte order mark is delivered unchanged.
 * Returns DS_OK with `*size` > 0; DS_OK with `*size` 0 at the end; DS_STOPPED when cancelled;
 * DS_NO_MEMORY; or DS_DAMAGED with `error` when nothing more can be read although the end was not
 * reached, after all bytes before the damage were delivered. The ids of these errors are:
 * - DA901: the compressed data ends early, or is BGZF without the empty member at its end;
 * - DA902: the checksum, length or code of compressed data is wrong;
 * - DA903: a byte is not a character of the encoding;
 * - DA904: compressed data is followed by bytes that do not belong to it (zeros are padding at the
 *   end of the file);
 * - DA905: the file expands to more than limits->gzip_ratio allows;
 * - DA908: the system could not read (the text has its reason).
 *
 * `error->place.offset` is the offset in the file itself (for DA903 in a compressed file, in the
 * decompressed text), line and column are 0, and place.name is the stream's copy of its name, which
 * lives as long as the stream. For an archive, place.name shows whether the member or the archive
 * is meant. After any status except DS_OK, only input_stream_resume() or input_stream_next()
 * continues; another read returns the same status.
 *
 * `capacity` is at least 1, and `*size` is often less. How a pipe delivers the bytes does not
 * change what a read returns. Memory: some KiB for plain bytes; about 64 KiB and zlib's 40 KiB for
 * gzip; 64 KiB and libarchive's memory for archives and other compressions, whose dictionaries may
 * need megabytes; 16 KiB and iconv's memory for UTF-16 and similar encodings.
 */
enum ds_status input_stream_read(struct input_stream *stream, char *data, size_t capacity,
	size_t *size, struct ds_error *error);

/**
 * Continues after damage that input_stream_read() has reported. Returns true when there is more to
 * read; then the input is compressed, and the following bytes do not belong to those before. When
 * it returns false, reading returns the same error.
 */
bool input_stream_resume(struct input_stream *stream);

/** Returns how the file can be divided. Must be called before any of it is read. */
enum input_cut input_stream_cut(const struct input_stream *stream);

/** Returns the first offset at or after `from` at which reading can begin, in a file that can be
 * divided as `cut` says: `from` itself, or the offset of the next BGZF member; or the size of the
 * file after the last member. */
uint64_t input_stream_border(const struct input_stream *stream, enum input_cut cut, uint64_t from);

/** Returns whether everything before the stop was read. `*at` gets the offset of the following
 * bytes: the stop itself, or the offset of the BGZF member that follows it. */
bool input_stream_is_at_stop(const struct input_stream *stream, uint64_t *at);

/** Continues after the stop, up to another one. */
void input_stream_set_stop(struct input_stream *stream, uint64_t stop);

/** Returns the number of BGZF members that were begun. */
uint64_t input_stream_members(const struct input_stream *stream);

/** Returns the number of bytes that were read from the file, in compressed form. */
uint64_t input_stream_bytes_read(const struct input_stream *stream);

/** Returns whether the archive as a whole cannot be read any further. */
bool input_stream_archive_failed(const struct input_stream *stream);

/** Returns the facts that are known so far about the file, or about the member that
 * input_stream_next() returned. */
void input_stream_facts(const struct input_stream *stream, struct input_facts *facts);
void input_stream_member_facts(const struct input_stream *stream, struct input_facts *facts);

/** Sets `*id` to the identity of the file. Returns false if it is not a regular file. */
bool input_stream_file(const struct input_stream *stream, struct ds_file_id *id);

/** Returns the number of bytes of the file from the beginning of reading to its end; 0 when unknown
 * (pipes). */
uint64_t input_stream_size(const struct input_stream *stream);

/** Returns whether the bytes were converted to UTF-8, so that an encoding declaration in them must
 * be ignored. */
bool input_stream_is_transcoded(const struct input_stream *stream);

void input_stream_free(struct input_stream *stream);

#endif
