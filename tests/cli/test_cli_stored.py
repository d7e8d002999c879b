"""``helix-jupyter status | versions | diff | gc | verify | export``: what a store tells without a kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helix_jupyter import Session

Command = Callable[..., Any]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def stored(place: Path) -> Path:
    """A store with two versions of a workflow that updates a value."""
    namespace: dict[str, Any] = {"__name__": "__main__", "K": 2}
    with Session(".helix", namespace=namespace, folder=place, policy="all") as session:
        session.declare("x = [1, 2]", ["x"])
        session.declare("early = sum(x)", ["early"])
        session.declare("x.append(K)\ncount = len(x)", ["count", "x"], update=True)
        session.declare("print('shown', x)", name="shown")
        session.declare("scores = {'size': count}", ["scores"], metrics=True)
        session.run(message="first")
        session.declare("early = max(x)", ["early"])
        session.run(message="second")
    return place / ".helix"


def test_what_the_store_tells(helix: Command, stored: Path) -> None:
    assert "version 2" in helix("status").out
    told = json.loads(helix("status", "--json").out)
    assert (told["version"], told["status"], told["metrics"]) == (2, "done", {"size": 3.0})
    assert told["nodes"]["early"]["state"] == "compute"
    assert 0 < told["nodes"]["x"]["stored_bytes"] <= told["used_bytes"] <= told["budget_bytes"]
    assert [version["message"] for version in json.loads(helix("versions", "--json").out)] == ["first", "second"]
    assert "second" in helix("versions").out
    assert "first" not in helix("versions", 2).out
    assert "early" in helix("diff").out
    assert "early" in helix("diff", 1, 2).out
    assert helix("diff", 1, 2, "--html", "diff.html").code == 0
    assert "early" in (stored.parent / "diff.html").read_text()


def test_a_version_is_meant_by_its_tag_too(helix: Command, stored: Path) -> None:
    with Session(".helix", namespace={}, folder=stored.parent) as session:
        session.annotate(1, tags=["paper"])
    assert "first" in helix("versions", "paper").out
    assert helix("diff", "paper", 2).out == helix("diff", 1, 2).out != ""
    assert helix("export", "early.py", "--version", "paper").code == 0
    assert "sum(x)" in (stored.parent / "early.py").read_text()
    told = helix("diff", "papr")
    assert (told.code, told.err.count("\n")) == (2, 1)


def test_the_only_workflow_is_meant_whatever_its_name(helix: Command, place: Path) -> None:
    with Session(".helix", "analysis", namespace={}, folder=place) as session:
        session.declare("x = 1", ["x"])
        session.run()
    assert helix("simulate").out.startswith("analysis: 1 iteration")
    assert "version 1" in helix("status").out


def test_a_difference_as_json_is_data(helix: Command, stored: Path) -> None:
    told = json.loads(helix("diff", 1, 2, "--json").out)
    assert (told["before"]["message"], told["after"]["message"]) == ("first", "second")
    assert told["counts"]["edited"] == 1
    [early] = told["nodes"]
    assert (early["name"], early["change"]) == ("early", "edited")
    assert early["code"] == ["early = sum(x)", "early = max(x)"]
    assert [value["summaries"] for value in told["values"]] == [["3", "2"]]
    several = json.loads(helix("diff", 1, 2, 1, "--json").out)
    assert [version["id"] for version in several["versions"]] == [1, 2, 1]
    assert several["nodes"] == [{"name": "early", "changes": [None, "edited", "same"]}]


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
@pytest.mark.parametrize(
    "line", ["--help", "status", "versions --json", "diff 1 2", "gc --dry-run", "verify", "export --help", "simulate"]
)
def test_a_command_whose_reader_is_gone_ends_without_a_word(stored: Path, line: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "helix_jupyter.cli", *line.split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}  # empty: as it is by default
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=stored.parent, env=environment)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_gc_names_then_deletes(helix: Command, stored: Path) -> None:
    planned = json.loads(helix("gc", "--dry-run", "--keep-last", 1, "--json").out)
    assert planned["versions"] == {"main": [1]}
    assert len(json.loads(helix("versions", "--json").out)) == 2
    assert "Deleted" in helix("gc", "--keep-last", 1).out
    assert len(json.loads(helix("versions", "--json").out)) == 1


def test_verify_finds_what_is_damaged(helix: Command, stored: Path) -> None:
    assert helix("verify").code == 0
    victim = next(file for file in sorted(stored.glob("objects/*/*")) if file.is_file())
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    done = helix("verify", "--json")
    assert done.code == 1
    assert len(json.loads(done.out)["problems"]) == 1


def test_verify_asks_for_no_workflow_however_many_there_are(helix: Command, place: Path) -> None:
    for name in ("one", "two"):
        with Session(".helix", name, namespace={"__name__": "__main__"}, folder=place) as session:
            session.declare("x = 1", ["x"])
            session.run()
    assert helix("status").code == 2
    assert helix("verify").code == 0


def test_a_store_that_cannot_be_used_ends_in_one_line_and_2(helix: Command, stored: Path) -> None:
    for arguments, part in (
        (["status", "--store", "none"], "There is no store in none"),
        (["versions", "--workflow", "mian"], "Did you mean 'main'?"),
        (["diff", 1, 9], "Versions go from 1 to 2"),
        (["export", stored / "none" / "x.py"], "cannot be written"),
        (["export", "work.ipynb"], "Name another file: work.py"),
    ):
        done = helix(*arguments)
        assert (done.code, part in done.err, done.err.count("\n")) == (2, True, 1), done
    for file in stored.glob("helix.db*"):
        file.write_bytes(b"no database " * 1000)
    for command in ("status", "versions", "diff", "gc", "verify"):
        done = helix(command)
        assert (done.code, "is damaged" in done.err, done.err.count("\n")) == (2, True, 1), done


@pytest.mark.parametrize("options", [[], ["--functions"]], ids=["script", "functions"])
def test_an_exported_version_gives_its_values_without_this_package(
    helix: Command, stored: Path, options: list[str]
) -> None:
    assert helix("export", "work.py", *options).code == 0
    values = "work.run()" if options else "vars(work)"
    code = "import sys\nsys.modules['helix_jupyter'] = None\nimport work\n"
    code += f"found = {values}\nprint([found[name] for name in ('x', 'early', 'count', 'scores')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=stored.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["shown [1, 2, 2]", "[[1, 2, 2], 2, 3, {'size': 3}]"]
    if options:
        text = (stored.parent / "work.py").read_text()
        assert "def early(x):" in text
        assert "def count(x):" in text


def test_an_earlier_version_can_be_exported(helix: Command, stored: Path) -> None:
    helix("export", "work.py", "--version", 1)
    assert "early = sum(x)" in (stored.parent / "work.py").read_text()
