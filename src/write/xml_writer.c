/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/members.h"
#include "record/words.h"

#include <stddef.h>

/* A domain as libvirt domain XML. Order and indentation are those of `virsh dumpxml`. */

/** An element of text: what stands before and behind it. */
struct element {
	struct ds_text begin, end;
	const char *name;
};
#define ELEMENT(name) {{"    <" name, sizeof "    <" name - 1}, {"</" name ">\n", sizeof "</" name ">\n" - 1}, name}

/** The scalars' elements, from the one table. */
#define DS_FIELD(member, kind, context, name, sexpr_context, sexpr_key) [FIELD_##member] = ELEMENT(name),
static const struct element elements[FIELD_COUNT] = {
#include "record/fields.def"
};

/** What stands before an element at this indentation; there are four blanks in the table. */
static struct ds_text begin_at(const struct element *element, size_t indent)
{
	return text_from(element->begin, 4 - indent);
}

/** A text, when it is said, on a line of its own. */
static void write_text(struct writing *writing, size_t indent, const struct element *element, struct ds_text value,
		       enum schema place, const char *path)
{
	if (value.data)
		xml_element(writing, begin_at(element, indent), element->end, value, place, path);
}

/** A text member under its name in the table. */
#define FIELD(indent, member, place)                                                                 \
	write_text(writing, indent, &elements[FIELD_##member], domain->member, place,             \
		   elements[FIELD_##member].name)

static void write_memory(struct writing *writing, const struct element *element, uint64_t kib)
{
	struct buffer *out = writing->out;
	struct ds_text begin = begin_at(element, 2);

	if (!kib)
		return;
	buffer_add(out, begin.data, begin.size);
	buffer_literal(out, " unit='KiB'>");
	buffer_unsigned(out, kib);
	buffer_add(out, element->end.data, element->end.size);
}

static void write_vcpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->vcpus) {
		if (text_given(domain->cpuset))
			lose(writing, LOSS_INCOMPLETE, "cpus", domain->cpuset, 0);
		return;
	}
	buffer_literal(writing->out, "  <vcpu placement='static'");
	if (text_given(domain->cpuset))
		xml_attribute(writing, TEXT(" cpuset='"), domain->cpuset, SCHEMA_CPUSET, "vcpu@cpuset", 0);
	if (domain->vcpus_online && domain->vcpus_online < domain->vcpus)
		xml_number(writing, TEXT(" current='"), (int64_t)domain->vcpus_online);
	buffer_byte(writing->out, '>');
	buffer_unsigned(writing->out, domain->vcpus);
	buffer_literal(writing->out, "</vcpu>\n");
	xml_limit(writing, domain->vcpus, UINT16_MAX, "vcpu", 0);
}

/** The credit scheduler's weight is what libvirt calls shares (libxl_conf.c). Its cap has no counterpart. */
static void write_cputune(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct buffer *out = writing->out;

	if (!domain->cpu_weight && !domain->pin_count)
		return;
	buffer_literal(out, "  <cputune>\n");
	if (domain->cpu_weight) {
		buffer_literal(out, "    <shares>");
		buffer_unsigned(out, domain->cpu_weight);
		buffer_literal(out, "</shares>\n");
		xml_limit(writing, domain->cpu_weight, UINT32_MAX, "cputune/shares", 0);
	}
	for (size_t i = 0; i < domain->pin_count; i++) {
		buffer_literal(out, "    <vcpupin");
		xml_number(writing, TEXT(" vcpu='"), (int64_t)domain->pins[i].vcpu);
		xml_limit(writing, domain->pins[i].vcpu, UINT16_MAX, "cputune/vcpupin@vcpu", domain->pins[i].at);
		xml_attribute(writing, TEXT(" cpuset='"), domain->pins[i].cpuset, SCHEMA_CPUSET,
			      "cputune/vcpupin@cpuset", domain->pins[i].at);
		buffer_literal(out, "/>\n");
	}
	buffer_literal(out, "  </cputune>\n");
}

/** xend takes an empty boot loader for none when there is a kernel; libvirt takes it for its default one. */
static void write_bootloader(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (domain->is_hvm || !domain->bootloader.data || (!domain->bootloader.size && text_given(domain->kernel))) {
		if (text_given(domain->bootloader))
			lose(writing, LOSS_NO_PLACE, "bootloader", domain->bootloader, 0);
		if (text_given(domain->bootloader_args))
			lose(writing, LOSS_NO_PLACE, "bootloader_args", domain->bootloader_args, 0);
		return;
	}
	FIELD(2, bootloader, SCHEMA_TEXT);
	FIELD(2, bootloader_args, SCHEMA_TEXT);
}

static void write_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->boot_count; i++) {
		buffer_literal(writing->out, "    <boot dev='");
		buffer_string(writing->out, boot_word(domain->boot[i]));
		buffer_literal(writing->out, "'/>\n");
	}
}

