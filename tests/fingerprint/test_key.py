"""What forms a node's key, and what does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from helix_jupyter.cell.types import CellAnalysis
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.key import fingerprint, own_digest
from helix_jupyter.fingerprint.types import Fingerprint, Part
from helix_jupyter.graph.declaration import Declaration, Origin

BASE = Declaration("model", ("model",), "m = 1", "m = 1", "m = 1", CellAnalysis())
HELPER = Part("function", "clean", "a" * 32)
INPUTS = {"rows": "b" * 32}


def made(
    declaration: Declaration = BASE,
    parts: tuple[Part, ...] = (HELPER,),
    imports: tuple[Part, ...] = (),
    inputs: Mapping[str, str] = INPUTS,
    **more: Any,
) -> Fingerprint:
    return fingerprint(declaration, Captured(parts=parts), imports, inputs, **more)


KEEPS = {
    "the node's name": {"declaration": dataclasses.replace(BASE, node="other")},
    "metrics": {"declaration": dataclasses.replace(BASE, metrics=True)},
    "group": {"declaration": dataclasses.replace(BASE, group="box")},
    "watch": {"declaration": dataclasses.replace(BASE, watch=("*.csv",))},
    "where it stands": {"declaration": dataclasses.replace(BASE, origin=Origin(cell="5"))},
    "the text as written": {"declaration": dataclasses.replace(BASE, source="m=1 # one", code="m=1")},
    "what is shown beside a part": {"parts": (HELPER._replace(detail="utils.py"),)},
    "a part twice": {"parts": (HELPER, HELPER)},
}
CHANGES = {
    "code": {"declaration": dataclasses.replace(BASE, normalised="m = 2")},
    "outputs": {"declaration": dataclasses.replace(BASE, outputs=("m",))},
    "order of outputs": {"declaration": dataclasses.replace(BASE, outputs=("model", "n"))},
    "seed": {"declaration": dataclasses.replace(BASE, seed=1)},
    "helper": {"parts": (HELPER._replace(digest="c" * 32),)},
    "helper's name": {"parts": (HELPER._replace(label="other"),)},
    "no helper": {"parts": ()},
    "import": {"imports": (Part("module", "pandas", "d" * 32),)},
    "input": {"inputs": {"rows": "c" * 32}},
    "input's name": {"inputs": {"lines": "b" * 32}},
    "another input": {"inputs": {**INPUTS, "extra": "b" * 32}},
    "no input": {"inputs": {}},
}


@pytest.mark.parametrize("change", KEEPS.values(), ids=KEEPS.keys())
def test_what_keeps_the_key(change: dict[str, Any]) -> None:
    assert made(**change).key == made().key


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_changes_the_key(change: dict[str, Any]) -> None:
    assert made(**change).key != made().key


def test_a_key_is_a_digest_and_parts_are_labelled() -> None:
    found = made()
    assert found.key is not None
    assert len(found.key) == 32
    assert [f"{part.kind} {part.label}" for part in found.parts] == [
        *("code code", "function clean", "input rows", "option outputs", "option seed", "python Python"),
    ]


def test_the_seed_that_it_runs_under_takes_the_declared_one_s_place() -> None:
    found = made(imports=(Part("option", "seed", "e" * 32, "7"),))
    assert [part.detail for part in found.parts if part.label == "seed"] == ["7"]


def test_what_cannot_be_digested_leaves_no_key() -> None:
    found = fingerprint(BASE, Captured(unknown=("captured `lock`",)), (), {})
    assert found.key is None
    assert found.unknown == ("captured `lock`",)


def test_an_accepted_edit_gives_the_earlier_key() -> None:
    before = made()
    edited = made(declaration=dataclasses.replace(BASE, normalised="m = 1\nprint(m)"))
    aliases = {own_digest(edited.parts): own_digest(before.parts)}
    again = made(declaration=dataclasses.replace(BASE, normalised="m = 1\nprint(m)"), aliases=aliases)
    assert again.key == before.key
    assert made(declaration=dataclasses.replace(BASE, normalised="m = 3"), aliases=aliases).key != before.key
    other_input = made(
        declaration=dataclasses.replace(BASE, normalised="m = 1\nprint(m)"), aliases=aliases, inputs={"rows": "x"}
    )
    assert other_input.key == made(inputs={"rows": "x"}).key


def test_an_accepted_part_counts_as_the_earlier_one() -> None:
    edited = HELPER._replace(digest="c" * 32)
    assert made(parts=(edited,), aliases={edited.digest: HELPER.digest}).key == made().key


def test_files_are_no_part_of_what_a_node_is_by_itself() -> None:
    watched = made(imports=(Part("file", "a.csv", "f" * 32),))
    assert own_digest(watched.parts) == own_digest(made().parts)
    assert watched.key != made().key
