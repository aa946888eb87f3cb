/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/* Writes character devices as <serial>, <parallel> and <console>. */

enum value { VALUE_PATH, VALUE_HOST, VALUE_SERVICE, VALUES };

/** Returns the path of a loss. */
static const char *path_of(const struct ds_char *item, enum value value)
{
#define PATHS(name) \
	{ \
		"devices/" name "/source@path", "devices/" name "/source@host", \
			"devices/" name "/source@service" \
	}
	static const char *const paths[][VALUES] = {PATHS("serial"), PATHS("parallel"),
		PATHS("console")};
#undef PATHS

	return paths[item->kind][value];
}

static void write_char_mode(struct writing *writing, const char *mode)
{
	buffer_literal(writing->out, "      <source mode='");
	buffer_string(writing->out, mode);
	buffer_byte(writing->out, '\'');
}

static void write_end(struct writing *writing, const char *mode, struct ds_text host,
	struct ds_text service, const struct ds_char *item)
{
	if (!host.data && !service.data)
		return;
	write_char_mode(writing, mode);
	xml_attribute(writing, TEXT(" host='"), host, SCHEMA_TEXT, path_of(item, VALUE_HOST),
		item->at);
	xml_attribute(writing, TEXT(" service='"), service, SCHEMA_TEXT,
		path_of(item, VALUE_SERVICE), item->at);
	buffer_literal(writing->out, "/>\n");
}

static void write_path(struct writing *writing, const struct ds_char *item)
{
	xml_attribute(writing, TEXT(" path='"), item->path, SCHEMA_TEXT, path_of(item, VALUE_PATH),
		item->at);
	buffer_literal(writing->out, "/>\n");
}

static void write_source(struct writing *writing, const struct ds_char *item)
{
	const char *mode = item->listens ? "bind" : "connect";

	switch (item->type) {
	case DS_CHAR_FILE:
	case DS_CHAR_PIPE:
	case DS_CHAR_DEV:
		if (!text_given(item->path))
			return;
		buffer_literal(writing->out, "      <source");
		write_path(writing, item);
		return;
	case DS_CHAR_UNIX:
		write_char_mode(writing, mode);
		write_path(writing, item);
		return;
	case DS_CHAR_TCP:
	case DS_CHAR_TELNET:
		write_end(writing, mode, item->host, item->service, item);
		buffer_string(writing->out,
			item->type == DS_CHAR_TELNET ? "      <protocol type='telnet'/>\n"
						     : "      <protocol type='raw'/>\n");
		return;
	case DS_CHAR_UDP:
		write_end(writing, "bind", item->bind_host, item->bind_service, item);
		write_end(writing, "connect", item->host, item->service, item);
		return;
	case DS_CHAR_PTY:
	case DS_CHAR_NULL:
	case DS_CHAR_STDIO:
	case DS_CHAR_VC:
		return;
	}
}

static void write_char(struct writing *writing, const struct ds_char *item)
{
	enum ds_char_type type = item->type == DS_CHAR_TELNET ? DS_CHAR_TCP : item->type;
	const char *element = char_kind_words[item->kind];
	struct buffer *out = writing->out;

	lose_char_fields(writing, item);
	buffer_literal(out, "    <");
	buffer_string(out, element);
	buffer_literal(out, " type='");
	buffer_string(out, char_type_words[type]);
	buffer_literal(out, "'>\n");
	write_source(writing, item);
	buffer_literal(out, "      <target");
	if (item->kind == DS_CHAR_CONSOLE)
		buffer_string(out, writing->domain->is_hvm ? " type='serial'" : " type='xen'");
	xml_number(writing, TEXT(" port='"), item->port);
	buffer_literal(out, "/>\n    </");
	buffer_string(out, element);
	buffer_literal(out, ">\n");
}

void xml_write_chars(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (enum ds_char_kind kind = DS_CHAR_SERIAL; kind <= DS_CHAR_CONSOLE; kind++)
		for (size_t i = 0; i < domain->char_count; i++)
			if (domain->chars[i].kind == kind)
				write_char(writing, &domain->chars[i]);
}
