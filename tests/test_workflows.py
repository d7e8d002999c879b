"""The tutorials' workflows: what their cells declare, that the edit scripts fit them, and their helper functions."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

import helix_jupyter as hx
from benchmarks.scripts import SCRIPTS
from benchmarks.scripts.script import KINDS, Script
from benchmarks.workflow import Node, Workflow
from helix_jupyter.cell.options import parse_options

# node: the nodes that it reads from
EDGES = {
    "mnist": {
        "digits": "",
        "scaled": "digits",
        "signs": "",
        "features": "scaled signs",
        "cross_products": "digits features",
        "weights": "cross_products",
        "likeness": "features weights",
        "predicted": "likeness",
        "scores": "digits predicted",
        "confused": "digits predicted",
        "errors": "digits likeness predicted",
    },
    "columbus": {
        "communities": "",
        "gram": "communities",
        "search": "gram",
        "pruned": "gram search",
        "crime_model": "gram pruned",
        "crime_weights": "crime_model",
        "crime_path": "gram pruned search",
        "customers": "",
        "social": "customers",
        "policies": "customers",
        "combined": "policies",
        "columns": "combined policies social",
        "screening": "columns customers",
        "kept": "screening",
        "buyers": "columns customers kept",
        "probability": "columns customers kept",
        "called": "probability",
        "scores": "called customers gram probability pruned",
        "lift": "customers probability",
        "reasons": "buyers kept",
    },
    "genomics": {
        "terms": "",
        "genes": "",
        "sentences": "terms",
        "embedding": "sentences",
        "neighbours": "embedding",
        "counts": "embedding genes sentences terms",
        "gene_vectors": "counts embedding",
        "clusters": "gene_vectors",
        "enriched": "clusters genes terms",
        "types": "clusters genes",
        "scores": "clusters enriched genes",
        "map_of_clusters": "clusters enriched gene_vectors",
    },
    "extraction": {
        "articles": "",
        "sentences": "articles",
        "candidates": "sentences",
        "features": "candidates",
        "matrix": "features",
        "labels": "",
        "known": "candidates labels",
        "probability": "candidates known matrix",
        "decided": "known probability",
        "final_model": "known matrix",
        "pairs": "candidates decided probability",
        "judged": "pairs",
        "scores": "judged",
        "curves": "decided judged",
        "weights": "final_model matrix",
        "errors": "judged",
        "discovered": "pairs",
    },
}
TUTORIALS = [pytest.param(SCRIPTS[name], id=name) for name in EDGES]


def declared(folder: Path, workflow: Workflow) -> hx.Session:
    """A session with the workflow's nodes; nothing ran, not even the notebook's imports."""
    session = hx.Session(folder, namespace={})
    for node in workflow.nodes.values():
        declare(session, node)
    return session


def declare(session: hx.Session, node: Node) -> None:
    options = parse_options(node.options)
    session.declare(
        node.body,
        outputs=options.outputs,
        name=options.name,
        metrics=options.metrics,
        seed=options.seed,
        map=options.map,
    )


def edges(session: hx.Session) -> dict[str, set[str]]:
    return {name: set(session.graph.parents(name)) for name in session.graph.declarations}


@pytest.mark.parametrize("script", TUTORIALS)
def test_cells_declare_the_workflow(script: Script, tmp_path: Path) -> None:
    session = declared(tmp_path, script.workflow())
    assert edges(session) == {name: set(parents.split()) for name, parents in EDGES[script.name].items()}


@pytest.mark.parametrize("script", TUTORIALS)
def test_each_edit_applies_to_one_cell_and_moves_no_other_edges(script: Script, tmp_path: Path) -> None:
    small = script.workflow()
    workflow, session = script.scaled(small), declared(tmp_path, small)
    before = edges(session)
    assert script.iterations[0] is None
    for edit in script.iterations[1:]:
        assert edit is not None
        edited = workflow.with_edit(edit.node, edit.old, edit.new)
        assert [name for name in edited.nodes if edited.nodes[name] != workflow.nodes[name]] == [edit.node]
        workflow = edited
        declare(session, workflow.nodes[edit.node])
        after = edges(session)
        assert {name for name in after if after[name] != before[name]} <= {edit.node}, edit.description
        before = after


@pytest.mark.parametrize(
    ("name", "count"), [("census", 10), ("mnist", 10), ("columbus", 10), ("genomics", 10), ("extraction", 6)]
)
def test_scripts_have_the_papers_number_of_iterations_and_all_kinds(name: str, count: int) -> None:
    kinds = [edit.kind for edit in SCRIPTS[name].iterations if edit is not None]
    assert len(kinds) == count - 1
    assert set(kinds) == set(KINDS)


def test_only_the_tagging_step_is_a_map() -> None:
    options = {name: parse_options(node.options) for name, node in SCRIPTS["extraction"].workflow().nodes.items()}
    assert {name: one.map for name, one in options.items() if one.map} == {"sentences": "articles"}


def test_a_nodes_seed_stands_in_its_plain_form() -> None:
    signs = SCRIPTS["mnist"].workflow().nodes["signs"]
    assert "seed" not in signs.body
    assert signs.plain == f"np.random.seed(7)\n{signs.body}"


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=list(SCRIPTS))
def test_notebooks_are_executed_small_and_of_no_machine(script: Script) -> None:
    text = script.notebook.read_text(encoding="utf-8")
    assert len(text) < 480_000
    assert not re.search(r"/(work|tmp|root|home)/", text)
    cells = [cell for cell in nbformat.reads(text, 4).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


# the helper functions of the notebooks, on small values


def helpers(name: str, **given: Any) -> dict[str, Any]:
    """The functions and constants that a notebook defines before its nodes; its imports are not made."""
    namespace: dict[str, Any] = {"np": np, "pd": pd, "re": re, "Counter": Counter, **given}
    for cell in SCRIPTS[name].workflow().setup:
        for statement in ast.parse(cell).body:
            names = {target.id for target in getattr(statement, "targets", []) if isinstance(target, ast.Name)}
            plain_function = isinstance(statement, ast.FunctionDef) and not statement.decorator_list
            if plain_function or names & {"STOP_WORDS", "MARRIAGE", "COUPLES", "READ"}:
                exec(compile(ast.Module([statement], []), name, "exec"), namespace)
    return namespace


def test_idx_files_are_read_behind_their_headers(tmp_path: Path) -> None:
    functions = helpers("mnist")
    (tmp_path / "images").write_bytes(bytes(16) + bytes([1]) * 784 + bytes([2]) * 784)
    (tmp_path / "labels").write_bytes(bytes(8) + bytes([7, 3]))
    images = functions["read_images"](tmp_path / "images", 2)
    assert images.shape == (2, 784)
    assert (images[0] == 1).all()
    assert (images[1] == 2).all()
    assert functions["read_labels"](tmp_path / "labels", 2).tolist() == [7, 3]


def test_random_features_are_the_rectified_transform_of_signed_points() -> None:
    from scipy.fft import rfft

    pictures = np.random.default_rng(0).normal(size=(3, 784)).astype(np.float32)
    signs = np.ones(784, np.float32)
    signs[::2] = -1
    found = helpers("mnist", rfft=rfft)["random_fft"](pictures, signs)
    angles = -2j * np.pi * np.outer(np.arange(784), np.arange(512)) / 1024
    wanted = np.maximum(((pictures * signs) @ np.exp(angles)).real, 0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-3)


def test_products_are_named_after_both_columns() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [3, 0], "c": [0, 4]})
    made = helpers("columbus")["products"](frame)
    assert made.to_dict("list") == {"b*a": [3.0, 0.0], "c*a": [0.0, 8.0]}


def test_words_of_annotations() -> None:
    words = helpers("genomics")["words"]
    assert words("The binding of a GTP-bound RNA, in 5'-end.") == ["binding", "gtp-bound", "rna", "end"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("President Donald Trump's", "Donald Trump"),
        ("Sen. Elizabeth Warren", "Elizabeth Warren"),
        ("Fillon\u2019s", "Fillon"),
        ("Melania", "Melania"),
        ("Lara.- Ski", "Lara"),
    ],
)
def test_a_name_is_cleaned(written: str, name: str) -> None:
    assert helpers("extraction")["person"](written) == name


def test_a_short_name_stands_for_the_full_one_of_the_article() -> None:
    full = helpers("extraction")["full_names"](
        ["Trump", "Eric Trump", "Donald Trump", "Donald Trump", "Eric", "Macron"]
    )
    assert full == {
        "Trump": "Donald Trump",
        "Eric Trump": "Eric Trump",
        "Donald Trump": "Donald Trump",
        "Eric": "Eric Trump",
        "Macron": "Macron",
    }


@pytest.mark.parametrize(
    ("first", "second", "listed"),
    [
        ("Donald Trump", "Melania Trump", True),
        ("Melania", "Trump", True),
        ("Trump", "Donald Trump", False),
        ("Ivanka Trump", "Melania Trump", False),
        ("Prince William", "Kate", True),
        ("Prince William", "Karen", False),
    ],
)
def test_the_list_knows_full_and_partial_names(first: str, second: str, listed: bool) -> None:
    functions = helpers("extraction")
    assert functions["are_listed"](first, second, functions["COUPLES"]) is listed


def test_tokens_between_names() -> None:
    assert helpers("extraction")["tokens"](", and his Wife (35) ") == [",", "and", "his", "wife", "(", ")"]


def test_a_sentence_names_nobody_to_the_model() -> None:
    text = "Ann Lee and her husband, Bob, left."
    words, places = helpers("extraction")["masked"](text, [(0, 7), (25, 28)])
    assert words == ["PERSON", "and", "her", "husband", ",", "PERSON", ",", "left"]
    assert places == [0, 5]


def test_what_judges_the_model_is_not_what_it_learns_from() -> None:
    workflow = SCRIPTS["extraction"].workflow()
    assert [name for name, node in workflow.nodes.items() if "READ" in node.names] == ["judged"]
    functions = helpers("extraction")
    pairs = [couple.split(" & ") for couple in functions["READ"]]
    assert not [pair for pair in pairs if functions["are_listed"](*pair, functions["COUPLES"])]


def labelling_widget(folder: Path) -> dict[str, Any]:
    """The notebook's labelling cell, without the line that shows it, on a file of ``folder``."""
    import csv

    import ipywidgets

    cells = nbformat.read(SCRIPTS["extraction"].notebook, 4).cells
    source = next(cell.source for cell in cells if cell.id == "label-widget")
    functions = [statement for statement in ast.parse(source).body if isinstance(statement, ast.FunctionDef)]
    labels = folder / "labels.csv"
    labels.write_text("first,second,sentence,married\n")
    namespace: dict[str, Any] = {"csv": csv, "ipywidgets": ipywidgets, "LABELS": labels}
    exec(compile(ast.Module(list(functions), []), "label-widget", "exec"), namespace)
    return namespace


