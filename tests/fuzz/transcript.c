/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "transcript.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void finding(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("finding: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	abort();
}

void transcript_add(struct transcript *transcript, const char *data, size_t size)
{
	if (size > transcript->capacity - transcript->size) {
		transcript->capacity = (transcript->size + size) * 2;
		transcript->data = realloc(transcript->data, transcript->capacity);
		if (!transcript->data)
			abort();
	}
	if (size)
		memcpy(transcript->data + transcript->size, data, size);
	transcript->size += size;
}

static void say(struct transcript *transcript, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct transcript *transcript, const char *format, ...)
{
	char line[1024];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	transcript_add(transcript, line,
		(size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

static void say_text(struct transcript *transcript, const char *key, struct ds_text text)
{
	if (!text.data) {
		if (text.size)
			finding("the text %s has a size and no bytes", key);
		return;
	}
	say(transcript, " %s=%zu:", key, text.size);
	transcript_add(transcript, text.data, text.size);
	say(transcript, "\n");
}

static void say_place(struct transcript *transcript, struct ds_place place)
{
	say(transcript, "%s:%" PRIu64 ":%" PRIu64 " at %" PRIu64 "\n", place.name, place.line,
		place.column, place.offset);
}

/* ---- records ---- */

static void say_scalars(struct transcript *transcript, const struct ds_domain *domain)
{
	say(transcript,
		" id=%" PRId64 " memory=%" PRIu64 " current=%" PRIu64 " vcpus=%" PRIu64 "/%" PRIu64
		" hvm=%d\n",
		domain->id, domain->memory_kib, domain->current_memory_kib, domain->vcpus_online,
		domain->vcpus, domain->is_hvm);
	say_text(transcript, "name", domain->name);
	say_text(transcript, "uuid", domain->uuid);
	say_text(transcript, "description", domain->description);
	say_text(transcript, "cpuset", domain->cpuset);
	say_text(transcript, "os_type", domain->os_type);
	say_text(transcript, "kernel", domain->kernel);
	say_text(transcript, "initrd", domain->initrd);
	say_text(transcript, "root", domain->root);
	say_text(transcript, "cmdline", domain->cmdline);
	say_text(transcript, "loader", domain->loader);
	if (domain->boot_count > DS_BOOT_MAX)
		finding("%zu boot devices", domain->boot_count);
	say_text(transcript, "boot", (struct ds_text){domain->boot, domain->boot_count});
	say_text(transcript, "bootloader", domain->bootloader);
	say_text(transcript, "bootloader_args", domain->bootloader_args);
	say(transcript, " features=%d%d%d%d%d%d clock=%d/%d%+" PRId64 "\n", domain->acpi,
		domain->apic, domain->pae, domain->hap, domain->viridian, domain->hpet,
		domain->clock, domain->clock_is_local, domain->clock_adjustment);
	say_text(transcript, "on_poweroff", domain->on_poweroff);
	say_text(transcript, "on_reboot", domain->on_reboot);
	say_text(transcript, "on_crash", domain->on_crash);
	say_text(transcript, "emulator", domain->emulator);
}

static void say_disk(struct transcript *transcript, const struct ds_disk *disk)
{
	say(transcript, " disk device=%d type=%d readonly=%d shareable=%d class=%d bootable=%d\n",
		disk->device, disk->type, disk->readonly, disk->shareable, disk->klass,
		disk->bootable);
	say_text(transcript, "driver", disk->driver);
	say_text(transcript, "format", disk->format);
	say_text(transcript, "source", disk->source);
	say_text(transcript, "target", disk->target);
	say_text(transcript, "bus", disk->bus);
	say_text(transcript, "mode", disk->mode);
	say_text(transcript, "uname", disk->uname);
}

static void say_interface(struct transcript *transcript, const struct ds_interface *interface)
{
	say(transcript, " interface type=%d rate=%" PRIu64 "\n", interface->type,
		interface->rate_kib);
	say_text(transcript, "mac", interface->mac);
	say_text(transcript, "source", interface->source);
	say_text(transcript, "script", interface->script);
	say_text(transcript, "ip", interface->ip);
	say_text(transcript, "target", interface->target);
	say_text(transcript, "model", interface->model);
	say_text(transcript, "vif_type", interface->vif_type);
}

static void say_graphics(struct transcript *transcript, const struct ds_graphics *graphics)
{
	say(transcript, " graphics type=%d port=%" PRId32 "\n", graphics->type, graphics->port);
	say_text(transcript, "listen", graphics->listen);
	say_text(transcript, "password", graphics->password);
	say_text(transcript, "keymap", graphics->keymap);
	say_text(transcript, "display", graphics->display);
	say_text(transcript, "xauthority", graphics->xauthority);
}

static void say_char(struct transcript *transcript, const struct ds_char *item)
{
	say(transcript, " char kind=%d type=%d port=%" PRIu32 " listens=%d\n", item->kind,
		item->type, item->port, item->listens);
	say_text(transcript, "path", item->path);
	say_text(transcript, "host", item->host);
	say_text(transcript, "service", item->service);
	say_text(transcript, "bind_host", item->bind_host);
	say_text(transcript, "bind_service", item->bind_service);
}

static void say_devices(struct transcript *transcript, const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		say_disk(transcript, &domain->disks[i]);
	for (size_t i = 0; i < domain->interface_count; i++)
		say_interface(transcript, &domain->interfaces[i]);
	for (size_t i = 0; i < domain->graphics_count; i++)
		say_graphics(transcript, &domain->graphics[i]);
	for (size_t i = 0; i < domain->char_count; i++)
		say_char(transcript, &domain->chars[i]);
	for (size_t i = 0; i < domain->pci_count; i++)
		say(transcript, " pci %x:%x:%x.%x managed=%d\n", domain->pcis[i].domain,
			domain->pcis[i].bus, domain->pcis[i].slot, domain->pcis[i].function,
			domain->pcis[i].managed);
	for (size_t i = 0; i < domain->sound_count; i++)
		say_text(transcript, "sound", domain->sounds[i].word);
	for (size_t i = 0; i < domain->input_count; i++) {
		say_text(transcript, "input", domain->inputs[i].word);
		say_text(transcript, "input_bus", domain->inputs[i].bus);
	}
}

static void say_extras(struct transcript *transcript, const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *extra = &domain->extras[i];

		say(transcript, " extra kind=%d disk=%" PRIu32 "\n", extra->kind, extra->disk);
		say_text(transcript, "path", extra->path);
		say_text(transcript, "raw", extra->raw);
		say_place(transcript, ds_domain_place(domain, extra->at));
	}
}

void transcript_domain(struct transcript *transcript, const struct ds_domain *domain,
	int with_place)
{
	if (with_place)
		say_place(transcript, domain->place);
	say_scalars(transcript, domain);
	say_devices(transcript, domain);
	if (with_place)
		say_extras(transcript, domain);
}

/* ---- events ---- */

/** Checks a range of the input that begins at `offset`. */
static void cover(struct transcript *transcript, uint64_t offset, struct ds_text raw)
{
	if (transcript->input) {
		if (offset < transcript->end)
			finding("a range at %" PRIu64 " overlaps one that ends at %" PRIu64, offset,
				transcript->end);
		if (offset > transcript->input_size || raw.size > transcript->input_size - offset)
			finding("a range at %" PRIu64 " of %zu bytes lies outside the input",
				offset, raw.size);
		if (raw.size && memcmp(transcript->input + offset, raw.data, raw.size) != 0)
			finding("a range at %" PRIu64 " does not hold the input's bytes", offset);
	}
	transcript->end = offset + raw.size;
	transcript->covered += raw.size;
}

/** Checks bytes whose fault was reported with others before them. Their position is not reported,
 * so they are looked for: the first place after all that came before is never after the right
 * one. */
static void cover_likewise(struct transcript *transcript, struct ds_text raw)
{
	uint64_t offset = transcript->end;

	if (transcript->input) {
		const char *from = transcript->input + offset;
		const char *found =
			memmem(from, transcript->input_size - offset, raw.data, raw.size);

		if (!found)
			finding("%zu bytes without an error are not in the input after %" PRIu64,
				raw.size, offset);
		offset += (uint64_t)(found - from);
	}
	cover(transcript, offset, raw);
}

enum ds_status transcript_on_domain(void *context, const struct ds_domain *domain)
{
	struct transcript *transcript = context;

	if (transcript->pending)
		finding("a domain stands inside a refused range");
	cover(transcript, domain->place.offset, domain->raw);
	transcript->domains++;
	say(transcript, "domain ");
	transcript_domain(transcript, domain, 1);
	return DS_OK;
}

/** More of the refused range that began before, or its end. */
static void go_on(struct transcript *transcript, const struct ds_error *error, struct ds_text raw)
{
	cover(transcript, transcript->end, raw);
	transcript->pending += raw.size;
	if (!error)
		return;
	if (raw.size || error->length != transcript->pending)
		finding("a refused range of %" PRIu64
			" bytes ended with %zu bytes more, as one of %" PRIu64,
			transcript->pending, raw.size, error->length);
	transcript->pending = 0;
}

/** A refused range, or its first frame. */
static void begin(struct transcript *transcript, const struct ds_error *error, struct ds_text raw)
{
	transcript->refused++;
	if (raw.size || error->length)
		cover(transcript, error->place.offset, raw);
	say(transcript, "refused %s %s '%s' ", error->id, error->text, error->domain);
	say_place(transcript, error->place);
	if (error->length && error->length != raw.size)
		finding("a refused range of %zu bytes came with %" PRIu64, raw.size, error->length);
	transcript->pending = error->length ? 0 : raw.size;
}

enum ds_status transcript_on_rejected(void *context, const struct ds_error *error,
	struct ds_text raw)
{
	struct transcript *transcript = context;

	if (transcript->pending)
		go_on(transcript, error, raw);
	else if (error)
		begin(transcript, error, raw);
	else
		cover_likewise(transcript, raw);
	transcript_add(transcript, raw.data, raw.size);
	return DS_OK;
}

void transcript_compare(const struct transcript *one, const struct transcript *other,
	const char *what)
{
	if (one->size == other->size &&
		(!one->size || memcmp(one->data, other->data, one->size) == 0))
		return;
	fprintf(stderr, "---- one (%zu domains, %zu refused)\n", one->domains, one->refused);
	fwrite(one->data, 1, one->size, stderr);
	fprintf(stderr, "\n---- other (%zu domains, %zu refused)\n", other->domains,
		other->refused);
	fwrite(other->data, 1, other->size, stderr);
	fputs("\n----\n", stderr);
	finding("%s", what);
}

void transcript_clear(struct transcript *transcript)
{
	struct transcript empty = {.data = transcript->data, .capacity = transcript->capacity};

	*transcript = empty;
}

void transcript_fini(struct transcript *transcript)
{
	free(transcript->data);
}

/* ---- chance ---- */

uint64_t fuzz_hash(const uint8_t *data, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 0x100000001b3u;
	return hash ? hash : 1;
}

uint64_t fuzz_next(uint64_t *state)
{
	/* xorshift64 */
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
