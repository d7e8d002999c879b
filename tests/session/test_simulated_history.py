"""A workflow's own history: what the policy learns from it, and what another budget would have bought."""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from session_helpers import computed, declare_chain, slow

from helix_jupyter import Session, simulate
from helix_jupyter.cli import main
from helix_jupyter.errors import ConfigError, HelixError, StoreError
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.plan.trace import NodeVersion, Step
from helix_jupyter.session import iteration
from helix_jupyter.session.holdings import GONE_CHANCE, OTHERS_CHANCE, grouped
from helix_jupyter.session.simulating import recorded_trace
from helix_jupyter.store.types import ArtifactFact

Opener = Callable[..., Session]


def kept(session: Session) -> set[str]:
    session.flush()
    return {fact.node for fact in session.store.artifacts().values() if fact.kind == "output"}


def worked_on(opened: Opener, **options: Any) -> Session:
    """Three iterations: a first run, an edit of the last node, an edit of the middle one."""
    session = opened(**options)
    declare_chain(session)
    session.run()
    session.declare(slow("doubled = total * 3"), ["doubled"])
    session.run()
    session.declare(slow("total = max(rows)"), ["total"])
    session.run()
    session.flush()
    return session


def test_versions_become_iterations(opened: Opener, folder: Path) -> None:
    session = worked_on(opened)
    session.run()
    trace = recorded_trace(folder / ".helix")
    assert [dict(step.edits) for step in trace.steps] == [
        {"rows": "added", "total": "added", "doubled": "added"},
        {"doubled": "code"},
        {"total": "code"},
        {},
    ]
    first, second, third, fourth = trace.steps
    assert [name for name in first.nodes if first.nodes[name].key == second.nodes[name].key] == ["rows", "total"]
    assert [name for name in first.nodes if second.nodes[name].key == third.nodes[name].key] == ["rows"]
    assert third.keys == fourth.keys
    assert third.nodes["total"].parents == ("rows",)
    assert all(node.compute_seconds > 0.02 and node.bytes > 0 for node in first.nodes.values())


def test_a_failed_version_is_an_edit_of_the_next_one(opened: Opener, folder: Path) -> None:
    session = worked_on(opened)
    session.declare("total = 1 / 0", ["total"])
    with pytest.raises(HelixError):
        session.run()
    session.declare(slow("total = min(rows)"), ["total"])
    session.run()
    trace = recorded_trace(folder / ".helix")
    assert [dict(step.edits) for step in trace.steps[2:]] == [{"total": "code"}, {"total": "code"}]


def test_what_a_budget_would_buy(opened: Opener, folder: Path) -> None:
    worked_on(opened, policy="none").close()
    found = simulate(folder / ".helix", budgets=[10**9, 0], policies=["adaptive", "none"])
    ample, nothing = found.replays["adaptive"]
    assert nothing.seconds == pytest.approx(found.trace.rerun_seconds)
    assert ample.seconds < 0.8 * nothing.seconds
    assert [replayed.seconds for replayed in found.replays["none"]] == pytest.approx([nothing.seconds] * 2)
    assert found.bounds[0].seconds <= ample.seconds


