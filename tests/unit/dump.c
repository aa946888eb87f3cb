/* SPDX-License-Identifier: LGPL-2.1-or-later */
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

static void add_number(struct buffer *out, const char *name, int64_t value)
{
	if (value)
		add_format(out, " %s=%" PRId64, name, value);
}

static void add_count(struct buffer *out, const char *name, uint64_t value)
{
	if (value)
		add_format(out, " %s=%" PRIu64, name, value);
}

static void add_word(struct buffer *out, bool is_set, const char *word)
{
	if (is_set)
		add_format(out, " %s", word);
}

static void add_flag(struct buffer *out, const char *name, enum ds_flag flag)
{
	if (flag != DS_FLAG_UNSET)
		add_format(out, " %s=%s", name, flag == DS_FLAG_ON ? "on" : "off");
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
	const struct ds_disk_details *details)
{
	add_format(out, "    details");
	add_text(out, "type", details->type);
	add_text(out, "cache", details->cache);
	add_text(out, "io", details->io);
	add_text(out, "discard", details->discard);
	add_text(out, "detect_zeroes", details->detect_zeroes);
	add_text(out, "error_policy", details->error_policy);
	add_text(out, "rerror_policy", details->rerror_policy);
	add_text(out, "startup_policy", details->startup_policy);
	add_text(out, "snapshot", details->snapshot);
	add_text(out, "serial", details->serial);
	add_word(out, details->transient, "transient");
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

static void dump_disk(struct buffer *out, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	static const char *const devices[] = {"disk", "cdrom", "floppy", "lun"};
	static const char *const classes[] = {"none", "vbd", "tap", "tap2", "image"};

	add_head(out, domain, "disk", disk->at);
	add_format(out, " %s %s", devices[disk->device], source_types[disk->type]);
	add_text(out, "backend", disk->backend);
	add_text(out, "driver", disk->driver);
	add_text(out, "format", disk->format);
	add_text(out, "source", disk->source);
	add_text(out, "target", disk->target);
	add_text(out, "bus", disk->bus);
	add_word(out, disk->readonly, "readonly");
	add_word(out, disk->shareable, "shareable");
	add_text(out, "mode", disk->mode);
	add_format(out, " class=%s", classes[disk->klass]);
	add_flag(out, "bootable", disk->bootable);
	add_count(out, "boot_order", disk->boot_order);
	add_text(out, "uname", disk->uname);
	buffer_byte(out, '\n');
	if (disk->details)
		dump_details(out, domain, disk->details);
}

static void dump_interface(struct buffer *out, const struct ds_domain *domain,
	const struct ds_interface *item)
{
	static const char *const types[] = {"bridge", "ethernet", "network", "other"};

	add_head(out, domain, "interface", item->at);
	add_format(out, " %s", types[item->type]);
	add_text(out, "mac", item->mac);
	add_text(out, "source", item->source);
	add_text(out, "script", item->script);
	add_text(out, "ip", item->ip);
	add_text(out, "target", item->target);
	add_text(out, "model", item->model);
	add_text(out, "backend", item->backend);
	add_text(out, "vif_type", item->vif_type);
	add_count(out, "rate", item->rate_kib);
	buffer_byte(out, '\n');
}

static void dump_graphics(struct buffer *out, const struct ds_domain *domain,
	const struct ds_graphics *item)
{
	add_head(out, domain, "graphics", item->at);
	add_format(out, " %s", item->type == DS_GRAPHICS_VNC ? "vnc" : "sdl");
	add_number(out, "port", item->port);
	add_text(out, "listen", item->listen);
	add_text(out, "password", item->password);
	add_text(out, "keymap", item->keymap);
	add_text(out, "display", item->display);
	add_text(out, "xauthority", item->xauthority);
	buffer_byte(out, '\n');
}

static void dump_char(struct buffer *out, const struct ds_domain *domain,
	const struct ds_char *item)
{
	static const char *const kinds[] = {"serial", "parallel", "console"};
	static const char *const types[] = {"pty", "null", "stdio", "vc", "file", "pipe", "dev",
		"tcp", "telnet", "udp", "unix"};

	add_head(out, domain, kinds[item->kind], item->at);
	add_format(out, " %s port=%" PRIu32, types[item->type], item->port);
	add_text(out, "path", item->path);
	add_text(out, "host", item->host);
	add_text(out, "service", item->service);
	add_text(out, "bind_host", item->bind_host);
	add_text(out, "bind_service", item->bind_service);
	add_word(out, item->listens, "listens");
	buffer_byte(out, '\n');
}

static void dump_words(struct buffer *out, const struct ds_domain *domain, const char *name,
	const struct ds_word *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add_head(out, domain, name, words[i].at);
		add_text(out, "word", words[i].word);
		add_text(out, "bus", words[i].bus);
		buffer_byte(out, '\n');
	}
}

