"""What a widget shows and what it may ask: one ``Pane`` for each kind of view.

A new view is a module beside this one that makes its pane, one more case in ``pane_for``, and one more entry in the
folder ``labextension/src/widget/kinds``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helix_jupyter.view.types import VersionList

if TYPE_CHECKING:
    from helix_jupyter.session.explore_pane import Exploration
    from helix_jupyter.session.session import Session

Document = Mapping[str, Any]
Ask = Callable[[Mapping[str, Any]], Any]
Look = Callable[[], Document]


@dataclass(frozen=True)
class Pane:
    """A view's side in the kernel.

    Parameters
    ----------
    kind
        Which view draws it, as the front end names it.
    document
        What it draws, JSON.
    at_once, later
        Questions by name. Each is given the message and gives JSON, or raises ``HelixError`` with words for the page.
        Those of ``at_once`` read records alone, on whatever thread the question arrives; the others look at the
        workflow, or change it, on the thread that runs cells, once none is running.
    redraw
        The document after the workflow or its versions changed, given what looks at the workflow; None: it stays.
    """

    kind: str
    document: Document
    at_once: Mapping[str, Ask] = field(default_factory=dict)
    later: Mapping[str, Ask] = field(default_factory=dict)
    redraw: Callable[[Look], Document] | None = None


def dag_pane(
    snapshot: Document, look: Look, details: Callable[[str], Document], exploration: Exploration | None = None
) -> Pane:
    """The workflow's picture, and what-ifs on it where there is an ``exploration``; which groups are collapsed is
    remembered for this one widget."""
    from helix_jupyter.view.picture import picture

    collapsed: list[str] = []

    def regrouped(message: Mapping[str, Any]) -> Document:
        collapsed[:] = map(str, message.get("collapsed", ()))
        return picture(look(), collapsed)

    return Pane(
        "dag",
        picture(snapshot),
        at_once={
            "details": lambda message: details(str(message.get("node"))),
            **(exploration.at_once if exploration else {}),
        },
        later={"picture": regrouped, **(exploration.later if exploration else {})},
        redraw=lambda look: picture(look(), collapsed),
    )


def pane_for(session: Session, value: object) -> Callable[[], Pane] | None:
    """What makes the pane of a value that has a view of its own; None for any other value."""
    from helix_jupyter.plan.explore import Explored
    from helix_jupyter.session.compare_pane import comparison_pane, diff_pane
    from helix_jupyter.session.explore_pane import explore_pane
    from helix_jupyter.session.version_pane import version_pane
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.version.diff import Diff

    match value:
        case Diff():
            return lambda: diff_pane(session, value)
        case Comparison():
            return lambda: comparison_pane(session, value)
        case VersionList():
            return lambda: version_pane(session)
        # one of another session, or of an earlier workflow, is about other nodes
        case Explored() if set(value.actual.plan.states) == set(session.declarations):
            return lambda: explore_pane(session, value.what_if)
    return None
