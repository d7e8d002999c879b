"""The anywidget that carries the views in any front end. The only module that imports anywidget.

It holds no logic: what it draws is a trait, what the user asks for goes to ``answer``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from helix_jupyter.view.front import answer_where_asked
from helix_jupyter.view.packing import pack
from helix_jupyter.view.render import VIEW

Answer = Callable[[Mapping[str, Any], Callable[[Mapping[str, Any]], None]], None]


class ViewWidget(anywidget.AnyWidget):
    """A view of this ``kind`` that draws a ``document``, JSON; pages get it ``packed``."""

    kind = traitlets.Unicode().tag(sync=True)
    document = traitlets.Dict()
    packed = traitlets.Unicode().tag(sync=True)

    def __init__(self, module: str, kind: str, document: Mapping[str, Any], answer: Answer) -> None:
        super().__init__(_esm=module, kind=kind, document=dict(document), packed=pack(document))
        answer_where_asked(self.comm)
        self.on_msg(lambda _, content, buffers: answer(content, self.send))

    @traitlets.observe("document")
    def _pack(self, change: Mapping[str, Any]) -> None:
        self.packed = pack(change["new"])

    def bundle(self) -> Mapping[str, Any]:
        """The part of an output by which a front end finds this widget."""
        return {
            VIEW: {"kind": self.kind},
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }
