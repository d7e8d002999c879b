"""One cell to one declaration."""

from __future__ import annotations

import pytest

from helix_jupyter.cell.options import parse_options
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import CellSyntaxError
from helix_jupyter.graph.declaration import Declaration, Origin
from helix_jupyter.graph.declare import make_declaration


def declared(line: str, code: str = "x = 1", node: str | None = None) -> Declaration:
    return make_declaration(code, code, parse_options(line), Origin(), node)


@pytest.mark.parametrize(
    ("line", "given", "node", "outputs"),
    [
        pytest.param("x", None, "x", ("x",), id="first output"),
        pytest.param("x y", None, "x", ("x", "y"), id="first of several"),
        pytest.param("x y --name split", None, "split", ("x", "y"), id="own name"),
        pytest.param("--name plot", None, "plot", ("plot",), id="name alone"),
        pytest.param("x --update", "x_2", "x_2", ("x",), id="name given by the caller"),
        pytest.param("--name plot", "plot_2", "plot_2", ("plot",), id="the output stays the option's name"),
    ],
)
def test_names(line: str, given: str | None, node: str, outputs: tuple[str, ...]) -> None:
    declaration = declared(line, node=given)
    assert (declaration.node, declaration.outputs) == (node, outputs)


def test_everything_is_taken_over() -> None:
    origin = Origin("<cell 3>", offset=1, cell="abc", label="cell [3]")
    options = parse_options("x --watch a.csv --metrics --volatile --update --seed 7 --group g --run")
    declaration = make_declaration("x = !ls  # a", "x = get_ipython().getoutput('ls')", options, origin)
    assert declaration.source == "x = !ls  # a"
    assert declaration.code == declaration.normalised == "x = get_ipython().getoutput('ls')"
    assert declaration.analysis.writes == ("x",)
    assert (declaration.update, declaration.metrics, declaration.volatile) == (True, True, True)
    assert (declaration.watch, declaration.seed, declaration.group) == (("a.csv",), 7, "g")
    assert declaration.origin == origin


def test_formatting_does_not_count() -> None:
    one, other = declared("x", "x = 1 # one"), declared("x", "x=1")
    assert one.normalised == other.normalised
    assert one != other


def test_syntax_error_names_the_file() -> None:
    with pytest.raises(CellSyntaxError) as caught:
        make_declaration("x = (", "x = (", CellOptions(("x",)), Origin("<cell 3>"))
    assert caught.value.filename == "<cell 3>"


def test_neither_output_nor_name() -> None:
    with pytest.raises(ValueError, match="output or a name"):
        make_declaration("x", "x", CellOptions(), Origin())
