"""Everything that made a value can be found again from a version's record."""

from __future__ import annotations

import dataclasses
import json

import pytest

from helix_jupyter.errors import UnknownNode
from helix_jupyter.version.trace import trace


@pytest.fixture
def made(version, record):
    return version(
        3,
        record("rows", "rows = load()", options={"watch": ("adult.csv",)}),
        record("unrelated"),
        record(
            "model",
            "model = fit(rows)",
            "m1",
            inputs={"rows": "rows"},
            options={"seed": 7},
            parts=[
                ("function", "fit", "1", "train.py"),
                ("value", "C", "1", "0.1"),
                ("module", "sklearn", "1.8", "1.8"),
                ("file", "extra.csv", "1", ""),
            ],
        ),
        packages={"python": "3.11", "sklearn": "1.8", "pandas": "3.0"},
    )


def test_it_names_what_the_node_and_all_above_depended_on(made) -> None:
    found = trace(made, "model")
    assert (found.version, found.node, found.upstream) == (3, "model", ("rows",))
    step = found.step
    assert (dict(step.helpers), dict(step.values), step.seed) == ({"fit": "train.py"}, {"C": "0.1"}, 7)
    assert dict(step.files) == {"extra.csv": "1"}
    assert dict(found.steps[0].files) == {"adult.csv": ""}
    assert dict(found.packages) == {"python": "3.11", "scikit-learn": "1.8"}
    assert dict(step.digests) == {"model": "m1"}


def test_as_text_it_holds_code_and_facts(made) -> None:
    text = str(trace(made, "model"))
    for told in (
        "    | model = fit(rows)",
        "helpers: fit (train.py)",
        "values: C = 0.1",
        "seed: 7",
        "files: adult.csv",
    ):
        assert told in text
    assert "unrelated" not in text


def test_as_json_it_holds_the_same(made) -> None:
    found = json.loads(json.dumps(trace(made, "model").to_json()))
    assert [step["node"] for step in found["steps"]] == ["rows", "model"]
    assert found["steps"][1]["values"] == {"C": "0.1"}


def test_an_output_leads_to_the_last_node_that_gives_it(version, record) -> None:

    first = record("df")
    second = dataclasses.replace(record("df 2"), outputs=first.outputs, inputs={"df": "df"})
    made = version(1, dataclasses.replace(first, node="load"), dataclasses.replace(second, inputs={"df": "load"}))
    assert trace(made, "df").node == "df 2"
    assert trace(made, "df").upstream == ("load",)


def test_an_unknown_node_is_named_with_the_nearest(made) -> None:
    with pytest.raises(UnknownNode, match="Did you mean 'model'"):
        trace(made, "modle")
