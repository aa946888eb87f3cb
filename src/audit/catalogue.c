/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/finding.h"

#include <stdio.h>
#include <string.h>

/* Joins two tables into one order. DA907 is the last rule in rules.def, so its position there is
 * that of DA901 in the joined table; the ids from DA901 on have no gaps. */
enum {
#define DS_RULE(number, name, severity, scope, hypervisors, title, why, bad, good, source) \
	POSITION_##number,
#include "audit/rules.def"
	POSITION_901 = POSITION_907,
};

#define POSITION(number, position) ((number) < 901 ? (position) : POSITION_901 + ((number)-901))

/* The words of the tables. */
#define ON_XEN DS_HYPERVISOR_XEN
#define ON_QEMU DS_HYPERVISOR_QEMU
#define ON_VMWARE DS_HYPERVISOR_VMWARE
#define ON_BHYVE DS_HYPERVISOR_BHYVE
#define ON_LXC DS_HYPERVISOR_LXC
#define ON_ANY DS_HYPERVISOR_ANY

static const struct ds_rule rules[] = {
#define DS_RULE(number, name, severity, scope, hypervisors, title, why, bad, good, source) \
	[POSITION(number, POSITION_##number)] = {"DA" #number, name, DS_SEVERITY_##severity, \
		DS_SCOPE_##scope, hypervisors, title, why, bad, good, source},
#include "audit/rules.def"
#define DS_DAMAGE(number, name, severity, title, text) \
	[POSITION(number, 0)] = {"DA" #number, name, DS_SEVERITY_##severity, DS_SCOPE_INPUT, \
		ON_ANY, title, text, "", "", ""},
#include "record/damage.def"
};

#define COUNT (sizeof rules / sizeof *rules)

const struct ds_rule *ds_rules(size_t *count)
{
	if (count)
		*count = COUNT;
	return rules;
}

const struct ds_rule *rule_at(enum rule_index rule)
{
	return &rules[rule == RULE_907 ? POSITION(907, POSITION_907) : (unsigned)rule];
}

const struct ds_rule *ds_rule_find(const char *word)
{
	for (size_t i = 0; word && i < COUNT; i++)
		if (strcmp(rules[i].id, word) == 0 || strcmp(rules[i].name, word) == 0)
			return &rules[i];
	return NULL;
}

size_t ds_hypervisors_text(unsigned hypervisors, char text[DS_HYPERVISORS_TEXT_SIZE])
{
	static const char *const names[] = {"xen", "qemu/kvm", "vmware", "bhyve", "lxc"};
	size_t used = 0;

	if (hypervisors == DS_HYPERVISOR_ANY)
		return (size_t)snprintf(text, DS_HYPERVISORS_TEXT_SIZE, "any");
	text[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (hypervisors >> i & 1)
			used += (size_t)snprintf(text + used, DS_HYPERVISORS_TEXT_SIZE - used,
				"%s%s", used ? ", " : "", names[i]);
	return used;
}

const char *ds_severity_text(enum ds_severity severity)
{
	static const char *const texts[] = {"info", "low", "medium", "high", "critical"};

	return (unsigned)severity < sizeof texts / sizeof *texts ? texts[severity] : NULL;
}
