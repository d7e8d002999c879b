"""How a notebook draws figures into its page, for a process that is to draw the same. Loads Matplotlib for nobody."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

BACKEND = "module://matplotlib_inline.backend_inline"
_SETTINGS = ("figure_formats", "print_figure_kwargs", "rc", "close_figures")


def inline_settings() -> dict[str, Any]:
    """What ``%config InlineBackend`` says here, as far as JSON can tell it."""
    module = sys.modules.get("matplotlib_inline.config")
    if module is None or not module.InlineBackend.initialized():
        return {}
    inline = module.InlineBackend.instance()
    found = {name: getattr(inline, name) for name in _SETTINGS}
    try:
        return json.loads(json.dumps({**found, "figure_formats": sorted(found["figure_formats"])}))  # type: ignore[no-any-return]  # it is what went in
    except TypeError:
        return {}


def draw_inline(shell: Any, settings: Mapping[str, Any]) -> None:
    """Draw the figures of this process as a notebook with these settings does."""
    os.environ.setdefault("MPLBACKEND", BACKEND)
    try:
        from matplotlib_inline.config import InlineBackend
    except ImportError:  # then the notebook drew none
        return
    inline = InlineBackend.instance(parent=shell)
    for name, value in settings.items():
        setattr(inline, name, set(value) if name == "figure_formats" else value)
