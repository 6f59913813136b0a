#!/usr/bin/env python3
"""Measures `dunderlint min-version` against vermin, in one run; prints Markdown.

    benches/min_version.py --dunderlint BIN --vermin BIN --corpus FOLDER [--pairs N] [--whole]

The two take turns (A B A, A B A, ...); a figure is the median of the ratios of CPU time, user and
system, with the smallest and the largest. `--whole` adds the whole corpus, once: vermin takes minutes
for it.
See README.md beside this file.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys

from compare import run, table


def commands(given, path):
    """How each program is called: by its defaults, but on one core."""
    return {
        "dunderlint": [given.dunderlint, "min-version", "--isolated", "-j", "1", path],
        "vermin": [given.vermin, "--quiet", "--processes=1", path],
    }


def row(given, title, path, rounds):
    """The ratios of one part of the corpus."""
    times = {"dunderlint": [], "vermin": []}
    called = commands(given, path)
    for _ in range(rounds):
        for name in ("dunderlint", "vermin", "dunderlint"):
            times[name].append(run(called[name], ends_with=(0, 1)).cpu)
    # Each run of vermin stands between two of dunderlint.
    ratios = [slow / fast for at, slow in enumerate(times["vermin"])
              for fast in times["dunderlint"][2 * at:2 * at + 2]]
    least, most = min(ratios), max(ratios)
    spread = f"**{statistics.median(ratios):.0f}** ({least:.0f}–{most:.0f})"
    seconds = [f"{statistics.median(times[name]):,.2f}" for name in times]
    return [title, *seconds, spread]


def main():
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dunderlint", required=True, help="dunderlint, built with --release")
    parser.add_argument("--vermin", required=True, help="vermin")
    parser.add_argument("--corpus", required=True, help="a folder of Python packages")
    parser.add_argument("--pairs", type=int, default=3, help="rounds for Django (default: 3)")
    parser.add_argument("--whole", action="store_true", help="the whole corpus, too")
    given = parser.parse_args()
    for name in ("dunderlint", "vermin"):
        found = shutil.which(getattr(given, name))
        if found is None:
            sys.exit(f"cannot run `{getattr(given, name)}`")
        setattr(given, name, os.path.abspath(found))
    os.chdir(given.corpus)
    said = [
        subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
        for program in (given.dunderlint, given.vermin)
    ]
    print(f"{said[0]}; vermin {said[1]}.\n")
    rows = [row(given, "Django", "django", given.pairs)]
    if given.whole:
        rows.append(row(given, "the whole corpus", ".", 1))
    table(["CPU time", "dunderlint, s", "vermin, s", "vermin ÷ dunderlint"], rows)


if __name__ == "__main__":
    main()
