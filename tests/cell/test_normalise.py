"""Canonical text: what counts, what does not, and that it always settles at once."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.cell.normalise import normalise
from helix_jupyter.errors import CellSyntaxError

CODE = """\
import numpy as np
@decorate(1)
def clean(rows, limit=0.9):
    if limit > 1:
        raise ValueError(f"{limit!r:>{8}} {'x'} too large")
    elif not limit:
        return rows
    for row in rows:
        total = {**row, "a": [1, 2, -3]}
        while total:
            break
    else:
        pass
    with open("a") as file, lock:
        return lambda *a, k=None, **b: (yield)
class Model(Base, metaclass=Meta):
    rate: float = 1e-3
    async def fit(self):
        async with self as x:
            return [y async for y in x if await y]
try:
    value = clean(rows)[1:, ::2]
except (KeyError, ValueError) as error:
    del value
finally:
    match value:
        case {"a": [x, *_], **rest} if x:
            value = x
        case _:
            value = None
model = Model().fit(value).predict(
    value,
)
model"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("x=1", "x = 1  # one", id="comment and blanks"),
        pytest.param("x = 1\n\n\ny = 2", "x = 1; y = 2", id="lines"),
        pytest.param("x = 'a'", 'x = """a"""', id="quotes"),
        pytest.param("x = (1 +\n  2)", "x = 1 + \\\n 2", id="continuation"),
        pytest.param("x = 1_000", "x = 1000", id="digits"),
        pytest.param("x = 'a' 'b'", "x = 'ab'", id="adjacent strings"),
        pytest.param("f(a, b,)", "f(a, b)", id="trailing comma"),
        pytest.param("def f():\n    'doc'\n    return 1", "def f(): return 1", id="docstring"),
        pytest.param("def f():\n    'doc'", "def f(): pass", id="nothing but a docstring"),
        pytest.param("class A:\n    'doc'\n    def f(self):\n        '''doc'''\n        1\n", "class A:\n  def f(self): ...", id="class docstring"),
        pytest.param("'note'\nx = 1", "x = 1", id="constant statement"),
        pytest.param("if a:\n    'note'\n    x = 1", "if a: x = 1", id="constant in a branch"),
        pytest.param("try:\n    x()\nexcept E:\n    'note'", "try: x()\nexcept E: pass", id="constant in a handler"),
        pytest.param("match a:\n    case 1:\n        'note'", "match a:\n  case 1: pass", id="constant in a case"),
        pytest.param("x = 1\nx;", "x = 1\nx", id="semicolon at the end"),
    ],
)  # fmt: skip
def test_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("x = 1", "x = 2", id="literal"),
        pytest.param("x = 1", "x = 1.0", id="type of a literal"),
        pytest.param("x = 1", "x = True", id="bool"),
        pytest.param("x = 'a'", "x = b'a'", id="bytes"),
        pytest.param("a - (b - c)", "a - b - c", id="parentheses that mean something"),
        pytest.param("x = 1\n'value'", "x = 1", id="the last constant is the value"),
        pytest.param("x = 1\n'value'", "x = 1\n'other'", id="another value"),
        pytest.param("if a:\n    x = 1\ny = 2", "if a:\n    x = 1\n    y = 2", id="indentation"),
        pytest.param("x = f'{a!r}'", "x = f'{a}'", id="conversion"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_canonical_text() -> None:
    assert normalise("x = {'a':1}\n# c\n'doc'\nx['a'];") == "x = {'a': 1}\nx['a']"


def test_syntax_error() -> None:
    with pytest.raises(CellSyntaxError) as caught:
        normalise("x = 1\ny = (")
    assert caught.value.line == 2


_EXPRESSIONS = st.recursive(
    st.one_of(
        st.sampled_from(["a", "b.c", "-1", "1e400", "2j", "...", "None", "b''", "f'{a!r:>{b}}'", "f'{{}}{a}\\n'"]),
        st.text(max_size=8).map(repr),
        st.floats(allow_nan=False, allow_infinity=False).map(repr),
    ),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("f({}, k={})".format, inner, inner),
        st.builds("[{}, *{}]".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(lambda x={}: {})".format, inner, inner),
        st.builds("[{} for x in {}]".format, inner, inner),
        st.builds("a[{}:, {}]".format, inner, inner),
        st.builds("({},)".format, inner),
        st.builds("(not {})".format, inner),
        st.builds("(-{})".format, inner),
        st.builds("(x := {})".format, inner),
    ),
    max_leaves=6,
)  # fmt: skip
_SIMPLE = st.one_of(
    st.builds("x = {}".format, _EXPRESSIONS),
    st.builds("x += {}".format, _EXPRESSIONS),
    _EXPRESSIONS,
    st.just("pass"),
)


def _block(header: str, lines: list[str]) -> str:
    return "\n".join([header, *(f"    {line}" for text in lines for line in text.split("\n"))])


_STATEMENTS = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.builds(
            _block, st.sampled_from(["if a:", "for x in a:", "def f(x):", "class A:", "with a:"]), st.lists(inner, min_size=1, max_size=3)
        ),
        st.builds(
            lambda body, other: f"{_block('try:', body)}\n{_block('finally:', other)}",
            st.lists(inner, min_size=1, max_size=2),
            st.lists(inner, min_size=1, max_size=2),
        ),
    ),
    max_leaves=5,
)  # fmt: skip
_CODES = st.lists(_STATEMENTS, max_size=4).map("\n".join)


@given(_CODES)
def test_normalising_twice_never_changes_anything(code: str) -> None:
    once = normalise(code)
    assert normalise(once) == once


@given(
    st.sampled_from(range(CODE.count("\n") + 1)),
    st.sampled_from(["", "   ", "# note", "      # 'note'", "\t"]),
)
def test_comments_and_blank_lines_never_count(position: int, inserted: str) -> None:
    lines = CODE.split("\n")
    assert normalise("\n".join([*lines[:position], inserted, *lines[position:]])) == normalise(CODE)


@given(_CODES, st.data())
def test_comments_never_count_in_any_code(code: str, data: st.DataObject) -> None:
    lines = code.split("\n")
    position = data.draw(st.integers(0, len(lines)))
    # an indented comment may stand anywhere
    commented = "\n".join([*lines[:position], "  # note", "", *lines[position:]])
    assert normalise(commented) == normalise(code)
