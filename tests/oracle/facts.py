# SPDX-License-Identifier: LGPL-2.1-or-later
"""The facts of a domain, and the losses that name them."""
import re
from collections import namedtuple

# path: the path in the domain, as losses report it
# key: the path with the values that distinguish a device from others of its kind
# value: the normalized value; raw: the value as in the input, or None if it need not be compared
# at, device: the offsets of the fact and of its device; owner: the device's key
# around: the offsets of all lists or elements that contain the fact
Fact = namedtuple("Fact", "path key value raw at device owner around", defaults=((),))


# The first number of a disk and the numbers per disk, for xvd, sd and hd in Linux.
NUMBERS = [("xvd", 202 << 8, 16, 16)]
NUMBERS += [("sd", major << 8, 16, 16) for major in (8, 65, 66, 67, 68, 69, 70, 71)]
NUMBERS += [("hd", major << 8, 64, 2) for major in (3, 22, 33, 34, 56, 57, 88, 89, 90, 91)]


def number(text):
    """Returns a number in decimal, and any other text unchanged."""
    try:
        return str(int(text, 0))
    except ValueError:
        return text


def disk_name(value):
    """Returns the name that libvirt uses; xend also accepts /dev/xvda and 51712 for xvda."""
    if not re.fullmatch("[0-9]+|0x[0-9a-fA-F]+", value):
        return re.sub("^/dev/(?=(xvd|sd|hd)[a-z])", "", value)
    number, before = int(value, 0 if value[:2] == "0x" else 10), {}
    if number >> 28 == 1:
        prefix, disk, partition = "xvd", number >> 8 & 0xfffff, number & 255
    else:
        for prefix, first, size, count in NUMBERS:
            if first <= number < first + size * count:
                disk, partition = before.get(prefix, 0) + (number - first) // size, (number - first) % size
                break
            before[prefix] = before.get(prefix, 0) + count
        else:
            return value
    letters = ""
    while disk >= 0:
        letters, disk = chr(ord("a") + disk % 26) + letters, disk // 26 - 1
    return prefix + letters + (str(partition) if partition else "")


class Losses:
    """The losses of one domain; `form` is the module that knows its format."""

    def __init__(self, losses, data, form):
        self.data, self.form = data, form
        self.whole, self.parts = [], {}
        for loss in losses:
            # `end` is the end of the loss in the input.
            value, at = loss["value"] or "", loss["offset"]
            end = at + len(value.encode()) - 2 * value.count("\ufffd") # a byte that is not UTF-8
            loss["end"] = end if value and data[at:end].decode("utf-8", "replace") == value else 0
            if value[:1] in ("<", "(") and "***" in value: # the mask of a password
                pattern = re.escape(value.encode()).replace(rb"\*\*\*", b".*?").replace(re.escape("\ufffd".encode()), b".")
                there = re.compile(pattern, re.DOTALL).match(data, at)
                loss["end"] = there.end() if there else 0
            loss["facts"] = []
            if loss["end"]:
                self.whole.append(loss)
            else:
                self.parts.setdefault(at, []).append(loss)

    def all(self):
        return self.whole + [loss for losses in self.parts.values() for loss in losses]

    def of(self, fact, has_device):
        """Returns the losses that name this fact."""
        return [loss for loss in self.whole if self.form.is_inside(loss, fact)] + \
            [loss for at in {fact.at, fact.device, *fact.around} for loss in self.parts.get(at, ())
             if self.form.names(loss, fact, has_device)]