def test_a_click_writes_a_label_and_goes_on(tmp_path: Path) -> None:
    widget = labelling_widget(tmp_path)
    rows = pd.DataFrame({"first": ["Ann", "Eve"], "second": ["Bob", "Max"], "sentence": ["Ann met Bob.", "Eve, Max."]})
    box = widget["labelling"](rows)
    shown, (married, not_married, skip) = box.children[0], box.children[1].children
    assert shown.value == "<p><b>Ann</b> met <b>Bob</b>.</p>"
    married.click()
    assert "<b>Eve</b>" in shown.value
    skip.click()
    not_married.click()
    assert "Nothing is left" in shown.value
    assert pd.read_csv(widget["LABELS"]).to_dict("records") == [
        {"first": "Ann", "second": "Bob", "sentence": "Ann met Bob.", "married": 1}
    ]


def test_the_last_answer_to_a_candidate_counts(tmp_path: Path) -> None:
    widget = labelling_widget(tmp_path)
    row = next(pd.DataFrame({"first": ["Ann"], "second": ["Bob"], "sentence": ["Ann, Bob."]}).itertuples())
    widget["say"](row, True)
    widget["say"](row, False)
    assert pd.read_csv(widget["LABELS"])["married"].tolist() == [0]


def test_a_click_is_what_the_next_run_trains_on(tmp_path: Path) -> None:
    widget = labelling_widget(tmp_path)
    session = hx.Session(tmp_path / ".helix", namespace={"pd": pd, "LABELS": widget["LABELS"]})
    declare(session, SCRIPTS["extraction"].workflow().nodes["labels"])
    session.declare("married = int(labels['married'].sum())", outputs=["married"])
    session.run()
    assert "compute" not in map(str, session.plan().states.values())
    rows = pd.DataFrame({"first": ["Ann"], "second": ["Bob"], "sentence": ["Ann, Bob."]})
    widget["labelling"](rows).children[1].children[0].click()
    assert "labels.csv" in session.plan().reasons["labels"]
    assert {name: str(state) for name, state in session.run().states.items()} == {
        "labels": "compute",
        "married": "compute",
    }
    assert session["married"] == 1
    session.close()
