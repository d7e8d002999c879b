"""The version browser's side in the kernel: the newest versions, more by the page, and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.session.compare_pane import questions
from helix_jupyter.session.history import History
from helix_jupyter.session.panes import Ask, Document, Pane
from helix_jupyter.version.cells import text_of_cells
from helix_jupyter.version.types import Version
from helix_jupyter.view.documents import comparison_document
from helix_jupyter.view.version_pages import Listing, details, listing, newest_document, page_before

if TYPE_CHECKING:
    from helix_jupyter.session.session import Session

Message = Mapping[str, Any]


class Browsing:
    """One page's way through all versions of a workflow, whatever a list of them held: they are shown as they are now.

    Attributes
    ----------
    at_once
        ``rows``: those before a version. ``version``: one in full. ``code``: its cells as text.
    later
        ``annotate``, ``delete``, ``checkout`` (gives ``nodes``, and ``lines`` worth knowing; its ``cells`` are by node
        the ids of the notebook's cells that say the same), ``comparison`` of several, and what a difference asks.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._history = session, session.history
        self._listed: Listing = listing(())  # what the last document was made from
        self.at_once: Mapping[str, Ask] = {
            "rows": lambda message: page_before(self._listed, self._history.between, int(message["before"])),
            "version": lambda message: _details(self._history, int(message["version"])),
            "code": lambda message: {"text": text_of_cells(self._history.version(int(message["version"])))},
        }
        self.later: Mapping[str, Ask] = {
            "annotate": self._told(lambda message: _annotate(session, message)),
            "delete": self._told(lambda message: _delete(session, message)),
            "checkout": self._told(lambda message: _checkout(session, message)),
            **questions(session),
            "comparison": lambda message: _comparison(session, [int(one) for one in message["versions"]]),
        }

    def document(self) -> Document:
        """The newest versions, and ``session``: the token of the session that they are of."""
        self._listed = listing(self._history.index())
        newest = newest_document(self._listed, self._history.between, self._session.current)
        return {**newest, "session": self._session.token}

    def _told(self, act: Ask) -> Ask:
        """``act``, and then every open widget and panel drawn anew."""

        def acted(message: Message) -> Document:
            answer: Document = act(message)
            self._session.refresh_views()
            self._session.refresh_panels()
            return answer

        return acted


def version_pane(session: Session) -> Pane:
    """The pane of one version browser."""
    browsing = Browsing(session)
    return Pane(
        "versions",
        browsing.document(),
        browsing.at_once,
        browsing.later,
        redraw=lambda _: browsing.document(),
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


def _checkout(session: Session, message: Message) -> Document:
    lines: list[str] = []
    version = session.checkout(int(message["version"]), lines.append, message.get("cells"))
    return {"nodes": len(version.nodes), "lines": lines}


def _comparison(session: Session, numbers: list[int]) -> Document:
    first, second, third, *more = numbers
    return comparison_document(session.diff(first, second, third, *more))
