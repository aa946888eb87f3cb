/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* What the SEXPR reader makes of a domain, and of its disks. */

#define NAMED(inside) "(domain (name x)" inside ")"
#define LINUX(inside) NAMED("(image (linux " inside "))")
#define HVM(inside) NAMED("(image (hvm " inside "))")
#define VBD(inside) NAMED("(device (vbd " inside "))")

static void every_scalar_is_read(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string(
			"(domain (domid 7) (name web)\n(uuid B5D70DD275CDACA517769660B059D8BC) "
			"(description 'a b') (maxmem 512) (memory 256)"
			"(vcpus 4) (vcpu_avail 3) (cpus '0-3,^1') (on_poweroff destroy) (on_reboot "
			"restart) (on_crash preserve)\n"
			"(image (hvm (kernel /k) (ramdisk /i) (args c) (root r) (loader /l) (boot "
			"dca) "
			"(acpi 1) (apic 1) (pae 0) (hap 1)"
			"(viridian 1) (hpet 0) (rtc_timeoffset -60) (localtime 1) (device_model "
			"/e))))",
			&dump),
		DS_OK);
	assert_text(&dump,
		"domain at 0 1:1 size=405 sexpr name=\"web\" type=\"xen\" id=7 "
		"uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8bc\""
		" description=\"a b\" memory=524288 current_memory=262144 vcpus=4 vcpus_online=2 "
		"cpuset=\"0-3,^1\""
		" os_type=\"hvm\" is_hvm kernel=\"/k\" initrd=\"/i\" root=\"r\" cmdline=\"c\" "
		"loader=\"/l\" "
		"boot=\"dca\" acpi=on"
		" apic=on pae=off hap=on viridian=on hpet=off clock=variable clock_is_local "
		"clock_adjustment=-60"
		" on_poweroff=\"destroy\" on_reboot=\"restart\" on_crash=\"preserve\" "
		"emulator=\"/e\"\n");
	buffer_fini(&dump);
}

static void keys_come_in_any_order(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string("(vm (device (vbd (mode r) (uname phy:/s) (dev ioemu:hdc:cdrom))) (image (hvm "
		    "(fda /f))) (name x))",
		&dump);
	assert_has(&dump, "name=\"x\"");
	assert_has(&dump, "is_hvm");
	assert_has(&dump,
		"  disk at 4 1:5 cdrom block driver=\"phy\" source=\"/s\" target=\"hdc\" readonly "
		"mode=\"r\" class=vbd"
		" uname=\"phy:/s\"\n");
	assert_has(&dump, "floppy file driver=\"file\" source=\"/f\" target=\"fda\" class=image\n");
	buffer_fini(&dump);
}

static void the_first_of_several_counts_and_the_others_are_reported(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string("(domain (name x) (name y) (uuid b5d70dd2-75cd-aca5-1776-9660b059d8b1)"
		    "(uuid b5d70dd2-75cd-aca5-1776-9660b059d8b1) (uuid "
		    "b5d70dd2-75cd-aca5-1776-9660b059d8b2) (maxmem "
		    "1) (maxmem 2) (device (vbd (dev a) (dev b)"
		    "(uname file:/1) (uname file:/2))))",
		&dump);
	assert_has(&dump,
		" name=\"x\" type=\"xen\" uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8b1\" "
		"memory=1024 ");
	assert_has(&dump, "invalid path=\"name\" raw=\"(name y)\"");
	assert_has(&dump, "path=\"uuid\" raw=\"(uuid b5d70dd2-75cd-aca5-1776-9660b059d8b2)\"");
	assert_lacks(&dump, "raw=\"(uuid b5d70dd2-75cd-aca5-1776-9660b059d8b1)\"");
	assert_has(&dump, "invalid path=\"maxmem\" raw=\"(maxmem 2)\"");
	assert_has(&dump, "source=\"/1\" target=\"a\"");
	assert_has(&dump, "raw=\"(dev b)\"");
	assert_has(&dump, "raw=\"(uname file:/2)\"");
	buffer_fini(&dump);
}

