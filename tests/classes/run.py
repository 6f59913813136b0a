"""Makes class hierarchies at random, over one to three modules, lets CPython execute them, and prints
both as JSON.

The question is read from standard input: a `seed` and a `count` of programs. A program is a package;
its statements are executed one by one, so that one that raises does not keep those after it from
being seen. Of each class statement the answer tells whether it raises, and what the class is like if
not.
"""

import abc
import ast
import json
import random
import sys
import types

HEAD = """\
import abc
import collections
import collections.abc
import contextlib
import datetime
import decimal
import enum
import io
import random
import sys
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from typing import Generic, List, Protocol, TypeVar

T = TypeVar("T")
"""

STANDARD = [
    "object", "int", "str", "dict", "list", "tuple", "set", "float", "bytes", "Exception",
    "ValueError", "OSError", "BaseException", "KeyError", "frozenset", "complex", "bytearray", "bool",
    "type", "ABC", "abc.ABC", "collections.deque", "OrderedDict", "collections.defaultdict",
    "collections.UserDict", "collections.abc.Mapping", "collections.abc.Sized",
    "collections.abc.MutableSequence", "collections.abc.Hashable", "contextlib.ContextDecorator",
    "contextlib.AbstractContextManager", "datetime.datetime", "decimal.Decimal",
    "io.StringIO", "random.Random", "threading.Thread",
    "threading.local", "Generic[T]", "List[int]", "Protocol", "enum.Enum", "enum.Flag",
]
SLOTS = [
    '()', '("x",)', '("x", "y")', '["z"]', '("__dict__",)', '("__weakref__", "x")', '"x"',
    '("__dict__", "__weakref__")', '("first", "second")', '("__private",)',
]
METACLASSES = ["abc.ABCMeta", "type", "enum.EnumMeta"]
MEMBERS = [
    "x = 1", "y: int", "z: int = 2", "def first(self): ...", "def second(self): ...",
    "@abstractmethod\n    def first(self): ...", "@property\n    @abstractmethod\n    def second(self): ...",
    "@abstractmethod\n    def third(self): ...", "third = None", "def third(self): ...",
    "def __eq__(self, other): return self is other", "__hash__ = None",
    "def __hash__(self): return 1", "def __len__(self): return 0", "def __getitem__(self, key): return key",
    "@classmethod\n    @abstractmethod\n    def fourth(cls): ...", "def fourth(self): ...",
    "@property\n    def second(self): ...",
]

KINDS = {
    "metaclass conflict": "metaclass", "not an acceptable base type": "final",
    "lay-out conflict": "layout", "nonempty __slots__ not supported": "variable",
    "__dict__ slot disallowed": "dict", "__weakref__ slot disallowed": "weakref",
    "conflicts with class variable": "taken", "duplicate base class": "duplicate",
    "consistent method resolution": "mro",
}


def main():
    question = json.load(sys.stdin)
    generator = random.Random(question["seed"])
    programs = [program(generator, "case%06d" % number) for number in range(question["count"])]
    json.dump([answer(*it) for it in programs], sys.stdout)


def program(generator, package):
    """The texts of the modules of a package, by their paths."""
    count = generator.choice([1, 1, 2, 3])
    texts, known = {}, []
    style = generator.choice(["mixed", "mixed", "slots", "abstract", "metaclasses"])
    for number in range(count):
        module = "m%d" % number
        lines, local = [HEAD], []
        for name, home in known:
            if generator.random() < 0.8:
                lines.append(imported(generator, package, name, home, known))
                local.append(name)
        for _ in range(generator.randint(2, 7)):
            name = "K%d" % (len(known))
            lines.append(class_statement(generator, name, local, style))
            known.append((name, module))
            local.append(name)
            if generator.random() < 0.3:
                lines.append("%s()" % generator.choice(local))
        texts["%s/%s.py" % (package, module)] = "\n\n".join(lines) + "\n"
    texts["%s/__init__.py" % package] = ""
    return package, texts


