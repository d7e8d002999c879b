"""Versions beside each other in the browser: what is drawn, and what may be asked of the kernel.

Every question names its versions, so that whatever mounts the view of a difference (the list of versions does, too)
answers with the same ``questions``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helix_jupyter.session.panes import Ask, Document, Pane
from helix_jupyter.version.compare_many import Comparison
from helix_jupyter.version.diff import Diff
from helix_jupyter.view.documents import comparison_document, diff_document, value_document

if TYPE_CHECKING:
    from helix_jupyter.session.session import Session

LARGEST_DOCUMENT = 64_000
"""Characters of a document that is saved with a notebook; a larger one is asked for when somebody looks."""
_CHOICES = 1_000


def diff_pane(session: Session, diff: Diff) -> Pane:
    """Two versions."""
    return _pane("diff", diff_document(diff), questions(session, diff))


def comparison_pane(session: Session, comparison: Comparison) -> Pane:
    """Several versions."""
    return _pane("comparison", comparison_document(comparison), questions(session))


def questions(session: Session, diff: Diff | None = None) -> Mapping[str, Ask]:
    """What a view of a difference asks, all of it on the thread that runs cells.

    ``diff`` {a, b, everything} gives a ``diff_document``; ``values`` {a, b, node} the values of a node, whatever having
    them takes; ``export`` {versions} writes a page of its own and gives its path from
    the notebook's folder; ``choices`` the versions that there
    are, newest first.
    """
    compared = _Compared(session, diff)
    return {
        "diff": compared.document,
        "values": compared.values,
        "export": compared.export,
        "choices": compared.choices,
    }


def _pane(kind: str, document: Document, later: Mapping[str, Ask]) -> Pane:
    return Pane(kind, _within(document), at_once={"whole": lambda _: document}, later=later)


def _within(document: Document) -> Document:
    """The document, or where it is too large to be saved its head, which says so."""
    if len(json.dumps(document)) <= LARGEST_DOCUMENT:
        return document
    head = ("format", "before", "after", "counts", "versions")
    return {**{name: document[name] for name in head if name in document}, "left": True}


class _Compared:
    """The differences that one widget has shown; what was computed for it is not computed again."""

    def __init__(self, session: Session, diff: Diff | None) -> None:
        self._session = session
        self._known = {(diff.before.id, diff.after.id): diff} if diff else {}

    def document(self, message: Mapping[str, Any]) -> Document:
        return diff_document(self._diff(message["a"], message["b"]), everything=bool(message.get("everything")))

    def values(self, message: Mapping[str, Any]) -> list[Document]:
        diff = self._diff(message["a"], message["b"])
        found = self._session.values_of_diff(diff, str(message["node"]))
        self._known[diff.before.id, diff.after.id] = replace(diff, values={**diff.values, **found})
        return [value_document(value) for value in found.values()]

    def export(self, message: Mapping[str, Any]) -> Document:
        from helix_jupyter.view.page import write_page

        numbers = [int(number) for number in message["versions"]]
        path = f"helix-diff-{'-'.join(map(str, numbers))}.html"
        if len(numbers) == 2:
            written = write_page(self._session.folder / path, self._diff(*numbers))
        else:
            written = self._session.export_diff(path, *numbers)
        return {"path": os.path.relpath(written, self._session.folder), "bytes": written.stat().st_size}

    def choices(self, _: Mapping[str, Any]) -> Sequence[Document]:
        listed = list(self._session.versions)[-_CHOICES:]
        return [{"id": version.id, "message": version.message} for version in reversed(listed)]

    def _diff(self, a: int, b: int) -> Diff:
        pair = int(a), int(b)
        if pair not in self._known:
            self._known[pair] = self._session.diff(*pair)
        return self._known[pair]
