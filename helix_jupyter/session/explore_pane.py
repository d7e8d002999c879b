"""The plan explorer's side in the kernel: what-ifs are answered from one look at the workflow, and made so on request.

A look is taken on the thread that runs cells; what is asked of it afterwards rests on that look alone, and so may be
answered on any thread, while a cell runs too.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.config import OPTIONS
from helix_jupyter.errors import HelixError
from helix_jupyter.session.panes import Ask, Document, Look, Pane

if TYPE_CHECKING:
    from helix_jupyter.plan.explore import Explored, Explorer, WhatIf
    from helix_jupyter.plan.explore.types import Going
    from helix_jupyter.session.session import Session

NODES = ("targets", "force", "pin", "never", "unpin", "drop")
KEYS = (*NODES, "budget", "policy")


class Exploration:
    """One page's what-ifs.

    Every question is a message with the what-if as its ``question``, in the form of ``view.explore_snapshot``.

    Attributes
    ----------
    at_once
        ``explore``: the answer, without a curve. ``curve``: what storage buys.
    later
        ``look``: a new look at the workflow, and what of the question still fits it. ``apply``, ``undo``: make it so,
        take back what was applied last; both give ``look`` as it is then, the line that ``run``s it, and the stored
        values that are ``gone`` (for ``undo``: for good).
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._explorer: Explorer | None = None
        self._answered: tuple[Mapping[str, Any], Explored] | None = None
        self._lock = threading.Lock()  # an explorer remembers, and two threads may ask
        self._question: Mapping[str, Any] = {}
        self.at_once: Mapping[str, Ask] = {"explore": self._explore, "curve": self._curve}
        self.later: Mapping[str, Ask] = {"look": self._look, "apply": self._apply, "undo": self._undo}

    def document(self, snapshot: Document, question: Mapping[str, Any]) -> Document:
        """Look anew.

        Returns
        -------
        dict
            ``picture``: the workflow laid out (``view.picture``); ``explored``: the answer to what of ``question``
            still fits; ``policies``: those that there are; ``applied``: whether something can be taken back.
        """
        from helix_jupyter.view.explore_snapshot import explored_snapshot
        from helix_jupyter.view.picture import picture

        explorer = self._session.explorer()
        self._question = fitting(question, explorer.situation.graph)
        self._explorer = explorer
        return {
            "picture": picture(snapshot, roomy=True),
            "explored": explored_snapshot(self._ask(self._question, explorer)),
            "policies": list(OPTIONS["policy"].words),
            "applied": bool(self._session.applied),
        }

    def redraw(self, look: Look) -> Document:
        """The document after the workflow changed, with the question that was asked last."""
        return self.document(look(), self._question)

    def _look(self, message: Mapping[str, Any]) -> Document:
        return self.document(self._session.snapshot(), message.get("question") or {})

    def _explore(self, message: Mapping[str, Any]) -> Document:
        from helix_jupyter.view.explore_snapshot import explored_snapshot

        explored = self._answer(message)
        self._question = message.get("question") or {}
        self._answered = self._question, explored
        return explored_snapshot(explored)

    def _curve(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        from helix_jupyter.view.explore_snapshot import curve_points

        question, explored = self._answered or ({}, None)
        if explored is None or question != message.get("question"):
            explored = self._answer(message)
        with self._lock:
            return curve_points(self._explorer.curve(explored.what_if)) if self._explorer else []

    def _apply(self, message: Mapping[str, Any]) -> Document:
        applied = self._session.apply(self._answer(message))
        return self._changed(applied.command, applied.gone)

    def _undo(self, message: Mapping[str, Any]) -> Document:
        applied = self._session.applied[-1:]
        lost = self._session.undo()  # raises where nothing was applied
        return self._changed("", applied[0].gone_for_good(lost))

    def _changed(self, run: str, gone: Iterable[Going]) -> Document:
        from helix_jupyter.view.explore_snapshot import going

        document = self.document(self._session.snapshot(), {})
        self._session.refresh_views()
        self._session.refresh_panels()
        return {"document": document, "run": run, "gone": going(gone)}

    def _answer(self, message: Mapping[str, Any]) -> Explored:
        if self._explorer is None:
            raise HelixError("Nothing was looked at yet: press Refresh.")
        return self._ask(message.get("question") or {}, self._explorer)

    def _ask(self, question: Mapping[str, Any], explorer: Explorer) -> Explored:
        asked = {key: question[key] for key in KEYS if question.get(key) not in (None, "", [], ())}
        for key in asked.keys() & set(NODES):  # the page speaks of nodes
            asked[key] = [self._session.graph.word_for(str(node)) for node in asked[key]]
        with self._lock:
            return self._session.explore(**asked, explorer=explorer, with_curve=False)


def fitting(question: Mapping[str, Any], nodes: Collection[str]) -> dict[str, Any]:
    """``question`` without the nodes that there are no more."""
    kept = {key: [node for node in question.get(key) or () if node in nodes] for key in NODES}
    return {**kept, "budget": question.get("budget"), "policy": question.get("policy")}


def explore_pane(session: Session, what_if: WhatIf) -> Pane:
    """The pane of an answer that a cell gave, open for further questions."""
    exploration = Exploration(session)
    question = {key: getattr(what_if, key) for key in KEYS}
    return Pane(
        "explore",
        exploration.document(session.snapshot(), question),
        exploration.at_once,
        exploration.later,
        exploration.redraw,
    )
