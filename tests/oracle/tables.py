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


def xml_attributes():
    """(context, name) of each attribute."""
    text = read("read/xml_keys.c")
    macro = re.search(r"#define SOURCE_ATTRIBUTES\(context\)(.*?)\n\n", text, re.S).group(1)
    of_source = [words[1] for _, words in calls(macro.replace("\\", ""))]
    found = []
    for name, words in calls(text[text.index("xml_attribute_keys[] ="):text.index("xml_attribute_count =")]):
        if name == "HOST_OF":
            found.append(("DISK_HOST", words[0]))
        elif name == "SOURCE_ATTRIBUTES":
            found += [(words[0], attribute) for attribute in of_source]
        elif name in ("ATTRIBUTE", "SETS", "SETS_OF", "DOMAIN_TEXT", "TEXT_OF", "USUAL", "REPLACED", "PCI_WORD", "WORDS", "KNOWN", "DETAIL_OF", "LOCATION_OF", "BACKING_OF"):
            found.append((words[0], words[1]))
        else:
            raise ValueError("xml_keys.c has a row %s(), which is unknown here" % name)
    # An original is not part of the domain; tests/cli/preserve.bats tests it.
    return [row for row in found if row[0] != "ORIGINAL"]


def xml_runtime():
    """(context, name) of each attribute that is state of the running domain."""
    text = read("read/xml_keys.c")
    return {(words[0], words[1]) for name, words in calls(text) if name == "USUAL" and words[-1] == ""}


def xml_elements():
    """(context, name, kind) of each element that has a value of its own."""
    found = [(context, name, kind) for _, kind, context, name, _, _ in rows("DS_FIELD", 6)]
    return found + [(context, name, "TEXT") for context, name in rows("DS_XML_KNOWN", 2)]


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
        elif name == "LOCALTIME":
            keys.append((words[0], "localtime", "TEXT", False))
        elif name in ("VALUE", "VALUES", "READS_TO", "TEXT_OF", "OTHER"):
            keys.append((words[0], words[1], "TEXT", "IS_RUNTIME" in words))
        elif name == "PORTS":
            keys.append(("BUILDER", words[0], "TEXT", False))
        elif name not in ("LIST", "DISK"):
            raise ValueError("sexpr_keys.c has a row %s(), which is unknown here" % name)
    return keys
