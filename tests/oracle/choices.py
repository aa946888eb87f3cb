# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads from libvirt's own schema which attributes and elements a domain has, and which words each of them may have."""
import collections
import os
import xml.etree.ElementTree as tree

SCHEMAS = "/usr/share/libvirt/schemas"
PREFIX = "{http://relaxng.org/ns/structure/1.0}"
# An attribute, or an element and its text if `attribute` is None. `path` has the elements from <domain> down, each with the
# attributes that it has whenever this one is there. `is_free` is set if there are other values than `words`.
Choice = collections.namedtuple("Choice", "path attribute words is_free")


class Schema:
    """The definitions of all files of the schema."""

    def __init__(self):
        self.defines, self.start = collections.defaultdict(list), None
        self.load("domain.rng")

    def load(self, name):
        root = tree.parse(os.path.join(SCHEMAS, name)).getroot()
        for node in root:
            kind = node.tag[len(PREFIX):]
            if kind == "include":
                self.load(node.get("href"))
            elif kind == "define":
                self.defines[node.get("name")] += list(node)
            elif kind == "start" and self.start is None:
                self.start = list(node)

    def words(self, node, refs=()):
        """Returns the words that an attribute may have, and whether it may have other values."""
        kind = node.tag[len(PREFIX):]
        if kind == "value":
            return [node.text], False
        if kind in ("text", "data"):
            return [], True
        name = node.get("name")
        if kind == "ref" and name in refs:
            return [], True
        below = self.defines[name] if kind == "ref" else list(node)
        found = [self.words(child, refs + (name,) if kind == "ref" else refs) for child in below]
        if kind == "attribute" and not below:
            return [], True
        return [word for words, _ in found for word in words], any(is_free for _, is_free in found)

    def fixed(self, nodes):
        """Returns the attributes with a single possible value that these nodes, which are a group, begin with."""
        found = {}
        for node in nodes:
            if node.tag == PREFIX + "attribute" and node.get("name"):
                words, is_free = self.words(node)
                if len(words) == 1 and not is_free:
                    found[node.get("name")] = words[0]
        return found

    def visit(self, nodes, path, refs):
        """Yields the choices in a group of nodes. The last element of the path is the one that contains them."""
        if path:
            path = path[:-1] + ((path[-1][0], {**path[-1][1], **self.fixed(nodes)}),)
        for node in nodes:
            kind, name = node.tag[len(PREFIX):], node.get("name")
            if kind == "element":
                if name:
                    yield Choice(path + ((name, {}),), None, [""], False)
                    yield from self.visit(list(node), path + ((name, {}),), refs)
            elif kind == "attribute":
                if name:
                    yield Choice(path, name, *self.words(node))
            elif kind == "ref":
                if name not in refs:
                    yield from self.visit(self.defines[name], path, refs + (name,))
            elif kind in ("value", "data", "text"):
                yield Choice(path, None, *self.words(node))
            elif kind == "choice":
                for child in node:
                    yield from self.visit([child], path, refs)
            elif kind in ("group", "interleave", "optional", "zeroOrMore", "oneOrMore", "mixed"):
                yield from self.visit(list(node), path, refs)


def choices():
    """Returns all choices; those with the same path are one. Returns none if libvirt's schema is not installed."""
    if not os.path.exists(os.path.join(SCHEMAS, "domain.rng")):
        return []
    schema, found = Schema(), {}
    for choice in schema.visit(schema.start, (), ()):
        names = tuple((name, tuple(sorted((key, word) for key, word in fixed.items() if not (at == len(choice.path) - 1 and key == choice.attribute))))
                      for at, (name, fixed) in enumerate(choice.path))
        known = found.setdefault((names, choice.attribute), ([], []))
        known[0].extend(word for word in choice.words if word not in known[0])
        known[1].append(choice.is_free)
    return [Choice(names, attribute, words, any(is_free)) for (names, attribute), (words, is_free) in found.items()]


# What a domain needs so that the element under test is converted: attributes, and children before and after it.
ATTRIBUTES = {"domain": {"type": "xen"}, "disk": {"type": "file", "device": "disk"}, "interface": {"type": "bridge"}, "graphics": {"type": "vnc"},
              "clock": {"offset": "utc"}, "serial": {"type": "pty"}, "parallel": {"type": "pty"}, "console": {"type": "pty"},
              "input": {"type": "tablet", "bus": "usb"}, "sound": {"model": "sb16"}, "timer": {"name": "hpet"}}
CHILDREN = {"disk": (("source", "<source file='/x'/>"), ("target", "<target dev='xvda'/>")), "interface": (("source", "<source bridge='b'/>"),),
            "os": (("type", "<type>GUEST</type>"),), "cputune": ()}
TEXTS = {"memory": "1024", "currentMemory": "512", "vcpu": "4", "type": "GUEST", "loader": "/l", "maxMemory": "2048"}


def document(choice, word):
    """Returns the XML in <domain> for a word, without the name of the domain, or without the choice if `word` is None. The
    word of a choice without an attribute is the text of its element, and "" is the empty element."""
    text = None
    for at in range(len(choice.path) - 1, -1, -1):
        name, fixed = choice.path[at]
        is_last = at == len(choice.path) - 1
        if is_last and choice.attribute is None and word is None:
            text = ""
            continue
        below = choice.path[at + 1][0] if not is_last else None
        attributes = {**ATTRIBUTES.get(name, {}), **dict(fixed)}
        if is_last and choice.attribute is not None:
            attributes.pop(choice.attribute, None)
            if word is not None:
                attributes[choice.attribute] = word
            text = TEXTS.get(name, "")
        elif is_last:
            text = word
        others = "".join(child for key, child in CHILDREN.get(name, ()) if key != below)
        if name == "domain" and below != "os":
            others += "<os><type>GUEST</type></os>"
        start = "".join(" %s='%s'" % pair for pair in attributes.items())
        text = "<%s%s>%s%s%s</%s>" % (name, start, "NAME" if at == 0 else "", others, text, name)
    return text
