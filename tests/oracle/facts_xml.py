# SPDX-License-Identifier: LGPL-2.1-or-later
"""Splits domain XML into facts, and knows the few differences that have no meaning."""
import re
from collections import Counter
from xml.parsers import expat

from facts import disk_name, Fact, number

SCALARS = {"name", "uuid", "description", "memory", "currentMemory", "vcpu", "bootloader", "bootloader_args",
           "on_poweroff",
           "on_reboot", "on_crash", "cputune/shares", "os/type", "os/loader", "os/kernel", "os/initrd", "os/cmdline",
           "os/root",
           "devices/emulator"}
# These elements have no meaning without attributes: they only contain other elements or have attributes.
SILENT = {"", "os", "features", "clock", "devices", "cputune", "metadata", "clock/timer", "os/boot"} | SCALARS
SILENT |= {"devices/disk/" + name for name in ("driver", "source", "target", "backenddomain")}
SILENT |= {"devices/interface/" + name for name in ("mac", "source", "script", "ip", "target", "model", "backenddomain",
                                                    "bandwidth", "bandwidth/outbound")}
SILENT |= {"devices/%s/%s" % (char, name) for char in ("serial", "parallel", "console")
           for name in ("source", "protocol", "target")}
SILENT |= {"devices/graphics/listen", "devices/hostdev/source", "devices/hostdev/source/address"}
# Words of SEXPR for values that are not set.
UNSET = ("None", "<default>", "<unknown>")
SOURCES = ("file", "dev", "dir", "name", "volume")
CHAR_TYPES = ("pty", "null", "stdio", "vc", "file", "pipe", "dev", "tcp", "udp", "unix")
CHARS = ("serial", "parallel", "console")
UNITS = {"b": 1, "bytes": 1, "KB": 1000, "k": 1024, "KiB": 1024, "MB": 10**6, "M": 1 << 20, "MiB": 1 << 20,
         "GB": 10**9, "G": 1 << 30, "GiB": 1 << 30}
# A loss of a device's identity covers the whole device, if the result does not have the device at all.
IDENTITY = {"devices/hostdev/source/address", "devices/graphics@type", "devices/sound@model", "devices/input@type", "devices/input@bus",
            "devices/disk@type", "devices/disk/driver@name", "devices/disk/driver@type",
            "devices/disk/target", "devices/disk/source", "devices/hostdev@type", "devices/hostdev@mode",
            "devices/serial@type", "devices/parallel@type", "devices/console@type", "devices/serial/source",
            "devices/parallel/source", "devices/console/source", "clock/timer@name"}


WRAPPER = b"<dump>"


class Node:
    def __init__(self, name, attributes, at):
        self.name, self.attributes, self.at = name, attributes, at
        # Each text with the offsets of the elements around it.
        self.children, self.texts = [], []

    def text(self):
        return "".join(text for text, _, _ in self.texts)

    def child(self, name):
        """Returns the first element of that name, or an empty one."""
        return next((child for child in self.children if child.name == name), Node(name, {}, 0))


def read(data):
    """Yields the domains of a document."""
    root = Node("", {}, 0)
    open_nodes, texts, last = [root], [], [0]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def border():
        at = parser.CurrentByteIndex - len(WRAPPER)
        if texts:
            open_nodes[-1].texts.append(("".join(texts), last[0], at))
            texts.clear()
        last[0] = at
        return at

    def start(name, attributes):
        node = Node(name, attributes, border())
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(name):
        border()
        open_nodes.pop()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, texts.append
    # Several documents may follow each other. Offsets count from the first one.
    data = re.sub(rb"<\?xml[^>]*\?>", lambda match: b" " * len(match.group()), data)
    parser.Parse(WRAPPER + data + b"</dump>", True)
    found, rest = [], [root]
    while rest:
        node = rest.pop()
        if node.name == "domain":
            found.append(node)
        else:
            rest += reversed(node.children)
    return found


