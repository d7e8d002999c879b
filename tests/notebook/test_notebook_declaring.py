"""Declaring cells: cards, order, outputs, chains, and the identity of cells."""

from __future__ import annotations

from typing import Any

import pytest

from helix_jupyter.errors import CycleError, DuplicateOutput, SelfReference


def keys(shell: Any) -> dict[str, str | None]:
    return {node: record.key for node, record in shell("%helix run").value.nodes.items()}


# cards


def test_declaring_runs_nothing_and_shows_one_line(shell: Any) -> None:
    ran = shell("%%helix rows\nprint('ran')\nrows = [1]")
    assert ran.value is None
    assert ran.stdout == ""
    assert ran.card.splitlines() == ["rows | new | declared: %helix run computes it"]
    assert "rows" not in shell
    assert len(shell("%helix versions").value) == 0


def test_a_card_names_inputs_and_outputs(shell: Any) -> None:
    shell("%%helix rows\nrows = [1]")
    card = shell("%%helix a b --name split\na, b = rows, rows").card
    assert all(word in card for word in ("rows", "split", "a", "b"))


def test_a_card_has_a_text_and_an_html_form(shell: Any) -> None:
    data = shell("%%helix rows\nrows = [1]").displays[-1]["data"]
    assert {"text/plain", "text/html"} <= set(data)
    assert "<" not in data["text/plain"]


def test_a_card_says_what_changed_and_what_a_run_would_do(shell: Any) -> None:
    shell("%%helix rows\nrows = [1]")
    shell("%helix run")
    assert "up to date" in shell("%%helix rows\nrows = [1]").card
    assert "up to date" in shell("%%helix rows\n# a comment\nrows   =  [1]").card
    edited = shell("%%helix rows\nrows = [2]").card
    assert "declared: %helix run computes it (about" in edited
    assert "edited" in edited or "changed" in edited


# order, outputs, temporaries


def test_cells_may_come_in_any_order(shell: Any) -> None:
    shell("%%helix c\nc = b + 1")
    shell("%%helix b\nb = a + 1")
    shell("%%helix a\na = 1")
    assert shell.states() == {"a": "compute", "b": "compute", "c": "compute"}
    assert shell("c").value == 3


def test_one_node_gives_several_outputs_that_load_alone(shell: Any) -> None:
    shell("%%helix low high --name split\nlow, high = [1, 2], [3, 4]")
    shell("%%helix total\ntotal = sum(high)")
    assert shell.states() == {"split": "compute", "total": "compute"}
    assert shell("low, high, total").value == ([1, 2], [3, 4], 7)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("%%helix x\nx = 41 + 1", 42, id="assigned"),
        pytest.param("%%helix x\n41 + 1", 42, id="last-expression"),
        pytest.param("%%helix x\ny = 41\ny + 1", 42, id="last-expression-with-temporary"),
        pytest.param("%%helix x\nx = 42\nx - 1", 42, id="assigned-beats-shown"),
        pytest.param("%%helix x\nfor x in (41, 42):\n    pass", 42, id="loop"),
        pytest.param("%%helix x\ndef x():\n    return 42\nx = x()", 42, id="function"),
        pytest.param("%%helix x\n\n\nx = 42\n\n", 42, id="blank-lines"),
        pytest.param("\n\n%%helix x\nx = 42", 42, id="blank-lines-before"),
        pytest.param("# helix: x\nx = 42", 42, id="comment"),
        pytest.param("\n  # helix: x\nx = 42", 42, id="indented-comment"),
        pytest.param("#helix:x\nx = 42", 42, id="tight-comment"),
        pytest.param("%%helix x\n# helix: x\nx = 42", 42, id="both"),
        pytest.param("%%helix größe --name x\ngröße = x = 42", 42, id="unicode"),
    ],
)
def test_the_value_of_a_node(shell: Any, cell: str, value: object) -> None:
    assert shell(cell).result.success
    assert shell("%helix get x").value == value


