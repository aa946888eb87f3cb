/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/estate.h"
#include "estate/text_table.h"
#include "record/bytes.h"
#include "record/source.h"
#include "record/text.h"

/** Adds a text to a hash, which has to distinguish texts within one run, and be fast: it processes
 * eight bytes at a time. */
static uint64_t mix(uint64_t hash, struct ds_text text)
{
	const uint64_t factor = 0x9e3779b97f4a7c15u;
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t at = 0;

	for (; text.size - at >= 8; at += 8) {
		hash = (hash ^ bytes_word(bytes + at)) * factor;
		hash ^= hash >> 32;
	}
	hash = (hash ^ (uint64_t)text.size << 56) * factor;
	if (text.size > at)
		hash = (hash ^ bytes_last_word(bytes + at, text.size - at)) * factor;
	return hash ^ hash >> 32;
}

/** Returns a hash of the domain's name and disks. The order of the disks does not count, because it
 * may differ between the two formats. */
static uint32_t content_of(const struct domain_view *view)
{
	uint64_t content = mix(1, view->domain->name);

	for (size_t i = 0; i < view->count; i++)
		/* A running domain may have another medium in its drive than its configuration. */
		if (!view->disks[i].is_cdrom && !view->disks[i].is_floppy)
			content +=
				mix(mix(2, view->disks[i].disk->target), view->disks[i].identity);
	return (uint32_t)(content >> 40);
}

uint32_t estate_part_usual_content(const struct estate_part *part, struct ds_text name)
{
	uint64_t content = mix(1, name);

	for (size_t i = 0; i < part->count; i++)
		if (!(part->disks[i].flags & (ESTATE_BACKING | ESTATE_CDROM | ESTATE_FLOPPY)))
			content += mix(mix(2, part->disks[i].target), part->disks[i].source);
	return (uint32_t)(content >> 40);
}

static void add_disk_to_part(struct estate_part *part, const struct domain_view *view,
	const struct disk_view *disk, unsigned flags, struct ds_text source, struct ds_text format,
	struct siphash_key key)
{
	part->disks[part->count++] = (struct estate_disk){
		.source = source,
		.target = disk->disk->target,
		.format = format,
		.backend = disk->backend_domain,
		.place = disk->place,
		.number = (uint32_t)(disk->disk - view->domain->disks),
		.flags = flags | (disk->is_cdrom ? ESTATE_CDROM : 0) |
			(disk->is_floppy ? ESTATE_FLOPPY : 0) |
			(text_is(disk->details->startup_policy, "optional") ? ESTATE_OPTIONAL : 0),
		.hash = text_table_hash(key, source),
	};
}

/** Allocates memory for the disks whose source is known, and for their backing files. There is room
 * for one more, because an arena cannot allocate zero bytes. */
static struct estate_disk *room_for(const struct domain_view *view)
{
	size_t count = 1;

	for (size_t i = 0; i < view->count; i++)
		count += (size_t)text_given(view->disks[i].identity) + view->disks[i].backing_count;
	return arena_alloc(view->arena, count * sizeof(struct estate_disk));
}

/* ---- files that are not disks ---- */

/** Adds the paths in a value or in raw XML or SEXPR: texts that begin with a slash after a quote, a
 * blank or a bracket, up to the next of these. If `files` is NULL, only counts them. Returns their
 * number. */
static size_t add_paths(struct ds_text *files, struct ds_text raw)
{
	static const char ends[] = "'\"<>() \t\r\n";
	size_t count = 0, end;

	for (size_t at = 0; at < raw.size; at = end + 1) {
		end = at;
		while (end < raw.size && !memchr(ends, raw.data[end], sizeof ends - 1))
			end++;
		if (end - at < 2 || raw.data[at] != '/' || raw.data[end - 1] == '/')
			continue;
		if (files)
			files[count] = (struct ds_text){raw.data + at, end - at};
		count++;
	}
	return count;
}

/** Adds all other files that a domain uses: kernels, firmware, NVRAM, file systems of
 * containers. */
static size_t add_files(struct ds_text *files, const struct ds_domain *domain)
{
	const struct ds_text own[] = {domain->kernel, domain->initrd, domain->loader};
	size_t count = 0;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (text_given(own[i]))
			count += add_paths(files ? files + count : NULL, own[i]);
	for (size_t i = 0; i < domain->extra_count; i++)
		count += add_paths(files ? files + count : NULL, domain->extras[i].raw);
	return count;
}

static bool fill_files(struct estate_part *part, const struct domain_view *view)
{
	size_t count = view->options->image_list_count ? add_files(NULL, view->domain) : 0;

	if (!count)
		return true;
	part->files = arena_alloc(view->arena, count * sizeof *part->files);
	if (part->files)
		part->file_count = add_files(part->files, view->domain);
	return part->files != NULL;
}

/* ---- the whole part ---- */

bool estate_uuid(struct ds_text uuid, unsigned char bytes[UUID_BYTES])
{
	static const unsigned char zeros[UUID_BYTES];

	return text_parse_uuid(uuid, bytes) && memcmp(bytes, zeros, sizeof zeros) != 0;
}

bool estate_part_fill(struct estate_part *part, const struct domain_view *view,
	struct siphash_key key)
{
	memset(part, 0, sizeof *part);
	part->content = content_of(view);
	part->has_uuid = estate_uuid(view->domain->uuid, part->uuid);
	part->disks = room_for(view);
	if (!part->disks || !fill_files(part, view))
		return false;
	for (size_t i = 0; i < view->count; i++) {
		const struct disk_view *disk = &view->disks[i];
		unsigned flags = (disk->is_writable ? ESTATE_WRITABLE : 0) |
			(disk->is_shareable ? ESTATE_SHAREABLE : 0);

		part->loops += view->is_xen && disk->backend_word == WORD_FILE && !disk->is_floppy;
		if (text_given(disk->identity) && !disk->is_nothing)
			add_disk_to_part(part, view, disk, flags, disk->identity,
				source_read_as(disk->disk), key);
		for (size_t level = 0; level < disk->backing_count; level++)
			if (text_given(disk->backing_sources[level]))
				add_disk_to_part(part, view, disk, ESTATE_BACKING,
					disk->backing_sources[level],
					disk->details->backing[level].format, key);
	}
	return true;
}
