#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tests/oracle/neighbours.py DOMSTREAM [STREAMS]: checks that a broken domain does not affect its neighbours.

Makes streams of 1 to 5 domains in each format, makes one change in one of the domains, and lists the disks of all streams. If an
independent reader finds the stream well-formed, the program must list exactly those of the other domains that the reader sees: a
comment, a section or a string may hide some. If the stream is not well-formed, the program must list all the other domains, and
report an error for the file. Prints each failure, and "compared N streams, M are wrong".
"""
import os
import random
import subprocess
import sys
import tempfile
from xml.parsers import expat

INSERTS = {
    "xml": ["<!--", "<![CDATA[", "<?x ", "<!DOCTYPE d [", "<", ">", "'", '"', "</domain>", "<domain>", "]]>", "-->", "?>", "&",
            "<domain", "<a>", "</a>", "<metadata>", "text", "<?xml version='1.0'?>", "\0\0\0\0", "/"],
    "sxp": ["'", '"', "(", ")", "#", "\\", "(domain ", "(domain (", "\n", " '", "' ", "((", "))", "text", "\0\0\0\0", "\n(vm (", "''"],
}
EXTRAS = {
    "xml": ["", "<!-- it's a comment -->", "<?p q?>", "<x><![CDATA[ > ]]></x>", "<description>a &lt;domain> b</description>",
            "<x><![CDATA[<domain><name>hidden</name></domain>]]></x>", "<metadata><domain><name>inner</name></domain></metadata>"],
    "sxp": ["", "(title 'two words')", "(title \"it's\")", "(x '')", "(x '(')", "# it's\n", "(x ' y')", "(x 'it\\'s (domain (name h))')",
            "(pci (dev (domain 0x0)))", "(x '\n(domain (name hidden))\n')"],
}


def make_xml(name, extra):
    return ("<domain type='xen'><name>%s</name>%s<devices><disk type='file'><source file='/%s'/><target dev='xvda'/></disk>"
            "</devices></domain>" % (name, extra, name))


def make_sxp(name, extra):
    return "(domain (name %s) %s (device (vbd (dev xvda:disk) (uname 'file:/%s') (mode w))))" % (name, extra, name)


def damage(chance, text, form):
    """Returns the text with one change."""
    at = chance.randrange(len(text))
    kind = chance.randrange(6)
    if kind == 0:
        return text[:at]
    if kind == 1:
        return text[:at] + chr(ord(text[at]) ^ 1 << chance.randrange(7)) + text[at + 1:]
    if kind == 2:
        return text[:at] + text[at + 1 + chance.randrange(20):]
    if kind == 3:
        return text[:at] + text[at + 1:]
    return text[:at] + chance.choice(INSERTS[form]) + text[at + (kind == 4):]


def make_stream(chance, number, form):
    """Returns the stream, the names of the intact domains, and that of the damaged one."""
    make = make_xml if form == "xml" else make_sxp
    count = 1 + chance.randrange(5)
    names = ["%s%dx%d" % (form, number, i) for i in range(count)]
    domains = [make(name, chance.choice(EXTRAS[form])) for name in names]
    broken = chance.randrange(count)
    domains[broken] = damage(chance, domains[broken], form)
    text = chance.choice(["\n", "\n", " ", ""]).join(domains)
    if form == "xml" and chance.randrange(3):
        text = "<domains>\n" + text + "\n</domains>\n"
    elif form == "sxp" and not chance.randrange(3):
        text = "(" + text + ")\n"
    return text, names[:broken] + names[broken + 1:], names[broken]


# ---- the independent reader --------------------------------------------------------------------------------


def seen_in_xml(text):
    """Returns the names of the outermost domains; None if the stream is neither a well-formed document nor the content of one."""
    names, path = [], []
    parser = expat.ParserCreate()

    def start(name, _):
        path.append(name)
        if path.count("domain") == 1 and name == "name" and path[-2] == "domain":
            names.append("")

    def end(_):
        path.pop()

    def characters(data):
        if path and path[-1] == "name" and path.count("domain") == 1 and path[-2] == "domain":
            names[-1] += data
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.buffer_text = True
    try:
        parser.Parse(b"<all>" + text.encode("latin-1") + b"</all>", True)
    except expat.ExpatError:
        return None
    return names


def seen_in_sxp(text):
    """Returns the names of the domains at top level and in lists of domains; None if the stream is not well-formed."""
    top, at = [], 0
    stack = [top]
    while at < len(text):
        byte = text[at]
        if byte in " \t\n\v\f\r":
            at += 1
        elif byte == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif byte == "(":
            stack.append([])
            at += 1
        elif byte == ")":
            if len(stack) == 1:
                return None
            closed = stack.pop()
            stack[-1].append(closed)
            at += 1
        elif byte in "'\"":
            end = at + 1
            while end < len(text) and text[end] != byte:
                end += 2 if text[end] == "\\" else 1
            if end >= len(text):
                return None
            stack[-1].append(text[at + 1:end])
            at = end + 1
        else:
            end = at
            while end < len(text) and text[end] not in " \t\n\v\f\r#()\0":
                end += 1
            stack[-1].append(text[at:end])
            at = end
    if len(stack) > 1:
        return None
    # A list of domains may be empty.
    if len(top) == 1 and isinstance(top[0], list) and (not top[0] or isinstance(top[0][0], list)):
        top = top[0]
    if not all(isinstance(domain, list) and domain and domain[0] in ("domain", "vm") for domain in top):
        return None
    return [item[1] for domain in top
            for item in domain if isinstance(item, list) and len(item) > 1 and item[0] == "name"]


def is_quoted_strictly(text):
    """Returns whether each quote begins a token, or ends its string before a delimiter."""
    at = 0
    while at < len(text):
        if text[at] == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif text[at] in "'\"":
            if at and text[at - 1] not in " \t\n\v\f\r()":
                return False
            end = at + 1
            while end < len(text) and text[end] != text[at]:
                end += 2 if text[end] == "\\" else 1
            if end + 1 < len(text) and text[end + 1] not in " \t\n\v\f\r()#":
                return False
            at = end + 1
        else:
            at += 1
    return True


# ---- the program -------------------------------------------------------------------------------------------


def check(form, text, others, listed, has_error):
    """Returns an error message, or ''."""
    seen = (seen_in_xml if form == "xml" else seen_in_sxp)(text) if "\0" not in text else None
    if seen is None:
        lost = [name for name in others if name not in listed]
        if lost:
            return "lost: " + " ".join(lost)
        return "" if has_error else "no error"
    # A quote in the middle of a word is well-formed, but no tool writes it. Most likely another quote was lost.
    lax = form == "sxp" and not is_quoted_strictly(text)
    wrong = [name for name in others if (name in seen) != (name in listed) and not (lax and name in listed)]
    return "not as the reader sees it: " + " ".join(wrong) if wrong else ""


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = int(os.environ.get("SEED", "20061009"))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        streams = {}
        for number in range(count):
            for form in ("xml", "sxp"):
                chance = random.Random("%d %s %d" % (seed, form, number))
                name = "%d.%s" % (number, form)
                text, others, broken = make_stream(chance, number, form)
                streams[name] = (form, text, others)
                with open(os.path.join(folder, name), "w", encoding="latin-1", newline="") as file:
                    file.write(text)
        done = subprocess.run([program, "disks", "--format", "tsv", "--max-messages", "0", "-r", "."], cwd=folder,
                              capture_output=True, check=False)
        listed = set()
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            listed.update(line.split("\t"))
        errors = {line.split(":")[0].split("/")[-1] for line in done.stderr.decode("utf-8", "replace").splitlines() if ": error: " in line}
        for name, (form, text, others) in streams.items():
            wrong = check(form, text, others, listed, name in errors)
            if wrong:
                failed += 1
                print("FAILED: %s (seed %d): %s\n%r" % (name, seed, wrong, text))
    print("compared %d streams, %d are wrong" % (2 * count, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
