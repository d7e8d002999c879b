"""Every line magic: what it returns, what it says, and how it answers a wrong line."""

from __future__ import annotations

import ast
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError

from helix_jupyter.errors import NothingDeclared
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.store.types import GcReport
from helix_jupyter.version.compare_shown import SHOWS
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.trace import Trace
from helix_jupyter.version.types import Version
from helix_jupyter.view.render import as_html
from helix_jupyter.view.types import Config, Dag, Reproduction, Status, VersionList, Why

VERBS = (
    *("status", "run", "plan", "why", "dag", "versions", "diff", "get", "checkout", "pin", "unpin", "forget"),
    *("accept", "config", "trace", "reproduce", "gc", "export"),
)


@pytest.fixture
def worked(shell: Any) -> Any:
    """A shell in which a chain of three nodes has run twice, with an edit in between."""
    shell("factor = 2")
    shell("%%helix rows\nrows = [1, 2, 3]")
    shell("%%helix scaled\nscaled = [factor * row for row in rows]")
    shell("%%helix scores --metrics\nscores = {'sum': float(sum(scaled))}")
    shell("%helix run -m first")
    shell("factor = 3")
    shell("%helix run -m second")
    return shell


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param("%helix", Status, id="bare"),
        pytest.param("%helix status", Status, id="status"),
        pytest.param("%helix run", Version, id="run"),
        pytest.param("%helix plan", Plan, id="plan"),
        pytest.param("%helix why scaled", Why, id="why"),
        pytest.param("%helix dag", Dag, id="dag"),
        pytest.param("%helix versions", VersionList, id="versions"),
        pytest.param("%helix diff", Diff, id="diff"),
        pytest.param("%helix diff 1 2", Diff, id="diff-two"),
        pytest.param("%helix get scaled", list, id="get"),
        pytest.param("%helix get rows scaled", tuple, id="get-several"),
        pytest.param("%helix checkout 1", Version, id="checkout"),
        pytest.param("%helix config", Config, id="config"),
        pytest.param("%helix trace scores", Trace, id="trace"),
        pytest.param("%helix trace scores --version 1", Trace, id="trace-version"),
        pytest.param("%helix gc --dry-run", GcReport, id="gc"),
        pytest.param("%helix gc --keep-last 1 --older-than 30d", GcReport, id="gc-options"),
    ],
)
def test_a_magic_returns_its_value_shown_or_assigned(worked: Any, line: str, kind: type) -> None:
    assert isinstance(worked(line).value, kind)
    assigned = worked(f"x = {line}")
    assert assigned.value is None
    assert assigned.stdout == ""
    assert isinstance(worked["x"], kind)


@pytest.mark.parametrize(
    "verb", ["status", "plan", "why scaled", "dag", "versions", "diff 1 2", "trace scores", "config"]
)
def test_what_a_magic_returns_has_a_text_and_an_html_form(worked: Any, verb: str) -> None:
    value = worked(f"%helix {verb}").value
    data, _ = worked.ip.display_formatter.format(value)
    assert data["text/plain"].strip()
    assert "<" in data["text/html"]
    assert f"<{type(value).__name__}" not in data["text/plain"]


def test_a_dag_is_shown_as_svg_and_text(worked: Any) -> None:
    data, _ = worked.ip.display_formatter.format(worked("%helix dag").value)
    assert "<svg" in data.get("image/svg+xml", data.get("text/html", ""))
    assert all(node in data["text/plain"] for node in ("rows", "scaled", "scores"))


def test_run_takes_targets_a_message_and_forced_nodes(worked: Any) -> None:
    version = worked("%helix run scaled -m 'just scaled, \"quoted\"' --force rows --jobs 1").value
    assert version.message == 'just scaled, "quoted"'
    assert version.targets == ("scaled",)
    assert version.nodes["rows"].state is State.COMPUTE
    assert "scores" not in version.nodes or version.nodes["scores"].state is State.PRUNE


def test_names_of_the_notebook_expand_on_a_magic_line(worked: Any) -> None:
    worked("target, why = 'scaled', \"it's time\"")
    assert worked('%helix run {target} -m "because {why}"').value.message == "because it's time"
    assert worked("%helix why $target").value.node == "scaled"
    assert worked("%helix run -m 'literal {0.1, unknown} and $5'").value.message == "literal {0.1, unknown} and $5"


