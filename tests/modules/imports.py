"""Answers what names are after `from module import name`, in trees of modules.

Reads a list of trees as JSON: `path`, the folders to import from, and `questions`, pairs of a module
and a name. Answers for each question `[kind, what]`: `class` or `function` with its file and
qualified name, `module` with its file, `other`, or `raises`.
"""

import importlib
import json
import sys
import types


def describe(value):
    if isinstance(value, (type, types.FunctionType)):
        file = getattr(sys.modules.get(value.__module__), "__file__", "")
        kind = "class" if isinstance(value, type) else "function"
        return [kind, f"{file} {value.__qualname__}"]
    if isinstance(value, types.ModuleType):
        return ["module", getattr(value, "__file__", None) or ""]
    return ["other", ""]


def answer(module, name, known):
    for loaded in set(sys.modules) - known:
        del sys.modules[loaded]
    scope = {"__name__": "asker"}
    try:
        exec(f"from {module} import {name} as found", scope)
    except Exception:
        return ["raises", ""]
    return describe(scope["found"])


def main():
    answers = []
    path, known = list(sys.path), set(sys.modules)
    for tree in json.load(sys.stdin):
        sys.path[:] = tree["path"] + path
        importlib.invalidate_caches()
        answers.append([answer(module, name, known) for module, name in tree["questions"]])
    json.dump(answers, sys.stdout)


main()
