/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_FINDING_H
#define AUDIT_FINDING_H

#include "record/arena.h"

struct finding_list;

/** Receives the findings of a list that has become full. */
typedef void finding_pass(void *context, const struct finding_list *list);

/** Findings of a batch, in the order of the input. What they point to lives in the arena, and their
 * own texts in `texts`, which is the same one unless the findings are passed on. */
struct finding_list {
	struct arena *arena, *texts;
	struct ds_finding *items;
	size_t count;
	size_t capacity;
	/** NULL: all findings are kept. Otherwise, at most `most` of them. */
	finding_pass *pass;
	void *context;
	size_t most;
};

/** Rules by their numbers: RULE_101 is the index of DA101 in the catalogue. */
enum rule_index {
#define DS_RULE(number, name, severity, scope, hypervisors, title, why, bad, good, source) \
	RULE_##number,
#include "audit/rules.def"
#undef DS_RULE
	RULE_COUNT
};

/** The rule of the catalogue. */
const struct ds_rule *rule_at(enum rule_index rule);

void finding_list_init(struct finding_list *list, struct arena *arena);
/** Forgets the findings, and gives back the memory of unusually many. */
void finding_list_clear(struct finding_list *list);
void finding_list_fini(struct finding_list *list);

/** From now on the list holds no more than `most` findings: when another one comes, they are passed
 * on and forgotten with their texts. */
void finding_list_pass(struct finding_list *list, size_t most, finding_pass *pass, void *context,
	struct arena *texts);

/**
 * Adds one with its rule's usual severity and title, and `detail` behind that when there is any.
 * Everything else is cleared and for the caller to set. NULL when there is no memory, which the
 * arena notes.
 */
struct ds_finding *finding_add(struct finding_list *list, enum rule_index rule,
	struct ds_text detail);

/** Sets the fingerprint: of the rule, and of the finding's host, domain and disk. The domain is
 * identified by its UUID, or by its name when it has none. Nothing else counts, so that it stays
 * the same when lines move, dumps are renamed or an image moves. */
void finding_sign(struct ds_finding *finding);

/** Adds a text to the fingerprint that distinguishes the finding from others of its rule and disk.
 * Does nothing when one of them is NULL. */
void finding_distinguish(struct ds_finding *finding, struct ds_text text);

/** A hash that goes on over several texts, each ended, so that "ab" "c" and "a" "bc" differ. */
struct fingerprint {
	uint64_t high, low;
};

struct fingerprint fingerprint_begin(const char *id);
void fingerprint_add(struct fingerprint *fingerprint, struct ds_text text);
void fingerprint_write(const struct fingerprint *fingerprint, char text[DS_FINGERPRINT_SIZE]);

#endif
