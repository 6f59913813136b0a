"""Slots: names that have no room, names that cannot be slots, and slots that save nothing."""

from pieces import raises

# How names are declared, and which.
DECLARED = [
    ('("x", "y")', ["x", "y"]),
    ('("x",)', ["x"]),
    ('["x", "y"]', ["x", "y"]),
    ("[\n        'x',\n        'y',  # the second\n    ]", ["x", "y"]),
    ('(\n        "x",\n        "y"\n    )', ["x", "y"]),
    ('{"x", "y"}', ["x", "y"]),
    ('"x", "y"', ["x", "y"]),
    ("()", []),
    ("[]", []),
    ('("x", "__weakref__")', ["x"]),
    ('("x", "__dict__")', ["x", "__dict__"]),
]

BASES = [
    "",
    "",
    'class Base:\n    __slots__ = ("base", "label")\n\n\n',
    'class Base:\n    __slots__ = ("base",)\n\n\n',
    "class Base:\n    __slots__ = ()\n\n\n",
    "class Base:\n    pass\n\n\n",
]


def slotted(generator, body):
    """A class with slots, perhaps below another one."""
    declared, names = generator.choice(DECLARED)
    base = generator.choice(BASES)
    text = base + "class C%s:\n" % ("(Base)" if base else "")
    return text + "    __slots__ = %s\n%s" % (declared, body), names


def missing_slot(generator):
    name = generator.choice(["label", "label", "x", "base", "__own"])
    before = generator.choice(["", "self.x = 1\n        ", "print(end='')\n        "])
    statement = generator.choice(["self.%s = 1", "self.%s = 1", "self.%s: int = 1", "self.%s, other = 1, 2"])
    own = generator.choice(
        ["", "", "", "\n    def __setattr__(self, name, value):\n        pass\n"]
        + ["\n    @property\n    def label(self):\n        return 1\n\n    @label.setter\n    def label(self, value):\n        pass\n"]
    )
    body = "\n    def assign(self):\n        %s%s\n%s" % (before, statement % name, own)
    text, names = slotted(generator, body)
    if before.startswith("self.x") and "x" not in names:
        text = text.replace("self.x = 1\n        ", "")

    def holds(module, error):
        if error is not None:
            return False
        # A mixin without any slots expects the class below to bring them.
        is_mixin = not any(vars(it).get("__slots__") for it in module["C"].__mro__)
        return not is_mixin and raises(AttributeError, module["C"]().assign)

    return "assigning-non-slot", text, holds, "has no slot `%s`" % name


def taken_slot(generator):
    name = generator.choice(["x", "x", "y", "label"])
    bound = generator.choice(["%s = 0", "%s = 0", "%s: int = 0", "%s: int", "def %s(self): ..."]) % name
    text, _ = slotted(generator, "    %s\n\n    def get(self):\n        return 1\n" % bound)

    def holds(module, error):
        return isinstance(error, ValueError) and "conflicts with class variable" in str(error)

    return "malformed-slots", text, holds, "is a slot of `C` and a name of its body at once"


def slot_twice(generator):
    names = [generator.choice("xyz") for _ in range(generator.randint(1, 4))]
    opening, closing = generator.choice(["()", "[]"])
    inner = ", ".join('"%s"' % name for name in names) + ("," if len(names) == 1 else "")
    if generator.random() < 0.3:
        inner = "\n        " + inner.replace(", ", ",\n        ").rstrip(",") + ",\n    "
    text = "class C:\n    __slots__ = %s%s%s\n" % (opening, inner, closing)

    def holds(module, error):
        slots = module["C"].__slots__
        return len(slots) != len(set(slots))

    return "malformed-slots", text, holds, "is declared twice"


def one_string(generator):
    value = generator.choice(['"x"', '("x")', '("x",)', "['x']", "'size'", "('x', 'y')"])
    text = "class C:\n    __slots__ = %s\n\n    def get(self):\n        return 1\n" % value

    def holds(module, error):
        return isinstance(module["C"].__slots__, str)

    return "malformed-slots", text, holds, "not a tuple of names"


def there_already(generator):
    special = generator.choice(["__dict__", "__weakref__"])
    declared = generator.choice(['("x", "%s")', '["%s", "x"]', '("%s",)', '("x",)'])
    declared = declared % special if "%s" in declared else declared
    base = generator.choice(
        ["class Base:\n    pass\n", 'class Base:\n    __slots__ = ()\n']
        + ['class Base:\n    __slots__ = ("__weakref__",)\n', 'class Base:\n    __slots__ = ("a", "__dict__")\n']
    )
    text = base + "\n\nclass C(Base):\n    __slots__ = %s\n" % declared

    def holds(module, error):
        return isinstance(error, TypeError) and "slot disallowed" in str(error)

    return "malformed-slots", text, holds, "is there already"


def in_vain(generator):
    base = generator.choice(
        ["class Base:\n    pass\n", 'class Base:\n    """Says what."""\n']
        + ["class Base:\n    def get(self):\n        return 1\n", "class Base:\n    __slots__ = ()\n"]
    )
    declared = generator.choice(['("x",)', '["x", "y"]', '("x", "__dict__")', "()"])
    text = base + "\n\nclass C(Base):\n    __slots__ = %s\n" % declared

    def holds(module, error):
        if error is not None:
            return False
        it = module["C"]
        # Who asks for a `__dict__`, or for nothing, does not wish to save one.
        asks = "__dict__" in it.__slots__ or not it.__slots__
        return hasattr(it(), "__dict__") and not asks

    return "inconsistent-slots-hierarchy", text, holds, "save nothing"


KINDS = [missing_slot, taken_slot, slot_twice, one_string, there_already, in_vain]
