"""What plain cells set on a local module that nodes, or helpers when they run, import themselves."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed
from helix_jupyter.execute.processes import Processes

TEXT = """
import enum
from abc import ABC
from typing import Protocol
class Way(enum.Flag):
    UP = 1
    DOWN = 2
class Shape(Protocol):
    def f(self): return 1
class Below(Shape): pass
from functools import singledispatch
@singledispatch
def kind(x): return 1
class Base(ABC): pass
K = 1
LIMITS = [1]
STATE = {"k": 1}
seen = {}
def configure(k): STATE["k"] = k
def state(): return STATE["k"]
def g(): return 1
def f(): return g()
def cached(x):
    seen[x] = x
    return len(seen)
BUFFER = bytearray(b"1")
def named(*, k=1): return k
def growing(x, held=[]):
    held.append(x)
    return len(held)
class Config:
    bins = 1
    def width(self): return self.bins
    def height(self, k=1): return k
    @staticmethod
    def depth(k=1): return k
    @property
    def area(self): return 1
def width(): return Config().width()
from contextvars import ContextVar
current = ContextVar("current", default=1)
bag = ContextVar("bag", default=[1])
def context(): return current.get()
def first(): return bag.get()[0]
"""


@pytest.fixture
def module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = folder / "settable.py"
    path.write_text(TEXT)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    yield path
    sys.modules.pop("settable", None)
    Processes(2).stop()


def restart(session: Session, opened: Callable[..., Session], cell: str, node: str) -> Session:
    session.close()
    sys.modules.pop("settable", None)
    again = opened()
    define(again.namespace, cell)
    again.declare(slow(node), ["value"])
    return again


SETTINGS = {
    "constant": ("settable.K = {}", "import settable\nvalue = settable.K"),
    "constant by name": ("settable.K = {}", "from settable import K\nvalue = K"),
    "all names": ("settable.K = {}", "from settable import *\nvalue = K"),
    "through a function": ("settable.configure({})", "from settable import state\nvalue = state()"),
    "registered with a generic function": (
        "settable.kind.register(int, lambda x: {})",
        "from settable import kind\nvalue = kind(1)",
    ),
    "registered with a class": (
        "[settable.Base.register(int) for _ in range({} - 1)]",
        "from settable import Base\nvalue = 1 + isinstance(1, Base)",
    ),
    "in place": ("settable.LIMITS[0] = {}", "import settable\nvalue = settable.LIMITS[0]"),
    "attribute of a class": ("settable.Config.bins = {}", "from settable import width\nvalue = width()"),
    "method": ("settable.Config.width = lambda self: {}", "from settable import width\nvalue = width()"),
    "patched function": ("settable.g = lambda: {}", "from settable import f\nvalue = f()"),
    "what a patched function reads": ("N = {}\nsettable.g = lambda: N", "from settable import f\nvalue = f()"),
    "new name": ("settable.NEW = {}", "import settable\nvalue = getattr(settable, 'NEW', 1)"),
    "bytes in place": ("settable.BUFFER[:] = b'{}'", "import settable\nvalue = int(settable.BUFFER)"),
    "named default": ("settable.named.__kwdefaults__['k'] = {}", "from settable import named\nvalue = named()"),
    "default in place": (
        "for _ in range({}-1): settable.growing(0)",
        "from settable import growing\nvalue = len(growing.__defaults__[0]) + 1",
    ),
    "default of a method": (
        "settable.Config.height.__defaults__ = ({},)",
        "from settable import Config\nvalue = Config().height()",
    ),
    "default of a static method": (
        "settable.Config.depth.__defaults__ = ({},)",
        "from settable import Config\nvalue = Config.depth()",
    ),
    "code of a property": (
        "settable.Config.area.fget.__code__ = (lambda self: {}).__code__",
        "from settable import Config\nvalue = Config().area",
    ),
    "context variable": ("settable.current.set({})", "import settable\nvalue = settable.current.get()"),
    "context variable through a function": (
        "settable.current.set({})",
        "from settable import context\nvalue = context()",
    ),
    "context variable in place": ("settable.bag.get()[0] = {}", "from settable import first\nvalue = first()"),
    "default": ("settable.g.__code__ = (lambda: {}).__code__", "from settable import f\nvalue = f()"),
}


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(("cell", "node"), SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("is_helper", [False, True], ids=["node", "helper"])
def test_what_is_set_on_a_module_counts(
    session: Session, opened: Callable[..., Session], cell: str, node: str, is_helper: bool
) -> None:
    helper = ""
    if is_helper and "*" not in node:
        lines = node.replace("value = ", "return ").splitlines()
        helper, node = "def helper():\n" + "".join(f"    {line}\n" for line in lines), "value = helper()"
    define(session.namespace, f"import settable\n{helper}")
    session.declare(slow(node), ["value"])
    session.run()
    assert session["value"] == 1
    define(session.namespace, cell.format(2))
    assert computed(session.run()) == ["value"]
    assert session["value"] == 2
    assert computed(session.run()) == []
    session = restart(session, opened, f"import settable\n{cell.format(2)}\n{helper}", node)
    assert computed(session.run()) == [], "a fresh kernel that sets the same has the same value"
    session = restart(session, opened, helper, node)
    assert computed(session.run()) == [], "what the text gives was computed first"
    assert session["value"] == 1


@pytest.mark.usefixtures("module")
def test_what_a_node_does_not_use_may_be_set(session: Session) -> None:
    define(session.namespace, "import settable")
    session.declare(slow("from settable import state\nvalue = state()"), ["value"])
    session.run()
    define(session.namespace, "settable.K = 2\nsettable.configure(1)\nsettable.g = None")
    assert computed(session.run()) == []


@pytest.mark.usefixtures("module")
def test_what_python_leaves_on_a_class_is_nothing_that_was_set(session: Session) -> None:
    define(session.namespace, "import settable")
    session.declare(slow("from settable import Below, Way\nvalue = Below().f() + Way.UP.value"), ["value"])
    session.run()
    define(session.namespace, "settable.Below(), settable.Way.UP | settable.Way.DOWN")
    assert computed(session.run()) == []


@pytest.mark.usefixtures("module")
def test_the_reason_says_what_was_set(session: Session) -> None:
    define(session.namespace, "import settable\nsettable.K = 2")
    session.declare(slow("import settable\nvalue = settable.K"), ["value"])
    for setting, why in (
        ("3", "`settable.K` changed: 2 -> 3"),
        ("[7] * 30", f"`settable.K` changed: 3 -> {str([7] * 30)[:57]}..."),
        ("[7] * 29 + [8]", "`settable.K[29]` changed: 7 -> 8"),
    ):
        session.run()
        define(session.namespace, f"settable.K = {setting}")
        assert session.why("value").reasons[0] == why


@pytest.mark.usefixtures("module")
def test_what_a_node_leaves_behind_does_not_count(session: Session, opened: Callable[..., Session]) -> None:
    node = "from settable import cached\nvalue = cached(1)"
    session.declare(slow(node), ["value"])
    session.run()
    assert sys.modules["settable"].seen == {1: 1}
    assert computed(session.run()) == []
    session = restart(session, opened, "", node)
    assert computed(session.run()) == []


def test_an_edit_that_is_reloaded_is_nothing_that_was_set(
    session: Session, opened: Callable[..., Session], module: Path
) -> None:
    node = "import settable\nvalue = settable.f() + settable.K"
    define(session.namespace, "import settable")
    session.declare(slow(node), ["value"])
    session.run()
    module.write_text(TEXT.replace("g(): return 1", "g(): return 5"))
    importlib.reload(sys.modules["settable"])
    assert computed(session.run()) == ["value"]
    assert session["value"] == 6
    session = restart(session, opened, "", node)
    assert computed(session.run()) == []


# id: what a plain cell sets, and what nodes read
NEEDED = {
    "constant": ("settable.K = 2", "settable.K"),
    "list": ("settable.LIMITS[0] = 2", "settable.LIMITS[0]"),
    "context variable": ("settable.current.set(2)", "settable.current.get()"),
    "context variable through a function": ("settable.current.set(2)", "settable.context()"),
    "context variable in place": ("settable.bag.get()[0] = 2", "settable.first()"),
    "context variable without a digest": (
        "import threading\nsettable.current.set(threading.Lock())",
        "1 + hasattr(settable.current.get(), 'acquire')",
    ),
}


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(("cell", "read"), NEEDED.values(), ids=NEEDED)
@pytest.mark.parametrize("own_import", ["import settable\n", ""], ids=["in the node", "in the notebook"])
def test_a_node_that_needs_what_was_set_stays_in_this_process(
    session: Session, cell: str, read: str, own_import: str
) -> None:
    define(session.namespace, f"import settable\n{cell}")
    for name in ("a", "b"):
        session.declare(f"{own_import}{name} = ({read}, {name!r})", [name])
    session.run(jobs=2)
    assert (session["a"], session["b"]) == ((2, "a"), (2, "b"))


@pytest.mark.usefixtures("module")
def test_a_node_of_a_module_on_which_nothing_was_set_runs_elsewhere(session: Session) -> None:
    define(session.namespace, "import os, settable")
    for name in ("a", "b"):
        session.declare(f"{name} = (settable.K, settable.context(), settable.first(), os.getpid(), {name!r})", [name])
    session.run(jobs=2)
    for name in ("a", "b"):
        assert session[name][:3] == (1, 1, 1)
        assert session[name][3] != os.getpid()


@pytest.mark.usefixtures("module")
def test_an_import_that_fails_shows_no_frame_of_this_package(session: Session, folder: Path) -> None:
    (folder / "failing.py").write_text("1 / 0")
    session.declare("import failing\nvalue = 1", ["value"])
    with pytest.raises(NodeFailed) as raised:
        session.run()
    assert raised.value.__cause__ is not None
    files = [frame.filename for frame in traceback.extract_tb(raised.value.__cause__.__traceback__)]
    assert files[-1].endswith("failing.py")
    assert not [name for name in files if name.endswith("executions.py") or name.startswith("<frozen")]


LARGE = """
import sys
class Large:
    def __reduce__(self):
        sys.taken.append(1)
        return Large, ()
