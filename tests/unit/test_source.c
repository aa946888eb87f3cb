/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/source.h"
#include "support.h"

/* The format in which an image is read, according to its backend and its driver. */

static struct ds_text text(const char *string)
{
	return string ? (struct ds_text){string, strlen(string)} : (struct ds_text){NULL, 0};
}

static void one_decision(void **state)
{
	static const struct {
		const char *driver, *format, *source;
		enum ds_source type;
		const char *expected;
	} rows[] = {
		{"file", NULL, "/a", DS_SOURCE_FILE, "raw"},
		{"file", "qcow2", "/a", DS_SOURCE_FILE, "raw"},
		{"phy", "vpc", "/dev/a", DS_SOURCE_BLOCK, "raw"},
		{NULL, "qcow2", "/a", DS_SOURCE_FILE, "raw"},
		{NULL, NULL, "/dev/a", DS_SOURCE_BLOCK, "raw"},
		{"tap", NULL, "/a", DS_SOURCE_FILE, "raw"},
		{"tap2", "", "/a", DS_SOURCE_FILE, "raw"},
		{"tap", "aio", "/a", DS_SOURCE_FILE, "raw"},
		{"tap", "sync", "/a", DS_SOURCE_FILE, "raw"},
		{"tap", "raw", "/a", DS_SOURCE_FILE, "raw"},
		{"tap", "tapdisk", "aio:/a", DS_SOURCE_FILE, "raw"},
		{"tap", "tapdisk", "vhd:/a", DS_SOURCE_FILE, "vhd"},
		{"tap", "vhd", "/a", DS_SOURCE_FILE, "vhd"},
		{"tap", "vpc", "/a", DS_SOURCE_FILE, "vhd"},
		{"tap", "ram", "/a", DS_SOURCE_FILE, "ram"},
		{"qemu", "raw", "/a", DS_SOURCE_FILE, "raw"},
		{"qemu", "iso", "/a", DS_SOURCE_FILE, "raw"},
		{"qemu", "vpc", "/a", DS_SOURCE_FILE, "vhd"},
		{"qemu", "qcow2", "/a", DS_SOURCE_FILE, "qcow2"},
		{"qemu", NULL, "/a", DS_SOURCE_FILE, NULL},
		{"qemu", "", "/a", DS_SOURCE_FILE, NULL},
		{NULL, "qcow2", "pool/a", DS_SOURCE_NETWORK, "qcow2"},
		{NULL, NULL, "pool/a", DS_SOURCE_NETWORK, NULL},
		{"drbd", NULL, "r0", DS_SOURCE_BLOCK, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ds_disk disk = {.type = rows[i].type,
			.driver = text(rows[i].driver),
			.format = text(rows[i].format),
			.source = text(rows[i].source)};
		struct ds_text found = source_read_as(&disk);

		if (!text_same(found, text(rows[i].expected)))
			fail_msg("row %zu: %.*s", i, (int)found.size, found.data ? found.data : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_decision),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
