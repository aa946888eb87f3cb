/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include <stddef.h>

/* Writes a domain as libvirt domain XML, with the order and indentation of `virsh dumpxml`. */

/** The text of an element before and after its value. */
struct element {
	struct ds_text begin, end;
};
#define ELEMENT(name) \
	{ \
		{"    <" name, sizeof "    <" name - 1}, \
		{ \
			"</" name ">\n", sizeof "</" name ">\n" - 1 \
		} \
	}

/** The elements of the fields, generated from the table. */
#define DS_FIELD(member, kind, context, name, sexpr_context, sexpr_key) \
	[FIELD_##member] = ELEMENT(name),
static const struct element elements[FIELD_COUNT] = {
#include "record/fields.def"
};

/** The order in which fields are written: groups of fields that are in the same element. */
#define HEAD_FIELDS(X) X(type) X(id) X(name) X(uuid)
#define DOMAIN_FIELDS(X) \
	X(description) \
	X(memory_kib) \
	X(current_memory_kib) \
	X(vcpus) X(vcpus_online) X(cpuset) X(cpu_weight) X(bootloader) X(bootloader_args)
#define OS_FIELDS(X) X(is_hvm) X(os_type) X(loader) X(kernel) X(initrd) X(cmdline) X(root) X(boot)
#define FEATURE_FIELDS(X) X(acpi) X(apic) X(pae) X(hap) X(viridian)
#define CLOCK_FIELDS(X) X(clock) X(clock_is_local) X(clock_adjustment) X(clock_reset) X(hpet)
#define ACTION_FIELDS(X) X(on_poweroff) X(on_reboot) X(on_crash)
#define DEVICE_FIELDS(X) X(emulator)

/** Every field is in exactly one of these lists. */
enum {
#define X(member) POSITION_##member,
	HEAD_FIELDS(X) DOMAIN_FIELDS(X) OS_FIELDS(X) FEATURE_FIELDS(X) CLOCK_FIELDS(X)
		ACTION_FIELDS(X) DEVICE_FIELDS(X)
#undef X
			POSITIONS
};
_Static_assert((int)POSITIONS == (int)FIELD_COUNT,
	"add the new field of record/fields.def to one of these lists, which order the output");

/** Returns the text before the value of an element at this indentation; the table has four
 * blanks. */
static struct ds_text begin_at(const struct element *element, size_t indent)
{
	return text_from(element->begin, 4 - indent);
}

/** Writes a text, unless it is NULL, as an element on a line of its own. */
static bool write_text(struct writing *writing, size_t indent, enum field field,
	struct ds_text value, enum schema schema)
{
	const struct element *element = &elements[field];

	if (value.data)
		xml_element(writing, begin_at(element, indent), element->end, value, schema,
			domain_members[field].xml, writing->domain->field_at[field]);
	return true;
}

static bool write_memory(struct writing *writing, enum field field, uint64_t kib)
{
	const struct element *element = &elements[field];
	struct buffer *out = writing->out;
	struct ds_text begin = begin_at(element, 2);

	if (!kib)
		return true;
	buffer_add(out, begin.data, begin.size);
	buffer_literal(out, " unit='KiB'>");
	buffer_unsigned(out, kib);
	buffer_add(out, element->end.data, element->end.size);
	return true;
}

/** Adds a loss when a number is above what libvirt's schema allows. */
static void limit(struct writing *writing, enum field field, uint64_t value, uint64_t max)
{
	xml_limit(writing, value, max, domain_members[field].xml, writing->domain->field_at[field]);
}

/* ---- processors ---- */

/** Returns whether only some vcpus are online. */
static bool has_some_online(const struct ds_domain *domain)
{
	return domain->vcpus_online && domain->vcpus_online < domain->vcpus;
}

static bool write_vcpus(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	/* xend gives a guest without a number one vcpu, which the set applies to. */
	uint64_t vcpus = domain->vcpus ? domain->vcpus : (uint64_t)text_given(domain->cpuset);

	if (!vcpus)
		return true;
	buffer_literal(writing->out, "  <vcpu placement='static'");
	if (text_given(domain->cpuset))
		xml_attribute(writing, TEXT(" cpuset='"), domain->cpuset, SCHEMA_CPUSET,
			domain_members[FIELD_cpuset].xml, domain->field_at[FIELD_cpuset]);
	if (has_some_online(domain))
		xml_number(writing, TEXT(" current='"), (int64_t)domain->vcpus_online);
	buffer_byte(writing->out, '>');
	buffer_unsigned(writing->out, vcpus);
	buffer_literal(writing->out, "</vcpu>\n");
	limit(writing, FIELD_vcpus, domain->vcpus, UINT16_MAX);
	return true;
}

FIELD_SWITCH write_pin_field(struct writing *writing, const struct ds_pin *pin,
	enum pin_field field)
{
	switch (field) {
	case PIN_vcpu:
		xml_number(writing, TEXT(" vcpu='"), (int64_t)pin->vcpu);
		xml_limit(writing, pin->vcpu, UINT16_MAX, "cputune/vcpupin@vcpu", pin->at);
		return true;
	case PIN_cpuset:
		xml_attribute(writing, TEXT(" cpuset='"), pin->cpuset, SCHEMA_CPUSET,
			"cputune/vcpupin@cpuset", pin->at);
		return true;
	}
	return true;
}

static void write_pin(struct writing *writing, const struct ds_pin *pin)
{
	buffer_literal(writing->out, "    <vcpupin");
#define DS_PIN_FIELD(member, type, xml, sexpr) \
	if (!write_pin_field(writing, pin, PIN_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_PIN, pin, PIN_##member);
#include "record/devices.def"
	buffer_literal(writing->out, "/>\n");
}

/** Writes the weight of the credit scheduler, which corresponds to libvirt's shares
 * (libxl_conf.c), and the pins. The scheduler's cap has no equivalent. */
static bool write_cputune(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct buffer *out = writing->out;

	if (!domain->cpu_weight && !domain->pin_count)
		return true;
	buffer_literal(out, "  <cputune>\n");
	if (domain->cpu_weight) {
		buffer_literal(out, "    <shares>");
		buffer_unsigned(out, domain->cpu_weight);
		buffer_literal(out, "</shares>\n");
		limit(writing, FIELD_cpu_weight, domain->cpu_weight, UINT32_MAX);
	}
	for (size_t i = 0; i < domain->pin_count; i++)
		write_pin(writing, &domain->pins[i]);
	buffer_literal(out, "  </cputune>\n");
	return true;
}

/* ---- how it boots, features, clock ---- */

/** Returns whether a boot loader is written. xend ignores an empty one when there is a kernel; for
 * libvirt it means the default boot loader. */
static bool uses_bootloader(const struct ds_domain *domain)
{
	return !domain->is_hvm && domain->bootloader.data &&
		(domain->bootloader.size || !text_given(domain->kernel));
}

static struct ds_text os_type(const struct ds_domain *domain)
{
	if (domain->is_hvm)
		return TEXT("hvm");
	return text_given(domain->os_type) || !text_given(domain->kernel) ? domain->os_type
									  : TEXT("linux");
}

/** Writes the order of the kinds of devices, unless each device has its own: libvirt refuses both
 * together. */
static bool write_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (!domain->is_hvm)
		return false;
	for (size_t i = 0; i < domain->boot_count && !writing->device_order.data; i++) {
		buffer_literal(writing->out, "    <boot dev='");
		buffer_string(writing->out, words_boot_word(domain->boot[i]));
		buffer_literal(writing->out, "'/>\n");
	}
	return true;
}

/** Writes a feature that is on. One that is off is not written, which has the same meaning. */
static bool write_feature(struct writing *writing, enum ds_flag flag, const char *element)
{
	if (flag == DS_FLAG_ON)
		buffer_string(writing->out, element);
	return flag != DS_FLAG_OFF;
}

static bool write_hap(struct writing *writing)
{
	enum ds_flag hap = writing->domain->hap;

	if (hap != DS_FLAG_UNSET)
		buffer_string(writing->out,
			hap == DS_FLAG_ON ? "    <hap/>\n" : "    <hap state='off'/>\n");
	return true;
}

/** Returns whether the clock is variable. From xend 3.1 on, an HVM guest keeps its own offset to
 * the host's clock (libvirt's xenParseSxpr()). */
static bool is_variable(const struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	return domain->clock == DS_CLOCK_VARIABLE ||
		(domain->format == DS_FORMAT_SEXPR && domain->is_hvm &&
			writing->options->xend >= DS_XEND_31);
}

static void write_clock_attributes(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct buffer *out = writing->out;
	bool is_local = domain->clock == DS_CLOCK_LOCALTIME ||
		(domain->clock == DS_CLOCK_VARIABLE && domain->clock_is_local);

	if (is_variable(writing)) {
		buffer_literal(out, "  <clock offset='variable'");
		xml_number(writing, TEXT(" adjustment='"), domain->clock_adjustment);
		buffer_string(out, is_local ? " basis='localtime'" : " basis='utc'");
	} else {
		buffer_string(out,
			is_local ? "  <clock offset='localtime'" : "  <clock offset='utc'");
		if (domain->clock_reset)
			buffer_literal(out, " adjustment='reset'");
	}
}

static bool write_clock(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct buffer *out = writing->out;

	if (domain->clock == DS_CLOCK_UNSET && domain->hpet == DS_FLAG_UNSET &&
		!is_variable(writing))
		return true;
	write_clock_attributes(writing);
	if (domain->hpet == DS_FLAG_UNSET) {
		buffer_literal(out, "/>\n");
		return true;
	}
	buffer_literal(out, ">\n    <timer name='hpet' present='");
	buffer_string(out,
		domain->hpet == DS_FLAG_ON ? "yes'/>\n  </clock>\n" : "no'/>\n  </clock>\n");
	return true;
}

/* ---- all fields ---- */

static bool write_type(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	xml_attribute(writing, TEXT(" type='"),
		text_given(domain->type) ? domain->type : TEXT("xen"), SCHEMA_DOMAIN_TYPE, "@type",
		0);
	return true;
}

static bool write_id(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	if (domain->id < 0)
		return true;
	xml_number(writing, TEXT(" id='"), domain->id);
	limit(writing, FIELD_id, (uint64_t)domain->id, UINT32_MAX);
	return true;
}

static bool write_os_type(struct writing *writing)
{
	static const struct element element = ELEMENT("type");

	xml_element(writing, begin_at(&element, 4), element.end, os_type(writing->domain),
		SCHEMA_OS_TYPE, "os/type", writing->domain->field_at[FIELD_is_hvm]);
	return true;
}

#define WRITE_TEXT(indent, member, schema) \
	write_text(writing, indent, FIELD_##member, domain->member, schema)

FIELD_SWITCH write_field(struct writing *writing, enum field field)
{
	const struct ds_domain *domain = writing->domain;

	switch (field) {
	case FIELD_type:
		return write_type(writing);
	case FIELD_id:
		return write_id(writing);
	case FIELD_name:
		/* The element follows the start tag, whose attributes were written before. */
		buffer_literal(writing->out, ">\n");
		return WRITE_TEXT(2, name, SCHEMA_LINE);
	case FIELD_uuid:
		/* libvirt refuses a domain with an invalid UUID; the reader has added the loss. */
		return !text_is_uuid(domain->uuid) || WRITE_TEXT(2, uuid, SCHEMA_TEXT);
	case FIELD_description:
		return WRITE_TEXT(2, description, SCHEMA_TEXT);
	case FIELD_memory_kib:
		return write_memory(writing, FIELD_memory_kib, domain->memory_kib);
	case FIELD_current_memory_kib:
		return write_memory(writing, FIELD_current_memory_kib,
			domain->current_memory_kib ? domain->current_memory_kib
						   : domain->memory_kib);
	case FIELD_vcpus:
		return write_vcpus(writing);
	case FIELD_vcpus_online:
		return !domain->vcpus_online || domain->vcpus_online <= domain->vcpus;
	case FIELD_cpuset:
		/* This is an attribute of <vcpu>. */
		return true;
	case FIELD_cpu_weight:
		return write_cputune(writing);
	case FIELD_bootloader:
		return uses_bootloader(domain) && WRITE_TEXT(2, bootloader, SCHEMA_TEXT);
	case FIELD_bootloader_args:
		return uses_bootloader(domain) && WRITE_TEXT(2, bootloader_args, SCHEMA_TEXT);
	case FIELD_is_hvm:
		return true;
	case FIELD_os_type:
		return write_os_type(writing);
	case FIELD_loader:
		return domain->is_hvm && WRITE_TEXT(4, loader, SCHEMA_PATH);
	case FIELD_kernel:
		return WRITE_TEXT(4, kernel, SCHEMA_PATH);
	case FIELD_initrd:
		return WRITE_TEXT(4, initrd, SCHEMA_PATH);
	case FIELD_cmdline:
		return WRITE_TEXT(4, cmdline, SCHEMA_TEXT);
	case FIELD_root:
		return WRITE_TEXT(4, root, SCHEMA_PATH);
	case FIELD_boot:
		return write_boot(writing);
	case FIELD_acpi:
		return write_feature(writing, domain->acpi, "    <acpi/>\n");
	case FIELD_apic:
		return write_feature(writing, domain->apic, "    <apic/>\n");
	case FIELD_pae:
		return write_feature(writing, domain->pae, "    <pae/>\n");
	case FIELD_viridian:
		return write_feature(writing, domain->viridian, "    <viridian/>\n");
	case FIELD_hap:
		return write_hap(writing);
	case FIELD_clock:
		return write_clock(writing);
	case FIELD_clock_is_local:
	case FIELD_clock_adjustment:
		return is_variable(writing);
	case FIELD_clock_reset:
		return !is_variable(writing) && domain->clock != DS_CLOCK_UNSET;
	case FIELD_hpet:
		/* This is an element in <clock>. */
		return true;
	case FIELD_on_poweroff:
		return WRITE_TEXT(2, on_poweroff, SCHEMA_ON_EVENT);
	case FIELD_on_reboot:
		return WRITE_TEXT(2, on_reboot, SCHEMA_ON_EVENT);
	case FIELD_on_crash:
		return WRITE_TEXT(2, on_crash, SCHEMA_ON_CRASH);
	case FIELD_emulator:
		return WRITE_TEXT(4, emulator, SCHEMA_PATH);
	}
	return true;
}

#define WRITE(member) \
	if (!write_field(writing, FIELD_##member)) \
		lose_field(writing, LOSS_NO_PLACE, FIELD_##member);
#define LOSE(member) lose_field(writing, LOSS_NO_PLACE, FIELD_##member);

/* ---- the document ---- */

/** Writes <os>. Without a type and a kernel, libvirt could not start anything. */
static void write_os(struct writing *writing)
{
	if (!text_given(os_type(writing->domain))) {
		OS_FIELDS(LOSE)
		return;
	}
	buffer_literal(writing->out, "  <os>\n");
	OS_FIELDS(WRITE)
	buffer_literal(writing->out, "  </os>\n");
}

static void write_features(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	bool is_needed = domain->acpi == DS_FLAG_ON || domain->apic == DS_FLAG_ON ||
		domain->pae == DS_FLAG_ON || domain->hap != DS_FLAG_UNSET ||
		domain->viridian == DS_FLAG_ON;

	if (is_needed)
		buffer_literal(writing->out, "  <features>\n");
	FEATURE_FIELDS(WRITE)
	if (is_needed)
		buffer_literal(writing->out, "  </features>\n");
}

void xml_write(struct writing *writing)
{
	xml_plan_boot(writing);
	buffer_literal(writing->out, "<domain");
	HEAD_FIELDS(WRITE)
	if (writing->options->only_disks) {
		buffer_literal(writing->out, "  <devices>\n");
		xml_write_disks(writing);
	} else {
		DOMAIN_FIELDS(WRITE)
		write_os(writing);
		write_features(writing);
		CLOCK_FIELDS(WRITE)
		ACTION_FIELDS(WRITE)
		buffer_literal(writing->out, "  <devices>\n");
		DEVICE_FIELDS(WRITE)
		xml_write_disks(writing);
		xml_write_devices(writing);
	}
	buffer_literal(writing->out, "  </devices>\n</domain>\n");
}
