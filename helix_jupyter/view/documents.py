"""The JSON that the browser's views of versions draw: a list of versions, a difference, a comparison of several.

Pure functions of records; all values are such that strict JSON holds them, so a metric that is no finite number is a
string (``"nan"``, ``"inf"``). Text is as it was given: whoever draws it puts it where it is text. ``format`` counts up
when a field changes its meaning or goes; a new field does not count.

``versions_document(versions)`` gives::

    format    1
    workflow  name
    current   number of the version that the session is at, or null
    metrics   [{name, direction: "higher" | "lower" | ""}], in order of first appearance
    versions  oldest first, [{id, parent, lane, message, created (seconds since the epoch), status, seconds,
              saved (seconds that it took less than computing everything), compute, load, prune (numbers of nodes),
              metrics {name: number | string}, tags [], note, error}]

A ``lane`` is a column of the commit graph: a version goes on in its parent's lane if it is the first that was made from
it; each further one takes the lowest lane that is free.

``diff_document(diff)`` gives::

    format      1
    before, after   {id, message, created, seconds, tags, note}
    counts      {added, removed, edited, affected, same}
    everything  whether what is the same is there, too: nodes and metrics
    graph       view.picture.picture of view.snapshot.diff_snapshot: the changed part; state is the change
    nodes       [{name, change, reasons [], outputs {name: true | false | null (not known)}, shows, seconds [before,
                after], bytes [before, after], code [row]}], those that differ; a row is {before, after}, each null or
                {number, changed, pieces [[text, differs]], kinds}, or stands for equal lines that are folded away:
                {skipped, lines [[number before, number after, text, kinds]]}; ``kinds`` is one letter a character
                (view.highlight.kinds)
    definitions [{name, nodes [], code [row]}], the notebook's functions and classes that differ
    parameters  [{node, label, before, after, line}]
    metrics     [{name, before, after, delta, direction, better}]
    packages    [{name, before, after}]
    values      [{label, node, output, kind, summaries [2], bytes [2], missing [{version, why, seconds, bytes}], facts
                [], detail}]; kind is frame, array, model, plain or ""; detail is the dataclass of version.compare_*
                with its fields as they are named there
    figures     [{node, pairs [{before, after}]}], each null (not shown) or {kind, source}: the value of an image's src,
                null for what is no picture and beyond ROOM_FOR_FIGURES characters in all
    seconds     [before, after] of the whole runs

``comparison_document(comparison)`` gives ``format``, ``versions`` (as ``before``), ``parameters`` [{node, label,
values}], ``metrics`` [{name, direction, best, values}], ``nodes`` [{name, changes}] and ``axes`` [{name, direction,
values}] for parallel curves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from helix_jupyter.plan.types import State
from helix_jupyter.version.compare_figures import Picture
from helix_jupyter.version.compare_many import Comparison
from helix_jupyter.version.diff import Change, Diff, NodeDiff
from helix_jupyter.version.metrics import direction
from helix_jupyter.version.types import Version
from helix_jupyter.version.values import ValueDiff
from helix_jupyter.view.code_rows import code_rows
from helix_jupyter.view.html_compare import axes_of
from helix_jupyter.view.html_figures import picture_source
from helix_jupyter.view.picture import picture
from helix_jupyter.view.snapshot import diff_snapshot
from helix_jupyter.view.text import directions_of
from helix_jupyter.view.words_values import told_facts

FORMAT = 1
ROOM_FOR_FIGURES = 2_000_000


def versions_document(
    versions: Sequence[Version], current: int | None = None, lanes: Mapping[int, int] | None = None
) -> dict[str, Any]:
    """The list of versions, oldest first; reads no node. ``lanes``: those of all versions, if these are a part."""
    listed = list(versions)
    declared = directions_of(reversed(listed))
    names = dict.fromkeys(name for version in listed for name in version.metrics)
    if lanes is None:
        lanes = lanes_of([(version.id, version.parent) for version in listed])
    return {
        "format": FORMAT,
        "workflow": listed[0].workflow if listed else "",
        "current": current,
        "metrics": [{"name": name, "direction": direction(name, declared)} for name in names],
        "versions": [{**_version(version), **_ran(version), "lane": lanes[version.id]} for version in listed],
    }


def lanes_of(parents: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """The lane of each version; ``parents`` are (number, parent), oldest first.

    A lane is taken from the parent of its first version to its last version, so that no two lines lie in one another.
    What stands no earlier than its child is no parent: a damaged store may say so.
    """
    places = {number: place for place, (number, _) in enumerate(parents)}
    parents = [
        (number, parent if parent is not None and places.get(parent, place) < place else None)
        for place, (number, parent) in enumerate(parents)
    ]
    first_child: dict[int, int] = {}
    for number, parent in parents:
        if parent is not None:
            first_child.setdefault(parent, number)
    ends: dict[int, int] = {}  # the number of the last version of the lane that begins with this one
    for number, _ in reversed(parents):
        ends[number] = ends[first_child[number]] if number in first_child else number
    lanes: dict[int, int] = {}
    taken: list[int] = []  # per lane: up to which version it is taken
    for number, parent in parents:
        if parent is not None and first_child[parent] == number:
            lanes[number] = lanes[parent]
            continue
        begins = parent if parent is not None else number
        lane = next((at for at, until in enumerate(taken) if until < begins), len(taken))
        taken[lane : lane + 1] = [ends[number]]
        lanes[number] = lane
    return lanes


def diff_document(diff: Diff, everything: bool = False) -> dict[str, Any]:
    """A difference; values and figures are looked into."""
    nodes, metrics = (diff.all_nodes, diff.all_metrics) if everything else (diff.nodes, diff.metrics)
    return {
        "format": FORMAT,
        "before": _version(diff.before),
        "after": _version(diff.after),
        "counts": {change.value: len(diff.named(change)) for change in Change},
        "everything": everything,
        "graph": picture(diff_snapshot(diff, everything)),
        "nodes": [_node(node) for node in nodes.values()],
        "definitions": [
            {"name": one.name, "nodes": list(one.nodes), "code": code_rows(one.before, one.after)}
            for one in diff.definitions
        ],
        "parameters": [_plain(parameter) for parameter in diff.parameters],
        "metrics": [
            {**_plain(metric), "name": name, "delta": _plain(metric.delta), "better": metric.better}
            for name, metric in metrics.items()
        ],
        "packages": [{"name": name, "before": old, "after": new} for name, (old, new) in diff.packages.items()],
        "values": [value_document(value) for value in diff.values.values()],
        "figures": _figures(diff),
        "seconds": _plain(diff.seconds),
    }


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Several versions beside each other."""
    return {
        "format": FORMAT,
        "versions": [_version(version) for version in comparison.versions],
        "parameters": _plain(comparison.parameters),
        "metrics": [{**_plain(row), "best": _plain(row.best)} for row in comparison.metrics],
        "nodes": [
            {"name": name, "changes": [one.value if one else None for one in changes]}
            for name, changes in comparison.nodes.items()
        ],
        "axes": _plain(tuple(axes_of(comparison))),
    }


