"""What differs between two versions, and why."""

from __future__ import annotations

import dataclasses
import math

import pytest

from helix_jupyter.plan.types import State
from helix_jupyter.version.compare_many import MetricRow
from helix_jupyter.version.definitions import DefinitionChange
from helix_jupyter.version.diff import Change, compare
from helix_jupyter.version.metrics import MetricChange, direction
from helix_jupyter.version.types import Capture, OutputRecord

BINS = ("value", "BINS", "1", "10")
MORE_BINS = ("value", "BINS", "2", "20")
CLEAN = ("function", "clean", "1", "utils.py")
CLEANER = ("function", "clean", "2", "utils.py")
PANDAS = ("module", "pandas", "3.0", "3.0")
NEWER_PANDAS = ("module", "pandas", "3.1", "3.1")


@pytest.mark.parametrize(
    ("before", "after", "change", "reasons"),
    [
        pytest.param({}, {}, Change.SAME, (), id="nothing"),
        pytest.param({}, {"code": "a = 2"}, Change.EDITED, ("code edited",), id="code"),
        pytest.param({}, {"source": "a = 1  # why"}, Change.SAME, (), id="comment"),
        pytest.param({}, {"seconds": 9.0, "state": State.LOAD}, Change.SAME, (), id="what the run did"),
        pytest.param(
            {"options": {"seed": 1}},
            {"options": {"seed": 2}},
            Change.EDITED,
            ("option seed: 1 -> 2",),
            id="option",
        ),
        pytest.param(
            {"parts": [CLEAN]},
            {"parts": [CLEANER]},
            Change.EDITED,
            ("helper `clean` changed in utils.py",),
            id="helper",
        ),
        pytest.param(
            {"parts": [BINS]},
            {"parts": [MORE_BINS]},
            Change.EDITED,
            ("`BINS` changed: 10 -> 20",),
            id="value",
        ),
        pytest.param(
            {"parts": [PANDAS]},
            {"parts": [NEWER_PANDAS]},
            Change.EDITED,
            ("pandas 3.0 -> 3.1",),
            id="package",
        ),
        pytest.param({"parts": [BINS]}, {}, Change.EDITED, ("it no longer reads `BINS`",), id="no longer used"),
        pytest.param({}, {"parts": [BINS]}, Change.EDITED, ("it now reads `BINS`",), id="used now"),
        pytest.param({}, {"digest": "e"}, Change.AFFECTED, ("gave another value",), id="volatile"),
        pytest.param({}, {"digest": ""}, Change.SAME, (), id="did not run"),
    ],
)
def test_one_node(version, record, before, after, change, reasons) -> None:
    source = after.pop("source", None)
    newer = record("a", **after)
    if source:
        newer = dataclasses.replace(newer, source=source)
    node = compare(version(1, record("a", **before)), version(2, newer)).all_nodes["a"]
    assert (node.change, node.reasons) == (change, reasons)


def chain(record, first_code: str, first: str, second: str, third: str):
    return (
        record("a", first_code, first),
        record("b", digest=second, inputs={"a": "a"}),
        record("c", digest=third, inputs={"b": "b"}),
        record("other"),
    )


def test_what_stands_below_an_edit_is_affected(version, record) -> None:
    diff = compare(version(1, *chain(record, "a = 1", *"xyz")), version(2, *chain(record, "a = 2", *"XYZ")))
    assert {name: node.change for name, node in diff.nodes.items()} == {
        "a": Change.EDITED,
        "b": Change.AFFECTED,
        "c": Change.AFFECTED,
    }
    assert diff.nodes["b"].reasons == ("`a` has another value",)
    assert diff.all_nodes["other"].change is Change.SAME
    assert dict(diff.nodes["c"].outputs) == {"c": True}


def test_an_edit_that_changes_no_value_goes_no_further(version, record) -> None:
    diff = compare(version(1, *chain(record, "a = 1", *"xyz")), version(2, *chain(record, "a = 1 + 0", *"xyz")))
    assert list(diff.nodes) == ["a"]
    assert dict(diff.nodes["a"].outputs) == {"a": False}


