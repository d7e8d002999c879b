"""HTML of one version and of a list of versions with their metrics' curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helix_jupyter.plan.types import State
from helix_jupyter.version.metrics import MetricChange, direction
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.view.markup import (
    attribute,
    details,
    escape,
    frame,
    name,
    soft,
    state,
    table,
    tag,
    told,
    words,
)
from helix_jupyter.view.sparkline import sparkline
from helix_jupyter.view.style import TABLE_STYLE, VERSION_STYLE
from helix_jupyter.view.text import full_run, metric_changes, metric_names
from helix_jupyter.view.types import VersionList
from helix_jupyter.view.words import counts, line, moment, number, plural, seconds, signed, size, verdict

# more points than the curve has pixels tell nothing
_CURVE = 80


def version_html(version: Version, parent: Version | None = None) -> str:
    """What a run did: a line, the error if it failed, metrics with their change, and the nodes to unfold."""
    return frame("".join(_version_parts(version, parent)), TABLE_STYLE + VERSION_STYLE)


def _version_parts(version: Version, parent: Version | None) -> Sequence[str]:
    did = counts(((is_in, version.count(is_in)) for is_in in State), past=True) or "no nodes"
    outcome = "" if version.status == "done" else f" {_status(version)}"
    message = f" {words('“' + line(version.message, 200) + '”')}" if version.message else ""
    took = f" in <b>{seconds(version.seconds) or '0 s'}</b>{soft(full_run(version))}"
    parts = [tag("p", f"<b>version {version.id}</b>{message}{outcome}: {did}{took}")]
    if version.error:
        parts.append(tag("p", told("failed", line(version.error, 1000))))
    changes = metric_changes(version, parent)
    if changes:
        parts.append(tag("div", "".join(_chip(name, change) for name, change in changes.items()), "helix-chips"))
    if version.nodes:
        parts.append(details(plural(len(version.nodes), "node"), _nodes(version.nodes)))
    return parts


def _chip(metric: str, change: MetricChange) -> str:
    delta = signed(change.delta) if change.differs else ""
    return (
        f'<span class="helix-chip">{name(metric)} <b class="helix-figure">{number(change.after)}</b>'
        f"{' ' + judged(delta, change.better) if delta else ''}</span> "
    )


def judged(delta: str, better: bool | None) -> str:
    """A difference with its verdict as word and colour."""
    if better is None:
        return soft(delta)
    colour = "done" if better else "failed"
    return f'<span class="helix-state helix-is-{colour}">{delta} {verdict(better)}</span>'


def _nodes(nodes: Mapping[str, NodeRecord]) -> str:
    rows = [
        (
            name(node),
            state("failed") if record.error else state(record.state.value),
            seconds(record.seconds),
            size(record.bytes),
            words(record.error) if record.error else soft(record.reason),
        )
        for node, record in nodes.items()
    ]
    return tag("div", table(("node", "state", "time", "size", "reason"), rows, (2, 3)), "helix-scroll")


def versions_html(versions: VersionList) -> str:
    """The versions as a table, newest first; above each metric's column its curve, oldest to newest."""
    if not versions.versions:
        return frame(tag("p", "No versions yet. <code>%helix run</code> makes one."))
    shown = versions.newest
    metrics = metric_names(shown)
    best = {metric: _best(metric, shown) for metric in metrics}
    curves = [_heading(metric, versions) for metric in metrics]
    head = ("version", "when", "message", *curves, "time", *(is_in.value for is_in in State))
    rows = [_row(version, metrics, best) for version in shown]
    left = len(versions) - len(shown)
    rest = tag("p", soft(f"{plural(left, 'older version')} not shown")) if left else ""
    numeric = (0, *range(3, 7 + len(metrics)))
    body = tag("div", table(head, rows, numeric, "helix-versions"), "helix-scroll")
    return frame(body + rest, TABLE_STYLE + VERSION_STYLE)


def _heading(metric: str, versions: VersionList) -> str:
    values = [version.metrics.get(metric) for version in versions.versions[-_CURVE:]]
    curve = sparkline(values, metric) if len(values) > 1 else ""
    return f"{curve}<br>{words(line(metric, 60))}" if curve else words(line(metric, 60))


def _best(metric: str, versions: Sequence[Version]) -> float | None:
    known = [v.metrics[metric] for v in versions if metric in v.metrics and v.metrics[metric] == v.metrics[metric]]
    way = direction(metric)
    if not way or len(known) < 2 or min(known) == max(known):
        return None
    return max(known) if way == "higher" else min(known)


def _row(version: Version, metrics: Sequence[str], best: Mapping[str, float | None]) -> Sequence[str]:
    parent = version.parent
    # the parent is worth telling only where a checkout made a branch
    branch = soft(f" from {parent}") if parent is not None and parent != version.id - 1 else ""
    outcome = "" if version.status == "done" else f"{_status(version)} "
    return (
        f'<span data-version="{attribute(version.id)}"><b>{version.id}</b>{branch}</span>',
        tag("span", escape(moment(version.created)), "helix-soft helix-together"),
        tag("span", f"{outcome}{words(line(version.message, 300))}", "helix-message"),
        *(_figure(version.metrics.get(metric), best[metric]) for metric in metrics),
        tag("span", seconds(version.seconds), title=full_run(version).strip(" ()")),
        *(f"{version.count(is_in):,}" if version.count(is_in) else "" for is_in in State),
    )


def _figure(value: float | None, best: float | None) -> str:
    if value is None:
        return ""
    return f'<b title="best">★ {number(value)}</b>' if value == best else number(value)


def _status(version: Version) -> str:
    return state("failed", line(version.status, 30))
