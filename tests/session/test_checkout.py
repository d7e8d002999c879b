"""Checkout: a version's declarations, functions and constants come back; its values by loading."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed, UnknownVersion

Opener = Callable[..., Session]


def test_a_version_comes_back_with_its_values(session: Session, told: list[str]) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow("rows = [10]"), ["rows"])
    session.remove("doubled")
    session.declare("other = 1", ["other"])
    session.run()
    assert session.checkout(1).id == 1
    assert told == ["version 1 has no node 'other'. Run its cell to have it back."]
    assert list(session.declarations) == ["rows", "total", "doubled"]
    version = session.run()
    assert computed(version) == []
    assert version.parent == 1
    assert session["doubled"] == 12


def test_functions_and_constants_come_back(session: Session) -> None:
    define(session.namespace, "K = 3\ndef helper(x):\n    return x * K")
    session.declare(slow("value = helper(2)"), ["value"])
    session.run()
    define(session.namespace, "K = 5\ndef helper(x):\n    return x + K")
    session.run()
    assert session["value"] == 7
    session.checkout(1)
    assert session.namespace["K"] == 3
    assert session.namespace["helper"](2) == 6
    assert computed(session.run()) == []
    assert session["value"] == 6
    session.checkout(2)
    assert computed(session.run()) == []
    assert session["value"] == 7


CAPTURES = [
    pytest.param("import math", "math.floor(2.5)", 2, id="module"),
    pytest.param("import os.path as p", "p.basename('a/b')", "b", id="module under a name"),
    pytest.param("import os.path", "os.path.basename('a/b')", "b", id="submodule"),
    pytest.param("from math import floor as f", "f(2.5)", 2, id="function under a name"),
    pytest.param("import numpy as np\ngrid = np.arange(4)", "int(np.sum(grid))", 6, id="array"),
    pytest.param("import collections\nP = collections.namedtuple('P', 'x')\np = P(3)", "p.x", 3, id="namedtuple"),
    pytest.param("class A:\n    k = 3\nclass B(A):\n    pass", "B().k", 3, id="class and its base"),
    pytest.param("def outer(x):\n    return inner(x)\ndef inner(x):\n    return x + 1", "outer(2)", 3, id="helpers"),
    pytest.param("f = lambda x: x + 1", "f(2)", 3, id="lambda"),
    pytest.param("import functools\ng = functools.partial(int, base=2)", "g('11')", 3, id="partial"),
    pytest.param(
        "import functools\n@functools.lru_cache\ndef cached(x):\n    return x + 1", "cached(2)", 3, id="decorated"
    ),
    pytest.param(
        "def loud(f):\n    def g(x):\n        return f(x) + 1\n    return g\n@loud\ndef h(x):\n    return x",
        "h(2)",
        3,
        id="own decorator",
    ),
    pytest.param("TEXT = 'a' * 5000", "len(TEXT)", 5000, id="long text"),
    pytest.param("D = {'a': (1, {2, 3}), 'b': [None, 1.5]}", "len(D)", 2, id="nested literal"),
    pytest.param("import enum\nclass Color(enum.Enum):\n    RED = 3", "Color.RED.value", 3, id="enum"),
    pytest.param(
        "import dataclasses\n@dataclasses.dataclass\nclass Point:\n    x: int = 3", "Point().x", 3, id="dataclass"
    ),
    pytest.param("nan = float('nan')\ninf = float('inf')", "str(nan) + str(inf)", "naninf", id="nan"),
]


@pytest.mark.parametrize(("setup", "code", "expected"), CAPTURES)
def test_a_fresh_notebook_gets_back_what_a_version_captured(
    opened: Opener, told: list[str], setup: str, code: str, expected: object
) -> None:
    first = opened()
    define(first.namespace, setup)
    first.declare(slow(f"value = {code}"), ["value"])
    first.run()
    first.close()
    second = opened()
    second.checkout(1)
    assert told == []
    assert computed(second.run()) == []
    assert second["value"] == expected
    second.declare(slow(f"value = [{code}]"), ["value"])
    assert second.run().status == "done"
    assert second["value"] == [expected]


def test_what_cannot_be_kept_is_named_and_the_rest_comes_back(opened: Opener, told: list[str]) -> None:
    first = opened()
    define(first.namespace, "import threading\nlock = threading.Lock()\nK = 3")
    first.declare(slow("with lock:\n    value = K"), ["value"])
    first.run()
    first.close()
    second = opened()
    second.checkout(1)
    assert second.namespace["K"] == 3
    (line,) = told
    assert "'lock'" in line
    assert "\n" not in line


def test_what_of_the_notebooks_own_is_replaced_is_named(session: Session, told: list[str]) -> None:
    define(session.namespace, "K, SAME = 3, 4\ndef helper(x):\n    return x * K")
    session.declare(slow("value = helper(SAME)"), ["value"])
    session.run()
    define(session.namespace, "K = 5\ndef helper(x):\n    return x * K  # the same")
    session.checkout(1)
    assert told == ["version 1 replaced the notebook's own 'K'. Run its cell to have yours back."]


def _write_module(file: Path, text: str) -> None:
    """Write it, and forget the module in memory, as a restart does."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    for name in [name for name in sys.modules if name.partition(".")[0] == "checkedout"]:
        del sys.modules[name]
    importlib.invalidate_caches()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from checkedout.deep import half\nvalue = half(8)", id="import in the cell"),
        pytest.param("value = checkedout.deep.half(8)", id="module of the notebook"),
    ],
)
def test_checkout_names_local_modules_that_differ_and_a_run_computes_with_todays(
    opened: Opener, folder: Path, told: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    deep = folder / "checkedout" / "deep.py"
    _write_module(folder / "checkedout" / "__init__.py", "")

    def start(text: str, before: Session | None = None) -> Session:
        if before is not None:
            before.close()
        _write_module(deep, text)
        session = opened()
        define(session.namespace, "import checkedout.deep")
        return session

    session = start("def half(x):\n    return x / 2\n")
    session.declare(slow(code), ["value"])
    session.run()
    again = start("def half(x):\n    # the same\n    return x / 2\n", session)
    again.checkout(1)
    assert told == []
    assert computed(again.run()) == []
    edited = start("def half(x):\n    return x // 2\n", again)
    edited.checkout(1)
    (line,) = told
    assert line.startswith("version 1 ran other code of checkedout.deep than there is today.")
    assert computed(edited.run()) == ["value"]
    assert repr(edited["value"]) == "4"
    reverted = start("def half(x):\n    return x / 2\n", edited)
    told.clear()
    reverted.checkout(1)
    assert told == []
    assert computed(reverted.run()) == []
    assert repr(reverted["value"]) == "4.0"
    gone = opened()
    _write_module(deep, "")
    deep.unlink()
    gone.checkout(1)
    assert any("ran other code of checkedout.deep" in line for line in told)


def test_options_come_back(opened: Opener, folder: object) -> None:
    first = opened()
    first.declare("import random\nvalue = random.random()", ["value"], seed=5, watch=["*.txt"], group="g")
    first.declare("scores = {'a': value}", ["scores"], metrics=True)
    first.declare("import time\nnow = time.time()", ["now"], volatile=True)
    first.declare("a, b = 1, 2", ["a", "b"], name="pair")
    first.declare("x = [1]", ["x"])
    first.declare("x.append(2)", ["x"], update=True)
    first.run()
    before = dict(first.declarations)
    first.close()
    second = opened()
    second.checkout(1)
    assert dict(second.declarations) == before
    assert list(second.declarations) == list(before)


def test_a_failed_version_can_be_checked_out(session: Session) -> None:
    session.declare("a = 1", ["a"])
    session.declare("b = a / 0", ["b"])
    with pytest.raises(NodeFailed):
        session.run()
    session.declare("b = a", ["b"])
    session.run()
    session.checkout(1)
    assert session.declarations["b"].code == "b = a / 0"


def test_an_unknown_version_changes_nothing(session: Session) -> None:
    declare_chain(session)
    session.run()
    with pytest.raises(UnknownVersion):
        session.checkout(9)
    assert computed(session.run()) == []


def test_checkout_takes_stale_names_out_of_the_notebook(session: Session) -> None:
    session.declare("a = 1", ["a"])
    session.run()
    session.declare("b = 2", ["b"])
    session.run()
    session.checkout(1)
    assert "b" not in session.namespace


def test_branches_keep_their_parents(session: Session) -> None:
    session.declare("a = 1", ["a"])
    session.run()
    session.declare("a = 2", ["a"])
    session.run()
    session.checkout(1)
    session.declare("a = 3", ["a"])
    assert session.run().parent == 1


def test_a_restart_with_chain_links_is_checked_out_in_order(opened: Opener) -> None:
    first = opened()
    first.declare(slow("x = [0]"), ["x"])
    first.declare(slow("early = list(x)"), ["early"])
    first.declare(slow("x.append(1)"), ["x"], update=True)
    first.declare(slow("late = list(x)"), ["late"])
    first.run()
    first.close()
    second = opened()
    second.checkout(1)
    version = second.run()
    assert computed(version) == []
    assert (second["early"], second["late"]) == ([0], [0, 1])
    assert ran(version)["early"] == "load"
