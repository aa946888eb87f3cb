/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/arena.h"
#include "record/secret.h"
#include "support.h"

/* Every spelling in which a value can contain a secret. In each row, S1, S2 … are secrets, which
 * must not be shown; everything else must be. */

struct row {
	const char *text;
	const char *shown;
};

static struct ds_text text_of(const char *string)
{
	return (struct ds_text){string, strlen(string)};
}

static void check(const struct row *rows, size_t count)
{
	struct buffer out = {0};

	for (size_t i = 0; i < count; i++) {
		bool has_secret = strcmp(rows[i].text, rows[i].shown) != 0;

		buffer_clear(&out, 4096);
		assert_int_equal(secret_mask(&out, text_of(rows[i].text)), has_secret);
		assert_text(&out, rows[i].shown);
		assert_int_equal(secret_is_in(text_of(rows[i].text)), has_secret);
	}
	buffer_fini(&out);
}

static void users_have_passwords(void **state)
{
	static const struct row rows[] = {
		{"https://u:S1@h/x", "https://u:***@h/x"},
		{"u:S1@h/x", "u:***@h/x"},
		{"/mnt/u:S1@h/x", "/mnt/u:***@h/x"},
		{"file://u:S1@S2@h/x", "file://u:***@h/x"},
		{"file://u:S1 S2@h/x", "file://u:***@h/x"},
		{"file://u:S1/S2@h/x", "file://u:***@h/x"},
		{"file://u:S1/S2/S3@S4@h/x@y", "file://u:***@h/x@y"},
		{"https://u%3AS1@h/x", "https://u%3A***@h/x"},
		{"https://u%40d:S1@h/x", "https://u%40d:***@h/x"},
		{"https://u:S1%40S2@h/x", "https://u:***@h/x"},
		{"iscsi://u%S1@h/iqn.2001-04.org.example:a",
			"iscsi://u%***@h/iqn.2001-04.org.example:a"},
		{"iscsi://u%ab12@h/iqn", "iscsi://u%***@h/iqn"},
		{"u%S1@h", "u%***@h"},
		{"iscsi:u%S1@h", "iscsi:***@h"},
		{"/x/https:/u:S1@h/x", "/x/https:/u:***@h/x"},
		{"https://u:S1@h/../https://v:S2@k/", "https://u:***@h/../https://v:***@k/"},
		{"https://u:S1@h/,https://v:S2/S3@k/", "https://u:***@h/,https://v:***@k/"},
		{"https://h:80/u:S1@k", "https://h:80/u:***@k"},
		{"HTTPS://u:S1@h/x", "HTTPS://u:***@h/x"},
		{"ISCSI://u%ab12@h/iqn", "ISCSI://u%***@h/iqn"},
		{"iscsi://iqn.1994-05.org.example:a%S1@h/iqn.2001-04.org.example:b",
			"iscsi://iqn.1994-05.org.example:a%***@h/iqn.2001-04.org.example:b"},
		{"https://:S1@h/x", "https://:***@h/x"},
		{"rbd:u:S1@h", "rbd:***@h"},
		{"smb://D;u:S1@h/x", "smb://D;u:***@h/x"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void names_have_values(void **state)
{
	static const struct row rows[] = {
		{"rbd:p/i:id=a:key=S1", "rbd:p/i:id=a:key=***"},
		{"rbd:p/i:key=S1==:auth_supported=cephx", "rbd:p/i:key=***:auth_supported=cephx"},
		{"rbd:p/i:key=S1\\:S2=:id=a", "rbd:p/i:key=***:id=a"},
		{"p/i:id=a:key=S1:auth_supported=cephx\\;none",
			"p/i:id=a:key=***:auth_supported=cephx\\;none"},
		{"https://h/x?token=S1", "https://h/x?token=***"},
		{"https://h/x?a=b&token=S1&c=d", "https://h/x?a=b&token=***&c=d"},
		{"https://h/x?password=S1,S2:S3;S4&c=d", "https://h/x?password=***&c=d"},
		{"https://h/x?X-Amz-Credential=S1&X-Amz-Signature=S2",
			"https://h/x?X-Amz-Credential=***&X-Amz-Signature=***"},
		{"https://h/x?sig=S1&access_token=S2", "https://h/x?sig=***&access_token=***"},
		{"https://h/x?TOKEN=S1", "https://h/x?TOKEN=***"},
		{"token=S1", "token=***"},
		{"file.driver=https,file.password=S1,,S2,file.url=x",
			"file.driver=https,file.password=***,file.url=x"},
		{"file.password-secret=S1,file.url=x", "file.password-secret=***,file.url=x"},
		{"cookie=S1; S2,url=x", "cookie=***,url=x"},
		{"secret,id=a,data=S1", "secret,id=a,data=***"},
		{"root=/dev/xvda password=S1 quiet=1", "root=/dev/xvda password=*** quiet=1"},
		{"vncpasswd=S1", "vncpasswd=***"},
		{"passwd=S1&S2", "passwd=***"},
		{"u:S1@h?token=S2", "u:***@h?token=***"},
		{"https://h/x?a=b;password=S1;c=d", "https://h/x?a=b;password=***;c=d"},
		{"https://h/x?password=S1;S2&c=d", "https://h/x?password=***&c=d"},
		{"https://h/x#access_token=S1&c=d", "https://h/x#access_token=***&c=d"},
		{"https://h/x?auth=S1&session=S2", "https://h/x?auth=***&session=***"},
		{"https://h/x;jsessionid=S1?a=b", "https://h/x;jsessionid=***"},
		{"https://h/x?a=b;session=S1;c=d", "https://h/x?a=b;session=***;c=d"},
		{"https://h/x?jwt=S1&secretkey=S2&pw=S3",
			"https://h/x?jwt=***&secretkey=***&pw=***"},
		{"https://h/x?password=\"S1 S2\"&c=d", "https://h/x?password=\"***\"&c=d"},
		{"password='S1 S2' quiet", "password='***' quiet"},
		{"-object secret,id=a,data=S1", "-object secret,id=a,data=***"},
		{"rbd:p/i@snap:key=S1", "rbd:p/i@snap:key=***"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/** A name, a sign or a secret may be encoded, even more than once; the value is shown without
 * decoding it. */
static void encoded_bytes_are_decoded(void **state)
{
	static const struct row rows[] = {
		{"https://u:S1%40h/x", "https://u:***%40h/x"},
		{"https://u%3aS1%40h/x", "https://u%3a***%40h/x"},
		{"https://u%3AS1%2540h/x", "https://u%3A***%2540h/x"},
		{"https%253A%252F%252Fu%253AS1%2540h", "https%253A%252F%252Fu%253A***%2540h"},
		{"https://h/x?u=https%3A%2F%2Fv%3AS1%40k%2Fy&a=b",
			"https://h/x?u=https%3A%2F%2Fv%3A***%40k%2Fy&a=b"},
		{"https://h/x?token%3DS1", "https://h/x?token%3D***"},
		{"https://h/x?pass%77ord=S1&a=b", "https://h/x?pass%77ord=***&a=b"},
		{"https://u:S1@h/x?v:S2%40k", "https://u:***@h/x?v:***%40k"},
		{"iscsi://u%40S1@h/iqn", "iscsi://u%***@h/iqn"},
		{"iscsi://u%25S1@h/iqn", "iscsi://u%***@h/iqn"},
		{"json:%7B%22password%22%3A%22S1%22%7D", "json:%7B%22password%22%3A%22***%22%7D"},
		{"json:{\"pass\\u0077ord\":\"S1\"}", "json:{\"pass\\u0077ord\":\"***\"}"},
		{"json:{\"url\":\"u:S1\\u0040h\"}", "json:{\"url\":\"u:***\\u0040h\"}"},
		{"json:{\"password\":\"S1\\u0022S2\",\"a\":1}",
			"json:{\"password\":\"***\",\"a\":1}"},
		{"<source name='u%3AS1%40h'/>", "<source name='u%3A***%40h'/>"},
		{"(uname u%3AS1%40h)", "(uname u%3A***%40h)"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void members_of_json_have_values(void **state)
{
	static const struct row rows[] = {
		{"json:{\"driver\":\"https\",\"password\":\"S1\"}",
			"json:{\"driver\":\"https\",\"password\":\"***\"}"},
		{"json:{\"file.password\" : \"S1\\\"S2\", \"a\":1}",
			"json:{\"file.password\" : \"***\", \"a\":1}"},
		{"json:{\"file\":{\"key-secret\":\"S1\",\"cookie\":\"S2=1\"}}",
			"json:{\"file\":{\"key-secret\":\"***\",\"cookie\":\"***\"}}"},
		{"json:{\"password\":123,\"a\":4}", "json:{\"password\":***,\"a\":4}"},
		{"json:{\"secret\":{\"a\":\"b\"}}", "json:{\"secret\":{\"a\":\"b\"}}"},
		{"json:{'password': 'S1'}", "json:{'password': '***'}"},
		{"json:{\"password\":\"S1\\\\\",\"a\":1}", "json:{\"password\":\"***\",\"a\":1}"},
		{"json:{\"password\":\"S1\\\\\\\"S2\",\"a\":1}",
			"json:{\"password\":\"***\",\"a\":1}"},
		{"{\"filename\":\"json:{\\\"password\\\":\\\"S1\\\\\\\\\\\",\\\"a\\\":1}\"}",
			"{\"filename\":\"json:{\\\"password\\\":\\\"***\\\",\\\"a\\\":1}\"}"},
		{"{\"filename\":\"json:{\\\"password\\\":\\\"S1\\\",\\\"a\\\":1}\"}",
			"{\"filename\":\"json:{\\\"password\\\":\\\"***\\\",\\\"a\\\":1}\"}"},
		{"json:{\"url\":\"https://u:S1@h/?token=S2\",\"x\":\"y\"}",
			"json:{\"url\":\"https://u:***@h/?token=***\",\"x\":\"y\"}"},
		{"{\"url\": \"u:S1/S2@h\"}", "{\"url\": \"u:***@h\"}"},
		{"json:{\"password\":\"S1", "json:{\"password\":\"***"},
		{"json:{\"key\":[\"S1\",\"S2]\",[\"S3\"]],\"a\":[1]}",
			"json:{\"key\":***,\"a\":[1]}"},
		{"{\"qom-type\":\"secret\",\"id\":\"a\",\"data\":\"S1\"}",
			"{\"qom-type\":\"secret\",\"id\":\"a\",\"data\":\"***\"}"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void raw_parts_have_values(void **state)
{
	static const struct row rows[] = {
		{"(uname nbd:u:S1@h/a)(b c)", "(uname nbd:***@h/a)(b c)"},
		{"(uname 'u:S1@h/a')", "(uname 'u:***@h/a')"},
		{"(vfb (type vnc) (vncpasswd S1))", "(vfb (type vnc) (vncpasswd ***))"},
		{"(vncpasswd 'S1 (S2')(a b)", "(vncpasswd '***')(a b)"},
		{"(vncpasswd \"\\\\S1\\\\\") (a b)", "(vncpasswd \"***\") (a b)"},
		{"(vncpasswd 'S1\\\\\\'S2' ) (a 'b')", "(vncpasswd '***' ) (a 'b')"},
		{"(vncpasswd 'S1' \"S2)\" (S3) S4) (a b)", "(vncpasswd ***) (a b)"},
		{"(vncpasswd S1 'S2)' S3'S4) (a 'b')", "(vncpasswd ***) (a 'b')"},
		{"(vncpasswd (S1 'S2') S3) (a b)", "(vncpasswd ***) (a b)"},
		{"(vncpasswd 'S1\\') (S2 S3", "(vncpasswd '***"},
		{"<graphics type='spice' passwd='S1' port='1'/>",
			"<graphics type='spice' passwd='***' port='1'/>"},
		{"<cookies><cookie name='a'>S1</cookie><cookie name=\"b\">S2</cookie></cookies>",
			"<cookies><cookie name='a'>***</cookie><cookie "
			"name=\"b\">***</cookie></cookies>"},
		{"<source file='https://u:S1@h/x'/>", "<source file='https://u:***@h/x'/>"},
		{"<source name='json:{&quot;password&quot;:&quot;S1&quot;}'/><a b='c'/>",
			"<source name='***'/><a b='c'/>"},
		{"<source query='a=b&amp;token=S1'/>", "<source query='a=b&amp;token=***'/>"},
		{"<source query='token=S1&amp;a=b'/>", "<source query='token=***;a=b'/>"},
		{"<source file='u:S1&#64;h'/>", "<source file='***'/>"},
		{"<source name='json:{&quot;a&quot;:&quot;b&quot;}'/>",
			"<source name='json:{&quot;a&quot;:&quot;b&quot;}'/>"},
		{"<source name='json:{&quot;url&quot;:&quot;https://u:S1@h&quot;}'/>",
			"<source name='json:{&quot;url&quot;:***@h&quot;}'/>"},
		{"<source query='a=b&amp;c=d'/>", "<source query='a=b&amp;c=d'/>"},
		{"<qemu:env name='MY_TOKEN' value='S1'/><qemu:env name='A' value='b'/>",
			"<qemu:env name='MY_TOKEN' value='***'/><qemu:env name='A' value='b'/>"},
		{"<a password = \"S1\">u:S2@h</a>", "<a password = \"***\">u:***@h</a>"},
		{"<auth username='u'><secret type='ceph' uuid='1'/></auth>",
			"<auth username='u'><secret type='ceph' uuid='1'/></auth>"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void harmless_texts_are_shown(void **state)
{
	static const char *const texts[] = {
		"",
		"/srv/a.img",
		"/srv/joe@host",
		"joe@host",
		"https://joe@host:2000/a",
		"https://h:2000/a@b",
		"nbd:nbd:host:2000/a@b",
		"https://joe:@host/a",
		"iqn.2006-10.org.example:a@host",
		"iscsi:iqn.2006-10.org.example:a@host",
		"eui.02004567a425678d:a@host",
		"nbd://[::1]:10809/a@b",
		"https://u%40d@h/",
		"https://h:2000/a%40b",
		"/srv/100%/a:b",
		"%",
		"a%4",
		"https://h/x?name=a%3Db&data=c",
		"rbd:p/i@snap",
		"rbd:i@snap",
		"iqn.2006-10.org.example:a%b@host",
		"https://h/?session-name=a",
		"session=a",
		"[datastore1] vm/vm.vmdk",
		"/rhev/server:_path/x=y",
		"monkey=1,compass=2,keyring=/etc/ceph",
		"host: joe@example.org",
		"a=b",
		"(keymap de)",
		"(made-up (key value))",
		"<entry key='a'/>",
		"{\"driver\":\"raw\"}",
		"'a'",
		"/srv/a (copy).img",
		"@",
		"=",
		"(",
		"\"",
		"x:@",
		":x@y",
		"<",
		"<a",
		"<a b='",
		"password=",
		"\"password\":",
		"(password",
		"(password )",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check(&(struct row){texts[i], texts[i]}, 1);
}

static void a_path_may_show_that_its_value_is_a_secret(void **state)
{
	struct arena arena;
	struct ds_text plain = TEXT("plain");

	(void)state;
	arena_init(&arena);
	assert_true(text_is(secret_value_masked(&arena, TEXT("devices/graphics@passwd"), plain),
		"***"));
	assert_true(
		text_is(secret_value_masked(&arena, TEXT("image/hvm/vncpasswd"), plain), "***"));
	assert_true(text_is(secret_value_masked(&arena, TEXT("password"), plain), "***"));
	assert_ptr_equal(
		secret_value_masked(&arena, TEXT("devices/disk/auth/secret@uuid"), plain).data,
		plain.data);
	assert_ptr_equal(secret_value_masked(&arena, TEXT("image/hvm/keymap"), plain).data,
		plain.data);
	assert_true(text_is(secret_value_masked(&arena, TEXT("a"), TEXT("u:p@h")), "u:***@h"));
	assert_null(secret_value_masked(&arena, TEXT("password"), (struct ds_text){NULL, 0}).data);
	arena_fini(&arena);
}

/** Texts that look like the beginning of very many secrets take no more time than others. */
static void the_time_is_linear(void **state)
{
	static const char *const parts[] = {"//a:b", "a:", "(password ", "\"password\":\"", "=",
		"a=", "password=", "<a b='", "\\", "password=\\", "//a:1/", "@", "/a:", "'",
		"<password>", "&quot;", "%25", "%", "%40", "\\u0040",
		"data=", "secret,data=", "\"key\":[", "password=\"", "iscsi://iqn.", "rbd:"};
	struct buffer text = {0}, out = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		buffer_clear(&text, SIZE_MAX);
		buffer_clear(&out, SIZE_MAX);
		while (text.size < (size_t)1 << 20)
			buffer_string(&text, parts[i]);
		secret_mask(&out, (struct ds_text){text.data, text.size});
		assert_true(out.size);
	}
	buffer_fini(&text);
	buffer_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_have_passwords),
		cmocka_unit_test(names_have_values),
		cmocka_unit_test(encoded_bytes_are_decoded),
		cmocka_unit_test(members_of_json_have_values),
		cmocka_unit_test(raw_parts_have_values),
		cmocka_unit_test(harmless_texts_are_shown),
		cmocka_unit_test(a_path_may_show_that_its_value_is_a_secret),
		cmocka_unit_test(the_time_is_linear),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
