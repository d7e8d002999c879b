"""A what-if's answer as text: as it is beside as it would be. Reads an ``Explored``, returns text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from helix_jupyter.plan.explore.types import Explored, Going, Prospect
from helix_jupyter.view.columns import columns
from helix_jupyter.view.explore_snapshot import keeping
from helix_jupyter.view.text import plan_line, planned_seconds, state_text
from helix_jupyter.view.words import MARKS, MINUS, NONE, line, names, plural, seconds, size

# nodes of a kind that are named in one line
_NAMED = 6


def explored_text(explored: Explored) -> str:
    """A table of the nodes, those that differ marked; the totals of both; what the budget buys."""
    head = ("", "node", "as it is", "time", "as it would be", "time", "kept", "reason")
    rows = [("~" if row[-1] else "", *row[:-1]) for row in node_rows(explored)]
    parts = [columns([head, *rows], right=(3, 5))] if rows else []
    parts.append(columns([("", "as it is", "as it would be"), *total_rows(explored)]))
    parts += [line(told, 400) for told in notes(explored)]
    if explored.curve:
        points = [(size(point.budget) or "0 B", seconds(point.seconds) or "0 s") for point in explored.curve]
        # of budgets that buy the same the least is enough
        bought = [next(same) for _, same in groupby(points, key=itemgetter(1))]
        parts.append(columns([("budget", "next iteration"), *bought], right=(0, 1)))
    return "\n\n".join(parts)


def node_rows(explored: Explored) -> Iterable[tuple[str, str, str, str, str, str, str, bool]]:
    """Per node: name, state and time as it is, state and time as it would be, what is kept, reason; whether it
    differs."""
    before, after = explored.actual, explored.explored
    changed, dropped = set(explored.changed), set(explored.dropped)
    for node, state in before.plan.states.items():
        first = (node, state_text(state), planned_seconds(before.plan, node))
        if node in dropped:
            yield (*first, f"{MARKS['removed']} dropped", "", "", "taken out of the DAG", True)
            continue
        is_otherwise = node in changed or _kept(before, node) != _kept(after, node)
        then = (state_text(after.plan.states[node]), planned_seconds(after.plan, node), _kept(after, node))
        yield (*first, *then, after.plan.reasons.get(node, ""), is_otherwise)


def _kept(prospect: Prospect, node: str) -> str:
    written = size(prospect.kept.get(node))
    return ", ".join(part for part in (keeping(prospect, node), written) if part)


def total_rows(explored: Explored) -> list[tuple[str, str, str]]:
    """What the two come to, line by line."""
    return [
        (label, before, after)
        for (label, before), (_, after) in zip(_totals(explored.actual), _totals(explored.explored), strict=True)
    ]


def _totals(prospect: Prospect) -> tuple[tuple[str, str], ...]:
    return (
        ("coming run", plan_line(prospect.plan)),
        ("predicted time", (seconds(prospect.plan.seconds) or "0 s") + _unknown(prospect)),
        ("stored after it", f"{size(prospect.used) or '0 B'} of {size(prospect.budget) or '0 B'}"),
        ("policy", prospect.policy),
        ("next iteration", f"about {seconds(prospect.next_seconds) or '0 s'}"),
    )


def _unknown(prospect: Prospect) -> str:
    return f", {plural(len(prospect.plan.guessed), 'node')} guessed" if prospect.plan.guessed else ""


def notes(explored: Explored) -> Iterable[str]:
    """What else would happen, a line each."""
    if explored.problem:
        yield f"{MARKS['failed']} {explored.problem}"
    if explored.dropped:
        yield f"Leave the DAG: {names(explored.dropped, 12)}."
    for when, values in (("Before the run", explored.explored.gone_before), ("While it runs", _only_then(explored))):
        if values:
            total = size(sum(one.bytes for one in values)) or "0 B"
            yield f"{when}, {total} would be deleted: {names(map(going_line, values), _NAMED)}."
    if explored.explored.unsized:
        yield f"Size not known before they run: {names(explored.explored.unsized, _NAMED)}."


def going_line(one: Going) -> str:
    """What goes: the node, which of its values, why."""
    whose = one.node or "another workflow's value"
    earlier = "" if one.current or not one.node else "earlier version, "
    return f"{whose} ({earlier}{one.reason})"


def gone_words(values: Iterable[Going]) -> str:
    """``rows (2 MB), model (earlier version, 1 MB)``."""
    return names((_gone_word(one) for one in values), _NAMED)


def _gone_word(one: Going) -> str:
    earlier = "" if one.current or not one.node else "earlier version, "
    return f"{one.node or 'a value of another workflow'} ({earlier}{size(one.bytes) or '0 B'})"


def _only_then(explored: Explored) -> tuple[Going, ...]:
    """What the policy would evict that it does not evict as it is."""
    already = {one.digests for one in explored.actual.gone_during}
    return tuple(one for one in explored.explored.gone_during if one.digests not in already)


def difference(before: float, after: float) -> str:
    """A difference of seconds with its sign."""
    if abs(after - before) < 0.00005:
        return NONE
    return f"{MINUS if after < before else '+'}{seconds(abs(after - before))}"
