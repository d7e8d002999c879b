"""Whatever is edited: every run gives what a run from scratch gives, and only what the edit decides anew is run.

A short, repeatable part of it; ``make fuzz`` goes on for hours, with other seeds every time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzz_machine import Notebook, SmallBudget, TinyBudget
from fuzz_world import close_remotes
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

GATE = settings(
    max_examples=40,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    phases=[Phase.generate, Phase.shrink],  # explaining traces every line
    suppress_health_check=list(HealthCheck),
)


pytestmark = pytest.mark.timeout(900)  # a busy machine takes its time, shrinking more


@pytest.fixture(autouse=True, scope="module")
def other_process() -> Iterator[None]:
    yield
    close_remotes()


def test_only_what_an_edit_decides_anew_runs() -> None:
    run_state_machine_as_test(Notebook, settings=GATE)


@pytest.mark.parametrize("machine", [SmallBudget, TinyBudget])
def test_a_small_budget_costs_only_what_it_evicts(machine: type[Notebook]) -> None:
    run_state_machine_as_test(machine, settings=settings(GATE, max_examples=10))
