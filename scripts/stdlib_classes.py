"""Makes `src/project/stdlib/classes.tsv`: the classes of CPython's standard library.

    python3 scripts/stdlib_classes.py --typeshed DIR PYTHON... > src/project/stdlib/classes.tsv

Each PYTHON is asked by `tests/classes/probe.py` for the classes of all modules it can import. What
classes really are is only known to an interpreter, since stubs tell other bases (`str` of typeshed
is a `Sequence`). `--typeshed` is the folder `mypy/typeshed/stdlib` of an unpacked wheel of mypy: its
names tell which classes and modules there are besides, of other systems and newer versions, and
nothing else is taken from it. The table was made with 3.8 to 3.13.

Lines are sorted by name; several lines of one name are of different versions. Columns, separated by
tabs:

1. the dotted name
2. the minor versions that the line is true for: empty for all that were asked, else `9-11`
3. what it is: `@` for a top-level module, `=NAME` for another name of NAME, `~NAME` for a generic
   alias of NAME in `typing`, `?` for a class of which no more is known; else the linearization
   without the class itself

and only for a class:

4. the metaclass, empty for `type`
5. flags: `d` instances have `__dict__`, `w` they can be referred to weakly, `h` they are hashable,
   `f` the class is final, `l` it lays out more than the class below it (a solid base), `v` instances
   are of different sizes, so that no slots can follow
6. the names that its own body defines: special ones, public ones, and slots; with `?` those that it
   has in some of the versions
7. the abstract members it has left
"""

import argparse
import ast
import collections
import json
import subprocess
import sys
from pathlib import Path

PROBE = Path(__file__).resolve().parent.parent / "tests/classes/probe.py"
# Backports that are these classes as far as layout and linearization go.
EXTENSIONS = ["Protocol", "Generic"]
# What stands for another class where it is a base.
RECORDS = {"typing.NamedTuple": "builtins.tuple", "typing.TypedDict": "builtins.dict"}
# Modules whose classes nobody derives from.
UNSEEN = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "ensurepip", "venv"}
SKIPPED = UNSEEN | {"__main__", "_typeshed", "typing_extensions"}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--typeshed", type=Path)
    arguments.add_argument("pythons", nargs="+")
    arguments = arguments.parse_args()
    answers = {}
    for python in arguments.pythons:
        answer = subprocess.run([python, "-I", str(PROBE)], capture_output=True, text=True, check=True)
        answer = json.loads(answer.stdout)
        answers[answer["minor"]] = answer
        print(python, len(answer["classes"]), "classes", file=sys.stderr)
    minors = sorted(answers)
    one_name_for_each(answers)
    lines = dict.fromkeys(((module, "") for module in modules(answers)), ["@"])
    for name in {name for it in answers.values() for name in [*it["names"], *it["aliases"]]}:
        add_name(name, answers, lines)
    for name in {name for answer in answers.values() for name in answer["classes"]}:
        add_class(name, answers, lines)
    # They were classes in 3.8, but stood for others as they do today.
    for name, kind in RECORDS.items():
        lines = {key: columns for key, columns in lines.items()
                 if key[0] != name and columns != ["=" + name]}
        lines[name, ""] = lines["typing_extensions." + name.partition(".")[2], ""] = ["~" + kind]
    lines.update({("typing_extensions." + name, ""): ["=typing." + name] for name in EXTENSIONS})
    known = {name for name, _ in lines}
    if arguments.typeshed:
        for name in sorted(typeshed(arguments.typeshed, lines)):
            if name not in known:
                lines[name, ""] = ["@" if "." not in name else "?"]
    for (name, versions), columns in sorted(lines.items(), key=lambda it: order(it[0])):
        print(name, spelled(versions, minors), *columns, sep="\t")


def order(key):
    return key[0].encode(), key[1] or (0,)


