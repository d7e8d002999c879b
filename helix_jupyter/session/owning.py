"""Which of several cells that declare one node is the node's cell. Pure.

A notebook that tells a story declares a node again further down, with ``--replace``: then that cell is its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helix_jupyter.graph.declaration import Declaration

Says = Callable[[Declaration], object]


def owners(
    cells: Mapping[str, Declaration],
    declared: Mapping[str, Declaration],
    before: Mapping[str, tuple[str, Declaration]],
    says: Says,
) -> dict[str, str]:
    """By node, the cell that is its.

    It is the one that was run last. Where that is not in the notebook (any more), or a version was checked out: the
    one that was found at the last look, as long as nothing was declared since; else the last that says what is
    declared, the last that replaces others, or the first.

    Parameters
    ----------
    cells
        What each cell declares, in the document's order.
    declared
        What the session holds.
    before
        By node, the cell of the last look, and what the session held then.
    says
        All that a declaration says, to be compared.
    """
    by_node: dict[str, list[str]] = {}
    for cell, one in cells.items():
        by_node.setdefault(one.node, []).append(cell)
    return {node: _owner(found, cells, declared.get(node), before.get(node), says) for node, found in by_node.items()}


def _owner(
    candidates: list[str],
    cells: Mapping[str, Declaration],
    declared: Declaration | None,
    before: tuple[str, Declaration] | None,
    says: Says,
) -> str:
    if len(candidates) == 1:
        return candidates[0]
    if declared is not None and declared.origin.cell in candidates:
        return str(declared.origin.cell)
    if before is not None and before[0] in candidates and before[1] is declared:
        return before[0]
    said = [cell for cell in candidates if declared is not None and says(cells[cell]) == says(declared)]
    replacing = [cell for cell in candidates if cells[cell].origin.replaces]
    return (said or replacing or candidates[:1])[-1]


def giving_way(cells: Mapping[str, Declaration], owner: Mapping[str, str]) -> dict[str, str]:
    """By cell that is not its node's, whether the one that is stands ``above`` or ``below``.

    Only where one of the two says that it replaces the other: else two cells declare one node by mistake.
    """
    places = {cell: place for place, cell in enumerate(cells)}
    found: dict[str, str] = {}
    for cell, one in cells.items():
        other = owner[one.node]
        if other != cell and (one.origin.replaces or cells[other].origin.replaces):
            found[cell] = "below" if places[other] > places[cell] else "above"
    return found
