"""HTML of a trace: the node itself, then everything upstream, each to unfold."""

from __future__ import annotations

from helix_jupyter.version.trace import Trace, TraceStep, facts
from helix_jupyter.view.html_code import code_html
from helix_jupyter.view.markup import details, escape, frame, name, soft, state, tag, words
from helix_jupyter.view.style import CODE_STYLE, TABLE_STYLE
from helix_jupyter.view.words import moment, plural, seconds


def trace_html(trace: Trace) -> str:
    """Show what made a value; the newest step first."""
    where = f"in <b>version {trace.version}</b> of {words(trace.workflow)}"
    title = f"{name(trace.node)} {where} {soft(moment(trace.created))}"
    above = "".join(details(_title(step), _body(step)) for step in reversed(trace.steps[:-1]))
    parts = [tag("p", title), _body(trace.step)]
    if above:
        parts.append(tag("h4", escape(f"{plural(len(trace.upstream), 'node')} upstream")) + above)
    if trace.packages:
        listed = ", ".join(f"{package} {number}" for package, number in trace.packages.items())
        parts.append(tag("h4", "Packages") + tag("p", words(listed)))
    return frame("".join(parts), TABLE_STYLE + CODE_STYLE)


def _title(step: TraceStep) -> str:
    return f"{name(step.node)} {state(step.state)} {soft(seconds(step.seconds))}"


def _body(step: TraceStep) -> str:
    lines = "".join(tag("div", soft(fact)) for fact in facts(step))
    digests = ", ".join(f"{output} {digest[:12]}" for output, digest in step.digests.items() if digest)
    told = tag("div", soft(f"digests: {digests}")) if digests else ""
    return code_html(step.code) + lines + told
