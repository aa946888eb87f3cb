/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/fail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum ds_status output_fail(struct ds_error *error, const char *name, const char *what, int number)
{
	char reason[128];

	if (strerror_r(number, reason, sizeof reason) != 0)
		snprintf(reason, sizeof reason, "system error %d", number);
	memset(error, 0, sizeof *error);
	error->place.name = name;
	snprintf(error->text, sizeof error->text, "cannot %s: %s", what, reason);
	errno = number;
	return DS_SYSTEM;
}
