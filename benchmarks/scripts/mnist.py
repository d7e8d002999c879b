"""Ten iterations of MNIST: an initial workflow and nine edits, three of each of HELIX's kinds."""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit("L/I", "regularise less: 100 -> 10", "weights", "penalty = 100.0", "penalty = 10.0"),
    Edit(
        "PPR",
        "one more metric: the worst digit",
        "scores",
        '"accuracy": accuracy_score(y_test, predicted)}',
        '"accuracy": accuracy_score(y_test, predicted), "f1": f1_score(y_test, predicted, average=None).min()}',
    ),
    Edit("DPR", "more random transforms: 4 -> 6", "signs", "transforms = 4", "transforms = 6"),
    Edit("L/I", "regularise more: 10 -> 1000", "weights", "penalty = 10.0", "penalty = 1000.0"),
    Edit("PPR", "a longer list of what is confused", "confused", 'nlargest(8, "pictures")', 'nlargest(20, "pictures")'),
    Edit(
        "DPR",
        "tidier scaling code, same numbers",
        "scaled",
        "middle = train.mean(dtype=np.float64).astype(np.float32)\n",
        "middle = np.float32(np.mean(train, dtype=np.float64))\n",
    ),
    Edit("PPR", "fewer error pictures", "errors", "[:16]]", "[:8]]"),
    Edit("L/I", "the earlier penalty again", "weights", "penalty = 1000.0", "penalty = 10.0"),
    Edit(
        "DPR",
        "points from 0 to 1, not centred",
        "scaled",
        "train.astype(np.float32) - middle",
        "train.astype(np.float32)",
    ),
)

SCRIPT = Script("mnist", ITERATIONS)
