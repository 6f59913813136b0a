"""Dataclasses: fields that are none, defaults that are the same, functions that nobody calls."""

import dataclasses

from pieces import indented, outcome, raises

HEAD = "from dataclasses import InitVar, dataclass, field\nfrom typing import ClassVar\n"


def slots_and_super(generator):
    slots = generator.choice(["slots=True", "slots=True", "slots=False", "slots=True, frozen=True"])
    call = generator.choice(
        [
            "super().run()",
            "super().run()",
            "super(C, self).run()",
            "(lambda self: super().run())(self)",
            "[super(C, self).run() for _ in [1]]",
            "self.helped()",
        ]
    )
    decorator = generator.choice(["", "@property\n"])
    text = HEAD + "\n\nclass Base:\n    def run(self):\n        return 1\n\n    def helped(self):\n        return 2\n"
    text += "\n\n@dataclass(%s)\nclass C(Base):\n    size: int = 0\n\n" % slots
    text += indented(decorator + "def get(self):\n    return %s\n" % call)
    if generator.random() < 0.3:
        text += "\n    def later(self):\n        class Other(Base):\n            def run(self):\n                return super().run()\n\n        return Other()\n"

    def holds(module, error):
        it = module["C"]()
        return raises(TypeError, (lambda: it.get) if decorator else it.get)

    return "slots-dataclass-zero-arg-super", text, holds, "raises `TypeError`"


slots_and_super.since = (3, 10)


def class_cell(generator):
    slots = generator.choice(["slots=True", "slots=False"])
    said = generator.choice(["__class__", "C", "type(self)"])
    text = HEAD + "\n\n@dataclass(%s)\nclass C:\n    def get(self):\n        return %s\n" % (slots, said)

    def holds(module, error):
        return module["C"]().get() is not module["C"]

    return "slots-dataclass-zero-arg-super", text, holds, "the class before"


class_cell.since = (3, 10)


def field_outside(generator):
    number = generator.randrange(10**9)
    how = generator.choice(["", "", "@dataclass\n", "@dataclass(frozen=True)\n"])
    base = generator.choice(["", "", "(Base)", "(Plain)"])
    value = generator.choice(["field(default=1)", "field(default_factory=list)", "1", "field"])
    after = generator.choice(["", "", "C = dataclass(C)\n", "D = dataclass(C)\n"])
    text = HEAD + "\n\n@dataclass\nclass Base:\n    y: int = 0\n\n\nclass Plain:\n    pass\n\n\n"
    text += "%sclass C%s:\n    x%d: object = %s\n" % (how, base, number, value)
    if after:
        text += "\n\n" + after

    def holds(module, error):
        return isinstance(vars(module.get("C", object)).get("x%d" % number), dataclasses.Field)

    return "misplaced-dataclass-field", text, holds, "is a `Field` object"


def field_without_annotation(generator):
    value = generator.choice(["field(default=1)", "field(default_factory=list)", "field()", "1", "[]", "field"])
    annotation = generator.choice(["", "", ": object", ": ClassVar[object]"])
    before = generator.choice(["", "", "    x: object\n"])
    if annotation.startswith(": ClassVar"):
        value = value.replace("field(default_factory=list)", "1")
    text = HEAD + "\n\n@dataclass\nclass C:\n%s    x%s = %s\n" % (before, annotation, value)

    def holds(module, error):
        return isinstance(error, TypeError) and "no type annotation" in str(error)

    return "misplaced-dataclass-field", text, holds, "has a `field()` and no annotation"


def value_without_annotation(generator):
    annotation = generator.choice(["", "", ": int", ": ClassVar[int]"])
    init = generator.choice(["", "", "\n    def __init__(self, x=1):\n        self.x = x\n"])
    call = generator.choice(["C(x=2)", "C(x=2)", "C()"])
    text = HEAD + "\n\n@dataclass\nclass C:\n    y: int = 0\n    x%s = 1\n%s" % (annotation, init)
    text += "\n\ndef make():\n    return %s\n" % call

    def holds(module, error):
        # A `ClassVar` is said to be one.
        return raises(TypeError, module["make"]) and not annotation

    return "misplaced-dataclass-field", text, holds, "is no field of `C`"


def field_of_the_base(generator):
    field = generator.choice(
        ["x: int = 1", "x: int = 1", "x = 1", "x: ClassVar[int] = 1"]
        + ["x: int = field(default=1)", "x: int = field(init=False, default=1)"]
    )
    decorator = generator.choice(["@dataclass\n", "@dataclass\n", "@dataclass(frozen=True)\n"])
    base_decorator = decorator if generator.random() < 0.8 else ""
    own = generator.choice(["x = 2", "x = 2", "x: int = 2"])
    init = generator.choice(["", "", "\n    def __init__(self):\n        pass\n"])
    text = HEAD + "\n\n%sclass Base:\n    %s\n" % (base_decorator, field)
    text += "\n\n%sclass C(Base):\n    %s\n%s" % (decorator, own, init)

    def holds(module, error):
        return error is None and module["C"]().x == 1

    return "misplaced-dataclass-field", text, holds, "is still a field of `Base`"


