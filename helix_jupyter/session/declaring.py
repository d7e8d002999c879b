"""From what a user hands over (text, a recorded version) to declarations, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.options import check_outputs
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import DuplicateOutput, UnknownOption
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.graph.declaration import Declaration, Origin
from helix_jupyter.graph.declare import make_declaration
from helix_jupyter.version.types import Version

Watch = str | Callable[[], Any] | Sequence[str | Callable[[], Any]]


def options(
    outputs: Sequence[str],
    name: str | None,
    watch: Watch,
    metrics: bool,
    volatile: bool,
    seed: int | None,
    update: bool,
    group: str | None,
    lower: str | Sequence[str] = (),
    higher: str | Sequence[str] = (),
    map: str | None = None,
) -> CellOptions:
    """Options given as arguments, checked like those of a magic line."""
    outputs = (outputs,) if isinstance(outputs, str) else tuple(outputs)
    check_outputs(outputs, name)
    less, more = ((one,) if isinstance(one, str) else tuple(one) for one in (lower, higher))
    watching = watched(watch)[0]
    return CellOptions(
        outputs, name, watching, metrics, volatile, update, seed=seed, group=group, lower=less, higher=more, map=map
    )


def watched(watch: Watch) -> tuple[tuple[str, ...], dict[str, Callable[[], Any]]]:
    """What is watched as on a magic line, and the functions among it by name.

    Raises
    ------
    UnknownOption
        A function has no name to find it by.
    """
    given = (watch,) if isinstance(watch, str) or callable(watch) else tuple(watch)
    functions = {getattr(one, "__name__", ""): one for one in given if not isinstance(one, str)}
    if not all(map(str.isidentifier, functions)):
        raise UnknownOption("watch= takes a function that has a name: def latest(): ...; watch=latest.")
    return tuple(one if isinstance(one, str) else one.__name__ for one in given), functions


def from_text(
    code: str,
    options: CellOptions,
    existing: Mapping[str, Declaration],
    source: str | None = None,
    origin: Origin | None = None,
) -> Declaration:
    """The declaration of a cell. ``code`` is plain Python, ``source`` what the user wrote (default: the same)."""
    place = origin or Origin()
    declaration = make_declaration(code if source is None else source, code, options, place)
    if options.update and options.name is None:
        declaration = replace(declaration, node=_link_name(declaration, existing))
    if origin is None:
        declaration = replace(declaration, origin=_origin(declaration.node, code, "a call of declare"))
    return declaration


def _origin(node: str, code: str, label: str, offset: int = 0) -> Origin:
    """An origin whose file name stands for this very code: a traceback never shows the lines of an earlier edit."""
    text = "\n" * offset + code
    return Origin(f"<helix {node} {digest(text)[:8]}>", offset, None, label)


def _link_name(declaration: Declaration, existing: Mapping[str, Declaration]) -> str:
    """The name of an unnamed link in a chain: that of the same cell or the same code, else the next free number."""
    stem = declaration.outputs[0]
    links = [one for one in existing.values() if one.update and one.outputs == declaration.outputs]
    for link in links:
        same_cell = declaration.origin.cell is not None and link.origin.cell == declaration.origin.cell
        same_code = declaration.origin.cell is None and link.normalised == declaration.normalised
        if same_cell or same_code:
            return link.node
    if stem not in existing and not any(stem in one.outputs for one in existing.values()):
        return stem  # it makes this name, and changes others
    number = 2
    while f"{stem}.{number}" in existing:
        number += 1
    return f"{stem}.{number}"


def placed(existing: Mapping[str, Declaration], declaration: Declaration) -> dict[str, Declaration]:
    """The declarations with the new one in the place of the one that it replaces.

    That is the one of the same name or cell; if it says that it replaces, else the only one that gives a name of its.

    Raises
    ------
    DuplicateOutput
        Another cell of the notebook declares a node of this name.
    """
    cell = declaration.origin.cell
    same_name = existing.get(declaration.node)
    other = same_name.origin.cell if same_name is not None else None
    if same_name is not None and cell and other and other != cell:
        if not declaration.origin.replaces and cell not in same_name.origin.replaced:
            raise DuplicateOutput(declaration.outputs[0], _called(same_name), _called(declaration))
        origin = replace(declaration.origin, replaced=same_name.origin.replaced | {other})
        declaration = replace(declaration, origin=origin)
    by_cell = [one.node for one in existing.values() if one.origin.cell == cell] if cell else []
    replaced = declaration.node if same_name else by_cell[0] if by_cell else None
    if replaced is None and declaration.origin.replaces and not declaration.update:
        givers = [one.node for one in existing.values() if not set(one.outputs).isdisjoint(declaration.outputs)]
        replaced = givers[0] if len(givers) == 1 else None
    if replaced in (None, declaration.node) and set(by_cell) <= {replaced}:
        return {**existing, declaration.node: declaration}
    result: dict[str, Declaration] = {}
    for node, one in existing.items():
        if node == replaced:
            result[declaration.node] = declaration
        elif node not in by_cell:
            result[node] = one
    result.setdefault(declaration.node, declaration)
    return result


def _called(declaration: Declaration) -> str:
    return f"node '{declaration.node}' ({declaration.origin.label})"


def from_version(version: Version, cells: Mapping[str, str] | None = None) -> dict[str, Declaration]:
    """The declarations of a recorded version, in their places; ``cells`` are the ids of those that say so, by node."""
    declarations = {}
    for record in sorted(version.nodes.values(), key=lambda record: record.place):
        given: dict[str, Any] = dict(record.options)
        outputs = given.pop("outputs", None) or [output.name for output in record.outputs] or [record.node]
        chosen = CellOptions(tuple(outputs), record.node, **given)
        origin = _origin(record.node, record.code, f"version {version.id}", record.offset)
        origin = replace(origin, cell=(cells or {}).get(record.node))
        declarations[record.node] = make_declaration(record.source, record.code, chosen, origin)
    return declarations


def reads_of(code: str) -> frozenset[str]:
    """The outside names that a plain cell may read; none where it does not parse (it will say so itself)."""
    try:
        found = analyse(code)
    except SyntaxError:
        return frozenset()
    return frozenset((*found.reads, *found.may_read))
