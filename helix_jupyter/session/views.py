"""The widgets of a session: opened, answered, told of runs, brought up to date. One object per session.

Questions may arrive on a thread of their own while a cell runs: see ``session.panes`` for what is answered when.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import HelixError, UnknownOption
from helix_jupyter.execute.interrupts import interrupt_main_thread
from helix_jupyter.session.panes import Ask, Document, Pane, dag_pane
from helix_jupyter.view.assets import NOT_BUILT, widget_module
from helix_jupyter.view.audience import Audience
from helix_jupyter.view.front import can_show_widgets, on_main_thread
from helix_jupyter.view.live import LiveProgress
from helix_jupyter.view.progress import Progress

if TYPE_CHECKING:
    from helix_jupyter.session.explore_pane import Exploration

Reply = Callable[[Mapping[str, Any]], None]

_log = logging.getLogger("helix_jupyter")


class Views:
    """Opens widgets and answers them.

    Parameters
    ----------
    snapshot
        Gives the workflow as it stands; called on the thread that runs cells.
    details
        Gives what is known of a node; called on any thread.
    warn
        Tells the user one line.
    exploration
        Gives what answers a picture's what-ifs, or None.
    """

    def __init__(
        self,
        snapshot: Callable[[], Document],
        details: Callable[[str], Document],
        warn: Callable[[str], None],
        exploration: Callable[[], Exploration | None] = lambda: None,
    ) -> None:
        self._snapshot, self._details, self._warn = snapshot, details, warn
        self._exploration = exploration
        self.audience = Audience()
        self._shown: object = None
        self._on_panels: object = None
        self._warned = False
        self._runs_on: int | None = None
        self._lock = threading.Lock()

    def watched(self, progress: Callable[[], Progress]) -> Callable[[], Progress]:
        """A progress that the open widgets are told of, too, and that notes when a run can be stopped."""
        return lambda: LiveProgress(progress(), self.audience, self._underway)

    def dag(self, snapshot: Document) -> Mapping[str, Any]:
        """Open the workflow's picture: see ``open``."""
        return self.open(lambda: dag_pane(snapshot, self._snapshot, self._details, self._exploration()))

    def open(self, pane: Callable[[], Pane]) -> Mapping[str, Any]:
        """The part of an output by which a front end finds a new widget; empty where none can be shown."""
        if not can_show_widgets():
            return {}
        shown = pane()
        module = widget_module(shown.kind)
        if module is None:
            if not self._warned:
                self._warned = True
                self._warn(NOT_BUILT)
            return {}
        from helix_jupyter.view.widget import ViewWidget

        widget = ViewWidget(
            module, shown.kind, shown.document, lambda message, reply: self.answer(shown, message, reply)
        )
        self.audience.join(widget, shown.redraw)
        return widget.bundle()

    def answer(self, pane: Pane, message: Mapping[str, Any], reply: Reply) -> None:
        """Answer a question: ``ask`` names it, ``id`` comes back as ``answer`` with ``data``, or with a ``problem``."""
        question = str(message.get("ask"))
        at_once: Mapping[str, Ask] = {
            "stop": lambda _: self.stop(),
            "run": lambda _: self.audience.underway(),
            **pane.at_once,
        }

        def act(ask: Ask) -> None:
            try:
                reply({"answer": message.get("id"), "data": ask(message)})
            except HelixError as problem:
                reply({"answer": message.get("id"), "problem": str(problem)})
            except Exception as problem:  # the page gets a word in any case; a value's own code may raise anything
                _log.info("a view's question failed", exc_info=True)
                reply({"answer": message.get("id"), "problem": f"It cannot be told ({type(problem).__name__})."})

        if question in at_once:
            act(at_once[question])
        elif question in pane.later:
            on_main_thread(lambda: act(pane.later[question]))
        else:
            reply({"answer": message.get("id"), "problem": "This kernel does not know that question: restart it."})

    def refresh(self, state: object) -> None:
        """Show the open widgets the workflow anew if ``state`` (compared by value) is another than last time."""
        if not self.audience or state == self._shown:
            return
        self._shown = state
        try:
            self.audience.show(self._snapshot)
        except Exception:  # a picture that fails must not fail the cell or run that it follows
            _log.info("the open pictures were not brought up to date", exc_info=True)

    def refresh_panels(self, state: object) -> None:
        """Show the open panels the workflow anew."""
        self._on_panels = state
        try:
            self.audience.show_panels(self._snapshot)
        except Exception:  # as above
            _log.info("the open panels were not brought up to date", exc_info=True)

    def catch_up(self, state: object) -> None:
        """The same where they do not show this ``state`` yet: a run is about to begin that they are to be told of."""
        if state != self._on_panels:
            self.refresh_panels(state)

    def stop(self) -> bool:
        """Interrupt the run that is underway; False where there is none (any more)."""
        with self._lock:
            if self._runs_on is None:
                return False
            if self._runs_on != threading.main_thread().ident:
                raise UnknownOption("The run is not on the main thread, where it could be interrupted: end it there.")
            interrupt_main_thread()
            return True

    def _underway(self, underway: bool) -> None:
        with self._lock:
            self._runs_on = threading.get_ident() if underway else None
