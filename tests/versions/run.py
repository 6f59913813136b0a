"""What an interpreter makes of programs: a list of texts comes in as JSON, and for each goes out
`{"outcome": "runs" or the name of what is raised, "result": the repr of its `result`}`.

It must itself run on the oldest Python that is asked.
"""

import json
import sys
import warnings


def run(text):
    names = {"__name__": "program"}
    try:
        exec(compile(text, "program", "exec"), names)
    except SyntaxError:
        return {"outcome": "SyntaxError"}
    except Exception as error:
        return {"outcome": type(error).__name__}
    return {"outcome": "runs", "result": repr(names.get("result"))}


warnings.simplefilter("ignore")
print(json.dumps([run(text) for text in json.loads(sys.stdin.read())]))
