"""The difference of two versions as plain text. Reads a ``Diff``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from helix_jupyter.version.diff import Change, Diff
from helix_jupyter.version.metrics import MetricChange
from helix_jupyter.view.columns import columns
from helix_jupyter.view.text_values import figures_text, values_text
from helix_jupyter.view.words import MARKS, NONE, clean, line, names, numbers, seconds, signed, size, verdict


def diff_text(diff: Diff) -> str:
    """Nodes that differ, parameters, metrics, packages, seconds, and the edited code as unified diffs."""
    return "\n".join(part for part in _parts(diff) if part)


def diff_line(diff: Diff) -> str:
    """``version 1 -> 2: 1 edited, 3 affected``."""
    if diff.before.id == diff.after.id:
        other = "no version before it to compare it with" if diff.after.parent is None else "compared with itself"
        return f"version {diff.after.id}: no node differs, {other}"
    found = ((change, len(diff.named(change))) for change in Change if change is not Change.SAME)
    told = ", ".join(f"{count} {change}" for change, count in found if count)
    return f"version {diff.before.id} -> {diff.after.id}: {told or 'no node differs'}"


def _parts(diff: Diff) -> Iterator[str]:
    yield diff_line(diff)
    if diff.nodes:
        rows = [
            (f"{MARKS[n.change.value]} {name}", n.change.value, "; ".join(n.reasons)) for name, n in diff.nodes.items()
        ]
        yield columns([("  node", "change", "reason"), *rows], indent="  ")
    if diff.parameters:
        changes = [(line(f"{p.node}.{p.label}"), line(p.before, 60), "->", line(p.after, 60)) for p in diff.parameters]
        yield "\n" + columns([("parameter", "before", "", "after"), *changes], indent="  ")
    if diff.metrics:
        yield "\n" + diff_metrics_text(diff.metrics)
    if diff.values:
        yield "\n" + values_text(diff)
    if diff.figures:
        yield "\n" + figures_text(diff)
    if shown := diff.shown:
        yield f"what {names(map(line, shown))} {'shows' if len(shown) == 1 else 'show'} differs"
    if diff.packages:
        packages = [(name, old or NONE, "->", new or NONE) for name, (old, new) in diff.packages.items()]
        yield "\n" + columns([("package", "before", "", "after"), *packages], indent="  ")
    yield "\n" + diff_costs_text(diff)
    yield from (_code(name, *node.code) for name, node in diff.nodes.items() if node.code[0] != node.code[1])
    yield from (_code(one.name, one.before, one.after) for one in diff.definitions)


def diff_metrics_text(metrics: Mapping[str, MetricChange]) -> str:
    """Metrics before and after, with difference and verdict."""
    rows = []
    for name, metric in metrics.items():
        old, new = numbers(metric.before, metric.after)
        rows.append((name, old, "->", new, signed(metric.delta), verdict(metric.better)))
    return columns([("metric", "before", "", "after", "change", ""), *rows], right=(1, 3, 4), indent="  ")


def diff_costs_text(diff: Diff) -> str:
    """Seconds and bytes of the nodes that differ, and of the runs as a whole."""
    rows = [
        (
            name,
            *(seconds(value) or NONE for value in node.seconds),
            *(size(value) or NONE for value in node.bytes),
        )
        for name, node in diff.nodes.items()
    ]
    rows.append(("whole run", *(seconds(value) or NONE for value in diff.seconds), "", ""))
    return columns([("cost", "time", "after", "size", "after"), *rows], right=(1, 2, 3, 4), indent="  ")


def _code(name: str, before: str, after: str) -> str:
    title = line(name, 80)
    old, new = clean(before).splitlines(), clean(after).splitlines()
    lines = difflib.unified_diff(old, new, f"{title} (before)", f"{title} (after)", lineterm="", n=3)
    return "\n" + "\n".join(lines)
