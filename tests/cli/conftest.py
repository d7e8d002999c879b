"""A folder to work in, and the command as a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from helix_jupyter.cli import main


@pytest.fixture(scope="module", autouse=True)
def home(own_home: Path) -> Path:
    """Nothing of these tests reaches the user's own home."""
    return own_home


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
