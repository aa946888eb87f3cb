#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing is dropped silently: to the other format and back, and every difference must be among the losses.

usage: losses.py PROGRAM DOMAINS [FILE...]

Converts DOMAINS random domains of each format, the files, and every kind of disk (drives.py) for two generations of xend. Each domain is split into facts: a path and a value. A fact of the original that the result does not have must be named by a loss of that domain, or be one
of the few things that facts_xml.py and facts_sexpr.py call no difference. A loss must name something in the original, and
that is not all in the result; and losses of XML must be reported on the way there. The last line counts facts and
losses: "compared N facts, M are wrong".
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
            if loss["reason"] == "schema":  # written as it is
                continue
            losses.setdefault(loss["domain"], []).append(loss)
    return done.stdout, losses, ["%s: status %d to %s" % (name, done.returncode, to)] if done.returncode else []


def check_domain(form, original, result, losses, back):
    """Compares one domain. Returns what is wrong with it, and how many facts and losses are right."""
    said = form.facts_of(original)
    rules = form.Domain(original, form.facts_of(result))
    times = Counter(fact.path for fact in said)
    bad, lost = [], set()
    for fact in said:
        is_there = rules.has(fact.key, fact.value)
        named = losses.of(fact, rules.has(fact.owner, ""))
        for loss in named:
            loss["facts"].append((fact, is_there))
            lost.add((fact.key, fact.value))
        # A repeated value need not be lost twice.
        if not (is_there or (fact.key, fact.value) in lost or rules.no_difference(fact) or form.is_late(back, fact)):
            bad.append("%s '%s' is lost silently" % (fact.key, fact.said if fact.said is not None else fact.value))
    for loss in losses.all():
        named = loss["facts"]
        if not named and (loss["path"], loss["value"]) not in form.UNSAID:
            bad.append("%s '%s': nothing in the input has this name" % (loss["path"], loss["value"]))
        # A value that contradicts another one may be the same in another spelling, or the result of the other one's
        # conversion.
        elif named and loss["reason"] != "invalid" and all(there and times[fact.path] == 1 for fact, there in named):
            bad.append("%s '%s' is called lost, and is in the result (%s)" % (loss["path"], loss["value"], loss["reason"]))
    bad += ["%s '%s' is lost on the way back only" % (loss["path"], loss["value"]) for loss in back
            if not form.may_be_late(loss["path"])]
    return bad, len(said) + len(losses.all())


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
    """Converts there and back. Returns how many facts and losses are right, and what is wrong."""
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
