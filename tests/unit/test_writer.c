/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* Whole documents: wrappers, layout, choice of format, and how sinks stop a writer. */

#define ONE "<domain><name>a</name></domain>"
#define TWO ONE "<domain><name>b</name></domain>"
#define ONE_LIST "(vm (name a))"
#define TWO_LISTS ONE_LIST "(vm (name b))"

static void written(const struct ds_writer_options *options, const char *input,
	struct buffer *output)
{
	buffer_fini(output);
	assert_int_equal(rewrite(options, input, strlen(input), output, NULL), DS_OK);
}

static void each_domain_becomes_the_other_format(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0};

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	written(&options, ONE, &output);
	assert_text(&output, "(vm (name a) (image (linux (localtime 0))) (localtime 0))\n");
	written(&options, ONE_LIST, &output);
	assert_text(&output,
		"<domain type='xen'>\n  <name>a</name>\n  <os>\n    <type>linux</type>\n  </os>\n  "
		"<devices>\n"
		"  </devices>\n</domain>\n");
	options.format = DS_FORMAT_SEXPR;
	written(&options, ONE_LIST, &output);
	assert_has(&output, "(vm (name a) ");
	options.format = DS_FORMAT_XML;
	written(&options, ONE, &output);
	assert_has(&output, "<name>a</name>");
	buffer_fini(&output);
}

static void several_domains_of_xml_get_a_wrapper(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0};

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	written(&options, TWO_LISTS, &output);
	assert_int_equal(
		strncmp(as_string(&output), "<domains>\n<domain type='xen'>\n  <name>a</name>", 46),
		0);
	assert_has(&output, "</domain>\n<domain type='xen'>\n  <name>b</name>");
	assert_has(&output, "</domain>\n</domains>\n");
	options.wrap = DS_WRAP_NEVER;
	written(&options, TWO_LISTS, &output);
	assert_lacks(&output, "domains>");
	options.wrap = DS_WRAP_ALWAYS;
	written(&options, ONE_LIST, &output);
	assert_has(&output, "<domains>\n<domain ");
	assert_has(&output, "</domain>\n</domains>\n");
	/* SEXPR needs no wrapper. */
	written(&options, TWO, &output);
	assert_lacks(&output, "domains");
	assert_text(&output,
		"(vm (name a) (image (linux (localtime 0))) (localtime 0))\n(vm (name b) (image "
		"(linux (localtime 0))) (localtime 0))\n");
	buffer_fini(&output);
}

static void without_domains_the_document_is_empty(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0};

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_XML;
	written(&options, "", &output);
	assert_text(&output, "");
	options.wrap = DS_WRAP_ALWAYS;
	written(&options, "", &output);
	assert_text(&output, "<domains>\n</domains>\n");
	options.format = DS_FORMAT_SEXPR;
	written(&options, "", &output);
	assert_text(&output, "");
	buffer_fini(&output);
}

static void only_disks_leaves_the_rest_out_without_losses(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0}, losses = {0};
	static const char xml[] =
		"<domain><name>a</name><uuid>b5d70dd2-75cd-aca5-1776-9660b059d8bc</"
		"uuid><memory>1024</memory><title>t</"
		"title>"
		"<os><type>hvm</type></os><devices><disk><source file='/f'/><target "
		"dev='hda'/></disk><disk "
		"device='floppy'>"
		"<source file='/p'/><target dev='fda'/></disk><interface "
		"type='bridge'/></devices></domain>";

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.only_disks = true;
	assert_int_equal(rewrite(&options, xml, sizeof xml - 1, &output, &losses), DS_OK);
	assert_text(&output,
		"(vm (name a) (uuid b5d70dd2-75cd-aca5-1776-9660b059d8bc) (image (hvm (fda /p)))"
		" (device (vbd (dev hda:disk) (uname file:/f) (mode w))))\n");
	assert_text(&losses, "");
	options.format = DS_FORMAT_XML;
	written(&options,
		"(domain (name a) (memory 64) (device (vbd (dev xvda) (uname phy:x) (mode r))))",
		&output);
	assert_text(&output,
		"<domain type='xen'>\n  <name>a</name>\n  <devices>\n    <disk type='block' "
		"device='disk'>\n"
		"      <driver name='phy'/>\n      <source dev='x'/>\n      <target dev='xvda' "
		"bus='xen'/>\n"
		"      <readonly/>\n    </disk>\n  </devices>\n</domain>\n");
	buffer_fini(&output);
	buffer_fini(&losses);
}

/* ---- layout ---- */

