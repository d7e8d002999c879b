"""From the text of a cell or magic line to what it declares: options, names read and written, normalised
code.

Knows nothing of graphs, stores or IPython: cell text arrives here as plain Python (the notebook edge has
already turned ``!shell`` and ``%magic`` lines into calls).
"""
