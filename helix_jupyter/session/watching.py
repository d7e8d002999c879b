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
        self._given: dict[str, tuple[object, str]] = {}

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

    def _part(self, node: str, watched: str) -> Part:
        function = self._namespace.get(watched)
        if callable(function):
            return Part("file", watched, self._value_digest(node, watched, function), "the value that it returns")
        if watched in self._namespace or (watched.isidentifier() and not (self._folder / watched).exists()):
            raise WatchFailed(node, watched, "it is neither a function of the notebook nor a file")
        return Part("file", watched, self._files.watched(expand_watch((watched,), self._folder)), watched)

    def _value_digest(self, node: str, watched: str, function: Any) -> str:
        given = self._given.get(watched)
        if given is None or given[0] is not function:
            given = self._given[watched] = (function, _returned(node, watched, function))
        return given[1]


def _returned(node: str, watched: str, function: Any) -> str:
    try:
        return digest(function())
    except Undigestable as problem:
        raise WatchFailed(node, watched, f"it gives {problem}; give text or numbers") from None
    except Exception as problem:  # whatever it raises
        text = " ".join(str(problem).split())
        raise WatchFailed(node, watched, f"{type(problem).__name__}{': ' if text else ''}{text}") from problem
