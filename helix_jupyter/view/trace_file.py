"""Write a trace to a file, as a page of its own or as JSON: what is handed on with a result."""

from __future__ import annotations

import json
from pathlib import Path

from helix_jupyter.errors import CannotWrite
from helix_jupyter.version.trace import Trace
from helix_jupyter.view.html_trace import trace_html
from helix_jupyter.view.markup import escape

# the parts themselves take the colours of whatever page they stand in
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body {{ font-family: system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}</style>
</head>
<body>
{body}
</body>
</html>
"""


def write_html(trace: Trace, path: Path) -> None:
    """Write ``trace`` as a page that needs nothing else.

    Raises
    ------
    CannotWrite
    """
    title = escape(f"{trace.node} in version {trace.version} of {trace.workflow}")
    _write(path, _PAGE.format(title=title, body=trace_html(trace)))


def write_json(trace: Trace, path: Path) -> None:
    """Write ``trace`` as JSON, as ``Trace.to_json`` has it.

    Raises
    ------
    CannotWrite
    """
    _write(path, json.dumps(trace.to_json(), indent=1, ensure_ascii=False) + "\n")


def _write(path: Path, text: str) -> None:
    try:
        # code may hold lone surrogates, which no encoding has
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as problem:
        raise CannotWrite(str(path), problem.strerror or str(problem)) from problem
