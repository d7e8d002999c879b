"""Digest rule of scikit-learn estimators: as pickle would take them apart, without what is no content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# the version that pickled it, and the memory address that text vectorizers keep of their stop words
_NO_CONTENT = frozenset({"_sklearn_version", "_stop_words_id"})


def digest_estimator(value: Any) -> Iterator[tuple[str, object]]:
    maker, arguments, state, *rest = (*value.__reduce_ex__(5), None)[:6]
    yield ".__reduce__()", (maker, arguments, tuple(rest))
    if isinstance(state, dict):
        for name in sorted(state.keys() - _NO_CONTENT):
            yield f".{name}", state[name]
    else:
        yield "", state
