"""Units that have to be one node, since what lies between them is no value that could be handed on. Reads effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from helix_jupyter.adopt.living import live_after, readers_after
from helix_jupyter.adopt.types import Effects, Kind, Unit

Plain = Mapping[int, str]
"""The units that stay plain, by place, each with the reason."""


@dataclass(frozen=True)
class Bond:
    """Units, by place, that have to run together, and why in plain words."""

    units: frozenset[int]
    why: str


def bonds_of(units: Sequence[Unit], effects: Sequence[Effects]) -> list[Bond]:
    """All that holds units together."""
    return [*_by_tied_names(effects), *_by_figures(units, effects), *_by_generators(effects), *_by_sharing(effects)]


def _by_tied_names(effects: Sequence[Effects]) -> Iterator[Bond]:
    for at, effect in enumerate(effects):
        for name in sorted(effect.tied):
            if readers := readers_after(effects, at, name):
                yield Bond(frozenset([at, *readers]), f"`{name}` makes no sense away from where it is made")


def _by_figures(units: Sequence[Unit], effects: Sequence[Effects]) -> Iterator[Bond]:
    """Pieces of one cell draw into one figure."""
    drawing: dict[int, list[int]] = {}
    for at, unit in enumerate(units):
        if unit.kind is Kind.WORK and effects[at].pyplot:
            drawing.setdefault(unit.cell, []).append(at)
    for places in drawing.values():
        if len(places) > 1:
            yield Bond(frozenset(places), "they draw into one figure")


def _by_generators(effects: Sequence[Effects]) -> Iterator[Bond]:
    """What draws from a global generator, behind what seeds it, has its numbers by what was drawn before."""
    group: list[int] = []
    seeded: frozenset[str] = frozenset()
    last = -1
    for at, effect in enumerate(effects):
        anew = bool(effect.seeds) and effect.seeds >= seeded and not effect.draws_first
        if anew:
            yield from _drawing(group, last)
            group, seeded, last = [], frozenset(), -1
        if effect.seeds or (seeded and effect.draws):
            group.append(at)
            seeded |= effect.seeds
            last = at if effect.draws else last
    yield from _drawing(group, last)


def _drawing(group: Sequence[int], last: int) -> Iterator[Bond]:
    used = [at for at in group if at <= last]
    if len(used) > 1:
        yield Bond(frozenset(used), "they draw from one global generator, seeded in the first of them")


def _by_sharing(effects: Sequence[Effects]) -> Iterator[Bond]:
    """A change that shows in another name too, from where the two came to share their value."""
    for at, shows in enumerate(changes_elsewhere(effects)):
        for other, (name, since) in sorted(shows.items()):
            if since < at:
                yield Bond(frozenset([since, at]), f"a change of `{name}` shows in `{other}`")


def changes_elsewhere(effects: Sequence[Effects]) -> list[dict[str, tuple[str, int]]]:
    """For each unit, names that are still to be read and in which a change that it makes may show, although it names
    another one; each with that other name and the first unit by which they came to share their value."""
    live = live_after(effects)
    pairs: dict[tuple[str, str], int] = {}
    kept: frozenset[str] = frozenset()
    result = []
    for at, effect in enumerate(effects):
        # what is made of its earlier value may be that value still (``a = a``)
        renewed = effect.settles - effect.needs
        before, pairs = pairs, _without(pairs, renewed)
        kept = (kept - renewed) | frozenset(name for name in effect.built if readers_after(effects, at, name))
        for pair in effect.shares:
            pairs.setdefault(pair, at)
        found: dict[str, tuple[str, int]] = {}
        for name in sorted(effect.changes):
            # a name may get another value behind the change, or before it
            for other, since in (*_showing(name, before).items(), *_showing(name, pairs).items()):
                if other not in renewed and other in live[at] | kept:
                    found.setdefault(other, (name, since))
        result.append(found)
    return result


def _without(pairs: Mapping[tuple[str, str], int], renewed: Set[str]) -> dict[tuple[str, str], int]:
    """The pairs that are left when names get other values; what shared through such a name shares still."""
    left = {pair: since for pair, since in pairs.items() if renewed.isdisjoint(pair)}
    for (one, middle), since in pairs.items():
        if middle in renewed and one not in renewed:
            for other, first in _showing(middle, pairs).items():
                if other != one and other not in renewed:
                    left.setdefault((one, other), min(since, first))
    return left


def _showing(name: str, pairs: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """The names in which a change of ``name`` may show, each with the first unit on the way there."""
    found: dict[str, int] = {}
    for other in _reached(name, pairs):
        way = _way(name, other, pairs)
        found[other] = min(way[pair] for pair in way)
    return found


def _reached(name: str, pairs: Iterable[tuple[str, str]]) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        current = waiting.pop()
        more = {other for one, other in pairs if one == current} - found
        found |= more
        waiting += more
    return found - {name}


def _way(start: str, end: str, pairs: Mapping[tuple[str, str], int]) -> Mapping[tuple[str, str], int]:
    """The pairs between two names, without dead ends: what else shares with a name on the way has no part in it."""
    reached = {start, *_reached(start, pairs)}
    way = {pair: at for pair, at in pairs.items() if reached.issuperset(pair) and start != pair[1] and end != pair[0]}
    while True:
        beside: dict[str, set[str]] = {}
        for one, other in way:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
        dead = {one for one, others in beside.items() if len(others) < 2} - {start, end}
        if not dead:
            return way
        way = {pair: at for pair, at in way.items() if dead.isdisjoint(pair)}


def ranges_of(bonds: Sequence[Bond]) -> list[tuple[int, int, list[Bond]]]:
    """First and last place of what has to be joined, each with its bonds; ranges that meet are one."""
    found: list[tuple[int, int, list[Bond]]] = []
    for bond in sorted(bonds, key=lambda one: min(one.units)):
        first, last = min(bond.units), max(bond.units)
        if found and first <= found[-1][1]:
            begin, end, held = found[-1]
            found[-1] = (begin, max(end, last), [*held, bond])
        else:
            found.append((first, last, [bond]))
    return found


def obstacle(units: Sequence[Unit], effects: Sequence[Effects], first: int, last: int, plain: Set[int]) -> str:
    """Why units ``first`` to ``last`` cannot become one that stands at the last one's place; empty where they can.

    What stays plain among them then runs before all of it.
    """
    for at in range(first, last + 1):
        if at not in plain:
            continue
        seen = any(effects[before].sees_figures for before in range(first, at) if before not in plain)
        if units[at].kind is Kind.SETTING and (seen or not effects[at].is_for_figures):
            return f"a setting in cell {units[at].cell + 1} lies between them"
        moved = effects[at]
        given = {*moved.writes, *moved.changes}
        for before in range(first, at):
            if before in plain:
                continue
            passed = effects[before]
            made = {*passed.writes, *passed.changes}
            if not made.isdisjoint(moved.needs) or not given.isdisjoint({*made, *passed.reads}):
                return f"cell {units[at].cell + 1} lies between them and stays plain"
    return ""
