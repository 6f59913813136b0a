"""Descriptors: what their methods do when an attribute is read, set or deleted."""

import gc
import weakref

from pieces import RECOVERS, STATES, around, indented, outcome, raises

OWNER = """\


class Owner:
    x = D()

    def __init__(self, flag=False, items=()):
        self.__dict__.update(flag=flag, items=items)
"""

# Guards before something is done with an object that is not `None` and a value that is accepted.
GUARDS = [
    "",
    "if obj is None:\n    return self\n",
    "if not obj:\n    return self\n",
    "if obj is not None:\n    print(end='')\n",
    '"""What it does."""\n',
    "if obj.flag:\n    return 1\n",
    "for item in obj.items:\n    return item\n",
]


def recursive(generator):
    role = generator.choice(["__get__", "__set__", "__delete__"])
    kept = generator.choice(["name", "name", "name", '"_" + name'])
    attribute = generator.choice(["self.name", "self.name", "self.other"])
    use = generator.choice(
        {
            "__get__": ["return getattr(obj, {})", "return [getattr(obj, {})]", "return obj.__dict__.get({})"]
            + ["return self if obj is None else getattr(obj, {}, 1)", "return getattr(obj.items, {}, 1)"]
            + ["return obj.flag and getattr(obj, {}, 2)", "return object.__getattribute__(obj, {})"],
            "__set__": ["setattr(obj, {}, value)", "obj.__dict__[{}] = value"]
            + ["object.__setattr__(obj, {}, value)", "setattr(self, {}, value)"],
            "__delete__": ["delattr(obj, {})", "obj.__dict__.pop({}, 1)"]
            + ["object.__delattr__(obj, {})", "obj.__dict__.pop({}, 1)"],
        }[role]
    )
    guard = generator.choice(GUARDS)
    if role == "__set__" and generator.random() < 0.4:
        guard += "if value < 0:\n    raise ValueError(value)\n"
    body = guard + use.replace("{}", attribute)
    is_data = role != "__get__" or generator.random() < 0.7
    methods = {
        "__get__": "    def __get__(self, obj, objtype=None):\n        return 1\n",
        "__set__": "    def __set__(self, obj, value):\n        pass\n",
        "__delete__": "    def __delete__(self, obj):\n        pass\n",
    }
    if not is_data:
        del methods["__set__"], methods["__delete__"]
    parameters = {"__get__": "obj, objtype=None", "__set__": "obj, value", "__delete__": "obj"}[role]
    methods[role] = indented("def %s(self, %s):\n%s\n" % (role, parameters, indented(body)))
    text = (
        "class D:\n    other = '_other'\n\n    def __set_name__(self, owner, name):\n"
        + "        self.name = %s\n\n" % kept
        + "\n".join(methods.values())
        + OWNER
    )

    def holds(module, error):
        made = [module["Owner"](*state) for state in STATES]
        for it in made:
            # What is there without a descriptor's help.
            it.__dict__.update(x=5, _x=5, _other=5)
        use = {
            "__get__": lambda it: it.x,
            "__set__": lambda it: setattr(it, "x", 1),
            "__delete__": lambda it: delattr(it, "x"),
        }[role]
        return all(raises(RecursionError, lambda: use(it)) for it in made)

    return "recursive-descriptor", text, holds, "calls this `%s` again" % role


recursive.since = RECOVERS


