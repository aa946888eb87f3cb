/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* ---- a directory for each test ---- */

static char directory[] = "/tmp/test_output.XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

/** Returns the number of entries in the directory, and removes them if requested. */
static int count_entries(bool removes)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (removes && unlink(entry->d_name) != 0)
			rmdir(entry->d_name);
	}
	closedir(dir);
	return count;
}

static int leave_directory(void **state)
{
	(void)state;
	count_entries(true);
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static void assert_content(const char *name, const char *expected)
{
	char text[256];
	FILE *file = fopen(name, "r");
	size_t size;

	assert_non_null(file);
	size = fread(text, 1, sizeof text - 1, file);
	text[size] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static mode_t mode_of(const char *name)
{
	struct stat status;

	assert_int_equal(stat(name, &status), 0);
	return status.st_mode & 07777;
}

static struct output_file *open_file(const char *name)
{
	struct output_file *file = NULL;
	struct ds_error error;

	assert_int_equal(output_file_open(&file, name, &error), DS_OK);
	assert_non_null(file);
	return file;
}

static void write_text(struct output_file *file, const char *text)
{
	struct ds_error error;

	assert_int_equal(output_file_write(file, text, strlen(text), &error), DS_OK);
}

static void commit(struct output_file *file)
{
	struct ds_error error;

	assert_int_equal(output_file_commit(file, &error), DS_OK);
}

static void assert_cannot_open(const char *name, int reason)
{
	struct output_file *file = NULL;
	struct ds_error error;

	assert_int_equal(output_file_open(&file, name, &error), DS_SYSTEM);
	assert_int_equal(errno, reason);
	assert_null(file);
	assert_string_equal(error.place.name, name);
	assert_non_null(strstr(error.text, strerror(reason)));
}

/* ---- files ---- */

static void a_committed_file_appears_complete(void **state)
{
	struct output_file *file = open_file("a.xml");

	(void)state;
	assert_non_null(output_file_temporary(file));
	assert_int_equal(access(output_file_temporary(file), F_OK), 0);
	write_text(file, "one ");
	write_text(file, "two");
	assert_int_equal(access("a.xml", F_OK), -1);
	commit(file);
	assert_content("a.xml", "one two");
	assert_int_equal(count_entries(0), 1);
}

static void an_abandoned_file_leaves_nothing(void **state)
{
	struct output_file *file = open_file("a.xml");

	(void)state;
	write_text(file, "half");
	output_file_abandon(file);
	output_file_abandon(NULL);
	assert_int_equal(count_entries(0), 0);
}

static void an_abandoned_file_keeps_the_old_one(void **state)
{
	struct output_file *file;

	(void)state;
	write_file("a.xml", "old", 0644);
	file = open_file("a.xml");
	write_text(file, "new");
	output_file_abandon(file);
	assert_content("a.xml", "old");
	assert_int_equal(count_entries(0), 1);
}

static void the_temporary_file_is_beside_the_target(void **state)
{
	struct output_file *file;

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	file = open_file("sub/a.xml");
	assert_int_equal(strncmp(output_file_temporary(file), "sub/.a.xml.domstream-", 21), 0);
	assert_int_equal(strlen(output_file_temporary(file)), 27);
	output_file_abandon(file);
}

static void a_name_of_the_greatest_length_is_written(void **state)
{
	char name[NAME_MAX + 1];
	struct output_file *file;

	(void)state;
	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	file = open_file(name);
	write_text(file, "long");
	commit(file);
	assert_content(name, "long");
}

static void a_new_file_has_the_mode_of_the_umask(void **state)
{
	mode_t old = umask(027);

	(void)state;
	commit(open_file("a.xml"));
	umask(old);
	assert_int_equal(mode_of("a.xml"), 0640);
}

static void a_replaced_file_keeps_its_mode(void **state)
{
	struct output_file *file;

	(void)state;
	write_file("a.xml", "old", 0604);
	file = open_file("a.xml");
	assert_int_equal(mode_of(output_file_temporary(file)), 0604);
	write_text(file, "new");
	commit(file);
	assert_int_equal(mode_of("a.xml"), 0604);
	assert_content("a.xml", "new");
}

static void the_target_of_a_link_is_replaced(void **state)
{
	struct output_file *file;
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("sub", 0755), 0);
	write_file("sub/real", "old", 0644);
	assert_int_equal(symlink("real", "sub/second"), 0);
	assert_int_equal(symlink("sub/second", "first"), 0);
	file = open_file("first");
	write_text(file, "new");
	commit(file);
	assert_content("sub/real", "new");
	assert_int_equal(lstat("first", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	unlink("sub/real");
	unlink("sub/second");
}

static void the_target_of_a_dangling_link_is_created(void **state)
{
	(void)state;
	assert_int_equal(symlink("later", "link"), 0);
	commit(open_file("link"));
	assert_content("later", "");
}

static void links_in_a_circle_are_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("b", "a"), 0);
	assert_int_equal(symlink("a", "b"), 0);
	assert_cannot_open("a", ELOOP);
}

static void a_target_that_cannot_be_written_is_refused(void **state)
{
	(void)state;
	assert_cannot_open("none/a.xml", ENOENT);
	assert_cannot_open(".", EISDIR);
	assert_int_equal(count_entries(0), 0);
}

static void a_file_without_the_right_to_write_is_refused(void **state)
{
	(void)state;
	if (geteuid() == 0)
		skip(); /* The file is read-only, but root may write any file. */
	write_file("a.xml", "old", 0444);
	assert_cannot_open("a.xml", EACCES);
	assert_content("a.xml", "old");
}

static void a_device_is_written_directly(void **state)
{
	struct output_file *file = open_file("/dev/null");
	struct stat status;

	(void)state;
	assert_null(output_file_temporary(file));
	write_text(file, "gone");
	commit(file);
	assert_int_equal(stat("/dev/null", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

static void a_full_device_is_an_error_that_stays(void **state)
{
	struct output_file *file = open_file("/dev/full");
	struct ds_error error;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(output_file_write(file, "x", 1, &error), DS_SYSTEM);
		assert_int_equal(errno, ENOSPC);
		assert_string_equal(error.place.name, "/dev/full");
		assert_string_equal(error.text, "cannot write: No space left on device");
	}
	assert_int_equal(output_file_commit(file, &error), DS_SYSTEM);
	assert_int_equal(errno, ENOSPC);
}

static void a_failed_rename_removes_the_temporary_file(void **state)
{
	struct output_file *file = open_file("a");
	struct ds_error error;

	(void)state;
	assert_int_equal(mkdir("a", 0755), 0);
	assert_int_equal(output_file_commit(file, &error), DS_SYSTEM);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(count_entries(0), 1);
}

/** Runs a function in a child with its own standard output. Its exit status must be 0. */
static void run_child(const char *output, int (*body)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		int fd = open(output, O_WRONLY | O_CREAT | O_APPEND, 0644);

		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
			_exit(99);
		_exit(body());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int write_and_commit(const char *name, enum ds_status expected)
{
	struct output_file *file;
	struct ds_error error;

	if (output_file_open(&file, name, &error) != DS_OK)
		return 1;
	if (output_file_temporary(file))
		return 2;
	output_file_write(file, "text", 4, &error);
	if (output_file_commit(file, &error) != expected)
		return 3;
	if (expected != DS_OK && strcmp(error.place.name, name ? name : "-") != 0)
		return 4;
	return fcntl(STDOUT_FILENO, F_GETFD) == -1 || expected != DS_OK ? 0 : 5;
}

static int write_null(void)
{
	return write_and_commit(NULL, DS_OK);
}

static int write_hyphen(void)
{
	return write_and_commit("-", DS_OK);
}

static int write_device(void)
{
	return write_and_commit("/dev/stdout", DS_OK);
}

static int write_full(void)
{
	return write_and_commit(NULL, DS_SYSTEM);
}

static void standard_output_is_closed_and_checked(void **state)
{
	(void)state;
	run_child("out", write_null);
	run_child("out", write_hyphen);
	assert_content("out", "texttext");
	run_child("/dev/full", write_full);
}

static void a_name_of_standard_output_does_not_replace_its_file(void **state)
{
	(void)state;
	write_file("out", "before ", 0644);
	run_child("out", write_device);
	assert_content("out", "before text");
}

static int write_broken_pipe(void)
{
	struct output_file *file;
	struct ds_error error;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0 || close(ends[0]) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
		return 1;
	if (output_file_open(&file, NULL, &error) != DS_OK)
		return 2;
	if (output_file_write(file, "x", 1, &error) != DS_SYSTEM || errno != EPIPE)
		return 3;
	output_file_abandon(file);
	return 0;
}

static void a_broken_pipe_can_be_distinguished(void **state)
{
	(void)state;
	run_child("/dev/null", write_broken_pipe);
}

/* ---- gzip ---- */

static size_t get16(const char *at)
{
	return (size_t)(unsigned char)at[0] | (size_t)(unsigned char)at[1] << 8;
}

/** Expects one gzip member that fills `block` exactly, and inflates it. */
static void assert_inflates(const char *block, size_t block_size, const char *data, size_t size)
{
	static char out[BGZF_BLOCK_SIZE + 1];
	z_stream stream;

	memset(&stream, 0, sizeof stream);
	assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)block;
	stream.avail_in = (uInt)block_size;
	stream.next_out = (Bytef *)out;
	stream.avail_out = sizeof out;
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	assert_int_equal(stream.total_out, size);
	assert_memory_equal(out, data, size);
	inflateEnd(&stream);
}

static void assert_header(const char *block, size_t block_size)
{
	static const unsigned char expected[16] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B',
		'C', 2, 0};

	assert_true(block_size <= BGZF_BLOCK_MAX);
	assert_memory_equal(block, expected, sizeof expected);
	assert_int_equal(get16(block + 16), block_size - 1);
}

static char data[BGZF_BLOCK_SIZE];
static char block[BGZF_BLOCK_MAX];

static void fill_text(void)
{
	static const char text[] =
		"(device (tap (dev xvda:disk)(uname tap:aio:/srv/web01.img)(mode w)))";
	size_t i;

	for (i = 0; i < sizeof data; i++)
		data[i] = text[i % (sizeof text - 1)];
}

static void fill_noise(void)
{
	uint32_t noise = 1;
	size_t i;

	for (i = 0; i < sizeof data; i++) {
		noise = noise * 1664525u + 1013904223u;
		data[i] = (char)(noise >> 24);
	}
}

static void blocks_inflate_to_the_original_bytes(void **state)
{
	static const size_t sizes[] = {1, 2, 100, 4096, BGZF_BLOCK_SIZE - 1, BGZF_BLOCK_SIZE, 3};
	size_t i;
	int level;

	(void)state;
	fill_text();
	for (level = 1; level <= 9; level++) {
		struct bgzf *bgzf = bgzf_new(level);

		assert_non_null(bgzf);
		for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
			size_t size = bgzf_block(bgzf, data, sizes[i], block);

			assert_header(block, size);
			assert_inflates(block, size, data, sizes[i]);
		}
		assert_true(bgzf_block(bgzf, data, sizeof data, block) < sizeof data / 50);
		bgzf_free(bgzf);
	}
}

static void blocks_do_not_depend_on_those_before(void **state)
{
	static char again[BGZF_BLOCK_MAX];
	struct bgzf *bgzf = bgzf_new(6);
	size_t size, second_size;

	(void)state;
	assert_non_null(bgzf);
	fill_text();
	size = bgzf_block(bgzf, data, sizeof data, block);
	bgzf_block(bgzf, data + 7, 5000, again);
	second_size = bgzf_block(bgzf, data, sizeof data, again);
	assert_int_equal(size, second_size);
	assert_memory_equal(block, again, size);
	bgzf_free(bgzf);
}

static void incompressible_data_fits(void **state)
{
	static const size_t sizes[] = {1, 16, 1000, BGZF_BLOCK_SIZE};
	struct bgzf *bgzf = bgzf_new(9);
	size_t i;

	(void)state;
	assert_non_null(bgzf);
	fill_noise();
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t size = bgzf_block(bgzf, data, sizes[i], block);

		assert_true(size <= sizes[i] + 31);
		assert_header(block, size);
		assert_inflates(block, size, data, sizes[i]);
	}
	bgzf_free(bgzf);
}

