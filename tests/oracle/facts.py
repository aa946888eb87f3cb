# SPDX-License-Identifier: LGPL-2.1-or-later
"""Facts of a domain, and which losses name them."""
from collections import namedtuple

# path: from the domain down, as losses have it. key: the same, with what tells a device from others of its kind. value: in
# one spelling. said: as it stands there; None: not worth comparing. at, device: where it begins, and where its device does.
# owner: the device's key. around: offsets of what else it stands in.
Fact = namedtuple("Fact", "path key value said at device owner around", defaults=((),))


class Losses:
    """The losses of one domain; `form` is the module that knows its format."""

    def __init__(self, losses, data, form):
        self.data, self.form = data, form
        self.whole, self.parts = [], {}
        for loss in losses:
            # What stands in the loss as it stands in the input reaches to here.
            value, at = loss["value"] or "", loss["offset"]
            end = at + len(value.encode()) - 2 * value.count("\ufffd") # a byte that is no UTF-8
            loss["end"] = end if value and data[at:end].decode("utf-8", "replace") == value else 0
            loss["facts"] = []
            if loss["end"]:
                self.whole.append(loss)
            else:
                self.parts.setdefault(at, []).append(loss)

    def all(self):
        return self.whole + [loss for losses in self.parts.values() for loss in losses]

    def of(self, fact, has_device):
        """Those that say that this fact is lost."""
        return [loss for loss in self.whole if self.form.is_inside(loss, fact)] + \
            [loss for at in {fact.at, fact.device, *fact.around} for loss in self.parts.get(at, ())
             if self.form.names(loss, fact, has_device)]
