/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml_sources.h"

#include "read/xml_expat.h"
#include "read/xml_reader.h"
#include "record/buffer.h"

#include <stdint.h>
#include <string.h>

/** Records every event of a source. */
struct listener {
	struct buffer transcript;
	const char *data;
	size_t size;
	/** The keys, from which the scanner predicts names. */
	struct xml_keys keys;
	/** A key was predicted for another name, or a text is not where it was reported. */
	bool is_wrong;
};

static void add(struct listener *listener, char what, size_t at, struct ds_text text)
{
	const size_t numbers[2] = {at, text.size};

	buffer_add(&listener->transcript, &what, 1);
	buffer_add(&listener->transcript, (const char *)numbers, sizeof numbers);
	buffer_add(&listener->transcript, text.data, text.size);
}

/** Returns the key with a name in any context. So the scanner predicts more names than it does for
 * the reader. */
static struct key_guess *find(struct keymap *map, struct ds_text name)
{
	for (size_t i = 0; i < map->count; i++) {
		struct key_guess *key = &map->keys[i];

		if (key->size == name.size && memcmp(key->key->name, name.data, name.size) == 0)
			return key;
	}
	return NULL;
}

static bool on_start(void *context, struct xml_tag *tag)
{
	struct listener *listener = context;
	struct key_guess *key = find(&listener->keys.elements, tag->name), *none,
			 **next = key ? &key->attribute : &none;

	add(listener, '<', tag->at, tag->name);
	listener->is_wrong |= tag->key && tag->key != key;
	tag->key = key;
	for (size_t i = 0; i < tag->count; i++) {
		const struct xml_attribute *attribute = &tag->attributes[i];

		add(listener, '@', i, attribute->name);
		add(listener, '=', i, attribute->value);
		key = find(&listener->keys.attributes, attribute->name);
		listener->is_wrong |= attribute->key && attribute->key != key;
		*next = key;
		next = key ? &key->next : &none;
	}
	return true;
}

/** Sources divide texts differently, so each byte is recorded by itself, with its position. */
static bool on_text(void *context, size_t at, struct ds_text text)
{
	struct listener *listener = context;
	size_t offset = (size_t)((uintptr_t)text.data - (uintptr_t)listener->data);
	bool is_own = offset < listener->size;

	listener->is_wrong |= !text.size || (is_own && offset != at);
	for (size_t i = 0; i < text.size; i++)
		add(listener, 't', is_own ? at + i : at, (struct ds_text){text.data + i, 1});
	return true;
}

static bool on_end(void *context, size_t end)
{
	add(context, '>', end, (struct ds_text){"", 0});
	return true;
}

static const struct xml_events events = {on_start, on_text, on_text, on_end};

static bool parse(struct listener *parsed, const char *data, size_t size)
{
	const struct ds_limits limits = {.token_size = size,
		.attributes = XML_SCANNER_ATTRIBUTES + 1};
	struct xml_expat *expat = xml_expat_new(&events, parsed, &limits);
	struct read_failure failure;
	bool is_read = expat && xml_expat_read(expat, data, size, &failure) == XML_READ;

	xml_expat_free(expat);
	return is_read;
}

enum sources_result compare_sources(const char *data, size_t size)
{
	static struct xml_scanner scanner;
	static struct listener scanned, parsed;
	enum sources_result result = SOURCES_ABANDONED;

	scanned = parsed = (struct listener){.data = data, .size = size};
	xml_keys_init(&scanned.keys);
	/* The second time, the scanner predicts what it has seen the first time. */
	for (int i = 0; i < 2 && result != SOURCES_DIFFER; i++) {
		struct buffer *one = &scanned.transcript, *other = &parsed.transcript;
		bool is_scanned = xml_scanner_read(&scanner, &events, &scanned, data, size);

		if (is_scanned && !i)
			result = parse(&parsed, data, size) ? SOURCES_SAME : SOURCES_DIFFER;
		if (is_scanned != (result == SOURCES_SAME) || scanned.is_wrong ||
			(is_scanned &&
				(one->failed || one->size != other->size ||
					memcmp(one->data, other->data, one->size) != 0)))
			result = SOURCES_DIFFER;
		one->size = 0;
	}
	buffer_fini(&scanned.transcript);
	buffer_fini(&parsed.transcript);
	return result;
}
