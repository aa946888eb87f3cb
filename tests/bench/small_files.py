# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes many small files with one domain each, as a host and as a backup store them."""
import gzip
import os
import random
import subprocess
import uuid

from measure import Row, processors

# The yardstick measures reading alone. cat gets the file names in the same way as the program.
READ_ALL = "find \"$1\" -type f -print0 | xargs -0 cat | wc -c"


def domains(gen, form, count, seed):
    """Yields the domains of the generator."""
    begin = {"sexpr": b"(domain\n", "xml": b"<domain "}[form]
    command = [gen, "--domains", str(count), "--seed", str(seed), "--format", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as source:
        lines = []
        for line in source.stdout:
            if line.startswith(begin) and lines:
                yield b"".join(lines)
                lines = []
            lines.append(line)
        yield b"".join(lines)


def make_trees(folder, gen, options):
    """Writes the same domains as xend stores them, each in a directory, and as a backup of tiny files in one directory."""
    names = random.Random(options.seed)
    xend, backup = os.path.join(folder, "xend"), os.path.join(folder, "backup")
    os.mkdir(xend)
    os.mkdir(backup)
    for domain in domains(gen, "sexpr", options.files, options.seed):
        directory = os.path.join(xend, str(uuid.UUID(int=names.getrandbits(128))))
        os.mkdir(directory)
        with open(os.path.join(directory, "config.sxp"), "wb") as file:
            file.write(domain)
    for domain in domains(gen, "xml", options.files, options.seed):
        with open(os.path.join(backup, "%s.xml.gz" % uuid.UUID(int=names.getrandbits(128))), "wb") as file:
            file.write(gzip.compress(domain, 6, mtime=0))
    return {"config.sxp": xend, ".xml.gz": backup}


def rows(program, tree, files):
    """Returns the rows to measure; the yardstick is the first one."""
    jobs = sorted({1, processors()})
    result = [Row("find | xargs cat | wc -c", ["sh", "-c", READ_ALL, "sh", tree], files, peer=True)]
    for command in ("check", "convert"):
        result += [Row("%s -r -j%d" % (command, count), [program, command, "-r", tree, "-j%d" % count], files)
                   for count in jobs]
    return result
