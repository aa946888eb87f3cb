/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* What the XML reader makes of a domain. Places of devices are checked once; elsewhere the records'
 * words are enough.
 */

#define NAMED(inside) "<domain><name>x</name>" inside "</domain>"
#define DEVICES(inside) NAMED("<devices>" inside "</devices>")

static void every_scalar_is_read(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string(
			"<domain type='xen' "
			"id='7'>\n<name>web</name><uuid>B5D70DD275CDACA517769660B059D8BC</uuid>\n"
			"<description>d</description><memory "
			"unit='MiB'>2</memory><currentMemory>1024</currentMemory>\n"
			"<vcpu placement='static' cpuset='0-3' "
			"current='2'>4</vcpu><bootloader/><bootloader_args>-q</bootloader_args>\n"
			"<os><type arch='x86_64' machine='xenfv'>hvm</type><loader "
			"type='rom'>/l</loader><kernel>/k</kernel>"
			"<initrd>/i</initrd><cmdline>c</cmdline><root>r</root><boot "
			"dev='fd'/><boot dev='hd'/><boot "
			"dev='cdrom'/>"
			"<boot "
			"dev='network'/></os>\n<features><acpi/><apic/><pae/><hap/><viridian/></"
			"features>\n"
			"<clock offset='variable' adjustment='-60' basis='localtime'><timer "
			"name='hpet' "
			"present='no'/></clock>\n"
			"<on_poweroff>destroy</on_poweroff><on_reboot>restart</"
			"on_reboot><on_crash>preserve</on_crash>\n"
			"<devices><emulator>/e</emulator></devices></domain>",
			&dump),
		DS_OK);
	assert_text(&dump,
		"domain at 0 1:1 size=827 xml name=\"web\" type=\"xen\" id=7 "
		"uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8bc\""
		" description=\"d\" memory=2048 current_memory=1024 vcpus=4 vcpus_online=2 "
		"cpuset=\"0-3\" os_type=\"hvm\" "
		"is_hvm"
		" kernel=\"/k\" initrd=\"/i\" root=\"r\" cmdline=\"c\" loader=\"/l\" boot=\"acdn\" "
		"bootloader=\"\""
		" bootloader_args=\"-q\" acpi=on apic=on pae=on hap=on viridian=on hpet=off "
		"clock=variable clock_is_local"
		" clock_adjustment=-60 on_poweroff=\"destroy\" on_reboot=\"restart\" "
		"on_crash=\"preserve\" "
		"emulator=\"/e\"\n"
		"  extra at 295 5:5 default path=\"os/type@arch\" raw=\"x86_64\"\n"
		"  extra at 295 5:5 default path=\"os/type@machine\" raw=\"xenfv\"\n");
	buffer_fini(&dump);
}

static void a_domain_that_says_little_has_little(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(read_string("<domain><name>x</name></domain>", &dump), DS_OK);
	assert_text(&dump, "domain at 0 1:1 size=31 xml name=\"x\"\n");
	buffer_fini(&dump);
}

static void elements_come_in_any_order(void **state)
{
	struct buffer one = {0}, other = {0};

	(void)state;
	read_string("<domain><devices><disk device='cdrom'><target "
		    "dev='hdc'/></disk></devices><os><type>hvm</type></os>"
		    "<uuid>b5d70dd2-75cd-aca5-1776-9660b059d8bc</uuid><memory>1</memory><name>x</"
		    "name></domain>",
		&one);
	assert_has(&one,
		" name=\"x\" uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8bc\" memory=1 "
		"os_type=\"hvm\" is_hvm\n");
	assert_has(&one, " cdrom file target=\"hdc\" readonly");
	read_string("<domain><name>x</name><devices><disk><readonly/><target dev='a'/><source "
		    "dev='s'/><driver "
		    "name='phy'/></disk>"
		    "</devices></domain>",
		&other);
	assert_has(&other,
		"disk file driver=\"phy\" source=\"s\" target=\"a\" readonly class=none\n");
	buffer_fini(&one);
	buffer_fini(&other);
}

