/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* Nothing is dropped silently: every value of a domain is in the output or among the losses. */

struct row {
	/** An element, attribute or key of a domain. */
	const char *text;
	/** The text that must be in the output or among the losses; `|` separates alternatives. */
	const char *found;
};

static size_t missing;

static bool holds_any(const char *text, const char *alternatives)
{
	bool found = false;

	for (const char *at = alternatives; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
		struct buffer one = {0};

		buffer_add(&one, at, strcspn(at, "|"));
		found |= strstr(text, as_string(&one)) != NULL;
		buffer_fini(&one);
	}
	return found;
}

/** Returns whether the text is found when this release of xend writes or reads the domain. */
static bool is_found(const struct row *row, struct buffer *input, int xend)
{
	struct buffer all = {0}, losses = {0};
	struct ds_writer_options options;
	bool found;

	ds_writer_options_init(&options, sizeof options);
	options.xend = (enum ds_xend)xend;
	assert_int_equal(rewrite(&options, input->data, input->size, &all, &losses), DS_OK);
	buffer_add(&all, losses.data, losses.size);
	found = holds_any(as_string(&all), row->found);
	buffer_fini(&all);
	buffer_fini(&losses);
	return found;
}

/** Prints each row of which nothing is found for some release of xend. */
static void check(const struct row *rows, size_t count, const char *before, const char *after)
{
	for (size_t i = 0; i < count; i++) {
		struct buffer input = {0}, xends = {0};

		add_format(&input, "%s%s%s", before, rows[i].text, after);
		for (int xend = DS_XEND_302; xend <= DS_XEND_31; xend++)
			if (!is_found(&rows[i], &input, xend))
				add_format(&xends, " %d", xend);
		if (xends.size) {
			print_message("dropped silently (xend%s): %s\n", as_string(&xends),
				as_string(&input));
			missing++;
		}
		buffer_fini(&input);
		buffer_fini(&xends);
	}
}

