"""The workflow's picture in few bytes, for the image that a saved notebook keeps. Pure.

An image shows no tooltips and nobody looks for nodes in it: what only these need is left out, and lines that look the
same are one path. What is still too much is drawn with less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helix_jupyter.view.places import Box, Layout, Point
from helix_jupyter.view.svg import arrow, contents, drawing, path, state_of


def sketches(snapshot: Mapping[str, Any], layout: Layout) -> Iterator[str]:
    """The picture as ``<svg>`` text, again and again with less in it.

    First all of it, then with edges that take the shortest way, then boxes alone without their words, at last these
    without edges.
    """
    nodes = snapshot["nodes"]
    routes = [route.points for route in layout.routes]
    direct = [_direct(points) for points in routes]
    chains = [bool(edge["chain"]) for edge in snapshot["edges"]]
    for ways, draw in ((routes, _worded), (direct, _worded), (direct, _mapped), ([], _mapped)):
        yield drawing(nodes, layout, _edges(ways, chains) + draw(nodes, layout.boxes))


def _direct(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """One curve from end to end, which leaves and arrives upright."""
    (from_x, from_y), (to_x, to_y) = points[0], points[-1]
    bend = (to_y - from_y) / 2
    return (from_x, from_y), (from_x, from_y + bend), (to_x, to_y - bend), (to_x, to_y)


def _edges(ways: list[tuple[Point, ...]], chains: list[bool]) -> str:
    lines: dict[str, list[str]] = {"e": [], "e u": []}
    tips = []
    for points, chain in zip(ways, chains if ways else (), strict=True):
        tip, short = arrow(points)
        lines["e u" if chain else "e"].append(_whole(short))
        tips.append(tip)
    drawn = [f"<path class='{kind}' d='{''.join(found)}'/>" for kind, found in lines.items() if found]
    return "".join(drawn) + (f"<path class='t' d='{''.join(tips)}'/>" if tips else "")


def _whole(points: tuple[Point, ...]) -> str:
    """To the nearest pixel, which is as near as one can see."""
    return path(tuple((round(x), round(y)) for x, y in points))


def _worded(nodes: list[Mapping[str, Any]], boxes: Mapping[str, Box]) -> str:
    return "".join(
        f"<g class='{state_of(node)}' transform='translate({box.x:.0f},{box.y:.0f})'>{contents(node, box)}</g>"
        for node, box in ((node, boxes[node["name"]]) for node in nodes)
    )


def _mapped(nodes: list[Mapping[str, Any]], boxes: Mapping[str, Box]) -> str:
    found: dict[str, list[str]] = {}
    for node in nodes:
        box = boxes[node["name"]]
        outline = f"M{box.x:.0f},{box.y:.0f}h{box.width:.0f}v{box.height:.0f}h-{box.width:.0f}z"
        found.setdefault(state_of(node), []).append(outline)
    return "".join(f"<g class='{state}'><path class='b' d='{''.join(one)}'/></g>" for state, one in found.items())
