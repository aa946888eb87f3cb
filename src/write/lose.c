/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "write/writer_private.h"

/*
 * Losses of fields of the record. A loss describes the value in the input: its path in the input's
 * format, its text and its position. Numbers and words are therefore read once more from the
 * domain's own bytes.
 */

struct ds_text writing_join(struct writing *writing, const struct ds_text *texts, size_t count)
{
	size_t size = 0;
	char *joined;

	for (size_t i = 0; i < count; i++)
		size += texts[i].size;
	joined = arena_alloc(writing->losses->arena, size + 1);
	if (!joined)
		return (struct ds_text){NULL, 0};
	size = 0;
	for (size_t i = 0; i < count; i++) {
		if (texts[i].size)
			memcpy(joined + size, texts[i].data, texts[i].size);
		size += texts[i].size;
	}
	return (struct ds_text){joined, size};
}

/* ---- what the input has at a position ---- */

/** Skips blanks and SEXPR comments. In an XML tag, a # cannot be in such a position. */
static size_t skip_blanks(struct ds_text raw, size_t at)
{
	while (at < raw.size && (byte_is_blank(raw.data[at]) || raw.data[at] == '#')) {
		bool is_comment = raw.data[at] == '#';

		while (is_comment && at + 1 < raw.size && raw.data[at + 1] != '\n')
			at++;
		at++;
	}
	return at;
}

/** Returns the end of a name or an atom. */
static size_t word_end(struct ds_text raw, size_t at)
{
	while (at < raw.size && !byte_is_blank(raw.data[at]) && !strchr("()<>=/'\"", raw.data[at]))
		at++;
	return at;
}

static struct ds_text between(struct ds_text raw, size_t from, size_t end)
{
	return (struct ds_text){raw.data + from, end - from};
}

/** Returns the end of a quoted text whose quote is at `at`, or the end of the bytes when there is
 * no closing quote. */
static size_t quote_end(struct ds_text raw, size_t at, bool has_escapes)
{
	char quote = raw.data[at++];

	while (at < raw.size && raw.data[at] != quote)
		at += has_escapes && raw.data[at] == '\\' ? 2 : 1;
	return at < raw.size ? at : raw.size;
}

/** Returns the value of an attribute of the tag that begins at `at`, or NULL when it has no such
 * attribute. */
static struct ds_text attribute_at(struct ds_text raw, size_t at, struct ds_text name)
{
	at = word_end(raw, at + 1);
	for (;;) {
		size_t begin = skip_blanks(raw, at), end = word_end(raw, begin), quote;

		quote = skip_blanks(raw, end);
		if (end == begin || quote >= raw.size || raw.data[quote] != '=')
			return (struct ds_text){NULL, 0};
		quote = skip_blanks(raw, quote + 1);
		if (quote >= raw.size)
			return (struct ds_text){NULL, 0};
		at = quote_end(raw, quote, false);
		if (text_same(between(raw, begin, end), name))
			return between(raw, quote + 1, at);
		at += at < raw.size;
	}
}

/** Returns the position of a tag's `>`, or the end. */
static size_t tag_end(struct ds_text raw, size_t at)
{
	while (at < raw.size && raw.data[at] != '>')
		at = raw.data[at] == '\'' || raw.data[at] == '"' ? quote_end(raw, at, false) + 1
								 : at + 1;
	return at;
}

/** Returns the text in the element that begins at `at`. */
static struct ds_text content_at(struct ds_text raw, size_t at)
{
	size_t end;

	at = tag_end(raw, at);
	if (at >= raw.size || raw.data[at - 1] == '/')
		return (struct ds_text){NULL, 0};
	for (end = ++at; end < raw.size && raw.data[end] != '<';)
		end++;
	return text_trim(between(raw, at, end));
}

/** Returns the position of the next occurrence of a string, or the end. */
static size_t skip_to(struct ds_text raw, size_t at, const char *string)
{
	while (at < raw.size && !text_starts(text_from(raw, at), string))
		at++;
	return at;
}

