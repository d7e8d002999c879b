"""The workflow as a static SVG picture. Reads a snapshot, returns text; no script, nothing fetched.

Every shape has plain attributes that read well on white and on black, and a style sheet that follows the
theme where one is allowed: GitHub shows the picture as an image, mail and old nbconvert templates drop the
styles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helix_jupyter.view.icons import icon
from helix_jupyter.view.layout import Box, Layout, Point, lay_out
from helix_jupyter.view.markup import attribute, escape
from helix_jupyter.view.style import COLOURS, SVG_STYLE
from helix_jupyter.view.words import cells, line, plural, seconds, shorten, size

HEIGHT = 44.0
_NAME_LIMIT = 26
_NAME_CELL, _DETAIL_CELL = 7.4, 6.0
_ARROW = 6.0
_SMALLEST = 0.55
_LINE = "#8b949e"


def dag_svg(snapshot: Mapping[str, Any], layout: Layout | None = None) -> str:
    """Draw a workflow.

    Parameters
    ----------
    snapshot
        From ``view.snapshot``.
    layout
        From ``place(snapshot)``, where it is already known.

    Returns
    -------
    str
        One ``<svg>`` element. Nodes carry ``data-node`` and ``data-state``; hovering shows the reason.
    """
    layout = layout or place(snapshot)
    return "".join(_parts(snapshot, layout))


def place(snapshot: Mapping[str, Any]) -> Layout:
    """Lay a snapshot out, with boxes as wide as their text."""
    nodes = {node["name"]: (_width(node), HEIGHT) for node in snapshot["nodes"]}
    edges = [(edge["parent"], edge["child"]) for edge in snapshot["edges"]]
    return lay_out(list(nodes), edges, nodes)


def _parts(snapshot: Mapping[str, Any], layout: Layout) -> Iterator[str]:
    nodes = snapshot["nodes"]
    label = escape(f"Workflow of {plural(len(nodes), 'node')}")
    # a picture too wide shrinks to the page as long as its text can be read, beyond that it is scrolled
    shrink = f";max-width:100%;min-width:{layout.width * _SMALLEST:.0f}px;height:auto"
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="helix-dag" role="img" aria-label="{label}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'style="display:block{shrink}" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">'
        f"<title>{label}</title><style>{SVG_STYLE}</style>"
    )
    yield f'<g fill="none" stroke="{_LINE}" stroke-width="1.2">'
    for edge, route in zip(snapshot["edges"], layout.routes, strict=True):
        yield _edge(edge, route.points)
    yield '</g><g font-size="10" fill="#57606a">'
    for node in nodes:
        yield _node(node, layout.boxes[node["name"]])
    yield "</g></svg>"


def _edge(edge: Mapping[str, Any], points: tuple[Point, ...]) -> str:
    what = line(", ".join(edge["names"]), 200) + (" (updated)" if edge["chain"] else "")
    kind = " helix-chain" if edge["chain"] else ""
    thick = ' stroke-width="2.5"' if edge["chain"] else ""
    tip, points = _arrow(points)
    return (
        f'<g class="helix-edge{kind}" data-parent="{attribute(edge["parent"])}" '
        f'data-child="{attribute(edge["child"])}">'
        f'<title>{escape(what)}</title><path d="{_path(points)}"{thick}/>'
        f'<path d="{tip}" fill="{_LINE}" stroke="none"/></g>'
    )


def _path(points: tuple[Point, ...]) -> str:
    (x, y), rest = points[0], points[1:]
    return f"M{x:.1f},{y:.1f}C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in rest)


def _arrow(points: tuple[Point, ...]) -> tuple[str, tuple[Point, ...]]:
    """The arrow's head, and the way shortened so that the line ends inside it.

    A path of its own rather than an SVG marker: a marker is found by an id, and ids of several pictures on a
    page clash.
    """
    (from_x, from_y), (x, y) = points[-2], points[-1]
    if (from_x, from_y) == (x, y):
        from_x, from_y = points[-4]
    length = ((x - from_x) ** 2 + (y - from_y) ** 2) ** 0.5 or 1.0
    ahead, up = (x - from_x) / length, (y - from_y) / length
    back_x, back_y = x - ahead * _ARROW, y - up * _ARROW
    side_x, side_y = -up * _ARROW * 0.55, ahead * _ARROW * 0.55
    corners = ((x, y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y))
    tip = "M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in corners) + "Z"
    return tip, (*points[:-1], (x - ahead * _ARROW * 0.6, y - up * _ARROW * 0.6))


def _node(node: Mapping[str, Any], box: Box) -> str:
    state = node["state"] or "none"
    colour = COLOURS.get(state, COLOURS["prune"])
    quiet = state in ("prune", "none", "same")
    dashes = ' stroke-dasharray="4 3"' if state in ("prune", "removed") else ""
    return (
        f'<g class="helix-node helix-{attribute(state)}" data-node="{attribute(node["name"])}" '
        f'data-state="{attribute(node["state"] or "")}" transform="translate({box.x:.1f},{box.y:.1f})">'
        f"<title>{escape(_tooltip(node))}</title>"
        f'<rect class="helix-box" width="{box.width:.1f}" height="{box.height:.1f}" rx="7" fill="#fff" '
        f'stroke="{colour}" stroke-width="{1.1 if quiet else 1.6}"{dashes}/>'
        '<text class="helix-name" x="12" y="18" font-size="12.2" font-weight="600" fill="#1f2328">'
        f"{escape(_name(node))}</text>"
        f'<g class="helix-icon" transform="translate(11,26)" fill="{colour}" stroke="{colour}">'
        f"{icon(state)}</g>"
        '<text class="helix-detail" x="26" y="35">'
        f'<tspan class="helix-word" fill="{colour}" font-weight="600">{escape(_word(node))}</tspan>'
        f"{escape(_detail(node))}</text></g>"
    )


def _name(node: Mapping[str, Any]) -> str:
    return shorten(line(node["name"]), _NAME_LIMIT)


def _word(node: Mapping[str, Any]) -> str:
    return node["state"] or "not run"


def _detail(node: Mapping[str, Any]) -> str:
    update = "updates" if node["update"] else ""
    return "".join(f" · {text}" for text in (seconds(node["seconds"]), size(node["bytes"]), update) if text)


def _width(node: Mapping[str, Any]) -> float:
    name = 24 + cells(_name(node)) * _NAME_CELL
    detail = 38 + cells(_word(node) + _detail(node)) * _DETAIL_CELL
    return max(name, detail, 96.0)


def _tooltip(node: Mapping[str, Any]) -> str:
    outputs = line(", ".join(node["outputs"]), 300)
    lines = [line(node["name"], 300)]
    lines += [f"gives {outputs}"] if outputs and outputs != node["name"] else []
    lines += [f"{_word(node)}{': ' if node['reason'] else ''}{line(node['reason'], 400)}"]
    took = seconds(node["compute_seconds"])
    lines += [f"computing takes {took}"] if took else []
    return "\n".join(lines)
