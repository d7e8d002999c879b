"""A folder with modules and a notebook, and what a person does there: edit, restart, run."""

from __future__ import annotations

import importlib
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from session_helpers import computed, define

from helix_jupyter import Session

NOTEBOOK = "the notebook"
Texts = dict[str, str]


class Desk:
    """A folder with modules, and what a person does there: edit, restart, run."""

    def __init__(self, folder: Path, opened: Callable[..., Session]) -> None:
        self.folder, self._opened, self._moment = folder, opened, 1_700_000_000

    def write(self, texts: Texts) -> None:
        """Write what is no cell as files; every write has a time of its own, some while ago."""
        for name in texts.keys() - self.nodes(texts) - {NOTEBOOK}:
            path = self.folder / name
            text = textwrap.dedent(texts[name])
            if path.exists() and path.read_text() == text:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            self._moment += 1
            os.utime(path, (self._moment, self._moment))

    def forget(self) -> None:
        """Unload the folder's modules, as a restart does."""
        for name, module in list(sys.modules.items()):
            told = vars(module)  # an attribute might be made up by the module itself
            places = [told.get("__file__") or "", *map(str, told.get("__path__") or ())]
            if any(place.startswith(str(self.folder)) for place in places):
                del sys.modules[name]
        importlib.invalidate_caches()

    def nodes(self, texts: Texts) -> set[str]:
        """What is neither a file nor the notebook's own."""
        return {name for name in texts if "." not in name and name != NOTEBOOK}

    def opened(self, texts: Texts) -> Session:
        """Start anew and declare all."""
        self.forget()
        self.write(texts)
        session = self._opened()
        define(session.namespace, textwrap.dedent(texts.get(NOTEBOOK, "")))
        for node in self.nodes(texts):
            session.declare(f"import time\ntime.sleep(0.03)\n{texts[node]}", [node])
        return session

    def restart(self, texts: Texts) -> tuple[set[str], set[Any]]:
        """Start anew and run all: the nodes that were computed, and the values of all."""
        session = self.opened(texts)
        ran = set(computed(session.run()))
        session.get(*self.nodes(texts))
        values = {session.namespace[node] for node in self.nodes(texts)}
        session.close()
        return ran, values
