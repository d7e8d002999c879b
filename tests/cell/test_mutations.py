"""Which statements may have changed a value in place."""

from __future__ import annotations

import pytest

from helix_jupyter.cell.mutations import place_text, suspects

CASES = [
    pytest.param("a = 1\nx['v'] *= 10", "in line 2 (x['v'] *= 10)", id="augmented item"),
    pytest.param("x.n = 1", "in line 1 (x.n = 1)", id="attribute"),
    pytest.param("del x[0]", "in line 1 (del x[0])", id="del"),
    pytest.param("x += 1", "in line 1 (x += 1)", id="augmented name"),
    pytest.param("(a, x[0]), *b = (1, 2), 3", "in line 1 ((a, x[0]), *b = (1, 2), 3)", id="unpacked into an item"),
    pytest.param("x.sort_values('v', inplace=True)", "in line 1 (x.sort_values('v', inplace=True))", id="inplace"),
    pytest.param("y = x.sort_values('v', inplace=False)\nf(x)", "most likely in line 2 (f(x))", id="not in place"),
    pytest.param("n = x.pop()", "in line 1 (n = x.pop())", id="known method"),
    pytest.param("x.add_(1)", "in line 1 (x.add_(1))", id="torch"),
    pytest.param("random.shuffle(x)", "in line 1 (random.shuffle(x))", id="known function"),
    pytest.param("np.sin(y, out=x)", "in line 1 (np.sin(y, out=x))", id="out"),
    pytest.param("y = x\ny[0] = 1", "in line 2 (y[0] = 1)", id="alias"),
    pytest.param("for row in x:\n    row['v'] = 1", "in line 2 (row['v'] = 1)", id="loop"),
    pytest.param("y = x['part'].values\ny[0] = 1", "in line 2 (y[0] = 1)", id="alias of a part"),
    pytest.param("x.append(1)\nx = x + [2]\nx.append(3)", "in line 1 (x.append(1))", id="another value by then"),
    pytest.param("x = x.copy()\nx['v'] = 1", "", id="its own copy"),
    pytest.param("x.append(1)\nif True:\n    x = []\nx.append(3)", "in lines 1 or 4", id="a branch"),
    pytest.param("def change(d):\n    d['v'] = 1\nchange(x)", "most likely in line 3 (change(x))", id="helper"),
    pytest.param("a = f(x)\nb = g(k=x)\nn = len(x)", "most likely in lines 1 or 2", id="two helpers"),
    pytest.param("n = x.mean()\nf(x)", "most likely in line 2 (f(x))", id="harmless method"),
    pytest.param("with x as y:\n    y['v'] = 1", "in line 2 (y['v'] = 1)", id="with"),
    pytest.param("try:\n    x[0] = 1\nexcept E:\n    pass", "in line 2 (x[0] = 1)", id="try"),
    pytest.param("match x:\n    case _:\n        x[0] = 1", "in line 3 (x[0] = 1)", id="match"),
    pytest.param("def f():\n    x[0] = 1\nf()", "in line 2 (x[0] = 1)", id="inner function"),
    pytest.param("x.update(\n    a=1,\n)", "in line 1 (x.update()", id="several lines"),
    pytest.param("print(len(x), sum(x))", "", id="nothing"),
]


@pytest.mark.parametrize(("code", "expected"), CASES)
def test_the_place_of_a_change(code: str, expected: str) -> None:
    assert place_text(suspects(code, "x", methods_known=True), 0) == expected


def test_a_method_of_an_unknown_type_may_change_its_object() -> None:
    assert place_text(suspects("x.scale(2)", "x"), 1) == "most likely in line 2 (x.scale(2))"


def test_long_lines_are_cut() -> None:
    text = place_text(suspects(f"x[0] = {'1' * 100}", "x"), 0)
    assert text.endswith("...)")
    assert len(text) < 90
