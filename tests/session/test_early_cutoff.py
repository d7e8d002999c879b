"""A changed node that gives an equal value stops the wave, in the same run; only what rests on another value runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, ran, slow

from helix_jupyter import Session

Opener = Callable[..., Session]
JOBS = pytest.mark.parametrize("jobs", [1, 2])


@JOBS
def test_of_several_outputs_only_the_one_that_changed_goes_on(session: Session, jobs: int) -> None:
    session.declare(slow("low, high = 1, 2"), ["low", "high"], name="pair")
    session.declare(slow("below_low = low + 1"), ["below_low"])
    session.declare(slow("below_high = high + 1"), ["below_high"])
    session.declare(slow("both = below_low + below_high"), ["both"])
    session.run()
    session.declare(slow("low, high = 2 - 1, 3"), ["low", "high"], name="pair")
    assert ran(session.run(jobs=jobs)) == {
        "pair": "compute",
        "below_low": "load",
        "below_high": "compute",
        "both": "compute",
    }
    assert session["both"] == 6


@JOBS
def test_a_diamond_of_which_one_side_gives_an_equal_value(session: Session, jobs: int) -> None:
    session.declare(slow("top = 4"), ["top"])
    session.declare(slow("sign = top > 0"), ["sign"])
    session.declare(slow("root = top ** 0.5"), ["root"])
    session.declare(slow("below_sign = not sign"), ["below_sign"])
    session.declare(slow("bottom = (sign, root)"), ["bottom"])
    session.run()
    session.declare(slow("top = 9"), ["top"])
    version = session.run(jobs=jobs)
    assert computed(version) == ["top", "sign", "root", "bottom"]
    assert ran(version)["below_sign"] == "load"
    assert session["bottom"] == (True, 3.0)


def test_a_diamond_of_which_both_sides_give_equal_values(session: Session) -> None:
    session.declare(slow("top = 4"), ["top"])
    session.declare(slow("left = top > 0"), ["left"])
    session.declare(slow("right = top < 100"), ["right"])
    session.declare(slow("bottom = left and right"), ["bottom"])
    session.run()
    session.declare(slow("top = 5"), ["top"])
    assert ran(session.run()) == {"top": "compute", "left": "compute", "right": "compute", "bottom": "load"}


@pytest.mark.parametrize("restart", [False, True])
def test_a_refactored_helper_of_equal_value(opened: Opener, restart: bool) -> None:
    session = opened()
    for body in ("[x for x in values if x]", "list(filter(None, values))"):
        define(session.namespace, f"def keep(values):\n    return {body}")
        session.declare(slow("kept = keep([0, 1, 2])"), ["kept"])
        session.declare(slow("total = sum(kept)"), ["total"])
        session.declare(slow("last = total * 2"), ["last"])
        version = session.run()
        if restart:
            session.close()
            session = opened()
    assert ran(version) == {"kept": "compute", "total": "prune", "last": "load"}


def test_a_refactored_local_module_of_equal_value(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (folder / "refactored.py").write_text("def keep(values):\n    return [x for x in values if x]\n")
    try:
        define(session.namespace, "import refactored")
        session.declare(slow("kept = refactored.keep([0, 1, 2])"), ["kept"])
        session.declare(slow("total = sum(kept)"), ["total"])
        session.run()
        (folder / "refactored.py").write_text("def keep(values):\n    return list(filter(None, values))\n")
        importlib.reload(sys.modules["refactored"])
        assert ran(session.run()) == {"kept": "compute", "total": "load"}
    finally:
        sys.modules.pop("refactored", None)


def test_a_file_of_other_bytes_and_equal_values(session: Session, folder: Path) -> None:
    """The file is read again since its content changed; nothing behind its reader runs."""
    path = folder / "data.csv"
    path.write_text("a,b\n1,2\n")
    session.declare(slow(f"import pandas as pd\nrows = pd.read_csv({str(path)!r})"), ["rows"])
    session.declare(slow("total = int(rows['a'].sum())"), ["total"])
    session.declare(slow("last = total + 1"), ["last"])
    session.run()
    path.write_text("a,b\n1,2\n\n")
    assert ran(session.run()) == {"rows": "compute", "total": "prune", "last": "load"}
    path.write_text("a,b\n1,3\n")
    assert ran(session.run()) == {"rows": "compute", "total": "compute", "last": "load"}


def test_going_back_and_forth_computes_each_value_once(session: Session) -> None:
    session.declare(slow("below = start + 1"), ["below"])
    for number, expected in (
        (1, ["start", "below"]),
        (2, ["start", "below"]),
        (1, []),
        (2, []),
        (3, ["start", "below"]),
    ):
        session.declare(slow(f"start = {number}"), ["start"])
        assert computed(session.run()) == expected
        assert session["below"] == number + 1


def test_a_link_of_a_chain_of_equal_value(session: Session) -> None:
    session.declare(slow("x = [3, 1, 2]"), ["x"])
    session.declare(slow("x.sort()"), ["x"], update=True, name="sorted_x")
    session.declare(slow("first = x[0]"), ["first"])
    session.run()
    session.declare(slow("x = [2, 3, 1]"), ["x"])
    assert ran(session.run()) == {"x": "compute", "sorted_x": "compute", "first": "load"}


@pytest.mark.parametrize("restart", [False, True], ids=["at once", "after a restart"])
def test_a_dict_in_another_order_is_another_value(opened: Opener, restart: bool) -> None:
    """A fresh kernel shows it so, and what lists its keys gives another result."""
    session = opened()
    for first, expected in (("{'a': 1, 'b': 2}", ["a", "b"]), ("{'b': 2, 'a': 1}", ["b", "a"])):
        session.declare(slow(f"table = {first}"), ["table"])
        session.declare(slow("names = list(table)"), ["names"])
        assert computed(session.run()) == ["table", "names"]
        if restart:
            session.close()
            session = opened()
            session.declare(slow(f"table = {first}"), ["table"])
            session.declare(slow("names = list(table)"), ["names"])
            assert computed(session.run()) == []
        assert list(session["table"]) == session["names"] == expected


def test_a_node_that_moves_an_entry_of_its_input_is_told(session: Session, told: list[str]) -> None:
    session.declare("table = {'a': 1, 'b': 2}", ["table"])
    session.declare("table['a'] = table.pop('a')\nlast = list(table)[-1]", ["last"])
    session.declare("witness = list(table)", ["witness"])
    session.run()
    assert session["witness"] == ["a", "b"]
    assert any("changed its input 'table' in place" in line for line in told)


BITS = {
    "zero": ("0.0", "-0.0"),
    "zero of an array": ("np.zeros(20)", "-np.zeros(20)"),
    "zero of a column": ("pd.Series([0.0, 1.0])", "pd.Series([-0.0, 1.0])"),
    "not a number": ("math.nan", "-math.nan"),
    "not a number in a list": ("[1.0] * 20 + [math.nan]", "[1.0] * 20 + [-math.nan]"),
    "not a number in an array": ("np.full(20, np.nan)", "-np.full(20, np.nan)"),
}


@pytest.mark.parametrize(("earlier", "later"), BITS.values(), ids=BITS)
def test_numbers_of_other_bits_are_other_values(session: Session, earlier: str, later: str) -> None:
    """Equality is not the criterion: code can tell ``0.0`` from ``-0.0``, and no NaN equals itself."""
    imports = "import math, numpy as np, pandas as pd\n"
    session.declare(slow(f"{imports}number = {earlier}"), ["number"])
    session.declare(slow("import numpy as np\nsigns = np.signbit(number).any()"), ["signs"])
    session.run()
    assert not session["signs"]
    session.declare(slow(f"{imports}number = {later}"), ["number"])
    assert computed(session.run()) == ["number", "signs"]
    assert session["signs"]
    session.declare(slow(f"{imports}number = {later} if 1 else 2"), ["number"])
    assert computed(session.run()) == ["number"], "the same bits, also of a NaN, are the same value"


def test_a_captured_zero_counts_with_its_sign(session: Session) -> None:
    session.declare(slow("import math\nsign = math.copysign(1, zero)"), ["sign"])
    for zero, expected in ((0.0, 1), (-0.0, -1)):
        session.namespace["zero"] = zero
        assert computed(session.run()) == ["sign"]
        assert session["sign"] == expected
        assert computed(session.run()) == []
