"""Literals as parameters, and edits told statement by statement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.cell.literals import (
    changed_by_name,
    changed_literals,
    changed_statements,
    literals,
    with_literal,
)
from helix_jupyter.errors import CellSyntaxError


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("m = Model(C=0.1)", "m = Model(C=1.0)", [("C", 1, 0.1, 1.0)], id="keyword"),
        pytest.param("bins = 10", "# why\n\nbins = 12", [("bins", 3, 10, 12)], id="target, line of the newer code"),
        pytest.param("a, b = 1, 2", "a, b = 1, 3", [("b", 1, 2, 3)], id="one of several targets"),
        pytest.param("c.rate = 1", "c.rate = 2", [("c.rate", 1, 1, 2)], id="attribute"),
        pytest.param("p['C'] = 1", "p['C'] = 2", [("p['C']", 1, 1, 2)], id="item"),
        pytest.param("x: int = 1", "x: int = 2", [("x", 1, 1, 2)], id="annotated"),
        pytest.param("x += 1", "x += 2", [("x", 1, 1, 2)], id="augmented"),
        pytest.param("f(y := 1)", "f(y := 2)", [("y", 1, 1, 2)], id="walrus"),
        pytest.param("x = 3 * y + 1", "x = 3 * y + 2", [("x (2)", 1, 1, 2)], id="second under one label"),
        pytest.param(
            "c = df.age.quantile(0.9)", "c = df.age.quantile(0.95)", [("quantile[0]", 1, 0.9, 0.95)], id="argument"
        ),
        pytest.param("f(x, 1)", "f(x, 2)", [("f[1]", 1, 1, 2)], id="second argument"),
        pytest.param("f(1)(2)", "f(1)(3)", [("line 1", 1, 2, 3)], id="call of no name"),
        pytest.param("f(h=(100, 50))", "f(h=(100, 60))", [("h[1]", 1, 50, 60)], id="element"),
        pytest.param("p = {'C': 1, k: 2}", "p = {'C': 3, k: 4}", [("C", 1, 1, 3), ("p", 1, 2, 4)], id="dictionary"),
        pytest.param(
            "def f(a, b=1, *, c=2): pass",
            "def f(a, b=3, *, c=4): pass",
            [("c", 1, 2, 4), ("b", 1, 1, 3)],
            id="defaults",
        ),
        pytest.param("x = y[df.a > 30]", "x = y[df.a > 40]", [("line 1", 1, 30, 40)], id="comparison"),
        pytest.param(
            "def f():\n  'doc'\n  return 1", "def f():\n  return 2", [("line 2", 2, 1, 2)], id="docstrings do not count"
        ),
        pytest.param("x = 1", "x = -1", [("x", 1, 1, -1)], id="negative"),
        pytest.param("x = -1", "x = -2.5", [("x", 1, -1, -2.5)], id="both negative"),
        pytest.param("x = 0.0", "x = -0.0", [("x", 1, 0.0, -0.0)], id="negative zero"),
        pytest.param("x = 1", "x = True", [("x", 1, 1, True)], id="type"),
        pytest.param("x = None", "x = 'a'", [("x", 1, None, "a")], id="None"),
        pytest.param(
            "t = f'a{x:.2f}'", "t = f'b{x:.3f}'", [("t", 1, "a", "b"), ("t (2)", 1, ".2f", ".3f")], id="f-string"
        ),
        pytest.param("x = 1", "x=1 # same", [], id="nothing"),
        pytest.param("x = 1", "y = 1", None, id="renamed"),
        pytest.param("f(C=1)", "f(D=1)", None, id="keyword renamed"),
        pytest.param("f(1)", "f(1, 2)", None, id="argument added"),
        pytest.param("x = [1]", "x = [1, 2]", None, id="element added"),
        pytest.param("x = {'a': 1}", "x = {'b': 1}", None, id="key renamed"),
        pytest.param("x = {1: 1}", "x = {True: 1}", None, id="key of another type"),
        pytest.param("x = a + 1", "x = a - 1", None, id="operator"),
        pytest.param("x = 1", "x = y", None, id="literal to name"),
        pytest.param("x = 1", "x = 1\ny = 2", None, id="statement added"),
        pytest.param("x = f'{y!r}'", "x = f'{y!s}'", None, id="conversion"),
        pytest.param("x[...]", "x[0]", None, id="ellipsis is no literal"),
    ],
)
def test_changed_literals(before: str, after: str, expected: list[tuple[str, int, Any, Any]] | None) -> None:
    changes = changed_literals(before, after)
    if expected is None:
        assert changes is None
    else:
        assert changes is not None
        # repr tells 1 from True and 0.0 from -0.0
        found = [(change.label, change.line, change.before, change.after) for change in changes]
        assert repr(found) == repr(expected)


def test_literals() -> None:
    code = "bins = 10\nm = Model(C=-0.1, solver='x', C2=f(3)).fit(X)\nif m > 5: bins = 20"
    assert literals(code) == {"bins": 10, "C": -0.1, "solver": "x", "f[0]": 3, "line 3": 5, "bins (2)": 20}


@given(
    st.lists(
        st.one_of(st.integers(), st.booleans(), st.none(), st.text(), st.floats(allow_nan=False, allow_infinity=False)),
        min_size=2,
        max_size=2,
    )
)
def test_one_changed_value_is_always_found(values: list[object]) -> None:
    before, after = values
    changes = changed_literals(f"m = f(k={before!r})", f"m = f(k={after!r})")
    same = repr(before) == repr(after)
    assert [repr((change.before, change.after)) for change in changes or ()] == (
        [] if same else [repr((before, after))]
    )


@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6), st.lists(st.integers(-3, 3), min_size=6, max_size=6))
def test_changes_always_agree_with_the_parameters(old: list[int], new: list[int]) -> None:
    code = "a, b = {}, {}\nc = f({}, k={}) + {}\nif c > {}: pass"
    before, after = code.format(*old), code.format(*new)
    was, now = literals(before), literals(after)
    changes = changed_literals(before, after)
    assert changes is not None
    assert {c.label: (c.before, c.after) for c in changes} == {k: (was[k], now[k]) for k in now if was[k] != now[k]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("x = 1", "# a\nx=1", [], id="same"),
        pytest.param("a = 1\nbins = 10", "a = 1\n\nbins = 12", [(3, "bins = 10", "bins = 12")], id="changed"),
        pytest.param("x = 1", "x = 1\ny = 2", [(2, None, "y = 2")], id="added"),
        pytest.param("x = 1\ny = 2", "x = 1", [(2, "y = 2", None)], id="removed"),
        pytest.param("", "x = 1", [(1, None, "x = 1")], id="from nothing"),
        pytest.param("x = 1\ny = 2", "z = 3", [(1, "x = 1", "z = 3"), (2, "y = 2", None)], id="fewer"),
        pytest.param(
            "def f(a):\n  b = 1\n  return b",
            "def f(a):\n  b = 2\n  return b",
            [(2, "b = 1", "b = 2")],
            id="in a function",
        ),
        pytest.param(
            "def f(a):\n  pass",
            "@d\ndef f(b):\n  pass",
            [(1, "def f(a):", "@d"), (2, None, "def f(b):")],
            id="head and decorator",
        ),
        pytest.param(
            "if a:\n  x = 1",
            "if a:\n  x = 1\n\nelse:\n  # b\n  x = 2",
            [(6, None, "else:"), (6, None, "x = 2")],
            id="else",
        ),
        pytest.param("f(\n 1,\n 2)", "\nf(\n 1,\n 3)", [(2, "f(1, 2)", "f(1, 3)")], id="over several lines"),
        pytest.param("x = 1", "if a:\n  x = 1", [(1, "x = 1", "if a:"), (2, None, "x = 1")], id="moved into a block"),
    ],
)
def test_changed_statements(before: str, after: str, expected: list[tuple[int | None, str | None, str | None]]) -> None:
    assert list(changed_statements(before, after)) == expected


@pytest.mark.parametrize("compare", [changed_literals, changed_statements])
def test_syntax_error(compare: Any) -> None:
    with pytest.raises(CellSyntaxError):
        compare("x = 1", "x = (")


@pytest.mark.parametrize(
    "code",
    [
        "model = fit(C=1.0, kind='ä', limit=-3)  # C=2",
        "é = 'ü'; b = (1,\n  -2.5e3, None)\nf(x, 'two\\nlines', d={'k': True})",
        'text = """a\nb"""\nnumber = 1_000 + 0x1F\n\n\ndef g(a, b=3): return b if a else 4',
    ],
)
def test_one_literal_is_replaced_and_all_else_stays(code: str) -> None:
    for label, value in literals(code).items():
        edited = with_literal(code, label, "123456")
        changes = changed_literals(code, edited)
        assert changes is not None
        (change,) = changes
        assert (change.before, change.after) == (value, 123456)
        assert with_literal(edited, label, repr(value)).count("\n") <= code.count("\n")
        assert changed_literals(code, with_literal(edited, label, repr(value))) == ()


def test_a_named_literal_is_found_beside_other_edits() -> None:
    before, after = "m = fit(C=1, n=5, k=[1, 2])", "m = fit(C=10, n=5, w='b', k=[1, 3])\nz = 2"
    assert changed_literals(before, after) is None
    assert [(one.label, one.before, one.after) for one in changed_by_name(before, after)] == [("C", 1, 10)]
    assert changed_by_name("a(C=1)\nb(C=2)", "a(C=3)\nb(C=4)\nc()") == (), "which one is which cannot be told"
