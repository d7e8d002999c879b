"""Colours and style sheets. They follow JupyterLab's and VS Code's theme variables; elsewhere, the system's.

All classes begin with ``helix-``. State colours are mixed with the theme's text colour where they are text, so that the
contrast holds (WCAG AA) on light and on dark ground alike.
"""

# ruff: noqa: E501  (a style sheet reads best with one rule to a line)

from __future__ import annotations

# middle tones: each has a contrast of 3:1 or more with white and with #111, which is what lines and shapes need
COLOURS = {
    "compute": "#c2620c",
    "load": "#2a78d0",
    "prune": "#78818c",
    "failed": "#d1383d",
    "done": "#2b8a4b",
    "added": "#2b8a4b",
    "removed": "#d1383d",
    "edited": "#c2620c",
    "affected": "#8f63d2",
    "same": "#78818c",
    "none": "#78818c",
}

_LIGHT = {"text": "#1f2328", "soft": "#59636e", "ground": "#ffffff", "line": "#d1d9e0"}
_DARK = {"text": "#e6edf3", "soft": "#9aa4af", "ground": "#15181d", "line": "#3a424b"}
_THEME = {
    "text": "--jp-content-font-color1, var(--vscode-editor-foreground, {})",
    "soft": "--jp-content-font-color2, var(--vscode-descriptionForeground, {})",
    "ground": "--jp-layout-color0, var(--vscode-editor-background, {})",
    "line": "--jp-border-color2, var(--vscode-panel-border, {})",
}


def _variables(selector: str) -> str:
    def block(fallback: dict[str, str]) -> str:
        return ";".join(f"--helix-{name}:var({_THEME[name].format(fallback[name])})" for name in _THEME)

    return f"{selector}{{{block(_LIGHT)}}}@media (prefers-color-scheme:dark){{{selector}{{{block(_DARK)}}}}}"


def _states(selector: str, declaration: str) -> str:
    return "".join(f"{selector.format(state)}{{{declaration.format(colour)}}}" for state, colour in COLOURS.items())


_MIXED = "color-mix(in srgb,{} 68%,var(--helix-text))"

SVG_STYLE = (
    _variables(".helix-dag")
    + ".helix-dag .helix-name{fill:var(--helix-text)}.helix-dag .helix-detail{fill:var(--helix-soft)}"
    + ".helix-dag .helix-edge path{stroke:color-mix(in srgb,var(--helix-soft) 70%,var(--helix-ground))}"
    + ".helix-dag .helix-edge path+path{fill:color-mix(in srgb,var(--helix-soft) 70%,var(--helix-ground));stroke:none}"
    + _states(".helix-dag .helix-{} .helix-box", "fill:color-mix(in srgb,{} 9%,var(--helix-ground))")
    + _states(".helix-dag .helix-{} .helix-word", f"fill:{_MIXED}")
    + ".helix-dag .helix-prune .helix-box,.helix-dag .helix-same .helix-box,.helix-dag .helix-none .helix-box"
    "{fill:var(--helix-ground)}"
    + ".helix-dag .helix-prune .helix-name,.helix-dag .helix-same .helix-name{fill:var(--helix-soft)}"
    + ".helix-dag .helix-node:hover .helix-box{stroke-width:2.6}"
)

BASE_STYLE = (
    _variables(".helix")
    + """
.helix{color:var(--helix-text);background:var(--helix-ground);font:13px/1.5 var(--jp-content-font-family,system-ui,-apple-system,"Segoe UI",sans-serif);padding:2px 0;max-width:100%}
.helix code,.helix pre{font-family:var(--jp-code-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,monospace);font-size:12px;color:inherit;background:none;padding:0;border:0;margin:0}
.helix .helix-name{font-weight:600;white-space:pre-wrap;overflow-wrap:anywhere}
.helix .helix-soft{color:var(--helix-soft)}
.helix .helix-mark{vertical-align:-0.5px;margin-right:4px}
.helix .helix-state{white-space:nowrap;font-weight:600}
.helix .helix-told{white-space:normal;font-weight:500;overflow-wrap:anywhere}
"""
    + _states(".helix .helix-is-{}", f"color:{_MIXED}")
)

