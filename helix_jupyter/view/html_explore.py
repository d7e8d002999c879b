"""A what-if's answer as HTML: as it is beside as it would be, differences marked, and what the budget buys."""

from __future__ import annotations

from helix_jupyter.plan.explore.types import Explored, Prospect
from helix_jupyter.view.curve import curve_picture
from helix_jupyter.view.html_reason import reason_html
from helix_jupyter.view.markup import block, details, escape, frame, heading, isolated, name, soft, state, table, tag
from helix_jupyter.view.style import AFTER_WORD
from helix_jupyter.view.text_explore import difference, node_rows, notes, total_rows
from helix_jupyter.view.words import plural

# beyond this, the nodes that stay as they are can be opened
_SHOWN = 30


def explored_html(explored: Explored) -> str:
    """The totals, the notes, the nodes that differ, the others folded away where they are many, the curve."""
    rows = list(node_rows(explored))
    otherwise = [row for row in rows if row[-1]]
    same = [row for row in rows if not row[-1]]
    parts = [table(("", "as it is", "as it would be", ""), _totals(explored), quiet=(0,))]
    parts += [block(isolated(line)) for line in notes(explored)]
    if otherwise:
        parts.append(_nodes(explored, otherwise))
    elif rows:
        parts.append(block(soft("No node would be treated otherwise.")))
    if same:
        parts.append(
            details(escape(f"{plural(len(same), 'node')} as now"), _nodes(explored, same), len(rows) <= _SHOWN)
        )
    if explored.curve:
        before, after = _mark(explored.actual), _mark(explored.explored)
        parts.append(heading("What storage buys: seconds of the next iteration"))
        parts.append(block(curve_picture(explored.curve, before, after)))
        parts.append(block(soft("ring: as it is; dot: as it would be; line: other budgets, all else as it would be")))
    return frame("".join(parts), sheet=bool(explored.curve))


def _totals(explored: Explored) -> list[tuple[str, str, str, str]]:
    now, then = explored.actual, explored.explored
    told = {
        "predicted time": difference(now.plan.seconds, then.plan.seconds),
        "next iteration": difference(now.next_seconds, then.next_seconds),
    }
    rows = []
    for label, before, after in total_rows(explored):
        marked = isolated(after) if before == after else _marked(isolated(after))
        rows.append((escape(label), isolated(before), marked, escape(told.get(label, ""))))
    return rows


def _nodes(explored: Explored, rows: list[tuple[str, str, str, str, str, str, str, bool]]) -> str:
    now, then, dropped = explored.actual.plan.states, explored.explored.plan.states, set(explored.dropped)
    cells = []
    for node, _, time_now, told, time_then, kept, reason, _ in rows:
        if node in dropped:
            after = _marked(f"{state('removed', told.split(' ', 1)[1])}")
        else:
            after = state(then[node].value)
            after = after if then[node] is now[node] else _marked(after)
        cells.append(
            (name(node), state(now[node].value), time_now, after, time_then, escape(kept), reason_html(reason))
        )
    return table(("node", "as it is", "time", "as it would be", "time", "kept", "reason"), cells, (2, 4), (6,))


def _marked(markup: str) -> str:
    return tag("ins", markup, AFTER_WORD)


def _mark(prospect: Prospect) -> tuple[int, float]:
    return prospect.used, prospect.next_seconds
