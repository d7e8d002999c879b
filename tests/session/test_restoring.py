"""A version against the cells of a notebook: which say something else, which are missing, which the version has not."""

from __future__ import annotations

import pytest
from session_helpers import computed, define

from helix_jupyter import Session
from helix_jupyter.cell.options import parse_options
from helix_jupyter.session import declaring
from helix_jupyter.version.restoring import Restoration, restoration
from helix_jupyter.version.types import Version

CELLS = {
    "a": "%%helix rows --group data\nrows = [1, 2]",
    "b": "# helix: total\ntotal = sum(rows)",
    "c": "%%helix scores --metrics --lower loss\nscores = {'loss': total}",
}


def declare(session: Session, *cells: str) -> None:
    """Declare cells as a notebook does."""
    for cell in cells:
        first, _, body = cell.partition("\n")
        options = parse_options(first.removeprefix("%%helix ").removeprefix("# helix: "))
        session.add(declaring.from_text(body, options, session.declarations))


@pytest.fixture
def version(session: Session) -> Version:
    declare(session, *CELLS.values())
    return session.run()


def told(found: Restoration) -> dict[str, tuple[str, str]]:
    return {one.node: (one.cell, one.text) for one in found.cells}


def test_cells_that_say_the_same_stay_as_they_are(version: Version) -> None:
    found = restoration(version, CELLS, {})
    assert told(found) == {"rows": ("a", CELLS["a"]), "total": ("b", CELLS["b"]), "scores": ("c", CELLS["c"])}
    assert found.others == {}
    assert found.definitions == ""


EDITS = [
    pytest.param("%%helix rows --group data\nrows = [3]", "%%helix rows --group data\nrows = [1, 2]", id="code alone"),
    pytest.param(
        "\n%%helix rows --group 'data'  --run\nrows = [3]",
        "\n%%helix rows --group 'data'  --run\nrows = [1, 2]",
        id="the line is its own where it says the same",
    ),
    pytest.param("%%helix rows\nrows = [1, 2]", "%%helix rows --group data\nrows = [1, 2]", id="an option is missing"),
    pytest.param(
        "# helix: rows --seed 3 --run\nrows = [1, 2]",
        "# helix: rows --group data --run\nrows = [1, 2]",
        id="an option too many; the form stays",
    ),
    pytest.param(
        "%%helix rows --replace --group=data\nrows = 0",
        "%%helix rows --replace --group=data\nrows = [1, 2]",
        id="replace",
    ),
    pytest.param(
        "%%helix --name rows --group data\n\nrows = []", "%%helix --name rows --group data\nrows = [1, 2]", id="name"
    ),
]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_cell_of_the_name_says_what_the_version_says(version: Version, before: str, after: str) -> None:
    assert told(restoration(version, CELLS | {"a": before}, {}))["rows"] == ("a", after)


def test_what_is_missing_comes_as_it_was_declared(version: Version) -> None:
    found = restoration(version, {"m": "%%helix other\nother = 1", "broken": "%%helix rows --nonsense\nrows = 0"}, {})
    assert [(one.node, one.cell) for one in found.cells] == [("rows", ""), ("total", ""), ("scores", "")]
    assert [one.text for one in found.cells][::2] == [CELLS["a"], CELLS["c"]]
    assert found.cells[1].text == "%%helix total\ntotal = sum(rows)"
    assert found.others == {"m": "other"}


@pytest.mark.parametrize(
    ("option", "declared", "owner"),
    [
        ("", {}, "again"),
        ("", {"a": "rows"}, "a"),
        ("", {"again": "rows"}, "again"),
        ("--replace", {}, "again"),
        ("--replace", {"a": "rows"}, "again"),
    ],
    ids=str,
)
def test_of_several_cells_the_one_counts_that_stands_when_all_are_run(
    version: Version, option: str, declared: dict[str, str], owner: str
) -> None:
    cells = CELLS | {"again": f"%%helix rows {option} --group data\nrows = [9]"}
    assert told(restoration(version, cells, declared))["rows"][0] == owner


def test_links_of_a_chain_are_told_apart(session: Session) -> None:
    cells = {
        "a": "%%helix df\ndf = [1]",
        "b": "%%helix df --update\ndf = df + [2]",
        "c": "%%helix df --update\ndf = df + [3]",
        "d": "%%helix df --name last --update\ndf = df + [4]",
    }
    declare(session, *cells.values())
    version = session.run()
    assert list(version.nodes) == ["df", "df.2", "df.3", "last"]
    assert [one.text for one in restoration(version, {}, {}).cells] == list(cells.values())
    found = told(restoration(version, cells | {"c": "%%helix df --update\ndf = df + [7]"}, {}))
    assert found["df.3"] == ("c", cells["c"])
    assert found["last"] == ("d", cells["d"])
    # a link above was taken out: what is declared tells which one each is
    left = {cell: text for cell, text in cells.items() if cell != "b"}
    assert told(restoration(version, left, {"c": "df.3"}))["df.2"] == ("", cells["b"])


def test_definitions_come_back_that_no_cell_makes(session: Session) -> None:
    define(session.namespace, "import math\nK = 3\ndef double(x):\n    return 2 * x")
    declare(session, "%%helix value\nvalue = math.floor(double(K))")
    version = session.run()
    whole = restoration(version, {}, {}).definitions
    assert whole == "import math\nK = 3\n\n\ndef double(x):\n    return 2 * x"
    assert restoration(version, {}, {}, {"math", "double"}).definitions == "K = 3"


def test_a_checkout_says_which_cells_its_declarations_are(session: Session, version: Version) -> None:
    session.declare("more = 1", ["more"])
    session.checkout(version.id, cells={"rows": "a", "scores": "new"})
    origins = {node: one.origin.cell for node, one in session.declarations.items()}
    assert origins == {"rows": "a", "total": None, "scores": "new"}
    assert computed(session.run()) == []
