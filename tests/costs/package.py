"""Packages of a few modules, whose functions, methods and properties call one another."""

COSTS = ["time.sleep", "subprocess.run", "socket.getaddrinfo", "os.listdir", "json.load"]
CALLS = {
    "time.sleep": "time.sleep(0)",
    "subprocess.run": "subprocess.run(['x'])",
    "socket.getaddrinfo": "socket.getaddrinfo('x', 1)",
    "os.listdir": "os.listdir('.')",
    "json.load": "json.load(None)",
}
METHODS = ["a", "b", "c", "d"]
PROPERTIES = ["p", "q", "r"]

HEAD = """\
import functools
import json
import os
import socket
import subprocess
import time
from contextlib import nullcontext

"""


class Module:
    def __init__(self, package, name):
        self.package, self.name = package, name
        # Names of functions and classes here, and how other modules' are called here.
        self.functions, self.classes, self.lines = [], [], []


class Class:
    def __init__(self, name, bases):
        self.name, self.bases = name, bases
        self.methods, self.statics, self.properties = set(), set(), set()

    def all(self, which):
        found = set(getattr(self, which))
        for base in self.bases:
            found |= base.all(which)
        return found


def make(name, random):
    """Paths and texts of a package of this name."""
    files, modules, classes = {name + "/__init__.py": ""}, [], {}
    for number in range(random.choice([1, 2, 2, 3])):
        module = Module(name, "m%d" % number)
        text = HEAD + imports(module, modules, random)
        for index in range(random.randint(2, 5)):
            if random.random() < 0.4:
                text += function(module, "f%d_%d" % (number, index), classes, random)
            else:
                text += cls(module, "C%d_%d" % (number, index), classes, random)
        modules.append(module)
        files["%s/%s.py" % (name, module.name)] = text
    return files


def imports(module, modules, random):
    text = ""
    for other in modules:
        kind = random.choice(["from", "as", "module", "relative"])
        for name, is_class in [(it, False) for it in other.functions] + [
            (it, True) for it in other.classes
        ]:
            if "." in name:
                continue
            known = name
            if kind == "as":
                known = name + "_"
                text += "from %s.%s import %s as %s\n" % (module.package, other.name, name, known)
            elif kind == "relative":
                text += "from .%s import %s\n" % (other.name, name)
            elif kind == "from":
                text += "from %s.%s import %s\n" % (module.package, other.name, name)
            else:
                known = "%s.%s" % (other.name, name)
            if known not in module.functions + module.classes:
                (module.classes if is_class else module.functions).append(known)
        if kind == "module":
            text += "from %s import %s\n" % (module.package, other.name)
    return text + "\n\n"


def function(module, name, classes, random):
    kind = random.choice(["", "", "", "", "", "cached", "generator", "async"])
    lines = {"cached": ["@functools.lru_cache()"]}.get(kind, [])
    lines.append(("async " if kind == "async" else "") + "def %s():" % name)
    body = block(Place(module, None, None, classes, random), 2)
    if kind == "generator":
        body.append("yield 1")
    module.functions.append(name)
    return "\n".join(lines + ["    " + it for it in body]) + "\n\n\n"


def cls(module, name, classes, random):
    known = [it for it in module.classes if last(it) in classes]
    bases = random.sample(known, min(len(known), random.choice([0, 1, 1, 1, 2])))
    made = Class(name, [classes[last(it)] for it in bases])
    classes[name] = made
    heads = "(%s)" % ", ".join(bases) if bases else ""
    lines = ["class %s%s:" % (name, heads)]
    # Names that may be used: of methods that are there already, here or above.
    if random.random() < 0.3:
        body = block(Place(module, made, "__init__", classes, random), 1)
        if random.random() < 0.3:
            body.append("self.%s = lambda: None" % random.choice(METHODS))
        lines += method("__init__(self)", body)
    if random.random() < 0.1:
        body = block(Place(module, made, "__new__", classes, random), 1)
        lines += method("__new__(cls)", body + ["return super().__new__(cls)"])
    for it in METHODS:
        if random.random() < 0.5:
            continue
        if it == "d":
            decorator, head, where = "    @staticmethod", "d()", "static"
        elif it == "c":
            decorator, head, where = "    @classmethod", "c(cls)", "class"
        else:
            decorator, head, where = None, it + "(self)", it
        body = block(Place(module, made, where, classes, random), 2)
        lines += ([decorator] if decorator else []) + method(head, body)
        (made.statics if it == "d" else made.methods).add(it)
    for it in PROPERTIES:
        if random.random() < 0.4:
            lines.append("    @property")
            lines += method(it + "(self)", block(Place(module, made, it, classes, random), 2))
            made.properties.add(it)
    if len(lines) == 1:
        lines.append("    pass")
    module.classes.append(name)
    return "\n".join(lines) + "\n\n\n"