def imported(generator, package, name, home, known):
    """An import of a class; perhaps of another one by its name, where the version decides."""
    plain = "from %s.%s import %s" % (package, home, name)
    draw = generator.random()
    if draw < 0.75:
        return plain
    if draw < 0.85:
        standard = generator.choice(["collections import OrderedDict", "enum import Enum", "io import StringIO"])
        return "try:\n    from %s as %s\nexcept ImportError:\n    %s" % (standard, name, plain)
    other, module = generator.choice(known)
    other = "from %s.%s import %s as %s" % (package, module, other, name)
    test = generator.choice(["sys.version_info >= (3, %d)", "sys.version_info < (3, %d)", "not sys.version_info >= (3, %d)"])
    return "if %s:\n    %s\nelse:\n    %s" % (test % generator.randint(7, 13), plain, other)


def class_statement(generator, name, local, style):
    bases = []
    for _ in range(generator.choice([0, 1, 1, 2, 2, 3] if local else [0, 1, 2])):
        is_own = local and generator.random() < (0.8 if style == "slots" else 0.6)
        bases.append(generator.choice(local[-6:]) if is_own else standard(generator, style))
    arguments = list(bases)
    if generator.random() < (0.3 if style == "metaclasses" else 0.05):
        metas = METACLASSES + ([it for it in local] if style == "metaclasses" else [])
        arguments.append("metaclass=%s" % generator.choice(metas))
    body = []
    if generator.random() < (0.7 if style == "slots" else 0.3):
        body.append("__slots__ = " + generator.choice(SLOTS))
    for _ in range(generator.choice([0, 0, 1, 2]) + (2 if style == "abstract" else 0)):
        member = generator.choice(MEMBERS)
        if not any(name_of(member) == name_of(other) for other in body):
            body.append(member)
    if not body:
        body.append("pass")
    head = "class %s(%s):" % (name, ", ".join(arguments)) if arguments else "class %s:" % name
    return "\n    ".join([head] + body)


def standard(generator, style):
    if style == "abstract" and generator.random() < 0.6:
        return generator.choice(["ABC", "Protocol", "collections.abc.Mapping", "dict"])
    if style == "slots" and generator.random() < 0.6:
        return "object"
    if style == "metaclasses" and generator.random() < 0.6:
        return generator.choice(["type", "abc.ABCMeta", "ABC", "enum.Enum", "enum.EnumMeta"])
    return generator.choice(STANDARD)


def name_of(member):
    statement = ast.parse(member.replace("\n    ", "\n")).body[0]
    if isinstance(statement, ast.Assign):
        return statement.targets[0].id
    return statement.target.id if isinstance(statement, ast.AnnAssign) else statement.name


def answer(package, texts):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
    classes, calls = [], []
    for path, text in texts.items():
        if path.endswith("__init__.py"):
            continue
        name = path[:-3].replace("/", ".")
        module = sys.modules[name] = types.ModuleType(name)
        for statement in ast.parse(text).body:
            error = None
            code = compile(ast.Module([statement], []), path, "exec")
            try:
                exec(code, module.__dict__)
            except Exception as raised:
                error = raised
            place = {"path": path, "line": statement.lineno}
            if isinstance(statement, ast.ClassDef):
                made = module.__dict__.get(statement.name)
                classes.append({**place, "name": statement.name, **described(made, error)})
            elif isinstance(statement, ast.Expr):
                said = str(error)
                calls.append({**place, "refuses": "instantiate abstract class" in said})
    for name in [it for it in sys.modules if it.split(".")[0] == package]:
        del sys.modules[name]
    return {"texts": texts, "classes": classes, "calls": calls}


def described(made, error):
    if error is not None:
        said = str(error)
        if isinstance(error, NameError):
            return {"outcome": "unknown"}
        return {"outcome": next((kind for text, kind in KINDS.items() if text in said), "other: " + said)}
    if not isinstance(made, type):
        return {"outcome": "other: no class"}
    has_dict = made.__dictoffset__ != 0 or sys.version_info >= (3, 11) and made.__flags__ >> 4 & 1
    return {
        "outcome": "made",
        "mro": [it.__name__ for it in made.__mro__],
        "metaclass": type(made).__name__,
        "has_dict": bool(has_dict),
        "has_weakref": made.__weakrefoffset__ != 0,
        "is_hashable": made.__hash__ is not None,
        # A metaclass may be abstract itself: its own members are not those of its classes.
        "abstract": sorted(made.__abstractmethods__) if isinstance(made, abc.ABCMeta) else [],
    }


if __name__ == "__main__":
    main()
