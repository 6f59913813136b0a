"""What instances share, fields that are none below a dataclass, defaults without a hash, and classes
that could be dataclasses."""

from pieces import indented, outcome

HEAD = "from dataclasses import dataclass, field\nfrom typing import ClassVar\n"


def shared_container(generator):
    number = generator.randrange(10**9)
    name = "items%d" % number
    kind = generator.choice(["list", "dict", "set", "tuple"])
    made = {"list": "[]", "dict": "{}", "set": "set()", "tuple": "()"}[kind]
    change = {
        "list": ["self.%s.append(1)", "self.%s[:] = [1]", "self.%s.extend([1])"],
        "dict": ["self.%s[1] = 2", "self.%s.update({1: 2})"],
        "set": ["self.%s.add(1)", "self.%s.update({1})"],
        "tuple": ["self.%s + (1,)"],
    }[kind]
    change = generator.choice(change + ["len(self.%s)"]) % name
    annotation = generator.choice(["", "", ": object", ": ClassVar"])
    line = "%s%s = %s\n" % (name, annotation, made)
    assigned = "def __init__(self):\n    self.%s = %s\n\n" % (name, made)
    other = "def __init__(self):\n    self.other = 1\n\n"
    init = generator.choice(["", "", other, assigned])
    changed = "def change(self):\n    %s\n" % change
    shape = generator.choice(["own", "own", "above", "below"])
    head = HEAD + "\n\n"
    if shape == "own":
        text = head + "class C:\n" + indented(line + "\n" + init + changed)
    elif shape == "above":
        text = head + "class Base:\n" + indented(line) + "\n\nclass C(Base):\n"
        text += indented(init + changed)
    else:
        text = head + "class Base:\n" + indented(line + "\n" + changed)
        text += "\n\nclass C(Base):\n" + indented(init or "pass\n")

    def holds(module, error):
        one, other = module["C"](), module["C"]()
        before = len(getattr(other, name))
        one.change()
        # A `ClassVar` is said to be one.
        return len(getattr(other, name)) != before and annotation != ": ClassVar"

    return "shared-mutable-class-attribute", text, holds, ""


def undecorated(generator):
    decorators = ["@dataclass\n", "@dataclass\n", "@dataclass(frozen=True)\n", "@dataclass(eq=False)\n"]
    above = generator.choice(decorators)
    below = generator.choice(["", "", "", above])
    x = generator.choice(["x: int", "x: int = 1"])
    y = generator.choice(["y: int", "y: int = 2", "y: int = 2", "y: ClassVar[int] = 2", "pass"])
    init = generator.choice(["", "", "", "\n    def __init__(self):\n        pass\n"])
    middle = generator.choice(["", "", "class Middle(Base):\n    pass\n\n\n"])
    hook = generator.choice(
        [""] * 5 + ["\n    def __init_subclass__(cls):\n        %s(cls)\n" % (above.strip() or "@")[1:]]
    )
    if (below or hook) and x != "x: int" and y == "y: int":
        y = "y: int = 2"
    if hook:
        below = ""  # what is frozen cannot be decorated twice
    text = HEAD + "\n\n%sclass Base:\n    %s\n%s\n\n%s" % (above, x, hook, middle)
    text += "%sclass C(%s):\n    %s\n%s" % (below, "Middle" if middle else "Base", y, init)

    def holds(module, error):
        is_new = "int" in y and "ClassVar" not in y
        # Whoever writes an `__init__` does not count on fields.
        return is_new and not init and "y" not in module["C"].__dataclass_fields__

    return "undecorated-dataclass-subclass", text, holds, "is not decorated"


