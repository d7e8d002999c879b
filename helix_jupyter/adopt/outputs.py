"""What each node gives, and the line that declares it. Reads a `Verdict`, returns a line per node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helix_jupyter.adopt.deciding import Verdict
from helix_jupyter.adopt.living import live_after
from helix_jupyter.adopt.types import Effects
from helix_jupyter.cell.normalise import normalise


@dataclass(frozen=True)
class Declared:
    """A node's declaring line: its outputs, a name where it only shows something, and whether it updates."""

    outputs: tuple[str, ...]
    changed: tuple[str, ...] = ()
    name: str = ""

    @property
    def options(self) -> str:
        """The text behind ``%%helix``."""
        name = ["--name", self.name] if self.name else []
        words = [*self.outputs, *(["--update"] if self.changed else []), *name]
        return " ".join(words)


def declared(verdict: Verdict) -> dict[int, Declared]:
    """The declaring line of every node, by the unit's place."""
    effects, live = verdict.effects, live_after(verdict.effects)
    taken = _all_names(effects)
    plain = {name for at in verdict.plain for name in (*effects[at].writes, *effects[at].changes)}
    given: set[str] = set()
    links: set[tuple[tuple[str, ...], str]] = set()
    found: dict[int, Declared] = {}
    for at, effect in enumerate(effects):
        if at in verdict.plain:
            continue
        names = _outputs(effect, live[at], given, plain)
        if not names:
            stem = "figure" if effect.pyplot else "shown"
            name = _free(stem, taken)
            taken.add(name)
            found[at] = Declared((), (), name)
            continue
        changed = tuple(name for name in names if name in given)
        outputs = (*(name for name in names if name not in given), *changed)
        name, link = "", (outputs, normalise(verdict.units[at].code))
        if changed and link in links:  # where no cell ids tell them apart, equal links would be taken for one
            name = _free(f"{outputs[0]}_again", taken)
            taken.add(name)
        links.add(link)
        found[at] = Declared(outputs, changed, name)
        given |= set(names)
    return found


def _outputs(effect: Effects, live: frozenset[str], given: set[str], plain: set[str]) -> list[str]:
    names = [name for name in effect.writes if name in live and name not in effect.tied]
    names += [name for name in sorted(effect.changes) if name not in names]
    if names:
        return names
    # nothing later reads them: then what it is about, if that is new and no figure
    return [] if effect.pyplot else [name for name in effect.results if name not in given | plain | effect.certain]


def _all_names(effects: Sequence[Effects]) -> set[str]:
    return {name for effect in effects for name in (*effect.reads, *effect.writes, *effect.changes)}


def _free(stem: str, taken: Iterable[str]) -> str:
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
