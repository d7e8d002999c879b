"""The comm of the JupyterLab extension in a real kernel: opened, asked, told of runs, closed; what is malformed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.notebook.notebook_pages import PATIENCE, TARGET, Page, new_subshell

CELLS = (
    "%%helix rows\nrows = list(range(10))",
    "%%helix total\ntotal = sum(rows)",
    "%%helix scores --metrics\nscores = {'total': total}",
)
SLOW = "%%helix nap\nimport time\nfor _ in range(600):\n    time.sleep(0.1)\nnap = 1"


@pytest.fixture
def declared(kernel: Any) -> Any:
    for place, cell in enumerate(CELLS):
        assert not kernel(cell, f"cell-{place}").error
    return kernel


def targets(kernel: Any) -> list[str]:
    """The comms that a page finds when it asks who is there."""
    client = kernel.client
    request = client.comm_info(TARGET)
    while True:
        reply = client.get_shell_msg(timeout=PATIENCE)
        if reply["parent_header"]["msg_id"] == request:
            return list(reply["content"]["comms"])


def test_a_kernel_tells_that_the_extension_is_loaded_and_unloaded(kernel: Any) -> None:
    assert len(targets(kernel)) == 1
    assert "comm_close" in kernel("%unload_ext helix_jupyter").seen
    assert targets(kernel) == []
    page = Page(kernel)
    assert list(page.messages()) == []
    assert page.closed
    assert "comm_open" in kernel("%load_ext helix_jupyter").seen
    assert len(targets(kernel)) == 1


def test_a_front_end_that_knows_nothing_of_it_does_not_hide_it_from_others(kernel: Any) -> None:
    for _ in range(2):
        (beacon,) = targets(kernel)
        kernel.client.shell_channel.send(kernel.client.session.msg("comm_close", {"comm_id": beacon, "data": {}}))
        assert len(targets(kernel)) == 1
    kernel("%unload_ext helix_jupyter")
    assert targets(kernel) == []


def book(*sources: str) -> dict[str, Any]:
    """An ordinary notebook as a page sends it."""
    cells = [
        {"cell_type": "code", "id": f"c{at}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for at, source in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def test_a_notebook_is_adopted_and_told_cell_by_cell(kernel: Any, place: Any) -> None:
    page = Page(kernel)
    answer = page.ask("adopt", notebook=book("import math", "x = math.sqrt(2)", "print(x)"))
    assert answer["changed"] is True
    assert [(cell["number"], cell["kind"]) for cell in answer["cells"]] == [(1, "plain"), (2, "node"), (3, "node")]
    assert "%%helix x" in answer["after"]
    assert "%%helix" not in answer["before"]
    assert [cell["source"] for cell in answer["notebook"]["cells"]][2] == "%%helix x\nx = math.sqrt(2)"
    assert not (place / ".helix").exists(), "nothing is written, nothing runs"
    assert page.ask("adopt", notebook=answer["notebook"])["changed"] is False


@pytest.mark.parametrize(
    ("notebook", "words"),
    [
        (None, "no notebook"),
        (book("import math"), "no work that a node could save"),
        (book("x = ("), "Cell 1 does not parse"),
    ],
    ids=["none", "no work", "no Python"],
)
def test_what_cannot_be_adopted_is_refused_with_the_reason(kernel: Any, notebook: Any, words: str) -> None:
    assert words in Page(kernel).ask("adopt", notebook=notebook)


def test_a_package_that_cannot_adopt_says_so(kernel: Any) -> None:
    kernel("import sys\nsys.modules['helix_jupyter.adopt'] = None")
    assert "cannot adopt" in Page(kernel).ask("adopt", notebook=book("x = 1"))


def test_a_page_is_greeted_and_shown_the_workflow(declared: Any) -> None:
    page = Page(declared)
    assert page.until("hello") == {"protocol": 1, "package": "0.1.0"}
    page.until("show")
    assert page.nodes == dict.fromkeys(("rows", "total", "scores"), "compute")
    assert page.shown["cells"] == {"cell-0": "rows", "cell-1": "total", "cell-2": "scores"}
    assert page.shown["store"]["budget"] == 2_000_000_000
    assert page.shown["versions"]["total"] == 0
    assert page.ask("node", cell="cell-1") == "total"
    assert page.ask("node", cell="another") is None
    total = page.ask("details", node="total")
    assert "total = sum(rows)" in total["code"]
    assert "".join(text for text, _ in total["runs"]) == total["code"]
    assert ["sum", "b"] in total["runs"]


def test_a_run_is_told_and_what_it_changed_is_shown(declared: Any) -> None:
    page = Page(declared)
    page.until("show")
    request = declared.send("%helix run")
    events = [page.until("event") for _ in range(2)]
    assert events == ["begin", "changes"]
    while page.until("event") != "end":
        pass
    page.until("show")
    assert set(page.nodes.values()) <= {"load", "prune"}
    (version,) = page.shown["versions"]["versions"]
    assert version["metrics"] == {"total": 45}
    assert page.shown["store"]["bytes"] >= 0
    assert "cells" in page.shown
    assert request


def test_what_a_run_is_of_is_shown_before_it_begins(kernel: Any) -> None:
    page = Page(kernel)
    page.until("hello")
    kernel(CELLS[0])
    kernel.send(f"{CELLS[1]}")
    kernel.send("%helix run")
    page.until("event")
    assert set(page.nodes) == {"rows", "total"}


def test_only_what_changed_is_sent(declared: Any) -> None:
    page = Page(declared)
    page.until("show")
    declared.send("%helix config budget=1GB")
    assert page.until("show") == {"store": {"bytes": 0, "budget": 1_000_000_000}}


def test_a_page_that_comes_before_the_first_node_is_shown_it_later(kernel: Any) -> None:
    page = Page(kernel)
    page.until("hello")
    assert "Nothing is declared" in page.ask("details", node="rows")
    kernel.send(CELLS[0], "cell-0")
    page.until("show")
    assert page.ask("node", cell="cell-0") == "rows"
    assert page.nodes == {"rows": "compute"}


def test_looking_at_a_notebook_makes_no_store(kernel: Any, place: Any) -> None:
    page = Page(kernel)
    page.until("hello")
    page.ask("picture", collapsed=[])
    kernel("1 + 1")
    time.sleep(0.3)
    kernel("1 + 1")
    assert not (place / ".helix").exists()


def test_versions_of_earlier_sessions_are_shown_before_anything_is_declared(declared: Any) -> None:
    declared("%helix run")
    declared.restart()
    page = Page(declared)
    page.until("show")
    assert page.nodes == {}
    assert [version["id"] for version in page.shown["versions"]["versions"]] == [1]


def test_a_page_that_is_loaded_while_a_run_lasts_sees_it_and_stops_it(declared: Any) -> None:
    declared(SLOW)
    first = Page(declared)
    first.until("show")
    running = declared.send("%helix run")
    while ["nap", "running", 0.0] not in first.until("nodes"):
        pass
    page = Page(declared, subshell=new_subshell(declared), name="reloaded")
    page.until("show")
    assert page.nodes["nap"] == "compute"
    begin, changes = page.ask("run")
    assert begin["event"] == "begin"
    assert [phase for name, phase, _ in changes["nodes"] if name == "nap"] == ["running"]
    assert page.ask("stop") is True
    assert "KeyboardInterrupt" in declared.finish(running).error


@pytest.mark.parametrize("magic", ["%%helix curves", ""], ids=["node", "plain cell"])
def test_a_question_leaves_the_figures_of_the_running_cell_alone(declared: Any, tmp_path: Path, magic: str) -> None:
    asked = tmp_path / "asked"
    cell = f"""{magic}
