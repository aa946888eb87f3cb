/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"

#include <string.h>

static const struct ds_rule rules[] = {
#define DS_RULE(number, name, severity, scope, title, why, bad, good, source) \
	{"DA" #number, name, DS_SEVERITY_##severity, DS_SCOPE_##scope, title, why, bad, good, source},
#include "audit/rules.def"
#undef DS_RULE
#define DS_DAMAGE(id, title, text) {id, "damaged-input", DS_SEVERITY_HIGH, DS_SCOPE_INPUT, title, text, "", "", ""},
#include "record/damage.def"
#undef DS_DAMAGE
};

#define COUNT (sizeof rules / sizeof *rules)

const struct ds_rule *ds_rules(size_t *count)
{
	*count = COUNT;
	return rules;
}

const struct ds_rule *ds_rule_find(const char *id)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	return NULL;
}

const char *ds_severity_text(enum ds_severity severity)
{
	static const char *const texts[] = {"info", "low", "medium", "high", "critical"};

	return texts[severity];
}
