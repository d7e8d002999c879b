"""Six iterations of information extraction: an initial workflow and five edits of HELIX's kinds.

Further articles are no edit of the tagging step, but it has more to do. The lower bound takes a node as a whole, so
that a system that reads the further articles only may fall below it.
"""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit(
        "DPR",
        "a rule of thumb labels more: wife or husband, and nobody between",
        "known",
        "    if are_listed(row.first, row.second, COUPLES):\n",
        "    between = row.between.split()\n"
        '    called = "PERSON" not in between and MARRIAGE & set(between) and len(between) <= 8\n'
        "    if called or are_listed(row.first, row.second, COUPLES):\n",
    ),
    Edit("L/I", "regularise more: 1.0 -> 0.3", "probability", "C=1.0", "C=0.3"),
    Edit("PPR", "precision counts more than recall", "decided", "beta = 1.0", "beta = 0.5"),
    Edit("DPR", "further articles: 120 -> 150", "articles", "number = 120", "number = 150"),
    Edit("PPR", "a longer list of discoveries", "discovered", "head(10)", "head(25)"),
)

SCRIPT = Script("extraction", ITERATIONS)
