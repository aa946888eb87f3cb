/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * usage REPORT PROGRAM [ARGUMENT...] - runs a program, and writes its exit status, wall and CPU
 * seconds, and peak memory in KiB to the file REPORT.
 *
 * On Linux, the peak memory of a process includes that of its parent before exec. The parent must
 * therefore be small, unlike a Python script.
 */

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int report(const char *path, int status, double wall, const struct rusage *usage)
{
	FILE *file = fopen(path, "w");
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

	if (!file)
		return 1;
	fprintf(file, "%d %.6f %.6f %ld\n", code, wall,
		seconds(usage->ru_utime) + seconds(usage->ru_stime), usage->ru_maxrss);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	struct timespec before, after;
	struct rusage usage;
	pid_t child;
	int status;

	if (argc < 3)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &before);
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &after);
	getrusage(RUSAGE_CHILDREN, &usage);
	return report(argv[1], status,
		(double)(after.tv_sec - before.tv_sec) +
			(double)(after.tv_nsec - before.tv_nsec) / 1e9,
		&usage);
}
