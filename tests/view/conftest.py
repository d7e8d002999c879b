"""Values of every kind that can be shown, made by hand; any text in them may be given from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from helix_jupyter.cell.types import CellAnalysis
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.plan.explore.types import CurvePoint, Explored, Going, Prospect, WhatIf
from helix_jupyter.plan.types import Place, Plan, State
from helix_jupyter.store.types import ArtifactFact, GcReport, NodeShare
from helix_jupyter.version.compare_arrays import ArrayDiff
from helix_jupyter.version.compare_figures import FigureDiff, Picture
from helix_jupyter.version.compare_frames import ColumnDiff, FrameDiff
from helix_jupyter.version.compare_many import compare_many
from helix_jupyter.version.compare_models import ModelDiff, ModelParameter, WeightChange
from helix_jupyter.version.compare_plain import EntryChange, PlainDiff
from helix_jupyter.version.diff import Diff, compare
from helix_jupyter.version.distributions import Histogram
from helix_jupyter.version.trace import trace
from helix_jupyter.version.types import Capture, NodeRecord, OutputRecord, Version
from helix_jupyter.version.values import Missing, ValueDiff
from helix_jupyter.view.snapshot import snapshot
from helix_jupyter.view.types import (
    Card,
    Config,
    Dag,
    Reproduction,
    ReproductionRow,
    Setting,
    Status,
    StatusRow,
    VersionList,
    Why,
)


@dataclass(frozen=True)
class SmallGraph:
    """As much of a graph as a snapshot needs."""

    declarations: Mapping[str, Declaration]
    inputs: Mapping[str, Mapping[str, str]]
    order: tuple[str, ...] = field(default=())


def graph_of(inputs: Mapping[str, Mapping[str, str]], code: str = "x = 1") -> SmallGraph:
    """A graph whose nodes give one output of their own name; ``update`` where a node reads its own name."""
    declarations = {
        node: Declaration(node, (node,), code, code, code, CellAnalysis(), update=node in reads)
        for node, reads in inputs.items()
    }
    return SmallGraph(declarations, inputs, tuple(inputs))


def record_of(node: str, code: str, digest: str, text: str, **fields: Any) -> NodeRecord:
    """A node of a version, with ``text`` wherever people's words stand."""
    parts = (Part("value", text, digest, text), Part("function", text, digest, text))
    outputs = (OutputRecord(node, digest, True, 1_000, text),)
    settings = {"reason": text, "seconds": 0.5, "compute_seconds": 2.0, "bytes": 1_000} | fields
    return NodeRecord(node, outputs, code, code, settings.pop("state", State.COMPUTE), parts=parts, **settings)


def with_values(diff: Diff, text: str) -> Diff:
    """The diff with a value of every kind, ``text`` in each of their fields, and pictures that are none."""
    histogram = Histogram((1, 2), (2, 1), labels=(text, text))
    details = (
        FrameDiff(
            (1, 2),
            ((text, text),),
            ((text, text),),
            (
                ColumnDiff(text, (text, f"{text}2"), (0, 1), (1.0, 2.0), 0.5, histogram),
                ColumnDiff(
                    text, (text, text), (0, 0), histogram=Histogram((1,), (1,), (0.0, 1.0), bounds=(text, text))
                ),
            ),
            moved=True,
        ),
        ArrayDiff(((2,), (3,)), (text, f"{text}2"), (1.0, 2.0), 1.0, 1.0, 1, 0.5, Histogram((1,), (1,), (0.0, 1.0))),
        ModelDiff(
            (text, f"{text}2"),
            (ModelParameter(text, text, None),),
            3,
            "coefficient",
            (WeightChange(text, 1.0, None), WeightChange(text, float("nan"), float("inf"))),
        ),
        PlainDiff((EntryChange(text, text, None), EntryChange("", None, text)), (1, 2), 3),
        None,
    )
    missing = (Missing(1, "not stored", 2.0, 10), Missing(2, "large", 2.0, 10))
    values = [ValueDiff(text, f"{text}{at}", (text, ""), (1, 2), one, (), (text,)) for at, one in enumerate(details)]
    values.append(ValueDiff(text, text, (text, text), (1, 2), None, missing))
    pairs = (
        FigureDiff(Picture("image/svg+xml", text, "a"), Picture("image/png", text, "b")),
        FigureDiff(None, Picture("image/png", "iVBORw0KGgo=", "c")),
    )
    return replace(diff, values={one.label: one for one in values}, figures={text: pairs})


