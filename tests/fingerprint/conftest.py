"""A project folder with local modules, written and imported as a test says."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


class Project:
    """A folder on ``sys.path`` whose modules are forgotten when the test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, **modules: str) -> None:
        """Write modules; ``package__sub`` stands for ``package/sub.py``, ``package____init__`` for its ``__init__``."""
        for name, text in modules.items():
            head, separator, rest = name.partition("__")
            path = self.folder / head / f"{rest}.py" if separator and head else self.folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")

    def load(self, name: str) -> Any:
        """Import a module as a fresh kernel would."""
        self.forget()
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def forget(self) -> None:
        """Unload all modules of the folder, compiled files included."""
        for name, module in list(sys.modules.items()):
            if str(self.folder) in str(getattr(module, "__file__", "") or list(getattr(module, "__path__", []))):
                del sys.modules[name]
        for compiled in self.folder.rglob("*.pyc"):
            compiled.unlink()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    made = Project(folder)
    yield made
    made.forget()


@pytest.fixture
def notebook() -> Callable[[str], dict[str, Any]]:
    """Runs a cell's text in a notebook's namespace of its own."""

    def run(text: str, filename: str = "<cell>") -> dict[str, Any]:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(textwrap.dedent(text), filename, "exec"), namespace)
        return namespace

    return run
