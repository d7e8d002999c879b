"""Options about the outside, and what is said of it, as a notebook meets them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


def test_watch_takes_a_function_of_the_notebook(shell: Any) -> None:
    shell("newest = 1\ndef latest_id(): return newest")
    shell("%%helix rows --watch latest_id\nrows = [1]")
    assert shell.states() == {"rows": "compute"}
    assert "compute" not in shell.states().values()
    shell("newest = 2")
    assert "latest_id changed" in str(shell("%helix why rows").value)
    assert shell.states() == {"rows": "compute"}
    shell("def latest_id(): raise OSError('no route')")
    assert str(shell("%helix run").error).startswith("Node 'rows' watches 'latest_id', which failed: OSError: no route")


def test_volatile_is_never_reused(shell: Any) -> None:
    shell("%%helix x --volatile\nimport datetime\nx = datetime.datetime.now()")
    shell("%%helix y\ny = x")
    for _ in range(3):
        ran = shell("%helix run")
        assert {node: record.state.value for node, record in ran.value.nodes.items()} == {
            "x": "compute",
            "y": "compute",
        }
        assert "clock" not in ran.stdout + ran.stderr  # the user has said so


def test_a_seed_decides_what_is_drawn(shell: Any) -> None:
    drawn = []
    for seed in (1, 2, 1):
        shell(f"%%helix x --seed {seed}\nimport numpy as np\nx = float(np.random.default_rng().random())")
        shell("%helix run")
        drawn.append(shell["x"])
    assert drawn[0] == drawn[2] != drawn[1]


def test_a_shell_command_s_file_is_an_input(shell: Any) -> None:
    Path("a.txt").write_text("1")
    shell("%%helix x\nlines = !cat a.txt\nx = list(lines)")
    shell("%helix run")
    Path("a.txt").write_text("2")
    assert shell.states() == {"x": "compute"}
    assert shell["x"] == ["2"]


def test_an_environment_variable_and_a_file_asked_for(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "a")
    shell("import os\nfrom os.path import exists")
    shell("%%helix x\nx = os.getenv('MODE'), exists('new' + '.txt')")
    shell("%helix run")
    os.environ["MODE"] = "b"
    assert "environment variable MODE changed" in str(shell("%helix why x").value)
    os.environ["MODE"] = "a"
    Path("new.txt").write_text("")
    assert "new.txt appeared" in str(shell("%helix why x").value)
    shell("%helix run")
    assert shell["x"] == ("a", True)


def test_what_no_seed_governs_is_said_in_the_plan(shell: Any) -> None:
    shell("%%helix x\nimport time, uuid\ntime.sleep(0.02)\nx = uuid.uuid4().hex")
    said = "draws randomness that no seed governs (uuid.uuid4 in line 4)"
    ran = shell("%helix run")
    assert said in ran.stdout + ran.stderr + "".join(one["data"].get("text/plain", "") for one in ran.displays)
    assert said in shell("%helix plan").stdout
    assert said in shell("%helix trace x").stdout
