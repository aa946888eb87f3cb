/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_ESTATE_PRIVATE_H
#define AUDIT_ESTATE_PRIVATE_H

#include "audit/estate.h"
#include "audit/intern.h"

/** Where domains come from. */
struct origin {
	/** Numbers of its host and its file. */
	uint32_t host, file;
};

struct estate {
	const struct ds_audit_options *options;
	struct texts texts;
	struct index index;
	struct intern targets, formats, files, hosts;
	struct store origins;
	/** Loop devices of each host. */
	struct store loops;
};

#endif
