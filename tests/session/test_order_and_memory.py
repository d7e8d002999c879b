"""Where memory is short: the order of a run, what it lets go of meanwhile, and what stays in memory between runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from session_helpers import computed, ran, slow

from helix_jupyter import Session, State
from helix_jupyter.view.progress import Progress

Opener = Callable[..., Session]


class Order(Progress):
    """Notes the nodes in the order in which they were begun."""

    def __init__(self, nodes: list[str]) -> None:
        super().__init__()
        self._nodes = nodes

    def node(self, name: str, state: State) -> None:
        self._nodes.append(name)


def declare_fan(session: Session, base: int) -> None:
    """In order of place: a source, all wide features, then what sums each of them up."""
    session.declare(f"base = {base}", ["base"])
    for number in range(4):
        session.declare(f"wide{number} = bytes([base + {number}]) * 1_000_000", [f"wide{number}"])
    for number in range(4):
        session.declare(f"narrow{number} = wide{number}[0]", [f"narrow{number}"])


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        ("1GB", ["wide0", "wide1", "wide2", "wide3", "narrow0", "narrow1", "narrow2", "narrow3"]),
        ("2MB", ["wide0", "narrow0", "wide1", "narrow1", "wide2", "narrow2", "wide3", "narrow3"]),
    ],
)
def test_branches_are_finished_one_by_one_where_memory_is_short(
    opened: Opener, memory: str, expected: list[str]
) -> None:
    begun: list[str] = []
    session = opened(policy="none", memory=memory, progress=lambda: Order(begun))
    declare_fan(session, 0)
    session.run()  # sizes are known now
    begun.clear()
    declare_fan(session, 7)
    session.run()
    assert begun == ["base", *expected]
    assert session.get("narrow0", "narrow3") == (7, 10)


def test_what_is_needed_last_is_let_go_of_and_mapped_again(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(policy="all", memory="2500kB")
    loads: list[str] = []
    load, write = session.store.load, session.store.write

    def noting(digest: str) -> Any:
        loads.append(digest)
        return load(digest)

    def writing(*arguments: Any, **options: Any) -> Any:
        pending = write(*arguments, **options)
        pending.wait()  # so that all that was made before is written by then
        return pending

    monkeypatch.setattr(session.store, "load", noting)
    monkeypatch.setattr(session.store, "write", writing)
    for number in range(3):
        session.declare(slow(f"part{number} = bytes([{number}]) * 1_000_000"), [f"part{number}"])
    session.declare(slow("first = part1[0] + part2[0]"), ["first"])
    session.declare("total = (part0[0], part1[0], part2[0], first)", ["total"])
    version = session.run(["total"])
    assert len(computed(version)) == 5
    assert session["total"] == (0, 1, 2, 3)
    assert len(loads) == 1  # part0: needed last, and written by then
    assert session._bench.memory.used_bytes <= 2_500_000


def test_what_is_dear_to_make_stays_in_memory(opened: Opener) -> None:
    """By what it saves, not by when it was used."""
    session = opened(policy="none", memory="2500kB")
    session.declare("import time\ntime.sleep(0.5)\ndear = bytes(1_000_000)", ["dear"])
    for number in range(4):
        session.declare(f"cheap{number} = bytes([{number}]) * 1_000_000", [f"cheap{number}"])
    session.declare("n = len(dear) + len(cheap0) + len(cheap1) + len(cheap2) + len(cheap3)", ["n"])
    session.run()
    session.declare("n = 1 + len(dear) + len(cheap0) + len(cheap1) + len(cheap2) + len(cheap3)", ["n"])
    version = session.run()
    assert ran(version)["dear"] == "load"
    assert session["n"] == 5_000_001


def test_what_the_store_has_goes_before_what_it_has_not(opened: Opener) -> None:
    session = opened(policy="none", memory="2500kB")
    session.declare("import time\ntime.sleep(0.3)\nstored = bytes(1_000_000)", ["stored"])
    session.pin("stored")
    session.declare("import time\ntime.sleep(0.1)\nmade = bytes([1]) * 1_000_000", ["made"])
    session.run()
    session.flush()
    session.declare("other = bytes([2]) * 1_000_000", ["other"])
    session.run()
    assert session._bench.memory.used_bytes <= 2_500_000
    session.declare("n = len(stored) + len(made)", ["n"])
    version = session.run(["n"])
    assert ran(version) | {"other": ""} == {"stored": "load", "made": "load", "other": "", "n": "compute"}


def test_a_view_counts_once_beside_what_it_is_a_view_of(opened: Opener) -> None:
    session = opened(policy="none", memory="1GB")
    session.declare("import numpy as np\nwhole = np.ones(1_000_000)", ["whole"])
    session.declare("part = whole[10:]", ["part"])
    session.run()
    assert session._bench.memory.used_bytes < 8_100_000


def test_frames_that_share_columns_count_them_once(opened: Opener) -> None:
    session = opened(policy="none", memory="1GB")
    session.declare("import numpy as np, pandas as pd\nraw = pd.DataFrame({'v': np.ones(1_000_000)})", ["raw"])
    session.declare("named = raw.rename(columns={'v': 'w'})", ["named"])
    session.run()
    assert session._bench.memory.used_bytes < 8_100_000


def test_a_small_view_of_a_large_array_weighs_the_array(opened: Opener) -> None:
    session = opened(policy="none", memory="4MB")
    session.declare("import numpy as np\nview = np.ones(1_000_000)[:10_000]", ["view"])
    session.run()
    assert session._bench.memory.used_bytes == 0


def test_a_value_changed_in_memory_is_not_taken(opened: Opener) -> None:
    session = opened(policy="none", memory="2MB")
    session.declare(slow("x = [1, 2]"), ["x"])
    session.run()
    session["x"].append(3)
    session.declare("n = len(x)", ["n"])
    assert computed(session.run()) == ["x", "n"]
    assert session["n"] == 2
