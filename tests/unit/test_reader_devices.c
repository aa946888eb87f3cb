/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* Devices other than disks, in both formats. */

struct row {
	const char *input;
	const char *expected;
};

static void check(const struct row *rows, size_t count, const char *before, const char *after)
{
	for (size_t i = 0; i < count; i++) {
		struct buffer input = {0}, dump = {0};

		add_format(&input, "%s%s%s", before, rows[i].input, after);
		assert_int_equal(read_string(as_string(&input), &dump), DS_OK);
		assert_has(&dump, rows[i].expected);
		buffer_fini(&input);
		buffer_fini(&dump);
	}
}

#define CHECK_XML(rows) \
	check(rows, COUNT(rows), "<domain><name>x</name><devices>", "</devices></domain>")
#define CHECK_SEXPR(rows) check(rows, COUNT(rows), "(domain (name x) ", ")")
#define CHECK_HVM(rows) check(rows, COUNT(rows), "(domain (name x) (image (hvm ", ")))")

/* ---- character devices ---- */

static void a_part_is_told_by_the_device_that_it_is_of(void **state)
{
	static const struct row xml[] = {
		{"<serial type='pty'><target port='0' foo='1'/></serial><console "
		 "type='pty'><target port='0' foo='2'/></console>",
			" unknown path=\"devices/console/target@foo\" raw=\"2\"\n"},
		{"<disk><source file='/a' foo='1'/><target dev='hda'/></disk><interface><source "
		 "bridge='b' foo='2'/></interface>",
			" unknown path=\"devices/interface/source@foo\" raw=\"2\"\n"},
		{"<disk><odd/></disk><interface><odd/></interface>",
			" unknown path=\"devices/interface/odd\" raw=\"<odd/>\"\n"},
		{"<disk><target dev='hda' foo='1' bar='2'/></disk>",
			" unknown path=\"devices/disk/target@bar\" raw=\"2\" disk=1\n"},
	};
	static const struct row sexpr[] = {
		{"(device (vbd (dev xvda) (foo 1) (bar 2)))",
			" unknown path=\"device/vbd/bar\" raw=\"(bar 2)\" disk=1\n"},
		{"(device (vbd (foo 1))) (device (vif (foo 1)))",
			" unknown path=\"device/vif/foo\" raw=\"(foo 1)\"\n"},
		{"(device (vbd (foo 1)) (bar 1))",
			" unknown path=\"device/bar\" raw=\"(bar 1)\"\n"},
		{"(image (linux (foo 1) (bar 1)))",
			" unknown path=\"image/linux/bar\" raw=\"(bar 1)\"\n"},
	};

	(void)state;
	CHECK_XML(xml);
	CHECK_SEXPR(sexpr);
}

static void every_character_device_of_sexpr_is_read(void **state)
{
	static const struct row rows[] = {
		{"(serial pty)", " serial at 29 1:30 pty port=0\n"},
		{"(serial null)", " null port=0\n"},
		{"(serial stdio)", " stdio port=0\n"},
		{"(serial vc)", " vc port=0\n"},
		{"(serial /dev/ttyS1)", " dev port=0 path=\"/dev/ttyS1\"\n"},
		{"(serial file:/log)", " file port=0 path=\"/log\"\n"},
		{"(serial pipe:/fifo)", " pipe port=0 path=\"/fifo\"\n"},
		{"(serial tcp:host:99)", " tcp port=0 host=\"host\" service=\"99\"\n"},
		{"(serial tcp::99,server,nowait)",
			" tcp port=0 host=\"\" service=\"99\" listens\n"},
		{"(serial telnet:h:1,server,nowait)",
			" telnet port=0 host=\"h\" service=\"1\" listens\n"},
		{"(serial udp:h:1)", " udp port=0 host=\"h\" service=\"1\"\n"},
		{"(serial udp:h:1@l:2)",
			" udp port=0 host=\"h\" service=\"1\" bind_host=\"l\" "
			"bind_service=\"2\"\n"},
		{"(serial unix:/s)", " unix port=0 path=\"/s\"\n"},
		{"(serial unix:/s,server,nowait)", " unix port=0 path=\"/s\" listens\n"},
		{"(serial (pty none /dev/ttyS1))", " dev port=2 path=\"/dev/ttyS1\"\n"},
		{"(serial (pty none /dev/ttyS1))", " pty port=0\n"},
		{"(parallel file:/p)", " parallel at 29 1:30 file port=0 path=\"/p\"\n"},
		{"(serial odd:x)", " invalid path=\"image/hvm/serial\" raw=\"(serial odd:x)\"\n"},
	};
	struct buffer dump = {0};

	(void)state;
	CHECK_HVM(rows);
	read_string("(domain (name x) (image (hvm (serial none) (parallel none))))", &dump);
	assert_lacks(&dump, "port=");
	buffer_fini(&dump);
}

