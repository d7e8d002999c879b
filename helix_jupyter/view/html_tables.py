"""HTML of what is one line or one table: card, status, plan, why, settings, garbage collection,
reproduction."""

from __future__ import annotations

from collections.abc import Iterable

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.store.types import GcReport
from helix_jupyter.view.markup import escape, frame, name, soft, state, table, tag, told, words
from helix_jupyter.view.text import (
    NOTHING,
    collection_line,
    place_text,
    plan_line,
    planned_seconds,
    reproduction_line,
    value_text,
)
from helix_jupyter.view.types import Card, Config, Reproduction, Status, Why
from helix_jupyter.view.words import seconds, size


def card_html(card: Card) -> str:
    """One line below a declaring cell."""
    flow = f"{_names(card.inputs)} → " if card.inputs else ""
    node = f"{name(card.node)}: " if card.outputs != (card.node,) else ""
    action = told(card.state.value, card.action) if card.state else words(card.action)
    parts = (f"{node}{flow}{_names(card.outputs)}", soft(card.change) if card.change else "", action)
    return frame(tag("div", ' <span class="helix-soft">·</span> '.join(part for part in parts if part)), "")


def status_html(status: Status) -> str:
    """The workflow as a table."""
    if not status.rows:
        return frame(tag("p", escape(NOTHING)))
    rows = [
        (
            name(row.node),
            state(row.state.value),
            seconds(row.seconds),
            size(row.bytes),
            state("done", "fresh") if row.fresh else state("affected", "stale"),
            soft(row.reason),
        )
        for row in status.rows
    ]
    return frame(_scrolled(table(("node", "state", "time", "size", "value", "reason"), rows, (2, 3))))


def plan_html(plan: Plan) -> str:
    """What a run would do: the totals, then node by node."""
    if not plan.states:
        return frame(tag("p", escape(NOTHING)))
    rows = [
        (
            name(node),
            state(is_in.value),
            planned_seconds(plan, node),
            place_text(plan.places.get(node)) if is_in is State.LOAD else "",
            soft(plan.reasons.get(node, "")),
        )
        for node, is_in in plan.states.items()
    ]
    body = table(("node", "state", "time", "from", "reason"), rows, (2,))
    return frame(tag("p", words(plan_line(plan))) + _scrolled(body))


def why_html(why: Why) -> str:
    """The reasons as a list, most specific first."""
    items = "".join(tag("li", words(reason)) for reason in why.reasons or ("nothing changed",))
    return frame(tag("p", f"{name(why.node)} {state(why.state.value)}, because") + tag("ul", items))


def config_html(config: Config) -> str:
    """The settings, and where each comes from."""
    rows = [(name(s.key), f"<code>{escape(value_text(s.value))}</code>", soft(s.origin)) for s in config.settings]
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
    body = _scrolled(table(head, rows, (1, 2, 3))) if rows else ""
    return frame(tag("p", words(collection_line(report))) + body)


def reproduction_html(reproduction: Reproduction) -> str:
    """Which nodes came out the same."""
    rows = [
        (
            name(row.node),
            state("done", "same") if row.same else state("failed", "differs"),
            _digest(row.expected),
            _digest(row.got),
            soft(row.reason),
        )
        for row in reproduction.rows
    ]
    outcome = told("done" if reproduction.same else "failed", reproduction_line(reproduction))
    body = table(("node", "outcome", "recorded", "recomputed", "reason"), rows) if rows else ""
    return frame(tag("p", outcome) + _scrolled(body))


def _digest(digest: str) -> str:
    return f'<code class="helix-soft">{escape(digest[:12])}</code>' if digest else ""


def _names(items: Iterable[str]) -> str:
    return ", ".join(map(name, items))


def _scrolled(content: str) -> str:
    return tag("div", content, "helix-scroll")
