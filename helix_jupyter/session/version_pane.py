"""The version browser's side in the kernel: the newest versions, more by the page, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.session.compare_pane import questions
from helix_jupyter.session.history import History
from helix_jupyter.session.panes import Document, Pane
from helix_jupyter.version.cells import text_of_cells
from helix_jupyter.version.types import Version
from helix_jupyter.view.documents import comparison_document
from helix_jupyter.view.version_pages import Listing, details, listing, newest_document, page_before

if TYPE_CHECKING:
    from helix_jupyter.session.session import Session

Message = Mapping[str, Any]


def version_pane(session: Session) -> Pane:
    """All versions of the session's workflow, whatever a list of them held: the browser shows them as they are now."""
    history = session.history
    listed: list[Listing] = []  # what the last document was made from

    def document() -> Document:
        listed[:] = [listing(history.index())]
        return newest_document(listed[0], history.between, session.current)

    def told(act: Callable[[Message], Document]) -> Callable[[Message], Document]:
        """``act``, and then every open widget drawn anew."""

        def acted(message: Message) -> Document:
            answer = act(message)
            session.refresh_views()
            return answer

        return acted

    return Pane(
        "versions",
        document(),
        at_once={
            "rows": lambda message: page_before(listed[0], history.between, int(message["before"])),
            "version": lambda message: _details(history, int(message["version"])),
            "code": lambda message: {"text": text_of_cells(history.version(int(message["version"])))},
        },
        later={
            "annotate": told(lambda message: _annotate(session, message)),
            "delete": told(lambda message: _delete(session, message)),
            "checkout": told(lambda message: _checkout(session, int(message["version"]))),
            **questions(session),
            "comparison": lambda message: _comparison(session, [int(one) for one in message["versions"]]),
        },
        redraw=lambda look: document(),
    )


def _details(history: History, number: int) -> Document:
    version = history.current(number)
    parent: Version | None = None
    if version.parent is not None:
        try:
            parent = history.version(version.parent)
        except UnknownVersion:  # deleted by gc of an earlier release, which left the number
            parent = None
    return details(version, parent)


def _annotate(session: Session, message: Message) -> Document:
    given = {name: message[name] for name in ("message", "tags", "note", "untag") if name in message}
    version = session.annotate(int(message["version"]), **given)
    return {"message": version.message, "tags": list(version.tags), "note": version.note}


def _delete(session: Session, message: Message) -> Document:
    session.delete_versions(*map(int, message["versions"]))
    return {}


def _checkout(session: Session, number: int) -> Document:
    lines: list[str] = []
    version = session.checkout(number, lines.append)
    return {"nodes": len(version.nodes), "lines": lines}


def _comparison(session: Session, numbers: list[int]) -> Document:
    first, second, third, *more = numbers
    return comparison_document(session.diff(first, second, third, *more))
