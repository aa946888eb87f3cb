# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finds the files of the cases of tests/audit/run, which describes them, and runs the program on them."""

import os
import re
import resource
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(os.environ.get("DOMSTREAM") or os.path.join(HERE, "..", "..", "build", "domstream"))
# The rules of `diff`.
DIFF = re.compile(r"DA40[1-4]")
# The rules about the input itself.
INPUT = re.compile(r"DA90[1-68]")
# The options of cases that are not folders.
OPTIONS = {"DA405": ["--converting"]}


def cases():
    names = set()
    for name in os.listdir(HERE):
        match = re.fullmatch(r"(DA\d{3}(?:-[a-z]+)?)(\.sxp|\.xml)?", name)
        if match:
            names.add(match.group(1))
    return sorted(names)


def options_of(case):
    path = os.path.join(HERE, case, "options")
    if not os.path.exists(path):
        return OPTIONS.get(case, [])
    with open(path, encoding="utf-8") as file:
        return file.read().split()


def inputs_of(case):
    """Returns the inputs of a case, also files that do not exist; the options name those."""
    folder = os.path.join(HERE, case)
    if not os.path.isdir(folder):
        return [name for name in (case + ".sxp", case + ".xml") if os.path.exists(os.path.join(HERE, name))]
    missing = [word for word in options_of(case) if word.startswith(case + "/")]
    # The old dump comes before the new one.
    return sorted([f"{case}/{name}" for name in os.listdir(folder) if name != "options"] + missing, reverse=bool(DIFF.match(case)))


def names_in(case):
    """Returns all names of domains and files that begin with "fires" or "silent"."""
    names = set()
    for name in inputs_of(case):
        path = os.path.join(HERE, name)
        if os.path.isfile(path) and not INPUT.match(case):
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                names.update(re.findall(r"(?:\(name '?|<name>)((?:fires|silent)[^)'<]*)", file.read()))
        if os.path.basename(name).startswith(("fires", "silent")):
            names.add(name)
    names.update(lists_of(case))
    return names


def lists_of(case):
    """Returns the lists of images that the options name."""
    return {word.split("=")[-1] for word in options_of(case) if word.startswith("--images=")}


def rules():
    """Returns the ids of all rules, including those about damage of the input."""
    listed = subprocess.run([PROGRAM, "explain"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return sorted(re.findall(r"^  (DA\d{3}) ", listed, re.MULTILINE))


def limit():
    """Ends a program that tests/audit/mutate has given an endless loop, however busy the machine is."""
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def run(case, *arguments):
    """Returns standard output and standard error. The status must be that of damage or differences, if there are any."""
    if not inputs_of(case):
        raise RuntimeError(f"write {case}.sxp, {case}.xml or a folder {case} in tests/audit first")
    options = [word for word in options_of(case) if not word.startswith(case + "/")]
    verb = ["diff"] if DIFF.match(case) else ["audit", "--fail-on", "never"]
    command = [PROGRAM, *verb, "-q", *arguments, *options, *inputs_of(case)]
    result = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit, check=False)
    errors = result.stderr.decode(errors="surrogateescape")
    expected = 1 if DIFF.match(case) else 2 if INPUT.match(case) else 0
    if result.returncode != expected or (errors and expected != 2):
        raise RuntimeError(f"status {result.returncode}: {errors}")
    return result.stdout.decode(errors="surrogateescape"), errors
