"""Makes `rules/versions/stdlib.tsv`: since when, and until when, names of the standard library are
there, for CPython 3.0 to 3.14.

    python3 scripts/stdlib_versions.py --typeshed DIR --vermin DIR --docs DIR \\
        --unsettled scripts/stdlib_unsettled.tsv PYTHON... > rules/versions/stdlib.tsv

The facts can be had again:

* PYTHON...: CPythons, asked by `tests/versions/probe.py` what they have. The table was made with
  3.6 to 3.13;
* `--typeshed`: the folder `mypy/typeshed/stdlib` of an unpacked wheel of mypy;
* `--vermin`: an unpacked source distribution of vermin, for the data in its `rules.py`;
* `--docs`: the folder `html` of Debian's package python3.11-doc, for its marks of versions;
* `stdlib_whatsnew.tsv` beside this script: what "What's New in Python 3.14" says beyond the others,
  copied out by hand, since no 3.14 was asked.

What they say is taken in this order:

1. What an interpreter has is so. If it has a name that the one before it lacks, that was added in
   this version; the other way round, it was removed (`i`). But what it lacks, it may lack for the way
   it was built, or because only instances have it: where the documentation or vermin say that the
   name is older, nothing is taken.
2. What the interpreters cannot tell - names older than the oldest of them, names of other systems,
   attributes of instances, parameters of functions without a signature - is what the documentation
   says (`d`), else what vermin says (`v`), else what typeshed says (`t`).
3. What is newer than the newest interpreter is what typeshed says (`t`), else vermin (`v`), else
   what is new in that Python (`w`).
4. A class may lack an attribute that its instances had: attributes that are neither methods nor
   members of an enumeration need another source besides the interpreters.
5. Deprecations are what the documentation says, else what messages of typeshed say.

Where a source of a lower place contradicts one of a higher, and where nothing decides, a line goes
to `--unsettled`, with what each of them says.

A name is left out where what holds it says as much: all of `tomllib` is as new as `tomllib`. So are
names that a package takes from one of its own modules, under the longer of their names.

Columns, separated by tabs: the name, a parameter in parentheses behind its callable; what kind of
thing it is; the minor versions that added it, that deprecated it and that removed it, empty where
there is none; the sources of these three, one letter each, in the same order, in capitals where no
interpreter that was asked has the name: it is of another system, of instances alone, or newer.
"""

import argparse
import ast
import html.parser
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WHATSNEW = Path(__file__).resolve().parent / "stdlib_whatsnew.tsv"
PROBE = Path(__file__).resolve().parent.parent / "tests/versions/probe.py"
NEWEST = 14
# Not meant for programs, or other names for what is had elsewhere.
SKIPPED = {"xxlimited", "xxlimited_35", "xxsubtype", "posix", "nt", "test", "idlelib", "__main__",
           "antigravity", "this", "__phello__", "__hello__", "pydoc_data", "sre_parse", "sre_constants",
           "sre_compile", "typing_extensions", "_typeshed"}
WORDS = {"no": False, "yes": True, "unknown": None}


def parent(name):
    """What holds a name: the callable of a parameter, the class of a member, its module."""
    if name.endswith(")"):
        return name.partition("(")[0]
    return name.rpartition(".")[0]


# Interpreters.


