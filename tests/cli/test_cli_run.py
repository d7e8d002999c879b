"""``helix-jupyter run`` and other ways to execute an adopted notebook: real kernels, no front end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

Command = Callable[..., Any]

SCRIPT = """
import time
C = 3
# %%
time.sleep(0.2)
rows = list(range(10))
# %%
time.sleep(0.2)
total = sum(rows) * C
# %%
with open("total.txt", "w") as file:
    file.write(str(total))
# %%
time.sleep(0.2)
print("total", total)
"""


@pytest.fixture
def notebook(helix: Command, place: Path) -> Path:
    """An adopted notebook."""
    (place / "work.py").write_text(SCRIPT)
    assert helix("adopt", "work.py", "-o", "work.ipynb").code == 0
    return place / "work.ipynb"


def states(report: dict[str, Any]) -> dict[str, str]:
    """What became of each node in the last version that a report tells of."""
    return {node: record["state"] for node, record in report["versions"][-1]["nodes"].items()}


def test_it_computes_then_loads_then_computes_what_another_parameter_changes(
    helix: Command, notebook: Path, place: Path
) -> None:
    before = notebook.read_text()
    first = helix("run", notebook, "--report", "report.json", "-o", "done.ipynb")
    assert (first.code, first.err) == (0, "")
    assert "version 1: done, 2 compute" in first.out
    report = json.loads((place / "report.json").read_text())
    assert (report["status"], report["workflow"], report["error"]) == ("done", "work", None)
    assert (place / "total.txt").read_text() == "135"
    shown = [
        output for cell in json.loads((place / "done.ipynb").read_text())["cells"] for output in cell.get("outputs", ())
    ]
    assert "total 135\n" in [output.get("text") for output in shown]
    second = json.loads(helix("run", notebook, "--report", "-").out)
    assert "compute" not in {
        state for version in second["versions"] for state in states({"versions": [version]}).values()
    }
    third = json.loads(helix("run", notebook, "-p", "C=4", "--report", "-").out)
    assert (states(third)["rows"], third["parameters"]) in (("load", {"C": "4"}), ("prune", {"C": "4"}))
    assert (place / "total.txt").read_text() == "180"
    assert notebook.read_text() == before


def test_a_notebook_that_jupyter_saved_has_its_texts_as_lists_of_lines(
    helix: Command, notebook: Path, place: Path
) -> None:
    executed = json.loads(helix("run", notebook, "-o", "done.ipynb", "--report", "-").out)
    made: Any = nbformat.read(place / "done.ipynb", as_version=4)
    made.cells.insert(0, nbformat.v4.new_markdown_cell("# Title\n\nTwo lines"))
    made.nbformat_minor = 5
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    nbformat.write(made, notebook)
    saved = json.loads(notebook.read_text())["cells"]
    outputs = [output for cell in saved for output in cell.get("outputs", ())]
    assert all(isinstance(cell["source"], list) for cell in saved), "the format that failed"
    assert any(isinstance(output.get("text"), list) for output in outputs)
    done = helix("run", notebook, "-p", "C=4", "-o", "again.ipynb", "--report", "-")
    report = json.loads(done.out)
    assert (done.code, executed["status"], report["status"]) == (0, "done", "done")
    assert "compute" in [version["nodes"]["total"]["state"] for version in report["versions"] if version["nodes"]]
    assert (place / "total.txt").read_text() == "180"
    nbformat.validate(nbformat.read(place / "again.ipynb", as_version=4))
    notebook.write_text(notebook.read_text().replace("%%helix rows", "%%helix rows  # it's a list"))
    target = helix("run", notebook, "--target", "rows", "--report", "-")
    assert (target.code, json.loads(target.out)["error"]) == (0, None)


def test_a_target_alone(helix: Command, notebook: Path, place: Path) -> None:
    done = helix("run", notebook, "--target", "rows", "--report", "-")
    report = json.loads(done.out)
    assert {node for node, state in states(report).items() if state == "compute"} == {"rows"}
    assert not (place / "total.txt").exists()


def test_a_cell_that_fails_ends_in_1_and_is_told(helix: Command, notebook: Path) -> None:
    notebook.write_text(notebook.read_text().replace("sum(rows)", "sum(rows, 'x')"))
    done = helix("run", notebook)
    assert done.code == 1
    assert "failed in cell 5: NodeFailed: Node 'total' failed at line 3: TypeError" in done.out


def test_what_cannot_be_run_ends_in_one_line_and_2(helix: Command, notebook: Path, place: Path) -> None:
    plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    (place / "plain.ipynb").write_text(nbformat.writes(plain))
    before = notebook.read_text()
    for arguments, part in (
        (["none.ipynb"], "cannot be read"),
        (["plain.ipynb"], "no %%helix cell"),
        ([notebook, "-p", "D=1"], "'D'"),
        ([notebook, "-p", "C"], "NAME=VALUE"),
        ([notebook, "--target", "rosw"], "Did you mean 'rows'?"),
        ([notebook, "--kernel", "cobol"], "There is no kernel 'cobol'"),
        ([notebook, "-o", notebook], "is the notebook itself"),
        ([notebook, "--report", notebook], "is the notebook itself"),
        ([notebook, "-o", place / "none" / "done.ipynb"], "cannot be written"),
        ([notebook, "--report", place], "cannot be written"),
    ):
        done = helix("run", *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert part in done.err
        assert done.err.count("\n") == 1
    assert notebook.read_text() == before
    assert not (place / "total.txt").exists(), "it was told before anything ran"


def test_a_notebook_that_is_run_by_a_button_is_run_at_its_end(helix: Command, place: Path) -> None:
    cells = ["%load_ext helix_jupyter", "%%helix rows\nrows = [1, 2]", "%%helix total\ntotal = sum(rows)"]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, place / "work.ipynb")
    done = helix("run", "work.ipynb", "--report", "-", "-o", "done.ipynb")
    assert states(json.loads(done.out)) == {"rows": "compute", "total": "compute"}
    executed: Any = nbformat.read(place / "done.ipynb", as_version=4)
    nbformat.validate(executed)
    assert [cell.source for cell in executed.cells] == [*cells, "%helix run"]
    made.cells[-1].source += " / 0"
    nbformat.write(made, place / "work.ipynb")
    failed = helix("run", "work.ipynb")
    assert (failed.code, "failed in cell 4: NodeFailed" in failed.out) == (1, True), failed


def test_a_cell_that_takes_longer_than_it_may_fails(helix: Command, place: Path) -> None:
    (place / "work.py").write_text("import threading\n# %%\nthreading.Event().wait()")
    assert helix("adopt", "work.py", "-o", "work.ipynb").code == 0
    done = helix("run", "work.ipynb", "--timeout", "2500ms", "--report", "report.json")
    assert done.code == 1
    error = json.loads((place / "report.json").read_text())["error"]
    assert (error["name"], error["message"]) == ("Timeout", "took more than 2.5 s")


def test_nbclient_runs_it_as_it_is(notebook: Path, place: Path) -> None:
    made: Any = nbformat.read(notebook, as_version=4)
    NotebookClient(made, timeout=60, resources={"metadata": {"path": str(place)}}).execute()
    assert (place / "total.txt").read_text() == "135"


def _command(*arguments: str, cwd: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (cwd / "total.txt").read_text() == "135"


def test_nbconvert_executes_it_as_it_is(notebook: Path, place: Path) -> None:
    _command("nbconvert", "--to", "notebook", "--execute", "--output", "out", notebook.name, cwd=place)


def test_papermill_runs_it_as_it_is(notebook: Path, place: Path) -> None:
    _command("papermill", "-k", "python3", notebook.name, "out.ipynb", cwd=place)


def test_nbmake_runs_it_as_it_is(notebook: Path, place: Path) -> None:
    _command("pytest", "--nbmake", "-q", "-p", "no:cacheprovider", notebook.name, cwd=place)
