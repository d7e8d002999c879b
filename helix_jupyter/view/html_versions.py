"""HTML of one version and of a list of versions with their metrics' curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helix_jupyter.plan.types import State
from helix_jupyter.version.metrics import MetricChange, direction, same_number
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.view.html_reason import reason_html
from helix_jupyter.view.markup import (
    attribute,
    block,
    details,
    escape,
    frame,
    isolated,
    name,
    soft,
    state,
    table,
    tag,
    told,
)
from helix_jupyter.view.sparkline import known_values, sparkline
from helix_jupyter.view.style import CHIP, SOFT
from helix_jupyter.view.text import (
    accepted_line,
    audit_line,
    directions_of,
    full_run,
    metric_changes,
    metric_names,
    saved,
)
from helix_jupyter.view.types import VersionList
from helix_jupyter.view.words import NONE, cells, counts, line, moment, number, plural, seconds, signed, size, verdict

# more points than the curve has pixels tell nothing
_CURVE = 80
_RANGE = f"{SOFT};font-weight:normal;font-size:85%"


def version_html(version: Version, parent: Version | None = None) -> str:
    """What a run did: a line, the error if it failed, metrics with their change, and the nodes to unfold."""
    return frame("".join(_version_parts(version, parent)))


def _version_parts(version: Version, parent: Version | None) -> Sequence[str]:
    did = counts(((is_in, version.count(is_in)) for is_in in State), past=True) or "no nodes"
    outcome = "" if version.status == "done" else f" {_status(version)}"
    message = f" {isolated('“' + line(version.message, 200) + '”')}" if version.message else ""
    took = f" in <b>{seconds(version.seconds) or '0 s'}</b>{soft(full_run(version)) if saved(version) else ''}"
    parts = [block(f"<b>version {version.id}</b>{message}{outcome}: {did}{took}")]
    if version.tags or version.note:
        chips = "".join(tag("span", isolated(line(one, 40)), CHIP) for one in version.tags)
        parts.append(block(f"{chips}{soft(line(version.note, 1000))}"))
    if version.error:
        parts.append(block(told("failed", line(version.error, 1000))))
    if accepted := accepted_line(version):
        parts.append(block(soft(accepted)))
    if version.audit is not None:
        told_by = audit_line(version.audit)
        parts.append(block(told("failed", told_by) if version.audit.named("different") else soft(told_by)))
    changes = metric_changes(version, parent)
    if changes:
        parts.append(block(" ".join(_chip(name, change) for name, change in changes.items())))
    if version.nodes:
        parts.append(details(plural(len(version.nodes), "node"), _nodes(version.nodes)))
    return parts


def _chip(metric: str, change: MetricChange) -> str:
    delta = f" {judged(signed(change.delta), change.better)}" if change.differs and change.delta is not None else ""
    return tag("span", f"{name(metric)} <b>{number(change.after)}</b>{delta}", CHIP)


def judged(delta: str, better: bool | None) -> str:
    """A difference with its verdict as sign and word."""
    if better is None:
        return soft(delta)
    return state("done" if better else "failed", f"{delta} {verdict(better)}".strip())


def _nodes(nodes: Mapping[str, NodeRecord]) -> str:
    rows = [
        (
            name(node),
            state(record.outcome),
            seconds(record.seconds),
            size(record.bytes),
            isolated(line(record.error, 400)) if record.error else reason_html(record.reason),
        )
        for node, record in nodes.items()
    ]
    return table(("node", "state", "time", "size", "reason"), rows, (2, 3), (4,))


def versions_html(versions: VersionList) -> str:
    """The versions as a table, newest first; at the head of each metric's column its curve and range, oldest to
    newest."""
    if not versions.versions:
        return frame(block("No versions yet. <code>%helix run</code> makes one."))
    shown = versions.newest
    declared = directions_of(shown)
    names = metric_names(shown)
    best = {metric: _best(metric, shown, declared) for metric in names}
    metrics, *others = _side_by_side(names)
    head = ("", "version", "time", *(_heading(metric, versions) for metric in metrics), _STATES)
    rows = [_row(version, metrics, best) for version in shown]
    parts = [table(head, rows, (0, *range(2, 4 + len(metrics))))]
    parts += [_further(group, versions, best) for group in others]
    left = len(versions) - len(shown)
    rest = block(soft(f"{plural(left, 'older version')} not shown")) if left else ""
    return frame("".join(parts) + rest, sheet=True)


def _side_by_side(metrics: Sequence[str]) -> list[list[str]]:
    """The metrics in groups that a page of the usual width has room for: a column out of sight is a column lost."""
    groups: list[list[str]] = [[]]
    room = _ROOM_BESIDE
    for metric in metrics:
        width = max(_NARROWEST, cells(_title(metric)) * _LETTER + _PADDING)
        if width > room and (groups[-1] or len(groups) == 1):
            groups.append([])
            room = _ROOM_BELOW
        groups[-1].append(metric)
        room -= width
    return groups


# pixels: what version, message, time and states leave of a page, and what the version's number alone leaves
_ROOM_BESIDE, _ROOM_BELOW = 520, 860
_NARROWEST, _LETTER, _PADDING = 104, 8, 20


def _title(metric: str) -> str:
    return line(metric, 40)


def _further(metrics: Sequence[str], versions: VersionList, best: Mapping[str, int | None]) -> str:
    """Metrics that found no room beside the versions."""
    rows = [
        (f"<b>{version.id}</b>", *(_figure(version, metric, best[metric]) for metric in metrics))
        for version in versions.newest
    ]
    head = ("", *(_heading(metric, versions) for metric in metrics))
    return table(head, rows, range(len(head)))


_STATES = " /<br>".join(counts([(state, 1)], past=True).split()[0] for state in State)


def _heading(metric: str, versions: VersionList) -> str:
    values = [version.metrics.get(metric) for version in versions.versions[-_CURVE:]]
    title = isolated(_title(metric))
    known = known_values(values)
    if len(known) < 2:
        return title
    low, high = number(min(known)), number(max(known))
    span = low if low == high else f"{low}{NONE}{high}"
    return f"{title}<br>{sparkline(values, line(metric, 60))}<br>{tag('span', span, _RANGE)}"


def _best(metric: str, versions: Sequence[Version], declared: Mapping[str, str]) -> int | None:
    """The first version with the best value."""
    known = [v.metrics[metric] for v in versions if metric in v.metrics and v.metrics[metric] == v.metrics[metric]]
    way = direction(metric, declared)
    if not way or len(known) < 2 or same_number(min(known), max(known)):
        return None
    best = max(known) if way == "higher" else min(known)
    return min(v.id for v in versions if metric in v.metrics and same_number(v.metrics[metric], best))


def _row(version: Version, metrics: Sequence[str], best: Mapping[str, int | None]) -> Sequence[str]:
    parent = version.parent
    # the parent is worth telling only where a checkout made a branch
    branch = soft(f" from {parent}") if parent is not None and parent != version.id - 1 else ""
    return (
        f'<span data-version="{attribute(version.id)}"><b>{version.id}</b>{branch}</span>',
        _message(version),
        _time(version),
        *(_figure(version, metric, best[metric]) for metric in metrics),
        " / ".join(f"{version.count(is_in):,}" for is_in in State),
    )


def _message(version: Version) -> str:
    problem = _problem(version)
    when = tag("span", escape(moment(version.created)), f"{SOFT};white-space:nowrap")
    tags = " ".join(tag("span", isolated(line(one, 40)), CHIP) for one in version.tags)
    note = soft(line(version.note, 300)) if version.note else ""
    message = isolated(line(version.message, 300))
    said = (message, tags, note, "" if version.status == "done" else problem, when)
    return tag("div", "<br>".join(part for part in said if part), "min-width:10em")


def _time(version: Version) -> str:
    share = f"<br>{soft(f'{saved(version)} saved')}" if saved(version) else ""
    return f"{seconds(version.seconds) or '0 s'}{share}"


def _figure(version: Version, metric: str, best: int | None) -> str:
    value = version.metrics.get(metric)
    if value is None:
        return ""
    return f'<b title="best">{number(value)}</b>' if version.id == best else number(value)


def _problem(version: Version) -> str:
    return told("failed", line(version.error, 200)) if version.error else _status(version)


def _status(version: Version) -> str:
    return state("interrupted" if version.status == "interrupted" else "failed", line(version.status, 30))