static void the_layout_is_that_of_xm(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0};

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_SEXPR;
	options.pretty = true;
	written(&options,
		"(vm (name a) (device (vbd (dev xvda) (uname "
		"phy:/dev/a/name/that/is/long/enough/to/need/a/line)"
		"(mode w))))",
		&output);
	assert_text(&output,
		"(vm\n"
		"    (name a)\n"
		"    (image (linux (localtime 0)))\n"
		"    (localtime 0)\n"
		"    (device\n"
		"        (vbd\n"
		"            (dev xvda)\n"
		"            (uname phy:/dev/a/name/that/is/long/enough/to/need/a/line)\n"
		"            (mode w)\n"
		"        )\n"
		"    )\n"
		")\n");
	written(&options, ONE, &output);
	assert_text(&output, "(vm (name a) (image (linux (localtime 0))) (localtime 0))\n");
	buffer_fini(&output);
}

/** The layout does not change the meaning. */
static void layout_changes_blanks_only(void **state)
{
	static const char *const files[] = {"estate.xml", "blktap.xml", "concatenated.xml"};
	struct ds_writer_options options;

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct buffer path = {0}, input = {0}, flat = {0}, laid = {0};
		size_t at = 0;

		add_format(&path, SAMPLES_DIR "/%s", files[i]);
		load(&input, as_string(&path));
		ds_writer_options_init(&options, sizeof options);
		assert_int_equal(rewrite(&options, input.data, input.size, &flat, NULL), DS_OK);
		options.pretty = true;
		assert_int_equal(rewrite(&options, input.data, input.size, &laid, NULL), DS_OK);
		for (size_t k = 0; k < laid.size; k++) {
			if (strchr(" \n", laid.data[k]))
				continue;
			while (strchr(" \n", flat.data[at]))
				at++;
			assert_int_equal(laid.data[k], flat.data[at++]);
		}
		assert_int_equal(at + 1, flat.size);
		/* Lines begin at columns that are multiples of four. */
		for (const char *line = as_string(&laid); *line; line = strchr(line, '\n') + 1)
			assert_int_equal(strspn(line, " ") % 4, 0);
		buffer_fini(&path);
		buffer_fini(&input);
		buffer_fini(&flat);
		buffer_fini(&laid);
	}
}

/* ---- values ---- */

static void values_of_sexpr_are_bare_or_quoted(void **state)
{
	static const struct {
		const char *value;
		const char *written;
	} rows[] = {
		{"a", "a"},
		{"a-b_c.d:/e~1", "a-b_c.d:/e~1"},
		{"a b", "'a b'"},
		{"it&apos;s", "'it\\'s'"},
		{"&quot;", "'\"'"},
		{"\\", "'\\\\'"},
		{"()", "'()'"},
		{"#", "'#'"},
		{"w!", "'w!'"},
		{"&#10;&#13;&#9;", "'\\n\\r\\t'"},
		{"&#127;", "'\\177'"},
		{"\xc3\xa9", "'\xc3\xa9'"},
		{"a,b", "'a,b'"},
	};
	struct ds_writer_options options;

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0}, output = {0}, part = {0};

		add_format(&input, "<domain><name>a</name><on_crash>%s</on_crash></domain>",
			rows[i].value);
		add_format(&part, " (on_crash %s) ", rows[i].written);
		written(&options, as_string(&input), &output);
		assert_has(&output, as_string(&part));
		buffer_fini(&input);
		buffer_fini(&output);
		buffer_fini(&part);
	}
}

static void values_of_xml_are_escaped_or_masked(void **state)
{
	static const struct {
		const char *value;
		const char *in_text;
		const char *in_attribute;
		bool is_masked;
	} rows[] = {
		{"a", "a", "a", false},
		{"'<&>\"'", "&lt;&amp;&gt;&quot;", "&lt;&amp;&gt;&quot;", false},
		{"\"'\"", "&apos;", "&apos;", false},
		{"']]>'", "]]&gt;", "]]&gt;", false},
		{"'\\t\\n'", "\t\n", "&#9;&#10;", false},
		{"'\\r'", "&#13;", "&#13;", false},
		{"'\\x01'", "\\x01", "\\x01", true},
		{"'\\000'", "\\x00", "\\x00", true},
		{"\xff", "\\xff", "\\xff", true},
		{"\xc3\xa9", "\xc3\xa9", "\xc3\xa9", false},
		{"'\\xc3\\xa9'", "\xc3\xa9", "\xc3\xa9", false},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80", true},
		{"\xef\xbf\xbf", "\\xef\\xbf\\xbf", "\\xef\\xbf\\xbf", true},
		{"'\\x7f'", "\x7f", "\x7f", false},
	};
	struct ds_writer_options options;

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0}, output = {0}, part = {0}, losses = {0};

		add_format(&input,
			"(vm (name a) (description %s) (image (linux (vnc 1) (vncpasswd %s))))",
			rows[i].value, rows[i].value);
		assert_int_equal(rewrite(&options, input.data, input.size, &output, &losses),
			DS_OK);
		add_format(&part, "<description>%s</description>", rows[i].in_text);
		assert_has(&output, as_string(&part));
		buffer_fini(&part);
		add_format(&part, " passwd='%s'/>", rows[i].in_attribute);
		assert_has(&output, as_string(&part));
		if (rows[i].is_masked) {
			assert_has(&losses,
				"loss masked - at 13 1:14 domain=\"a\" path=\"description\"");
			assert_has(&losses, "path=\"devices/graphics@passwd\"");
		} else {
			assert_text(&losses, "");
		}
		buffer_fini(&input);
		buffer_fini(&output);
		buffer_fini(&part);
		buffer_fini(&losses);
	}
}