def method(head, body):
    return ["    def %s:" % head] + ["        " + it for it in body]


def last(name):
    return name.rpartition(".")[2].rstrip("_")


class Place:
    """Where a statement is to stand."""

    def __init__(self, module, owner, name, classes, random):
        self.module, self.owner, self.name = module, owner, name
        self.classes, self.random = classes, random


def block(place, depth):
    lines = []
    for _ in range(place.random.choice([1, 1, 2, 3])):
        lines += statement(place, depth)
    return lines or ["pass"]


def indented(lines):
    return ["    " + it for it in lines]


def statement(place, depth):
    random = place.random
    if depth == 0 or random.random() < 0.55:
        return [expression(place)]
    inner = block(place, depth - 1)
    kind = random.randrange(17)
    leaves = place.name not in ("__init__", "__new__")
    if kind < 2:
        return ["if flip():"] + indented(inner)
    if kind == 2:
        return ["if flip():"] + indented(inner) + ["else:"] + indented(block(place, depth - 1))
    if kind == 3:
        return ["for _ in some(%s):" % expression(place)] + indented(inner)
    if kind == 4:
        return ["while flip():"] + indented(inner)
    if kind == 5:
        return ["try:"] + indented(inner) + ["except ValueError:"] + indented(["pass"])
    if kind == 6:
        end = ["finally:"] + indented(block(place, depth - 1))
        return ["try:"] + indented(inner) + end
    if kind == 7:
        return ["with nullcontext(%s):" % expression(place)] + indented(inner)
    if kind == 8 and leaves:
        return ["if flip():", "    return %s" % expression(place)]
    if kind == 9:
        return ["if flip():", "    raise Stop"]
    if kind == 10:
        return ["[None for _ in some(%s)]" % expression(place)]
    if kind == 11:
        return ["[%s for _ in some()]" % expression(place)]
    if kind == 12:
        return ["(%s for _ in some(%s))" % (expression(place), expression(place))]
    if kind == 13:
        return ["flip() %s %s" % (random.choice(["and", "or"]), expression(place))]
    if kind == 14:
        return ["%s if flip() else %s" % (expression(place), expression(place))]
    if kind == 15:
        return ["unused = lambda: %s" % expression(place)]
    if place.owner and place.name in METHODS + PROPERTIES:
        # A result that is kept.
        return ["if not hasattr(self, '_kept'):", "    self._kept = [%s]" % expression(place)]
    return ["def unused():"] + indented(inner)


def expression(place):
    random, owner, module = place.random, place.owner, place.module
    choices = [CALLS[random.choice(COSTS)]]
    choices += ["%s()" % it for it in module.functions]
    known = [it for it in module.classes if last(it) in place.classes]
    choices += ["%s()" % it for it in known]
    for it in known:
        made = place.classes[last(it)]
        choices += ["%s.%s()" % (it, name) for name in sorted(made.statics)]
        if "c" in made.methods:
            choices.append("%s.c()" % it)
    if owner is None or place.name == "static":
        return random.choice(choices)
    above = Class("", owner.bases)
    # `self.m()` more often than anything else: that is where classes differ.
    if place.name in ("class", "__new__"):
        own = ["cls.%s()" % it for it in sorted(owner.all("statics"))]
        own += ["cls.c()"] * ("c" in owner.all("methods") and place.name != "class")
    else:
        own = ["self.%s()" % it for it in sorted(owner.all("methods") | owner.all("statics"))]
        own += ["self.%s" % it for it in sorted(owner.all("properties"))]
        own += ["super().%s()" % it for it in sorted(above.all("methods"))]
        own += [
            "%s.%s(self)" % (it, name)
            for it in known
            if place.classes[last(it)] in owner.bases
            for name in sorted(place.classes[last(it)].methods - {"c"})
        ]
    return random.choice(choices + own * 3)
