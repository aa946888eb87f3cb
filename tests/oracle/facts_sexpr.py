# SPDX-License-Identifier: LGPL-2.1-or-later
"""Splits SEXPR into facts, and knows the few differences that have no meaning."""
import os
import re
from collections import Counter
from html import unescape

from facts import disk_name, Fact, number
from meaning import TOKEN, unquote

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../src/record/fields.def"), encoding="utf-8") as table:
    FIELDS = table.read()
DISKS = ("vbd", "tap", "tap2")
FLAGS = {"True": "1", "False": "0"}
# The XML writer reports losses with paths of XML. These are the SEXPR keys for them.
KEYS_OF_LOSS = {
    "devices/disk/source": "uname|fda|fdb|cdrom|physpath", "devices/disk/target@dev": "dev|virtpath",
    "devices/disk/driver@name": "uname", "devices/disk/driver@type": "uname",
    "devices/disk/backenddomain@name": "backend",
    "devices/interface/mac@address": "mac", "devices/interface/source": "bridge", "devices/interface/ip@address": "ip",
    "devices/interface/script@path": "script", "devices/interface/target@dev": "vifname",
    "devices/interface/backenddomain@name": "backend", "devices/interface/model@type": "model|type",
    "device/vif/type": "type",
    "devices/graphics@listen": "vnclisten", "devices/graphics@passwd": "vncpasswd", "devices/graphics@keymap": "keymap",
    "devices/graphics@display": "display", "devices/graphics@xauth": "xauthority", "devices/sound@model": "soundhw",
    "vcpu@cpuset": "cpus", "cputune/vcpupin@cpuset": "cpus", "cpus": "cpus", "clock@adjustment": "rtc_timeoffset",
    "image/vncdisplay": "vncdisplay", "image/vnclisten": "vnclisten", "image/vncpasswd": "vncpasswd", "image/keymap": "keymap", "image/display": "display",
    "image/xauthority": "xauthority", "image/fda": "fda", "image/fdb": "fdb", "image/cdrom": "cdrom",
    "image/loader": "loader", "image/boot": "boot", "initrd": "ramdisk|PV_ramdisk", "cmdline": "args|cmdline|PV_args",
    "kernel": "kernel|PV_kernel", "loader": "loader|kernel", "root": "root", "os/type": "image",
    "emulator": "device_model", "bootloader": "bootloader|PV_bootloader",
    "bootloader_args": "bootloader_args|PV_bootloader_args", "name": "name|name_label",
    "description": "description|name_description", "on_poweroff": "on_poweroff|actions_after_shutdown",
    "on_reboot": "on_reboot|actions_after_reboot", "on_crash": "on_crash|actions_after_crash"}
KEYS_OF_LOSS.update({"devices/%s/source@%s" % (char, part): char for char in ("serial", "parallel")
                  for part in ("path", "host", "service")})
KEYS_OF_LOSS.update({"os/initrd": "ramdisk|PV_ramdisk", "os/cmdline": "args|cmdline|PV_args", "os/kernel": "kernel|PV_kernel",
                  "os/loader": "loader|kernel", "os/root": "root", "devices/emulator": "device_model"})
WHOLE_DISK = ("devices/disk/target", "devices/disk/source")
IMPLIED = set()


def keys_of(macro):
    """Returns the keys in fields.def with this macro, as paths."""
    places = {"DOMAIN": "", "BUILDER": "image/*/", "DISK": "device/disk/", "VIF": "device/vif/", "VFB": "device/vfb/"}
    found = re.findall(r'^%s\((?:\w+, *\w+, *)?(\w+), *"([^"]+)"(?:, *"[^"]*")?\)' % macro, FIELDS, re.M)
    return {places[context] + key for context, key in found}


RUNTIME = keys_of("DS_SEXPR_RUNTIME") | {"domid", "image/*/vcpus", "image/*/vcpu_avail", "image/*/usb"}
# The names of the Xen API are used only where the old names are missing.
REPEATED = keys_of("DS_SEXPR_REPEATED") | keys_of("DS_ALIAS") | {"HVM_boot_policy", "HVM_boot_params", "vcpus_params"}