static void the_first_of_several_counts_and_the_others_are_reported(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string(NAMED("<name>y</name><uuid>u</uuid><uuid>v</uuid><vcpu>2</vcpu><vcpu>2</"
			  "vcpu><memory>1</memory>"
			  "<memory>5</memory>"),
		&dump);
	assert_has(&dump, " name=\"x\" uuid=\"u\" memory=1 vcpus=2\n");
	assert_has(&dump, "invalid path=\"name\" raw=\"y\"\n");
	assert_has(&dump, "invalid path=\"memory\" raw=\"5\"\n");
	assert_lacks(&dump, "path=\"vcpu\"");
	read_string(DEVICES("<disk><source file='a'/><source file='b'/><target dev='t'/><target "
			    "dev='u'/><driver name='d'/>"
			    "<driver name='e'/></disk>"),
		&dump);
	assert_has(&dump, "disk file driver=\"d\" source=\"a\" target=\"t\"");
	assert_has(&dump, "invalid path=\"devices/disk/source@file\" raw=\"b\"");
	assert_has(&dump, "raw=\"u\"");
	assert_has(&dump, "raw=\"e\"");
	buffer_fini(&dump);
}

static void values_are_decoded(void **state)
{
	(void)state;
	expect_read("<domain><name>a&amp;b &#x41;&#66;</name></domain>", "name=\"a&b AB\"");
	expect_read("<domain><name>a<![CDATA[<b>&amp;]]>c</name></domain>", "name=\"a<b>&amp;c\"");
	expect_read("<domain><name>a<!-- no -->b<?p no?>c</name></domain>", "name=\"abc\"");
	expect_read("<domain><name>\xc3\xa9&#233;</name></domain>",
		"name=\"\\xc3\\xa9\\xc3\\xa9\"");
	expect_read("<domain><name> a\nb\r\nc </name></domain>", "name=\" a\\x0ab\\x0ac \"");
	expect_read(DEVICES("<disk><source file=\"a'&quot;&#10;&lt;&gt;\tb\"/></disk>"),
		"source=\"a'\\x22\\x0a<> b\"");
	expect_read(DEVICES("<disk><source file=''/></disk>"), "source=\"\"");
}

static void empty_elements_say_nothing_but_for_the_bootloader(void **state)
{
	(void)state;
	expect_read(NAMED("<uuid/><description></description><bootloader></bootloader><on_crash/"
			  "><os><kernel/></os>"),
		" name=\"x\" bootloader=\"\"\n");
	expect_rejected("<domain><name/></domain>", "error DA903 - at 0 1:1");
	expect_rejected("<domain><memory>1</memory></domain>", "text=\"the domain has no name\"");
}

static void a_domain_of_another_program_is_not_a_guest(void **state)
{
	static const char *const others[] = {
		"<domain></domain>",
		"<domain/>",
		"<domain>0</domain>",
		"<domain>example.org</domain>",
		"<domain xmlns='urn:jboss:domain:4.0'><extensions/><profiles><profile "
		"name='x'/></profiles></domain>",
		"<capabilities><guest><domain "
		"type='xen'><emulator>/e</emulator></domain></guest></capabilities>",
		"<network><name>n</name><domain name='example.org' localOnly='yes'/></network>",
		"<device><name>pci</name><capability "
		"type='pci'><domain>0</domain><bus>0</bus></capability></device>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct buffer dump = {0};

		assert_int_equal(read_string(others[i], &dump), DS_OK);
		assert_int_equal(dump.size, 0);
		buffer_fini(&dump);
	}
	expect_rejected("<domain><extensions></domain>", "mismatched tag");
}

static void what_is_no_uuid_is_kept_as_it_is(void **state)
{
	(void)state;
	expect_read(NAMED("<uuid>not a uuid</uuid>"), "uuid=\"not a uuid\"");
	expect_read(NAMED("<uuid> B5D70DD2-75cd-aca5-1776-9660b059d8bc\n</uuid>"),
		"uuid=\"b5d70dd2-75cd-aca5-1776-9660b059d8bc\"");
}

