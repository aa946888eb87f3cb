/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/hosts.h"
#include "support.h"

#include <stdio.h>

/* The host of each input. */

/** An input, and its host if it has one domain, and if it has several. */
struct row {
	const char *file, *member, *one, *several;
};

static const struct row rows[] = {
	/* A file with several domains is a host. */
	{"/dumps/host1.xml", NULL, "dumps", "host1"},
	{"/dumps/host1.xml.gz", NULL, "dumps", "host1"},
	{"/dumps/host1.example.com.sxp", NULL, "dumps", "host1.example.com"},
	{"/dumps/10.0.0.1.xml", NULL, "dumps", "10.0.0.1"},
	{"/dumps/host1.xml.3", NULL, "dumps", "host1"},
	{"/dumps/host1", NULL, "dumps", "host1"},
	/* The dump of another day belongs to the same host. */
	{"/dumps/host1-2026-11-29.xml", NULL, "dumps", "host1"},
	{"/dumps/host1.20261129T0300Z.sxp.gz", NULL, "dumps", "host1"},
	{"/dumps/host1.xml-20261129.gz", NULL, "dumps", "host1"},
	{"/dumps/host1/2026-11-29.xml", NULL, "host1", "host1"},
	{"/dumps/host1/2026-11-29/a.xml", NULL, "host1", "a"},
	{"/dumps/rack-20261301/a.xml", NULL, "rack-20261301", "a"},
	{"/dumps/12345678/a.xml", NULL, "12345678", "a"},
	/* Generic file names. */
	{"/dumps/host1/dump.xml", NULL, "host1", "host1"},
	{"/dumps/host1/xen.sxp", NULL, "host1", "host1/xen"},
	{"/dumps/host1/xml/web.xml", NULL, "host1/xml", "web"},
	/* Directories in which hypervisors keep their domains. */
	{"/etc/libvirt/xen/web.xml", NULL, "localhost", "web"},
	{"/etc/libvirt/qemu/autostart/web.xml", NULL, "localhost", "web"},
	{"/etc/xen/web.cfg", NULL, "localhost", "web"},
	{"/var/run/libvirt/qemu/web.xml", NULL, "localhost", "web"},
	{"/var/lib/libvirt/qemu/snapshot/web/one.xml", NULL, "localhost", "one"},
	{"/usr/local/etc/libvirt/bhyve/web.xml", NULL, "localhost", "web"},
	{"/home/joe/.config/libvirt/qemu/web.xml", NULL, "localhost", "web"},
	{"/var/lib/xend/domains/6a0e3ec2-7d83-4a6a-9b0f-3d2c1b0a9f8e/config.sxp", NULL, "localhost",
		"localhost"},
	{"/backup/host1/etc/libvirt/xen/web.xml", NULL, "host1", "web"},
	{"/backup/2026-11-29/host1/etc/libvirt/xen/web.xml", NULL, "host1", "web"},
	{"/backup/host1/2026-11-29/etc/libvirt/xen/web.xml", NULL, "host1", "web"},
	{"/backup/host1/var/lib/xend/domains/6a0e3ec2-7d83-4a6a-9b0f-3d2c1b0a9f8e/config.sxp", NULL,
		"host1", "host1"},
	{"/backup/host1/domains/6a0e3ec2-7d83-4a6a-9b0f-3d2c1b0a9f8e/config.sxp", NULL, "host1",
		"host1"},
	{"/backup/host1/libvirt/qemu/web.xml", NULL, "host1", "web"},
	{"/backup/host1/web.xml", NULL, "host1", "web"},
	{"/var/lib/libvirt/images/dumps/host1/etc/libvirt/qemu/web.xml", NULL, "host1", "web"},
	/* Different spellings of a path. */
	{"host1.xml", NULL, "work", "host1"},
	{"./host1//a.xml", NULL, "host1", "a"},
	{"../other/a.xml", NULL, "other", "a"},
	{"../../../../a.xml", NULL, "localhost", "a"},
	{"-", NULL, "stdin", "stdin"},
	/* Archives. */
	{"/dumps/night.tar.gz", "host1/etc/libvirt/xen/a.xml", "host1", "a"},
	{"/dumps/night.tar.gz", "./host1.xml", "night", "host1"},
	{"/dumps/host1.tar.gz", "etc/libvirt/xen/a.xml", "host1", "a"},
	{"/dumps/host1.tar.gz", "dump.xml", "host1", "host1"},
	{"/dumps/host1-2026-11-29.tgz", "a.xml", "host1", "a"},
	{"-", "etc/libvirt/xen/a.xml", "stdin", "a"},
};

static void expect(const struct ds_run_options *options, const struct row *row, bool has_several,
	const char *expected)
{
	char stream[256];
	struct hosts hosts;
	const char *name;

	snprintf(stream, sizeof stream, "%s%s%s", row->file, row->member ? "!" : "",
		row->member ? row->member : "");
	assert_true(hosts_init(&hosts, options));
	strcpy(hosts.cwd, "/srv/work");
	name = hosts_find(&hosts,
		&(struct host_input){row->file, row->file, stream, has_several, true});
	assert_non_null(name);
	if (strcmp(name, expected) != 0)
		fail_msg("%s: %s instead of %s", stream, name, expected);
	hosts_fini(&hosts);
}

