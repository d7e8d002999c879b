"""Plain text for terminals, logs and ``print``. Reads values, returns text without a trailing newline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from helix_jupyter.plan.types import Place, Plan, State
from helix_jupyter.store.types import GcReport
from helix_jupyter.version.compare_shown import SHOWS
from helix_jupyter.version.metrics import MetricChange, direction
from helix_jupyter.version.types import Audit, Version
from helix_jupyter.view.columns import columns
from helix_jupyter.view.types import Card, Config, Reproduction, Status, StatusRow, VersionList, Why
from helix_jupyter.view.words import (
    MARKS,
    about,
    clean,
    counts,
    line,
    moment,
    names,
    number,
    plural,
    seconds,
    signed,
    size,
    verdict,
)

NOTHING = "No nodes yet. Put %%helix NAME on top of a cell."


def card_text(card: Card) -> str:
    """One line: what the node reads and gives, what changed, what a run would do."""
    flow = f"{names(card.inputs)} -> " if card.inputs else ""
    shown = f"{line(card.node, 80)}: " if card.outputs != (card.node,) else ""
    return " | ".join(
        line(part, 300) for part in (f"{shown}{flow}{names(card.outputs)}", card.change, card.action, card.note) if part
    )


def status_text(status: Status) -> str:
    """The workflow as a table."""
    if not status.rows:
        return NOTHING
    head = ("node", "state", "time", "size", "value", "keeping", "reason")
    rows = [
        (r.node, state_text(r.state), status_seconds(r), size(r.bytes), r.value, r.keeping, r.reason)
        for r in status.rows
    ]
    return columns([head, *rows], right=(2, 3))


def status_seconds(row: StatusRow) -> str:
    """Predicted seconds of one node, a question mark where nobody knows."""
    return seconds(row.seconds) if row.ran or row.state is not State.COMPUTE else "?"


def plan_text(plan: Plan) -> str:
    """What a run would do: a table, and the totals."""
    if not plan.states:
        return NOTHING
    head = ("node", "state", "time", "from", "reason")
    rows = [
        (
            node,
            state_text(state),
            planned_seconds(plan, node),
            place_text(plan.places.get(node)),
            plan.reasons.get(node, ""),
        )
        for node, state in plan.states.items()
    ]
    return f"{columns([head, *rows], right=(2,))}\n{plan_line(plan)}"


def plan_line(plan: Plan) -> str:
    """``5 to compute (about 3.2 s), 2 to load (12 MB), 4 pruned``."""
    of = {state: len(plan.nodes(state)) for state in State}
    notes = {State.COMPUTE: _compute_seconds(plan), State.LOAD: size(plan.bytes_read)}
    parts = [
        counts([(state, count)]) + (f" ({notes[state]})" if notes.get(state) else "")
        for state, count in of.items()
        if count
    ]
    deferred = plan.deferred or {}
    later = [f"{plural(len(deferred), 'target')} left for later: {names(deferred)}"] if deferred else []
    return "; ".join([", ".join(parts) or "nothing to do", *later])


def _compute_seconds(plan: Plan) -> str:
    """Seconds of what is computed; what never ran has none, whatever was assumed for planning."""
    computed = plan.nodes(State.COMPUTE)
    known = [node for node in computed if node not in plan.guessed]
    if computed and not known:
        return "time unknown: never run"
    took = about(sum(plan.node_seconds.get(node, 0.0) for node in known), plan.likely_range(known))
    unknown = len(computed) - len(known)
    more = f"{unknown:,} that never ran" if unknown else ""
    return ", and ".join(part for part in (took, more) if part)


def planned_seconds(plan: Plan, node: str) -> str:
    """Predicted seconds of one node, a question mark where nobody knows."""
    return "?" if node in plan.guessed else seconds(plan.node_seconds.get(node))


def place_text(place: Place | None) -> str:
    """Where a loaded value comes from."""
    return place.value if place and place is not Place.NOWHERE else ""


def state_text(state: State) -> str:
    """A state with its mark."""
    return f"{MARKS[state.value]} {state}"


def version_text(version: Version, parent: Version | None = None) -> str:
    """What a run did: one line, the error if it failed, the metrics with their change to the parent."""
    lines = [version_line(version)]
    if version.error:
        lines.append(f"  {MARKS['failed']} {line(version.error, 500)}")
    if told := accepted_line(version):
        lines.append(f"  {told}")
    if version.audit is not None:
        lines.append(f"  {audit_line(version.audit)}")
    changes = metric_changes(version, parent)
    if changes:
        lines.append(metrics_text(changes))
    return "\n".join(lines)


def version_line(version: Version) -> str:
    """``version 4: computed 3, loaded 2, pruned 7 in 1.8 s (a full run: 14.2 s)``."""
    did = counts(((state, version.count(state)) for state in State), past=True) or "no nodes"
    outcome = "" if version.status == "done" else f" {line(version.status, 30)},"
    message = f" “{line(version.message, 120)}”" if version.message else ""
    took = seconds(version.seconds) or "0 s"
    return f"version {version.id}{message}:{outcome} {did} in {took}{full_run(version)}"


def accepted_line(version: Version) -> str:
    """Which nodes kept a value that an earlier code made, since the user said so; empty for none."""
    accepted = [node for node, record in version.nodes.items() if record.accepted]
    return f"accepted as giving the same value: {names(accepted)}" if accepted else ""


def audit_line(audit: Audit) -> str:
    """``audit of 10% (seed 7): 3 same, 1 different: model (it may come from the clock ...)``."""
    head = f"audit of {100 * audit.share:.3g}%"
    outcomes = ("same", "different", "not compared")
    found = ", ".join(f"{len(audit.named(one))} {one}" for one in outcomes if audit.named(one)) or "nothing was reused"
    told = [f"{line(row.node, 80)} ({line(row.detail, 300)})" for row in audit.rows if row.outcome != "same"]
    # what it may come from is worth a line only where it makes a difference
    told += [f"{line(row.node, 80)} ({SHOWS})" for row in audit.rows if row.outcome == "same" and SHOWS in row.detail]
    return f"{head} (seed {audit.seed}): {found}" + (f": {'; '.join(told)}" if told else "")


def full_run(version: Version) -> str:
    """What computing everything would have taken, and how much of it was saved, in brackets; empty where nothing
    was."""
    share = saved(version)
    return f" (a full run: {seconds(version.full_seconds)}, {share} saved)" if share else ""


def saved(version: Version) -> str:
    """The share of a full run's seconds that reuse saved, ``91%``; empty below one percent, and where the run
    did not come to its end."""
    full = version.full_seconds
    is_known = version.status == "done" and full > 0 and math.isfinite(full)
    share = int(100 * (1 - version.seconds / full)) if is_known else 0
    return f"{share}%" if share > 0 else ""


def metric_changes(version: Version, parent: Version | None) -> dict[str, MetricChange]:
    """The version's metrics against its parent's."""
    before = parent.metrics if parent else {}
    return {
        name: MetricChange(before.get(name), value, direction(name, version.directions))
        for name, value in version.metrics.items()
    }


def metrics_text(metrics: Mapping[str, MetricChange]) -> str:
    """Metrics as aligned lines, with difference and verdict where there is something to compare with."""
    rows = [
        (name, number(metric.after), signed(metric.delta) if metric.differs else "", verdict(metric.better))
        for name, metric in metrics.items()
    ]
    return columns([("metric", "value", "change", ""), *rows], right=(1, 2), indent="  ")


def versions_text(versions: VersionList) -> str:
    """The versions as a table, newest first, with a column for each metric."""
    if not versions.versions:
        return "No versions yet. %helix run makes one."
    shown = versions.newest
    metrics = metric_names(shown)
    head = ("version", "parent", "when", "status", "time", "saved", *(s.value for s in State), *metrics, "message")
    rows = [
        (
            version.id,
            version.parent or "",
            moment(version.created),
            version.status,
            seconds(version.seconds),
            saved(version),
            *(version.count(state) or "" for state in State),
            *(number(version.metrics.get(name)) if name in version.metrics else "" for name in metrics),
            _said(version),
        )
        for version in shown
    ]
    table = columns([head, *rows], right=(0, 1, *range(4, 9 + len(metrics))))
    left = len(versions) - len(shown)
    return f"{table}\n{plural(left, 'older version')} not shown" if left else table


def _said(version: Version) -> str:
    tags = "".join(f" [{tag}]" for tag in version.tags)
    note = f" ({version.note})" if version.note else ""
    problem = f" {MARKS['failed']} {version.error}" if version.error else ""
    return f"{version.message}{tags}{note}{problem}".strip()


def directions_of(versions: Iterable[Version]) -> dict[str, str]:
    """What versions declare of their metrics' directions; of several, the newest. ``versions``: newest first."""
    declared: dict[str, str] = {}
    for version in versions:
        declared = {**version.directions, **declared}
    return declared