/* ---- numbers ---- */

static void memory_has_a_unit(void **state)
{
	static const struct {
		const char *unit;
		const char *amount;
		unsigned long long kib;
	} rows[] = {
		{"", "3", 3},
		{" unit='KiB'", " 3 ", 3},
		{" unit='k'", "3", 3},
		{" unit='b'", "1", 1},
		{" unit='bytes'", "1025", 2},
		{" unit='KB'", "1024", 1000},
		{" unit='MB'", "1", 977},
		{" unit='M'", "1", 1024},
		{" unit='MiB'", "2", 2048},
		{" unit='GB'", "1", 976563},
		{" unit='G'", "1", 1048576},
		{" unit='GiB'", "1", 1048576},
		{" unit='TB'", "1", 976562500},
		{" unit='T'", "1", 1073741824},
		{" unit='TiB'", "2", 2147483648},
		{" unit='byte'", "1024", 1},
		{" unit='B'", "2048", 2},
		{" unit='Bytes'", "1024", 1},
		{" unit='K'", "3", 3},
		{" unit='kib'", "3", 3},
		{" unit='kb'", "1024", 1000},
		{" unit='Kb'", "1024", 1000},
		{" unit='mib'", "1", 1024},
		{" unit='MIB'", "1", 1024},
		{" unit='g'", "1", 1048576},
		{" unit='P'", "1", 1099511627776},
		{" unit='PiB'", "1", 1099511627776},
		{" unit='pb'", "1", 976562500000},
		{" unit='e'", "1", 1125899906842624},
		{" unit='EiB'", "7", 7881299347898368},
		{" unit='EB'", "9", 8789062500000000},
		{" unit=''", "3", 3},
		{" dumpCore='off'", "7", 7},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0}, part = {0};

		add_format(&input, NAMED("<memory%s>%s</memory>"), rows[i].unit, rows[i].amount);
		add_format(&part, " memory=%llu", rows[i].kib);
		expect_read(as_string(&input), as_string(&part));
		buffer_fini(&input);
		buffer_fini(&part);
	}
}

static void an_unknown_unit_is_shown_in_the_error(void **state)
{
	static const char *const units[] = {"furlong", "kibi", "KiBi", "Kbytes", "iB", "kk", "BB",
		" KiB", "KiB ", "k b", "\xc3\xa9"};

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		struct buffer input = {0}, part = {0};

		add_format(&input, NAMED("<memory unit='%s'>1</memory>"), units[i]);
		add_format(&part, "unknown memory unit '%s'", units[i]);
		expect_rejected(as_string(&input), as_string(&part));
		buffer_fini(&input);
		buffer_fini(&part);
	}
	expect_rejected(NAMED("<memory unit='\xc2\x9bK'>1</memory>"),
		"unknown memory unit '\\xc2\\x9bK'");
	expect_rejected(
		NAMED("<memory unit='0123456789012345678901234567890123456789!'>1</memory>"),
		"unknown memory unit '0123456789012345678901234567890123456789'");
}

static void memory_of_8_exbibytes_is_too_large(void **state)
{
	static const char *const bad[] = {
		"<memory unit='EiB'>8</memory>",
		"<memory unit='EB'>10</memory>",
		"<memory unit='PiB'>8192</memory>",
		"<memory unit='b'>9223372036854774785</memory>",
		"<memory>9007199254740992</memory>",
		"<memory unit='TiB'>18446744073709551615</memory>",
		"<memory>99999999999999999999.0</memory>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buffer input = {0};

		add_format(&input, NAMED("%s"), bad[i]);
		expect_rejected(as_string(&input), "an amount of memory is larger than 8 EiB");
		buffer_fini(&input);
	}
	expect_read(NAMED("<memory unit='b'>9223372036854774784</memory>"),
		" memory=9007199254740991");
	expect_rejected("(domain (name x) (memory 8796093022208))",
		"an amount of memory is larger than 8 EiB");
}

