"""The policy ``adaptive``: leave behind what is expected to save the most seconds of the next run.

Reads a candidate and what is stored; returns a decision.
"""

from __future__ import annotations

from dataclasses import replace

from helix_jupyter.plan.exchange import exchange
from helix_jupyter.plan.keeping import (
    Candidate,
    Contents,
    Decision,
    Storage,
    Stored,
    beyond_choice,
    evictable,
    evicting,
    fits,
    no_room,
    quickly_made,
    saves,
    until_it_fits,
)
from helix_jupyter.plan.outlook import Outlook


def adaptive(candidate: Candidate, storage: Storage) -> Decision:
    """Keep whatever is dearer to make again than to load and write, while there is room.

    Then, leave behind the set that is worth most: of all that is stored, was just computed or is still to come in this
    run, what is expected to save the fewest seconds of the next run per byte goes, until the rest fits. What a value
    saves depends on what else stays: one whose child stays saves little unless an edit is likely between the two, one
    that was superseded saves something only if the edit is taken back. Chances are learned: see ``expect``. The
    candidate is taken compressed if that saves more seconds. Where there are few values, some of those that went are
    tried in place of others: see ``exchange``.

    Notes
    -----
    The greedy rule for a knapsack, from the full one down. (From the empty one up, gains take long to find and a value
    that comes early takes the room of better ones that come later.) The next run stands for all later ones: what is
    not kept now can be kept when it is next computed, so that a byte is worth what it saves per run.
    """
    decision = beyond_choice(candidate, storage)
    if decision is None and candidate.cumulative_seconds <= candidate.load_seconds + candidate.write_seconds:
        return quickly_made(candidate)
    if decision is None and fits(candidate, storage):
        return Decision(keep=True, reason=saves(candidate))
    return decision or _if_worth_it(candidate, storage, storage.contents())


def _if_worth_it(candidate: Candidate, storage: Storage, contents: Contents) -> Decision:
    outlook, smaller = contents.outlook, candidate.compressed()
    if smaller is None:
        _trim(candidate, storage, contents, outlook)
        return _decision(candidate, storage, contents)
    as_it_is = None if candidate.bytes > storage.budget else outlook.branch()
    _trim(smaller, storage, contents, outlook)
    if as_it_is is not None:
        _trim(candidate, storage, contents, as_it_is)
        # the compressed form has to leave fewer expected seconds of the next run: it loads longer, but less goes
        if as_it_is.seconds + as_it_is.lost <= outlook.seconds + outlook.lost:
            outlook.become(as_it_is)
            return _decision(candidate, storage, contents)
    return replace(_decision(smaller, storage, contents), compressed=True)


def _decision(candidate: Candidate, storage: Storage, contents: Contents) -> Decision:
    wanted = contents.outlook.held
    if candidate.key not in wanted:
        return no_room(candidate, storage, ", and what is stored is worth more")
    leaving = [one for one in evictable(contents) if one.key not in wanted]
    leaving.sort(key=lambda one: -one.bytes)
    chosen = until_it_fits(candidate, storage, leaving)
    if chosen is None:
        return no_room(candidate, storage, ", and what could go is still in use")
    why = saves(candidate) + evicting(chosen, ", which is worth less")
    return Decision(keep=True, evict=tuple(one.key for one in chosen), reason=why)


def _trim(candidate: Candidate, storage: Storage, contents: Contents, outlook: Outlook) -> None:
    """Leave in ``outlook`` the set that is worth most."""
    stored = contents.stored
    outlook.assume(stored, contents.coming)
    outlook.revise(candidate.key, candidate.compute_seconds, candidate.load_seconds)
    taken = Stored(candidate.key, candidate.bytes, candidate.worth_seconds)
    outlook.store(candidate.key, taken)
    elsewhere = storage.used - sum(one.bytes for one in stored.values())
    room, judged = storage.budget - elsewhere, {candidate.key: taken}
    outlook.trim(room, stored, contents.coming)
    exchange(outlook, room, judged, stored, contents.coming)
