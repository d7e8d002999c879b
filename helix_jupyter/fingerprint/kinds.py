"""Of which type a value is, without asking the value: it may answer with another one, or raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builtins import isinstance as is_a
else:

    def is_a(value, kind):
        """As ``isinstance``, by the value's real type."""
        return issubclass(type(value), kind)


__all__ = ["is_a"]
