"""HTML of what is one line or one table: card, status, plan, why, settings, garbage collection,
reproduction."""

from __future__ import annotations

from collections.abc import Iterable

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.store.types import GcReport
from helix_jupyter.view.html_reason import reason_html
from helix_jupyter.view.markup import block, code, escape, frame, isolated, name, soft, state, table, tag, told
from helix_jupyter.view.style import SOFT
from helix_jupyter.view.text import (
    NOTHING,
    collection_line,
    place_text,
    plan_line,
    planned_seconds,
    reproduction_line,
    status_seconds,
    value_text,
)
from helix_jupyter.view.types import Card, Config, Reproduction, Status, Why
from helix_jupyter.view.words import seconds, size


def card_html(card: Card) -> str:
    """One line below a declaring cell."""
    flow = f"{_isolated(card.inputs)} → " if card.inputs else ""
    node = f"{isolated(card.node)}: " if card.outputs != (card.node,) else ""
    action = told(card.state.value, card.action) if card.state else isolated(card.action)
    change = tag("span", reason_html(card.change, 300), SOFT) if card.change else ""
    # a changed line takes lines of its own
    end = "<br>" if "<br>" in change else " · "
    start = code(f"{node}{flow}<b>{_isolated(card.outputs)}</b>")
    said = " · ".join(part for part in (start, change) if part)
    note = f" · {isolated(card.note)}" if card.note else ""
    return frame(block(f"{said}{end}{action}{note}" if card.action else f"{said}{note}"))


def status_html(status: Status) -> str:
    """The workflow as a table."""
    if not status.rows:
        return frame(block(escape(NOTHING)))
    signs = {"fresh": "done", "stale": "affected", "none": "none"}
    rows = [
        (
            name(row.node),
            state(row.state.value),
            status_seconds(row),
            size(row.bytes),
            state(signs[row.value], row.value),
            escape(row.keeping),
            reason_html(row.reason),
        )
        for row in status.rows
    ]
    return frame(table(("node", "state", "time", "size", "value", "keeping", "reason"), rows, (2, 3), (6,)))


def plan_html(plan: Plan) -> str:
    """What a run would do: the totals, then node by node."""
    if not plan.states:
        return frame(block(escape(NOTHING)))
    rows = [
        (
            name(node),
            state(is_in.value),
            planned_seconds(plan, node),
            place_text(plan.places.get(node)) if is_in is State.LOAD else "",
            reason_html(plan.reasons.get(node, "")),
        )
        for node, is_in in plan.states.items()
    ]
    return frame(
        block(isolated(plan_line(plan))) + table(("node", "state", "time", "from", "reason"), rows, (2,), (4,))
    )


def why_html(why: Why) -> str:
    """The reasons as a list, most specific first."""
    items = "".join(tag("li", reason_html(reason)) for reason in why.reasons or ("nothing changed",))
    return frame(block(f"{name(why.node)} {state(why.state.value)}, because") + tag("ul", items, "margin:0 0 6px"))


def config_html(config: Config) -> str:
    """The settings, and where each comes from."""
    rows = [(name(s.key), code(escape(value_text(s.value))), soft(s.origin)) for s in config.settings]
    return frame(table(("setting", "value", "from"), rows))


def collection_html(report: GcReport) -> str:
    """What garbage collection deleted, or would delete."""
    several = len({workflow for workflow, _ in report.nodes}) > 1
    rows = [
        (
            name(node),
            f"{share.artifacts:,}",
            size(share.bytes),
            seconds(share.worth_seconds),
            soft(workflow) if several else "",
        )
        for (workflow, node), share in report.nodes.items()
    ]
    head = ("node", "artifacts", "size", "to compute again", "workflow" if several else "")
    return frame(block(isolated(collection_line(report))) + (table(head, rows, (1, 2, 3)) if rows else ""))


def reproduction_html(reproduction: Reproduction) -> str:
    """Which nodes came out the same."""
    rows = [
        (
            name(row.node),
            state("done", "same") if row.same else state("failed", "differs"),
            _digest(row.expected),
            _digest(row.got),
            reason_html(row.reason),
        )
        for row in reproduction.rows
    ]
    outcome = told("done" if reproduction.same else "failed", reproduction_line(reproduction))
    body = table(("node", "outcome", "recorded", "recomputed", "reason"), rows, (), (4,)) if rows else ""
    return frame(block(outcome) + body)


def _digest(digest: str) -> str:
    return tag("span", code(escape(digest[:12])), SOFT) if digest else ""


def _isolated(items: Iterable[str]) -> str:
    return ", ".join(map(isolated, items))
