/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/kind.h"
#include "support.h"

/* The kind of an input does not depend on how many bytes arrive at once: the bytes that have
 * arrived when no more are requested give the same kind as the whole input. */

static const struct {
	const char *text;
	const char *recognized;
} rows[] = {
	{"<network><name>default</name></network>", "libvirt network"},
	{"\xef\xbb\xbf<network><name>default</name></network>", "libvirt network"},
	{"<?xml version='1.0'?>\n<!-- <domain> --><!DOCTYPE pool>\n<pool type='dir'/>",
		"libvirt storage pool"},
	{"<ovf:Envelope xmlns:ovf='x'/>", "OVF descriptor"},
	{" \n<!DOCTYPE HTML><html></html>", "HTML page"},
	{"<html>\n", "HTML page"},
	{"\xef\xbb\xbf<html>\n", "HTML page"},
	{"<domain type='xen'><name>a</name></domain>", "dump"},
	{"<networks><network/></networks>", "dump"},
	{"(domain (name a))", "dump"},
	{"# a.sxp: line 1 [DA901]\n(domain (name a)\n", "domains that domstream has rejected"},
	{"<!-- a.xml: line 1 [DA901] -->\n<domain>", "domains that domstream has rejected"},
	{"name = 'a'\nmemory = 64\n", "xl or xm configuration"},
	{"Using config file \"/etc/a\".\n(domain (name a))", "dump"},
	{"{\"domid\": 1, \"config\": {}}", "JSON of 'xl list -l'"},
};

static const char *recognize(const char *text, size_t size)
{
	const char *recognized = kind_recognize((const unsigned char *)text, size).recognized;

	return recognized != NULL ? recognized : "dump";
}

static void the_beginning_gives_the_same_kind_as_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text = rows[i].text;

		assert_string_equal(recognize(text, strlen(text)), rows[i].recognized);
		for (size_t size = 0; size < strlen(text); size++)
			if (!kind_needs_more((const unsigned char *)text, size))
				assert_string_equal(recognize(text, size), rows[i].recognized);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_beginning_gives_the_same_kind_as_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