def ask(python, mode, names=None):
    answer = subprocess.run(
        [python, "-I", str(PROBE), mode], input=json.dumps(names), capture_output=True, text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def version_of(python):
    code = "import sys; print(sys.version_info[1])"
    return int(subprocess.run([python, "-c", code], capture_output=True, text=True).stdout)


# typeshed.


class Typeshed:
    """Which names the stubs have, for each version and any system; and their deprecations."""

    VERSIONS = range(10, NEWEST + 1)

    def __init__(self, folder):
        self.has = {version: {} for version in self.VERSIONS}
        self.on_linux = {version: frozenset() for version in self.VERSIONS}
        self.deprecated = {}
        self.folder = Path(folder)
        self.trees = {}
        for line in (self.folder / "VERSIONS").read_text().splitlines():
            line = line.partition("#")[0].strip()
            if not line:
                continue
            module, _, span = line.partition(": ")
            first, _, last = span.partition("-")
            self.trees[module] = (self.minor(first), self.minor(last) or 99)
        self.tops = {module.split(".")[0] for module in self.modules()}
        for version in self.VERSIONS:
            for module in self.modules():
                if self.is_there(module, version):
                    self.has[version][module] = "module"
                    self.body(module, self.tree(module).body, version, "linux", module)
            self.on_linux[version] = frozenset(self.has[version])
            for module in self.modules():
                if self.is_there(module, version):
                    for platform in ("win32", "darwin"):
                        self.body(module, self.tree(module).body, version, platform, module)

    @staticmethod
    def minor(text):
        return int(text.split(".")[1]) if text else None

    def modules(self):
        for path in sorted(self.folder.rglob("*.pyi")):
            parts = path.relative_to(self.folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            if not any(part.startswith("_") for part in parts):
                yield ".".join(parts)

    def is_there(self, module, version):
        parts = module.split(".")
        for at in range(len(parts), 0, -1):
            span = self.trees.get(".".join(parts[:at]))
            if span:
                return span[0] <= version <= span[1]
        return False

    def tree(self, module, cache={}):
        if module not in cache:
            path = self.folder.joinpath(*module.split("."))
            path = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
            cache[module] = ast.parse(path.read_text()) if path.exists() else ast.parse("")
        return cache[module]

    def holds(self, test, version, platform):
        """Whether a test holds; `None` for what is not understood."""
        if isinstance(test, ast.BoolOp):
            values = [self.holds(value, version, platform) for value in test.values]
            if None in values:
                return None
            return all(values) if isinstance(test.op, ast.And) else any(values)
        if isinstance(test, ast.UnaryOp):
            value = self.holds(test.operand, version, platform)
            return None if value is None else not value
        if isinstance(test, ast.Compare):
            left, right = ast.unparse(test.left), ast.literal_eval(test.comparators[0])
            operation = type(test.ops[0])
            if left == "sys.platform":
                return (platform == right) == (operation is ast.Eq)
            if left == "sys.version_info":
                now = (3, version)
                return {ast.GtE: now >= right[:2], ast.Lt: now < right[:2]}[operation]
        if isinstance(test, ast.Call) and ast.unparse(test.func) == "sys.platform.startswith":
            return platform.startswith(ast.literal_eval(test.args[0]))
        return None

    def body(self, module, body, version, platform, prefix):
        found = self.has[version]
        for node in body:
            if isinstance(node, ast.If):
                value = self.holds(node.test, version, platform)
                if value in (True, None):
                    self.body(module, node.body, version, platform, prefix)
                if value in (False, None):
                    self.body(module, node.orelse, version, platform, prefix)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                is_method = prefix != module
                path = f"{prefix}.{node.name}"
                found[path] = "method" if is_method else "function"
                arguments = node.args.args + node.args.kwonlyargs
                owner = prefix if node.name == "__init__" else path
                for argument in arguments:
                    if not argument.arg.startswith("_") and argument.arg not in ("self", "cls"):
                        found[f"{owner}({argument.arg})"] = "parameter"
                self.note_deprecation(path, node)
            elif isinstance(node, ast.ClassDef):
                path = f"{prefix}.{node.name}"
                bases = {ast.unparse(base) for base in node.bases}
                is_exception = any(base.endswith(("Error", "Exception")) for base in bases)
                found[path] = "exception" if is_exception else "class"
                self.note_deprecation(path, node)
                self.body(module, node.body, version, platform, path)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found[f"{prefix}.{node.target.id}"] = "attribute" if prefix != module else "constant"
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id != "__all__":
                        kind = "attribute" if prefix != module else "constant"
                        found.setdefault(f"{prefix}.{target.id}", kind)
            elif isinstance(node, ast.ImportFrom) and prefix == module:
                origin = node.module or ""
                if node.level:
                    package = module if self.folder.joinpath(*module.split(".")).is_dir() else parent(module)
                    for _ in range(node.level - 1):
                        package = parent(package)
                    origin = f"{package}.{origin}".strip(".")
                for alias in node.names:
                    if alias.name == "*":
                        self.body(module, self.tree(origin).body, version, platform, prefix)
                    elif alias.asname == alias.name:
                        found.setdefault(f"{prefix}.{alias.name}", "constant")

    def note_deprecation(self, path, node):
        for decorator in node.decorator_list:
            text = ast.unparse(decorator)
            since = re.search(r"[Dd]eprecated since (?:Python )?3\.(\d+)", text)
            if text.startswith("deprecated(") and since and not any(
                "overload" in ast.unparse(it) for it in node.decorator_list
            ):
                self.deprecated[path] = int(since[1])

    def answer(self, name, version):
        found = self.has[version]
        if name in found:
            return True
        return False if name.split(".")[0] in self.tops else None


# vermin.


def vermin(folder, modules):
    sys.path.insert(0, str(folder))
    from vermin.config import Config
    from vermin.rules import KWARGS_REQS, MOD_MEM_REQS, MOD_REQS

    config = Config()
    added = {name: versions[1] for name, versions in MOD_REQS(config).items()}
    tops = {name.split(".")[0] for name in [*added, *modules]}

    def absolute(name):
        return name if name.split(".")[0] in tops else "builtins." + name

    for name, versions in MOD_MEM_REQS(config).items():
        added[absolute(name)] = versions[1]
    for (name, parameter), versions in KWARGS_REQS(config).items():
        name = name[: -len(".__init__")] if name.endswith(".__init__") else name
        added[f"{absolute(name)}({parameter})"] = versions[1]
    return {
        name.replace("__builtin__.", "builtins."): version[1]
        for name, version in added.items()
        if version and version[0] == 3 and version[1] <= NEWEST
    }


# The documentation.


# What follows a mark that deprecates a thing and not only a way of using it.
WHOLLY = (
    r"\.?$|: (Use |Replaced|Superseded|Obsolete|Instead|To be removed|See |In favou?r"
    r"|Th(is|e)( \S+)? (module|class|function|method|attribute|constant|name|alias)\b)"
)


class Page(html.parser.HTMLParser):
    """Collects the marks of versions of a page: (name, what, minor version)."""

    VOID = {"br", "img", "hr", "input", "meta", "link", "col", "wbr"}

    def __init__(self):
        super().__init__()
        self.stack = []  # tags, with the names that a `dd` is about
        self.terms = []  # the names of the last `dt`s
        self.parameters = []
        self.module = None
        self.has_term = False
        self.mark = None  # the text of a mark, and the words in italics
        self.marks = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = (attributes.get("class") or "").split()
        if tag in self.VOID:
            return
        about = None
        identity = attributes.get("id", "")
        if identity.startswith("module-"):
            self.module, self.has_term = identity[len("module-"):], False
        if tag == "dl" and "py" in classes:
            self.terms, self.parameters = [], []
        if tag == "dt" and "sig" in classes:
            self.has_term = True
            if identity:
                self.terms.append(identity)
        if tag == "dd":
            about = (self.terms, self.parameters)
            self.terms, self.parameters = [], []
        if tag == "div" and set(classes) & {"versionadded", "versionchanged", "deprecated", "deprecated-removed"}:
            self.mark = [classes[0], "", []]
        self.stack.append((tag, about, classes))

    def handle_endtag(self, tag):
        while any(tag == opened for opened, _, _ in self.stack):
            closed, _, classes = self.stack.pop()
            if closed == "div" and self.mark and classes and classes[0] == self.mark[0]:
                self.note()
                self.mark = None
            if closed == tag:
                break

    def handle_data(self, data):
        if self.mark is not None:
            self.mark[1] += data
            if self.stack and (self.stack[-1][0] == "em" or self.stack[-1][2][:1] == ["pre"]):
                self.mark[2].append(data.strip())
        elif self.stack and self.stack[-1][2][:1] == ["pre"] and any(
            "sig-param" in classes for _, _, classes in self.stack
        ):
            self.parameters.append(data.strip())

    def sections(self):
        return sum(tag == "section" for tag, _, _ in self.stack)

    def note(self):
        what, text, words = self.mark
        text = " ".join(text.split())
        depth = [(tag, about) for tag, about, _ in self.stack if tag in ("dd", "li", "td") or about]
        names, parameters = [], []
        if depth and depth[-1][0] == "dd" and depth[-1][1]:
            names, parameters = depth[-1][1]
        elif not depth and self.module and not self.has_term and self.sections() == 1:
            names = [self.module]
        since = re.search(r"version 3\.(\d+)", text)
        if not names or not since:
            return
        minor = int(since[1])
        rest = text[since.end():].lstrip(".0123456789")
        if what == "versionadded" and rest in ("", "."):
            self.marks += [(name, "added", minor) for name in names]
        elif what == "deprecated":
            if re.match(WHOLLY, rest):
                self.marks += [(name, "deprecated", minor) for name in names]
        elif what == "deprecated-removed":
            self.marks += [(name, "deprecated", minor) for name in names if "parameter" not in rest]
        elif what == "versionchanged" and re.search(r"\b[Aa]dd(?:ed|s)?\b|\bnew\b", rest):
            if re.search(r"param|arg|keyword|option|[Aa]dded", rest):
                for word in words:
                    if word in parameters:
                        self.marks += [(f"{name}({word})", "added", minor) for name in names]


def documentation(folder):
    marks = {"added": {}, "deprecated": {}}
    for path in sorted(Path(folder, "library").glob("*.html")):
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        for name, what, minor in page.marks:
            if path.stem in ("functions", "stdtypes", "exceptions", "constants") and (
                "." not in name or name.split(".")[0][0].islower() or path.stem == "exceptions"
            ):
                name = "builtins." + name
            marks[what].setdefault(name, minor)
    return marks


# All of it.


class Maker:
    def __init__(self, answers, stubs, rules, marks):
        self.answers, self.stubs, self.rules, self.marks = answers, stubs, rules, marks
        self.oldest, self.newest = min(answers), max(answers)
        self.unsettled = []

    def object_to(self, name, told, taken):
        self.unsettled.append((name, told, taken))

    def told(self, name):
        """What the sources of lower places say of when a name was added."""
        said = {"d": self.marks["added"].get(name), "v": self.rules.get(name)}
        return {letter: minor for letter, minor in said.items() if minor is not None}

    def added(self, name, is_class):
        """(minor version or `None`, source) - `None` for what was always there."""
        told = self.told(name)
        known = [(minor, WORDS[self.answers[minor][name]]) for minor in sorted(self.answers)]
        known = [(minor, word) for minor, word in known if word is not None]
        first = next((minor for minor, word in known if word), None)
        if first is not None:
            before = [minor for minor, word in known if minor < first]
            if before and before[-1] == first - 1:
                taken = f"i: added in 3.{first}"
                if told and min(told.values()) < first:
                    taken = "nothing"
                for letter, minor in told.items():
                    if minor != first:
                        self.object_to(name, f"{letter}: added in 3.{minor}; i: added in 3.{first}", taken)
                return (None, "") if taken == "nothing" else (first, "i")
            least = before[-1] + 1 if before else 0
            for letter, minor in told.items():
                # A class may carry the mark of one of its ways to be used.
                if letter == "d" and is_class and "v" not in told:
                    self.object_to(name, f"d: added in 3.{minor}", "nothing")
                elif least <= minor <= first:
                    return (minor, letter) if minor else (None, "")
                else:
                    self.object_to(name, f"{letter}: added in 3.{minor}", f"i: there in 3.{first}")
            if before:
                self.object_to(name, f"added in 3.{least} to 3.{first}", "nothing")
            return None, ""
        # Nobody has it: of another system, of instances, or newer.
        stub = self.added_by_stubs(name)
        if not told:
            return stub
        letter, minor = next(iter(told.items()))
        if len(set(told.values())) > 1 or stub[0] not in (None, minor):
            words = [f"{it}: added in 3.{when}" for it, when in told.items()]
            words += [f"t: added in 3.{stub[0]}"] if stub[0] else []
            is_new = stub[0] is not None and stub[0] > self.newest
            taken = stub if is_new else (minor, letter)
            self.object_to(name, "; ".join(words), f"{taken[1]}: added in 3.{taken[0]}")
            return taken
        if stub[0] is not None and minor > self.newest:
            return stub
        return (minor, letter) if minor else (None, "")

    def added_by_stubs(self, name):
        known = {version: self.stubs.answer(name, version) for version in Typeshed.VERSIONS}
        first = next((version for version, word in known.items() if word), None)
        if first is None or first == min(Typeshed.VERSIONS):
            return None, ""
        # An interpreter that could have it and has not knows better.
        return first, "t"

    def removed(self, name):
        known = [(minor, WORDS[self.answers[minor][name]]) for minor in sorted(self.answers)]
        known = [(minor, word) for minor, word in known if word is not None]
        last = next((minor for minor, word in reversed(known) if word), None)
        if last is not None:
            after = [minor for minor, word in known if minor > last]
            if after and after[0] == last + 1:
                return after[0], "i"
            if after:
                self.object_to(name, f"removed in 3.{last + 1} to 3.{after[0]}", "nothing")
                return None, ""
            if last < self.newest:
                return None, ""
        return self.removed_by_stubs(name, last is not None)

    def removed_by_stubs(self, name, is_seen):
        known = {version: self.stubs.answer(name, version) for version in Typeshed.VERSIONS}
        last = next((version for version in reversed(known) if known[version]), None)
        if last is None or last == NEWEST or known.get(last + 1) is not False:
            return None, ""
        if is_seen and last < self.newest:
            return None, ""  # it is there, whatever the stubs say
        if name.endswith(")") or "." in name and self.is_inherited(name, last + 1):
            return None, ""
        return last + 1, "t"

    def is_inherited(self, name, version):
        """Whether a member may have moved to a base: its class is still there."""
        owner = parent(name)
        return self.stubs.has[version].get(owner) in ("class", "exception")

    def deprecated(self, name):
        if name in self.marks["deprecated"]:
            return self.marks["deprecated"][name], "d"
        if name in self.stubs.deprecated:
            return self.stubs.deprecated[name], "t"
        return None, ""

    def is_steady(self, name):
        """Whether it came and went at most once."""
        words = [WORDS[self.answers[minor][name]] for minor in sorted(self.answers)]
        words = [word for word in words if word is not None]
        changes = sum(one != other for one, other in zip(words, words[1:]))
        if changes > 2 or changes == 2 and words[0]:
            said = " ".join(f"3.{minor}={self.answers[minor][name]}" for minor in sorted(self.answers))
            self.object_to(name, said, "nothing")
            return False
        return True

    def is_seen(self, name):
        """Whether an interpreter has it."""
        return any(words[name] == "yes" for words in self.answers.values())

    def row(self, name, kind):
        if not self.is_steady(name):
            return None
        lacking = [version for version in Typeshed.VERSIONS
                   if version in self.answers and self.answers[version][name] == "no"]
        if name not in self.rules and any(name in self.stubs.on_linux[version] for version in lacking):
            if not self.is_seen(name) and name.count(".") < 2:
                self.object_to(name, "t: there", "nothing")
                return None
        added, removed, deprecated = self.added(name, kind in CLASSES), self.removed(name), self.deprecated(name)
        if kind == "attribute" and self.is_seen(name):
            # Where a class has none, its instances may.
            if added[1] == "i" and added[0] not in (*self.told(name).values(), self.added_by_stubs(name)[0]):
                added = None, ""
            if removed[1] == "i" and self.removed_by_stubs(name, False)[0] != removed[0]:
                removed = None, ""
            words = {words[name] for words in self.answers.values()}
            if added[0] is None and removed[0] is None and "no" in words:
                return None
        if added[0] is not None and removed[0] is not None and added[0] >= removed[0]:
            self.object_to(name, f"added in 3.{added[0]}, removed in 3.{removed[0]}", "nothing")
            return None
        return added, deprecated, removed


CLASSES = {"class", "exception", "warning"}

# Of these there are no values: they only say what values of other classes have.
PROTOCOLS = {"importlib.metadata.PackageMetadata"}


def is_wanted(name, kinds, offered):
    parts = name.split(".")
    for owner in {parent(name), parent(parent(name))} - {""}:
        # A function that is a class now, or the other way round: its instances did not change.
        is_class = {has[owner] in CLASSES for has in offered.values() if has.get(owner, "module") != "module"}
        if len(is_class) > 1:
            return False
    if parts[0] == "asyncio" and len(parts) > 2 and parts[1].islower() and kinds.get("asyncio." + parts[1]) == "module":
        return False  # of no use to programs but through `asyncio` itself
    if not name.endswith(")") and kinds.get(parent(name)) == "function":
        return False  # a function that once was a class
    if parent(name) in PROTOCOLS:
        return False
    return name.split(".")[0].split("(")[0] not in SKIPPED and not any(
        part.startswith("_") and part != "__class_getitem__"
        for part in re.split(r"[.(]", name)[1:]
    ) and (not name.startswith("_") or name.startswith("__future__"))


def compressed(rows, offered):
    """Leaves out what follows from other rows."""

    def bounds(name):
        row = rows.get(name)
        return (0, 99) if row is None else (row[0][0] or 0, row[2][0] or 99)

    def around(name):
        first, last, name = 0, 99, parent(name)
        while name:
            own = bounds(name)
            first, last, name = max(first, own[0]), min(last, own[1]), parent(name)
        return first, last

    kept = {}
    for name, (added, deprecated, removed) in rows.items():
        first, last = around(name)
        added = added if (added[0] or 0) > first else (None, "")
        removed = removed if (removed[0] or 99) < last else (None, "")
        if removed[0] is not None and removed[0] <= first:
            continue
        owner = rows.get(parent(name))
        if owner and owner[1][0] is not None and owner[1][0] <= (deprecated[0] or 99):
            deprecated = (None, "")
        if added[0] or deprecated[0] or removed[0]:
            kept[name] = (added, deprecated, removed)
    for name in list(kept):
        # `asyncio.queues.Queue` where there is `asyncio.Queue`.
        parts = name.split(".")
        shorter = ".".join([*parts[:-2], parts[-1]]) if "(" not in name else None
        for at in range(1, len(parts) - 1):
            shorter = ".".join([*parts[:at], *parts[at + 1:]])
            if shorter in offered and kept.get(shorter, ()) == kept[name]:
                del kept[name]
                break
    return kept


def add_whatsnew(kept, kinds):
    """Adds what the notes of the newest Python say, where no other source has a word on it."""
    for line in WHATSNEW.read_text().splitlines():
        name, kind, *versions = line.split("\t")
        if name not in kept:
            minors = [int(version[2:]) if version else None for version in versions]
            kept[name] = tuple((minor, "w" if minor is not None else "") for minor in minors)
            kinds.setdefault(name, kind)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--typeshed", required=True)
    options.add_argument("--vermin", required=True)
    options.add_argument("--docs", required=True)
    options.add_argument("--unsettled", required=True)
    options.add_argument("pythons", nargs="+")
    given = options.parse_args()
    pythons = {version_of(python): python for python in given.pythons}
    stubs, marks = Typeshed(given.typeshed), documentation(given.docs)
    rules = vermin(given.vermin, stubs.modules())
    with ThreadPoolExecutor(2) as pool:
        offered = dict(zip(pythons, pool.map(lambda it: ask(it, "names"), pythons.values())))
    kinds = {}
    for version in sorted(stubs.has):
        kinds.update(stubs.has[version])
    for version in sorted(offered):
        kinds.update(offered[version])
    names = set(kinds) | set(rules) | set(marks["added"]) | set(marks["deprecated"])
    tops = {*stubs.tops, *(name for name in kinds if kinds[name] == "module")}
    shape = re.compile(r"[A-Za-z_]\w*(\.\w+)*(\([A-Za-z_]\w*\))?")
    names = sorted(
        name for name in names
        if is_wanted(name, kinds, offered) and shape.fullmatch(name) and re.split(r"[.(]", name)[0] in tops
    )
    with ThreadPoolExecutor(2) as pool:
        checked = pool.map(lambda it: ask(it, "check", names), pythons.values())
        answers = {minor: dict(zip(names, words)) for minor, words in zip(pythons, checked)}
    maker = Maker(answers, stubs, rules, marks)
    rows = {name: row for name in names if (row := maker.row(name, kinds.get(name)))}
    kept = compressed(rows, kinds)
    add_whatsnew(kept, kinds)
    for name in sorted(kept, key=str.encode):
        row = kept[name]
        kind = kinds.get(name) or ("parameter" if name.endswith(")") else "attribute")
        versions = ["" if minor is None else f"3.{minor}" for minor, _ in row]
        sources = "".join(letter for _, letter in row)
        if not maker.is_seen(name):
            sources = sources.upper()
        print(name, kind, *versions, sources, sep="\t")
    with open(given.unsettled, "w") as file:
        print("name", "what sources say", "what the table follows", sep="\t", file=file)
        for name, told, taken in sorted(maker.unsettled):
            if name in kept or taken == "nothing" or taken.startswith("i"):
                print(name, told, taken, sep="\t", file=file)
    print(f"{len(kept)} rows, {len(maker.unsettled)} unsettled", file=sys.stderr)


if __name__ == "__main__":
    main()
