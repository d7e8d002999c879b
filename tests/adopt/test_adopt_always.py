"""Never wrong: whatever small program is split into cells, the adopted notebook shows what the original shows."""

from __future__ import annotations

import os
import tempfile

from adopt_helpers import execute, notebook, sources
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from helix_jupyter.adopt import adopt
from helix_jupyter.errors import CannotAdopt

BEGIN = (
    "import random\nimport math",
    "a, b, c = [1], [2, 3], [4]\nn, m = 1, 2",
    "r = random.Random(0)\nrandom.seed(1)",
    "class Box:\n    def __init__(self, v):\n        self.v = v\n    def add(self, k):\n        self.v.append(k)",
    "def extended(v):\n    v.append(9)\n    return v",
    "def measured(v):\n    return len(v) + n",
    "def grows():\n    a.append(n)",
    "def counts():\n    global m\n    m = m + 1",
    "o = Box([0])",
)
END = "print('END', a, b, c, n, m, o.v)"

lists, numbers = st.sampled_from("abc"), st.sampled_from("nm")
FORMS = (
    "{x} = [{k}, {k}]",
    "{x} = {y}",
    "{x} = {y}[:]",
    "{x} = list({y})",
    "{x} = [*{y}, len({x})]",
    "{x}.append({k})",
    "{x} += [{k}]",
    "{x}[0] = {k}",
    "{x} = {x} + [{k}]",
    "print('seen', {x}, {n})",
    "{x}",
    "{n} = len({x}) + {m}",
    "{n} = {k}",
    "{n} += 1",
    "{x} = extended({y})",
    "extended({x})",
    "{n} = measured({x})",
    "grows()",
    "counts()",
    "def measured(v):\n    return len(v) * {n} + {k}",
    "for i in range(2):\n    {x}.append(i)",
    "if {n} > 2:\n    {x} = [0]",
    "{x} = [r.randrange(100)]",
    "random.seed({k})",
    "{x} = [random.randrange(100)]",
    "random.shuffle({x})",
    "o = Box({x})",
    "o.add({k})",
    "{x} = o.v",
    "{x} = [math.floor(value) for value in {y}]",
    "t = {x}\nt.append({k})",
    "pair = ({x}, {y})\npair[0].append({k})",
    "with open('kept.txt', 'w') as file:\n    file.write(str({x}))",
    "{n} = len(open(__file__).read()) if False else {n} + 1",
)


@st.composite
def _statements(draw: st.DrawFn) -> str:
    x, y = draw(lists), draw(lists)
    n, m = draw(numbers), draw(numbers)
    return draw(st.sampled_from(FORMS)).format(x=x, y=y, n=n, m=m, k=draw(st.integers(0, 9)))


cells = st.lists(_statements(), min_size=1, max_size=3).map("\n".join)


def _ends(shown: list[str]) -> list[str]:
    return [line for line in shown if line.startswith("END")]


@settings(max_examples=int(os.environ.get("ADOPT_EXAMPLES", "40")))
@example(["a = b", "a = a\nb.append(0)"])
@given(st.lists(cells, min_size=1, max_size=7))
def test_an_adopted_notebook_always_shows_what_the_original_shows(written: list[str]) -> None:
    texts = [*BEGIN, *written, END]
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            original = execute(texts)
            assume(original.error is None)
            try:
                adopted = adopt(notebook(*texts))
            except CannotAdopt:
                return  # never wrong, but not always possible
            made = sources(adopted.notebook)
            for _ in range(2):
                ran = execute(made)
                assert ran.error is None, (ran.error, made)
                # in the second run a node whose value is only loaded may show nothing
                assert _ends(ran.shown) == _ends(original.shown), made
            assert adopt(adopted.notebook).notebook == adopted.notebook
        finally:
            os.chdir(before)
