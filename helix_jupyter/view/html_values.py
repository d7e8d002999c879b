"""HTML of values that differ: tables, arrays, estimators, Python's own. Reads a ``Diff``'s values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helix_jupyter.version.compare_arrays import ArrayDiff
from helix_jupyter.version.compare_frames import ColumnDiff, FrameDiff
from helix_jupyter.version.compare_models import ModelDiff, WeightChange
from helix_jupyter.version.compare_plain import EntryChange, PlainDiff
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.values import ValueDiff
from helix_jupyter.view.histograms import histogram, span
from helix_jupyter.view.markup import block, code, details, escape, heading, isolated, name, soft, table, tag
from helix_jupyter.view.style import AFTER_WORD, BEFORE_WORD, COLOURS, SOFT
from helix_jupyter.view.weights import weight_bar
from helix_jupyter.view.words import NONE, line, numbers, plural, signed
from helix_jupyter.view.words_values import column_note, shift_word, value_facts

_COLUMNS, _WEIGHTS, _ENTRIES = 12, 15, 15
# of more columns even those that are folded away make a saved notebook heavy
_PICTURES = 60


def values_html(diff: Diff) -> str:
    """Every value that differs, by kind: data, models, other values."""
    groups: dict[str, list[ValueDiff]] = {"Data": [], "Models": [], "Values": []}
    for value in diff.values.values():
        groups[_group(value)].append(value)
    return "".join(
        heading(title) + "".join(_value(value, diff) for value in found) for title, found in groups.items() if found
    )


def _group(value: ValueDiff) -> str:
    if isinstance(value.detail, (FrameDiff, ArrayDiff)):
        return "Data"
    return "Models" if isinstance(value.detail, ModelDiff) else "Values"


def _value(value: ValueDiff, diff: Diff) -> str:
    was, became = (line(summary, 60) for summary in value.summaries)
    kind = isolated(became if was == became else f"{was or NONE} → {became or NONE}")
    facts = " · ".join(_fact(line(fact, 400)) for fact in value_facts(value, diff))
    head = f"{name(value.label)} &nbsp;{tag('span', ' · '.join(part for part in (kind, facts) if part), SOFT)}"
    return block(head) + _detail(value)


def _fact(text: str) -> str:
    """A sentence; the line to type behind it stands as code."""
    told, colon, typed = text.partition(": %helix ")
    return f"{isolated(told)}: {code(isolated(f'%helix {typed}'))}" if colon else isolated(text)


def _detail(value: ValueDiff) -> str:
    detail = value.detail
    if isinstance(detail, FrameDiff):
        return _frame(detail)
    if isinstance(detail, ArrayDiff):
        return _array(detail, value.label)
    if isinstance(detail, ModelDiff):
        return _model(detail)
    return _listed(detail.entries) if isinstance(detail, PlainDiff) else ""


# tables


def _frame(frame: FrameDiff) -> str:
    labels = _listed(frame.labels.entries, "label") if frame.labels else ""
    if not frame.columns:
        return labels
    parts = [_columns(frame.columns[:_COLUMNS])]
    if rest := frame.columns[_COLUMNS:]:
        parts.append(details(f"{plural(len(rest), 'further column')} with a smaller shift", _columns(rest)))
    same = block(soft(f"{plural(frame.same, 'column')} the same")) if frame.same else ""
    return "".join(parts) + same + labels


def _columns(columns: Iterable[ColumnDiff]) -> str:
    rows = [_column(column, place < _PICTURES) for place, column in enumerate(columns)]
    head = ("column", "type", "missing", "mean before", "after", "shift", _KEY, "")
    return table(head, rows, (2, 3, 4), (7,))


_KEY = f'<b style="color:{COLOURS["edited"]}">□</b> before <b style="color:{COLOURS["load"]}">■</b> after'


def _column(column: ColumnDiff, drawn: bool) -> Sequence[str]:
    was, became = column.dtypes
    kind = f"{_was(was)} → {_is(became)}" if column.retyped else soft(became)
    old, new = column.missing
    missing = f"{old:,} → {new:,}" if old != new else f"{new:,}" if new else ""
    means = numbers(*column.means) if column.means != (None, None) else ("", "")
    drawing = ""
    if column.histogram and drawn:
        over = tag("span", isolated(span(column.histogram)), f"{SOFT};font-size:85%")
        drawing = f"{histogram(column.histogram, line(column.column, 60))}<br>{over}"
    shift = f"{column.shift:.3f} {soft(shift_word(column.shift))}" if column.shift is not None else ""
    title = name(line(column.column, 80))
    return (title, kind, missing, *map(escape, means), shift, drawing, column_note(column))


def _was(text: str) -> str:
    return tag("del", code(isolated(line(text, 40))), BEFORE_WORD)


def _is(text: str) -> str:
    return tag("ins", code(isolated(line(text, 40))), AFTER_WORD)


def _array(array: ArrayDiff, label: str) -> str:
    if array.histogram is None:
        return ""
    shift = f"shift {array.shift:.3f} {shift_word(array.shift)}" if array.shift is not None else ""
    over = tag("span", isolated(span(array.histogram)), f"{SOFT};font-size:85%")
    return block(f"{histogram(array.histogram, line(label, 60))} {_KEY} &nbsp;{soft(shift)}<br>{over}")


# estimators


def _model(model: ModelDiff) -> str:
    parts = []
    if model.parameters:
        rows = [
            (
                name(line(parameter.name, 80)),
                _side(parameter.before, BEFORE_WORD, "del"),
                _side(parameter.after, AFTER_WORD, "ins"),
            )
            for parameter in model.parameters
        ]
        parts.append(table(("parameter", "before", "after"), rows, (1, 2)))
        if model.same_parameters:
            parts.append(block(soft(f"{plural(model.same_parameters, 'parameter')} the same")))
    if model.weights:
        parts.append(_weights(model.weight, model.weights[:_WEIGHTS], model.weights))
        if rest := model.weights[_WEIGHTS:]:
            folded = _weights(model.weight, rest, model.weights, drawn=False)
            parts.append(details(f"{plural(len(rest), f'further {model.weight}')} that changed less", folded))
    return "".join(parts)


def _side(text: str | None, look: str, element: str) -> str:
    return NONE if text is None else tag(element, code(escape(line(text, 120))), look)


def _weights(kind: str, rows: Sequence[WeightChange], among: Sequence[WeightChange], drawn: bool = True) -> str:
    widest = max((abs(one) for w in among for one in (w.before, w.after) if one is not None), default=0.0)
    cells = [
        (
            name(line(weight.feature, 80)),
            *numbers(weight.before, weight.after),
            signed(weight.change),
            weight_bar(weight, widest) if drawn else "",
            _novelty(weight),
        )
        for weight in rows
    ]
    return table((kind, "before", "after", "change", _KEY, ""), cells, (1, 2, 3), (5,))


def _novelty(weight: WeightChange) -> str:
    if weight.before is None:
        return "new feature"
    return "feature gone" if weight.after is None else ""


# Python's own


def _listed(listed: Sequence[EntryChange], noun: str = "") -> str:
    parts = [_entries(listed[:_ENTRIES], noun)]
    if rest := listed[_ENTRIES:]:
        parts.append(details(f"{len(rest):,} further", _entries(rest, noun)))
    return "".join(parts) if listed else ""


def _entries(listed: Sequence[EntryChange], noun: str) -> str:
    rows = [
        (
            name(line(entry.path, 80)) if entry.path else "",
            _side(entry.before, BEFORE_WORD, "del"),
            _side(entry.after, AFTER_WORD, "ins"),
        )
        for entry in listed
    ]
    return table((noun, "before", "after"), rows)
