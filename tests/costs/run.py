"""Makes small packages, reads their properties with CPython, and prints as JSON what that did.

The question is read from standard input: a `seed`, and how many packages to make (`count`). What is
expensive only notes its name here. What branches and loops do is drawn anew for each read: a property
is read many times, of instances of its class and of those below, and what counts is what happened at
each read.
"""

import contextlib
import importlib
import io
import json
import os
import random
import shutil
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import package

# How many times each property of each class is read.
READS = 24


class Stop(BaseException):
    """Ends a read that would not end otherwise, or that was asked to fail."""


class World:
    """What decides branches and notes costs."""

    def __init__(self, seed):
        self.random, self.happened, self.steps, self.bias = random.Random(seed), [], 0, 0.5

    def flip(self):
        self.step()
        return self.random.random() < self.bias

    def some(self, *_):
        self.step()
        return [None] * self.random.choice([0, 0, 1, 2])

    def step(self):
        self.steps += 1
        if self.steps > 400:
            raise Stop

    def cost(self, name):
        def called(*_, **__):
            self.step()
            self.happened.append(name)

        return called


def main():
    warnings.simplefilter("ignore")  # coroutines that nobody waits for
    question = json.load(sys.stdin)
    folder = tempfile.mkdtemp()
    sys.path.insert(0, folder)
    try:
        answers = [one(question["seed"], number, folder) for number in range(question["count"])]
    finally:
        shutil.rmtree(folder)
    json.dump([it for it in answers if it is not None], sys.stdout)


def one(seed, number, folder):
    """A package and what reading its properties does; `None` where it cannot be imported."""
    generator = random.Random("%d %d" % (seed, number))
    name = "package%06d" % number
    files = package.make(name, generator)
    for path, text in files.items():
        path = os.path.join(folder, *path.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    world = World("%d %d" % (seed, number))
    with patched(world):
        try:
            modules = [
                importlib.import_module(path[:-3].replace("/", "."))
                for path in files
                if not path.endswith("__init__.py")
            ]
        except TypeError:
            return None  # bases in an order that is none
        properties = {}
        for module in modules:
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == module.__name__:
                    read_all(value, world, properties)
    return {"files": files, "properties": list(properties.values())}


@contextlib.contextmanager
def patched(world):
    import builtins

    kept = []
    for name in package.COSTS:
        module, _, function = name.rpartition(".")
        module = importlib.import_module(module)
        kept.append((module, function, getattr(module, function)))
    for (module, function, _), name in zip(kept, package.COSTS):
        setattr(module, function, world.cost(name))
    builtins.flip, builtins.some, builtins.Stop = world.flip, world.some, Stop
    try:
        yield
    finally:
        for module, function, value in kept:
            setattr(module, function, value)


def read_all(cls, world, properties):
    for name in package.PROPERTIES:
        found = getattr(cls, name, None)
        if not isinstance(found, property):
            continue
        code = found.fget.__code__
        module = sys.modules[found.fget.__module__]
        path = module.__name__.replace(".", "/") + ".py"
        key = (path, code.co_firstlineno)
        seen = properties.setdefault(
            key, {"path": path, "line": code.co_firstlineno + 1, "always": None, "ever": []}
        )
        for read in range(READS):
            world.bias = (0.5, 0.1, 0.9)[read % 3]
            happened = one_read(cls, name, world)
            for what in happened:
                if what is not None:
                    if seen["always"] is None:
                        seen["always"] = sorted(what)
                    seen["always"] = sorted(set(seen["always"]) & what)
                    seen["ever"] = sorted(set(seen["ever"]) | what)


def one_read(cls, name, world):
    """What two reads of a property of the same object do; `None` for one that fails."""
    world.steps = 0
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            thing = cls()
        except (Stop, AttributeError, TypeError, RecursionError):
            return []
        happened = []
        for _ in range(2):
            world.happened, world.steps = [], 0
            try:
                getattr(thing, name)
                happened.append(set(world.happened))
            except (Stop, AttributeError, TypeError, RecursionError):
                happened.append(None)
        return happened


main()
