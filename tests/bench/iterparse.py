#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""iterparse.py FILE: counts the domains and disks of one well-formed document, as a simple script would do it."""
import sys

try:
    from lxml import etree
except ImportError:
    import xml.etree.ElementTree as etree

domains = disks = 0
root = None
for event, element in etree.iterparse(sys.argv[1], events=("start", "end")):
    if event == "start":
        if root is None:
            root = element
    elif element.tag == "disk":
        disks += 1
    elif element.tag == "domain":
        domains += 1
        root.clear()  # otherwise every domain read so far stays in memory
print(domains, disks)