static void numbers_that_are_none_reject_the_domain_at_their_place(void **state)
{
	static const char *const bad[] = {
		"<memory>much</memory>",
		"<memory></memory>",
		"<memory>-1</memory>",
		"<memory unit='KiB'>99999999999999999999</memory>",
		"<memory unit='TiB'>18446744073709551615</memory>",
		"<memory unit='furlong'>1</memory>",
		"<currentMemory>1k</currentMemory>",
		"<vcpu>two</vcpu>",
		"<vcpu>-1</vcpu>",
		"<vcpu>18446744073709551616</vcpu>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buffer input = {0}, dump = {0};

		add_format(&input,
			"\n<domain><name>x</name>\n  %s</domain><domain><name>y</name></domain>",
			bad[i]);
		assert_int_equal(read_string(as_string(&input), &dump), DS_DAMAGED);
		assert_has(&dump, "error DA903 - at 1 2:1 ");
		assert_has(&dump, "domain=\"x\"");
		assert_has(&dump, "(line 3, column 3)\"");
		/* The next one is not affected. */
		assert_has(&dump, "xml name=\"y\"");
		buffer_fini(&input);
		buffer_fini(&dump);
	}
}

static void other_numbers_that_are_invalid_are_reported(void **state)
{
	(void)state;
	expect_read("<domain id='x'><name>x</name></domain>", "known path=\"@id\" raw=\"x\"");
	expect_read(NAMED("<vcpu current='x'>1</vcpu>"), "path=\"vcpu@current\" raw=\"x\"");
	expect_read(NAMED("<clock offset='variable' adjustment='x'/>"),
		"path=\"clock@adjustment\" raw=\"x\"");
	expect_read(NAMED("<clock offset='timezone'/>"), "path=\"clock@offset\" raw=\"timezone\"");
	expect_read(NAMED("<os><boot dev='usb'/></os>"), "path=\"os/boot@dev\" raw=\"usb\"");
	expect_read(NAMED("<cputune><shares>x</shares></cputune>"),
		"invalid path=\"cputune/shares\" raw=\"x\"");
	expect_read("(domain (name x) (cpu_weight x))", "invalid path=\"cpu_weight\"");
}

/* ---- where things count ---- */

static size_t count_disks(const char *input)
{
	struct buffer dump = {0};
	size_t count = 0;

	assert_int_equal(read_string(input, &dump), DS_OK);
	for (const char *at = as_string(&dump); (at = strstr(at, "\n  disk at")); at++)
		count++;
	buffer_fini(&dump);
	return count;
}

static void disks_are_children_of_devices_alone(void **state)
{
	(void)state;
	assert_int_equal(count_disks(DEVICES("<disk/><disk/>")), 2);
	assert_int_equal(
		count_disks(NAMED("<disk/><metadata><devices><disk/></devices><disk/></metadata>")),
		0);
	assert_int_equal(count_disks(DEVICES("<disk><disk/></disk>")), 1);
	assert_int_equal(
		count_disks(DEVICES("<controller><disk/></controller><video><disk/></video>")), 0);
	assert_int_equal(count_disks("<domain><devices><disk/></devices><name>x</"
				     "name><devices><disk/></devices></domain>"),
		2);
	assert_int_equal(count_disks("<domainsnapshot><disks><disk name='hda'/></disks>" DEVICES(
				 "<disk/>") "</domainsnapshot>"),
		1);
}

