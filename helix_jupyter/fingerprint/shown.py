"""Which value it is, in a few characters for people. Never raises: a value's own text is the user's code."""

from __future__ import annotations

LONGEST = 60


def shown(value: object) -> str:
    """The value's ``repr``, at most 60 characters of it; ``<type>`` where it has none."""
    try:
        # text is cut before: its repr would be as long as it is
        text = repr(value[: LONGEST + 1] if type(value) in (str, bytes) else value)  # type: ignore[index]
    except Exception:
        return f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
