/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/copy.h"

bool copy_applies(const struct ds_run_options *options, enum ds_format format,
	const struct ds_domain *domain)
{
	const struct ds_writer_options *writer = options->writer;

	if (options->extract)
		return true;
	if (format != domain->format || writer->only_disks)
		return false;
	return format == DS_FORMAT_XML || (!writer->pretty && !options->rewrite);
}
