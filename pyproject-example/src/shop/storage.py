"""Files and folders."""

import json
import os
from contextlib import contextmanager


def read_json(path):
    """What a file of JSON holds."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


@contextmanager
def working_directory(path):
    """Goes to a folder, and back again."""
    before = os.getcwd()
    os.chdir(path)
    yield
    os.chdir(before)
