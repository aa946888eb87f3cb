/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_RECORD_LAYOUT_H
#define ESTATE_RECORD_LAYOUT_H

#include "domstream/domstream.h"

/* Definitions that the encoder and the decoder of a record share; domstream-part(5) describes the
 * whole format. */

/** The contents of a column. */
enum record_column {
	/** Counts, flags and findings. */
	COLUMN_NUMBERS,
	/** Positions. */
	COLUMN_PLACES,
	/** Names, sources and other words. */
	COLUMN_TEXTS,
	/** UUIDs in 16 bytes, which cannot be compressed. */
	COLUMN_UUIDS,
};

/** The flags of a domain. A UUID in its usual form is in its column, and any other one among the
 * texts. */
enum { RECORD_IS_HVM = 1, RECORD_IS_XML = 2, RECORD_HAS_USUAL_UUID = 4, DOMAIN_FLAGS = 7 };

/** How the text of a finding is encoded: in full; as the rest after the rule's title; or not at
 * all, if it is the title, ": " and a text of the finding's disk. */
enum record_sentence {
	SENTENCE_WHOLE,
	SENTENCE_TITLE,
	SENTENCE_SOURCE,
	SENTENCE_DRIVER,
	SENTENCE_FORMAT,
	SENTENCE_TARGET,
	SENTENCES,
};

#define SENTENCE_SEPARATOR ": "

/** Returns the text at the end of a sentence, or NULL. `driver` and `format` are those in the
 * record. */
static inline struct ds_text record_sentence_ending(enum record_sentence sentence,
	const struct ds_finding *finding, struct ds_text driver, struct ds_text format)
{
	switch (sentence) {
	case SENTENCE_SOURCE:
		return finding->source;
	case SENTENCE_DRIVER:
		return driver;
	case SENTENCE_FORMAT:
		return format;
	case SENTENCE_TARGET:
		return finding->disk;
	case SENTENCE_WHOLE:
	case SENTENCE_TITLE:
	case SENTENCES:
		break;
	}
	return (struct ds_text){NULL, 0};
}

#endif
