/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/members.h"
#include "support.h"

#include <inttypes.h>
#include <stdio.h>

/* Prints records, errors and runs as text. */

static void add_text(struct buffer *out, const char *name, struct ds_text text)
{
	if (!text.data)
		return;
	add_format(out, " %s=", name);
	add_quoted(out, text);
}

static void add_word(struct buffer *out, bool is_set, const char *word)
{
	if (is_set)
		add_format(out, " %s", word);
}

/** Prints a member: " name=value", " name" if it is a bool, and " value" if it is a type. A text is
 * printed unless it is NULL, a type and the class of a disk always, any other member if it is set.
 * The unit is left out of the name. */
static void add_member(struct buffer *out, const struct member *member, const void *record)
{
	const char *unit = strstr(member->name, "_kib");
	int name_size = unit ? (int)(unit - member->name) : (int)strlen(member->name);
	char room[MEMBER_TEXT_SIZE];
	struct ds_text text = member_text(member, record, room);

	if (member_holds_text(member)) {
		text = member_raw_text(member, record);
		if (text.size || member->type == MEMBER_TEXT)
			add_text(out, member->name, text);
	} else if (member->type == MEMBER_CLASS) {
		add_format(out, " class=%s", text.size ? text.data : "none");
	} else if (member->type > MEMBER_CLOCK) {
		add_format(out, " %s", text.data);
	} else if (member_is_set(member, record)) {
		add_format(out, " %.*s", name_size, member->name);
		if (member->type != MEMBER_BOOL)
			add_format(out, "=%.*s", (int)text.size, text.data);
	}
}

/** Prints the members of a device from this one on that are in the same struct. */
static void add_members(struct buffer *out, enum devices kind, size_t first, const void *device)
{
	const struct device_kind *of = &device_kinds[kind];

	for (size_t i = first; i < of->member_count; i++)
		if (of->members[i].holder == of->members[first].holder)
			add_member(out, &of->members[i], device);
}

static void add_place(struct buffer *out, const struct ds_place *place)
{
	add_format(out, " at %" PRIu64 " %" PRIu64 ":%" PRIu64, place->offset, place->line,
		place->column);
}

/** Begins the line of a device. */
static void add_head(struct buffer *out, const struct ds_domain *domain, const char *name,
	size_t at)
{
	struct ds_place place = ds_domain_place(domain, at);

	assert_int_equal(place.offset, domain->place.offset + at);
	assert_string_equal(place.name, domain->place.name);
	add_format(out, "  %s", name);
	add_place(out, &place);
}

static const char *const source_types[] = {"file", "block", "dir", "network", "volume", "nvme",
	"vhostuser", "vhostvdpa", "other"};

static void dump_location(struct buffer *out, const struct ds_domain *domain,
	const struct ds_disk_location *location)
{
	add_format(out, "    location");
	add_text(out, "protocol", location->protocol);
	add_text(out, "query", location->query);
	add_text(out, "tls", location->tls);
	add_text(out, "snapshot", location->snapshot);
	add_text(out, "config", location->config);
	add_text(out, "pool", location->pool);
	add_text(out, "pool_mode", location->pool_mode);
	if (location->nvme)
		add_format(out, " nvme=%04x:%02x:%02x.%x managed=%d", location->nvme->domain,
			location->nvme->bus, location->nvme->slot, location->nvme->function,
			location->nvme->managed);
	add_text(out, "namespace", location->nvme_namespace);
	add_text(out, "socket", location->socket);
	add_text(out, "user", location->user);
	add_text(out, "secret_type", location->secret_type);
	add_text(out, "secret", location->secret);
	add_text(out, "encryption", location->encryption);
	add_text(out, "encryption_secret", location->encryption_secret);
	buffer_byte(out, '\n');
	for (size_t i = 0; i < location->host_count; i++) {
		add_head(out, domain, "    host", location->hosts[i].at);
		add_text(out, "name", location->hosts[i].name);
		add_text(out, "port", location->hosts[i].port);
		add_text(out, "transport", location->hosts[i].transport);
		add_text(out, "socket", location->hosts[i].socket);
		buffer_byte(out, '\n');
	}
}

