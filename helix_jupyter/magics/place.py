"""Which notebook this kernel serves: its workflow's name and its folder, as far as the front end tells."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_VSCODE = "__vsc_ipynb_file__"


def notebook_place(namespace: Mapping[str, object], environ: Mapping[str, str] | None = None) -> tuple[str, Path]:
    """The workflow's name (the notebook's file name without suffix, else ``main``) and the notebook's folder."""
    told = namespace.get(_VSCODE) or (os.environ if environ is None else environ).get("JPY_SESSION_NAME")
    if not isinstance(told, str) or not told:
        return "main", Path.cwd()
    path = Path(told)
    name = path.stem if path.suffix == ".ipynb" else "main"
    folder = path.parent if path.is_absolute() and path.parent.is_dir() else Path.cwd()
    return name, folder