import pathlib, time
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
print("begun", flush=True)
while not pathlib.Path({str(asked)!r}).exists():
    time.sleep(0.01)
axes.plot([1, 2])
print("open:", len(plt.get_fignums()))
plt.show()
"""
    assert not declared("import matplotlib.pyplot").error
    page = Page(declared)
    page.until("show")
    page.subshell = new_subshell(declared)
    running = declared.send(cell.strip())
    if magic:
        assert not declared.finish(running).error
        running = declared.send("%helix run")
    declared.until(running, "begun")
    for _ in range(3):
        page.ask("run")
    asked.touch()
    assert "open: 1" in declared.finish(running).text()


@pytest.mark.parametrize("greeting", [[], "hello", {}, {"protocol": None}])
def test_a_page_that_does_not_greet_is_refused_with_words(kernel: Any, greeting: Any) -> None:
    page = Page(kernel, greeting=greeting)
    (message,) = page.messages()
    assert "not understood" in message["problem"]
    assert page.closed


def test_a_page_of_another_protocol_hears_which_one_is_spoken(declared: Any) -> None:
    page = Page(declared, greeting={"protocol": 999})
    assert page.until("hello")["protocol"] == 1
    other = Page(declared, name="other")
    other.until("show")
    assert page.shown == {}


def test_malformed_questions_get_a_word_and_do_no_harm(declared: Any) -> None:
    page = Page(declared)
    page.until("show")
    for data in (None, [], {"ask": "details"}, {"ask": 5, "id": 1}, {"id": 2, "ask": None}):
        page.send(data)
        assert "not understood" in page.until("problem")
    assert "no node" in page.ask("details", node=["x"]).lower()
    assert "restart" in page.ask("no such question")
    assert page.ask("node", cell="cell-0") == "rows"


def test_a_page_that_is_left_is_told_nothing_more(declared: Any) -> None:
    left, stays = Page(declared, name="left"), Page(declared, name="stays")
    left.until("show")
    stays.until("show")
    left.close()
    seen = []
    declared.send("%helix run")
    while True:
        message = declared.client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        seen.append(content.get("comm_id"))
        if content.get("data", {}).get("event") == "end":
            break
    assert "stays" in seen
    assert "left" not in seen


def test_a_version_comes_back_with_the_cells_that_say_it(declared: Any) -> None:
    texts = {f"cell-{place}": cell for place, cell in enumerate(CELLS)}
    declared("%helix run")
    page = Page(declared)
    page.until("show")
    typed = {"plain": "x = 1", **texts, "cell-1": "%%helix total\ntotal = 0", "more": "%%helix more\nmore = 1"}
    del typed["cell-2"]
    answer = page.ask("restore", version=1, cells=typed)
    assert [(one["node"], one["cell"]) for one in answer["cells"]] == [
        ("rows", "cell-0"), ("total", "cell-1"), ("scores", ""),
    ]  # fmt: skip
    assert [one["text"] for one in answer["cells"]] == list(texts.values())
    assert answer["others"] == {"more": "more"}
    declared("%%helix more\nmore = 1", "more")
    page.until("show")
    cells = {"rows": "cell-0", "total": "cell-1", "scores": "new"}
    assert page.ask("checkout", version=1, cells=cells) == {
        "nodes": 3,
        "lines": ["version 1 has no node 'more'. Run its cell to have it back."],
    }
    assert page.shown["cells"] == {cell: node for node, cell in cells.items()}
    # such a cell is its node's own: it can be run again, and what it says replaces what was checked out
    assert not declared("%%helix scores --metrics\nscores = {'total': 2 * total}", "new").error
    assert "more" not in page.nodes


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "version is None"),
        ({"version": True, "cells": {}}, "version is True"),
        ({"version": 1}, "cells are no texts"),
        ({"version": 1, "cells": {"a": 5}}, "cells are no texts"),
        ({"version": 9, "cells": {}}, "no version 9"),
    ],
)
def test_what_cannot_be_restored_gets_a_word(declared: Any, asked: dict[str, Any], words: str) -> None:
    page = Page(declared)
    page.until("show")
    assert words in page.ask("restore", **asked)


def test_a_page_asks_of_versions_and_what_ifs_over_its_one_link(declared: Any) -> None:
    declared("%helix run")
    declared(CELLS[1].replace("sum(rows)", "max(rows)"), "cell-1")
    declared("%helix run")
    page = Page(declared)
    page.until("show")
    history = page.ask("history")
    assert [row["id"] for row in history["versions"]] == [1, 2]
    assert history["session"] == page.shown["session"]
    diff = page.ask("diff", a=1, b=2)
    assert {node["name"]: node["change"] for node in diff["nodes"]}["total"] == "edited"
    look = page.ask("look", question={})
    assert {node["name"] for node in look["explored"]["nodes"]} == {"rows", "total", "scores"}
    page.ask("apply", question={"budget": "1MB"})
    assert page.shown["store"]["budget"] == 1_000_000


FIRST, AGAIN, PLAIN_AGAIN = "%%helix rows\nrows = [1]", "%%helix rows --replace\nrows = [2]", "%%helix rows\nrows = [3]"


@pytest.mark.parametrize(
    ("typed", "run", "is_taken"),
    [
        ({"a": FIRST, "b": PLAIN_AGAIN}, {"a": FIRST, "b": PLAIN_AGAIN}, False),
        ({"b": PLAIN_AGAIN}, {"a": FIRST, "b": PLAIN_AGAIN}, True),
        ({"other": "%%helix x\nx = 1"}, {"a": FIRST, "b": PLAIN_AGAIN}, False),
        ({"a": FIRST, "b": AGAIN}, {"b": AGAIN, "a": FIRST}, True),
        ({"b": AGAIN, "a": FIRST}, {"b": AGAIN, "a": FIRST}, False),
    ],
    ids=["both are there", "the first is gone", "none of this page", "above one that replaces", "below it"],
)
def test_a_nodes_cell_gives_way_where_it_is_gone_or_replaces_the_other_anyway(
    kernel: Any, typed: dict[str, str], run: dict[str, str], is_taken: bool
) -> None:
    page = Page(kernel)
    page.ask("draft", cells=list(typed), texts=typed)
    first, second = run
    assert not kernel(run[first], first).error
    error = kernel(run[second], second).error
    assert (not error) is is_taken
    if error:
        assert "rows" in error
    assert [row["declared"] for row in page.ask("draft", cells=[second], texts=run)["rows"]] == [is_taken]