class List(list):
    """A list, with the offset of its first byte."""

    def __init__(self, at):
        super().__init__()
        self.at = at


class Atom(str):
    at = 0


def read(data):
    """Yields the domains in some bytes."""
    top = List(0)
    stack = [top]
    for match in TOKEN.finditer(data.decode("latin-1")):
        token = match.group()
        if token[0] in " \t\n\v\f\r#":
            continue
        if token == "(":
            stack.append(List(match.start()))
        elif token == ")":
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            word = unquote(token) if token[0] in "'\"" else token
            atom = Atom(word.encode("latin-1").decode("utf-8", "replace"))
            atom.at = match.start()
            stack[-1].append(atom)
    return [value for value in top if isinstance(value, list) and value and value[0] in ("domain", "vm")]


def first(items, *keys):
    """Returns the value of the first list with one of these names."""
    for key in keys:
        for item in items:
            if isinstance(item, list) and len(item) > 1 and item[0] == key and isinstance(item[1], str) and item[1]:
                return item[1]
    return ""


def name_of(domain):
    return first(domain, "name", "name_label")


def spelling(key, value):
    """Returns the same text for values with the same meaning."""
    last = key.rsplit("/", 1)[-1]
    if last == "uuid":
        return value.replace("-", "").lower()
    if last in ("memory", "maxmem", "vcpus") and re.fullmatch(r"[0-9]+\.0", value):
        return value[:-2]
    if last == "dev" and key.startswith("device/disk"):
        # libvirt removes one prefix, and everything from the last colon.
        value = value[6:] if value.startswith("ioemu:") else value
        return disk_name(value.rpartition(":")[0] if ":" in value else value)
    if last == "virtpath":
        return disk_name(value)
    if last == "mode" and re.fullmatch("r[ow]?!?|w!?", value): # as Xen's block script reads it
        return "r" if "w" not in value else "w!" if "!" in value else "w"
    if last == "mac":
        return value.replace(":", "")
    if key.startswith("device/pci"):
        return number(value)
    return FLAGS.get(value, value)


def joined(device):
    """Returns the source. If it contains blanks, xl writes it as several words, and xend as one."""
    for item in device:
        if isinstance(item, list) and item[:1] == ["physpath"] and all(isinstance(word, str) for word in item):
            path = " ".join(item[1:])
            return "phy:" + path if path.startswith("/dev/") else path
        if isinstance(item, list) and item[:1] == ["uname"]:
            return item[1] if len(item) == 2 and isinstance(item[1], str) else ""
    return ""


def source_of(uname):
    """Returns the uname with its backend. In (tap2 ...), tap: means tap2:; a uname without a backend is a file."""
    uname = re.sub("^tap2?:", "tap:", uname)
    return uname if ":" in uname or not uname else "file:" + uname


def owner_of(kind, device, counts):
    """Returns the values that distinguish a device from others of its kind."""
    if kind in DISKS:
        name = "disk[%s|%s]" % (spelling("device/disk/dev", first(device, "dev", "virtpath")),
                                source_of(joined(device)))
    elif kind == "vif":
        name = "vif[%s]" % first(device, "mac").replace(":", "")
    elif kind == "dev":
        numbers = [number(first(device, key)) for key in ("domain", "bus", "slot", "func")]
        name = "dev[%s]" % ":".join(each if each.isdigit() else "0" for each in numbers)
    else:
        return kind
    counts[name] += 1
    return name + ("#%d" % counts[name] if counts[name] > 1 else "")


SEVERAL = ("cpus", "serial", "parallel", "usbdevice", "mode")


def holds_lists(path):
    """Returns whether a list contains named lists. Any other list has a value."""
    return re.fullmatch(r"|image(/[^/]*)?|platform(/)?|device(/(vbd|tap|tap2|vif|vfb|pci|pci/dev))?", path)


def atoms_of(item, key):
    """Returns all values in a list, at any depth, with keys that contain the depth."""
    rest, found = [(kid, key) for kid in reversed(item)], []
    while rest:
        kid, where = rest.pop()
        if isinstance(kid, str):
            found.append((kid, where))
        else:
            rest += [(inner, where + "/") for inner in reversed(kid)]
    return found