def device_key(node, counts):
    """Returns the values that distinguish a device from others of its kind, wherever it is."""
    kind, raw = node.name, node.attributes
    key = ""
    if kind == "disk":
        source = node.child("source").attributes
        key = disk_name(re.sub("^ioemu:", "", node.child("target").attributes.get("dev", ""))) + "|" + \
            from_dev(node, next((value for name, value in source.items() if name in SOURCES), ""))
    elif kind == "interface":
        key = node.child("mac").attributes.get("address", "")
        key = "" if key in UNSET else key
    elif kind == "graphics":
        key = "foreign " + raw["type"] if raw.get("type") not in ("vnc", "sdl", None) else ""
    elif kind in CHARS:
        port = node.child("target").attributes.get("port", "")
        key = port if port.isdigit() and int(port) < 256 else str(counts[kind + " ordinal"])
        counts[kind + " ordinal"] += 1
        key = key if raw.get("type", "pty") in CHAR_TYPES else raw["type"]
        key += " " + raw.get("type", "pty") if kind == "console" else ""
    elif kind == "sound":
        key = raw.get("model", "")
    elif kind == "input":
        key = "%s %s" % (raw.get("type", ""), raw.get("bus") or ("usb" if raw.get("type") == "tablet" else ""))
    elif kind == "hostdev":
        address = node.child("source").child("address").attributes
        numbers = [number(address.get(name, "0")) for name in ("domain", "bus", "slot", "function")]
        key = ":".join(each if each.isdigit() else "0" for each in numbers)
        if raw.get("type", "pci") != "pci" or raw.get("mode", "subsystem") != "subsystem" or not address:
            key = "foreign"
    counts[kind, key] += 1
    return "%s[%s]%s" % (kind, key, "#%d" % counts[kind, key] if counts[kind, key] > 1 else "")


def from_dev(disk, name):
    """Returns the source. A block device without a driver and without a directory is in /dev."""
    is_bare = disk.attributes.get("type") == "block" and not disk.child("driver").attributes.get("name")
    return "/dev/" + name if name and is_bare and name[0] != "/" else name


def spelling(path, value):
    """Returns the same text for values with the same meaning."""
    if path == "uuid":
        return re.sub("[- \n]", "", value).lower()
    if path in ("vcpu", "cputune/shares"):
        return value.strip()
    if path.startswith("devices/hostdev/source/address@"):
        return number(value)
    if path == "devices/disk/target@dev":
        return disk_name(re.sub("^ioemu:", "", value))
    return value


def pin_key(vcpu, cpuset):
    return "cputune/vcpupin[%s=%s]" % (vcpu, cpuset)