static void every_character_device_of_xml_is_read(void **state)
{
	static const struct row rows[] = {
		{"<serial type='pty'><target port='0'/></serial>",
			" serial at 31 1:32 pty port=0\n"},
		{"<serial type='null'/>", " null port=0\n"},
		{"<serial type='stdio'/>", " stdio port=0\n"},
		{"<serial type='vc'/>", " vc port=0\n"},
		{"<serial type='dev'><source path='/d'/></serial>", " dev port=0 path=\"/d\"\n"},
		{"<serial type='file'><source path='/f'/></serial>", " file port=0 path=\"/f\"\n"},
		{"<serial type='pipe'><source path='/p'/></serial>", " pipe port=0 path=\"/p\"\n"},
		{"<serial type='tcp'><source mode='connect' host='h' service='1'/><protocol "
		 "type='raw'/></serial>",
			" tcp port=0 host=\"h\" service=\"1\"\n"},
		{"<serial type='tcp'><source mode='bind' host='h' service='1'/><protocol "
		 "type='telnet'/></serial>",
			" telnet port=0 host=\"h\" service=\"1\" listens\n"},
		{"<serial type='udp'><source mode='bind' host='l' service='2'/><source "
		 "mode='connect' host='h' "
		 "service='1'/></serial>",
			" udp port=0 host=\"h\" service=\"1\" bind_host=\"l\" "
			"bind_service=\"2\"\n"},
		{"<serial type='unix'><source mode='bind' path='/s'/></serial>",
			" unix port=0 path=\"/s\" listens\n"},
		{"<serial type='pty'/><serial type='vc'/>", " vc port=1\n"},
		{"<serial type='pty'><target port='3'/></serial>", " pty port=3\n"},
		{"<parallel type='pty'/>", " parallel at 31 1:32 pty port=0\n"},
		{"<console type='pty' tty='/dev/pts/1'><target type='xen' port='0'/></console>",
			" console at 31 1:32 pty port=0\n"},
		{"<serial type='spicevmc'/>", "path=\"devices/serial@type\" raw=\"spicevmc\"\n"},
		{"<serial type='pty'><target port='x'/></serial>",
			"path=\"devices/serial/target@port\" raw=\"x\"\n"},
	};

	(void)state;
	CHECK_XML(rows);
}

/* ---- graphics ---- */

static void graphics_of_xml_are_read(void **state)
{
	static const struct row rows[] = {
		{"<graphics type='vnc' port='5901' autoport='no' listen='0.0.0.0' passwd='p' "
		 "keymap='de'/>",
			" vnc port=5901 listen=\"0.0.0.0\" password=\"p\" keymap=\"de\"\n"},
		{"<graphics type='vnc' port='5901' autoport='yes'/>", " vnc port=-1\n"},
		{"<graphics autoport='yes' port='5901' type='vnc'/>", " vnc port=-1\n"},
		{"<graphics type='vnc' port='-1'/>", " vnc port=-1\n"},
		{"<graphics type='vnc'/>", " vnc port=-1\n"},
		{"<graphics type='vnc'><listen type='address' address='::1'/></graphics>",
			" listen=\"::1\"\n"},
		{"<graphics type='sdl' display=':0' xauth='/x'/>",
			" sdl port=-1 display=\":0\" xauthority=\"/x\"\n"},
		{"<graphics type='vnc' port='70000'/>",
			"path=\"devices/graphics@port\" raw=\"70000\"\n"},
		{"<graphics type='spice'/>", "path=\"devices/graphics@type\" raw=\"spice\"\n"},
	};

	(void)state;
	CHECK_XML(rows);
}

