"""A folder to work in, and the command as a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helix_jupyter.cli import main


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys and history of these tests lie apart; what a front end would tell is not told."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIX_JUPYTER_HOME", str(folder / "keys"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.delenv("JPY_SESSION_NAME", raising=False)
        yield


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def helix(place: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """``helix-jupyter`` with these arguments."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run
