#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The output has the meaning of the input, except for the losses: convert --verify and diff --losses must agree.

usage: verify.py PROGRAM DOMAINS [FILE...]

Converts DOMAINS random domains of each format, and the files, for each generation of xend. With --verify the
program must find no fault in its own output, and diff must find no difference that the losses do not explain. Without the
losses it must find some in the random domains. Conversion must reach a fixed point: the SEXPR of a domain, converted to
XML and back, is the same bytes, and so is its XML, converted to SEXPR and back. What a domain becomes must not depend on
the domains before it. XML that was converted to SEXPR and back differs from the original by the losses of the first
conversion and in nothing else. The last
line counts random domains and files, for each generation: "compared N domains and files, M are wrong".
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rich_sexpr
import rich_xml

XENDS = ("3.0.2", "3.0.3", "3.0.4", "3.1")
SLICE = 500


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout, done.stderr


def check(program, name, dump, work, has_differences):
    """What is wrong with the conversions of one dump."""
    losses, new, bad = os.path.join(work, "losses"), os.path.join(work, "new"), []
    for xend in XENDS:
        status, _, text = run(program, "convert", "-q", "--verify", "--xend", xend, "--max-messages", "5", "--losses", losses,
                              "-o", new, dump)
        if status:
            bad.append("%s, xend %s: status %d\n%s" % (name, xend, status, text.decode(errors="replace")))
            continue
        status, out, text = run(program, "diff", "-q", "--losses", losses, dump, new)
        if status or out:
            bad.append("%s, xend %s: diff --losses: status %d\n%s" % (name, xend, status,
                                                                     (out[:2000] + text).decode(errors="replace")))
        if has_differences and run(program, "diff", "-q", dump, new)[0] != 1:
            bad.append("%s, xend %s: diff finds no difference without the losses" % (name, xend))
        bad += check_return(program, name, xend, dump, losses, new, work)
        bad += check_fixed_point(program, name, xend, dump, work)
    return bad


def check_return(program, name, xend, dump, losses, new, work):
    """Converts the SEXPR that a dump of XML was converted to back to XML, and compares both ends. In the other direction
    the second conversion has losses of its own."""
    back = os.path.join(work, "back")
    with open(dump, "rb") as file:
        if file.read().lstrip()[:1] != b"<":
            return []
    status, _, text = run(program, "convert", "-q", "--to", "xml", "--xend", xend, "-o", back, new)
    if not status:
        status, out, text = run(program, "diff", "-q", "--losses", losses, dump, back)
        text = out[:2000] + text
    return ["%s, xend %s: there and back: status %d\n%s" % (name, xend, status, text.decode(errors="replace"))] if status else []


def check_fixed_point(program, name, xend, dump, work):
    """Converts to one format and to the other one in turn, from SEXPR on, until SEXPR and XML have been written twice."""
    with open(dump, "rb") as file:
        formats = ["sexpr", "xml"] * 2 if file.read().lstrip()[:1] == b"<" else ["xml", "sexpr"] * 2 + ["xml"]
    written = []
    for number, form in enumerate(formats):
        new = os.path.join(work, "fixed-%d" % number)
        status, _, text = run(program, "convert", "-q", "--verify", "--to", form, "--xend", xend, "-o", new, dump)
        if status:
            return ["%s, xend %s: to %s: status %d\n%s" % (name, xend, form, status, text.decode(errors="replace"))]
        with open(new, "rb") as file:
            written.append(file.read())
        dump = new
    bad = []
    for one, other in (written[-4], written[-2]), (written[-3], written[-1]):
        pairs = zip(one.split(b"\n"), other.split(b"\n"))
        bad += ["%s, xend %s: no fixed point:\n%s\n%s" % (name, xend, *[line.decode(errors="replace") for line in pair])
                for pair in pairs if pair[0] != pair[1]][:1] or (["%s: no fixed point" % name] if one != other else [])
    return bad


def outputs(program, domains):
    """The outputs of domains, in the order of their names."""
    done = subprocess.run([program, "convert", "-q", "-j", "1", "--wrap", "never", "-"], input=b"".join(domains),
                          stdout=subprocess.PIPE, check=False)
    return sorted(re.split(rb"\n(?=<domain |\(vm )", done.stdout.strip()))


def check_order(program, name, module, start, count):
    domains = [module.document(number, 1) for number in range(start, start + count)]
    if outputs(program, domains) != outputs(program, domains[::-1]):
        return ["%s: what domains become depends on their order" % name]
    return []


def main():
    program, domains = sys.argv[1], int(sys.argv[2])
    good, bad = 0, []
    with tempfile.TemporaryDirectory() as work:
        for start in range(0, domains, SLICE):
            count = min(SLICE, domains - start)
            for kind, module in ("XML", rich_xml), ("SEXPR", rich_sexpr):
                name, dump = "random %s from %d" % (kind, start), os.path.join(work, "dump")
                with open(dump, "wb") as file:
                    for number in range(start, start + count):
                        file.write(module.document(number, 1))
                wrong = check(program, name, dump, work, True) + check_order(program, name, module, start, count)
                good += 0 if wrong else count * len(XENDS)
                bad += wrong
        for name in sys.argv[3:]:
            wrong = check(program, name, name, work, False)
            good += 0 if wrong else len(XENDS)
            bad += wrong
    for line in bad[:20]:
        print(line)
    print("compared %d domains and files, %d are wrong" % (good + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
