# SPDX-License-Identifier: LGPL-2.1-or-later
"""Facts of a domain, and which losses name them."""
from collections import namedtuple

# path: from the domain down, as losses have it. key: the same, with what tells a device from others of its kind. value: in
# one spelling. said: as it stands there; None: not worth comparing. at, device: where it begins, and where its device does.
# owner: the device's key.
Fact = namedtuple("Fact", "path key value said at device owner")


class Losses:
    """The losses of one domain; `form` is the module that knows its format."""

    def __init__(self, losses, data, form):
        self.data, self.form = data, form
        self.whole, self.parts = [], {}
        for loss in losses:
            # What stands in the loss as it stands in the input reaches to here.
            raw = (loss["value"] or "").encode()
            at = loss["offset"]
            loss["end"] = at + len(raw) if raw and data[at:at + len(raw)] == raw else 0
            loss["facts"] = []
            if loss["end"]:
                self.whole.append(loss)
            else:
                self.parts.setdefault(at, []).append(loss)

    def all(self):
        return self.whole + [loss for losses in self.parts.values() for loss in losses]

    def of(self, fact, has_device):
        """Those that say that this fact is lost."""
        near = self.parts.get(fact.at, [])
        near = near + self.parts.get(fact.device, []) if fact.device != fact.at else near
        return [loss for loss in self.whole if self.form.is_inside(loss, fact)] + \
            [loss for loss in near if self.names(loss, fact, has_device)]

    def names(self, loss, fact, has_device):
        path = self.form.ALIASES.get(loss["path"], loss["path"])
        if path == self.form.ALIASES.get(fact.path, fact.path):
            # That something is there has no value of its own.
            return loss["value"] is None or not fact.said or loss["value"] == fact.said
        # What makes a device what it is stands for all of it, when the result does not have it at all.
        if path in self.form.IDENTITY and not has_device:
            return True
        # A part of a device, or all of it.
        return "/" in path and fact.path.startswith(path) and fact.path[len(path)] in "/@"