def default_of_class(generator):
    how = generator.choice(["", "@dataclass\n", "@dataclass(frozen=True)\n", "@dataclass(eq=False)\n"])
    how = generator.choice([how, "@dataclass(unsafe_hash=True)\n"])
    members = [
        "size: int = 0\n",
        "def __eq__(self, other):\n    return True\n",
        "def __hash__(self):\n    return 1\n",
        "__hash__ = None\n",
    ]
    body = "".join(it + "\n" for it in members if generator.random() < 0.35) or "pass\n"
    if "__hash__(self)" in body:
        body = body.replace("__hash__ = None\n", "")
    if "__hash__" in body:
        how = how.replace("(unsafe_hash=True)", "")
    base = generator.choice(["", "", "(Base)", "(dict)", "(Exception)"])
    if how.startswith("@dataclass(frozen"):
        base = "" if base == "(dict)" else base
    text = HEAD + "\n\nclass Base:\n    def __eq__(self, other):\n        return True\n"
    text += "\n    __hash__ = object.__hash__\n" if generator.random() < 0.5 else ""
    text += "\n\n%sclass Kept%s:\n%s" % (how, base, indented(body))
    maker = generator.choice(["Kept()", "Kept()", "field(default=Kept())", "field(default_factory=Kept)"])
    maker = generator.choice([maker, maker, "[]", "{1: 2}", "set()", "(1, 2)", "frozenset()"])
    text += "\n\n@dataclass\nclass C:\n    kept: object = %s\n" % maker

    def holds(module, error):
        return isinstance(error, ValueError) and "mutable default" in str(error)

    return "mutable-dataclass-default", text, holds, "`@dataclass` raises `ValueError`"


# Before, only lists, dictionaries and sets were refused.
default_of_class.since = (3, 11)


def could_be_dataclass(generator):
    names = generator.sample(["a", "b", "c", "d"], generator.choice([1, 2, 2, 3]))
    annotation = generator.choice([": object", ": object", ": object", ""])
    defaults = generator.choice(["", " = 1", " = None", " = ()"]) if annotation else ""
    last = len(names) - 1
    parameters = [
        name + annotation + (defaults if at == last else "") for at, name in enumerate(names)
    ]
    value = generator.choice(["%s", "%s", "%s", "%s", "(%s, 1)"])
    lines = ["    self.%s = %s" % (name, value % name) for name in names]
    generator.shuffle(lines)
    body = "def __init__(self, %s):\n%s\n" % (", ".join(parameters), "\n".join(lines))
    has = {name: generator.random() < 0.4 for name in ["__eq__", "__hash__", "__repr__"]}
    own = ", ".join("self.%s" % name for name in names) + ","
    others = ", ".join("other.%s" % name for name in names) + ","
    if has["__eq__"]:
        equal = "return (%s) == (%s)" % (own, others)
        guard = "    if not isinstance(other, C):\n        return NotImplemented\n"
        body += "\ndef __eq__(self, other):\n%s    %s\n" % (guard, equal)
    if has["__hash__"]:
        body += "\ndef __hash__(self):\n    return hash((%s))\n" % own
    if has["__repr__"]:
        shown = ", ".join("%s={self.%s!r}" % (name, name) for name in names)
        body += "\ndef __repr__(self):\n    return f'C(%s)'\n" % shown
    decoration = generator.choice(["", "", "", "class Other(C):\n    pass\n"])
    text = "class C:\n%s\n\n%s" % (indented(body), decoration)
    is_plain = bool(annotation) and value == "%s" and len(names) > 1 and not decoration

    def holds(module, error):
        C = module["C"]
        given = list(range(len(names)))
        one, same = C(*given), C(*given)
        behaviour = [
            [getattr(one, name) for name in names],
            one == same,
            one == 1,
            outcome(lambda: hash(one) == hash(same)),
            outcome(lambda: len(vars(C(*given[:-1])))) if defaults else None,
            repr(one) if has["__repr__"] else None,
        ]
        shown = ["%s=%r" % (name, getattr(one, name)) for name in names]
        is_hashable = has["__hash__"] or not has["__eq__"]
        expected = [
            given if value == "%s" else [(it, 1) for it in given],
            has["__eq__"],
            False,
            ("gives", has["__hash__"]) if is_hashable else ("raises", "TypeError"),
            ("gives", len(names)) if defaults else None,
            "C(%s)" % ", ".join(shown) if has["__repr__"] else None,
        ]
        assert behaviour == expected, (behaviour, expected, module["text"])
        return is_plain and not hasattr(C, "__dataclass_fields__")

    return "dataclass-candidate", text, holds, "only keeps what it is given"


KINDS = [shared_container, undecorated, default_of_class, could_be_dataclass]
