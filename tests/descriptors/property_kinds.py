"""Properties: what each of their functions does when it is called."""

import copy

from pieces import RECOVERS, STATES, around, indented, outcome, raises

INIT = """\
def __init__(self, flag=False, items=()):
    self.__dict__.update(flag=flag, items=items, _x=1)
"""


def recursive_getter(generator):
    read = generator.choice(
        [
            "return self.x",
            "return self.x + 1",
            "return [self.x]",
            "return f'{self.x}'",
            "print(self.x, end='')",
            "return self.x if self.flag else 2",
            "return 1 if self.flag else self.x",
            "return self.flag and self.x",
            "return self.x and self.flag",
            "return lambda: self.x",
            "return [self.x for _ in self.items]",
            "return (self.x for _ in [1])",
            "return self._x",
            "return self.__dict__.get('x')",
            "value = self.x\nreturn value",
            "return self._x < self.x < 3",
        ]
    )
    text = "from contextlib import nullcontext\n\n\nclass C:\n" + indented(
        INIT + "\n@property\ndef x(self):\n" + indented(around(generator, read))
    )

    def holds(module, error):
        made = (module["C"](*state) for state in STATES)
        return all(raises(RecursionError, lambda: it.x) for it in made)

    return "broken-property", text, holds, "reads itself"


recursive_getter.since = RECOVERS


def recursive_setter(generator):
    role = generator.choice(["setter", "deleter"])
    change = {
        "setter": ["self.x = value", "self._x = value", "self.x = self._x = 1", "self.y, self.x = 1, 2"],
        "deleter": ["del self.x", "del self._x", "del self._x, self.x"],
    }[role]
    parameters = {"setter": "self, value", "deleter": "self"}[role]
    body = around(generator, generator.choice(change))
    text = "from contextlib import nullcontext\n\n\nclass C:\n" + indented(
        INIT
        + "\n@property\ndef x(self):\n    return self._x\n"
        + "\n@x.%s\ndef x(%s):\n%s" % (role, parameters, indented(body))
    )

    def holds(module, error):
        made = [module["C"](*state) for state in STATES]
        if role == "setter":
            return all(raises(RecursionError, lambda: setattr(it, "x", 1)) for it in made)
        return all(raises(RecursionError, lambda: delattr(it, "x")) for it in made)

    return "broken-property", text, holds, "sets itself" if role == "setter" else "deletes itself"


recursive_setter.since = RECOVERS


def misnamed_setter(generator):
    number = generator.randrange(10**9)
    name = generator.choice(["x", "x", "set_x%d" % number])
    body = "@property\ndef x(self):\n    return 1\n\n"
    if generator.random() < 0.2:
        body += "@x.setter\ndef x(self, value):\n    pass\n\n"
    body += "@x.setter\ndef %s(self, value):\n    pass\n" % name
    if generator.random() < 0.2:
        body += "\nx = %s\n" % name
    text = "class C:\n" + indented(body)

    def holds(module, error):
        return raises(AttributeError, lambda: setattr(module["C"](), "x", 1))

    return "broken-property", text, holds, "setting `x` raises `AttributeError`"


def wrong_arity(generator):
    role = generator.choice(["getter", "setter", "deleter"])
    parameters = generator.choice(
        [
            "self",
            "self, value",
            "self, value=1",
            "self, /",
            "self, *rest",
            "*rest",
            "self, *, key",
            "self, *, key=1",
            "self, value, more",
            "self, value, more=1",
            "self, **rest",
            "",
            "self=1, value=2",
        ]
    )
    body = {
        "getter": "@property\ndef x(%s):\n    return 1\n",
        "setter": "@property\ndef x(self):\n    return 1\n\n@x.setter\ndef x(%s):\n    return\n",
        "deleter": "@property\ndef x(self):\n    return 1\n\n@x.deleter\ndef x(%s):\n    return\n",
    }[role]
    text = "class C:\n" + indented(body % parameters)

    def holds(module, error):
        it = module["C"]()
        use = {
            "getter": lambda: it.x,
            "setter": lambda: setattr(it, "x", 1),
            "deleter": lambda: delattr(it, "x"),
        }[role]
        return raises(TypeError, use)

    return "broken-property", text, holds, "raises `TypeError`"


