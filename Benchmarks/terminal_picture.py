#!/usr/bin/env python3
"""Draws docs/terminal.svg, README's picture, from what the program prints:  python3 Benchmarks/terminal_picture.py

Needs a built .build/release/genac, or another binary as the first argument; a second argument names the picture. The
session runs in a fresh folder, under seed 0 and on the kernels of x86-64-v3, so that every such CPU draws the same but
for the clock. Nothing of the output is written here: only which commands run, and which of their lines are left out.
"""
import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPENING = ["load actor starter:actor", "load critic starter:critic", "problems load starter:jumps"]
# Each command with the lines of its output that are shown: all, or the first and the last so many around a "…".
SHOWN = [("problem 2", None), ("generate -n 4", (0, 9)), ("truth last", None), ("score last --chain", None)]

COLUMN, ROW, MARGIN = 8.4, 19, 18
INK, DIM = "#d7dae0", "#8a919c"
COLOURS = {"31": "#e5716b", "32": "#8cc265", "36": "#56b6c2"}
STYLE = """<style>text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
white-space: pre }</style>"""


def printed(genac):
    """What each command printed, with its colours, a list of lines for each."""
    with tempfile.TemporaryDirectory() as folder:
        lines = OPENING + [f"{command} > {place}.txt" for place, (command, _) in enumerate(SHOWN)]
        subprocess.run(
            [genac, "--color", "always"], input="\n".join(lines), text=True, cwd=folder, check=True,
            stdout=subprocess.DEVNULL, env={**os.environ, "GENAC_KERNELS": "x86-64-v3"})
        return [(Path(folder) / f"{place}.txt").read_text().splitlines() for place in range(len(SHOWN))]


def session(genac):
    """The picture's lines, ANSI colours and all."""
    rows = []
    for (command, kept), lines in zip(SHOWN, printed(genac)):
        if kept and sum(kept) < len(lines):
            first, last = kept
            lines = lines[:first] + ["\x1b[2m…\x1b[0m"] + lines[-last:]
        rows += [f"\x1b[36mgenac\x1b[0m> \x1b[1m{command}\x1b[0m"] + lines
    return rows


def spans(line):
    """A line's words with their column and SVG attributes; the escapes are those of Shell/Terminal."""
    column, look = 0, ""
    for part in re.split(r"(\x1b\[[0-9]*m)", line):
        escape_code = re.fullmatch(r"\x1b\[([0-9]*)m", part)
        if escape_code:
            code = escape_code[1]
            look = {"1": ' font-weight="bold"', "2": f' fill="{DIM}"'}.get(code, "")
            look = look or (f' fill="{COLOURS[code]}"' if code in COLOURS else "")
            continue
        for word in re.finditer(r"\S+", part):
            yield column + word.start(), word[0], look
        column += len(part)


def picture(rows):
    width = max(len(re.sub(r"\x1b\[[0-9]*m", "", row)) for row in rows) * COLUMN + 2 * MARGIN
    height = len(rows) * ROW + 2 * MARGIN
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
        f'fill="{INK}" role="img" '
        'aria-label="A session: an actor solves a problem, its prefixes are measured, a critic rates them">',
        STYLE, '<rect width="100%" height="100%" rx="8" fill="#1e2229"/>',
    ]
    for place, row in enumerate(rows):
        for column, word, look in spans(row):
            # Every word at its own column and of its own length: fonts differ in the width of block characters.
            drawn.append(
                f'<text x="{MARGIN + column * COLUMN:.1f}" y="{MARGIN + (place + 0.75) * ROW:.1f}" '
                f'textLength="{len(word) * COLUMN:.1f}" lengthAdjust="spacingAndGlyphs"{look}>{escape(word)}</text>')
    return "\n".join(drawn + ["</svg>", ""])


def main():
    genac = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/release/genac")
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/terminal.svg"
    path.write_text(picture(session(os.path.abspath(genac))))
    print(path)


if __name__ == "__main__":
    main()
