"""What CPython's compiler knows of the names of files: one line of JSON for each file.

    python -I symtable.py STRIDE [FOLDER...]

FOLDERs are searched for modules; without one, the interpreter's own standard library is. Of the
modules found, one in STRIDE is taken, chosen by its path below the folder. A line is either
`{"path": …, "error": …}` for what this interpreter does not accept, or `{"path": …, "scopes": […]}`
with a `{"kind": …, "name": …, "names": {…}, "parent": …}` for each scope, outer ones before inner
ones; the parent is an index into the list. Where another text than the file's was looked at, it is
in `"text"`.

`-I` is needed: this file is called like the module it imports.
"""

import ast
import importlib.util
import json
import os
import re
import sys
import sysconfig
import symtable
import warnings
import zlib

import _symtable

PLACES = {
    _symtable.LOCAL: "local",
    _symtable.GLOBAL_EXPLICIT: "global-explicit",
    _symtable.GLOBAL_IMPLICIT: "global-implicit",
    _symtable.FREE: "free",
    _symtable.CELL: "cell",
}
SCOPE_MASK = getattr(_symtable, "SCOPE_MASK", 15)

KINDS = {
    "module": "module",
    "class": "class",
    "function": "function",
    # 3.12 has other words for them than 3.13.
    "type parameter": "type-parameters",
    "type parameters": "type-parameters",
    "TypeVar bound": "lazy-expression",
    "type variable": "lazy-expression",
    "type alias": "lazy-expression",
}

# Names that the compiler keeps for itself and no program text contains. Those with a dot
# (`.0`, `.type_params`, `.generic_base`, `.defaults`) are synthetic too.
SYNTHETIC = {"__classdict__", "__conditional_annotations__", "__type_params__"}

FUTURE = re.compile(r"^(from __future__ import (?:\w+, *|\( *)*)annotations\b", re.MULTILINE)


def main(stride, *folders):
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    for folder in folders or [sysconfig.get_path("stdlib")]:
        for path in modules(folder):
            name = os.path.relpath(path, folder).replace(os.sep, "/")
            if zlib.crc32(name.encode("utf-8", "surrogateescape")) % int(stride) == 0:
                print(json.dumps({"path": path, **look_at(path)}))


def modules(folder):
    """The modules in a folder, in a stable order, without packages of others."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - {"site-packages", "__pycache__"})
        yield from (os.path.join(parent, name) for name in sorted(files) if name.endswith(".py"))


def look_at(path):
    try:
        with open(path, "rb") as file:
            source = importlib.util.decode_source(file.read())
        answer = {}
        if sys.version_info < (3, 10) and FUTURE.search(source):
            # Until 3.10 the table had the names in annotations that are not evaluated, too.
            source = answer["text"] = FUTURE.sub(r"\1division", source)
        # The compiler of 3.12 and later merges list, set and dict comprehensions into the scope
        # around them (PEP 709): their names are still their own, which is all that matters here.
        symtable.symtable(source, path, "exec")
        if sys.version_info >= (3, 12):
            source = without_inlining(source)
        flatten(symtable.symtable(source, path, "exec"), None, answer.setdefault("scopes", []))
        return answer
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": "{}: {}".format(type(error).__name__, error)}


def flatten(table, parent, found):
    names = {
        name: PLACES[flags >> _symtable.SCOPE_OFF & SCOPE_MASK]
        for name, flags in table._table.symbols.items()
        if not name.startswith(".") and name not in SYNTHETIC
    }
    kind, name = KINDS[str(table.get_type())], table.get_name()
    if ".0" in table._table.symbols:
        kind, name = "comprehension", ""
    elif kind == "function" and name == "lambda":
        kind, name = "lambda", ""
    elif kind in ("module", "lazy-expression"):
        name = ""
    index = len(found)
    found.append({"kind": kind, "name": name, "names": names, "parent": parent})
    for child in table.get_children():
        flatten(child, index, found)


def without_inlining(source):
    """The same program with generator expressions, which are never merged, in the place of list,
    set and dict comprehensions. A dict's key and value become a tuple."""
    lines = source.encode("utf-8").splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = b"".join(lines)

    def start(node):
        return starts[node.lineno - 1] + node.col_offset

    def end(node):
        return starts[node.end_lineno - 1] + node.end_col_offset

    def find(pattern, begin, stop):
        """The first match between two nodes, where only parentheses and comments stand around."""
        gap = re.sub(rb"#[^\r\n]*", lambda comment: b" " * len(comment[0]), text[begin:stop])
        return begin + re.search(pattern, gap).start()

    edits = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            edits += [(start(node), 1, b"("), (end(node) - 1, 1, b")")]
        elif isinstance(node, ast.DictComp):
            colon = find(rb":", end(node.key), start(node.value))
            loop = find(rb"\b(async|for)\b", end(node.value), start(node.generators[0].target))
            edits += [(start(node), 1, b"(("), (colon, 1, b",")]
            edits += [(loop, 0, b")"), (end(node) - 1, 1, b")")]
    for at, length, new in sorted(edits, reverse=True):
        text = text[:at] + new + text[at + length :]
    return text.decode("utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
