"""Every session of these tests has a folder of its own, and its store checks itself at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from session_helpers import Told

from helix_jupyter import Session
from helix_jupyter.store.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signing key of the test's own, and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("HELIX_JUPYTER_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("HELIX_JUPYTER_HOME", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the notebook stands."""
    place = tmp_path / "project"
    place.mkdir()
    return place


@pytest.fixture
def told() -> list[str]:
    """What users of the sessions were told, line by line."""
    return []


@pytest.fixture
def opened(folder: Path, told: list[str]) -> Iterator[Callable[..., Session]]:
    """Opens sessions on the store of ``folder``, each with an empty notebook unless one is given."""
    sessions: list[Session] = []

    def open_session(namespace: dict[str, Any] | None = None, **options: Any) -> Session:
        options = {"store": ".helix", "policy": "all", "folder": folder, "progress": lambda: Told(told)} | options
        session = Session(namespace={"__name__": "__main__"} if namespace is None else namespace, **options)
        sessions.append(session)
        return session

    yield open_session
    stores = {session.store.folder: session.store.budget for session in sessions if not session.store.problem}
    for session in sessions:
        session.close()
    for place, budget in stores.items():
        with_all_written = Store.open(place, budget=budget)
        problems = with_all_written.verify()
        with_all_written.close()
        assert problems == []


@pytest.fixture
def session(opened: Callable[..., Session]) -> Session:
    return opened()


@pytest.fixture
def python(folder: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a fresh Python process in the folder of the notebook, on a script given as text."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: str) -> subprocess.Popen[str]:
        path = folder / f"script{len(started)}.py"
        path.write_text(script)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, str(path), *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def answer(python: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Runs a script in a fresh process to its end, and gives what it printed."""

    def run(script: str, *arguments: str) -> str:
        process = python(script, *arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out.strip()

    return run


@pytest.fixture
def desk(folder: Path, opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A folder from which modules can be imported."""
    monkeypatch.syspath_prepend(str(folder / "src"))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    made = Desk(folder, opened)
    yield made
    made.forget()
