"""Layered layout without Graphviz (Sugiyama, Tagawa, Toda 1981): layers, order by barycentres, coordinates,
routes.

A long edge passes through a thin place of its own in each layer between, so that it is led around nodes.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helix_jupyter.view.places import LAYER_GAP, MARGIN, NODE_GAP, Box, Layout, Point, Route

_ORDER_SWEEPS = 12
_PLACE_SWEEPS = 12
_THIN = 8.0
# thin places in all: longer edges than there is room for take the shortest way, whatever lies below it
_PLACES = 20_000


@dataclass(frozen=True)
class _Layered:
    """Items are nodes, numbered first, then the thin places of long edges."""

    layers: list[list[int]]
    above: list[list[int]]
    below: list[list[int]]
    widths: list[float]
    ways: list[list[int]]
    rank: list[int]
    real: int


def lay_out_in_layers(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], sizes: Mapping[str, tuple[float, float]]
) -> Layout:
    """Lay out a graph; parameters as in ``layout.lay_out``."""
    if not nodes:
        return Layout({}, (), 2 * MARGIN, 2 * MARGIN)
    number = {name: place for place, name in enumerate(_sorted(nodes, edges))}
    # two versions drawn as one graph can form a cycle: an arc that goes back is led as if it went forth
    arcs = [(min(number[a], number[b]), max(number[a], number[b])) for a, b in edges]
    graph = _layered(len(nodes), arcs, [sizes[name][0] for name in number])
    _order(graph)
    x = _columns(graph)
    heights = [sizes[name][1] for name in number]
    bands = _bands(graph, heights)
    boxes = _boxes(graph, x, bands, heights)
    routes = []
    for edge, way in zip(edges, graph.ways, strict=True):
        points = _points(way, graph, x, bands, boxes)
        routes.append(Route(*edge, points if number[edge[0]] < number[edge[1]] else points[::-1]))
    width = max(x[item] + graph.widths[item] / 2 for layer in graph.layers for item in layer)
    by_name = {name: boxes[number[name]] for name in nodes}
    return Layout(by_name, tuple(routes), width + MARGIN, max(bottom for _, bottom in bands) + MARGIN)


def layers_crossed(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> int:
    """How many layers all edges together lead through: what any layout in layers has to do."""
    number = {name: place for place, name in enumerate(_sorted(nodes, edges))}
    arcs = [(min(number[a], number[b]), max(number[a], number[b])) for a, b in edges]
    rank = _ranks(len(nodes), arcs)
    return sum(rank[child] - rank[parent] for parent, child in arcs)


def _sorted(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[str]:
    """Topological order (Kahn 1962), ties as given; what a cycle holds back comes last."""
    children: dict[str, list[str]] = {name: [] for name in nodes}
    missing = dict.fromkeys(nodes, 0)
    for parent, child in edges:
        children[parent].append(child)
        missing[child] += 1
    order = [name for name in nodes if not missing[name]]
    for name in order:
        for child in children[name]:
            missing[child] -= 1
            if not missing[child]:
                order.append(child)
    return order + [name for name in nodes if missing[name]]


def _layered(count: int, arcs: list[tuple[int, int]], widths: list[float]) -> _Layered:
    rank = _ranks(count, arcs)
    layers: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for item, place in enumerate(rank):
        layers[place].append(item)
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    widths = list(widths)
    longest = _longest(rank[child] - rank[parent] for parent, child in arcs)
    ways = []
    for parent, child in arcs:
        if rank[child] - rank[parent] > longest:
            ways.append([parent, child])
            continue
        way = [parent]
        for place in range(rank[parent] + 1, rank[child]):
            layers[place].append(len(widths))
            way.append(len(widths))
            widths.append(_THIN)
            above.append([])
            below.append([])
        way.append(child)
        for upper, lower in pairwise(way):
            below[upper].append(lower)
            above[lower].append(upper)
        ways.append(way)
    return _Layered(layers, above, below, widths, ways, rank, count)


def _longest(lengths: Iterable[int]) -> int:
    """The length of the longest edges that can be led through thin places, the shorter ones first."""
    room = _PLACES
    for length in sorted(lengths):
        room -= length - 1
        if room < 0:
            return length - 1
    return _PLACES


def _ranks(count: int, arcs: list[tuple[int, int]]) -> list[int]:
    """Longest path from the top; then what has no parent sinks to just above its first child."""
    children: list[list[int]] = [[] for _ in range(count)]
    has_parent = [False] * count
    for parent, child in arcs:
        children[parent].append(child)
        has_parent[child] = True
    rank = [0] * count
    for node in range(count):  # nodes are in topological order
        for child in children[node]:
            rank[child] = max(rank[child], rank[node] + 1)
    for node in range(count):
        if not has_parent[node] and children[node]:
            rank[node] = min(rank[child] for child in children[node]) - 1
    return rank


def _order(graph: _Layered) -> None:
    """Order each layer by its neighbours' mean place, downwards and upwards in turn; the best order seen
    stays."""
    best = [list(layer) for layer in graph.layers]
    fewest = _crossings(graph)
    for sweep in range(_ORDER_SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        neighbours = graph.above if down else graph.below
        for before, layer in pairwise(graph.layers if down else graph.layers[::-1]):
            place = {item: float(index) for index, item in enumerate(before)}
            own = {item: float(index) for index, item in enumerate(layer)}
            layer.sort(key=lambda item: _mean((place[n] for n in neighbours[item]), own[item]))
        found = _crossings(graph)
        if found < fewest:
            fewest, best = found, [list(layer) for layer in graph.layers]
    graph.layers[:] = best


def _mean(numbers: Iterable[float], otherwise: float) -> float:
    found = list(numbers)
    return sum(found) / len(found) if found else otherwise


def _crossings(graph: _Layered) -> int:
    total = 0
    for upper, lower in pairwise(graph.layers):
        place = {item: index for index, item in enumerate(lower)}
        seen: list[int] = []
        for item in upper:
            ends = sorted(place[child] for child in graph.below[item])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _columns(graph: _Layered) -> list[float]:
    """The x of each item's centre: as near to its neighbours' mean as order and widths allow."""
    x = [0.0] * len(graph.widths)
    for layer in graph.layers:
        _place(layer, dict.fromkeys(layer, 0.0), graph, x)
    for sweep in range(_PLACE_SWEEPS):
        last = sweep == _PLACE_SWEEPS - 1
        for layer in graph.layers if sweep % 2 == 0 else graph.layers[::-1]:
            wish = {}
            for item in layer:
                near = (
                    graph.above[item] + graph.below[item]
                    if last
                    else (graph.above[item] if sweep % 2 == 0 else graph.below[item])
                )
                wish[item] = _mean((x[other] for other in near), x[item])
            _place(layer, wish, graph, x)
    left = min(x[item] - graph.widths[item] / 2 for layer in graph.layers for item in layer)
    return [value - left + MARGIN for value in x]


def _place(layer: list[int], wish: Mapping[int, float], graph: _Layered, x: list[float]) -> None:
    """Least squares towards the wishes under minimal distances, exactly: isotonic regression by pooling.

    Subtracting the distances turns ``x[i+1] - x[i] >= gap`` into "not decreasing" (Ayer et al. 1955). Thin
    places weigh more, which keeps long edges straight.
    """
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + (graph.widths[left] + graph.widths[right]) / 2 + _gap(left, right, graph))
    pools: list[tuple[float, float, int]] = []
    for item, offset in zip(layer, offsets, strict=True):
        value, weight, count = wish[item] - offset, 4.0 if item >= graph.real else 1.0, 1
        while pools and pools[-1][0] > value:
            other, other_weight, other_count = pools.pop()
            value = (value * weight + other * other_weight) / (weight + other_weight)
            weight += other_weight
            count += other_count
        pools.append((value, weight, count))
    values = [value for value, _, count in pools for _ in range(count)]
    for item, value, offset in zip(layer, values, offsets, strict=True):
        x[item] = value + offset


def _gap(left: int, right: int, graph: _Layered) -> float:
    return NODE_GAP if left < graph.real and right < graph.real else NODE_GAP / 2


def _bands(graph: _Layered, heights: list[float]) -> list[tuple[float, float]]:
    bands, top = [], MARGIN
    for layer in graph.layers:
        high = max((heights[item] for item in layer if item < graph.real), default=0.0)
        bands.append((top, top + high))
        top += high + LAYER_GAP
    return bands


def _boxes(graph: _Layered, x: list[float], bands: list[tuple[float, float]], heights: list[float]) -> list[Box]:
    boxes = []
    for item in range(graph.real):
        top, bottom = bands[graph.rank[item]]
        high, wide = heights[item], graph.widths[item]
        boxes.append(Box(x[item] - wide / 2, (top + bottom - high) / 2, wide, high))
    return boxes


def _points(
    way: list[int], graph: _Layered, x: list[float], bands: list[tuple[float, float]], boxes: list[Box]
) -> tuple[Point, ...]:
    start, end = boxes[way[0]], boxes[way[-1]]
    points: list[Point] = [(x[way[0]], start.y + start.height)]
    for step, item in enumerate(way[1:-1], start=graph.rank[way[0]] + 1):
        top, bottom = bands[step]
        _curve(points, (x[item], top))
        _straight(points, (x[item], bottom))
    _curve(points, (x[way[-1]], end.y))
    return tuple(points)


def _curve(points: list[Point], to: Point) -> None:
    (x, y), middle = points[-1], (points[-1][1] + to[1]) / 2
    points += [(x, middle), (to[0], middle), to] if y < to[1] else [(x, y), to, to]


def _straight(points: list[Point], to: Point) -> None:
    points += [points[-1], to, to]
