/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report_samples DIRECTORY: writes every report of the estate in tests/report/made_up.c; reports
 * without findings to nothing-*; and reports with more findings than fit on a page to many-*.
 */
#include "report/made_up.h"

#include <stdio.h>

#define MANY 100000

static bool save(const char *directory, const char *prefix, const char *name, struct buffer *bytes,
	enum ds_status status)
{
	char path[4096];
	FILE *file;
	size_t done;

	snprintf(path, sizeof path, "%s/%s%s", directory, prefix, name);
	file = status == DS_OK ? fopen(path, "wb") : NULL;
	if (!file) {
		fprintf(stderr, "%s: %s\n", path,
			status == DS_OK ? "cannot be written" : ds_status_text(status));
		return false;
	}
	done = bytes->size ? fwrite(bytes->data, 1, bytes->size, file) : 0;
	return fclose(file) == 0 && done == bytes->size;
}

int main(int argc, char **argv)
{
	bool is_good = argc == 2;

	for (int i = 0; i <= MADE_UP_LAST && is_good; i++) {
		struct buffer estate = {0}, nothing = {0}, many = {0};
		enum report_format format = (enum report_format)i;

		is_good = save(argv[1], "", made_up_names[i], &estate,
				  made_up_report(format, 0, &estate)) &&
			save(argv[1], "nothing-", made_up_names[i], &nothing,
				made_up_nothing(format, &nothing)) &&
			save(argv[1], "many-", made_up_names[i], &many,
				made_up_report(format, MANY, &many));
		buffer_fini(&estate);
		buffer_fini(&nothing);
		buffer_fini(&many);
	}
	return is_good ? 0 : 1;
}