static void values_of_xml_are_written_or_reported_as_lost(void **state)
{
	static const struct row domain[] = {
		{"<description>MARK</description>", "MARK"},
		{"<title>MARK</title>", "MARK"},
		{"<vcpu cpuset='MARK'>2</vcpu>", "MARK"},
		{"<vcpu current='1'>2</vcpu>", "vcpu_avail"},
		{"<bootloader>MARK</bootloader>", "MARK"},
		{"<bootloader_args>MARK</bootloader_args>", "MARK"},
		{"<bootloader>/b</bootloader><bootloader_args>MARK</bootloader_args>", "MARK"},
		{"<on_poweroff>MARK</on_poweroff>", "MARK"},
		{"<on_crash>MARK</on_crash>", "MARK"},
		{"<uuid>MARK</uuid>", "MARK"},
		{"<metadata><a>MARK</a></metadata>", "MARK"},
		{"<cputune><shares>777</shares></cputune>", "777"},
		{"<cputune><quota>777</quota></cputune>", "777"},
		{"<vcpu>2</vcpu><cputune><vcpupin vcpu='1' cpuset='MARK'/></cputune>", "MARK"},
		{"<cputune><vcpupin vcpu='1' cpuset='MARK'/></cputune>", "MARK"},
		{"<features><acpi/></features>", "acpi"},
		{"<features><apic/></features>", "apic"},
		{"<features><pae/></features>", "pae"},
		{"<features><hap/></features>", "hap"},
		{"<features><viridian/></features>", "viridian"},
		{"<features><vmport state='off'/></features>", "vmport"},
		{"<clock offset='variable' adjustment='777'/>", "777|clock@adjustment"},
		{"<clock offset='timezone' timezone='MARK'/>", "MARK"},
		{"<clock offset='utc'><timer name='hpet' present='yes'/></clock>", "hpet"},
		{"<clock><timer name='hpet'/><timer name='hpet' present='no'/></clock>",
			"value=\"<timer name='hpet' present='no'/>\""},
		{"<clock offset='utc'><timer name='pit' tickpolicy='MARK'/></clock>", "MARK"},
	};
	static const struct row os[] = {
		{"<kernel>MARK</kernel>", "MARK"},
		{"<initrd>MARK</initrd>", "MARK"},
		{"<kernel>/k</kernel><initrd>MARK</initrd>", "MARK"},
		{"<cmdline>MARK</cmdline>", "MARK"},
		{"<root>MARK</root>", "MARK"},
		{"<loader>MARK</loader>", "MARK"},
		{"<kernel>/k</kernel><loader>MARK</loader>", "MARK"},
		{"<boot dev='network'/>", "boot"},
		{"<nvram>MARK</nvram>", "MARK"},
		{"<bios useserial='MARK'/>", "MARK"},
	};
	static const struct row devices[] = {
		{"<emulator>MARK</emulator>", "MARK"},
		{"<disk><driver name='MARK'/><source file='/s'/><target dev='hda'/></disk>",
			"MARK"},
		{"<disk><driver name='file' type='MARK'/><source file='/s'/><target "
		 "dev='hda'/></disk>",
			"MARK"},
		{"<disk><driver name='tap' type='MARK'/><source file='/s'/><target "
		 "dev='hda'/></disk>",
			"MARK"},
		{"<disk><driver name='tap' cache='MARK'/><source file='/s'/><target "
		 "dev='hda'/></disk>",
			"MARK"},
		{"<disk><source file='MARK'/><target dev='hda'/></disk>", "MARK"},
		{"<disk><source file='MARK'/></disk>", "incomplete"},
		{"<disk><driver name='MARK'/><target dev='hda'/></disk>", "MARK|incomplete"},
		{"<disk><driver type='MARK'/><target dev='hda'/></disk>", "MARK|incomplete"},
		{"<disk type='network'><source name='MARK'/><target dev='hda'/></disk>", "MARK"},
		{"<disk type='volume'><source pool='p' volume='MARK'/><target dev='hda'/></disk>",
			"MARK"},
		{"<disk type='network'><driver name='qemu'/><source name='n' "
		 "protocol='MARK'/><target dev='hda'/></disk>",
			"MARK"},
		{"<disk><source file='/s'/><target dev='MARK'/></disk>", "MARK"},
		{"<disk><source file='/s'/><target dev='hda' bus='MARK'/></disk>", "MARK"},
		{"<disk device='floppy'><source file='MARK'/><target dev='fda'/></disk>", "MARK"},
		{"<disk device='floppy'><source file='MARK'/><target dev='fdc'/></disk>", "MARK"},
		{"<disk device='floppy'><driver name='MARK'/><source file='/s'/><target "
		 "dev='fda'/></disk>",
			"MARK"},
		{"<disk device='cdrom'><source file='MARK'/><target dev='hdc'/></disk>", "MARK"},
		{"<disk device='cdrom'><driver name='MARK'/><source file='/s'/><target "
		 "dev='hdc'/></disk>",
			"MARK"},
		{"<disk device='lun'><source file='/s'/><target dev='sda'/></disk>", "lun"},
		{"<disk device='MARK'><source file='/s'/><target dev='sda'/></disk>", "MARK"},
		{"<disk><source file='/s'/><target dev='hda'/><readonly/><shareable/></disk>",
			"shareable"},
		{"<disk><source file='/s'/><target dev='hda'/><serial>MARK</serial></disk>",
			"MARK"},
		{"<disk><source file='/s'/><target dev='hda'/><backenddomain name='MARK'/></disk>",
			"MARK"},
		{"<interface type='bridge'><mac address='MARK'/></interface>", "MARK"},
		{"<interface type='bridge'><source bridge='MARK'/></interface>", "MARK"},
		{"<interface type='network'><source network='MARK'/></interface>", "MARK"},
		{"<interface type='direct'><source dev='MARK'/></interface>", "MARK"},
		{"<interface type='MARK'/>", "MARK"},
		{"<interface type='bridge'><script path='MARK'/></interface>", "MARK"},
		{"<interface type='ethernet'><ip address='MARK'/></interface>", "MARK"},
		{"<interface type='bridge'><target dev='MARK'/></interface>", "MARK"},
		{"<interface type='bridge'><model type='MARK'/></interface>", "MARK"},
		{"<interface type='bridge'><model type='netfront'/></interface>", "netfront"},
		{"<interface type='bridge'><bandwidth><outbound "
		 "average='777'/></bandwidth></interface>",
			"777"},
		{"<interface type='bridge'><bandwidth><inbound "
		 "average='777'/></bandwidth></interface>",
			"777"},
		{"<interface type='bridge'><backenddomain name='MARK'/></interface>", "MARK"},
		{"<graphics type='vnc' listen='MARK'/>", "MARK"},
		{"<graphics type='vnc' keymap='MARK'/>", "MARK"},
		{"<graphics type='vnc'/><graphics type='sdl' display='MARK'/>", "devices/graphics"},
		{"<graphics type='sdl' display='MARK'/>", "MARK"},
		{"<graphics type='sdl' xauth='MARK'/>", "MARK"},
		{"<graphics type='sdl' keymap='MARK'/>", "MARK"},
		{"<graphics type='spice' listen='MARK'/>", "spice"},
		{"<serial type='file'><source path='MARK'/></serial>", "MARK"},
		{"<serial type='tcp'><source mode='connect' host='h' service='1'/></serial>",
			"serial"},
		{"<serial type='pty'/><serial type='file'><source path='MARK'/></serial>", "MARK"},
		{"<parallel type='file'><source path='MARK'/></parallel>", "MARK"},
		{"<parallel type='pty'/><parallel type='file'><source path='MARK'/></parallel>",
			"MARK"},
		{"<console type='file'><source path='MARK'/></console>", "MARK"},
		{"<serial type='pty'/><console type='file'><source path='MARK'/></console>",
			"MARK"},
		{"<sound model='MARK'/>", "MARK"},
		{"<input type='MARK' bus='usb'/>", "MARK"},
		{"<input type='tablet' bus='usb'/>", "tablet"},
		{"<input type='tablet' bus='MARK'/>", "devices/input"},
		{"<hostdev mode='subsystem' type='pci' managed='yes'><source><address "
		 "bus='0x77'/></source></hostdev>",
			"managed"},
		{"<hostdev mode='subsystem' type='usb'><source><vendor "
		 "id='MARK'/></source></hostdev>",
			"MARK"},
		{"<video><model type='MARK'/></video>", "MARK"},
		{"<gadget>MARK</gadget>", "MARK"},
	};
	static const char *const types[] = {"hvm", "linux"};

	(void)state;
	missing = 0;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct buffer before = {0}, in_os = {0}, in_devices = {0};

		add_format(&before, "<domain type='xen'><name>x</name><os><type>%s</type></os>",
			types[i]);
		add_format(&in_os, "<domain type='xen'><name>x</name><os><type>%s</type>",
			types[i]);
		add_format(&in_devices,
			"<domain type='xen'><name>x</name><os><type>%s</type></os><devices>",
			types[i]);
		check(domain, COUNT(domain), as_string(&before), "</domain>");
		check(os, COUNT(os), as_string(&in_os), "</os></domain>");
		check(devices, COUNT(devices), as_string(&in_devices), "</devices></domain>");
		buffer_fini(&before);
		buffer_fini(&in_os);
		buffer_fini(&in_devices);
	}
	assert_int_equal(missing, 0);
}

