"""What a run tells while it lasts."""

from __future__ import annotations

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