def test_a_plan_says_what_the_next_run_does_and_runs_nothing(worked: Any) -> None:
    worked("factor = 4")
    plan = worked("%helix plan").value
    assert len(worked("%helix versions").value) == 2
    version = worked("%helix run").value
    assert {node: record.state for node, record in version.nodes.items()} == dict(plan.states)


def test_why_names_the_captured_value_that_changed(worked: Any) -> None:
    worked("factor = 4")
    why = worked("%helix why scaled").value
    assert why.state is State.COMPUTE
    assert "factor" in why.reasons[0]
    assert "3" in why.reasons[0]
    assert "4" in why.reasons[0]


def test_get_binds_and_computes_what_is_missing(shell: Any) -> None:
    shell("%%helix a\na = 20")
    shell("%%helix b\nb = a + 1")
    assert shell("%helix get b").value == 21
    assert shell["b"] == 21
    assert shell("%helix get a b").value == (20, 21)


def test_checkout_brings_the_functions_constants_and_declarations_back(worked: Any) -> None:
    worked("%%helix extra\nextra = rows[0]")
    worked("%helix run")
    worked("%helix checkout 1")
    assert worked["factor"] == 2
    assert [row.node for row in worked("%helix").value] == ["rows", "scaled", "scores"]
    assert worked.states() == {"rows": "prune", "scaled": "prune", "scores": "load"}
    assert worked("scaled").value == [2, 4, 6]


def test_a_checkout_says_so_and_that_what_it_shows_was_then(worked: Any) -> None:
    ran = worked("%helix checkout 1")
    (said,) = [output["data"]["text/plain"] for output in ran.displays]
    assert said == "helix: version 1 is checked out. %helix run binds its values; the cells keep their text."
    assert ran.stderr == "helix: version 1 replaced the notebook's own 'factor'. Run its cell to have yours back.\n"
    shown, _ = worked.ip.display_formatter.format(ran.value)
    assert shown["text/plain"].startswith("When it ran: version 1 “first”: computed 3")
    assert "When it ran:" in shown["text/html"]
    now, _ = worked.ip.display_formatter.format(worked("%helix run").value)
    assert now["text/plain"].startswith("version 3: ")
    assert "When it ran:" not in now["text/html"]


def test_a_run_without_nodes_is_no_version_and_says_what_to_do(shell: Any) -> None:
    ran = shell("%helix run")
    assert isinstance(ran.error, NothingDeclared)
    assert ran.stdout == (
        "NothingDeclared: No cell has declared a node yet, so nothing can run. Run the %%helix cells.\n"
    )
    assert len(shell("%helix versions").value) == 0


def test_a_run_after_a_restart_names_the_version_to_go_back_to(worked: Any) -> None:
    worked("%helix remove scores scaled rows")
    assert "Run the %%helix cells, or %helix checkout 2." in worked("%helix run scores").stdout
    assert "Run the %%helix cells, or %helix checkout 2." in worked("%helix").stderr
    assert len(worked("%helix versions").value) == 2


@pytest.mark.parametrize("line", ["help", "--help", "-h"])
def test_help_is_given_in_the_ways_that_people_ask_for_it(shell: Any, line: str) -> None:
    ran = shell(f"%helix {line}")
    assert "%%helix OUTPUT [OUTPUT ...] [options]" in ran.stdout
    assert "%helix checkout " in ran.stdout


def test_a_message_without_quotes_is_told_from_an_unknown_target(worked: Any) -> None:
    ran = worked("%helix run -m two words here")
    assert isinstance(ran.error, UsageError)
    assert '-m "two words here"' in str(ran.error)
    assert "quoted" not in str(worked("%helix run -m two --force nope").error)
    assert "quoted" not in str(worked("%helix run nope").error)
    assert len(worked("%helix versions").value) == 2


