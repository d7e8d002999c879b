"""A version's code against the cells that a notebook has: which of them would say something else, which are missing,
which are of nodes that the version does not have. Text only; whoever shows the notebook writes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from helix_jupyter.cell.options import line_of, parse_cell_comment, parse_options
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import UnknownOption
from helix_jupyter.version.cells import by_place, definitions, name_anyway, names_to_give, options_of
from helix_jupyter.version.types import NodeRecord, Version

_MAGIC = re.compile(r"%%helix(?=\s|$)(?P<options>.*)")


@dataclass(frozen=True)
class RestoredCell:
    """A cell as the version has it. ``cell`` is the id of the notebook's, empty where it has none for that node."""

    node: str
    cell: str
    text: str


@dataclass(frozen=True)
class Restoration:
    """What makes a notebook say what a version says.

    Attributes
    ----------
    cells
        One for each node of the version, in the nodes' places.
    others
        ``{id of a cell: its node}`` of the nodes that the version does not have.
    definitions
        Imports, constants and functions that the version used and that no cell of the notebook makes, as one text.
    """

    cells: tuple[RestoredCell, ...]
    others: Mapping[str, str]
    definitions: str = ""


@dataclass(frozen=True)
class _Written:
    """A cell that declares a node: the lines down to the one that does, what that says, and the code below."""

    cell: str
    head: str
    options: CellOptions
    body: str


def restoration(
    version: Version, cells: Mapping[str, str], declared: Mapping[str, str], bound: Collection[str] = ()
) -> Restoration:
    """Set a version against a notebook.

    Parameters
    ----------
    cells
        ``{id: text}`` of the notebook's code cells, in their order.
    declared
        ``{id: node}`` of the cells that the session's declarations came from: where several cells name one node, the
        one that counts, unless one says that it replaces the others: the last that does stands when all are run.
    bound
        Names that the notebook's plain cells make.
    """
    written = [found for cell, text in cells.items() if (found := _written(cell, text)) is not None]
    nodes = _nodes_of(written, declared)
    owners: dict[str, _Written] = {}
    for one in written:
        node = nodes[one.cell]
        owner = owners.get(node)
        # the one that stands when all are run
        if owner is None or one.options.replace or not (owner.options.replace or declared.get(owner.cell) == node):
            owners[node] = one
    records = by_place(version)
    names = names_to_give(records)
    restored = tuple(_restored(record, owners.get(record.node), names[record.node]) for record in records)
    others = {cell: node for cell, node in nodes.items() if node not in version.nodes}
    return Restoration(restored, others, definitions(version, bound))


def _written(cell: str, text: str) -> _Written | None:
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    comment = parse_cell_comment(text)
    magic = _MAGIC.match(lines[first])
    if comment is None and magic is None:
        return None
    try:
        options = parse_options(comment[0] if comment is not None else magic["options"] if magic else "")
    except UnknownOption:  # it declares nothing as it stands
        return None
    return _Written(cell, "\n".join(lines[: first + 1]), options, "\n".join(lines[first + 1 :]))


def _nodes_of(written: Iterable[_Written], declared: Mapping[str, str]) -> dict[str, str]:
    """The node of each cell: by its name, a nameless link in a chain as it was declared or would be."""
    taken: set[str] = set()
    made: set[str] = set()
    nodes: dict[str, str] = {}
    for one in written:
        stem = one.options.outputs[:1]
        known = declared.get(one.cell, "")
        is_link = one.options.update and known.rpartition(".")[0] in stem
        node = one.options.name or (known if is_link else name_anyway(one.options, taken, made))
        nodes[one.cell] = node
        taken.add(node)
        made.update(one.options.outputs)
    return nodes


def _restored(record: NodeRecord, found: _Written | None, name: str | None) -> RestoredCell:
    recorded = options_of(record, name)
    source = record.source.strip("\n")
    if found is None:
        return RestoredCell(record.node, "", f"%%helix {line_of(recorded)}\n{source}")
    head = found.head
    if _said(found.options) != _said(recorded):
        head = _head(head, replace(recorded, run=found.options.run, replace=found.options.replace))
    body = found.body if found.body.strip("\n") == source else source
    return RestoredCell(record.node, found.cell, f"{head}\n{body}")


def _said(options: CellOptions) -> CellOptions:
    """Without the name, by which the cell was found, and without what is no part of a version."""
    outputs = options.outputs or (options.name or "",)
    return replace(options, outputs=outputs, name=None, run=False, replace=False)


def _head(head: str, options: CellOptions) -> str:
    """The declaring line with other options, in the form that the cell has it."""
    *above, line = head.split("\n")
    form = "%%helix" if _MAGIC.match(line) else "# helix:"
    return "\n".join([*above, f"{form} {line_of(options)}"])
