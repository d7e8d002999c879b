"""What the open widgets are told of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helix_jupyter.plan.types import Plan, State
from helix_jupyter.view.audience import MOST, Audience
from helix_jupyter.view.live import LiveProgress
from helix_jupyter.view.progress import Progress

STATES = {"a": State.LOAD, "b": State.COMPUTE, "c": State.PRUNE}
PLAN = Plan(STATES, {}, {"a": 0.1, "b": 2.0}, 2.1, 0, ("b",), {}, ("b",))


class Page:
    """A widget that keeps what it is sent."""

    def __init__(self) -> None:
        self.document: Any = None
        self.sent: list[Any] = []

    def send(self, content: Any) -> None:
        self.sent.append(content)


class Kept(Progress):
    """A front end's own progress that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def begin(self, plan: Plan) -> None:
        self.told.append("begin")

    def node(self, name: str, state: State) -> None:
        self.told.append(f"node {name}")

    def done(self, name: str, state: State, seconds: float) -> None:
        self.told.append(f"done {name}")

    def failed(self, name: str, seconds: float) -> None:
        self.told.append(f"failed {name}")

    def interrupted(self, name: str, seconds: float) -> None:
        self.told.append(f"interrupted {name}")

    def end(self, status: str) -> None:
        self.told.append(f"end {status}")

    def warn(self, message: str) -> None:
        self.told.append(f"warn {message}")


def test_a_run_is_told_to_all_and_to_the_front_end() -> None:
    audience, page, inner, underway = Audience(), Page(), Kept(), []
    audience.join(page, dict)
    progress = LiveProgress(inner, audience, underway.append)
    progress.begin(PLAN)
    progress.node("a", State.LOAD)
    progress.done("a", State.LOAD, 0.1)
    progress.node("b", State.COMPUTE)
    assert audience.underway()[1]["nodes"][0] == ["a", "loaded", 0.1]
    progress.warn("mind")
    progress.failed("b", 1.0)
    progress.end("failed")
    assert inner.told == ["begin", "node a", "done a", "node b", "warn mind", "failed b", "end failed"]
    assert underway == [True, True, False]
    assert page.sent[0] == {
        "event": "begin",
        "nodes": [["a", "load", 0.1], ["b", "compute", None], ["c", "prune", 0.0]],
    }
    last = {name: phase for message in page.sent[1:-1] for name, phase, _ in message["nodes"]}
    assert last == {"a": "loaded", "b": "failed"}
    assert page.sent[-1] == {"event": "end", "status": "failed"}
    assert audience.underway() == []


def test_a_page_that_is_loaded_during_a_run_is_told_for_how_long_it_has_gone_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SimpleNamespace(now=100.0, monotonic=lambda: clock.now)
    monkeypatch.setattr("helix_jupyter.view.audience.time", clock)
    audience = Audience()
    audience.join(Page(), dict)
    progress = LiveProgress(Kept(), audience, lambda _: None)
    for second in (100.0, 103.0):  # a plan that is made again begins no run
        clock.now = second
        progress.begin(PLAN)
    progress.node("b", State.COMPUTE)
    clock.now = 108.0
    begin, changes = audience.underway()
    assert (begin["elapsed"], changes["nodes"]) == (8.0, [["b", "running", 5.0]])
    progress.end("done")
    clock.now = 200.0
    progress.begin(PLAN)
    assert audience.underway()[0]["elapsed"] == 0.0


def test_a_node_that_was_interrupted_is_told_apart_from_one_that_failed() -> None:
    audience, page, inner = Audience(), Page(), Kept()
    audience.join(page, dict)
    progress = LiveProgress(inner, audience, lambda underway: None)
    progress.begin(PLAN)
    progress.node("b", State.COMPUTE)
    progress.interrupted("b", 1.0)
    assert page.sent[-1]["nodes"] == [["b", "interrupted", 1.0]]
    assert inner.told[-1] == "interrupted b"


def test_only_the_newest_widgets_are_kept_up_to_date() -> None:
    audience, pages = Audience(), [Page() for _ in range(MOST + 1)]
    assert not audience
    for page in pages:
        audience.join(page, lambda look: look())
    audience.show(lambda: {"nodes": []})
    assert [page.document for page in pages] == [None, *[{"nodes": []}] * MOST]
