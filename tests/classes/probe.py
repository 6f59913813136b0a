"""What the classes of the standard library are, told by the interpreter that runs this, as JSON.

`classes` are told by their own names, each with its linearization, metaclass, flags, own names and
abstract members, as the columns of `scripts/stdlib_classes.py`; `names` are those by which they can
be had in modules; `aliases` are generic aliases of `typing`; `modules` are the top-level modules.
"""

import builtins
import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import types
import warnings

SKIPPED = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "ensurepip", "venv"}
# Names that every class or nearly every class has, or that say nothing about behaviour.
COMMON = {
    "__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__qualname__",
    "__static_attributes__", "__firstlineno__", "__classcell__", "__text_signature__",
    "__orig_bases__", "__parameters__", "__annotate__", "__annotate_func__",
    "__annotations_cache__", "__conditional_annotations__", "__abstractmethods__",
}
# Instances have a `__dict__` that is kept before them (3.11 on).
MANAGED_DICT = 1 << 4
IS_BASE = 1 << 10
IS_HEAP = 1 << 9
POINTER = tuple.__itemsize__

ALIASES = getattr(types, "GenericAlias", ())


# Where classes can be had that say to be of `builtins`, the usual places first.
PLACES = {}
USUAL = ["types", "weakref", "contextvars", "struct", "_multibytecodec"]


def canonical(cls):
    module, name = cls.__module__, cls.__qualname__
    if module == "builtins" and getattr(builtins, name, None) is not cls:
        return PLACES.get(cls, "?." + name)
    return (module if isinstance(module, str) else "?") + "." + name


def main():
    warnings.simplefilter("ignore")
    for name in USUAL:
        own = vars(importlib.import_module(name))
        # Of several names the one that tells the most.
        for inner in sorted(own, key=lambda it: (-len(it), it)):
            if isinstance(own[inner], type):
                PLACES.setdefault(own[inner], name + "." + inner)
    seen = Seen()
    names = set(getattr(sys, "stdlib_module_names", sys.builtin_module_names))
    for path in sys.path:
        if path and os.path.isdir(path) and "site-packages" not in path:
            names.update(module.name for module in pkgutil.iter_modules([path]))
    names = {name for name in names if "-" not in name and "__" not in name.strip("_")}
    for name in sorted(names):
        seen.module(name)
    answer = {
        "minor": sys.version_info[1], "classes": seen.classes, "names": seen.names,
        "aliases": seen.aliases,
        "modules": sorted(name for name in names if name.split(".")[0] not in SKIPPED),
    }
    json.dump(answer, sys.stdout)


class Seen:
    def __init__(self):
        self.classes, self.names, self.aliases = {}, {}, {}

    def module(self, module_name):
        if module_name.split(".")[0] in SKIPPED or module_name.endswith("__main__"):
            return
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                module = importlib.import_module(module_name)
        except BaseException:
            return
        if module_name == "collections":
            # What its calls make, under a name that nothing else can have.
            record = module.namedtuple("Record", (), module=module_name)
            record.__qualname__ = "namedtuple()"
            self.add("collections.namedtuple()", record)
        for name, value in list(vars(module).items()):
            path = module_name + "." + name
            origin = getattr(value, "__origin__", None)
            if isinstance(value, type) and not isinstance(value, ALIASES):
                if not (name.startswith("__") and name.endswith("__")):
                    self.add(path, value)
            elif module_name == "typing" and isinstance(origin, type):
                self.aliases[path] = canonical(origin)
                self.add(canonical(origin), origin)
        if hasattr(module, "__path__"):
            for sub in pkgutil.iter_modules(module.__path__, module_name + "."):
                self.module(sub.name)

    def add(self, path, cls):
        if path[0] != "?":
            PLACES.setdefault(cls, path)
        own = canonical(cls)
        if "<locals>" not in path and "?" not in own:
            self.names[path] = own
        if own in self.classes or "?" in own:
            return
        try:
            record = {
                "mro": [canonical(base) for base in cls.__mro__[1:]],
                "metaclass": canonical(type(cls)), "flags": flags(cls), "own": own_names(cls),
                "abstract": sorted(getattr(cls, "__abstractmethods__", None) or ()),
            }
        except Exception:
            return
        self.classes[own] = record
        for other in cls.__mro__[1:] + (type(cls),):
            self.add(canonical(other), other)


def flags(cls):
    holds = {
        "d": cls.__dictoffset__ or cls.__flags__ & MANAGED_DICT and sys.version_info >= (3, 11),
        "w": cls.__weakrefoffset__, "h": getattr(cls, "__hash__", None) is not None,
        "f": not cls.__flags__ & IS_BASE, "l": is_solid(cls), "v": cls.__itemsize__,
    }
    return "".join(flag for flag, is_so in holds.items() if is_so)


def is_solid(cls):
    """What `extra_ivars` of `Objects/typeobject.c` says of the class and its best base."""
    base = cls.__base__
    if base is None:
        return True
    size = cls.__basicsize__
    if cls.__itemsize__ or base.__itemsize__:
        return size != base.__basicsize__ or cls.__itemsize__ != base.__itemsize__
    if cls.__flags__ & IS_HEAP:
        if cls.__weakrefoffset__ and not base.__weakrefoffset__ and cls.__weakrefoffset__ + POINTER == size:
            size -= POINTER
        if cls.__dictoffset__ and not base.__dictoffset__ and cls.__dictoffset__ + POINTER == size:
            size -= POINTER
    return size != base.__basicsize__


def own_names(cls):
    is_special = lambda name: name.startswith("__") and name.endswith("__")
    is_slot = lambda value: isinstance(value, types.MemberDescriptorType)
    return sorted(
        name for name, value in vars(cls).items()
        if name not in COMMON and " " not in name
        and (is_special(name) or not name.startswith("_") or is_slot(value))
    )


if __name__ == "__main__":
    main()
