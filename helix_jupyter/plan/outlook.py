"""What keeping a value is worth: the seconds that it saves in the next run, over all edits that may come before it.

Reads the values that a next run may need, each with the cases in which it does; says what storing or evicting one more
changes, *given what else is stored*. Decides nothing.

The next run is one of some hundreds of equally likely cases, and all are looked at together: a set of cases is one
whole number, a bit for each, so that a step along the graph is one ``|`` or ``&`` for all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

# How often what stands beside something evicted is looked at again.
ROUNDS = 2
_CHANGING = ("_compute", "_load", "_stored", "_needed", "held", "_judged", "_disturbed", "_ranks", "_heap")


@dataclass(frozen=True)
class Vertex:
    """One value that a next run may need.

    Attributes
    ----------
    key
        What it is stored under.
    parents
        Keys of what it is computed from; these stand before it in a list of vertices.
    compute_seconds, load_seconds
        What it takes, inputs given.
    wanted
        The cases in which it is needed whatever is stored: it is a target, or still valid while a node that reads it
        is not.
    """

    key: str
    parents: tuple[str, ...]
    compute_seconds: float
    load_seconds: float
    wanted: int


class Sized(Protocol):
    """A stored value: its bytes, whether it may never go, what its loss costs where the outlook knows nothing of it."""

    @property
    def bytes(self) -> int: ...
    @property
    def pinned(self) -> bool: ...
    @property
    def expected_seconds(self) -> float: ...


class Outlook:
    """Expected seconds of the next run as a function of what is stored.

    The next run is taken to load what is stored and to compute what is not; the real one, by minimum cut, is never
    slower. Under this rule gains and losses are exact, and found by looking only at what changes: the part above a
    value up to what else is stored or needed anyway.

    Holds what it takes for stored, so that a decision costs what differs from the one before.

    Attributes
    ----------
    in_any_case
        Expected seconds of what the next run computes whatever is stored: what an edit makes invalid.
    """

    def __init__(self, vertices: Sequence[Vertex], cases: int, in_any_case: float = 0.0) -> None:
        self._cases = cases
        self.in_any_case = in_any_case
        self._number = {vertex.key: at for at, vertex in enumerate(vertices)}
        self._compute = [vertex.compute_seconds for vertex in vertices]
        self._load = [vertex.load_seconds for vertex in vertices]
        self._wanted = [vertex.wanted for vertex in vertices]
        self._parents = [[self._number[parent] for parent in vertex.parents] for vertex in vertices]
        self._children: list[list[int]] = [[] for _ in vertices]
        for at, above in enumerate(self._parents):
            for parent in above:
                self._children[parent].append(at)
        self._stored = [False] * len(vertices)
        self._needed = self._needed_anew()
        self._keys = list(self._number)
        self.held: dict[str, Sized] = {}
        self._judged: set[str] = set()
        self._disturbed: set[int] = set()
        self.bytes = 0
        self._ranks: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._lost = 0.0

    @property
    def seconds(self) -> float:
        """Expected seconds of the next run, without what is computed in any case."""
        each = (self._load[at] if stored else self._compute[at] for at, stored in enumerate(self._stored))
        total = sum(needed.bit_count() * seconds for needed, seconds in zip(self._needed, each, strict=True))
        return total / self._cases

    @property
    def lost(self) -> float:
        """Expected seconds for what is gone and of which ``seconds`` know nothing."""
        return self._lost

    def branch(self) -> Outlook:
        """The same outlook, to be changed without this one."""
        other = copy(self)
        for name in _CHANGING:
            setattr(other, name, copy(getattr(self, name)))
        return other

    def become(self, branch: Outlook) -> None:
        """Take over what became of a branch, which is not to be used any more."""
        vars(self).update(vars(branch))

    def assume(self, *stored: Mapping[str, Sized]) -> None:
        """Take as stored what is new in ``stored``, and as gone what is no longer in it; what was evicted stays so."""
        if not self._judged:  # all at once, in one pass
            self.held = {key: value for values in reversed(stored) for key, value in values.items()}
            self._judged = set(self.held)
            self.bytes = sum(value.bytes for value in self.held.values())
            self._stored = [key in self.held for key in self._keys]
            self._needed = self._needed_anew()
            for key in self.held:
                self._rank(key)
            return
        for key in self.held.keys() - set().union(*stored):
            self.evict(key)
        for values in stored:
            for key in values.keys() - self._judged:
                self.store(key, values[key])

    def revise(self, key: str, compute_seconds: float | None, load_seconds: float) -> None:
        """Take these seconds for ``key`` from now on: it was measured. None: computing takes what it took."""
        if (number := self._number.get(key)) is not None:
            self._load[number] = load_seconds
            if compute_seconds is not None:
                self._compute[number] = compute_seconds
            if key in self.held:
                self._rank(key)

    def loss(self, key: str) -> float:
        """Expected seconds that evicting ``key`` would cost in the next run."""
        number = self._number.get(key)
        return self.held[key].expected_seconds if number is None else -self._change(number, False)[0]

    def gain(self, key: str, value: Sized) -> float:
        """Expected seconds that storing ``key``, which is not, would save in the next run."""
        number = self._number.get(key)
        return value.expected_seconds if number is None else self._change(number, True)[0]

    def store(self, key: str, value: Sized) -> None:
        """Take ``key`` as stored from now on."""
        self.bytes += value.bytes - (self.held[key].bytes if key in self.held else 0)
        number = self._number.get(key)
        if number is None and key in self._judged and key not in self.held:
            self._lost -= value.expected_seconds
        self.held[key] = value
        self._judged.add(key)
        if number is not None and not self._stored[number]:
            self._apply(number, True)
            # these can now be made again for less than when they were ranked
            for below in self._nearest_stored(number):
                self._rank_if_held(below)
        self._rank(key)

    def evict(self, key: str) -> None:
        """Take ``key`` as gone from now on."""
        value = self.held.pop(key)
        self.bytes -= value.bytes
        self._ranks.pop(key, None)
        number = self._number.get(key)
        if number is None:
            self._lost += value.expected_seconds
        if number is not None and self._stored[number]:
            self._apply(number, False)
            self._disturbed.update(self._children[number])

    def trim(self, bytes: int, *stored: Mapping[str, Sized]) -> None:
        """Evict what is expected to save least, but nothing pinned, until ``bytes`` hold the rest.

        Least per byte that has to go: the further bytes of what is larger than that make it no cheaper. (The greedy
        rule for a covering knapsack.) What is gone makes what stands next to it worth more: such of ``stored`` as was
        evicted before is looked at again, once, and what still fits in the end comes back.
        """
        gone: dict[str, Sized] = {}
        for _ in range(ROUNDS):
            self._disturbed.clear()
            gone.update(self._evict_until(bytes))
            for key in {self._keys[at] for at in self._disturbed} - self.held.keys():
                value = next((values[key] for values in stored if key in values), None)
                if value is not None and key not in gone:
                    self.store(key, value)
        gone.update(self._evict_until(bytes))
        for key in reversed(gone):
            if key not in self.held and self.bytes + gone[key].bytes <= bytes:
                self.store(key, gone[key])

    def shed(self, bytes: int) -> None:
        """Evict as ``trim`` does, but without a second look: a third of the time, and some room may be left over."""
        for _ in self._evict_until(bytes):
            pass

    def _evict_until(self, bytes: int) -> Iterator[tuple[str, Sized]]:
        """Ranks are lower bounds: what is on top is looked at anew, and goes down if it is worth more."""
        looked_at: list[tuple[float, str, float]] = []
        while self.bytes > bytes and (self._heap or looked_at):
            if looked_at and (not self._heap or looked_at[0] < self._heap[0]):
                _, key, rank = heapq.heappop(looked_at)
            else:
                rank, key = heapq.heappop(self._heap)
            if self._ranks.get(key) != rank:
                continue  # gone, or ranked anew
            value, loss = self.held[key], self.loss(key)
            self._ranks[key] = loss / value.bytes
            price = loss / min(value.bytes, self.bytes - bytes)
            if any(heap and price > heap[0][0] for heap in (self._heap, looked_at)):
                heapq.heappush(looked_at, (price, key, self._ranks[key]))
                continue
            self.evict(key)
            yield key, value
        for _, key, rank in looked_at:
            if self._ranks.get(key) == rank:
                heapq.heappush(self._heap, (rank, key))

    def _needed_anew(self) -> list[int]:
        needed = list(self._wanted)
        for at in range(len(needed) - 1, -1, -1):
            if needed[at] and not self._stored[at]:
                for parent in self._parents[at]:
                    needed[parent] |= needed[at]
        return needed

    def _rank(self, key: str) -> None:
        value = self.held[key]
        if value.bytes and not value.pinned and self._ranks.get(key) != (rank := self._bound(key) / value.bytes):
            self._ranks[key] = rank
            heapq.heappush(self._heap, (rank, key))

    def _rank_if_held(self, number: int) -> None:
        if (key := self._keys[number]) in self.held:
            self._rank(key)

    def _bound(self, key: str) -> float:
        """At least the seconds that evicting ``key`` would cost: what is above may have to be made again, too."""
        number = self._number.get(key)
        if number is None:
            return self.held[key].expected_seconds
        return self._needed[number].bit_count() * (self._compute[number] - self._load[number]) / self._cases

    def _nearest_stored(self, number: int) -> Iterator[int]:
        seen, waiting = set(self._children[number]), list(self._children[number])
        while waiting:
            at = waiting.pop()
            if self._stored[at]:
                yield at
                continue
            for child in self._children[at]:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)

    def _apply(self, number: int, stored: bool) -> None:
        _, needed = self._change(number, stored)
        self._stored[number] = stored
        for at, cases in needed.items():
            self._needed[at] = cases
            if self._stored[at]:
                self._rank_if_held(at)
            else:
                self._disturbed.add(at)

    def _change(self, number: int, stored: bool) -> tuple[float, dict[int, int]]:
        """Expected seconds saved if ``number`` is stored, or no longer; and what is then needed where that differs."""
        if not self._needed[number]:
            return 0.0, {}
        return self._stored_too(number) if stored else self._gone(number)

    def _gone(self, number: int) -> tuple[float, dict[int, int]]:
        """What ``number`` was needed in, all that it is made from is needed in as well: nothing is needed less."""
        was, held, parents = self._needed, self._stored, self._parents
        saved = -(was[number].bit_count() * (self._compute[number] - self._load[number]))
        needed: dict[int, int] = {}
        more = dict.fromkeys(parents[number], was[number])
        # children before parents, so that each is looked at once
        waiting = [-parent for parent in more]
        heapq.heapify(waiting)
        while waiting:
            at = -heapq.heappop(waiting)
            before = was[at]
            cases = before | more[at]
            if cases == before:
                continue
            needed[at] = cases
            fewer = before.bit_count() - cases.bit_count()
            if held[at]:
                saved += fewer * self._load[at]
                continue
            saved += fewer * self._compute[at]
            for parent in parents[at]:
                if parent in more:
                    more[parent] |= cases
                else:
                    more[parent] = cases
                    heapq.heappush(waiting, -parent)
        return saved / self._cases, needed

    def _stored_too(self, number: int) -> tuple[float, dict[int, int]]:
        """What only ``number`` needed is needed less: as often as what else reads it needs it."""
        needed: dict[int, int] = {}
        was, held, wanted, parents, children = self._needed, self._stored, self._wanted, self._parents, self._children
        saved = was[number].bit_count() * (self._compute[number] - self._load[number])
        waiting = [-parent for parent in parents[number]]
        heapq.heapify(waiting)
        seen = set(waiting)
        while waiting:
            at = -heapq.heappop(waiting)
            cases, before = wanted[at], was[at]
            if cases == before:
                continue  # as little as it can be
            for child in children[at]:
                if child != number and not held[child]:
                    cases |= needed[child] if child in needed else was[child]
                if cases == before:
                    break  # others need it as often
            if cases == before:
                continue
            needed[at] = cases
            fewer = before.bit_count() - cases.bit_count()
            if held[at]:
                saved += fewer * self._load[at]
                continue
            saved += fewer * self._compute[at]
            for parent in parents[at]:
                if -parent not in seen:
                    seen.add(-parent)
                    heapq.heappush(waiting, -parent)
        return saved / self._cases, needed
