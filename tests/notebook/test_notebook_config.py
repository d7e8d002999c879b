"""Settings and where they come from, the life of the extension, and which notebook a kernel serves."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest


def setting(shell: Any, key: str) -> tuple[object, str]:
    config = shell("%helix config").value
    return next((str(one.value), one.origin) for one in config if one.key == key)


# precedence


def test_every_layer_wins_over_the_ones_below(bare_shell: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = bare_shell
    monkeypatch.setenv("HELIX_JUPYTER_BUDGET", "1GB")
    monkeypatch.setenv("HELIX_JUPYTER_MEMORY", "1GB")
    monkeypatch.setenv("HELIX_JUPYTER_POLICY", "none")
    monkeypatch.setenv("HELIX_JUPYTER_SEED", "1")
    (place / ".helix").mkdir()
    (place / ".helix" / "config.toml").write_text('budget = "2GB"\nmemory = "2GB"\npolicy = "helix"\n')
    shell("%load_ext helix_jupyter")
    shell("%config HelixMagics.budget = '3GB'")
    shell("%config HelixMagics.memory = '3GB'")
    shell("%helix config budget=4GB")
    assert setting(shell, "budget") == ("4GB", "%helix config")
    assert setting(shell, "memory") == ("3GB", "%config HelixMagics")
    value, origin = setting(shell, "policy")
    assert value == "helix"
    assert origin.endswith("config.toml")
    assert setting(shell, "seed") == ("1", "environment")
    assert setting(shell, "jobs") == ("1", "default")


def test_config_shows_every_setting_with_its_origin(shell: Any) -> None:
    config = shell("%helix config budget=10MB").value
    assert {one.key for one in config} >= {"budget", "memory", "policy", "executor", "auto", "store"}
    assert "%helix config" in str(config)


@pytest.mark.parametrize("session", [True, False], ids=["session", "no-session"])
def test_config_of_the_shell_comes_into_force_at_once(shell: Any, session: bool) -> None:
    if session:
        shell("%%helix a\na = 1")
    shell("%config HelixMagics.auto = 'true'")
    shell("%%helix b\nb = 2")
    assert shell["b"] == 2


def test_the_budget_of_a_config_is_the_stores(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%helix config budget=10MB")
    assert shell.ip._helix_session.store.budget == 10_000_000
    shell("%config HelixMagics.budget = '20MB'")
    assert shell.ip._helix_session.store.budget == 10_000_000
    assert setting(shell, "budget") == ("10MB", "%helix config")


def test_a_wrong_setting_changes_nothing(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%helix config jobs=2")
    ran = shell("%helix config jobs=0")
    assert "jobs=0" in str(ran.error)
    assert setting(shell, "jobs") == ("2", "%helix config")


def test_a_wrong_setting_beside_a_right_one_changes_neither(shell: Any) -> None:
    ran = shell("%helix config jobs=2 budget=lots")
    assert "budget=lots" in str(ran.error)
    assert setting(shell, "jobs") == ("1", "default")


def test_a_wrong_value_in_the_shells_config_is_told_and_not_taken(shell: Any, caplog: pytest.LogCaptureFixture) -> None:
    shell("%config HelixMagics.budget = 'lots'")
    assert "budget=lots" in caplog.text  # IPython logs it to the terminal
    assert setting(shell, "budget")[1] == "default"
    assert shell("%config HelixMagics.budget").value == ""


def test_after_a_refused_value_the_extension_loads_again(shell: Any) -> None:
    shell("%config HelixMagics.policy = 'foo'")
    ran = shell("%reload_ext helix_jupyter")
    assert ran.result.success
    (line,) = ran.stderr.strip().splitlines()
    assert "policy=foo (%config HelixMagics) does not fit" in line
    assert setting(shell, "policy") == ("adaptive", "default")
    shell("%config HelixMagics.policy = 'all'")
    assert shell("%reload_ext helix_jupyter").stderr == ""
    assert setting(shell, "policy") == ("all", "%config HelixMagics")


@pytest.mark.parametrize(
    ("text", "problem", "others"),
    [
        ("budget = = 1", "cannot be read", ("2GB", "default")),
        ('policy = "foo"\nbudget = "3GB"', "policy=foo", ("3GB", "config.toml")),
        ('polcy = "all"\nbudget = "3GB"', "Did you mean 'policy'?", ("3GB", "config.toml")),
    ],
)
def test_a_broken_config_file_is_one_line_that_names_it(
    bare_shell: Any, place: Path, text: str, problem: str, others: tuple[str, str]
) -> None:
    (place / ".helix").mkdir()
    (place / ".helix" / "config.toml").write_text(text)
    ran = bare_shell("%load_ext helix_jupyter")
    assert ran.result.success
    (line,) = (ran.stdout + ran.stderr).strip().splitlines()
    assert str(place / ".helix" / "config.toml") in line
    assert problem in line
    assert setting(bare_shell, "policy") == ("adaptive", "default")
    assert setting(bare_shell, "budget") == others
    assert bare_shell("%%helix a\na = 1").result.success


def test_a_bad_environment_value_is_one_line_and_the_default_holds(
    bare_shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELIX_JUPYTER_JOBS", "many")
    ran = bare_shell("%load_ext helix_jupyter")
    assert ran.result.success
    (line,) = (ran.stdout + ran.stderr).strip().splitlines()
    assert "jobs=many (HELIX_JUPYTER_JOBS in the environment) does not fit" in line
    assert setting(bare_shell, "jobs") == ("1", "default")


def test_the_store_may_lie_elsewhere(shell: Any, place: Path) -> None:
    shell("%helix config store=elsewhere budget=3GB")
    shell("%%helix a\na = 1")
    shell("%helix run")
    assert (place / "elsewhere" / "helix.db").exists()
    assert not (place / ".helix").exists()
    ran = shell("%helix config store=third")
    assert "store" in str(ran.error)
    assert len(ran.stdout.strip().splitlines()) == 1


# the life of the extension


def test_the_store_lies_beside_the_notebook_and_is_private(shell: Any, place: Path) -> None:
    shell("%%helix a\na = 1")
    store = place / ".helix"
    assert "*" in (store / ".gitignore").read_text().split()
    if sys.platform != "win32":
        assert store.stat().st_mode & 0o777 == 0o700


def test_the_signing_key_lies_in_its_home(shell: Any, home: Path, place: Path) -> None:
    shell("%%helix a\na = 1")
    keys = [path for path in (home / "keys").rglob("*") if path.is_file()]
    assert keys
    if sys.platform != "win32":
        assert all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_loading_alone_touches_no_disk(shell: Any, place: Path) -> None:
    shell("x = 1")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("line", ["%load_ext helix_jupyter", "%reload_ext helix_jupyter"])
def test_loading_again_keeps_the_session_and_doubles_nothing(shell: Any, line: str) -> None:
    shell("K = 1")
    shell("%%helix a\na = K")
    shell("%helix run")
    for _ in range(3):
        shell(line)
    assert [row.node for row in shell("%helix").value] == ["a"]
    shell("K = 2")
    assert len(shell("a").stderr.strip().splitlines()) == 1
    assert len(shell("%%helix b\nb = a").displays) == 1
    assert shell.complete("%helix chec") == ["checkout"]
    completions = shell.complete("%helix why ")
    assert len(completions) == len(set(completions))


def test_settings_of_the_shell_work_after_a_reload(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%helix config jobs=2")
    shell("%reload_ext helix_jupyter")
    shell("%config HelixMagics.budget = '10MB'")
    assert setting(shell, "budget") == ("10MB", "%config HelixMagics")
    assert setting(shell, "jobs") == ("2", "%helix config")
    assert shell.ip._helix_session.store.budget == 10_000_000


def test_the_shells_config_holds_across_a_reload(shell: Any) -> None:
    shell("%config HelixMagics.budget = '10MB'")
    shell("%%helix a\na = 1")
    shell("%reload_ext helix_jupyter")
    assert setting(shell, "budget") == ("10MB", "%config HelixMagics")


def test_unloading_takes_everything_off(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%helix run")
    shell("%unload_ext helix_jupyter")
    ran = shell("%helix")
    assert not ran.result.success
    assert "helix" in ran.stderr
    assert shell("# helix: b\nb = 1\nb").value == 1
    assert shell.complete("%helix chec") == []
    assert "HelixMagics" not in shell("%config").stdout
    assert shell("a").value == 1


def test_unloading_twice_and_loading_again_work(shell: Any) -> None:
    shell("%%helix a\na = 1")
    shell("%unload_ext helix_jupyter")
    shell("%unload_ext helix_jupyter")
    shell("%load_ext helix_jupyter")
    shell("%helix run")
    assert shell("a").value == 1


# which notebook


@pytest.mark.parametrize(
    ("told", "workflow"),
    [
        pytest.param("analysis.ipynb", "analysis", id="file"),
        pytest.param("deep folder/My analysis (2).ipynb", "My analysis (2)", id="blanks"),
        pytest.param("größe.ipynb", "größe", id="unicode"),
        pytest.param("a.b.ipynb", "a.b", id="dots"),
        pytest.param("Console 1", "main", id="console"),
        pytest.param("", "main", id="empty"),
    ],
)
def test_the_workflow_has_the_name_of_the_notebook(
    bare_shell: Any, place: Path, monkeypatch: pytest.MonkeyPatch, told: str, workflow: str
) -> None:
    path = place / (told or "none")
    path.parent.mkdir(exist_ok=True)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path) if told else "")
    bare_shell("%load_ext helix_jupyter")
    bare_shell("%%helix a\na = 1")
    assert bare_shell("%helix run").value.workflow == workflow
    assert (path.parent / ".helix").is_dir()


def test_vs_code_tells_by_a_name_in_the_notebook(bare_shell: Any, place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    bare_shell.ip.user_ns["__vsc_ipynb_file__"] = str(folder / "study.ipynb")
    bare_shell("%load_ext helix_jupyter")
    bare_shell("%%helix a\na = 1")
    assert bare_shell("%helix run").value.workflow == "study"
    assert (folder / ".helix").is_dir()
    assert not (place / ".helix").exists()


def test_a_real_kernel_takes_the_name_that_jupyterlab_gives(start_kernel: Any, place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    kernel = start_kernel(folder, JPY_SESSION_NAME=str(folder / "census.ipynb"))
    kernel("%%helix a\na = 1")
    assert kernel("(%helix run)") is not None
    kernel("v = %helix run")
    assert kernel("v.workflow").value == "'census'"
    assert (folder / ".helix").is_dir()


def test_two_workflows_share_a_store_and_count_for_themselves(
    bare_shell: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    for name in ("one", "two"):
        monkeypatch.setenv("JPY_SESSION_NAME", str(place / f"{name}.ipynb"))
        bare_shell("%reload_ext helix_jupyter")
        bare_shell("%%helix a\na = 1")
        numbers.append(bare_shell("%helix run").value.id)
        bare_shell.ip._helix_session.close()
        del bare_shell.ip._helix_session
    assert numbers == [1, 1]
    assert os.listdir(place) == [".helix"]