static void dump_details(struct buffer *out, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	const struct ds_disk_details *details = disk->details;

	add_format(out, "    details");
	add_members(out, DEVICES_DISK, DISK_FIELDS, disk);
	add_word(out, details->backing_ends, "backing_ends");
	buffer_byte(out, '\n');
	if (details->location)
		dump_location(out, domain, details->location);
	for (size_t i = 0; i < details->backing_count; i++) {
		add_head(out, domain, "  backing", details->backing[i].at);
		add_format(out, " %s", source_types[details->backing[i].type]);
		add_text(out, "format", details->backing[i].format);
		add_text(out, "source", details->backing[i].source);
		buffer_byte(out, '\n');
		if (details->backing[i].location)
			dump_location(out, domain, details->backing[i].location);
	}
}

static void dump_devices(struct buffer *out, const struct ds_domain *domain, enum devices kind)
{
	static const char *const names[DEVICES_COUNT] = {"disk", "interface", "graphics", "char",
		"pci", "sound", "input", "pin"};

	for (size_t i = 0; i < device_count(domain, kind); i++) {
		const void *device = device_at(domain, kind, i);

		add_head(out, domain, names[kind], device_position(device));
		add_members(out, kind, 0, device);
		buffer_byte(out, '\n');
		if (kind == DEVICES_DISK && domain->disks[i].details)
			dump_details(out, domain, &domain->disks[i]);
	}
}

static void dump_extras(struct buffer *out, const struct ds_domain *domain)
{
	static const char *const kinds[] = {"known", "redundant", "unknown", "invalid", "default",
		"detail"};

	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *item = &domain->extras[i];

		add_head(out, domain, "extra", item->at);
		add_format(out, " %s", kinds[item->kind]);
		add_text(out, "path", item->path);
		add_text(out, "raw", item->raw);
		if (item->disk)
			add_format(out, " disk=%" PRIu32, item->disk);
		buffer_byte(out, '\n');
	}
}

/** The order in which the fields of a domain are printed. */
static const enum field order[] = {FIELD_name, FIELD_type, FIELD_id, FIELD_uuid, FIELD_description,
	FIELD_memory_kib, FIELD_current_memory_kib, FIELD_vcpus, FIELD_vcpus_online, FIELD_cpuset,
	FIELD_cpu_weight, FIELD_os_type, FIELD_is_hvm, FIELD_kernel, FIELD_initrd, FIELD_root,
	FIELD_cmdline, FIELD_loader, FIELD_boot, FIELD_bootloader, FIELD_bootloader_args,
	FIELD_acpi, FIELD_apic, FIELD_pae, FIELD_hap, FIELD_viridian, FIELD_hpet, FIELD_clock,
	FIELD_clock_is_local, FIELD_clock_adjustment, FIELD_clock_reset, FIELD_on_poweroff,
	FIELD_on_reboot, FIELD_on_crash, FIELD_emulator};
_Static_assert(sizeof order / sizeof *order == FIELD_COUNT,
	"add the new field of record/fields.def to this list");

void dump_domain(struct buffer *out, const struct ds_domain *domain)
{
	add_format(out, "domain");
	add_place(out, &domain->place);
	add_format(out, " size=%zu %s", domain->raw.size,
		domain->format == DS_FORMAT_XML ? "xml" : "sexpr");
	if (domain->input.data != domain->raw.data)
		add_text(out, "input", domain->input);
	add_text(out, "preserved", domain->preserved);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		add_member(out, &domain_members[order[i]], domain);
	buffer_byte(out, '\n');
	for (enum devices kind = 0; kind < DEVICES_COUNT; kind++)
		dump_devices(out, domain, kind);
	dump_extras(out, domain);
}

/* ---- errors ---- */

