"""The workflow as a static SVG picture. Reads a snapshot, returns text; no script, nothing fetched.

Made to be shown as an image, on any ground: every box has a ground of its own, lines are of a middle tone. Where the
theme is known to be dark (``prefers-color-scheme``, which inside an image follows the page's ``color-scheme``;
JupyterLab's dark theme sets it) the boxes are dark too. A copy of the notebook's theme variables was rejected: they do
not reach into an image, and an inline drawing leaves nothing but its words behind in an untrusted notebook.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from helix_jupyter.view.icons import icon
from helix_jupyter.view.layout import lay_out
from helix_jupyter.view.markup import attribute, escape
from helix_jupyter.view.places import Box, Layout, Point
from helix_jupyter.view.style import COLOURS, mixed
from helix_jupyter.view.words import cells, line, names, plural, seconds, shorten, size

HEIGHT = 42.0
_LINE_HEIGHT, _VALUE_HEIGHT = 14.0, 13.5
# names longer than this are broken in two, which keeps wide layers within a page
_ONE_LINE, _NAME_LIMIT = 16, 22
_NAME_CELL, _DETAIL_CELL = 7.3, 6.4
# while a node runs its box says for how long, and how long yet: `2:05, 3:10 left`
_LEAST_WIDTH = 120.0
# and where one stands for how it is and how it would be: `was compute 12.3 s`
_ROOMY_WIDTH = 152.0
_ARROW = 6.0
_LISTED = 40

_LIGHT = ("#1f2328", "#59636e", "#ffffff")
_DARK = ("#e6edf3", "#a5afba", "#15181d")
_QUIET = ("prune", "same", "none")


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
        One ``<svg>`` element. Nodes carry ``data-node`` and ``data-state``; their titles hold the reason.
    """
    layout = layout or place(snapshot)
    nodes = snapshot["nodes"]
    edges = (_edge(edge, route.points) for edge, route in zip(snapshot["edges"], layout.routes, strict=True))
    boxes = (_node(node, layout.boxes[node["name"]]) for node in nodes)
    return drawing(nodes, layout, "".join((*edges, *boxes)))


def drawing(nodes: Collection[Mapping[str, Any]], layout: Layout, content: str) -> str:
    """The ``<svg>`` around boxes and edges, with the styles of their states."""
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    style = _style(dict.fromkeys(map(state_of, nodes)))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' "
        f"role='img'><title>Workflow of {plural(len(nodes), 'node')}</title><style>{style}</style>{content}</svg>"
    )


def place(snapshot: Mapping[str, Any], roomy: bool = False) -> Layout:
    """Lay a snapshot out, with boxes as wide as their text; ``roomy``: with room for words that are not there yet."""
    # then all boxes have a line for it, so that layers are even
    valued = roomy or any(map(value_words, snapshot["nodes"]))
    least = _ROOMY_WIDTH if roomy else _LEAST_WIDTH
    nodes = {node["name"]: _size(node, valued, least) for node in snapshot["nodes"]}
    edges = [(edge["parent"], edge["child"]) for edge in snapshot["edges"]]
    return lay_out(list(nodes), edges, nodes)


def described(snapshot: Mapping[str, Any]) -> str:
    """The picture in words: each node with its state and what it reads from."""
    parents: dict[str, list[str]] = {node["name"]: [] for node in snapshot["nodes"]}
    for edge in snapshot["edges"]:
        parents[edge["child"]].append(edge["parent"])
    nodes = snapshot["nodes"]
    told = [f"{line(n['name'], 60)} ({_word(n)}){_read(parents[n['name']])}" for n in nodes[:_LISTED]]
    rest = [f"and {plural(len(nodes) - _LISTED, 'more node')}"] if len(nodes) > _LISTED else []
    return f"Workflow of {plural(len(nodes), 'node')}: {'; '.join([*told, *rest])}."


def _read(parents: Iterable[str]) -> str:
    listed = list(parents)
    return f" reads {names(listed, 4)}" if listed else ""


def _style(states: Iterable[str]) -> str:
    listed = list(states)
    base = (
        "text{font:600 12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}"
        ".d{font-size:10.5px;font-weight:400}.b{stroke-width:1.5}"
        ".e{fill:none;stroke:#8b949e;stroke-width:1.2}.u{stroke-width:2.5}.t{fill:#8b949e}"
        ".i{fill:none;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}"
    )
    strokes = "".join(f".{state} .b,.{state} .i{{stroke:{_colour(state)}}}" for state in listed)
    dashed = "".join(f".{state} .b{{stroke-dasharray:4 3}}" for state in ("prune", "removed") if state in listed)
    filled = f".compute .i{{fill:{_colour('compute')}}}" if "compute" in listed else ""
    dark = "@media(prefers-color-scheme:dark){" + _grounds(listed, *_DARK) + "}"
    return base + strokes + dashed + filled + _grounds(listed, *_LIGHT) + dark


def _grounds(states: Iterable[str], text: str, quiet: str, ground: str) -> str:
    words = f"text{{fill:{text}}}.d{{fill:{quiet}}}"
    boxes = (
        f".{state} .b{{fill:{mixed(_colour(state), ground, 0.04 if state in _QUIET else 0.1)}}}" for state in states
    )
    return words + "".join(boxes)


