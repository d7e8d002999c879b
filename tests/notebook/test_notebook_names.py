"""What a plain cell finds under a node's name."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def pruned(shell: Any) -> Any:
    """After a restart in effect: everything is stored, nothing is bound."""
    shell("%config HelixMagics.policy = 'all'")
    shell("K = 2\ndef scale(x):\n    return K * x")
    shell("%%helix rows\nrows = [1, 2]")
    shell("%%helix scaled\nscaled = [scale(row) for row in rows]")
    shell("%%helix total\ntotal = sum(scaled)")
    shell("%helix run")
    shell.ip._helix_session.close()
    del shell.ip._helix_session
    for name in ("rows", "scaled", "total"):
        shell.ip.user_ns.pop(name, None)
    shell("%reload_ext helix_jupyter")
    shell("%%helix rows\nrows = [1, 2]")
    shell("%%helix scaled\nscaled = [scale(row) for row in rows]")
    shell("%%helix total\ntotal = sum(scaled)")
    return shell


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("scaled", [2, 4], id="bare"),
        pytest.param("len(scaled) + total", 8, id="two"),
        pytest.param("[x for x in scaled]", [2, 4], id="comprehension"),
        pytest.param("(lambda: scaled[0])()", 2, id="lambda"),
        pytest.param("def f():\n    return total\nf()", 6, id="function"),
        pytest.param("f'{total}'", "6", id="f-string"),
        pytest.param("%%time\ntotal", 6, id="cell-magic"),
        pytest.param("%time total", 6, id="line-magic"),
        pytest.param("out = !echo $total {scaled[0]}\nlist(out)", ["6 2"], id="shell"),
        pytest.param("scaled += [0]\nscaled", [2, 4, 0], id="augmented"),
        pytest.param("x = %helix get rows\n(x, total)", ([1, 2], 6), id="beside-a-magic"),
    ],
)
def test_a_plain_cell_finds_the_current_value(pruned: Any, cell: str, value: object) -> None:
    ran = pruned(cell)
    assert ran.value == value
    assert ran.stderr == ""


def test_a_name_that_the_cell_assigns_itself_is_not_bound(pruned: Any) -> None:
    assert pruned("total = 1\ntotal").value == 1


def test_a_value_that_must_be_computed_is_told_in_one_line(pruned: Any) -> None:
    pruned("K = 7")
    ran = pruned("scaled")
    assert isinstance(ran.error, NameError)
    (line,) = ran.stderr.strip().splitlines()
    assert "scaled" in line
    assert "%helix run scaled" in line
    assert pruned("rows").value == [1, 2]


def test_a_cell_that_runs_first_is_not_told(pruned: Any) -> None:
    pruned("K = 7")
    ran = pruned("%helix run\nscaled")
    assert ran.value == [7, 14]
    assert "not up to date" not in ran.stderr


OUTSIDE = {
    "a file": ("import pathlib\nlength = len(pathlib.Path('rows.csv').read_text())", "rows.write_text('1, 2, 3')"),
    "an environment variable": (
        "import os\nlength = len(os.environ['HELIX_ROWS'])",
        "os.environ['HELIX_ROWS'] = '12345'",
    ),
}


@pytest.mark.parametrize(("cell", "change"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_plain_cell_sees_no_value_of_what_has_changed_outside(
    shell: Any, monkeypatch: pytest.MonkeyPatch, cell: str, change: str
) -> None:
    monkeypatch.setenv("HELIX_ROWS", "1")
    shell("import os, pathlib\nrows = pathlib.Path('rows.csv')\nrows.write_text('1')")
    shell(f"%%helix length\nimport time\ntime.sleep(0.02)\n{cell}")
    shell("%helix run")
    assert shell("length").value == 1
    shell(change)
    ran = shell("length")
    assert isinstance(ran.error, NameError)
    assert "'length' is not up to date: %helix run length computes it" in ran.stdout + ran.stderr
    shell("%helix run")
    assert shell("length").value > 1


def test_auto_computes_what_a_plain_cell_reads(pruned: Any) -> None:
    pruned("%helix config auto=true")
    pruned("K = 7")
    ran = pruned("scaled")
    assert ran.value == [7, 14]
    assert "total" not in pruned.ip._helix_session.versions[-1].targets


def test_auto_with_a_failing_node_tells_one_line_and_the_cell_goes_on(pruned: Any) -> None:
    pruned("%%helix bad\nbad = 1 / 0")
    pruned("%helix config auto=true")
    ran = pruned("print('still here')\nbad")
    assert "still here" in ran.stdout
    assert isinstance(ran.error, NameError)
    assert "ZeroDivisionError" in ran.stderr


def test_a_stale_name_loses_its_binding(shell: Any) -> None:
    shell("K = 2")
    shell("%%helix a\na = K")
    shell("%%helix b\nb = a + 1")
    shell("%helix run")
    assert shell("a, b").value == (2, 3)
    shell("%%helix a\na = K * 10")
    assert "a" not in shell
    assert "b" not in shell
    shell("%helix run a")
    assert shell["a"] == 20
    assert "b" not in shell


def test_a_stale_value_is_never_shown(shell: Any) -> None:
    shell("K = 2")
    shell("%%helix a\na = K")
    shell("%helix run")
    shell("K = 3")
    ran = shell("a")
    assert isinstance(ran.error, NameError)
    assert "%helix run a" in ran.stderr


def test_a_helper_that_reads_a_node_finds_the_current_value(pruned: Any) -> None:
    pruned("def report():\n    return total + 1")
    assert pruned("report()").value == 7
    pruned("K = 7")
    assert isinstance(pruned("report()").error, NameError)
    pruned("%helix run")
    assert pruned("report()").value == 22


def test_a_users_own_rebinding_is_respected(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%%helix b\nb = a + 1")
    shell("%helix run")
    shell("a = 'mine'")
    assert shell("a").value == "mine"
    shell("%%helix a\na = 5")
    assert shell["a"] == "mine"
    shell("%helix run")
    assert shell("b").value == 6


def test_a_name_that_was_plain_before_it_became_a_node_gives_the_nodes_value(shell: Any) -> None:
    shell("rows = ['plain']")
    shell("%%helix rows\nrows = ['node']")
    shell("%%helix total\ntotal = len(rows)")
    shell("%helix run")
    assert shell("rows").value == ["node"]


def test_a_change_in_place_from_a_plain_cell_reaches_no_node(shell: Any) -> None:
    shell("%%helix rows\nrows = [1]")
    shell("%%helix total\ntotal = sum(rows)")
    shell("%helix run")
    shell("rows.append(100)")
    shell("%%helix total\ntotal = sum(rows) + 0.5")
    shell("%helix run")
    assert shell("total").value == 1.5


def test_a_node_that_changes_its_input_is_named_and_others_see_the_old_value(shell: Any) -> None:
    shell("%%helix rows\nrows = [1, 2]")
    shell("%%helix worse\nrows.append(99)\nworse = len(rows)")
    shell("%%helix total\ntotal = sum(rows)")
    ran = shell("%helix run")
    assert "worse" in ran.stderr
    assert "'rows' in place" in ran.stderr
    assert shell("rows, worse, total").value == ([1, 2], 3, 3)


def test_a_cell_that_does_not_parse_says_so_itself(pruned: Any) -> None:
    for cell in ("scaled = = 1", "if total:\n        x\n    y", "print(total", "'''total"):
        ran = pruned(cell)
        assert isinstance(ran.error, SyntaxError)
        assert "callback" not in ran.stdout + ran.stderr
        assert "helix" not in ran.stdout + ran.stderr


def test_an_unbound_name_is_no_longer_there_after_remove(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%helix run")
    shell("%helix remove a")
    assert "a" not in shell
    assert isinstance(shell("a").error, NameError)


def test_a_plain_cell_finds_what_rests_on_a_namespace_of_exec(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # such a namespace holds Python's builtins, to which IPython adds its own while a cell runs
    monkeypatch.syspath_prepend(".")
    shell(
        "import pathlib\n_ = pathlib.Path('exec_in.py').write_text('''SPACE = {}\nexec('def g(): return 1', SPACE)\n"
        "def f(): return SPACE['g']()\n''')"
    )
    shell("from exec_in import f")
    shell("%%helix given\ngiven = f()")
    shell("%helix run")
    assert shell("given").value == 1