static void dump_others(struct buffer *out, const struct ds_domain *domain)
{
	static const char *const kinds[] = {"known", "redundant", "unknown", "invalid", "default",
		"detail"};

	for (size_t i = 0; i < domain->pci_count; i++) {
		const struct ds_pci *item = &domain->pcis[i];

		add_head(out, domain, "pci", item->at);
		add_format(out, " %" PRIx32 ":%" PRIx32 ":%" PRIx32 ".%" PRIx32, item->domain,
			item->bus, item->slot, item->function);
		add_word(out, item->managed, "managed");
		buffer_byte(out, '\n');
	}
	for (size_t i = 0; i < domain->pin_count; i++) {
		add_head(out, domain, "pin", domain->pins[i].at);
		add_format(out, " vcpu=%" PRIu64, domain->pins[i].vcpu);
		add_text(out, "cpuset", domain->pins[i].cpuset);
		buffer_byte(out, '\n');
	}
	dump_words(out, domain, "sound", domain->sounds, domain->sound_count);
	dump_words(out, domain, "input", domain->inputs, domain->input_count);
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

static void dump_scalars(struct buffer *out, const struct ds_domain *domain)
{
	static const char *const clocks[] = {"unset", "utc", "localtime", "variable"};

	if (domain->input.data != domain->raw.data)
		add_text(out, "input", domain->input);
	add_text(out, "preserved", domain->preserved);
	add_text(out, "name", domain->name);
	add_text(out, "type", domain->type);
	if (domain->id != -1)
		add_format(out, " id=%" PRId64, domain->id);
	add_text(out, "uuid", domain->uuid);
	add_text(out, "description", domain->description);
	add_count(out, "memory", domain->memory_kib);
	add_count(out, "current_memory", domain->current_memory_kib);
	add_count(out, "vcpus", domain->vcpus);
	add_count(out, "vcpus_online", domain->vcpus_online);
	add_text(out, "cpuset", domain->cpuset);
	add_count(out, "cpu_weight", domain->cpu_weight);
	add_text(out, "os_type", domain->os_type);
	add_word(out, domain->is_hvm, "is_hvm");
	add_text(out, "kernel", domain->kernel);
	add_text(out, "initrd", domain->initrd);
	add_text(out, "root", domain->root);
	add_text(out, "cmdline", domain->cmdline);
	add_text(out, "loader", domain->loader);
	if (domain->boot_count)
		add_text(out, "boot", (struct ds_text){domain->boot, domain->boot_count});
	add_text(out, "bootloader", domain->bootloader);
	add_text(out, "bootloader_args", domain->bootloader_args);
	add_flag(out, "acpi", domain->acpi);
	add_flag(out, "apic", domain->apic);
	add_flag(out, "pae", domain->pae);
	add_flag(out, "hap", domain->hap);
	add_flag(out, "viridian", domain->viridian);
	add_flag(out, "hpet", domain->hpet);
	if (domain->clock)
		add_format(out, " clock=%s", clocks[domain->clock]);
	add_word(out, domain->clock_is_local, "clock_is_local");
	add_number(out, "clock_adjustment", domain->clock_adjustment);
	add_text(out, "on_poweroff", domain->on_poweroff);
	add_text(out, "on_reboot", domain->on_reboot);
	add_text(out, "on_crash", domain->on_crash);
	add_text(out, "emulator", domain->emulator);
}

void dump_domain(struct buffer *out, const struct ds_domain *domain)
{
	add_format(out, "domain");
	add_place(out, &domain->place);
	add_format(out, " size=%zu %s", domain->raw.size,
		domain->format == DS_FORMAT_XML ? "xml" : "sexpr");
	dump_scalars(out, domain);
	buffer_byte(out, '\n');
	for (size_t i = 0; i < domain->disk_count; i++)
		dump_disk(out, domain, &domain->disks[i]);
	for (size_t i = 0; i < domain->interface_count; i++)
		dump_interface(out, domain, &domain->interfaces[i]);
	for (size_t i = 0; i < domain->graphics_count; i++)
		dump_graphics(out, domain, &domain->graphics[i]);
	for (size_t i = 0; i < domain->char_count; i++)
		dump_char(out, domain, &domain->chars[i]);
	dump_others(out, domain);
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
