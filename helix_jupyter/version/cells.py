"""A version's cells as a notebook has them: a ``%%helix`` line on top of what each node's cell said. Text only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helix_jupyter.cell.options import line_of
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.version.types import NodeRecord, Version

# what editors and jupytext take for the border of two cells
BORDER = "# %%"


def cells_of(version: Version) -> tuple[str, ...]:
    """The text of each cell, in the nodes' places. Above them stand, in a cell of their own, the notebook's imports,
    functions, classes and constants that they used, as far as they were recorded as text."""
    captures = version.captures.values()
    imports = dict.fromkeys(capture.text for capture in captures if capture.form == "import")
    constants = [f"{capture.name} = {capture.text}" for capture in captures if capture.form == "literal"]
    sources = [capture.text.strip() for capture in captures if capture.form == "source"]
    own = "\n\n\n".join(part for part in ("\n".join([*imports, *constants]), *sources) if part)
    nodes = sorted(version.nodes.values(), key=lambda record: record.place)
    return ((f"{own}\n",) if own else ()) + tuple(_cell(record) for record in nodes)


def text_of_cells(version: Version) -> str:
    """All of them in one text, with a border above each."""
    return "\n".join(f"{BORDER}\n{cell}" for cell in cells_of(version))


def _cell(record: NodeRecord) -> str:
    given: dict[str, Any] = _known(record.options)
    outputs = tuple(given.pop("outputs", None) or [output.name for output in record.outputs])
    name = None if outputs and record.node == outputs[0] else record.node
    return f"%%helix {line_of(CellOptions(outputs, name, **given))}\n{record.source.strip()}\n"


def _known(options: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in CellOptions.__dataclass_fields__}
