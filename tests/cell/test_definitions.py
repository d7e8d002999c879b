"""Two texts of a cell, and the names that stand for something else in the second."""

from __future__ import annotations

import pytest

from helix_jupyter.cell.definitions import definitions
from helix_jupyter.errors import CellSyntaxError

TIMED = "get_ipython().run_cell_magic('time', '', {!r})"
CASES = {
    "a constant": ("BINS = 10", "BINS = 12", {"BINS"}),
    "only its name": ("BINS = 10\nSIZE = 3", "BINS = 10\nSIZE = 4", {"SIZE"}),
    "comments and formatting": (
        "BINS=10 # ten\ndef f(x):\n  'doc'\n  return x",
        "def f(x):\n    return (x)\nBINS = 10",
        set(),
    ),
    "what a function does": ("def f(x): return x", "def f(x): return x + 1", {"f"}),
    "a rename": ("def f(): pass", "def g(): pass", {"f", "g"}),
    "removed": ("BINS = 10\nSIZE = 3", "BINS = 10", {"SIZE"}),
    "all removed": ("BINS = 10", "", {"BINS"}),
    "what rests on it in the cell": ("n = 1\nm = n + 1\nk = 3", "n = 2\nm = n + 1\nk = 3", {"n", "m"}),
    "not what was made before": ("n = 1\nm = n\nn = 2", "n = 1\nm = n\nn = 3", {"n"}),
    "changed in place": ("d = {}\nd['a'] = 1\nd.update(b=2)", "d = {}\nd['a'] = 1\nd.update(b=3)", {"d"}),
    "of another cell, changed in place": ("rules.append('a')", "rules.append('b')", {"rules"}),
    "added to": ("n = 1\nn += 1", "n = 1\nn += 2", {"n"}),
    "in a branch": ("n = 1\nif big: n = 2", "n = 0\nif big: n = 2", {"n"}),
    "several at once": ("a, b = 1, 2\nc = d = 3", "a, b = 1, 3\nc = d = 3", {"a", "b"}),
    "one value under two names": ("c = d = 3", "c = d = 4", {"c", "d"}),
    "a function under two names": ("def f(): return 1\ng = f", "def f(): return 2\ng = f", {"f", "g"}),
    "a loop": ("for i in range(3): pass", "for i in range(4): pass", {"i"}),
    "a class": ("class A:\n    x = 1", "class A:\n    x = 2", {"A"}),
    "an import": ("import numpy as np\nimport os", "import cupy as np\nimport os", {"np"}),
    "all of a module": ("from m import *\nx = 1", "from k import *\nx = 1", {"m.*", "k.*"}),
    "all of a module, and what reads it": (
        "from m import *\nx = f(1)",
        "from k import *\nx = f(1)",
        {"m.*", "k.*", "x"},
    ),
    "deleted": ("x = 1\ny = x", "x = 1\ny = x\ndel x", {"x"}),
    "only shown": ("x = 1\nprint(x)\nx", "x = 1\nprint(x, x)", set()),
    "a statement of a magic": ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", "x = 1", set()),
    "timed": (TIMED.format("x = 1  # one\ny = 2"), TIMED.format("x = 1\ny = 3"), {"y"}),
    "timed or not": (TIMED.format("x = 1\ny = 2"), "x = 1\ny = 2", set()),
    "timed in a line": ("get_ipython().run_line_magic('time', 'x = 1')", "x = 2", {"x"}),
    "a shell's output": ("a = get_ipython().getoutput('ls')", "a = get_ipython().getoutput('ls -l')", {"a"}),
}


@pytest.mark.parametrize(("before", "after", "names"), CASES.values(), ids=CASES.keys())
def test_names_that_stand_for_something_else(before: str, after: str, names: set[str]) -> None:
    one, other = definitions(before), definitions(after)
    assert {name for name in {*one, *other} if one.get(name) != other.get(name)} == names


@pytest.mark.parametrize("code", ["x = (", "return 1", "x = \0"])
def test_what_does_not_compile_is_told(code: str) -> None:
    with pytest.raises(CellSyntaxError):
        definitions(code)


def test_a_long_sum_is_read() -> None:
    assert definitions("x = " + " + ".join(["1"] * 700)).keys() == {"x"}
