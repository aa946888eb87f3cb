/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/preserve.h"

#include "flow/reread.h"
#include "record/base64.h"
#include "record/text.h"
#include "record/words.h"

#include <stdlib.h>

struct preserver {
	struct ds_limits limits;
	struct reread *reread;
	/** The memory for the records and losses of a comparison. */
	struct arena arena;
	struct loss_list losses;
	struct buffer converted, one, other, scratch;
};

struct preserver *preserver_new(const struct ds_limits *limits)
{
	struct preserver *preserver = calloc(1, sizeof *preserver);

	if (!preserver)
		return NULL;
	preserver->limits = *limits;
	arena_init(&preserver->arena);
	loss_list_init(&preserver->losses, &preserver->arena);
	buffer_init(&preserver->converted);
	buffer_init(&preserver->one);
	buffer_init(&preserver->other);
	buffer_init(&preserver->scratch);
	preserver->reread = reread_new(limits);
	if (!preserver->reread) {
		preserver_free(preserver);
		return NULL;
	}
	return preserver;
}

void preserver_free(struct preserver *preserver)
{
	if (!preserver)
		return;
	reread_free(preserver->reread);
	loss_list_fini(&preserver->losses);
	arena_fini(&preserver->arena);
	buffer_fini(&preserver->converted);
	buffer_fini(&preserver->one);
	buffer_fini(&preserver->other);
	buffer_fini(&preserver->scratch);
	free(preserver);
}

/* ---- restoring an original ---- */

/** Writes a record in a canonical form, as SEXPR on one line. */
static void write_canonical(struct preserver *preserver, enum ds_xend xend,
	const struct ds_domain *domain, struct buffer *out)
{
	struct ds_writer_options options;

	ds_writer_options_init(&options, sizeof options);
	options.xend = xend;
	loss_list_clear(&preserver->losses);
	buffer_clear(out, (size_t)256 << 10);
	record_write(&options, DS_FORMAT_SEXPR, domain, out, &preserver->scratch,
		&preserver->losses);
}

/** Returns whether the domain is still what its original was converted to. */
static bool is_unchanged(struct preserver *preserver, const struct ds_writer_options *options,
	const struct ds_domain *domain, enum ds_format format)
{
	struct ds_writer_options plain = *options;
	const struct ds_domain *original = reread_one(preserver->reread, format,
		domain->preserved.data, domain->preserved.size, &preserver->arena);
	const struct ds_domain *reread;

	if (!original)
		return false;
	plain.pretty = false;
	plain.only_disks = false;
	loss_list_clear(&preserver->losses);
	buffer_clear(&preserver->converted, (size_t)256 << 10);
	record_write(&plain, domain->format, original, &preserver->converted, &preserver->scratch,
		&preserver->losses);
	if (preserver->converted.failed)
		return false;
	reread = reread_one(preserver->reread, domain->format, preserver->converted.data,
		preserver->converted.size, &preserver->arena);
	if (!reread)
		return false;
	write_canonical(preserver, options->xend, reread, &preserver->one);
	write_canonical(preserver, options->xend, domain, &preserver->other);
	return !preserver->one.failed && !preserver->other.failed &&
		preserver->one.size == preserver->other.size &&
		memcmp(preserver->one.data, preserver->other.data, preserver->one.size) == 0;
}

/* ---- adding the original ---- */

/** Inserts bytes before the end of the domain that was written last. */
static void carry_xml(struct preserver *preserver, struct ds_text original, struct buffer *out)
{
	static const char end[] = "</domain>\n";
	struct buffer *text = &preserver->one;

	out->size -= sizeof end - 1;
	buffer_literal(out,
		"  <metadata>\n    <domstream:original xmlns:domstream='" PRESERVE_NAMESPACE "'");
	buffer_clear(text, (size_t)256 << 10);
	if (record_xml_text(text, original)) {
		/* XML cannot represent some of the bytes. */
		buffer_literal(out, " encoding='base64'>");
		base64_encode(original, out);
	} else {
		buffer_byte(out, '>');
		buffer_add(out, text->data, text->size);
	}
	out->failed |= text->failed;
	buffer_literal(out, "</domstream:original>\n  </metadata>\n</domain>\n");
}

static void carry_sexpr(struct ds_text original, struct buffer *out)
{
	out->size -= 2;
	buffer_literal(out, " (" PRESERVE_KEY " ");
	record_sexpr_value(out, original);
	buffer_literal(out, "))\n");
}

/** Writes the domain together with its original, so that nothing of it is lost. */
static void write_carrying(struct preserver *preserver, const struct ds_writer_options *options,
	enum ds_format format, const struct ds_domain *domain, struct buffer *out,
	struct buffer *scratch, struct loss_list *losses)
{
	struct ds_writer_options flat = *options;
	size_t count = losses->count;
	size_t unknown = losses->unknown, defaults = losses->defaults;

	flat.pretty = false;
	if (format == DS_FORMAT_XML) {
		record_write(&flat, format, domain, out, scratch, losses);
		if (!out->failed)
			carry_xml(preserver, domain->raw, out);
	} else if (!options->pretty) {
		record_write(&flat, format, domain, out, scratch, losses);
		if (!out->failed)
			carry_sexpr(domain->raw, out);
	} else {
		buffer_clear(&preserver->converted, (size_t)256 << 10);
		record_write(&flat, format, domain, &preserver->converted, scratch, losses);
		if (!preserver->converted.failed)
			carry_sexpr(domain->raw, &preserver->converted);
		/* The layout adds the line end itself. */
		preserver->converted.size--;
		record_layout(&preserver->converted, out);
	}
	losses->count = count;
	losses->unknown = unknown;
	losses->defaults = defaults;
}

bool preserver_write(struct preserver *preserver, const struct ds_writer_options *options,
	enum ds_format format, const struct ds_domain *domain, struct buffer *out,
	struct buffer *scratch, struct loss_list *losses)
{
	bool carries = options->preserve && !options->only_disks &&
		domain->raw.size <= preserver->limits.token_size / 2;

	arena_clear(&preserver->arena);
	if (domain->preserved.data && format != domain->format && !options->only_disks) {
		if (is_unchanged(preserver, options, domain, format)) {
			buffer_add(out, domain->preserved.data, domain->preserved.size);
			buffer_byte(out, '\n');
			return true;
		}
		loss_stale(losses, domain);
	}
	if (carries)
		write_carrying(preserver, options, format, domain, out, scratch, losses);
	else
		record_write(options, format, domain, out, scratch, losses);
	return !preserver->arena.failed;
}
