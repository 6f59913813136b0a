"""`super` with arguments and without parentheses; the marks of abstract methods."""

import inspect

from pieces import RECOVERS, indented, outcome, raises


def class_of_the_object(generator):
    role = generator.choice(["method", "method", "class method", "new"])
    name, decorator, first, argument = {
        "method": ("run", "", "self", generator.choice(["C", "type(self)", "self.__class__"])),
        "class method": ("run", "@classmethod\n", "cls", generator.choice(["C", "cls", "cls.mro()[-3]"])),
        "new": ("__new__", "", "cls", generator.choice(["C", "cls"])),
    }[role]
    called = generator.choice([name, name, name, "other"])
    given = first if name == "__new__" and called == name else ""
    call = "super(%s, %s).%s(%s)" % (argument, first, called, given)
    body = generator.choice(["return {}", "value = {}\nreturn value", "return (lambda: {})()"])
    text = "class Base:\n"
    if name == "run":
        text += indented(decorator + "def run(%s):\n    return 1\n\n" % first)
    text += "    @classmethod\n    def other(cls):\n        return 2\n\n\nclass C(Base):\n"
    text += indented(decorator + "def %s(%s):\n%s" % (name, first, indented(body.replace("{}", call))))
    text += "\n\n\nclass Below(C):\n"
    text += generator.choice(["    pass\n", "    other_name = 1\n"])

    def holds(module, error):
        below = module["Below"]
        if role == "new":
            return raises(RecursionError, below)
        return raises(RecursionError, below().run if role == "method" else below.run)

    return "wrong-super-argument", text, holds, "again"


class_of_the_object.since = RECOVERS


def foreign_class(generator):
    count = generator.randint(3, 6)
    names = ["A%d" % number for number in range(count)]
    bases, classes = {}, {}
    for number, name in enumerate(names):
        bases[name] = generator.sample(names[:number], min(number, generator.choice([0, 1, 1, 2])))
        try:
            classes[name] = type(name, tuple(classes[base] for base in bases[name]), {})
        except TypeError:
            # They have no order of resolution.
            bases[name], classes[name] = [], type(name, (), {})
    caller, given = generator.choice(names), generator.choice(names)
    text = ""
    for name in names:
        text += "class %s%s:\n" % (name, "(%s)" % ", ".join(bases[name]) if bases[name] else "")
        if name == caller:
            # What follows is not known to have the method, so it is not called.
            text += "    def run(self):\n        return super(%s, self)\n\n\n" % given
        else:
            text += "    pass\n\n\n"

    def holds(module, error):
        owner = module[caller]
        classes = [module[name] for name in names if issubclass(module[name], owner)]
        return all(raises(TypeError, lambda: owner.run(it())) for it in classes)

    return "wrong-super-argument", text, holds, "is not a subclass of"


BARE = """\
__aenter__ __aexit__ __bool__ __contains__ __copy__ __del__ __delattr__ __delitem__ __dir__ __enter__
__eq__ __exit__ __format__ __ge__ __get__ __getattr__ __getitem__ __gt__ __hash__
__init__ __iter__ __le__ __len__ __lt__ __missing__ __ne__ __next__ __post_init__ __reduce__
__repr__ __set__ __setattr__ __setitem__ __sizeof__ __str__ close mro run update
""".split()


def without_parentheses(generator):
    name = generator.choice(BARE)
    arguments = generator.choice(["", "self", "self, 1", "1"])
    base = "def %s(self, *rest):\n    return %s" % (name, "None" if name == "__init__" else "1")
    text = "class Base:\n%s\n\n\nclass C(Base):\n    def call(self):\n" % indented(base)
    text += "        return super.%s(%s)\n" % (name, arguments)

    def holds(module, error):
        how, what = outcome(module["C"]().call)
        # What `super` has itself cannot be called with an object of another class.
        is_own = name in vars(super) and arguments != "1"
        return how == "raises" and (is_own or what == "AttributeError" and not hasattr(super, name))

    return "wrong-super-argument", text, holds, "of the class `super` itself"


def says_of_object(generator):
    name = generator.choice(["__setattr__", "__eq__", "__hash__", "__str__", "__dir__", "__init__", "run"])
    text = "class Base:\n    pass\n\n\nclass C(Base):\n    def call(self):\n        return super.%s(self)\n"
    text %= name

    def holds(module, error):
        is_called = "super.%s(" % name in module["text"]
        return is_called and getattr(super, name, None) is getattr(object, name, 1)

    return "wrong-super-argument", text, holds, "the one of `object`"


def needless_arguments(generator):
    first = generator.choice(["C", "C", "Base", "C.__mro__[0]"])
    second = generator.choice(["self", "self", "self.partner"])
    where = generator.choice(["{}", "{}", "(lambda: {})()", "[{} for _ in [1]][0]"])
    rebound = generator.random() < 0.2
    text = "class Base:\n    partner = None\n\n    def run(self):\n        return [id(self)]\n\n\n"
    call = where.replace("{}", "super(%s, %s)" % (first, second))
    text += "class C(Base):\n    def run(self):\n        return %s\n" % call
    if rebound:
        text += "\n\nC = type('C', (C,), {})\n"

    def holds(module, error):
        # The fix says the same wherever it is offered: no argument could be another one.
        is_own = first == "C" and second == "self" and where == "{}"
        it = module["C"]()
        if rebound or not is_own:
            return False
        found = it.run()
        assert found.__thisclass__ is module["C"] and found.__self__ is it
        return call in module["text"]

    return "wrong-super-argument", text, holds, "knows by itself"


def marks_without_effect(generator):
    lines = ["from abc import ABC, ABCMeta, abstractmethod", "from typing import Generic, TypeVar"]
    if generator.random() < 0.5:
        lines.append("from typing import Protocol")
    lines.append('\nT = TypeVar("T")\n\n')
    names = []
    for number in range(generator.randint(1, 3)):
        bases = generator.sample(names, min(len(names), generator.choice([0, 1, 1, 2])))
        kind = generator.choice(["", "", "", "ABC", "metaclass=ABCMeta", "Generic[T]", "metaclass=type"])
        if any("C" in it for it in bases):
            kind = ""
        names.append("C%d" % number)
        listed = ", ".join(bases + ([kind] if kind else []))
        lines.append("\nclass C%d%s:" % (number, "(%s)" % listed if listed else ""))
        marked = generator.random() < 0.6 or number == 0
        if marked:
            # Each its own, so that what is inherited does not matter.
            lines.append("    @abstractmethod\n    def run%d(self): ...\n" % number)
        else:
            lines.append("    pass\n")
    text = "\n".join(lines)
    asked = generator.choice(names)
    if "def run%s" % asked[1:] not in text:
        asked = "C0"

    def holds(module, error):
        # A class statement after it may raise.
        cls = module.get(asked)
        if cls is None:
            return False
        # Whether its own mark does anything.
        return "run%s" % asked[1:] not in getattr(cls, "__abstractmethods__", ()) and not inspect.isabstract(cls)

    return "abstractmethod-without-abc", text, holds, "no effect at run time in `%s`" % asked


KINDS = [
    class_of_the_object,
    foreign_class,
    without_parentheses,
    says_of_object,
    needless_arguments,
    marks_without_effect,
]