def facts_of(domain):
    facts, counts = [], Counter()
    # Each entry is a list, its path, its key, its device's key and offset, and the offsets of the lists around it.
    rest = [(item, "", "", "", domain.at, (domain.at,)) for item in reversed(domain[1:])]
    while rest:
        item, path, key, owner, device, around = rest.pop()
        if isinstance(item, str):
            facts.append(Fact(path, key, spelling(key, item), str(item), item.at, device, owner, around))
            continue
        head = item[0] if item and isinstance(item[0], str) else None
        kids = item[1:] if head is not None else item
        here = path + "/" + (head or "") if path else head or ""
        where = key + "/" + (head or "") if key else head or ""
        around += (item.at,)
        if head == "device" and not key:
            device = item.at
        elif key == "device" or (key == "device/pci" and head == "dev"):
            owner = where = key + "/" + owner_of(head or "", item, counts)
        if not kids or owner == where and "[" in owner:
            facts.append(Fact(here, where, "", "", item.at, device, owner, around))
        if path == "image" and head:
            facts.append(Fact(path, path, head, str(head), item.at, device, owner, around))
        if holds_lists(here) and head is not None:
            rest += [(kid, here, where, owner, device, around) for kid in reversed(kids)]
        elif len(kids) > 1 and all(isinstance(kid, str) for kid in kids) and here.rsplit("/", 1)[-1] not in SEVERAL:
            # xl writes a text with blanks as several words.
            text = " ".join(kids)
            facts.append(Fact(here, where, spelling(where, text), text, kids[0].at, device, owner, around))
        else:
            facts += [Fact(here, deep, spelling(deep, atom), str(atom), atom.at, device, owner, around)
                      for atom, deep in atoms_of(kids, where)]
    return facts


# XML has these settings for every guest, SEXPR for HVM guests only. For other guests the conversion back reports them as lost.
LATE = {"devices/serial": "serial", "devices/parallel": "parallel", "devices/input": "usbdevice",
        "devices/sound": "soundhw",
        "os/initrd": "ramdisk", "os/root": "root", "os/kernel": "kernel", "os/loader": "loader", "os/boot@dev": "boot",
        "features/acpi": "acpi", "features/apic": "apic", "features/pae": "pae", "features/hap": "hap",
        "features/viridian": "viridian", "clock@adjustment": "rtc_timeoffset", "clock/timer": "hpet",
        "cputune/vcpupin": "cpus", "bootloader": "bootloader", "bootloader_args": "bootloader_args",
        "devices/serial/source": "serial", "devices/parallel/source": "parallel", "devices/disk/driver@name": "uname"}


def may_be_late(path):
    return True


def is_late(losses, fact):
    return any(LATE.get(loss["path"]) in (fact.path.rsplit("/", 1)[-1], fact.path.split("/")[0]) and
               (not loss["value"] or loss["value"].startswith("<") or fact.path == "cpus" or loss["value"] in fact.raw or
                fact.raw == "all" or "," in fact.raw) for loss in losses) or \
        any(loss["value"].startswith("<disk ") and fact.owner.startswith("device/disk[%s|" % name)
            for loss in losses if loss["value"] for name in re.findall("<target dev='(?:ioemu:)?([^']*)'", unescape(loss["value"])))


def is_inside(loss, fact):
    """Returns whether the fact is in a list that the loss contains unchanged."""
    path = loss["path"]
    # If a device is lost because settings are missing, the loss has the whole device.
    if loss["reason"] == "incomplete" and loss["value"].startswith("(device"):
        path = "/".join(path.split("/")[:2])
    return loss["offset"] <= fact.at < loss["end"] and (fact.path + "/" + fact.raw).lstrip("/").replace("//", "/").startswith(path)


