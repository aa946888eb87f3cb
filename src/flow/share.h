/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_SHARE_H
#define FLOW_SHARE_H

#include "input/input.h"

/**
 * The share of a part. The stored bytes of all inputs, in order, form one sequence, which is
 * divided into `parts` shares of the same size. All parts read the same list, so they agree on who
 * reads what. Without parts, all inputs are in the share.
 */
struct share {
	unsigned part, parts;
	/** The beginning and end of the share in the sequence. */
	uint64_t begin, end;
	/** The offset of the next input in the sequence, and its number. */
	uint64_t at, index;
	/** The number and the total size of all inputs. */
	uint64_t inputs, total;
	/** A hash of the names, the sizes and the order of the inputs. */
	uint64_t digest;
};

/** The part of an input that is in the share. */
struct share_input {
	/** The number of the input. */
	uint64_t index;
	/** The size of the input, as far as it is known before the input is read. */
	uint64_t size;
	/** Offsets in the input. */
	uint64_t from, to;
	/** The input begins in the share. If it cannot be divided, this part reads all of it. */
	bool is_owned;
	/** Some of the input may be in the share (`is_touched`), or all of it is (`is_whole`). */
	bool is_touched, is_whole;
};

/** Reads the whole list, which the caller frees and whose errors are reported when the list is read
 * the next time. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status share_init(struct share *share, const struct ds_run_options *options,
	struct input_list *list);

/** Returns where the share of the part with this number ends. */
uint64_t share_border(const struct share *share, unsigned parts);

/** Returns the share of the next input. Its name is that of a file, of a directory that cannot be
 * read, or "-". */
struct share_input share_next(struct share *share, const char *name);

/** Returns whether this part has to report the error that input_list_next() has just returned
 * without a name, because the names of inputs cannot be read. */
bool share_has_error(const struct share *share);

#endif
