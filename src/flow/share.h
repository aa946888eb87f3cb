/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_SHARE_H
#define FLOW_SHARE_H

#include "input/input.h"

/**
 * The share of a part. The stored bytes of all inputs, in their order, are one sequence, which is
 * cut into `parts` shares of the same size. All parts go through the same list, so they agree on
 * what is whose. Without parts all inputs are in the share.
 */
struct share {
	unsigned part, parts;
	/** Where it begins and ends in the sequence. */
	uint64_t begin, end;
	/** The next input: where it begins, and its number. */
	uint64_t at, index;
	/** Of all inputs. */
	uint64_t inputs, total;
	/** Changes with the names and sizes of the inputs, and with their order. */
	uint64_t digest;
};

/** What of an input is in the share. */
struct share_input {
	/** Its number. */
	uint64_t index;
	/** Its size, as far as that is known before it is read. */
	uint64_t size;
	/** Offsets in the input. */
	uint64_t from, to;
	/** It begins in the share: if it cannot be cut, all of it is this part's. */
	bool is_owned;
	/** Some of it may be in the share; all of it is. */
	bool is_touched, is_whole;
};

/** Goes through the whole list, which is the caller's to free, and whose errors are for whoever
 * goes through it to read. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status share_init(struct share *share, const struct ds_run_options *options,
	struct input_list *list);

/** Where the share of the first so many parts ends. */
uint64_t share_border(const struct share *share, unsigned parts);

/** The next input. Its name is that of a file, or "-". */
struct share_input share_next(struct share *share, const char *name);

/** Is what the list has to report now, an input that cannot even be listed, to be reported by this
 * part? */
bool share_has_error(const struct share *share);

#endif
