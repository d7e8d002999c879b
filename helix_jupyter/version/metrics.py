"""What a change of a metric means: by how much, and for better or worse. Looks at names and numbers only."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})

# fmt: off
_HIGHER = {
    "accuracy", "acc", "f1", "auc", "auroc", "auprc", "r2", "precision", "recall",
    "sensitivity", "specificity", "ap", "map", "ndcg", "mcc", "kappa", "iou", "dice", "bleu", "rouge",
    "score", "gain", "lift",
}
_LOWER = {
    "loss", "rmse", "mae", "mse", "msle", "rmsle", "mape", "smape", "error", "errors", "err", "time",
    "seconds", "logloss", "perplexity", "brier", "latency", "deviance", "wer", "cer", "fid", "ece",
}
# fmt: on

# what sums in another order come to is no difference: a billionth of the larger of two numbers, and near zero 1e-12
RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 1e-9, 1e-12


def same_number(one: float, other: float) -> bool:
    """Whether two numbers are the same but for rounding; nan is the same as nan."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)


@dataclass(frozen=True)
class MetricChange:
    """A metric in two versions; None where a version does not have it.

    ``direction`` is ``"higher"`` or ``"lower"`` (which is better), empty where that is not known.
    """

    before: float | None
    after: float | None
    direction: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two are not the same, but for rounding; nan is the same as nan."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        return not same_number(self.before, self.after)

    @property
    def delta(self) -> float | None:
        """After minus before, 0 for what is but rounding; None where one of them is missing."""
        if self.before is None or self.after is None:
            return None
        delta = self.after - self.before
        return delta if self.differs or math.isnan(delta) else 0.0

    @property
    def better(self) -> bool | None:
        """Whether the change is for the better; None where that cannot be said."""
        delta = self.delta
        if not self.direction or delta is None or math.isnan(delta) or not self.differs:
            return None
        return (delta > 0) == (self.direction == "higher")


def direction(name: str, declared: Mapping[str, str] = _NONE) -> str:
    """Which way a metric of this name is better: as ``declared``, else ``"higher"``, ``"lower"``, or empty where the
    name does not say.

    The last telling word decides: ``roc_auc_train`` is an AUC, ``accuracy_error`` an error.
    """
    if name in declared:
        return declared[name]
    words = re.findall(r"[a-z]+\d*", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    for word in reversed(words):
        if word in _LOWER:
            return "lower"
        if word in _HIGHER:
            return "higher"
    return ""
