/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/sized.h"

#include <string.h>

/** No struct of this library will ever be larger, so a larger size was never set by it. */
#define SIZE_LIMIT ((size_t)64 << 10)

void sized_init(void *made, size_t size, const void *defaults, size_t full)
{
	if (!made || size < sizeof size)
		return;
	memset(made, 0, size);
	memcpy(made, defaults, size < full ? size : full);
	memcpy(made, &size, sizeof size);
}

bool sized_is_set(const void *given)
{
	size_t size;

	memcpy(&size, given, sizeof size);
	return size > sizeof size && size <= SIZE_LIMIT;
}

bool sized_copy(void *ours, size_t full, const void *given)
{
	const unsigned char *bytes = given;
	size_t size;

	if (!given || !sized_is_set(given))
		return false;
	memcpy(&size, given, sizeof size);
	for (size_t i = full; i < size; i++)
		if (bytes[i])
			return false;
	memcpy((unsigned char *)ours + sizeof size, bytes + sizeof size,
		(size < full ? size : full) - sizeof size);
	return true;
}

void ds_domain_init(struct ds_domain *domain, size_t size)
{
	const struct ds_domain defaults = {.place = {.name = "-"}, .host = "", .id = -1};

	sized_init(domain, size, &defaults, sizeof defaults);
}

static bool is_switch(enum ds_flag flag)
{
	return (unsigned)flag <= DS_FLAG_ON;
}

/** Returns whether a record has all arrays whose count is not 0. */
static bool has_arrays(const struct ds_domain *domain)
{
	return (domain->disks || !domain->disk_count) &&
		(domain->interfaces || !domain->interface_count) &&
		(domain->graphics || !domain->graphics_count) &&
		(domain->chars || !domain->char_count) && (domain->pcis || !domain->pci_count) &&
		(domain->sounds || !domain->sound_count) &&
		(domain->inputs || !domain->input_count) && (domain->pins || !domain->pin_count) &&
		(domain->extras || !domain->extra_count);
}

static bool is_disk(const struct ds_disk *disk)
{
	const struct ds_disk_details *details = disk->details;

	if ((unsigned)disk->device > DS_DEVICE_LUN || (unsigned)disk->type > DS_SOURCE_OTHER ||
		(unsigned)disk->klass > DS_CLASS_IMAGE || !is_switch(disk->bootable))
		return false;
	if (details && details->backing_count && !details->backing)
		return false;
	for (size_t i = 0; details && i < details->backing_count; i++)
		if ((unsigned)details->backing[i].type > DS_SOURCE_OTHER)
			return false;
	return true;
}

/** Returns whether the enums of all devices and extras have values that we know, so that they can
 * index tables. */
static bool has_known_devices(const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		if (!is_disk(&domain->disks[i]))
			return false;
	for (size_t i = 0; i < domain->interface_count; i++)
		if ((unsigned)domain->interfaces[i].type > DS_INTERFACE_OTHER)
			return false;
	for (size_t i = 0; i < domain->graphics_count; i++)
		if ((unsigned)domain->graphics[i].type > DS_GRAPHICS_SDL)
			return false;
	for (size_t i = 0; i < domain->char_count; i++)
		if ((unsigned)domain->chars[i].kind > DS_CHAR_CONSOLE ||
			(unsigned)domain->chars[i].type > DS_CHAR_UNIX)
			return false;
	for (size_t i = 0; i < domain->extra_count; i++)
		if ((unsigned)domain->extras[i].kind > DS_EXTRA_DETAIL)
			return false;
	return true;
}

/** Returns whether we can handle all values of a record. */
static bool is_record(const struct ds_domain *domain)
{
	return domain->place.name && domain->host && (unsigned)domain->format <= DS_FORMAT_SEXPR &&
		(unsigned)domain->clock <= DS_CLOCK_VARIABLE && domain->boot_count <= DS_BOOT_MAX &&
		is_switch(domain->acpi) && is_switch(domain->apic) && is_switch(domain->pae) &&
		is_switch(domain->hap) && is_switch(domain->viridian) && is_switch(domain->hpet) &&
		has_arrays(domain) && has_known_devices(domain);
}

const struct ds_domain *sized_domain(const struct ds_domain *given, struct ds_domain *copy)
{
	if (given && given->size == sizeof *given)
		return is_record(given) ? given : NULL;
	ds_domain_init(copy, sizeof *copy);
	return sized_copy(copy, sizeof *copy, given) && is_record(copy) ? copy : NULL;
}