def metric_names(versions: Iterable[Version]) -> list[str]:
    """Every metric of these versions, in order of first appearance."""
    return list(dict.fromkeys(name for version in versions for name in version.metrics))


def why_text(why: Why) -> str:
    """The reasons as a list, most specific first."""
    reasons = why.reasons or ("nothing changed",)
    return "\n".join(
        [f"{line(why.node, 80)}: {state_text(why.state)}, because", *(f"  - {line(r, 400)}" for r in reasons)]
    )


def config_text(config: Config) -> str:
    """The settings, and where each comes from."""
    return columns([("setting", "value", "from"), *((s.key, value_text(s.value), s.origin) for s in config.settings)])


def value_text(value: object) -> str:
    """A setting's value as the user writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)


def reproduction_text(reproduction: Reproduction) -> str:
    """Which nodes came out the same, and the first that did not."""
    head = ("node", "outcome", "recorded", "recomputed", "reason")
    rows = [
        (row.node, "same" if row.same else "differs", row.expected[:12], row.got[:12], row.reason)
        for row in reproduction.rows
    ]
    return f"{columns([head, *rows])}\n{reproduction_line(reproduction)}" if rows else reproduction_line(reproduction)


def reproduction_line(reproduction: Reproduction) -> str:
    """The outcome in one sentence."""
    good = sum(reproduction.nodes.values())
    of = plural(len(reproduction.nodes), "node")
    told = f"version {reproduction.version}: {good} of {of} came out the same"
    first = reproduction.first_difference
    return f"{told}; the first that differs is {line(first, 80)}" if first else told


def collection_text(report: GcReport) -> str:
    """What garbage collection deleted, or would delete, node by node."""
    head = ("node", "artifacts", "size", "recompute", "workflow")
    rows = [
        (node, share.artifacts, size(share.bytes), seconds(share.worth_seconds), workflow)
        for (workflow, node), share in report.nodes.items()
    ]
    total = collection_line(report)
    return f"{columns([head, *rows], right=(1, 2, 3))}\n{total}" if rows else total


def collection_line(report: GcReport) -> str:
    """The totals of a garbage collection in one sentence."""
    gone = [number for numbers in report.versions.values() for number in numbers]
    if not gone and not report.artifacts:
        return "Nothing to delete: every artifact belongs to a version that stays."
    parts = []
    if gone:
        parts.append(f"{plural(len(gone), 'version')} ({names((str(number) for number in gone), 12)})")
    if report.artifacts:
        cost = seconds(report.worth_seconds)
        price = f", {cost} to compute again" if cost else ""
        parts.append(f"{plural(len(report.artifacts), 'artifact')} ({size(report.bytes) or '0 B'}{price})")
    pinned = f"; {size(report.pinned)} stay since they are pinned" if report.pinned else ""
    return f"{'Would delete' if report.dry_run else 'Deleted'} {' and '.join(parts)}{pinned}."


def dag_text(snapshot: Mapping[str, Any]) -> str:
    """The workflow as an aligned table in topological order, each node with those that it reads from.

    A tree was rejected: a node with two parents would stand in it twice.
    """
    if not snapshot["nodes"]:
        return NOTHING
    parents: dict[str, list[str]] = {node["name"]: [] for node in snapshot["nodes"]}
    for edge in snapshot["edges"]:
        parents[edge["child"]].append(("updates " if edge["chain"] else "") + edge["parent"])
    guessed = snapshot["plan"]["guessed"] if snapshot["plan"] else ()
    rows = [
        (
            node["name"],
            _marked(node["state"]),
            "?" if node["name"] in guessed else seconds(node["seconds"]),
            size(node["bytes"]),
            ("← " + names(parents[node["name"]])) if parents[node["name"]] else "",
        )
        for node in snapshot["nodes"]
    ]
    return columns([("node", "state", "time", "size", "reads from"), *rows], right=(2, 3))


def _marked(state: str | None) -> str:
    return f"{MARKS[state]} {state}" if state in MARKS else clean(state or "")
