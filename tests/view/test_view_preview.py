"""A value in a few rows and figures: text alone, little of it, whatever the value."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helix_jupyter.view.preview import CELL, COLUMNS, ROWS, preview

HOSTILE = "<script>alert(1)</script>"


class Nasty:
    """Its own text must not be asked for, nor its attributes trusted."""

    shape = property(lambda self: 1 / 0)

    def __repr__(self) -> str:
        raise AssertionError("asked for")


FRAME = {"x": [1, 2], HOSTILE: ["a", HOSTILE]}


@pytest.mark.parametrize(
    "value",
    [pd.DataFrame(FRAME), pl.DataFrame(FRAME), pa.table(FRAME)],
    ids=["pandas", "polars", "pyarrow"],
)
def test_a_frame_is_its_head_with_types(value: Any) -> None:
    found = preview(value)
    assert found is not None
    assert (found["kind"], found["rows"], found["hidden"]) == ("frame", 2, 0)
    assert [column["name"] for column in found["columns"]] == ["x", HOSTILE]
    assert found["columns"][0]["type"] in ("int64", "Int64")
    assert found["head"] == [["1", "a"], ["2", HOSTILE]]


def test_rows_have_their_labels_where_these_say_something() -> None:
    found = preview(pd.Series([0.5, 0.25], index=["age", HOSTILE], name="weight"))
    assert found is not None
    assert (found["labels"], found["head"]) == ([["age"], [HOSTILE]], [["0.5"], ["0.25"]])
    levels = preview(pd.DataFrame({"n": [1]}, index=pd.MultiIndex.from_tuples([("a", 2)])))
    assert levels is not None
    assert levels["labels"] == [["a", "2"]]
    places = preview(pd.Series([1, 2]))
    assert places is not None
    assert places["labels"] == []


def test_a_wide_and_long_frame_is_cut() -> None:
    found = preview(pd.DataFrame(np.zeros((1000, 100)), columns=["n" * 200] * 100))
    assert found is not None
    assert (found["rows"], found["hidden"], len(found["head"]), len(found["head"][0])) == (
        1000,
        100 - COLUMNS,
        ROWS,
        COLUMNS,
    )
    assert {len(column["name"]) for column in found["columns"]} == {CELL}


def test_an_array_is_shape_type_and_statistics() -> None:
    found = preview(np.array([[1.0, 2.0], [3.0, np.nan]]))
    assert found is not None
    assert (found["shape"], found["type"]) == ([2, 2], "float64")
    assert dict(found["statistics"]) == {
        "minimum": "1", "mean": "2", "maximum": "3", "deviation": "0.816497", "missing": "1",
    }  # fmt: skip
    large = preview(np.ones(3_000_000))
    assert large is not None
    assert large["statistics"][0][0] == "minimum (of 1,000,000 elements)"


def test_an_estimator_is_its_parameters_and_what_it_learnt() -> None:
    model = LogisticRegression(C=0.25)
    found = preview(model)
    assert found is not None
    assert found["title"] == "not fitted"
    assert dict(found["fields"])["C"] == "0.25"
    fitted = preview(model.fit([[0.0], [1.0]], [0, 1]))
    assert fitted is not None
    assert dict(fitted["fields"])["coef_"] == "ndarray 1 x 1"


def test_a_pipeline_is_its_steps_and_fitted_once_they_are() -> None:
    pipeline = make_pipeline(StandardScaler(), "passthrough", LogisticRegression(C=0.25))
    found = preview(pipeline)
    assert found is not None
    assert found["title"] == "not fitted"
    assert found["fields"][:4] == [
        ("memory", "None"),
        ("standardscaler", "StandardScaler()"),
        ("passthrough", "passthrough"),
        ("logisticregression", "LogisticRegression(C=0.25)"),
    ]
    fitted = preview(pipeline.fit([[0.0], [1.0]], [0, 1]))
    assert fitted is not None
    assert fitted["title"] == "fitted"


def test_a_figure_is_an_image() -> None:
    found = preview(Figure(figsize=(1, 1)))
    assert found is not None
    assert found["source"].startswith("data:image/png;base64,iVBOR")


@pytest.mark.parametrize(
    ("value", "metrics", "shown"),
    [
        ({"accuracy": np.float64(0.5), "n": 3}, True, [["accuracy", "0.5"], ["n", "3"]]),
        ({"a": Nasty(), "b": [1, 2]}, False, [["a", "Nasty"], ["b", "[1, 2]"]]),
    ],
    ids=["metrics", "mapping"],
)
def test_a_mapping_is_its_items(value: Any, metrics: bool, shown: list[list[str]]) -> None:
    found = preview(value, metrics)
    assert found is not None
    assert [list(field) for field in found["fields"]] == shown


ANYTHING = (
    Nasty(), [Nasty()], {"x": Nasty()}, pd.DataFrame({"x": [Nasty()]}), np.array([Nasty()]), None, 3, "text", b"bytes",
    "x" * 10_000, list(range(10_000)), sparse.eye(3), pd.Series([1, 2]), np.array(3), np.array([]), pd.DataFrame(), {},
)  # fmt: skip


@pytest.mark.parametrize("value", ANYTHING, ids=lambda value: type(value).__name__)
def test_whatever_it_is_the_answer_is_little_json(value: Any) -> None:
    found = preview(value)
    assert len(json.dumps(found, allow_nan=False)) < 5_000
    assert "asked for" not in json.dumps(found)