/** Prints errors as text. A refused range may arrive in several frames, and its error is repeated
 * at the end with the length. The frames are joined, because where a range is divided depends on
 * the sizes in which the input was read. */
struct errors {
	struct buffer *out;
	struct ds_error error;
	/** A copy: the name that the error points to is valid only during the callback. */
	char name[256];
	struct buffer raw;
	bool is_open;
	size_t count;
};

static void flush_errors(struct errors *errors)
{
	const struct ds_error *error = &errors->error;

	if (!errors->is_open)
		return;
	errors->is_open = false;
	add_format(errors->out, "error %s %s", error->id, error->place.name);
	add_place(errors->out, &error->place);
	add_format(errors->out, " length=%" PRIu64 " domain=\"%s\" text=\"%s\" raw=", error->length,
		error->domain, error->text);
	add_quoted(errors->out, (struct ds_text){as_string(&errors->raw), errors->raw.size});
	buffer_byte(errors->out, '\n');
	buffer_fini(&errors->raw);
}

static bool ends_range(const struct errors *errors, const struct ds_error *error,
	struct ds_text raw)
{
	return errors->is_open && !errors->error.length && errors->raw.size && error->length &&
		!raw.size;
}

static void add_error(struct errors *errors, const struct ds_error *error, struct ds_text raw)
{
	if (error && ends_range(errors, error, raw)) {
		errors->error.length = error->length;
		assert_string_equal(errors->error.id, error->id);
		assert_int_equal(errors->error.place.offset, error->place.offset);
		assert_int_equal(error->length, errors->raw.size);
	} else if (error) {
		flush_errors(errors);
		errors->error = *error;
		snprintf(errors->name, sizeof errors->name, "%s", error->place.name);
		errors->error.place.name = errors->name;
		errors->is_open = true;
		errors->count++;
		/* The remaining bytes of the same range follow without an error. */
		if (error->length)
			assert_int_equal(error->length, raw.size);
	}
	assert_true(errors->is_open);
	buffer_add(&errors->raw, raw.data, raw.size);
}

/* ---- reading ---- */

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	struct errors *errors = context;

	flush_errors(errors);
	dump_domain(errors->out, domain);
	return DS_OK;
}

static enum ds_status take_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	add_error(context, error, raw);
	return DS_OK;
}

enum ds_status read_all(const struct ds_reader_options *options, const void *data, size_t size,
	size_t piece, struct buffer *out)
{
	struct errors errors = {.out = out};
	struct ds_reader_events events = {sizeof events, &errors, take_domain, take_rejected};
	struct ds_reader_options defaults;
	struct ds_reader *reader;
	enum ds_status status;
	const char *bytes = data;

	ds_reader_options_init(&defaults, sizeof defaults);
	assert_int_equal(ds_reader_new(options ? options : &defaults, &events, &reader), DS_OK);
	while (size) {
		size_t now = piece && piece < size ? piece : size;

		assert_int_equal(ds_reader_feed(reader, bytes, now), DS_OK);
		bytes += now;
		size -= now;
	}
	status = ds_reader_finish(reader);
	flush_errors(&errors);
	ds_reader_free(reader);
	assert_int_equal(status, errors.count ? DS_DAMAGED : DS_OK);
	return status;
}

enum ds_status read_sized(const char *data, size_t size, struct buffer *out)
{
	struct ds_reader_options options;
	struct buffer pieces = {0};
	enum ds_status status;

	buffer_fini(out);
	status = read_all(NULL, data, size, 0, out);
	ds_reader_options_init(&options, sizeof options);
	options.xml_parser = DS_XML_PARSER_EXPAT;
	assert_int_equal(read_all(&options, data, size, 0, &pieces), status);
	assert_same(&pieces, out);
	buffer_fini(&pieces);
	for (size_t piece = 1; piece < 8; piece += 6) {
		assert_int_equal(read_all(NULL, data, size, piece, &pieces), status);
		assert_same(&pieces, out);
		buffer_fini(&pieces);
	}
	return status;
}