LARGE = Large()
def f(): return 1
"""


def test_values_that_no_node_uses_are_not_read_by_runs(
    session: Session, module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "taken", taken := [], raising=False)
    module.with_name("sizeable.py").write_text(LARGE)
    define(session.namespace, "import sizeable")
    session.declare(slow("from sizeable import f\nvalue = f()"), ["value"])
    taken.clear()
    session.run()
    assert computed(session.run(force=["value"])) == ["value"]
    session.run(force=["value"], jobs=2)
    assert taken == []


@pytest.mark.usefixtures("module")
def test_another_object_at_the_same_place_is_another_one(session: Session) -> None:
    session.declare(slow("import settable\nvalue = settable.LOCK.x"), ["value"])
    lock = "import settable\nclass Lock:\n    def __init__(self, x): self.x = x\n    __reduce_ex__ = None\n"
    for x in range(1, 6):
        define(session.namespace, f"{lock}settable.LOCK = None\ndel settable.LOCK\nsettable.LOCK = Lock({x})")
        assert computed(session.run()) == ["value"]
        assert session["value"] == x
        assert computed(session.run()) == []


@pytest.mark.parametrize("setting", ["settable.NEW = 2", "settable.GONE = 2"], ids=["new", "no longer in the text"])
def test_what_a_reload_leaves_alone_still_counts(
    session: Session, opened: Callable[..., Session], module: Path, setting: str
) -> None:
    name = setting.partition(".")[2].partition(" ")[0]
    node = f"import settable\nvalue = getattr(settable, '{name}', 1)"
    module.write_text(f"{TEXT}GONE = 1\n")
    define(session.namespace, "import settable")
    session.declare(slow(node), ["value"])
    session.run()
    define(session.namespace, setting)
    module.write_text(TEXT)
    importlib.reload(sys.modules["settable"])
    assert computed(session.run()) == ["value"]
    assert session["value"] == 2
    session = restart(session, opened, "", node)
    assert computed(session.run()) == ["value"]
    assert session["value"] == 1


def test_what_a_reload_gives_itself_is_nothing_that_was_set(
    session: Session, opened: Callable[..., Session], module: Path
) -> None:
    node = "import settable\nvalue = settable.K"
    define(session.namespace, "import settable")
    session.declare(slow(node), ["value"])
    session.run()
    define(session.namespace, "settable.K = 2")
    module.write_text(TEXT.replace("K = 1", "K = 2"))
    importlib.reload(sys.modules["settable"])
    session.run()
    assert session["value"] == 2
    session = restart(session, opened, "", node)
    assert computed(session.run()) == []


WRAPPED = """
import sys
from functools import partialmethod
from importlib.machinery import SourceFileLoader
owner = next(kind for kind in SourceFileLoader.__mro__ if "exec_module" in vars(kind))
original = owner.exec_module
owner.exec_module = partialmethod(original)
from helix_jupyter import Session
from helix_jupyter.plan.types import State
session = Session(".helix", policy="all")
owner.exec_module = original if sys.argv[1] == "taken away" else owner.exec_module
import settable
session.declare("import time, settable\\ntime.sleep(0.02)\\nvalue = settable.K", ["value"])
states = []
for k in (1, 1, 2, 2):
    settable.K = k
    states.append(str(session.run().states["value"]))