@pytest.fixture
def told_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell takes the seconds that its last comment says: what a policy decides must not hang on a busy machine."""
    real = iteration.run_node

    def as_told(task: Task, *rest: Any) -> Outcome:
        return replace(real(task, *rest), seconds=float(task.declaration.source.rpartition("# ")[2].split()[0]))

    monkeypatch.setattr(iteration, "run_node", as_told)


@pytest.mark.usefixtures("told_costs")
def test_a_session_learns_from_its_history_which_values_are_worth_their_bytes(opened: Opener) -> None:
    """Two values of one size and cost: the one that the edits so far left valid right above them is kept."""
    session = opened(policy="adaptive", budget="12MB", memory="1kB")
    session.declare("left = bytes([1]) * 5_000_000  # 10 s", ["left"])
    session.declare("right = bytes([2]) * 5_000_000  # 10 s", ["right"])
    session.declare("of_left = len(left)  # 1 s", ["of_left"])
    session.declare("of_right = len(right)  # 1 s", ["of_right"])
    session.run()
    for number in range(4):
        session.flush()
        session.declare(f"of_right = len(right) + {number}  # 1 s", ["of_right"])
        assert computed(session.run()) == ["of_right"]
    assert {"left", "right"} <= kept(session)
    session.declare("third = bytes([3]) * 5_000_000  # 10 s", ["third"])
    session.declare("of_third = len(third)  # 1 s", ["of_third"])
    session.run()
    assert "right" in kept(session)
    assert session.store.used_bytes <= 12_000_000


@pytest.mark.usefixtures("told_costs")
def test_what_was_superseded_goes_before_what_is_current(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="8MB", memory="1kB")
    session.declare("rows = bytes(3_000_000)  # 10 s", ["rows"])
    session.declare("model = rows + bytes([0])  # 10 s", ["model"])
    session.declare("score = len(model)  # 1 s", ["score"])
    session.run()
    for number in range(1, 4):
        session.flush()
        session.declare(f"model = rows + bytes([{number}])  # 10 s", ["model"])
        assert computed(session.run()) == ["model", "score"]
    session.flush()
    assert session.store.has([session.version().nodes["model"].outputs[0].digest])
    assert "rows" in kept(session)


@pytest.mark.usefixtures("told_costs")
@pytest.mark.parametrize(("seconds", "stays"), [(1, True), (100, False)])
def test_values_of_another_workflow_are_weighed_too(opened: Opener, seconds: int, stays: bool) -> None:
    other = opened(workflow="other", policy="adaptive", budget="5MB")
    other.declare("import random\nprecious = random.Random(0).randbytes(3_000_000)  # 30 s", ["precious"])
    other.run()
    other.flush()
    session = opened(policy="adaptive", budget="5MB")
    session.declare(f"import random\nvalue = random.Random(1).randbytes(3_000_000)  # {seconds} s", ["value"])
    session.run()
    assert kept(session) == ({"precious"} if stays else {"value"})


def test_the_command_answers_with_a_table(opened: Opener, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worked_on(opened).close()
    assert main(["simulate", "--store", str(folder / ".helix"), "--budget", "5GB", "--budget", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("main: 3 iterations, ")
    assert lines[2].split() == ["budget", "adaptive", "helix", "none", "least", "possible"]
    assert lines[3].split()[:2] == ["5", "GB"]
    assert lines[4].count("(x1.00)") == 3


def test_the_command_draws(opened: Opener, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worked_on(opened).close()
    picture = folder / "budgets.png"
    assert main(["simulate", "--store", str(folder / ".helix"), "--plot", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--store", "nowhere"], "no store in nowhere"),
        (["--workflow", "mian"], "Did you mean 'main'?"),
        (["--policy", "adaptve"], "Did you mean 'adaptive'?"),
        (["--budget", "lots"], "'lots' is no size"),
        (["--plot", "curve.xyz"], "curve.xyz cannot be drawn"),
        (["--plot", "no/such/folder.png"], "Choose another place"),
    ],
)
def test_bad_input_is_told_in_one_line(
    opened: Opener,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    hint: str,
) -> None:
    worked_on(opened).close()
    monkeypatch.chdir(folder)
    assert main(["simulate", *arguments]) == 2
    told = capsys.readouterr().err
    assert hint in told
    assert told.count("\n") == 1


def test_without_matplotlib_it_says_what_to_install(
    opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    worked_on(opened).close()
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError("No module named 'matplotlib'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.chdir(folder)
    assert main(["simulate", "--plot", "curve.png"]) == 2
    assert "pip install matplotlib" in capsys.readouterr().err


def test_nothing_to_replay(opened: Opener, folder: Path) -> None:
    with pytest.raises(StoreError):
        simulate(folder / ".helix")
    session = opened()
    with pytest.raises(HelixError, match="no versions of a workflow 'main'"):
        simulate(folder / ".helix")
    session.declare("value = 1 / 0", ["value"])
    with pytest.raises(HelixError):
        session.run()
    with pytest.raises(HelixError, match="nothing to replay"):
        simulate(folder / ".helix")


def test_a_policy_from_the_future_is_refused(opened: Opener, folder: Path) -> None:
    worked_on(opened)
    with pytest.raises(ConfigError):
        simulate(folder / ".helix", policies=["most"])


def test_the_command_runs_as_a_module_and_loads_neither_scipy_nor_matplotlib_for_its_help() -> None:
    script = (
        "import sys; from helix_jupyter.cli import main\ntry: main(['simulate', '--help'])\nexcept SystemExit: pass\n"
    )
    check = "assert not {'scipy', 'matplotlib', 'numpy', 'IPython'} & set(sys.modules), sorted(sys.modules)"
    done = subprocess.run([sys.executable, "-c", script + check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--budget" in done.stdout


def test_stored_values_are_grouped_by_the_nodes_that_they_belong_to() -> None:
    def fact(digest: str, workflow: str = "main", node: str = "split") -> ArtifactFact:
        return ArtifactFact(digest, 10, 5.0, 0.1, 1.0, 1.0, node, workflow, "output", 10)

    facts = [fact("X1"), fact("X2"), fact("y"), fact("lone"), fact("foreign", "other"), fact("kept", node="pinned")]
    artifacts = {one.digest: one for one in facts}
    steps = [Step({"split": NodeVersion(key, (), 1.0, 0.1, 20)}, ("split",)) for key in ("X1+y", "X2+y", "gone+y")]
    stored, digests = grouped(artifacts, steps, {"pinned"}, "main")
    assert digests == {
        "X1+y": ("X1",),  # y stays while the other needs it
        "X2+y": ("X2",),
        "lone": ("lone",),
        "foreign": ("foreign",),
        "kept": ("kept",),
    }
    assert {key: value.bytes for key, value in stored.items()} == dict.fromkeys(digests, 10)
    assert (stored["lone"].chance, stored["foreign"].chance) == (GONE_CHANCE, OTHERS_CHANCE)
    assert [key for key, value in stored.items() if value.pinned] == ["kept"]


def test_what_nodes_showed_is_grouped_with_their_value() -> None:
    def fact(digest: str, kind: str = "output") -> ArtifactFact:
        return ArtifactFact(digest, 10, 5.0, 0.1, 1.0, 1.0, "shown", "main", kind, 10)

    facts = [fact("7"), fact("said", "console"), fact("said too", "console"), fact("lost", "console")]
    nodes = {
        "assigned": NodeVersion("7", (), 1.0, 0.1, 10),
        "shown": NodeVersion("7", (), 1.0, 0.1, 10, shows="said"),
        "shown too": NodeVersion("7", (), 1.0, 0.1, 10, shows="said too"),
        "unsaid": NodeVersion("7", (), 1.0, 0.1, 10, shows="never stored"),
        "gone": NodeVersion("8", (), 1.0, 0.1, 10, shows="lost"),
    }
    stored, digests = grouped({one.digest: one for one in facts}, [Step(nodes, tuple(nodes))], (), "main")
    assert digests == {"7": ("7", "said", "said too"), "lost": ("lost",)}
    assert {key: value.bytes for key, value in stored.items()} == {"7": 30, "lost": 10}
