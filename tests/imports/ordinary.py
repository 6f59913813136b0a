"""Projects as people write them, whose modules import one another in circles all the same: imports stand
at the top, and most names are used in functions and annotations further down.
"""

from random import Random

import projects


def project(random: Random) -> dict[str, str]:
    """The files of a project as people write them: imports at the top, names used further down."""
    paths = random.choice([layout for layout in projects.LAYOUTS if not any("__main__" in path for path in layout)])
    modules = [projects.dotted(path) for path in paths]
    return {path: Module(random, path, modules).text() for path in paths}


class Module:
    """One module of an ordinary project while it is written."""

    def __init__(self, random: Random, path: str, modules: list[str]):
        self.random = random
        self.name = projects.dotted(path)
        self.others = [other for other in modules if other != self.name]
        self.is_package = path.endswith("__init__.py")
        self.package = self.name if self.is_package else self.name.rpartition(".")[0]
        # How a class or function of another module is said here.
        self.classes: list[str] = []
        self.functions: list[str] = []
        self.is_deferred = random.random() < 0.3

    def text(self) -> str:
        lines = ["from __future__ import annotations"] if self.is_deferred else []
        wanted = 0.5 if self.is_package else 1.2
        count = min(len(self.others), int(self.random.random() * 2 + wanted))
        for target in self.random.sample(self.others, count):
            lines.append(self.imports(target))
        if self.random.random() < 0.2:
            lines.append(f"__all__ = {self.random.sample(projects.symbols(self.name), 2)!r}")
        for name in projects.symbols(self.name):
            lines += self.definition(name)
        return "\n".join(lines) + "\n"

    def imports(self, target: str) -> str:
        parent, _, last = target.rpartition(".")
        klass, _, function, *_ = projects.symbols(target)
        form = self.random.random()
        is_sibling = parent and parent == self.package
        if form < 0.2:
            self.classes.append(f"{target}.{klass}")
            self.functions.append(f"{target}.{function}")
            return f"import {target}"
        if form < 0.3 and parent:
            self.classes.append(f"{last}.{klass}")
            self.functions.append(f"{last}.{function}")
            return f"from . import {last}" if is_sibling else f"from {parent} import {last}"
        module = f".{last}" if is_sibling and form < 0.7 else target
        comment = "  # for later" if self.random.random() < 0.1 else ""
        names = []
        if self.random.random() < 0.8:
            names.append(self.renamed(klass, self.classes))
        if self.random.random() < 0.5 or not names:
            names.append(self.renamed(function, self.functions))
        if len(names) > 1 and self.random.random() < 0.3:
            return f"from {module} import ({comment}\n    " + ",\n    ".join(names) + ",\n)"
        return f"from {module} import {', '.join(names)}{comment}"

    def renamed(self, name: str, names: list[str]) -> str:
        if self.random.random() < 0.1:
            names.append(name.lower())
            return f"{name} as {name.lower()}"
        names.append(name)
        return name

    def one_of(self, names: list[str]) -> str:
        return self.random.choice(names) if names else "None"

    def annotation(self) -> str:
        klass = self.one_of(self.classes)
        if klass == "None":
            return klass
        form = self.random.random()
        if form < 0.3:
            return f'"{klass}"'
        if form < 0.5:
            return f"list[{klass}]"
        return klass

    def definition(self, name: str) -> list[str]:
        chance = self.random.random()
        if name[0] in "KL":
            base = self.one_of(self.classes) if chance < 0.08 and self.classes else ""
            lines = [f"class {name}({base}):" if base else f"class {name}:"]
            if self.random.random() < 0.2:
                lines.append(f"    field: {self.annotation()}")
            if self.random.random() < 0.04:
                lines.append(f"    attribute = {self.one_of(self.functions)}")
            lines += self.function("method", "    ", "self, ")
            return lines + [""]
        if name[0] in "FG":
            return self.function(name, "", "") + [""]
        if chance < 0.03:
            return [f"{name} = {self.one_of(self.classes)}"]
        return [f"{name} = 1"]

    def function(self, name: str, indent: str, first: str) -> list[str]:
        hint = f": {self.annotation()}" if self.random.random() < 0.35 else ""
        lines = [f"{indent}def {name}({first}it{hint} = None):"]
        if self.random.random() < 0.2:
            lines.append(f'{indent}    """Does something."""')
        form = self.random.random()
        if form < 0.2:
            lines.append(f"{indent}    return {self.one_of(self.classes)}")
        elif form < 0.35:
            lines.append(f"{indent}    return {self.one_of(self.functions)}(it)")
        elif form < 0.45:
            lines.append(f"{indent}    return [{self.one_of(self.classes)} for _ in it]")
        elif form < 0.5:
            lines.append(f"{indent}    return isinstance(it, {self.one_of(self.classes)})")
        else:
            lines.append(f"{indent}    return it")
        return lines