def test_names_are_compared_as_python_does(shell: Any) -> None:
    # a keyboard gives U+00B5 (micro sign), Python reads U+03BC (mu)
    shell("%%helix \u00b5\n\u00b5 = 3")
    shell("%%helix twice\ntwice = 2 * \u00b5")
    shell("%helix run")
    assert shell("\u00b5, twice").value == (3, 6)


def test_temporaries_do_not_leak_and_outputs_are_bound(shell: Any) -> None:
    before = set(shell.ip.user_ns)
    shell("%%helix x\ntemporary = 1\nfor i in range(3):\n    temporary += i\nx = temporary")
    shell("%helix run")
    assert {name for name in set(shell.ip.user_ns) - before if not name.startswith("_")} <= {"x"}
    assert shell["x"] == 4


def test_a_node_leaves_names_of_the_notebook_alone(shell: Any) -> None:
    shell("i = 'mine'")
    shell("%%helix x\nfor i in range(3):\n    pass\nx = i")
    shell("%helix run")
    assert shell["i"] == "mine"


def test_names_of_the_notebook_are_captured(shell: Any) -> None:
    shell("import math\nfrom statistics import mean as middle\nK = 3\ndef scale(x):\n    return K * x")
    shell("class Box:\n    def __init__(self, x):\n        self.x = scale(x)")
    shell("%%helix x\nx = math.floor(middle([Box(1).x, scale(2)]))")
    shell("%helix run")
    assert shell("x").value == 4
    shell("K = 5")
    assert shell.states() == {"x": "compute"}
    shell("def scale(x):\n    # only a comment\n    return K * x")
    assert shell.states() == {"x": "load"}
    shell("def scale(x):\n    return K * x + 1")
    assert shell.states() == {"x": "compute"}


# comment cells


def test_comment_cells_have_the_keys_of_magic_cells(bare_shell: Any) -> None:
    found = []
    for head in ("%%helix ", "# helix: "):
        bare_shell("%load_ext helix_jupyter")
        bare_shell(f"{head}rows --seed 3\nimport random\nrows = [random.random()]")
        bare_shell(f"{head}a b --name split --group g\n\na, b = rows, rows  # a comment")
        bare_shell(f"{head}scores --metrics\nscores = {{'n': len(a)}}")
        found.append(keys(bare_shell))
        for node in ("rows", "split", "scores"):
            bare_shell(f"%helix remove {node}")
    assert found[0] == found[1]
    assert None not in found[0].values()


@pytest.mark.parametrize("form", ["%%helix", "# helix:"])
def test_a_declaring_line_may_end_in_a_comment(shell: Any, form: str) -> None:
    ran = shell(f'{form} rows --seed 3  # that\'s a node: its "inputs" are found\nrows = [1]')
    assert ran.result.success
    assert [row.node for row in shell("%helix").value] == ["rows"]
    with_comment = keys(shell)
    shell(f"{form} rows --seed 3\nrows = [1]")
    assert keys(shell) == with_comment


def test_a_line_magic_may_end_in_a_comment(shell: Any) -> None:
    shell("%%helix rows\nrows = [1]")
    assert shell('%helix run rows -m "C=0.1, #3"  # a message that\'s kept').value.message == "C=0.1, #3"
    assert shell("%helix get rows # its value").value == [1]
    swept = shell("%helix sweep rows.rows=[1] # no [bracket").error
    assert "bracket" not in str(swept)
    assert "A quote is not closed" in str(shell("%helix run -m 'open # no comment").error)


def test_a_comment_further_down_declares_nothing(shell: Any) -> None:
    shell("x = 1\n# helix: y\ny = 2")
    assert shell("x, y").value == (1, 2)
    assert len(shell("%helix").value) == 0


# redeclaring, duplicates, cycles


def test_redeclaring_replaces_and_keeps_the_place(shell: Any) -> None:
    for cell in ("%%helix a\na = 1", "%%helix b\nb = a + 1", "%%helix a\na = 10"):
        shell(cell)
    assert [row.node for row in shell("%helix").value] == ["a", "b"]
    shell("%helix run")
    assert shell("b").value == 11


