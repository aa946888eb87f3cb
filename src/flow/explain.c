/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"

/* The list of all ids, made from the tables that the stages use. */

static const struct ds_explanation explanations[] = {
#define DS_DAMAGE(number, name, severity, title, text) {"DA" #number, title, text},
#include "record/damage.def"
#define DS_REASON(name, id, title, text) {id, title, text},
#include "write/reasons.def"
};

const struct ds_explanation *ds_explanations(size_t *count)
{
	if (count)
		*count = sizeof explanations / sizeof *explanations;
	return explanations;
}