def test_steering_verbs_answer_in_one_line(worked: Any) -> None:
    for verb in ("pin rows", "unpin rows", "forget scaled"):
        ran = worked(f"%helix {verb}")
        assert ran.value is None
        assert len(ran.stdout.strip().splitlines()) == 1
        assert verb.split()[1] in ran.stdout


def test_steering_verbs_say_where_nothing_can_be_written(
    shell: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 0.05)
    shell("%%helix a --run\na = 1")
    shell("%%helix b --run\nb = 2")
    later = "by the first run that can write the store"
    with closing(sqlite3.connect(place / ".helix" / "helix.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert shell("%helix pin a").stdout == f"helix: pinned, to be stored {later}: a\n"
        assert shell("%helix pin --never b").stdout == f"helix: never stored from now on: b (deleted {later})\n"
        assert shell("%helix forget a").stdout == f"helix: forgotten: a (deleted {later})\n"
    assert "is written again" in shell("%helix run").stderr
    assert shell("%helix pin b").stdout == "helix: kept from now on: b\n"
    assert "freed" in shell("%helix forget a").stdout


def test_a_forgotten_node_is_computed_again(worked: Any) -> None:
    worked("%helix forget scaled scores")
    assert worked.states() == {"rows": "load", "scaled": "compute", "scores": "compute"}


def test_accept_reuses_a_value_across_an_edit(worked: Any) -> None:
    worked("%%helix scaled\nprint('only for show')\nscaled = [factor * row for row in rows]")
    assert worked("%helix plan").value.states["scaled"] is State.COMPUTE
    assert "scaled" in worked("%helix accept scaled").stdout
    assert "compute" not in worked.states().values()


def test_accept_without_an_edit_says_so(worked: Any) -> None:
    ran = worked("%helix accept rows")
    assert not ran.result.success or "rows" in ran.stdout


def test_reproduce_recomputes_in_a_fresh_process(worked: Any) -> None:
    reproduction = worked("%helix reproduce 2").value
    assert isinstance(reproduction, Reproduction)
    assert reproduction.same
    assert len(reproduction.rows) == 3


SHELL_LINES = {
    "listed": "listed = !echo hi $word",
    "ran": "!echo hi\nran = 1",
    "cell": "%%bash --out cell\necho in bash",
    "timed": "%time timed = [2 * line for line in listed]",
    "helped": "helped = lines(3)",
    "shown": "shown = display(3, display_id=True)\nshown.update(4)\nshown = 5",
    "drawn": "%matplotlib inline\ndrawn = 6",
}


def test_nodes_with_shell_and_magic_lines_are_reproduced(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they ran in the notebook, and in the functions that they call."""
    monkeypatch.setattr(shell.ip, "enable_gui", lambda gui=None: None)  # as a kernel's shell has it
    shell("word = 'there'\ndef lines(what):\n    found = !echo $what\n    return list(found)")
    for name, code in SHELL_LINES.items():
        shell(f"%%helix {name}\n{code}")
    assert shell("%helix run").result.success
    reproduction = shell("%helix reproduce 1").value
    assert {row.node: row.reason for row in reproduction.rows} == {
        **dict.fromkeys(SHELL_LINES, ""),
        "timed": SHOWS,  # how long it took
    }
    assert reproduction.same


def test_reproduce_and_checkout_count_the_lines_of_the_cell(shell: Any) -> None:
    """The magic line counts, as in the notebook's own tracebacks."""
    shell("%%helix number\nimport uuid\nnumber = uuid.uuid4().hex")
    shell("%%helix data\n\ndata = open('data.txt').read()")
    Path("data.txt").write_text("1")
    shell("%helix run number data")
    Path("data.txt").unlink()
    rows = {row.node: row.reason for row in shell("%helix reproduce 1").value.rows}
    assert "unseeded randomness (line 3)" in rows["number"]
    assert "failed at line 3: FileNotFoundError" in rows["data"]
    shell("%helix checkout 1")
    failed = shell("%helix run")
    assert "failed at line 3: FileNotFoundError" in str(failed.error)
    assert "3 data = open('data.txt').read()" in failed.stdout.replace("----> ", "")


def test_export_gives_a_script_that_runs_without_this_package(worked: Any, place: Path) -> None:
    path = worked("%helix export 'my script.py'").value
    assert path == place / "my script.py"
    text = path.read_text(encoding="utf-8")
    assert "helix_jupyter" not in {
        name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names
    }
    namespace: dict[str, Any] = {}
    exec(compile(text, str(path), "exec"), namespace)
    assert namespace["scores"] == {"sum": 18.0}


def test_a_trace_is_written_as_a_page_and_as_json(worked: Any, place: Path) -> None:
    ran = worked("%helix trace scores --version 1 --html 'my page.html' --json trace.json")
    trace = ran.value
    assert trace.node == "scores"
    assert ran.stdout.startswith("helix: written: my page.html\nhelix: written: trace.json\n")
    assert json.loads((place / "trace.json").read_text(encoding="utf-8")) == json.loads(json.dumps(trace.to_json()))
    page = (place / "my page.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert '<meta charset="utf-8">' in page
    assert as_html(trace) in page
    assert "http" not in page, "it needs nothing else"
    for flag in ("--html", "--json"):
        failed = worked(f"%helix trace scores {flag} nowhere/file")
        assert str(failed.error).startswith("nowhere/file cannot be written (No such file or directory). Name a file")
        assert len(failed.stdout.strip().splitlines()) == 1
        assert flag in worked("%helix trace?").stdout
    assert "nowhere" in str(worked("%helix export nowhere/file").error)


def test_a_dry_gc_deletes_nothing(worked: Any, place: Path) -> None:
    worked.ip._helix_session.flush()
    before = sorted(path.name for path in (place / ".helix").rglob("*") if path.is_file())
    worked("%helix gc --dry-run --keep-last 1")
    assert sorted(path.name for path in (place / ".helix").rglob("*") if path.is_file()) == before
    assert len(worked("%helix versions").value) == 2


def test_an_audit_shows_its_outcome_in_one_line(worked: Any) -> None:
    version = worked("%helix run --audit 1% --audit-seed 5").value
    data, _ = worked.ip.display_formatter.format(version)
    for form in ("text/plain", "text/html"):
        assert "audit of 1% (seed 5): 1 same" in data[form]


def test_streamlit_437_the_line_is_that_of_the_cell(shell: Any) -> None:
    """The magic line counts, as in a traceback."""
    shell("%%helix x\nx = [1]")
    shell("%%helix n\nn = 1\nx.append(2)")
    assert "in line 3 (x.append(2))" in shell("%helix run").stderr


# wrong lines


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        pytest.param("%helix rnu", "run", id="verb"),
        pytest.param("%helix run --jbos 3", "--jobs", id="flag"),
        pytest.param("%helix run --jobs three", "--jobs", id="number"),
        pytest.param("%helix run --jobs 0", "--jobs", id="no-jobs"),
        pytest.param("%helix run --within soon", "--within", id="time"),
        pytest.param("%helix run --audit", "--audit", id="audit without a share"),
        pytest.param("%helix run --audit half", "0.1 or 10%", id="audit"),
        pytest.param("%helix run --audit 0", "0.1 or 10%", id="audit of nothing"),
        pytest.param("%helix run --audit 101%", "0.1 or 10%", id="audit of more than all"),
        pytest.param("%helix run --audit -0.1", "--audit", id="negative audit"),
        pytest.param("%helix run --audit 1 --audit-seed x", "--audit-seed", id="audit seed"),
        pytest.param("%helix why", "NODE", id="missing"),
        pytest.param("%helix checkout -1", "checkout", id="version"),
        pytest.param("%helix run -m it's", "quote", id="quote"),
        pytest.param("%helix status extra", "extra", id="surplus"),
        pytest.param("%%helix rows --wacth a.csv\nrows = 1", "--watch", id="cell-flag"),
        pytest.param("%%helix rows, columns\nrows = columns = 1", "rows", id="commas"),
        pytest.param("%%helix\nrows = 1", "named", id="nothing"),
    ],
)
def test_a_wrong_line_is_a_usage_error_of_one_line(shell: Any, line: str, hint: str) -> None:
    ran = shell(line)
    assert isinstance(ran.error, UsageError)
    assert ran.stdout == ""
    assert len(ran.stderr.strip().splitlines()) == 1
    assert hint in ran.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("%helix why scalde", "Did you mean 'scaled'?", id="node"),
        pytest.param("%helix run scalde", "Did you mean 'scaled'?", id="target"),
        pytest.param("%helix run --force scalde", "Did you mean 'scaled'?", id="forced"),
        pytest.param("%helix get scalde", "Did you mean 'scaled'?", id="get"),
        pytest.param("%helix pin scalde", "Did you mean 'scaled'?", id="pin"),
        pytest.param("%helix trace scalde", "Did you mean 'scaled'?", id="trace"),
        pytest.param("%helix checkout 99", "Versions go from 1 to 2", id="version"),
        pytest.param("%helix diff 1 99", "Versions go from 1 to 2", id="diff"),
        pytest.param("%helix config budgte=1GB", "Did you mean 'budget'?", id="setting"),
        pytest.param("%helix config budget=much", "budget=much", id="setting-value"),
        pytest.param("%helix config budget", "KEY=VALUE", id="no-value"),
    ],
)
def test_a_wrong_name_is_an_error_of_one_line_with_the_nearest(worked: Any, line: str, said: str) -> None:
    ran = worked(line)
    assert said in str(ran.error)
    assert len(ran.stdout.strip().splitlines()) == 1
    assert ran.stdout.startswith(type(ran.error).__name__)
    assert said in ran.stdout