static void only_direct_children_of_a_disk_speak_of_it(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string(DEVICES("<disk type='file'><backingStore type='block'><driver "
			    "name='z'/><source dev='/back'/>"
			    "<target dev='q'/><readonly/></backingStore><mirror "
			    "type='file'><source file='/m'/></mirror>"
			    "<source file='/front'><seclabel><source "
			    "file='/s'/></seclabel><readonly/></source>"
			    "<target dev='xvda'/></disk>"),
		&dump);
	assert_has(&dump, " disk file source=\"/front\" target=\"xvda\" class=none\n");
	assert_has(&dump, "known path=\"devices/disk/backingStore\"");
	assert_has(&dump,
		"known path=\"devices/disk/mirror\" raw=\"<mirror type='file'><source "
		"file='/m'/></mirror>\"");
	buffer_fini(&dump);
}

static void a_cd_drive_is_readonly_and_a_disk_is_a_file_when_it_does_not_say(void **state)
{
	(void)state;
	expect_read(DEVICES("<disk/>"), "disk file class=none\n");
	expect_read(DEVICES("<disk device='cdrom'/>"), "cdrom file readonly class=none\n");
	expect_read(DEVICES("<disk type='block' device='floppy'><target dev='fda'/></disk>"),
		"floppy block target=\"fda\"");
	expect_read(DEVICES("<disk type='network' device='lun'><source name='n'/></disk>"),
		"lun network source=\"n\"");
	expect_read(DEVICES("<disk type='dir'><source dir='n'/></disk>"), "disk dir source=\"n\"");
	expect_read(DEVICES("<disk type='volume'><source volume='n'/></disk>"),
		"disk volume source=\"n\"");
	expect_read(DEVICES("<disk type='odd' device='odd'/>"), "disk other class=none\n");
	expect_read(DEVICES("<disk type='odd'/>"), "path=\"devices/disk@type\" raw=\"odd\"");
	expect_read(DEVICES("<disk><target dev='ioemu:hda' bus='ide'/><shareable/></disk>"),
		"target=\"hda\" bus=\"ide\" shareable");
}

static void what_has_no_place_is_said_with_path_bytes_and_place(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string("<domain xmlns:q='u' odd='1'><name>x</name>\n<title>t<b/></title>\n <new "
		    "a='&amp;'>&lt;</new>\n"
		    "<devices><disk><driver name='tap' "
		    "cache='none'/><serial>s</serial></disk>\n<gadget/></devices>"
		    "<q:commandline><q:arg value='v'/></q:commandline></domain>",
		&dump);
	assert_has(&dump, "  extra at 0 1:1 unknown path=\"@odd\" raw=\"1\"\n");
	assert_has(&dump, "  extra at 43 2:1 known path=\"title\" raw=\"<title>t<b/></title>\"\n");
	assert_has(&dump,
		"  extra at 65 3:2 unknown path=\"new\" raw=\"<new a='&amp;'>&lt;</new>\"\n");
	assert_has(&dump,
		"  extra at 106 4:16 detail path=\"devices/disk/driver@cache\" raw=\"none\" "
		"disk=1\n");
	assert_has(&dump,
		" detail path=\"devices/disk/serial\" raw=\"<serial>s</serial>\" disk=1\n");
	assert_has(&dump, " unknown path=\"devices/gadget\" raw=\"<gadget/>\"\n");
	assert_has(&dump,
		" unknown path=\"q:commandline\" raw=\"<q:commandline><q:arg "
		"value='v'/></q:commandline>\"\n");
	buffer_fini(&dump);
}

/* ---- documents ---- */

static void each_document_is_read_in_its_encoding(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string(
			"<?xml version='1.0' "
			"encoding='ISO-8859-1'?><domain><name>\xe9</name></domain>"
			"<?xml version='1.0'?><domain><name>\xc3\xa9</name></domain>"
			"<?xml version='1.0' encoding='us-ascii'?><domain><name>e</name></domain>",
			&dump),
		DS_OK);
	assert_has(&dump,
		"domain at 43 1:44 size=32 xml input=\"<domain><name>\\xe9</name></domain>\" "
		"name=\"\\xc3\\xa9\"\n");
	assert_has(&dump, "domain at 95 1:96 size=32 xml name=\"\\xc3\\xa9\"\n");
	assert_has(&dump, "name=\"e\"\n");
	expect_rejected(
		"<?xml version='1.0' encoding='us-ascii'?><domain><name>\xe9</name></domain>",
		"error DA903");
	expect_rejected("<domain><name>\xe9</name></domain>", "error DA903 - at 0 1:1");
	buffer_fini(&dump);
}