DEFAULTS = """\
uuid4() | uuid4().hex | str(uuid4()) | random() | randint(0, 10**9) | token_hex(8) | perf_counter_ns()
next(numbers) | f"{random()}" | (random(), 1) | [random()][0] | random
lambda: random() | 1 | "a" | len("abc") | frozenset({1}) | Path("a") | timedelta(days=1) | (1, 2)
field(default=random()) | field(default_factory=random) | field(default=1) | field(default=uuid4().hex)
field(default_factory=lambda: uuid4().hex)
"""

IMPORTS = """\
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import randint, random
from secrets import token_hex
from time import perf_counter_ns
from uuid import uuid4

numbers = count()
"""


def called_once(generator):
    default = generator.choice([it.strip() for it in DEFAULTS.replace("\n", "|").split("|") if it.strip()])
    annotation = generator.choice(["object", "object", "object", "ClassVar[object]", "InitVar[object]"])
    if annotation != "object" and "factory" in default:
        annotation = "object"
    decorator = generator.choice(["@dataclass", "@dataclass", "@dataclass(frozen=True)", ""])
    text = HEAD + IMPORTS + "\n\n%s\nclass C:\n    x: %s = %s\n" % (decorator, annotation, default)
    if annotation.startswith("InitVar"):
        text += "\n    def __post_init__(self, x):\n        self.__dict__['seen'] = x\n"

    def holds(module, error):
        if not decorator or annotation.startswith("ClassVar"):
            return False
        one, other = module["C"](), module["C"]()
        if annotation.startswith("InitVar"):
            is_same = one.seen == other.seen
        else:
            is_same = one.x == other.x
        # Where the text gives another value each time, the default should have, too.
        text = default
        if default.startswith("field(default="):
            text = default[len("field(default=") : -1]
        if default.startswith(("lambda", "field(default_factory", "random\n")):
            return False
        values = [eval(text, module) for _ in range(3)]
        return is_same and not values[0] == values[1] == values[2]

    return "dataclass-call-default", text, holds, "is called once"


def shared_object(generator):
    body = generator.choice(
        [
            "def change(self):\n    self.value = 1\n",
            "def change(self):\n    self.held.append(1)\n",
            "def change(self):\n    self.held[0] = 1\n",
            "def change(self):\n    return len(self.held)\n",
            "def change(self):\n    held = list(self.held)\n    held.append(1)\n",
        ]
    )
    equality = generator.choice(["", "", "\ndef __eq__(self, other):\n    return True\n\ndef __hash__(self):\n    return 1\n"])
    default = generator.choice(["Held()", "Held()", "field(default=Held())", "field(default_factory=Held)"])
    text = HEAD + "\n\nclass Held:\n" + indented(
        "def __init__(self):\n    self.value = 0\n    self.held = [0]\n\n" + body + equality
    )
    text += "\n\n@dataclass\nclass C:\n    x: Held = %s\n" % default

    def holds(module, error):
        one, other = module["C"](), module["C"]()
        before = (other.x.value, list(other.x.held))
        one.x.change()
        return before != (other.x.value, other.x.held)

    return "dataclass-call-default", text, holds, "all instances share"


def post_init(generator):
    """One class, and perhaps a base that is a dataclass or not."""
    base = generator.choice(["", "", "@dataclass\n", "plain"])
    lines = [HEAD + "\n"]
    called = "self.__dict__.setdefault('log', []).append"
    if base:
        decorator = "" if base == "plain" else base
        lines.append("\n%sclass Base:\n    y: int = 0\n" % decorator)
        if generator.random() < 0.4:
            lines.append("    def __post_init__(self):\n        %s('Base')\n" % called)
        if base == "plain" and generator.random() < 0.4:
            lines.append("    def __init__(self):\n        self.__post_init__()\n")
        if base != "plain" and generator.random() < 0.2:
            lines.append("    def __init__(self):\n        self.y = 0\n")
    decorator = generator.choice(["@dataclass\n", "@dataclass\n", "@dataclass(init=False)\n", ""])
    lines.append("\n%sclass C%s:\n    x: int = 0\n" % (decorator, "(Base)" if base else ""))
    init = generator.choice(
        ["", "", "", "pass", "self.__post_init__()", "super().__init__()", "self.x = 1"]
    )
    if "__post_init__" in "".join(lines) and init in ("pass", "self.x = 1"):
        # Whether this comes to the `__init__` of the base is not looked into.
        init = ""
    if init:
        lines.append("    def __init__(self):\n        %s\n" % init)
    lines.append("    def __post_init__(self):\n        %s('C')\n" % called)
    text = "\n".join(lines)

    def holds(module, error):
        return "C" not in vars(module["C"]()).get("log", [])

    return "post-init-never-called", text, holds, "is never called"


KINDS = [
    slots_and_super,
    class_cell,
    field_outside,
    field_without_annotation,
    value_without_annotation,
    field_of_the_base,
    called_once,
    shared_object,
    post_init,
]
