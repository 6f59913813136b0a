"""The linearizations of all top-level classes of modules, told by the interpreter that runs this.

The question is read from standard input: `packages` to import whole; the standard library where there
are none. The answer is a list of modules: where each is written, its name, and for each class that is
defined in it the names of its linearization.
"""

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import warnings

# Modules that do something when they are imported, or that nobody derives from. `tix` gives the
# classes of `tkinter` another base, and setuptools those of `distutils`.
SKIPPED = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "__main__", "turtle",
           "ensurepip", "venv", "tix", "distutils", "tests", "testing", "conftest"}


def main():
    warnings.simplefilter("ignore")
    packages = json.load(sys.stdin)["packages"]
    if "django" in packages:
        from django.conf import settings
        settings.configure()
        importlib.import_module("django").setup()
    answers, seen = [], set()
    for name in packages or standard():
        visit(name, answers, seen)
    json.dump(answers, sys.stdout)


def standard():
    folder = os.path.dirname(os.__file__)
    return sorted(it.name for it in pkgutil.iter_modules([folder]) if it.name not in SKIPPED)


def visit(name, answers, seen):
    if name in seen or name.rpartition(".")[2] in SKIPPED:
        return
    seen.add(name)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            module = importlib.import_module(name)
    except BaseException:
        return
    path = getattr(module, "__file__", None) or ""
    if path.endswith(".py"):
        classes = {
            value.__name__: [it.__name__ for it in value.__mro__]
            for key, value in list(vars(module).items())
            if isinstance(value, type) and getattr(value, "__module__", None) == name
            and value.__qualname__ == value.__name__ == key
        }
        answers.append({"path": path, "module": name, "classes": classes})
    for inner in pkgutil.iter_modules(getattr(module, "__path__", ()), name + "."):
        visit(inner.name, answers, seen)


if __name__ == "__main__":
    main()
