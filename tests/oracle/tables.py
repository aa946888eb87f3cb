# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the keys, elements and attributes that the program knows from the text of its own tables."""
import os
import re

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src")


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


FIELDS = read("record/fields.def")


def rows(macro, width):
    """Returns the arguments of each row of fields.def with this macro."""
    return re.findall(r"^%s\(%s\)$" % (macro, ", *".join([r'"?([^",]*)"?'] * width)), FIELDS, re.M)


def calls(text):
    """Yields the name and arguments of each macro call that contains no other one."""
    text = re.sub(r"/\*.*?\*/", " ", re.sub(r"^#.*$", "", text, flags=re.M), flags=re.S)
    for name, words in re.findall(r"\b([A-Z_]+)\(([^()]*)\)", text):
        yield name, [word.strip().strip('"') for word in words.replace("\n", " ").split(",")]


def place(path):
    """(context, name) of an attribute or element of XML; the context is the path of the element around it."""
    around, name = re.match(r"(.*?)[@/]?([^@/]*)$", path).groups()
    return around.replace("devices/", "").replace("/", "_").upper() or "DOMAIN", name


def xml_rows():
    """Yields the macro and arguments of each row of xml_keys.c, with one path."""
    text = read("read/xml_keys.c")
    table = text[text.index(" rows[] ="):text.index("row_count =")]
    for name in "SOURCE", "SECRETS":
        macro = re.search(r"#define %s\(path\)(.*?)\n\n" % name, text, re.S).group(1).replace("\\", "")
        table = re.sub(r'%s\((".*?")\)' % name, lambda call, macro=macro: re.sub(r"\bpath(?=[ )])", call.group(1), macro), table)
    for name, words in calls(table.replace('" "', "")):
        if name not in ("ATTRIBUTE", "SETS", "SETS_OF", "DOMAIN_TEXT", "TEXT_OF", "USUAL", "REPLACED", "PCI_WORD", "WORDS", "DETAIL_OF",
                        "LOCATION_OF", "BACKING_OF", "HOST_OF", "ELEMENT", "DETAIL", "DEVICE", "CHAR_DEVICE", "DISK_FLAG"):
            raise ValueError("xml_keys.c has a row %s(), which is unknown here" % name)
        yield name, words


def xml_attributes():
    """(context, name) of each attribute."""
    # An original is not part of the domain; tests/cli/preserve.bats tests it. What a source contains is the same everywhere.
    skipped = re.compile(r"metadata/|devices/disk/source/(auth|encryption)|devices/disk/backingStore/source/")
    paths = [words[0] for _, words in xml_rows()] + rows("DS_XML_KNOWN", 1)
    return [place(path) for path in paths if "@" in path and not skipped.match(path)]


def xml_runtime():
    """(context, name) of each attribute that is state of the running domain."""
    return {place(words[0]) for name, words in xml_rows() if name == "USUAL" and words[-1] == ""}


def xml_elements():
    """(context, name, kind) of each element that has a value of its own."""
    found = [(context, name, kind) for _, kind, context, name, _, _ in rows("DS_FIELD", 6)]
    return found + [(*place(path), "TEXT") for path in rows("DS_XML_KNOWN", 1) if "@" not in path]


def sexpr_keys():
    """(context, key, kind, whether it is state of the running domain) of each key with a value."""
    keys = [(context, key, kind, False) for _, kind, _, _, context, key in rows("DS_FIELD", 6) if key]
    keys += [(context, key, kind, False) for _, kind, context, key in rows("DS_ALIAS", 4)]
    keys += [(context, key, "TEXT", False) for context, key in rows("DS_SEXPR_KNOWN", 2)]
    keys += [(context, key, "TEXT", False) for macro in ("DS_SEXPR_USUAL", "DS_SEXPR_REPEATED")
             for context, key, _ in rows(macro, 3)]
    keys += [(context, key, "TEXT", True) for context, key in rows("DS_SEXPR_RUNTIME", 2)]
    text = read("read/sexpr_keys.c")
    macro = re.search(r"#define GRAPHICS_OF\(context\)(.*?)\n#define", text, re.S).group(1)
    of_graphics = [words[1] for _, words in calls(macro.replace("\\", ""))]
    own = text[text.index("sexpr_keys[] ="):text.index("sexpr_key_count =")]
    for name, words in calls(own):
        if name == "GRAPHICS_OF":
            keys += [(words[0], key, "TEXT", False) for key in of_graphics]
        elif name in ("VALUE", "VALUES", "READS_TO", "TEXT_OF", "OTHER"):
            keys.append((words[0], words[1], "TEXT", "IS_RUNTIME" in words))
        elif name == "PORTS":
            keys.append(("BUILDER", words[0], "TEXT", False))
        elif name not in ("LIST", "DEVICE"):
            raise ValueError("sexpr_keys.c has a row %s(), which is unknown here" % name)
    return keys
