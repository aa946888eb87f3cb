/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/view.h"

#include "record/place.h"
#include "record/scan.h"
#include "record/source.h"
#include "record/text.h"

/* ---- disks ---- */

static unsigned word_of(struct ds_text text)
{
	static const struct {
		char word[8];
		size_t size;
	} words[] = {
		{"file", 4},
		{"phy", 3},
		{"tap", 3},
		{"tap2", 4},
		{"tapdisk", 7},
		{"aio", 3},
		{"ioemu", 5},
		{"qemu", 4},
		{"sync", 4},
		{"vmdk", 4},
		{"ram", 3},
		{"qcow", 4},
		{"qcow2", 5},
		{"vhd", 3},
		{"remus", 5},
		{"raw", 3},
	};
	char word[8] = {0};

	if (!text.data)
		return WORD_NONE;
	for (size_t i = 0; i < text.size && i < sizeof word; i++)
		word[i] = text.data[i];
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memcmp(words[i].word, word, sizeof word) == 0 && words[i].size == text.size)
			return (unsigned)WORD_FILE << i;
	return WORD_OTHER;
}

bool view_path_is_temporary(struct ds_text path)
{
	return text_starts(path, "/tmp/") || text_starts(path, "/var/tmp/") ||
		text_starts(path, "/dev/shm/");
}

/** Sets the sources of the disk's backing files. */
static void fill_backing(struct domain_view *view, struct disk_view *item)
{
	struct ds_text *sources;

	if (!item->details->backing_count)
		return;
	sources = arena_alloc(view->arena, item->details->backing_count * sizeof *sources);
	for (size_t i = 0; sources && i < item->details->backing_count; i++)
		sources[i] = source_of_backing(view->arena, &item->details->backing[i]);
	item->backing_sources = sources;
	item->backing_count = sources ? item->details->backing_count : 0;
}

static void fill_disk(struct domain_view *view, size_t number)
{
	static const struct ds_disk_details no_details = {.transient = false};
	struct disk_view *item = &view->disks[number];
	const struct ds_disk *disk = &view->domain->disks[number];
	static const char *const nothings[] = {"/dev/null", "/dev/zero", "/dev/full", NULL};
	static const char *const hosts[] = {"0", "Domain-0", "dom0", NULL};
	bool is_transient;

	item->disk = disk;
	item->details = disk->details ? disk->details : &no_details;
	item->backend = source_backend(disk);
	item->format = source_format(disk);
	item->backend_word = word_of(item->backend);
	item->format_word = word_of(item->format);
	item->is_bare = text_given(disk->source) &&
		scan_is_bare((const unsigned char *)disk->source.data, disk->source.size);
	item->source = item->is_bare ? disk->source : source_masked(view->arena, disk);
	item->canonical = source_canonical(view->arena, disk);
	item->identity =
		disk->type <= DS_SOURCE_DIR ? item->canonical : source_identity(view->arena, disk);
	item->is_nothing = text_is_one_of(item->canonical, nothings);
	item->backend_domain =
		text_is_one_of(disk->backend, hosts) ? (struct ds_text){NULL, 0} : disk->backend;
	item->is_cdrom = disk->device == DS_DEVICE_CDROM;
	item->is_floppy = disk->device == DS_DEVICE_FLOPPY;
	/* Xen's tools ignore the setting, see DA129. */
	is_transient = item->details->transient && !view->is_xen;
	item->is_writable = !disk->readonly && !(view->is_xml && item->is_cdrom) && !is_transient;
	item->is_disposable = view->is_disposable || is_transient ||
		(text_is(item->details->cache, "unsafe") &&
			view_path_is_temporary(item->canonical));
	item->is_shareable = disk->shareable;
	item->has_vdev = vdev_parse(disk->target, &item->vdev);
	fill_backing(view, item);
}

/** Gives each disk its extras, which follow one another in the record. */
static void share_extras(struct domain_view *view)
{
	const struct ds_domain *domain = view->domain;

	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *extra = &domain->extras[i];
		struct disk_view *item;

		if (!extra->disk || extra->disk > view->count)
			continue;
		item = &view->disks[extra->disk - 1];
		if (!item->extra_count++)
			item->extras = extra;
	}
}

static void find_disk_places(struct domain_view *view)
{
	struct place_finder finder = place_finder_of(view->domain);

	for (size_t i = 0; i < view->count; i++)
		view->disks[i].place = place_find(&finder, view->disks[i].disk->at);
}

/** Returns the hypervisor for libvirt's type of the domain. */
static enum ds_hypervisor hypervisor_of(struct ds_text type)
{
	static const struct {
		const char *type;
		enum ds_hypervisor hypervisor;
	} rows[] = {
		{"xen", DS_HYPERVISOR_XEN},
		{"kvm", DS_HYPERVISOR_QEMU},
		{"qemu", DS_HYPERVISOR_QEMU},
		{"kqemu", DS_HYPERVISOR_QEMU},
		{"hvf", DS_HYPERVISOR_QEMU},
		{"vmware", DS_HYPERVISOR_VMWARE},
		{"esx", DS_HYPERVISOR_VMWARE},
		{"gsx", DS_HYPERVISOR_VMWARE},
		{"bhyve", DS_HYPERVISOR_BHYVE},
		{"lxc", DS_HYPERVISOR_LXC},
		{"openvz", DS_HYPERVISOR_LXC},
		{"vz", DS_HYPERVISOR_LXC},
		{"parallels", DS_HYPERVISOR_LXC},
		{"uml", DS_HYPERVISOR_LXC},
	};

	if (!text_given(type))
		return DS_HYPERVISOR_XEN;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_is(type, rows[i].type))
			return rows[i].hypervisor;
	return DS_HYPERVISOR_OTHER;
}

bool view_fill(struct domain_view *view, const struct ds_domain *domain, struct arena *arena)
{
	memset(view, 0, offsetof(struct domain_view, few));
	view->domain = domain;
	view->arena = arena;
	view->is_xml = domain->format == DS_FORMAT_XML;
	view->hypervisor = view->is_xml ? hypervisor_of(domain->type) : DS_HYPERVISOR_XEN;
	view->is_xen = view->hypervisor == DS_HYPERVISOR_XEN;
	view->is_disposable = !view->is_xen && view_path_is_temporary(domain->kernel);
	view->has_uuid = text_parse_uuid(domain->uuid, view->uuid);
	view->count = domain->disk_count;
	view->disks = view->count <= VIEW_FEW
		? view->few
		: arena_alloc(arena, view->count * sizeof *view->disks);
	if (!view->disks)
		return false;
	memset(view->disks, 0, view->count * sizeof *view->disks);
	for (size_t i = 0; i < view->count; i++)
		fill_disk(view, i);
	share_extras(view);
	find_disk_places(view);
	return !arena->failed;
}