def test_a_helper_that_counts_as_another_is_shown_as_it_was_written(version, record) -> None:
    def run(id: int, digest: str, clean: str, form: str = "source"):
        captures = {name: Capture(name, form, text) for name, text in (("clean", clean), ("note", f"# {digest}"))}
        parts = [("function", "clean", digest, ""), ("function", "note", "n", "")]
        return version(id, record("a", parts=parts), record("b", parts=parts), record("c"), captures=captures)

    first, second = run(1, "1", "def clean(x): return x"), run(2, "2", "def clean(x): return -x")
    expected = DefinitionChange("clean", "def clean(x): return x", "def clean(x): return -x", ("a", "b"))
    assert compare(first, second).definitions == (expected,)
    assert compare(first, run(2, "1", "def clean(x):  # the same\n    return x")).definitions == ()
    assert compare(first, run(2, "2", "", "artifact")).definitions == ()


def test_of_several_outputs_only_those_that_differ_are_reasons(version, record) -> None:
    def run(id: int, code: str, digest: str):
        outputs = (OutputRecord("X", digest, True), OutputRecord("y", "same", True))
        split = dataclasses.replace(record("split", code), outputs=outputs)
        reads = {"X": "split", "y": "split"}
        return version(id, split, record("model", digest=digest, inputs=reads), record("rate", inputs={"y": "split"}))

    diff = compare(run(1, "X, y = 1, 1", "1"), run(2, "X, y = 2, 1", "2"))
    assert diff.nodes["model"].reasons == ("`X` of `split` has another value",)
    assert "rate" not in diff.nodes


def test_an_edit_whose_value_was_not_recorded_may_have_changed_what_reads_it(version, record) -> None:
    diff = compare(version(1, *chain(record, "a = 1", *"xyz")), version(2, *chain(record, "a = 2", "", "y", "z")))
    assert diff.nodes["b"].reasons == ("`a` comes from edited code",)
    assert "c" not in diff.nodes


def test_added_removed_and_rewired(version, record) -> None:
    diff = compare(
        version(1, record("old"), record("b", inputs={"x": "old"})),
        version(2, record("new"), record("b", inputs={"x": "new"})),
    )
    assert diff.named(Change.ADDED) == ("new",)
    assert diff.named(Change.REMOVED) == ("old",)
    assert diff.nodes["b"].change is Change.AFFECTED
    assert diff.nodes["b"].reasons == ("reads `x` of `new` now",)
    assert diff.nodes["old"].code == ("old = 1", "")
    assert repr(diff) == "<Diff 1 -> 2: 1 added, 1 removed, 1 affected>"


def test_a_value_that_was_not_recorded_is_neither_equal_nor_different(version, record) -> None:

    unknown = dataclasses.replace(record("a"), outputs=tuple(o._replace(digest="") for o in record("a").outputs))
    node = compare(version(1, record("a")), version(2, unknown)).all_nodes["a"]
    assert (node.change, dict(node.outputs)) == (Change.SAME, {"a": None})


def test_117_parameters_one_changed_is_one_row(version, record) -> None:
    def model(changed: float) -> str:
        return "m = fit(" + ", ".join(f"p{i}={changed if i == 60 else i}" for i in range(117)) + ")"

    diff = compare(version(1, record("m", model(0.1))), version(2, record("m", model(1.0))))
    (parameter,) = diff.parameters
    assert (parameter.node, parameter.label, parameter.before, parameter.after) == ("m", "p60", "0.1", "1.0")


def test_captured_constants_and_seeds_are_parameters(version, record) -> None:
    diff = compare(
        version(1, record("m", parts=[BINS], options={"seed": None})),
        version(2, record("m", parts=[MORE_BINS], options={"seed": 3})),
    )
    assert [(p.label, p.before, p.after, p.line) for p in diff.parameters] == [
        ("BINS", "10", "20", None),
        ("seed", "None", "3", None),
    ]


