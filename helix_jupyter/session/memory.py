"""Values at hand between and during runs, with what they weigh. Checked by digest before they are used again.

What stays when the budget is exceeded is decided elsewhere: see ``remembering``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from inspect import GEN_CREATED, getgeneratorstate
from types import GeneratorType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.session.allocations import Extent


@dataclass
class _Entry:
    value: Any
    extent: Extent
    by_content: bool
    keys: set[str]


class Memory:
    """Values by identity (the digest of their content, or of their provenance where they have none).

    A notebook holds the very objects that lie here, and may change them in place; so a value counts as present only
    while it still has its digest.

    Attributes
    ----------
    budget
        Bytes that all values together may take, those alone excepted that a run is using.
    used_bytes
        What they take; what several share (views, frames with the same columns) counts once.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used_bytes = 0
        self._entries: dict[str, _Entry] = {}
        self._sharers: Counter[Hashable] = Counter()

    def put(self, identity: str, value: Any, extent: Extent, by_content: bool, key: str) -> None:
        """Take a value; ``key`` names the node's value that it is part of, with which it goes."""
        earlier = self._entries.get(identity)
        keys = {key} | (earlier.keys if earlier else set())
        if earlier is not None and earlier.value is value:
            earlier.keys = keys
            return
        self.drop(identity)
        self._entries[identity] = _Entry(value, extent, by_content, keys)
        self.used_bytes += extent.own
        for piece, size in extent.pieces.items():
            self._sharers[piece] += 1
            if self._sharers[piece] == 1:
                self.used_bytes += size

    @property
    def identities(self) -> frozenset[str]:
        """What is held, unchecked."""
        return frozenset(self._entries)

    def __contains__(self, identity: str) -> bool:
        return identity in self._entries

    def take(self, identity: str, checked: bool = False) -> tuple[bool, Any]:
        """Whether the value is here unchanged, and the value; ``checked``: it is known to be unchanged."""
        entry = self._entries.get(identity)
        if entry is None:
            return False, None
        if not (checked or unchanged(entry.value, identity, entry.by_content)):
            self.drop(identity)
            return False, None
        return True, entry.value

    def look(self, identity: str) -> tuple[bool, Any]:
        """As ``take``, for another thread that only looks: what was used last stays as it is."""
        entry = self._entries.get(identity)
        if entry is None or not unchanged(entry.value, identity, entry.by_content):
            return False, None
        return True, entry.value

    def drop(self, identity: str) -> None:
        """Forget one value."""
        entry = self._entries.pop(identity, None)
        if entry is None:
            return
        self.used_bytes -= entry.extent.own
        for piece, size in entry.extent.pieces.items():
            self._sharers[piece] -= 1
            if not self._sharers[piece]:
                del self._sharers[piece]
                self.used_bytes -= size

    def drop_key(self, key: str) -> None:
        """Forget what belongs to this node's value and to no other's."""
        for identity in self.keys().get(key, ()):
            entry = self._entries[identity]
            entry.keys.discard(key)
            if not entry.keys:
                self.drop(identity)

    def keys(self) -> dict[str, list[str]]:
        """``{key: identities}`` of all that is held."""
        found: dict[str, list[str]] = {}
        for identity, entry in self._entries.items():
            for key in entry.keys:
                found.setdefault(key, []).append(identity)
        return found

    def bytes_of(self, identities: Iterable[str]) -> int:
        """What these take together."""
        extents = [self._entries[identity].extent for identity in identities if identity in self._entries]
        pieces = {piece: size for extent in extents for piece, size in extent.pieces.items()}
        return sum(extent.own for extent in extents) + sum(pieces.values())

    def shares_of(self, identities: Iterable[str]) -> int:
        """Their part of what is used: of what several share, as much as falls to each. All parts add up to it."""
        total = 0.0
        for identity in identities:
            entry = self._entries[identity]
            parted = sum(size / self._sharers[piece] for piece, size in entry.extent.pieces.items())
            total += (entry.extent.own + parted) / len(entry.keys)
        return round(total)

    def excess(self, in_use: Collection[str]) -> int:
        """Bytes over the budget that can be given back; ``in_use`` are identities that a run is using."""
        over = self.used_bytes - self.budget
        return over if over <= 0 else min(over, self.used_bytes - self.bytes_of(in_use))


def unchanged(value: Any, identity: str, by_content: bool) -> bool:
    """Whether a value still has the content that it was recorded with.

    Values without a digest are trusted, but for a generator that somebody has begun to read: it gives its items once.
    """
    if not by_content:
        return not is_a(value, GeneratorType) or getgeneratorstate(value) == GEN_CREATED
    try:
        return digest(value, ordered=True) == identity
    except Undigestable:
        return False
