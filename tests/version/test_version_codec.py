"""A version turns into JSON and back without loss, and a list of versions reads no nodes."""

from __future__ import annotations

import dataclasses
import json
import math
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.fingerprint.types import Part
from helix_jupyter.plan.types import State
from helix_jupyter.version import node_pieces
from helix_jupyter.version.codec import LazySequence, decode, encode
from helix_jupyter.version.types import Capture, NodeRecord, OutputRecord, Version

text = st.text(st.characters(), max_size=12)  # lone surrogates too
seconds = st.floats(0, 1e9)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text
options = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(text, inner, max_size=3)
    ),
    max_leaves=6,
)
records = st.builds(
    NodeRecord,
    node=text,
    outputs=st.lists(st.builds(OutputRecord, text, text, st.booleans(), st.integers(0), text), max_size=3).map(tuple),
    source=text,
    normalised=text,
    state=st.sampled_from(State),
    reason=text,
    seconds=seconds,
    compute_seconds=seconds,
    bytes=st.integers(0),
    key=st.none() | text,
    parts=st.lists(st.builds(Part, text, text, text, text), max_size=3).map(tuple),
    inputs=st.dictionaries(text, text, max_size=3),
    options=st.dictionaries(text, options, max_size=3),
    error=text,
    code=text,
    place=st.integers(0),
    captures=st.lists(text, max_size=3).map(tuple),
    console=text,
)
versions = st.builds(
    Version,
    id=st.integers(10**6),
    workflow=text,
    parent=st.none() | st.integers(1, 10**6 - 1),
    message=text,
    created=seconds,
    status=st.sampled_from(["done", "failed", "interrupted"]),
    seconds=seconds,
    nodes=st.lists(records, max_size=4).map(lambda found: {record.node: record for record in found}),
    targets=st.lists(text, max_size=3).map(tuple),
    metrics=st.dictionaries(text, st.floats(allow_nan=False) | st.integers(), max_size=4),
    packages=st.dictionaries(text, text, max_size=3),
    captures=st.lists(st.builds(Capture, text, text, text, text), max_size=3).map(
        lambda found: {capture.name: capture for capture in found}
    ),
    error=text,
)


def through_json(version: Version) -> Version:
    summary, payload = encode(version)
    stored = json.loads(json.dumps(summary, allow_nan=False))
    return decode(version.id, version.workflow, stored, lambda: payload)


@given(versions)
def test_a_version_comes_back_the_same(version: Version) -> None:
    back = through_json(version)
    assert back == version
    assert back.full_seconds == version.full_seconds
    assert [back.count(state) for state in State] == [version.count(state) for state in State]
    assert list(back.nodes) == list(version.nodes)


def test_what_an_edit_leaves_alone_is_the_same_pieces(version, record) -> None:
    """So that ten thousand versions of a hundred nodes fit in a hundred megabytes."""
    untouched = record("a", "x = 1", key="k1")
    _, before = encode(version(1, untouched, record("b", "y = 1", key="k2")))
    pruned = dataclasses.replace(untouched, state=State.PRUNE, reason="not needed", seconds=0.0)
    _, after = encode(version(2, pruned, record("b", "y = 2", key="k3"), message="edited"))
    assert len(before) == len(after) == 6
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True, True, False, False]


def test_pieces_are_the_same_only_where_all_is_of_the_same_type(version, record) -> None:
    for seed in (1, True, 1.0, [1], (1,), True, 1):
        back = through_json(version(1, record("a", options={"seed": seed}))).nodes["a"].options["seed"]
        assert (back, type(back)) == (seed, type(seed))


def test_format_1_is_read(version, record) -> None:
    expected = version(1, record("a"), packages={"python": "3.11"})
    summary, (head, around, code, result) = encode(expected)
    (run,) = json.loads(head)["runs"]
    node = json.loads(code) | dict(zip(node_pieces.RESULT, json.loads(result), strict=True))
    node |= dict(zip(node_pieces.RUN, run, strict=True))
    del node["console"]  # came later
    whole = json.dumps({"format": 1, "nodes": [node], **json.loads(around)}).encode()
    assert decode(1, "main", summary, lambda: [whole]) == expected


@given(st.lists(st.integers()), st.slices(20))
def test_a_lazy_sequence_is_the_list_of_what_is_made(items: list[int], part: slice) -> None:
    made: list[int] = []
    lazy = LazySequence(items, lambda item: made.append(item) or -item)
    assert made == []
    expected = [-item for item in items]
    assert list(lazy[part]) == expected[part]
    assert len(made) == len(range(len(items))[part])
    assert list(lazy) == expected
    assert len(made) == len(items)  # each once


def test_metrics_that_are_no_finite_number_survive(version) -> None:
    back = through_json(version(1, metrics={"a": math.nan, "b": math.inf, "c": -math.inf})).metrics
    assert math.isnan(back["a"])
    assert (back["b"], back["c"]) == (math.inf, -math.inf)


@pytest.mark.parametrize(("parent", "read"), [(6, 6), (7, None), (8, None), (None, None)])
def test_a_version_is_made_from_an_earlier_one(version, parent: int | None, read: int | None) -> None:
    summary, payload = encode(version(7))
    assert decode(7, "main", {**summary, "parent": parent}, lambda: payload).parent == read


def test_numpy_metrics_become_plain_numbers(version) -> None:
    back = through_json(version(1, metrics={"n": np.int64(2**53 + 1), "x": np.float32(0.5), "y": np.float64("inf")}))
    assert dict(back.metrics) == {"n": 2**53 + 1, "x": 0.5, "y": math.inf}


def test_a_list_of_versions_reads_no_payload(version, record) -> None:
    summary, _ = encode(version(7, record("a"), record("b", state=State.LOAD), metrics={"f1": 0.5}))

    def load() -> bytes:
        raise AssertionError("the payload was read")

    listed = decode(7, "main", summary, load)
    assert (listed.count(State.COMPUTE), listed.count(State.LOAD), listed.full_seconds) == (1, 1, 0.0)
    assert listed.metrics == {"f1": 0.5}
    assert repr(listed) == "<Version 7 done: 1 compute, 1 load, 1 s>"
    assert "not read yet" in repr(listed.nodes)


def test_the_payload_is_read_once(version, record) -> None:
    summary, payload = encode(version(1, record("a"), packages={"python": "3.11"}))
    reads = []
    back = decode(1, "main", summary, lambda: reads.append(1) or payload)
    assert "a" in back.nodes
    assert len(back.nodes) == 1
    assert back.packages["python"] == "3.11"
    assert not back.captures
    assert reads == [1]


def test_an_option_that_json_cannot_hold_is_refused(version, record) -> None:
    with pytest.raises(TypeError, match="option of type object"):
        encode(version(1, record("a", options={"x": object()})))


def test_replacing_a_field_of_a_decoded_version_keeps_its_nodes(version, record) -> None:
    back = through_json(version(1, record("a", options=MappingProxyType({"watch": ("x.csv",)}))))
    renamed = dataclasses.replace(back, message="new")
    assert renamed.nodes["a"].options["watch"] == ("x.csv",)
