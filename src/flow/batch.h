/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_BATCH_H
#define FLOW_BATCH_H

#include "audit/finding.h"
#include "estate/record.h" /* struct estate_part */
#include "flow/frame_reader.h"
#include "flow/preserve.h" /* struct preserver */
#include "flow/select.h"
#include "flow/verify.h"
#include "frame/framer.h" /* struct block */
#include "output/output.h" /* struct bgzf */
#include "write/writer.h" /* struct loss_list, struct buffer */

#include <stdbool.h>

/**
 * A batch is the unit of work that moves through the stages: a block of frames, then their records,
 * then the bytes written from them. It owns all the memory for these and belongs to one thread at a
 * time; it is handed over, never shared.
 */

/** The result of one frame, or an error of the input itself, in input order. */
struct batch_item {
	/** NULL when something was refused or the domain is not selected. */
	const struct ds_domain *domain;
	/** The reason, in the arena. If it is NULL and `raw` is set, `raw` has further bytes of an
	 * earlier refused range. */
	struct ds_error *error;
	/** The bytes that were refused. */
	struct ds_text raw;
	/** The item counts as a rejected domain. */
	bool is_rejected;
	/** The domain was read although its bytes are malformed, so a copy of them would be
	 * malformed too. */
	bool is_repaired;
	/** The number of selected disks of the domain. */
	size_t disks;
	/** The domain was read, but it is not selected. */
	bool is_unselected;
	/** The difference between the domain and its output, in the arena; NULL when they are
	 * equal or were not compared. */
	struct ds_error *mismatch;
	/** This is the end of a refused range that came in several frames. Its error is the one of
	 * the first frame. */
	bool ends_range;
	/** An input ends here. Nothing else is set in such an item. */
	const struct batch_input_end *input_end;
	/** The error belongs to no input, or to an archive as a whole. */
	bool is_between_inputs;
	uint64_t length;
	/** The sizes of the batch's output and of its losses, up to and including this item. */
	size_t out_end;
	size_t losses_end;
	/** The end of the item's findings, and the facts that the estate needs about the domain. */
	size_t findings_end;
	struct estate_part part;
	/** The facts that an estate needs when it is checked later, in the arena; NULL when they
	 * were not requested. */
	const struct ds_record *record;
};

/** The end of an input, as far as the filler knows it. The emitter adds counts and outcome. */
struct batch_input_end {
	struct ds_input_result result;
	/** The input goes on after this batch, and these are the facts until then. They are noted
	 * because the run may be stopped in the batch. */
	bool is_open;
	/** The input is not a dump and was not read. */
	bool is_foreign;
	/** For an archive: the number of errors that belong to no single member. */
	uint64_t archive_errors;
	/** The archive could not be read to its end, which was reported as an error of one of its
	 * members. */
	bool is_cut;
};

/** An error of an input or the end of an input, and the frame that it precedes. */
struct batch_note {
	size_t before;
	/** Exactly one of these two is set, in the block's arena. */
	struct ds_error *error;
	struct batch_input_end *end;
	/** The error belongs to no input, or to an archive as a whole. */
	bool is_between_inputs;
};

/** The maximum number of notes in a batch. */
#define BATCH_NOTES_MAX ((size_t)512)

struct batch {
	struct batch *next;
	/** The position in the order of the output, from 0. */
	uint64_t sequence;
	struct block block;
	/** The number of bytes that the engine has accounted for this batch. */
	size_t held;
	struct batch_note *notes;
	size_t note_count;
	size_t note_capacity;
	/** The format of the whole output. */
	enum ds_format target;

	/** The hash key of the estate, for an audit. */
	struct siphash_key key;
	/** The selection of the run; NULL selects every domain. */
	const struct selection *selection;

	/** The next frame and the next note to read. */
	size_t frames_read, notes_read;
	/** A frame that is not a single domain is being split: `reframer` puts the domains in
	 * it into `reframed`, a block without bytes of its own. */
	bool is_reframing;
	struct framer reframer;
	struct block reframed;
	/** The rest of the frames is read after the present records were emitted; then the emitter
	 * calls batch_go_on(). */
	bool is_partial;

	struct arena arena;
	struct batch_item *items;
	size_t item_count;
	size_t item_capacity;

	struct buffer out;
	struct buffer compressed;
	struct buffer scratch;
	/** The columns of the record of one domain. */
	struct record_columns columns;
	struct loss_list losses;
	struct finding_list findings;
	/** The counts of this batch alone. */
	struct ds_counts counts;
	/** Set by the stage that failed. */
	enum ds_status status;
};

void batch_init(struct batch *batch);
/** Clears the batch for the next input and frees what an unusually large domain needed. */
void batch_clear(struct batch *batch);
void batch_fini(struct batch *batch);

/** Frees all the memory of a cleared batch. */
void batch_release(struct batch *batch);

/** Returns the number of bytes that the batch has allocated. */
size_t batch_memory(const struct batch *batch);

/** Notes an error of the input, or the end of the input, after the frames seen so far. Everything
 * is copied. Both return false when out of memory. */
bool batch_note_error(struct batch *batch, const struct ds_error *error, bool is_between_inputs);
bool batch_note_end(struct batch *batch, const struct batch_input_end *end);

/** The stage "read" turns frames into records. */
void batch_read(struct batch *batch, struct frame_reader *reader, const struct ds_limits *limits);

/** Removes the frames and everything that was read from them. The bytes after them stay. */
void batch_forget_frames(struct batch *batch);

/** Removes what was read, written and emitted of a partial batch, so that reading can continue. */
void batch_go_on(struct batch *batch);

/** Returns the format in which a domain is written: that of the whole output or, when each domain
 * gets a file of its own, the opposite of the format of the domain. An extracted domain keeps its
 * format. */
enum ds_format batch_format(const struct batch *batch, const struct ds_run_options *options,
	const struct ds_domain *domain);

/** The stage "write" turns records into bytes. It compresses them if `bgzf` is given, and verifies
 * them if `verifier` is given. */
void batch_write(struct batch *batch, const struct ds_run_options *options,
	struct preserver *preserver, struct verifier *verifier, struct bgzf *bgzf);

/** Turns a domain that was read into a rejected one, for a reason that was found after reading. */
void batch_reject(struct batch *batch, struct batch_item *item, const char *id, const char *why);

/** Compresses bytes into BGZF blocks and appends these to `compressed`. */
void batch_compress(struct bgzf *bgzf, const char *data, size_t size, struct buffer *compressed);

#endif