print(*states, session["value"])
session.close()
"""


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize("whose", ["wrapped", "taken away"])
def test_other_tools_may_have_their_way_with_imports(answer: Callable[..., str], whose: str) -> None:
    assert answer(WRAPPED, whose) == "compute load compute load 2"


@pytest.mark.parametrize("node", ["import settable\nvalue = settable.K", "value = live.K"], ids=["node", "notebook"])
@pytest.mark.parametrize(
    "setting",
    ["2", "'a' * 80", "[1, 'b', {2.5}]", "{'k': (None, True, b'c', 1j)}", "list(range(50))", "{'a': []}"],
    ids=["number", "text", "list", "table", "many", "empty"],
)
@pytest.mark.usefixtures("module")
def test_what_was_set_and_is_short_is_put_back_where_a_version_is_reproduced(
    session: Session, node: str, setting: str
) -> None:
    define(session.namespace, f"import settable\nimport settable as live\nsettable.K = {setting}")
    session.declare(slow(node), ["value"])
    session.run()
    found = session.reproduce(1)
    assert found.same, found


@pytest.mark.usefixtures("module")
def test_what_is_not_put_back_is_named(session: Session) -> None:
    define(session.namespace, "import settable\nsettable.LIMITS = [5] * 100")
    session.declare(slow("import settable\nvalue = settable.LIMITS[0]"), ["value"])
    session.run()
    (row,) = session.reproduce(1).rows
    assert not row.same
    assert row.reason == "`settable.LIMITS` had been set on its module, which is not put back"


@pytest.mark.usefixtures("module")
def test_a_version_of_which_nothing_can_run_is_reproduced_with_the_reason(session: Session) -> None:
    define(session.namespace, "import threading\nlock = threading.Lock()")
    session.declare("value = lock.locked()", ["value"])
    session.run()
    (row,) = session.reproduce(1).rows
    assert not row.same
    assert "lock" in row.reason