static void escapes_are_decoded(void **state)
{
	(void)state;
	expect_read("(domain (name 'a\\'b\\\\c\\n\\x41\\101'))", "name=\"a'b\\x5cc\\x0aAA\"");
	expect_read("(domain (name \"it's\"))", "name=\"it's\"");
	expect_read("(domain ('name' x))", "name=\"x\"");
	expect_read("(domain (name \xc3\xa9))", "name=\"\\xc3\\xa9\"");
}

static void empty_values_say_nothing(void **state)
{
	static const char *const spellings[] = {")", " )", " '')", " \"\")"};
	static const char *const keys[] = {"description", "uuid", "on_crash", "cpus", "vcpu_avail",
		"bootloader_args", "vcpus", "maxmem", "domid"};

	(void)state;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		for (size_t k = 0; k < COUNT(keys); k++) {
			struct buffer input = {0}, dump = {0};

			add_format(&input, "(domain (name x)(%s%s)", keys[k], spellings[i]);
			assert_int_equal(read_string(as_string(&input), &dump), DS_OK);
			if (strcmp(keys[k], "domid") != 0)
				assert_lacks(&dump, keys[k]);
			assert_has(&dump, " name=\"x\" type=\"xen\" os_type=\"linux\"\n");
			buffer_fini(&input);
			buffer_fini(&dump);
		}
	}
	expect_rejected("(domain (name ))", "the domain has no name");
	expect_rejected("(domain (name ''))", "the domain has no name");
	expect_rejected("(domain)", "the domain has no name");
	expect_read(NAMED("(bootloader)"), "bootloader=\"\"");
	expect_read(NAMED("(bootloader '')"), "bootloader=\"\"");
	expect_not_read(VBD("(dev a) (uname )"), "uname=");
	expect_not_read(VBD("(dev a) (uname '')"), "source=");
}

