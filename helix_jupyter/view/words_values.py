"""Values that differ, in words: sentences and figures that text and HTML share."""

from __future__ import annotations

from collections.abc import Iterator

from helix_jupyter.version.compare_arrays import ArrayDiff
from helix_jupyter.version.compare_frames import ColumnDiff, FrameDiff
from helix_jupyter.version.compare_labels import LabelsDiff
from helix_jupyter.version.compare_models import ModelDiff
from helix_jupyter.version.compare_plain import PlainDiff
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.values import ValueDiff
from helix_jupyter.view.words import line, names, number, plural, seconds, signed, size

# a value whose content has no digest is known by what made it: its digest differs though nothing else does
_NO_DIFFERENCE = "no difference was found"


def value_facts(value: ValueDiff, diff: Diff) -> Iterator[str]:
    """What is to be said of a value as a whole, a sentence each."""
    yield from missing_facts(value, diff)
    yield from told_facts(value)


def told_facts(value: ValueDiff, with_columns: bool = True) -> Iterator[str]:
    """What was found out of a value as a whole; why one was not looked at is said by ``missing_facts``.

    ``with_columns``: a table's columns that came and went are listed, too.
    """
    yield from value.notes
    detail = value.detail
    if isinstance(detail, FrameDiff):
        yield from frame_facts(detail, with_columns)
    elif isinstance(detail, ArrayDiff):
        yield from array_facts(detail)
    elif isinstance(detail, ModelDiff):
        yield from model_facts(detail)
    elif isinstance(detail, PlainDiff):
        yield from plain_facts(detail)
    elif not value.missing and not value.notes:
        yield "Values of this kind are not looked into; their digests differ."


def missing_facts(value: ValueDiff, diff: Diff) -> Iterator[str]:
    """Why a value was not looked at, what having it takes, and how to ask for it."""
    ask = f"%helix diff {diff.before.id} {diff.after.id} --values {value.node}"
    large = [missing for missing in value.missing if missing.why == "large"]
    if large:
        yield f"{value.label} has {' and '.join(size(missing.bytes) for missing in large)} and was not read: {ask}"
    for missing in value.missing:
        if missing.why != "large":
            took = seconds(missing.seconds) or "no time"
            gone = f"{value.label} of version {missing.version} is no longer stored"
            yield f"{gone}; computing it takes about {took}: {ask}"


def frame_facts(frame: FrameDiff, with_columns: bool = True) -> Iterator[str]:
    """Rows, columns that came and went, order."""
    old, new = frame.rows
    if old != new:
        yield f"{old:,} → {new:,} rows ({signed(float(new - old))})"
    for verb, columns in (("added", frame.added), ("removed", frame.removed)):
        if columns and with_columns:
            listed = names((f"{name} ({dtype})" for name, dtype in columns), 12)
            yield f"{plural(len(columns), 'column')} {verb}: {listed}"
    if not (frame.columns or frame.added or frame.removed or frame.moved or frame.index_differs or frame.left):
        yield _NO_DIFFERENCE
    if frame.moved:
        yield "columns in another order"
    if frame.labels is not None:
        yield from label_facts(frame.labels)
    elif frame.index_differs:
        yield "the index differs"
    if frame.left:
        yield f"{plural(frame.left, 'further column')} not looked at"
    if frame.sampled:
        yield "distributions told from an even selection of the rows"


def label_facts(labels: LabelsDiff) -> Iterator[str]:
    """How many labels came, went or have another value."""
    told = [f"{plural(count, 'label')} {verb}" for verb, count in (("added", labels.added), ("removed", labels.removed))
            if count]  # fmt: skip
    if labels.changed:
        told.append(f"{labels.changed:,} of {plural(labels.changed + labels.same, 'shared label')} with another value")
    yield ", ".join(told) if told else "the same values under the same labels, in another order"


def column_note(column: ColumnDiff) -> str:
    """What is worth a word of a column."""
    notes = []
    if column.reordered:
        notes.append("the same values in another order")
    return "; ".join(notes)


def array_facts(array: ArrayDiff) -> Iterator[str]:
    """Shape, type, norms."""
    (old, new), (was, became) = array.shapes, array.dtypes
    yield f"shape {shape(old)} → {shape(new)}" if old != new else f"shape {shape(new)}"
    if was != became:
        yield f"{was} → {became}"
    if array.difference is not None:
        share = f" ({100 * array.relative:.3g} % of the norm before)" if array.relative is not None else ""
        yield f"norm of the difference {number(array.difference)}{share}"
    elif array.norms[0] is not None and array.norms[1] is not None:
        yield f"norm {number(array.norms[0])} → {number(array.norms[1])}"
    if array.largest is not None:
        yield f"largest difference {number(array.largest)}"
    if array.changed is not None and array.size:
        yield f"{array.changed:,} of {array.size:,} entries differ"


def shape(of: tuple[int, ...]) -> str:
    """``10 x 3``; a scalar's has a word."""
    return " x ".join(f"{length:,}" for length in of) or "scalar"


def model_facts(model: ModelDiff) -> Iterator[str]:
    """Types, and how many parameters and weights are the same."""
    if model.types[0] != model.types[1]:
        yield f"{line(model.types[0], 60)} → {line(model.types[1], 60)}"
    elif not model.parameters:
        yield f"{line(model.types[1], 60)}, {plural(model.same_parameters, 'parameter')} the same"
    if model.weight and not model.weights:
        yield f"{plural(model.same_weights, model.weight)} the same"
    if model.left:
        yield f"{plural(model.left, f'further {model.weight}')} changed less"
    if model.weights and not model.named:
        yield "the features' names are not known: give them as a list beside the model"


def plain_facts(plain: PlainDiff) -> Iterator[str]:
    """Lengths, and what is left out."""
    if plain.lengths:
        yield f"{plain.lengths[0]:,} → {plain.lengths[1]:,} entries"
    if not plain.entries:
        yield _NO_DIFFERENCE
    if plain.left:
        yield f"{plural(plain.left, 'further entry').replace('entrys', 'entries')} differ"


def shift_word(shift: float | None) -> str:
    """How far two distributions lie apart, in words; the bounds are ours, the figure stands beside them."""
    if shift is None:
        return ""
    return "none" if shift < 0.0005 else "slight" if shift < 0.1 else "clear" if shift < 0.3 else "strong"
