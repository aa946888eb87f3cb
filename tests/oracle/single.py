#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks each key, element and attribute by itself: it is in the output, or a loss with its value and position.

usage: single.py PROGRAM

Makes PV and HVM domains from the program's tables (tables.py): with each key, element and attribute once, and with two
values that contradict each other, in either order; and with some unknown ones. Makes more domains from libvirt's schema, if
it is installed: with each of its elements and attributes, and each word that these may have (choices.py). Converts all of
them for each generation of xend, and back. A unique value must be in the output or in a loss, as text. If it is in the
output, it must also be in the result of the conversion back, or in a loss of that. Two different words or numbers must have
different outputs or losses, unless `same.txt` lists them with a reason. State of the running domain may be dropped. The
last line is "compared N single values, M are wrong".
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import choices
import tables

XENDS = ("3.0.2", "3.0.3", "3.0.4", "3.1")
# Words that have a meaning for some attribute or key, and numbers. Each is tried everywhere.
WORDS = """yes no on off 0 1 17 none default file block dir network volume utc localtime variable timezone reset disk cdrom
floppy lun vnc sdl spice tcp udp unix pty pipe bind connect telnet raw hd fd xen ide virtio mouse tablet keyboard ps2 usb
static auto x86_64 i686 rom pflash bridge user ioemu netfront hpet pci subsystem True False None r w w! destroy qcow2
5901 1024KB/s 0-1""".split()
# Values at and beyond limits, of the wrong type, in another case, with quotes, and two values instead of one. Each is followed by
# the texts of which the output or a loss must have one.
NUMBERS = ("-71", "2147483653", "4294967311", "9223372036854775823", "18446744073709551629", "99999999999999999999", "7.5e3", "0x1f3")
ODD = [(number, [number]) for number in NUMBERS] + [("NeTWork", ["NeTWork"]), ("/a//b;c", ["/a//b;c"])]
ODD_XML = ODD + [("a&amp;&lt;b", ["a&amp;&lt;b", "a&<b"]), (" /pad ", [" /pad "]), ("(null)", ["(null)"])]
ODD_SEXPR = ODD + [("'/a b'", ["/a b"]), ('"it\'s"', ["it's", "it&apos;s", "it\\'s"]), ("'/x)(y'", ["/x)(y"]), ("(/l1 /l2)", ["/l1 /l2", "(/l1 /l2)"]),
                   ("/m1 /m2", ["/m1 /m2"])]
