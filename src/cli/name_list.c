/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/name_list.h"

#include "cli/message.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Reads one name, without the byte that ends it, and copies its bytes. Returns false at the end.
 * Sets `*size` to PATH_MAX for a name that is too long. */
static bool read_name(FILE *in, FILE *copy, int end, char name[PATH_MAX], size_t *size)
{
	int byte = getc(in);

	if (byte == EOF)
		return false;
	for (*size = 0; byte != EOF; byte = getc(in)) {
		if (copy)
			putc(byte, copy);
		if (byte == end)
			break;
		if (*size < PATH_MAX)
			name[(*size)++] = (char)byte;
	}
	if (*size < PATH_MAX)
		name[*size] = '\0';
	return true;
}

/** Makes the run read the copy instead of the list. Returns 0, or -1 with `errno`. */
static int use_copy(struct name_list *list, const char **name)
{
	if (fflush(list->copy) != 0 || ferror(list->copy) || fseek(list->copy, 0, SEEK_SET) != 0)
		return -1;
	if (strcmp(*name, "-") == 0)
		return dup2(fileno(list->copy), STDIN_FILENO) < 0 ? -1 : 0;
	snprintf(list->path, sizeof list->path, "/dev/fd/%d", fileno(list->copy));
	*name = list->path;
	return 0;
}

static int fail(int number)
{
	message_error("cannot keep the list of names: %s", strerror(number));
	return -1;
}

/** Opens the list; for standard input, opens a duplicate of the descriptor. Returns NULL when it
 * cannot be read, which the run will report. */
static FILE *open_list(const char *name, struct stat *status)
{
	int fd = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");

	if (in && fstat(fd, status) == 0 && !S_ISDIR(status->st_mode))
		return in;
	if (in)
		fclose(in);
	else if (fd >= 0)
		close(fd);
	return NULL;
}

static int check_names(FILE *in, FILE *copy, int end, name_list_check *check, const void *context)
{
	char name[PATH_MAX];
	size_t size;
	int result = 0;

	while (result == 0 && read_name(in, copy, end, name, &size)) {
		if (size > 0 && size < PATH_MAX)
			result = check(context, name);
	}
	return result;
}

int name_list_scan(struct name_list *list, const char **name, bool ends_in_nul,
	name_list_check *check, const void *context)
{
	struct stat status;
	FILE *in = open_list(*name, &status);
	off_t begin;
	int result = -1;

	if (!in)
		return 0;
	if (!S_ISREG(status.st_mode))
		list->copy = tmpfile();
	begin = lseek(fileno(in), 0, SEEK_CUR);
	if (!S_ISREG(status.st_mode) && !list->copy) {
		fail(errno);
		goto out;
	}
	result = check_names(in, list->copy, ends_in_nul ? '\0' : '\n', check, context);
	if (result == 0 && list->copy && use_copy(list, name) != 0)
		result = fail(errno);
	/* A duplicate of standard input shares its offset. */
	if (result == 0 && !list->copy && lseek(fileno(in), begin, SEEK_SET) < 0)
		result = fail(errno);
out:
	fclose(in);
	return result;
}

void name_list_close(struct name_list *list)
{
	if (list->copy)
		fclose(list->copy);
	list->copy = NULL;
}
