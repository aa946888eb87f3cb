/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/host_table.h"

#include "record/array.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->is_lost = true)
#include <uthash.h>

struct host_entry {
	struct host_row row;
	bool is_lost;
	UT_hash_handle hh;
	size_t size;
	char name[];
};

/** Adds a row to the array of all. */
static bool list_row(struct host_table *table, struct host_row *row)
{
	struct host_row **rows =
		array_room(table->rows, table->count, &table->capacity, sizeof *rows);

	if (!rows)
		return false;
	table->rows = rows;
	row->number = table->count;
	table->rows[table->count++] = row;
	return true;
}

static struct host_row *add_row(struct host_table *table, struct ds_text name)
{
	struct host_entry *entry = calloc(1, sizeof *entry + name.size + 1), *index = table->index;

	if (!entry)
		return NULL;
	entry->size = name.size;
	entry->row.name = entry->name;
	if (name.size)
		memcpy(entry->name, name.data, name.size);
	HASH_ADD_KEYPTR(hh, index, entry->name, entry->size, entry);
	table->index = index;
	if (entry->is_lost) {
		free(entry);
		return NULL;
	}
	if (list_row(table, &entry->row))
		return &entry->row;
	HASH_DEL(index, entry);
	table->index = index;
	free(entry);
	return NULL;
}

struct host_row *host_table_row(struct host_table *table, struct ds_text name)
{
	struct host_entry *index = table->index, *entry = NULL;

	if (table->last && text_is(name, table->last->name))
		return table->last;
	if (!name.data)
		name = TEXT("");
	HASH_FIND(hh, index, name.data, name.size, entry);
	table->last = entry ? &entry->row : add_row(table, name);
	return table->last;
}

bool host_table_count(struct host_table *table, struct ds_text host, size_t rule,
	enum ds_severity severity)
{
	struct host_row *row = host_table_row(table, host);
	struct host_cell *cells;
	size_t at = 0;

	if (!row)
		return false;
	while (at < row->cell_count &&
		(row->cells[at].rule != rule || row->cells[at].severity != severity))
		at++;
	cells = array_room(row->cells, at, &row->cell_capacity, sizeof *cells);
	if (!cells)
		return false;
	row->cells = cells;
	if (at == row->cell_count)
		row->cells[row->cell_count++] = (struct host_cell){0, (uint32_t)rule, severity};
	row->cells[at].count++;
	row->findings[severity]++;
	return true;
}

static int compare_rows(const void *left, const void *right)
{
	const struct host_row *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

static int compare_cells(const void *left, const void *right)
{
	const struct host_cell *a = left, *b = right;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return (a->severity > b->severity) - (a->severity < b->severity);
}

void host_table_sort(struct host_table *table)
{
	if (table->count)
		qsort(table->rows, table->count, sizeof(struct host_row *), compare_rows);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i]->cell_count)
			qsort(table->rows[i]->cells, table->rows[i]->cell_count,
				sizeof(struct host_cell), compare_cells);
}

void host_table_fini(struct host_table *table)
{
	struct host_entry *index = table->index, *entry = index, *next;

	/* This only frees the table; the items are still in their list. */
	HASH_CLEAR(hh, index);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry->row.cells);
		free(entry);
	}
	free(table->rows);
	memset(table, 0, sizeof *table);
}
