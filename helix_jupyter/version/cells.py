"""A version's cells as a notebook has them: a ``%%helix`` line on top of what each node's cell said. Text only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from helix_jupyter.cell.options import line_of
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.version.types import NodeRecord, Version

# what editors and jupytext take for the border of two cells
BORDER = "# %%"


def cells_of(version: Version) -> tuple[str, ...]:
    """The text of each cell, in the nodes' places. Above them stand, in a cell of their own, the notebook's imports,
    functions, classes and constants that they used, as far as they were recorded as text."""
    own = definitions(version)
    nodes = by_place(version)
    names = names_to_give(nodes)
    cells = [f"%%helix {line_of(options_of(one, names[one.node]))}\n{one.source.strip()}\n" for one in nodes]
    return ((f"{own}\n",) if own else ()) + tuple(cells)


def text_of_cells(version: Version) -> str:
    """All of them in one text, with a border above each."""
    return "\n".join(f"{BORDER}\n{cell}" for cell in cells_of(version))


def by_place(version: Version) -> tuple[NodeRecord, ...]:
    """The nodes in their places."""
    return tuple(sorted(version.nodes.values(), key=lambda record: record.place))


def definitions(version: Version, without: Collection[str] = ()) -> str:
    """The notebook's imports, constants, functions and classes that the nodes used, but for those named; empty where
    there are none that were recorded as text."""
    captures = [capture for capture in version.captures.values() if capture.name not in without]
    imports = dict.fromkeys(capture.text for capture in captures if capture.form == "import")
    constants = [f"{capture.name} = {capture.text}" for capture in captures if capture.form == "literal"]
    sources = [capture.text.strip() for capture in captures if capture.form == "source"]
    return "\n\n\n".join(part for part in ("\n".join([*imports, *constants]), *sources) if part)


def options_of(record: NodeRecord, name: str | None) -> CellOptions:
    """What the declaring line of a node said; ``name`` is what it says behind ``--name``."""
    given: dict[str, Any] = {
        option: tuple(value) if isinstance(value, list) else value
        for option, value in record.options.items()
        if option in CellOptions.__dataclass_fields__
    }
    outputs = tuple(given.pop("outputs", None) or [output.name for output in record.outputs])
    return CellOptions(outputs, name, **given)


def names_to_give(records: Iterable[NodeRecord]) -> Mapping[str, str | None]:
    """By node, in the order of the cells: the name that its line has to say, None where it has that name anyway."""
    taken: set[str] = set()
    made: set[str] = set()
    names: dict[str, str | None] = {}
    for record in records:
        options = options_of(record, None)
        anyway = name_anyway(options, taken, made)
        names[record.node] = None if anyway == record.node else record.node
        taken.add(record.node)
        made.update(options.outputs)
    return names


def name_anyway(options: CellOptions, taken: Collection[str], made: Collection[str]) -> str:
    """The name of a node whose line gives none: its first output, of a further link in a chain with a number."""
    stem = options.outputs[0] if options.outputs else ""
    if not options.update or (stem not in taken and stem not in made):
        return stem
    number = 2
    while f"{stem}.{number}" in taken:
        number += 1
    return f"{stem}.{number}"
