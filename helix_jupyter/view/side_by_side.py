"""Two texts as aligned rows, changed words marked. Reads code, returns rows; draws nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

CONTEXT = 3
# beyond this, marking words in a line costs more than it tells
_LONG_LINE = 600
# lines less alike than this are other lines; blocks with more pairs than this are paired in order
_ALIKE = 0.45
_LARGE_BLOCK = 400

Piece = tuple[str, bool]


@dataclass(frozen=True)
class Line:
    """A line of one side: its number from 1, and its text in pieces, each with whether it differs."""

    number: int
    pieces: tuple[Piece, ...]
    changed: bool


@dataclass(frozen=True)
class Row:
    """A pair of lines; None where that side has none. ``skipped`` stands for so many equal lines left out."""

    before: Line | None = None
    after: Line | None = None
    skipped: int = 0


def side_by_side(before: str, after: str) -> tuple[Row, ...]:
    """Align two texts line by line, with three equal lines of context round each change."""
    return tuple(_rows(before.splitlines(), after.splitlines()))


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    reached = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] > reached:
            yield Row(skipped=group[0][1] - reached)
        for kind, old_from, old_to, new_from, new_to in group:
            yield from _block(kind, old, new, range(old_from, old_to), range(new_from, new_to))
        reached = group[-1][2]
    if reached < len(old):
        yield Row(skipped=len(old) - reached)


def _block(kind: str, old: Sequence[str], new: Sequence[str], left: range, right: range) -> Iterator[Row]:
    for a, b in _pairs(kind, old, new, left, right):
        if kind == "equal" and a is not None and b is not None:
            yield Row(Line(a + 1, ((old[a], False),), False), Line(b + 1, ((new[b], False),), False))
        elif a is not None and b is not None:
            before, after = _words(old[a], new[b])
            yield Row(Line(a + 1, before, True), Line(b + 1, after, True))
        elif a is not None:
            yield Row(before=Line(a + 1, ((old[a], False),), True))
        elif b is not None:
            yield Row(after=Line(b + 1, ((new[b], False),), True))


def _pairs(
    kind: str, old: Sequence[str], new: Sequence[str], left: range, right: range
) -> Iterable[tuple[int | None, int | None]]:
    if kind != "replace" or len(left) * len(right) > _LARGE_BLOCK:
        return zip_longest(left, right)
    return _matched(old, new, left, right)


def _matched(
    old: Sequence[str], new: Sequence[str], left: range, right: range
) -> Iterator[tuple[int | None, int | None]]:
    """Pair the lines of a replaced block so that the pairs are most alike (Needleman and Wunsch 1970)."""
    tables = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left, 1):
        for j, b in enumerate(right, 1):
            together = tables[i - 1][j - 1] + _likeness(old[a], new[b])
            tables[i][j] = max(together, tables[i - 1][j], tables[i][j - 1])
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(left), len(right)
    while i and j:
        if tables[i][j] == tables[i][j - 1]:
            j -= 1
            pairs.append((None, right[j]))
        elif tables[i][j] == tables[i - 1][j]:
            i -= 1
            pairs.append((left[i], None))
        else:
            i, j = i - 1, j - 1
            pairs.append((left[i], right[j]))
    pairs += [(None, right[k]) for k in reversed(range(j))] + [(left[k], None) for k in reversed(range(i))]
    return reversed(pairs)


def _likeness(old: str, new: str) -> float:
    ratio = difflib.SequenceMatcher(None, old[:_LONG_LINE], new[:_LONG_LINE], autojunk=False).ratio()
    return ratio if ratio >= _ALIKE else 0.0


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(old), len(new)) > _LONG_LINE:
        return ((old, False),), ((new, False),)
    a, b = (re.findall(r"\d+\.\d+|\w+|\s+|.", text) for text in (old, new))
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:  # another line altogether: marking single brackets would only be noise
        return ((old, False),), ((new, False),)
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        before.append(("".join(a[a_from:a_to]), kind != "equal"))
        after.append(("".join(b[b_from:b_to]), kind != "equal"))
    return tuple(piece for piece in before if piece[0]), tuple(piece for piece in after if piece[0])
