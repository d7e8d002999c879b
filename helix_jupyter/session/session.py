"""The session: the one place where all stages meet, and the only one that holds anything that changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.session.verbs.declare import Declare
from helix_jupyter.session.verbs.steer import Steer
from helix_jupyter.session.verbs.sweep import Sweep
from helix_jupyter.session.verbs.versions import Versions
from helix_jupyter.session.verbs.what_if import WhatIf
from helix_jupyter.view.words import plural

if TYPE_CHECKING:
    from helix_jupyter.session.explore_pane import Exploration
    from helix_jupyter.session.views import Reply
    from helix_jupyter.view.audience import Shown


class Session(Declare, Sweep, WhatIf, Versions, Steer):
    """A workflow of declared nodes, its store and its versions.

    Parameters
    ----------
    store
        Folder of the store; relative to ``folder``.
    workflow
        Name under which versions are counted; several workflows may share a store.
    budget
        Bytes that the store may hold on disk, as ``"2GB"`` or a number.
    memory
        Bytes of values kept in memory between runs.
    policy
        What to keep on disk: ``adaptive``, ``helix``, ``all``, ``none`` or ``memory``.
    namespace
        Where nodes find functions, constants and imports, and where results are bound: ``globals()`` of a script, a
        notebook's user namespace; default: a dict of its own.
    folder
        What a relative ``store`` is relative to, and where recorded file names start; default: the working directory.
    settings
        For front ends: settings already gathered.
    console
        For front ends: where output goes.
    progress
        For front ends: who is told of progress.
    tools
        For front ends: names that every node may use without depending on them.

    Raises
    ------
    NewerStore
        The store was written by a newer version of this package.
    ConfigError
        A setting does not fit.
    """

    def __repr__(self) -> str:
        return f"<Session '{self.workflow}': {plural(len(self.declarations), 'node')}, store {self.store.folder}>"

    def live(self, value: object) -> Mapping[str, Any]:
        """What an output needs to show ``value`` as a widget; empty where it has no view, or no front end is there."""
        from helix_jupyter.session.panes import pane_for

        pane = pane_for(self, value)
        return self._views.open(pane) if pane is not None else {}

    def _exploration(self) -> Exploration:
        from helix_jupyter.session.explore_pane import Exploration

        return Exploration(self)

    def open_panel(self, panel: Shown) -> Callable[[Mapping[str, Any], Reply], None]:
        """Keep a front end's panel up to date from now on; gives what answers its questions.

        Called on the thread that runs cells; on any other once somebody has looked (``was_seen``): then what was seen
        last is shown.
        """
        from helix_jupyter.session.panel_pane import panel_pane

        seen = self._seen or self.snapshot()
        pane = panel_pane(self, seen, self.snapshot, self._details, lambda: self._base, self._exploration())
        panel.document = pane.document
        self._views.audience.join_panel(panel, pane.redraw)
        return lambda message, reply: self._views.answer(pane, message, reply)

    @property
    def was_seen(self) -> bool:
        """Whether anybody has looked at the workflow, so that there is something to show without another look."""
        return self._seen is not None

    def close_panel(self, panel: Shown) -> None:
        """Forget a panel."""
        self._views.audience.leave(panel)
