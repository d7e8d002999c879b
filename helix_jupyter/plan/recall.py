"""What keeping a value in memory is worth: an outlook on two levels, memory and the store behind it.

Reads what memory and store hold; says which values memory misses least. Touches no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helix_jupyter.plan.outlook import Outlook, Sized, Vertex


class Recall(Outlook):
    """Expected seconds of the next run as a function of what memory holds, given what the store holds.

    A value in memory takes nothing to have. One that the store holds as well is worth the seconds of its load, each
    time that it is needed; another what making it again would take, given what else there is. What is ``pinned`` is in
    use: it stays, and counts.
    """

    def __init__(self, vertices: Sequence[Vertex], cases: int) -> None:
        super().__init__(vertices, cases)
        self._on_disk: dict[str, float] = {}

    def __contains__(self, key: str) -> bool:
        """Whether the next run may need it, as far as its author's habits tell."""
        return key in self._number

    def begin(self, held: Mapping[str, Sized], on_disk: Mapping[str, float]) -> None:
        """Memory holds ``held``; what the store holds takes these seconds to load."""
        self.held, self._on_disk = dict(held), dict(on_disk)
        self.bytes = sum(value.bytes for value in held.values())
        self._stored = [key in held or key in on_disk for key in self._keys]
        self._load = [0.0 if key in held else on_disk.get(key, 0.0) for key in self._keys]
        self._needed = self._needed_anew()
        for key in held:
            self._rank(key)

    def store(self, key: str, value: Sized) -> None:
        """Memory holds ``key`` from now on, or holds it with other bytes, or no longer in use."""
        if (number := self._number.get(key)) is not None:
            self._load[number] = 0.0
        self._ranks.pop(key, None)
        super().store(key, value)

    def evict(self, key: str) -> None:
        """Memory no longer holds ``key``; the store may."""
        number = self._number.get(key)
        if number is None or key not in self._on_disk:
            super().evict(key)
            return
        self.bytes -= self.held.pop(key).bytes
        self._ranks.pop(key, None)
        self._load[number] = self._on_disk[key]

    def is_on_disk(self, key: str) -> bool:
        """Whether the store holds ``key``, as far as was noted."""
        return key in self._on_disk

    def note_on_disk(self, key: str, load_seconds: float) -> None:
        """The store holds ``key``, too, which memory holds."""
        self._on_disk[key] = load_seconds
        self._rank(key)

    def note_gone(self, key: str) -> None:
        """The store does not hold ``key`` any more."""
        self._on_disk.pop(key, None)
        if key in self.held:
            self._rank(key)
        elif (number := self._number.get(key)) is not None and self._stored[number]:
            self._apply(number, False)

    def loss(self, key: str) -> float:
        """Expected seconds that forgetting ``key`` would cost in the next run."""
        number, seconds = self._number.get(key), self._on_disk.get(key)
        if number is None or seconds is None:
            return super().loss(key)
        return self._needed[number].bit_count() * seconds / self._cases

    def _bound(self, key: str) -> float:
        number = self._number.get(key)
        return super()._bound(key) if number is None or key not in self._on_disk else self.loss(key)
