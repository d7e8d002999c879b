"""Variants of a workflow that differ in parameters: what they are called, and the declarations that make them.

Reads declarations and what was asked for; runs nothing.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.literals import literals, with_literal
from helix_jupyter.cell.normalise import normalise
from helix_jupyter.errors import UnknownOption, listing, nearest
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration

Grid = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Axis:
    """One parameter and the texts that take its place.

    ``node`` is empty where the parameter is a name of the notebook; ``values`` then holds its values.
    """

    node: str
    label: str
    texts: tuple[str, ...]
    values: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """What a user calls it."""
        return f"{self.node}.{self.label}" if self.node else self.label


@dataclass(frozen=True)
class Variant:
    """One point of the grid: what is declared, what the notebook's own names are, and how it is called."""

    told: str
    declarations: tuple[Declaration, ...]
    names: Mapping[str, Any]


def axes(grid: Grid, graph: Graph, namespace: Mapping[str, Any]) -> tuple[Axis, ...]:
    """What is asked for, checked.

    Raises
    ------
    UnknownOption
        A node has no such parameter, or there is no such name; or no values are given, or what is no literal.
    UnknownNode
    """
    if not grid:
        raise UnknownOption("Nothing is to be varied: %helix sweep model.C=[0.1,1,10].")
    return tuple(_axis(name, values, graph, namespace) for name, values in grid.items())


def _axis(name: str, values: Sequence[Any], graph: Graph, namespace: Mapping[str, Any]) -> Axis:
    if isinstance(values, str) or not isinstance(values, Sequence) or not values:
        raise UnknownOption(f"{name} lacks its values: %helix sweep {name}=[1,2,3].")
    head, dot, label = name.partition(".")
    if not dot:
        if name in graph.outputs or name not in namespace:
            raise UnknownOption(
                f"'{name}' is no value of the notebook. Of a node's cell: %helix sweep NODE.{name}=[..]."
            )
        return Axis("", name, tuple(map(repr, values)), tuple(values))
    node = graph.resolve(head)
    known = literals(graph.declarations[node].code)
    if label not in known:
        hint = nearest(label, known)
        named = [one for one in known if not one.startswith("line ")]
        others = f"It has {listing(named)}." if named else "It has none with a name."
        fix = f"Did you mean '{node}.{hint}'?" if hint else others
        raise UnknownOption(f"Node '{node}' has no parameter '{label}'. {fix}")
    return Axis(node, label, tuple(_text(name, value) for value in values))


def _text(name: str, value: Any) -> str:
    """A value as Python writes it; numbers of NumPy as Python's own."""
    plain = value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value
    text = repr(plain)
    try:
        same = ast.literal_eval(text) == plain or plain != plain
    except (ValueError, SyntaxError):
        same = text in ("inf", "-inf", "nan")
    if not same:
        raise UnknownOption(f"{name}: {text} cannot be written into a cell. Give numbers, texts, or lists of them.")
    return f"float({text!r})" if text in ("inf", "-inf", "nan") else text


def parameters(declarations: Mapping[str, Declaration]) -> list[tuple[str, str]]:
    """All that can be varied of nodes' cells: (node, label)."""
    found = [(node, label) for node, one in declarations.items() for label in literals(one.code)]
    return [(node, label) for node, label in found if not label.startswith("line ")]


def parse_axis(text: str, namespace: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """``model.C=[0.1,1]`` as a name and values, evaluated in the notebook (``range(3)``, ``np.logspace(-2, 2, 5)``).

    Raises
    ------
    UnknownOption
    """
    name, equals, values = text.partition("=")
    if not (name and equals and values):
        raise UnknownOption(f"'{text}' is not NODE.PARAMETER=[values]. For instance: %helix sweep model.C=[0.1,1,10].")
    try:
        found = eval(compile(values, "<sweep>", "eval"), dict(namespace))
        return name, list(found)
    except Exception as problem:  # whatever the expression raises
        told = f"{type(problem).__name__}: {problem}"
        raise UnknownOption(f"{name}: {values} gives no list ({told}). Write one: {name}=[0.1, 1].") from None


def variants(chosen: Sequence[Axis], graph: Graph) -> list[Variant]:
    """All combinations, the last axis fastest.

    Raises
    ------
    UnknownOption
        A parameter stands in a line that a magic rewrites.
    """
    found = []
    for places in itertools.product(*(range(len(axis.texts)) for axis in chosen)):
        told, names = [], {}
        changed: dict[str, Declaration] = {}
        for axis, at in zip(chosen, places, strict=True):
            told.append(f"{axis.name}={axis.texts[at]}")
            if axis.node:
                declaration = changed.get(axis.node, graph.declarations[axis.node])
                changed[axis.node] = with_parameter(declaration, axis.label, axis.texts[at])
            else:
                names[axis.label] = axis.values[at]
        found.append(Variant(" ".join(told), tuple(changed.values()), names))
    return found


def with_parameter(declaration: Declaration, label: str, text: str) -> Declaration:
    """The declaration with ``text`` in the place of one literal."""
    code = with_literal(declaration.code, label, text)
    source = code
    if declaration.source != declaration.code:
        try:
            source = with_literal(declaration.source, label, text)
        except (KeyError, SyntaxError):
            raise UnknownOption(f"'{label}' of '{declaration.node}' stands beside a magic: vary it by hand.") from None
    analysis = analyse(code, declaration.origin.filename)
    return replace(declaration, source=source, code=code, normalised=normalise(code), analysis=analysis)
