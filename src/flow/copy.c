/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/copy.h"

bool copy_applies(const struct ds_run_options *options, enum ds_format format, const struct ds_domain *domain)
{
	const struct ds_writer_options *writer = &options->writer;

	if (options->extract)
		return true;
	if (format != domain->format || writer->only_disks)
		return false;
	return format == DS_FORMAT_XML || (!writer->pretty && !options->rewrite);
}

static void add_latin1(struct buffer *out, struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte >= 0x80) {
			buffer_byte(out, (char)(0xc0 | byte >> 6));
			buffer_byte(out, (char)(0x80 | (byte & 0x3f)));
		} else {
			buffer_byte(out, (char)byte);
		}
	}
}

void copy_text(const struct ds_domain *domain, struct buffer *out)
{
	if (domain->is_latin1)
		add_latin1(out, domain->raw);
	else
		buffer_add(out, domain->raw.data, domain->raw.size);
}
