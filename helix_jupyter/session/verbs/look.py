"""Verbs that show the workflow as it stands, and its open pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helix_jupyter.session import steering
from helix_jupyter.session.looking import status, why
from helix_jupyter.session.verbs.base import Base
from helix_jupyter.view.types import Dag, Status, Why

if TYPE_CHECKING:
    from helix_jupyter.graph.declaration import Declaration
    from helix_jupyter.session.drafting import DraftCell
    from helix_jupyter.session.waiting import PlainEdit


class Look(Base):
    """``status``, ``why``, ``dag``, and what keeps widgets up to date."""

    def status(self) -> Status:
        """Every node: what the next run would do with it, why, at what price."""
        plan = self.plan()
        return status(self._around(), plan, steering.keeping(self._bench))

    def why(self, node: str) -> Why:
        """Every reason that this node would run or not, most specific first."""
        plan = self.plan()
        name = self.graph.giver(node)
        captures = self._history.captures(self._base, name)
        found = why(self._around(), name, plan, steering.keeping(self._bench), captures)
        return replace(found, reasons=(*found.reasons, *self.not_taken_up(name)))

    def draft(
        self,
        cells: Mapping[str, Declaration | str],
        by_text: bool = False,
        plain_edits: Mapping[str, PlainEdit] | None = None,
    ) -> tuple[DraftCell, ...]:
        """What a run would do if these cells were declared as they stand, by cell in the document's order: nothing is.

        A text in the place of a declaration says why there is none. What nodes that have changed make stale is told of
        all cells. ``by_text``: from the texts alone, beside what was found last; any thread may ask so while a cell
        runs. ``plain_edits``: names that plain cells bind otherwise than when they ran; nodes that reach them wait for
        these cells. See ``session.drafting``.
        """
        from helix_jupyter.session.drafting import Drafts, from_text

        if self._drafts is None:
            self._drafts = Drafts(self._bench)
        if by_text:
            return from_text(cells, self.declarations, self._drafts.looked, plain_edits or {})
        return self._drafts.look(cells, self.declarations, self._records, plain_edits or {})

    def dag(self) -> Dag:
        """The workflow as it stands, ready to be drawn."""
        return Dag(self.snapshot(), self._views.dag)

    def refresh_views(self) -> None:
        """Show what was declared since to the pictures that are open; a notebook does so behind each cell."""
        if self._views.audience:
            self._views.refresh(self._state)

    def refresh_panels(self) -> None:
        """Look at the workflow anew and show it to the open panels."""
        self._views.refresh_panels(self._state)

    def _catch_up(self) -> None:
        """Show panels what a run is about to begin with."""
        if self._views.audience:
            self._views.catch_up(self._state)

    @property
    def _state(self) -> object:
        """What views are of, to be compared."""
        settings = (self.settings["budget"], self.settings["policy"], steering.keeping(self._bench))
        return self._base, self._history.edits, dict(self._workflow.declarations), settings

    def stop(self) -> bool:
        """Interrupt the run that is underway in the main thread, from another one; False where there is none."""
        return self._views.stop()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.dag()._repr_mimebundle_()
