"""Values kept in memory between and during runs, under a budget. Checked by digest before they are used again."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import GEN_CREATED, getgeneratorstate
from types import GeneratorType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest


@dataclass
class _Entry:
    value: Any
    bytes: int
    by_content: bool


class Memory:
    """Values by identity (the digest of their content, or of their provenance where they have none).

    The least recently used go first when the budget is exceeded. A notebook holds the very objects that lie here, and
    may change them in place; so a value counts as present only while it still has its digest.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._entries: dict[str, _Entry] = {}

    def offer(self, identity: str, value: Any, size: int, by_content: bool) -> None:
        """Keep ``value`` (``size`` bytes) if it fits, dropping what was used longest ago."""
        self._entries.pop(identity, None)
        if size > self.budget:
            return
        self._entries[identity] = _Entry(value, size, by_content)
        while self.used_bytes > self.budget:
            self._entries.pop(next(iter(self._entries)))

    @property
    def used_bytes(self) -> int:
        """Bytes of all values held."""
        return sum(entry.bytes for entry in self._entries.values())

    @property
    def identities(self) -> frozenset[str]:
        """What is held, unchecked."""
        return frozenset(self._entries)

    def __contains__(self, identity: str) -> bool:
        return identity in self._entries

    def take(self, identity: str, checked: bool = False) -> tuple[bool, Any]:
        """Whether the value is here unchanged, and the value; ``checked``: it is known to be unchanged."""
        entry = self._entries.pop(identity, None)
        if entry is None or not (checked or unchanged(entry.value, identity, entry.by_content)):
            return False, None
        self._entries[identity] = entry
        return True, entry.value

    def drop(self, identity: str) -> None:
        """Forget one value."""
        self._entries.pop(identity, None)


def unchanged(value: Any, identity: str, by_content: bool) -> bool:
    """Whether a value still has the content that it was recorded with.

    Values without a digest are trusted, but for a generator that somebody has begun to read: it gives its items once.
    """
    if not by_content:
        return not isinstance(value, GeneratorType) or getgeneratorstate(value) == GEN_CREATED
    try:
        return digest(value) == identity
    except Undigestable:
        return False
