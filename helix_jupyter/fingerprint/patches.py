"""Attributes that are replaced for a while and put back, last first."""

from __future__ import annotations

from typing import Any


class Patches:
    """Replaced attributes of modules and classes."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any]] = []

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Replace ``owner.name``."""
        # as it stands there, so that a class gets its descriptor back and not what that gives
        original = vars(owner)[name] if name in vars(owner) else getattr(owner, name)
        self._replaced.append((owner, name, original))
        setattr(owner, name, value)

    def remove(self) -> None:
        """Put everything back as it was."""
        while self._replaced:
            owner, name, original = self._replaced.pop()
            setattr(owner, name, original)
