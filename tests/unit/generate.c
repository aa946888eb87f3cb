/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* Generates dumps of any length. */

void add_domain_xml(struct buffer *out, unsigned number)
{
	add_format(out,
		"<domain type='xen' id='%u'>\n  <name>guest%u</name>\n  "
		"<uuid>00000000-0000-4000-8000-%012u</uuid>\n"
		"  <memory unit='KiB'>%u</memory>\n  <vcpu>%u</vcpu>\n"
		"  <os><type>hvm</type><loader>/usr/lib/xen/boot/hvmloader</loader><boot "
		"dev='hd'/></os>\n"
		"  <devices>\n    <disk type='file' device='disk'><driver name='tap' type='aio'/>"
		"<source file='/srv/guest%u.img'/><target dev='hda' bus='ide'/></disk>\n"
		"    <disk type='file' device='cdrom'><target dev='hdc'/><readonly/></disk>\n"
		"    <interface type='bridge'><mac address='00:16:3e:00:00:01'/><source "
		"bridge='xenbr%u'/></interface>\n"
		"    <watchdog model='i6300esb' action='reset'/>\n  </devices>\n</domain>\n",
		number, number, number, 65536 + number % 64 * 1024, 1 + number % 8, number,
		number % 3);
}

void add_domain_sexpr(struct buffer *out, unsigned number)
{
	add_format(out,
		"(domain\n    (domid %u)\n    (name guest%u)\n    (uuid "
		"00000000-0000-4000-8000-%012u)\n"
		"    (memory %u)\n    (maxmem %u)\n    (vcpus %u)\n    (on_crash restart)\n"
		"    (image (linux (kernel /boot/vmlinuz) (args 'root=/dev/xvda1 ro')))\n    "
		"(cpu_time %u.5)\n"
		"    (device (tap (dev xvda:disk) (uname tap:aio:/srv/guest%u.img) (mode w)))\n"
		"    (device (vif (bridge xenbr%u) (mac 00:16:3e:00:00:01) (script "
		"/etc/xen/scripts/vif-bridge)))\n)\n",
		number, number, number, 64 + number % 64, 64 + number % 64, 1 + number % 8, number,
		number, number % 3);
}