static void every_encoding_of_iconv_is_read(void **state)
{
	static const struct {
		const char *encoding, *bytes, *name;
	} rows[] = {
		{"windows-1252", "\x80", "\\xe2\\x82\\xac"},
		{"Cp1252", "\x80", "\\xe2\\x82\\xac"},
		{"iso-8859-15", "\xa4", "\\xe2\\x82\\xac"},
		{"iso8859_15", "\xa4", "\\xe2\\x82\\xac"},
		{"koi8-r", "\xc1", "\\xd0\\xb0"},
		{"koi8_r", "\xc1", "\\xd0\\xb0"},
		{"gb18030", "\xb7\xfe\x81\x30\x81\x30", "\\xe6\\x9c\\x8d\\xc2\\x80"},
		{"shift_jis", "\x94\x5c\x83\x5d", "\\xe8\\x83\\xbd\\xe3\\x82\\xbe"},
		{"x-sjis", "\x94\x5c", "\\xe8\\x83\\xbd"},
		{"latin-1", "\xe9", "\\xc3\\xa9"},
		{"ISO_8859-1:1987", "\xe9", "\\xc3\\xa9"},
		{"utf8", "\xc3\xa9", "\\xc3\\xa9"},
		/* It holds the last character back, for an accent that may follow. */
		{"cp1258", "a", "a"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0}, dump = {0}, name = {0};

		add_format(&input,
			"<?xml version='1.0' encoding='%s'?><domain><name>%s</name></domain>",
			rows[i].encoding, rows[i].bytes);
		add_format(&name, " name=\"%s\"\n", rows[i].name);
		assert_int_equal(read_string(as_string(&input), &dump), DS_OK);
		assert_has(&dump, as_string(&name));
		buffer_fini(&input);
		buffer_fini(&dump);
		buffer_fini(&name);
	}
}

/** A document that declares the encoding and has one domain. */
#define DECLARED(encoding, name) \
	"<?xml version='1.0' encoding='" encoding "'?><domain><name>" name "</name></domain>"

static void what_cannot_be_converted_is_refused(void **state)
{
	(void)state;
	expect_rejected(DECLARED("x-foo", "x"),
		"unknown encoding 'x-foo': expected a name that iconv knows");
	expect_rejected(DECLARED("latin1//IGNORE", "x"), "unknown encoding 'latin1//IGNORE'");
	expect_rejected(DECLARED("utf8//IGNORE", "x"), "unknown encoding 'utf8//IGNORE'");
	expect_rejected(DECLARED("x-", "x"), "unknown encoding 'x-'");
	expect_rejected(DECLARED("-", "x"), "unknown encoding '-'");
	expect_rejected(DECLARED("UTF-16", "x"), "the encoding cannot be 'UTF-16'");
	expect_rejected(DECLARED("UTF-7", "x"), "the encoding cannot be 'UTF-7'");
	expect_rejected(DECLARED("cp037", "x"), "the encoding cannot be 'cp037'");
	expect_rejected(DECLARED("iso-2022-jp", "x"), "the encoding cannot be 'iso-2022-jp'");
	expect_rejected(DECLARED("windows-1252", "\x80\x81"),
		"byte 0x81 does not begin a valid character of the encoding 'windows-1252'");
	expect_rejected(DECLARED("shift_jis", "\x83"),
		"byte 0x83 does not begin a valid character");
	/* Positions are those in the input. The euro sign has three bytes in UTF-8. */
	expect_rejected(DECLARED("windows-1252", "\x80\x80\x81"), "(line 1, column 62)");
	expect_rejected(DECLARED("windows-1252", "\x80\x80</b>"), "(line 1, column 64)");
}