def _version(version: Version) -> dict[str, Any]:
    names = ("id", "message", "created", "seconds", "note")
    return {**{name: _plain(getattr(version, name)) for name in names}, "tags": list(version.tags)}


def _ran(version: Version) -> dict[str, Any]:
    return {
        "parent": version.parent,
        "status": version.status,
        "saved": _plain(max(version.full_seconds - version.seconds, 0.0)) if version.status == "done" else 0.0,
        **{state.value: version.count(state) for state in State},
        "metrics": _plain(version.metrics),
        "error": version.error,
    }


def _node(node: NodeDiff) -> dict[str, Any]:
    return {
        "name": node.node,
        "change": node.change.value,
        "reasons": list(node.reasons),
        "outputs": dict(node.outputs),
        "shows": node.shows,
        "seconds": _plain(node.seconds),
        "bytes": list(node.bytes),
        "code": code_rows(*node.code),
    }


def value_document(value: ValueDiff) -> dict[str, Any]:
    """What differs in one value, as it stands among the ``values`` of a difference."""
    kind = type(value.detail).__name__.removesuffix("Diff").lower() if value.detail is not None else ""
    return {
        "label": value.label,
        "node": value.node,
        "output": value.output,
        "kind": kind,
        "summaries": list(value.summaries),
        "bytes": list(value.bytes),
        "missing": _plain(value.missing),
        "facts": list(told_facts(value, with_columns=False)),
        "detail": _plain(value.detail),
    }


def _figures(diff: Diff) -> list[dict[str, Any]]:
    room = ROOM_FOR_FIGURES
    figures = []
    for node, pairs in diff.figures.items():
        told = []
        for pair in pairs:
            room -= sum(len(side.data) for side in (pair.before, pair.after) if side)
            told.append({"before": _picture(pair.before, room >= 0), "after": _picture(pair.after, room >= 0)})
        figures.append({"node": node, "pairs": told})
    return figures


def _picture(picture: Picture | None, has_room: bool) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {"kind": picture.kind, "source": picture_source(picture) if has_room else None}


def _plain(value: Any) -> Any:
    """``value`` as strict JSON has it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
