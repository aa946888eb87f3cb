/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/arena.h"
#include "support.h"
#include "write/json_text.h"
#include "write/writer.h"

/** The fields before the additional ones, which are tested by themselves. */
static const unsigned first_columns[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

static struct ds_rows_options rows_of(enum ds_rows format)
{
	bool is_table = format == DS_ROWS_TABLE || format == DS_ROWS_TERMINAL;

	return (struct ds_rows_options){.size = sizeof(struct ds_rows_options),
		.format = format,
		.columns = first_columns,
		.column_count = is_table ? 0 : COUNT(first_columns)};
}

static const enum ds_rows all_rows[] = {DS_ROWS_TABLE, DS_ROWS_TERMINAL, DS_ROWS_NDJSON,
	DS_ROWS_CSV, DS_ROWS_TSV};

/* ---- JSON ---- */

#define EXPECT_JSON(bytes, expected) \
	expect_json((struct ds_text){bytes, sizeof bytes - 1}, expected)

static void expect_json(struct ds_text text, const char *expected)
{
	struct buffer out = {0};

	json_text(&out, text);
	assert_text(&out, expected);
	buffer_fini(&out);
}

static void json_escapes_special_bytes(void **state)
{
	(void)state;
	EXPECT_JSON("", "\"\"");
	EXPECT_JSON("web01", "\"web01\"");
	EXPECT_JSON("a \"b\" \\ c/d", "\"a \\\"b\\\" \\\\ c/d\"");
	EXPECT_JSON("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	EXPECT_JSON("\0\x01\x1b[2J\x1f", "\"\\u0000\\u0001\\u001B[2J\\u001F\"");
	/* A terminal treats these two as control characters, too. */
	EXPECT_JSON("\x7f\xc2\x9b", "\"\\u007F\\u009B\"");
	expect_json((struct ds_text){NULL, 0}, "null");
}

static void json_keeps_utf8_and_replaces_other_bytes(void **state)
{
	(void)state;
	EXPECT_JSON("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x96\xb4",
		"\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x96\xb4\"");
	EXPECT_JSON("\xc2\xa0", "\"\xc2\xa0\"");
	EXPECT_JSON("\xff", "\"\xef\xbf\xbd\"");
	EXPECT_JSON("a\xc3", "\"a\xef\xbf\xbd\"");
	EXPECT_JSON("\xc3(", "\"\xef\xbf\xbd(\"");
	/* An overlong sequence, a surrogate, and a code beyond the last one: each byte becomes one
	 * replacement. */
	EXPECT_JSON("\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	EXPECT_JSON("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	EXPECT_JSON("\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	EXPECT_JSON("\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"");
}

static void json_has_null_for_an_unknown_line(void **state)
{
	struct buffer out = {0};

	(void)state;
	json_ordinal(&out, 0);
	buffer_byte(&out, ' ');
	json_ordinal(&out, UINT64_MAX);
	assert_text(&out, "null 18446744073709551615");
	buffer_fini(&out);
}

/* ---- rows of one record ---- */

static struct ds_text text(const char *string)
{
	return (struct ds_text){string, string ? strlen(string) : 0};
}

/** Expects this row for a record with one disk on the second line of a made-up domain. */
static void expect_row(enum ds_rows format, const char *name, struct ds_disk disk,
	const char *expected)
{
	struct ds_domain domain = {.place = {"d.xml", 100, 7, 3},
		.raw = text("<d>\n  <disk/></d>"),
		.host = "h1",
		.name = text(name)};
	struct ds_rows_options options = rows_of(format);
	struct buffer out = {0};
	struct arena arena;

	arena_init(&arena);
	disk.at = 6;
	domain.disks = &disk;
	domain.disk_count = 1;
	disk_rows_write(&options, &domain, NULL, NULL, &arena, &out);
	assert_text(&out, expected);
	buffer_fini(&out);
	arena_fini(&arena);
}

static struct ds_disk plain_disk(void)
{
	return (struct ds_disk){.driver = text("tap"),
		.format = text("qcow"),
		.source = text("/x.img"),
		.target = text("xvda")};
}

static void each_format_lists_a_plain_disk(void **state)
{
	(void)state;
	expect_row(DS_ROWS_TABLE, "web01", plain_disk(),
		"h1           web01                    xvda     disk   tap    qcow   w    "
		"/x.img\n");
	expect_row(DS_ROWS_TERMINAL, "web01", plain_disk(),
		"h1           web01                    xvda     disk   tap    qcow   w    "
		"/x.img\n");
	expect_row(DS_ROWS_NDJSON, "web01", plain_disk(),
		"{\"host\":\"h1\",\"domain\":\"web01\",\"uuid\":null,\"target\":\"xvda\","
		"\"device\":\"disk\","
		"\"driver\":\"tap\",\"type\":\"qcow\","
		"\"source\":\"/x.img\",\"mode\":\"w\",\"file\":\"d.xml\",\"line\":8,\"col\":3}\n");
	expect_row(DS_ROWS_CSV, "web01", plain_disk(),
		"h1,web01,,xvda,disk,tap,qcow,/x.img,w,d.xml,8,3\n");
	expect_row(DS_ROWS_TSV, "web01", plain_disk(),
		"h1\tweb01\t\txvda\tdisk\ttap\tqcow\t/x.img\tw\td.xml\t8\t3\n");
}

static void an_empty_drive_has_no_source(void **state)
{
	struct ds_disk disk = {.device = DS_DEVICE_CDROM, .target = text("hdc"), .readonly = true};

	(void)state;
	expect_row(DS_ROWS_TABLE, "a", disk,
		"h1           a                        hdc      cdrom  -      -      r    -\n");
	expect_row(DS_ROWS_NDJSON, NULL, disk,
		"{\"host\":\"h1\",\"domain\":null,\"uuid\":null,\"target\":\"hdc\",\"device\":"
		"\"cdrom\","
		"\"driver\":null,\"type\":null,"
		"\"source\":null,\"mode\":\"r\",\"file\":\"d.xml\",\"line\":8,\"col\":3}\n");
	expect_row(DS_ROWS_CSV, "a", disk, "h1,a,,hdc,cdrom,,,,r,d.xml,8,3\n");
	disk.source = text("");
	expect_row(DS_ROWS_NDJSON, NULL, disk,
		"{\"host\":\"h1\",\"domain\":null,\"uuid\":null,\"target\":\"hdc\",\"device\":"
		"\"cdrom\","
		"\"driver\":null,\"type\":null,"
		"\"source\":\"\",\"mode\":\"r\",\"file\":\"d.xml\",\"line\":8,\"col\":3}\n");
}

static void modes_are_those_of_sexpr(void **state)
{
	struct ds_disk disk = plain_disk();

	(void)state;
	disk.device = DS_DEVICE_LUN;
	disk.shareable = true;
	expect_row(DS_ROWS_CSV, "a", disk, "h1,a,,xvda,lun,tap,qcow,/x.img,w!,d.xml,8,3\n");
	expect_row(DS_ROWS_TERMINAL, "a", disk,
		"h1           a                        xvda     lun    tap    qcow   "
		"\033[1;33mw!\033[0m   /x.img\n");
	disk.readonly = true;
	disk.device = DS_DEVICE_FLOPPY;
	expect_row(DS_ROWS_CSV, "a", disk, "h1,a,,xvda,floppy,tap,qcow,/x.img,r,d.xml,8,3\n");
}

static void csv_quotes_and_tsv_escapes(void **state)
{
	struct ds_disk disk = plain_disk();

	(void)state;
	disk.source = text("/a,b\"c\"\n\t\\d");
	disk.target = text("\r");
	expect_row(DS_ROWS_CSV, "\"", disk,
		"h1,\"\"\"\",,\"\r\",disk,tap,qcow,\"/a,b\"\"c\"\"\n\t\\d\",w,d.xml,8,3\n");
	expect_row(DS_ROWS_TSV, "\"", disk,
		"h1\t\"\t\t\\r\tdisk\ttap\tqcow\t/a,b\"c\"\\n\\t\\\\d\tw\td.xml\t8\t3\n");
}

static void the_table_masks_and_counts_characters(void **state)
{
	struct ds_disk disk = plain_disk();

	(void)state;
	disk.target = text("\xc3\xbc\xff");
	disk.source = text("/\xc2\x9b\n\x7f");
	expect_row(DS_ROWS_TABLE, "\033]0;x", disk,
		"h1           \\x1b]0;x                 \xc3\xbc\\xff    disk   tap    qcow   w    "
		"/\\xc2\\x9b\\x0a\\x7f\n");
	/* A value that fills its column, and one that is longer. */
	disk = plain_disk();
	disk.target = text("12345678");
	disk.driver = text("1234567");
	expect_row(DS_ROWS_TABLE, "123456789012345678901234", disk,
		"h1           123456789012345678901234 12345678 disk   1234567 qcow   w    "
		"/x.img\n");
}

static void the_header_fits_the_rows(void **state)
{
	static const char *const expected[] = {
		"HOST         DOMAIN                   TARGET   DEVICE DRIVER TYPE   MODE SOURCE\n",
		("\033[1mHOST         DOMAIN                   TARGET   DEVICE DRIVER TYPE   MODE "
		 "SOURCE\n\033[0m"),
		"",
		"host,domain,uuid,target,device,driver,type,source,mode,file,line,col\n",
		"host\tdomain\tuuid\ttarget\tdevice\tdriver\ttype\tsource\tmode\tfile\tline\tcol\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all_rows); i++) {
		struct ds_rows_options options;
		struct buffer out = {0};

		options = rows_of(all_rows[i]);
		disk_rows_header(&options, &out);
		assert_text(&out, expected[i]);
		buffer_fini(&out);
	}
}

static struct ds_domain guest_of(struct ds_disk *disk)
{
	disk->at = 6;
	return (struct ds_domain){.place = {"d.xml", 100, 7, 3},
		.raw = text("<d>\n  <disk/></d>"),
		.host = "h1",
		.name = text("a"),
		.type = text("kvm"),
		.os_type = text("hvm"),
		.disks = disk,
		.disk_count = 1};
}

static void expect_columns(struct ds_rows_options options, struct ds_disk disk,
	const char *expected)
{
	struct ds_domain domain = guest_of(&disk);
	struct buffer out = {0};
	struct arena arena;

	arena_init(&arena);
	disk_rows_header(&options, &out);
	disk_rows_write(&options, &domain, NULL, NULL, &arena, &out);
	assert_text(&out, expected);
	buffer_fini(&out);
	arena_fini(&arena);
}

static struct ds_disk network_disk(const char *protocol, const char *name)
{
	static struct ds_disk_host hosts[3];
	static struct ds_disk_location location;
	static struct ds_disk_details details;

	hosts[0] = (struct ds_disk_host){.name = text("c1"), .port = text("6789")};
	hosts[1] = (struct ds_disk_host){.name = text("2001:db8::1"), .port = text("1")};
	hosts[2] = (struct ds_disk_host){.transport = text("unix"), .socket = text("/s")};
	location = (struct ds_disk_location){.protocol = text(protocol),
		.hosts = hosts,
		.host_count = COUNT(hosts)};
	details = (struct ds_disk_details){.location = &location};
	return (struct ds_disk){.type = DS_SOURCE_NETWORK,
		.source = text(name),
		.bus = text("virtio"),
		.details = &details};
}

static void every_field_has_a_column(void **state)
{
	struct ds_rows_options options = {.format = DS_ROWS_CSV};
	const char *const header = "host,domain,uuid,target,device,driver,type,source,mode,file,"
				   "line,col,offset,number,bus,backend,guest,"
				   "hypervisor,kind,protocol,hosts,pool,volume\n";
	const char *const *names;
	struct buffer expected = {0};
	size_t count;

	(void)state;
	add_format(&expected,
		"%sh1,a,,,disk,,,p/n/"
		"i,w,d.xml,8,3,106,1,virtio,,hvm,kvm,network,rbd,\"c1:6789,[2001:db8::1]:1,/"
		"s\",p,n/i\n",
		header);
	expect_columns(options, network_disk("rbd", "p/n/i"), as_string(&expected));
	names = ds_disk_fields(&count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(disk_rows_field(names[i]), i);
	assert_int_equal(disk_rows_field("column"), -1);
	assert_false(disk_rows_has((unsigned)count));
	buffer_fini(&expected);
}

static void columns_are_those_that_were_requested(void **state)
{
	static const unsigned columns[] = {22, 13, 1, 13};
	struct ds_rows_options options = {.format = DS_ROWS_NDJSON,
		.columns = columns,
		.column_count = COUNT(columns)};

	(void)state;
	expect_columns(options, network_disk("rbd", "p/i"),
		"{\"volume\":\"i\",\"number\":1,\"domain\":\"a\",\"number\":1}\n");
	options.format = DS_ROWS_TABLE;
	expect_columns(options, network_disk("gluster", "v/i"),
		"VOLUME                   NUMBER DOMAIN                   NUMBER\n"
		"i                        1      a                        1\n");
	/* Only rbd and Gluster have a pool in the name. */
	expect_columns(options, network_disk("nbd", "v/i"),
		"VOLUME                   NUMBER DOMAIN                   NUMBER\n"
		"-                        1      a                        1\n");
}

static void bytes_that_are_not_utf8_are_replaced_or_escaped(void **state)
{
	static const unsigned columns[] = {7};
	struct ds_rows_options options = {.format = DS_ROWS_CSV,
		.columns = columns,
		.column_count = 1};
	struct ds_disk disk = {.source = text("/gr\xc3\xbc\xff\xc3(")};

	(void)state;
	expect_columns(options, disk, "source\n/gr\xc3\xbc\xff\xc3(\n");
	options.utf8 = DS_UTF8_REPLACE;
	expect_columns(options, disk, "source\n/gr\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd(\n");
	options.utf8 = DS_UTF8_ESCAPE;
	expect_columns(options, disk, "source\n/gr\xc3\xbc\\xff\\xc3(\n");
	options.format = DS_ROWS_NDJSON;
	expect_columns(options, disk, "{\"source\":\"/gr\xc3\xbc\\\\xff\\\\xc3(\"}\n");
}

/** A network disk without path and name is not an empty drive. */
static void a_disk_without_a_name_is_known_by_its_server(void **state)
{
	static const unsigned columns[] = {7};
	struct ds_rows_options options = {.format = DS_ROWS_TSV,
		.columns = columns,
		.column_count = 1};
	struct ds_disk disk = network_disk("nbd", "");

	(void)state;
	disk.source.data = NULL;
	expect_columns(options, disk, "source\nnbd:/s,2001:db8::1:1,c1:6789/\n");
}

/* ---- places ---- */

static void positions_are_those_of_ds_domain_place(void **state)
{
	/* The last ones follow others, as in the image of an HVM guest; one position is beyond the
	 * end. */
	static const size_t at[] = {0, 5, 5, 11, 14, 3, 12, 14, 99, 0};
	struct ds_disk disks[COUNT(at)];
	struct ds_domain domain = {.place = {"x", 9, 4, 10},
		.host = "h1",
		.raw = text("ab\ncd\n\n\nefgh\nij"),
		.disks = disks,
		.disk_count = COUNT(at)};
	struct ds_rows_options options = rows_of(DS_ROWS_TSV);
	struct buffer out = {0}, expected = {0};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(at); i++) {
		struct ds_place place = ds_domain_place(&domain, at[i]);

		disks[i] = (struct ds_disk){.at = at[i]};
		add_format(&expected, "h1\t\t\t\tdisk\t\t\t\tw\tx\t%d\t%d\n", (int)place.line,
			(int)place.column);
	}
	disk_rows_write(&options, &domain, NULL, NULL, &arena, &out);
	assert_same(&out, &expected);
	buffer_fini(&out);
	buffer_fini(&expected);
	arena_fini(&arena);
}

/* ---- runs ---- */

static void list(enum ds_rows rows, const char *name, unsigned jobs, struct run_result *result)
{
	const struct ds_rows_options rows_options = rows_of(rows);
	struct ds_run_options options;

	ds_run_options_init(&options, sizeof options);
	options.rows = &rows_options;
	options.jobs = jobs;
	run_file(&options, name, result);
}

static void compare_workers(void (*add)(struct buffer *out, unsigned number), enum ds_rows rows)
{
	struct buffer dump = {0};
	struct run_result one, four;

	for (unsigned i = 0; i < 2000; i++)
		add(&dump, i);
	save("dump", dump.data, dump.size);
	list(rows, "dump", 1, &one);
	list(rows, "dump", 4, &four);
	assert_int_equal(one.status, DS_OK);
	assert_int_equal(four.status, DS_OK);
	assert_same(&four.output, &one.output);
	assert_int_equal(one.counts.domains, 2000);
	assert_int_equal(one.counts.converted, 2000);
	assert_true(one.counts.disks >= 2000);
	assert_int_equal(one.counts.losses + one.counts.unknown, 0);
	run_result_fini(&one);
	run_result_fini(&four);
	buffer_fini(&dump);
}

static void rows_do_not_depend_on_the_workers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all_rows); i++) {
		compare_workers(add_domain_xml, all_rows[i]);
		compare_workers(add_domain_sexpr, all_rows[i]);
	}
}

