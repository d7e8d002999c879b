"""What goes wrong: one line first, a traceback into the cell's own line, a session that stays usable."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from helix_jupyter.errors import MissingOutput, NodeFailed, UnknownName


def pointed(text: str) -> list[tuple[str, int, str]]:
    """Every ``Cell In[n], line m`` of a traceback with the code that its arrow shows."""
    found = re.findall(r"Cell In\[(\d+)\], line (\d+)[^\n]*\n(.*?)(?=\n\n|\Z)", text, re.DOTALL)
    arrows = [re.search(r"^-+>\s*(\d+)\s(.*)$", body, re.MULTILINE) for _, _, body in found]
    assert all(arrow and arrow[1] == line for (_, line, _), arrow in zip(found, arrows, strict=True))
    return [(cell, int(line), arrow[2].strip()) for (cell, line, _), arrow in zip(found, arrows, strict=True) if arrow]


@pytest.mark.parametrize(
    ("cell", "line", "code"),
    [
        pytest.param("%%helix bad\nbad = 1 / 0", 2, "bad = 1 / 0", id="first-line"),
        pytest.param("%%helix bad\nz = 1\n\nbad = 1 / 0\n", 4, "bad = 1 / 0", id="later-line"),
        pytest.param("%%helix bad\n\n\nbad = 1 / 0", 4, "bad = 1 / 0", id="blank-lines-below-the-magic"),
        pytest.param("\n\n%%helix bad\nbad = 1 / 0", 4, "bad = 1 / 0", id="blank-lines-above-the-magic"),
        pytest.param("# helix: bad\nbad = 1 / 0", 2, "bad = 1 / 0", id="comment"),
        pytest.param("\n# helix: bad\n\nbad = 1 / 0", 4, "bad = 1 / 0", id="comment-with-blank-lines"),
        pytest.param("%%helix bad\n1 / 0", 2, "1 / 0", id="last-expression"),
        pytest.param("%%helix bad\nz = (1 +\n     1 / 0)\nbad = z", 3, "1 / 0)", id="middle-of-a-statement"),
        pytest.param("%%helix bad\n!echo x\nbad = 1 / 0", 3, "bad = 1 / 0", id="below-a-shell-line"),
        pytest.param("%%helix bad\nimport asyncio\nawait asyncio.sleep(0)\nbad = 1 / 0", 4, "bad = 1 / 0", id="await"),
    ],
)
def test_the_traceback_points_into_the_cells_own_line(shell: Any, cell: str, line: int, code: str) -> None:
    shell(cell)  # In [2]
    ran = shell("%helix run")
    assert isinstance(ran.error, NodeFailed)
    first, *rest = ran.stdout[ran.stdout.index("NodeFailed: Node 'bad' failed") :].splitlines()
    assert "ZeroDivisionError: division by zero" in first
    assert f"line {line}" in first
    assert pointed("\n".join(rest)) == [("2", line, code)]
    assert "helix_jupyter" not in ran.stdout


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%timeit -n 1", "%%prun -q"])
def test_a_magic_that_runs_its_lines_in_the_notebook_is_refused(shell: Any, magic: str) -> None:
    told = shell(f"%%helix outer\n{magic}\nouter = 3").stdout
    assert f"{magic.split()[0]} runs the lines below it in the notebook" in told
    assert "declared: " not in told
    assert shell("outer").error is not None
    shell("%%helix outer\n%time outer = 3")
    shell("%helix run outer")
    assert shell["outer"] == 3


@pytest.mark.parametrize(
    ("cell", "line", "named"),
    [
        pytest.param('%%helix bad\nbad = "x', 2, "unterminated string literal (detected at line 2)", id="at"),
        pytest.param("%%helix bad\nbad = [\n1)", 3, "does not match opening parenthesis '[' on line 2", id="on"),
        pytest.param("\n%%helix bad\nif 1:\nbad = 1", 4, "after 'if' statement on line 3", id="blank-line-above"),
    ],
)
def test_all_lines_of_a_syntax_error_are_counted_as_the_editor_does(
    shell: Any, cell: str, line: int, named: str
) -> None:
    told = shell(cell).stdout
    assert f"Syntax error in line {line} of the cell: " in told
    assert f"{named}. The node was not declared." in told


def test_a_traceback_through_a_helper_shows_both_cells(shell: Any) -> None:
    shell("def divide(x):\n    return x / 0")
    shell("%%helix bad\nbad = divide(1)")
    found = pointed(shell("%helix run").stdout)
    assert found == [("3", 2, "bad = divide(1)"), ("2", 2, "return x / 0")]


def test_a_redeclared_cell_is_named_by_its_last_execution(shell: Any) -> None:
    for _ in range(3):
        shell("%%helix bad\nbad = 1 / 0")
    assert pointed(shell("%helix run").stdout) == [("4", 2, "bad = 1 / 0")]


def test_an_exception_with_a_cause_shows_both(shell: Any) -> None:
    shell("%%helix bad\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('two\\nlines') from e")
    ran = shell("%helix run")
    assert ran.stdout.splitlines()[0] == "NodeFailed: Node 'bad' failed at line 5: ValueError: two"
    assert "ZeroDivisionError" in ran.stdout
    assert "direct cause" in ran.stdout


def test_a_failed_run_leaves_a_version_and_what_was_computed(shell: Any) -> None:
    shell("%%helix a\nimport time\ntime.sleep(0.05)\na = 1")
    shell("%%helix bad\nbad = a / 0")
    shell("%helix run -m trying")
    version = shell("%helix versions").value[-1]
    assert version.status == "failed"
    assert "ZeroDivisionError" in version.error
    assert version.message == "trying"
    shell("%%helix bad\nbad = a / 1")
    assert shell.states() == {"a": "load", "bad": "compute"}
    assert shell("bad").value == 1.0


@pytest.mark.parametrize(
    ("cell", "error", "said"),
    [
        pytest.param("%%helix y\ny = rosw", UnknownName, "Did you mean 'rows'?", id="unknown-name"),
        pytest.param("%%helix y z\ny = 1", NodeFailed, "z", id="missing-output"),
        pytest.param("%%helix values\nvalue = 1\nprint(value)", None, "", id="last-expression-is-the-value"),
    ],
)
def test_a_cell_that_does_not_do_what_it_says(shell: Any, cell: str, error: type | None, said: str) -> None:
    shell("%%helix rows\nrows = 1")
    shell(cell)
    ran = shell("%helix run")
    if error is None:
        assert ran.result.success
        return
    assert isinstance(ran.error, error)
    assert said in ran.stdout
    assert len(ran.stdout.strip().splitlines()) == 1


def test_a_missing_output_names_the_nearest_name_that_was_assigned(shell: Any) -> None:
    shell("%%helix model\nmodle = 1")
    shell("%%helix after\nafter = model")
    ran = shell("%helix run")
    assert isinstance(ran.error.__cause__, MissingOutput)
    assert "Did you mean 'modle'?" in ran.stdout
    assert len(ran.stdout.strip().splitlines()) == 1


def test_an_unpicklable_result_is_told_and_the_run_succeeds(shell: Any) -> None:
    shell("%%helix m\nimport threading\nm = {'m': {'lock': threading.Lock()}}")
    shell("%%helix n\nn = len(m)")
    ran = shell("%helix run")
    assert ran.result.success
    assert "'m'" in ran.stderr
    assert "['m']['lock']" in ran.stderr
    assert shell("n").value == 1
    assert shell("list(m)").value == ["m"]


def test_exits_and_odd_exceptions_end_the_node_not_the_shell(shell: Any) -> None:
    shell("%%helix bad\nraise SystemExit(3)")
    ran = shell("%helix run")
    assert not ran.result.success
    assert shell("%helix versions").value[-1].status != "done"
    shell("class Odd(Exception):\n    def __str__(self):\n        raise ValueError('no text')")
    shell("%%helix bad\nraise Odd()")
    assert not shell("%helix run").result.success
    assert shell("1 + 1").value == 2


def test_a_store_that_cannot_be_written_still_gives_values(shell: Any, place: Path) -> None:
    (place / ".helix").write_text("a file stands where the store should be")
    ran = shell("%%helix a\na = 1")
    assert ran.result.success
    assert len(ran.stderr.strip().splitlines()) == 1
    assert ".helix" in ran.stderr
    shell("%helix run")
    assert shell("a").value == 1


def test_a_store_of_a_newer_version_is_one_line(shell: Any, place: Path) -> None:
    import sqlite3

    shell("%%helix a\na = 1")
    shell("%helix run")
    shell.ip._helix_session.close()
    del shell.ip._helix_session
    database = sqlite3.connect(place / ".helix" / "helix.db")
    database.execute("PRAGMA user_version = 999")
    database.commit()
    database.close()
    ran = shell("%%helix a\na = 1")
    assert len(ran.stdout.strip().splitlines()) == 1
    assert "999" in ran.stdout
    assert "Upgrade" in ran.stdout


def test_reasons_and_syntax_errors_count_the_lines_of_the_cell(shell: Any) -> None:
    error = shell("%%helix s\nx = 1\ns = (1 +").error
    assert "line 3 of the cell" in str(error)
    shell("%%helix s\nx = 1\ns = x + 1")
    shell("%helix run")
    assert "line 3 changed" in shell("%%helix s\nx = 1\ns = x + 2").card


def test_a_comment_alone_is_no_edit(shell: Any) -> None:
    shell("%%helix s\ns = 1")
    shell("%helix run")
    assert "unchanged" in shell("%%helix s\n# the one\ns  =  1").card


def test_a_shell_with_versions_but_no_nodes_says_where_to_begin(shell: Any) -> None:
    assert shell("%helix").stderr == ""  # nothing was ever run: nothing to go back to
    shell("%%helix s\ns = 1")
    shell("%helix run")
    shell("%helix remove s")
    assert "Run the %%helix cells, or %helix checkout 1." in shell("%helix").stderr
