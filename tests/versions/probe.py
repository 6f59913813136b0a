"""Asks the Python that runs it about its standard library.

    probe.py names          all public names it has, as a JSON object of name to kind
    probe.py check < NAMES  which of some names it has, as a JSON list of words

A name is dotted, `functools.cache`; a parameter stands in parentheses behind the callable that has
it, `builtins.zip(strict)`. The words are `yes`, `no` and `unknown`: the module cannot be imported
here although the name alone says nothing, the signature cannot be read, or any keyword is taken.

It must itself run on the oldest Python that is asked: 3.6.
"""

import contextlib
import enum
import importlib
import inspect
import io
import json
import os
import pkgutil
import sys
import types
import warnings

# Not for use by programs, or doing something when they are imported.
SKIPPED = {
    "antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "ensurepip", "venv",
    "pydoc_data", "__phello__", "__hello__", "__main__", "distutils", "tkinter", "turtle",
}
# Attributes of classes that are no business of programs, but for this one: it makes `C[int]` work.
SUBSCRIPT = "__class_getitem__"


def quietly(work, *arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return work(*arguments)


def imported(name):
    """The module of a name, or what its import raises."""
    try:
        return quietly(importlib.import_module, name)
    except BaseException as error:  # some exit
        return error


# Names.


def modules():
    """The names of the public modules."""
    tops = set(sys.builtin_module_names)
    for path in sys.path:
        if path and os.path.isdir(path):
            tops.update(module.name for module in pkgutil.iter_modules([path]))
    waiting = sorted(name for name in tops if not name.startswith("_"))
    while waiting:
        name = waiting.pop()
        yield name
        if name in SKIPPED:
            continue
        module = imported(name)
        for path in getattr(module, "__path__", None) or ():
            for sub in pkgutil.iter_modules([path]):
                if not sub.name.startswith("_") and sub.name not in SKIPPED | {"tests"}:
                    waiting.append(name + "." + sub.name)


def public(module):
    """The names that a module offers."""
    offered = getattr(module, "__all__", None)
    if offered is not None:
        yield from (name for name in offered if isinstance(name, str))
        for name, value in list(vars(module).items()):
            if not name.startswith("_") and callable(value) and name not in offered:
                if getattr(value, "__module__", None) == module.__name__:
                    yield name
        return
    names = {module.__name__, "_" + module.__name__, None}
    for name, value in list(vars(module).items()):
        if not name.startswith("_") and not isinstance(value, types.ModuleType):
            if module.__name__ == "builtins" or getattr(value, "__module__", None) in names:
                yield name


def kind_of(value):
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        if issubclass(value, Warning):
            return "warning"
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if callable(value) else "constant"


def members(cls):
    """What a class offers, with what kind of thing it is."""
    for name in dir(cls):
        if name.startswith("_") and name != SUBSCRIPT:
            continue
        value = inspect.getattr_static(cls, name, None)
        if isinstance(cls, enum.EnumMeta) and isinstance(getattr(cls, name, None), cls):
            yield name, "enum member", value
        elif callable(value) or isinstance(value, (classmethod, staticmethod)):
            yield name, "method", value
        else:
            yield name, "attribute", value


def signature(value):
    """The parameters that a callable takes by their names; `None` where that is not known."""
    if isinstance(value, enum.EnumMeta):
        return None
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except Exception:  # whatever a wrong signature makes of itself
        return None
    if any(it.kind is it.VAR_KEYWORD for it in parameters):
        return None
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [it.name for it in parameters if it.kind in kinds]


def takes(value, is_bound=True):
    """The parameters of a callable, without the first one of a method in its class."""
    names = signature(value)
    if names is None:
        return None
    if not is_bound and isinstance(value, types.FunctionType):
        names = names[1:]
    return [name for name in names if not name.startswith("_") and name not in ("self", "cls")]


def names():
    found = {}
    for module_name in modules():
        found[module_name] = "module"
        module = None if module_name in SKIPPED else imported(module_name)
        if not isinstance(module, types.ModuleType):
            continue
        for name in public(module):
            path = module_name + "." + name
            try:
                value = getattr(module, name)
            except AttributeError:
                continue
            found.setdefault(path, kind_of(value))
            for parameter in (callable(value) and takes(value)) or ():
                found[path + "(" + parameter + ")"] = "parameter"
            if not isinstance(value, type):
                continue
            for member, kind, static in members(value):
                found[path + "." + member] = kind
                if kind == "method" and member in vars(value):
                    got = getattr(value, member, None)
                    is_bound = not isinstance(static, types.FunctionType)
                    for parameter in takes(got, is_bound) or ():
                        found[path + "." + member + "(" + parameter + ")"] = "parameter"
    return found


# Answers.


def check(name):
    path, _, parameter = name.partition("(")
    parts = path.split(".")
    module = imported(parts[0])
    if not isinstance(module, types.ModuleType):
        # A module of C that was not built is not for that a module that this Python does not have.
        is_there = isinstance(module, ModuleNotFoundError) and module.name == parts[0]
        return "no" if is_there else "unknown"
    value, owner = module, None
    for at, part in enumerate(parts[1:], 2):
        try:
            owner, value = value, getattr(value, part)
            continue
        except AttributeError:
            pass
        if not isinstance(value, types.ModuleType) or not hasattr(value, "__path__"):
            return "no"
        module = imported(".".join(parts[:at]))
        if not isinstance(module, types.ModuleType):
            is_there = isinstance(module, ModuleNotFoundError)
            return "no" if is_there and module.name == ".".join(parts[:at]) else "unknown"
        owner, value = value, module
    if not parameter:
        return "yes"
    static = inspect.getattr_static(owner, parts[-1], None) if owner is not None else None
    is_bound = not (isinstance(owner, type) and isinstance(static, types.FunctionType))
    taken = takes(value, is_bound)
    if taken is None:
        return "unknown"
    return "yes" if parameter[:-1] in taken else "no"


if __name__ == "__main__":
    sys.path[:] = [path for path in sys.path if "-packages" not in path]
    warnings.simplefilter("ignore")
    if sys.argv[1:] == ["names"]:
        answer = names()
    else:
        answer = [check(name) for name in json.loads(sys.stdin.read())]
    print(json.dumps(answer))