static void graphics_of_sexpr_come_from_a_vfb_or_the_image(void **state)
{
	static const struct row rows[] = {
		{"(device (vfb (type vnc) (vncunused 1)))", " vnc port=-1\n"},
		{"(device (vfb (type vnc) (vncdisplay 3) (vnclisten 0.0.0.0) (vncpasswd p) (keymap "
		 "de)))",
			" vnc port=5903 listen=\"0.0.0.0\" password=\"p\" keymap=\"de\"\n"},
		{"(device (vfb (vnc 1) (sdl 0) (vncdisplay 5904)))", " vnc port=11804\n"},
		{"(device (vfb (type sdl) (display :0) (xauthority /x)))",
			" sdl display=\":0\" xauthority=\"/x\"\n"},
		{"(device (vfb (sdl 1) (vnc 0)))", " sdl\n"},
		{"(image (hvm (vnc 1) (vncdisplay 2) (vncunused 0)))", " vnc port=5902\n"},
		{"(image (hvm (vnc 1)))", " vnc\n"},
		{"(image (hvm (sdl '1') (display :1)))", " sdl display=\":1\"\n"},
		{"(image (hvm (vnc 1) (vncdisplay x)))", "invalid path=\"image/hvm/vncdisplay\""},
		{"(device (vfb (type odd)))", "invalid path=\"device/vfb/type\""},
	};
	struct buffer dump = {0};

	(void)state;
	CHECK_SEXPR(rows);
	read_string("(domain (name x) (image (linux (vnc 0) (sdl 0))))", &dump);
	assert_lacks(&dump, "graphics");
	/* The image says it once more in config.sxp. */
	read_string("(domain (name x) (image (linux (vnc 1))) (device (vfb (type sdl))))", &dump);
	assert_has(&dump, " sdl\n");
	assert_lacks(&dump, " vnc");
	buffer_fini(&dump);
}

/* ---- the others ---- */

static void interfaces_of_xml_are_read(void **state)
{
	static const struct row rows[] = {
		{"<interface type='bridge'><mac address='m'/><source bridge='b'/><script "
		 "path='s'/><ip address='i'/>"
		 "<target dev='t'/><model type='e1000'/><bandwidth><outbound "
		 "average='512'/></bandwidth></interface>",
			"  interface at 31 1:32 bridge mac=\"m\" source=\"b\" script=\"s\" "
			"ip=\"i\" target=\"t\" model=\"e1000\" "
			"rate=512\n"},
		{"<interface type='network'><source network='n'/></interface>",
			" network source=\"n\"\n"},
		{"<interface type='ethernet'/>", " ethernet\n"},
		{"<interface type='direct'><source dev='eth0' mode='vepa'/></interface>",
			" other source=\"eth0\"\n"},
		{"<interface type='direct'/>", "path=\"devices/interface@type\" raw=\"direct\"\n"},
		{"<interface><source bridge='a'/><source bridge='b'/></interface>",
			"invalid path=\"devices/interface/source@bridge\""},
		{"<interface><mac/><ip address='a'/><ip address='b'/></interface>", "raw=\"b\"\n"},
	};

	(void)state;
	CHECK_XML(rows);
}