def walk(node, path, key, device, owner, counts, facts):
    """Adds the facts of an element: its attributes, its text, and its presence where that alone has a meaning."""
    def add(plain, where, value):
        facts.append(Fact(plain, where, spelling(plain, value), value, node.at, device, owner))
    # xmlns declares a name, and is not a value of the domain.
    raw = {name: value for name, value in node.attributes.items() if name != "xmlns" and not name.startswith("xmlns:")}
    if path in ("memory", "currentMemory"):
        size = -(-int(node.text()) * UNITS.get(raw.get("unit", "KiB"), 1) // 1024)
        facts.append(Fact(path, key, str(size), None, node.at, device, owner))
        raw.pop("unit", None)
    elif path in SCALARS and (node.text() or path == "bootloader"):
        add(path, key, node.text())
    elif path not in SCALARS:
        for text, after, before in node.texts:
            if text.strip():
                facts.append(Fact((path + "/text()").lstrip("/"), key + "/text()", text, text, after, before, owner))
    for name, value in raw.items():
        where = key + "@" + name
        # The disk's type decides which attribute names the source.
        if path == "devices/disk/source" and name in SOURCES:
            where = key + "@"
        add(path + "@" + name, where, value)
    is_device = path.startswith("devices/") and path.count("/") == 1 and path not in SCALARS
    if is_device or (not raw and not node.children and not node.text().strip() and path not in SILENT) or \
            path in ("features/" + node.name, "devices/disk/readonly", "devices/disk/shareable"):
        add(path, key, "")
    for child in node.children:
        below = (path + "/" + child.name).lstrip("/")
        if path == "devices" and below not in SCALARS:
            name = "devices/" + device_key(child, counts)
            walk(child, below, name, child.at, name, counts, facts)
        elif below == "cputune/vcpupin":
            name = pin_key(child.attributes.get("vcpu"), child.attributes.get("cpuset"))
            walk(child, below, name, device, owner, counts, facts)
        elif below == "clock/timer":
            walk(child, below, "%s[%s]" % (below, child.attributes.get("name")), device, owner, counts, facts)
        elif below == "os/boot":
            dev = child.attributes.get("dev", "")
            counts[below, dev] += 1
            walk(child, below, "%s[%s]%d" % (below, dev, counts[below, dev]), device, owner, counts, facts)
        else:
            walk(child, below, (key + "/" + child.name).lstrip("/"), device, owner, counts, facts)


def facts_of(domain):
    facts = []
    walk(domain, "", "", domain.at, "", Counter(), facts)
    return facts


def name_of(domain):
    return domain.child("name").text()


# ---- differences without a meaning --------------------------------------------------------------------------------

# Values that may be missing in the result without a loss. This list is written from the documentation of libvirt and
# Xen, and not read from the program's tables: a wrong default there would excuse itself.
DEFAULTS = {
    # The defaults of every libvirt.
    "vcpu@placement": "static", "memory@dumpCore": "on", "currentMemory@dumpCore": "on", "os/loader@type": "rom",
    "devices/graphics/listen@type": "address", "devices/interface/ip@family": "ipv4",
    "devices/hostdev/source/address@type": "pci",
    # A guest of Xen decides itself which features of x86 it uses, and its kind determines the machine.
    "os/type@arch": "i686|x86_64", "os/type@machine": "xenpv|xenfv",
    # The defaults of a port of that kind on Xen.
    "devices/console/target@type": "xen|serial", "devices/serial/target@type": "isa-serial",
    "devices/parallel/target@type": "isa-serial",
    # Domain-0 is the default backend.
    "devices/disk/backenddomain@name": "Domain-0|0", "devices/interface/backenddomain@name": "Domain-0|0",
    "devices/interface/bandwidth/outbound@average": "0", "clock/timer@present": "yes",
    # The index is known to the running hypervisor only.
    "devices/disk/source@index": ".*",
    # State of the running domain: its number, the pseudo-terminal of a console.
    "@id": ".*", "devices/console@tty": ".*", "devices/serial@tty": ".*", "devices/parallel@tty": ".*",
}


# The same value with another name.
ALIASES = {"devices/graphics/listen@address": "devices/graphics@listen"}
# Defaults that a loss may name.
IMPLIED = {("devices/disk@type", "file"), ("devices/interface@type", "bridge")}


def first_disk(facts):
    """Returns the disk that libvirt sorts first: on the bus of the first disk, the one with the lowest letters."""
    disks = {fact.owner: {} for fact in facts if fact.path == "devices/disk"}
    for fact in facts:
        if fact.path.startswith("devices/disk/target@"):
            disks[fact.owner].setdefault(fact.path[-3:], fact.value)
    first, least = None, None
    for owner, target in disks.items():
        prefix, letters = re.match("(xvd|hd|sd|vd|fd|ubd)?([a-z]*)", target.get("dev", "")).groups("")
        bus = target.get("bus") or {"xvd": "xen", "sd": "scsi", "vd": "virtio", "fd": "fdc"}.get(prefix, "ide")
        place = (len(letters), letters) if prefix else (0, "")
        if first is None:
            first_bus = bus
        if first is None or bus == first_bus and place < least:
            first, least = owner, place
    return first


class Domain:
    """The original and the result as far as the rules need them."""

    def __init__(self, node, result):
        self.node = node
        self.devices = {child.at: child for child in node.child("devices").children}
        for devices in node.children:
            if devices.name == "devices":
                self.devices.update({child.at: child for child in devices.children})
        self.is_hvm = node.child("os").child("type").text().strip() == "hvm"
        self.result = result
        self.first_disk = first_disk(result)
        self.raw = {}
        for fact in result:
            self.raw.setdefault(fact.key, set()).add(fact.value)
        self.pairs = {(fact.key, fact.value) for fact in result}

    def has(self, key, value):
        return (key, value) in self.pairs

    def no_difference(self, fact):
        path, value = fact.path, fact.value
        # An empty attribute means the same as a missing one.
        if "@" in path and value == "":
            return True
        if re.fullmatch(DEFAULTS.get(path, "$."), value, re.DOTALL):
            return True
        if path.endswith("text()"):
            return False
        rule = RULES.get(path) or RULES.get(path.split("/")[0]) or RULES.get("/".join(path.split("/")[:2]))
        return bool(rule and rule(self, fact, self.devices.get(fact.device)))


def of_memory(self, fact, device):
    # libvirt limits the guest's memory to its maximum. An element without an amount counts as unset.
    if fact.path == "currentMemory" and self.has("currentMemory", fact.value):
        return True
    return fact.path == "currentMemory" and int(fact.value) > max(map(int, self.raw.get("memory", "0")))


def of_vcpu(self, fact, device):
    return fact.path == "vcpu@current" and fact.value == self.node.child("vcpu").text().strip()


def of_cpus(self, fact, device):
    """One set for all processors is the same as one for each, and vice versa."""
    count = int(self.node.child("vcpu").text() or 1) # libvirt and xend give one to a guest without a number
    if fact.path == "vcpu@cpuset":
        pinned = {pin.attributes.get("vcpu") for tune in self.node.children if tune.name == "cputune"
                  for pin in tune.children if pin.attributes.get("cpuset")}
        return all(self.has(pin_key(vcpu, fact.value) + "@vcpu", str(vcpu)) or str(vcpu) in pinned
                   for vcpu in range(count))
    joined = self.raw.get("vcpu@cpuset", ())
    return fact.path in ("cputune/vcpupin@cpuset", "cputune/vcpupin@vcpu") and \
        any(fact.key.startswith("cputune/vcpupin[%d=%s]" % (vcpu, cpuset)) for vcpu in range(count) for cpuset in joined)


def of_os(self, fact, device):
    # If the order in which libvirt sorts disks would boot another one, each device has a boot number instead.
    if fact.path == "os/boot@dev" and any(other.path == "devices/disk/boot@order" for other in self.result):
        return True
    # libvirt has used both words for a PV guest.
    return fact.path == "os/type" and (fact.value.strip() in ("xen", "linux") and self.has("os/type", "linux") or
                                       fact.value.strip() == "hvm" and self.has("os/type", "hvm"))


def of_bootloader(self, fact, device):
    return self.is_hvm and fact.value == "" # an HVM guest has no boot loader


def of_features(self, fact, device):
    states = [feature.attributes.get("state") for features in self.node.children if features.name == "features"
              for feature in features.children if feature.name == fact.path[9:].split("@")[0]]
    if fact.path.endswith("@state") and fact.value == "on":
        return True
    # The default of a switch is off; only hap is on by default, and only in an HVM guest.
    return "off" in states and fact.path[9:].split("@")[0] in ("acpi", "apic", "pae", "viridian") + \
        (() if self.is_hvm else ("hap",))


def of_clock(self, fact, device):
    raw = {}
    for clock in self.node.children:
        for name, value in clock.attributes.items() if clock.name == "clock" else ():
            raw.setdefault(name, value)
    offset = raw.get("offset", "utc")
    base = "localtime" if "localtime" in (offset, raw.get("basis")) else "utc"
    if fact.path == "clock@offset":
        # An HVM guest keeps its own offset from the host's clock, which is 0 in the beginning.
        return fact.value in ("utc", "localtime") and self.is_hvm and self.has("clock@basis", fact.value)
    if fact.path == "clock@basis" and offset != "variable":
        return fact.value in ("utc", "localtime") # libvirt reads it only with `variable`
    if fact.path == "clock@basis":
        return base == fact.value and (self.has("clock@offset", fact.value) or self.has("clock@basis", fact.value)) or \
            (base == "localtime" and self.has("clock@offset", "localtime"))
    # `reset` sets the offset to 0 at each boot, which is the same as an offset of 0.
    return fact.path == "clock@adjustment" and fact.value in ("0", "reset")


def of_disk(self, fact, disk):
    driver = disk.child("driver").attributes
    if fact.path == "devices/disk/driver@type":
        return fact.value == "raw" and driver.get("name") in ("tap", "tap2") and self.has(fact.key, "aio")
    if fact.path == "devices/disk/boot@order":
        # The first disk needs no flag, and xend orders an HVM guest's boot devices by kind.
        kind = {"cdrom": "cdrom", "floppy": "fd"}.get(disk.attributes.get("device"), "hd")
        return self.has("os/boot[%s]1@dev" % kind, kind) or self.first_disk == fact.owner
    if fact.path.startswith("devices/disk/source@") and fact.key.endswith("@"):
        # A block device without a driver and a directory is in /dev.
        return self.has(fact.key, from_dev(disk, fact.raw))
    return False


def of_interface(self, fact, interface):
    # libvirt invents this name for a running guest. A MAC address may have no colons.
    return fact.path == "devices/interface/target@dev" and re.fullmatch(r"vif\d+\.\d+(-emu)?", fact.value)


def of_graphics(self, fact, graphics):
    raw = graphics.attributes
    port = raw.get("port", "-1")
    is_chosen = not port.isdigit() or not 5900 <= int(port) <= 65535
    if fact.path == "devices/graphics@port":
        # With autoport, the port is chosen when the guest starts, and a number is that of the running guest.
        return port in ("0", "-1") or raw.get("autoport") == "yes"
    if fact.path == "devices/graphics@autoport":
        # Without a port that xend can use, the port is chosen at start, whatever is set here; SDL has no port.
        return fact.value in ("yes", "no") and (is_chosen or raw.get("type") == "sdl")
    return fact.path == "devices/graphics/listen@address" and self.has(fact.owner + "@listen", fact.value)


def of_char(self, fact, char):
    name, kind = char.name, char.attributes.get("type", "pty")
    if fact.path == "devices/%s/source@path" % name and kind == "pty":
        return True # the pseudo-terminal of the running domain
    port = re.split(r"[][ ]", fact.owner)[1]
    if fact.path == "devices/%s/target@port" % name and fact.value == port and self.has(fact.owner, ""):
        return True
    if fact.path == "devices/%s/source@mode" % name and fact.value == "connect":
        return True
    if fact.path == "devices/%s/source@mode" % name and kind == "udp":
        ends = [source.attributes for source in char.children if source.name == "source" and source.at == fact.at]
        if not any(end.get("host") or end.get("service") for end in ends):
            return True # a source without an address
    if fact.path == "devices/%s/protocol@type" % name and fact.value == "raw":
        return True
    if name != "console" or not fact.key.startswith("devices/console[0 ") or "#" in fact.key:
        return False
    # Every other guest has a Xen console. In an HVM guest it is another name of the first serial port.
    usual = fact.path in ("devices/console", "devices/console@type", "devices/console/target@port")
    if kind == "pty" and usual and not self.is_hvm:
        return True
    if self.has(fact.key.replace("console[0 %s]" % kind, "serial[0]"), fact.value):
        return True
    return self.is_hvm and kind == "pty" and usual


def of_input(self, fact, device):
    # Every guest has a mouse and keyboard of these kinds.
    kind, bus = device.attributes.get("type"), device.attributes.get("bus", "")
    return fact.path in ("devices/input", "devices/input@type", "devices/input@bus") and \
        kind in ("mouse", "keyboard") and bus in ("ps2", "xen", "")


RULES = {"bootloader": of_bootloader, "memory": of_memory, "currentMemory": of_memory, "vcpu": of_vcpu,
         "vcpu@current": of_vcpu, "vcpu@cpuset": of_cpus,
         "cputune": of_cpus, "os": of_os, "features": of_features, "clock": of_clock, "clock@offset": of_clock,
         "clock@basis": of_clock, "clock@adjustment": of_clock,
         "devices/disk": of_disk, "devices/interface": of_interface, "devices/graphics": of_graphics,
         "devices/graphics@port": of_graphics, "devices/graphics@autoport": of_graphics, "devices/input": of_input,
         "devices/input@type": of_input, "devices/input@bus": of_input}
RULES.update({"devices/%s%s" % (char, more): of_char for char in CHARS for more in ("", "@type")})


def is_inside(loss, fact):
    """Returns whether the fact is in an element that the loss contains unchanged."""
    if fact.path.endswith("text()") and fact.path == loss["path"]:
        return fact.at <= loss["offset"] < fact.device # for a text: the bytes before and after it
    path = loss["path"]
    # If a device is lost because settings are missing, the loss has the whole device.
    if loss["reason"] == "incomplete" and loss["value"].startswith("<"):
        path = "/".join(path.split("/")[:2])
    return loss["offset"] <= fact.at < loss["end"] and fact.path.startswith(path) and \
        fact.path[len(path):][:1] in ("", "/", "@")


def names(loss, fact, has_device):
    """Returns whether a loss at the position of the fact, or of its device, names the fact."""
    path = ALIASES.get(loss["path"], loss["path"])
    if path == ALIASES.get(fact.path, fact.path):
        # The presence of an element has no value.
        return loss["value"] is None or not fact.raw or loss["value"] == fact.raw or \
            path.endswith("passwd") and loss["value"] == "***"
    # A loss of a device's identity covers the whole device, if the result does not have the device at all.
    if path in IDENTITY and not has_device:
        return True
    # A component of a device, or all of it.
    return "/" in path and fact.path.startswith(path) and fact.path[len(path)] in "/@"


def may_be_late(path):
    """Values that SEXPR allows and XML does not are converted, and reported with this reason in both directions."""
    return path == "uuid"


def is_late(losses, fact):
    """SEXPR expresses less than XML, so that no fact is lost in the conversion back."""
    return False
