/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* The typed details of a disk: what libvirt can set and xend cannot. */

#define DISK(attributes, inside) \
	"<domain><name>x</name><devices><disk" attributes ">" inside \
	"<target dev='vda'/></disk></devices></domain>"

struct row {
	const char *input;
	const char *part;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_read(rows[i].input, rows[i].part);
}

static void a_disk_without_details_has_none(void **state)
{
	(void)state;
	expect_not_read(DISK(" type='file' device='disk'",
				"<driver name='qemu' type='raw'/><source file='/a'/><alias "
				"name='a'/><wwn>1</wwn>"),
		"details");
}

static void settings_are_read_as_they_are_written(void **state)
{
	static const struct row rows[] = {
		{DISK("",
			 "<driver cache='none' io='native' discard='unmap' detect_zeroes='off' "
			 "error_policy='stop' "
			 "rerror_policy='report'/>"),
			"    details cache=\"none\" io=\"native\" discard=\"unmap\" "
			"detect_zeroes=\"off\" error_policy=\"stop\" "
			"rerror_policy=\"report\"\n"},
		{DISK("", "<driver cache=''/>"), "    details cache=\"\"\n"},
		{DISK("", "<driver cache='one'/><driver cache='two'/>"),
			"    details cache=\"one\"\n"},
		{DISK(" snapshot='external'", "<source file='/a' startupPolicy='optional'/>"),
			"    details startup_policy=\"optional\" snapshot=\"external\"\n"},
		{DISK("", "<serial>WD-1&amp;2</serial>"), "    details serial=\"WD-1&2\"\n"},
		{DISK("", "<serial>\n  WD 1 </serial><transient/>"),
			"    details serial=\"\\x0a  WD 1 \" transient\n"},
		{DISK("", "<boot order='2'/>"),
			" disk file target=\"vda\" class=none boot_order=2\n"},
		{DISK("", "<boot order='x'/>"), "known path=\"devices/disk/boot@order\" raw=\"x\""},
		{DISK(" type='strange'", ""),
			" disk other target=\"vda\" class=none\n    details type=\"strange\"\n"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void settings_remain_extras(void **state)
{
	static const struct row rows[] = {
		{DISK("", "<driver cache='none'/>"),
			"devices/disk/driver@cache\" raw=\"none\" disk=1\n"},
		{DISK("", "<serial>a</serial>"),
			"devices/disk/serial\" raw=\"<serial>a</serial>\" disk=1\n"},
		{DISK(" type='nvme'", "<source type='pci' managed='yes' namespace='1'/>"),
			"devices/disk@type\" raw=\"nvme\" disk=1\n"},
		{DISK(" type='nvme'", "<source type='pci' managed='yes' namespace='1'/>"),
			"source@namespace\" raw=\"1\" disk=1\n"},
		{DISK("", "<backingStore type='file'><format type='raw'/></backingStore>"),
			"devices/disk/backingStore\" raw=\"<backingStore type='file'><format "
			"type='raw'/></backingStore>\" disk=1\n"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void network_disks_have_servers(void **state)
{
	static const struct row rows[] = {
		{DISK(" type='network'",
			 "<source protocol='rbd' name='pool/image' tls='yes'><host name='c1' "
			 "port='6789'/>"
			 "<host name='c2'/><snapshot name='s'/><config file='/c'/></source>"),
			" disk network source=\"pool/image\" target=\"vda\" class=none\n    "
			"details\n"
			"    location protocol=\"rbd\" tls=\"yes\" snapshot=\"s\" config=\"/c\"\n"
			"      host at 103 1:104 name=\"c1\" port=\"6789\"\n      host at 132 "
			"1:133 name=\"c2\"\n"},
		{DISK(" type='network'",
			 "<source protocol='nbd'><host transport='unix' socket='/s'/></source>"),
			"transport=\"unix\" socket=\"/s\"\n"},
		{DISK(" type='network'", "<source protocol='https' name='a' query='b=c&amp;d'/>"),
			"    location protocol=\"https\" query=\"b=c&d\"\n"},
		{DISK(" type='volume'", "<source pool='p' volume='v' mode='host'/>"),
			" disk volume source=\"v\" target=\"vda\" class=none\n    details\n    "
			"location pool=\"p\" pool_mode=\"host\"\n"},
		{DISK(" type='nvme'",
			 "<source type='pci' managed='yes' namespace='1'><address domain='0x0001' "
			 "bus='0x02' "
			 "slot='0x03' function='0x4'/></source>"),
			"    location nvme=0001:02:03.4 managed=1 namespace=\"1\"\n"},
		{DISK(" type='vhostuser'",
			 "<source type='unix' path='/s'><reconnect enabled='yes'/></source>"),
			" disk vhostuser target=\"vda\" class=none\n    details\n    location "
			"socket=\"/s\"\n"},
		{DISK(" type='vhostvdpa'", "<source dev='/dev/vhost-vdpa-0'/>"),
			" disk vhostvdpa source=\"/dev/vhost-vdpa-0\" target=\"vda\" class=none\n"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/** Both places that libvirt allows mean the same. */
static void secrets_may_be_in_the_disk_or_in_its_source(void **state)
{
	static const char expected[] =
		"    location user=\"u\" secret_type=\"ceph\" secret=\"s\" encryption=\"luks\" "
		"encryption_secret=\"e\"\n";
	static const struct row rows[] = {
		{DISK("",
			 "<auth username='u'><secret type='ceph' usage='s'/></auth>"
			 "<encryption format='luks'><secret type='passphrase' "
			 "uuid='e'/></encryption>"),
			expected},
		{DISK("",
			 "<source><auth username='u'><secret type='ceph' "
			 "uuid='s'/></auth><encryption format='luks'>"
			 "<x><secret type='wrong' uuid='wrong'/></x><secret type='passphrase' "
			 "uuid='e'/></encryption></source>"),
			expected},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void a_chain_of_images_is_read(void **state)
{
	static const struct row rows[] = {
		{DISK("",
			 "<backingStore type='file'><format type='qcow2'/><source "
			 "file='/b'/><backingStore type='block'>"
			 "<format type='raw'/><source "
			 "dev='/dev/c'/><backingStore/></backingStore></backingStore>"),
			"    details backing_ends\n"
			"    backing at 37 1:38 file format=\"qcow2\" source=\"/b\"\n"
			"    backing at 104 1:105 block format=\"raw\" source=\"/dev/c\"\n"},
		/* The source of a level may follow the level below it. */
		{DISK("",
			 "<backingStore><backingStore type='volume'><source pool='p' "
			 "volume='c'/></backingStore>"
			 "<source file='/b'/></backingStore>"),
			"    backing at 37 1:38 file source=\"/b\"\n"
			"    backing at 51 1:52 volume source=\"c\"\n    location pool=\"p\"\n"},
		{DISK(" type='network'",
			 "<source protocol='nbd'><host name='a'/></source><backingStore "
			 "type='network'>"
			 "<source protocol='rbd' name='p/b'><host "
			 "name='b'/></source></backingStore>"),
			"    location protocol=\"nbd\"\n      host at 75 1:76 name=\"a\"\n"
			"    backing at 100 1:101 network source=\"p/b\"\n    location "
			"protocol=\"rbd\"\n"
			"      host at 163 1:164 name=\"b\"\n"},
		{DISK("", "<backingStore/>"), "    details backing_ends\n"},
		/* A second chain is not what libvirt reads. */
		{DISK("",
			 "<backingStore><source file='/a'/></backingStore><backingStore><source "
			 "file='/b'/>"
			 "<backingStore><source file='/c'/></backingStore></backingStore>"),
			"    details\n    backing at 37 1:38 file source=\"/a\"\n  extra"},
	};

	(void)state;
	check(rows, COUNT(rows));
	expect_read(DISK("", "<backingStore/>"), " redundant path=\"devices/disk/backingStore\"");
	expect_not_read(DISK("", "<mirror><source file='/m'><host name='a'/></source></mirror>"),
		"details");
}

/** What one disk has is not found in the next one. */
static void each_disk_has_its_own(void **state)
{
	(void)state;
	expect_read("<domain><name>x</name><devices>"
		    "<disk><driver cache='none'/><source><host "
		    "name='a'/></source><backingStore><source file='/b'/>"
		    "</backingStore></disk><disk><target dev='b'/></disk>"
		    "<disk><driver cache='unsafe'/></disk></devices></domain>",
		" disk file target=\"b\" class=none\n  disk at 177 1:178 disk file class=none\n    "
		"details cache=\"unsafe\"\n");
}

/** An element without a place in the record names the disk that it is part of, in either format. */
static void an_extra_belongs_to_its_disk(void **state)
{
	static const struct row rows[] = {
		{"<domain><name>x</name><devices><disk a='1'/><odd/><disk><b/><target c='2' "
		 "dev='d'/></disk><interface e='3'/></devices><f/></domain>",
			"  extra at 31 1:32 unknown path=\"devices/disk@a\" raw=\"1\" disk=1\n"
			"  extra at 44 1:45 unknown path=\"devices/odd\" raw=\"<odd/>\"\n"
			"  extra at 56 1:57 unknown path=\"devices/disk/b\" raw=\"<b/>\" disk=2\n"
			"  extra at 60 1:61 unknown path=\"devices/disk/target@c\" raw=\"2\" "
			"disk=2\n"
			"  extra at 90 1:91 unknown path=\"devices/interface@e\" raw=\"3\"\n"
			"  extra at 118 1:119 unknown path=\"f\" raw=\"<f/>\"\n"},
		{"(domain (name x) (image (hvm (fda /f) (fdb /g) (a 1))) (device (vbd (dev b) (c "
		 "2)) (d 3)) (device (tap2 (e 4))) (device (vif (g 5))) (f 6))",
			"  extra at 47 1:48 unknown path=\"image/hvm/a\" raw=\"(a 1)\"\n"
			"  extra at 76 1:77 unknown path=\"device/vbd/c\" raw=\"(c 2)\" disk=1\n"
			"  extra at 83 1:84 unknown path=\"device/d\" raw=\"(d 3)\"\n"
			"  extra at 104 1:105 unknown path=\"device/tap2/e\" raw=\"(e 4)\" "
			"disk=2\n"
			"  extra at 125 1:126 unknown path=\"device/vif/g\" raw=\"(g 5)\"\n"
			"  extra at 133 1:134 unknown path=\"f\" raw=\"(f 6)\"\n"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disk_without_details_has_none),
		cmocka_unit_test(settings_are_read_as_they_are_written),
		cmocka_unit_test(settings_remain_extras),
		cmocka_unit_test(network_disks_have_servers),
		cmocka_unit_test(secrets_may_be_in_the_disk_or_in_its_source),
		cmocka_unit_test(a_chain_of_images_is_read),
		cmocka_unit_test(each_disk_has_its_own),
		cmocka_unit_test(an_extra_belongs_to_its_disk),
	};

	return cmocka_run_group_tests_name("reader_disks", tests, NULL, NULL);
}
