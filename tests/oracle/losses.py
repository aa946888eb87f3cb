#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Converts domains to the other format and back. Every difference must be among the losses.

usage: losses.py PROGRAM DOMAINS [FILE...]

Converts DOMAINS random domains of each format, the files, and every kind of disk (drives.py) for two generations of xend. Each
domain is split into facts: a path and a value. If the result lacks a fact of the original, a loss of that domain must name it, or
facts_xml.py or facts_sexpr.py must define that its absence has no meaning. A loss must name facts of the original that are not
all in the result. Losses of XML must be reported by the first conversion. The last line counts facts and losses:
"compared N facts, M are wrong".
"""
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import drives
import facts_sexpr
import facts_xml
import rich_sexpr
import rich_xml
from facts import Losses

SLICE = 1000


def convert(program, data, work, name, to, xend):
    """The output, and the losses of each domain by its name."""
    listed = os.path.join(work, "losses")
    done = subprocess.run([program, "convert", "-q", "--verify", "--xend", xend, "--to", to, "--losses", listed, "-"],
                          input=data, stdout=subprocess.PIPE, check=False)
    losses = {}
    with open(listed, encoding="utf-8") as lines:
        for line in lines:
            loss = json.loads(line)
            if loss["reason"] == "schema":  # the value is in the output
                continue
            losses.setdefault(loss["domain"], []).append(loss)
    return done.stdout, losses, ["%s: status %d to %s" % (name, done.returncode, to)] if done.returncode else []


def check_domain(form, original, result, losses, back):
    """Compares one domain. Returns the errors, and the number of facts and losses."""
    facts = form.facts_of(original)
    rules = form.Domain(original, form.facts_of(result))
    times = Counter(fact.path for fact in facts)
    bad, lost = [], set()
    for fact in facts:
        is_there = rules.has(fact.key, fact.value)
        named = losses.of(fact, rules.has(fact.owner, ""))
        for loss in named:
            loss["facts"].append((fact, is_there))
            lost.add((fact.key, fact.value))
        # A repeated value is reported once.
        if not (is_there or (fact.key, fact.value) in lost or rules.no_difference(fact) or form.is_late(back, fact)):
            bad.append("%s '%s' is lost silently" % (fact.key, fact.raw if fact.raw is not None else fact.value))
    for loss in losses.all():
        named = loss["facts"]
        if not named and (loss["path"], loss["value"]) not in form.IMPLIED:
            bad.append("%s '%s': nothing in the input has this name" % (loss["path"], loss["value"]))
        # If a value contradicts another one, the result may have the same value in another spelling, or from the other one.
        elif named and loss["reason"] != "invalid" and all(there and times[fact.path] == 1 for fact, there in named):
            bad.append("%s '%s' is reported as lost, but is in the result (%s)" % (loss["path"], loss["value"], loss["reason"]))
    bad += ["%s '%s' is lost only in the conversion back" % (loss["path"], loss["value"]) for loss in back
            if not form.may_be_late(loss["path"])]
    return bad, len(facts) + len(losses.all())


def check_domains(form, name, data, back, losses, late):
    results = {}
    for domain in form.read(back):
        results.setdefault(form.name_of(domain), []).append(domain)
    good, bad = 0, []
    for domain in form.read(data):
        who = form.name_of(domain)
        if len(results.get(who, ())) != 1:
            bad.append("%s: %s occurs %d times" % (name, who, len(results.get(who, ()))))
            continue
        wrong, right = check_domain(form, domain, results[who][0], Losses(losses.get(who, []), data, form),
                                    late.get(who, []))
        bad += ["%s: %s: %s" % (name, who, what) for what in wrong]
        good += right - len(wrong)
    return good, bad


def check(program, name, data, xend="3.1"):
    """Converts to the other format and back. Returns the number of facts and losses, and the errors."""
    is_xml = data.lstrip()[:1] == b"<"
    formats = ("sexpr", "xml") if is_xml else ("xml", "sexpr")
    with tempfile.TemporaryDirectory() as work:
        there, losses, bad = convert(program, data, work, name, formats[0], xend)
        back, late, worse = convert(program, there, work, name, formats[1], xend)
    good, wrong = check_domains(facts_xml if is_xml else facts_sexpr, name, data, back, losses, late)
    return good, bad + worse + wrong


def main():
    program, domains = sys.argv[1], int(sys.argv[2])
    inputs = []
    for start in range(0, domains, SLICE):
        count = min(SLICE, domains - start)
        inputs += [("random XML", rich_xml.document(start, count)), ("random SEXPR", rich_sexpr.document(start, count))]
    for name in sys.argv[3:]:
        with open(name, "rb") as file:
            inputs.append((name, file.read()))
    inputs += [("drives, xend " + xend, data, xend) for data in (drives.xml(), drives.sexpr())
               for xend in ("3.0.2", "3.1")]
    total, bad = 0, []
    for each in inputs:
        good, wrong = check(program, *each)
        total += good
        bad += wrong
    for line in bad[:40]:
        print(line)
    print("compared %d facts, %d are wrong" % (total + len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