static void there_is_a_header_without_any_disk(void **state)
{
	struct run_result result;

	(void)state;
	save("none", "<domains/>", 10);
	list(DS_ROWS_CSV, "none", 1, &result);
	assert_int_equal(result.status, DS_OK);
	assert_text(&result.output,
		"host,domain,uuid,target,device,driver,type,source,mode,file,line,col\n");
	run_result_fini(&result);
	list(DS_ROWS_NDJSON, "none", 1, &result);
	assert_int_equal(result.output.size, 0);
	run_result_fini(&result);
}

static void both_formats_give_the_same_row(void **state)
{
	static const char xml[] = "<domain><name>a</name><devices><disk type='file' device='disk'>"
				  "<driver name='tap' type='qcow'/><source file='/x'/><target "
				  "dev='xvda'/><shareable/>"
				  "</disk></devices></domain>";
	static const char sexpr[] =
		"(domain (name a) (device (tap (dev xvda:disk) (uname tap:qcow:/x) (mode w!))))";
	struct run_result result;

	(void)state;
	save("in", xml, sizeof xml - 1);
	list(DS_ROWS_TABLE, "in", 1, &result);
	assert_has(&result.output,
		" a                        xvda     disk   tap    qcow   w!   /x\n");
	run_result_fini(&result);
	save("in", sexpr, sizeof sexpr - 1);
	list(DS_ROWS_TABLE, "in", 1, &result);
	assert_has(&result.output,
		" a                        xvda     disk   tap    qcow   w!   /x\n");
	run_result_fini(&result);
}