static void write_os(struct writing *writing)
{
	static const struct element os_type = ELEMENT("type");
	const struct ds_domain *domain = writing->domain;
	struct ds_text type = domain->is_hvm ? TEXT("hvm") : domain->os_type;

	if (!text_given(type) && !text_given(domain->kernel))
		return;
	if (!text_given(type))
		type = TEXT("linux");
	buffer_literal(writing->out, "  <os>\n");
	write_text(writing, 4, &os_type, type, SCHEMA_OS_TYPE, "os/type");
	if (domain->is_hvm)
		FIELD(4, loader, SCHEMA_PATH);
	else if (text_given(domain->loader))
		lose(writing, LOSS_NO_PLACE, "image/loader", domain->loader, 0);
	FIELD(4, kernel, SCHEMA_PATH);
	FIELD(4, initrd, SCHEMA_PATH);
	FIELD(4, cmdline, SCHEMA_TEXT);
	FIELD(4, root, SCHEMA_PATH);
	if (domain->is_hvm)
		write_boot(writing);
	else if (domain->boot_count)
		lose(writing, LOSS_NO_PLACE, "image/boot", (struct ds_text){domain->boot, domain->boot_count}, 0);
	buffer_literal(writing->out, "  </os>\n");
}

static void write_feature(struct writing *writing, enum ds_flag flag, const char *element)
{
	if (flag == DS_FLAG_ON)
		buffer_string(writing->out, element);
}

static void write_features(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (domain->acpi != DS_FLAG_ON && domain->apic != DS_FLAG_ON && domain->pae != DS_FLAG_ON &&
	    domain->hap == DS_FLAG_UNSET && domain->viridian != DS_FLAG_ON)
		return;
	buffer_literal(writing->out, "  <features>\n");
	write_feature(writing, domain->acpi, "    <acpi/>\n");
	write_feature(writing, domain->apic, "    <apic/>\n");
	write_feature(writing, domain->pae, "    <pae/>\n");
	if (domain->hap != DS_FLAG_UNSET)
		buffer_string(writing->out, domain->hap == DS_FLAG_ON ? "    <hap/>\n" : "    <hap state='off'/>\n");
	write_feature(writing, domain->viridian, "    <viridian/>\n");
	buffer_literal(writing->out, "  </features>\n");
}

/** From xend 3.1 on an HVM guest keeps an offset of its own to the host's clock (libvirt's xenParseSxpr()). */
static void write_clock(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct buffer *out = writing->out;
	int is_variable = domain->clock == DS_CLOCK_VARIABLE ||
			  (domain->format == DS_FORMAT_SEXPR && domain->is_hvm && writing->options->xend >= DS_XEND_31);
	int is_local = domain->clock == DS_CLOCK_LOCALTIME || (domain->clock == DS_CLOCK_VARIABLE && domain->clock_is_local);

	if (domain->clock_adjustment && !is_variable)
		lose(writing, LOSS_NO_PLACE, "clock@adjustment", (struct ds_text){NULL, 0}, 0);
	if (domain->clock == DS_CLOCK_UNSET && domain->hpet == DS_FLAG_UNSET && !is_variable)
		return;
	if (is_variable) {
		buffer_literal(out, "  <clock offset='variable'");
		xml_number(writing, TEXT(" adjustment='"), domain->clock_adjustment);
		buffer_string(out, is_local ? " basis='localtime'" : " basis='utc'");
	} else {
		buffer_string(out, is_local ? "  <clock offset='localtime'" : "  <clock offset='utc'");
	}
	if (domain->hpet == DS_FLAG_UNSET) {
		buffer_literal(out, "/>\n");
		return;
	}
	buffer_literal(out, ">\n    <timer name='hpet' present='");
	buffer_string(out, domain->hpet == DS_FLAG_ON ? "yes'/>\n  </clock>\n" : "no'/>\n  </clock>\n");
}

static void write_head(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	buffer_literal(writing->out, "<domain");
	xml_attribute(writing, TEXT(" type='"), text_given(domain->type) ? domain->type : TEXT("xen"), SCHEMA_DOMAIN_TYPE,
		      "@type", 0);
	if (domain->id >= 0) {
		xml_number(writing, TEXT(" id='"), domain->id);
		xml_limit(writing, (uint64_t)domain->id, UINT32_MAX, "@id", 0);
	}
	buffer_literal(writing->out, ">\n");
	FIELD(2, name, SCHEMA_LINE);
	/* What is no UUID libvirt refuses together with the domain; the reader has noted it. */
	if (text_is_uuid(domain->uuid))
		FIELD(2, uuid, SCHEMA_TEXT);
}

static void write_rest(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	FIELD(2, description, SCHEMA_TEXT);
	write_memory(writing, &elements[FIELD_memory_kib], domain->memory_kib);
	write_memory(writing, &elements[FIELD_current_memory_kib],
		     domain->current_memory_kib ? domain->current_memory_kib : domain->memory_kib);
	write_vcpus(writing);
	write_cputune(writing);
	write_bootloader(writing);
	write_os(writing);
	write_features(writing);
	write_clock(writing);
	FIELD(2, on_poweroff, SCHEMA_ON_EVENT);
	FIELD(2, on_reboot, SCHEMA_ON_EVENT);
	FIELD(2, on_crash, SCHEMA_ON_CRASH);
}

void xml_write(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	write_head(writing);
	if (!writing->options->only_disks)
		write_rest(writing);
	buffer_literal(writing->out, "  <devices>\n");
	if (!writing->options->only_disks)
		FIELD(4, emulator, SCHEMA_PATH);
	xml_write_disks(writing);
	if (!writing->options->only_disks)
		xml_write_devices(writing);
	buffer_literal(writing->out, "  </devices>\n</domain>\n");
}
