"""One way to show anything: ``as_text`` and ``as_html`` for every value that a user can hold.

Plan, Version, Diff and GcReport live below and print nothing of their own; whoever shows them (magics, a
notebook's formatters) asks here.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from helix_jupyter.plan.explore.types import Explored
from helix_jupyter.plan.types import Plan
from helix_jupyter.store.types import GcReport
from helix_jupyter.version.compare_many import Comparison
from helix_jupyter.version.diff import Diff
from helix_jupyter.version.trace import Trace
from helix_jupyter.version.types import Version
from helix_jupyter.view import (
    html_compare,
    html_dag,
    html_diff,
    html_explore,
    html_tables,
    html_trace,
    html_versions,
    svg,
    text,
    text_diff,
    text_explore,
    text_values,
)
from helix_jupyter.view.types import Card, Config, Dag, Reproduction, Status, VersionList, Why
from helix_jupyter.view.words import clean, plural

# of an output that a front end with the extension draws itself, its static forms beside it
VIEW = "application/vnd.helix-jupyter.view+json"
_SMALL_PICTURE = 60  # nodes
# characters: of a picture's text, and of all its forms, so that a saved notebook grows by less than 200 kB
_TEXT_ROOM, _ROOM = 16_000, 190_000


@singledispatch
def as_text(value: object) -> str:
    """The plain text form of a value; ``repr`` for what is none of ours."""
    return repr(value)


@singledispatch
def as_html(value: object) -> str:
    """The HTML form of a value, whole and escaped; preformatted text for what is none of ours."""
    from helix_jupyter.view.markup import escape

    return f"<pre>{escape(as_text(value))}</pre>"


def mimebundle(value: object) -> dict[str, Any]:
    """Every form of a value that a notebook can keep: text, HTML, and SVG for a picture.

    The SVG is for those who drop HTML (GitHub); a large one is left out, since the HTML holds it already and a saved
    notebook would carry it twice.
    """
    bundle: dict[str, Any] = {"text/plain": as_text(value), "text/html": as_html(value)}
    if isinstance(value, Card):
        # JupyterLab's extension says there how the node is by now
        said = {name: getattr(value, name) for name in ("node", "outputs", "inputs", "note")}
        bundle[VIEW] = {"kind": "card", **said}
    if isinstance(value, Dag):
        bundle["text/plain"] = _within(bundle["text/plain"], _TEXT_ROOM)
        picture = svg.dag_svg(value.snapshot) if len(value.snapshot["nodes"]) <= _SMALL_PICTURE else ""
        if picture and len(picture) + sum(map(len, bundle.values())) <= _ROOM:
            bundle["image/svg+xml"] = picture
    return bundle


def _within(text: str, room: int) -> str:
    """The lines that there is room for, and how many there are beyond."""
    if len(text) <= room:
        return text
    kept = text[:room].rpartition("\n")[0]
    more = text.count("\n", len(kept))
    return f"{kept}\nand {plural(more, 'more line')}"


as_text.register(Card, text.card_text)
as_text.register(Status, text.status_text)
as_text.register(Plan, text.plan_text)
as_text.register(Explored, text_explore.explored_text)
as_text.register(Version, text.version_text)
as_text.register(VersionList, text.versions_text)
as_text.register(Diff, text_diff.diff_text)
as_text.register(Comparison, text_values.comparison_text)
as_text.register(Why, text.why_text)
as_text.register(Config, text.config_text)
as_text.register(GcReport, text.collection_text)
as_text.register(Reproduction, text.reproduction_text)
as_text.register(Trace, lambda trace: clean(str(trace)))
as_text.register(Dag, lambda dag: text.dag_text(dag.snapshot))

as_html.register(Card, html_tables.card_html)
as_html.register(Status, html_tables.status_html)
as_html.register(Plan, html_tables.plan_html)
as_html.register(Explored, html_explore.explored_html)
as_html.register(Version, html_versions.version_html)
as_html.register(VersionList, html_versions.versions_html)
as_html.register(Diff, html_diff.diff_html)
as_html.register(Comparison, html_compare.comparison_html)
as_html.register(Why, html_tables.why_html)
as_html.register(Config, html_tables.config_html)
as_html.register(GcReport, html_tables.collection_html)
as_html.register(Reproduction, html_tables.reproduction_html)
as_html.register(Trace, html_trace.trace_html)
as_html.register(Dag, lambda dag: html_dag.dag_html(dag.snapshot))
