/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * expat_bare FILE - parses one well-formed document with expat and handlers that do nothing. This
 * is the yardstick: no program that reads XML through expat can be faster on one processor.
 */

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE_SIZE ((size_t)256 << 10)

static void XMLCALL start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	(void)context;
	(void)name;
	(void)attributes;
}

static void XMLCALL end(void *context, const XML_Char *name)
{
	(void)context;
	(void)name;
}

static void XMLCALL characters(void *context, const XML_Char *data, int size)
{
	(void)context;
	(void)data;
	(void)size;
}

static int parse(XML_Parser parser, FILE *file, char *piece)
{
	size_t size;

	do {
		size = fread(piece, 1, PIECE_SIZE, file);
		if (XML_Parse(parser, piece, (int)size, size == 0) == XML_STATUS_ERROR) {
			fprintf(stderr, "expat_bare: line %lu: %s\n",
				XML_GetCurrentLineNumber(parser),
				XML_ErrorString(XML_GetErrorCode(parser)));
			return 1;
		}
	} while (size != 0);
	return ferror(file) != 0;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	XML_Parser parser = XML_ParserCreate(NULL);
	char *piece = malloc(PIECE_SIZE);
	int result = 1;

	if (!file || !parser || !piece) {
		fprintf(stderr, "usage: expat_bare FILE\n");
		goto out;
	}
	setvbuf(file, NULL, _IONBF, 0);
	XML_SetElementHandler(parser, start, end);
	XML_SetCharacterDataHandler(parser, characters);
	result = parse(parser, file, piece);
out:
	free(piece);
	XML_ParserFree(parser);
	if (file)
		fclose(file);
	return result;
}
