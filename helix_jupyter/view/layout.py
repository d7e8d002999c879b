"""From a graph to coordinates: the one layout that the static SVG, the widget and the JupyterLab panel draw.

Deterministic: the same graph is laid out the same way each time.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from helix_jupyter.view.places import Layout
from helix_jupyter.view.routes import straightened

# dot's network simplex has no time limit, and what it takes grows with the layers that edges lead through: a second for
# these many and minutes for ten times as many, whatever the number of nodes. The layered layout is the safe answer then
DOT_LIMIT = 3_000

_log = logging.getLogger("helix_jupyter")


def lay_out(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    sizes: Mapping[str, tuple[float, float]],
    use_dot: bool | None = None,
) -> Layout:
    """Lay out an acyclic graph; what was laid out a moment ago is remembered, as one difference is drawn thrice.

    Parameters
    ----------
    nodes
        In topological order.
    edges
        ``(parent, child)`` pairs, no pair twice.
    sizes
        Width and height of each node's box.
    use_dot
        None: if Graphviz' ``dot`` is installed and the graph is not too large for it.
    """
    if use_dot is None:
        from helix_jupyter.view.layers import layers_crossed

        is_there = len(nodes) > 1 and shutil.which("dot") is not None
        use_dot = is_there and layers_crossed(nodes, edges) <= DOT_LIMIT
    return _laid_out(tuple(nodes), tuple(edges), tuple(sizes.items()), use_dot)


@lru_cache(maxsize=16)
def _laid_out(
    nodes: tuple[str, ...],
    edges: tuple[tuple[str, str], ...],
    listed: tuple[tuple[str, tuple[float, float]], ...],
    use_dot: bool,
) -> Layout:
    found = _placed(nodes, edges, dict(listed), use_dot)
    return replace(found, routes=tuple(replace(one, points=straightened(one.points)) for one in found.routes))


def _placed(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], sizes: Mapping[str, tuple[float, float]], use_dot: bool
) -> Layout:
    if use_dot:
        # imported when asked for: each is a tool of its own, of which a picture needs one
        from helix_jupyter.view.dot import lay_out_with_dot

        try:
            return lay_out_with_dot(nodes, edges, sizes)
        except Exception as problem:  # whatever is wrong with someone's Graphviz, the picture is still drawn
            _log.info("dot failed (%s); using the layered layout", problem)
    from helix_jupyter.view.layers import lay_out_in_layers

    return lay_out_in_layers(nodes, edges, sizes)
