/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/progress.h"

#include "cli/signals.h" /* signals_was_asked() */
#include "cli/text.h" /* text_plural() */

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL 0.25
/** The size of one line; longer ones are truncated, so that they never wrap. */
#define LINE_SIZE 80

static struct {
	struct timespec start;
	double last;
	/** The number of characters of the line that is shown; 0 if none is. */
	int shown;
	bool is_on;
} state;

void progress_start(enum progress_mode mode, bool shares_terminal)
{
	clock_gettime(CLOCK_MONOTONIC, &state.start);
	state.last = -INTERVAL;
	state.shown = 0;
	state.is_on = mode == PROGRESS_ALWAYS ||
		(mode == PROGRESS_AUTO && isatty(STDERR_FILENO) && !shares_terminal);
}

double progress_seconds(void)
{
	struct timespec now;

	/* The run has failed before it began. */
	if (!state.start.tv_sec && !state.start.tv_nsec)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - state.start.tv_sec) +
		(double)(now.tv_nsec - state.start.tv_nsec) / 1e9;
}

static void format_bytes(char *out, size_t size, double bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
		bytes /= 1024;
		unit++;
	}
	snprintf(out, size, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

/** Formats the percentage and the remaining time, as far as they are known. */
static void format_rest(char *out, size_t size, const struct ds_counts *counts, double rate)
{
	double expected = (double)counts->bytes_expected;
	double done = (double)counts->bytes_read;
	uint64_t left;

	out[0] = '\0';
	if (counts->bytes_expected == 0 || counts->bytes_read > counts->bytes_expected || rate <= 0)
		return;
	left = (uint64_t)((expected - done) / rate + 0.5);
	snprintf(out, size, ", %.0f %%, %" PRIu64 ":%02u:%02u left", 100 * done / expected,
		left / 3600, (unsigned)(left / 60 % 60), (unsigned)(left % 60));
}

static int format_line(char *out, const struct ds_counts *counts, double seconds)
{
	double rate = seconds > 0 ? (double)counts->bytes_read / seconds : 0;
	char done[32], speed[32], rest[64];
	int length;

	format_bytes(done, sizeof done, (double)counts->bytes_read);
	format_bytes(speed, sizeof speed, rate);
	format_rest(rest, sizeof rest, counts, rate);
	length = snprintf(out, LINE_SIZE, "%s, %" PRIu64 " domain%s, %s/s%s", done, counts->domains,
		text_plural(counts->domains), speed, rest);
	return length < LINE_SIZE ? length : LINE_SIZE - 1;
}

void progress_update(const struct ds_counts *counts)
{
	bool is_asked = signals_was_asked();
	double now = progress_seconds();
	char line[LINE_SIZE];
	int length;

	if (!is_asked && (!state.is_on || now - state.last < INTERVAL))
		return;
	length = format_line(line, counts, now);
	if (is_asked) {
		progress_clear();
		fprintf(stderr, "%s\n", line);
		return;
	}
	/* Spaces are used instead of an escape sequence, because they work on every terminal. */
	fprintf(stderr, "\r%s%*s", line, state.shown > length ? state.shown - length : 0, "");
	fflush(stderr);
	state.shown = state.shown > length ? state.shown : length;
	state.last = now;
}

void progress_clear(void)
{
	if (state.shown == 0)
		return;
	fprintf(stderr, "\r%*s\r", state.shown, "");
	fflush(stderr);
	state.shown = 0;
}