static void values_of_sexpr_are_written_or_reported_as_lost(void **state)
{
	static const struct row domain[] = {
		{"(description MARK)", "MARK"},
		{"(cpus MARK)", "MARK"},
		{"(vcpus 2) (cpus ((0 1) (77)))", "77"},
		{"(bootloader MARK)", "MARK"},
		{"(bootloader_args MARK)", "MARK"},
		{"(on_crash MARK)", "MARK"},
		{"(uuid MARK)", "MARK"},
		{"(cpu_weight 777)", "777"},
		{"(cpu_weight 777.0)", "777"},
		{"(cpu_cap 77)", "77"},
		{"(odd MARK)", "MARK"},
		{"(shadow_memory 77)", "77"},
		{"(on_xend_start MARK)", "MARK"},
		{"(security (MARK))", "MARK"},
		{"(features MARK)", "MARK"},
		{"(vcpus 4) (vcpu_avail 5)", "vcpu"},
		{"(pool_name MARK)", "MARK"},
		{"(localtime MARK)", "MARK"},
		{"(cpuid ((1 ((eax MARK)))))", "MARK"},
		{"(image MARK)", "MARK"},
		{"MARK", "MARK"},
		{"(backend (MARK))", "MARK"},
	};
	static const struct row image[] = {
		{"(kernel MARK)", "MARK"},
		{"(kernel /k) (ramdisk MARK)", "MARK"},
		{"(ramdisk MARK)", "MARK"},
		{"(args MARK)", "MARK"},
		{"(root MARK)", "MARK"},
		{"(loader MARK)", "MARK"},
		{"(kernel /k) (loader MARK)", "MARK"},
		{"(device_model MARK)", "MARK"},
		{"(acpi 1)", "acpi"},
		{"(apic 1)", "apic"},
		{"(pae 1)", "pae"},
		{"(hap 1)", "hap"},
		{"(viridian 1)", "viridian"},
		{"(hpet 1)", "hpet"},
		{"(boot n)", "network|image/linux/boot"},
		{"(boot nx)", "boot"},
		{"(rtc_timeoffset 777)", "777|rtc_timeoffset"},
		{"(serial file:MARK)", "MARK"},
		{"(serial (pty file:MARK))", "MARK"},
		{"(parallel file:MARK)", "MARK"},
		{"(serial MARK)", "MARK"},
		{"(soundhw MARK)", "MARK"},
		{"(usbdevice tablet)", "tablet"},
		{"(usbdevice MARK)", "MARK"},
		{"(fda MARK)", "MARK"},
		{"(cdrom MARK)", "MARK"},
		{"(vnc 1) (vnclisten MARK)", "MARK"},
		{"(sdl 1) (display MARK)", "MARK"},
		{"(timer_mode 77)", "77"},
		{"(pci MARK)", "MARK"},
		{"(odd (a MARK))", "MARK"},
	};
	static const struct row devices[] = {
		{"(vbd (dev MARK) (uname phy:x))", "MARK"},
		{"(vbd (dev hda:MARK) (uname phy:x))", "MARK"},
		{"(vbd (dev hda) (uname phy:MARK))", "MARK"},
		{"(vbd (dev hda) (uname MARK:x))", "MARK"},
		{"(vbd (dev hda) (uname MARK))", "MARK"},
		{"(vbd (uname phy:MARK))", "MARK"},
		{"(tap (dev hda) (uname tap:MARK))", "MARK"},
		{"(tap (dev hda) (uname tap:MARK:x))", "MARK"},
		{"(vbd (dev hda) (mode MARK))", "MARK"},
		{"(vbd (dev hda) (uname phy:x) (backend MARK))", "MARK"},
		{"(vbd (dev hda) (uuid MARK))", "MARK"},
		{"(vbd (dev hda) (VDI MARK))", "MARK"},
		{"(vbd (dev hda) (odd MARK))", "MARK"},
		{"(vbd (dev hda) (dev MARK))", "MARK"},
		{"(vbd MARK)", "MARK"},
		{"MARK", "MARK"},
		{"(vif (mac MARK))", "MARK"},
		{"(vif (bridge MARK))", "MARK"},
		{"(vif (bridge a) (bridge MARK))", "MARK"},
		{"(vif (script MARK))", "MARK"},
		{"(vif (ip MARK))", "MARK"},
		{"(vif (vifname MARK))", "MARK"},
		{"(vif (model MARK))", "MARK"},
		{"(vif (type MARK))", "MARK"},
		{"(vif (rate 777KB/s))", "777"},
		{"(vif (rate MARK))", "MARK"},
		{"(vif (backend MARK))", "MARK"},
		{"(vif (uuid MARK))", "MARK"},
		{"(vfb (vnc 1) (vnclisten MARK))", "MARK"},
		{"(vfb (type sdl) (display MARK))", "MARK"},
		{"(vfb (type sdl) (vncpasswd MARK))", "***"},
		{"(vfb (type vnc) (display MARK))", "MARK"},
		{"(vfb (type MARK))", "MARK"},
		{"(vfb (vnc 1))(vfb (vnclisten MARK))", "MARK"},
		{"(pci (dev (bus 0x77)))", "0x77"},
		{"(pci (dev (vslot MARK)))", "MARK"},
		{"(vtpm (instance MARK))", "MARK"},
		{"(vscsi (dev MARK))", "MARK"},
		{"(gadget MARK)", "MARK"},
	};
	static const char *const types[] = {"hvm", "linux"};

	(void)state;
	missing = 0;
	check(domain, COUNT(domain), "(domain (name x) ", ")");
	for (size_t i = 0; i < COUNT(types); i++) {
		struct buffer in_image = {0}, in_devices = {0};

		add_format(&in_image, "(domain (name x) (image (%s ", types[i]);
		add_format(&in_devices, "(domain (name x) (image (%s)) (device ", types[i]);
		check(image, COUNT(image), as_string(&in_image), ")))");
		check(devices, COUNT(devices), as_string(&in_devices), "))");
		buffer_fini(&in_image);
		buffer_fini(&in_devices);
	}
	assert_int_equal(missing, 0);
}

