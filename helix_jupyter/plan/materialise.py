"""Which results to keep: one decision per computed artifact, under a byte budget.

Reads a candidate and what is stored as plain values, returns a decision; writes and deletes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from helix_jupyter.units import format_bytes, format_duration


@dataclass(frozen=True)
class Candidate:
    """An artifact that could be stored.

    Attributes
    ----------
    node, digest
        What it is.
    bytes
        What it would take on disk.
    cumulative_seconds
        What this run spent on its node and all the node's ancestors, computed or loaded: C(n) in HELIX.
    load_seconds
        Predicted seconds to load it.
    """

    node: str
    digest: str
    bytes: int
    cumulative_seconds: float
    load_seconds: float

    @property
    def worth_seconds(self) -> float:
        """Seconds that one reuse saves."""
        return max(0.0, self.cumulative_seconds - self.load_seconds)


@dataclass(frozen=True)
class Stored:
    """A stored artifact. ``worth_seconds`` is what a reuse saves, ``last_used`` seconds since the epoch."""

    digest: str
    bytes: int
    worth_seconds: float
    last_used: float = 0.0
    pinned: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether to keep a candidate, the digests to evict first, and why in a user's words."""

    keep: bool
    evict: tuple[str, ...] = ()
    reason: str = ""


Policy: TypeAlias = Callable[[Candidate, Sequence[Stored], int, int, bool], Decision]
"""From candidate, what is stored, budget and used (bytes) and whether the candidate is pinned, to a decision.

Under every policy the budget holds after the decision, nothing pinned is evicted, and a pinned candidate is
kept if evicting unpinned artifacts can make room for it.
"""


def helix(candidate: Candidate, stored: Sequence[Stored], budget: int, used: int, pinned: bool) -> Decision:
    """HELIX's rule: keep what took over twice its load to make and fits the rest of the budget; never evict.

    OPT-MAT-PLAN's heuristic (Xin et al., PVLDB 12(4), 2018, section 5.3): C(n) > 2 load(n), that is, writing
    it (about as long as reading) and reading it once takes less than making it again.
    """
    return (
        _beyond_choice(candidate, stored, budget, used, pinned)
        or _too_cheap(candidate)
        or _if_it_fits(candidate, budget, used)
    )


def keep_all(candidate: Candidate, stored: Sequence[Stored], budget: int, used: int, pinned: bool) -> Decision:
    """Keep whatever fits, as DeepDive does; never evict."""
    return _beyond_choice(candidate, stored, budget, used, pinned) or _if_it_fits(candidate, budget, used)


def keep_none(candidate: Candidate, stored: Sequence[Stored], budget: int, used: int, pinned: bool) -> Decision:
    """Keep nothing but what is pinned."""
    return _beyond_choice(candidate, stored, budget, used, pinned) or Decision(
        keep=False, reason="the policy keeps nothing: %helix config policy=adaptive"
    )


def adaptive(candidate: Candidate, stored: Sequence[Stored], budget: int, used: int, pinned: bool) -> Decision:
    """HELIX's test; where the candidate does not fit, evict what saves fewer seconds per byte, lowest first.

    Only if that makes enough room and what goes is worth less than what comes: a large artifact of slightly
    lower value per byte is not given up for a small one.
    """
    return (
        _beyond_choice(candidate, stored, budget, used, pinned)
        or _too_cheap(candidate)
        or _if_worth_more(candidate, stored, budget, used)
    )


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {"adaptive": adaptive, "all": keep_all, "helix": helix, "none": keep_none}
)


def _beyond_choice(
    candidate: Candidate, stored: Sequence[Stored], budget: int, used: int, pinned: bool
) -> Decision | None:
    """The decision where no policy has a say: too large, stored already, pinned."""
    size = format_bytes(candidate.bytes)
    if any(artifact.digest == candidate.digest for artifact in stored):
        return Decision(keep=True, reason="stored already")
    if candidate.bytes > budget:
        limit = format_bytes(budget)
        return Decision(keep=False, reason=f"{size} is more than the whole budget ({limit}): %helix config budget=..")
    if not pinned:
        return None
    chosen = _until_it_fits(candidate, _cheapest_first(stored), budget, used)
    if chosen is None:
        return Decision(keep=False, reason=f"pinned, but {size} do not fit beside what else is pinned: %helix unpin")
    return Decision(keep=True, evict=_digests(chosen), reason="pinned" + _evicting(chosen))


def _too_cheap(candidate: Candidate) -> Decision | None:
    if candidate.cumulative_seconds > 2 * candidate.load_seconds:
        return None
    made, loaded = format_duration(candidate.cumulative_seconds), format_duration(candidate.load_seconds)
    return Decision(keep=False, reason=f"quickly made again ({made}; loading takes {loaded})")


def _if_it_fits(candidate: Candidate, budget: int, used: int) -> Decision:
    if candidate.bytes <= budget - used:
        return Decision(keep=True, reason=_saves(candidate))
    return _no_room(candidate, budget, used)


def _if_worth_more(candidate: Candidate, stored: Sequence[Stored], budget: int, used: int) -> Decision:
    lower = [artifact for artifact in stored if _saves_less_per_byte(artifact, candidate)]
    chosen = _until_it_fits(candidate, _cheapest_first(lower), budget, used)
    if chosen is None or sum(artifact.worth_seconds for artifact in chosen) > candidate.worth_seconds:
        return _no_room(candidate, budget, used)
    reason = _saves(candidate) + _evicting(chosen, ", which saves less per byte")
    return Decision(keep=True, evict=_digests(chosen), reason=reason)


def _saves_less_per_byte(artifact: Stored, candidate: Candidate) -> bool:
    # multiplied out, so that an artifact without bytes needs no rule of its own
    return artifact.worth_seconds * candidate.bytes < candidate.worth_seconds * artifact.bytes


def _cheapest_first(stored: Iterable[Stored]) -> list[Stored]:
    """What may be evicted, fewest saved seconds per byte first, then the longest unused."""
    evictable = [artifact for artifact in stored if artifact.bytes and not artifact.pinned]
    return sorted(evictable, key=lambda a: (a.worth_seconds / a.bytes, a.last_used, a.digest))


def _until_it_fits(candidate: Candidate, evictable: Iterable[Stored], budget: int, used: int) -> list[Stored] | None:
    """The first of ``evictable`` that together make room; None if all of them do not."""
    missing = candidate.bytes - (budget - used)
    chosen = []
    for artifact in evictable:
        if missing <= 0:
            break
        chosen.append(artifact)
        missing -= artifact.bytes
    return chosen if missing <= 0 else None


def _digests(artifacts: Iterable[Stored]) -> tuple[str, ...]:
    return tuple(artifact.digest for artifact in artifacts)


def _saves(candidate: Candidate) -> str:
    return f"a reuse saves {format_duration(candidate.worth_seconds)}"


def _evicting(chosen: Sequence[Stored], why: str = "") -> str:
    if not chosen:
        return ""
    freed = format_bytes(sum(artifact.bytes for artifact in chosen))
    names = ", ".join(artifact.digest[:8] for artifact in chosen)
    return f"; evicts {names} ({freed}){why}"


def _no_room(candidate: Candidate, budget: int, used: int) -> Decision:
    size, free, limit = map(format_bytes, (candidate.bytes, max(0, budget - used), budget))
    return Decision(
        keep=False,
        reason=f"{size} do not fit: {free} of the budget ({limit}) are free: %helix config budget=..",
    )