static void the_end_is_the_empty_block_of_the_specification(void **state)
{
	static const unsigned char expected[28] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0,
		0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};

	(void)state;
	assert_memory_equal(bgzf_end, expected, sizeof expected);
	assert_header(bgzf_end, sizeof bgzf_end);
	assert_inflates(bgzf_end, sizeof bgzf_end, "", 0);
}

static void levels_outside_one_to_nine_are_refused(void **state)
{
	(void)state;
	assert_null(bgzf_new(10));
	bgzf_free(NULL);
}

static void gzip_accepts_a_file_of_blocks(void **state)
{
	struct output_file *file = open_file("a.gz");
	struct bgzf *bgzf = bgzf_new(6);
	struct ds_error error;

	(void)state;
	assert_non_null(bgzf);
	fill_text();
	assert_int_equal(
		output_file_write(file, block, bgzf_block(bgzf, data, sizeof data, block), &error),
		DS_OK);
	fill_noise();
	assert_int_equal(
		output_file_write(file, block, bgzf_block(bgzf, data, sizeof data, block), &error),
		DS_OK);
	assert_int_equal(output_file_write(file, bgzf_end, sizeof bgzf_end, &error), DS_OK);
	commit(file);
	bgzf_free(bgzf);
	assert_int_equal(system("gzip -t a.gz && test $(gzip -dc a.gz | wc -c) -eq 130560"), 0);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(a_committed_file_appears_complete),
		IN_DIRECTORY(an_abandoned_file_leaves_nothing),
		IN_DIRECTORY(an_abandoned_file_keeps_the_old_one),
		IN_DIRECTORY(the_temporary_file_is_beside_the_target),
		IN_DIRECTORY(a_name_of_the_greatest_length_is_written),
		IN_DIRECTORY(a_new_file_has_the_mode_of_the_umask),
		IN_DIRECTORY(a_replaced_file_keeps_its_mode),
		IN_DIRECTORY(the_target_of_a_link_is_replaced),
		IN_DIRECTORY(the_target_of_a_dangling_link_is_created),
		IN_DIRECTORY(links_in_a_circle_are_refused),
		IN_DIRECTORY(a_target_that_cannot_be_written_is_refused),
		IN_DIRECTORY(a_file_without_the_right_to_write_is_refused),
		IN_DIRECTORY(a_device_is_written_directly),
		IN_DIRECTORY(a_full_device_is_an_error_that_stays),
		IN_DIRECTORY(a_failed_rename_removes_the_temporary_file),
		IN_DIRECTORY(standard_output_is_closed_and_checked),
		IN_DIRECTORY(a_name_of_standard_output_does_not_replace_its_file),
		IN_DIRECTORY(a_broken_pipe_can_be_distinguished),
		cmocka_unit_test(blocks_inflate_to_the_original_bytes),
		cmocka_unit_test(blocks_do_not_depend_on_those_before),
		cmocka_unit_test(incompressible_data_fits),
		cmocka_unit_test(the_end_is_the_empty_block_of_the_specification),
		cmocka_unit_test(levels_outside_one_to_nine_are_refused),
		IN_DIRECTORY(gzip_accepts_a_file_of_blocks),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
