"""A value in a few rows and figures, as JSON of text: what the panel of a node shows. Computes nothing that is dear.

Whatever a value says of itself stays text: no HTML of it is taken over, since values come from files of others.
"""

from __future__ import annotations

import numbers
import reprlib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.version.compare_figures import drawn, is_figure

ROWS, COLUMNS, FIELDS, CELL, STEP, TEXT = 8, 24, 40, 48, 160, 2_000
# of a larger array a share is looked at, evenly spread
ELEMENTS = 1_000_000
_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_FROM = frozenset({"builtins", "collections", "datetime", "decimal", "pathlib", "numpy", "pandas", "polars", "pyarrow"})


def preview(value: Any, metrics: bool = False) -> dict[str, Any] | None:
    """Describe a value: ``kind`` is ``frame``, ``array``, ``fields``, ``image`` or ``text``; None for nothing to say.

    ``metrics``: a mapping of names to numbers. Never raises: a value's own methods may do anything.
    """
    try:
        return _preview(value, metrics)
    except Exception as problem:  # see above; what went wrong is what there is to say
        return {"kind": "text", "text": f"It cannot be shown ({type(problem).__name__})."}


def _preview(value: Any, metrics: bool) -> dict[str, Any] | None:
    top = type(value).__module__.partition(".")[0]
    if top == "pandas" and hasattr(value, "to_frame") and not hasattr(value, "columns"):
        value = value.to_frame()
    if top in ("pandas", "polars") and hasattr(value, "columns") and hasattr(value, "head"):
        return _frame(value)
    if top == "pyarrow" and hasattr(value, "schema") and hasattr(value, "slice"):
        return _arrow(value)
    if top == "torch" and hasattr(value, "detach"):
        value, top = value.detach().cpu().numpy(), "numpy"
    if top == "numpy" and hasattr(value, "flat"):
        return _array(value)
    if top == "scipy" and hasattr(value, "nnz"):
        told = [("stored elements", f"{value.nnz:,}")]
        return {"kind": "array", "shape": list(value.shape), "type": str(value.dtype), "statistics": told, "head": ""}
    if hasattr(value, "get_params") and hasattr(value, "fit"):
        return _estimator(value)
    if top == "matplotlib":
        return _figure(value)
    if is_a(value, Mapping):
        return _mapping(value, metrics)
    return {"kind": "text", "text": _text(value)}


def _frame(value: Any) -> dict[str, Any]:
    columns = list(value.columns)
    shown = columns[:COLUMNS]
    types = list(value.dtypes)
    head = value.head(ROWS)
    if type(value).__module__.startswith("polars"):
        return _table(len(value), columns, types, head.select(shown).rows())
    rows = head.iloc[:, : len(shown)].itertuples(index=False, name=None)
    return {**_table(len(value), columns, types, rows), "labels": _labels(value.index, head.index)}


def _labels(index: Any, shown: Any) -> list[list[str]]:
    """The rows' labels, none where they are but the rows' numbers."""
    if type(index).__name__ == "RangeIndex" and (index.start, index.step, index.name) == (0, 1, None):
        return []
    return [[_short(level) for level in (label if is_a(label, tuple) else (label,))] for label in shown]


def _arrow(value: Any) -> dict[str, Any]:
    head = value.slice(0, ROWS)
    rows = zip(*(head.column(place).to_pylist() for place in range(min(len(value.schema.names), COLUMNS))), strict=True)
    return _table(value.num_rows, value.schema.names, value.schema.types, rows)


def _table(count: int, columns: list[Any], types: Iterable[Any], rows: Iterable[Iterable[Any]]) -> dict[str, Any]:
    pairs = islice(zip(columns, types, strict=True), COLUMNS)
    return {
        "kind": "frame",
        "rows": count,
        "columns": [{"name": _short(name), "type": str(kind)[:CELL]} for name, kind in pairs],
        "hidden": max(len(columns) - COLUMNS, 0),
        "head": [[_short(cell) for cell in islice(row, COLUMNS)] for row in rows],
    }


