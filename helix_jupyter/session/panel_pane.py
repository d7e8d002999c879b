"""What a front end's panel shows of a workflow and may ask: its picture, store and newest versions.

The document's parts: ``workflow`` (name), ``session`` (its token), ``dag`` (``view.picture``), ``cells`` ({id of a
cell: its node}), ``store`` ({bytes, budget}), ``versions`` (``view.documents.versions_document`` of the newest, and
``total``).

What else of a workflow is shown beside the panel asks over it, too: what-ifs (``session.explore_pane``), versions and
their differences (``session.version_pane``, whose document is the answer to ``history``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helix_jupyter.session.panes import Document, Look, Pane, dag_pane
from helix_jupyter.session.version_pane import Browsing
from helix_jupyter.view.documents import versions_document

if TYPE_CHECKING:
    from helix_jupyter.session.explore_pane import Exploration
    from helix_jupyter.session.session import Session

NEWEST = 50


def panel_pane(
    session: Session,
    seen: Document,
    look: Look,
    details: Callable[[str], Document],
    current: Callable[[], int | None],
    exploration: Exploration,
) -> Pane:
    """The pane of one panel.

    Parameters
    ----------
    seen
        A snapshot to begin with.
    look, details
        As a picture needs them.
    current
        Gives the number of the version that the session is at.
    exploration
        Answers what-ifs.
    """
    picture = dag_pane(seen, look, details, exploration)
    browsing = Browsing(session)

    def document(dag: Document) -> Document:
        listed = session.versions
        return {
            "workflow": session.workflow,
            "session": session.token,
            "dag": dag,
            "cells": _cells(session),
            "store": {"bytes": session.store.used_bytes, "budget": session.store.budget},
            "versions": {**versions_document(listed[-NEWEST:], current()), "total": len(listed)},
        }

    def redraw(look: Look) -> Document:
        return document(picture.redraw(look) if picture.redraw else picture.document)

    return replace(
        picture,
        kind="panel",
        document=document(picture.document),
        at_once={
            **browsing.at_once,
            **picture.at_once,
            "node": lambda message: _cells(session).get(str(message.get("cell"))),
        },
        later={**browsing.later, **picture.later, "history": lambda _: browsing.document()},
        redraw=redraw,
    )


def _cells(session: Session) -> Mapping[str, Any]:
    declared = tuple(session.declarations.items())  # at once: the thread that runs cells may declare meanwhile
    return {one.origin.cell: node for node, one in declared if one.origin.cell is not None}
