"""Two estimators in scikit-learn's manner: parameters, and coefficients or importances aligned by feature name.

Reads attributes only: nothing is fitted or predicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest

WEIGHTS = 200
"""Features whose weights are told; of more, those that changed most."""
_LONGEST = 200
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class ModelParameter:
    """A parameter that differs, as Python would write it; None where a side does not have it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class WeightChange:
    """One feature's coefficient or importance; None where a side does not know the feature."""

    feature: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        """After minus before; a side that does not know the feature gives it no weight."""
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class ModelDiff:
    """Two estimators.

    ``weights`` are those that differ, the largest change first, ``same_weights`` and ``left`` how many are equal and
    how many are not told. ``weight`` is what they are called (``coefficient``, ``importance``; empty: there are none).
    ``named``: the features' names are known; else they are counted.
    """

    types: tuple[str, str]
    parameters: tuple[ModelParameter, ...] = ()
    same_parameters: int = 0
    weight: str = ""
    weights: tuple[WeightChange, ...] = ()
    same_weights: int = 0
    left: int = 0
    named: bool = False


def is_model(value: Any) -> bool:
    """Whether ``compare_models`` reads this."""
    return not isinstance(value, type) and callable(getattr(value, "get_params", None)) and hasattr(value, "fit")


def compare_models(
    before: Any, after: Any, names: Sequence[Sequence[str]] = (), names_after: Sequence[Sequence[str]] = ()
) -> ModelDiff:
    """Compare two estimators.

    ``names`` and ``names_after`` are lists that may be the features' names where the estimator does not know them
    itself: the first of fitting length counts.
    """
    parameters, same = _parameters(before, after)
    kinds = _qualified(before), _qualified(after)
    old, new = _weights(before, names), _weights(after, names_after)
    if old is None or new is None or old.kind != new.kind:
        return ModelDiff(kinds, parameters, same)
    if not (old.named and new.named) and len(old.values) != len(new.values):
        return ModelDiff(kinds, parameters, same)  # by place, other features would stand beside each other
    features = dict.fromkeys((*new.values, *old.values))
    changes = [WeightChange(name, old.values.get(name), new.values.get(name)) for name in features]
    differing = sorted((one for one in changes if one.before != one.after), key=lambda one: -abs(one.change))
    return ModelDiff(
        kinds,
        parameters,
        same,
        old.kind,
        tuple(differing[:WEIGHTS]),
        len(changes) - len(differing),
        max(len(differing) - WEIGHTS, 0),
        old.named and new.named,
    )


def _qualified(value: Any) -> str:
    return type(value).__name__


def _parameters(before: Any, after: Any) -> tuple[tuple[ModelParameter, ...], int]:
    old, new = _flat_parameters(before), _flat_parameters(after)
    names = dict.fromkeys((*new, *old))
    rows = tuple(_differing(old, new, names))
    return rows, len(names) - len(rows)


def _flat_parameters(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = model.get_params(deep=True)
    return {str(name): value for name, value in found.items()}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any], names: Any) -> Iterator[ModelParameter]:
    for name in names:
        if name in old and name in new and _same(old[name], new[name]):
            continue
        sides = (_written(side[name]) if name in side else None for side in (old, new))
        yield ModelParameter(name, *sides)


def _same(old: Any, new: Any) -> bool:
    if type(old) is not type(new):
        return False
    if is_model(old) or _holds_models(old):
        return True  # their own parameters are told by themselves
    try:
        return digest(old) == digest(new)
    except Undigestable:
        return _written(old) == _written(new)


def _holds_models(value: Any) -> bool:
    """The steps of a pipeline, the transformers of a ColumnTransformer: ``[(name, estimator, ...)]``."""
    return isinstance(value, list) and any(isinstance(one, tuple) and any(map(is_model, one)) for one in value)


def _written(value: Any) -> str:
    text = f"{type(value).__name__}()" if is_model(value) else repr(value)
    text = _ADDRESS.sub("", " ".join(text.split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@dataclass(frozen=True)
class _Weights:
    kind: str
    values: Mapping[str, float]
    named: bool


def _weights(model: Any, candidates: Sequence[Sequence[str]]) -> _Weights | None:
    import numpy as np

    final = _final(model)
    for attribute, kind in (("coef_", "coefficient"), ("feature_importances_", "importance")):
        found = getattr(final, attribute, None)
        if found is None:
            continue
        table = np.atleast_2d(np.asarray(found.toarray() if hasattr(found, "toarray") else found, dtype=float))
        if table.ndim != 2:
            return None
        features = _names(model, final, table.shape[1], candidates)
        named = features is not None
        features = features or [f"feature {place}" for place in range(table.shape[1])]
        values = {
            f"{row}{feature}": float(number)
            for row, numbers in zip(_rows(final, len(table)), table, strict=True)
            for feature, number in zip(features, numbers, strict=True)
        }
        intercepts = np.atleast_1d(np.asarray(getattr(final, "intercept_", ()), dtype=float))
        if kind == "coefficient" and len(intercepts) == len(table):
            rows = _rows(final, len(table))
            values |= {f"{row}(intercept)": float(one) for row, one in zip(rows, intercepts, strict=True)}
        return _Weights(kind, values, named)
    return None


def _final(model: Any) -> Any:
    """The estimator that carries the weights: the best one of a search, the last step of a pipeline."""
    for _ in range(8):
        inner = getattr(model, "best_estimator_", None) or getattr(model, "regressor_", None)
        steps = getattr(model, "steps", None)
        if inner is None and isinstance(steps, list) and steps:
            inner = steps[-1][-1]
        if inner is None or isinstance(inner, str):
            return model
        model = inner
    return model


def _rows(final: Any, count: int) -> list[str]:
    """What stands before a feature's name where there is a row of weights per class."""
    if count == 1:
        return [""]
    classes = getattr(final, "classes_", ())
    labels = [str(one) for one in classes] if len(classes) == count else [str(place) for place in range(count)]
    return [f"{label}: " for label in labels]


def _names(model: Any, final: Any, count: int, candidates: Sequence[Sequence[str]]) -> list[str] | None:
    for names in (*_own_names(model, final), *candidates):
        listed = [str(name) for name in names]
        if len(listed) == count and len(set(listed)) == count:
            return listed
    return None


def _own_names(model: Any, final: Any) -> Iterator[Sequence[str]]:
    if (names := getattr(final, "feature_names_in_", None)) is not None:
        yield names
    outer = getattr(model, "best_estimator_", model)
    steps = getattr(outer, "steps", None)
    if isinstance(steps, list) and len(steps) > 1:
        try:
            yield outer[:-1].get_feature_names_out()
        except Exception:  # a step that does not tell names, and whatever an estimator of the user's own raises
            return