def test_a_second_producer_is_an_error_naming_both_cells(shell: Any) -> None:
    shell("%%helix df\ndf = 1", cell_id="first")
    ran = shell("%%helix df --name other\ndf = 2", cell_id="second")
    assert isinstance(ran.error, DuplicateOutput)
    assert len(ran.stdout.strip().splitlines()) == 1
    assert "[2]" in ran.stdout
    assert "[3]" in ran.stdout
    assert "--update" in ran.stdout
    assert [row.node for row in shell("%helix").value] == ["df"]


def test_two_cells_with_one_name_are_told_apart_by_their_ids(shell: Any) -> None:
    shell("%%helix df\ndf = 1", cell_id="first")
    assert isinstance(shell("%%helix df\ndf = 2", cell_id="second").error, DuplicateOutput)
    assert shell("%%helix df\ndf = 3", cell_id="first").result.success
    shell("%helix run")
    assert shell("df").value == 3


def test_a_renamed_node_of_the_same_cell_drops_the_old_one(shell: Any) -> None:
    shell("%%helix old\nold = 1", cell_id="cell")
    shell("%%helix after\nafter = 5", cell_id="later")
    shell("%helix run")
    shell("%%helix new\nnew = 1", cell_id="cell")
    assert [row.node for row in shell("%helix").value] == ["new", "after"]
    assert "old" not in shell
    assert "old" in str(shell("%helix why old").error)


@pytest.mark.parametrize("identified", [True, False], ids=["cell-ids", "no-cell-ids"])
def test_a_chain_of_updates(shell: Any, identified: bool) -> None:
    def run(cell: str, name: str) -> Any:
        return shell(cell, cell_id=name if identified else None)

    run("%%helix df\ndf = {'a': 1}", "one")
    run("%%helix before\nbefore = dict(df)", "two")
    run("%%helix df --update\ndf['b'] = df['a'] + 1", "three")
    run("%%helix df --update\ndf['c'] = df['b'] + 1", "four")
    run("%%helix after\nafter = dict(df)", "five")
    shell("%helix run")
    assert shell("df, before, after").value == ({"a": 1, "b": 2, "c": 3}, {"a": 1}, {"a": 1, "b": 2, "c": 3})
    assert set(shell.states().values()) <= {"load", "prune"}


def test_an_edited_update_cell_replaces_its_link(shell: Any) -> None:
    shell("%%helix df\ndf = [1]", cell_id="one")
    shell("%%helix df --update\ndf.append(2)", cell_id="two")
    shell("%%helix df --update\ndf.append(3)", cell_id="three")
    shell("%helix run")
    assert shell("df").value == [1, 2, 3]
    shell("%%helix df --update\ndf.append(20)", cell_id="two")
    assert len(shell("%helix").value) == 3
    shell("%helix run")
    assert shell("df").value == [1, 20, 3]


def test_an_executed_again_update_cell_is_not_a_further_link(shell: Any) -> None:
    shell("%%helix df\ndf = [1]")
    for _ in range(3):
        shell("%%helix df --update\ndf.append(2)")
    shell("%helix run")
    assert shell("df").value == [1, 2]


