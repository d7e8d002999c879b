"""Values that differ, and several versions, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helix_jupyter.version.compare_frames import FrameDiff
from helix_jupyter.version.compare_many import Comparison
from helix_jupyter.version.compare_models import ModelDiff
from helix_jupyter.version.compare_plain import EntryChange, PlainDiff
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.values import ValueDiff
from helix_jupyter.view.columns import columns
from helix_jupyter.view.words import MARKS, NONE, line, number, numbers, plural, signed
from helix_jupyter.view.words_values import column_note, shift_word, value_facts

_ROWS = 8


def values_text(diff: Diff) -> str:
    """Each value that differs: what is to be said of it, and its largest differences."""
    return "\n".join("\n".join(_value(value, diff)) for value in diff.values.values())


def _value(value: ValueDiff, diff: Diff) -> Iterator[str]:
    was, became = (line(summary, 60) for summary in value.summaries)
    kind = became if was == became else f"{was or NONE} -> {became or NONE}"
    yield f"value {line(value.label, 80)}: {kind}"
    yield from (f"  {line(fact, 400)}" for fact in value_facts(value, diff))
    rows, left = _rows(value)
    if rows:
        yield columns(rows, indent="  ")
    if left > 0:
        yield f"  and {left:,} more"


def _rows(value: ValueDiff) -> tuple[list[tuple[str, ...]], int]:
    detail = value.detail
    if isinstance(detail, FrameDiff) and detail.labels and detail.labels.entries:
        return _entries("label", detail.labels.entries)
    if isinstance(detail, FrameDiff) and detail.columns:
        rows: list[tuple[str, ...]] = [
            (
                line(one.column, 40),
                f"{one.dtypes[0]} -> {one.dtypes[1]}" if one.retyped else one.dtypes[1],
                f"{one.missing[0]:,} -> {one.missing[1]:,}" if one.missing[0] != one.missing[1] else "",
                " -> ".join(numbers(*one.means)) if one.means != (None, None) else "",
                f"{one.shift:.3f} {shift_word(one.shift)}" if one.shift is not None else "",
                column_note(one),
            )
            for one in detail.columns[:_ROWS]
        ]
        return [("column", "type", "missing", "mean", "shift", ""), *rows], len(detail.columns) - _ROWS
    if isinstance(detail, ModelDiff):
        parameters = [
            (line(p.name, 40), line(p.before or NONE, 40), "->", line(p.after or NONE, 40), "")
            for p in detail.parameters
        ]
        weights = [
            (line(w.feature, 40), numbers(w.before, w.after)[0], "->", numbers(w.before, w.after)[1], signed(w.change))
            for w in detail.weights[:_ROWS]
        ]
        head = ("", "before", "", "after", "change" if weights else "")
        found: list[tuple[str, ...]] = [*parameters, *weights]
        return ([head, *found] if found else []), len(detail.weights) - _ROWS
    if isinstance(detail, PlainDiff) and detail.entries:
        return _entries("", detail.entries)
    return [], 0


def _entries(head: str, listed: Sequence[EntryChange]) -> tuple[list[tuple[str, ...]], int]:
    rows = [(line(e.path, 40), line(e.before or NONE, 60), "->", line(e.after or NONE, 60)) for e in listed[:_ROWS]]
    return [(head, "before", "", "after"), *rows], len(listed) - _ROWS


def figures_text(diff: Diff) -> str:
    """Which nodes show other pictures."""
    return "\n".join(
        f"{plural(len(pairs), 'figure')} of {line(node, 80)} {'differs' if len(pairs) == 1 else 'differ'}"
        for node, pairs in diff.figures.items()
    )


def comparison_text(comparison: Comparison) -> str:
    """Metrics, parameters and nodes as tables, one column for each version."""
    return "\n\n".join(part for part in _tables(comparison) if part)


def _tables(comparison: Comparison) -> Iterator[str]:
    heads = [str(version.id) for version in comparison.versions]
    yield f"versions {', '.join(heads)}"
    if not (comparison.metrics or comparison.parameters or comparison.nodes):
        yield "nothing differs between them"
    right = range(1, len(heads) + 1)
    if comparison.metrics:
        rows = [
            (
                line(row.name, 40),
                *(f"{number(value)}{'*' if value is not None and value == row.best else ''}" for value in row.values),
            )
            for row in comparison.metrics
        ]
        yield columns([("metric (* best)", *heads), *rows], right=right, indent="  ")
    if comparison.parameters:
        rows = [
            (line(f"{row.node}.{row.label}", 60), *(line(value or NONE, 40) for value in row.values))
            for row in comparison.parameters
        ]
        yield columns([("parameter", *heads), *rows], right=right, indent="  ")
    if comparison.nodes:
        rows = [
            (line(node, 40), *(f"{MARKS[one.value]} {one}" if one else NONE for one in changes))
            for node, changes in comparison.nodes.items()
        ]
        yield columns([("node", *heads), *rows], indent="  ")
