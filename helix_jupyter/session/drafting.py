"""Cells as they are being typed: what a run would do with them, before anything of it is declared.

A workflow beside the session's is kept for it, so that a key that is pressed costs what it changes. Reads the
notebook's names, files and the store; changes nothing of the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helix_jupyter.errors import HelixError
from helix_jupyter.graph.dag import build_graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.workflow import Workflow
from helix_jupyter.version.types import NodeRecord


@dataclass(frozen=True)
class DraftCell:
    """One cell as it stands.

    ``node`` is empty where it declares none. ``state`` is that of the coming run (``load``, ``compute``, ``prune``;
    empty where it cannot be told), ``value`` whether there is a value of the code as it stands (``fresh``), of an
    earlier one (``stale``) or ``none``. ``seconds`` is None where nobody knows. ``declared``: the session has it just
    so. ``problem`` says why it cannot be declared.
    """

    cell: str
    node: str = ""
    state: str = ""
    value: str = "none"
    reason: str = ""
    seconds: float | None = None
    declared: bool = False
    problem: str = ""


class Drafts:
    """The workflow that the cells as they stand would make, of one session."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._workflow = bench, Workflow(bench)

    def look(
        self,
        cells: Mapping[str, Declaration | str],
        declared: Mapping[str, Declaration],
        records: Mapping[str, NodeRecord],
    ) -> tuple[DraftCell, ...]:
        """What is to be said of each cell, and of nodes that other cells declared (with an empty ``cell``).

        Parameters
        ----------
        cells
            By cell, in the document's order: what it declares, or why that cannot be.
        declared
            What the session holds.
        records
            What is known of nodes from the current version.
        """
        drafts, problems = _overlaid(cells, declared)
        try:
            self._workflow.bring(drafts)
            survey = self._workflow.survey(shown=True)
        except HelixError as problem:  # a cycle, a name that two nodes give: of the cells that are not declared so
            return tuple(self._untold(cells, declared, problems, str(problem)))
        around = surroundings(self._bench, survey.graph, survey.known, records)
        plan = plan_for(around, survey.graph.sinks()) if drafts else None
        fresh = {node for node, known in survey.known.items() if known.result is not None}
        return tuple(self._told(cells, declared, problems, drafts, plan, fresh, records))

    def _told(
        self,
        cells: Mapping[str, Declaration | str],
        declared: Mapping[str, Declaration],
        problems: Mapping[str, str],
        drafts: Mapping[str, Declaration],
        plan: Plan | None,
        fresh: Iterable[str],
        records: Mapping[str, NodeRecord],
    ) -> Iterable[DraftCell]:
        by_cell = {cell: one.node for cell, one in cells.items() if isinstance(one, Declaration)}
        rows = [*cells.items(), *(("", one) for node, one in drafts.items() if node not in by_cell.values())]
        current = set(fresh)
        for cell, one in rows:
            if cell in problems or plan is None or isinstance(one, str):
                node = one.node if isinstance(one, Declaration) else ""
                yield DraftCell(cell, node, problem=problems.get(cell, ""))
                continue
            node = one.node
            record = records.get(node)
            value = "fresh" if node in current else "stale" if record is not None and record.outputs else "none"
            seconds = None if node in plan.guessed else plan.node_seconds[node]
            is_declared = _says(declared.get(node)) == _says(one)
            yield DraftCell(cell, node, str(plan.states[node]), value, plan.reasons[node], seconds, is_declared)

    def _untold(
        self,
        cells: Mapping[str, Declaration | str],
        declared: Mapping[str, Declaration],
        problems: Mapping[str, str],
        problem: str,
    ) -> Iterable[DraftCell]:
        for cell, one in cells.items():
            node = one.node if isinstance(one, Declaration) else ""
            is_declared = isinstance(one, Declaration) and _says(declared.get(node)) == _says(one)
            yield DraftCell(
                cell, node, declared=is_declared, problem=problems.get(cell, "" if is_declared else problem)
            )


def _overlaid(
    cells: Mapping[str, Declaration | str], declared: Mapping[str, Declaration]
) -> tuple[dict[str, Declaration], dict[str, str]]:
    """The declarations with those of the cells in the place of what these cells declared, and problems by cell."""
    problems = {cell: one for cell, one in cells.items() if isinstance(one, str)}
    kept = {node: one for node, one in declared.items() if one.origin.cell not in cells}
    drafts: dict[str, Declaration] = {}
    for cell, one in cells.items():
        if isinstance(one, str):
            continue
        if one.node in drafts:
            problems[cell] = f"Another cell of the notebook declares '{one.node}', too."
            continue
        drafts[one.node] = _declared_or(one, declared.get(one.node))
    for node, one in kept.items():
        drafts.setdefault(node, one)
    return _without_clashes(drafts, cells, problems), problems


def _declared_or(draft: Declaration, declared: Declaration | None) -> Declaration:
    """The object that the session has, where it says the same: what is known of it goes on to be known."""
    return declared if declared is not None and _says(declared) == _says(draft) else draft


def _without_clashes(
    drafts: dict[str, Declaration], cells: Mapping[str, Declaration | str], problems: dict[str, str]
) -> dict[str, Declaration]:
    """Without the last cells that make a graph impossible; they are told why."""
    try:
        build_graph(drafts.values())
        return drafts
    except HelixError:
        pass
    cell_of = {one.node: cell for cell, one in cells.items() if isinstance(one, Declaration)}
    kept: dict[str, Declaration] = {}
    for node, one in drafts.items():
        try:
            build_graph((*kept.values(), one))
        except HelixError as problem:
            if node in cell_of:
                problems[cell_of[node]] = str(problem)
        else:
            kept[node] = one
    return kept


def _says(declaration: Declaration | None) -> object:
    """All that a declaration says but how it is written."""
    if declaration is None:
        return None
    options = ("outputs", "update", "metrics", "volatile", "watch", "seed", "group", "lower", "higher", "map")
    return declaration.normalised, *(getattr(declaration, name) for name in options)