static void numbers_that_are_none_reject_the_domain(void **state)
{
	static const struct {
		const char *key;
		const char *why;
	} bad[] = {
		{"(maxmem much)", "an amount of memory is not a number"},
		{"(memory -1)", "an amount of memory is not a number"},
		{"(vcpus two)", "the number of vcpus is not a number"},
		{"(maxmem 99999999999999999999)", "an amount of memory is larger than 8 EiB"},
		{"(memory 18446744073709551615)", "an amount of memory is larger than 8 EiB"},
		{"(vcpus 18446744073709551616)", "the number of vcpus is not a number"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buffer input = {0}, dump = {0};

		add_format(&input, "\n(domain (name x)\n  %s)(domain (name y))", bad[i].key);
		assert_int_equal(read_string(as_string(&input), &dump), DS_DAMAGED);
		assert_has(&dump, "error DA903 - at 1 2:1 ");
		assert_has(&dump, "domain=\"x\"");
		assert_has(&dump, bad[i].why);
		assert_has(&dump, " (line 3, column ");
		assert_has(&dump, "sexpr name=\"y\"");
		buffer_fini(&input);
		buffer_fini(&dump);
	}
	/* xend writes floats where Python had them. */
	expect_read(NAMED("(maxmem 256.0)"), "memory=262144");
	expect_read(NAMED("(memory 64)"), "memory=65536 current_memory=65536");
	expect_read(NAMED("(maxmem 64) (memory 128)"), "memory=65536 current_memory=65536");
}

static void other_values_that_are_invalid_are_reported(void **state)
{
	(void)state;
	expect_read(NAMED("(domid one)"), "invalid path=\"domid\" raw=\"(domid one)\"");
	expect_read(NAMED("(vcpu_avail x)"), "invalid path=\"vcpu_avail\"");
	expect_read(HVM("(boot cx)"), "invalid path=\"image/hvm/boot\"");
	expect_read(HVM("(acpi maybe)"), "invalid path=\"image/hvm/acpi\"");
	expect_read(HVM("(usbdevice modem)"), "invalid path=\"image/hvm/usbdevice\"");
	expect_read(VBD("(dev a:floppy)"), "invalid path=\"device/vbd/dev\"");
	expect_read(VBD("(dev a) (mode x)"), "invalid path=\"device/vbd/mode\" raw=\"(mode x)\"");
	expect_read(VBD("(dev a) (uname (b c))"), "invalid path=\"device/vbd/uname\"");
	expect_read(VBD("(dev a b)"), "invalid path=\"device/vbd/dev\"");
}

/* ---- disks ---- */

static void unames_name_driver_format_and_source(void **state)
{
	static const struct {
		const char *disk;
		const char *expected;
	} rows[] = {
		{"vbd (mode w) (dev a) (uname file:/x)",
			"disk file driver=\"file\" source=\"/x\" target=\"a\" mode=\"w\" "
			"class=vbd"},
		{"vbd (mode w) (dev a) (uname phy:/dev/x)",
			"disk block driver=\"phy\" source=\"/dev/x\" target=\"a\" mode=\"w\" "
			"class=vbd"},
		{"vbd (mode w) (dev a) (uname phy:sda7)",
			"disk block driver=\"phy\" source=\"sda7\""},
		{"tap (mode w) (dev a) (uname tap:aio:/x)",
			"disk file driver=\"tap\" format=\"aio\" source=\"/x\" target=\"a\" "
			"mode=\"w\" class=tap"},
		{"tap (mode w) (dev a) (uname tap:qcow:/x:y)",
			"driver=\"tap\" format=\"qcow\" source=\"/x:y\""},
		{"tap (mode w) (dev a) (uname tap:tapdisk:aio:/x)",
			"driver=\"tap\" format=\"tapdisk\" source=\"aio:/x\""},
		{"tap2 (mode w) (dev a) (uname tap:aio:/x)",
			"driver=\"tap2\" format=\"aio\" source=\"/x\" target=\"a\" mode=\"w\" "
			"class=tap2"},
		{"tap2 (mode w) (dev a) (uname tap2:vhd:/x)",
			"driver=\"tap2\" format=\"vhd\" source=\"/x\" target=\"a\" mode=\"w\" "
			"class=tap2"},
		{"tap (mode w) (dev a) (uname tap2:vhd:/x)",
			"driver=\"tap2\" format=\"vhd\" source=\"/x\" target=\"a\" mode=\"w\" "
			"class=tap"},
		{"vbd (mode w) (dev a) (uname 'nbd:192.168.4.7 20004')",
			"disk file driver=\"nbd\" source=\"192.168.4.7 20004\""},
		{"vbd (mode w) (dev a) (uname iscsi:iqn.2008-01.example:web)",
			"driver=\"iscsi\" source=\"iqn.2008-01.example:web\""},
		{"vbd (mode w) (dev a) (uname file:)", "driver=\"file\" source=\"\""},
		{"vbd (mode w) (dev 51712) (uname phy:x)", "target=\"51712\""},
		{"vbd (mode w) (dev /dev/hda) (uname phy:x)", "target=\"/dev/hda\""},
		{"vbd (mode w) (dev hda:disk) (uname phy:x)",
			"disk block driver=\"phy\" source=\"x\" target=\"hda\""},
		{"vbd (mode w) (dev ioemu:hda) (uname phy:x)", "target=\"hda\""},
		{"vbd (mode w) (dev hdc:cdrom)", "cdrom file target=\"hdc\" mode=\"w\" class=vbd"},
		{"vbd (mode w) (dev a) (bootable 1)", "class=vbd bootable=on"},
		{"vbd (mode w) (dev a) (bootable 0)", "class=vbd bootable=off"},
		{"vbd (mode w) (dev a) (bootable True)", "class=vbd bootable=on"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0};

		add_format(&input, NAMED("(device (%s))"), rows[i].disk);
		expect_read(as_string(&input), rows[i].expected);
		buffer_fini(&input);
	}
	expect_read(VBD("(dev a) (uname /no/colon)"), "invalid path=\"device/vbd/uname\"");
	expect_read(NAMED("(device (tap (dev a) (uname tap:/x)))"),
		"invalid path=\"device/tap/uname\"");
}

static void modes_mean_what_the_block_script_makes_of_them(void **state)
{
	(void)state;
	expect_read(VBD("(dev a) (mode r)"), "target=\"a\" readonly mode=\"r\"");
	expect_read(VBD("(dev a) (mode w)"), "target=\"a\" mode=\"w\"");
	expect_read(VBD("(dev a) (mode w!)"), "target=\"a\" shareable mode=\"w!\"");
	expect_read(VBD("(dev a) (mode 'w!')"), "target=\"a\" shareable mode=\"w!\"");
	expect_read(VBD("(dev a) (mode w !)"), "target=\"a\" shareable mode=\"w!\"");
	expect_read(VBD("(dev a)"), "target=\"a\" readonly class=vbd");
	expect_read(VBD("(dev a) (mode '')"), "target=\"a\" readonly class=vbd");
	expect_read(VBD("(dev a) (mode rw)"), "target=\"a\" mode=\"rw\"");
	expect_read(VBD("(dev a) (mode rw!)"), "target=\"a\" shareable mode=\"rw!\"");
	expect_read(VBD("(dev a) (mode ro)"), "target=\"a\" readonly mode=\"ro\"");
	expect_read(VBD("(dev a) (mode r!)"), "target=\"a\" readonly mode=\"r!\"");
	expect_read(VBD("(dev a) (mode r !)"), "target=\"a\" readonly mode=\"r!\"");
	expect_read(VBD("(dev a) (mode x)"), "target=\"a\" readonly mode=\"x\"");
	expect_read(VBD("(dev a) (mode 'w#')"), "target=\"a\" mode=\"w#\"");
	expect_read(VBD("(dev a) (mode x)"), "invalid path=\"device/vbd/mode\" raw=\"(mode x)\"");
	expect_not_read(VBD("(dev a) (mode ro)"), "invalid");
}

static void floppies_and_the_old_cd_drive_stand_in_the_image(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string(HVM("(fdb /b) (cdrom /dev/sr0)"), &dump);
	assert_has(&dump, "floppy file driver=\"file\" source=\"/b\" target=\"fdb\" class=image\n");
	assert_has(&dump,
		"cdrom block driver=\"phy\" source=\"/dev/sr0\" target=\"hdc\" readonly "
		"class=image\n");
	read_string("(domain (name x) (image (hvm (cdrom /a.iso))) (device (vbd (dev hdc:cdrom) "
		    "(uname phy:/dev/sr0))))",
		&dump);
	assert_lacks(&dump, "/a.iso\" target");
	expect_not_read(LINUX("(fda /a)"), "floppy");
	buffer_fini(&dump);
}

static void empty_devices_are_none(void **state)
{
	(void)state;
	expect_read(NAMED("(device (vkbd))(device )(device (vif2))"), "name=\"x\"");
	expect_read(NAMED("(device (odd (a b)))"),
		"unknown path=\"device/odd\" raw=\"(odd (a b))\"");
}

/* ---- other vocabularies ---- */

static void names_of_the_xen_api_count_where_the_old_ones_are_silent(void **state)
{
	(void)state;
	expect_read("(domain (name_label x) (name_description d) (VCPUs_max 3) (memory_static_max "
		    "1048576) (PV_kernel /k)"
		    "(PV_ramdisk /i) (PV_args a) (PV_bootloader /b) (PV_bootloader_args c) "
		    "(actions_after_shutdown destroy)"
		    "(actions_after_reboot restart) (actions_after_crash preserve))",
		"name=\"x\" type=\"xen\" description=\"d\" memory=1024 vcpus=3 os_type=\"linux\" "
		"kernel=\"/k\" "
		"initrd=\"/i\""
		" cmdline=\"a\" bootloader=\"/b\" bootloader_args=\"c\" on_poweroff=\"destroy\" "
		"on_reboot=\"restart\""
		" on_crash=\"preserve\"");
	expect_read("(domain (name_label y) (name x) (vcpus 1) (VCPUs_max 3))",
		"name=\"x\" type=\"xen\" vcpus=1 ");
}

static void what_xl_prints_is_read(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(read_string("(domain\n\t(domid 3)\n\t(create_info)\n\t(uuid "
				     "b5d70dd2-75cd-aca5-1776-9660b059d8bc)\n\t(name x)\n"
				     "\t(build_info)\n\t(max_vcpus 2)\n\t(max_memkb "
				     "4096)\n\t(target_memkb 2048)\n\t(image\n\t\t(hvm\n"
				     "\t\t\t(hap "
				     "<default>)\n\t\t)\n\t)\n\t(device\n\t\t(tap\n\t\t\t(backend_"
				     "domid 0)\n\t\t\t(physpath "
				     "/dev/vg/x)\n"
				     "\t\t\t(phystype 1)\n\t\t\t(virtpath xvda)\n\t\t\t(readwrite "
				     "1)\n\t\t\t(is_cdrom 0)\n\t\t)\n\t)\n"
				     "\t(device\n\t\t(tap\n\t\t\t(physpath "
				     "/a.iso)\n\t\t\t(virtpath hdc)\n\t\t\t(readwrite "
				     "0)\n\t\t\t(is_cdrom 1)\n"
				     "\t\t)\n\t)\n)",
				 &dump),
		DS_OK);
	assert_has(&dump,
		"name=\"x\" type=\"xen\" id=3 uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8bc\" "
		"memory=4096"
		" current_memory=2048 vcpus=2 os_type=\"hvm\" is_hvm\n");
	assert_has(&dump,
		"disk block driver=\"phy\" source=\"/dev/vg/x\" target=\"xvda\" class=tap\n");
	assert_has(&dump,
		"cdrom file driver=\"file\" source=\"/a.iso\" target=\"hdc\" readonly class=tap\n");
	buffer_fini(&dump);
}

static void a_domain_that_xl_closes_early_is_read_and_reported(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string("(domain\n\t(name x)\n\t(image\n\t\t(linux 0)\n\t\t(kernel "
			    "/k)\n\t\t(cmdline a b)\n"
			    "\t\t(ramdisk (null))\n\t)\n)\n\t(device\n\t\t(tap\n\t\t\t(physpath "
			    "/x)\n\t\t\t(virtpath xvda)\n"
			    "\t\t)\n\t)\n)\n(domain (name y))",
			&dump),
		DS_DAMAGED);
	assert_has(&dump,
		"name=\"x\" type=\"xen\" os_type=\"linux\" kernel=\"/k\" cmdline=\"a b\"\n");
	assert_has(&dump, "disk file driver=\"file\" source=\"/x\" target=\"xvda\"");
	assert_has(&dump, "error DA903 - at 0 1:1 length=0 domain=\"x\"");
	assert_has(&dump, "name=\"y\"");
	buffer_fini(&dump);
}

