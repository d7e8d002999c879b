"""HTML of the difference of two versions, side by side; only what differs."""

from __future__ import annotations

from collections.abc import Iterator

from helix_jupyter.version.definitions import DefinitionChange
from helix_jupyter.version.diff import Change, Diff, NodeDiff
from helix_jupyter.version.types import Version
from helix_jupyter.view.html_code import sides_html
from helix_jupyter.view.html_dag import drawn
from helix_jupyter.view.html_figures import IN_A_NOTEBOOK, figures_html
from helix_jupyter.view.html_reason import reason_html
from helix_jupyter.view.html_values import values_html
from helix_jupyter.view.html_versions import judged
from helix_jupyter.view.markup import (
    block,
    code,
    details,
    escape,
    frame,
    heading,
    isolated,
    name,
    soft,
    state,
    table,
    tag,
)
from helix_jupyter.view.snapshot import diff_snapshot
from helix_jupyter.view.style import AFTER_WORD, BEFORE_WORD, SOFT
from helix_jupyter.view.words import NONE, line, moment, numbers, plural, seconds, signed, size

# a picture of more nodes is no longer taken in at a glance; it is there to unfold
_GLANCE = 40


def diff_html(diff: Diff, room: int = IN_A_NOTEBOOK) -> str:
    """Metrics, parameters, the DAG, each node with its code side by side, values, figures, packages and costs.

    ``room``: characters that figures may take.
    """
    return frame("".join(_parts(diff, room)), sheet=True)


def _parts(diff: Diff, room: int) -> Iterator[str]:
    yield block(f"{_version(diff.before)} → {_version(diff.after)}")
    yield block(_summary(diff))
    if diff.metrics:
        yield heading("Metrics") + _metrics(diff)
    if diff.parameters:
        yield heading("Parameters") + _parameters(diff)
    if diff.nodes:
        yield heading("Nodes") + "".join(_node(node) for node in diff.nodes.values())
        yield "".join(_definition(one) for one in diff.definitions)
        yield _picture(diff)
    yield values_html(diff)
    if diff.figures:
        yield heading("Figures") + figures_html(diff.figures, room)
    if shown := [node for node in diff.shown if node not in diff.nodes]:  # the others say so themselves
        told = ", ".join(name(node) for node in shown)
        yield block(f"what {told} {'shows' if len(shown) == 1 else 'show'} differs")
    if diff.packages:
        yield heading("Packages") + _packages(diff)
    yield details("time and size", _costs(diff))


def _version(version: Version) -> str:
    message = f" {isolated('“' + line(version.message, 120) + '”')}" if version.message else ""
    when = tag("span", escape(moment(version.created)), f"{SOFT};white-space:nowrap")
    return f"<b>version {version.id}</b>{message} {when}"


def _summary(diff: Diff) -> str:
    found = [(change, len(diff.named(change))) for change in Change if change is not Change.SAME]
    told = [state(change.value, f"{count} {change}") for change, count in found if count]
    same = len(diff.named(Change.SAME))
    rest = soft(f"{plural(same, 'node')} the same")
    return " &nbsp; ".join([*told, rest]) if told else f"No node differs. {rest}"


def _metrics(diff: Diff) -> str:
    rows = []
    for metric, change in diff.metrics.items():
        old, new = numbers(change.before, change.after)
        rows.append((name(metric), old, new, signed(change.delta), judged("", change.better)))
    return table(("", "before", "after", "change", ""), rows, (1, 2, 3))


def _parameters(diff: Diff) -> str:
    rows = [
        (
            name(p.label),
            tag("del", code(_value(p.before)), BEFORE_WORD),
            tag("ins", code(_value(p.after)), AFTER_WORD),
            soft(p.node),
        )
        for p in diff.parameters
    ]
    return table(("", "before", "after", "node"), rows, (1, 2))


def _value(text: str) -> str:
    return escape(line(text, 80))


def _node(node: NodeDiff) -> str:
    title = f"{name(node.node)} &nbsp;{state(node.change.value)}"
    notes = " · ".join(part for part in (_reasons(node), isolated(line(_values(node), 200))) if part)
    before, after = node.code
    sides = sides_html(before, after) if before != after else ""
    return block(f"{title} &nbsp;{tag('span', notes, SOFT)}" if notes else title) + sides


def _definition(one: DefinitionChange) -> str:
    title = f"{name(one.name)} &nbsp;{state(Change.EDITED.value)}"
    reached = tag("span", f"reached by {', '.join(map(name, one.nodes))}", SOFT)
    return block(f"{title} &nbsp;{reached}") + sides_html(one.before, one.after)


def _values(node: NodeDiff) -> str:
    known = [output for output, differs in node.outputs.items() if differs is not None]
    changed = [output for output in known if node.outputs[output]]
    if not known:
        return ""
    if not changed:
        return "what it shows differs" if node.shows else "its value is the same"
    told = "its value differs" if len(changed) == len(known) else f"value of {', '.join(changed)} differs"
    return f"{told}, so does what it shows" if node.shows else told


def _reasons(node: NodeDiff) -> str:
    if node.change in (Change.ADDED, Change.REMOVED):
        return ""
    return "; ".join(map(reason_html, node.reasons))


def _picture(diff: Diff) -> str:
    snapshot = diff_snapshot(diff)
    count = len(snapshot["nodes"])
    return details("picture of the changed part", drawn(snapshot), is_open=1 < count <= _GLANCE)


def _packages(diff: Diff) -> str:
    rows = [
        (name(package), isolated(old or NONE), isolated(new or NONE)) for package, (old, new) in diff.packages.items()
    ]
    return table(("", "before", "after"), rows, (1, 2))


def _costs(diff: Diff) -> str:
    rows = [
        (name(node), *(seconds(v) or NONE for v in change.seconds), *(size(v) or NONE for v in change.bytes))
        for node, change in diff.nodes.items()
    ]
    rows.append(("whole run", *(seconds(value) or NONE for value in diff.seconds), "", ""))
    return table(("", "time before", "after", "size before", "after"), rows, (1, 2, 3, 4))
