"""What a node changed of the notebook's own values is put back where it lies: whoever else holds it sees it so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed

Opener = Callable[..., Session]

HOLDER = "class Holder:\n    def __init__(self, held): self.held = held\n"
SHARED = [
    pytest.param(f"{HOLDER}x = [0]\ny = Holder(x)", "y.held.append(1)", "len(x)", "x is y.held", id="list"),
    pytest.param("x = [0]\ny = {'a': [x]}", "y['a'][0].append(1)", "len(x)", "x is y['a'][0]", id="deep"),
    pytest.param(f"{HOLDER}x = [0]\ny = Holder(x)", "y.held = [5]", "len(x), y.held", "x is y.held", id="replaced"),
    pytest.param(f"{HOLDER}x = Holder(1)\ny = [x]", "y[0].held = 2", "x.held", "x is y[0]", id="instance"),
    pytest.param(
        "from dataclasses import dataclass\n@dataclass(slots=True)\nclass P:\n    n: int\nx = P(1)\ny = (x,)",
        "y[0].n = 2",
        "x.n",
        "x is y[0]",
        id="slots",
    ),
    pytest.param(
        "from collections import OrderedDict, deque\nx = OrderedDict(a=1, b=2)\ny = deque([x], maxlen=3)",
        "y[0].move_to_end('a'); y.append(1)",
        "list(x)",
        "x is y[0] and y.maxlen == 3",
        id="collections",
    ),
    pytest.param("x = {1}\ny = [x]", "y[0].add(2)", "len(x)", "x is y[0]", id="set"),
    pytest.param("x = bytearray(b'ab')\ny = [x]", "y[0][0] = 99", "bytes(x)", "x is y[0]", id="bytes"),
    pytest.param(
        "import random\nx = random.Random(0)\ny = [x]", "y[0].random()", "x.random()", "x is y[0]", id="random"
    ),
    pytest.param(
        "import numpy as np\nx = np.random.default_rng(0)\ny = {'rng': x}",
        "y['rng'].random()",
        "x.random()",
        "x is y['rng']",
        id="generator",
    ),
    pytest.param(
        "import numpy as np\nfrom sklearn.model_selection import KFold\nx = np.random.RandomState(0)\n"
        "y = KFold(3, shuffle=True, random_state=x)",
        "list(y.split(range(12)))",
        "x.permutation(5).tolist()",
        "x is y.random_state",
        id="splitter",
    ),
    pytest.param(
        "import numpy as np\nx = np.arange(6)\ny = x[:3]", "y += 10", "x.tolist()", "np.shares_memory(x, y)", id="view"
    ),
    pytest.param(
        "import numpy as np\nx = [0]\ny = np.array([x, None], dtype=object)",
        "y[0].append(1); y[1] = 2",
        "len(x)",
        "x is y[0]",
        id="array of objects",
    ),
    pytest.param(
        "import pandas as pd\nx = pd.DataFrame({'v': [1, 2]})\ny = [x]",
        "y[0]['w'] = 5; y[0].loc[0, 'v'] = 7",
        "x.to_dict()",
        "x is y[0]",
        id="frame",
    ),
    pytest.param(
        "from sklearn.linear_model import Ridge\nx = Ridge()\ny = {'model': x}",
        "y['model'].fit([[1], [2]], [1, 2])",
        "hasattr(x, 'coef_')",
        "x is y['model']",
        id="estimator",
    ),
    pytest.param(
        "from scipy import sparse\nx = sparse.eye_array(3, format='lil')\ny = [x]",
        "y[0][0, 1] = 5",
        "float(x.sum())",
        "x is y[0]",
        id="sparse",
    ),
    pytest.param("x = [0]\nx.append(x)\ny = [x]", "y[0].append(1)", "len(x)", "x is y[0] is x[1]", id="cycle"),
]


@pytest.mark.parametrize(("notebook", "change", "read", "shared"), SHARED)
def test_who_shares_a_captured_value_that_a_node_changed_sees_it_put_back(
    opened: Opener, told: list[str], notebook: str, change: str, read: str, shared: str
) -> None:
    """In this kernel and in the next, the node that reads the other name is computed once."""
    scratch: dict[str, Any] = {}
    exec(notebook, scratch)
    exec(f"expected = {read}", scratch)
    for runs in ([["culprit", "witness"], []], [[]]):
        session = opened()
        define(session.namespace, notebook)
        session.declare(slow(f"{change}\nculprit = 1"), ["culprit"])
        session.declare(slow(f"witness = {read}"), ["witness"])
        for expected in runs:
            assert computed(session.run()) == expected
            assert session["witness"] == scratch["expected"]
        assert eval(shared, session.namespace)
        session.close()
    (line,) = [line for line in told if "in place" in line]
    assert "'y'" in line
    assert "put back" in line


@pytest.mark.parametrize(("notebook", "change", "read", "shared"), SHARED)
def test_a_name_that_no_node_read_before_is_put_back_as_well(
    session: Session, notebook: str, change: str, read: str, shared: str
) -> None:
    scratch: dict[str, Any] = {}
    exec(notebook, scratch)
    exec(f"expected = {read}", scratch)
    define(session.namespace, notebook)
    session.declare(f"{change}\nculprit = 1", ["culprit"])
    session.run()
    session.declare(f"witness = {read}", ["witness"])
    assert session["witness"] == scratch["expected"]


@pytest.mark.parametrize("policy", ["all", "none"])
def test_what_a_node_gives_of_a_captured_value_stays_as_it_gave_it(opened: Opener, policy: str) -> None:
    """Both are one object in the cell; the notebook's goes back to what it was."""
    session = opened(policy=policy)
    define(session.namespace, "x = [1]\nheld = {'x': x}")
    session.declare("x.append(2)\nvalue, box = x, [held]", ["value", "box"], name="pair")
    session.declare("total = sum(value) + sum(box[0]['x'])", ["total"])
    session.run()
    assert session.get("value", "box", "total") == ([1, 2], [{"x": [1, 2]}], 6)
    assert session.namespace["x"] == [1]
    assert session.namespace["x"] is session.namespace["held"]["x"]


