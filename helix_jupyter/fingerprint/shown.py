"""Which value it is, in a few characters for people. Never raises: a value's own text is the user's code."""

from __future__ import annotations

from typing import Any

LONGEST = 60


def shown(value: object) -> str:
    """The value's ``repr``, at most 60 characters of it; ``<type>`` where it has none."""
    try:
        # text is cut before: its repr would be as long as it is
        text = repr(value[: LONGEST + 1] if type(value) in (str, bytes) else value)  # type: ignore[index]
    except Exception:
        return f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


# the longest text of a value that is recorded with it, so that it can be made again
_LONGEST_LITERAL = 200
_PLAIN = frozenset({str, bytes, int, float, complex, bool, type(None)})
_CONTAINERS = frozenset({list, tuple, set, dict})


def literal(value: object) -> str:
    """A plain value as code, where that is short; nothing of others."""
    if not _is_plain(value):
        return ""
    text = repr(value)
    return text if len(text) <= _LONGEST_LITERAL else ""


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind in (str, bytes) or kind in _CONTAINERS:
        if len(value) > _LONGEST_LITERAL:
            return False
    elif kind is int:
        return bool(value.bit_length() <= 2 * _LONGEST_LITERAL)
    items = (*value, *value.values()) if kind is dict else value if kind in _CONTAINERS else ()
    return kind in _PLAIN or (kind in _CONTAINERS and all(map(_is_plain, items)))
