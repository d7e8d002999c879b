"""The kernel's end of the comms to front ends with the extension: one for each page that shows the notebook.

A comm of the kernel's own tells that the extension is loaded; pages open theirs and ask over them. Questions may arrive
on a thread of their own while a cell runs; what looks at the workflow goes to the thread that runs cells.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import HelixError, MalformedMessage, UnknownOption
from helix_jupyter.magics.drafts import replaces
from helix_jupyter.magics.restoring import restored
from helix_jupyter.session.typed import Typed, rows_document
from helix_jupyter.session.wire import PROTOCOL, TARGET, hello, read_greeting, read_question
from helix_jupyter.view.front import (
    after_a_while,
    answer_where_asked,
    can_show_widgets,
    on_main_thread,
    soon_on_main_thread,
)

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from helix_jupyter.magics.helix_magics import HelixMagics
    from helix_jupyter.session.views import Reply

# Cells that are run one after the other would each be followed by a look at the workflow: one is enough for all that
# end within this time, and looks take no more than a part of the kernel's time.
SHORTEST_PAUSE = 0.1
PAUSE_FOR_A_LOOK = 5
# seconds after which the thread that runs cells is taken to run one
BUSY = 0.2

_NOTHING_YET = "Nothing is declared in this notebook yet. Put %%helix NAME on top of a cell and run it."

_log = logging.getLogger("helix_jupyter")


class Link:
    """One page: shows it documents, by the parts that have changed, and messages."""

    def __init__(self, comm: Any) -> None:
        self._comm = comm
        self._shown: Mapping[str, Any] = {}
        self.typed = Typed()
        self.answer: Callable[[Mapping[str, Any], Reply], None] | None = None

    @property
    def document(self) -> Mapping[str, Any]:
        """What the page shows."""
        return self._shown

    @document.setter
    def document(self, document: Mapping[str, Any]) -> None:
        changed = {part: value for part, value in document.items() if self._shown.get(part) != value}
        self._shown = document
        if changed:
            self.send({"show": changed})

    def send(self, content: Any) -> None:
        """Send a message."""
        self._comm.send(content)

    def close(self) -> None:
        """End it, and say so to the page."""
        self._comm.close()


class Links:
    """The links of one shell; ``attach`` when the extension is loaded, ``detach`` when it is unloaded."""

    def __init__(self, shell: InteractiveShell, magics: HelixMagics) -> None:
        self._shell, self._magics = shell, magics
        self._links: list[Link] = []
        self._beacon: Any = None
        self._pause, self._is_due = SHORTEST_PAUSE, False

    def attach(self) -> None:
        """Be there for pages, and tell them so; in a terminal there are none."""
        if not can_show_widgets():
            return
        from comm import create_comm, get_comm_manager

        get_comm_manager().register_target(TARGET, self._opened)
        self._beacon = create_comm(target_name=TARGET, data=hello())
        self._beacon.on_close(self._put_out)
        self._shell.events.register("post_run_cell", self._after_cell)

    def detach(self) -> None:
        """Close all of them."""
        if self._beacon is None:
            return
        from comm import get_comm_manager

        self._shell.events.unregister("post_run_cell", self._after_cell)
        get_comm_manager().unregister_target(TARGET, self._opened)
        for link in tuple(self._links):
            self._closed(link)
            link.close()
        self._beacon.close()
        self._beacon = None

    def gives_way(self, owner: str, cell: str) -> bool:
        """Whether a node's cell lets another one declare the node, by what pages told last; see ``Typed.gives_way``."""
        told = [link.typed.gives_way(owner, cell, replaces) for link in tuple(self._links)]
        return any(told) and False not in told

    def _put_out(self, _: object) -> None:
        """A front end without the extension closes what it does not know: others are to find it all the same."""
        from comm import create_comm, get_comm_manager

        self._beacon = create_comm(target_name=TARGET, primary=False)  # it is listed, and nobody is told
        self._beacon.on_close(self._put_out)
        get_comm_manager().register_comm(self._beacon)

    def _opened(self, comm: Any, message: Mapping[str, Any]) -> None:
        try:
            protocol = read_greeting(message["content"].get("data"))
        except MalformedMessage as problem:
            comm.send({"answer": None, "problem": str(problem)})
            comm.close()
            return
        answer_where_asked(comm)
        comm.send(hello())
        if protocol != PROTOCOL:  # the page says what to update
            return
        link = Link(comm)
        comm.on_msg(lambda message: self._asked(link, message))
        comm.on_close(lambda _: self._closed(link))
        self._links.append(link)
        if self._magics.has_session and self._magics.session.was_seen:
            self._join(link)  # a cell may run for long: what was seen last is shown meanwhile
        on_main_thread(self._bring_up)

    def _closed(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)
            if self._magics.has_session:
                self._magics.session.close_panel(link)

    def _asked(self, link: Link, message: Mapping[str, Any]) -> None:
        try:
            question = read_question(message["content"].get("data"))
        except MalformedMessage as problem:
            link.send({"answer": problem.question, "problem": str(problem)})
            return
        if question["ask"] == "adopt":  # of the notebook as it is written, whatever the session
            link.send(_answer(question, _adopted))
        elif question["ask"] == "draft":
            self._drafted(link, question)
        elif question["ask"] == "restore":  # the text of cells is the shell's
            on_main_thread(lambda: link.send(_answer(question, self._restored)))
        elif link.answer is None:
            on_main_thread(lambda: self._answer_late(link, question))
        else:
            link.answer(question, link.send)

    def _drafted(self, link: Link, question: Mapping[str, Any]) -> None:
        """Of cells as they are typed: what a look at the workflow tells; by their texts alone while a cell runs."""

        def answer(by_text: bool) -> None:
            link.send(_answer(question, lambda _: rows_document(self._magics.draft(cells, by_text), not by_text)))

        try:
            cells = link.typed.take(question)
        except MalformedMessage as problem:
            link.send({"answer": problem.question, "problem": str(problem)})
            return
        if not soon_on_main_thread(lambda: answer(by_text=False), BUSY):
            answer(by_text=True)

    def _restored(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        return restored(self._magics, self._shell.transform_cell, question)

    def _answer_late(self, link: Link, question: Mapping[str, Any]) -> None:
        self._bring_up()  # the first node may have been declared just now
        if link.answer is None:
            link.send({"answer": question["id"], "problem": _NOTHING_YET})
        else:
            link.answer(question, link.send)

    def _after_cell(self, _: object) -> None:
        if self._magics.has_session and any(link.answer is None for link in self._links):
            self._bring_up()  # the next cell may run what this one has declared first
        elif self._links and not self._is_due:
            self._is_due = True
            after_a_while(self._pause, self._bring_up)

    def _bring_up(self) -> None:
        """Let all pages show the workflow as it is now; a notebook that never used a store gets none for that."""
        self._is_due = False
        if not self._links or not (self._magics.has_session or self._magics.has_store):
            return
        began = time.perf_counter()
        try:
            for link in [link for link in self._links if link.answer is None]:
                self._join(link)
            self._magics.session.refresh_panels()
        except HelixError:  # the cell that needs the store will say so
            _log.info("a panel was not opened", exc_info=True)
        self._pause = max(SHORTEST_PAUSE, PAUSE_FOR_A_LOOK * (time.perf_counter() - began))

    def _join(self, link: Link) -> None:
        link.answer = self._magics.session.open_panel(link)


def _answer(question: Mapping[str, Any], act: Callable[[Mapping[str, Any]], Any]) -> Mapping[str, Any]:
    try:
        return {"answer": question["id"], "data": act(question)}
    except HelixError as problem:
        return {"answer": question["id"], "problem": str(problem)}
    except Exception as problem:  # the page gets a word in any case; a value's own code may raise anything
        _log.info("a question failed", exc_info=True)
        return {"answer": question["id"], "problem": f"It cannot be told ({type(problem).__name__})."}


def _adopted(question: Mapping[str, Any]) -> Any:
    """What becomes of a notebook (nbformat 4) that was never written for this."""
    try:
        adopting = import_module("helix_jupyter.adopt")
    except ModuleNotFoundError:
        raise UnknownOption("This helix_jupyter cannot adopt notebooks: install a newer one.") from None
    return adopting.document(question.get("notebook"))