static void processors_are_one_set_for_all_or_one_for_each(void **state)
{
	(void)state;
	expect_read(NAMED("(cpus ((0 1 2) (0 1 2)))"), "cpuset=\"0-2\"");
	expect_read(NAMED("(cpus ((0 2 3 7)))"), "cpuset=\"0,2-3,7\"");
	expect_read(NAMED("(cpus '1-3')"), "cpuset=\"1-3\"");
	expect_read(NAMED("(cpus ((0 1) (2 3)))"),
		"  pin at 16 1:17 vcpu=0 cpuset=\"0-1\"\n  pin at 16 1:17 vcpu=1 cpuset=\"2-3\"\n");
	expect_read(NAMED("(cpus (() (5)))"),
		"os_type=\"linux\"\n  pin at 16 1:17 vcpu=1 cpuset=\"5\"\n");
	expect_read(NAMED("(cpus ('0-1' '' 7))"),
		"vcpu=0 cpuset=\"0-1\"\n  pin at 16 1:17 vcpu=2 cpuset=\"7\"\n");
	expect_read(NAMED("(cpus ((0 1) (0) (1)))"),
		"vcpu=0 cpuset=\"0-1\"\n  pin at 16 1:17 vcpu=1 cpuset=\"0\"\n");
	expect_read(NAMED("(cpus ((0 x)))"), "invalid path=\"cpus\"");
	expect_not_read(NAMED("(cpus (()))"), "cpuset");
	expect_not_read(NAMED("(cpus (() ()))"), "cpuset");
	expect_not_read(NAMED("(cpus ())"), "cpuset");
}

