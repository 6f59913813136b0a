import graphlib

from .flags import HAS_GROUPS


def sort(graph):
    if HAS_GROUPS:
        raise ExceptionGroup("none", [ValueError(graph)])
    return graphlib.TopologicalSorter(graph)
