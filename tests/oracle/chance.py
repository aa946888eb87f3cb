# SPDX-License-Identifier: LGPL-2.1-or-later
"""The random choices of rich_xml.py, rich_sexpr.py and twins.py."""
import random

# The parts of unusual names of disks. What both formats make of repeated and misspelled prefixes and suffixes must be the same.
PREFIXES = ("", "", "", "ioemu:", "ioemu:", "ioemu:ioemu:", "ioemu:ioemu:ioemu:", "ioemu::", ":", "IOEMU:", "ioemu :", " ioemu:")
NAMES = ("hda", "hda", "hdc", "hda1", "sda", "vda", "fda", "fdc", "xvda", "51712", "0xca00", "/dev/hda", "/dev/fda", "ioemu", "disk",
         "cdrom", "", " ", "a b", " hda", "it's", 'q"q', "(x)", "<x>", "é", "HDA", "None", "none", "<default>", "0", "a:b")
SUFFIXES = ("", "", "", ":disk", ":disk", ":cdrom", ":cdrom", ":disk:cdrom", ":cdrom:disk", ":cdrom:cdrom", ":", "::", ":CDROM",
            ":floppy", ":cdrom ", ": cdrom", ":ioemu:")


class Chance:
    """Makes the same choices for the same seed. `wild` is the share of unexpected values, which `nasty` lists."""

    def __init__(self, seed, nasty):
        self.random = random.Random(seed)
        self.wild = self.random.choice((0, 0.004, 0.02, 0.06))
        self.nasty = nasty
        self.serial = 0

    def chance(self, share):
        return self.random.random() < share

    def one(self, values):
        return self.random.choice(values)

    def value(self, *usual):
        """Returns one of the usual values, and rarely an unexpected one."""
        return self.one(self.nasty) if not usual or self.chance(self.wild) else self.one(usual)

    def disk_name(self, names=NAMES):
        """Returns a name of a disk with prefixes and suffixes that no tool writes."""
        return self.one(PREFIXES) + self.one(names) + self.one(SUFFIXES)
