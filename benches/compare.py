#!/usr/bin/env python3
"""Measures dunderlint against the floor and against ruff, in one run; prints Markdown.

    benches/compare.py --floor BIN --dunderlint BIN --ruff BIN --corpus FOLDER

Builds nothing and needs nothing but Python 3.9 and the programs it is given. Programs take turns
(A B C, A B C, ...), so that whatever else the machine does falls on all of them; a figure is the
median of the ratios within each round. Times are user + system CPU seconds of the whole process;
for one small file, wall milliseconds. What the programs print goes to /dev/null. See README.md
beside this file.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

FOURTEEN = (
    "RUF008,RUF009,RUF012,B006,B019,PLW1641,B024,B027,SIM115,C419,UP006,UP007,UP035,UP028"
)
# Parts of the corpus, by title.
TARGETS = {
    "CPython's library": "cpython-stdlib",
    "Django": "django",
    "transformers": "transformers",
    "the whole corpus": ".",
}
# One ordinary small file: the first of this folder that is nearest to so many lines.
SMALL_FOLDER, SMALL_LINES = "django", 274
PROGRAMS = ("floor", "dunderlint", "ruff")

Commands = Dict[str, List[str]]


class Usage(NamedTuple):
    """What one run of a program took."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # MB of resident memory; less than this script itself takes cannot be seen


