/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/keeper.h"

#include "record/array.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS (sizeof((struct keeper *)0)->levels / sizeof(struct kept_rows))

static size_t room_of(size_t host)
{
	return host < KEEPER_HOSTS ? KEEPER_HOST_ROWS : host < KEEPER_HOSTS_MAX;
}

static bool add(struct kept_rows *rows, const struct kept_row *row)
{
	struct kept_row *items =
		array_room(rows->items, rows->count, &rows->capacity, sizeof *items);

	if (!items)
		return false;
	rows->items = items;
	rows->items[rows->count++] = *row;
	return true;
}

/** Returns the least severe row; if several are equal, the last one. */
static struct kept_row *weakest(const struct kept_rows *rows)
{
	struct kept_row *found = rows->items;

	for (size_t i = 1; i < rows->count; i++)
		if (rows->items[i].severity < found->severity ||
			(rows->items[i].severity == found->severity &&
				rows->items[i].number > found->number))
			found = &rows->items[i];
	return found;
}

static size_t lowest(const struct keeper *keeper)
{
	size_t level = 0;

	while (level < LEVELS && !keeper->levels[level].count)
		level++;
	return level;
}

bool keeper_wants(const struct keeper *keeper, size_t host, enum ds_severity severity)
{
	if (keeper->count < keeper->limit || lowest(keeper) < (size_t)severity)
		return true;
	if (host >= keeper->host_count)
		return room_of(host) > 0;
	return keeper->hosts[host].count < room_of(host) ||
		(keeper->hosts[host].count && weakest(&keeper->hosts[host])->severity < severity);
}

/** Returns the rows of a host, which may be empty. */
static struct kept_rows *rows_of(struct keeper *keeper, size_t host)
{
	if (host >= keeper->host_count) {
		size_t count = host * 2 + 16;
		struct kept_rows *hosts = realloc(keeper->hosts, count * sizeof *hosts);

		if (!hosts)
			return NULL;
		memset(hosts + keeper->host_count, 0, (count - keeper->host_count) * sizeof *hosts);
		keeper->hosts = hosts;
		keeper->host_count = count;
	}
	return &keeper->hosts[host];
}

/** Adds a row to those that are kept by severity, beyond the rows of each host. */
static bool keep_beyond(struct keeper *keeper, struct kept_row *row)
{
	struct kept_rows *level = &keeper->levels[row->severity];

	if (keeper->count == keeper->limit) {
		size_t low = lowest(keeper);

		if (low >= (size_t)row->severity) {
			buffer_fini(&row->text);
			return true;
		}
		keeper->levels[low].count--;
		buffer_fini(&keeper->levels[low].items[keeper->levels[low].count].text);
		keeper->count--;
	}
	if (!add(level, row)) {
		buffer_fini(&row->text);
		return false;
	}
	keeper->count++;
	return true;
}

bool keeper_take(struct keeper *keeper, size_t host, struct kept_row *row)
{
	struct kept_rows *rows = room_of(host) ? rows_of(keeper, host) : NULL;

	if (row->text.failed || (room_of(host) && !rows)) {
		buffer_fini(&row->text);
		return false;
	}
	if (rows && rows->count < room_of(host)) {
		if (add(rows, row))
			return true;
		buffer_fini(&row->text);
		return false;
	}
	if (rows) {
		struct kept_row *last = weakest(rows), moved = *last;

		if (moved.severity < row->severity) {
			*last = *row;
			*row = moved;
		}
	}
	return keep_beyond(keeper, row);
}

static int compare(const void *left, const void *right)
{
	const struct kept_row *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

static bool move(struct kept_rows *from, struct kept_rows *to)
{
	for (; from->count; from->count--)
		if (!add(to, &from->items[from->count - 1]))
			return false;
	return true;
}

bool keeper_finish(struct keeper *keeper, struct kept_rows *rows)
{
	for (size_t i = 0; i < keeper->host_count; i++)
		if (!move(&keeper->hosts[i], rows))
			return false;
	for (size_t i = 0; i < LEVELS; i++)
		if (!move(&keeper->levels[i], rows))
			return false;
	if (rows->count)
		qsort(rows->items, rows->count, sizeof *rows->items, compare);
	return true;
}

void kept_rows_fini(struct kept_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		buffer_fini(&rows->items[i].text);
	free(rows->items);
	memset(rows, 0, sizeof *rows);
}

void keeper_fini(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->host_count; i++)
		kept_rows_fini(&keeper->hosts[i]);
	for (size_t i = 0; i < LEVELS; i++)
		kept_rows_fini(&keeper->levels[i]);
	free(keeper->hosts);
}
