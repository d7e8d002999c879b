"""The version browser's side in a kernel: what it is sent, what it may ask and do; a version's cells as text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helix_jupyter.version.cells import cells_of, text_of_cells
from tests.notebook.test_notebook_widget import VIEW, Widget

CELLS = (
    "import math\nFACTOR = 2\ndef double(x):\n    return FACTOR * x",
    "%%helix rows other --name data --group 'the data'\nrows = [1, 2, 3]\nother = math.pi",
    "%%helix rows --update\nrows.append(4)",
    "%%helix scores --metrics --lower spread\nscores = {'spread': double(sum(rows))}",
)


@pytest.fixture
def kept(kernel: Any) -> Any:
    for cell in (*CELLS, "%helix run -m first"):
        assert not kernel(cell).error
    kernel("%%helix scores --metrics --lower spread\nscores = {'spread': double(sum(rows)) / 2}")
    kernel("%helix run -m second")
    return kernel


def state_of(kernel: Any, widget: Widget) -> dict[str, Any]:
    """The document that a widget has now."""
    find = "import json\nfrom ipywidgets.widgets.widget import _instances\n"
    return dict(json.loads(kernel(f"{find}print(json.dumps(_instances['{widget.model}'].document))").text()))


def test_the_list_is_a_widget_beside_its_static_forms(kept: Any) -> None:
    cell = kept("%helix versions")
    assert "second" in cell.value
    assert "<table" in cell.data("text/html")[0]
    assert cell.data(VIEW)


def test_versions_are_asked_for_and_changed(kept: Any) -> None:
    widget = Widget(kept, kept("%helix versions"))
    assert [row["message"] for row in state_of(kept, widget)["versions"]] == ["first", "second"]
    assert [row["id"] for row in widget.ask("rows", before=2)["versions"]] == [1]
    told = widget.ask("version", version=2)
    assert told["metrics"] == [
        {"name": "spread", "value": 10.0, "delta": -10.0, "better": True, "direction": "lower"},
    ]
    assert {node["name"]: node["state"] for node in told["nodes"]}["scores"] == "compute"

    answer = widget.ask("annotate", version=1, message="the base", tags=["base", "old"], note="n")
    assert answer == {"message": "the base", "tags": ["base", "old"], "note": "n"}
    assert widget.ask("annotate", version=1, untag=["old"])["tags"] == ["base"]
    first, _ = state_of(kept, widget)["versions"]
    assert (first["message"], first["tags"], first["note"]) == ("the base", ["base"], "n")

    difference = widget.ask("diff", a=1, b=2)
    assert (difference["before"]["id"], difference["counts"]["edited"]) == (1, 1)
    assert "current one and cannot be deleted" in widget.ask("delete", versions=[2])
    assert "no version 9" in widget.ask("version", version=9).lower()


def test_an_open_list_follows_runs_checkouts_and_deletions(kept: Any) -> None:
    widget = Widget(kept, kept("%helix versions"))
    answer = widget.ask("checkout", version=1)
    assert (answer["nodes"], answer["lines"]) == (3, [])
    assert state_of(kept, widget)["current"] == 1
    kept("%%helix more\nmore = 1")
    kept("%helix run -m branch")
    document = state_of(kept, widget)
    assert [(row["id"], row["parent"], row["lane"]) for row in document["versions"]] == [
        (1, None, 0),
        (2, 1, 0),
        (3, 1, 1),
    ]
    several = widget.ask("comparison", versions=[1, 2, 3])
    assert [(row["name"], row["values"]) for row in several["metrics"]] == [("spread", [20.0, 10.0, 20.0])]
    assert widget.ask("delete", versions=[2]) == {}
    assert [row["id"] for row in state_of(kept, widget)["versions"]] == [1, 3]


def test_the_cells_of_a_version_give_its_values_again(shell: Any, kernel: Any) -> None:
    for cell in CELLS:
        shell(cell)
    version = shell("%helix run").value
    assert text_of_cells(version).count("# %%\n") == 4
    assert cells_of(version)[1].startswith("%%helix rows other --name data --group 'the data'\n")
    for cell in cells_of(version):
        assert not kernel(cell).error
    states = kernel("v = %helix run\nprint(sorted({str(state) for state in v.states.values()}))").text()
    assert "load" in states
    assert "compute" not in states
