/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/words.h"

#include "record/text.h"

const char *const device_words[] = {"disk", "cdrom", "floppy", "lun", NULL};
const char *const source_words[] = {"file", "block", "dir", "network", "volume", "nvme",
	"vhostuser", "vhostvdpa", NULL};
const char *const interface_words[] = {"bridge", "ethernet", "network", NULL};
const char *const graphics_words[] = {"vnc", "sdl", NULL};
const char *const char_kind_words[] = {"serial", "parallel", "console", NULL};
const char *const char_type_words[] = {"pty", "null", "stdio", "vc", "file", "pipe", "dev", "tcp",
	"telnet", "udp", "unix", NULL};
const char *const clock_words[] = {"", "utc", "localtime", "variable", NULL};
const char *const class_words[] = {"", "vbd", "tap", "tap2", "image", NULL};

int words_find(const char *const *words, struct ds_text word)
{
	char first = word.size ? *word.data : 0;

	for (int i = 0; words[i]; i++)
		if (*words[i] == first && text_is(word, words[i]))
			return i;
	return -1;
}

static const struct {
	char letter;
	const char *word;
} boots[] = {{'a', "fd"}, {'c', "hd"}, {'d', "cdrom"}, {'n', "network"}};

char words_boot_letter(struct ds_text word)
{
	for (size_t i = 0; i < sizeof boots / sizeof *boots; i++)
		if (text_is(word, boots[i].word))
			return boots[i].letter;
	return 0;
}

const char *words_boot_word(char letter)
{
	size_t i = 0;

	while (i + 1 < sizeof boots / sizeof *boots && boots[i].letter != letter)
		i++;
	return boots[i].word;
}
