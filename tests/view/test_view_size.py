"""How much a picture adds to a saved notebook, whatever is drawn."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from urllib.parse import unquote

import pytest

from helix_jupyter.view.render import mimebundle
from helix_jupyter.view.routes import straightened
from helix_jupyter.view.types import Dag

# how far above a node those are that it reads: near and far ones, one that all read, ten and fifty for each node
CROWDS = {
    "apart": (200, ()),
    "near": (200, (1, 3)),
    "far": (200, (1, 97, 199)),
    "one for all": (200, (1, None)),
    "ten each": (200, tuple(range(1, 11))),
    "few, all of all": (60, tuple(range(1, 60))),
    "a great many": (2000, (1, 7, 12)),
    "too many": (20_000, ()),
}


@pytest.mark.parametrize("with_dot", [True, False], ids=["dot", "layers"])
@pytest.mark.parametrize("crowd", CROWDS)
def test_whatever_is_drawn_a_saved_notebook_grows_by_less_than_200_kb(
    crowd: str, with_dot: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if with_dot and shutil.which("dot") is None:
        pytest.skip("dot is not installed")
    monkeypatch.setattr("helix_jupyter.view.layout.shutil.which", lambda _: "dot" if with_dot else None)
    count, reads = CROWDS[crowd]
    names = [f"a_name_that_is_long_{at}" for at in range(count)]
    ends = {(0 if by is None else at - by, at) for at in range(count) for by in reads if at >= (by or 1)}
    node = {
        "outputs": [], "state": "compute", "reason": "", "seconds": 1.0, "compute_seconds": 1.0, "bytes": 5,
        "group": None, "code": "", "place": None, "update": False, "metrics": False, "value": "fresh", "last": None,
        "status": "",
    }  # fmt: skip
    edges = [{"parent": names[a], "child": names[b], "names": [], "chain": False} for a, b in sorted(ends)]
    nodes = [dict(node, name=name) for name in names]
    large = Dag({"format": 1, "nodes": nodes, "edges": edges, "plan": None, "version": None})
    saved = json.dumps(mimebundle(large))
    assert len(saved) < 200_000
    assert ("<img" in saved) == (count < 10_000), "there is a picture, unless there are too many even for dots"
    if crowd in ("apart", "near"):
        assert "compute 1.0 s" in unquote(saved), "with its words"


def test_ways_lose_the_points_that_a_straight_line_needs_not() -> None:
    down = [(10.0, float(y)) for y in range(0, 100, 10)]
    pieces = [point for before, after in pairwise(down) for point in (before, after, after)]
    assert straightened((down[0], *pieces)) == (down[0], down[0], down[-1], down[-1])
    bent = (*pieces, (10.0, 120.0), (60.0, 100.0), (60.0, 130.0))
    assert straightened((down[0], *bent)) == (down[0], down[0], down[-1], down[-1], *bent[-3:])
    # to the side by more each time: never farther than a pixel from the line
    slanted = [(10.0 + (y / 10) ** 2 / 4, float(y)) for y in range(0, 100, 10)]
    kept = straightened((slanted[0], *(p for a, b in pairwise(slanted) for p in (a, b, b))))[::3]
    assert (slanted[0], slanted[-1]) == (kept[0], kept[-1])
    assert 3 < len(kept) < len(slanted)
    for x, y in slanted:
        (ax, ay), (bx, by) = next((a, b) for a, b in pairwise(kept) if a[1] <= y <= b[1])
        assert abs(ax + (bx - ax) * (y - ay) / (by - ay) - x) <= 1
