"""What a run tells while it lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helix_jupyter.plan.types import Place, Plan, State
from helix_jupyter.view.progress import Progress


def plan(seconds: dict[str, float], guessed: tuple[str, ...] = ()) -> Plan:
    states = dict.fromkeys(seconds, State.COMPUTE)
    total = sum(seconds.values())
    return Plan(states, dict.fromkeys(seconds, ""), seconds, total, 0, tuple(seconds), {"x": Place.STORE}, guessed)


def test_seconds_that_are_known_are_counted_down() -> None:
    progress = Progress()
    progress.begin(plan({"a": 1.0, "b": 3.0}))
    assert progress.is_worth_showing
    assert (progress.line("a", State.COMPUTE), progress.fraction) == ("1/2 computing a, 4.0 s left", 0.0)
    progress.done("a", State.COMPUTE, 1.0)
    assert (progress.line("b", State.COMPUTE), progress.fraction) == ("2/2 computing b, 3.0 s left", 0.25)


def test_what_is_left_goes_by_the_pace_of_the_run() -> None:
    progress = Progress()
    progress.begin(plan({"a": 4.0, "b": 4.0, "c": 2.0}))
    progress.done("a", State.COMPUTE, 8.0)
    assert progress.remaining == pytest.approx(10.0)  # 8 s done and a fifth of the forecast, against 4 s and a fifth
    progress.begin(plan({"a": 0.0, "b": 4.0, "c": 2.0}))  # planned again: what was done has no seconds any more
    assert progress.remaining == pytest.approx(10.0)
    progress.done("b", State.COMPUTE, 1.0)
    assert progress.remaining == pytest.approx(2.2)


def test_how_sure_it_is_is_told() -> None:
    progress = Progress()
    progress.begin(replace(plan({"a": 10.0}), spreads={"a": 0.2}))
    assert progress.line("a", State.COMPUTE) == "1/1 computing a, 10.0 s left (7.7-12.9)"


def test_nodes_that_never_ran_are_counted_not_guessed() -> None:
    progress = Progress()
    progress.begin(plan({"a": 0.001, "b": 0.001}, guessed=("a", "b")))
    assert progress.is_worth_showing
    assert (progress.line("a", State.COMPUTE), progress.fraction) == (
        "1/2 computing a, time unknown (2 never ran)",
        0.0,
    )
    progress.done("a", State.COMPUTE, 3.0)
    assert progress.line("b", State.COMPUTE) == "2/2 computing b, time unknown (1 never ran)"
    assert progress.fraction == 0.5


def test_a_run_of_a_moment_shows_nothing() -> None:
    progress = Progress()
    progress.begin(plan({"a": 0.1}))
    assert not progress.is_worth_showing
