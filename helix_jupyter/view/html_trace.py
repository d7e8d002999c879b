"""HTML of a trace: the node itself, then everything upstream, each to unfold."""

from __future__ import annotations

from helix_jupyter.version.trace import Trace, TraceStep, facts
from helix_jupyter.view.html_code import code_html
from helix_jupyter.view.markup import block, details, frame, heading, isolated, name, soft, tag
from helix_jupyter.view.words import moment, plural, seconds


def trace_html(trace: Trace) -> str:
    """Show what made a value; the newest step first."""
    where = f"in <b>version {trace.version}</b> of {isolated(trace.workflow)}"
    title = f"{name(trace.node)} {where} {soft(moment(trace.created))}"
    above = "".join(details(_title(step), _body(step)) for step in reversed(trace.steps[:-1]))
    parts = [block(title), _body(trace.step)]
    if above:
        parts.append(heading(f"{plural(len(trace.upstream), 'node')} upstream") + above)
    if trace.definitions:
        texts = (details(name(one), code_html(text)) for one, text in trace.definitions.items())
        parts.append(heading("Definitions") + "".join(texts))
    if trace.packages:
        listed = ", ".join(f"{package} {number}" for package, number in trace.packages.items())
        parts.append(heading("Packages") + block(isolated(listed)))
    return frame("".join(parts), sheet=True)


def _title(step: TraceStep) -> str:
    return f"{name(step.node)} {soft(f'{seconds(step.seconds)} to compute') if step.seconds else ''}"


def _body(step: TraceStep) -> str:
    lines = "".join(tag("div", soft(fact)) for fact in facts(step))
    digests = ", ".join(f"{output} {digest[:12]}" for output, digest in step.digests.items() if digest)
    told = tag("div", soft(f"digests: {digests}")) if digests else ""
    return code_html(step.code) + lines + told
