/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "alloc.h"
#include "report/made_up.h"

/* Failing allocations in readers, writers and reports; test_alloc_audit.c has the audit and
 * comparisons. */

static const char xml[] =
	"<?xml version='1.0'?>\n<domains><domain type='xen' "
	"id='1'><name>one</name><uuid>B5D70DD275CDACA517769660B059D8BC</uuid>"
	"<memory>65537</memory><vcpu "
	"cpuset='0-3'>2</vcpu><os><type>hvm</type><loader>/l</loader></os><title>t</title>"
	"<devices><disk type='block'><source dev='a'/><target dev='sda'/></disk><disk><driver "
	"name='tap' type='qcow'/>"
	"<source file='/x'/><target dev='hda'/></disk><interface type='bridge'><source "
	"bridge='b'/></interface><graphics "
	"type='vnc' port='5901'/><serial type='pty'/><sound model='sb16'/><input type='tablet' "
	"bus='usb'/><hostdev/><odd/>"
	"</devices></domain>\n<domain><name>two</name></domain></domains>\n"
	"<?xml version='1.0' encoding='ISO-8859-1'?><domain><name>\xe9</name></domain>\n";
static const char sexpr[] = "(domain (name one) (uuid B5D70DD275CDACA517769660B059D8BC) (memory "
			    "64) (cpus ((0 1) (2))) (image (hvm (kernel /l)"
			    "(args a 'b\\n') (fda /f) (serial (pty none vc)) (soundhw all) (vnc 1) "
			    "(usbdevice tablet))) (odd x) (device (vbd "
			    "(dev hda)"
			    "(uname phy:x) (mode w!))) (device (vif (bridge b) (rate 1KB/s))) "
			    "(device (pci (dev (bus 1)))))\n(vm (name two))\n";

static const char damaged[] = "<domain><name>one</name></domain> text "
			      "<domain><name>two</nome></domain><domain><name>three</name></domain>"
			      "<domain><name>cut";

/** The state that the tests of the reader and of the writer share. */
struct work {
	struct ds_writer *writer;
	size_t domains;
	size_t size;
};

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	struct work *work = context;

	work->domains++;
	return work->writer ? ds_writer_add(work->writer, domain) : DS_OK;
}

static enum ds_status take_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)context;
	(void)error;
	(void)raw;
	return DS_OK;
}

static enum ds_status take_bytes(void *context, const char *data, size_t size)
{
	struct work *work = context;

	(void)data;
	work->size += size;
	return DS_OK;
}

static enum ds_status take_loss(void *context, const struct ds_loss *loss)
{
	(void)context;
	(void)loss;
	return DS_OK;
}

/** Reads in chunks, so that data is kept between them; and writes if a format is set. */
static enum ds_status read_and_write(const char *data, size_t size, enum ds_format format,
	bool pretty, size_t domains)
{
	struct work work = {0};
	struct ds_reader_events events = {sizeof events, &work, take_domain, take_rejected};
	struct ds_reader_options options;
	struct ds_writer_options writer_options;
	struct ds_reader *reader = NULL;
	enum ds_status status;
	/* Each chunk of XML in which domains end is a document for expat, which then allocates much
	 * memory anew. */
	size_t piece = size < 10000 ? 100 : 65536;

	ds_reader_options_init(&options, sizeof options);
	ds_writer_options_init(&writer_options, sizeof writer_options);
	writer_options.format = format;
	writer_options.pretty = pretty;
	status = ds_reader_new(&options, &events, &reader);
	if (status == DS_OK && format)
		status = ds_writer_new(&writer_options, take_bytes, take_loss, &work, &work.writer);
	if (status == DS_OK) {
		status = DS_OK;
		for (size_t at = 0; at < size && status == DS_OK; at += piece)
			status = ds_reader_feed(reader, data + at,
				size - at < piece ? size - at : piece);
		/* Errors are sticky: after memory ran out, all further calls fail. */
		if (status != DS_OK)
			assert_int_equal(ds_reader_feed(reader, "", 1), status);
		status = ds_reader_finish(reader);
		if (work.writer && (status == DS_OK || status == DS_DAMAGED) &&
			ds_writer_finish(work.writer) != DS_OK)
			status = DS_NO_MEMORY;
	}
	if (status == DS_OK || status == DS_DAMAGED) {
		assert_int_equal(work.domains, domains);
		assert_int_equal(work.size > 0, format != DS_FORMAT_AUTO);
	}
	ds_reader_free(reader);
	ds_writer_free(work.writer);
	return status;
}

static enum ds_status read_xml(void)
{
	return read_and_write(xml, sizeof xml - 1, DS_FORMAT_AUTO, false, 3);
}

static enum ds_status read_sexpr(void)
{
	return read_and_write(sexpr, sizeof sexpr - 1, DS_FORMAT_AUTO, false, 2);
}

static enum ds_status read_damaged(void)
{
	return read_and_write(damaged, sizeof damaged - 1, DS_FORMAT_AUTO, false, 2);
}

static enum ds_status xml_to_sexpr(void)
{
	return read_and_write(xml, sizeof xml - 1, DS_FORMAT_SEXPR, true, 3);
}

