"""Makes `src/project/stdlib.tsv`: the classes of CPython's standard library, by introspection.

    python3 scripts/stdlib_classes.py PYTHON [PYTHON ...] > src/project/stdlib.tsv

Each PYTHON is asked for the classes of all modules it can import; the answers are merged. A class
whose linearization is not the same in all of them has `?` in its place: then nothing is said of it.

Columns, separated by tabs:

1. the dotted name by which the class can be had
2. `=NAME` where it is another name of NAME, `~NAME` where it is a generic alias of NAME in
   `typing`; else the linearization without the class itself
3. the metaclass, empty for `type`
4. flags: `d` instances have `__dict__`, `h` they are hashable, `f` the class is final
5. the special names that its own body defines
6. the abstract members it has left
"""

import collections
import json
import subprocess
import sys

SKIPPED = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "ensurepip", "venv"}
# Names that every class or nearly every class has, or that say nothing about behaviour.
COMMON = {
    "__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__",
    "__static_attributes__", "__firstlineno__", "__classcell__", "__text_signature__",
    "__orig_bases__", "__parameters__", "__annotate__", "__annotate_func__",
    "__annotations_cache__", "__conditional_annotations__", "__abstractmethods__",
}
# Backports that are these classes as far as layout and linearization go.
EXTENSIONS = ["Protocol", "TypedDict", "NamedTuple", "Generic"]


def canonical(cls):
    module = cls.__module__
    return (module if isinstance(module, str) else "?") + "." + cls.__qualname__


def introspect():
    import contextlib
    import importlib
    import io
    import os
    import pkgutil
    import types
    import typing
    import warnings

    warnings.simplefilter("ignore")
    names = set(sys.builtin_module_names)
    for path in sys.path:
        if path and os.path.isdir(path) and "site-packages" not in path:
            names.update(module.name for module in pkgutil.iter_modules([path]))
    rows = {}

    def visit(module_name):
        if module_name.split(".")[0] in SKIPPED or module_name.endswith("__main__"):
            return
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                module = importlib.import_module(module_name)
        except BaseException:
            return
        for name, value in list(vars(module).items()):
            path = f"{module_name}.{name}"
            if isinstance(value, type) and not isinstance(value, types.GenericAlias if hasattr(types, "GenericAlias") else ()):
                add(path, value)
            elif module_name == "typing" and isinstance(getattr(value, "__origin__", None), type):
                rows[path] = ["~" + canonical(value.__origin__)]
                add(canonical(value.__origin__), value.__origin__)
        if hasattr(module, "__path__"):
            for sub in pkgutil.iter_modules(module.__path__, module_name + "."):
                visit(sub.name)

    def add(path, cls):
        own = canonical(cls)
        if path != own:
            rows[path] = ["=" + own]
            path = own
        if path in rows and not rows[path][0].startswith("="):
            return
        try:
            mro = [canonical(base) for base in cls.__mro__[1:]]
        except Exception:
            return
        metaclass = canonical(type(cls))
        flags = ""
        if cls.__dictoffset__:
            flags += "d"
        if getattr(cls, "__hash__", None) is not None:
            flags += "h"
        if not cls.__flags__ & (1 << 10):
            flags += "f"
        special = sorted(
            name for name in vars(cls)
            if name.startswith("__") and name.endswith("__") and name not in COMMON
        )
        abstract = sorted(getattr(cls, "__abstractmethods__", None) or ())
        rows[path] = [
            " ".join(mro), "" if metaclass == "builtins.type" else metaclass, flags,
            " ".join(special), " ".join(abstract),
        ]
        for base in cls.__mro__[1:]:
            if canonical(base) not in rows:
                add(canonical(base), base)

    for name in sorted(names):
        visit(name)
    # `NamedTuple` and `TypedDict` are functions that stand for a base class.
    rows["typing.NamedTuple"] = ["~builtins.tuple"]
    rows["typing.TypedDict"] = ["~builtins.dict"]
    for name in EXTENSIONS:
        rows["typing_extensions." + name] = ["=typing." + name]
    json.dump(rows, sys.stdout)


def merge(answers):
    merged = {}
    paths = sorted({path for rows in answers for path in rows})
    for path in paths:
        found = [rows[path] for rows in answers if path in rows]
        kinds = {tuple(row[:1]) if len(row) == 1 else ("class", row[0]) for row in found}
        latest = list(found[-1])
        if len(kinds) > 1:
            if len(latest) == 1:
                continue
            latest[0] = "?"
        if len(latest) > 1:
            full = [row for row in found if len(row) > 1]
            latest[3] = " ".join(sorted({name for row in full for name in row[3].split()}))
            latest[4] = " ".join(sorted(set.intersection(*(set(row[4].split()) for row in full))))
            latest[2] = "".join(flag for flag in "dhf" if all(flag in row[2] for row in full))
        merged[path] = latest
    return merged


def main(pythons):
    answers = []
    for python in pythons:
        answer = subprocess.run(
            [python, "-I", __file__, "--introspect"], capture_output=True, text=True, check=True
        )
        answers.append(json.loads(answer.stdout))
        version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout
        print(version.strip(), len(answers[-1]), "names", file=sys.stderr)
    for path, row in sorted(merge(answers).items(), key=lambda item: item[0].encode()):
        print(path, *row, sep="\t")


if __name__ == "__main__":
    if sys.argv[1:] == ["--introspect"]:
        introspect()
    else:
        main(sys.argv[1:])
