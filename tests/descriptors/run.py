"""Makes small classes, asks CPython what becomes of them, and prints both as JSON.

The question is read from standard input: a `seed`, how many programs to make of each kind (`count`),
and perhaps texts to take in the place of the programs (`others`), where nothing is asked of `null`.
"""

import contextlib
import io
import json
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import dataclass_kinds
import descriptor_kinds
import property_kinds
import sharing_kinds
import slots_kinds
import super_kinds

KINDS = property_kinds.KINDS + descriptor_kinds.KINDS + super_kinds.KINDS
KINDS += dataclass_kinds.KINDS + sharing_kinds.KINDS + slots_kinds.KINDS

# How much deeper than here a program may call before it counts as endless.
DEPTH = 120


def main():
    question = json.load(sys.stdin)
    others, answers = question["others"], []
    for kind in KINDS:
        if sys.version_info[:2] < getattr(kind, "since", (3, 8)):
            continue
        generator = random.Random("%d %s" % (question["seed"], kind.__name__))
        for _ in range(question["count"]):
            rule, text, holds, says = kind(generator)
            if others is not None:
                text = others.pop(0)
                if text is None:
                    continue
            answer = {"kind": kind.__name__, "rule": rule, "text": text, "says": says}
            with contextlib.redirect_stdout(io.StringIO()):
                answer["holds"] = asked(text, holds)
            answers.append(answer)
    json.dump(answers, sys.stdout)


def asked(text, holds):
    """Whether what the rule would say of a program is so."""
    module = {"__name__": "program", "text": text}
    limit = sys.getrecursionlimit()
    try:
        exec(compile(text, "program", "exec"), module)
        error = None
    except Exception as raised:
        error = raised
    sys.setrecursionlimit(depth() + DEPTH)
    try:
        return bool(holds(module, error))
    finally:
        sys.setrecursionlimit(limit)


def depth():
    frame, count = sys._getframe(), 0
    while frame:
        frame, count = frame.f_back, count + 1
    return count


if __name__ == "__main__":
    main()
