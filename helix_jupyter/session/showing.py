"""What nodes showed, compared: for a node whose outputs tell nothing it is the result."""

from __future__ import annotations

from collections.abc import Iterable

from helix_jupyter.errors import StoreError
from helix_jupyter.execute.types import Event
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.session.bench import Bench
from helix_jupyter.store.types import OutputFact, Result
from helix_jupyter.version.compare_shown import shown_digest
from helix_jupyter.version.types import OutputRecord


def events_of(bench: Bench, console: str | None) -> Iterable[Event] | None:
    """What was shown under the digest ``console`` (none: nothing); None where it is no longer stored."""
    if not console:
        return ()
    found, events = bench.memory.take(console)
    try:
        shown: Iterable[Event] = events if found else bench.store.load(console)
    except StoreError:
        return None
    return shown


def seen_of(bench: Bench, console: str | None) -> str | None:
    """The digest of what people saw under ``console``; None where that is no longer stored."""
    events = events_of(bench, console)
    return None if events is None else shown_digest(events)


def both_seen(console: str, seen: str | None, events: Iterable[Event], now: str) -> tuple[str, str] | None:
    """Two digests that are equal where ``events``, recorded as ``now``, look as what was recorded as ``console``.

    ``seen`` is the digest of what people saw then. Where it is None, prints are told apart all the same; of displays
    it is not known what of them is to be seen: None.
    """
    events = tuple(events)
    if seen is not None:
        return seen, shown_digest(events)
    return (console, now) if console == now or all(event.stream == "stdout" for event in events) else None


def same_shown(bench: Bench, before: Result, after: Result, events: Iterable[Event]) -> bool:
    """Whether ``events``, which ``after`` showed, look as what ``before`` did, as far as that is still known."""
    if before.console == after.console:
        return True
    pair = both_seen(before.console or "", seen_of(bench, before.console), events, after.console or "")
    return pair is None or pair[0] == pair[1]


def is_for_show(outputs: Iterable[OutputFact | OutputRecord]) -> bool:
    """Whether nothing but what it shows tells results of a node apart: its values are None, or have no digest."""
    nothing = digest(None, ordered=True)
    return all(not one.by_content or one.digest == nothing for one in outputs)