static void runtime_state_is_not_a_loss(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0}, losses = {0};
	static const char input[] =
		"(domain (domid 1) (name x) (state -b----) (cpu_time 5.0) (store_mfn 1) (features )"
		"(image (linux (notes (A 1)))) (device (vkbd (backend 0))))";

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	assert_int_equal(rewrite(&options, input, sizeof input - 1, &output, &losses), DS_OK);
	assert_text(&losses, "");
	buffer_fini(&output);
	buffer_fini(&losses);
}

static void a_loss_has_its_position_and_value(void **state)
{
	struct ds_writer_options options;
	struct buffer output = {0}, losses = {0};
	static const char input[] = "\n<domain><name>x</name>\n  <title>t</title>\n<devices>\n "
				    "<disk><source file='/s'/></disk>\n"
				    "</devices></domain>";

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	assert_int_equal(rewrite(&options, input, sizeof input - 1, &output, &losses), DS_OK);
	assert_has(&losses,
		"loss no-place - at 26 3:3 domain=\"x\" path=\"title\" "
		"value=\"<title>t</title>\"\n");
	assert_has(&losses,
		"loss incomplete - at 54 5:2 domain=\"x\" path=\"devices/disk/target\"");
	buffer_fini(&output);
	buffer_fini(&losses);
}

