"""``%helix sweep``: variants as versions that share all that no parameter touches."""

from __future__ import annotations

from typing import Any

import pytest

from helix_jupyter.errors import NodeFailed, UnknownNode, UnknownOption

ROWS = "import time\ntime.sleep(0.05)\nrows = [1, 2, 3]"
MODEL = "total = sum(rows) * SCALE\nmodel = dict(C=1.0, total=total, kind='a b')"
SCORES = "scores = {'accuracy': model['C'] * model['total']}"


@pytest.fixture
def started(shell: Any) -> Any:
    shell("SCALE = 2")
    shell(f"%%helix rows\n{ROWS}")
    shell(f"%%helix model\n{MODEL}")
    shell(f"%%helix scores --metrics\n{SCORES}")
    return shell


def versions(shell: Any) -> list[Any]:
    return list(shell("%helix versions").value)


def test_each_combination_is_a_version_that_shares_the_rest(started: Any) -> None:
    started("%helix run")
    comparison = started("%helix sweep model.C=[0.5, 2.0] SCALE=[2,3] -m 'a try'").value
    made = versions(started)[1:]
    assert [version.message for version in made] == [
        f"a try model.C={c} SCALE={scale}" for c in (0.5, 2.0) for scale in (2, 3)
    ]
    assert [version.metrics["accuracy"] for version in made] == [6.0, 9.0, 24.0, 36.0]
    assert {version.parent for version in made} == {1}
    assert all(version.nodes["rows"].state.value == "load" for version in made)
    assert [version.id for version in comparison.versions] == [2, 3, 4, 5]
    assert [row.values for row in comparison.parameters if row.label == "C"] == [("0.5", "0.5", "2.0", "2.0")]


def test_all_is_afterwards_as_it_was(started: Any) -> None:
    started("%helix run")
    started("%helix sweep model.C=[5.0] SCALE=[9]")
    assert started("SCALE").value == 2
    assert started("scores['accuracy']").value == 12.0, "not that of the last variant"
    assert started.states() == {"rows": "prune", "model": "prune", "scores": "load"}
    assert versions(started)[-1].parent == 1


def test_a_name_that_no_node_reads_is_told(started: Any) -> None:
    started("def scaled(x):\n    return x * FACTOR\nFACTOR, OTHER = 1, 2")
    started("%%helix scores --metrics\nscores = {'accuracy': scaled(model['C'])}")
    told = started("%helix sweep OTHER=[1, 2] FACTOR=[3, 4]").stderr
    assert "No node that ran reads 'OTHER'" in told
    assert "'FACTOR'" not in told


def test_it_needs_no_run_before(started: Any) -> None:
    started("%helix sweep model.C=range(1, 4)")
    made = versions(started)
    assert [version.metrics["accuracy"] for version in made] == [12.0, 24.0, 36.0]
    assert [version.nodes["rows"].state.value for version in made] == ["compute", "load", "load"]


def test_texts_and_names_of_the_notebook_are_values(started: Any) -> None:
    started("many = [1, 2]")
    started("%helix sweep model.kind=['x y', \"it's\"] model.C=many")
    made = versions(started)
    assert [version.message for version in made][::3] == ["model.kind='x y' model.C=1", 'model.kind="it\'s" model.C=2']
    assert 'kind="it\'s"' in made[-1].nodes["model"].source


def test_a_variant_that_fails_leaves_the_others(started: Any) -> None:
    started("%%helix scores --metrics\nscores = {'accuracy': 1 / model['C']}")
    ran = started("%helix sweep model.C=[1, 0, 2]")
    assert [version.status for version in ran.value.versions] == ["done", "failed", "done"]
    assert "model.C=0: Node 'scores' failed at line 2: ZeroDivisionError" in ran.stderr
    assert isinstance(started("%helix sweep model.C=[0]").error, NodeFailed)
    assert started.states()["scores"] == "compute", "the declarations are what they were"


def test_targets_bound_what_runs(started: Any) -> None:
    started("%helix sweep model.C=[1, 2] --target model")
    assert all(version.nodes["scores"].state.value == "prune" for version in versions(started))


WRONG = {
    "nothing": ("", "the following arguments are required"),
    "no values": ("model.C", "is not NODE.PARAMETER=[values]"),
    "no list": ("model.C=3", "Write one: model.C=[0.1, 1]."),
    "an empty list": ("model.C=[]", "model.C lacks its values"),
    "an unknown name": ("model.C=[nope]", "gives no list (NameError"),
    "an unknown parameter": ("model.c=[1]", "Node 'model' has no parameter 'c'."),
    "no parameter": ("scores.D=[1]", "It has none with a name."),
    "no name": ("NOPE=[1]", "'NOPE' is no value of the notebook"),
    "an output": ("rows=[1]", "'rows' is no value of the notebook"),
    "no literal": ("model.C=[print]", "cannot be written into a cell"),
    "an open bracket": ("model.C=[1", "A bracket is not closed"),
}


@pytest.mark.parametrize(("line", "problem"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_is_refused_before_anything_runs(started: Any, line: str, problem: str) -> None:
    assert problem in str(started(f"%helix sweep {line}").error)
    assert versions(started) == []


def test_an_unknown_node_is_named(started: Any) -> None:
    assert isinstance(started("%helix sweep nope.C=[1]").error, UnknownNode)


def test_a_parameter_beside_a_magic_is_left_alone(started: Any) -> None:
    started("%%helix timed\n%time timed = 3")
    assert isinstance(started("%helix sweep timed.timed=[1]").error, UnknownOption)


def test_parameters_complete(started: Any) -> None:
    assert "model.C=[" in started.complete("%helix sweep mod")


def test_what_the_variants_show_is_recorded_and_not_shown(started: Any) -> None:
    shown = "print('C is', model['C'])\nfrom IPython.display import display\ndisplay({'drawn': model['C']})\nlook = 1"
    started(f"%%helix look\n{shown}")
    swept = started("%helix sweep model.C=[0.5, 2.0]")
    assert "C is" not in swept.stdout
    assert not any("drawn" in str(one["data"]) for one in swept.displays)
    started("%helix checkout 1")
    again = started("%helix run")
    assert "C is 0.5" in again.stdout
    assert any("drawn" in str(one["data"]) for one in again.displays)
    assert versions(started)[-1].nodes["look"].state.value == "load"