/** Returns the end of the element that begins at `at`. */
static size_t element_end(struct ds_text raw, size_t at)
{
	size_t depth = 0;

	for (; at < raw.size; at++) {
		struct ds_text rest = text_from(raw, at);

		if (raw.data[at] != '<')
			continue;
		if (text_starts(rest, "<!--")) {
			at = skip_to(raw, at, "-->");
		} else if (text_starts(rest, "<![CDATA[")) {
			at = skip_to(raw, at, "]]>");
		} else if (text_starts(rest, "<?")) {
			at = skip_to(raw, at, "?>");
		} else {
			at = tag_end(raw, at);
			if (at >= raw.size)
				break;
			if (rest.data[1] == '/')
				depth--;
			else if (raw.data[at - 1] != '/')
				depth++;
			if (!depth)
				return at + 1;
		}
	}
	return raw.size;
}

/** Returns the position after the closing parenthesis of the list that begins at `at`. */
static size_t list_end(struct ds_text raw, size_t at)
{
	size_t depth = 0;
	bool is_in_atom = false;

	for (; at < raw.size; at++) {
		/* A quote opens a string only where a value may begin. A comment may begin
		 * anywhere outside a string. */
		bool is_quote = !is_in_atom && (raw.data[at] == '\'' || raw.data[at] == '"');

		is_in_atom = !is_quote && !byte_is_blank(raw.data[at]) && raw.data[at] != '(' &&
			raw.data[at] != ')';
		if (is_quote)
			at = quote_end(raw, at, true);
		else if (raw.data[at] == '#')
			while (at + 1 < raw.size && raw.data[at + 1] != '\n')
				at++;
		else if (raw.data[at] == '(')
			depth++;
		else if (raw.data[at] == ')' && !--depth)
			return at + 1;
	}
	return raw.size;
}

static struct ds_text key_at(struct ds_text raw, size_t at)
{
	size_t begin = skip_blanks(raw, at + 1);

	return between(raw, begin, word_end(raw, begin));
}

/** Returns the value of the list that begins at `at`, without its quotes. */
static struct ds_text value_at(struct ds_text raw, size_t at)
{
	size_t end = list_end(raw, at);
	size_t begin = skip_blanks(raw, word_end(raw, skip_blanks(raw, at + 1)));
	struct ds_text value;

	if (begin >= end)
		return (struct ds_text){NULL, 0};
	value = text_trim(between(raw, begin, end - 1));
	if (value.size > 1 && (value.data[0] == '\'' || value.data[0] == '"') &&
		value.data[value.size - 1] == value.data[0])
		return between(value, 1, value.size - 1);
	return value;
}

/* ---- fields of the domain ---- */

/** Returns whether an element or a list of the domain begins at this position. A field whose
 * position is unknown has 0. */
static bool is_there(const struct ds_domain *domain, size_t at)
{
	return (at || domain->format == DS_FORMAT_XML) && at < domain->raw.size &&
		domain->raw.data[at] == (domain->format == DS_FORMAT_XML ? '<' : '(');
}

/** Returns the path of a field in the input. A key of the Xen API or of xl has another name than
 * the table, so the name is read from the input. */
static struct ds_text field_path(struct writing *writing, const struct member *member, size_t at)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text path = text_of_string(
		domain->format == DS_FORMAT_XML || !*member->sexpr ? member->xml : member->sexpr);
	struct ds_text key;

	if (domain->format == DS_FORMAT_XML)
		return path;
	key = at && is_there(domain, at) ? key_at(domain->raw, at) : path;
	if (text_starts(path, "image/") &&
		(text_same(text_from(path, 6), key) || text_is(key, "cmdline")))
		return writing_join(writing,
			(struct ds_text[]){TEXT("image/"), domain->os_type, TEXT("/"), key}, 4);
	return key.size ? key : path;
}

static struct ds_text field_value(struct writing *writing, const struct member *member, size_t at)
{
	const struct ds_domain *domain = writing->domain;
	const char *attribute = strchr(member->xml, '@');
	struct ds_text value = {NULL, 0};
	char room[MEMBER_TEXT_SIZE];