def names(loss, fact, has_device):
    if loss["path"] in WHOLE_DISK and not has_device and fact.owner:
        return loss["offset"] == fact.device
    if loss["path"] == "devices/hostdev/source/address":
        return "device/pci/dev" in fact.path and loss["offset"] in (fact.at, *fact.around)
    last = fact.path.rsplit("/", 1)[-1]
    if loss["path"] == "vcpus_params/cap" and fact.path.startswith("vcpus_params"):
        return fact.raw == loss["value"]
    if loss["path"] == fact.path and (not loss["value"] or loss["value"] in fact.raw or loss["value"] == fact.value or
                                      loss["value"] == "***"):
        return True
    if loss["path"] == fact.path and last == "mode" and fact.raw in loss["value"]:
        return True # `w !` is the mode w!
    if loss["path"] == fact.path and last in ("vnc", "sdl"):
        return True # the type of the frame buffer contradicts it
    if loss["path"] == fact.path and loss["reason"] == "invalid" and last in REPEATED:
        return True # another key contradicts it; the position in a text with escapes is unknown
    return last in KEYS_OF_LOSS.get(loss["path"], "").split("|") and \
        (not loss["value"] or last == "cpus" or last == "vncpasswd" and loss["value"] == "***" or loss["value"] in fact.raw or fact.raw.endswith(loss["value"]))


class Domain:
    """The original and the result as far as the rules need them."""

    def __init__(self, node, result):
        self.node = node
        self.pairs = {(fact.key, fact.value) for fact in result}
        image = next((item for item in node if isinstance(item, list) and item and item[0] == "image"), [])
        builder = next((item for item in image if isinstance(item, list)), [""])
        self.builder = builder
        self.is_hvm = builder[:1] == ["hvm"]
        self.image = next((item for item in image if isinstance(item, list)), None)
        self.counts = Counter(fact.key for fact in result)
        self.devs = {}
        for item in node:
            if isinstance(item, list) and item[:1] == ["device"]:
                self.devs[item.at] = [first(part, "dev") for part in item if isinstance(part, list)]

    def has(self, key, value):
        return (key, value) in self.pairs

    def contains(self, key):
        return self.counts[key]

    def no_difference(self, fact):
        key, value = fact.key, fact.value
        place = re.sub(r"^image/[^/]+/", "image/*/", re.sub(r"\[.*\](#\d+)?/", "/", key.rstrip("/"), flags=re.DOTALL))
        last = key.rsplit("/", 1)[-1]
        # A key without a value has no meaning, and neither have these words for unset values.
        if fact.raw in ("", "None", "<default>", "<unknown>") and (fact.owner != key or "[" not in key):
            return True
        if place in RUNTIME or key.split("/")[0] in RUNTIME or re.match("image/[^/]+/notes/", key):
            return True
        if place in REPEATED or key.split("/")[0] in REPEATED or key.startswith("platform/"):
            return True
        # xl's words for unset values, and for the builder of a guest of Xen's own kind.
        if value == "null" and key.endswith("/") or value == "0" and fact.path == "image/" + str(self.builder[0]):
            return True
        rule = next((rule for start, rule in RULES if place.startswith(start)), None)
        return bool(rule and rule(self, fact, last, value))


def of_image(self, fact, last, value):
    """A switch that is off is not written, except hap and hpet."""
    if last in ("acpi", "apic", "pae", "viridian", "vnc", "sdl", "localtime", "hap", "hpet") and value == "0":
        return last not in ("hap", "hpet") or not self.is_hvm
    if last == "localtime":
        return True
    if last == "rtc_timeoffset":
        return number(value) == "0"
    # Up to xend 3.2 the loader was in `kernel`.
    if last in ("kernel", "loader"):
        return self.is_hvm and self.has("image/hvm/kernel", value)
    if last == "cmdline":
        return first(self.builder, "args") != "" or self.has(re.sub("cmdline$", "args", fact.key), value)
    # The CD drive of xend 3.0.2 is hdc.
    if last == "cdrom":
        return any(self.has("device/disk[hdc|%s%s]" % (driver, value), "") for driver in ("file:", "phy:"))
    # `none` means no port, a list of one port means that port, and `all` is the default of xend's qemu.
    if last in ("serial", "parallel", ""):
        return value in ("none", "None") or self.has(fact.key.rstrip("/"), value)
    if last == "soundhw":
        return value == "all" and self.has(fact.key, "sb16,es1370")
    return of_graphics(self, fact, last, value)