static void paths_give_names(void **state)
{
	struct ds_run_options options;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	for (size_t i = 0; i < COUNT(rows); i++) {
		options.hosts = DS_HOSTS_AUTO;
		expect(&options, &rows[i], false, rows[i].one);
		expect(&options, &rows[i], true, rows[i].several);
		options.hosts = DS_HOSTS_FILE;
		expect(&options, &rows[i], false, rows[i].several);
		if (*rows[i].file == '-')
			continue;
		options.hosts = DS_HOSTS_DIRECTORY;
		expect(&options, &rows[i], true, rows[i].one);
	}
}

static void options_give_names(void **state)
{
	static const struct row row = {"/backup/dc1/host1/etc/libvirt/xen/web.xml", NULL, NULL,
		NULL};
	static const char *const patterns[][2] = {
		{"*/etc", "host1"},
		{"backup/*/", "dc1"},
		{"backup/*/*", "dc1"},
		{"/h*1/etc", "host1"},
		{"*", "web"},
		{"xen/*", "web"},
		{"*/dc1", "backup"},
		{"nothing/*", "host1"},
		{"*/web.xml/x", "host1"},
	};
	struct ds_run_options options;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	for (size_t i = 0; i < COUNT(patterns); i++) {
		options.host_from = patterns[i][0];
		expect(&options, &row, false, patterns[i][1]);
	}
	options.hosts = DS_HOSTS_RUN;
	expect(&options, &row, false, "all");
	options.host = "db";
	expect(&options, &row, false, "db");
}

/** An argument names a host, whether it is a file, a directory or an archive. */
static void arguments_give_names(void **state)
{
	struct ds_run_options options;
	struct hosts hosts;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	options.hosts = DS_HOSTS_ARGUMENT;
	assert_true(hosts_init(&hosts, &options));
	assert_string_equal(hosts_find(&hosts,
				    &(struct host_input){"/d/host1", "/d/host1/a.xml",
					    "/d/host1/a.xml", false, true}),
		"host1");
	assert_string_equal(hosts_find(&hosts,
				    &(struct host_input){"/d/host2.xml", "/d/host2.xml",
					    "/d/host2.xml", false, true}),
		"host2");
	assert_string_equal(hosts_find(&hosts,
				    &(struct host_input){"/d/n.tar", "/d/n.tar", "/d/n.tar!x/a.xml",
					    true, true}),
		"n");
	assert_int_equal(hosts.count, 3);
	hosts_fini(&hosts);
}

/** Another host of the same name is a different host, and the same host stays the same. */
static void names_are_unique(void **state)
{
	static const char *const files[][2] = {
		{"/d/dc1/host1.xml", "host1"},
		{"/d/dc2/host1.xml", "dc2/host1"},
		{"/e/dc2/host1.xml", "/e/dc2/host1.xml"},
		{"/d/dc2/host1.xml", "dc2/host1"},
		{"/d/dc1/./host1.xml", "host1"},
		{"/host1.xml", "/host1.xml"},
		{"/d/2026-11-29/x/host2.xml", "host2"},
		{"/d/y/2026-11-29/host2.xml", "y/host2"},
	};
	struct ds_run_options options;
	struct hosts hosts;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	assert_true(hosts_init(&hosts, &options));
	for (size_t i = 0; i < COUNT(files); i++)
		assert_string_equal(hosts_find(&hosts,
					    &(struct host_input){files[i][0], files[i][0],
						    files[i][0], true, true}),
			files[i][1]);
	/* An input without a domain is not counted, and uses no name. */
	hosts_find(&hosts,
		&(struct host_input){"/x/new.xml", "/x/new.xml", "/x/new.xml", true, false});
	assert_string_equal(
		hosts_find(&hosts,
			&(struct host_input){"/y/new.xml", "/y/new.xml", "/y/new.xml", true, true}),
		"new");
	assert_int_equal(hosts.count, 7);
	hosts_fini(&hosts);
}

static void many_hosts_are_counted(void **state)
{
	struct ds_run_options options;
	struct hosts hosts;
	char file[32];

	(void)state;
	ds_run_options_init(&options, sizeof options);
	assert_true(hosts_init(&hosts, &options));
	for (int i = 0; i < 2000; i++) {
		snprintf(file, sizeof file, "/d/host%d.xml", i % 1000);
		hosts_find(&hosts, &(struct host_input){file, file, file, true, true});
	}
	assert_int_equal(hosts.count, 1000);
	hosts_fini(&hosts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_give_names),
		cmocka_unit_test(options_give_names),
		cmocka_unit_test(arguments_give_names),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(many_hosts_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