	if (member->type == MEMBER_TEXT)
		return member_text(member, domain, room);
	if (is_there(domain, at) && domain->format == DS_FORMAT_SEXPR)
		value = value_at(domain->raw, at);
	else if (is_there(domain, at) && attribute)
		value = attribute_at(domain->raw, at, text_of_string(attribute + 1));
	else if (is_there(domain, at) && member->type == MEMBER_FLAG)
		value = between(domain->raw, at, element_end(domain->raw, at));
	else if (is_there(domain, at))
		value = content_at(domain->raw, at);
	if (text_given(value))
		return value;
	value = member_text(member, domain, room);
	return value.data ? arena_text(writing->losses->arena, value.data, value.size) : value;
}

/** Returns the position of the next <boot> after the one at `at`, or `at` after the last one. */
static size_t next_boot(struct ds_text raw, size_t at)
{
	for (size_t next = at + 1; next < raw.size; next++)
		if (raw.data[next] == '<' &&
			text_is(between(raw, next + 1, word_end(raw, next + 1)), "boot") &&
			attribute_at(raw, next, TEXT("dev")).data)
			return next;
	return at;
}

/** Adds losses of the elements of libvirt's boot order, one by one. */
static void lose_boot(struct writing *writing, enum loss_reason reason, size_t at)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->boot_count; i++) {
		size_t next = at;

		/* Elements with a value that libvirt does not have are not part of the order. */
		while (words_boot_letter(attribute_at(domain->raw, at, TEXT("dev"))) !=
				domain->boot[i] &&
			(next = next_boot(domain->raw, at)) != at)
			at = next;
		lose(writing, reason, "os/boot@dev",
			text_of_string(words_boot_word(domain->boot[i])), at);
		at = next_boot(domain->raw, at);
	}
}

/** Returns whether the reader has added a loss for the whole SEXPR list, of which only the first
 * word counts. */
static bool is_noted_as_invalid(const struct ds_domain *domain, size_t at)
{
	if (domain->format != DS_FORMAT_SEXPR || !is_there(domain, at))
		return false;
	for (size_t i = 0; i < domain->extra_count; i++)
		if (domain->extras[i].kind == DS_EXTRA_INVALID && domain->extras[i].at == at)
			return true;
	return false;
}

void lose_field(struct writing *writing, enum loss_reason reason, enum field field)
{
	const struct ds_domain *domain = writing->domain;
	const struct member *member = &domain_members[field];
	size_t at = domain->field_at[field];

	if (!member_is_set(member, domain))
		return;
	if (reason == LOSS_NO_PLACE && is_noted_as_invalid(domain, at))
		return;
	/* A feature that is off is not written in either format. */
	if (reason == LOSS_NO_PLACE && member->type == MEMBER_FLAG &&
		*(const enum ds_flag *)(const void *)((const char *)domain + member->offset) ==
			DS_FLAG_OFF)
		reason = LOSS_DEFAULT;
	if (field == FIELD_boot && domain->format == DS_FORMAT_XML)
		lose_boot(writing, reason, at);
	else
		loss_add(writing->losses, domain, reason, field_path(writing, member, at),
			field_value(writing, member, at), at);
}

/* ---- fields of devices ---- */

/** Returns the word of the list that contained a disk. In a record that a program has created, it
 * may be unset. */
static struct ds_text word_of_disk(const struct ds_disk *disk)
{
	return text_of_string(class_words[disk->klass ? disk->klass : DS_CLASS_VBD]);
}

