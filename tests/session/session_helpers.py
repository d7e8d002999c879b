"""What the tests of the session share: cells that are worth loading, what a run did, and definitions in a notebook."""

from __future__ import annotations

import itertools
import linecache
from typing import Any

from helix_jupyter import Session, State, Version
from helix_jupyter.view.progress import Progress

_numbers = itertools.count(1)


class Told(Progress):
    """Keeps the lines that a user is told."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def warn(self, message: str) -> None:
        self._lines.append(message)


def slow(code: str) -> str:
    """The cell, made slow enough (20 ms) that loading its value is cheaper than computing it."""
    return f"import time\ntime.sleep(0.02)\n{code}"


def ran(version: Version) -> dict[str, str]:
    """What the run did with every node."""
    return {node: str(state) for node, state in version.states.items()}


def computed(version: Version) -> list[str]:
    """The nodes that the run computed, in topological order."""
    return [node for node, state in version.states.items() if state is State.COMPUTE]


def define(namespace: dict[str, Any], source: str) -> None:
    """What a plain cell does: run ``source`` in the notebook, so that its text can be found again."""
    filename = f"<plain cell {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec", dont_inherit=True), namespace)


def declare_chain(session: Session, first: str = "rows = [1, 2, 3]") -> None:
    """Three nodes in a row: rows -> total -> doubled."""
    session.declare(slow(first), ["rows"])
    session.declare(slow("total = sum(rows)"), ["total"])
    session.declare(slow("doubled = total * 2"), ["doubled"])
