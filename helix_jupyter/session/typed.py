"""Cells as a page types them, and what is answered: the messages of the question ``draft``. Reads strictly.

A page asks ``{ask: "draft", id, cells: [id of a cell, ...], texts: {id: text}}``: all cells of code, in the notebook's
order, and the texts of those that it has not sent, or that have changed. (One of an earlier version leaves out plain
cells.) The answer is ``{whole, rows}``, a row for each ``DraftCell``; ``whole`` is false where a cell runs, so that the
texts alone were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import MalformedMessage

if TYPE_CHECKING:
    from helix_jupyter.session.drafting import DraftCell

# a notebook has hundreds of cells; what is beyond this is no notebook
MOST_CELLS = 100_000


class Typed:
    """The cells of one page, as it told them last."""

    def __init__(self) -> None:
        self._texts: Mapping[str, str] = {}

    def take(self, question: Mapping[str, Any]) -> Mapping[str, str]:
        """All cells by their texts, in the notebook's order, after a question.

        Raises
        ------
        MalformedMessage
            It is none, or leaves out the text of a cell that was never sent.
        """
        number = question.get("id")
        cells, texts = question.get("cells"), question.get("texts")
        if not isinstance(cells, list) or not all(map(_is_text, cells)) or len(cells) > MOST_CELLS:
            raise MalformedMessage("cells is no list of cells", number)
        if not isinstance(texts, Mapping) or not all(map(_is_text, (*texts, *texts.values()))):
            raise MalformedMessage("texts gives no text for each cell", number)
        known = {**self._texts, **texts}
        missing = next((cell for cell in cells if cell not in known), None)
        if missing is not None:
            raise MalformedMessage(f"the text of cell {missing!r:.60} was never sent", number)
        self._texts = {cell: known[cell] for cell in cells}
        return self._texts

    def gives_way(self, owner: str, cell: str, replaces: Callable[[str], bool | None]) -> bool | None:
        """Whether a node's cell lets another one of this page declare the node; None where the page cannot tell.

        It does where it was deleted, cut and pasted as another cell, or made a plain one; and where it stands further
        down and replaces others anyway. ``replaces`` tells that of its text: None of a plain cell's. Any thread may
        ask.
        """
        texts = self._texts
        way = replaces(texts[owner]) if owner in texts else None
        if way is None:
            return True if cell in texts else None
        places = list(texts)
        return cell in texts and places.index(cell) < places.index(owner) and way


def rows_document(rows: Iterable[DraftCell], whole: bool) -> Mapping[str, Any]:
    """The answer, as JSON."""
    return {"whole": whole, "rows": [dict(vars(row)) for row in rows]}


def _is_text(value: object) -> bool:
    return isinstance(value, str)
