"""HTML of the workflow's picture: an image in a frame that scrolls, with its totals in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from helix_jupyter.view.markup import block, escape, frame, picture, state, tag
from helix_jupyter.view.sketch import sketches
from helix_jupyter.view.style import COLOURS, SCROLLED
from helix_jupyter.view.svg import described, place
from helix_jupyter.view.text import NOTHING
from helix_jupyter.view.words import plural, seconds

# a picture too wide shrinks to the page as long as its text can be read; beyond that it is scrolled
_SMALLEST = 0.75
# characters: with what else an output keeps, a saved notebook grows by less than 200 kB
_ROOM = 160_000
_TOO_LARGE = "The picture is too large to be kept in a notebook: run the cell again to see it."


def dag_html(snapshot: Mapping[str, Any]) -> str:
    """Draw a snapshot with how many nodes are in each state above it."""
    if not snapshot["nodes"]:
        return frame(block(escape(NOTHING)))
    return frame(block(_legend(snapshot)) + drawn(snapshot), sheet=True)


def drawn(snapshot: Mapping[str, Any]) -> str:
    """The picture alone, to be put into other HTML; wide ones scroll."""
    layout = place(snapshot)
    style = f"max-width:100%;min-width:{layout.width * _SMALLEST:.0f}px;height:auto"
    told = described(snapshot)
    shown = (picture(svg, told, style) for svg in sketches(snapshot, layout))
    kept = next((one for one in shown if len(one) <= _ROOM), None)
    return tag("div", kept or block(escape(_TOO_LARGE)), SCROLLED)


def _legend(snapshot: Mapping[str, Any]) -> str:
    found = Counter(node["state"] for node in snapshot["nodes"])
    told = [state(name, f"{found[name]:,} {name}") for name in COLOURS if found[name]]
    parts = [escape(plural(len(snapshot["nodes"]), "node")), *told, _total(snapshot["plan"])]
    return " &nbsp; ".join(part for part in parts if part)


def _total(plan: Mapping[str, Any] | None) -> str:
    if not plan:
        return ""
    if plan["guessed"]:
        return "time unknown"
    took = seconds(plan["seconds"])
    return f"about {took}" if took else ""
