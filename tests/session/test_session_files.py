"""Files and local modules that nodes read are inputs by themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed

Opener = Callable[..., Session]

READERS = [
    pytest.param("value = open(PATH).read()", id="open"),
    pytest.param("from pathlib import Path\nvalue = Path(PATH).read_text()", id="pathlib"),
    pytest.param("import pandas as pd\nvalue = pd.read_csv(PATH, header=None).to_csv()", id="pandas"),
    pytest.param("import os\nf = os.open(PATH, os.O_RDONLY)\nvalue = os.read(f, 99)\nos.close(f)", id="os.open"),
    pytest.param("import numpy as np\nvalue = np.loadtxt(PATH, delimiter=',').sum()", id="numpy"),
    pytest.param("import csv\nwith open(PATH, newline='') as f:\n    value = list(csv.reader(f))", id="csv"),
]


def write(path: Path, text: str) -> None:
    """Write, with a time of change that differs from any before."""
    earlier = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    newer = max(path.stat().st_mtime_ns, earlier + 10_000_000) - 10**10
    os.utime(path, ns=(newer, max(newer, earlier + 10_000_000)))


@pytest.mark.parametrize("code", READERS)
def test_a_file_that_a_node_reads_is_an_input(session: Session, folder: Path, code: str) -> None:
    path = folder / "data.csv"
    write(path, "1,2\n")
    session.declare(code.replace("PATH", repr(str(path))), ["value"])
    first = session.run()
    assert computed(first) == ["value"]
    assert computed(session.run()) == []
    before = session["value"]
    write(path, "1,3\n")
    version = session.run()
    assert computed(version) == ["value"]
    assert "data.csv changed" in version.nodes["value"].reason
    assert session["value"] != before


@pytest.mark.parametrize("code", READERS)
def test_a_touched_file_is_the_same_file(session: Session, folder: Path, code: str) -> None:
    path = folder / "data.csv"
    write(path, "1,2\n")
    session.declare(code.replace("PATH", repr(str(path))), ["value"])
    session.run()
    write(path, "1,2\n")
    assert computed(session.run()) == []


def test_a_file_that_vanishes_makes_the_node_run(session: Session, folder: Path) -> None:
    path = folder / "data.csv"
    write(path, "1")
    session.declare(f"value = open({str(path)!r}).read()", ["value"])
    session.run()
    path.unlink()
    with pytest.raises(NodeFailed, match="FileNotFoundError"):
        session.run()
    write(path, "1")
    assert computed(session.run()) == []


def test_a_file_that_appears_makes_the_node_run(session: Session, folder: Path) -> None:
    path = folder / "maybe.txt"
    code = f"try:\n    value = open({str(path)!r}).read()\nexcept FileNotFoundError:\n    value = 'none'"
    session.declare(code, ["value"])
    session.run()
    assert session["value"] == "none"
    write(path, "there")
    session.run()
    assert session["value"] == "there"


def test_a_file_changed_back_is_loaded(session: Session, folder: Path) -> None:
    path = folder / "data.csv"
    session.declare(f"value = open({str(path)!r}).read()", ["value"])
    for text, expected in (("1", ["value"]), ("2", ["value"]), ("1", [])):
        write(path, text)
        assert computed(session.run()) == expected
        assert session["value"] == text


def test_a_file_read_through_a_captured_path(session: Session, folder: Path) -> None:
    path = folder / "data.csv"
    write(path, "1")
    define(session.namespace, f"PATH = {str(path)!r}\ndef read(): return open(PATH).read()")
    session.declare("value = read()", ["value"])
    session.run()
    write(path, "2")
    session.run()
    assert session["value"] == "2"


def test_a_relative_path_starts_beside_the_notebook(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    write(folder / "data.csv", "1")
    session.declare("value = open('data.csv').read()", ["value"])
    session.run()
    write(folder / "data.csv", "2")
    session.run()
    assert session["value"] == "2"


def test_a_change_of_equal_size_within_the_same_second_is_seen(session: Session, folder: Path) -> None:
    path = folder / "data.csv"
    path.write_text("a")
    session.declare(f"value = open({str(path)!r}).read()", ["value"])
    session.run()
    for text in "bcdef":
        path.write_text(text)
        session.run()
        assert session["value"] == text


def test_a_file_that_a_node_writes_and_reads_back_is_no_input(session: Session, folder: Path) -> None:
    path = folder / "scratch.txt"
    session.declare(f"open({str(path)!r}, 'w').write('x')\nvalue = open({str(path)!r}).read()", ["value"])
    session.run()
    session.run()
    assert computed(session.run()) == []


def test_a_node_downstream_of_a_file_is_cut_off_if_the_value_is_the_same(session: Session, folder: Path) -> None:
    path = folder / "data.csv"
    write(path, "1,2\n")
    session.declare(f"rows = [int(x) for x in open({str(path)!r}).read().split(',')]", ["rows"])
    session.declare(slow("total = sum(rows)"), ["total"])
    session.run()
    write(path, "1, 2\n")
    assert computed(session.run()) == ["rows"]


def test_watch_names_what_cannot_be_seen(session: Session, folder: Path) -> None:
    path = folder / "hidden.bin"
    write(path, "1")
    session.declare("value = 1", ["value"], watch=["hidden.bin"])
    session.run()
    assert computed(session.run()) == []
    write(path, "2")
    assert computed(session.run()) == ["value"]


def test_watch_takes_a_pattern(session: Session, folder: Path) -> None:
    write(folder / "a.bin", "1")
    session.declare("value = 1", ["value"], watch="*.bin")
    session.run()
    write(folder / "b.bin", "1")
    assert computed(session.run()) == ["value"]


def test_a_stored_parquet_file_is_seen(session: Session, folder: Path) -> None:
    import pandas as pd

    path = folder / "data.parquet"
    pd.DataFrame({"v": [1]}).to_parquet(path)
    session.declare(f"import pandas as pd\nvalue = int(pd.read_parquet({str(path)!r})['v'].sum())", ["value"])
    session.run()
    pd.DataFrame({"v": [2]}).to_parquet(path)
    session.run()
    assert session["value"] == 2


def test_a_folder_that_is_listed_is_an_input(session: Session, folder: Path) -> None:
    data = folder / "parts"
    data.mkdir()
    write(data / "a.txt", "1")
    session.declare(
        f"from pathlib import Path\nvalue = sum(int(p.read_text()) for p in sorted(Path({str(data)!r}).glob('*.txt')))",
        ["value"],
    )
    session.run()
    write(data / "b.txt", "10")
    session.run()
    assert session["value"] == 11


@pytest.fixture
def module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes local modules beside the notebook; what was imported is forgotten at the end."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)

    def write_module(name: str, text: str) -> None:
        write(folder / f"{name}.py", text)

    yield write_module
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


def test_joblib_1621_an_edit_two_imports_deep_is_seen(session: Session, module: Callable[..., None]) -> None:
    import importlib

    module("deep_h", "def inc(x): return x + 1\n")
    module("deep_g", "import deep_h\ndef twice(x): return deep_h.inc(deep_h.inc(x))\n")
    define(session.namespace, "import deep_g")
    session.declare("value = deep_g.twice(0)", ["value"])
    session.run()
    assert session["value"] == 2
    module("deep_h", "def inc(x): return x + 10\n")
    importlib.reload(sys.modules["deep_h"])
    session.run()
    assert session["value"] == 20


def test_a_local_module_imported_inside_the_cell_counts(opened: Opener, module: Callable[..., None]) -> None:
    module("inside_m", "FACTOR = 2\ndef scale(x): return x * FACTOR\n")
    for factor, expected in ((2, 6), (2, 6), (5, 15)):
        module("inside_m", f"FACTOR = {factor}\ndef scale(x): return x * FACTOR\n")
        sys.modules.pop("inside_m", None)
        session = opened()
        session.declare("import inside_m\nvalue = inside_m.scale(3)", ["value"])
        session.run()
        assert session["value"] == expected
        session.close()


def test_a_member_that_is_not_used_does_not_count(session: Session, module: Callable[..., None]) -> None:
    import importlib

    module("partly", "def used(x): return x + 1\ndef unused(x): return 1\n")
    define(session.namespace, "import partly")
    session.declare("value = partly.used(0)", ["value"])
    session.run()
    module("partly", "def used(x): return x + 1\ndef unused(x): return 2\n")
    importlib.reload(sys.modules["partly"])
    assert computed(session.run()) == []


def test_ipython_11588_a_class_reloaded_is_recognised(
    opened: Opener, module: Callable[..., None], told: list[str]
) -> None:
    import importlib

    module("drift", "class Point:\n    def __init__(self, x): self.x = x\n")
    session = opened()
    define(session.namespace, "import drift")
    session.declare(slow("point = drift.Point(3)"), ["point"])
    session.declare(slow("x = point.x"), ["x"])
    session.run()
    importlib.reload(sys.modules["drift"])
    session.run()
    assert session["x"] == 3
    session.declare("x = isinstance(point, drift.Point) and point.x + 1", ["x"])
    session.run()
    assert session["x"] == 4 or any("point" in line for line in told)


def test_a_class_that_is_gone_makes_the_node_run_again(opened: Opener, module: Callable[..., None]) -> None:
    module("gone_m", "class Point:\n    def __init__(self, x): self.x = x\n")
    first = opened()
    first.declare(slow("from gone_m import Point\npoint = Point(3)"), ["point"])
    first.declare(slow("x = point.x"), ["x"])
    first.run()
    first.close()
    module("gone_m", "class Point2:\n    def __init__(self, x): self.x = x\nPoint = None\n")
    sys.modules.pop("gone_m")
    second = opened()
    second.declare(slow("from gone_m import Point2\npoint = Point2(4)"), ["point"])
    second.declare(slow("x = point.x"), ["x"])
    second.run()
    assert second["x"] == 4


def test_a_stored_value_whose_class_is_gone_counts_as_absent(
    opened: Opener, module: Callable[..., None], told: list[str]
) -> None:
    module("lost_m", "def make():\n    class Hidden: pass\n    return Hidden\nclass Point:\n    x = 3\n")
    define_point = "import importlib\nmodule = importlib.import_module('lost' + '_m')\npoint = module.Point()"
    first = opened()
    first.declare(slow(define_point), ["point"])
    first.declare(slow("x = point.x"), ["x"])
    first.run()
    first.close()
    module("lost_m", "class Other:\n    x = 4\nPoint = Other\n")
    sys.modules.pop("lost_m")
    second = opened()
    second.declare(slow(define_point), ["point"])
    second.declare(slow("y = point.x"), ["y"])
    second.run()
    assert second["y"] in (3, 4)
