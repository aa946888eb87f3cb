/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/record.h"
#include "flow/options.h"
#include "record/sized.h"

#include <stdlib.h>

/* The public interface to an estate that is built from the records of several runs. */

struct ds_estate {
	struct ds_audit_options options;
	struct ds_estate_sinks sinks;
	void *context;
	struct estate *estate;
	/** The memory of one record. */
	struct arena arena;
	uint64_t findings;
	bool is_finished;
};

enum ds_status ds_estate_new(const struct ds_audit_options *options,
	const struct ds_estate_sinks *sinks, void *context, struct ds_estate **made)
{
	struct ds_estate *estate;

	if (!made)
		return DS_USAGE;
	estate = calloc(1, sizeof *estate);
	if (!estate)
		return DS_NO_MEMORY;
	estate->context = context;
	arena_init(&estate->arena);
	ds_estate_sinks_init(&estate->sinks, sizeof estate->sinks);
	if (options_read_audit(&estate->options, options) ||
		!sized_copy(&estate->sinks, sizeof estate->sinks, sinks) ||
		!estate->sinks.finding) {
		ds_estate_free(estate);
		return DS_USAGE;
	}
	estate->estate = estate_new(&estate->options);
	if (!estate->estate) {
		ds_estate_free(estate);
		return DS_NO_MEMORY;
	}
	*made = estate;
	return DS_OK;
}

enum ds_status ds_estate_add(struct ds_estate *estate, const struct ds_estate_domain *given,
	struct ds_record *records)
{
	struct estate_record decoded;
	struct ds_estate_domain domain;
	enum ds_status status;

	ds_estate_domain_init(&domain, sizeof domain);
	if (!estate || estate->is_finished || !sized_copy(&domain, sizeof domain, given) ||
		!domain.place.name || !domain.host || !records)
		return DS_USAGE;
	arena_clear(&estate->arena);
	status = estate_record_decode(&decoded, records, &domain, estate_key(estate->estate),
		&estate->arena);
	if (status == DS_OK && estate->sinks.domain)
		status = estate->sinks.domain(estate->context, &decoded.domain);
	for (size_t i = 0; i < decoded.finding_count && status == DS_OK; i++)
		status = estate->sinks.finding(estate->context, &decoded.findings[i]);
	if (status != DS_OK)
		return status;
	estate->findings += decoded.finding_count;
	return estate_add(estate->estate, &decoded.domain, &decoded.part) ? DS_OK : DS_NO_MEMORY;
}

enum ds_status ds_estate_note_unread(struct ds_estate *estate, const char *host)
{
	if (!estate || estate->is_finished)
		return DS_USAGE;
	return estate_note_unread(estate->estate, host) ? DS_OK : DS_NO_MEMORY;
}

enum ds_status ds_estate_finish(struct ds_estate *estate, uint64_t *findings)
{
	enum ds_status status;

	if (!estate || !findings || estate->is_finished)
		return DS_USAGE;
	estate->is_finished = true;
	status = estate_finish(estate->estate, estate->sinks.finding, estate->context,
		&estate->findings);
	*findings = estate->findings;
	if (status == DS_OK && estate->sinks.shared_images)
		status = estate_list_shared(estate->estate, estate->sinks.shared_images,
			estate->context);
	return status;
}

void ds_estate_free(struct ds_estate *estate)
{
	if (!estate)
		return;
	estate_free(estate->estate);
	arena_fini(&estate->arena);
	free(estate);
}
