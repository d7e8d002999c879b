"""Every store of these tests has a signing key of its own and checks itself at the end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helix_jupyter.store.store import Store

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("store_worker.py")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HELIX_JUPYTER_HOME", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".helix"


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[..., Store]]:
    """Opens stores in ``folder``; they are closed at the end, and a store opened last must be sound."""
    stores: list[Store] = []

    def open_store(budget: int = 10**9) -> Store:
        stores.append(Store.open(folder, budget=budget))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()
    if not all(store.problem for store in stores):
        last = Store.open(folder, budget=max(store.budget for store in stores))
        problems = last.verify()
        last.close()
        assert problems == []


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()


@pytest.fixture
def worker(folder: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``store_worker.py`` on the store in ``folder``; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(task: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, str(WORKER), task, str(folder), *map(str, arguments)]
        started.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
