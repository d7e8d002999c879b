"""Digest rules of scikit-learn: estimators as pickle would take them apart, without what is no content.

What a search's clock measured (``refit_time_``, ``mean_fit_time`` ...) never counts: two fits that differ in
nothing else are equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# the version that pickled it, and the memory address that text vectorizers keep of their stop words
_NO_CONTENT = frozenset({"_sklearn_version", "_stop_words_id", "refit_time_"})


def digest_estimator(value: Any) -> Iterator[tuple[str, object]]:
    maker, arguments, state, *rest = (*value.__reduce_ex__(5), None)[:6]
    yield ".__reduce__()", (maker, arguments, tuple(rest))
    if isinstance(state, dict):
        for name in sorted(state.keys() - _NO_CONTENT):
            yield f".{name}", _untimed(state[name]) if name == "cv_results_" else state[name]
    else:
        yield "", state


def _untimed(results: dict[str, Any]) -> dict[str, Any]:
    return {name: values for name, values in results.items() if not name.endswith("_time")}


def digest_bunch(value: Any) -> Iterator[tuple[str, object]]:
    yield "", dict(value)


def digest_tree(value: Any) -> Iterator[tuple[str, object]]:
    """A search tree by what it was built from; it counts how often it was asked."""
    state = value.__getstate__()
    yield ".data", state[0]
    yield ".leaf_size", state[4]
    yield ".metric", state[-2]
    yield ".sample_weight", state[-1]
