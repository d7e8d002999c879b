"""From declarations to an immutable DAG: edges by name (bound late), chains of updates, cycles, slices.

Does not know how a node runs.
"""
