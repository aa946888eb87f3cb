/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/host_table.h"

#include "record/array.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

/** Adds a row for a new host. Returns NULL when there is no memory. */
static struct host_row *add_row(struct host_table *table, struct ds_text name)
{
	struct host_row **rows =
		array_room(table->rows, table->count, &table->capacity, sizeof *rows);
	struct host_row *row = calloc(1, sizeof *row + name.size + 1);
	size_t *number = value_set_add(&table->numbers, name);

	if (rows)
		table->rows = rows;
	if (!rows || !row || !number) {
		free(row);
		return NULL;
	}
	if (name.size)
		memcpy(row->name, name.data, name.size);
	row->number = table->count;
	table->rows[table->count++] = row;
	*number = table->count;
	return row;
}

struct host_row *host_table_row(struct host_table *table, struct ds_text name)
{
	const size_t *number;

	if (table->last && text_is(name, table->last->name))
		return table->last;
	if (!name.data)
		name = TEXT("");
	number = value_set_find(table->numbers, name);
	/* A name without a row has the number 0: there was no memory for it. */
	table->last = number && *number ? table->rows[*number - 1] : add_row(table, name);
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
	for (size_t i = 0; i < table->count; i++) {
		free(table->rows[i]->cells);
		free(table->rows[i]);
	}
	value_set_free(table->numbers);
	free(table->rows);
	memset(table, 0, sizeof *table);
}
