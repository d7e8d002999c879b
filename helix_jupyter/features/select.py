"""Stepwise selection by cross-validated R^2, on products alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helix_jupyter.features.gram import Gram, IllConditioned


@dataclass(frozen=True)
class Step:
    """One step: the feature that was added or dropped, the features after it, and their score."""

    feature: str
    features: tuple[str, ...]
    score: float


def forward(
    gram: Gram,
    start: Sequence[str] = (),
    candidates: Iterable[str] | None = None,
    most: int | None = None,
    gain: float = 0.0,
    alpha: float = 0.0,
) -> list[Step]:
    """Add the feature that helps most, again and again, as long as the score grows by more than ``gain``.

    Parameters
    ----------
    candidates
        What may be added; default: all features.
    most
        How many features there are at most in the end.
    """
    chosen, known = list(start), gram.features if candidates is None else candidates
    left = [name for name in dict.fromkeys(known) if name not in chosen]
    best, steps = _score(gram, chosen, alpha), list[Step]()
    while left and (most is None or len(chosen) < most):
        scores = {name: _score(gram, [*chosen, name], alpha) for name in left}
        name = max(scores, key=scores.__getitem__)
        if not scores[name] > best + gain:
            break
        best = scores[name]
        chosen.append(name)
        left.remove(name)
        steps.append(Step(name, tuple(chosen), best))
    return steps


def backward(
    gram: Gram, start: Sequence[str] | None = None, fewest: int = 1, loss: float = 0.0, alpha: float = 0.0
) -> list[Step]:
    """Drop the feature that helps least, again and again, as long as the score falls by no more than ``loss``.

    Raises
    ------
    IllConditioned
        The features to start with depend on each other.
    """
    chosen = list(gram.features if start is None else start)
    best, steps = gram.score(chosen, alpha), list[Step]()
    while len(chosen) > fewest:
        scores = {name: _score(gram, [other for other in chosen if other != name], alpha) for name in chosen}
        name = max(scores, key=scores.__getitem__)
        if not scores[name] >= best - loss:
            break
        best = scores[name]
        chosen.remove(name)
        steps.append(Step(name, tuple(chosen), best))
    return steps


def _score(gram: Gram, features: Sequence[str], alpha: float) -> float:
    """What depends on what is chosen already adds nothing that could be told."""
    try:
        return gram.score(features, alpha)
    except IllConditioned:
        return float("-inf")