static void the_kernel_of_an_old_hvm_guest_is_its_loader(void **state)
{
	(void)state;
	expect_read(HVM("(kernel /l)"), "is_hvm loader=\"/l\"\n");
	expect_read(HVM("(kernel '') (loader /l)"), "is_hvm loader=\"/l\"\n");
	expect_read(HVM("(kernel /l) (loader /l)"), "is_hvm loader=\"/l\"\n");
	expect_read(HVM("(kernel /k) (loader /l)"), "is_hvm kernel=\"/k\" loader=\"/l\"\n");
	expect_read(NAMED("(image (netbsd (kernel /k)))"), "os_type=\"netbsd\" kernel=\"/k\"\n");
	expect_read(NAMED("(image 'None')"), "os_type=\"linux\"");
}

static void clocks_are_put_together(void **state)
{
	(void)state;
	expect_read(NAMED("(localtime 1)"), "clock=localtime");
	expect_read(NAMED("(localtime 0)"), "clock=utc");
	expect_read(HVM("(localtime 1)"), "clock=localtime");
	expect_read("(domain (name x) (localtime 1) (image (linux (localtime 0))))", "clock=utc");
	expect_read(HVM("(rtc_timeoffset 5)"), "clock=variable clock_adjustment=5");
	expect_not_read(NAMED(""), "clock");
}

