/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_BATCH_H
#define FLOW_BATCH_H

#include "estate/record.h" /* struct estate_part */
#include "flow/preserve.h" /* struct preserver */
#include "flow/select.h"
#include "flow/verify.h"
#include "frame/framer.h" /* struct block */
#include "output/output.h" /* struct bgzf */
#include "read/reader.h" /* struct record_reader */
#include "write/writer.h" /* struct loss_list, struct buffer */

#include <stdbool.h>

/**
 * A batch is what travels: a block of frames, then their records, then the bytes that say them. It
 * owns all the memory that these need, and belongs to one thread at a time; it is handed over,
 * never shared.
 */

/** One frame's outcome, or an error of the input itself, in input order. */
struct item {
	/** NULL: something was refused, or the domain is not selected. */
	const struct ds_domain *domain;
	/** Why; in the arena. NULL with `raw`: more bytes of the range before. */
	struct ds_error *error;
	/** Bytes that were refused. */
	struct ds_text raw;
	/** It counts as a rejected domain. */
	bool is_rejected;
	/** The domain was read although its bytes are malformed, so that copying them would copy
	 * the damage. */
	bool is_mended;
	/** The domain's disks that are selected. */
	size_t disks;
	/** A domain was read that the run is not about. */
	bool is_unselected;
	/** How the domain's output differs from it; in the arena. NULL: it does not, or nobody
	 * asked. */
	struct ds_error *mismatch;
	/** End of a refused range that came in pieces; its error is the one of the first piece. */
	bool ends_range;
	/** An input ends here; nothing else is set then. */
	const struct input_end *input_end;
	/** An error of no input, or of an archive as a whole. */
	bool is_between_inputs;
	uint64_t length;
	/** Bytes of the batch's output, and losses, up to and with this one. */
	size_t out_end;
	size_t losses_end;
	/** The end of its findings; and what the estate must know of the domain. */
	size_t findings_end;
	struct estate_part part;
	/** What an estate that is judged later must know, if that is wanted; in the arena. */
	const struct ds_record *record;
};

/** The end of an input, as far as the filler knows it. Counts and outcome are the emitter's. */
struct input_end {
	struct ds_input_result result;
	/** It is no dump and was not read. */
	bool is_foreign;
	/** Of an archive: errors that are not of one member. */
	uint64_t archive_errors;
	/** The archive could not be read to its end, which was reported as an error of one of its
	 * members. */
	bool is_cut;
};

/** An error of the input or the end of one, and the frame that it comes before. */
struct input_note {
	size_t before;
	/** One of the two, in the block's arena. */
	struct ds_error *error;
	struct input_end *end;
	/** The error is that of no input, or of an archive as a whole. */
	bool is_between_inputs;
};

/** A batch holds at most so many notes. */
#define NOTES_MAX ((size_t)512)

struct batch {
	struct batch *next;
	/** Place in the order of the output, from 0. */
	uint64_t sequence;
	struct block block;
	/** Bytes that the engine's account has for it. */
	size_t held;
	struct input_note *notes;
	size_t note_count;
	size_t note_capacity;
	/** Format of the whole output. */
	enum ds_format target;

	/** Of the estate, for an audit. */
	struct sip_key key;
	/** Of the run; NULL: every domain. */
	const struct selection *selection;

	/** How far it was read: the next frame, and the next note. */
	size_t frames_read, notes_read;
	/** A frame that is not one domain is being cut a second time, into `pieces`, a block
	 * without bytes. */
	bool is_again;
	struct framer again;
	struct block pieces;
	/** There is more to read than records should be held of: batch_go_on() when these were
	 * emitted. */
	bool is_partial;

	struct arena arena;
	struct item *items;
	size_t item_count;
	size_t item_capacity;

	struct buffer out;
	struct buffer packed;
	struct buffer scratch;
	/** Those of the record of one domain. */
	struct record_columns columns;
	struct loss_list losses;
	struct finding_list findings;
	/** Counts of this batch alone. */
	struct ds_counts counts;
	/** Set by the stage that failed. */
	enum ds_status status;
};

void batch_init(struct batch *batch);
/** Empties it for the next input and gives back what an unusually large domain took. */
void batch_clear(struct batch *batch);
void batch_fini(struct batch *batch);

/** Gives back all the memory of a cleared batch. */
void batch_release(struct batch *batch);

/** Bytes that it has allocated. */
size_t batch_memory(const struct batch *batch);

/** Notes an error of the input, or its end, behind the frames that there are. All is copied. Return
 * false when out of memory. */
bool batch_note_error(struct batch *batch, const struct ds_error *error, bool is_between_inputs);
bool batch_note_end(struct batch *batch, const struct input_end *end);

/** The stage "read": frames to records. */
void batch_read(struct batch *batch, struct record_reader *reader, const struct ds_limits *limits);

/** Forgets the frames, and what they were read to; bytes behind them stay. */
void batch_forget_frames(struct batch *batch);

/** Forgets what was read, written and emitted of a partial batch, so that it is read on. */
void batch_go_on(struct batch *batch);

/** Format that a domain is written in: that of the whole output, or of its own when each goes by
 * itself. */
enum ds_format batch_format(const struct batch *batch, const struct ds_run_options *options,
	const struct ds_domain *domain);

/** The stage "write": records to bytes, compressed if `bgzf` is given, and verified if `verifier`
 * is. */
void batch_write(struct batch *batch, const struct ds_run_options *options,
	struct preserver *preserver, struct verifier *verifier, struct bgzf *bgzf);

/** Turns a domain that was read into a rejected one, for a reason that has nothing to do with how
 * it was read. */
void batch_reject(struct batch *batch, struct item *item, const char *id, const char *why);

/** Compresses bytes into BGZF blocks behind what is in `packed`. */
void batch_pack(struct bgzf *bgzf, const char *data, size_t size, struct buffer *packed);

#endif
