"""Two texts side by side in a line, cut to where they differ."""

from __future__ import annotations

import re

LONGEST = 60


def excerpts(before: str, after: str) -> tuple[str, str]:
    """Both on one line each, at most 60 characters of them: what is the same in front is left out where it must be."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    start = _start_of_difference(before, after)
    return _cut(before, start), _cut(after, start)


def _start_of_difference(old: str, new: str) -> int:
    """Where two texts begin to differ, moved back to the beginning of an argument or of the text."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)) - 1)
    starts = [match.end() for match in re.finditer(r"\(|, | = |\n", old[:same])]
    return max([same - LONGEST // 2, 0, *starts])


def _cut(text: str, start: int) -> str:
    return one_line(f"...{text[start:]}" if start else text)


def one_line(text: str | None) -> str:
    """The text on one line, at most 60 characters of it."""
    flat = " ".join((text or "").split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 3] + "..."
