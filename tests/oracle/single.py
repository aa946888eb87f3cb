#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each key and element of the table by itself: it is in the output, or a loss with its value and position.

usage: single.py PROGRAM

Makes a domain for each row of src/record/fields.def, and some keys and elements that nobody knows, of a PV and an HVM
guest, with the key once and with two values that contradict each other; converts all of them for each generation of xend;
and looks for the values in the output and in the losses, as text, without any of the program's knowledge. State of the
running domain may be dropped. The last line counts: "compared N single values, M are wrong".
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../src/record/fields.def"), encoding="utf-8") as table:
    FIELDS = table.read()
XENDS = ("3.0.2", "3.0.3", "3.0.4", "3.1")
SEXPR = {"DOMAIN": "(domain (name %s) %s (image (%s (kernel /k))))", "BUILDER": "(domain (name %s) (image (%s %s)))"}
SEXPR.update({place: "(domain (name %%s) (image (%%s (kernel /k))) (device (%s %%s)))" % kind
              for place, kind in (("DISK", "vbd (dev xvda) (uname file:/x) (mode w)"), ("VIF", "vif (bridge b)"),
                                  ("VFB", "vfb (type vnc)"), ("PCI", "pci (dev (bus 1))"))})
XML = {"DOMAIN": "%s", "CPUTUNE": "<cputune>%s</cputune>", "DEVICES": "<devices>%s</devices>",
       "DISK": "<devices><disk type='file'><source file='/x'/><target dev='xvda'/>%s</disk></devices>",
       "INTERFACE": "<devices><interface type='bridge'><source bridge='b'/>%s</interface></devices>",
       "CHAR": "<devices><serial type='pty'>%s</serial></devices>",
       "INPUT": "<devices><input type='tablet' bus='usb'>%s</input></devices>",
       "SOUND": "<devices><sound model='sb16'>%s</sound></devices>"}
# What the tables do not say: the element of these is repeated in the output by another word.
SKIPPED = {"name", "uuid", "name_label", "os_type", "hvm", "kernel"}
Case = collections.namedtuple("Case", "name text values may_drop")


def value_of(kind, number):
    """A value that occurs nowhere else, and the texts that it may become."""
    if kind in ("MEMORY",):
        return str(70000 + number), [str(70000 + number), str((70000 + number) * 1024)]
    if kind in ("BYTES",):
        return str((70000 + number) << 20), [str((70000 + number) << 20), str(70000 + number), str((70000 + number) * 1024)]
    if kind in ("KIB",):
        return str((70000 + number) << 10), [str((70000 + number) << 10), str(70000 + number)]
    if kind in ("COUNT", "WEIGHT"):
        return str(20000 + number), [str(20000 + number)]
    return "/mark%dm" % number, ["/mark%dm" % number]


def rows(macro, width):
    return re.findall(r"^%s\(%s\)$" % (macro, ", *".join([r'"?([^",]*)"?'] * width)), FIELDS, re.M)


def sexpr_keys():
    keys = [(context, key, kind, False) for _, kind, _, _, context, key in rows("DS_FIELD", 6) if key]
    keys += [(context, key, kind, False) for _, kind, context, key in rows("DS_ALIAS", 4)]
    keys += [(context, key, "TEXT", False) for macro in ("DS_SEXPR_KNOWN", "DS_SEXPR_AGAIN")
             for context, key in rows(macro, 2)]
    keys += [(context, key, "TEXT", True) for context, key in rows("DS_SEXPR_RUNTIME", 2)]
    keys += [(context, "nobody_knows", "TEXT", False) for context in SEXPR]
    return [key for key in keys if key[0] in SEXPR and key[1] not in SKIPPED and key[2] != "FLAG"]


def xml_elements():
    found = [(context, name, kind) for _, kind, context, name, _, _ in rows("DS_FIELD", 6) if kind != "FLAG"]
    found += [(context, name, "TEXT") for context, name in rows("DS_XML_KNOWN", 2)]
    found += [(context, "nobody-knows", "TEXT") for context in XML]
    return [each for each in found if each[0] in XML and each[1] not in SKIPPED]


def sexpr_cases():
    number = 0
    for context, key, kind, may_drop in sexpr_keys():
        for guest in "linux", "hvm":
            for times in 1, 2:
                pairs, texts = [], []
                for _ in range(times):
                    number += 1
                    value, shown = value_of(kind, number)
                    pairs.append("(%s %s)" % (key, value))
                    texts.append(shown)
                name = "s%d" % number
                order = (name, guest, " ".join(pairs)) if context != "DOMAIN" else (name, " ".join(pairs), guest)
                yield Case(name, SEXPR[context] % order, texts, may_drop)


def xml_cases():
    number = 0
    for context, element, kind in xml_elements():
        for guest in "linux", "hvm":
            for times in 1, 2:
                parts, texts = [], []
                for _ in range(times):
                    number += 1
                    value, shown = value_of(kind, number)
                    parts.append("<%s>%s</%s>" % (element, value, element))
                    texts.append(shown)
                name = "x%d" % number
                text = "<domain type='xen'><name>%s</name><os><type>%s</type></os>%s</domain>" % (
                    name, guest, XML[context] % "".join(parts))
                yield Case(name, text, texts, False)


def convert(program, xend, data):
    """The output of each domain, and its losses, by name."""
    with tempfile.TemporaryDirectory() as work:
        listed = os.path.join(work, "losses")
        done = subprocess.run([program, "convert", "-q", "--xend", xend, "--losses", listed, "-"], input=data.encode(),
                              stdout=subprocess.PIPE, check=True)
        with open(listed, encoding="utf-8") as lines:
            losses = [json.loads(line) for line in lines]
    outputs = re.split(r"(?=<domain |\(vm )", done.stdout.decode())
    names = [re.search(r"<name>(\w+)</name>|\(name (\w+)\)", output) for output in outputs]
    return {name.group(1) or name.group(2): output for name, output in zip(names, outputs) if name}, losses


def check(program, xend, cases):
    data = "\n".join(case.text for case in cases) + "\n"
    outputs, listed = convert(program, xend, data)
    losses, good, bad = collections.defaultdict(list), 0, []
    for loss in listed:
        losses[loss["domain"]].append(loss)
    for case in cases:
        for texts in case.values:
            named = [loss for loss in losses[case.name] if loss["value"] and any(text in loss["value"] for text in texts)]
            is_there = any(text in outputs.get(case.name, "") for text in texts)
            # At its position the input has the list, the element, or the value.
            is_placed = all(data[loss["offset"]] in "(<" or data.startswith(loss["value"], loss["offset"]) for loss in named)
            if (is_there or named or case.may_drop) and is_placed:
                good += 1
            else:
                bad.append("xend %s: %s: %s" % (xend, texts[0], case.text))
    return good, bad


def main():
    good, bad = 0, []
    for xend in XENDS:
        for cases in list(sexpr_cases()), list(xml_cases()):
            right, wrong = check(sys.argv[1], xend, cases)
            good += right
            bad += wrong
    for line in bad[:40]:
        print(line)
    print("compared %d single values, %d are wrong" % (good + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