static void a_broken_domain_costs_itself_alone(void **state)
{
	static const char *const broken[] = {
		"<domain><name>b</nome></domain>",
		"<domain><a></b></domain>",
		"<domain><name>b</name><a b=c/></domain>",
		"<domain><name>b</name>&no;</domain>",
		"<domain><name>b</name><a b='1' b='2'/></domain>",
		"<domain><name>b\xff</name></domain>",
		"<domain><name>b</name><a>\x01</a></domain>",
		"<domain><name>b</name>]]></domain>",
		"<domain><name>b</name><1/></domain>",
		"</domstream>",
		"</domain>",
		"<domain><name>b</name><!-- -- --></domain>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct buffer input = {0}, dump = {0};

		add_format(&input,
			"<domain><name>a</name></domain>%s<domain><name>c</name></domain>",
			broken[i]);
		assert_int_equal(read_string(as_string(&input), &dump), DS_DAMAGED);
		assert_has(&dump, "domain at 0 1:1 size=31 xml name=\"a\"\n");
		assert_has(&dump, "error DA903 - at 31 1:32 ");
		assert_has(&dump, "xml name=\"c\"\n");
		buffer_fini(&input);
		buffer_fini(&dump);
	}
}

struct refused {
	size_t errors, likewise;
	uint64_t offset, length;
	struct buffer bytes;
};

static enum ds_status take_nothing(void *context, const struct ds_domain *domain)
{
	(void)context;
	(void)domain;
	return DS_OK;
}

static enum ds_status take_refused(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct refused *refused = context;

	refused->errors += error != NULL;
	refused->likewise += error == NULL;
	if (error) {
		refused->offset = error->place.offset;
		refused->length = error->length;
	}
	buffer_add(&refused->bytes, raw.data, raw.size);
	buffer_byte(&refused->bytes, '|');
	return DS_OK;
}

/* The place and the length of an error are those of the bytes that come with it, not of those that
 * come without an error. */
static void an_error_is_about_the_bytes_that_come_with_it(void **state)
{
	static const char input[] = "<domain><name>a</name></domain>ab\n\n<x/>cd\n<x/>ef";

	(void)state;
	for (size_t piece = 1; piece < sizeof input; piece++) {
		struct refused refused = {0};
		struct ds_reader_events events = {sizeof events, &refused, take_nothing,
			take_refused};
		struct ds_reader_options options;
		struct ds_reader *reader;

		ds_reader_options_init(&options, sizeof options);
		assert_int_equal(ds_reader_new(&options, &events, &reader), DS_OK);
		for (size_t at = 0; at < sizeof input - 1; at += piece)
			ds_reader_feed(reader, input + at,
				piece < sizeof input - 1 - at ? piece : sizeof input - 1 - at);
		assert_int_equal(ds_reader_finish(reader), DS_DAMAGED);
		ds_reader_free(reader);
		assert_int_equal(refused.errors, 1);
		assert_int_equal(refused.likewise, 2);
		assert_int_equal(refused.offset, 31);
		assert_string_equal(as_string(&refused.bytes), "ab\n\n|cd\n|ef|");
		assert_int_equal(refused.length, 4);
		buffer_fini(&refused.bytes);
	}
}

/** Expat reads what it is given as the content of an element of ours. */
static void an_end_tag_closes_nothing_but_the_domain(void **state)
{
	static const char *const ends[] = {"</d>", "</d><name", "</d><name>x</name>",
		"<name/></d><name>x</name>", "</d></d><name/>"};

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct buffer input = {0}, dump = {0};

		add_format(&input, "%s</domain>" NAMED("%s</d>"), ends[i], ends[i]);
		assert_int_equal(read_string(as_string(&input), &dump), DS_DAMAGED);
		assert_lacks(&dump, "xml name=");
		buffer_fini(&input);
		buffer_fini(&dump);
	}
}

