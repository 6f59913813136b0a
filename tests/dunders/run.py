"""What an interpreter makes of classes: a list of programs comes in as JSON, and for each goes out
what its function `probe` returns, or the name of what is raised.

It must itself run on the oldest Python that is asked.
"""

import json
import sys
import types
import warnings


class Enough(BaseException):
    """Raised by programs that have gone on for long enough."""


def run(text):
    # Modules stand behind lines that name them; the last one is the program.
    modules = text[3:].split("\n#= ") if text.startswith("#= ") else ["program\n" + text]
    try:
        for name, _, text in (it.partition("\n") for it in modules):
            module = sys.modules[name] = types.ModuleType(name)
            names = vars(module)
            names["Enough"] = Enough
            exec(compile(text, name, "exec"), names)
    except BaseException as error:
        return "not run: " + type(error).__name__
    try:
        return str(names["probe"]())
    except BaseException as error:
        return type(error).__name__


warnings.simplefilter("ignore")
# Recursion without end ends soon.
sys.setrecursionlimit(220)
print(json.dumps([run(text) for text in json.loads(sys.stdin.read())]))