def unguarded(generator):
    use = generator.choice(
        [
            "return obj.flag",
            "return obj.__dict__",
            "return obj.items[0]",
            "return obj[0]",
            "return getattr(obj, 'flag')",
            "return getattr(obj, 'flag', 1)",
            "setattr(obj, 'flag', 1)\nreturn 1",
            "return obj.__class__",
            "return self.forward(obj)",
            "return vars(obj)",
            "return obj",
            "return objtype.__name__",
            "return [obj.flag for _ in self.none]",
        ]
    )
    guard = generator.choice(
        [
            "",
            "",
            "",
            "value = 1\n",
            "if obj is None:\n    return self\n",
            "if not obj:\n    return self\n",
            "if not isinstance(obj, objtype):\n    return self\n",
            "if self.is_off:\n    return 1\n",
            "if self.is_off:\n    raise KeyError(1)\n",
        ]
    )
    if generator.random() < 0.15:
        use = "try:\n%s\nexcept (AttributeError, TypeError):\n    return self" % indented(use)
    text = (
        "class D:\n    none = ()\n\n    def __init__(self, is_off=False):\n        self.is_off = is_off\n\n"
        + "    def forward(self, obj):\n        return 1\n\n"
        + indented("def __get__(self, obj, objtype=None):\n" + indented(guard + use))
        + "\n\n\nclass Owner:\n    x = D()\n    off = D(True)\n"
    )

    def holds(module, error):
        owner = module["Owner"]
        errors = ("AttributeError", "TypeError")
        how, what = outcome(lambda: owner.x)
        return how == "raises" and what in errors and outcome(lambda: owner.off)[0] == "raises"

    return "descriptor-without-none-guard", text, holds, "raises `"


def shared(generator):
    how = generator.choice(
        [
            ("self.value", "self.value"),
            ("self.value", "self.value"),
            ("obj.__dict__['x']", "obj.__dict__['x']"),
            ("self.last = obj.__dict__['x']", "obj.__dict__['x']"),
            ("self.values[obj]", "self.values[obj]"),
        ]
    )
    convert = generator.choice(["value", "value", "int(value)", "value + 0"])
    check = generator.choice(["", "if value < 0:\n            raise ValueError(value)\n        "])
    text = (
        "class D:\n    def __init__(self):\n        self.value = 0\n        self.values = {}\n\n"
        + "    def __get__(self, obj, objtype=None):\n        if obj is None:\n            return self\n"
        + "        return %s\n\n" % how[1]
        + "    def __set__(self, obj, value):\n        %s%s = %s\n" % (check, how[0], convert)
        + OWNER
    )

    def holds(module, error):
        one, other = module["Owner"](), module["Owner"]()
        one.x, other.x = 1, 2
        return one.x == 2

    return "descriptor-shared-state", text, holds, "keeps one value for all objects"


def kept_alive(generator):
    table = generator.choice(["{}", "dict()", "WeakKeyDictionary()"])
    # A number cannot be referred to weakly.
    key = generator.choice(["obj", "obj", "id(obj)"] if "Weak" not in table else ["obj"])
    removed = generator.random() < 0.2
    text = (
        "from weakref import WeakKeyDictionary\n\n\n"
        if table.startswith("Weak")
        else ""
    ) + (
        "class D:\n    def __init__(self):\n        self.values = %s\n\n" % table
        + "    def __get__(self, obj, objtype=None):\n        return self.values[%s]\n\n" % key
        + "    def __set__(self, obj, value):\n        self.values[%s] = value\n" % key
    )
    if removed:
        text += "\n    def __delete__(self, obj):\n        del self.values[%s]\n" % key
    text += OWNER

    def holds(module, error):
        it = module["Owner"]()
        it.x = 1
        is_dead = weakref.ref(it)
        if removed:
            del it.x
        del it
        gc.collect()
        return is_dead() is not None

    return "descriptor-shared-state", text, holds, "alive"


def on_instance(generator):
    place = generator.choice(["class", "instance", "instance"])
    methods = "    def __get__(self, obj, objtype=None):\n        return 1\n\n"
    methods += "    def __set__(self, obj, value):\n        pass\n\n"
    if generator.random() < 0.5:
        methods += "    def __set_name__(self, owner, name):\n        pass\n"
    text = "class D:\n" + methods
    if generator.random() < 0.5:
        text += "\n\nclass E(D):\n    pass\n"
    name = "E" if "class E" in text else "D"
    text += "\n\nclass Owner:\n"
    if place == "class":
        text += "    x = %s()\n\n    def __init__(self):\n        self.y = 1\n" % name
    else:
        text += "    def __init__(self):\n        self.x = %s()\n" % name

    def holds(module, error):
        return isinstance(module["Owner"]().x, module["D"])

    return "descriptor-on-instance", text, holds, "does nothing in `x`"


KINDS = [recursive, unguarded, shared, kept_alive, on_instance]
