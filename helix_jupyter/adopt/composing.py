"""The cells of the adopted notebook: declaring lines on nodes, ``%helix run`` where a plain cell waits for them.

Reads a `Verdict` and the original's cells; returns new cells and a report for each code cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from helix_jupyter.adopt.deciding import Verdict
from helix_jupyter.adopt.outputs import Declared
from helix_jupyter.adopt.types import CellReport, Effects, Kind, Unit

LOAD = "%load_ext helix_jupyter"
RUN = "%helix run"
AGAIN = "%helix run --once"
_MOST_REASONS = 3
NEWLINE = "\n"


@dataclass
class _Written:
    """What is written for one code cell so far."""

    texts: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compose(
    cells: Sequence[Mapping[str, Any]], verdict: Verdict, lines: Mapping[int, Declared], timed: frozenset[int]
) -> tuple[list[dict[str, Any]], tuple[CellReport, ...]]:
    """The new cells, and what became of the old ones.

    Parameters
    ----------
    cells
        Of the original; its code cells are counted from 0 as in ``Unit.cell``.
    timed
        Code cells whose ``%%time`` was taken off.
    """
    written, last_run = _write(verdict, lines)
    merged = {part: unit for unit in verdict.joined for part in unit.parts if part != unit.cell}
    result: list[dict[str, Any]] = []
    reports = []
    number = 0
    for cell in cells:
        if cell["cell_type"] != "code":
            result.append(dict(cell))
            continue
        one = written.get(number, _Written())
        texts = one.texts if one.nodes else _whole(source_of(cell), one.asked) if number not in merged else one.texts
        if number == 0:
            result.append(code_cell(LOAD))
        result += [_as_cell(cell, text, at == len(texts) - 1) for at, text in enumerate(texts)]
        reports.append(_report(number, one, merged.get(number), len(texts), timed))
        number += 1
    if last_run:
        result.append(code_cell(last_run))
    return result, tuple(reports)


def _write(verdict: Verdict, lines: Mapping[int, Declared]) -> tuple[dict[int, _Written], str]:
    written: dict[int, _Written] = {}
    given: set[str] = set()
    is_pending, before, run = False, (-1, False), RUN
    for at, unit in enumerate(verdict.units):
        one = written.setdefault(unit.cell, _Written())
        for part in unit.parts:
            written.setdefault(part, _Written())
        is_node = at not in verdict.plain
        if is_node:
            line = lines[at]
            one.texts.append(f"%%helix {line.options}\n{unit.text.strip(NEWLINE)}")
            one.nodes.append(line.options)
            one.notes += _node_notes(verdict, unit, line)
            given |= {*line.outputs}
            is_pending = True
        else:
            first = _first_line(unit, verdict.effects[at], given, run if is_pending else "")
            if is_pending and first == run:
                # what was shown by then is not to be shown twice
                is_pending, run = False, AGAIN
            one.asked += [first] if first else []
            _write_plain(one, unit.text, first, joins=before == (unit.cell, False) and not first)
            why = verdict.plain[at]
            if why not in {kind.value for kind in Kind}:
                one.notes.append(f"stays plain: {why}" if len(one.texts) == 1 else f"in part plain: {why}")
        before = (unit.cell, is_node)
    return written, run if is_pending else ""


def _whole(source: str, asked: Sequence[str]) -> list[str]:
    """A cell that stays plain, as it was written, below what has to be asked for first."""
    if not asked:
        return [source]
    lines = [line for line in asked if line.startswith(RUN)] or list(dict.fromkeys(asked))
    return [*lines, source] if source.lstrip().startswith("%%") else ["\n".join([*lines, source])]


def _first_line(unit: Unit, effect: Effects, given: Set[str], run: str) -> str:
    """What has to be asked for before a plain unit: it reads nodes' values, or acts on what is behind the scenes."""
    read = sorted(given & effect.needs)
    acts = unit.kind in (Kind.SETTING, Kind.WORK) and bool(effect.plain)
    if run and (read or acts):
        return run
    return f"%helix get {' '.join(read)}" if read else ""


def _write_plain(one: _Written, text: str, first: str, joins: bool) -> None:
    if joins:
        one.texts[-1] = f"{one.texts[-1]}\n{text}"
    elif first and text.lstrip().startswith("%%"):
        one.texts += [first, text.strip(NEWLINE)]
    else:
        one.texts.append("\n".join([*([first] if first else []), text.strip(NEWLINE)]))


def _node_notes(verdict: Verdict, unit: Unit, line: Declared) -> list[str]:
    notes = []
    if verdict.joined.get(unit):
        cells = ", ".join(str(part + 1) for part in unit.parts)
        together = f"cells {cells} are one node" if len(unit.parts) > 1 else "its pieces are one node"
        notes.append(f"{together}: {_few(verdict.joined[unit])}")
    if line.changed:
        names = ", ".join(f"`{name}`" for name in line.changed)
        notes.append(f"changes {names}: --update, earlier readers keep the earlier value")
    return notes


def _few(reasons: Sequence[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {more} more reasons" if more > 0 else "")


def _report(number: int, one: _Written, into: Unit | None, pieces: int, timed: frozenset[int]) -> CellReport:
    notes = list(dict.fromkeys(one.notes))
    if number in timed:
        notes.append("%%time is taken off: helix says how long each node takes")
    if into is not None:
        notes.append(f"its work stands in cell {into.cell + 1}")
        return CellReport(number + 1, "merged", tuple(one.nodes), tuple(notes))
    kind = "plain" if not one.nodes else "node" if pieces == 1 else "split"
    return CellReport(number + 1, kind, tuple(one.nodes), tuple(notes))


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text; nbformat allows a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def code_cell(text: str) -> dict[str, Any]:
    """A new code cell."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}


def _as_cell(cell: Mapping[str, Any], text: str, is_last: bool) -> dict[str, Any]:
    """The cell with another text; its id and metadata go to the last piece of it. Outputs are of the original's run."""
    if not is_last:
        return code_cell(text)
    return {**cell, "execution_count": None, "outputs": [], "source": text}