# `@` is replaced by the attribute or element under test. The text after it has the attributes that must be there.
DISK = "<devices><disk type='file' device='disk'>%s</disk></devices>"
NETWORK = "<devices><disk type='network'>%s<target dev='xvda'/></disk></devices>"
CARD = "<devices><interface type='bridge'>%s</interface></devices>"
PORT = "<devices><serial type='tcp'>%s</serial></devices>"
ATTRIBUTES = {
    "MEMORY": ("<memory@>1024</memory>", ""), "VCPU": ("<vcpu@>4</vcpu>", ""), "OS_BOOT": ("<os><boot@/></os>", ""),
    "OS_TYPE": ("<os><type@>TYPE</type></os>", ""), "OS_LOADER": ("<os><loader@>/l</loader></os>", ""),
    "FEATURES_ACPI": ("<features><acpi@/></features>", ""), "CLOCK": ("<clock@/>", "offset=utc"),
    "CLOCK_TIMER": ("<clock offset='utc'><timer@/></clock>", "name=hpet present=yes"),
    "CPUTUNE_VCPUPIN": ("<vcpu>2</vcpu><cputune><vcpupin@/></cputune>", "vcpu=0 cpuset=0"),
    "DISK": ("<devices><disk@><driver name='file'/><source file='/x'/><target dev='xvda'/></disk></devices>", "type=file device=disk"),
    "DISK_DRIVER": (DISK % "<driver@/><source file='/x'/><target dev='xvda'/>", "name=file"),
    "DISK_SOURCE": (DISK % "<driver name='file'/><source@/><target dev='xvda'/>", ""),
    "DISK_TARGET": (DISK % "<driver name='file'/><source file='/x'/><target@/>", "dev=xvda"),
    "DISK_BACKENDDOMAIN": (DISK % "<driver name='file'/><source file='/x'/><target dev='xvda'/><backenddomain@/>", ""),
    "DISK_BOOT": (DISK % "<driver name='file'/><source file='/x'/><target dev='xvda'/><boot@/>", ""),
    "DISK_SOURCE_HOST": (NETWORK % "<source protocol='rbd' name='p/i'><host@/></source>", ""),
    "DISK_SOURCE_SNAPSHOT": (NETWORK % "<source protocol='rbd' name='p/i'><snapshot@/></source>", ""),
    "DISK_SOURCE_CONFIG": (NETWORK % "<source protocol='rbd' name='p/i'><config@/></source>", ""),
    "DISK_AUTH": (NETWORK % "<auth@/><source protocol='rbd' name='p/i'/>", ""),
    "DISK_AUTH_SECRET": (NETWORK % "<auth username='u'><secret@/></auth><source protocol='rbd' name='p/i'/>", ""),
    "DISK_ENCRYPTION": (DISK % "<source file='/x'/><encryption@/><target dev='xvda'/>", ""),
    "DISK_ENCRYPTION_SECRET": (DISK % "<source file='/x'/><encryption format='luks'><secret@/></encryption><target dev='xvda'/>", ""),
    "DISK_BACKINGSTORE": (DISK % "<source file='/x'/><backingStore@><source file='/b'/></backingStore><target dev='xvda'/>", ""),
    "DISK_BACKINGSTORE_FORMAT": (DISK % "<source file='/x'/><backingStore><format@/></backingStore><target dev='xvda'/>", ""),
    "DISK_BACKINGSTORE_SOURCE": (DISK % "<source file='/x'/><backingStore><source@/></backingStore><target dev='xvda'/>", ""),
    "DISK_SOURCE_ADDRESS": ("<devices><disk type='nvme'><source namespace='1'><address@/></source><target dev='xvda'/></disk></devices>",
                     "domain=0 bus=1 slot=2 function=0"),
    "INTERFACE": ("<devices><interface@><source bridge='b'/></interface></devices>", "type=bridge"),
    "INTERFACE_SOURCE": (CARD % "<source@/>", ""), "INTERFACE_MAC": (CARD % "<mac@/>", ""),
    "INTERFACE_SCRIPT": (CARD % "<script@/>", ""), "INTERFACE_IP": (CARD % "<ip@/>", ""),
    "INTERFACE_TARGET": (CARD % "<target@/>", ""), "INTERFACE_MODEL": (CARD % "<model@/>", ""),
    "INTERFACE_BACKENDDOMAIN": (CARD % "<backenddomain@/>", ""), "INTERFACE_BOOT": (CARD % "<boot@/>", ""),
    "INTERFACE_BANDWIDTH_OUTBOUND": (CARD % "<bandwidth><outbound@/></bandwidth>", ""),
    "GRAPHICS": ("<devices><graphics@/></devices>", "type=vnc"), "GRAPHICS_LISTEN": ("<devices><graphics type='vnc'><listen@/></graphics></devices>", "type=address"),
    "SERIAL": ("<devices><serial@><source path='/p'/></serial></devices>", "type=file"), "SERIAL_SOURCE": (PORT % "<source@/>", ""),
    "SERIAL_PROTOCOL": (PORT % "<source host='h' service='1'/><protocol@/>", ""),
    "SERIAL_TARGET": (PORT % "<source host='h' service='1'/><target@/>", ""),
    "SOUND": ("<devices><sound@/></devices>", "model=sb16"), "INPUT": ("<devices><input@/></devices>", "type=tablet bus=usb"),
    "HOSTDEV": ("<devices><hostdev@><source><address domain='0' bus='1' slot='2' function='0'/></source></hostdev></devices>", "mode=subsystem type=pci"),
    "HOSTDEV_SOURCE_ADDRESS": ("<devices><hostdev mode='subsystem' type='pci'><source><address@/></source></hostdev></devices>", "domain=0 bus=1 slot=2 function=0"),
}
ELEMENTS = {
    "DOMAIN": "@", "OS": "<os>@</os>", "FEATURES": "<features>@</features>", "CPUTUNE": "<cputune>@</cputune>", "DEVICES": "<devices>@</devices>",
    "DISK": DISK % "<driver name='file'/><source file='/x'/><target dev='xvda'/>@", "DISK_SOURCE": DISK % "<driver name='file'/><source file='/x'>@</source><target dev='xvda'/>",
    "INTERFACE": CARD % "<source bridge='b'/>@", "SERIAL": "<devices><serial type='pty'>@</serial></devices>",
    "INPUT": "<devices><input type='tablet' bus='usb'>@</input></devices>", "SOUND": "<devices><sound model='sb16'>@</sound></devices>",
    "HOSTDEV": "<devices><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='2' function='0'/></source>@</hostdev></devices>",
}
KEYS = {
    "DOMAIN": "(domain (name %s) @ (image (%s (kernel /k))))", "BUILDER": "(domain (name %s) (image (%s @)))",
    "DISK": "(device (vbd (dev xvda) (uname file:/x) (mode w) @))", "VIF": "(device (vif (bridge b) @))", "VFB": "(device (vfb (type vnc) @))",
    "PLATFORM": "(platform (@))",
    "PCI": "(device (pci (dev (bus 1)) @))", "PCI_DEV": "(device (pci (dev (domain 0) (bus 1) (slot 2) (func 0) @)))", "DEVICE": "(device @)",
}
# Repeated in the output by another word, or a value of every domain here.
SKIPPED = {"name", "uuid", "name_label", "kernel", "domstream"}
Case = collections.namedtuple("Case", "name group what text values may_drop")


