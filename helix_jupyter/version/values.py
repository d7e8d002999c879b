"""What is told of values that differ: which, by how much, and why one was not looked at. Reads two values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helix_jupyter.version.compare_arrays import ArrayDiff, compare_arrays, is_array
from helix_jupyter.version.compare_figures import FigureDiff, drawn, is_figure
from helix_jupyter.version.compare_frames import FrameDiff, compare_frames, is_frame
from helix_jupyter.version.compare_models import ModelDiff, compare_models, is_model
from helix_jupyter.version.compare_plain import PlainDiff, compare_plain, is_plain

Detail = FrameDiff | ArrayDiff | ModelDiff | PlainDiff | FigureDiff


@dataclass(frozen=True)
class Missing:
    """Why a value was not looked at: ``not stored`` or ``large`` (left for a request).

    ``seconds`` is what having it would probably take, ``bytes`` how large it is as recorded (0: unknown).
    """

    version: int
    why: str
    seconds: float = 0.0
    bytes: int = 0


@dataclass(frozen=True)
class ValueDiff:
    """One output whose value differs.

    ``summaries`` and ``bytes`` are those on record, before and after. ``detail`` is None where a side is ``missing``
    or values of this kind are not looked into. ``notes`` are sentences worth telling.
    """

    node: str
    output: str
    summaries: tuple[str, str]
    bytes: tuple[int, int]
    detail: Detail | None = None
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The output's name, with its node's where that is another one."""
        return self.output if self.node == self.output else f"{self.node}.{self.output}"


def compare_values(
    before: Any, after: Any, names: Sequence[Sequence[str]] = (), names_after: Sequence[Sequence[str]] = ()
) -> Detail | None:
    """Compare two values by their kind; None where they are of different kinds, or of one that is not looked into.

    ``names``, ``names_after``: see ``compare_models``.
    """
    if is_frame(before) and is_frame(after):
        return compare_frames(before, after)
    if is_array(before) and is_array(after):
        return compare_arrays(before, after)
    if is_model(before) and is_model(after):
        return compare_models(before, after, names, names_after)
    if is_plain(before) and is_plain(after):
        return compare_plain(before, after)
    if is_figure(before) and is_figure(after):
        return FigureDiff(drawn(before), drawn(after))
    return None
