/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_FAIL_H
#define OUTPUT_FAIL_H

#include "domstream/domstream.h"

/** Fills an error with "cannot WHAT: " and the system's reason for `number`, sets `errno` to that
 * number, and returns DS_SYSTEM. */
enum ds_status output_fail(struct ds_error *error, const char *name, const char *what, int number);

#endif
