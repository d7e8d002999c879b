"""The declaring line: every option, quoting, and the one-line errors."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.cell.options import OPTIONS, OPTIONS_HELP, line_of, parse_cell_comment, parse_options
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import UnknownOption


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("rows", CellOptions(("rows",)), id="one output"),
        pytest.param("  a\tb  c ", CellOptions(("a", "b", "c")), id="several outputs"),
        pytest.param("a b --name split", CellOptions(("a", "b"), name="split"), id="own name"),
        pytest.param("--name=split a", CellOptions(("a",), name="split"), id="joined by ="),
        pytest.param("--name plot", CellOptions(name="plot"), id="a name alone"),
        pytest.param("a --name train-model", CellOptions(("a",), name="train-model"), id="name with a dash"),
        pytest.param("a --watch b.csv", CellOptions(("a",), watch=("b.csv",)), id="watch"),
        pytest.param(
            "a --watch x.csv --watch 'data/*.csv' b",
            CellOptions(("a", "b"), watch=("x.csv", "data/*.csv")),
            id="watch twice, outputs around",
        ),
        pytest.param(r"a --watch C:\data\new.csv", CellOptions(("a",), watch=(r"C:\data\new.csv",)), id="Windows path"),
        pytest.param(
            r'a --watch "C:\My Data\new.csv"',
            CellOptions(("a",), watch=(r"C:\My Data\new.csv",)),
            id="quoted Windows path",
        ),
        pytest.param(r"a --watch C:\data\ --run", CellOptions(("a",), watch=("C:\\data\\",), run=True), id="\\ end"),
        pytest.param("a --watch='it s #1.csv'", CellOptions(("a",), watch=("it s #1.csv",)), id="# is no comment"),
        pytest.param("a b  # that's a \"note", CellOptions(("a", "b")), id="comment"),
        pytest.param("a --watch b#1.csv #", CellOptions(("a",), watch=("b#1.csv",)), id="# within a word"),
        pytest.param("a --group '#3' # 4", CellOptions(("a",), group="#3"), id="# in quotes, then a comment"),
        pytest.param("a --metrics", CellOptions(("a",), metrics=True), id="metrics"),
        pytest.param("a --volatile", CellOptions(("a",), volatile=True), id="volatile"),
        pytest.param("a --update --run", CellOptions(("a",), update=True, run=True), id="update and run"),
        pytest.param("a --seed 0", CellOptions(("a",), seed=0), id="seed"),
        pytest.param("a --group 'data preparation'", CellOptions(("a",), group="data preparation"), id="group"),
        pytest.param("größe match", CellOptions(("größe", "match")), id="unicode and soft keyword"),
    ],
)
def test_options(line: str, expected: CellOptions) -> None:
    assert parse_options(line) == expected


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        pytest.param("a --metric", ["'--metric'", "'--metrics'"], id="nearest flag"),
        pytest.param("a -update", ["'-update'", "'--update'"], id="one dash"),
        pytest.param("a --xyzzy", ["'--xyzzy'", "--name", "--run"], id="nothing is near"),
        pytest.param("a --nam b", ["Did you mean '--name'"], id="a prefix is not enough"),
        pytest.param("1x", ["'1x'", "_1x"], id="no identifier"),
        pytest.param("my-model", ["'my-model'", "my_model"], id="dash in an output"),
        pytest.param("class", ["'class'", "keyword", "class_"], id="keyword"),
        *(
            pytest.param(name, [f"'{name}' is a name of the notebook's own", "Write another name"], id=name)
            for name in ("In", "Out", "_", "__", "_i", "_ih", "_oh", "_dh", "_12", "_i3", "__name__", "__builtins__")
        ),
        pytest.param("get_ipython", ["'get_ipython' is a name of the notebook's own"], id="the shell"),
        pytest.param("rows display", ["'display' is a name of the notebook's own"], id="a tool"),
        pytest.param("a, b --metrics", ["'a,' is no", "Separate outputs by blanks: a b."], id="comma"),
        pytest.param("a,b", ["Separate outputs by blanks: a b"], id="comma without blank"),
        pytest.param("!!", ["'!!'", "rows"], id="nothing to make a name of"),
        pytest.param("", ["%%helix rows", "--name"], id="empty"),
        pytest.param("--metrics", ["%%helix rows"], id="flags alone"),
        pytest.param("--name my-plot", ["'my-plot'", "my_plot"], id="name that is an output too"),
        pytest.param("a --name 'b c'", ["'b c'", "b_c"], id="blank in the name"),
        pytest.param("a --seed x", ["--seed", "'x'"], id="seed is no number"),
        pytest.param("a --seed -1", ["--seed", "'-1'"], id="negative seed"),
        pytest.param("a --seed 4294967296", ["--seed", "4294967295"], id="seed too large"),
        pytest.param("a --seed", ["--seed INT"], id="value missing at the end"),
        pytest.param("a --watch --metrics", ["--watch PATH"], id="value missing before a flag"),
        pytest.param("a --run=yes", ["--run takes no value"], id="value for a switch"),
        pytest.param("a --name b --name c", ["--name is given twice"], id="twice"),
        pytest.param("a --watch 'b", ["quote"], id="open quote"),
        pytest.param("--help", ["--watch", "see %helix?"], id="help"),
    ],
)
def test_errors(line: str, parts: list[str]) -> None:
    with pytest.raises(UnknownOption) as caught:
        parse_options(line)
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
    assert message.endswith((".", "?"))


@given(st.text(alphabet="ab1-=' \"\\,#\n\t--name--watch--seedé", max_size=40))
def test_never_another_error(line: str) -> None:
    try:
        options = parse_options(line)
    except UnknownOption:
        return
    assert options.outputs or options.name


@given(st.text(alphabet="ab: \\/*?#.-é", min_size=1).filter(lambda path: path.strip()))
def test_a_quoted_path_always_survives(path: str) -> None:
    assert parse_options(f'a --watch="{path}"').watch == (path,)


@pytest.mark.parametrize(
    "options",
    [
        CellOptions(("a", "b"), "train-model", ("C:\\data\\x.csv", 'it\'s "1".csv', "-x", "plain"), metrics=True),
        CellOptions(("df",), "df.2", update=True, replace=True, seed=7, group="my box", run=True),
        CellOptions((), "plot", volatile=True, lower=("spread", "my loss"), higher=("gini",)),
        CellOptions(("a",)),
    ],
)
def test_options_are_written_as_they_are_read(options: CellOptions) -> None:
    assert parse_options(line_of(options)) == options


@given(st.text(alphabet="ab: \\/*?#.-é'\"=", min_size=1).filter(lambda path: path.strip()))
def test_any_path_is_written_as_it_is_read(path: str) -> None:
    options = CellOptions(("a",), watch=(path,), group=path)
    assert parse_options(line_of(options)) == options


def test_the_table_covers_every_field() -> None:
    fields = {field.name for field in dataclasses.fields(CellOptions)}
    assert {option.field for option in OPTIONS} == fields - {"outputs"}
    assert all(option.flag in OPTIONS_HELP and option.help in OPTIONS_HELP for option in OPTIONS)


def test_names_are_listed_as_the_help_says() -> None:
    assert "--lower A,B" in OPTIONS_HELP
    assert "--higher A,B" in OPTIONS_HELP
    assert parse_options("scores --lower A,B") == CellOptions(("scores",), lower=("A", "B"))


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownOption):
        parse_options("--help")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("# helix: a --run\na = 1", ("a --run", "\na = 1"), id="first line"),
        pytest.param("\n  \n#helix:a\na = 1\n", ("a", "\n  \n\na = 1\n"), id="behind blank lines"),
        pytest.param("# helix:\na = 1", ("", "\na = 1"), id="nothing said"),
        pytest.param("# helix: a\r\na = 1", ("a", "\na = 1"), id="Windows line end"),
        pytest.param("a = 1\n# helix: a", None, id="not first"),
        pytest.param("# helix a\na = 1", None, id="no colon"),
        pytest.param("# see helix: a\na = 1", None, id="prose"),
        pytest.param("", None, id="empty"),
    ],
)
def test_cell_comment(source: str, expected: tuple[str, str] | None) -> None:
    assert parse_cell_comment(source) == expected


@given(st.text(alphabet="a=1 \n#", max_size=30))
def test_a_cell_comment_always_keeps_the_lines(rest: str) -> None:
    parsed = parse_cell_comment("# helix: a\n" + rest)
    assert parsed is not None
    assert parsed[1].split("\n") == ["", *rest.split("\n")]
