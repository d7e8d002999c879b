"""Cells that change a name that they have: links in a chain, each on a private value."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, ran, slow

from helix_jupyter import Session
from helix_jupyter.errors import DuplicateOutput, NodeFailed, SelfReference

Opener = Callable[..., Session]

LIST = "x = [1, 2]"
ARRAY = "import numpy as np\nx = np.array([1, 2])"
FRAME = "import pandas as pd\nx = pd.DataFrame({'v': [1, 2]})"

CHANGES = [
    pytest.param(LIST, "x.append(3)", "sum(x)", 3, 6, id="list in place"),
    pytest.param(LIST, "x = x + [3]", "sum(x)", 3, 6, id="list anew"),
    pytest.param(LIST, "x += [3]", "sum(x)", 3, 6, id="list augmented"),
    pytest.param(LIST, "x[0] = 10", "sum(x)", 3, 12, id="item of a list"),
    pytest.param(ARRAY, "x *= 10", "int(x.sum())", 3, 30, id="array augmented"),
    pytest.param(ARRAY, "x[0] = 10", "int(x.sum())", 3, 12, id="item of an array"),
    pytest.param(FRAME, "x['v'] *= 10", "int(x['v'].sum())", 3, 30, id="column"),
    pytest.param(FRAME, "x.loc[0, 'v'] = 10", "int(x['v'].sum())", 3, 12, id="cell of a frame"),
    pytest.param(FRAME, "x = x[x['v'] > 1]", "int(x['v'].sum())", 3, 2, id="frame anew"),
    pytest.param(FRAME, "x.loc[2] = 3", "int(x['v'].sum())", 3, 6, id="row of a frame"),
    pytest.param(FRAME, "x['v'].to_numpy().base", "int(x['v'].sum())", 3, 3, id="frame left alone"),
    pytest.param("x = {'a': [1, 2]}", "x['a'].append(3)", "sum(x['a'])", 3, 6, id="deep in a dict"),
    pytest.param("x = 3", "x = x * 2", "x", 3, 6, id="number"),
    pytest.param("x = {1, 2}", "x.add(3)", "sum(x)", 3, 6, id="set"),
    pytest.param("import types\nx = types.SimpleNamespace(n=3)", "x.n = 6", "x.n", 3, 6, id="attribute of an object"),
]


@pytest.mark.parametrize("policy", ["all", "none"])
@pytest.mark.parametrize(("base", "change", "read", "before", "after"), CHANGES)
def test_readers_before_the_link_keep_the_earlier_value(
    opened: Opener, base: str, change: str, read: str, before: object, after: object, policy: str
) -> None:
    session = opened(policy=policy)
    session.declare(base, ["x"])
    session.declare(f"early = {read}", ["early"])
    session.declare(change, ["x"], update=True)
    session.declare(f"late = {read}", ["late"])
    session.run()
    assert (session["early"], session["late"]) == (before, after)
    assert computed(session.run()) == []
    session.declare(f"early = [{read}]", ["early"])  # read once more, from memory
    session.run()
    assert (session["early"], session["late"]) == ([before], after)


@pytest.mark.parametrize(("base", "change", "read", "before", "after"), CHANGES)
def test_results_are_the_same_whether_an_input_is_computed_or_loaded(
    opened: Opener, base: str, change: str, read: str, before: object, after: object
) -> None:
    base = f"import time; time.sleep(0.2)\n{base}"  # dearer than any load on a busy machine
    for _ in range(2):
        session = opened()
        session.declare(base, ["x"])
        session.run()
        session.close()
    session = opened()
    session.declare(base, ["x"])
    session.declare(f"early = {read}", ["early"])
    session.declare(change, ["x"], update=True)
    session.declare(f"late = {read}", ["late"])
    version = session.run()
    assert ran(version)["x"] == "load"
    assert (session["early"], session["late"]) == (before, after)


def test_a_fitted_model_is_another_value_than_the_unfitted_one(session: Session) -> None:
    session.declare("import numpy as np\nX, y = np.arange(8.0).reshape(8, 1), np.repeat([0, 1], 4)", ["X", "y"], "data")
    session.declare("from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression()", ["model"])
    session.declare("unfitted = not hasattr(model, 'coef_')", ["unfitted"])
    session.declare("model.fit(X, y)", ["model"], update=True)
    session.declare("scores = {'accuracy': model.score(X, y)}", ["scores"], metrics=True)
    version = session.run()
    assert session["unfitted"] is True
    assert version.metrics == {"accuracy": 1.0}
    assert hasattr(session["model"], "coef_")
    session.declare("from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression(C=0.5)", ["model"])
    version = session.run()
    assert "data" not in computed(version)
    assert session["model"].C == 0.5


def test_three_links_and_a_reader_behind_each(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    for number in range(1, 4):
        session.declare(f"x.append({number})", ["x"], update=True, name=f"step{number}")
        session.declare(f"seen{number} = list(x)", [f"seen{number}"])
    session.run()
    assert [session[f"seen{number}"] for number in (1, 2, 3)] == [[0, 1], [0, 1, 2], [0, 1, 2, 3]]
    assert session["x"] == [0, 1, 2, 3]


def test_redeclaring_a_link_keeps_its_place(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True, name="one")
    session.declare("middle = list(x)", ["middle"])
    session.declare("x.append(2)", ["x"], update=True, name="two")
    session.run()
    session.declare("x.append(10)", ["x"], update=True, name="one")
    assert computed(session.run()) == ["one", "middle", "two"]
    assert session["middle"] == [0, 10]
    assert session["x"] == [0, 10, 2]


def test_a_link_may_be_removed(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True, name="one")
    session.declare("seen = list(x)", ["seen"])
    session.run()
    session.remove("one")
    assert "seen" not in session.namespace
    session.run()
    assert session["seen"] == [0]
    assert session["x"] == [0]


def test_the_base_of_a_chain_cannot_be_removed_alone(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True, name="one")
    session.declare("x.append(2)", ["x"], update=True, name="two")
    with pytest.raises(
        SelfReference, match=r"'x' cannot be removed: 'one', 'two' update what it gives\. .*remove x one two$"
    ):
        session.remove("x")
    assert list(session.declarations) == ["x", "one", "two"]
    session.remove("x", "one", "two")
    assert not session.declarations


def test_the_same_cell_declared_again_is_the_same_link(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True)
    session.declare("x.append(1)", ["x"], update=True)
    session.run()
    assert session["x"] == [0, 1]


def test_a_reader_that_stands_before_the_base_reads_the_base(session: Session) -> None:
    session.declare("early = list(x)", ["early"])
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True, name="one")
    session.run()
    assert session["early"] == [0]


def test_one_update_of_two_names(session: Session) -> None:
    session.declare("a, b = [1], [2]", ["a", "b"], name="pair")
    session.declare("a.append(b[0]); b.append(3)", ["a", "b"], update=True, name="both")
    session.declare("total = sum(a) + sum(b)", ["total"])
    session.run()
    assert session["total"] == 1 + 2 + 2 + 3


def test_an_update_of_one_name_may_make_another(session: Session, folder: Path) -> None:
    session.declare("a = [1]", ["a"])
    session.declare("a.append(2); b = [len(a)]", ["b", "a"], update=True)
    session.declare("early = list(b)", ["early"])
    session.declare("b.append(sum(a))", ["b"], update=True)
    assert list(session.declarations) == ["a", "b", "early", "b.2"]
    session.run()
    assert (session["a"], session["early"], session["b"]) == ([1, 2], [2], [2, 3])
    found = runpy.run_path(str(session.export("workflow.py")))
    assert (found["a"], found["early"], found["b"]) == ([1, 2], [2], [2, 3])


def test_an_update_may_read_other_nodes(session: Session) -> None:
    session.declare("x = [1]", ["x"])
    session.declare("k = 5", ["k"])
    session.declare("x.append(k)", ["x"], update=True, name="one")
    session.run()
    session.declare("k = 6", ["k"])
    assert computed(session.run()) == ["k", "one"]
    assert session["x"] == [1, 6]


def test_a_second_producer_without_update_names_both_cells(session: Session) -> None:
    session.declare("df = [1]", ["df"])
    with pytest.raises(DuplicateOutput) as problem:
        session.declare("df = [2]", ["df"], name="again")
    message = str(problem.value)
    assert "'df'" in message
    assert "again" in message
    assert "--update" in message
    assert "\n" not in message
    session.run()
    assert session["df"] == [1]


def test_an_update_of_what_nothing_makes_is_refused(session: Session) -> None:
    with pytest.raises(SelfReference):
        session.declare("df = df.dropna()", ["df"], update=True)
    assert list(session.declarations) == []


def test_a_node_that_reads_its_own_output_is_refused(session: Session) -> None:
    with pytest.raises(SelfReference, match="--update"):
        session.declare("df = df + 1", ["df"])


def test_an_update_that_fails_halfway_leaves_the_earlier_value(session: Session) -> None:
    session.declare("x = [1]", ["x"])
    session.declare("early = list(x)", ["early"])
    session.declare("x.append(2)\nraise ValueError('no')", ["x"], update=True, name="one")
    with pytest.raises(NodeFailed):
        session.run()
    session.declare("x.append(3)", ["x"], update=True, name="one")
    session.run()
    assert session["early"] == [1]
    assert session["x"] == [1, 3]


def test_the_notebooks_value_does_not_change_with_a_later_link(session: Session) -> None:
    session.declare("x = [1]", ["x"])
    session.run()
    mine = session.namespace["x"]
    session.declare("x.append(2)", ["x"], update=True)
    session.run()
    assert mine == [1]
    assert session.namespace["x"] == [1, 2]


def test_a_helper_before_a_link_reads_the_earlier_value(session: Session) -> None:
    define(session.namespace, "def total(): return sum(x)")
    session.declare("x = [1, 2]", ["x"])
    session.declare("early = total()", ["early"])
    session.declare("x.append(3)", ["x"], update=True, name="one")
    session.declare("late = total()", ["late"])
    session.run()
    assert (session["early"], session["late"]) == (3, 6)


def test_a_chain_is_the_same_after_a_restart(opened: Opener) -> None:
    values = []
    for _ in range(2):
        session = opened()
        session.declare(slow("x = [0]"), ["x"])
        session.declare(slow("x.append(1)"), ["x"], update=True)
        session.declare(slow("x.append(2)"), ["x"], update=True)
        session.declare(slow("seen = list(x)"), ["seen"])
        version = session.run()
        values.append((session["x"], session["seen"], len(computed(version))))
        session.close()
    assert values == [([0, 1, 2], [0, 1, 2], 4), ([0, 1, 2], [0, 1, 2], 0)]


def test_two_frames_that_share_memory_stay_apart(session: Session) -> None:
    session.declare("import pandas as pd\ndf = pd.DataFrame({'v': [1.0, 2.0]})", ["df"])
    session.declare("view = df['v']", ["view"])
    session.declare("df['v'] = df['v'] * 10\ndf.loc[0, 'v'] = -1", ["df"], update=True)
    session.declare("late = df['v'].tolist()", ["late"])
    session.run()
    assert session["view"].tolist() == [1.0, 2.0]
    assert session["late"] == [-1.0, 20.0]


def test_an_output_that_is_a_view_of_an_input_array_is_safe_from_updates(session: Session) -> None:
    session.declare("import numpy as np\nx = np.arange(4)", ["x"])
    session.declare("head = x[:2]", ["head"])
    session.declare("x[:] = 9", ["x"], update=True, name="wipe")
    session.run()
    assert session["head"].tolist() == [0, 1]
    assert session["x"].tolist() == [9, 9, 9, 9]


def test_an_update_of_what_cannot_be_copied_says_so_in_one_line(session: Session) -> None:
    session.declare("import threading\nx = threading.Lock()", ["x"])
    session.declare("x.acquire()", ["x"], update=True, name="taken")
    with pytest.raises(Exception, match="cannot be copied") as problem:
        session.run()
    assert "\n" not in str(problem.value)


def test_who_runs_the_name_of_a_chain_means_what_it_is_now(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True)
    session.declare("x.append(2)", ["x"], update=True, name="more")
    session.declare("other = 1", ["other"])
    assert session.plan("x").targets == ("more",)
    assert computed(session.run("x")) == ["x", "x.2", "more"]
    assert session.namespace["x"] == [0, 1, 2]
    assert session.explore(["x"]).what_if.targets == ("more",)


def test_who_means_the_first_link_of_a_chain_says_so(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True)
    assert computed(session.run("x.1")) == ["x"]
    assert computed(session.run(["x.2"])) == ["x.2"]
    explored = session.explore(["x.1"], force=["x.1"])
    assert explored.what_if.targets == ("x",)
    applied = session.apply(explored)
    assert applied.command == "%helix run x.1 --force x.1"
    assert computed(session.run(**applied.run)) == ["x"]


def test_what_is_said_of_the_name_of_a_chain_is_said_of_its_last_link(session: Session) -> None:
    session.declare(slow("x = [0]"), ["x"])
    session.declare(slow("x.append(1)"), ["x"], update=True)
    session.run()
    session.declare(slow("x.append(2)"), ["x"], name="x.2", update=True)
    assert (session.why("x").node, session.why("x.1").node) == ("x.2", "x")
    assert session.why("x").reasons == ("line 3 changed: x.append(1) -> x.append(2)",)
    (line,) = session.prepare_names(["x"])
    assert line.startswith("'x' is not up to date: %helix run x computes it")
    assert computed(session.run("x")) == ["x.2"]
    assert computed(session.run(force=["x"])) == ["x.2"]
    assert computed(session.run("x.1", force=["x.1"])) == ["x"]
    session.pin("x")
    assert [row.node for row in session.status().rows if row.keeping] == ["x.2"]


def test_who_traces_the_name_of_a_chain_means_what_it_is_now(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    session.declare("x.append(1)", ["x"], update=True)
    session.declare("other = 1", ["other"])
    session.run()
    assert [step.node for step in session.trace("x").steps] == ["x", "x.2"]
    assert [step.node for step in session.trace("other", session.run().id).steps] == ["other"]


def test_an_update_of_what_nobody_gives_says_what_to_write(session: Session) -> None:
    session.declare("x = [0]", ["x"])
    with pytest.raises(SelfReference, match=r"'clean' is to update 'clean'.* %%helix NAME --name clean --update\.$"):
        session.declare("x = x + [1]", ["clean"], update=True)