static void a_rejected_domain_is_named_when_its_name_was_seen(void **state)
{
	(void)state;
	expect_rejected("<domain><name>web\x01</name></domain>", "domain=\"\"");
	expect_rejected("<domain><name>web</name><memory>",
		"error DA901 - at 0 1:1 length=32 domain=\"web\"");
	expect_rejected("<domain><name>a&#10;\xc3\xa9</name><vcpu>x</vcpu></domain>",
		"domain=\"a\\x0a\xc3\xa9\"");
}

static void a_mere_reference_in_a_snapshot_is_no_domain(void **state)
{
	struct buffer dump = {0};

	(void)state;
	assert_int_equal(
		read_string("<domainsnapshot><name>s</"
			    "name><domain><uuid>b5d70dd2-75cd-aca5-1776-9660b059d8bc</uuid>"
			    "</domain></domainsnapshot>",
			&dump),
		DS_OK);
	assert_int_equal(dump.size, 0);
	expect_read(
		"<domainsnapshot><domain><uuid>u</uuid><name>x</name></domain></domainsnapshot>",
		"name=\"x\"");
	expect_rejected("<domains><domain><uuid>b5d70dd2-75cd-aca5-1776-9660b059d8bc</uuid></"
			"domain></domains>",
		"the domain has no name");
	expect_rejected("<domainsnapshot><domain><vcpu>1</vcpu></domain></domainsnapshot>",
		"the domain has no name");
	buffer_fini(&dump);
}

static void entities_of_a_document_type_are_never_expanded(void **state)
{
	struct buffer dump = {0};

	(void)state;
	read_string("<!DOCTYPE d [<!ENTITY a "
		    "'b'>]><domain><name>&a;</name></domain><domain><name>y</name></domain>",
		&dump);
	assert_has(&dump, "error DA906");
	assert_has(&dump, "undefined entity");
	assert_has(&dump, "name=\"y\"");
	buffer_fini(&dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scalar_is_read),
		cmocka_unit_test(a_domain_that_says_little_has_little),
		cmocka_unit_test(elements_come_in_any_order),
		cmocka_unit_test(the_first_of_several_counts_and_the_others_are_reported),
		cmocka_unit_test(values_are_decoded),
		cmocka_unit_test(empty_elements_say_nothing_but_for_the_bootloader),
		cmocka_unit_test(a_domain_of_another_program_is_not_a_guest),
		cmocka_unit_test(what_is_no_uuid_is_kept_as_it_is),
		cmocka_unit_test(memory_has_a_unit),
		cmocka_unit_test(an_unknown_unit_is_shown_in_the_error),
		cmocka_unit_test(memory_of_8_exbibytes_is_too_large),
		cmocka_unit_test(numbers_that_are_none_reject_the_domain_at_their_place),
		cmocka_unit_test(other_numbers_that_are_invalid_are_reported),
		cmocka_unit_test(disks_are_children_of_devices_alone),
		cmocka_unit_test(only_direct_children_of_a_disk_speak_of_it),
		cmocka_unit_test(a_cd_drive_is_readonly_and_a_disk_is_a_file_when_it_does_not_say),
		cmocka_unit_test(what_has_no_place_is_said_with_path_bytes_and_place),
		cmocka_unit_test(each_document_is_read_in_its_encoding),
		cmocka_unit_test(every_encoding_of_iconv_is_read),
		cmocka_unit_test(what_cannot_be_converted_is_refused),
		cmocka_unit_test(a_broken_domain_costs_itself_alone),
		cmocka_unit_test(an_error_is_about_the_bytes_that_come_with_it),
		cmocka_unit_test(an_end_tag_closes_nothing_but_the_domain),
		cmocka_unit_test(a_rejected_domain_is_named_when_its_name_was_seen),
		cmocka_unit_test(a_mere_reference_in_a_snapshot_is_no_domain),
		cmocka_unit_test(entities_of_a_document_type_are_never_expanded),
	};

	return cmocka_run_group_tests_name("reader_xml", tests, NULL, NULL);
}