def run(command: List[str], stdin: str = os.devnull, ends_with: Tuple[int, ...] = (0,)) -> Usage:
    """Runs a program to its end, its output thrown away. A failure ends the whole script; exit
    statuses in `ends_with` are none."""
    files = [
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=files)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) not in ends_with:
        sys.exit(f"wait status {status} of: {Path(command[0]).name} {' '.join(command[1:])}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit / 1e6)


def take_turns(commands: Commands, rounds: int, stdin: str = os.devnull) -> Dict[str, List[Usage]]:
    """Runs each command once to warm up, then all of them in turn, round by round."""
    for command in commands.values():
        run(command, stdin)
    used: Dict[str, List[Usage]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            used[name].append(run(command, stdin))
    return used


class Programs:
    """How each program is called, by name."""

    def __init__(self, paths: Dict[str, Optional[str]], threads: int) -> None:
        found = {name: shutil.which(path) for name, path in paths.items() if path}
        for name, path in found.items():
            if path is None:
                sys.exit(f"cannot run `{paths[name]}`")
        self.paths = {name: str(Path(path).resolve()) for name, path in found.items() if path}
        self.threads = threads

    def check(self, path: str, *options: str) -> Commands:
        """The commands that look at a path: everything on, no settings read, no cache."""
        shared = ["--isolated", "--exit-zero", "--output-format", "concise", *options, path]
        threads = str(self.threads)
        words = {
            "floor": ["parse", "-j", threads, path],
            "dunderlint": ["check", "--select", "all", "--target-version", "3.10", "-j", threads],
            "ruff": ["check", "--no-cache", "--preview", "--target-version", "py310"],
        }
        words["dunderlint"] += shared
        words["ruff"] += ["--select", FOURTEEN, *shared]
        return {name: [program, *words[name]] for name, program in self.paths.items()}

    def version(self, name: str) -> str:
        """What a program calls itself, as in `ruff 0.1.2`."""
        return said([self.paths[name], "--version"]).splitlines()[0]

    def size(self, path: str) -> List[int]:
        """How many files and bytes the floor sees."""
        totals = said([self.paths["floor"], "read", path])
        return [int(number) for number in re.findall(r"\d+", totals)]


def said(command: List[str]) -> str:
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def table(head: List[str], rows: List[List[str]]) -> None:
    """Prints a Markdown table, numbers to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    print("\n".join(f"| {' | '.join(line)} |" for line in lines), end="\n\n")


def ratio(values: Dict[str, List[float]], over: str, under: str) -> str:
    """The median of the pairs' ratios, with the smallest and the largest."""
    if over not in values or under not in values:
        return "–"
    pairs = [a / b for a, b in zip(values[over], values[under])]
    return f"**{statistics.median(pairs):.2f}** ({min(pairs):.2f}–{max(pairs):.2f})"


def median(values: Dict[str, List[float]], name: str, digits: int) -> str:
    """The median of a program's values."""
    return f"{statistics.median(values[name]):,.{digits}f}" if name in values else "–"


def folders(programs: Programs, rounds: int) -> None:
    """CPU time and memory for parts of the corpus and for all of it."""
    times, peaks = [], []
    for title, path in TARGETS.items():
        files, size = programs.size(path)
        used = take_turns(programs.check(path), rounds)
        cpu = {name: [it.cpu for it in runs] for name, runs in used.items()}
        wall = {name: [it.wall for it in runs] for name, runs in used.items()}
        peak = {name: [it.peak for it in runs] for name, runs in used.items()}
        row = [title, f"{files:,}", f"{size / 1e6:,.0f}", median(cpu, "floor", 2)]
        row += [ratio(cpu, "dunderlint", "floor"), ratio(cpu, "ruff", "floor")]
        times.append([*row, ratio(cpu, "dunderlint", "ruff")])
        row = [median(wall, name, 2) for name in PROGRAMS]
        peaks.append([title, *row, *(median(peak, name, 0) for name in PROGRAMS)])
    head = ["CPU time", "files", "MB", "floor, s", "dunderlint ÷ floor", "ruff ÷ floor"]
    table([*head, "dunderlint ÷ ruff"], times)
    head = ["wall time and peak memory", *(f"{name}, s" for name in PROGRAMS)]
    table([*head, *(f"{name}, MB" for name in PROGRAMS)], peaks)


def small_file() -> str:
    """The small file."""
    files = sorted(Path(SMALL_FOLDER).rglob("*.py"))
    return str(min(files, key=lambda path: abs(lines_of(path) - SMALL_LINES)))


def lines_of(path: Path) -> int:
    """How many lines a file has."""
    return path.read_bytes().count(b"\n")


def one_file(programs: Programs, rounds: int) -> None:
    """Wall time for one small file, from the shell and as an editor calls a formatter."""
    path = small_file()
    from_shell = take_turns(programs.check(path), rounds)
    through_stdin = programs.check("-", "--fix", f"--stdin-filename={path}")
    ways = {
        "from the shell": from_shell,
        "fixed through stdin": take_turns(through_stdin, rounds, stdin=path),
    }
    rows = []
    for title, used in ways.items():
        wall = {name: [it.wall * 1e3 for it in runs] for name, runs in used.items()}
        rows.append([title, *(median(wall, name, 1) for name in PROGRAMS)])
        rows[-1].append(ratio(wall, "dunderlint", "ruff"))
    head = f"one file of {lines_of(Path(path))} lines, wall time"
    table([head, *(f"{name}, ms" for name in PROGRAMS), "dunderlint ÷ ruff"], rows)


def instructions(programs: Programs) -> None:
    """Instructions on one thread, counted by valgrind: repeatable to the digit."""
    programs.threads = 1
    os.environ["RAYON_NUM_THREADS"] = "1"
    rows = []
    for title, path in {"Django": "django", "one small file": small_file()}.items():
        counts = {}
        for name, command in programs.check(path).items():
            tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
            ended = subprocess.run([*tool, *command], capture_output=True, text=True, check=True)
            counts[name] = int(re.findall(r"Collected : (\d+)", ended.stderr)[-1]) / 1e6
        of = {name: f"{it:,.1f} ({it / counts['floor']:.2f})" for name, it in counts.items()}
        rows.append([title, *(of.get(name, "–") for name in PROGRAMS)])
    table(["million instructions (÷ floor)", *PROGRAMS], rows)


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--floor", required=True, help="the example `floor`, built with --release")
    parser.add_argument("--dunderlint", help="dunderlint, built with --release")
    parser.add_argument("--ruff", help="ruff")
    parser.add_argument("--corpus", required=True, help="a folder of Python packages")
    parser.add_argument("--pairs", type=int, default=5, help="rounds for folders (default: 5)")
    parser.add_argument("--repeat", type=int, default=200, help="for one file (default: 200)")
    parser.add_argument("--threads", type=int, default=0, help="default: one for each core")
    parser.add_argument("--callgrind", action="store_true", help="count instructions, by valgrind")
    given = parser.parse_args()

    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    threads = given.threads or cores
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    programs = Programs({name: getattr(given, name) for name in PROGRAMS}, threads)
    os.chdir(given.corpus)

    facts = [programs.version(name) for name in PROGRAMS[1:] if name in programs.paths]
    files, size = programs.size(".")
    facts.append(f"{files:,} files of {size / 1e6:,.0f} MB")
    facts.append(f"{platform.system()} on {platform.machine()}, {cores} cores, {threads} threads")
    if given.callgrind:
        print(f"{'; '.join(facts)}.\n")
        instructions(programs)
    else:
        facts.append(f"medians of {given.pairs} rounds, of {given.repeat} for one file")
        facts.append(f"by CPython {platform.python_version()}")
        print(f"{'; '.join(facts)}.\n")
        folders(programs, given.pairs)
        one_file(programs, given.repeat)


if __name__ == "__main__":
    main()