static void runtime_state_is_told_apart_from_what_gets_lost(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string("(domain (name x)\n(cpu_time 1.5) (shadow_memory 8) (odd (a b)) (image (linux "
		    "(notes (A 1)) (isa 1))))",
		&dump);
	assert_has(&dump,
		"  extra at 32 2:16 known path=\"shadow_memory\" raw=\"(shadow_memory 8)\"\n");
	assert_has(&dump, "  extra at 50 2:34 unknown path=\"odd\" raw=\"(odd (a b))\"\n");
	assert_has(&dump, " known path=\"image/linux/isa\" raw=\"(isa 1)\"\n");
	buffer_byte(&dump, '\0');
	assert_null(strstr(dump.data, "cpu_time"));
	assert_null(strstr(dump.data, "notes"));
	buffer_fini(&dump);
}

static void a_broken_domain_costs_itself_alone(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string("(domain (name a))\n(domain (name b) (memory\n(domain (name c))\n",
			&dump),
		DS_DAMAGED);
	assert_has(&dump, "domain at 0 1:1 size=17 sexpr name=\"a\"");
	assert_has(&dump, "error DA903 - at 18 2:1 length=25 domain=\"b\"");
	assert_has(&dump, "domain at 43 3:1 size=17 sexpr name=\"c\"");
	buffer_fini(&dump);
}

static void nul_bytes_reject_the_domain(void **state)
{
	static const char *const heads[] = {"(domain (name a) ", "(domain (name 'a",
		"(domain (name a) # "};
	static const char *const tails[] = {" (memory 1))", "'))", "\n)"};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		struct buffer input = {0}, dump = {0};

		buffer_string(&input, heads[i]);
		for (size_t k = 0; k < 5; k++)
			buffer_byte(&input, '\0');
		add_format(&input, "%s\n(domain (name b))\n(domain (name c))", tails[i]);
		assert_int_equal(read_all(NULL, input.data, input.size, 0, &dump), DS_DAMAGED);
		assert_has(&dump, "text=\"5 NUL bytes");
		assert_has(&dump, "name=\"b\"");
		assert_has(&dump, "name=\"c\"");
		buffer_fini(&input);
		buffer_fini(&dump);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scalar_is_read),
		cmocka_unit_test(keys_come_in_any_order),
		cmocka_unit_test(the_first_of_several_counts_and_the_others_are_reported),
		cmocka_unit_test(escapes_are_decoded),
		cmocka_unit_test(empty_values_say_nothing),
		cmocka_unit_test(numbers_that_are_none_reject_the_domain),
		cmocka_unit_test(other_values_that_are_invalid_are_reported),
		cmocka_unit_test(unames_name_driver_format_and_source),
		cmocka_unit_test(modes_mean_what_the_block_script_makes_of_them),
		cmocka_unit_test(floppies_and_the_old_cd_drive_stand_in_the_image),
		cmocka_unit_test(empty_devices_are_none),
		cmocka_unit_test(names_of_the_xen_api_count_where_the_old_ones_are_silent),
		cmocka_unit_test(what_xl_prints_is_read),
		cmocka_unit_test(a_domain_that_xl_closes_early_is_read_and_reported),
		cmocka_unit_test(processors_are_one_set_for_all_or_one_for_each),
		cmocka_unit_test(the_kernel_of_an_old_hvm_guest_is_its_loader),
		cmocka_unit_test(clocks_are_put_together),
		cmocka_unit_test(runtime_state_is_told_apart_from_what_gets_lost),
		cmocka_unit_test(a_broken_domain_costs_itself_alone),
		cmocka_unit_test(nul_bytes_reject_the_domain),
	};

	return cmocka_run_group_tests_name("reader_sexpr", tests, NULL, NULL);
}
