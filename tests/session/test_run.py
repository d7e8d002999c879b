"""Running: what is computed, loaded and pruned, and what a notebook finds afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session, State
from helix_jupyter.errors import UnknownNode

Opener = Callable[..., Session]


def test_a_first_run_computes_everything_and_binds_the_targets(session: Session) -> None:
    declare_chain(session)
    version = session.run()
    assert ran(version) == {"rows": "compute", "total": "compute", "doubled": "compute"}
    assert version.status == "done"
    assert session.namespace["doubled"] == 12


def test_a_session_says_what_it_is(session: Session) -> None:
    declare_chain(session)
    assert repr(session) == f"<Session 'main': 3 nodes, store {session.store.folder}>"


def test_an_unchanged_run_computes_nothing(session: Session) -> None:
    declare_chain(session)
    session.run()
    assert ran(session.run()) == {"rows": "prune", "total": "prune", "doubled": "load"}


@pytest.mark.parametrize(
    ("edited", "code", "expected"),
    [
        ("rows", "rows = [4, 5]", ["rows", "total", "doubled"]),
        ("total", "total = max(rows)", ["total"]),  # 3: not 6
        ("doubled", "doubled = total * 3", ["doubled"]),
    ],
    ids=["first", "middle", "last"],
)
def test_an_edit_computes_the_node_and_what_rests_on_it(
    session: Session, edited: str, code: str, expected: list[str]
) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow(code), [edited])
    expected = ["total", "doubled"] if edited == "total" else expected
    assert computed(session.run()) == expected


def test_dagster_14842_a_refactored_node_of_equal_value_computes_nothing_below(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow("rows = list(range(1, 4))"), ["rows"])
    assert ran(session.run()) == {"rows": "compute", "total": "prune", "doubled": "load"}


def test_an_early_cut_off_in_a_fresh_session_loads_what_rests_on_the_node(opened: Opener) -> None:
    first = opened()
    declare_chain(first)
    first.run()
    first.close()
    second = opened()
    declare_chain(second, "rows = list(range(1, 4))")
    assert ran(second.run()) == {"rows": "compute", "total": "prune", "doubled": "load"}
    assert second.namespace["doubled"] == 12


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if True:\n    value = 1", "for value in [1]:\n    pass"),
        ("def f():\n    return 1\nvalue = f()", "value = 1"),
        ("def f(x):\n    return x\nvalue = f(1)", "def f(x, y=2):\n    return x\nvalue = f(1)"),
        ("with memoryview(b''):\n    value = 1", "try:\n    value = 1\nfinally:\n    pass"),
        ("value = 1", "class A:\n    value = 1\nvalue = A.value"),
        ("if True:\n    value = 1\nelse:\n    value = 2", "if True:\n    value = 1\nelif 0:\n    value = 2"),
    ],
)
def test_the_head_of_a_statement_may_be_edited(session: Session, before: str, after: str) -> None:
    session.declare(before, ["value"])
    session.run()
    assert session.declare(after, ["value"]).change != "unchanged"
    assert computed(session.run()) == ["value"]
    assert all("\n" not in reason for reason in session.why("value").reasons)


def test_an_edit_undone_is_loaded(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow("rows = [7]"), ["rows"])
    session.run()
    declare_chain(session)
    assert computed(session.run()) == []
    assert session["doubled"] == 12


@pytest.mark.parametrize(
    "code",
    ["rows = [1, 2, 3]  # all of them", "\n\nrows = [1, 2, 3]\n", "rows = [1,2,\n    3]", "rows = [1, 2, 3,]"],
    ids=["comment", "blank lines", "line break", "trailing comma"],
)
def test_joblib_1710_comments_and_format_never_count(session: Session, code: str) -> None:
    session.declare("rows = [1, 2, 3]", ["rows"])
    session.run()
    session.declare(code, ["rows"])
    assert computed(session.run()) == []


def test_cells_may_come_in_any_order(session: Session) -> None:
    session.declare("total = sum(rows)", ["total"])
    session.declare("rows = [1, 2]", ["rows"])
    assert list(ran(session.run())) == ["rows", "total"]
    assert session["total"] == 3


def test_a_target_runs_its_slice_only(session: Session) -> None:
    declare_chain(session)
    session.declare("other = 1", ["other"])
    assert computed(session.run(["total"])) == ["rows", "total"]


def test_a_target_may_be_a_string_or_an_output(session: Session) -> None:
    session.declare("a, b = 1, 2", ["a", "b"], name="pair")
    assert computed(session.run("b")) == ["pair"]
    assert session.run("pair").targets == ("pair",)


def test_of_a_node_with_several_outputs_one_can_be_loaded_alone(opened: Opener) -> None:
    first = opened()
    cell = slow("small, large = 1, bytes(3_000_000)"), ["small", "large"]
    first.declare(*cell, name="pair")
    first.declare(slow("result = small + 1"), ["result"])
    first.run()
    first.close()
    second = opened()
    second.declare(*cell, name="pair")
    second.declare(slow("result = small + 2"), ["result"])
    plan = second.plan()
    assert {node: str(state) for node, state in plan.states.items()} == {"pair": "load", "result": "compute"}
    assert computed(second.run()) == ["result"]
    assert "large" not in second.namespace
    assert len(second["large"]) == 3_000_000


def test_dvc_8342_the_plan_says_what_the_run_then_does(session: Session) -> None:
    declare_chain(session)
    assert {node: str(state) for node, state in session.plan().states.items()} == ran(session.run())
    session.declare(slow("doubled = total * 4"), ["doubled"])
    plan = session.plan()
    version = session.run()
    assert {node: str(state) for node, state in plan.states.items()} == ran(version)
    assert all(plan.reasons[node] for node in plan.states)
    assert plan.states["rows"] is State.PRUNE


def test_a_plan_runs_nothing(session: Session) -> None:
    session.declare("raise SystemExit", ["never"])
    session.plan()
    session.status()
    session.why("never")
    session.dag()
    assert len(session.versions) == 0


def test_forecasts_come_from_measurements(session: Session) -> None:
    session.declare("import time\ntime.sleep(0.2)\nvalue = 1", ["value"])
    session.run()
    session.declare("import time\ntime.sleep(0.2)\nvalue = 2", ["value"])
    plan = session.plan()
    assert 0.15 < plan.seconds < 5
    assert plan.guessed == ()


def test_a_forecast_is_of_the_code_as_it_is_and_not_of_older_code(session: Session) -> None:
    session.declare("import time\ntime.sleep(0.5)\nvalue = rows", ["value"])
    for rows in (1, 2, 3):
        session.declare(f"rows = {rows}", ["rows"])
        session.run()
    session.declare("value = rows + 0", ["value"])
    assert session.plan().node_seconds["value"] > 0.4  # nothing else was measured
    session.run()
    session.declare("rows = 4", ["rows"])
    assert session.plan().node_seconds["value"] < 0.1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1", "True"),
        ("1", "1.0"),
        ("1", "'1'"),
        ("0.0", "-0.0"),
        ("(1,)", "[1]"),
        ("b'1'", "'1'"),
        ("{1}", "frozenset({1})"),
    ],
)
def test_hamilton_1616_a_constants_type_counts(session: Session, before: str, after: str) -> None:
    session.namespace["constant"] = eval(before)
    session.declare("value = repr(constant)", ["value"])
    session.run()
    session.namespace["constant"] = eval(after)
    assert computed(session.run()) == ["value"]
    assert session["value"] == after


def test_hamilton_1616_shape_counts(session: Session) -> None:
    import numpy as np

    session.namespace["grid"] = np.arange(6)
    session.declare("shape = grid.shape", ["shape"])
    session.run()
    session.namespace["grid"] = np.arange(6).reshape(2, 3)
    session.run()
    assert session["shape"] == (2, 3)


def test_marimo_8364_an_edited_function_is_seen(session: Session) -> None:
    define(session.namespace, "def constant(): return 11 + 19")
    session.declare("value = constant()", ["value"])
    session.run()
    assert session["value"] == 30
    define(session.namespace, "def constant(): return 5 + 3")
    session.run()
    assert session["value"] == 8


def test_marimo_8364_the_body_behind_wraps_is_seen(session: Session) -> None:
    decorator = (
        "import functools\n"
        "def loud(function):\n"
        "    @functools.wraps(function)\n"
        "    def wrapper(*args): return function(*args)\n"
        "    return wrapper\n"
    )
    define(session.namespace, decorator + "@loud\ndef constant(): return 1")
    session.declare("value = constant()", ["value"])
    session.run()
    define(session.namespace, decorator + "@loud\ndef constant(): return 2")
    session.run()
    assert session["value"] == 2


def test_a_helper_behind_a_helper_counts(session: Session) -> None:
    define(session.namespace, "RATE = 2\ndef inner(x): return x * RATE\ndef outer(x): return inner(x)")
    session.declare("value = outer(3)", ["value"])
    session.run()
    assert session["value"] == 6
    session.namespace["RATE"] = 5
    session.run()
    assert session["value"] == 15


def test_helpers_read_other_nodes_through_their_globals(session: Session) -> None:
    define(session.namespace, "def scaled(): return base * 10")
    session.declare("base = 2", ["base"])
    session.declare("value = scaled()", ["value"])
    session.run()
    assert session["value"] == 20
    session.declare("base = 3", ["base"])
    assert computed(session.run()) == ["base", "value"]
    assert session["value"] == 30


def test_redeclaring_keeps_the_place(session: Session) -> None:
    declare_chain(session)
    session.declare("rows = [1]", ["rows"])
    assert list(session.declarations) == ["rows", "total", "doubled"]


def test_a_removed_node_declared_again_is_loaded(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.remove("doubled")
    session.declare(slow("doubled = total * 2"), ["doubled"])
    assert computed(session.run()) == []


def test_force_computes_whatever_is_stored(session: Session) -> None:
    declare_chain(session)
    session.run()
    version = session.run(force=["total"])
    assert computed(version) == ["total"]
    assert version.nodes["total"].reason == "forced"


def test_forcing_an_unknown_node_runs_nothing(session: Session) -> None:
    declare_chain(session)
    with pytest.raises(UnknownNode):
        session.run(force=["totl"])
    assert len(session.versions) == 0


def test_within_leaves_what_does_not_fit(session: Session) -> None:
    session.declare("import time\ntime.sleep(1.0)\nslow = k", ["slow"])
    session.declare("quick = k", ["quick"])
    session.namespace["k"] = 1
    session.run()
    session.namespace["k"] = 2
    plan = session.plan(within=0.8)
    assert list(plan.deferred or {}) == ["slow"]
    assert computed(session.run(within=0.8)) == ["quick"]


def test_what_is_left_for_later_tells_its_price_where_it_is_known(session: Session, told: list[str]) -> None:
    session.declare("import time\ntime.sleep(0.3)\nslow = 1", ["slow"])
    session.run(within=0)
    assert told == ["'slow' is left for later: takes nobody knows how long yet"]
    session.run()
    session.declare("import time\ntime.sleep(0.3)\nslow = 2", ["slow"])
    session.run(within=0)
    assert told[-1].startswith("'slow' is left for later: would add 0.")
    assert ", and the run may then take 0." in told[-1]


def test_a_volatile_node_runs_each_time(session: Session) -> None:
    session.declare("import itertools, time\nnow = time.perf_counter()", ["now"], volatile=True)
    session.declare("later = now + 1", ["later"])
    session.declare("fixed = 1", ["fixed"])
    session.run()
    before = session["now"]
    version = session.run()
    assert computed(version) == ["now", "later"]
    assert session.namespace["later"] == session["now"] + 1 != before + 1
    assert "volatile" in version.nodes["now"].reason


def test_a_volatile_node_of_equal_value_computes_nothing_below(session: Session) -> None:
    session.declare("status = 'same'", ["status"], volatile=True)
    session.declare(slow("report = status * 2"), ["report"])
    session.run()
    assert computed(session.run()) == ["status"]


def test_getting_a_volatile_value_does_not_run_it_again(session: Session) -> None:
    session.declare("import time\nnow = time.perf_counter()", ["now"], volatile=True)
    session.run()
    assert session["now"] == session["now"]
    assert len(session.versions) == 1


def test_names_of_the_notebook_are_captured(session: Session) -> None:
    define(session.namespace, "import math\nLIMIT = 3\ndef helper(x): return x + 1")
    session.declare("value = math.floor(helper(LIMIT) + 0.5)", ["value"])
    session.run()
    assert session["value"] == 4


def test_loading_a_wide_graph_is_planned_at_once(session: Session) -> None:
    for number in range(60):
        session.declare(f"part{number} = {number}", [f"part{number}"])
    session.declare(f"total = {' + '.join(f'part{number}' for number in range(60))}", ["total"])
    session.run()
    assert session["total"] == math.comb(60, 2)
    assert computed(session.run()) == []


def test_a_name_that_comes_to_stand_for_another_helper_counts(session: Session) -> None:
    define(session.namespace, "def one():\n    return 1\ndef two():\n    return 2\nwhich = one")
    session.declare(slow("total = one() + 10 * two() + 100 * which()"), ["total"])
    session.run()
    define(session.namespace, "which = two")
    assert session.why("total").reasons[0] == "`which` changed: one -> two"
    assert computed(session.run()) == ["total"]
    assert session["total"] == 221
