/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sax2 FILE - parses one well-formed document with libxml2's push parser and SAX2 handlers that do
 * nothing.
 */

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t)256 << 10)

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
	const xmlChar **attributes)
{
	(void)context;
	(void)name;
	(void)prefix;
	(void)uri;
	(void)namespace_count;
	(void)namespaces;
	(void)attribute_count;
	(void)default_count;
	(void)attributes;
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)context;
	(void)name;
	(void)prefix;
	(void)uri;
}

static void characters(void *context, const xmlChar *data, int size)
{
	(void)context;
	(void)data;
	(void)size;
}

static int parse(xmlParserCtxtPtr parser, FILE *file, char *piece)
{
	size_t size;

	do {
		size = fread(piece, 1, PIECE_SIZE, file);
		if (xmlParseChunk(parser, piece, (int)size, size == 0) != XML_ERR_OK) {
			fprintf(stderr, "sax2: not well-formed\n");
			return 1;
		}
	} while (size != 0);
	return ferror(file) != 0;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	char *piece = malloc(PIECE_SIZE);
	xmlParserCtxtPtr parser;
	xmlSAXHandler handler;
	int result = 1;

	memset(&handler, 0, sizeof(handler));
	handler.initialized = XML_SAX2_MAGIC;
	handler.startElementNs = start;
	handler.endElementNs = end;
	handler.characters = characters;
	handler.ignorableWhitespace = characters;
	parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	if (!file || !parser || !piece) {
		fprintf(stderr, "usage: sax2 FILE\n");
		goto out;
	}
	setvbuf(file, NULL, _IONBF, 0);
	result = parse(parser, file, piece);
out:
	free(piece);
	if (parser)
		xmlFreeParserCtxt(parser);
	xmlCleanupParser();
	if (file)
		fclose(file);
	return result;
}
