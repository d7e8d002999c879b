"""``%helix plan`` with a what-if: both plans shown, applied on request, taken back; wrong words are one line."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from helix_jupyter import Plan
from helix_jupyter.plan.explore import Explored
from helix_jupyter.view.text_explore import explored_text


@pytest.fixture
def worked(shell: Any) -> Any:
    shell("%config HelixMagics.policy = 'all'")
    shell("%%helix rows\nimport time\ntime.sleep(0.02)\nrows = [1, 2, 3]")
    shell("%%helix total\ntime.sleep(0.02)\ntotal = sum(rows)")
    shell("import time")
    shell("%%helix doubled\ntime.sleep(0.02)\ndoubled = total * 2")
    shell("%helix run")
    return shell


def test_a_what_if_shows_both_plans_and_changes_nothing(worked: Any) -> None:
    answer = worked("%helix plan --budget 1GB --policy helix --pin rows --never total --force doubled").value
    assert isinstance(answer, Explored)
    assert (answer.explored.policy, answer.explored.budget) == ("helix", 10**9)
    assert isinstance(worked("%helix plan").value, Plan)
    worked("from IPython.display import display\nwhat_if = %helix plan --never total")
    shown = worked("display(what_if)").displays[-1]["data"]
    assert "as it would be" in shown["text/plain"]
    assert "as it would be" in shown["text/html"]


def test_explore_without_a_what_if_shows_what_the_budget_buys(worked: Any) -> None:
    explored = worked("%helix plan --explore").value
    assert len(explored.curve) > 4
    _, bought = explored_text(explored).rsplit("next iteration\n", 1)
    told = [line.split(maxsplit=2)[2] for line in bought.splitlines()]
    assert all(one != other for one, other in pairwise(told)), "each line buys something"


def test_applying_says_what_runs_it_and_reset_takes_it_back(worked: Any) -> None:
    done = worked("%helix plan --drop total --pin rows --policy helix --apply")
    assert "%helix run runs it" in done.stdout
    assert [row.node for row in worked("%helix").value] == ["rows"]
    assert worked("%helix config").value["policy"] == "helix"
    assert "taken back" in worked("%helix plan --reset").stdout
    assert [row.node for row in worked("%helix").value] == ["rows", "total", "doubled"]
    assert worked("%helix config").value["policy"] == "all"


def test_never_is_steering(worked: Any) -> None:
    assert "never stored from now on: total" in worked("%helix pin --never total").stdout
    assert worked("%helix").value["total"].keeping == "never stored"
    assert "left to the policy" in worked("%helix unpin total").stdout
    assert worked("%helix").value["total"].keeping == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%helix plan --pin totl", "Did you mean 'total'"),
        ("%helix plan --drop nowhere", "There is no node"),
        ("%helix plan --policy greedy", "say one of"),
        ("%helix plan --budget much", "is no size"),
        ("%helix plan --budget 1GB --within 3s", "--within does not go with"),
        ("%helix plan --reset --pin rows", "goes with nothing else"),
        ("%helix plan --reset", "nothing to take back"),
        ("%helix plan --budgt 1GB", "Did you mean --budget"),
    ],
)
def test_a_wrong_what_if_is_an_error_of_one_line(worked: Any, line: str, words: str) -> None:
    error = worked(line).error
    assert words in str(error)
    assert "\n" not in str(error)