static enum ds_status ignore_output(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return DS_OK;
}

static enum ds_status add_path(void *context, const struct ds_loss *loss)
{
	struct buffer *paths = context;

	buffer_add(paths, loss->path.data, loss->path.size);
	buffer_byte(paths, '=');
	buffer_add(paths, loss->value.data, loss->value.size);
	buffer_byte(paths, '\n');
	return DS_OK;
}

/** A record that a program has made has no `extras` that could be lost instead. */
static void details_of_a_made_record_are_losses(void **state)
{
	static const struct ds_disk_location location = {.user = {"joe", 3}};
	static const struct ds_disk_details details = {.cache = {"none", 4},
		.transient = true,
		.location = &location};
	struct ds_disk disk = {.target = {"xvda", 4}, .source = {"/a", 2}, .details = &details};
	struct ds_writer_options options;
	struct ds_domain domain;

	(void)state;
	ds_domain_init(&domain, sizeof domain);
	domain.name = (struct ds_text){"a", 1};
	domain.disks = &disk;
	domain.disk_count = 1;
	ds_writer_options_init(&options, sizeof options);
	for (int formats = 0; formats < 4; formats++) {
		bool from_xml = formats & 1;
		struct buffer paths = {0};
		struct ds_writer *writer;

		domain.format = from_xml ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
		options.format = formats & 2 ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
		assert_int_equal(ds_writer_new(&options, ignore_output, add_path, &paths, &writer),
			DS_OK);
		assert_int_equal(ds_writer_add(writer, &domain), DS_OK);
		assert_int_equal(ds_writer_finish(writer), DS_OK);
		assert_text(&paths,
			from_xml ? "devices/disk/driver@cache=none\ndevices/disk/transient=yes\n"
				   "devices/disk/auth@username=joe\n"
				 : "device/vbd/driver@cache=none\ndevice/vbd/transient=yes\n"
				   "device/vbd/auth@username=joe\n");
		ds_writer_free(writer);
		buffer_fini(&paths);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_xml_are_written_or_reported_as_lost),
		cmocka_unit_test(values_of_sexpr_are_written_or_reported_as_lost),
		cmocka_unit_test(runtime_state_is_not_a_loss),
		cmocka_unit_test(a_loss_has_its_position_and_value),
		cmocka_unit_test(details_of_a_made_record_are_losses),
	};

	return cmocka_run_group_tests_name("losses", tests, NULL, NULL);
}
