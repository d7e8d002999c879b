"""Settings of a session: where each comes from, and what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helix_jupyter import Session
from helix_jupyter.errors import ConfigError, HelixError

Opener = Callable[..., Session]


def test_config_says_where_each_setting_comes_from(
    opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".helix").mkdir()
    (folder / ".helix" / "config.toml").write_text('memory = "1GB"\nseed = 4\n')
    monkeypatch.setenv("HELIX_JUPYTER_SEED", "5")
    monkeypatch.setenv("HELIX_JUPYTER_JOBS", "2")
    session = opened()
    session.config(budget="1MB")
    origins = {setting.key: setting.origin for setting in session.config()}
    assert origins["budget"] == "%helix config"
    assert origins["memory"] == origins["seed"] == "config.toml"
    assert origins["jobs"] == "environment"
    assert origins["auto"] == "default"
    assert session.config()["seed"] == "4"
    assert session.store.budget == 1_000_000


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ({"budgt": "1GB"}, "budget"),
        ({"budget": "lots"}, "budget=lots"),
        ({"policy": "most"}, "adaptive"),
        ({"jobs": "0"}, "1 or more"),
        ({"auto": "perhaps"}, "true or false"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(session: Session, setting: dict[str, str], hint: str) -> None:
    with pytest.raises(ConfigError) as problem:
        session.config(**setting)
    assert hint in str(problem.value)
    assert "\n" not in str(problem.value)


def test_the_store_of_a_session_cannot_be_moved(session: Session) -> None:
    with pytest.raises(HelixError, match="keeps its store"):
        session.config(store="elsewhere")
