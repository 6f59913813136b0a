"""Makes projects and imports each of their modules in a fresh process; prints what came of it.

Asked with a JSON object on the standard input: `seed`, `count` and whether they are to be `ordinary`, or
`projects` that are given (a list of path to text). Answers with a list of projects: `files`, and `entries`: each with its `kind` (`module` or
`script`), its `path`, and its `failure` (`exception`, `message`, `path`, `line`), if it fails. A `__main__.py`
is a script, run as `python -m` does it.
"""

import contextlib
import importlib
import importlib.util
import io
import json
import os
import random
import runpy
import shutil
import sys
import tempfile
import typing

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ordinary
import projects

sys.path.pop(0)
KNOWN = [importlib, contextlib, typing, runpy, random]


def main() -> None:
    question = json.load(sys.stdin)
    given = question.get("projects")
    if given is None:
        make = ordinary.project if question["ordinary"] else projects.project
        made = (make(random.Random(f"{question['seed']} {index}")) for index in range(question["count"]))
    else:
        made = given
    json.dump([look(files) for files in made], sys.stdout)


def look(files: dict[str, str]) -> dict[str, object]:
    root = os.path.realpath(tempfile.mkdtemp(prefix="imports"))
    try:
        for path, text in files.items():
            place = os.path.join(root, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
        entries = []
        for path in sorted(files):
            is_main = path.endswith("__main__.py")
            if not is_main:
                entries.append({"kind": "module", "path": path, **apart(root, path, False)})
            if is_main or "/" not in path:
                entries.append({"kind": "script", "path": path, **apart(root, path, True)})
        return {"files": files, "entries": entries}
    finally:
        shutil.rmtree(root)


def apart(root: str, path: str, is_script: bool) -> dict[str, object]:
    """Runs an entry in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        failure = enter(root, path, is_script)
        with os.fdopen(writing, "w") as pipe:
            json.dump(failure, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


def enter(root: str, path: str, is_script: bool) -> dict[str, object]:
    sys.path.insert(0, root)
    importlib.invalidate_caches()
    sys.stdout = sys.stderr = io.StringIO()
    try:
        if is_script and "/" in path:
            if not package(os.path.dirname(path).replace("/", ".")):
                unknown = {"exception": "unknown", "message": "", "path": "", "line": 0}
                return {"failure": unknown, "loaded": []}
        elif is_script:
            script(os.path.join(root, path))
        else:
            importlib.import_module(projects.dotted(path))
    except BaseException as exception:
        return {"failure": describe(root, exception), "loaded": loaded(root)}
    return {"failure": None, "loaded": loaded(root)}


def script(path: str) -> None:
    """As `python path` does it: without `__spec__`, and the module stays in place."""
    module = type(sys)("__main__")
    module.__file__, module.__spec__ = path, None
    sys.modules["__main__"] = module
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), module.__dict__)


def package(name: str) -> bool:
    """As `python -m name` does it. Python asks twice for a package that fails: that is not looked at."""
    try:
        importlib.import_module(name)
    except BaseException:
        return False
    spec = importlib.util.find_spec(f"{name}.__main__")
    module = importlib.util.module_from_spec(spec)
    module.__name__ = "__main__"
    sys.modules["__main__"] = module
    exec(spec.loader.get_code(spec.name), module.__dict__)
    return True


def describe(root: str, exception: BaseException) -> dict[str, object]:
    place, line = "", 0
    trace = exception.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(root):
            place, line = os.path.relpath(name, root), trace.tb_lineno
        trace = trace.tb_next
    message = str(exception).replace(root + os.sep, "")
    return {"exception": type(exception).__name__, "message": message, "path": place, "line": line}


def loaded(root: str) -> list[str]:
    """The files of the modules that are there, sorted."""
    found = []
    for name, module in sys.modules.items():
        path = getattr(module, "__file__", None) if name != "__main__" else None
        if path and path.startswith(root):
            found.append(os.path.relpath(path, root))
    return sorted(found)


main()
