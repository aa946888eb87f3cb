/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/vdev.h"
#include "support.h"

#include <stdio.h>

static void names_and_numbers_mean_the_same_disk(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		bool is_number;
	} rows[] = {
		{"xvda", "xvda", false},
		{"/dev/xvda", "xvda", false},
		{"51712", "xvda", true},
		{"0xca00", "xvda", true},
		{"51713", "xvda1", true},
		{"51967", "xvdp15", true},
		{"xvdp15", "xvdp15", false},
		{"268439552", "xvdq", true},
		{"268435712", "xvdb", true},
		{"xvdz", "xvdz", false},
		{"xvdaa", "xvdaa", false},
		{"xvdaa16", "xvdaa16", false},
		{"xvdzz", "xvdzz", false},
		{"xvdaaa", "xvdaaa", false},
		{"xvda255", "xvda255", false},
		{"2048", "sda", true},
		{"0x8ff", "sdp15", true},
		{"16640", "sdq", true},
		{"sda15", "sda15", false},
		{"sddx15", "sddx15", false},
		{"768", "hda", true},
		{"0x301", "hda1", true},
		{"832", "hdb", true},
		{"5632", "hdc", true},
		{"/dev/hdc", "hdc", false},
		{"hdt63", "hdt63", false},
		{"268435455", NULL, true},
		{"0x1fffffff", "xvdbgqcv255", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct vdev vdev;
		char name[VDEV_NAME_SIZE];
		bool is_read =
			vdev_parse((struct ds_text){rows[i].text, strlen(rows[i].text)}, &vdev);

		if (!rows[i].name) {
			assert_false(is_read);
			continue;
		}
		assert_true(is_read);
		assert_int_equal(vdev.is_number, rows[i].is_number);
		assert_int_equal(vdev_name(&vdev, name), strlen(rows[i].name));
		assert_string_equal(name, rows[i].name);
	}
}

static void numbers_outside_of_the_interface_are_not_a_disk(void **state)
{
	static const char *const rows[] = {
		"",
		"xvd",
		"xvd1",
		"xvda0",
		"xvda01",
		"xvda256",
		"xvda1a",
		"Xvda",
		"xvdA",
		"/dev/",
		"/dev/51712",
		"sda16",
		"sddy",
		"hda64",
		"hdu",
		"vda",
		"fda",
		"0",
		"-1",
		"0x",
		"51712x",
		"1.5",
		"257",
		"1024",
		"9216",
		"896",
		"0x20000000",
		"536870912",
		"18446744073709551616",
		"xvdaaaaaaaaaaa",
		"cciss/c0d0",
		" xvda",
		"xvda ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct vdev vdev;

		if (vdev_parse((struct ds_text){rows[i], strlen(rows[i])}, &vdev))
			fail_msg("'%s' is parsed as a disk", rows[i]);
	}
}

static void every_number_of_a_name_gives_the_name(void **state)
{
	char name[VDEV_NAME_SIZE], again[VDEV_NAME_SIZE];

	(void)state;
	for (uint32_t number = 0; number < 1u << 16; number++) {
		struct vdev vdev, read;
		char text[16];

		snprintf(text, sizeof text, "%u", number);
		if (!vdev_parse((struct ds_text){text, strlen(text)}, &vdev))
			continue;
		vdev_name(&vdev, name);
		assert_true(vdev_parse((struct ds_text){name, strlen(name)}, &read));
		assert_int_equal(read.kind, vdev.kind);
		assert_int_equal(read.disk, vdev.disk);
		assert_int_equal(read.partition, vdev.partition);
		vdev_name(&read, again);
		assert_string_equal(name, again);
	}
}

static void a_number_has_the_bus_and_letters_of_its_name(void **state)
{
	static const struct {
		const char *text;
		const char *bus;
		uint64_t letters;
	} rows[] = {
		{"xvdc", "xen", 3},
		{"51744", "xen", 3},
		{"0xca20", "xen", 3},
		{"51745", "xen", 3},
		{"/dev/xvdc", "xen", 3},
		{"sdaa", "scsi", 27},
		{"16800", "scsi", 27},
		{"5632", "ide", 3},
		{"hdc", "ide", 3},
		{"vdb", "virtio", 2},
		{"fda", "fdc", 1},
		{"1", "ide", 0},
		{"", "ide", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ds_disk disk = {.target = {rows[i].text, strlen(rows[i].text)}};
		uint64_t bus = 0;

		memcpy(&bus, rows[i].bus, strlen(rows[i].bus));
		assert_int_equal(vdev_bus(disk.target, disk.bus), bus);
		assert_int_equal(vdev_letters(disk.target), rows[i].letters);
		/* A bus that is set has priority. */
		disk.bus = (struct ds_text){"usb", 3};
		assert_int_not_equal(vdev_bus(disk.target, disk.bus), bus);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_mean_the_same_disk),
		cmocka_unit_test(numbers_outside_of_the_interface_are_not_a_disk),
		cmocka_unit_test(every_number_of_a_name_gives_the_name),
		cmocka_unit_test(a_number_has_the_bus_and_letters_of_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
