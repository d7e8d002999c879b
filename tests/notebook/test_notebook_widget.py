"""The picture's widget in a real kernel: what it sends, what it answers, what stays where no widget can be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from notebook_widgets import VIEW, Widget

CELLS = (
    "%%helix rows --group data\nimport pandas as pd\nprint('reading')\nrows = pd.DataFrame({'x': [1, 2, 3]})",
    "def double(x):\n    return 2 * x",
    "%%helix total\ntotal = double(int(rows['x'].sum()))",
    "%%helix scores --metrics\nscores = {'total': total}",
)


@pytest.fixture
def widget(kernel: Any) -> Widget:
    for cell in CELLS:
        assert not kernel(cell).error
    return Widget(kernel, kernel("%helix dag"))


def test_an_output_holds_the_widget_and_static_forms(kernel: Any, widget: Widget) -> None:
    cell = kernel("%helix dag")
    assert "<img" in cell.data("text/html")[0]
    assert cell.data("image/svg+xml")[0].startswith("<svg")
    assert "rows" in cell.value


def test_a_session_shows_its_picture(kernel: Any) -> None:
    cell = kernel("import helix_jupyter\nhelix_jupyter.Session(namespace={})")
    assert "No node" in cell.value or "no node" in cell.value
    assert cell.data(VIEW)


def test_details_are_what_is_recorded_and_nothing_is_computed(kernel: Any, widget: Widget) -> None:
    before = widget.ask("details", node="total")
    assert (before["state"], before["outputs"], before["history"]) == ("compute", [], [])
    kernel("%helix run")
    rows = widget.ask("details", node="rows")
    (output,) = rows["outputs"]
    assert output["preview"]["head"] == [["1"], ["2"], ["3"]]
    assert rows["shown"] == [{"stream": "stdout", "text": "reading\n", "image": ""}]
    total = widget.ask("details", node="total")
    assert "total = double" in total["code"]
    assert {(part["kind"], part["name"]) for part in total["depends"]} >= {("function", "double")}
    assert total["inputs"] == [["rows", "rows"]]
    assert widget.ask("details", node="scores")["outputs"][0]["preview"]["fields"] == [["total", "12"]]
    kernel("%%helix total\ntotal = 1")
    stale = widget.ask("details", node="total")
    assert stale["outputs"][0]["note"].startswith("stale")
    assert len(widget.ask("details", node="rows")["history"]) == 1
    assert kernel("v = %helix versions\nlen(v)").value == "1"


def test_details_are_told_on_a_subshell_while_a_cell_runs(kernel: Any, widget: Widget) -> None:
    client = kernel.client
    client.control_channel.send(client.session.msg("create_subshell_request", {}))
    widget.subshell = client.get_control_msg(timeout=60)["content"]["subshell_id"]
    running = kernel.send("import time\nprint('begun')\nfor _ in range(600): time.sleep(0.1)")
    kernel.until(running, "begun")
    assert "total = double" in widget.ask("details", node="total")["code"]
    assert widget.ask("stop") is False
    kernel.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in kernel.finish(running).error


def test_questions_without_an_answer_get_a_word(widget: Widget) -> None:
    assert "no node" in widget.ask("details", node="nobody").lower()
    assert "restart" in widget.ask("no such question")
    assert widget.ask("stop") is False
    assert widget.ask("run") == []


def test_groups_collapse_and_the_picture_follows_what_is_declared(kernel: Any, widget: Widget) -> None:
    assert [node["name"] for node in widget.ask("picture")["nodes"]] == ["rows", "total", "scores"]
    kernel("%%helix more --group data\nmore = len(rows)")
    collapsed = widget.ask("picture", collapsed=["data"])
    assert [node["name"] for node in collapsed["nodes"]] == ["group data", "total", "scores"]


def test_a_run_is_told_as_it_goes(kernel: Any, widget: Widget) -> None:
    kernel.send("%helix run")
    heard = []
    for message in widget.messages():
        heard.append(message)
        if message.get("event") == "end":
            break
    assert [message["event"] for message in heard][:1] == ["begin"]
    last = {name: phase for one in heard if one["event"] == "changes" for name, phase, _ in one["nodes"]}
    assert last == {"rows": "done", "total": "done", "scores": "done"}


def test_where_it_was_not_built_a_line_says_so_once(kernel: Any) -> None:
    kernel("import helix_jupyter.session.views as views\nviews.widget_module = lambda kind: None")
    kernel(CELLS[0])
    cell = kernel("%helix dag")
    assert not cell.data(VIEW)
    assert "<img" in cell.data("text/html")[0]
    assert cell.text("stderr").count("helix: the interactive picture was not built") == 1
    assert kernel("%helix dag").text("stderr") == ""


def test_no_widget_where_no_front_end_is(shell: Any, place: Path) -> None:
    shell(CELLS[0])
    value = shell("%helix dag").value
    assert VIEW not in value._repr_mimebundle_()


def test_nbconvert_shows_the_static_form(execute: Any) -> None:
    from nbconvert import HTMLExporter

    notebook = execute("%load_ext helix_jupyter", CELLS[0], "%helix dag")
    del notebook.metadata["widgets"]  # what JupyterLab does not save unless told
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "data:image/svg+xml" in page


def test_a_saved_notebook_stays_small(execute: Any) -> None:
    import nbformat

    notebook = execute("%load_ext helix_jupyter", CELLS[0], "%helix dag")
    written = io.StringIO()
    nbformat.write(notebook, written)
    assert len(written.getvalue()) < 200_000
