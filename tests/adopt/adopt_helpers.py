"""Runs notebooks from top to bottom in a stock IPython shell of this process, each time in a fresh one."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from helix_jupyter.adopt import Adopted, adopt


def notebook(*cells: str) -> dict[str, Any]:
    """A notebook of code cells."""
    made = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text} for text in cells
    ]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made}


def sources(made: Mapping[str, Any]) -> list[str]:
    """The texts of a notebook's code cells."""
    return [cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"]


@dataclass(frozen=True)
class Ran:
    """What a notebook showed, line by line, without this package's own cards; its names; its nodes' states."""

    shown: list[str]
    names: Mapping[str, Any]
    states: list[tuple[str, str]]
    error: BaseException | None


def execute(cells: Sequence[str]) -> Ran:
    """Run cells in a fresh shell; stops at the first that fails."""
    InteractiveShell.clear_instance()
    # a history would be one more database to wait for
    shell: Any = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shown: list[str] = []
    error = None
    try:
        for text in cells:
            with capture_output() as captured:
                result = shell.run_cell(text, store_history=True)
            if not result.success:
                error = result.error_in_exec or result.error_before_exec
                break
            if not text.startswith("%%helix"):
                shown += _lines(captured.stdout)
                shown += [one.data["text/plain"] for one in captured.outputs if _is_value(one.data)]
        session = getattr(shell, "_helix_session", None)
        versions = session.versions if session is not None else ()
        states = [(node, state.value) for version in versions for node, state in version.states.items()]
        return Ran(shown, dict(shell.user_ns), states, error)
    finally:
        if (session := getattr(shell, "_helix_session", None)) is not None:
            session.close()
        # what the shell would do at exit takes half a second for each
        atexit.unregister(shell.atexit_operations)
        InteractiveShell.clear_instance()


def _is_value(data: Mapping[str, Any]) -> bool:
    text = data.get("text/plain", "")
    return bool(text) and not text.startswith("version ")


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        line = line.split("]: ", 1)[1] if line.startswith("Out[") else line
        if line.strip() and not line.startswith("version "):
            yield line


@dataclass(frozen=True)
class Checked:
    """An adopted notebook that gave what its original gave, and was run twice."""

    adopted: Adopted
    first: Ran
    second: Ran

    @property
    def cells(self) -> list[str]:
        return sources(self.adopted.notebook)


def check(*cells: str) -> Checked:
    """Adopt cells; run the original, and the adopted notebook twice, each in a fresh shell."""
    original = execute(cells)
    assert original.error is None, original.error
    adopted = adopt(notebook(*cells))
    texts = sources(adopted.notebook)
    first = execute(texts)
    assert first.error is None, (first.error, texts)
    assert sorted(first.shown) == sorted(original.shown), texts
    second = execute(texts)
    assert second.error is None, (second.error, texts)
    return Checked(adopted, first, second)