def test_what_a_node_gives_and_nobody_can_copy_keeps_the_changed_value(session: Session, told: list[str]) -> None:
    define(session.namespace, "import threading\nx = [1]\nsame = x")
    session.declare("x.append(2)\nvalue = {'lock': threading.Lock(), 'x': x}", ["value"])
    session.declare("witness = len(same)", ["witness"])
    session.run()
    assert session["value"]["x"] == [1, 2]
    assert session.namespace["x"] == [1]
    assert session.namespace["same"] is session.namespace["x"]
    assert session["witness"] == 1


def test_a_value_that_takes_no_content_back_is_replaced_under_all_its_names(session: Session, told: list[str]) -> None:
    define(session.namespace, "import numpy as np\nx = np.ma.array([1, 2], mask=[0, 1])\nsame = x")
    session.declare(slow("x[0] = 9\nculprit = 1"), ["culprit"])
    session.declare(slow("witness = int(same.sum())"), ["witness"])
    assert computed(session.run()) == ["culprit", "witness"]
    assert session["witness"] == 1
    assert computed(session.run()) == []
    assert session.namespace["x"] is session.namespace["same"]


def test_where_it_stays_changed_within_another_value_that_is_told(session: Session, told: list[str]) -> None:
    define(session.namespace, "import numpy as np\nx = np.ma.array([1, 2], mask=[0, 1])\nbox = [x]")
    session.declare(slow("witness = int(box[0].sum())"), ["witness"])
    session.declare(slow("x[0] = 9\nculprit = 1"), ["culprit"])
    session.run()
    (line,) = [line for line in told if "in place" in line]
    assert "not within 'box'" in line
    assert session.namespace["witness"] == 1
    session.prepare_names(["witness"])
    assert session.namespace["witness"] == 1
    assert computed(session.run()) == ["witness"]
    assert session["witness"] == 9


def test_a_name_that_a_helper_binds_anew_is_put_back(session: Session) -> None:
    define(session.namespace, "x = [1]\ny = x\ndef f():\n    global x\n    x = [1, 2]\n    return len(x)")
    session.declare("n = f()", ["n"])
    session.run()
    assert session["n"] == 2
    assert session.namespace["x"] is session.namespace["y"]
    assert session.namespace["x"] == [1]


