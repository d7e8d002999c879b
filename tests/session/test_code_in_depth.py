"""Edits of what a node's code reaches, each followed by a restart: a real one is seen, any other computes nothing.

Every way to a helper is tried with the same helper, so that the same edits have the same effects.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from desk import NOTEBOOK, Desk, Texts
from session_helpers import computed, define

from helix_jupyter import Session

UTILS = """
LIMIT = 3
OTHER = 4
def scale(x): return x * LIMIT
def other(x): return x + OTHER
"""
MODULES = {
    "utils.py": UTILS,
    "pack/__init__.py": "from .public import *\nfrom . import sub",
    "pack/public.py": "from utils import scale\n__all__ = ['scale']",
    "pack/sub/__init__.py": "",
    "pack/sub/deep.py": "from ..public import scale\ndef reach(x): return scale(x)",
    "choose.py": "try:\n    from no_such_module import pick\nexcept ImportError:\n    from utils import scale as pick",
    "lazy.py": "def __getattr__(name):\n    import utils\n    return getattr(utils, name)",
    "ring.py": "import ring2\ndef first(x): return ring2.second(x)",
    "ring2.py": "import ring, utils\ndef second(x): return utils.scale(x) if x else ring.first(x)",
    "plugs.py": "import importlib\ndef call(name, x): return importlib.import_module(name[1:]).scale(x)",
    "table.py": "import utils\nT = {}\ndef add(f): T[f.__name__] = f\nadd(utils.scale)\ndef go(n, x): return T[n](x)",
    "spaces/part.py": "import utils\ndef reach(x): return utils.scale(x)",
    "src/inner.py": "import utils\ndef reach(x): return utils.scale(x)",
    **{f"hop{n}.py": f"import hop{n + 1}\ndef go(x): return hop{n + 1}.go(x)" for n in range(8)},
    "hop8.py": "from utils import scale as go",
}
# what a plain cell runs, and the node's code: always utils.scale(1)
WAYS: dict[str, tuple[str, str]] = {
    "module": ("import utils", "value = utils.scale(1)"),
    "name": ("from utils import scale", "value = scale(1)"),
    "star": ("from utils import *", "value = scale(1)"),
    "another name": ("from utils import scale as s", "value = s(1)"),
    "helper": ("import utils\ndef f(x): return utils.scale(x)", "value = f(1)"),
    "import in a helper": ("def f(x):\n    from utils import scale\n    return scale(x)", "value = f(1)"),
    "module in a helper": ("def f(x):\n    import utils\n    return utils.scale(x)", "value = f(1)"),
    "module in the cell": ("", "import utils\nvalue = utils.scale(1)"),
    "alias in the cell": ("", "import utils as u\nvalue = u.scale(1)"),
    "name in the cell": ("", "from utils import scale\nvalue = scale(1)"),
    "import in the cell's function": ("", "def f(x):\n    from utils import scale\n    return scale(x)\nvalue = f(1)"),
    "partial": ("import functools, utils\nf = functools.partial(utils.scale, 1)", "value = f()"),
    "getattr in the notebook": ("import utils\nf = getattr(utils, 'sca' + 'le')", "value = f(1)"),
    "registry in the notebook": ("import utils\nR = {'scale': utils.scale}", "value = R['scale'](1)"),
    "closure": ("import utils\ndef make(g):\n    return lambda x: g(x)\nf = make(utils.scale)", "value = f(1)"),
    "default": ("import utils\ndef f(x, g=utils.scale): return g(x)", "value = f(1)"),
    "keyword default": ("import utils\ndef f(x, *, g=utils.scale): return g(x)", "value = f(1)"),
    "attribute of a class": ("import utils\nclass C:\n    g = staticmethod(utils.scale)", "value = C.g(1)"),
    "instance": ("import utils\nclass C:\n    def __init__(self, g): self.g = g\nc = C(utils.scale)", "value = c.g(1)"),
    "import_module": ("import importlib\nutils = importlib.import_module('utils')", "value = utils.scale(1)"),
    "package": ("import pack", "value = pack.scale(1)"),
    "name of a package": ("from pack import scale", "value = scale(1)"),
    "package in the cell": ("", "import pack\nvalue = pack.scale(1)"),
    "name of a package in the cell": ("", "from pack import scale\nvalue = scale(1)"),
    "star of a package in the cell": ("", "from pack import *\nvalue = scale(1)"),
    "relative": ("from pack.sub.deep import reach", "value = reach(1)"),
    "relative in the cell": ("", "from pack.sub.deep import reach\nvalue = reach(1)"),
    "submodule": ("import pack.sub.deep", "value = pack.sub.deep.reach(1)"),
    "submodule in the cell": ("", "import pack.sub.deep\nvalue = pack.sub.deep.reach(1)"),
    "submodule by name in the cell": ("", "from pack.sub import deep\nvalue = deep.reach(1)"),
    "conditional": ("import choose", "value = choose.pick(1)"),
    "conditional in the cell": ("", "import choose\nvalue = choose.pick(1)"),
    "cycle": ("import ring", "value = ring.first(1)"),
    "cycle in the cell": ("", "import ring\nvalue = ring.first(1)"),
    "registry of a module": ("import table", "value = table.go('scale', 1)"),
    "registry of a module in the cell": ("", "import table\nvalue = table.go('scale', 1)"),
    "namespace package": ("import spaces.part", "value = spaces.part.reach(1)"),
    "namespace package in the cell": ("", "import spaces.part\nvalue = spaces.part.reach(1)"),
    "src folder": ("import inner", "value = inner.reach(1)"),
    "src folder in the cell": ("", "import inner\nvalue = inner.reach(1)"),
    "many hops": ("import hop0", "value = hop0.go(1)"),
    "many hops in the cell": ("", "import hop0\nvalue = hop0.go(1)"),
    "computed relative": (
        "import importlib\ndef f(n): return importlib.import_module(n, 'pack.sub').reach(1)",
        "value = f('.deep')",
    ),
    "thread": (
        "import utils, concurrent.futures as c",
        "with c.ThreadPoolExecutor(1) as pool:\n    value = pool.submit(utils.scale, 1).result()",
    ),
}
# the same where a module is used in ways that only running it tells: then all of it counts
OPEN_WAYS: dict[str, tuple[str, str]] = {
    "getattr": ("import utils", "value = getattr(utils, 'sca' + 'le')(1)"),
    "getattr in the cell": ("", "import utils\nvalue = getattr(utils, 'sca' + 'le')(1)"),
    "vars in the cell": ("", "import utils\nvalue = vars(utils)['scale'](1)"),
    "eval in the cell": ("", "import utils\nvalue = eval('utils.scale(1)')"),
    "magic in the cell": ("", "import utils\nget_ipython = lambda: None\nvalue = utils.scale(1)"),
    "lazy attribute": ("import lazy", "value = lazy.scale(1)"),
    "lazy attribute in the cell": ("", "import lazy\nvalue = lazy.scale(1)"),
    "import_module in the cell": ("", "import importlib\nvalue = importlib.import_module('utils').scale(1)"),
    "__import__ in the cell": ("", "value = __import__('utils').scale(1)"),
    "import_module in a helper": (
        "import importlib\ndef f(x): return importlib.import_module('utils').scale(x)",
        "value = f(1)",
    ),
    "import_module by name in a helper": (
        "from importlib import import_module\ndef f(x): return import_module('utils').scale(x)",
        "value = f(1)",
    ),
    "computed in the cell": ("", "import importlib\nvalue = importlib.import_module('xutils'[1:]).scale(1)"),
    "computed in a helper": (
        "from importlib import import_module\nNAME = 'utils'\ndef f(x): return import_module(NAME).scale(x)",
        "value = f(1)",
    ),
    "computed, of what is loaded": (
        "import utils, importlib\ndef f(n, x): return importlib.import_module(n).scale(x)",
        "value = f('utils', 1)",
    ),
    "computed __import__ of what is loaded": (
        "import utils\ndef f(n): return __import__(n).scale(1)",
        "value = f('utils')",
    ),
    "computed beside a name": (
        "",
        "from utils import LIMIT\nimport importlib\nvalue = importlib.import_module('xutils'[1:]).scale(1)",
    ),
    "plug-ins": ("import plugs", "value = plugs.call('xutils', 1)"),
    "plug-ins in the cell": ("", "import plugs\nvalue = plugs.call('xutils', 1)"),
    "exec": ("", "exec('import utils; value = utils.scale(1)', s := {})\nvalue = s['value']"),
    "unpickled": (
        "import utils, pickle\nDATA = pickle.dumps(utils.scale)",
        "import pickle\nvalue = pickle.loads(DATA)(1)",
    ),
    "loaded by path": (
        "",
        "import importlib.util as u\nspec = u.spec_from_file_location('any', FOLDER + '/utils.py')\n"
        "m = u.module_from_spec(spec)\nspec.loader.exec_module(m)\nvalue = m.scale(1)",
    ),
}


OWN_NAMES = re.compile(r"\b(f|g|c|C|R|s|m|spec|make|DATA|NAME|value)\b")


def node_of(way: str) -> str:
    return "by_" + re.sub(r"\W+", "_", way)


def texts_of(ways: dict[str, tuple[str, str]], folder: Path) -> Texts:
    """All ways as one notebook, each with names of its own: a plain cell, and one node for each."""
    texts = {NOTEBOOK: "", **MODULES}
    for way, (notebook, cell) in ways.items():
        node = node_of(way)
        notebook, cell = (
            OWN_NAMES.sub(lambda name, node=node: node if name[1] == "value" else f"{name[1]}_{node}", text)
            for text in (notebook, cell.replace("FOLDER", repr(str(folder))))
        )
        texts[NOTEBOOK] += notebook + "\n"
        texts[node] = f"way = {way!r}\n{cell}"  # else equal cells would run once
    return texts


def edit(texts: Texts, old: str, new: str) -> Texts:
    """The texts with one passage of utils replaced."""
    assert old in texts["utils.py"]
    return texts | {"utils.py": texts["utils.py"].replace(old, new)}


@pytest.mark.parametrize("is_loaded", [True, False], ids=["loaded by the notebook", "imported by the node"])
def test_an_edit_of_what_is_used_counts_and_no_other(desk: Desk, is_loaded: bool) -> None:
    ways = {way: texts for way, texts in (WAYS | OPEN_WAYS).items() if bool(texts[0]) is is_loaded}
    texts = texts_of(ways, desk.folder)
    everything = desk.nodes(texts)
    assert desk.restart(texts) == (everything, {3})
    assert desk.restart(edit(texts, "LIMIT = 3", "LIMIT = 3  # why\n")) == (set(), {3}), "a comment"
    constant = edit(texts, "LIMIT = 3", "LIMIT = 30")
    assert desk.restart(constant) == (everything, {30}), "a constant"
    assert desk.restart(edit(constant, "x * LIMIT", "x * LIMIT + 1")) == (everything, {31}), "a body"
    assert desk.restart(texts) == (set(), {3}), "back"
    # what is not certain to be unused counts
    whole = set(map(node_of, ways.keys() & OPEN_WAYS.keys()))
    assert desk.restart(edit(texts, "x + OTHER", "x - OTHER")) == (whole, {3}), "another function"


@pytest.mark.parametrize(
    "notebook",
    ["", "def helper():\n    import colorsys\n    return colorsys.rgb_to_hsv(1, 1, 1)[0]"],
    ids=["cell", "helper"],
)
def test_a_file_of_the_project_that_takes_the_place_of_a_module_of_pythons_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, notebook: str
) -> None:
    cell = "value = helper()" if notebook else "import colorsys\nvalue = colorsys.rgb_to_hsv(1, 1, 1)[0]"
    texts = {NOTEBOOK: notebook, "value": cell}
    own = texts | {"colorsys.py": "def rgb_to_hsv(*color): return [7]"}
    for now, expected in (
        (texts, ({"value"}, {0.0})),
        (own, ({"value"}, {7})),
        (own, (set(), {7})),
        (texts, (set(), {0.0})),
    ):
        monkeypatch.delitem(sys.modules, "colorsys", raising=False)
        for path in desk.folder.glob("colorsys.py"):
            path.unlink()
        assert desk.restart(now) == expected


def test_redun_99_a_constant_two_imports_deep_is_seen(desk: Desk) -> None:
    texts = {
        "first.py": "import second\ndef go(): return second.go()",
        "second.py": "from third import K\ndef go(): return K",
    }
    for notebook, cell in (("import first", "value = first.go()"), ("", "import first\nvalue = first.go()")):
        for constant, expected in ((1, {"value"}), (1, set()), (2, {"value"})):
            now = {NOTEBOOK: notebook, "value": cell, "third.py": f"K = {constant}", **texts}
            assert desk.restart(now) == (expected, {constant})


@pytest.mark.parametrize(
    ("statement", "use"),
    [
        pytest.param("import deep.inner as P", "P.used", id="module as a name"),
        pytest.param("import deep.inner", "deep.inner.used", id="dotted module"),
        pytest.param("from deep import inner", "inner.used", id="module of a package"),
        pytest.param("from deep.inner import used, unused", "used", id="names"),
        pytest.param("from deep.inner import unused as u, used as v", "(lambda x: v(x))", id="closed over"),
    ],
)
def test_of_an_import_inside_a_function_counts_what_it_uses(desk: Desk, statement: str, use: str) -> None:
    inner = "def used(x): return x + 1\ndef unused(x): return x + {}\nprint({})"
    texts = {
        NOTEBOOK: f"def f(x):\n    {statement}\n    return {use}(x)",
        "deep/__init__.py": "",
        "deep/inner.py": inner.format(1, 1),
        "value": "value = f(1)",
    }
    desk.restart(texts)
    assert desk.restart({**texts, "deep/inner.py": inner.format(2, 1)}) == (set(), {2})
    assert desk.restart({**texts, "deep/inner.py": inner.format(2, 2)})[0] == {"value"}, "what acts on import counts"
    assert desk.restart({**texts, "deep/inner.py": inner.format(2, 2).replace("+ 1", "+ 7")}) == ({"value"}, {8})


def test_a_function_that_looks_its_imports_up_by_text_counts_them_whole(desk: Desk) -> None:
    texts = {
        NOTEBOOK: "def f(x):\n    from deep import used\n    return eval('us' + 'ed')(x)",
        "deep.py": "def used(x): return x + 1",
        "value": "value = f(1)",
    }
    desk.restart(texts)
    assert desk.restart({**texts, "deep.py": "def used(x): return x + 2"}) == ({"value"}, {3})


def test_a_table_of_functions_that_were_defined_again_is_the_same_table(session: Session) -> None:
    """Somebody runs a helper's cell once more, with another comment, and not the table's."""
    space = session.namespace
    define(space, "K = 1\ndef f(x, n=[1]):\n    return x + K\nTABLE = {'f': f}\nf.self = f")
    session.declare("value = TABLE['f'](1)", ["value"])
    assert computed(session.run()) == ["value"]
    define(space, "def f(x, n=[1]):\n    # why\n    return x + K\nf.self = f")
    assert computed(session.run()) == []
    define(space, "K = 2")
    assert computed(session.run()) == ["value"]
    assert session["value"] == 3
    for source in ("def f(x, n=[1]):\n    return x - K", "def f(x, n=[2]):\n    return x + K"):
        define(space, source)
        session.run()
        assert session["value"] == 3, "the table holds the earlier one"
    define(space, "TABLE = {'f': f}\nK = 5")
    assert computed(session.run()) == ["value"]
    assert session["value"] == 6


ORDERS = {
    "constant": ("K = {'a': 1, 'b': 2}", "K = {'b': 2, 'a': 1}", "value = tuple(K)"),
    "instance": (
        "from types import SimpleNamespace\nK = SimpleNamespace(a=1, b=2)",
        "from types import SimpleNamespace\nK = SimpleNamespace(b=2, a=1)",
        "value = tuple(vars(K))",
    ),
    "class": (
        "class K:\n    a = 1\n    b = 2",
        "class K:\n    b = 2\n    a = 1",
        "value = tuple(name for name in vars(K) if name in 'ab')",
    ),
    "class of an instance": (
        "class C:\n    a = 1\n    b = 2\nK = C()",
        "class C:\n    b = 2\n    a = 1\nK = C()",
        "value = tuple(name for name in vars(type(K)) if name in 'ab')",
    ),
}


@pytest.mark.parametrize(("before", "after", "cell"), ORDERS.values(), ids=ORDERS.keys())
def test_the_order_that_code_sees_counts(desk: Desk, before: str, after: str, cell: str) -> None:
    assert desk.restart({NOTEBOOK: before, "value": cell}) == ({"value"}, {("a", "b")})
    assert desk.restart({NOTEBOOK: after, "value": cell}) == ({"value"}, {("b", "a")})
    assert desk.restart({NOTEBOOK: before, "value": cell}) == (set(), {("a", "b")})


@pytest.mark.parametrize(
    ("notebook", "node", "first", "second"),
    [
        pytest.param("f = lambda x: x\nf.__name__ = {!r}", "value = f.__name__", "q95", "p95", id="function"),
        pytest.param(
            "import typing\nU = typing.NewType('U', {})", "value = U.__supertype__(1)", "int", "str", id="type"
        ),
    ],
)
def test_names_and_types_that_were_given_count(
    session: Session, notebook: str, node: str, first: str, second: str
) -> None:
    values = []
    for given in (first, second):
        define(session.namespace, notebook.format(given))
        session.declare(f"import time\ntime.sleep(0.03)\n{node}", ["value"])
        assert computed(session.run()) == ["value"]
        values.append(session["value"])
        define(session.namespace, notebook.format(given))
        assert computed(session.run()) == []
    assert values == (["q95", "p95"] if first == "q95" else [1, "1"])


def test_what_is_registered_with_an_abstract_class_counts(session: Session) -> None:
    define(session.namespace, "from abc import ABC\nclass A(ABC): pass\nclass B: pass")
    session.declare("import time\ntime.sleep(0.03)\nvalue = isinstance(B(), A)", ["value"])
    session.run()
    define(session.namespace, "A.register(B)")
    assert computed(session.run()) == ["value"]
    assert session["value"] is True
    assert computed(session.run()) == []


def test_of_a_module_chosen_at_run_time_is_said_that_it_or_what_it_imports_changed(desk: Desk) -> None:
    texts = {
        "chosen.py": "import behind\ndef f():\n    return behind.g()",
        "behind.py": "def g():\n    return 1",
        "value": "import importlib\nvalue = importlib.import_module('xchosen'[1:]).f()",
    }
    desk.restart(texts)
    session = desk.opened(texts | {"behind.py": "def g():\n    return 2"})
    assert session.why("value").reasons == ("chosen.py, or what it imports, changed",)
