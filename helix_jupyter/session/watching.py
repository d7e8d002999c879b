"""What nodes watch: files and globs by content, functions of the notebook by the value that they return.

Calls the notebook's functions, and reads files; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import Undigestable, WatchFailed
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.files import expand_watch
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.session.files import Files


class Watching:
    """Looks at what is watched. A function is called once, and again after ``forget``: it may ask a database."""

    def __init__(self, namespace: Mapping[str, Any], folder: Path, files: Files) -> None:
        self._namespace, self._folder, self._files = namespace, folder, files
        self._given: dict[str, tuple[object, Part | str]] = {}

    def forget(self) -> None:
        """Call the functions anew when they are next asked for."""
        self._given.clear()

    def parts(self, node: str, watched: Iterable[str]) -> tuple[Part, ...]:
        """One part for each thing that ``node`` watches.

        Raises
        ------
        WatchFailed
        """
        return tuple(self._part(node, one) for one in watched)

    def missing(self, watched: Iterable[str]) -> tuple[str, ...]:
        """What is neither a function of the notebook nor matches anything that is there."""
        return tuple(
            one
            for one in watched
            if one not in self._namespace and not any(path.exists() for path in expand_watch((one,), self._folder))
        )

    def _part(self, node: str, watched: str) -> Part:
        function = self._namespace.get(watched)
        if callable(function):
            return self._by_value(node, watched, function)
        if watched in self._namespace or (watched.isidentifier() and not (self._folder / watched).exists()):
            raise WatchFailed(node, watched, "it is neither a function of the notebook nor a file")
        try:
            return Part("file", watched, self._files.watched(expand_watch((watched,), self._folder)), watched)
        except OSError as problem:
            raise WatchFailed(node, watched, _said(problem)) from problem

    def _by_value(self, node: str, watched: str, function: Any) -> Part:
        given = self._given.get(watched)
        if given is None or given[0] is not function:
            given = self._given[watched] = (function, _returned(watched, function))
        if isinstance(given[1], str):
            raise WatchFailed(node, watched, given[1])
        return given[1]


def _returned(watched: str, function: Any) -> Part | str:
    """The part of a function by the value that it returns; else what went wrong."""
    try:
        return Part("file", watched, digest(function()), "the value that it returns")
    except Undigestable as problem:
        return f"it gives {problem}; give text or numbers"
    except (Exception, SystemExit) as problem:  # whatever it raises
        return _said(problem)


def _said(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return f"{type(problem).__name__}{': ' if text else ''}{text}"
