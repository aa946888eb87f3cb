/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/audit.h"

#include "audit/rules.h"

#include <stdbool.h>

static struct ds_finding *note(struct finding_list *list, const struct domain_view *view,
	enum rule_index rule, struct ds_text detail)
{
	struct ds_finding *finding;

	if (!(rule_at(rule)->hypervisors & view->hypervisor))
		return NULL;
	finding = finding_add(list, rule, detail);
	if (!finding)
		return NULL;
	finding->place = view->domain->place;
	finding->host = (struct ds_text){view->domain->host, strlen(view->domain->host)};
	finding->domain = view->domain->name;
	finding->uuid = view->domain->uuid;
	return finding;
}

struct ds_finding *rules_note_disk(struct finding_list *list, const struct domain_view *view,
	const struct disk_view *disk, enum rule_index rule, struct ds_text detail)
{
	struct ds_finding *finding = note(list, view, rule, detail);

	if (!finding)
		return NULL;
	finding->place = disk->place;
	finding->disk = disk->disk->target;
	finding->source = disk->canonical.data ? disk->canonical : disk->source;
	finding_sign(finding);
	return finding;
}

struct ds_finding *rules_note_domain(struct finding_list *list, const struct domain_view *view,
	enum rule_index rule, struct ds_text detail)
{
	struct ds_finding *finding = note(list, view, rule, detail);

	if (finding)
		finding_sign(finding);
	return finding;
}

/** Creates the finding for an error. Returns false when no rule has its id. */
static bool error_finding(const struct ds_error *error, struct ds_finding *finding)
{
	struct fingerprint fingerprint = fingerprint_begin(error->id);
	const struct ds_text file = {error->place.name, strlen(error->place.name)};

	memset(finding, 0, sizeof *finding);
	finding->rule = ds_rule_find(error->id);
	if (!finding->rule)
		return false;
	finding->severity = finding->rule->severity;
	finding->place = error->place;
	if (error->host)
		finding->host = (struct ds_text){error->host, strlen(error->host)};
	if (*error->domain)
		finding->domain = (struct ds_text){error->domain, strlen(error->domain)};
	finding->text = (struct ds_text){error->text, strlen(error->text)};
	/* The position does not count, so that the damage is recognized in tomorrow's dump. Damage
	 * that belongs to no domain is only distinguished by its file, because many errors have the
	 * same text. */
	fingerprint_add(&fingerprint, finding->domain.data ? finding->domain : file);
	fingerprint_add(&fingerprint,
		(struct ds_text){error->text,
			error->reason_size ? error->reason_size : finding->text.size});
	fingerprint_write(&fingerprint, finding->fingerprint);
	return true;
}

enum ds_status ds_error_finding(const struct ds_error *error, ds_finding_sink *sink, void *context)
{
	struct ds_finding finding;

	if (!error || !sink)
		return DS_USAGE;
	return error_finding(error, &finding) ? sink(context, &finding) : DS_OK;
}

bool audit_domain(struct domain_view *view, const struct ds_domain *domain,
	const struct ds_audit_options *options, struct finding_list *list)
{
	if (!view_fill(view, domain, list->arena))
		return false;
	view->options = options;
	for (size_t i = 0; i < view->count; i++)
		rules_for_disk(view, &view->disks[i], list);
	rules_for_domain(view, list);
	return !list->arena->failed;
}