/** A domain with a long name and so many empty disks that the name alone would be written more than
 * `DISK_ROWS_REPEATED_MAX` times. */
static void a_long_name_on_many_disks_is_refused(void **state)
{
	enum { SIZE = 65536 };
	struct buffer dump = {0};
	struct run_result result;

	(void)state;
	buffer_literal(&dump, "<domain><name>");
	for (size_t i = 0; i < SIZE; i++)
		buffer_byte(&dump, 'n');
	buffer_literal(&dump, "</name><devices>");
	for (size_t i = 0; i <= DISK_ROWS_REPEATED_MAX / SIZE; i++)
		buffer_literal(&dump, "<disk/>");
	buffer_literal(&dump,
		"</devices></domain><domain><name>b</name><devices><disk/></devices></domain>");
	save("dump", dump.data, dump.size);
	list(DS_ROWS_TSV, "dump", 2, &result);
	assert_int_equal(result.status, DS_DAMAGED);
	assert_int_equal(result.counts.domains, 2);
	assert_int_equal(result.counts.rejected, 1);
	assert_int_equal(result.counts.converted, 1);
	assert_int_equal(result.counts.disks, 1);
	assert_int_equal(result.error_count, 1);
	assert_has(&result.errors, "DA905");
	assert_has(&result.output, "\tb\t");
	assert_true(result.output.size < 1000);
	run_result_fini(&result);
	buffer_fini(&dump);
}