@pytest.mark.parametrize(
    ("notebook", "change"),
    [
        pytest.param("class C:\n    k = 1", "C.k += 1", id="class"),
        pytest.param("def f(seen=[]):\n    seen.append(1)\n    return len(seen)", "f()", id="default"),
        pytest.param("class C:\n    k = 1\nkinds = [C]", "kinds[0].k += 1", id="class held"),
    ],
)
@pytest.mark.parametrize("place", ["before", "behind"])
def test_what_stays_changed_takes_no_value_of_the_run_from_plain_cells(
    opened: Opener, notebook: str, change: str, place: str
) -> None:
    """Those that ran before the change keep what they were given; the next run computes them with what is there now."""
    reader = notebook.split()[1].split("(")[0].rstrip(":")
    for _ in range(2):
        session = opened()
        define(session.namespace, notebook)
        nodes = [(f"{change}\nculprit = {reader}.__name__", "culprit"), (f"witness = {reader}.__name__", "witness")]
        for code, name in nodes if place == "behind" else reversed(nodes):
            session.declare(slow(code), [name])
        assert session.run().status == "done"
        for name in ("culprit", "witness"):
            session.prepare_names([name])
            assert session.namespace[name] == reader
        session.close()


def test_the_value_of_the_run_is_shown_not_another_that_is_recorded_for_what_was_changed(opened: Opener) -> None:
    """An earlier kernel went on from the changed value; this one computed its own from the first."""
    seen = []
    for runs in (2, 1):
        session = opened()
        define(session.namespace, "def f(seen=[]):\n    seen.append(1)\n    return len(seen)")
        session.declare(slow("n = f()"), ["n"])
        for _ in range(runs):
            session.run(force=["n"])
            session.prepare_names(["n"])
            seen.append(session.namespace["n"])
        session.close()
    assert seen == [1, 2, 1]


