/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_ACCEPTED_LOSSES_H
#define CLI_ACCEPTED_LOSSES_H

#include "cli/status.h"
#include "domstream/domstream.h"

/**
 * Reads a file of `convert --losses`, one JSON object per line, and makes a comparison accept what
 * it lists. Returns STATUS_FINE; STATUS_USAGE after a message when the file cannot be read or is
 * not such a list; or STATUS_FAILED after a message when there is no memory.
 */
enum exit_status accepted_losses_read(struct ds_diff *diff, const char *name);

#endif
