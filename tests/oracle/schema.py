#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that all XML output is valid for libvirt, unless a loss reports that it is not.

usage: schema.py PROGRAM DOMAINS FILE...

Converts the domains of the files to XML; those that are XML are converted to SEXPR first. The domains in SEXPR are also changed
at random, DOMAINS times: a value is replaced by an odd one, or an item is removed or repeated. xmllint compares each result with
libvirt's own schema. A domain must be invalid exactly if a loss of it has the reason "schema". The last line is
"compared N domains, M are wrong".
"""
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from meaning import parse_sexpr  # the independent reader
import rich_sexpr
import rich_xml

SCHEMA = "/usr/share/libvirt/schemas/domain.rng"
ODD = ["", "0", "1", "-1", "2", "65536", "4294967296", "99999999999999999999", "1.5", "a b", "x'y\"z", "(", "\u00e9", "a\nb",
       "a\tb", "/", "/abs", "rel/path", "C:\\x", "xvda", "xvda1", "/dev/xvdb", "51712", "0xca00", "268439808", "ioemu:hda",
       "hda:cdrom", "sd", "xvd-a", "r", "w!", "tap:aio:/x", "tap:sync:/x", "tap2:qcow2:rel", "phy:sda7", "phy:a b", "file:/a b",
       "drbd8.2:x", "iscsi:iqn.x:y", "00:16:3e:00:00:01", "01:16:3e:00:00:01", "1.2.3.4", "1.2.3.4.5", "::1", "host.name",
       "coredump-destroy", "restart", "hvm", "linux", "netbsd", "0-3,^1", "0-3,", "3-1", "pty", "tcp:h:1", "udp::5@:6",
       "unix:/s,server", "vc", "sb16", "all", "tablet", "mouse", "localtime", "fda", "acdn", "a+b", "0x1f", "br 0", "br%0"]


def quoted(text):
    if re.fullmatch(r"[A-Za-z_]\w*", text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t") + "'"


def written(value):
    if isinstance(value, list):
        return "(" + " ".join(written(item) for item in value) + ")"
    return quoted(value)


def lists_of(value):
    """Yields all lists in a value, itself first."""
    found = [value]
    for item in found:
        found += [kid for kid in item if isinstance(kid, list)]
    return found


def changed(domain, chance, number):
    domain = copy.deepcopy(domain)
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        place = chance.choice(lists_of(domain))
        if len(place) < 2:
            continue
        at = chance.randrange(1, len(place))
        kind = chance.random()
        if kind < 0.15:
            del place[at]
        elif kind < 0.25 and place[at]:
            place.insert(at, copy.deepcopy(place[at]))
        elif not isinstance(place[at], list):
            place[at] = chance.choice(ODD)
    return domain[:1] + [["name", "domain-%d" % number]] + \
        [item for item in domain[1:] if not isinstance(item, list) or item[:1] not in (["name"], ["name_label"])]


def convert(program, work, name, domains, xend="3.1"):
    """Returns a file with the XML of each domain by its name, and the names of those that are invalid according to the losses.
    Rejected domains are in neither."""
    source = os.path.join(work, name)
    with open(source, "w", encoding="utf-8") as out:
        out.write("\n".join(domains) + "\n")
    listed = source + ".losses"
    done = subprocess.run([program, "convert", "--verify", "--to", "xml", "--wrap", "always", "--max-messages", "0", "--xend", xend,
                           "--losses", listed, source],
                          capture_output=True, text=True, check=False)
    root = tree.fromstring(done.stdout)
    rejected = done.stderr.count("[DA903]")
    if len(root) + rejected != len(domains) or done.returncode != (2 if rejected else 0):
        sys.exit("%s: status %d, %d domains became %d" % (source, done.returncode, len(domains), len(root)))
    with open(listed, encoding="utf-8") as lines:
        reported = {loss["domain"] for loss in map(json.loads, lines) if loss["reason"] == "schema"}
    files = {}
    for number, domain in enumerate(root):
        files[domain.findtext("name")] = os.path.join(work, "%s-%d.xml" % (name, number))
        tree.ElementTree(domain).write(os.path.join(work, "%s-%d.xml" % (name, number)), encoding="utf-8")
    return files, reported


def by_way_of_sexpr(program, documents):
    """Converts XML domains to SEXPR. A conversion from XML to XML would copy the bytes, and not test the writer."""
    done = subprocess.run([program, "convert", "-q", "--verify", "--to", "sexpr"], input="\n".join(documents).encode(),
                          capture_output=True, check=False)
    domains = done.stdout.decode().splitlines()
    if done.returncode or len(domains) != len(documents):
        sys.exit("status %d, %d documents became %d domains" % (done.returncode, len(documents), len(domains)))
    return domains


def validate(files):
    """Returns the files that libvirt's schema accepts, and its messages about the others."""
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", SCHEMA] + files, capture_output=True, text=True,
                          check=False)
    valid, why = set(), {}
    for line in done.stderr.splitlines():
        if line.endswith(" validates"):
            valid.add(line[:-len(" validates")])
        elif ".xml:" in line:
            why.setdefault(line.split(".xml:")[0] + ".xml", line)
    return valid, why


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    if not os.path.exists(SCHEMA):
        sys.exit("%s is missing" % SCHEMA)
    originals = []
    documents = []
    for name in sys.argv[3:]:
        with open(name, "rb") as file:
            if name.endswith(".xml"):
                documents += [tree.tostring(domain, encoding="unicode") for domain in tree.parse(file).getroot().iter("domain")]
            else:
                originals += [item for item in parse_sexpr(file.read())
                              if isinstance(item, list) and item[:1] in (["domain"], ["vm"])]
    for item in parse_sexpr(rich_sexpr.document(0, count // 10)):
        if isinstance(item, list) and item[:1] in (["domain"], ["vm"]):
            originals.append(item)
    documents = by_way_of_sexpr(program, documents)
    chance = random.Random(20061013)
    good, bad, invalid = 0, [], 0
    with tempfile.TemporaryDirectory() as work:
        as_they_are = [written(domain) for domain in originals]
        batches = [(xend, domains) for xend in ("3.1", "3.0.4", "3.0.3", "3.0.2") for domains in (as_they_are, documents)]
        for start in range(0, count, 500):
            batches.append(("3.1", [written(changed(chance.choice(originals), chance, number))
                                    for number in range(start, min(start + 500, count))]))
        for number, (xend, domains) in enumerate(batches):
            files, reported = convert(program, work, "batch%d" % number, domains, xend)
            valid, why = validate(list(files.values()))
            for name, file in files.items():
                invalid += file not in valid
                if (file in valid) != (name in reported):
                    good += 1
                else:
                    bad.append("%s: %s\n    %s" % (name, why.get(file, "is valid, but a loss reports that it is not"),
                                                  next((domain for domain in domains if name in domain), "?")))
    for line in bad[:20]:
        print(line)
    if invalid < count // 20:
        bad.append("too few were invalid")
        print("only %d of %d domains were invalid: too few to be a test" % (invalid, good + len(bad)))
    print("compared %d domains, %d are wrong" % (good + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
