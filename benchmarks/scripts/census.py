"""Ten iterations of Census: an initial workflow and nine edits, three of each of HELIX's kinds.

Two are harder than the paper's: one leaves the value as it was, one goes back to an earlier model.
"""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit(
        "PPR",
        "two more metrics: precision and recall",
        "scores",
        '    "auc": roc_auc_score(y_test, probability),\n',
        '    "auc": roc_auc_score(y_test, probability),\n'
        '    "precision": precision_score(y_test, predicted),\n'
        '    "recall": recall_score(y_test, predicted),\n',
    ),
    Edit(
        "DPR",
        "finer age buckets",
        "age_bucket",
        "bins=[25, 35, 45, 55, 65]",
        "bins=[20, 25, 30, 35, 40, 45, 50, 55, 60, 65]",
    ),
    Edit("L/I", "regularise more: C 1.0 -> 0.1", "model", "C=1.0", "C=0.1"),
    Edit("PPR", "decide for >50K earlier: threshold 0.5 -> 0.4", "predicted", "0.5", "0.4"),
    Edit(
        "DPR",
        "tidier cleaning code, same table",
        "clean",
        'str.rstrip(".")',
        'str.removesuffix(".")',
    ),
    Edit("L/I", "weigh the two classes alike", "model", "C=0.1,", 'C=0.1, class_weight="balanced",'),
    Edit("PPR", "rates by race, not by sex", "rates", 'group = "sex"', 'group = "race"'),
    Edit("L/I", "class weights taken back", "model", 'C=0.1, class_weight="balanced",', "C=0.1,"),
    Edit(
        "DPR",
        "logarithm of capital gains and losses",
        "continuous",
        'values = people[CONTINUOUS].astype("float32")\n',
        'values = people[CONTINUOUS].astype("float32")\n'
        'values[["capital_gain", "capital_loss"]] = np.log1p(values[["capital_gain", "capital_loss"]])\n',
    ),
)

SCRIPT = Script("census", ITERATIONS, scale=("COPIES = 1", "COPIES = 10"))
