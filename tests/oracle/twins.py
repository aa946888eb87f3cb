# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates random domains whose disks have the same names and images, or unusual names: only order and losses distinguish them.

All domains can be read, and each name of a domain is unique. No facts of disks can be compared, because a fact does not say to
which of two such disks it belongs. verify.py uses the domains.
"""
from xml.sax.saxutils import quoteattr

from chance import Chance, NAMES

USUAL = ("hda", "hdb", "hdc", "fda", "fdb", "xvda", "sda", "51712", "/dev/hda", "hda1", "vda")
IMAGES = ("/i/a", "/i/b", "/i/c.iso", "/dev/a", "a", "rel/b", "/i/it's", "/x:y")


class Maker(Chance):
    """Generates one random domain."""

    def __init__(self, seed):
        super().__init__(seed, NAMES)
        self.is_hvm = self.chance(0.6)
        self.is_usual = self.chance(0.4)
        self.names = self.some(USUAL if self.is_usual else NAMES, (1, 2, 3, 3, 5))
        self.images = self.some(IMAGES, (1, 2, 2, 3))

    def some(self, values, counts):
        return self.random.sample(values, self.one(counts))

    def shuffled(self, *parts):
        parts = [part for part in parts if part]
        self.random.shuffle(parts)
        return parts

    def maybe(self, share, form, *values):
        """Returns '' or the form with one of the values."""
        return form % self.one(values) if self.chance(share) else ""

    def several(self, maker):
        return [maker() for _ in range(self.one((1, 1, 2, 2, 3, 4, 6)))]

    # ---- SEXPR -----------------------------------------------------------------------------------------------

    def quoted(self, text):
        quote = self.one("'\"")
        return quote + text.replace(quote, "\\" + quote) + quote

    def sexpr_name(self):
        if not self.is_usual:
            return self.quoted(self.disk_name(self.names))
        return self.one(("", "", "ioemu:")) + self.one(self.names) + self.one(("", ":disk", ":cdrom"))

    def sexpr_disk(self):
        path = self.one(self.images)
        uname = self.quoted(self.one(("file:", "file:", "phy:", "tap:aio:", "tap:qcow:", "tap2:vhd:", "drbd:", "")) + path)
        keys = self.shuffled(self.maybe(0.98, "(dev %s)", self.sexpr_name()), self.maybe(0.04, "(dev %s)", self.sexpr_name()),
                             self.maybe(0.95, "(uname %s)", uname, uname, uname, uname, uname, uname, ""),
                             self.maybe(0.9, "(mode %s)", "r", "w", "w", "w", "w!", "rw", "ro", "'w !'", "w !"),
                             self.maybe(0.3, "(bootable %s)", "0", "0", "1"),
                             self.maybe(0.1, "(backend %s)", "0", "Domain-0", "storage", "3"))
        if self.chance(0.05):
            keys = ["(physpath %s)" % path, "(virtpath %s)" % self.sexpr_name(), self.maybe(1, "(readwrite %s)", "0", "1"),
                    self.maybe(1, "(is_cdrom %s)", "0", "1")]
        return "(device (%s %s))" % (self.one(("vbd", "vbd", "vbd", "tap", "tap2")), " ".join(keys))

    def sexpr(self, number):
        images = [self.quoted(path) for path in self.images] + ["''"]
        keys = self.shuffled("(kernel /k)", "(loader /l)" if self.is_hvm else "",
                             self.maybe(0.6, "(boot %s)", "c", "d", "dc", "cd", "ac", "cda", "n", "nc", "a", "''"),
                             *[self.maybe(share, "(" + key + " %s)", *images)
                               for key, share in (("fda", 0.3), ("fdb", 0.15), ("cdrom", 0.25))])
        parts = self.shuffled("(memory 64)", "(image (%s %s))" % ("hvm" if self.is_hvm else "linux", " ".join(keys)),
                              *self.several(self.sexpr_disk),
                              self.maybe(0.3, "(device (vif (mac 00:16:3e:00:00:01)%s))", " (bridge b)"))
        return "(%s (name twins-%d) %s)\n" % (self.one(("vm", "domain")), number, " ".join(parts))

    # ---- XML -------------------------------------------------------------------------------------------------

    def xml_disk(self):
        kind = self.one(("file", "file", "block", None, "network", "dir"))
        device = self.one(("disk", "disk", None, "cdrom", "cdrom", "floppy", "floppy", "lun"))
        name = self.one(self.names) if self.is_usual else self.disk_name(self.names)
        name = self.one(("fda", "fda", "fdb")) if device == "floppy" and self.chance(0.6) else name
        path = quoteattr(self.one(self.images))
        driver = self.maybe(0.7, " name='%s'", "file", "phy", "tap", "tap", "qemu", "tap2", "drbd")
        parts = self.shuffled(
            self.maybe(0.8, "<driver" + driver + "%s/>", "", " type='raw'", " type='qcow'", " type='aio'"),
            self.maybe(0.9, "<source %s=" + path + "/>", {"block": "dev", "network": "name", "dir": "dir"}.get(kind, "file")),
            self.maybe(0.98, "<target dev=" + quoteattr(name).replace("%", "%%") + "%s/>", "", "", "", " bus='ide'", " bus='scsi'",
                       " bus='xen'", " bus='fdc'"),
            self.maybe(0.2, "<%s/>", "readonly"), self.maybe(0.15, "<%s/>", "shareable"),
            self.maybe(0.15, "<boot order='%d'/>", 1, 1, 2, 3), self.maybe(0.08, "<backenddomain name='%s'/>", "storage", "0"))
        return "<disk%s%s>%s</disk>" % (" type='%s'" % kind if kind else "", " device='%s'" % device if device else "", "".join(parts))

    def xml(self, number):
        boots = [self.maybe(1, "<boot dev='%s'/>", "hd", "cdrom", "fd", "network") for _ in range(self.one((0, 0, 1, 2)))]
        system = "<type>hvm</type><loader>/l</loader>" if self.is_hvm else "<type>linux</type><kernel>/k</kernel>"
        network = "<interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='b'/>%s</interface>"
        devices = self.several(self.xml_disk) + [self.maybe(0.3, network, "", "", "<boot order='1'/>")]
        parts = self.shuffled("<memory>65536</memory><vcpu>1</vcpu>", "<os>%s%s</os>" % (system, "".join(boots)),
                              "<devices>%s</devices>" % "".join(devices))
        return "<domain type='xen'><name>twins-%d</name>%s</domain>\n" % (number, "".join(parts))


def sexpr(start, count):
    """Returns many domains of SEXPR, as bytes; always the same ones."""
    return "".join(Maker(number).sexpr(number) for number in range(start, start + count)).encode()


def xml(start, count):
    """Returns many domains of XML, as bytes; always the same ones."""
    return "".join(Maker(number).xml(number) for number in range(start, start + count)).encode()
