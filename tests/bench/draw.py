# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws horizontal bars with gnuplot."""
import shutil
import subprocess

from measure import MILLION

BAR = 26  # height of a row in pixels
OURS, PEERS = "#2f6fb0", "#a9a9a9"
SETTINGS = """set terminal svg size 900,%(height)d font "DejaVu Sans,Helvetica,Arial,sans-serif,13" background rgb "#ffffff"
set label "domstream beside other programs" at screen 0.5,screen %(above)f center font ",16" noenhanced
set label "%(title)s" at screen 0.5,screen %(below)f center font ",12" textcolor rgb "#404040" noenhanced
set tmargin 4.5
set lmargin at screen 0.33
set rmargin at screen 0.94
set border 1 lc rgb "#808080"
set xrange [0:%(most)f]
set yrange [%(last)f:-0.7]
set xlabel "MB/s of uncompressed input; longer is faster" textcolor rgb "#404040"
set xtics nomirror textcolor rgb "#404040"
set ytics scale 0 noenhanced textcolor rgb "#202020" (%(names)s)
set grid xtics lt 1 lw 0.5 lc rgb "#e0e0e0"
set style fill solid noborder
set key horizontal center at screen 0.5,screen %(key)f samplen 1.5 width 2
"""
BARS = """plot $ours using ($2/2):1:($2/2):(0.36) with boxxyerror lc rgb "%s" title "domstream", \\
     $peers using ($2/2):1:($2/2):(0.36) with boxxyerror lc rgb "%s" title "other programs", \\
     $ours using 2:1:3 with labels left offset 0.5,0 font ",12" notitle, \\
     $peers using 2:1:3 with labels left offset 0.5,0 font ",12" notitle
"""


def quoted(text):
    return text.replace("\\", "\\\\").replace('"', "'")


def block(name, bars):
    """Bars: (vertical position, MB/s)."""
    lines = ["%.1f %f %.0f" % (place, speed, speed) for place, speed in bars]
    return "$%s << END\n%s\nEND\n" % (name, "\n".join(lines) or "NaN NaN NaN")


def draw(rows, title, path):
    """Draws the rows that were measured, the other programs first. Returns None, or an error message."""
    program = shutil.which("gnuplot")
    if program is None:
        return "gnuplot is not installed; %s was not drawn" % path
    drawn = [row for row in rows if row.was_measured()]
    if not drawn:
        return "there is nothing to draw"
    speeds = [row.size / row.median("wall") / MILLION for row in drawn]
    # A gap of half a bar separates the peers from ours.
    places = [place + (0 if row.peer else 0.5) for place, row in enumerate(drawn)]
    bars = list(zip(places, speeds))
    height = 135 + BAR * len(drawn)
    script = block("ours", [bar for bar, row in zip(bars, drawn) if not row.peer])
    script += block("peers", [bar for bar, row in zip(bars, drawn) if row.peer])
    script += SETTINGS % {
        "height": height,
        "above": 1 - 22 / height,
        "below": 1 - 44 / height,
        "key": 1 - 66 / height,
        "title": quoted(title),
        "most": max(speeds) * 1.08,
        "last": places[-1] + 0.7,
        "names": ", ".join('"%s" %.1f' % (quoted(row.name), place) for place, row in zip(places, drawn)),
    }
    script += BARS % (OURS, PEERS)
    result = subprocess.run([program], input=script, text=True, capture_output=True, check=False)
    if result.returncode != 0 or not result.stdout:
        return "gnuplot failed: %s" % result.stderr.strip()
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(result.stdout)
    except OSError as error:
        return "cannot write %s: %s" % (path, error.strerror)
    return None
