/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/buffer.h"
#include "record/secret.h"
#include "record/source.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Identifies an image that is not a path of the host. An image on a network server is
 * "PROTOCOL://SERVERS/NAME" on any host; an image that only one host knows begins with a word and a
 * colon.
 */

/** Returns the port that a server has unless another one is set. Monitors of rbd and peers of
 * Gluster and Sheepdog belong to one cluster, whatever their ports. */
static const char *usual_port(struct ds_text protocol)
{
	static const char *const rows[][2] = {{"nbd", "10809"}, {"iscsi", "3260"}, {"ssh", "22"},
		{"nfs", "2049"}, {"http", "80"}, {"https", "443"}, {"ftp", "21"}, {"ftps", "990"},
		{"tftp", "69"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_is(protocol, rows[i][0]))
			return rows[i][1];
	return NULL;
}

static int compare_hosts(const void *left, const void *right)
{
	const struct ds_disk_host *a = left, *b = right;
	int order = text_compare(a->name, b->name);

	return order ? order : text_compare(a->port, b->port);
}

/** Returns whether a server is local, so that each host has its own. */
static bool is_local(const struct ds_disk_host *host)
{
	return text_given(host->socket) || !text_given(host->name) ||
		text_is(host->name, "localhost") || text_starts(host->name, "127.") ||
		text_is(host->name, "::1");
}

/** Appends "c1,c2:6790", in an order that does not depend on that of the input. */
static void add_hosts(struct buffer *out, const struct ds_disk_location *location,
	struct ds_disk_host *hosts)
{
	const char *usual = usual_port(location->protocol);

	memcpy(hosts, location->hosts, location->host_count * sizeof *hosts);
	qsort(hosts, location->host_count, sizeof *hosts, compare_hosts);
	for (size_t i = 0; i < location->host_count; i++) {
		struct ds_text name = text_given(hosts[i].socket) ? hosts[i].socket : hosts[i].name;

		if (i)
			buffer_byte(out, ',');
		secret_mask(out, name);
		if (!usual || !text_given(hosts[i].port) || text_is(hosts[i].port, usual))
			continue;
		buffer_byte(out, ':');
		buffer_add(out, hosts[i].port.data, hosts[i].port.size);
	}
}

static void add(struct buffer *out, const char *before, struct ds_text text)
{
	if (!text_given(text))
		return;
	buffer_string(out, before);
	buffer_add(out, text.data, text.size);
}

static void network(struct arena *arena, struct buffer *out, struct ds_text source,
	const struct ds_disk_location *location)
{
	struct ds_disk_host *hosts = arena_alloc(arena, (location->host_count + 1) * sizeof *hosts);
	bool is_everywhere = location->host_count != 0;

	if (!hosts)
		return;
	for (size_t i = 0; i < location->host_count; i++)
		is_everywhere &= !is_local(&location->hosts[i]);
	buffer_add(out, location->protocol.data, location->protocol.size);
	buffer_string(out, is_everywhere ? "://" : ":");
	if (location->host_count)
		add_hosts(out, location, hosts);
	if (location->host_count || !text_starts(source, "/"))
		buffer_byte(out, '/');
	buffer_add(out, source.data ? source.data : "", source.size);
	add(out, "@", location->snapshot);
}

static void nvme(struct buffer *out, const struct ds_disk_location *location)
{
	const struct ds_pci *address = location->nvme;
	char text[64];

	snprintf(text, sizeof text, "nvme:%04x:%02x:%02x.%x", address->domain, address->bus,
		address->slot, address->function);
	buffer_string(out, text);
	add(out, "/", location->nvme_namespace);
}

struct ds_text source_identity(struct arena *arena, const struct ds_disk *disk)
{
	const struct ds_disk_location *location = disk->details ? disk->details->location : NULL;
	struct ds_text masked, identity = {NULL, 0};
	struct buffer out;

	if (disk->type <= DS_SOURCE_DIR)
		return source_canonical(arena, disk);
	if (!location)
		return identity;
	masked = source_masked(arena, disk);
	buffer_init(&out);
	if (disk->type == DS_SOURCE_NETWORK && text_given(location->protocol))
		network(arena, &out, masked, location);
	else if (disk->type == DS_SOURCE_VOLUME && text_given(location->pool) &&
		text_given(masked)) {
		add(&out, "volume:", secret_masked(arena, location->pool));
		add(&out, "/", masked);
	} else if (location->nvme)
		nvme(&out, location);
	else if (text_given(location->socket))
		add(&out, "socket:", secret_masked(arena, location->socket));
	if (out.size && !out.failed)
		identity = arena_text(arena, out.data, out.size);
	arena->failed |= out.failed;
	buffer_fini(&out);
	return identity;
}
