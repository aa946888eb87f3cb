#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that the output has the meaning of the input, except for the losses: convert --verify and diff --losses must agree.

usage: verify.py PROGRAM DOMAINS [FILE...]

Converts DOMAINS random domains of each format, as many whose disks have the same names (twins.py), the files, and every kind of
disk (drives.py), for each generation of xend. With --verify the program must find no fault in its own output, and diff must find no difference that the losses do not explain. Without the
losses it must find some in the random domains. Conversion must reach a fixed point: the SEXPR of a domain, converted to
XML and back, is the same bytes, and so is its XML, converted to SEXPR and back. What a domain becomes must not depend on
the domains before it. XML that was converted to SEXPR and back differs from the original by the losses of the first
conversion and in nothing else. So does SEXPR that was converted to XML and back, but by the losses of both conversions.
The last line counts random domains and files, for each generation: "compared N domains and files, M are wrong".
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import drives
import rich_sexpr
import rich_xml
import twins

XENDS = ("3.0.2", "3.0.3", "3.0.4", "3.1")
SLICE = 500
RANDOM = (("XML", rich_xml.document), ("SEXPR", rich_sexpr.document), ("twins in XML", twins.xml), ("twins in SEXPR", twins.sexpr))


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout, done.stderr


def check(program, name, dump, work, has_differences):
    """Returns the errors in the conversions of one dump."""
    bad = []
    for xend in XENDS:
        bad += ["%s, xend %s: %s" % (name, xend, text) for text in check_xend(program, xend, dump, work, has_differences)]
    return bad


def convert(program, xend, form, dump, new, *options):
    status, _, text = run(program, "convert", "-q", "--verify", "--to", form, "--xend", xend, *options, "-o", new, dump)
    return ["to %s: status %d\n%s" % (form, status, text.decode(errors="replace"))] if status else []


def without_late(differences, late):
    """The differences in domains that have no loss in the list, of a disk or of another setting like the difference. The boot order
    of a domain may be in the disks."""
    with open(late, encoding="utf-8") as lines:
        losses = [json.loads(line) for line in lines]
    found = {(loss["uuid"] or loss["domain"], loss["path"].startswith("devices/disk")) for loss in losses
             if loss["reason"] != "schema"} # such a value is written
    found |= {(loss["uuid"] or loss["domain"], False) for loss in losses if loss["path"] == "devices/disk/boot@order"}
    return b"\n".join(line for line in differences.splitlines() for each in [json.loads(line)]
                      if (each["uuid"] or each["domain"], each["kind"].startswith("disk-")) not in found)


def check_xend(program, xend, dump, work, has_differences):
    """Converts a dump to the other format and back, and compares. In the direction from SEXPR the second conversion has
    losses of its own."""
    losses, late, new, back = (os.path.join(work, file) for file in ("losses", "late", "new", "back"))
    with open(dump, "rb") as file:
        is_xml = file.read().lstrip()[:1] == b"<"
    forms = ("sexpr", "xml") if is_xml else ("xml", "sexpr")
    bad = convert(program, xend, forms[0], dump, new, "--max-messages", "5", "--losses", losses)
    bad = bad or convert(program, xend, forms[1], new, back, "--losses", late)
    if bad:
        return bad
    for listed, one, other in (losses, dump, new), (late, new, back), (losses, dump, back):
        status, out, text = run(program, "diff", "-q", "--format", "ndjson", "--losses", listed, one, other)
        if (one, other) == (dump, back) and not is_xml and status < 2:
            out = without_late(out, late)
        elif status:
            out = out or text
        if out:
            bad.append("diff --losses with %s: status %d\n%s" % (os.path.basename(other), status,
                                                               (out[:2000] + text).decode(errors="replace")))
    if has_differences and run(program, "diff", "-q", dump, new)[0] != 1:
        bad.append("diff finds no difference without the losses")
    return bad + check_fixed_point(program, xend, *((new, back) if is_xml else (back, None)), work)


def check_fixed_point(program, xend, sexpr, xml, work):
    """Converts SEXPR to XML, unless this has been done, and back: it is the same SEXPR. The same bytes are always converted to
    the same bytes, so the next XML would be the same, too."""
    bad = []
    if not xml:
        xml = os.path.join(work, "fixed.xml")
        bad = convert(program, xend, "xml", sexpr, xml)
    again = os.path.join(work, "fixed.sxp")
    bad = bad or convert(program, xend, "sexpr", xml, again)
    if bad:
        return bad
    with open(sexpr, "rb") as one, open(again, "rb") as other:
        lines = one.read().split(b"\n"), other.read().split(b"\n")
    if lines[0] == lines[1]:
        return []
    pair = [pair for pair in zip(*lines) if pair[0] != pair[1]][:1] or [(b"", b"")]
    return ["no fixed point:\n%s\n%s" % tuple(line.decode(errors="replace") for line in pair[0])]


def outputs(program, domains):
    """Returns the outputs of domains, in the order of their names."""
    done = subprocess.run([program, "convert", "-q", "-j", "1", "--wrap", "never", "-"], input=b"".join(domains),
                          stdout=subprocess.PIPE, check=False)
    return sorted(re.split(rb"\n(?=<domain |\(vm )", done.stdout.strip()))


def check_order(program, name, domains):
    if outputs(program, domains) != outputs(program, domains[::-1]):
        return ["%s: what domains become depends on their order" % name]
    return []


def main():
    program, domains = sys.argv[1], int(sys.argv[2])
    good, bad = 0, []
    with tempfile.TemporaryDirectory() as work:
        for start in range(0, domains, SLICE):
            count = min(SLICE, domains - start)
            for kind, document in RANDOM:
                name, dump = "random %s from %d" % (kind, start), os.path.join(work, "dump")
                domains_of_slice = [document(number, 1) for number in range(start, start + count)]
                with open(dump, "wb") as file:
                    file.write(b"".join(domains_of_slice))
                wrong = check(program, name, dump, work, True) + check_order(program, name, domains_of_slice)
                good += 0 if wrong else count * len(XENDS)
                bad += wrong
        for name, module in ("drives.xml", drives.xml), ("drives.sxp", drives.sexpr):
            with open(os.path.join(work, name), "wb") as file:
                file.write(module())
        for name in [os.path.join(work, "drives.xml"), os.path.join(work, "drives.sxp"), *sys.argv[3:]]:
            wrong = check(program, name, name, work, False)
            good += 0 if wrong else len(XENDS)
            bad += wrong
    for line in bad[:20]:
        print(line)
    print("compared %d domains and files, %d are wrong" % (good + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
