/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_FINDING_H
#define AUDIT_FINDING_H

#include "record/arena.h"

struct finding_list;

/** Receives the findings of a list that has become full. */
typedef void finding_pass(void *context, const struct finding_list *list);

/** The findings of a batch, in the order of the input. The data that they point to is in the arena,
 * and their own texts are in `texts`, which is the same arena unless the findings are passed on. */
struct finding_list {
	struct arena *arena, *texts;
	struct ds_finding *items;
	size_t count;
	size_t capacity;
	/** NULL if all findings are kept; otherwise at most `most` of them are. */
	finding_pass *pass;
	void *context;
	size_t most;
};

/** The rules by their numbers: RULE_101 is the index of DA101 in the catalogue. */
enum rule_index {
#define DS_RULE(number, name, severity, scope, hypervisors, title, why, bad, good, source) \
	RULE_##number,
#include "audit/rules.def"
	RULE_COUNT
};

/** Returns the rule in the catalogue. */
const struct ds_rule *rule_at(enum rule_index rule);

void finding_list_init(struct finding_list *list, struct arena *arena);
/** Removes the findings, and frees the memory of an unusually large number of them. */
void finding_list_clear(struct finding_list *list);
void finding_list_fini(struct finding_list *list);

/** From now on, the list has at most `most` findings: before another one is added, they are passed
 * on and removed together with their texts. */
void finding_list_pass(struct finding_list *list, size_t most, finding_pass *pass, void *context,
	struct arena *texts);

/**
 * Adds a finding with its rule's usual severity and title, followed by `detail` if it is not empty.
 * All other members are cleared, for the caller to set. Returns NULL when there is no memory, which
 * the arena records.
 */
struct ds_finding *finding_add(struct finding_list *list, enum rule_index rule,
	struct ds_text detail);

/** Sets the fingerprint from the rule and the finding's host, domain and disk. The domain is
 * identified by its UUID, or by its name if it has none. Nothing else counts, so that the
 * fingerprint stays the same when lines move, dumps are renamed or an image moves. */
void finding_sign(struct ds_finding *finding);

/** Adds a text to the fingerprint that distinguishes the finding from others of its rule and disk.
 * Does nothing when one of the arguments is NULL. */
void finding_distinguish(struct ds_finding *finding, struct ds_text text);

/** A hash over several texts, each of them with its size, so that "ab" "c" and "a" "bc" differ. */
struct fingerprint {
	uint64_t high, low;
};

struct fingerprint fingerprint_begin(const char *id);
void fingerprint_add(struct fingerprint *fingerprint, struct ds_text text);
void fingerprint_write(const struct fingerprint *fingerprint, char text[DS_FINGERPRINT_SIZE]);

#endif
