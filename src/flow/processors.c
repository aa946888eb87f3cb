/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity() */
#endif
#include "flow/processors.h"

#include <stdio.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

static unsigned by_affinity(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
#endif
	return online > 0 ? (unsigned)online : 1;
}

/** Reads up to two numbers from a file. Returns how many were read. */
static int read_numbers(const char *name, long long *first, long long *second)
{
	FILE *file = fopen(name, "r");
	int count;

	if (!file)
		return 0;
	count = fscanf(file, "%lld %lld", first, second);
	fclose(file);
	return count;
}

static unsigned by_quota(unsigned most)
{
	long long quota = 0, period = 0, unused;

	if (read_numbers("/sys/fs/cgroup/cpu.max", &quota, &period) < 2) {
		if (read_numbers("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", &quota, &unused) < 1 ||
			read_numbers("/sys/fs/cgroup/cpu/cpu.cfs_period_us", &period, &unused) < 1)
			return most;
	}
	if (quota <= 0 || period <= 0 || (quota + period - 1) / period >= most)
		return most;
	return (unsigned)((quota + period - 1) / period);
}

unsigned processors_available(void)
{
	unsigned count = by_quota(by_affinity());

	return count ? count : 1;
}
