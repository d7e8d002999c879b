"""Whole notebooks: executed by nbclient, executed again, saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

CELLS = (
    "%load_ext helix_jupyter",
    "import time\nK = 2",
    "%%helix total\ntime.sleep(0.05)\ntotal = sum(scaled)",
    "%%helix scaled\ntime.sleep(0.05)\nscaled = [K * row for row in rows]",
    "# helix: rows\ntime.sleep(0.6)\nprint('reading')\nrows = [1, 2, 3]",
    "%%helix --name plot\nimport matplotlib.pyplot as plt\nplt.plot(scaled);",
    "%%helix scores --metrics\ntime.sleep(0.05)\nscores = {'total': total}",
    "v = %helix run\nv",
    "rows, scaled, total",
    "%helix",
    "%helix dag",
    "%helix diff",
    "%helix versions",
    "print({n: r.state.value for n, r in v.nodes.items()})",
)
RUN, VALUES, PICTURE, DIFFERENCE, HISTORY, STATES = 7, 8, 10, 11, 12, 13
WIDGETS = {PICTURE, DIFFERENCE, HISTORY}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook executed twice in one folder, a fresh kernel each time."""
    from nbclient import NotebookClient

    folder = str(tmp_path_factory.mktemp("documents"))
    found = []
    for _ in range(2):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
        NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
        found.append(notebook)
    return found


def states(notebook: Any) -> dict[str, str]:
    return dict(eval(notebook.cells[STATES].outputs[0]["text"]))


def test_the_second_execution_computes_nothing(documents: Any) -> None:
    assert set(states(documents[0]).values()) == {"compute"}
    assert "compute" not in states(documents[1]).values()


def test_both_give_the_same_values(documents: Any) -> None:
    first, second = (notebook.cells[VALUES].outputs[0]["data"]["text/plain"] for notebook in documents)
    assert first == second == "([1, 2, 3], [2, 4, 6], 12)"


@pytest.mark.parametrize("which", [0, 1], ids=["first", "second"])
def test_a_saved_notebook_is_valid_and_holds_text_and_html(documents: Any, which: int, tmp_path: Path) -> None:
    path = tmp_path / "saved.ipynb"
    nbformat.write(documents[which], path)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        for output in cell.outputs:
            if output.get("data") and output["output_type"] != "stream":
                assert "text/plain" in output["data"]
    for place in (2, 4, RUN, 9, 11, 12):
        data = notebook.cells[place].outputs[-1]["data"]
        assert data["text/plain"].strip()
        assert "<" in data["text/html"]
    assert "<svg" in json.dumps(notebook.cells[10].outputs[0]["data"])


@pytest.mark.parametrize("which", [0, 1], ids=["first", "second"])
def test_a_saved_notebook_holds_no_widget_without_a_static_form(documents: Any, which: int) -> None:
    cells = documents[which].cells
    shown = {place for place, cell in enumerate(cells) if "widget-view" in json.dumps(cell.outputs)}
    assert shown == WIDGETS, "a bar of progress leaves nothing behind"
    for place in WIDGETS:
        (output,) = cells[place].outputs
        assert {"text/plain", "text/html"} < output["data"].keys()
    (picture,) = cells[PICTURE].outputs
    assert "<img" in picture["data"]["text/html"]
    assert "<svg" in picture["data"]["image/svg+xml"]


@pytest.mark.parametrize("which", [0, 1], ids=["first", "second"])
def test_no_widget_makes_a_saved_notebook_grow_by_more_than_it_may(documents: Any, which: int) -> None:
    saved = documents[which].metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    sizes = [len(json.dumps(one)) for one in saved.values() if one["model_module"] == "anywidget"]
    assert len(sizes) == len(WIDGETS)
    assert max(sizes) < 200_000


def test_the_figure_is_in_both(documents: Any) -> None:
    for notebook in documents:
        (image,) = [o["data"]["image/png"] for o in notebook.cells[RUN].outputs if "image/png" in o.get("data", {})]
        assert len(image) > 1000


def test_a_failing_notebook_stops_at_the_cell_with_one_line_first(execute: Any) -> None:
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError) as caught:
        execute("%load_ext helix_jupyter", "%%helix bad\nz = 1\nbad = 1 / 0", "%helix run")
    assert "NodeFailed: Node 'bad' failed at line 3: ZeroDivisionError: division by zero" in str(caught.value)
