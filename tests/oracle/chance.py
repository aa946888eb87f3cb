# SPDX-License-Identifier: LGPL-2.1-or-later
"""The random choices of rich_xml.py and rich_sexpr.py."""
import random


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