static void memory_is_rounded_up_and_that_is_reported(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0}, losses = {0};
	static const char xml[] = "<domain><name>a</name><memory>1025</memory><currentMemory>1024</"
				  "currentMemory></domain>";

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	assert_int_equal(rewrite(&options, xml, sizeof xml - 1, &output, &losses), DS_OK);
	assert_has(&output, "(memory 1) (maxmem 2)");
	assert_has(&losses, "loss rounded ");
	buffer_fini(&output);
	buffer_fini(&losses);
}

/* ---- sinks ---- */

struct stop {
	size_t calls, calls_left;
};

static enum ds_status stopping_sink(void *context, const char *data, size_t size)
{
	struct stop *stop = context;

	(void)data;
	assert_true(size > 0);
	stop->calls++;
	return stop->calls_left-- ? DS_OK : DS_SYSTEM;
}

static enum ds_status to_writer(void *context, const struct ds_domain *domain)
{
	return ds_writer_add(context, domain);
}

static void a_sink_that_fails_stops_the_writer_for_good(void **state)
{
	(void)state;
	for (size_t after = 0; after < 3; after++) {
		struct stop stop = {0, after};
		struct ds_writer_options options;
		struct ds_reader_options reader_options;
		struct ds_writer *writer;
		struct ds_reader_events events = {sizeof events, NULL, to_writer, NULL};
		struct ds_reader *reader;

		ds_writer_options_init(&options, sizeof options);
		ds_reader_options_init(&reader_options, sizeof reader_options);
		options.wrap = DS_WRAP_ALWAYS;
		options.format = DS_FORMAT_XML;
		assert_int_equal(ds_writer_new(&options, stopping_sink, NULL, &stop, &writer),
			DS_OK);
		events.context = writer;
		assert_int_equal(ds_reader_new(&reader_options, &events, &reader), DS_OK);
		assert_int_equal(ds_reader_feed(reader, TWO_LISTS TWO_LISTS "\n",
					 strlen(TWO_LISTS TWO_LISTS "\n")),
			DS_SYSTEM);
		assert_int_equal(ds_reader_feed(reader, TWO_LISTS, strlen(TWO_LISTS)), DS_SYSTEM);
		assert_int_equal(ds_reader_finish(reader), DS_SYSTEM);
		assert_int_equal(ds_writer_finish(writer), DS_SYSTEM);
		assert_int_equal(stop.calls, after + 1);
		ds_reader_free(reader);
		ds_writer_free(writer);
	}
	ds_writer_free(NULL);
	ds_reader_free(NULL);
}

static void reasons_have_sentences(void **state)
{
	static const char *const reasons[] = {"no-place", "unknown", "invalid", "incomplete",
		"rounded", "masked", "stale", "schema"};

	(void)state;
	for (size_t i = 0; i < COUNT(reasons); i++)
		assert_non_null(ds_loss_reason_text(reasons[i]));
	assert_null(ds_loss_reason_text("no such reason"));
	assert_null(ds_loss_reason_text(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_domain_becomes_the_other_format),
		cmocka_unit_test(several_domains_of_xml_get_a_wrapper),
		cmocka_unit_test(without_domains_the_document_is_empty),
		cmocka_unit_test(only_disks_leaves_the_rest_out_without_losses),
		cmocka_unit_test(the_layout_is_that_of_xm),
		cmocka_unit_test(layout_changes_blanks_only),
		cmocka_unit_test(values_of_sexpr_are_bare_or_quoted),
		cmocka_unit_test(values_of_xml_are_escaped_or_masked),
		cmocka_unit_test(memory_is_rounded_up_and_that_is_reported),
		cmocka_unit_test(a_sink_that_fails_stops_the_writer_for_good),
		cmocka_unit_test(reasons_have_sentences),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
