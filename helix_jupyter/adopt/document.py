"""What becomes of a notebook, as JSON for a page that shows it before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from helix_jupyter.adopt.adopting import adopt


def document(notebook: Any) -> Mapping[str, Any]:
    """The fields of `Adopted` for a notebook (nbformat 4) as plain data.

    Raises
    ------
    CannotAdopt
    """
    adopted = adopt(notebook)
    return {
        "notebook": adopted.notebook,
        "changed": adopted.changed,
        "cells": [asdict(cell) for cell in adopted.cells],
        "before": adopted.before,
        "after": adopted.after,
    }
