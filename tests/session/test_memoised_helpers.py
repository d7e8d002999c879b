"""Helpers that are memoised: what they hold of earlier code, of files and of random numbers is no node's result."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import NOTEBOOK, Desk
from session_helpers import computed, define

from helix_jupyter import Session


def test_what_a_memoised_helper_holds_of_earlier_code_is_no_result(opened: Callable[..., Session]) -> None:
    session = opened()
    define(session.namespace, "C = 1\nimport functools\n@functools.lru_cache\ndef f(x):\n    return x + C")
    session.declare("v = f(1)", ["v"])
    session.declare("w = f(1) + 1", ["w"])
    session.run()
    assert (session["v"], session["w"]) == (2, 3)
    session.namespace["C"] = 50
    session.run()
    assert (session["v"], session["w"]) == (51, 52)


MEMO = """
import functools
K = 1
@functools.cache
def f(x): return x + K
class C:
    @functools.cache
    def g(self, x): return x + K
"""


@pytest.mark.parametrize("node", ["value = memo.f(1) + memo.C().g(1)", "from memo import f\nvalue = 2 * f(1)"])
def test_so_it_is_in_a_module(desk: Desk, opened: Callable[..., Session], node: str) -> None:
    desk.write({"memo.py": MEMO})
    session = opened()
    define(session.namespace, "import memo")
    session.declare(node, ["value"])
    session.run()
    assert session["value"] == 4
    define(session.namespace, "memo.K = 50")
    session.run()
    assert session["value"] == 102


def test_a_memoised_helper_that_stayed_the_same_keeps_what_it_holds(opened: Callable[..., Session]) -> None:
    session = opened()
    define(session.namespace, "import functools\n@functools.lru_cache\ndef f(x):\n    return x + 1")
    session.declare("v = f(1)", ["v"])
    session.declare("w = f(1) + 1", ["w"])
    session.run()
    assert session.namespace["f"].cache_info().hits == 1


def test_what_a_memoised_helper_gave_while_a_node_had_changed_a_constant_is_no_result(
    opened: Callable[..., Session],
) -> None:
    session = opened()
    source = "C = [1]\nimport functools\n@functools.lru_cache\ndef f(x):\n    return x + len(C)"
    define(session.namespace, source)
    session.declare("C.append(1)\nv = f(2)", ["v"])
    session.declare("w = f(2)", ["w"])
    session.run()
    assert (session["v"], session["w"]) == (4, 3)


def test_a_full_cache_is_told_from_another_by_how_often_it_was_filled(
    desk: Desk, opened: Callable[..., Session]
) -> None:
    source = "import functools\ncalls = []\n@functools.cache\ndef f(x):\n    return x + 1\n"
    desk.write({"full.py": source})
    session = opened()
    define(session.namespace, "import full\nfrom full import f")
    session.declare("v = sum(f(x) for x in range(100))", ["v"])
    session.declare("w = sum(f(x) for x in range(101))", ["w"])
    session.run()
    f = session.namespace["f"]
    assert (f.cache_info().misses, f.cache_info().hits) == (101, 100)
    session.run(force=["v", "w"])
    assert f.cache_info().misses == 101  # what nodes filled stays
    f(1000)  # a plain cell fills it, too
    session.run(force=["v"])
    assert f.cache_info().currsize == 100


def test_a_cache_that_a_node_brings_into_a_module_while_a_run_is_underway_is_known(
    desk: Desk, opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    source = "import functools\n@functools.cache\ndef f():\n    return open('d.txt').read()\n"
    desk.write({"afresh.py": source})
    (desk.folder / "d.txt").write_text("one")
    session = opened()
    define(session.namespace, "import afresh, importlib\nfrom afresh import f")
    session.declare("v = afresh.f()", ["v"])
    session.declare("importlib.reload(afresh)\nw = afresh.f()", ["w"])
    session.declare("x = afresh.f()", ["x"])
    session.run()
    (desk.folder / "d.txt").write_text("two")
    session.run()
    assert (session["v"], session["w"], session["x"]) == ("two", "two", "two")


MEMORY = """import joblib
memory = joblib.Memory('kept', verbose=0)
def g(x): return x + 1
def beside(x): return x
@memory.cache{}
def f(x): return g(x)
"""


def test_a_function_that_is_cached_on_disk_is_its_code_and_not_its_place(
    opened: Callable[..., Session], folder: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    monkeypatch.chdir(folder)
    session = opened()
    define(session.namespace, MEMORY.format(""))
    session.declare("v = f(1) + f(2)", ["v"])
    session.declare("w = f(1) - f(2)", ["w"])
    assert computed(session.run()) == ["v", "w"]
    (line,) = [line for line in told if "nothing says" in line]
    assert re.search(r"reads kept/\.\.\./[^/]*/metadata\.json \(and \d more\), which node 'v' writes", line)
    for edit in (("", ""), ("return x\n", "return -x  # how\n"), ("'kept'", "'elsewhere'")):
        define(session.namespace, MEMORY.format("").replace(*edit))
        assert computed(session.run()) == []
    define(session.namespace, MEMORY.format("").replace("x + 1", "x + 5"))
    assert session.why("v").reasons == ("helper `g` changed (called by `f`)",)
    assert computed(session.run()) == ["v", "w"]
    assert (session["v"], session["w"]) == (13, -1)
    define(session.namespace, MEMORY.format("(mmap_mode='r')").replace("x + 1", "x + 5"))
    assert session.why("v").reasons == ("helper `f` changed",)


READ = "return open('d.csv').read()"
FROM_A_FILE = {
    "cache": f"@functools.cache\ndef load():\n    {READ}\n",
    "method": f"class L:\n    @functools.lru_cache\n    def load(self):\n        {READ}\nload = L().load\n",
    "instance": f"class L:\n    @functools.cache\n    def read(self):\n        {READ}\n"
    "one = L()\ndef load(): return one.read()\n",
    "static": f"class L:\n    @staticmethod\n    @functools.cache\n    def read():\n        {READ}\n"
    "def load(): return L.read()\n",
    "property": (
        f"class L:\n    @functools.cached_property\n    def text(self):\n        {READ}\n"
        "one = L()\ndef load():\n    return one.text\n"
    ),
    "variable": "@functools.cache\ndef load():\n    return os.environ['HELIX_TEST']\n",
}


@pytest.mark.parametrize(
    ("source", "place"),
    [
        pytest.param(source, place, id=f"{name}-{place}")
        for name, source in FROM_A_FILE.items()
        for place in ("notebook", "module", "its name", "two hops")
        if name != "property" or place == "notebook"  # an instance that a module keeps: docs/limits.md
    ],
)
@pytest.mark.parametrize("restarts", [True, False], ids=["restart", "same kernel"])
def test_what_a_memoised_helper_read_outside_is_known_of_every_node_that_uses_it(
    desk: Desk, source: str, place: str, restarts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    source = f"import functools, os\n{source}"
    notebook = {
        "notebook": source,
        "module": "from memo_loads import load",
        "its name": "import memo_loads as m\ndef load(): return m.load()",
        "two hops": "from memo_hop import load",
    }[place]
    nodes = {"length": "length = len(load())", "text": "text = 'it says ' + load()"}
    hop = "import memo_loads as loads\ndef load(): return loads.load()\n"
    texts = {NOTEBOOK: notebook, "memo_loads.py": source, "memo_hop.py": hop, **nodes}
    if place != "notebook":
        texts[NOTEBOOK] += "\nload()"  # a plain cell fills it first
    for content, expected in (("one", {3, "it says one"}), ("three", {5, "it says three"})):
        monkeypatch.setenv("HELIX_TEST", content)
        (desk.folder / "d.csv").write_text(content)
        if restarts or content == "one":
            session = desk.opened(texts)
        session.run()
        assert {session["length"], session["text"]} == expected
    assert computed(session.run()) == []


def test_random_numbers_of_a_memoised_helper_are_those_of_the_node_that_draws(opened: Callable[..., Session]) -> None:
    session = opened()
    define(session.namespace, "import functools, random\n@functools.cache\ndef draw():\n    return random.random()")
    session.declare("one = draw()", ["one"])
    session.declare("two = draw()", ["two"])
    session.run()
    together = session["one"], session["two"]
    again = opened(policy="none")
    define(again.namespace, "import functools, random\n@functools.cache\ndef draw():\n    return random.random()")
    again.declare("two = draw()", ["two"])
    again.declare("one = draw()", ["one"])
    again.run(force=["one", "two"])
    assert (again["one"], again["two"]) == together
