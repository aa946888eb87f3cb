# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs programs in turn, and prints their time and memory."""
import os
import statistics
import subprocess
import sys

MILLION = 1000 * 1000


class Row:
    """A program to measure. `size` is the number of bytes, or files, that it reads. `command` is None if it is not installed."""

    def __init__(self, name, command, size, peer=False):
        self.name, self.command, self.size, self.peer = name, command, size, peer
        self.rounds = []
        self.failed = None

    def median(self, field):
        return statistics.median(getattr(round_, field) for round_ in self.rounds)

    def was_measured(self):
        return self.command is not None and not self.failed


class Usage:
    def __init__(self, report):
        status, wall, cpu, peak = report.split()
        self.status, self.wall, self.cpu, self.mib = int(status), float(wall), float(cpu), int(peak) / 1024


def processors():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def progress(text):
    if sys.stderr.isatty():
        print("\r\033[K" + text, end="\r", file=sys.stderr, flush=True)
        print("\033[K", end="", file=sys.stderr)


def measure(usage, folder, command, stdin=None):
    report = os.path.join(folder, "usage.txt")
    with open(os.path.join(folder, "stderr.txt"), "wb") as errors:
        subprocess.run([usage, report] + command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=errors, check=True)
    with open(report, encoding="ascii") as file:
        return Usage(file.read())


def first_error(folder):
    with open(os.path.join(folder, "stderr.txt"), encoding="utf-8", errors="replace") as file:
        return file.readline().strip()


def run_rounds(rows, usage, folder, runs):
    for number in range(runs):
        progress("round %d of %d" % (number + 1, runs))
        for row in rows:
            if row.was_measured():
                result = measure(usage, folder, row.command)
                if result.status != 0:
                    row.failed = "failed with status %d: %s" % (result.status, first_error(folder))
                row.rounds.append(result)


def ratio(row, yardstick, field):
    """Returns the row's seconds per byte, or per file, divided by those of the yardstick: the median of all rounds."""
    if not yardstick.was_measured():
        return "-"
    return "%.2f" % statistics.median(
        getattr(mine, field) / row.size / (getattr(its, field) / yardstick.size)
        for mine, its in zip(row.rounds, yardstick.rounds))


def print_table(rows, yardstick, unit, units):
    """Prints a table. One `unit` is `units` bytes, or files."""
    form = "%-44s %8s %8s %9s %8s %9s %10s"
    print(form % ("what", "wall s", "CPU s", "peak MiB", unit, "CPU ratio", "wall ratio"))
    for row in rows:
        if row.command is None:
            print("%-44s not installed" % row.name)
        elif row.failed:
            print("%-44s %s" % (row.name, row.failed))
        else:
            print(form % (row.name, "%.2f" % row.median("wall"), "%.2f" % row.median("cpu"), "%.1f" % row.median("mib"),
                          "%.0f" % (row.size / row.median("wall") / units), ratio(row, yardstick, "cpu"),
                          ratio(row, yardstick, "wall")))