def test_a_value_that_stands_behind_a_change_is_not_shown_once_its_file_is_another(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    define(session.namespace, "class C:\n    k = 1")
    with open("numbers.txt", "w") as file:
        file.write("1")
    session.declare(slow("text = open('numbers.txt').read()\nC.k += 1"), ["text"])
    session.run()
    session.prepare_names(["text"])
    assert session.namespace["text"] == "1"
    with open("numbers.txt", "w") as file:
        file.write("two")
    session.prepare_names(["text"])
    assert "text" not in session.namespace


def test_a_node_that_the_run_did_without_keeps_its_value_when_what_it_captured_stays_changed(session: Session) -> None:
    define(session.namespace, "class C:\n    k = 1")
    session.declare(slow("base = C.k"), ["base"])
    session.declare(slow("above = base + 1"), ["above"])
    session.run()
    session.declare(slow("C.k += 1\nculprit = 1"), ["culprit"])
    assert computed(session.run()) == ["culprit"]
    session.prepare_names(["base", "above"])
    assert (session.namespace["base"], session.namespace["above"]) == (1, 2)


def test_a_failing_node_that_leaves_a_change_takes_no_value_from_plain_cells(session: Session) -> None:
    define(session.namespace, "class C:\n    k = 1")
    session.declare(slow("base = C.k"), ["base"])
    session.declare(slow("C.k += 1\nculprit = 1 / 0"), ["culprit"])
    with pytest.raises(NodeFailed):
        session.run()
    session.prepare_names(["base"])
    assert session.namespace["base"] == 1


def test_a_value_that_is_another_at_each_look_is_named_and_what_the_run_made_of_it_is_bound(
    session: Session, told: list[str]
) -> None:
    define(
        session.namespace,
        "class Counting:\n    looks = 0\n    def __init__(self): self.n = 0\n"
        "    def __getstate__(self):\n        self.n += 1\n        return {'n': self.n}\nx = Counting()",
    )
    session.declare(slow("kind = type(x).__name__"), ["kind"])
    for _ in range(2):
        version = session.run()
        assert computed(version) == ["kind"]
        session.prepare_names(["kind"])
        assert session.namespace["kind"] == "Counting"
    assert "`x` is another each time it is looked at" in version.nodes["kind"].reason
    assert told == ["'x' is another each time it is looked at: nodes that use it, like 'kind', run every time."]
    define(session.namespace, "x = 1")
    assert computed(session.run()) == ["kind"]
    assert computed(session.run()) == []


@pytest.mark.parametrize(
    ("notebook", "cell"),
    [
        pytest.param(
            "import ctypes\nclass P(ctypes.Structure):\n    _fields_ = [('x', ctypes.c_int)]",
            "value = P(3).x",
            id="class",
        ),
        pytest.param(
            "import ctypes\nclass P(ctypes.Structure):\n    _fields_ = [('x', ctypes.c_int)]\np = P(3)",
            "value = p.x",
            id="instance",
        ),
    ],
)
def test_structures_of_ctypes_count_by_their_fields(opened: Opener, notebook: str, cell: str) -> None:
    for expected in (["value"], []):
        session = opened()
        define(session.namespace, notebook)
        session.declare(slow(cell), ["value"])
        assert computed(session.run()) == expected
        assert computed(session.run()) == []
        assert session["value"] == 3
        session.close()
    session = opened()
    define(session.namespace, notebook.replace("c_int", "c_long"))
    session.declare(slow(cell), ["value"])
    assert computed(session.run()) == ["value"]


SHAPES = """
class Box:
    def __init__(self, *held): self.held = held
parts = [[0]]
for kind, *places in plan:
    held = [parts[place % len(parts)] for place in places]
    parts.append({"list": held, "dict": dict(enumerate(held)), "tuple": tuple(held), "box": Box(*held)}[kind])
parts[0].append(parts[-1])
lent = parts[-1]
"""
CHANGES = """
def walk(value, seen):
    if id(value) not in seen:
        seen[id(value)] = value
        inner = value.values() if type(value) is dict else vars(value).values() if type(value) is Box else value
        for part in () if type(inner) is int else inner:
            walk(part, seen)
    return seen
found = [one for one in walk(lent, {}).values() if type(one) in (list, dict, Box)]
for number, way in changes if found else ():
    one = found[number % len(found)]
    if type(one) is Box:
        one.held, one.more = (found[way % len(found)],), way
    elif way % 3 == 0:
        one.clear()
    elif way % 3 == 1 and type(one) is list:
        one.insert(0, found[way % len(found)])
    else:
        one.update({way: found[way % len(found)]}) if type(one) is dict else one.reverse()
culprit = len(found)
"""


@given(
    plan=st.lists(
        st.tuples(st.sampled_from(["list", "dict", "tuple", "box"]), *[st.integers(0, 9)] * 3), min_size=1, max_size=6
    ),
    changes=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_node_does_to_what_it_captured_the_notebook_has_it_as_before(
    session: Session, plan: list[Any], changes: list[Any]
) -> None:
    """With who shares what with whom."""
    session.namespace["plan"] = plan
    define(session.namespace, SHAPES)
    parts, kind = session.namespace["parts"], session.namespace["Box"]
    before, objects = _told(parts, kind), list(map(id, parts))
    session.declare(f"changes = {changes}\n{CHANGES}", ["culprit"])
    session.run(force=["culprit"])
    assert _told(session.namespace["parts"], kind) == before
    assert list(map(id, parts)) == objects
    assert session.namespace["lent"] is parts[-1]


def _told(value: Any, kind: type) -> list[Any]:
    """Every object that is met, by its type and the numbers of what it holds."""
    numbers: dict[int, int] = {}
    told: list[Any] = []

    def number(one: Any) -> Any:
        if isinstance(one, int | str):
            return one
        if id(one) not in numbers:
            place = numbers[id(one)] = len(told)
            told.append(None)
            inner = vars(one) if type(one) is kind else one
            items = inner.items() if isinstance(inner, dict) else enumerate(inner)
            told[place] = type(one).__name__, [(key, number(part)) for key, part in items]
        return f"object {numbers[id(one)]}"

    number(value)
    return told