@pytest.fixture
def values() -> Callable[[str], dict[str, object]]:
    """Every kind of value, with a text of one's choice as name, code, message and value."""

    def build(text: str) -> dict[str, object]:
        child = f"{text} child"
        before = (record_of(text, "x = 1", "a", text), record_of(child, "y = x", "b", text, inputs={text: text}))
        after = (
            record_of(text, f"x = 2\n{text}", "A", text),
            record_of(child, "y = x", "B", text, inputs={text: text}, error=text),
            record_of(f"{text} new", text, "C", text, inputs={child: child}),
        )
        first = Version(
            1,
            text,
            None,
            text,
            1.7e9,
            "done",
            2.0,
            {r.node: r for r in before},
            (text,),
            {text: 0.5},
            {text: "1.0"},
            {text: Capture(text, "source", text)},
        )
        second = Version(
            2,
            text,
            1,
            text,
            1.7e9,
            "failed",
            0.5,
            {r.node: r for r in after},
            (text,),
            {text: 0.25},
            {text: text},
            {text: Capture(text, "source", f"{text} now")},
            error=text,
            tags=(text, f"{text} too"),
            note=text,
        )
        plan = Plan(
            {text: State.LOAD, child: State.COMPUTE},
            {text: text},
            {text: 0.1, child: 2.0},
            2.1,
            1_000,
            (child,),
            {text: Place.STORE},
            (child,),
            {text: 9.0},
        )
        graph = graph_of({text: {}, child: {text: text, child: text}}, text)
        return {
            "card": Card(text, (text, child), (text,), text, text, State.COMPUTE),
            "status": Status((StatusRow(text, State.LOAD, text, 0.1, 1_000, True),)),
            "plan": plan,
            "version": second,
            "versions": VersionList((first, second)),
            "diff": with_values(compare(first, second), text),
            "comparison": compare_many([first, second, replace(second, id=3, metrics={text: 0.75})]),
            "why": Why(text, State.PRUNE, (text,)),
            "config": Config((Setting(text, text, text),)),
            "gc": GcReport(True, {text: (1, 2)}, (ArtifactFact("d", 9, 1.0, 1.0, 0, 0, text, text, "output"),),
                           {(text, text): NodeShare(1, 9, 1.0), ("b", text): NodeShare(1, 9, 1.0)}, 5),
            "reproduction": Reproduction(1, (ReproductionRow(text, text, text, False, text),), {text: False}, text),
            "trace": trace(second, f"{text} new"),
            "dag": Dag(snapshot(graph, plan, second)),
            "explored": Explored(
                WhatIf((child,), (text,), (text,), drop=(text,)),
                Prospect(plan, 9, text, frozenset((text,)), frozenset(), (), (), {text: 5}, (child,), 7, 1.0),
                Prospect(
                    replace(plan, states={child: State.COMPUTE}, targets=(child,)), 8, text, frozenset(),
                    frozenset((child,)), (Going(text, 5, text, False, (text,)),), (), {}, (text,), 3, 2.0,
                ),
                (text,),
                (CurvePoint(0, 0, 2.0), CurvePoint(9, 7, 1.0)),
                text,
            ),
        }  # fmt: skip

    return build


@pytest.fixture
def graph() -> Callable[..., SmallGraph]:
    """``{node: {name: node that gives it}}`` as a graph."""
    return graph_of


@pytest.fixture
def record() -> Callable[..., NodeRecord]:
    """A node's record from name, code, digest and words."""
    return record_of