enum ds_status read_string(const char *string, struct buffer *out)
{
	return read_sized(string, strlen(string), out);
}

/* ---- running ---- */

struct running {
	struct run_result *result;
	struct errors errors;
};

static enum ds_status run_sink(void *context, const char *data, size_t size)
{
	struct running *running = context;

	buffer_add(&running->result->output, data, size);
	return DS_OK;
}

static enum ds_status run_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct running *running = context;

	add_error(&running->errors, error, raw);
	return DS_OK;
}

static void add_loss(struct buffer *out, const struct ds_loss *loss)
{
	struct ds_place place = ds_domain_place(loss->domain, loss->at);

	assert_non_null(ds_loss_reason_text(loss->reason));
	add_format(out, "loss %s %s", loss->reason, place.name);
	add_place(out, &place);
	add_text(out, "domain", loss->domain->name);
	add_text(out, "path", loss->path);
	add_text(out, "value", loss->value);
	buffer_byte(out, '\n');
}

static enum ds_status run_losses(void *context, const struct ds_loss *loss)
{
	struct running *running = context;

	add_loss(&running->result->losses, loss);
	return DS_OK;
}

void run_all(struct ds_run_options *options, struct run_result *result)
{
	struct running running = {.result = result};
	bool is_own = !options->context;

	memset(result, 0, sizeof *result);
	ds_counts_init(&result->counts, sizeof result->counts);
	running.errors.out = &result->errors;
	if (is_own) {
		options->context = &running;
		options->sink = run_sink;
		options->rejected = run_rejected;
		options->losses = run_losses;
	}
	result->status = ds_run(options, &result->counts, &result->error);
	flush_errors(&running.errors);
	result->error_count = running.errors.count;
	if (is_own)
		options->context = NULL;
}

void run_file(struct ds_run_options *options, const char *name, struct run_result *result)
{
	options->names = &name;
	options->name_count = 1;
	run_all(options, result);
	options->names = NULL;
	options->name_count = 0;
}

void run_result_fini(struct run_result *result)
{
	buffer_fini(&result->output);
	buffer_fini(&result->errors);
	buffer_fini(&result->losses);
}

/* ---- reading and writing ---- */

struct rewriting {
	struct ds_writer *writer;
	struct buffer *output, *losses;
};

static enum ds_status rewrite_domain(void *context, const struct ds_domain *domain)
{
	struct rewriting *rewriting = context;

	return ds_writer_add(rewriting->writer, domain);
}

static enum ds_status rewrite_sink(void *context, const char *data, size_t size)
{
	struct rewriting *rewriting = context;

	buffer_add(rewriting->output, data, size);
	return DS_OK;
}

static enum ds_status rewrite_loss(void *context, const struct ds_loss *loss)
{
	struct rewriting *rewriting = context;

	if (rewriting->losses)
		add_loss(rewriting->losses, loss);
	return DS_OK;
}

enum ds_status rewrite(const struct ds_writer_options *options, const void *data, size_t size,
	struct buffer *output, struct buffer *losses)
{
	struct rewriting rewriting = {NULL, output, losses};
	struct ds_reader_events events = {sizeof events, &rewriting, rewrite_domain, NULL};
	struct ds_reader_options defaults;
	struct ds_reader *reader;
	enum ds_status status;

	ds_reader_options_init(&defaults, sizeof defaults);
	assert_int_equal(ds_reader_new(&defaults, &events, &reader), DS_OK);
	assert_int_equal(
		ds_writer_new(options, rewrite_sink, rewrite_loss, &rewriting, &rewriting.writer),
		DS_OK);
	assert_int_equal(ds_reader_feed(reader, data, size), DS_OK);
	status = ds_reader_finish(reader);
	assert_int_equal(ds_writer_finish(rewriting.writer), DS_OK);
	ds_reader_free(reader);
	ds_writer_free(rewriting.writer);
	return status;
}
