# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates random domain XML: settings that libvirt knows, and unknown ones at every level.

Values contain quotes, parentheses, entities and letters of many scripts. All domains can be read, and each name is unique.
"""
from chance import Chance

NASTY = ("it's", '"q"', "(x)", ")(name 'y'", "a b", "&<>", "é", "日本語", "tab\tbed", "two\nlines", "\\x41\\", "#c", "a;b",
         "%s", "x,y", "a:b", "a@b", "none", "None", "0", "1", "", " ", " x ", "(null)", "<default>", "ioemu:hda", "😀")
PATHS = ("/srv/a.img", "/dev/vg/lv", "sda7", "/srv/it's here.img", "/srv/(1).img", "/srv/ä&ö.img", "a:b",
         "host:9|aio:/x")
FLAGS = ("yes", "no")


class Maker(Chance):
    """Generates one random document."""

    def __init__(self, seed):
        super().__init__(seed, NASTY)

    def number(self, most):
        return str(self.random.randrange(most))

    def escaped(self, text, is_attribute=False):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        if is_attribute:
            return text.replace("'", "&apos;").replace("\t", "&#9;").replace("\n", "&#10;")
        text = text.replace("]]>", "]]&gt;")
        return text.replace("'", "&#39;").replace('"', "&#x22;") if self.chance(0.2) else text

    def text(self, text):
        """Returns a text in one of XML's spellings."""
        if self.chance(0.05) and "]]>" not in text:
            return "<![CDATA[%s]]>" % text
        if self.chance(0.05) and text:
            at = self.random.randrange(len(text))
            return self.escaped(text[:at]) + self.one(("<!-- > -->", "<?pi > ?>",
                                                       "<![CDATA[]]>")) + self.escaped(text[at:])
        return self.escaped(text)

    def foreign(self, depth=0):
        """Returns an element that no program knows."""
        name = self.one(("vendor", "x:thing", "disk", "name", "address", "original", "q-1"))
        attributes = {"xmlns:x": "urn:x", self.one(("id", "type", "x:y")): self.value()}
        inside = [self.foreign(depth + 1) for _ in range(self.random.randrange(3 - depth))] if depth < 3 else []
        inside += [self.escaped(self.value())] if self.chance(0.5) else []
        return self.tag(name, attributes, "".join(inside))

    @staticmethod
    def close(name, inside):
        return ">%s</%s>" % (inside, name) if inside else "/>"

    def tag(self, name, attributes, inside):
        written = "".join(" %s='%s'" % (key, self.escaped(value, True))
                          for key, value in attributes.items() if value is not None)
        return "<%s%s%s" % (name, written, self.close(name, inside))

    def element(self, name, attributes=None, *inside):
        """Returns an element, sometimes with unknown attributes and children. None in either means unset."""
        attributes = dict(attributes or {})
        inside = [part for part in inside if part]
        if self.chance(self.wild):
            attributes[self.one(("vendor", "x:y", "xmlnsy", "type2", "id", "index"))] = self.value()
            attributes["xmlns:x"] = "urn:x"
        for maker in (self.foreign, lambda: self.text(self.one(("stray", "a > b", "-->", "it's\n  text", "]] >"))),
                      lambda: "<!-- a comment -->", lambda: "<?target data?>"):
            if self.chance(self.wild / 2):
                inside.insert(self.random.randrange(len(inside) + 1), maker())
        blank = self.one(("", "\n", "\n  ", " ")) if inside else ""
        return self.tag(name, attributes, blank + blank.join(inside) + blank if inside else "")

    def scalar(self, name, text, attributes=None):
        if text is None:
            return ""
        text = self.text(text)
        if self.chance(self.wild / 2):
            text += self.foreign()
        return self.tag(name, attributes or {}, text)

    def some(self, share, maker, *arguments):
        """Returns an element, or '', or sometimes a repeated element."""
        made = maker(*arguments) if self.chance(share) else ""
        return made + (maker(*arguments) if self.chance(self.wild) else "")

    def maybe(self, share, *usual):
        return self.value(*usual) if self.chance(share) else None

    # ---- the domain ------------------------------------------------------------------------------------------

    def memory(self, name):
        amount, unit = self.one((("262144", None), ("524288", "KiB"), ("512", "MiB"), ("1", "GiB"), ("500000", "KiB"),
                                 ("1000001", "b"), ("300", "MB"), ("262145", "k")))
        return self.tag(name, {"unit": unit, "dumpCore": self.maybe(0.05, "on", "off")}, amount)

    def vcpu(self):
        count = self.one((1, 2, 4, 8, 70))
        attributes = {"placement": self.maybe(0.4, "static", "static", "auto"), "cpuset": self.maybe(0.3, "0-3", "1,3"),
                      "current": self.maybe(0.3, str(self.random.randrange(1, count + 1)), "1", "9")}
        if attributes["current"] is not None and not attributes["current"].isdigit():
            attributes["current"] = "1"
        return self.tag("vcpu", attributes, str(count))

    def pin(self):
        return self.element("vcpupin", {"vcpu": self.maybe(0.97, "0", "1", "2", "3"),
                                        "cpuset": self.maybe(0.97, "0", "0-3", "2,^1")})

    def cputune(self):
        return self.element("cputune", {}, self.some(0.5, self.scalar, "shares", self.one(("256", "512"))),
                            *[self.pin() for _ in range(self.one((0, 0, 1, 2, 4)))],
                            self.some(0.1, self.scalar, "period", "10"))

    def os(self):
        hvm = self.is_hvm
        kind = "hvm" if hvm else self.value("linux", "xen", "linux", "netbsd")
        attributes = {"arch": self.maybe(0.3, "x86_64", "i686", "aarch64"),
                      "machine": self.maybe(0.3, "xenpv", "xenfv", "q35")}
        boots = self.one((0, 1, 2, 2, 10)) if hvm or self.chance(0.1) else 0
        return self.element(
            "os", {}, self.element("type", attributes, self.text(kind)) if hvm or self.chance(0.9) else "",
            self.some(0.9 if hvm else 0.05, self.scalar, "loader", self.value("/usr/lib/xen/boot/hvmloader"),
                      {"type": self.maybe(0.1, "rom", "pflash")}),
            *[self.some(share, self.scalar, name, self.value(*usual)) for name, share, usual in (
                ("kernel", 0.2 if hvm else 0.7, ("/boot/vmlinuz", "/boot/vmlinuz", "/usr/lib/xen/boot/hvmloader")),
                ("initrd", 0.3, ("/boot/initrd",)), ("cmdline", 0.4, ("ro quiet", "root=/dev/xvda1 ro")),
                ("root", 0.1, ("/dev/xvda1",)))],
            *[self.element("boot", {"dev": self.value("hd", "cdrom", "fd", "network")}) for _ in range(boots)],
            self.some(0.1, self.element, "bootmenu", {"enable": "yes"}),
            self.some(0.05, self.element, "smbios", {"mode": "host"}))

    def features(self):
        return self.element("features", {}, *[
            self.element(name, {"state": self.maybe(0.2, "on", "off")})
            for name in ("acpi", "apic", "pae", "hap", "viridian", "hyperv", "privnet") if self.chance(0.5)])

    def timer(self):
        return self.element("timer", {"name": self.value("hpet", "hpet", "rtc"), "present": self.maybe(0.6, *FLAGS),
                                      "tickpolicy": self.maybe(0.1, "delay")})

    def clock(self):
        return self.element("clock", {"offset": self.maybe(0.95, "utc", "localtime", "variable", "timezone"),
                                      "adjustment": self.maybe(0.3, "0", "3600", "-7", "reset"),
                                      "basis": self.maybe(0.3, "utc", "localtime"),
                                      "timezone": self.maybe(0.03, "Europe/Berlin")},
                            *[self.timer() for _ in range(self.one((0, 0, 1, 2)))])

    def metadata(self):
        parts = [self.foreign() for _ in range(self.random.randrange(3))]
        parts += [self.text(self.value("text"))] if self.chance(0.3) else []
        return self.tag("metadata", {"vendor": self.maybe(0.1, "x")}, "".join(parts))

    def domain(self, number):
        self.is_hvm = self.chance(0.5)
        name = "dom-%d" % number + self.value("", "", "", " (b)")
        uuid = "%032x" % self.random.getrandbits(128)
        dashed = "-".join((uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))
        parts = [
            self.some(0.95, self.scalar, "uuid", self.value(dashed, dashed, dashed, uuid, dashed.upper())),
            *[self.some(share, self.scalar, key, self.value(*usual)) for key, share, usual in (
                ("description", 0.3, NASTY), ("title", 0.1, ("t",)), ("genid", 0.05, (dashed,)),
                ("bootloader", 0.1 if self.is_hvm else 0.4, ("/usr/bin/pygrub", "")), ("bootloader_args", 0.2, ("-q",)),
                ("on_poweroff", 0.7, ("destroy", "restart")), ("on_reboot", 0.7, ("restart", "rename-restart")),
                ("on_crash", 0.7, ("restart", "coredump-destroy")), ("on_lockfailure", 0.05, ("poweroff",)))],
            self.some(0.1, self.metadata), self.some(0.95, self.memory, "memory"),
            self.some(0.6, self.memory, "currentMemory"),
            self.vcpu() if self.chance(0.95) else "", self.some(0.3, self.cputune), self.some(0.9, self.os),
            self.some(0.6, self.features), self.some(0.6, self.clock), self.some(0.98, self.devices),
            self.some(0.05, self.scalar, "iothreads", "2"), self.some(0.1, self.element, "cpu", {"mode": "host-model"}),
            self.some(0.05, self.element, "seclabel", {"type": "none"}), self.some(0.05, self.foreign)]
        self.random.shuffle(parts)
        return self.element("domain", {"type": self.maybe(0.98, "xen", "xen", "xen", "kvm"),
                                       "id": self.maybe(0.3, "1", "17")},
                            self.scalar("name", name), *parts)

    # ---- devices ---------------------------------------------------------------------------------------------

    def target(self):
        """Returns a target that usually no other disk has."""
        self.serial += not self.chance(self.wild)
        letter = chr(ord("a") + self.serial % 26)
        if self.chance(self.wild):
            return self.disk_name()
        return self.value("xvd" + letter, "hd" + letter, "sd" + letter, "vd" + letter, "fd" + letter, "xvd%s1" % letter,
                          str(51712 + self.serial), "ioemu:hd" + letter)

    def disk(self):
        kind = self.maybe(0.97, "file", "file", "block", "block", "network", "dir", "volume", "nvme")
        device = self.maybe(0.8, "disk", "disk", "cdrom", "floppy", "lun")
        target = self.one(("fda", "fdb")) if device == "floppy" and self.chance(0.8) else self.target()
        named_by = {"block": "dev", "network": "name", "dir": "dir", "volume": "volume"}.get(kind, "file")
        named_by = self.one(("file", "dev")) if self.chance(self.wild) else named_by
        source = {named_by: self.value(*PATHS) + self.number(10000), "protocol": "rbd" if kind == "network" else None,
                  "index": self.maybe(0.05, "1"), "startupPolicy": self.maybe(0.05, "optional")}
        driver = {"name": self.maybe(0.97, "file", "phy", "tap", "tap2", "tap", "qemu", "drbd"),
                  "type": self.maybe(0.4, "aio", "raw", "qcow", "qcow2", "vhd"), "cache": self.maybe(0.1, "none")}
        return self.element(
            "disk", {"type": kind, "device": device, "snapshot": self.maybe(0.05, "no")},
            self.some(0.7, self.element, "driver", driver),
            self.some(0.7 if device == "cdrom" else 0.97, self.element, "source", source),
            self.some(0.98, self.element, "target",
                      {"dev": target, "bus": self.maybe(0.5, "xen", "ide", "scsi", "fdc", "virtio")}),
            self.some(0.2, self.element, "readonly"), self.some(0.1, self.element, "shareable"),
            self.some(0.1, self.element, "backenddomain", {"name": self.value("storage", "Domain-0", "0", "3")}),
            self.some(0.05, self.scalar, "serial", "WD-1"), self.some(0.05, self.element, "boot", {"order": "1"}),
            self.some(0.05, self.element, "address", {"type": "drive", "unit": "0"}),
            self.some(0.03, self.element, "backingStore", {"type": "file"}, "<source file='/b'/><format type='raw'/>"))

    def bandwidth(self):
        return self.element("bandwidth", {}, self.some(0.9, self.element, "outbound", {
            "average": self.maybe(0.95, "1024", "1", "0", "99999999999"), "peak": self.maybe(0.2, "5")}),
            self.some(0.2, self.element, "inbound", {"average": "7"}))

    def interface(self):
        kind = self.maybe(0.97, "bridge", "bridge", "network", "ethernet", "direct")
        self.serial += 1
        named_by = {"network": "network", "direct": "dev"}.get(kind, "bridge")
        mac = "00:16:3e:00:%02x:%02x" % divmod(self.serial, 256)
        return self.element(
            "interface", {"type": kind, "managed": self.maybe(0.03, *FLAGS)},
            self.some(0.95, self.element, "mac", {"address": self.value(mac)}),
            self.some(0.8, self.element, "source",
                      {named_by: self.value("xenbr0", "default"), "mode": self.maybe(0.05, "vepa")}),
            self.some(0.3, self.element, "script",
                      {"path": self.value("vif-bridge", "vif-route", "/etc/xen/scripts/vif-nat")}),
            self.some(0.3, self.element, "ip",
                      {"address": self.value("192.0.2.1"), "family": self.maybe(0.2, "ipv4", "ipv6")}),
            self.some(0.4, self.element, "target", {"dev": self.value("vif1.0", "tap0", "vif7.2-emu", "vifx")}),
            self.some(0.3, self.element, "model", {"type": self.value("e1000", "netfront", "rtl8139")}),
            self.some(0.1, self.element, "backenddomain", {"name": self.value("net", "Domain-0", "4")}),
            self.some(0.2, self.bandwidth), self.some(0.05, self.element, "mtu", {"size": "1500"}),
            self.some(0.05, self.element, "alias", {"name": "net0"}))

    def graphics(self):
        kind = self.maybe(0.98, "vnc", "vnc", "sdl", "spice")
        return self.element(
            "graphics", {"type": kind, "port": self.maybe(0.6, "5900", "5907", "-1", "80", "0", "70000"),
                         "autoport": self.maybe(0.5, *FLAGS), "listen": self.maybe(0.4, "0.0.0.0", "127.0.0.1"),
                         "passwd": self.maybe(0.3, *NASTY), "keymap": self.maybe(0.3, "de"),
                         "display": self.maybe(0.6 if kind == "sdl" else 0.05, ":0.0"),
                         "xauth": self.maybe(0.6 if kind == "sdl" else 0.05, "/root/.Xauthority"),
                         "websocket": self.maybe(0.05, "-1")},
            self.some(0.2, self.element, "listen", {"type": self.maybe(0.8, "address", "network"),
                                                    "address": self.maybe(0.9, "0.0.0.0", "127.0.0.1")}),
            self.some(0.03, self.element, "gl", {"enable": "no"}))

    def end(self, mode):
        return self.element("source", {"mode": mode, "host": self.maybe(0.9, "localhost", "::1", "192.0.2.9"),
                                       "service": self.maybe(0.9, "23", "9999")})

    def char(self, name):
        kind = self.maybe(0.97, "pty", "pty", "null", "stdio", "vc", "file", "pipe", "dev", "tcp", "tcp", "udp",
                          "unix", "spicevmc")
        sources = {"file": ["/var/log/c.log"], "pipe": ["/run/p"], "dev": ["/dev/ttyS1", "ttyS0"],
                   "unix": ["/run/u.sock"],
                   "pty": ["/dev/pts/3"]}
        inside = ""
        if kind in sources:
            mode = self.maybe(0.7, "bind", "connect") if kind == "unix" or self.chance(self.wild) else None
            inside = self.some(0.8, self.element, "source", {"path": self.value(*sources[kind]), "mode": mode})
        elif kind == "tcp":
            inside = self.end(self.maybe(0.9, "bind", "connect")) + \
                self.some(0.7, self.element, "protocol", {"type": self.value("raw", "telnet", "tls")})
        elif kind == "udp":
            inside = self.end("connect") + (self.end("bind") if self.chance(0.6) else "")
        elif self.chance(self.wild):
            inside = self.end(None) + self.element("source", {"path": self.value()}) + self.element("protocol",
                {"type": "telnet"})
        types = ("xen", "serial", "virtio") if name == "console" else ("isa-serial", "usb-serial")
        return self.element(
            name, {"type": kind, "tty": self.maybe(0.1, "/dev/pts/3")}, inside,
            self.some(0.7, self.element, "target",
                      {"port": self.maybe(0.9, "0", "0", "1", "2", "3", "300"), "type": self.maybe(0.3, *types)}),
            self.some(0.05, self.element, "alias", {"name": "serial0"}),
            self.some(0.03, self.element, "log", {"file": "/l"}))

    def hostdev(self):
        address = {"domain": self.maybe(0.9, "0x0000", "0", "0x1"), "bus": self.maybe(0.99, "0x01", "7"),
                   "slot": self.maybe(0.99, "0x1f", "3"), "function": self.maybe(0.99, "0x0", "0x7")}
        source = self.element("source", {"startupPolicy": self.maybe(0.03, "optional")},
                              self.some(0.95, self.element, "address", {"type": self.maybe(0.1, "pci"), **address}),
                              self.some(0.1, self.element, "vendor", {"id": "0x1"}))
        return self.element("hostdev", {"mode": self.maybe(0.95, "subsystem", "subsystem", "capabilities"),
                                        "type": self.maybe(0.95, "pci", "pci", "usb"),
                                        "managed": self.maybe(0.7, *FLAGS)},
                            source, self.some(0.1, self.element, "address", {"type": "pci"}),
                            self.some(0.1, self.element, "rom", {"bar": "on"}))

    def devices(self):
        def few(share, maker, *arguments):
            count = self.one((1, 1, 1, 2, 3)) if self.chance(share) else 0
            return [maker(*arguments) for _ in range(count)]
        makers = few(0.9, self.disk) + few(0.6, self.disk) + few(0.7, self.interface) + few(0.5, self.graphics) + \
            few(0.3, self.char, "serial") + few(0.2, self.char, "parallel") + few(0.4, self.char, "console") + \
            few(0.2, lambda: self.element("sound", {"model": self.maybe(0.98, "sb16", "es1370", "ac97")})) + \
            few(0.3, lambda: self.element("input", {"type": self.maybe(0.98, "tablet", "mouse", "keyboard", "evdev"),
                                                    "bus": self.maybe(0.8, "usb", "ps2", "xen", "virtio")})) + \
            few(0.2, self.hostdev) + few(0.3, lambda: self.element(
                self.one(("video", "memballoon", "controller", "channel", "filesystem", "watchdog", "rng", "tpm",
                          "hub", "panic", "iommu")),
                {"model": self.maybe(0.8, "xen", "cirrus")}, self.some(0.3, self.foreign)))
        makers += [self.scalar("emulator", self.value("/usr/lib/xen/bin/qemu-dm"))] if self.chance(0.6) else []
        self.random.shuffle(makers)
        return self.element("devices", {}, *makers)


def document(start, count):
    """Returns many domains in one wrapper, as bytes; always the same ones."""
    domains = [Maker(number).domain(number) for number in range(start, start + count)]
    return ("<domains>\n" + "\n".join(domains) + "\n</domains>\n").encode()
