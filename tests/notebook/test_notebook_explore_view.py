"""The explorer's widget in a real kernel: what it answers, what it makes so, what a run then does."""

from __future__ import annotations

from typing import Any

import pytest
from notebook_widgets import VIEW, Widget

CELLS = (
    "import time",
    "%%helix rows\ntime.sleep(0.2)\nrows = list(range(20000))",
    "%%helix total\ntime.sleep(0.2)\ntotal = [sum(rows)] * 10000",
    "%%helix other\nother = len(rows)",
)


@pytest.fixture
def ready(kernel: Any) -> Any:
    """A kernel whose workflow has run with everything stored, and was edited since."""
    kernel("%helix config policy=all")
    for cell in CELLS:
        assert not kernel(cell).error
    assert not kernel("%helix run\n_ = get_ipython().run_line_magic('helix', 'status')").error
    kernel("%%helix other\nother = len(rows) + 1")
    return kernel


@pytest.fixture
def widget(ready: Any) -> Widget:
    return Widget(ready, ready("%helix plan --explore"))


def states(answer: Any) -> dict[str, str]:
    return {node["name"]: (node["explored"] or {"state": "dropped"})["state"] for node in answer["nodes"]}


def test_it_answers_from_one_look(widget: Widget) -> None:
    nothing = widget.ask("explore", question={})
    assert states(nothing) == {"rows": "load", "total": "load", "other": "compute"}
    forced = widget.ask("explore", question={"force": ["total"]})
    assert states(forced)["total"] == "compute"
    assert {node["name"]: node["actual"]["state"] for node in forced["nodes"]}["total"] == "load"
    assert states(widget.ask("explore", question={"drop": ["other"]}))["other"] == "dropped"
    small = widget.ask("explore", question={"budget": "1kB"})
    assert small["question"]["budget"] == 1_000
    assert small["explored"]["used"] <= 1_000 < small["actual"]["used"]
    assert {one["node"] for one in small["explored"]["gone_before"]} >= {"rows", "total"}
    assert widget.ask("explore", question={"policy": "none"})["explored"]["policy"] == "none"
    curve = widget.ask("curve", question={})
    assert [point["budget"] for point in curve] == sorted(point["budget"] for point in curve)
    assert curve[0]["seconds"] > curve[-1]["seconds"]


def test_what_cannot_be_asked_gets_a_word(widget: Widget) -> None:
    assert "no size" in widget.ask("explore", question={"budget": "lots"})
    assert "no node" in widget.ask("explore", question={"pin": ["nobody"]}).lower()
    assert "take back" in widget.ask("undo")


def test_a_new_look_keeps_what_still_fits(ready: Any, widget: Widget) -> None:
    ready("%helix remove other")
    look = widget.ask("look", question={"pin": ["rows", "other"], "policy": "none"})
    assert (look["explored"]["question"]["pin"], look["explored"]["question"]["policy"]) == (["rows"], "none")
    assert list(look["picture"]["layout"]["nodes"]) == ["rows", "total"]
    assert set(look["policies"]) >= {"adaptive", "all", "none"}


def test_what_is_applied_is_what_runs_and_is_taken_back(ready: Any, widget: Widget) -> None:
    made = widget.ask("apply", question={"pin": ["rows"], "never": ["total"], "drop": ["other"], "targets": ["total"]})
    assert (made["run"], [one["node"] for one in made["gone"]]) == ("%helix run total", ["total"])
    assert made["document"]["applied"] is True
    assert made["document"]["explored"]["question"]["pin"] == []
    keeping = {node["name"]: node["actual"]["keeping"] for node in made["document"]["explored"]["nodes"]}
    assert keeping == {"rows": "pinned", "total": "never stored"}
    assert set(ready.states("total")) == {"rows", "total"}
    back = widget.ask("undo")
    assert (back["document"]["applied"], back["gone"]) == (False, [])
    assert set(states(back["document"]["explored"])) == {"rows", "total", "other"}
    assert ready.states()["other"] == "compute"


def test_an_answer_that_is_no_longer_so_is_not_applied(ready: Any, widget: Widget) -> None:
    # nothing was declared and nothing ran: no page looks anew
    assert not ready("%helix forget rows").error
    assert "Explore again" in widget.ask("apply", question={"pin": ["total"]})
    assert widget.ask("look", question={})["applied"] is False


def test_the_picture_of_the_workflow_answers_the_same(ready: Any) -> None:
    picture = Widget(ready, ready("%helix dag"))
    assert "Refresh" in picture.ask("explore", question={})
    assert states(picture.ask("look")["explored"])["other"] == "compute"
    assert states(picture.ask("explore", question={"force": ["rows"]}))["rows"] == "compute"


def test_what_magics_change_is_shown(ready: Any, widget: Widget) -> None:
    ready("%helix pin total")
    look = widget.ask("look")
    assert {node["name"]: node["actual"]["keeping"] for node in look["explored"]["nodes"]}["total"] == "pinned"


def test_an_answer_of_another_session_stays_static(ready: Any) -> None:
    ready("import helix_jupyter\nother = helix_jupyter.Session('.other', namespace={})\nother.declare('a = 1', ['a'])")
    cell = ready("other.explore()")
    assert "as it is" in cell.value
    assert not cell.data(VIEW)