static struct ds_text device_path(struct writing *writing, enum devices kind, const void *device,
	const char *below)
{
	static const char *const xml[] = {
		[DEVICES_DISK] = "devices/disk",
		[DEVICES_INTERFACE] = "devices/interface",
		[DEVICES_CHAR] = "devices/",
		[DEVICES_GRAPHICS] = "devices/graphics",
		[DEVICES_PCI] = "devices/hostdev",
		[DEVICES_SOUND] = "devices/sound",
		[DEVICES_INPUT] = "devices/input",
		[DEVICES_PIN] = "cputune/vcpupin",
	};
	static const char *const sexpr[] = {
		[DEVICES_DISK] = "device/",
		[DEVICES_INTERFACE] = "device/vif",
		[DEVICES_CHAR] = "image/",
		[DEVICES_GRAPHICS] = "device/vfb",
		[DEVICES_PCI] = "device/pci/dev",
		[DEVICES_SOUND] = "image/",
		[DEVICES_INPUT] = "image/",
		[DEVICES_PIN] = "cpus",
	};
	bool is_xml = writing->domain->format == DS_FORMAT_XML;
	struct ds_text texts[4] = {text_of_string(is_xml ? xml[kind] : sexpr[kind]), {"", 0},
		{"", 0}, text_of_string(below)};
	size_t at = device_position(device);

	if (kind == DEVICES_CHAR && is_xml)
		texts[1] = text_of_string(char_kind_words[((const struct ds_char *)device)->kind]);
	else if (kind == DEVICES_DISK && !is_xml)
		texts[1] = word_of_disk(device);
	else if (!is_xml && sexpr[kind][0] == 'i')
		texts[1] = writing->domain->os_type;
	/* A frame buffer is a device, or several keys of the image. */
	if (kind == DEVICES_GRAPHICS && !is_xml &&
		!text_is(key_at(writing->domain->raw, at), "device")) {
		texts[0] = TEXT("image/");
		texts[1] = writing->domain->os_type;
	}
	/* In the image a device is a key. */
	if (!is_xml && sexpr[kind][0] == 'i' && is_there(writing->domain, at))
		texts[3] = key_at(writing->domain->raw, at);
	texts[2] = texts[3].size && texts[3].data[0] != '@' ? TEXT("/") : TEXT("");
	return writing_join(writing, texts, 4);
}

void lose_device_value(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, const char *below, struct ds_text value)
{
	loss_add(writing->losses, writing->domain, reason,
		device_path(writing, kind, device, below), value, device_position(device));
}

void lose_device_field(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, size_t field)
{
	const struct member *member = &device_kinds[kind].members[field];
	char room[MEMBER_TEXT_SIZE];
	struct ds_text value = member_text(member, device, room);

	if (!value.data)
		return;
	if (kind == DEVICES_CHAR && field == CHAR_listens)
		value = TEXT("bind");
	else if (member->type == MEMBER_FLAG && writing->domain->format == DS_FORMAT_SEXPR)
		value = text_is(value, "on") ? TEXT("1") : TEXT("0");
	if (value.data == room)
		value = arena_text(writing->losses->arena, value.data, value.size);
	lose_device_value(writing, reason, kind, device,
		writing->domain->format == DS_FORMAT_XML || !*member->sexpr ? member->xml
									    : member->sexpr,
		value);
}

void lose_disk_details(struct writing *writing, const struct ds_disk *disk)
{
	const struct device_kind *kind = &device_kinds[DEVICES_DISK];

	if (!disk->details || writing->domain->raw.data)
		return;
	for (size_t i = DISK_FIELDS; i < kind->member_count; i++)
		if (member_is_set(&kind->members[i], disk))
			lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, i);
}

/** Returns whether both formats can express a field of a device that is written. The path of a
 * `pty` belongs to the running domain. */
FIELD_SWITCH has_char_field(const struct ds_char *item, enum char_field field)
{
	switch (field) {
	case CHAR_kind:
	case CHAR_port:
	case CHAR_type:
		return true;
	case CHAR_path:
		return char_has_path(item) || item->type == DS_CHAR_PTY;
	case CHAR_host:
	case CHAR_service:
		return char_is_wire(item);
	case CHAR_bind_host:
	case CHAR_bind_service:
		return item->type == DS_CHAR_UDP;
	case CHAR_listens:
		return char_can_listen(item);
	}
	return true;
}

void lose_char_fields(struct writing *writing, const struct ds_char *item)
{
#define DS_CHAR_FIELD(member, type, xml, sexpr) \
	if (!has_char_field(item, CHAR_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_CHAR, item, CHAR_##member);
#include "record/devices.def"
}

void lose_device(struct writing *writing, enum loss_reason reason, enum devices kind,
	const void *device, const char *below)
{
	const struct ds_domain *domain = writing->domain;
	size_t at = device_position(device);
	struct ds_text value = {NULL, 0};

	if (is_there(domain, at))
		value = between(domain->raw, at,
			domain->format == DS_FORMAT_XML ? element_end(domain->raw, at)
							: list_end(domain->raw, at));
	loss_add(writing->losses, domain, reason, device_path(writing, kind, device, below), value,
		at);
}
