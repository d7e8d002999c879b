"""Cells as they are being typed: what a run would do with them, before anything of it is declared.

A workflow beside the session's is kept for it, so that a key that is pressed costs what it changes. Reads the
notebook's names, files and the store; changes nothing of the session.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from helix_jupyter.errors import HelixError
from helix_jupyter.graph.dag import Graph, build_graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.types import Plan
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.owning import giving_way, owners
from helix_jupyter.session.planning import plan_for, surroundings
from helix_jupyter.session.resolve import Known, undefined
from helix_jupyter.session.waiting import PlainEdit, waiting
from helix_jupyter.session.workflow import Survey, Workflow
from helix_jupyter.version.types import NodeRecord


@dataclass(frozen=True)
class DraftCell:
    """One cell as it stands.

    ``node`` is empty where it declares none. ``state`` is that of the coming run (``load``, ``compute``, ``prune``;
    empty where it cannot be told; ``replaced`` where another cell is the node's, with ``above`` or ``below`` as the
    ``reason``), ``value`` whether the current version's value is that of the code as it stands (``fresh``), of another
    one (``stale``) or there is ``none``. ``seconds`` is None where nobody knows. ``declared``: the session has it just
    so; ``failed``: it did, when it was last run just so, and ``interrupted`` whether by an interrupt. ``problem`` says
    why it cannot run. ``waits`` tells of a plain cell that was edited, for which the value is stale: a run, which
    leaves plain cells alone, does not know. ``inputs``: the names that it reads of other nodes, with the
    node that gives each.
    """

    cell: str
    node: str = ""
    outputs: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    value: str = "none"
    reason: str = ""
    seconds: float | None = None
    declared: bool = False
    failed: bool = False
    interrupted: bool = False
    problem: str = ""
    waits: str = ""


@dataclass(frozen=True)
class Looked:
    """What was found at the last look: of which declarations, with which edges by helpers, and what of each.

    ``known``: what the nodes were found to reach. ``owners``: by node that the session held, the cell that was its, and
    what the session held.
    """

    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    extra_reads: Mapping[str, Collection[str]] = field(default_factory=dict)
    rows: Mapping[str, DraftCell] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    owners: Mapping[str, tuple[str, Declaration]] = field(default_factory=dict)


class Drafts:
    """The workflow that the cells as they stand would make, of one session."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._workflow = bench, Workflow(bench)
        self.looked = Looked()

    def look(
        self,
        cells: Mapping[str, Declaration | str],
        declared: Mapping[str, Declaration],
        records: Mapping[str, NodeRecord],
        plain_edits: Mapping[str, PlainEdit],
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
        plain_edits
            By name, what a plain cell that was edited would make of it.
        """
        drafts, owner, problems = _overlaid(cells, declared, self.looked)
        kept = {node: (cell, declared[node]) for node, cell in owner.items() if node in declared}
        self.looked = replace(self.looked, owners=kept)
        try:
            self._workflow.bring(drafts)
            survey = self._workflow.survey(shown=True)
        except HelixError as problem:  # a cycle, a name that two nodes give: of the cells that are not declared so
            return _named(self._untold(cells, owner, declared, problems, str(problem)), declared)
        around = surroundings(self._bench, survey.graph, survey.known, records)
        plan = plan_for(around, survey.graph.sinks()) if drafts else None
        unread = _unread_outputs(declared, problems)
        told = {node: self._row(one, survey, plan, declared, records, unread) for node, one in drafts.items() if plan}
        self.looked = Looked(drafts, survey.graph.extra_reads, told, survey.known, kept)
        waits = _waiting(told, plain_edits, survey.known, survey.graph)
        return _named(_rows(cells, owner, drafts, problems, waits), declared)

    def _row(
        self,
        draft: Declaration,
        survey: Survey,
        plan: Plan,
        declared: Mapping[str, Declaration],
        records: Mapping[str, NodeRecord],
        unread: Mapping[str, str],
    ) -> DraftCell:
        node = draft.node
        known, record = survey.known[node], records.get(node)
        seconds = plan.node_seconds[node]
        failed = record is not None and bool(record.error) and known.result is None and known.key == record.key
        name = undefined(draft, set(survey.graph.outside(node)) - unread.keys(), self._bench.namespace)
        inputs = _inputs(node, survey.graph, unread)
        missing = next((one for one in inputs if one not in survey.graph.inputs[node]), "")
        unreadable = f"it reads `{missing}`, whose cell cannot be declared as it stands" if missing else ""
        return DraftCell(
            "",
            node,
            draft.outputs,
            inputs,
            str(plan.states[node]),
            _value(known, record),
            unreadable or plan.reasons[node],
            None if node in plan.guessed or not math.isfinite(seconds) else seconds,
            _is_declared(draft, declared),
            failed,
            failed and record is not None and record.outcome == "interrupted",
            "" if name is None else f"It reads '{name}', which nothing defines.",
        )

    def _untold(
        self,
        cells: Mapping[str, Declaration | str],
        owner: Mapping[str, str],
        declared: Mapping[str, Declaration],
        problems: Mapping[str, str],
        problem: str,
    ) -> Iterable[DraftCell]:
        ways = giving_way(_declaring(cells), owner)
        for cell, one in cells.items():
            if cell in ways:
                yield _replaced(cell, one, ways[cell])
                continue
            is_declared = isinstance(one, Declaration) and _is_declared(one, declared)
            said = problems.get(cell, "" if is_declared else problem)
            yield replace(_unread(cell, one, said), declared=is_declared)


def from_text(
    cells: Mapping[str, Declaration | str],
    declared: Mapping[str, Declaration],
    looked: Looked,
    plain_edits: Mapping[str, PlainEdit],
) -> tuple[DraftCell, ...]:
    """What can be said of the cells by their text alone, beside what was found when somebody looked last.

    Nothing of the notebook, the disk or the store is read, so any thread may ask while a cell runs. A node that is
    another than then, or is below such a one, is taken to be stale: whether it really is tells the next look.
    """
    drafts, owner, problems = _overlaid(cells, declared, looked)
    extra = {node: names for node, names in looked.extra_reads.items() if node in drafts}
    try:
        graph = build_graph(drafts.values(), extra)
    except HelixError:
        graph = build_graph(drafts.values())
    edited = {node for node, one in drafts.items() if not _is_declared(one, looked.declarations)}
    below = graph.descendants(edited)
    unread = _unread_outputs(declared, problems)
    told = {}
    for node, one in drafts.items():
        row = looked.rows.get(node, DraftCell("", node))
        inputs = _inputs(node, graph, unread)
        row = replace(row, outputs=one.outputs, inputs=inputs, declared=_is_declared(one, declared))
        if node in below:
            reason = "its cell was edited" if node in edited else "what it reads was edited"
            value = "none" if row.value == "none" else "stale"
            told_of = reason if node in looked.rows else ""
            # what was found is what loading takes, where it was to be loaded
            seconds = row.seconds if row.state == "compute" else None
            row = replace(
                row, state="compute", value=value, reason=told_of, failed=False, interrupted=False, seconds=seconds
            )
        told[node] = row
    return _named(_rows(cells, owner, drafts, problems, _waiting(told, plain_edits, looked.known, graph)), declared)


def _waiting(
    told: Mapping[str, DraftCell], edits: Mapping[str, PlainEdit], known: Mapping[str, Known], graph: Graph
) -> Mapping[str, DraftCell]:
    """The rows, with those of values that are stale once a plain cell runs as it stands."""
    waits = waiting(edits, known, graph) if edits else {}
    there = {node: told[node] for node in waits if node in told and told[node].value != "none"}
    return {**told, **{node: replace(row, value="stale", waits=waits[node]) for node, row in there.items()}}


def _rows(
    cells: Mapping[str, Declaration | str],
    owner: Mapping[str, str],
    drafts: Mapping[str, Declaration],
    problems: Mapping[str, str],
    told: Mapping[str, DraftCell],
) -> Iterable[DraftCell]:
    """By cell, then the nodes that stand in none of them."""
    in_cells = {one.node for one in cells.values() if isinstance(one, Declaration)}
    ways = giving_way(_declaring(cells), owner)
    for cell, one in cells.items():
        if cell in ways:
            yield _replaced(cell, one, ways[cell])
            continue
        row = told.get(one.node) if isinstance(one, Declaration) and cell not in problems else None
        yield _unread(cell, one, problems.get(cell, "")) if row is None else replace(row, cell=cell)
    yield from (told[node] for node in drafts if node not in in_cells and node in told)


def _unread_outputs(declared: Mapping[str, Declaration], problems: Mapping[str, str]) -> dict[str, str]:
    """By name, the node that gives it as declared, of cells that cannot be read now: they alone are told of that."""
    return {name: node for node, one in declared.items() if one.origin.cell in problems for name in one.outputs}


def _inputs(node: str, graph: Graph, unread: Mapping[str, str]) -> Mapping[str, str]:
    """The names that a node reads with the nodes that give them, those of ``unread`` included."""
    missing = {name: unread[name] for name in graph.outside(node) if name in unread}
    return {**graph.inputs[node], **missing}


def _named(rows: Iterable[DraftCell], declared: Mapping[str, Declaration]) -> tuple[DraftCell, ...]:
    """What cannot be read goes by the name of the node that its cell declared."""
    nodes = {one.origin.cell: node for node, one in declared.items()}
    return tuple(replace(row, node=row.node or nodes.get(row.cell, "")) if row.cell else row for row in rows)


def _value(known: Known, record: NodeRecord | None) -> str:
    """``fresh``: the value of the current version is that of this text; one that is stored only is not at hand yet."""
    if record is None or not (record.outputs or record.key):
        return "fresh" if known.result is not None else "none"
    if known.result is None:
        return "stale" if record.outputs else "none"
    now, then = ([(one.name, one.digest) for one in outputs] for outputs in (known.result.outputs, record.outputs))
    return "fresh" if now == then and (now or known.key == record.key) else "stale"


def _unread(cell: str, one: Declaration | str, problem: str) -> DraftCell:
    if isinstance(one, str):
        return DraftCell(cell, problem=problem)
    return DraftCell(cell, one.node, one.outputs, problem=problem)


def _is_declared(draft: Declaration, declared: Mapping[str, Declaration]) -> bool:
    one = declared.get(draft.node)
    return one is draft or _says(one) == _says(draft)


def _replaced(cell: str, one: Declaration | str, reason: str) -> DraftCell:
    return replace(_unread(cell, one, ""), state="replaced", reason=reason)


def _declaring(cells: Mapping[str, Declaration | str]) -> dict[str, Declaration]:
    return {cell: one for cell, one in cells.items() if isinstance(one, Declaration)}


def _overlaid(
    cells: Mapping[str, Declaration | str], declared: Mapping[str, Declaration], looked: Looked
) -> tuple[dict[str, Declaration], dict[str, str], dict[str, str]]:
    """The declarations with those of the cells in the place of what these cells declared; owners by node; problems by
    cell."""
    problems = {cell: one for cell, one in cells.items() if isinstance(one, str)}
    kept = {node: one for node, one in declared.items() if one.origin.cell not in cells}
    drafts: dict[str, Declaration] = {}
    declaring = _declaring(cells)
    owner = owners(declaring, declared, looked.owners, _says)
    ways = giving_way(declaring, owner)
    for cell, one in declaring.items():
        # the place is that of the first, as it is when all are run
        own = declaring[owner[one.node]]
        drafts.setdefault(one.node, _declared_or(own, declared.get(one.node)))
        if owner[one.node] != cell and cell not in ways:
            problems[cell] = f"Another cell of the notebook declares '{one.node}', too."
    for node, one in kept.items():
        drafts.setdefault(node, one)
    return _without_clashes(drafts, owner, problems), owner, problems


def _declared_or(draft: Declaration, declared: Declaration | None) -> Declaration:
    """The object that the session has, where it says the same: what is known of it goes on to be known."""
    return declared if declared is not None and _says(declared) == _says(draft) else draft


def _without_clashes(
    drafts: dict[str, Declaration], owner: Mapping[str, str], problems: dict[str, str]
) -> dict[str, Declaration]:
    """Without the last cells that make a graph impossible; they are told why."""
    try:
        build_graph(drafts.values())
        return drafts
    except HelixError:
        pass
    kept: dict[str, Declaration] = {}
    for node, one in drafts.items():
        try:
            build_graph((*kept.values(), one))
        except HelixError as problem:
            if node in owner:
                problems[owner[node]] = str(problem)
        else:
            kept[node] = one
    return kept


def _says(declaration: Declaration | None) -> object:
    """All that a declaration says but how it is written."""
    if declaration is None:
        return None
    options = ("outputs", "update", "metrics", "volatile", "watch", "seed", "group", "lower", "higher", "map")
    return declaration.normalised, *(getattr(declaration, name) for name in options)
