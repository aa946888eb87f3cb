/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/array.h"
#include "write/writer_private.h"

#include <stdlib.h>

static const char *const reason_ids[] = {
#define DS_REASON(name, id, title, text) id,
#include "write/reasons.def"
};

static const char *const reason_texts[] = {
#define DS_REASON(name, id, title, text) title,
#include "write/reasons.def"
};

const char *ds_loss_reason_text(const char *reason)
{
	for (size_t i = 0; reason && i < LOSS_REASONS; i++)
		if (strcmp(reason, reason_ids[i]) == 0)
			return reason_texts[i];
	return NULL;
}

void loss_list_init(struct loss_list *list, struct arena *arena)
{
	memset(list, 0, sizeof *list);
	list->arena = arena;
}

/** Memory for more losses than this is freed between batches. */
#define LOSSES_KEEP ((size_t)4096)

void loss_list_clear(struct loss_list *list)
{
	list->count = 0;
	list->unknown = 0;
	list->defaults = 0;
	if (list->capacity > LOSSES_KEEP)
		loss_list_fini(list);
}

void loss_list_fini(struct loss_list *list)
{
	free(list->items);
	loss_list_init(list, list->arena);
}

static inline void add(struct loss_list *list, const struct ds_domain *domain,
	enum loss_reason reason, struct ds_text path, struct ds_text value, size_t at)
{
	struct ds_loss *loss, *items;

	items = array_room(list->items, list->count, &list->capacity, sizeof *items);
	if (!items) {
		list->arena->failed = true;
		return;
	}
	list->items = items;
	loss = &list->items[list->count++];
	loss->reason = reason_ids[reason];
	loss->domain = domain;
	loss->path = path;
	loss->value = value;
	loss->at = at;
	loss->number = list->count > 1 && loss[-1].domain == domain ? loss[-1].number + 1 : 0;
	list->unknown += reason == LOSS_UNKNOWN;
	list->defaults += reason == LOSS_DEFAULT;
}

void loss_add(struct loss_list *list, const struct ds_domain *domain, enum loss_reason reason,
	struct ds_text path, struct ds_text value, size_t at)
{
	add(list, domain, reason, path, value, at);
}

void loss_stale(struct loss_list *list, const struct ds_domain *domain)
{
	struct ds_text path = {"metadata", 8};

	loss_add(list, domain, LOSS_STALE, path, (struct ds_text){NULL, 0}, 0);
}

void record_layout(const struct buffer *flat, struct buffer *out)
{
	sexpr_layout(flat->data, flat->size, out);
	out->failed |= flat->failed;
}

void record_sexpr_value(struct buffer *out, struct ds_text value)
{
	sexpr_value(out, value);
}

void lose(struct writing *writing, enum loss_reason reason, const char *path, struct ds_text value,
	size_t at)
{
	loss_add(writing->losses, writing->domain, reason, (struct ds_text){path, strlen(path)},
		value, at);
}

bool writer_can_express_pci(struct writing *writing, const struct ds_pci *item)
{
	if (item->domain != UINT32_MAX && item->bus != UINT32_MAX && item->slot != UINT32_MAX &&
		item->function != UINT32_MAX)
		return true;
	lose_device(writing, LOSS_INCOMPLETE, DEVICES_PCI, item,
		writing->domain->format == DS_FORMAT_XML ? "source/address" : "");
	return false;
}

static void lose_extras(struct writing *writing)
{
	static const enum loss_reason reasons[] = {
		[DS_EXTRA_KNOWN] = LOSS_NO_PLACE,
		[DS_EXTRA_UNKNOWN] = LOSS_UNKNOWN,
		[DS_EXTRA_INVALID] = LOSS_INVALID,
		[DS_EXTRA_DEFAULT] = LOSS_DEFAULT,
		[DS_EXTRA_DETAIL] = LOSS_NO_PLACE,
	};
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *extra = &domain->extras[i];

		/* What is left out on purpose is not a loss. */
		if (writing->options->only_disks && !extra->disk)
			continue;
		if (extra->kind != DS_EXTRA_REDUNDANT)
			add(writing->losses, domain, reasons[extra->kind], extra->path, extra->raw,
				extra->at);
	}
}

void record_write(const struct ds_writer_options *options, enum ds_format format,
	const struct ds_domain *domain, struct buffer *out, struct buffer *scratch,
	struct loss_list *losses)
{
	struct writing writing = {.options = options,
		.domain = domain,
		.out = out,
		.losses = losses,
		.boot_disk = boot_disk(domain)};

	if (format == DS_FORMAT_XML) {
		xml_write(&writing);
	} else if (options->pretty) {
		buffer_clear(scratch, (size_t)256 << 10);
		writing.out = scratch;
		sexpr_write(&writing);
		record_layout(scratch, out);
	} else {
		sexpr_write(&writing);
		buffer_byte(out, '\n');
	}
	lose_extras(&writing);
}