static void interfaces_of_sexpr_are_read(void **state)
{
	static const struct row rows[] = {
		{"(device (vif (mac m) (bridge b) (script s) (ip i) (vifname t) (model e1000) "
		 "(type ioemu) (rate "
		 "512KB/s)))",
			"  interface at 17 1:18 bridge mac=\"m\" source=\"b\" script=\"s\" "
			"ip=\"i\" target=\"t\" model=\"e1000\""
			" vif_type=\"ioemu\" rate=512\n"},
		{"(device (vif (script vif-bridge)))", " bridge script=\"vif-bridge\"\n"},
		{"(device (vif (script vif-route)))", " ethernet script=\"vif-route\"\n"},
		{"(device (vif (mac m)))", " ethernet mac=\"m\"\n"},
		{"(device (vif (type netfront)))", " model=\"netfront\" vif_type=\"netfront\"\n"},
		{"(device (vif (rate 8Mb/s)))", " rate=1024\n"},
		{"(device (vif (rate 1GB/s)))", " rate=1048576\n"},
		{"(device (vif (rate 10MB/s@50ms)))", " rate=10240\n"},
		{"(device (vif (rate fast)))", "invalid path=\"device/vif/rate\""},
		{"(device (vif (rate 99999999999999999999KB/s)))",
			"invalid path=\"device/vif/rate\""},
	};

	(void)state;
	CHECK_SEXPR(rows);
}

static void pci_devices_are_read(void **state)
{
	static const struct row of_xml[] = {
		{"<hostdev mode='subsystem' type='pci' managed='yes'><source><address "
		 "domain='0x0000' bus='0x06' "
		 "slot='0x02'"
		 " function='0x1'/></source></hostdev>",
			"  pci at 31 1:32 0:6:2.1 managed\n"},
		{"<hostdev mode='subsystem' type='pci'><source><address bus='6' "
		 "slot='10'/></source></hostdev>",
			" 0:6:a.0\n"},
		{"<hostdev type='pci'><source><address bus='x'/></source></hostdev>", "raw=\"x\""},
	};
	static const struct row of_sexpr[] = {
		{"(device (pci (dev (domain 0x0000) (bus 0x06) (slot 0x02) (func 0x1)) (dev (bus "
		 "0x7) (slot 10) (func "
		 "0))))",
			" 0:6:2.1\n"},
		{"(device (pci (dev (domain 0x0000) (bus 0x06) (slot 0x02) (func 0x1)) (dev (bus "
		 "0x7) (slot 10) (func "
		 "0))))",
			" 0:7:a.0\n"},
		{"(device (pci (dev (bus odd))))", "invalid path=\"device/pci/dev/bus\""},
		{"(device (pci (dev (bus 0x100000000))))", "invalid path=\"device/pci/dev/bus\""},
	};

	(void)state;
	CHECK_XML(of_xml);
	CHECK_SEXPR(of_sexpr);
}

static void sound_cards_and_input_devices_are_read(void **state)
{
	static const struct row of_xml[] = {
		{"<sound model='sb16'/>", "  sound at 31 1:32 word=\"sb16\"\n"},
		{"<input type='tablet' bus='usb'/>",
			"  input at 31 1:32 word=\"tablet\" bus=\"usb\"\n"},
		{"<input type='mouse'/>", " word=\"mouse\"\n"},
	};
	static const struct row of_sexpr[] = {
		{"(soundhw sb16,es1370)", " word=\"es1370\"\n"},
		{"(soundhw all)", " word=\"sb16\"\n"},
		{"(usb 1) (usbdevice tablet)", " word=\"tablet\" bus=\"usb\"\n"},
		{"(usbdevice tablet) (usbdevice mouse)", " word=\"mouse\" bus=\"usb\"\n"},
	};

	(void)state;
	CHECK_XML(of_xml);
	CHECK_HVM(of_sexpr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_told_by_the_device_that_it_is_of),
		cmocka_unit_test(every_character_device_of_sexpr_is_read),
		cmocka_unit_test(every_character_device_of_xml_is_read),
		cmocka_unit_test(graphics_of_xml_are_read),
		cmocka_unit_test(graphics_of_sexpr_come_from_a_vfb_or_the_image),
		cmocka_unit_test(interfaces_of_xml_are_read),
		cmocka_unit_test(interfaces_of_sexpr_are_read),
		cmocka_unit_test(pci_devices_are_read),
		cmocka_unit_test(sound_cards_and_input_devices_are_read),
	};

	return cmocka_run_group_tests_name("reader_devices", tests, NULL, NULL);
}
