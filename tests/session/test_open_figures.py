"""Figures that nodes leave open in pyplot: no other node finds them, computed or loaded alike."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed

PYPLOT = "import matplotlib.pyplot as plt"
LEAVES = slow("figure = plt.figure()\nplt.plot([1, 2])\nleft = len(plt.get_fignums())")
FINDS = slow("found = (len(plt.get_fignums()), len(plt.gcf().axes), left)")

pytestmark = pytest.mark.usefixtures("no_figures")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_node_starts_without_the_figures_of_others(opened: Callable[..., Session], jobs: int) -> None:
    session = opened()
    define(session.namespace, PYPLOT)
    session.declare(LEAVES, ["left"])
    session.declare(FINDS, ["found"])
    assert computed(session.run(jobs=jobs)) == ["left", "found"]
    assert session["found"] == (0, 0, 1)
    session.close()
    session = opened()
    define(session.namespace, PYPLOT)
    session.declare(LEAVES, ["left"])
    session.declare(f"{FINDS} + (1,)", ["found"])
    assert computed(session.run(jobs=jobs)) == ["found"]
    assert session["found"] == (0, 0, 1, 1)
    audit = session.run(audit=1, jobs=jobs).audit
    assert audit is not None
    assert [row.outcome for row in audit.rows] == ["same", "same"]


def test_a_failed_node_leaves_none_either(session: Session) -> None:
    import matplotlib.pyplot as plt

    define(session.namespace, PYPLOT)
    session.declare("plt.figure()\nx = 1 / 0", ["x"])
    with pytest.raises(NodeFailed, match="ZeroDivisionError"):
        session.run()
    assert plt.get_fignums() == []


def test_the_notebooks_own_figures_stay_open_and_what_a_node_gives_can_be_saved(
    session: Session, tmp_path: Path
) -> None:
    import matplotlib.pyplot as plt

    define(session.namespace, PYPLOT)
    own = plt.figure()
    session.declare("drawn = plt.figure()\nplt.plot([1, 2])", ["drawn"])
    session.run()
    assert plt.get_fignums() == [own.number]
    session["drawn"].savefig(tmp_path / "drawn.png")
    assert (tmp_path / "drawn.png").stat().st_size > 0


def test_windows_stay_open(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as plt

    monkeypatch.syspath_prepend(str(folder))
    (folder / "windows.py").write_text("from matplotlib.backends.backend_agg import *\nFigureCanvas = FigureCanvasAgg")
    plt.switch_backend("module://windows")
    define(session.namespace, PYPLOT)
    session.declare(LEAVES, ["left"])
    session.run()
    assert len(plt.get_fignums()) == 1
    sys.modules.pop("windows", None)
