"""More than two versions: parameters, metrics and nodes side by side."""

from __future__ import annotations

from helix_jupyter.version.compare_many import compare_many
from helix_jupyter.version.diff import Change


def test_parameters_and_metrics_over_three_versions(version, record) -> None:
    codes = ("m = fit(C=1, n=5)", "m = fit(C=2, n=5)", "m = fit(C=2, n=7)")
    versions = [
        version(number, record("m", code, f"d{number}"), metrics={"auc": 0.5 + number / 10, "loss": 1.0})
        for number, code in enumerate(codes, 1)
    ]
    found = compare_many(versions)
    assert [(row.node, row.label, row.values) for row in found.parameters] == [
        ("m", "C", ("1", "2", "2")),
        ("m", "n", ("5", "5", "7")),
    ]
    assert [(row.name, row.values, row.best) for row in found.metrics] == [("auc", (0.6, 0.7, 0.8), 0.8)]
    assert found.nodes == {"m": (None, Change.EDITED, Change.EDITED)}


def test_code_of_another_shape_claims_no_parameter(version, record) -> None:
    versions = [
        version(1, record("m", "m = fit(C=1)")),
        version(2, record("m", "m = fit(C=2)", "e")),
        version(3, record("m", "m = other(); m.go()", "f")),
        version(4, record("other", "other = 1")),
    ]
    found = compare_many(versions)
    assert found.parameters[0].values == ("1", "2", None, None)
    assert found.nodes["other"] == (None, None, None, Change.ADDED)
    assert found.nodes["m"][3] is Change.REMOVED


def test_117_parameters_one_changed_is_one_row(version, record) -> None:
    """mlflow#10477, mlflow#4761: the table of many runs shows what differs, too."""

    def code(last: int) -> str:
        return "\n".join([f"p{number} = {number}" for number in range(116)] + [f"last = {last}", "m = fit()"])

    found = compare_many([version(number, record("m", code(number), f"d{number}")) for number in (1, 2, 3)])
    assert [(row.label, row.values) for row in found.parameters] == [("last", ("1", "2", "3"))]


def test_a_metric_that_only_some_versions_have(version) -> None:
    found = compare_many([version(1, metrics={"auc": 1.0}), version(2), version(3, metrics={"auc": float("nan")})])
    assert found.metrics[0].values[1] is None
    assert found.metrics[0].best is None
