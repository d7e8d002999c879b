"""Which units become nodes: goes on until nothing tells against what is left. Reads effects, returns a `Verdict`.

A name is either made by nodes or by plain cells, never by both: a plain cell that changed what a node made would change
the notebook's copy alone. What a node reads of plain cells must be final when it does, since a later run looks again.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from helix_jupyter.adopt.effects import effects_of
from helix_jupyter.adopt.joining import bonds_of, changes_elsewhere, obstacle, ranges_of
from helix_jupyter.adopt.living import live_after
from helix_jupyter.adopt.merging import Joining, Step, merged, take_in
from helix_jupyter.adopt.pieces import imports_of, is_for_looks
from helix_jupyter.adopt.tracing import Surroundings
from helix_jupyter.adopt.types import Effects, Kind, Unit
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.syntax import parse

_REPEATED = (Kind.IMPORT, Kind.DEFINITION)


@dataclass(frozen=True)
class Verdict:
    """The units as they will stand, what each does, why some stay plain, and what was joined for which reasons."""

    units: tuple[Unit, ...]
    effects: tuple[Effects, ...]
    plain: Mapping[int, str]
    joined: Mapping[Unit, tuple[str, ...]]


def decide(units: Sequence[Unit], around: Surroundings, fixed: Mapping[int, str]) -> Verdict:
    """Decide on all units.

    Parameters
    ----------
    fixed
        Cells that stay plain whatever they do, each with the reason.
    """
    forced: dict[Unit, str] = {}
    joined: dict[Unit, tuple[str, ...]] = {}
    origins: dict[Unit, tuple[Unit, ...]] = {}
    known: dict[Unit, Effects] = {}
    current = list(units)
    while True:
        for unit in current:
            if unit not in known:
                known[unit] = effects_of(unit, around)
        effects = [known[unit] for unit in current]
        plain = _settled(current, effects, _beginning(current, effects, forced, fixed, around), around)
        if undone := [(current[at], why) for at, why in plain.items() if current[at] in origins]:
            # what was joined stays plain after all: as the cells that it was
            forced |= {part: why for unit, why in undone for part in origins[unit]}
            current, joined, origins = list(units), {}, {}
            continue
        step = take_in(current, effects, plain, around) or _join_one(current, effects, plain)
        if step is None:
            return Verdict(tuple(current), tuple(effects), plain, joined)
        if isinstance(step, dict):
            forced |= step
            continue
        parts = [current[at] for at in step.parts]
        made = merged(parts)
        origins[made] = tuple(one for part in parts for one in origins.pop(part, (part,)))
        reasons = (*(why for one in parts for why in joined.pop(one, ())), step.why)
        joined[made] = tuple(why for why in dict.fromkeys(reasons) if why)
        last = step.parts[-1]
        current = [made if at == last else one for at, one in enumerate(current) if at not in step.parts[:-1]]


def _beginning(
    units: Sequence[Unit],
    effects: Sequence[Effects],
    forced: Mapping[Unit, str],
    fixed: Mapping[int, str],
    around: Surroundings,
) -> dict[int, str]:
    plain = {}
    for at, (unit, effect) in enumerate(zip(units, effects, strict=True)):
        if unit.cell in fixed:
            plain[at] = fixed[unit.cell]
        elif unit.kind in _REPEATED:
            plain[at] = unit.kind.value
        elif effect.plain:
            plain[at] = effect.plain
        elif unit in forced:
            plain[at] = forced[unit]
    for at, name in _undefined(units, effects):
        plain.setdefault(at, f"reads `{name}`, which no cell above defines")
    for at in _settings_for_values(units, around):
        for before in range(at):
            plain.setdefault(before, f"a later run would compute it under the setting in cell {units[at].cell + 1}")
    for at, why in _files_in_common(effects):
        plain.setdefault(at, why)
    return plain


def _undefined(units: Sequence[Unit], effects: Sequence[Effects]) -> Iterable[tuple[int, str]]:
    """Units that read what nothing defines: such code may never be reached, but a node asks for it before it runs."""
    defined = {*vars(builtins), "get_ipython", "display", "exit", "quit", "__name__"}
    for at, effect in enumerate(effects):
        if missing := effect.certain - defined:
            yield at, min(missing)
        if units[at].kind is Kind.IMPORT and "*" in analyse(units[at].code).writes:
            return  # it may define anything
        defined.update(effect.writes)


def _settings_for_values(units: Sequence[Unit], around: Surroundings) -> Iterable[int]:
    """Settings below work that may change what it would give when it runs once more: with that below, or asked for."""
    working = [at for at, unit in enumerate(units) if unit.kind is Kind.WORK]
    for at, unit in enumerate(units):
        is_below = bool(working) and working[0] < at
        if unit.kind is Kind.SETTING and is_below and not is_for_looks(unit.code, around.imports):
            yield at


def _files_in_common(effects: Sequence[Effects]) -> Iterable[tuple[int, str]]:
    """Units that name a file which a later cell writes: a later run would read what was written."""
    for at, effect in enumerate(effects):
        if effect.writes_files:
            texts = {text for text in effect.strings if "." in text or "/" in text}
            for before in range(at):
                if common := texts & effects[before].strings:
                    yield before, f"a later cell writes {min(common)!r}"


def _settled(
    units: Sequence[Unit], effects: Sequence[Effects], plain: dict[int, str], around: Surroundings
) -> dict[int, str]:
    """``plain`` with all that has to be plain because of it, constants and trifles that may as well be."""
    live, elsewhere, own = live_after(effects), changes_elsewhere(effects), effects
    while True:
        # what a plain cell changes it changes under every name
        effects = [
            replace(effect, changes=effect.changes | elsewhere[at].keys()) if at in plain else effect
            for at, effect in enumerate(own)
        ]
        found = {
            **_constants(units, effects, plain),
            **_trifles(units, effects, plain, live),
            **_of_two_owners(units, effects, plain, live),
            **_read_before_changed(units, effects, plain, around),
            **_reads_itself(units, effects, plain),
        }
        new = {at: why for at, why in found.items() if at not in plain}
        if not new:
            return plain
        plain = {**plain, **new}


def _made(effect: Effects) -> frozenset[str]:
    return frozenset((*effect.writes, *effect.changes))


def _constants(units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str]) -> dict[int, str]:
    """Constants whose names nothing that may be a node changes."""
    found = {}
    for at, unit in enumerate(units):
        if unit.kind is Kind.LITERAL and at not in plain:
            names, others = set(effects[at].writes), [one for place, one in enumerate(effects) if place != at]
            nodes = [one for place, one in enumerate(effects) if place not in plain and units[place] is not unit]
            waits = any(not effects[at].needs.isdisjoint(_made(one)) for one in nodes)
            if not waits and all(names.isdisjoint(_made(one)) for one in others):
                found[at] = "constant"
    return found


def _trifles(
    units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str], live: Sequence[frozenset[str]]
) -> dict[int, str]:
    """What gives nothing, costs nothing and waits for no node."""
    found = {}
    for at, effect in enumerate(effects):
        others = (one for place, one in enumerate(effects) if place not in plain and place != at)
        nodes = {name for one in others for name in _made(one)}
        is_dead = not effect.changes and live[at].isdisjoint(effect.writes)
        if at not in plain and effect.is_trivial and is_dead and nodes.isdisjoint({*effect.needs, *effect.writes}):
            found[at] = "shows something that no node has to be computed for"
    return found


def _of_two_owners(
    units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str], live: Sequence[frozenset[str]]
) -> dict[int, str]:
    owned: dict[str, int] = {}
    for at in plain:
        for name in _made(effects[at]):
            owned.setdefault(name, at)
    found = {}
    for at, effect in enumerate(effects):
        if at in plain:
            continue
        for name in sorted(_made(effect)):
            if name in owned and (name in live[at] or name in effect.changes):
                other = units[owned[name]].cell + 1
                found[at] = f"`{name}` is made or changed by cell {other} too, which stays plain"
    return found


def _read_before_changed(
    units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str], around: Surroundings
) -> dict[int, str]:
    """What reads a plain value that a later plain cell changes."""
    changed: dict[str, int] = {}
    given: dict[str, set[str]] = {}
    for at in sorted(plain):
        for name in effects[at].changes:
            changed[name] = at
        for name in effects[at].writes:
            is_import = units[at].kind is Kind.IMPORT
            text = imports_of([parse(units[at].code)]).get(name, "") if is_import else units[at].code
            texts = given.setdefault(name, set())
            if texts and text not in texts:
                changed[name] = at
            texts.add(text)
    found = {}
    for at, effect in enumerate(effects):
        if at in plain:
            continue
        for name in sorted(effect.needs):
            if changed.get(name, -1) > at and name in given:
                found[at] = f"reads `{name}`, which cell {units[changed[name]].cell + 1} changes and stays plain"
    return found


def _reads_itself(units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str]) -> dict[int, str]:
    """A name that a unit reads and gives although nothing gave it before (it hides one of Python's own)."""
    before: set[str] = set()
    found = {}
    for at, effect in enumerate(effects):
        if at not in plain:
            hidden = (set(effect.writes) & effect.certain) - before
            if hidden:
                found[at] = f"takes `{min(hidden)}` from Python and gives it another meaning"
        before |= _made(effect)
    return found


def _join_one(units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str]) -> Step:
    """The next units that have to be one node, or those that have to stay plain since they cannot be."""
    bonds = [bond for bond in bonds_of(units, effects) if not bond.units <= plain.keys()]
    for first, last, held in ranges_of(bonds):
        inside = tuple(at for at in range(first, last + 1) if at not in plain)
        bound = frozenset().union(*(bond.units for bond in held))
        reasons = list(dict.fromkeys(bond.why for bond in held))
        why = "; ".join(reasons[:2])
        problem = next((plain[at] for at in sorted(bound) if at in plain), "")
        problem = problem or obstacle(units, effects, first, last, plain.keys())
        if problem:
            return {units[at]: f"{why}, and not all of it can be one node: {problem}" for at in inside if at in bound}
        if len(inside) > 1:
            return Joining(inside, why)
    for at in range(1, len(units)):
        if units[at].cell == units[at - 1].cell and not {at - 1, at} & plain.keys():
            return Joining((at - 1, at), "")  # a cell's pieces that are nodes are one
    return None