def _array(value: Any) -> dict[str, Any]:
    import numpy

    described = {"kind": "array", "shape": list(value.shape), "type": str(value.dtype)}
    head = [_short(element.item() if hasattr(element, "item") else element) for element in value.flat[:10]]
    more = ", …" if value.size > len(head) else ""
    statistics: list[tuple[str, str]] = []
    if value.dtype.kind in "biuf" and value.size:
        step = -(-value.size // ELEMENTS)
        looked = numpy.asarray(value.flat[::step], dtype=float)
        known = looked[~numpy.isnan(looked)]
        of = "" if step == 1 else f" (of {looked.size:,} elements)"
        if known.size:
            figures = {"minimum": known.min(), "mean": known.mean(), "maximum": known.max(), "deviation": known.std()}
            statistics = [(f"{name}{of}", f"{float(figure):.6g}") for name, figure in figures.items()]
        statistics.append((f"missing{of}", f"{looked.size - known.size:,}"))
    return {**described, "statistics": statistics, "head": f"{', '.join(head)}{more}"}


def _estimator(value: Any) -> dict[str, Any]:
    settings = islice(value.get_params(deep=False).items(), FIELDS)
    fields = [field for name, setting in settings for field in _setting(name, setting)][:FIELDS]
    learnt = [name for name in vars(value) if name.endswith("_") and not name.startswith("_")]
    fields += [(name, _short(vars(value)[name])) for name in islice(learnt, FIELDS)]
    # a pipeline has nothing of its own that it learnt: it is as fitted as its steps, and says so when asked
    says = getattr(value, "__sklearn_is_fitted__", None)
    is_fitted = says() if says is not None else learnt
    return {"kind": "fields", "title": "fitted" if is_fitted else "not fitted", "fields": fields}


def _setting(name: str, setting: Any) -> list[tuple[str, str]]:
    """A parameter of an estimator; estimators by name (a pipeline's steps) are a field each."""
    are_named = is_a(setting, list) and setting and all(is_a(one, tuple) and is_a(one[0], str) for one in setting)
    return [(one[0], _step(one[1])) for one in setting] if are_named else [(name, _short(setting))]


def _step(step: Any) -> str:
    return _limit(" ".join(repr(step).split()), STEP) if hasattr(step, "get_params") else _short(step)


def _figure(value: Any) -> dict[str, Any]:
    if not is_figure(value):
        return {"kind": "text", "text": type(value).__name__}
    return {"kind": "image", "source": f"data:image/png;base64,{drawn(value).data}", "told": "the node's figure"}


def _mapping(value: Mapping[Any, Any], metrics: bool) -> dict[str, Any]:
    fields = [(_short(name), _number(one) if metrics else _short(one)) for name, one in islice(value.items(), FIELDS)]
    count = len(value)
    title = f"the first {FIELDS} of {count:,}" if count > FIELDS else ""
    return {"kind": "fields", "title": title, "fields": fields}


def _number(value: Any) -> str:
    return f"{float(value):.6g}" if is_a(value, numbers.Real) else _short(value)


def _short(value: Any) -> str:
    """A cell's text. What is not plain data is told by its type alone: its own text may be long in the making."""
    if is_a(value, str):
        return _limit(value, CELL)
    kind = type(value)
    if is_a(value, float):
        return f"{value:.6g}"
    if not is_a(value, _PLAIN) and kind.__module__.partition(".")[0] not in _FROM:
        return kind.__name__[:CELL]
    shape = getattr(value, "shape", None)
    if is_a(shape, tuple) and shape:
        return f"{kind.__name__} {' x '.join(map(str, shape))}"
    return _limit(_limited(value), CELL)


def _limit(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _limited(value: Any) -> str:
    return reprlib.repr(value) if is_a(value, (*_PLAIN, list, tuple, set, frozenset, dict)) else str(value)


def _text(value: Any) -> str:
    if is_a(value, str):
        return value if len(value) <= TEXT else f"{value[:TEXT]}…"
    if is_a(value, (list, tuple, set, frozenset)):
        items = "\n".join(_short(item) for item in islice(value, 2 * ROWS))
        return items + (f"\n… {len(value):,} items" if len(value) > 2 * ROWS else "")
    return _short(value)
