"""Several units as one; definitions that have to go into the node that calls them. Reads units, returns units."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from helix_jupyter.adopt.tracing import Surroundings
from helix_jupyter.adopt.types import Effects, Kind, Unit
from helix_jupyter.adopt.words import path_of
from helix_jupyter.cell.analyse import analyse


@dataclass(frozen=True)
class Joining:
    """Units, by place and in order, that become one at the last one's place; and why."""

    parts: tuple[int, ...]
    why: str


Step = Joining | dict[Unit, str] | None
"""What deciding goes on with: units to join, units that have to stay plain with the reasons, or nothing."""


def merged(parts: Sequence[Unit]) -> Unit:
    """One unit; what a cell within showed as its value is shown still."""
    texts, codes = [], []
    hidden = any("display" in analyse(part.code).writes for part in parts)
    display = "__import__('IPython').display.display" if hidden else "display"
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        text, code = part.text.strip("\n"), part.code.strip("\n")
        ends_cell = following is not None and following.cell != part.cell
        texts.append(_shown(text, display) if ends_cell else text)
        codes.append(_shown(code, display) if ends_cell else code)
    cells = tuple(dict.fromkeys(cell for part in parts for cell in part.parts))
    return replace(parts[-1], kind=Kind.WORK, text="\n\n".join(texts), code="\n\n".join(codes), parts=cells)


def _shown(code: str, display: str) -> str:
    """Code whose last value is shown although something follows."""
    last = ast.parse(code).body[-1]
    lines = code.split("\n")
    end = lines[(last.end_lineno or 1) - 1].encode()[last.end_col_offset or 0 :].lstrip()
    if not isinstance(last, ast.Expr) or end.startswith(b";") or _gives_nothing(last.value):
        return code
    before, text = lines[: last.lineno - 1], ast.get_source_segment(code, last)
    return "\n".join([*before, f"shown_value = {text}", "if shown_value is not None:", f"    {display}(shown_value)"])


def _gives_nothing(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Call) and path_of(value.func)[-1:] in (("print",), ("show",), ("display",))


def take_in(units: Sequence[Unit], effects: Sequence[Effects], plain: Mapping[int, str], around: Surroundings) -> Step:
    """A function that reads a name which its caller makes has to be defined in the caller's node.

    A node binds names of its own, where the notebook's functions do not look.
    """
    for at, effect in enumerate(effects):
        made = {*effect.writes, *effect.changes}
        names = [name for name in sorted(effect.helpers) if not made.isdisjoint(around.functions[name].reads)]
        if at in plain or not names:
            continue
        looked_at = min(made & frozenset().union(*(around.functions[name].reads for name in names)))
        why = f"`{names[0]}` reads `{looked_at}`, which is made beside it"
        # who calls such a function has to be there, too
        wanted = {name for name in effect.helpers if _reaches(name, frozenset(names), around)}
        places = [place for place in range(at) if units[place].kind is Kind.DEFINITION]
        places = [place for place in places if not wanted.isdisjoint(effects[place].writes)]
        others = [
            other
            for place, other in enumerate(effects)
            if place != at and place not in places and not wanted.isdisjoint(other.reads)
        ]
        between = {name for place in places for name in effects[place].needs}
        moved = [one for place, one in enumerate(effects) if places and places[0] < place < at and place not in places]
        is_alone = not others and all(between.isdisjoint(one.writes) for one in moved)
        if len(places) < len(wanted) or not is_alone:
            return {units[at]: f"{why}, and other cells use it as well"}
        return Joining((*places, at), why)
    return None


def _reaches(name: str, names: frozenset[str], around: Surroundings) -> bool:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in names:
            return True
        if current not in seen and current in around.functions:
            seen.add(current)
            waiting.extend(around.functions[current].reads)
    return False
