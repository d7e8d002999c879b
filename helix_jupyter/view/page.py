"""Whatever can be shown, as one HTML file: no script, nothing from elsewhere, light or dark as the reader has it."""

from __future__ import annotations

import os
from pathlib import Path

from helix_jupyter.version.diff import Diff
from helix_jupyter.view.html_diff import diff_html
from helix_jupyter.view.html_figures import IN_A_FILE
from helix_jupyter.view.markup import escape
from helix_jupyter.view.render import as_html
from helix_jupyter.view.style import syntax

# a browser refuses whatever is neither in the file nor a picture in a data address
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LOOKS = (
    ":root{color-scheme:light dark}"
    "body{font:14px/1.45 system-ui,sans-serif;margin:0 auto;padding:20px 24px;max-width:1200px;"
    "background:#fff;color:#1f2328}"
    "code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}"
    "table{border-collapse:collapse}th{font-weight:600}"
    "tbody tr:nth-child(even){background:rgba(128,128,128,.06)}summary{cursor:pointer;margin:4px 0}"
    "ins,del{text-decoration:none}"
    "@media (prefers-color-scheme:dark){body{background:#111418;color:#e2e6ea}DARK}"
    "@media print{body{max-width:none}details>*{display:block}}"
).replace("DARK", syntax(".helix ", True))


def page(value: object, title: str = "") -> str:
    """``value`` as a whole document."""
    shown = title or _title(value)
    # the looks come last: they overrule those that an output brings along for a notebook
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(shown)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body>{_shown(value)}<style>{_LOOKS}</style></body></html>\n"
    )


def _shown(value: object) -> str:
    # a file is no notebook: its figures are whole
    return diff_html(value, IN_A_FILE) if isinstance(value, Diff) else as_html(value)


def write_page(path: Path | str | os.PathLike[str], value: object, title: str = "") -> Path:
    """Write ``page`` to ``path``; gives the path."""
    where = Path(path)
    where.write_text(page(value, title), encoding="utf-8")
    return where


def _title(value: object) -> str:
    from helix_jupyter.view.render import as_text

    return as_text(value).split("\n", 1)[0][:120]
