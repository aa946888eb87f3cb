/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/tarball.h"

#include "output/output.h" /* struct bgzf */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The ustar format of POSIX with pax: a header of 512 bytes before each file, whose bytes are
 * padded with zeros to a multiple of that. A name that does not fit into the header is stored
 * before it, as the record "path" of a special file. libarchive would write the same, except that
 * its names depend on the present locale.
 */

#define BLOCK_SIZE ((size_t)512)
/** The amount that tar writes at once; the archive is padded to a multiple of it. */
#define RECORD_SIZE ((uint64_t)10240)
#define NAME_SIZE 100
/** The largest size that eleven octal digits can express. */
#define SIZE_LIMIT ((uint64_t)1 << 33)

struct header {
	char name[NAME_SIZE];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[NAME_SIZE];
	char magic[6];
	char version[2];
	char owner[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char padding[12];
};

struct tarball {
	ds_sink *sink;
	void *context;
	/** NULL if the archive is not compressed. */
	struct bgzf *bgzf;
	/** Bytes that wait to be written: headers are small, and so are most files. */
	char block[BGZF_BLOCK_SIZE];
	size_t used;
	/** The buffer for a compressed block; NULL if the archive is not compressed. */
	char *compressed;
	/** The number of bytes of the archive so far. */
	uint64_t written;
	/** The first failure, which is sticky. */
	enum ds_status status;
};

struct tarball *tarball_new(ds_sink *sink, void *context, int gzip_level)
{
	struct tarball *tarball = calloc(1, sizeof *tarball);

	if (!tarball)
		return NULL;
	tarball->sink = sink;
	tarball->context = context;
	if (!gzip_level)
		return tarball;
	tarball->bgzf = bgzf_new(gzip_level);
	tarball->compressed = malloc(BGZF_BLOCK_MAX);
	if (tarball->bgzf && tarball->compressed)
		return tarball;
	tarball_free(tarball);
	return NULL;
}

static void put(struct tarball *tarball, const char *data, size_t size)
{
	if (tarball->status == DS_OK && size > 0)
		tarball->status = tarball->sink(tarball->context, data, size);
}

static void flush(struct tarball *tarball)
{
	if (!tarball->bgzf)
		put(tarball, tarball->block, tarball->used);
	else if (tarball->used > 0)
		put(tarball, tarball->compressed,
			bgzf_block(tarball->bgzf, tarball->block, tarball->used,
				tarball->compressed));
	tarball->used = 0;
}

/** Appends bytes, or zeros when `data` is NULL. */
static void add(struct tarball *tarball, const char *data, size_t size)
{
	tarball->written += size;
	while (size > 0 && tarball->status == DS_OK) {
		size_t room = sizeof tarball->block - tarball->used;
		size_t length = size < room ? size : room;

		if (data) {
			memcpy(tarball->block + tarball->used, data, length);
			data += length;
		} else {
			memset(tarball->block + tarball->used, 0, length);
		}
		tarball->used += length;
		size -= length;
		if (tarball->used == sizeof tarball->block)
			flush(tarball);
	}
}

static void add_file(struct tarball *tarball, char type, const char *name, size_t name_size,
	const char *data, size_t size)
{
	struct header header;
	unsigned sum = 0;

	memset(&header, 0, sizeof header);
	memcpy(header.name, name, name_size < NAME_SIZE ? name_size : NAME_SIZE);
	memcpy(header.mode, "0000644", sizeof header.mode);
	memcpy(header.uid, "0000000", sizeof header.uid);
	memcpy(header.gid, "0000000", sizeof header.gid);
	snprintf(header.size, sizeof header.size, "%011llo", (unsigned long long)size % SIZE_LIMIT);
	memcpy(header.mtime, "00000000000", sizeof header.mtime);
	memset(header.checksum, ' ', sizeof header.checksum);
	header.type = type;
	memcpy(header.magic, "ustar", sizeof header.magic);
	memcpy(header.version, "00", sizeof header.version);
	for (size_t i = 0; i < sizeof header; i++)
		sum += ((const unsigned char *)&header)[i];
	snprintf(header.checksum, sizeof header.checksum, "%06o", sum & 0777777);
	add(tarball, (const char *)&header, sizeof header);
	add(tarball, data, size);
	add(tarball, NULL, (BLOCK_SIZE - size % BLOCK_SIZE) % BLOCK_SIZE);
}

static bool fits_header(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)name[i] >= 0x80)
			return false;
	return size <= NAME_SIZE;
}

/** Adds the name of the next file as a pax record. A record begins with its own length, which
 * includes the digits of that length. */
static void add_path(struct tarball *tarball, const char *name, size_t name_size)
{
	static const char header_name[] = "PaxHeader";
	char record[TARBALL_NAME_MAX + 32];
	size_t size = name_size + sizeof " path=\n" - 1;
	size_t digits = 1;

	for (size_t limit = 10; size + digits >= limit; limit *= 10)
		digits++;
	size = (size_t)snprintf(record, sizeof record, "%zu path=%s\n", size + digits, name);
	add_file(tarball, 'x', header_name, sizeof header_name - 1, record, size);
}

enum ds_status tarball_add(struct tarball *tarball, const char *name, const char *data, size_t size)
{
	size_t name_size = strlen(name);

	if (name_size > TARBALL_NAME_MAX || size >= SIZE_LIMIT)
		return DS_USAGE;
	if (!fits_header(name, name_size))
		add_path(tarball, name, name_size);
	add_file(tarball, '0', name, name_size, data, size);
	return tarball->status;
}

enum ds_status tarball_finish(struct tarball *tarball)
{
	add(tarball, NULL, 2 * BLOCK_SIZE);
	add(tarball, NULL, (size_t)((RECORD_SIZE - tarball->written % RECORD_SIZE) % RECORD_SIZE));
	flush(tarball);
	if (tarball->bgzf)
		put(tarball, bgzf_end, sizeof bgzf_end);
	return tarball->status;
}

void tarball_free(struct tarball *tarball)
{
	if (!tarball)
		return;
	bgzf_free(tarball->bgzf);
	free(tarball->compressed);
	free(tarball);
}
