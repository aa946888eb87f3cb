# SPDX-License-Identifier: LGPL-2.1-or-later
"""A domain for each combination of kind, name, access and source of a disk, for PV and HVM guests."""
import itertools

NAMES = ("hdb", "hdc", "fda", "xvda")
DEVS = ("%s", "%s:cdrom", "ioemu:%s")
MODES = ("", "(mode r)", "(mode ro)", "(mode w)", "(mode 'rw')", "(mode w!)", "(mode rw!)", "(mode w !)", "(mode 'w !')", "(mode r!)")
UNAMES = ("vbd (uname file:/i/%s)", "vbd (uname phy:/dev/%s)", "vbd (uname phy:/i/%s)", "vbd (uname file:/dev/%s)",
          "tap (uname tap:aio:/i/%s)", "tap (uname tap:qcow:/i/%s)", "vbd")
XL = ["(device (tap (virtpath %s) (physpath %s) (readwrite %d) (is_cdrom %d)))" % each
      for each in itertools.product(NAMES, ("/i/a", "/dev/a"), (0, 1), (0, 1))]
SEXPR = "(vm (name drive-%d) (memory 64) (maxmem 64) (image (%s (kernel /k)%s)) %s)\n"
OTHER = "(device (vbd (dev xvdz) (uname phy:/dev/z) (mode w)))"
KINDS = (" device='disk'", " device='cdrom'", " device='floppy'", " device='lun'", "")
FLAGS = ("", "<readonly/>", "<shareable/>", "<readonly/><shareable/>")
SOURCES = ["%s><driver name='%s'%s/><source %s='%s'/" % (kind, driver, form, "dev" if kind == "'block'" else "file", path)
           for kind, (driver, form), path in itertools.product(
               ("'file'", "'block'"), (("file", ""), ("phy", ""), ("tap", " type='qcow'")),
               ("/i/a", "/dev/a"))]
SOURCES += ["'file'", "'block'", "'file'><source file='/i/a'/", "'file'><source file='/dev/a'/", "'block'><source dev='a'/",
            "'block'><source dev='/dev/a'/", "'file'><source file=''/"]
XML = "<domain type='xen'><name>drive-%d</name><memory>65536</memory><vcpu>1</vcpu><os><type>%s</type></os><devices>%s" \
    "<disk type='block'><driver name='phy'/><source dev='/dev/z'/><target dev='xvdz'/></disk></devices></domain>\n"


def sexpr():
    disks = ["(device (%s (dev %s) %s))" % (uname % name if "%" in uname else uname, dev % name, mode)
             for name, dev, mode, uname in itertools.product(NAMES, DEVS, MODES, UNAMES)] + XL
    images = ["(%s %s)" % each for each in itertools.product(("fda", "fdb", "cdrom"), ("/i/a", "/dev/a", "''"))]
    shared = "(device (vbd (dev hdc:cdrom) (uname file:/o) (mode w!)))"
    found = [("", disk + OTHER) for disk in disks] + [each for image in images for each in ((image, OTHER), (image, shared))]
    return "".join(SEXPR % (number, kind, *each)
                   for number, (kind, each) in enumerate(itertools.product(("linux", "hvm"), found))).encode()


def xml():
    found = itertools.product(("linux", "hvm"), NAMES, KINDS, FLAGS, SOURCES)
    return "".join(XML % (number, guest, "<disk%s type=%s><target dev='%s'/>%s</disk>" % (kind, source.replace("><", "><", 1), name, flags))
                   for number, (guest, name, kind, flags, source) in enumerate(found)).encode()