static enum ds_status sexpr_to_xml(void)
{
	return read_and_write(sexpr, sizeof sexpr - 1, DS_FORMAT_XML, false, 2);
}

static enum ds_status sexpr_to_sexpr(void)
{
	return read_and_write(sexpr, sizeof sexpr - 1, DS_FORMAT_SEXPR, false, 2);
}

/** Many domains, one of them with many devices: everything that grows while a dump is read grows
 * here. */
static struct buffer many;

static enum ds_status read_many(void)
{
	return read_and_write(many.data, many.size, DS_FORMAT_SEXPR, false, 151);
}

static int make_many(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 150; i++)
		add_domain_xml(&many, i);
	add_format(&many, "<domain><name>x</name><devices>");
	for (unsigned i = 0; i < 2000; i++)
		add_format(&many, "<disk><source file='/%u'/><target dev='xvd%u'/></disk><odd%u/>",
			i, i, i);
	add_format(&many, "</devices></domain>");
	return many.failed;
}

static int drop_many(void **state)
{
	(void)state;
	buffer_fini(&many);
	return 0;
}

static void a_long_dump_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	try_all(read_many, DS_OK);
}

static void reading_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	try_all(read_xml, DS_OK);
	try_all(read_sexpr, DS_OK);
	try_all(read_damaged, DS_DAMAGED);
}

static void writing_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	try_all(xml_to_sexpr, DS_OK);
	try_all(sexpr_to_xml, DS_OK);
	try_all(sexpr_to_sexpr, DS_OK);
}

/* ---- whole runs ---- */

static enum ds_status run(const struct ds_run_options *changes)
{
	static const char *const names[] = {"one.xml", "missing", "two.sxp", "three.gz",
		"four.xml"};
	struct work work = {0};
	struct ds_run_options options = *changes;
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error = {0};
	enum ds_status status;

	options.names = names;
	options.name_count = COUNT(names);
	options.jobs = 1;
	options.context = &work;
	options.sink = take_bytes;
	options.rejected = take_rejected;
	options.losses = take_loss;
	status = ds_run(&options, &counts, &error);
	if (status == DS_NO_MEMORY)
		assert_string_equal(error.text, "out of memory");
	if (status == DS_DAMAGED) {
		assert_int_equal(counts.files, COUNT(names));
		assert_int_equal(counts.domains - counts.rejected, 3 + 2 + 3 + 2);
		assert_int_equal(counts.bytes_written, work.size);
	}
	return status;
}

static enum ds_status run_to_sexpr(void)
{
	struct ds_writer_options writer;
	struct ds_run_options options;

	ds_run_options_init(&options, sizeof options);
	ds_writer_options_init(&writer, sizeof writer);
	writer.format = DS_FORMAT_SEXPR;
	writer.pretty = true;
	options.writer = &writer;
	return run(&options);
}

static enum ds_status run_to_compressed_xml(void)
{
	struct ds_writer_options writer;
	struct ds_run_options options;

	ds_run_options_init(&options, sizeof options);
	ds_writer_options_init(&writer, sizeof writer);
	writer.format = DS_FORMAT_XML;
	options.writer = &writer;
	options.gzip_level = 1;
	return run(&options);
}

static enum ds_status run_check(void)
{
	struct ds_run_options options;

	ds_run_options_init(&options, sizeof options);
	options.check_only = true;
	options.recursive = true;
	return run(&options);
}

static int make_files(void **state)
{
	struct buffer compressed = {0};

	if (enter_directory(state) != 0)
		return -1;
	save("one.xml", xml, sizeof xml - 1);
	save("two.sxp", sexpr, sizeof sexpr - 1);
	add_gzip(&compressed, xml, sizeof xml - 1);
	save("three.gz", compressed.data, compressed.size);
	save("four.xml", damaged, sizeof damaged - 1);
	buffer_fini(&compressed);
	return 0;
}

static void a_run_reports_that_there_is_no_memory(void **state)
{
	(void)state;
	try_all(run_to_sexpr, DS_DAMAGED);
	try_all(run_to_compressed_xml, DS_DAMAGED);
	try_all(run_check, DS_DAMAGED);
}

/* ---- reports ---- */

static enum ds_status write_reports(void)
{
	enum ds_status status = DS_OK;

	for (int i = 0; i <= MADE_UP_LAST && status == DS_OK; i++) {
		struct buffer out = {0};

		status = made_up_report((enum report_format)i, 0, &out);
		buffer_fini(&out);
	}
	return status;
}

static void reports_fail_when_there_is_no_memory(void **state)
{
	(void)state;
	try_all(write_reports, DS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_reports_that_there_is_no_memory),
		cmocka_unit_test_setup_teardown(a_long_dump_reports_that_there_is_no_memory,
			make_many, drop_many),
		cmocka_unit_test(writing_reports_that_there_is_no_memory),
		cmocka_unit_test(reports_fail_when_there_is_no_memory),
		cmocka_unit_test_setup_teardown(a_run_reports_that_there_is_no_memory, make_files,
			leave_directory),
	};

	return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