@pytest.mark.parametrize(
    "line", ["%helix", "%helix run", "%helix plan", "%helix versions", "%helix dag", "%helix config"]
)
def test_with_nothing_declared_a_magic_still_answers(shell: Any, line: str) -> None:
    ran = shell(line)
    assert ran.result.success or len(ran.stdout.strip().splitlines()) == 1
    assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("line", ["%helix diff", "%helix trace a", "%helix checkout 1", "%helix reproduce 1"])
def test_before_the_first_run_history_is_an_error_of_one_line(shell: Any, line: str) -> None:
    shell("%%helix a\na = 1")
    ran = shell(line)
    assert "%helix run" in str(ran.error)
    assert len(ran.stdout.strip().splitlines()) == 1


# help


@pytest.mark.parametrize("line", ["%helix?", "%%helix?", "?%helix"])
def test_help_shows_the_options_and_all_verbs(shell: Any, line: str) -> None:
    page = shell(line).stdout
    assert all(f"%helix {verb}" in page for verb in VERBS)
    assert all(flag in page for flag in ("--watch", "--metrics", "--update", "--run", "--name", "--seed", "--volatile"))


@pytest.mark.parametrize(
    "line", ["%helix run?", "%helix run ?", "%helix run --help", "%helix run -h", "  %helix run??"]
)
def test_help_on_a_verb_shows_its_options_and_runs_nothing(shell: Any, line: str) -> None:
    shell("%%helix a\na = 1")
    ran = shell(line)
    assert all(flag in ran.stdout for flag in ("--message", "--jobs", "--force", "--within", "--audit", "TARGET"))
    assert len(shell("%helix versions").value) == 0


def test_every_verb_of_the_design_explains_itself(shell: Any) -> None:
    for verb in VERBS:
        assert f"usage: %helix {verb}" in shell(f"%helix {verb}?").stdout


def test_jobs_compute_in_other_processes(shell: Any) -> None:
    """The shell itself cannot travel: get_ipython, which every notebook binds, stays behind."""
    for name in ("first", "second"):
        shell(f"%%helix {name}\nimport os, time\ntime.sleep(0.05)\n{name} = os.getpid()")
    told = shell("%helix run --jobs 2")
    assert "cannot travel" not in told.stdout + told.stderr
    assert os.getpid() not in (shell("first").value, shell("second").value)


def test_a_value_is_bound_although_its_node_changed_what_it_captured(shell: Any) -> None:
    shell("class Registry:\n    items = []")
    shell("%%helix count\nRegistry.items.append(1)\ncount = len(Registry.items)")
    told = shell("%helix run")
    assert "stays changed here" in told.stdout + told.stderr
    assert shell("count").value == 1
    shell("%helix run")
    assert shell("count").value == 2, "as told, it is computed anew"