class Cases:
    """Domains with unique names and values."""

    def __init__(self):
        self.number, self.made = 0, []

    def mark(self, kind="TEXT"):
        """Returns a unique value, and the texts that it may be converted to."""
        self.number += 1
        number = self.number
        if kind in ("MEMORY", "BYTES", "KIB"):
            shift = {"MEMORY": 0, "BYTES": 20, "KIB": 10}[kind]
            texts = [str((70000 + number) << step) for step in (0, 10, 20)]
            return str((70000 + number) << shift), texts
        if kind in ("COUNT", "WEIGHT"):
            return str(20000 + number), [str(20000 + number)]
        return "/mark%dm" % number, ["/mark%dm" % number]

    def add(self, group, what, make, values, may_drop=False):
        self.number += 1
        name = "c%dc" % self.number
        self.made.append(Case(name, group, what, make(name), values, may_drop))

    def add_group(self, group, make, insert, kind, may_drop, may_repeat, odd):
        """Adds domains without the key, with a unique value, each word, each odd value, and two values."""
        self.add(group, "absent", lambda name: make(name, ""), [])
        value, texts = self.mark(kind)
        self.add(group, "mark", lambda name: make(name, insert(value)), [texts], may_drop)
        for word in WORDS:
            self.add(group, word, lambda name, word=word: make(name, insert(word)), [], may_drop)
        for value, texts in odd:
            if kind in ("MEMORY", "BYTES", "KIB") and value.isdigit():
                texts = texts + [str(int(value) * factor // divisor) for factor, divisor in
                                 ((1024, 1), (1 << 20, 1), (1, 1024), (1, 1 << 20), (1 << 10, 1 << 20))]
            # The port of each of several devices is one value.
            if value in ("(/l1 /l2)", "/m1 /m2") and group[2] in ("serial", "parallel", "cpus"):
                continue
            # A list that begins with `(domain (` is another domain.
            if group[2] == "domain" and value.startswith("("):
                continue
            # The number of a domain is not written back; a component of a PCI address is, in another base.
            if value.isdigit() and group[2] == "domid" or value in ("2147483653", "0x1f3") and group[1] == "HOSTDEV_SOURCE_ADDRESS":
                continue
            # Text of an element that is a switch is lost without the blanks around it.
            if value == " /pad " and group[1] == "FEATURES":
                continue
            self.add(group, "odd " + value, lambda name, value=value: make(name, insert(value)), [texts], may_drop)
        if may_repeat:
            one, other = self.mark(kind), self.mark(kind)
            self.add(group, "pair", lambda name: make(name, insert(one[0], other[0])), [one[1], other[1]], may_drop)
            for first, second in ("0", "1"), ("1", "0"), ("yes", "no"), ("no", "yes"):
                self.add(group, first + " " + second, lambda name, pair=(first, second): make(name, insert(*pair)), [], may_drop)


def xml_cases():
    cases = Cases()
    for guest in "linux", "hvm":
        def domain(name, inside, attributes="type='xen'", guest=guest):
            os_type = "" if "<type" in inside else "<os><type>%s</type></os>" % guest
            return "<domain %s><name>%s</name>%s%s</domain>" % (attributes, name, os_type, inside.replace("TYPE", guest))
        places = tables.xml_attributes() + [(context, "nobody-knows") for context in ATTRIBUTES]
        for context, attribute in places:
            if context == "DOMAIN":
                cases.add_group((guest, context, attribute),
                                lambda name, text, domain=domain: domain(name, "", text or "type='xen'"),
                                lambda value, attribute=attribute: "%s='%s'" % (attribute, value), "TEXT", False, False, ODD_XML)
                continue
            place, usual = ATTRIBUTES[context]
            usual = [word.split("=") for word in usual.split()]
            others = "".join(" %s='%s'" % tuple(word) for word in usual if word[0] != attribute)
            own = re.search(r"<[\w]+@/>", place)

            def make(name, text, place=place, others=others, own=own, domain=domain):
                if own and isinstance(text, tuple):
                    many = "".join(own.group(0).replace("@", others + each) for each in text)
                    return domain(name, place.replace(own.group(0), many))
                return domain(name, place.replace("@", others + (text[0] if text else "")))

            cases.add_group((guest, context, attribute), make,
                            lambda *values, attribute=attribute: tuple(" %s='%s'" % (attribute, value) for value in values),
                            "TEXT", (context, attribute) in tables.xml_runtime(), bool(own), ODD_XML)
        for context, element, kind in tables.xml_elements() + [(context, "nobody-knows", "TEXT") for context in ELEMENTS]:
            if context in ELEMENTS and element not in SKIPPED and element != "type":
                cases.add_group((guest, context, element), lambda name, text, context=context, domain=domain: domain(
                    name, ELEMENTS[context].replace("@", text)), lambda *values, element=element: "".join(
                        "<%s>%s</%s>" % (element, value, element) for value in values), kind, False, True, ODD_XML)
    return cases.made


def add_contradictions(cases, guest, key, kind, may_drop):
    """The first value is in the image, and all others are in `platform`."""
    def insert(*values):
        lists = ["(%s %s)" % (key, value) for value in values]
        return "%s)) (platform (%s" % (lists[0], " ".join(lists[1:]))

    cases.add_group((guest, "IMAGE_AND_PLATFORM", key), lambda name, text: "(domain (name %s) (image (%s (kernel /k) %s)))" % (
        name, guest, text), insert, kind, may_drop, True, ODD_SEXPR)


def sexpr_cases():
    cases = Cases()
    builder = [row for row in tables.sexpr_keys() if row[0] == "BUILDER"]
    for guest in "linux", "hvm":
        for _, key, kind, may_drop in builder:
            if key not in SKIPPED:
                add_contradictions(cases, guest, key, kind, may_drop)
        for context, key, kind, may_drop in tables.sexpr_keys() + [("PLATFORM", *row[1:]) for row in builder] + [
                (context, "nobody_knows", "TEXT", False) for context in KEYS]:
            if context not in KEYS or key in SKIPPED:
                continue
            place = KEYS[context] if KEYS[context].startswith("(domain") else "(domain (name %s) (image (%s (kernel /k))) " + KEYS[context] + ")"
            cases.add_group((guest, context, key), lambda name, text, place=place, guest=guest: (place % (name, guest)).replace("@", text),
                            lambda *values, key=key: " ".join("(%s %s)" % (key, value) for value in values), kind, may_drop, True, ODD_SEXPR)
    return cases.made


def schema_cases():
    """Domains with each attribute and element of libvirt's schema: with each word that it may have, and without it."""
    cases = Cases()
    for guest in "linux", "hvm":
        for choice in choices.choices():
            names = [name for name, _ in choice.path]
            path = names + [choice.attribute] if choice.attribute else names
            if path[1:] in (["name"], ["uuid"]) or len(path) == 1:
                continue
            group = guest, "/".join(path[1:-1]) or "domain", path[-1], choice.path

            def make(name, word, choice=choice, guest=guest):
                return choices.document(choice, word).replace("NAME", "<name>%s</name>" % name).replace("GUEST", guest)

            cases.add(group, "absent", lambda name, make=make: make(name, None), [])
            for word in choice.words:
                cases.add(group, word or "empty", lambda name, make=make, word=word: make(name, word), [])
            if choice.is_free:
                value, texts = cases.mark()
                cases.add(group, "mark", lambda name, make=make, value=value: make(name, value), [texts], is_path_of_pty(path))
    return cases.made


def is_path_of_pty(path):
    """Returns whether a value is the terminal that a running domain has got."""
    return path[1:3] in (["devices", kind] for kind in ("serial", "parallel", "console")) and path[3:] in (["tty"], ["source", "path"])


def convert(program, xend, data, work):
    """The output of each domain by its name, and the losses."""
    listed = os.path.join(work, "losses")
    done = subprocess.run([program, "convert", "-q", "--verify", "--wrap", "never", "--max-messages", "0", "--xend",
                           xend, "--losses", listed, "-"], input=data.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    with open(listed, encoding="utf-8") as lines:
        losses = [json.loads(line) for line in lines]
    outputs = re.split(r"\n(?=\s*<domain |\(vm )", done.stdout.decode())
    names = [re.search(r"<name>(c\w+c)</name>|\(name (c\w+c)\)", output) for output in outputs]
    by_name = collections.defaultdict(list)
    for loss in losses:
        by_name[loss["domain"]].append(loss)
    outputs = {name.group(1) or name.group(2): output for name, output in zip(names, outputs) if name}
    faults = []
    for line in done.stderr.decode().split("\n"):
        rejected = re.search(r"domain '(c\w+c)': (.*) \[DA903\]", line)
        if rejected:
            # A domain that is refused is in no output, and its message has the reason.
            outputs[rejected.group(1)] = "REFUSED: " + line
        elif line:
            faults.append(line)
    return outputs, by_name, faults


def check_marks(case, data, outputs, losses, back, late):
    """Yields the errors in the unique values, and in the positions of losses."""
    # At the position of a loss the input has the list, the element, or the value.
    if not all(data[loss["offset"]] in "(<" or data.startswith(loss["value"], loss["offset"]) for loss in losses[case.name]):
        yield "a loss has a wrong position"
    for texts in case.values:
        named = [loss for loss in losses[case.name] if loss["value"] and
                 ("***" in loss["value"] or any(text in loss["value"] for text in texts))]
        is_there = any(text in outputs.get(case.name, "") for text in texts)
        if case.may_drop or outputs.get(case.name, "").startswith("REFUSED"):
            continue
        if not (is_there or named):
            yield "%s is neither in the output nor a loss" % texts[0]
        is_back = any(text in back.get(case.name, "") for text in texts) or any(
            loss["value"] and ("***" in loss["value"] or any(text in loss["value"] for text in texts)) for loss in late[case.name])
        if is_there and not named and not is_back:
            yield "%s is lost in the conversion back" % texts[0]


def signature(case, outputs, losses):
    text = outputs.get(case.name, "").strip().replace(case.name, "NAME").replace("</domains>", "").rstrip()
    return text, tuple(sorted((loss["path"], loss["reason"], str(loss["value"])) for loss in losses[case.name]))


def check_words(cases, outputs, losses, xend, same, used):
    """Yields pairs of words with equal outputs and losses. The second value of a pair must make a difference, too."""
    seen = {}
    for case in sorted(cases, key=lambda case: " " in case.what):
        if case.may_drop or case.values or outputs.get(case.name, "").startswith("REFUSED"):
            continue
        shown = signature(case, outputs, losses)
        name = seen.get(shown, case.what)
        if " " not in case.what:
            seen.setdefault(shown, case.what)
        # The values of secrets are hidden.
        if name != case.what and not any("***" in str(value) for _, _, value in shown[1]):
            guest, context, key = case.group[:3]
            context = "BUILDER" if context == "IMAGE_AND_PLATFORM" else context
            line = "%s %s: %s = %s" % (context, key, name, case.what)
            used.add(line)
            if line not in same and not is_same(name, case.what, context in KEYS and key not in ELEMENTS):
                yield "%s, xend %s: %s" % (guest, xend, line)


def is_same(one, other, is_sexpr):
    """Returns whether two values have the same meaning in SEXPR: unset values and None, and the spellings of a switch."""
    on, off = {"1", "17", "5901", "True", "yes", "on"}, {"0", "False", "no", "off"}
    return is_sexpr and ({one, other} == {"absent", "None"} or {one, other} <= on or {one, other} <= off)


def check(program, xend, cases, same, used):
    data = "\n".join(case.text for case in cases) + "\n"
    with tempfile.TemporaryDirectory() as work:
        outputs, losses, faults = convert(program, xend, data, work)
        back, late, more = convert(program, xend, "\n".join(
            output for output in outputs.values() if not output.startswith("REFUSED")) + "\n", work)
    bad = faults + more
    groups = collections.defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    for case in cases:
        # A number may be a switch that is on.
        is_on = case.what.startswith("odd") and any(other.what == "17" and signature(other, outputs, losses) == signature(case, outputs, losses)
                                                    for other in groups[case.group])
        if not is_on:
            bad += ["xend %s: %s: %s" % (xend, what, case.text) for what in check_marks(case, data, outputs, losses, back, late)]
    for group in groups.values():
        bad += check_words(group, outputs, losses, xend, same, used)
    return len(cases), bad


def check_copy(program, cases):
    """Yields an error unless the conversion of XML to XML copies the bytes of every domain that is not refused."""
    lines = [case.text.encode() + b"\n" for case in cases]
    done = subprocess.run([program, "convert", "-q", "--to", "xml", "--wrap", "never", "--max-messages", "0", "-"], input=b"".join(lines),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    refused = {int(line) for line in re.findall(r"^<stdin>:(\d+):1: .*\[DA903\]$", done.stderr.decode(), re.M)}
    if done.stdout != b"".join(line for number, line in enumerate(lines, 1) if number not in refused):
        yield "XML that is converted to XML is not the same bytes"


def main():
    with open(os.path.join(HERE, "same.txt"), encoding="utf-8") as lines:
        same = {line.rstrip("\n") for line in lines if not line.startswith("#")}
    good, bad, used = 0, [], set()
    of_schema = schema_cases()
    if of_schema:
        bad += check_copy(sys.argv[1], of_schema)
    else:
        print("skipped the words of libvirt's schema: it is not installed")
        used |= {line for line in same if line[:1].islower()}
    for cases in sexpr_cases(), xml_cases(), of_schema:
        for xend in XENDS:
            count, wrong = check(sys.argv[1], xend, cases, same, used)
            good += count - len(wrong)
            bad += wrong
    bad += ["same.txt: no longer the same: " + line for line in sorted(same - used) if line]
    for line in bad[:int(os.environ.get("SHOWN", "60"))]:
        print(line)
    print("compared %d single values, %d are wrong" % (max(good, 0) + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