def nothing_returned(generator):
    body = generator.choice(
        [
            "value = self._x",
            "self._x",
            "self.made()",
            "if self.flag:\n    value = 1",
            "if self.flag:\n    raise KeyError(1)",
            "if self.flag:\n    raise KeyError(1)\nelse:\n    raise ValueError(2)",
            "if self.flag:\n    return 1\nvalue = 2",
            "for item in self.items:\n    value = item",
            "with nullcontext():\n    value = 1",
            "with nullcontext():\n    return 1",
            "value = 1\nreturn value",
            "value = 1\nyield value",
            "raise KeyError(1)",
            "while True:\n    return 1",
            "def later():\n    return 1\nvalue = later",
        ]
    )
    text = "from contextlib import nullcontext\n\n\nclass C:\n" + indented(
        INIT
        + "\n@property\ndef x(self):\n"
        + indented(body)
        + "\n\ndef made(self):\n    return self._x\n"
    )

    def holds(module, error):
        made = (module["C"](*state) for state in STATES)
        given = {it for it in (outcome(lambda: it.x) for it in made) if it[0] == "gives"}
        return given == {("gives", None)}

    return "broken-property", text, holds, "has no `return`"


def changed_by_reading(generator):
    body = generator.choice(
        [
            "self.number += 1\nreturn self.number",
            "self.last = self.last + 1\nreturn 1",
            "self.held.append(1)\nreturn 1",
            "self.held[len(self.held):] = [1]\nreturn 1",
            "return next(self.numbers)",
            "return self.held.pop()",
            "if self.status == 'new':\n    self.status = 'old'\n    return 'new'\nreturn self.status",
            "found = self.status\nif found in ['new', 'newer']:\n    self.status = 'old'\nreturn found",
            "if self.cache is None:\n    self.cache = 1\nreturn self.cache",
            "if not self.cache:\n    self.cache = 1\nreturn self.cache",
            "if self.cache is not None:\n    return self.cache\nself.cache = 1\nreturn self.cache",
            "self.cache = self.cache or 1\nreturn self.cache",
            "try:\n    return self.kept\nexcept AttributeError:\n    self.kept = 1\n    return self.kept",
            "if 1 not in self.table:\n    self.table[1] = 2\nreturn self.table[1]",
            "if not hasattr(self, 'kept'):\n    self.kept = 1\nreturn self.kept",
            "before = self.last\nself.last = 7\ntry:\n    return 1\nfinally:\n    self.last = before",
            "held = list(self.held)\nheld.append(1)\nreturn held",
            "value = self.last\nvalue += 1\nreturn value",
            "return sorted(self.held)",
        ]
    )
    init = """\
def __init__(self):
    self.number = 0
    self.last = 0
    self.held = [1, 2, 3]
    self.table = {}
    self.numbers = iter(range(9))
    self.status = "new"
    self.cache = None
"""
    text = "class C:\n" + indented(init + "\n@property\ndef x(self):\n" + indented(body))

    def holds(module, error):
        it = module["C"]()
        first = copy.deepcopy(it.x)
        between = copy.deepcopy({**vars(it), "numbers": repr(it.numbers.__reduce__())})
        second = it.x
        after = {**vars(it), "numbers": repr(it.numbers.__reduce__())}
        return between != after or first != second

    return "property-side-effect", text, holds, "reading the property"


def unchecked_at_first(generator):
    check = generator.choice(
        [
            "if value < 0:\n    raise ValueError(value)\nself._x = value",
            "assert value >= 0\nself._x = value",
            "if value >= 0:\n    self._x = value\nelse:\n    raise ValueError(value)",
            "if self.is_done:\n    raise RuntimeError\nself._x = value",
            "self._x = value",
        ]
    )
    store = generator.choice(
        [
            "self._x = x",
            "self.x = x",
            "self._x = abs(x)",
            "if x < 0:\n    raise ValueError(x)\nself._x = x",
            "self._x = x\nself.check()",
            "self._x = x\nself.y = x",
            "self._x = None\nself.x = x",
        ]
    )
    text = "class C:\n" + indented(
        "is_done = False\n\ndef __init__(self, x):\n"
        + indented(store)
        + "\n\n@property\ndef x(self):\n    return self._x\n\n@x.setter\ndef x(self, value):\n"
        + indented(check)
        + "\n\ndef check(self):\n    if self._x < 0:\n        raise ValueError(self._x)\n"
    )

    def holds(module, error):
        it = module["C"](1)
        is_refused = outcome(lambda: setattr(it, "x", -1))[0] == "raises"
        return is_refused and outcome(lambda: module["C"](-1).x) == ("gives", -1)

    return "init-bypasses-validation", text, holds, "past the checks"


KINDS = [
    recursive_getter,
    recursive_setter,
    misnamed_setter,
    wrong_arity,
    nothing_returned,
    changed_by_reading,
    unchecked_at_first,
]