def test_a_cycle_is_named_and_the_graph_stays_as_it_was(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%%helix b\nb = a + 1")
    ran = shell("%%helix a\na = b + 1")
    assert isinstance(ran.error, CycleError)
    assert "a -> b -> a" in ran.stdout or "b -> a -> b" in ran.stdout
    assert len(ran.stdout.strip().splitlines()) == 1
    shell("%helix run")
    assert shell("b").value == 2


@pytest.mark.parametrize("option", ["", " --update"])
def test_a_node_that_reads_its_own_output_only(shell: Any, option: str) -> None:
    ran = shell(f"%%helix df{option}\ndf = df + 1")
    # told when it is declared, or (an update may come before the cell that it changes) when it is run
    error = ran if not ran.result.success else shell("%helix run")
    assert isinstance(error.error, SelfReference)
    assert len(error.stdout.strip().splitlines()) == 1


def test_a_syntax_error_is_one_line_then_the_line_of_the_cell(shell: Any) -> None:
    shell("%%helix x\nx = 1")
    ran = shell("%%helix x\ny = 1\nx = = 3")
    assert not ran.result.success
    first, *rest = ran.stdout.strip().splitlines()
    assert "line 2" in first or "line 3" in first
    assert "not declared" in first
    assert any("x = = 3" in line for line in rest)
    shell("%helix run")
    assert shell("x").value == 1


# --run and auto


def test_run_declares_and_runs_to_that_node_only(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%%helix other\nprint('other ran')\nother = 1")
    ran = shell("%%helix b --run\nprint('b ran')\nb = a + 1\nb * 100")
    assert ran.result.success
    assert "b ran" in ran.stdout
    assert "other ran" not in ran.stdout
    assert shell["b"] == 2
    assert "200" in [d["data"]["text/plain"] for d in ran.displays]
    assert shell("%helix versions").value[-1].targets == ("b",)


def test_auto_makes_every_cell_run(shell: Any) -> None:
    shell("%helix config auto=true")
    shell("%%helix a\na = 1")
    assert shell["a"] == 1
    shell("# helix: b\nb = a + 1")
    assert shell["b"] == 2
    shell("%%helix a\na = 5")
    assert shell["a"] == 5
    assert shell("b").value == 6


def test_the_card_of_a_cell_that_runs_by_itself_does_not_ask_for_a_run(shell: Any) -> None:
    def card_of(cell: str) -> str:
        return str(shell(cell).displays[0]["data"]["text/plain"])

    assert card_of("%%helix a --run\na = 1") == "a | new | declared: it runs at once"
    shell("%helix config auto=true")
    assert "| declared: it runs at once (about" in card_of("%%helix a\na = 2")
    shell("%helix config auto=false")
    assert "%helix run computes it" in card_of("%%helix a\na = 3")


def test_a_failing_run_cell_stays_declared(shell: Any) -> None:
    ran = shell("%%helix a --run\na = 1 / 0")
    assert "ZeroDivisionError" in ran.stdout.splitlines()[0]
    shell("%%helix a --run\na = 1 / 1")
    assert shell["a"] == 1.0


# magics and shell commands inside


def test_shell_commands_expand_inputs_and_temporaries(shell: Any) -> None:
    shell("%%helix word\nword = 'hello'")
    shell("%%helix said\nn = 2\nlines = !echo $word {word.upper()} {n + 1}\nsaid = list(lines)")
    shell("%helix run")
    assert shell("said").value == ["hello HELLO 3"]
    shell("%%helix word\nword = 'bye'")
    assert shell.states() == {"word": "compute", "said": "compute"}
    assert shell("said").value == ["bye BYE 3"]


def test_a_terminal_prints_a_display_once_as_a_node_runs_and_once_when_it_is_reused(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "from IPython.display import display\nprint('printed')\ndisplay({'an': 'object'})\n1 + 2"
    shell.ip.run_cell(f"%%helix shows\n{cell}")
    for _ in range(2):
        capsys.readouterr()
        shell.ip.run_line_magic("helix", "run")
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if line in ("printed", "{'an': 'object'}", "3")] == [
            *("printed", "{'an': 'object'}", "3")
        ]


def test_what_a_shell_command_prints_is_shown_and_replayed(shell: Any) -> None:
    shell("%%helix x\n!echo from the shell\nx = 1")
    assert "from the shell" in shell("%helix run").stdout
    again = shell("%helix run")
    assert "from the shell" in again.stdout
    assert again.value.nodes["x"].state.value == "load"


def test_time_in_a_cell(shell: Any) -> None:
    shell("base = 2")
    shell("%%helix x\n%time x = base + 1\nx")
    ran = shell("%helix run")
    assert "Wall time" in ran.stdout
    assert shell("x").value == 3
    shell("base = 5")
    assert shell.states() == {"x": "compute"}


def test_a_timed_declaration_declares(shell: Any) -> None:
    shell("%%time\n%%helix x\nx = 3")
    shell("%%capture captured\n%%helix y\ny = x + 1")
    shell("%helix run")
    assert shell("x, y").value == (3, 4)


def test_await_in_a_cell_of_a_plain_shell(shell: Any) -> None:
    shell("%%helix x\nimport asyncio\nawait asyncio.sleep(0)\nprint('awaited')\nx = 1")
    assert "awaited" in shell("%helix run").stdout
    assert shell("x").value == 1


def test_a_file_that_an_awaiting_cell_reads_is_an_input(shell: Any, place: Any) -> None:
    path = place / "data.txt"
    path.write_text("one")
    shell("%%helix x\nimport asyncio, os\nawait asyncio.sleep(0)\nx = open(os.path.join('.', 'da' + 'ta.txt')).read()")
    shell("%helix run")
    assert shell("x").value == "one"
    path.write_text("two, longer")
    assert shell.states() == {"x": "compute"}
    assert shell("x").value == "two, longer"


def test_display_only_cells_need_no_output(shell: Any) -> None:
    shell("%%helix rows\nrows = [1]")
    shell("%%helix --name report\nprint('report of', rows)")
    assert "report of [1]" in shell("%helix run").stdout
    again = shell("%helix run")
    assert "report of [1]" in again.stdout
    assert again.value.nodes["report"].state.value == "load"


def test_sequences_of_random_numbers_do_not_depend_on_what_ran_before(shell: Any) -> None:
    shell("%%helix x\nimport random\nx = random.random()")
    shell("%%helix y\nimport numpy as np\ny = float(np.random.rand())")
    shell("%helix run")
    before = shell("x, y").value
    shell("import random; random.random()")
    shell("%helix run --force x --force y")
    assert shell("x, y").value == before


def test_a_cell_that_loses_its_magic_line_is_an_ordinary_cell_again(shell: Any) -> None:
    shell("%%helix rows\nrows = 1", cell_id="cell")
    shell("%%helix total\ntotal = rows + 1", cell_id="later")
    shell("%helix run")
    told = shell("rows = 10", cell_id="cell")
    assert "'rows' is no longer a node: its cell has lost the %%helix line." in told.stderr
    shell("%helix run")
    assert shell("total").value == 11


def test_an_ordinary_cell_with_an_id_of_its_own_drops_nothing(shell: Any) -> None:
    shell("%%helix rows\nrows = 1", cell_id="cell")
    shell("other = 2", cell_id="another")
    assert list(shell("%helix status").value) != []


def test_a_cell_may_take_the_place_of_another_and_that_one_take_it_back(shell: Any) -> None:
    shell("%%helix rows\nrows = 1", cell_id="first")
    shell("%%helix total\ntotal = rows + 1", cell_id="total")
    assert shell("%%helix rows --replace\nrows = 10", cell_id="second").result.success
    assert shell.states() == {"rows": "compute", "total": "compute"}
    assert shell("total").value == 11
    assert shell("%%helix rows\nrows = 1", cell_id="first").result.success
    shell("%helix run")
    assert shell("total").value == 2
    error = shell("%%helix rows\nrows = 3", cell_id="third").error
    assert isinstance(error, DuplicateOutput)
    assert "--replace" in str(error)


def test_replace_takes_the_place_of_the_node_that_gives_the_name(shell: Any) -> None:
    shell("%%helix a\na = 1", cell_id="first")
    assert shell("%%helix a --name second --replace\na = 7", cell_id="second").result.success
    assert shell.states() == {"second": "compute"}
    assert shell("a").value == 7


def test_remove_takes_all_of_them_or_none(shell: Any) -> None:
    shell("%%helix n\nn = 1")
    shell("%%helix m\nm = n")
    assert "zzz" in str(shell("%helix remove m zzz").result.error_in_exec)
    assert [row.node for row in shell("%helix status").value] == ["n", "m"]
