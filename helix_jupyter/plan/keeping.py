"""What a policy reads and gives: a value that could be kept, what is stored, a decision. Decides only what no policy
has a say in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from helix_jupyter.plan.outlook import Outlook
from helix_jupyter.units import format_bytes, format_duration


@dataclass(frozen=True)
class Candidate:
    """A value that was just computed and could be stored.

    Attributes
    ----------
    node, key
        What it is: ``key`` as in ``Contents``.
    bytes
        What it would take on disk.
    cumulative_seconds
        What this run spent on its node and all the node's ancestors, computed or loaded: C(n) in HELIX.
    compute_seconds, load_seconds
        What computing it took, inputs given; predicted seconds to load it.
    write_seconds
        Predicted seconds that the user waits for its being handed to the writer.
    pinned, never
        The user wants it kept, or never stored.
    compressed
        Gives the same value as it would be if it was stored compressed: fewer bytes, a longer load. None where that
        does not pay or is not wanted. Called only where room is short, since it takes a look at the value.
    """

    node: str
    key: str
    bytes: int
    cumulative_seconds: float
    load_seconds: float
    compute_seconds: float = 0.0
    write_seconds: float = 0.0
    pinned: bool = False
    never: bool = False
    compressed: Callable[[], Candidate | None] = field(default=lambda: None, compare=False)

    @property
    def worth_seconds(self) -> float:
        """Seconds that one reuse saves."""
        return max(0.0, self.cumulative_seconds - self.load_seconds)


@dataclass(frozen=True)
class Stored:
    """A stored value.

    Attributes
    ----------
    key, bytes
        What it is.
    worth_seconds
        What one reuse saves.
    chance
        Of being needed in the next run, where no outlook knows of it (another workflow's, a version long gone).
    last_used
        Seconds since the epoch.
    pinned
        Never evicted.
    """

    key: str
    bytes: int
    worth_seconds: float
    chance: float = 0.0
    last_used: float = 0.0
    pinned: bool = False

    @property
    def expected_seconds(self) -> float:
        """What its loss costs in the next run, as far as that is known without an outlook."""
        return self.chance * self.worth_seconds


@dataclass(frozen=True)
class Contents:
    """What is stored, and what may become of it.

    Attributes
    ----------
    stored
        By key.
    coming
        What this run will still compute, if its size is known from earlier runs.
    in_use
        Keys that may not go now: this run still has to load them, or they are just being written.
    outlook
        What the next run may need. One for all decisions of a run: it remembers what they want to leave behind.
    """

    stored: Mapping[str, Stored]
    coming: Mapping[str, Stored]
    in_use: Collection[str]
    outlook: Outlook


@dataclass(frozen=True)
class Storage:
    """The room that there is, in bytes, at the moment of a decision; ``contents`` is called only where room is short.

    ``used`` may be more than what ``contents`` adds up to (other kernels' writes).
    """

    budget: int
    used: int
    contents: Callable[[], Contents]

    @property
    def free(self) -> int:
        """Bytes that are left."""
        return max(0, self.budget - self.used)


@dataclass(frozen=True)
class Decision:
    """Whether to keep a candidate, the keys to evict first, why in a user's words; ``compressed``: in that form."""

    keep: bool
    evict: tuple[str, ...] = ()
    reason: str = ""
    compressed: bool = False


Policy: TypeAlias = Callable[[Candidate, Storage], Decision]
"""From a candidate and what is stored to a decision.

Under every policy the budget holds after the decision, nothing pinned or in use is evicted, and a pinned candidate is
kept if evicting what is neither can make room for it.
"""


COMPRESSED = "compressed, since room is short"


def beyond_choice(candidate: Candidate, storage: Storage) -> Decision | None:
    """The decision where no policy has a say: never to be stored, too large, pinned."""
    if candidate.never:
        return Decision(keep=False, reason="never stored: %helix unpin leaves it to the policy")
    if candidate.bytes > storage.budget and (smaller := candidate.compressed()):
        decision = beyond_choice(smaller, storage)
        return replace(decision, compressed=True) if decision else None
    size = format_bytes(candidate.bytes)
    if candidate.bytes > storage.budget:
        limit = format_bytes(storage.budget)
        return Decision(keep=False, reason=f"{size} is more than the whole budget ({limit}): %helix config budget=SIZE")
    if not candidate.pinned:
        return None
    contents = None if fits(candidate, storage) else storage.contents()
    chosen = until_it_fits(candidate, storage, _cheapest_first(contents) if contents else ())
    if chosen is None and (smaller := candidate.compressed()):
        return replace(beyond_choice(smaller, storage) or Decision(keep=False), compressed=True)
    if chosen is None:
        return Decision(keep=False, reason=f"pinned, but {size} do not fit beside what else is pinned: %helix unpin")
    return Decision(keep=True, evict=tuple(one.key for one in chosen), reason="pinned" + evicting(chosen))


def fits(candidate: Candidate, storage: Storage) -> bool:
    """Whether there is room without evicting anything."""
    return candidate.bytes <= storage.free


def if_it_fits(candidate: Candidate, storage: Storage) -> Decision:
    """Keep it if there is room, compressed if there is only so much."""
    if fits(candidate, storage):
        return Decision(keep=True, reason=saves(candidate))
    if (smaller := candidate.compressed()) and fits(smaller, storage):
        return Decision(keep=True, reason=f"{saves(smaller)}; {COMPRESSED}", compressed=True)
    return no_room(candidate, storage)


def _cheapest_first(contents: Contents) -> list[Stored]:
    """What may be evicted, fewest saved seconds per byte first, then the longest unused."""
    free = (one for one in evictable(contents) if one.bytes)
    return sorted(free, key=lambda one: (one.worth_seconds / one.bytes, one.last_used, one.key))


def evictable(contents: Contents) -> Iterator[Stored]:
    """What is neither pinned nor in use."""
    return (one for one in contents.stored.values() if not one.pinned and one.key not in contents.in_use)


def until_it_fits(candidate: Candidate, storage: Storage, ordered: Iterable[Stored]) -> list[Stored] | None:
    """The first of ``ordered`` that together make room; None if all of them do not."""
    missing = candidate.bytes - storage.free
    chosen = []
    for one in ordered:
        if missing <= 0:
            break
        chosen.append(one)
        missing -= one.bytes
    return chosen if missing <= 0 else None


def saves(candidate: Candidate) -> str:
    """Why it is kept."""
    return f"a reuse saves {format_duration(candidate.worth_seconds)}"


def evicting(chosen: Sequence[Stored], why: str = "") -> str:
    """What goes for it."""
    if not chosen:
        return ""
    freed = format_bytes(sum(one.bytes for one in chosen))
    return f"; evicts {', '.join(one.key[:8] for one in chosen)} ({freed}){why}"


def quickly_made(candidate: Candidate) -> Decision:
    """Do not keep what is made again as fast as it is loaded."""
    made, loaded = format_duration(candidate.cumulative_seconds), format_duration(candidate.load_seconds)
    return Decision(keep=False, reason=f"quickly made again ({made}; loading takes {loaded})")


def no_room(candidate: Candidate, storage: Storage, why: str = "") -> Decision:
    """Do not keep what does not fit."""
    size, left, limit = map(format_bytes, (candidate.bytes, storage.free, storage.budget))
    return Decision(
        keep=False,
        reason=f"{size} do not fit: {left} of the budget ({limit}) are free{why}: %helix config budget=SIZE",
    )
