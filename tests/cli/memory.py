#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""memory.py PROGRAM USAGE: checks the peak memory of the program on inputs that need much of it.
USAGE is tests/bench/usage.c, compiled. Files are made in the current directory.

The program may use 10 MiB with one worker, 16 MiB with two, and 5 MiB more with each further one. It may also use the memory
that the largest domain of the input needs.
"""

import os
import subprocess
import sys

MIB = 1 << 20
LARGE = 15_000_000
# The bytes of a disk's record, and those that the audit stores: its view, its record in the estate, and what the estate
# keeps of it until the end.
DISK = 176
AUDITED_DISK = DISK + 232 + 112 + 128

# The name of an input, its bytes, and the memory of its largest domain: its text, its record and its output.
INPUTS = [
    ("tiny.xml", b"<domain><name>a</name></domain>\n" * 150_000, 0),
    ("tiny.sxp", b"(domain (name a))\n" * 150_000, 0),
    ("unclosed.sxp", b"(domain (" * 2_000_000, 16 * MIB),
    ("unclosed-vm.sxp", b"(vm (domain (" * 1_000_000, 13_000_000),
    ("unclosed.xml", b"<domain><metadata>" * 500_000, 9_000_000),
    ("unclosed-nested.xml", b"<domain><metadata><domain/>" * 400_000, 10_800_000),
    ("unclosed-cdata.xml", b"<domain><![CDATA[<domain>" * 400_000, 10_000_000),
    ("unclosed-quote.xml", b"<domain><disk a='x\n" * 600_000, 11_400_000),
    ("holes.xml", b"<domain><name>a</name></domain>\n" + b"\0<!---->" * 500_000, 0),
    ("stray.xml", b"<domain><name>a</name></domain>\n" + b"some text\n" * 1_000_000, 0),
    ("quotes.sxp", b"(domain (name a))\n" + b"'\"'\"'\"'\"\n" * 1_000_000, 0),
    ("marked-up.xml", (b"<domain><name>a</name><!-- c --><metadata>" + b"<a>" + b"x" * 9_000_000 + b"</a></metadata></domain>\n") * 4, 9_000_000),
    ("disks.xml", b"<domain><name>a</name><devices>" +
     b"<disk type='file'><source file='/a.img'/><target dev='xvda'/></disk>" * 16_000 + b"</devices></domain>\n",
     16_000 * (2 * 68 + DISK)),
    ("unknown.xml", (b"<domain><name>a</name>" + b"<a/>" * 200 + b"</domain>\n") * 4_000, 0),
    ("huge.xml", (b"<domain><name>a</name>" + (b"<title>" + b"x" * 1_000_000 + b"</title>") * 15 + b"</domain>\n") * 5,
     LARGE + MIB),
    # In UTF-8 the text has twice as many bytes. Both texts are in memory.
    ("latin.xml", b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<domain><name>a</name><x>" + b"\xe9" * 5_000_000 + b"</x></domain>\n",
     15_000_000),
    ("latin-large.xml", b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<domain><name>a</name><x>" + b"\xe9" * LARGE + b"</x></domain>\n", 16 * MIB),
    # Expat would copy this markup several times.
    ("value.xml", b"<domain><name>a</name><x a='" + b"x" * LARGE + b"'/></domain>\n", LARGE),
    ("value-marked.xml", b"<domain><name>a</name><!-- --><x a='" + b"x" * LARGE + b"'/></domain>\n", LARGE),
    ("value-nested.xml", b"<domain><name>a</name><metadata><domain/></metadata><x a='" + b"x" * LARGE + b"'/></domain>\n", LARGE),
    ("value-unclosed.xml", b"<domain><name>a</name><x a='" + b"x" * LARGE, LARGE),
    ("values.xml", b"<domain><name>a</name>" + (b"<x a='" + b"&#65;" * 200_000 + b"'/>") * 15 + b"</domain>\n", LARGE),
    ("comment.xml", b"<domain><name>a</name><!-- " + b"x" * LARGE + b"--></domain>\n", LARGE),
    ("instruction.xml", b"<domain><name>a</name><?x " + b"x" * LARGE + b"?></domain>\n", LARGE),
    ("attributes.xml", b"<domain><name>a</name><x " + b" ".join(b"a%d=''" % i for i in range(1_300_000)) + b"/></domain>\n", 16 * MIB),
    ("attributes-small.xml", (b"<domain><name>a</name><x " + b" ".join(b"a%d=''" % i for i in range(80_000)) + b"/></domain>\n") * 15, MIB),
]

# The same inputs for audits.
AUDITED = [
    ("disks.xml", b"<domain><name>a</name><devices>" +
     b"<disk type='file'><source file='/a.img'/><target dev='xvda'/></disk>" * 16_000 + b"</devices></domain>\n",
     16_000 * (68 + AUDITED_DISK)),
    ("disks.sxp", b"(domain (name a) " + b"(device (vbd (uname file:/a.img) (dev xvda) (mode w)))" * 16_000 + b")\n",
     16_000 * (54 + AUDITED_DISK)),
    ("huge.xml", (b"<domain><name>a</name>" + (b"<title>" + b"x" * 1_000_000 + b"</title>") * 15 + b"</domain>\n") * 5,
     LARGE + MIB),
    ("unclosed.sxp", b"(domain (" * 2_000_000, 16 * MIB),
]

# The same inputs for conversions that list losses, here almost all of the domain.
LOST = [
    ("lost.xml", b"<domain><name>a</name><x>" + b"<y z='1'/>" * (LARGE // 10) + b"</x></domain>\n", LARGE),
    ("lost.sxp", b"(domain (name a) (x " + b"(y z)" * (LARGE // 5) + b"))\n", LARGE),
]


def peak(usage, words):
    """Runs a program and returns its peak memory in bytes."""
    subprocess.run([usage, "usage.out", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with open("usage.out", encoding="ascii") as file:
        status, _, _, kib = file.read().split()
    if int(status) not in (0, 1, 2):
        sys.exit(f"{' '.join(words)}: status {status}")
    return int(kib) * 1024


def budget(jobs, domain):
    return (10 * MIB if jobs == 1 else (6 + 5 * jobs) * MIB) + domain


def main():
    program, usage = sys.argv[1:]
    failures = 0
    runs = [(row, (["check"], ["convert", "-o", "/dev/null"])) for row in INPUTS]
    runs += [(row, (["audit", "-o", "/dev/null"],)) for row in AUDITED]
    runs += [(row, (["convert", "-o", "/dev/null", "--verify", "--losses", "/dev/null"],)) for row in LOST]
    for (name, data, domain), commands in runs:
        with open(name, "wb") as file:
            file.write(data)
        for jobs in (1, 2, 16):
            for command in commands:
                words = [program, command[0], "-q", "-j", str(jobs), *command[1:], name]
                used, most = peak(usage, words), budget(jobs, domain)
                print(f"{name} {command[0]} -j{jobs}: {used / MIB:.1f} of {most / MIB:.1f} MiB")
                failures += used > most
        os.unlink(name)
    return failures > 0


sys.exit(main())