def test_code_that_is_not_plain_python_is_compared_by_its_normal_form(version, record) -> None:

    older = dataclasses.replace(record("a", "a = f(n=1)"), source="!ls\na = f(n=1)")
    newer = dataclasses.replace(record("a", "a = f(n=2)"), source="!ls\na = f(n=2)")
    (parameter,) = compare(version(1, older), version(2, newer)).parameters
    assert (parameter.label, parameter.before, parameter.after) == ("n", "1", "2")


def test_metrics_packages_and_seconds(version) -> None:
    diff = compare(
        version(1, metrics={"f1": 0.5, "same": 1.0, "nan": math.nan}, packages={"a": "1", "b": "1"}, seconds=2.0),
        version(2, metrics={"f1": 0.75, "same": 1.0, "nan": math.nan, "new": 1}, packages={"a": "2", "c": "1"}),
    )
    assert list(diff.metrics) == ["f1", "new"]
    assert (diff.metrics["f1"].delta, diff.metrics["f1"].better) == (0.25, True)
    assert diff.metrics["new"].delta is None
    assert diff.packages == {"a": ("1", "2"), "b": ("1", None), "c": (None, "1")}
    assert diff.seconds == (2.0, 1.0)


def test_packages_have_the_names_by_which_they_are_installed(version, record) -> None:
    old, new = (record("a", parts=[("module", "sklearn", number, number)]) for number in ("1.7", "1.8"))
    diff = compare(version(1, old, packages={"sklearn": "1.7"}), version(2, new, packages={"sklearn": "1.8"}))
    assert diff.packages == {"scikit-learn": ("1.7", "1.8")}
    assert diff.nodes["a"].reasons == ("scikit-learn 1.7 -> 1.8",)


def test_a_version_has_no_difference_to_itself(version, record) -> None:
    one = version(1, *chain(record, "a = 1", *"xyz"), metrics={"nan": math.nan})
    diff = compare(one, one)
    assert not any((diff.nodes, diff.metrics, diff.packages, diff.parameters))


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("accuracy", "higher"),
        ("test_accuracy", "higher"),
        ("ROC_AUC", "higher"),
        ("f1", "higher"),
        ("F1Score", "higher"),
        ("r2", "higher"),
        ("recall@5", "higher"),
        ("validation_loss", "lower"),
        ("RMSE", "lower"),
        ("meanError", "lower"),
        ("accuracy_error", "lower"),
        ("fit_time", "lower"),
        ("n_rows", ""),
        ("timely", ""),
        ("", ""),
    ],
)
def test_which_way_is_better(name: str, way: str) -> None:
    assert direction(name) == way


@pytest.mark.parametrize(
    ("change", "better"),
    [
        (MetricChange(1.0, 2.0, "higher"), True),
        (MetricChange(1.0, 2.0, "lower"), False),
        (MetricChange(2.0, 1.0, "lower"), True),
        (MetricChange(1.0, 2.0, ""), None),
        (MetricChange(1.0, 1.0, "higher"), None),
        (MetricChange(0.8471, 0.8471 - 1e-16, "higher"), None),
        (MetricChange(0.0, 1e-16, "lower"), None),
        (MetricChange(0.8471, 0.84710001, "higher"), True),
        (MetricChange(1.0, math.nan, "higher"), None),
        (MetricChange(None, 1.0, "higher"), None),
    ],
)
def test_for_better_or_worse(change: MetricChange, better: bool | None) -> None:
    assert change.better is better


def test_what_rounding_makes_of_a_metric_is_no_difference() -> None:
    assert not MetricChange(0.1 + 0.2, 0.3).differs
    assert not MetricRow("auc", (0.1 + 0.2, 0.3), "higher").differs
    assert MetricRow("auc", (0.1 + 0.2, 0.3), "higher").best is None
    assert MetricRow("auc", (0.3, 0.31, None), "higher").differs