def state_of(node: Mapping[str, Any]) -> str:
    """A node's state, among those that have a colour."""
    state = node["state"] or "none"
    return state if state in COLOURS else "none"


def _colour(state: str) -> str:
    return COLOURS[state]


def _edge(edge: Mapping[str, Any], points: tuple[Point, ...]) -> str:
    tip, points = arrow(points)
    return (
        f"<g data-parent='{attribute(edge['parent'])}' data-child='{attribute(edge['child'])}'>"
        f"<path class='{'e u' if edge['chain'] else 'e'}' d='{path(points)}'/><path class='t' d='{tip}'/></g>"
    )


def path(points: tuple[Point, ...]) -> str:
    """A route as the data of a path."""
    (x, y), rest = points[0], points[1:]
    return f"M{_short(x)},{_short(y)}C" + " ".join(f"{_short(x)},{_short(y)}" for x, y in rest)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def arrow(points: tuple[Point, ...]) -> tuple[str, tuple[Point, ...]]:
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
    tip = "M" + "L".join(f"{_short(a)},{_short(b)}" for a, b in corners) + "Z"
    return tip, (*points[:-1], (x - ahead * _ARROW * 0.6, y - up * _ARROW * 0.6))


def _node(node: Mapping[str, Any], box: Box) -> str:
    state = state_of(node)
    return (
        f"<g class='{state}' data-node='{attribute(node['name'])}' data-state='{attribute(node['state'] or '')}' "
        f"transform='translate({_short(box.x)},{_short(box.y)})'><title>{escape(_tooltip(node))}</title>"
        f"{contents(node, box)}</g>"
    )


def contents(node: Mapping[str, Any], box: Box) -> str:
    """A box with what stands in it, from its corner."""
    state = state_of(node)
    lines = name_lines(node)
    value = value_words(node)
    low = 19 + (len(lines) - 1) * _LINE_HEIGHT + _LINE_HEIGHT
    below = f"<text class='d' x='26' y='{low + _VALUE_HEIGHT:.0f}'>{escape(value)}</text>" if value else ""
    words = "".join(
        f"<text x='11' y='{17 + index * _LINE_HEIGHT:.0f}'>{escape(text)}</text>" for index, text in enumerate(lines)
    )
    return (
        f"<rect class='b' width='{_short(box.width)}' height='{_short(box.height)}' rx='7'/>{words}"
        f"<path class='i' transform='translate(11,{low - 9:.0f})' d='{icon(state)}'/>"
        f"<text class='d' x='26' y='{low:.0f}'>{escape(_word(node) + _detail(node))}</text>{below}"
    )


def value_words(node: Mapping[str, Any]) -> str:
    """What the lowest line of a box says: whether there is a value, and how large it is."""
    if node["value"] not in ("fresh", "stale"):
        return ""
    return " ".join(text for text in (node["value"], size(node["bytes"])) if text)


def name_lines(node: Mapping[str, Any]) -> list[str]:
    """The name in one line, or in two that are about as long, broken behind a mark where it has one."""
    name = line(node["name"], 2 * _NAME_LIMIT)
    if cells(name) <= _ONE_LINE:
        return [name]
    breaks = [match.end() for match in re.finditer(r"[_.\- ]+|(?<=[a-z])(?=[A-Z])", name) if match.end() < len(name)]
    middle = min(breaks, key=lambda place: abs(place - len(name) / 2), default=0)
    if not middle or max(middle, len(name) - middle) > _NAME_LIMIT:
        return [shorten(name, _NAME_LIMIT)]
    return [name[:middle].rstrip(), name[middle:]]


def _word(node: Mapping[str, Any]) -> str:
    # beside a value that is fresh the bare word sounds like what becomes of it
    return "prune, not needed" if node["state"] == "prune" else node["state"] or "not run"


def _detail(node: Mapping[str, Any]) -> str:
    took = seconds(node["seconds"]) if node["state"] in ("compute", "load") else ""
    return "".join(f" {text}" for text in (took, "updates" if node["update"] else "") if text)


def _size(node: Mapping[str, Any], valued: bool, least: float) -> tuple[float, float]:
    lines = name_lines(node)
    name = 22 + max(map(cells, lines)) * _NAME_CELL
    detail = 36 + max(cells(_word(node) + _detail(node)), cells(value_words(node))) * _DETAIL_CELL
    height = HEIGHT + (len(lines) - 1) * _LINE_HEIGHT + valued * _VALUE_HEIGHT
    return max(name, detail, least), height


def _tooltip(node: Mapping[str, Any]) -> str:
    outputs = line(", ".join(node["outputs"]), 300)
    lines = [line(node["name"], 300)]
    lines += [f"gives {outputs}"] if outputs and outputs != node["name"] else []
    lines += [f"{_word(node)}{': ' if node['reason'] else ''}{line(node['reason'], 400).replace('`', '')}"]
    took = seconds(node["compute_seconds"])
    lines += [f"computing takes {took}"] if took else []
    return "\n".join(lines)
