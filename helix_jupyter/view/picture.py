"""What the views in the browser draw: a snapshot without its code, laid out, with groups collapsed as one likes.

The layout is that of the static picture (``view.svg.place``), so that both look the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helix_jupyter.view.grouping import collapse, groups
from helix_jupyter.view.svg import name_lines, place

_NODE = (
    "name", "outputs", "state", "reason", "seconds", "bytes", "group", "update", "metrics", "value", "last", "members",
)  # fmt: skip


def picture(snapshot: Mapping[str, Any], collapsed: Collection[str] = (), roomy: bool = False) -> dict[str, Any]:
    """Make a snapshot ready to be drawn.

    Parameters
    ----------
    collapsed
        Names of the groups that are to be one box each; those that cannot be stay open.
    roomy
        Whether every box is to have room for how a node is beside how it would be.
    """
    listed = groups(snapshot, collapsed)
    shown = collapse(snapshot, listed)
    plan = snapshot["plan"]
    return {
        "format": snapshot["format"],
        "nodes": [_node(node) for node in shown["nodes"]],
        "edges": shown["edges"],
        "layout": place(shown, roomy).to_json(),
        "groups": listed,
        "plan": {name: plan[name] for name in ("seconds", "targets", "guessed")} if plan else None,
        "version": snapshot["version"],
    }


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: node[name] for name in _NODE}
    return {**kept, "lines": name_lines({"name": node["group"]} if node["members"] else node)}
