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
        """Whether the two are not the same; nan is the same as nan."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        both_nan = math.isnan(self.before) and math.isnan(self.after)
        return self.before != self.after and not both_nan

    @property
    def delta(self) -> float | None:
        """After minus before; None where one of them is missing."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def better(self) -> bool | None:
        """Whether the change is for the better; None where that cannot be said."""
        delta = self.delta
        if not self.direction or delta is None or not delta or math.isnan(delta):
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
