"""HTML of the workflow's picture: the SVG in a frame that scrolls, with its totals in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from helix_jupyter.view.markup import escape, frame, state, tag
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.svg import dag_svg
from helix_jupyter.view.text import NOTHING
from helix_jupyter.view.words import plural, seconds


def dag_html(snapshot: Mapping[str, Any]) -> str:
    """Draw a snapshot with how many nodes are in each state above it."""
    if not snapshot["nodes"]:
        return frame(tag("p", escape(NOTHING)))
    return frame(tag("p", _legend(snapshot)) + drawn(snapshot))


def drawn(snapshot: Mapping[str, Any]) -> str:
    """The picture alone, to be put into other HTML; wide ones scroll."""
    return tag("div", dag_svg(snapshot), "helix-picture")


def _legend(snapshot: Mapping[str, Any]) -> str:
    found = Counter(node["state"] for node in snapshot["nodes"])
    told = [state(name, f"{found[name]:,} {name}") for name in COLOURS if found[name]]
    took = seconds(snapshot["plan"]["seconds"]) if snapshot["plan"] else ""
    total = f"about {took}" if took else ""
    return " &nbsp; ".join(part for part in (escape(plural(len(snapshot["nodes"]), "node")), *told, total) if part)