def of_graphics(self, fact, last, value):
    """An HVM guest's frame buffer is in its image. A frame buffer device has priority over settings in the image."""
    if last not in ("vnc", "sdl", "type", "vncunused", "vncdisplay", "vnclisten", "vncpasswd", "keymap", "display",
                    "xauthority"):
        return False
    device = next((part for item in self.node if isinstance(item, list) and item[:1] == ["device"]
                   for part in item if isinstance(part, list) and part[:1] == ["vfb"]), None)
    in_image = fact.key.startswith("image/")
    # Beside a frame buffer, the switches in the image have no effect.
    if in_image and device is not None and last in ("vnc", "sdl", "type", "vncunused", "vncdisplay"):
        return True
    # A dump may have both. The settings of the frame buffer are separate facts.
    if in_image and device is not None and first(device, last) == fact.raw:
        return True
    if last in ("vnc", "sdl") and value == "0":
        return True # a frame buffer that is off is not written
    if self.has("image/hvm/" + last, value) or self.has("device/vfb/" + last, value):
        return True
    source = self.builder if in_image else device or []
    is_on = not in_image or any(first(source, switch) in ("1", "True") for switch in ("vnc", "sdl"))
    if not is_on:
        return in_image # the settings of a frame buffer that is off have no effect
    kind = first(source, "type")
    if kind not in ("vnc", "sdl"):
        kind = "sdl" if first(source, "sdl") in ("1", "True") and first(source, "vnc") not in ("1", "True") else "vnc"
    if last in ("vnc", "sdl", "type"):
        return self.contains("image/hvm/" + kind) or self.has("device/vfb/type", kind)
    if last in ("vncunused", "vncdisplay"):
        return kind == "sdl" or last == "vncunused" or first(source, "vncunused") in ("1", "True")
    return False


def of_disk(self, fact, last, value):
    # In xend 3.0.2 this drive is a path in the image; devices are below /dev.
    path = fact.owner[len("device/disk[hdc|"):-1].split(":")[-1]
    if fact.owner.startswith("device/disk[hdc|") and path and self.has("image/hvm/cdrom", path):
        driver = "phy:" if path.startswith("/dev/") else "file:"
        return fact.key == fact.owner or last in ("dev", "virtpath", "physpath", "is_cdrom") or \
            (last, value) in (("mode", "r"), ("readwrite", "0"), ("uname", driver + path))
    if last == "uname":
        return value.startswith("tap:") and self.has(fact.key, "tap2:" + value[4:])
    if last == "backend":
        return value in ("0", "Domain-0")
    if last in ("bootable", "is_cdrom", "readwrite"):
        return True # the first one is the boot disk; the order expresses the rest
    return last in ("physpath", "virtpath") or (last == "mode" and value in ("w", "!") and self.has(fact.key, "w!"))


def of_vif(self, fact, last, value):
    if last == "vifname":
        return re.fullmatch(r"vif\d+\.\d+(-emu)?", value)
    if last == "type":
        return value == "ioemu" or self.has(re.sub("type$", "model", fact.key), value)
    if last == "model":
        return self.has(re.sub("model$", "type", fact.key), value)
    if last == "rate":
        return self.contains(fact.key) and re.fullmatch(r"\d+[GMK]?[Bb]/s", value)
    return last == "backend" and value in ("0", "Domain-0")


def of_domain(self, fact, last, value):
    key = fact.key
    if key in ("localtime", "cpu_weight"):
        return value in ("0", "1") if key == "localtime" else value == "1.0"
    if key in ("memory", "maxmem"):
        memory, most = (spelling("memory", first(self.node, each)) for each in ("memory", "maxmem"))
        return most and memory and int(memory) > int(most) and self.has("memory", most)
    if key == "vcpu_avail":
        return bin(int(value)).count("1") >= int(first(self.node, "vcpus") or 0)
    if key.split("/")[0] == "cpus":
        return self.contains("cpus") or self.contains("cpus/") or value.strip("()") == ""
    # Beside a kernel, an empty boot loader is ignored; without a boot loader it has no arguments.
    return False


RULES = (("image/*/", of_image), ("device/vfb/", of_graphics), ("device/disk", of_disk), ("device/vif/", of_vif),
         ("device/vkbd", lambda *_: True), ("device/console", lambda *_: True), ("", of_domain))