TABLE_STYLE = """
.helix p{margin:2px 0 6px}
.helix h4{font-size:12px;font-weight:600;color:var(--helix-soft);margin:14px 0 4px;padding:0}
.helix .helix-scroll{overflow:auto;max-height:640px;padding-bottom:2px}
.helix .helix-picture{overflow:auto;max-height:900px;padding-bottom:2px}
.helix ul{margin:2px 0 6px;padding-left:22px}
.helix table.helix-table{border-collapse:collapse;margin:0 0 6px;border:0;font-size:12.5px;color:inherit;background:none;table-layout:auto}
.helix .helix-table th,.helix .helix-table td{text-align:left;vertical-align:baseline;padding:3px 22px 3px 0;border:0;border-bottom:1px solid color-mix(in srgb,var(--helix-line) 55%,transparent);background:none;white-space:normal;max-width:34em;overflow-wrap:break-word}
.helix .helix-table th{color:var(--helix-soft);font-weight:500;white-space:nowrap;vertical-align:bottom}
.helix .helix-table tbody tr{background:none}
.helix .helix-table tbody tr:last-child td{border-bottom:0}
.helix .helix-table .helix-number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.helix details{margin:2px 0}
.helix summary{cursor:pointer;color:var(--helix-soft);padding:1px 0;display:list-item}
"""

CODE_STYLE = """
.helix .helix-code{overflow-x:auto;border:1px solid var(--helix-line);border-radius:6px;padding:5px 0;line-height:1.5;font-size:11.5px;white-space:pre;tab-size:4;scrollbar-width:thin}
.helix .helix-code pre{overflow:visible}
.helix .helix-line{display:block;padding:0 10px 0 6px;min-height:1.5em;width:max-content;min-width:100%;box-sizing:border-box}
.helix .helix-sides{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:10px;margin:4px 0 8px}
.helix .helix-sides .helix-code{margin:0}
.helix .helix-sides .helix-code:only-child{grid-column:1/3}
.helix .helix-sign{display:inline-block;width:1.4em;user-select:none;color:var(--helix-soft)}
.helix .helix-count{display:inline-block;width:4ch;text-align:right;margin-right:.5em;user-select:none;color:var(--helix-soft);opacity:.75}
.helix .helix-line-before{background:color-mix(in srgb,#d1383d 11%,transparent)}
.helix .helix-line-after{background:color-mix(in srgb,#2b8a4b 12%,transparent)}
.helix .helix-line-none{background:color-mix(in srgb,var(--helix-line) 22%,transparent)}
.helix .helix-line-gap{color:var(--helix-soft)}
.helix del,.helix ins{text-decoration:none;color:inherit;border-radius:2px;padding:1px 0}
.helix del{background:color-mix(in srgb,#d1383d 32%,transparent)}
.helix ins{background:color-mix(in srgb,#2b8a4b 34%,transparent)}
.helix .helix-node-diff{border-top:1px solid color-mix(in srgb,var(--helix-line) 55%,transparent);padding:8px 0 2px}
"""

# other outputs on the page repeat the rules above after these: what overrides one of them must be more specific
VERSION_STYLE = """
.helix .helix-chips{display:flex;flex-wrap:wrap;gap:6px;margin:2px 0 6px}
.helix .helix-chip{border:1px solid color-mix(in srgb,var(--helix-line) 80%,transparent);border-radius:6px;padding:1px 9px}
.helix .helix-figure{font-variant-numeric:tabular-nums}
.helix .helix-curve{vertical-align:-4px;color:var(--helix-soft);overflow:visible}
.helix .helix-together{white-space:nowrap}
.helix .helix-message{display:block;min-width:9em}
.helix table.helix-versions th,.helix table.helix-versions td{padding-right:13px}
.helix .helix-table del,.helix .helix-table ins{padding:1px 5px;border-radius:3px}
"""
