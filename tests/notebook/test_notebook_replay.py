"""What a node shows is shown live, and shown again when the node is reused, also after a restart."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

CELLS = {
    "rows": "import warnings\nrows = list(range(5))\nprint('größe 🎉 \\u2028 end')\nwarnings.warn('careful now')",
    "plot": "import matplotlib.pyplot as plt\nplt.plot(rows)\nplt.title('squares')\nplt.show()",
    "figure_left_open": "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.bar(rows, rows);",
    "table": "import pandas as pd\nfrom IPython.display import display, HTML\ndisplay(HTML('<b>bold</b>'))\n"
    "table = pd.DataFrame({'x': rows})\ntable",
    "late": "import asyncio, sys\nprint('before', flush=True)\nawait asyncio.sleep(0.01)\nprint('after')\n"
    "print('aside', file=sys.stderr)\nlate = 1",
    "bar": "import sys, time\nfor i in range(3):\n    print(f'\\rstep {i}', end='', file=sys.stderr)\n"
    "print(file=sys.stderr)\nbar = 1",
    "handle": "from IPython.display import display\nh = display('first', display_id=True)\n"
    "h.update('second')\nhandle = 1",
    "cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')\ncleared = 1",
    "widget": "import ipywidgets\nfrom IPython.display import display\n"
    "display(ipywidgets.IntProgress(value=3))\nwidget = 1",
    "noisy": "for i in range(20000):\n    print(i)\nnoisy = 1",
    "wide": "print('x' * 1_000_000)\nwide = 1",
    "shelled": "!echo from the shell\nshelled = 1",
    "streams": "import sys\nsys.stdout.writelines(['a', 'b'])\nstreams = sys.stdout.encoding",
}
DISPLAY_ONLY = ("plot", "figure_left_open")


def declare(kernel: Any) -> None:
    kernel("%helix config policy=all")
    for node, cell in CELLS.items():
        option = "--name " if node in DISPLAY_ONLY else ""
        assert not kernel(f"%%helix {option}{node}\n{cell}").error


def run_each(kernel: Any) -> dict[str, Any]:
    """What each node shows on its own; ``_`` says what the runs did."""
    shown = {node: kernel(f"v_{node} = %helix run {node}") for node in CELLS}
    runs = ", ".join(f"{node}=v_{node}" for node in CELLS)
    shown["_"] = kernel(f"{{node: run.nodes[node].state.value for node, run in dict({runs}).items()}}")
    return shown


@pytest.fixture(scope="module")
def runs(shared_kernel: Any) -> Mapping[str, dict[str, Any]]:
    """What the nodes showed when they were computed, loaded in the same kernel, and loaded after a restart."""
    declare(shared_kernel)
    found = {"computed": run_each(shared_kernel), "reused": run_each(shared_kernel)}
    shared_kernel.restart()
    declare(shared_kernel)
    found["restarted"] = run_each(shared_kernel)
    return found


@pytest.fixture(params=["computed", "reused", "restarted"])
def shown(runs: Mapping[str, dict[str, Any]], request: pytest.FixtureRequest) -> Any:
    return runs[request.param]


def test_only_the_first_run_computes(runs: Mapping[str, dict[str, Any]]) -> None:
    states = {moment: set(eval(found["_"].value).values()) for moment, found in runs.items()}
    assert states == {"computed": {"compute"}, "reused": {"load"}, "restarted": {"load"}}


def test_prints_and_warnings(shown: Any) -> None:
    assert shown["rows"].text() == "größe 🎉 \u2028 end\n"
    assert "UserWarning: careful now" in shown["rows"].text("stderr")
    assert shown["rows"].text("stderr").count("careful now") == 2  # the message, and the line of code


@pytest.mark.parametrize("node", DISPLAY_ONLY)
def test_a_figure_is_shown_once_as_an_image(shown: Any, node: str) -> None:
    (image,) = shown[node].data("image/png")
    assert base64.b64decode(image).startswith(b"\x89PNG")


def test_a_figure_does_not_change_when_it_is_shown_again(runs: Mapping[str, dict[str, Any]]) -> None:
    assert len({runs[moment]["plot"].data("image/png")[0] for moment in runs}) == 1


def test_tables_and_html(shown: Any) -> None:
    first, second = shown["table"].data("text/html")
    assert first == "<b>bold</b>"
    assert "<table" in second


def test_an_awaiting_node_prints_into_the_cell(shown: Any) -> None:
    assert shown["late"].text() == "before\nafter\n"
    assert "aside" in shown["late"].text("stderr")


def test_of_a_text_progress_bar_the_last_state_is_shown_again(runs: Mapping[str, dict[str, Any]]) -> None:
    assert "step 0" in runs["computed"]["bar"].text("stderr")
    assert runs["reused"]["bar"].text("stderr") == "step 2\n"
    assert runs["restarted"]["bar"].text("stderr") == "step 2\n"


def test_of_an_updated_display_the_last_state_is_shown(shown: Any) -> None:
    assert shown["handle"].data("text/plain") == ["'second'"]


def test_what_a_node_cleared_stays_cleared(shown: Any) -> None:
    assert shown["cleared"].text() == "stays\n"


def test_a_widget_is_live_when_computed_and_text_afterwards(runs: Mapping[str, dict[str, Any]]) -> None:
    view = "application/vnd.jupyter.widget-view+json"
    assert len(runs["computed"]["widget"].data(view)) == 1
    for moment in ("reused", "restarted"):
        assert runs[moment]["widget"].data(view) == []
        assert "IntProgress" in "".join(runs[moment]["widget"].data("text/plain"))


def test_many_and_long_prints(shown: Any) -> None:
    assert shown["noisy"].text().split() == [str(i) for i in range(20000)]
    assert shown["wide"].text() == "x" * 1_000_000 + "\n"


def test_shell_commands(shown: Any) -> None:
    assert "from the shell" in shown["shelled"].text()


def test_the_streams_of_a_node_behave_as_those_of_a_cell(shared_kernel: Any, shown: Any) -> None:
    assert shown["streams"].text() == "ab"
    assert shared_kernel("import sys; streams == sys.stdout.encoding").value == "True"


def test_nothing_failed_and_no_progress_bar_is_left(shown: Any) -> None:
    for node, cell in shown.items():
        assert cell.reply["status"] == "ok", node
        left = [output for output in cell.outputs if output["output_type"] == "display_data" and output["data"]]
        if node not in (*DISPLAY_ONLY, "table", "handle", "widget"):
            assert left == [], json.dumps(left)[:500]
