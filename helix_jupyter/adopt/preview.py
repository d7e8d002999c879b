"""What adopting did, as text: a line or more for each code cell, and a diff of both notebooks as scripts."""

from __future__ import annotations

import difflib

from helix_jupyter.adopt.types import Adopted, CellReport


def report(adopted: Adopted) -> str:
    """A line for each code cell, its notes below."""
    if not adopted.changed:
        return "The notebook has %%helix cells already: it stays as it is."
    lines = []
    for cell in adopted.cells:
        lines.append(f"cell {cell.number:>3}  {_what(cell)}")
        lines += [f"          {note}" for note in cell.notes]
    nodes = sum(len(cell.nodes) for cell in adopted.cells)
    lines.append(f"{nodes} node{'' if nodes == 1 else 's'} in {len(adopted.cells)} code cells")
    return "\n".join(lines)


def _what(cell: CellReport) -> str:
    declared = ", ".join(f"%%helix {options}" for options in cell.nodes)
    return {
        "plain": "plain",
        "node": declared,
        "split": f"plain part and {declared}",
        "merged": f"moves down{f'; {declared}' if declared else ''}",
    }[cell.kind]


def preview(adopted: Adopted, name: str = "notebook") -> str:
    """A unified diff of the notebooks in ``# %%`` form; empty where nothing changes."""
    before, after = adopted.before.splitlines(keepends=True), adopted.after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, name, f"{name} (adopted)"))