def one_name_for_each(answers):
    """Gives a class the same name in all versions: `enum.EnumMeta` became `enum.EnumType`, which
    left its first name behind as another one."""
    renamed = {}
    minors = sorted(answers)
    for before, after in zip(minors, minors[1:]):
        old, new = answers[before]["names"], answers[after]["names"]
        for name, class_before in old.items():
            class_after = new.get(name)
            is_move = (
                class_after is not None and class_after != class_before
                # Two classes of one version are not the same.
                and class_before not in answers[after]["classes"]
                and class_after not in answers[before]["classes"]
                and top(class_before) == top(class_after)
            )
            if is_move and name in (class_before, class_after):
                renamed[class_before] = class_after
    # Of several names, the public one.
    for before, after in list(renamed.items()):
        while after in renamed:
            after = renamed[after]
        renamed[before] = after
    public = {}
    for before, after in renamed.items():
        if any(part.startswith("_") for part in after.split(".")) and not any(
            part.startswith("_") for part in before.split(".")
        ):
            public[after] = before
    final = {old: public.get(new, new) for old, new in renamed.items()}
    final.update(public)

    def name_of(name):
        return final.get(name, name)

    for answer in answers.values():
        answer["names"] = {name: name_of(it) for name, it in answer["names"].items()}
        answer["names"].update({it: it for it in map(name_of, answer["classes"])})
        answer["names"].update({it: name_of(it) for it in answer["classes"]})
        answer["aliases"] = {name: name_of(it) for name, it in answer["aliases"].items()}
        classes = {}
        for name, record in answer["classes"].items():
            record["mro"] = [name_of(it) for it in record["mro"]]
            record["metaclass"] = name_of(record["metaclass"])
            classes[name_of(name)] = record
        answer["classes"] = classes


def top(name):
    """The top-level module of a name, that with an underscore for the one without."""
    return name.partition(".")[0].lstrip("_")


def modules(answers):
    found = {name for answer in answers.values() for name in answer["modules"]}
    return found | UNSEEN | {"typing_extensions"}


def add_name(name, answers, lines):
    """Another name of a class, or a generic alias of one."""
    kinds = collections.defaultdict(list)
    for minor, answer in sorted(answers.items()):
        if name in answer["names"] and answer["names"][name] != name:
            kinds["=" + answer["names"][name]].append(minor)
        if name in answer["aliases"]:
            kinds["~" + answer["aliases"][name]].append(minor)
    if any(name in answer["classes"] for answer in answers.values()):
        return
    # What a name stands for in some versions only is not known in general.
    if len(kinds) == 1:
        lines[name, ""] = [next(iter(kinds))]


def add_class(name, answers, lines):
    rows = {}
    for minor, answer in sorted(answers.items()):
        record = answer["classes"].get(name)
        if record is not None:
            rows[minor] = row(record)
    runs = []
    for minor, columns in rows.items():
        own = answers[minor]["classes"][name]["own"]
        if runs and runs[-1][1] == columns and runs[-1][0][1] == minor - 1:
            runs[-1][0][1] = minor
            runs[-1][2].append(own)
        else:
            runs.append(([minor, minor], columns, [own]))
    for versions, (linear, metaclass, flags, abstract), own in runs:
        always = set.intersection(*map(set, own))
        own = [it if it in always else it + "?" for it in sorted(set().union(*own))]
        lines[name, tuple(versions)] = [linear, metaclass, flags, " ".join(own), abstract]


def row(record):
    metaclass = record["metaclass"]
    return [
        " ".join(record["mro"]), "" if metaclass == "builtins.type" else metaclass, record["flags"],
        " ".join(record["abstract"]),
    ]


def spelled(versions, minors):
    if not versions or list(versions) == [minors[0], minors[-1]]:
        return ""
    return f"{versions[0]}-{versions[1]}"


def typeshed(folder, lines):
    """The names of the classes and top-level modules that its stubs have."""
    for stub in sorted(folder.rglob("*.pyi")):
        parts = stub.relative_to(folder).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not parts or parts[0] in SKIPPED:
            continue
        yield parts[0]
        for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8"))):
            for child in getattr(node, "body", ()) if not isinstance(node, ast.ClassDef) else ():
                if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
                    yield ".".join(parts) + "." + child.name


if __name__ == "__main__":
    main()
