"""HTML of more than two versions beside each other: curves, parameters, metrics, nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from helix_jupyter.version.compare_many import Comparison, ParameterRow
from helix_jupyter.version.types import Version
from helix_jupyter.view.markup import (
    attribute,
    block,
    code,
    escape,
    frame,
    heading,
    isolated,
    name,
    picture,
    soft,
    table,
    tag,
)
from helix_jupyter.view.markup import state as state_html
from helix_jupyter.view.parallel import AXES, Axis, parallel_svg
from helix_jupyter.view.style import AFTER_WORD, SCROLLED
from helix_jupyter.view.words import NONE, line, moment, number, plural, seconds

# what a table shows; of more versions, the first
_VERSIONS = 24


def comparison_html(comparison: Comparison) -> str:
    """Only what differs; the first version is what the others are compared with."""
    return frame("".join(_parts(comparison)), sheet=True)


def _parts(comparison: Comparison) -> Iterator[str]:
    count = len(comparison.versions)
    yield block(f"<b>{plural(count, 'version')}</b> {soft('only what differs; set against the first')}")
    if len(axes := axes_of(comparison)) > 1:
        labels = [str(version.id) for version in comparison.versions]
        told = f"parallel curves of {', '.join(axis.name for axis in axes[:AXES])} over {plural(count, 'version')}"
        yield tag("div", picture(parallel_svg(labels, axes), line(told, 300)), SCROLLED)
    yield _head_table(comparison)
    if comparison.metrics:
        yield heading("Metrics") + _metrics(comparison)
    if comparison.parameters:
        yield heading("Parameters") + _parameters(comparison)
    if comparison.nodes:
        yield heading("Nodes") + _nodes(comparison)
    if count > _VERSIONS:
        yield block(soft(f"{plural(count - _VERSIONS, 'further version')} not shown in the tables"))


def axes_of(comparison: Comparison) -> list[Axis]:
    """Parameters that are numbers in every version that has them, then metrics; only what differs."""
    axes = []
    for row in comparison.parameters:
        values = [_number(value) for value in row.values]
        if all(value is not None or row.values[at] is None for at, value in enumerate(values)):
            axes.append(Axis(row.label, tuple(values)))
    axes += [Axis(row.name, row.values, row.direction) for row in comparison.metrics]
    return [axis for axis in axes if len({value for value in axis.values if value is not None}) > 1]


def _number(text: str | None) -> float | None:
    try:
        value = ast.literal_eval(text) if text else None
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    except (ValueError, SyntaxError, MemoryError, RecursionError, OverflowError):
        return None


def _heads(comparison: Comparison) -> list[str]:
    return [
        f'<span data-version="{attribute(version.id)}">{version.id}</span>'
        for version in comparison.versions[:_VERSIONS]
    ]


def _head_table(comparison: Comparison) -> str:
    rows = [
        (
            f"<b>{version.id}</b>",
            isolated(line(version.message, 120)),
            soft(moment(version.created)),
            seconds(version.seconds),
            _status(version),
        )
        for version in comparison.versions[:_VERSIONS]
    ]
    return table(("version", "message", "when", "time", ""), rows, (3,))


def _status(version: Version) -> str:
    if version.status == "done":
        return ""
    return state_html("interrupted" if version.status == "interrupted" else "failed", line(version.status, 30))


def _metrics(comparison: Comparison) -> str:
    rows = []
    for row in comparison.metrics:
        cells = [_cell(value, row.best) for value in row.values[:_VERSIONS]]
        rows.append((name(line(row.name, 60)), *cells, soft(f"{row.direction} is better") if row.direction else ""))
    return table(("", *_heads(comparison), ""), rows, range(1, len(comparison.versions[:_VERSIONS]) + 1))


def _cell(value: float | None, best: float | None) -> str:
    if value is None:
        return NONE
    return f'<b title="best">{number(value)}</b>' if value == best else number(value)


def _parameters(comparison: Comparison) -> str:
    several = len({row.node for row in comparison.parameters}) > 1
    rows = [
        (name(line(row.label, 60)), *_values(row), soft(line(row.node, 60)) if several else "")
        for row in comparison.parameters
    ]
    return table(("", *_heads(comparison), "node" if several else ""), rows, range(1, len(_heads(comparison)) + 1))


def _values(row: ParameterRow) -> Sequence[str]:
    first = row.values[0]
    return [
        NONE if value is None else code(escape(line(value, 40))) if value == first else _changed(value)
        for value in row.values[:_VERSIONS]
    ]


def _changed(value: str) -> str:
    return tag("ins", code(escape(line(value, 40))), AFTER_WORD)


def _nodes(comparison: Comparison) -> str:
    rows = [
        (name(line(node, 60)), *(state_html(one.value) if one else NONE for one in of[1:_VERSIONS]))
        for node, of in comparison.nodes.items()
    ]
    return table(("", *_heads(comparison)[1:]), rows)
