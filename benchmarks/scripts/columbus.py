"""Ten iterations of a feature-selection session: an initial workflow and nine edits, three of each of HELIX's kinds."""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit("L/I", "drop more features", "pruned", "loss=0.0005", "loss=0.004"),
    Edit("PPR", "call 40 of 100 customers", "called", "share = 0.2", "share = 0.4"),
    Edit(
        "DPR",
        "add an analyst's feature",
        "gram",
        "gram = Gram.of(communities, crimes, folds=folds)",
        "base = Gram.of(communities, crimes, folds=folds)\n"
        'ideas = pd.DataFrame({"white*kids2par": communities["racePctWhite"] * communities["PctKids2Par"]})\n'
        "gram = base.extended(communities, ideas, crimes)",
    ),
    Edit("L/I", "keep half of the screened columns", "kept", "keep = 120", "keep = 60"),
    Edit(
        "PPR",
        "one more metric: average precision",
        "scores",
        '    "auc": roc_auc_score(bought, probability),\n',
        '    "auc": roc_auc_score(bought, probability),\n'
        '    "average_precision": average_precision_score(bought, probability),\n',
    ),
    Edit(
        "DPR",
        "tidier selection of columns, same table",
        "policies",
        'name[0] in "AP"',
        'name.startswith(("A", "P"))',
    ),
    Edit("L/I", "all screened columns again", "kept", "keep = 60", "keep = 120"),
    Edit("PPR", "a shorter list of reasons", "reasons", "head(10)", "head(5)"),
    Edit("DPR", "drop the neighbourhood's columns", "columns", "[social, policies, combined]", "[policies, combined]"),
)

SCRIPT = Script("columbus", ITERATIONS)
