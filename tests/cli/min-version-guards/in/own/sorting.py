import graphlib

sorter = graphlib.TopologicalSorter()
