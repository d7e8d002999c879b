"""Scripts in ``# %%`` form to notebooks and back: a marker line begins a cell, as VS Code, Spyder and Jupytext have it.

A script that begins with a docstring is read as sphinx-gallery does: comments right below a marker are text, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from helix_jupyter.adopt.composing import code_cell, source_of

_MARKER = re.compile(r"#\s*%%(?P<title>.*)")
_GALLERY_MARKER = re.compile(r"#\s*%%(?P<title>.*)|#{20,}\s*")
_MARKDOWN = re.compile(r".*\[(markdown|md)\]")


def from_percent(script: str) -> dict[str, Any]:
    """The notebook that a script is; its code need not parse."""
    text, rest = _docstring(script)
    cells = [_markdown(text)] if text else []
    is_gallery = bool(text)
    for title, lines in _blocks(rest, _GALLERY_MARKER if is_gallery else _MARKER):
        if title is not None and _MARKDOWN.match(title):
            cells.append(_markdown("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)))
            continue
        if is_gallery and title is not None:
            count = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
            if count:
                cells.append(_markdown("\n".join(line[1:].removeprefix(" ") for line in lines[:count])))
            lines = lines[count:]
        code = "\n".join(lines).strip("\n")
        if code.strip():
            cells.append(code_cell(code))
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "python"}}, "cells": cells}


def to_percent(notebook: Mapping[str, Any]) -> str:
    """A notebook as text in ``# %%`` form, to look at: magics stay as they are."""
    parts = []
    for cell in notebook["cells"]:
        text = source_of(cell)
        if cell["cell_type"] == "code":
            parts.append(f"# %%\n{text}")
        else:
            parts.append("# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.split("\n")))
    return "\n\n".join(parts) + "\n"


def _docstring(script: str) -> tuple[str, str]:
    """The text that a script begins with, and the rest."""
    try:
        tree = ast.parse(script)
    except (SyntaxError, ValueError):
        return "", script
    text = ast.get_docstring(tree)
    if text is None:
        return "", script
    return text, "\n".join(script.split("\n")[tree.body[0].end_lineno or 0 :])


def _blocks(script: str, marker: re.Pattern[str]) -> list[tuple[str | None, list[str]]]:
    """(what stands behind the marker, lines) of every cell; None for what stands above the first marker."""
    blocks: list[tuple[str | None, list[str]]] = [(None, [])]
    for line in script.split("\n"):
        found = marker.fullmatch(line)
        if found is None:
            blocks[-1][1].append(line)
        else:
            blocks.append((found["title"] or "", []))
    return blocks


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}
