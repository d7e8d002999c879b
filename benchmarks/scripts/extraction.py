"""Six iterations of information extraction: an initial workflow and five edits of HELIX's kinds.

More articles are no edit of the tagging step, but it has more to do. The lower bound takes a node as a whole, so that
a system that reads the further articles only may fall below it.
"""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit(
        "DPR",
        "one more feature: how long the sentence is",
        "features",
        '    found["words between"] = min(len(between), 20) / 20\n',
        '    found["words between"] = min(len(between), 20) / 20\n'
        '    found["long sentence"] = float(len(row.sentence) > 300)\n',
    ),
    Edit("L/I", "regularise more: 1.0 -> 0.1", "probability", "C=1.0", "C=0.1"),
    Edit("PPR", "a pair needs less to be called a couple", "decided", "threshold = 0.5", "threshold = 0.3"),
    Edit("DPR", "further articles: 120 -> 150", "articles", "number = 120", "number = 150"),
    Edit("PPR", "a longer list of discoveries", "discovered", "head(10)", "head(25)"),
)

SCRIPT = Script("extraction", ITERATIONS)
