"""The JSON form of a what-if's answer: what the plan explorer draws, here or in the browser.

Reads an ``Explored``; returns plain values that strict JSON can hold. This module documents the format.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from helix_jupyter.plan.explore.types import CurvePoint, Explored, Going, Prospect
from helix_jupyter.view.snapshot import FORMAT


def explored_snapshot(explored: Explored) -> dict[str, Any]:
    """Describe a what-if's answer. Seconds and bytes are numbers, or None where they are not known.

    Returns
    -------
    dict
        ``format``
            As the other snapshots'.
        ``question``
            ``targets`` (None: all results), ``force``, ``pin``, ``never``, ``unpin``, ``drop`` (lists of nodes),
            ``budget`` (bytes or None), ``policy`` (name or None).
        ``nodes``
            In topological order, each with ``name``, ``changed`` (its state differs), ``dropped``, and ``actual`` and
            ``explored``: how it is and would be, each ``state``, ``place``, ``reason``, ``seconds``, ``keeping``
            (``pinned``, ``never stored`` or empty) and ``kept`` (bytes that the run writes, 0: none); ``explored`` is
            None for a dropped node.
        ``actual``, ``explored``
            Totals: ``seconds`` of the coming run, ``bytes_read``, ``targets``, ``guessed``, ``budget``, ``policy``,
            ``used`` (bytes stored after it), ``written``, ``next_seconds`` (expected of the iteration after it),
            ``unsized`` (nodes whose size is not known yet), ``gone_before`` and ``gone_during`` (lists of ``node``,
            ``bytes``, ``reason``, ``current``: today's value and not an earlier version's).
        ``dropped``
            Nodes that leave the DAG.
        ``curve``
            ``budget``, ``used``, ``seconds`` of about a dozen points, smallest budget first.
        ``problem``
            One line on why it cannot be applied, or empty.
    """
    question, dropped, changed = explored.what_if, set(explored.dropped), set(explored.changed)
    nodes = [
        {
            "name": name,
            "changed": name in changed,
            "dropped": name in dropped,
            "actual": _node(explored.actual, name),
            "explored": None if name in dropped else _node(explored.explored, name),
        }
        for name in explored.actual.plan.states
    ]
    return {
        "format": FORMAT,
        "question": {
            "targets": None if question.targets is None else list(question.targets),
            **{key: list(getattr(question, key)) for key in ("force", "pin", "never", "unpin", "drop")},
            "budget": question.budget,
            "policy": question.policy,
        },
        "nodes": nodes,
        "actual": _totals(explored.actual),
        "explored": _totals(explored.explored),
        "dropped": list(explored.dropped),
        "curve": curve_points(explored.curve),
        "problem": explored.problem,
    }


def curve_points(points: Iterable[CurvePoint]) -> list[dict[str, Any]]:
    """What storage buys, as the ``curve`` of ``explored_snapshot``."""
    return [_point(point) for point in points]


def keeping(prospect: Prospect, node: str) -> str:
    """``pinned``, ``never stored``, or empty where the policy decides."""
    return "pinned" if node in prospect.pinned else "never stored" if node in prospect.never else ""


def _node(prospect: Prospect, node: str) -> dict[str, Any]:
    plan = prospect.plan
    place = plan.places.get(node)
    return {
        "state": plan.states[node].value,
        "place": place.value if place else None,
        "reason": plan.reasons.get(node, ""),
        "seconds": None if node in plan.guessed else _finite(plan.node_seconds.get(node, 0.0)),
        "keeping": keeping(prospect, node),
        "kept": prospect.kept.get(node, 0),
    }


def _totals(prospect: Prospect) -> dict[str, Any]:
    plan = prospect.plan
    return {
        "seconds": _finite(plan.seconds),
        "bytes_read": plan.bytes_read,
        "targets": list(plan.targets),
        "guessed": list(plan.guessed),
        "budget": prospect.budget,
        "policy": prospect.policy,
        "used": prospect.used,
        "written": sum(prospect.kept.values()),
        "next_seconds": _finite(prospect.next_seconds),
        "unsized": list(prospect.unsized),
        "gone_before": going(prospect.gone_before),
        "gone_during": going(prospect.gone_during),
    }


def going(values: Iterable[Going]) -> list[dict[str, Any]]:
    """Stored values that go, as the ``gone_before`` of ``explored_snapshot``."""
    return [{"node": one.node, "bytes": one.bytes, "reason": one.reason, "current": one.current} for one in values]


def _point(point: CurvePoint) -> dict[str, Any]:
    return {"budget": point.budget, "used": point.used, "seconds": _finite(point.seconds)}


def _finite(number: float) -> float | None:
    # to the microsecond: what is beyond nobody sees, and a saved notebook holds
    return round(number, 6) if math.isfinite(number) else None
