"""What stands in for the notebook in a process that has none: its module, and the tools that its cells call.

``!command`` and ``%magic`` lines are calls of ``get_ipython()``: IPython is loaded when the first one is made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helix_jupyter.session.bare_shell import BareShell


def stand_in() -> ModuleType:
    """An empty notebook, as ``__main__``: where classes of the notebook are looked for by name."""
    notebook = sys.modules["__main__"] = ModuleType("__main__")
    vars(notebook).update(tools_of(notebook))
    return notebook


def tools_of(notebook: ModuleType) -> dict[str, Callable[..., Any]]:
    """``get_ipython`` and ``display``, for the cells of ``notebook``."""

    def get_ipython() -> BareShell:
        from traitlets.config import Config

        from helix_jupyter.session.bare_shell import BareShell

        # what runs here is no part of what its user typed
        config = Config({"HistoryManager": {"enabled": False}})
        return BareShell.instance(config=config, user_module=notebook)

    def display(*values: Any, **options: Any) -> Any:
        from IPython.display import display as show

        get_ipython()  # without a shell it would print
        return show(*values, **options)  # type: ignore[no-untyped-call]  # IPython's annotations are partial

    return {"get_ipython": get_ipython, "display": display}
