"""Small projects whose modules import one another in circles, made at random.

Each name tells what it stands for, wherever it is imported: `K_…` a class, `F_…` a function that gives
back its argument, `V_…` a number. So nothing fails but what is not there yet, or never.
"""

from random import Random

LAYOUTS = [
    ["a.py", "b.py"],
    ["a.py", "b.py", "c.py"],
    ["a.py", "b.py", "c.py", "d.py"],
    ["p/__init__.py", "p/a.py", "p/b.py"],
    ["p/__init__.py", "p/a.py", "p/b.py", "p/c.py"],
    ["p/__init__.py", "p/a.py", "p/q/__init__.py", "p/q/x.py", "p/q/y.py"],
    ["p/__init__.py", "p/a.py", "r/__init__.py", "r/b.py", "m.py"],
    ["n/a.py", "n/b.py", "n/c.py"],
    ["p/__init__.py", "p/__main__.py", "p/a.py", "p/b.py"],
]


def project(random: Random) -> dict[str, str]:
    """The files of a project: path to text."""
    paths = random.choice(LAYOUTS)
    names = {path: dotted(path) for path in paths}
    modules = [name for name in names.values() if not name.endswith("__main__")]
    return {path: Module(random, path, names[path], modules).text() for path in paths}


def dotted(path: str) -> str:
    """What a file is imported as."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def symbols(module: str) -> list[str]:
    """What a module is said to have."""
    tag = module.replace(".", "_")
    return [f"K_{tag}", f"L_{tag}", f"F_{tag}", f"G_{tag}", f"V_{tag}", f"W_{tag}"]


class Module:
    """One module while it is written."""

    def __init__(self, random: Random, path: str, name: str, modules: list[str]):
        self.random = random
        self.name = name
        self.others = [other for other in modules if other != name] or modules
        self.is_package = path.endswith("__init__.py")
        self.package = name if self.is_package else name.rpartition(".")[0]
        self.lines: list[str] = []
        self.to_define = symbols(name)
        self.random.shuffle(self.to_define)
        self.modules: dict[str, str] = {}
        self.names: list[str] = []
        self.counter = 0

    def text(self) -> str:
        chance = self.random.random
        if chance() < 0.15:
            self.lines.append("from __future__ import annotations")
        if chance() < 0.15:
            self.all_names()
        if chance() < 0.12:
            self.getattr()
        for _ in range(self.random.randint(2, 7)):
            self.statement("")
        while self.to_define:
            self.definition("")
        if chance() < 0.1:
            self.lines.append(f"__all__ = {self.chosen(self.names or ['V_none'])!r}")
        return "\n".join(self.lines) + "\n"

    def fresh(self) -> str:
        self.counter += 1
        return f"_x{self.counter}"

    def chosen(self, names: list[str]) -> list[str]:
        return self.random.sample(names, min(len(names), self.random.randint(1, 2)))

    def all_names(self) -> None:
        names = symbols(self.name)[:4]
        self.lines.append(f"__all__ = {self.chosen(names)!r}")
        if self.random.random() < 0.3:
            more = self.random.choice(names)
            self.lines.append(
                self.random.choice(
                    [f"__all__ += [{more!r}]", f"__all__.append({more!r})", f"__all__.extend([{more!r}])"]
                )
            )

    def getattr(self) -> None:
        """PEP 562, in its usual forms."""
        other = self.random.choice(self.others)
        theirs, own = self.random.choice(list(zip(symbols(other), symbols(self.name))))
        form = self.random.random()
        if form < 0.5:
            self.lines += [
                "def __getattr__(name):",
                f"    if name == {own!r}:",
                f"        from {other} import {theirs}",
                f"        return {theirs}",
                "    raise AttributeError(name)",
            ]
        elif form < 0.75:
            self.lines += [
                "import importlib",
                f"_lazy = {{{own!r}: {other!r}}}",
                "def __getattr__(name):",
                "    if name in _lazy:",
                f"        return getattr(importlib.import_module(_lazy[name]), {theirs!r})",
                "    raise AttributeError(name)",
            ]
        else:
            self.lines += [
                "def __getattr__(name):",
                f"    import {other}",
                f"    if name in ({own!r}, 'nothing'):",
                f"        return {other}.{theirs}",
                "    raise AttributeError(name)",
            ]

    def statement(self, indent: str) -> None:
        weights = [
            (10, self.imports),
            (8, self.tries),
            (4, self.typing),
            (6, self.conditions),
            (34, lambda indent: self.definition(indent) if self.to_define else self.use(indent)),
            (8, self.use),
            (5, self.function),
            (4, self.calls),
            (3, self.hooks),
            (2, self.loops),
            (2, self.asks),
            (1, self.deletes),
        ]
        total = self.random.uniform(0, sum(weight for weight, _ in weights))
        for weight, make in weights:
            total -= weight
            if total <= 0:
                return make(indent)

    def block(self, indent: str, make=None) -> None:
        before = len(self.lines)
        known = dict(self.modules), list(self.names)
        (make or self.statement)(indent + "    ")
        # What is bound here may not be bound at all, and is rarely used outside.
        if self.random.random() < 0.85:
            self.modules, self.names = known
        if len(self.lines) == before:
            self.lines.append(indent + "    pass")

    def imports(self, indent: str) -> None:
        add = lambda line: self.lines.append(indent + line)
        target = self.random.choice(self.others)
        parent, _, last = target.rpartition(".")
        form = self.random.random()
        if form < 0.2:
            add(f"import {target}")
            self.modules[target] = target
        elif form < 0.28:
            alias = f"m_{target.replace('.', '_')}"
            add(f"import {target} as {alias}")
            self.modules[alias] = target
        elif form < 0.38 and parent:
            add(f"from {parent} import {last}")
            self.modules[last] = target
        elif form < 0.46 and parent and parent == self.package:
            add(f"from . import {last}")
            self.modules[last] = target
        elif form < 0.56 and parent and parent == self.package:
            name = self.random.choice(symbols(target))
            add(f"from .{last} import {name}")
            self.names.append(name)
        elif form < 0.61 and not indent:
            add(f"from {target} import *")
            self.names += self.random.sample(symbols(target), self.random.randint(0, 1))
        elif form < 0.65:
            add("import importlib")
            alias = self.fresh()
            add(f"{alias} = importlib.import_module({target!r})")
            if not indent:
                self.modules[alias] = target
        elif form < 0.67:
            add(f"{self.fresh()} = __import__({target!r})")
        elif form < 0.7 and "." in self.package and "." in self.name:
            add(f"from .. import {self.random.choice(symbols(self.package.rpartition('.')[0]))}")
        elif form < 0.703:
            add(f"from {target} import nothing_{target.replace('.', '_')}")
        elif form < 0.707:
            add(f"import {target}.nothing")
        elif form < 0.8:
            first, second = self.random.sample(symbols(target), 2)
            add(f"from {target} import ({first}, {second} as {second})")
            self.names += [first, second]
        else:
            name = self.random.choice(symbols(target))
            add(f"from {target} import {name}")
            self.names.append(name)

    def tries(self, indent: str) -> None:
        caught = self.random.choice(
            [
                "ImportError",
                "ModuleNotFoundError",
                "AttributeError",
                "NameError",
                "Exception",
                "(ImportError, AttributeError)",
                "KeyError",
                "",
            ]
        )
        form = self.random.random()
        if form < 0.15:
            self.lines.append(f"{indent}import contextlib")
            self.lines.append(f"{indent}with contextlib.suppress({caught.strip('()') or 'Exception'}):")
            return self.block(indent, self.imports)
        self.lines.append(indent + "try:")
        self.block(indent, self.imports if form < 0.7 else None)
        self.lines.append(f"{indent}except {caught}:" if caught else f"{indent}except:")
        if form < 0.08:
            self.lines.append(indent + "    raise")
        elif form < 0.12:
            self.lines.append(indent + "    raise ImportError('sorry')")
        else:
            self.block(indent)
        if form > 0.85:
            self.lines.append(indent + "else:")
            self.block(indent)
        if form > 0.9:
            self.lines.append(indent + "finally:")
            self.block(indent)

    def typing(self, indent: str) -> None:
        self.lines.append(indent + "from typing import TYPE_CHECKING")
        names = list(self.names)
        modules = dict(self.modules)
        self.lines.append(indent + "if TYPE_CHECKING:")
        self.block(indent, self.imports)
        if self.random.random() < 0.3:
            self.lines.append(indent + "else:")
            self.block(indent)
        # Nobody uses what is not there, but for a while.
        if self.random.random() < 0.95:
            self.names, self.modules = names, modules

    def conditions(self, indent: str) -> None:
        test = self.random.choice(
            [
                "True",
                "False",
                "not False",
                "__name__ == '__main__'",
                "sys.version_info >= (3, 8)",
                "sys.version_info < (3, 8)",
                "sys.version_info >= (3, 12)",
                "1",
                "None",
                "'' or 'x'",
            ]
        )
        if "sys" in test:
            self.lines.append(indent + "import sys")
        self.lines.append(f"{indent}if {test}:")
        self.block(indent)
        if self.random.random() < 0.4:
            self.lines.append(indent + "else:")
            self.block(indent)

    def value(self, kinds: str = "KLFGVW") -> str:
        """Something that was imported, or is taken from a module."""
        fitting = [name for name in self.names if name[0] in kinds]
        if self.modules and self.random.random() < 0.5 or not fitting:
            if not self.modules:
                return ""
            alias = self.random.choice(list(self.modules))
            names = [name for name in symbols(self.modules[alias]) if name[0] in kinds]
            return f"{alias}.{self.random.choice(names)}"
        return self.random.choice(fitting)

    def definition(self, indent: str) -> None:
        name = self.to_define.pop()
        add = lambda line: self.lines.append(indent + line)
        chance = self.random.random()
        known = dict(self.modules), list(self.names)
        if name[0] in "KL":
            base = self.value("KL") if chance < 0.2 else ""
            if chance > 0.9 and (decorator := self.value("FG")):
                add(f"@{decorator}")
            add(f"class {name}({base}):" if base else f"class {name}:")
            body = self.value() if self.random.random() < 0.3 else ""
            if body and self.random.random() < 0.2:
                add(f"    attribute: {body} = 1")
            else:
                add(f"    attribute = {body}" if body else "    pass")
            if self.random.random() < 0.2:
                self.block(indent, self.imports)
        elif name[0] in "FG":
            if chance < 0.15 and (decorator := self.value("FG")):
                add(f"@{decorator}")
            default = self.value() if 0.15 < chance < 0.4 else ""
            hint = self.value("KL") if chance > 0.75 else ""
            parameter = "it" + (f": {hint}" if hint else "") + f" = {default or None}"
            add(f"def {name}({parameter}):")
            if self.random.random() < 0.4:
                self.block(indent, self.imports)
            if self.random.random() < 0.3 and (value := self.value()):
                add(f"    {value}")
            if self.random.random() < 0.1:
                add(f"    {self.random.choice(symbols(self.name))}")
            add("    return it")
        else:
            value = self.value() if chance < 0.2 else ""
            add(f"{name} = {value or 1}")
        # What is imported inside is its own.
        self.modules, self.names = known

    def use(self, indent: str) -> None:
        value = self.value()
        if not value:
            return
        form = self.random.choice(
            [
                "{x} = {value}",
                "{x} = [{value} for _ in range(2)]",
                "{x} = [{value} for _ in ()]",
                "{x} = ({value} for _ in range(2))",
                "{x} = {{1: {value}}}",
                "{x} = lambda: {value}",
                "{x} = (lambda: {value})()",
                "{x}: {value} = 1",
                "{x} = f'{{{value}}}'",
                "{x} = 1 if True else {value}",
                "{x} = False or {value}",
                "{x} = ({value}, 1)[0]",
                "({x} := {value})",
                "{x} = {value} is None",
                "assert {value} is not 0 or True",
            ]
        )
        if "({x} :=" in form and indent:
            form = "{x} = {value}"
        self.lines.append(indent + form.format(x=self.fresh(), value=value).replace("is not 0", "is not None"))

    def function(self, indent: str) -> None:
        """A function that is called at once, or never."""
        name = "_f" + self.fresh()
        known = dict(self.modules), list(self.names)
        self.lines.append(f"{indent}def {name}():")
        self.block(indent, self.imports)
        if value := self.value():
            self.lines.append(f"{indent}    return {value}")
        # What it imports is its own.
        self.modules, self.names = known
        if self.random.random() < 0.6:
            self.lines.append(f"{indent}{self.fresh()} = {name}()")

    def calls(self, indent: str) -> None:
        if value := self.value("FG"):
            self.lines.append(f"{indent}{self.fresh()} = {value}()")

    def hooks(self, indent: str) -> None:
        name, inner = "_C" + self.fresh(), "_D" + self.fresh()
        known = dict(self.modules), list(self.names)
        add = lambda line: self.lines.append(indent + line)
        form = self.random.randint(0, 3)
        if form == 0:
            add(f"class {name}:")
            add("    def __init_subclass__(cls):")
        elif form == 1:
            add(f"class {name}:")
            add("    def __set_name__(self, owner, name):")
        elif form == 2:
            add(f"class {name}:")
            add("    def __init__(self):")
        else:
            add(f"class {name}(type):")
            add("    def __init__(cls, *args):")
        self.block(indent + "    ", self.imports)
        self.modules, self.names = known
        if form == 0:
            add(f"class {inner}({name}): pass")
        elif form == 1:
            add(f"class {inner}: it = {name}()")
        elif form == 2:
            add(f"{inner} = {name}()")
        else:
            add(f"class {inner}(metaclass={name}): pass")

    def loops(self, indent: str) -> None:
        if self.random.random() < 0.5:
            self.lines.append(f"{indent}for {self.fresh()} in (1, 2):")
        else:
            self.lines.append(f"{indent}for {self.fresh()} in []:")
        self.block(indent)

    def asks(self, indent: str) -> None:
        if not self.modules:
            return
        alias = self.random.choice(list(self.modules))
        name = self.random.choice(symbols(self.modules[alias]))
        if self.random.random() < 0.5:
            self.lines.append(f"{indent}{self.fresh()} = getattr({alias}, {name!r}, None)")
        else:
            self.lines.append(f"{indent}if hasattr({alias}, {name!r}):")
            self.block(indent)

    def deletes(self, indent: str) -> None:
        if self.names and not indent:
            name = self.random.choice(self.names)
            self.names = [other for other in self.names if other != name]
            self.lines.append(f"del {name}")
