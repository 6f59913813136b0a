import sys

if sys.version_info >= (3, 11):
    from .newer import read
else:
    read = None


def groups():
    if sys.version_info < (3, 11):
        return None
    from . import groups

    return groups.both