static void rows_that_do_not_exist_are_wrong_usage(void **state)
{
	struct run_result result;

	(void)state;
	save("none", "", 0);
	list((enum ds_rows)(DS_ROWS_WIDE_TERMINAL + 1), "none", 1, &result);
	assert_int_equal(result.status, DS_USAGE);
	run_result_fini(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_escapes_special_bytes),
		cmocka_unit_test(json_keeps_utf8_and_replaces_other_bytes),
		cmocka_unit_test(json_has_null_for_an_unknown_line),
		cmocka_unit_test(each_format_lists_a_plain_disk),
		cmocka_unit_test(an_empty_drive_has_no_source),
		cmocka_unit_test(modes_are_those_of_sexpr),
		cmocka_unit_test(csv_quotes_and_tsv_escapes),
		cmocka_unit_test(the_table_masks_and_counts_characters),
		cmocka_unit_test(the_header_fits_the_rows),
		cmocka_unit_test(every_field_has_a_column),
		cmocka_unit_test(columns_are_those_that_were_requested),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced_or_escaped),
		cmocka_unit_test(a_disk_without_a_name_is_known_by_its_server),
		cmocka_unit_test(positions_are_those_of_ds_domain_place),
		IN_DIRECTORY(rows_do_not_depend_on_the_workers),
		IN_DIRECTORY(there_is_a_header_without_any_disk),
		IN_DIRECTORY(both_formats_give_the_same_row),
		IN_DIRECTORY(a_long_name_on_many_disks_is_refused),
		IN_DIRECTORY(rows_that_do_not_exist_are_wrong_usage),
	};

	return cmocka_run_group_tests_name("disk_rows", tests, NULL, NULL);
}
