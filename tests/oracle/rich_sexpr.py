# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates random SEXPR: settings that xend, libvirt and xl know, and unknown ones at every level.

Values are quoted in all ways, and some lists are where values are expected. All domains can be read, and each name is unique.
"""
import os
import re

from chance import Chance

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../src/record/fields.def"), encoding="utf-8") as table:
    FIELDS = table.read()
NASTY = ("it's", '"q"', "(x)", ")(name y", "a b", "&<>", "é", "日本語", "tab\tbed", "two\nlines", "\\x41\\", "#c", "a;b",
         "%s", "x,y",
         "a:b", "None", "none", "0", "1", "", " x ", "<default>", "ioemu:hda", "😀", "null", "bell\x07",
         b"\xff\xfe".decode("latin-1"))
FLAGS = ("0", "1", "1", "True", "False")


def known(context):
    """Returns the keys that fields.def knows and does not convert."""
    return re.findall(r'^DS_SEXPR_(?:KNOWN|USUAL|RUNTIME|REPEATED)\(%s, *"([^"]+)"' % context, FIELDS, re.M)


KNOWN = {context: known(context) for context in ("DOMAIN", "BUILDER", "DISK", "VIF", "VFB", "PCI", "PCI_DEV", "DEVICE")}


class Maker(Chance):
    """Generates one random domain."""

    def __init__(self, seed):
        super().__init__(seed, NASTY)

    def atom(self, text):
        """Returns a value in one of SEXPR's spellings."""
        if re.fullmatch(r"[A-Za-z0-9._:/~-]+", text) and self.chance(0.8):
            return text
        quote = self.one("'\"")
        made = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
        made = made.replace("\n", self.one(("\\n", "\\012", "\n"))).replace("\t", self.one(("\\t", "\\x09", "\t")))
        return quote + made.replace("\x07", "\\007") + quote

    def list(self, key, *inside):
        """Returns a list, sometimes with unknown lists in it and unusual blanks."""
        inside = [part for part in inside if part]
        for maker in (self.foreign, lambda: self.atom(self.value("stray"))):
            if self.chance(self.wild / 2):
                inside.insert(self.random.randrange(len(inside) + 1), maker())
        blank = self.one((" ", " ", "\n    ", "  # a (comment\n "))
        return "(%s%s)" % (key, "".join(blank + part for part in inside))

    def key(self, key, value):
        """Returns (key value), or '' if the value is None. Sometimes it is repeated, or has more values or a list."""
        if value is None:
            return ""
        made = "(%s %s)" % (key, self.atom(value)) if value or self.chance(0.5) else self.one(("(%s)", "(%s )")) % key
        if self.chance(self.wild / 2):
            form = self.one(("(%s (%s))", "(%s %s more)", "(%s (a %s) (b))"))
            # A list that begins with `(domain (` would be another domain.
            made = ("(%s %s more)" if key == "domain" else form) % (key, self.atom(value))
        if self.chance(self.wild / 2):
            made += " (%s %s)" % (key, self.atom(self.one((value, self.value()))))
        return made

    def foreign(self, depth=0):
        """Returns a list that no program knows."""
        parts = [self.foreign(depth + 1) if depth < 3 and self.chance(0.3) else self.atom(self.value())
                 for _ in range(self.random.randrange(3))]
        head = self.one(("vendor", "x-thing", "discard-enable", "'odd key'"))
        return "(%s)" % " ".join([head] + parts) if self.chance(0.9) else "((%s) %s)" % (head, " ".join(parts))

    def some(self, share, key, *usual):
        return self.key(key, self.value(*usual)) if self.chance(share) else ""

    def number(self, share, key, *usual):
        """Returns a number that xend requires."""
        return "(%s %s)" % (key, self.one(usual)) if self.chance(share) else ""

    def others(self, context, share):
        """Returns keys that are known but not converted."""
        return [self.key(key, self.value("0", "1", "x")) for key in KNOWN[context] if self.chance(share)]

    # ---- the domain ------------------------------------------------------------------------------------------

    def graphics(self):
        return [self.some(share, key, *usual) for key, share, usual in (
            ("vnc", 0.5, FLAGS), ("sdl", 0.3, FLAGS), ("vncunused", 0.4, FLAGS), ("vncdisplay", 0.4, ("0", "7")),
            ("vnclisten", 0.4, ("0.0.0.0",)), ("vncpasswd", 0.3, NASTY), ("keymap", 0.3, ("de",)),
            ("display", 0.2, (":0.0",)),
            ("xauthority", 0.2, ("/root/.Xauthority",)))]

    def ports(self, key):
        port = lambda: self.value("pty", "none", "null", "/dev/ttyS1", "file:/l", "pipe:/p", "tcp:h:1",
                                  "tcp:[::1]:2,server,nowait",
                                  "telnet:h:3,server", "udp:h:4@l:5", "udp::6", "unix:/s,server,nowait", "vc", "stdio",
                                  "mon:x")
        if self.chance(0.2):
            return "(%s (%s))" % (key, " ".join(self.atom(port()) for _ in range(self.random.randrange(4))))
        return self.key(key, port())

    def image(self):
        hvm = self.is_hvm
        keys = [self.some(share, key, *usual) for key, share, usual in (
            ("kernel", 0.6, ("/boot/vmlinuz", "/usr/lib/xen/boot/hvmloader")),
            ("loader", 0.6 if hvm else 0.02, ("/usr/lib/xen/boot/hvmloader",)),
            ("ramdisk", 0.3, ("/boot/initrd",)), ("args", 0.4, ("ro quiet", "root=/dev/xvda1")),
            ("cmdline", 0.05, ("ro",)),
            ("root", 0.2, ("/dev/xvda1",)), ("device_model", 0.4, ("/usr/lib/xen/bin/qemu-dm",)),
            ("boot", 0.5 if hvm else 0.05, ("c", "dc", "nca", "")),
            ("localtime", 0.5, FLAGS), ("rtc_timeoffset", 0.4, ("0", "3600", "-7")),
            ("soundhw", 0.2, ("sb16", "sb16,es1370", "all", "")),
            ("usb", 0.4, FLAGS), ("fda", 0.1, ("/f.img",)), ("fdb", 0.1, ("/g.img",)),
            ("cdrom", 0.1, ("/c.iso", "/dev/sr0")),
            *[(key, 0.4 if hvm else 0.03, FLAGS) for key in ("acpi", "apic", "pae", "hap", "viridian", "hpet")])]
        keys += [self.key("usbdevice", self.value("tablet", "mouse", "keyboard")) for _ in range(self.one((0, 0, 1, 2)))]
        keys += [self.ports(key) for key in ("serial", "parallel") if self.chance(0.4)]
        keys += [self.number(0.2, "vcpus", "1", "2")] + self.others("BUILDER", 0.03)
        keys += self.graphics() if self.chance(0.6 if hvm else 0.1) else []
        self.random.shuffle(keys)
        kind = "hvm" if hvm else self.atom(self.one(("linux", "linux", "netbsd", "my kind")))
        return self.list("image", self.list(kind, *keys))

    def cpus(self):
        return self.one(("(cpus 0-3)", "(cpus '0-3,^1')", "(cpus ((0 1 2) (0 1 2)))", "(cpus (('1') (2)))",
                         "(cpus ((0 1) () (2 3 5)))",
                         "(cpus ('0-3' '' '2'))", "(cpus (() ()))", "(cpus ())", "(cpus (((0))))", "(cpus ((x)))"))

    def domain(self, number):
        self.is_hvm = self.chance(0.5)
        uuid = "%032x" % self.random.getrandbits(128)
        dashed = "-".join((uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))
        parts = [
            self.some(0.95, "uuid", dashed, dashed, dashed, uuid, dashed.upper()), self.number(0.5, "domid", "1", "7"),
            self.number(0.95, "memory", "256", "512"), self.number(0.8, "maxmem", "512", "512.0"),
            self.number(0.95, "vcpus", "1", "2", "4"), self.number(0.3, "vcpu_avail", "1", "3", "15"),
            self.number(0.2, "cpu_weight", "256", "512", "1.0"), self.cpus() if self.chance(0.3) else "",
            *[self.some(share, key, *usual) for key, share, usual in (
                ("description", 0.3, NASTY), ("name_label", 0.1, ("other",)), ("localtime", 0.3, FLAGS),
                ("bootloader", 0.1 if self.is_hvm else 0.3, ("/usr/bin/pygrub", "")),
                ("bootloader_args", 0.2, ("-q", "")),
                ("on_poweroff", 0.7, ("destroy",)), ("on_reboot", 0.7, ("restart",)), ("on_crash", 0.7, ("preserve",)),
                ("actions_after_crash", 0.1, ("preserve", "destroy")), ("PV_args", 0.05, ("ro",)),
                ("PV_kernel", 0.05, ("/k",)),
                ("HVM_boot_policy", 0.05, ("BIOS order", "")))],
            *self.others("DOMAIN", 0.03), self.list("platform", "(%s)" % self.some(0.8, "acpi", "1"))
            if self.chance(0.05) else "",
            self.image() if self.chance(0.9) else "", *self.devices()]
        self.random.shuffle(parts)
        name = "dom-%d" % number + self.one(("", "", " (b)", "é"))
        return self.list(self.one(("domain", "vm")), "(name %s)" % self.atom(name), *parts)

    # ---- devices ---------------------------------------------------------------------------------------------

    def disk(self):
        self.serial += not self.chance(self.wild)
        letter = chr(ord("a") + self.serial % 26)
        dev = self.one(("xvd" + letter, "hd%s:disk" % letter, "hd%s:cdrom" % letter, "sd%s1:disk" % letter,
                        "ioemu:hd" + letter,
                        str(51712 + self.serial)))
        dev = self.disk_name() if self.chance(self.wild) else dev
        uname = self.one(("phy:/dev/vg/lv", "phy:sda7", "file:/srv/a.img", "tap:aio:/srv/a", "tap:qcow2:/a:b",
                          "tap2:vhd:/c", "drbd:r0",
                           "file:/it's (a).img", "/no-driver", ""))
        keys = [self.key("dev", dev) if self.chance(0.97) else "",
                self.key("uname", uname + (self.one("12") if uname else "")) if self.chance(0.93) else "",
                self.some(0.95, "mode", "r", "w", "w!"), self.some(0.2, "backend", "0", "Domain-0", "storage", "3"),
                self.some(0.3, "bootable", *FLAGS), *self.others("DISK", 0.1)]
        keys += ["(mode w !)"] if self.chance(self.wild) else []
        if self.chance(0.04):
            keys = [self.key("physpath", "/x/y z"), self.key("virtpath", "xvd" + letter),
                    self.key("readwrite", self.one("01")),
                    self.key("is_cdrom", self.one("01"))]
        self.random.shuffle(keys)
        return self.list("device", self.list(self.one(("vbd", "vbd", "tap", "tap2")), *keys))

    def vif(self):
        self.serial += 1
        mac = "00:16:3e:00:00:%02x" % self.serial
        keys = [self.key("mac", self.one((mac, mac, mac.replace(":", "")))) if self.chance(0.97) else "",
                self.some(0.7, "bridge", "xenbr0"),
                self.some(0.6, "script", "vif-bridge", "/etc/xen/scripts/vif-nat"), self.some(0.3, "ip", "192.0.2.1"),
                self.some(0.2, "vifname", "web0", "vif1.0"), self.some(0.3, "model", "e1000", "netfront"),
                self.some(0.3, "type", "ioemu", "netfront", "other"),
                self.some(0.2, "rate", "1024KB/s", "10MB/s@50ms", "8Kb/s", "3b/s", "x"),
                self.some(0.2, "backend", "0", "net", "4"), *self.others("VIF", 0.1)]
        self.random.shuffle(keys)
        return self.list("device", self.list("vif", *keys))

    def vfb(self):
        return self.list("device", self.list("vfb", self.some(0.6, "type", "vnc", "sdl"), *self.graphics(),
                                             *self.others("VFB", 0.1)))

    def pci(self):
        def dev():
            self.serial += 1
            return self.list("dev", *[self.some(share, key, *usual) for key, share, usual in (
                ("domain", 0.9, ("0x0000", "0x1")), ("bus", 0.98, ("0x%02x" % self.serial,)),
                ("slot", 0.98, ("0x1f", "3")),
                ("func", 0.98, ("0x0", "0x7")))], *self.others("PCI_DEV", 0.1))
        return self.list("device", self.list("pci", *[dev() for _ in range(self.one((0, 1, 1, 2)))],
                                             *self.others("PCI", 0.1)))

    def devices(self):
        def few(share, maker):
            return [maker() for _ in range(self.one((1, 1, 2, 3)))] if self.chance(share) else []
        made = few(0.9, self.disk) + few(0.7, self.vif) + [self.vfb() for _ in range(self.one((0, 0, 1, 1, 1, 2)))]
        made += few(0.2, self.pci) + [self.list("device", self.list(key, self.foreign())) for key in KNOWN["DEVICE"]
                                      if self.chance(0.02)]
        made += ["(device (vkbd))"] if self.chance(0.2) else []
        made += ["(device (console (protocol vt100) (location 2)))"] if self.chance(0.1) else []
        made += [self.one(("(device)", "(device ((uuid x) (dev y)))", "(device (vbd))", "(device (vif))",
                           "(device vbd)", "(device (odd (a b)))"))] \
            if self.chance(self.wild) else []
        return made


def document(start, count):
    """Returns many domains, as bytes; always the same ones."""
    made = "\n".join(Maker(number).domain(number) for number in range(start, start + count)) + "\n"
    # In the text, other characters represent bytes that are not UTF-8.
    return made.encode().replace("ÿþ".encode(), b"\xff\xfe")
