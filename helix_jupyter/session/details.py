"""All that is known of one node, for the panel that a view opens. Answers from what is recorded, in memory or stored;
computes nothing, changes nothing, and may be asked from another thread while a run is underway.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from helix_jupyter.errors import StoreError
from helix_jupyter.execute.types import Event
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import distribution_of
from helix_jupyter.plan.forecast import load_forecast
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.facts import Surroundings
from helix_jupyter.session.looking import why
from helix_jupyter.session.planning import plan_for
from helix_jupyter.session.records import part_records
from helix_jupyter.session.steering import keeping
from helix_jupyter.version.types import Capture, OutputRecord, Version
from helix_jupyter.view.highlight import kinds, runs
from helix_jupyter.view.preview import preview

VERSIONS, TEXT, IMAGE, EVENTS = 30, 4_000, 400_000, 20
# a value that takes longer to load is not loaded for a look at it
LOAD_SECONDS = 1.0
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")


def details(
    bench: Bench, around: Surroundings, versions: Sequence[Version], node: str, captures: Mapping[str, Capture]
) -> dict[str, Any]:
    """Describe a node; ``versions`` are all of the workflow's, oldest first. ``captures``: see ``why``."""
    declaration, known, record = around.graph.declarations[node], around.known.get(node), around.records.get(node)
    plan = plan_for(around, around.graph.sinks()) if set(around.known) >= set(around.graph.order) else None
    result = known.result if known else None
    outputs: Iterable[OutputRecord] = record.outputs if record else ()
    if result is not None:
        outputs = [OutputRecord(o.name, o.digest, o.by_content, o.bytes, o.summary) for o in result.outputs]
    note = "" if result is not None else "stale: of the code as it was"
    console = result.console if result is not None else record.console if record else None
    parts = part_records(known) if known else record.parts if record else ()
    return {
        "node": node,
        "code": declaration.source,
        "runs": [list(run) for run in runs(declaration.source, "".join(kinds(declaration.source)))],
        "state": plan.states[node].value if plan else "",
        "reasons": list(why(around, node, plan, keeping(bench), captures).reasons) if plan else [],
        "outputs": [_output(bench, around, one, note, declaration.metrics) for one in outputs],
        "shown": _shown(bench, around, console),
        "history": _history(versions, node),
        "depends": [{"kind": part.kind, "name": _name(part), "detail": part.detail} for part in parts],
        "inputs": [list(pair) for pair in around.graph.inputs[node].items()],
    }


def _name(part: Part) -> str:
    return distribution_of(part.label) if part.kind == "module" else part.label


def _output(bench: Bench, around: Surroundings, output: OutputRecord, note: str, metrics: bool) -> dict[str, Any]:
    found, value, missing = _look(bench, around, output.digest)
    told = ", ".join(text for text in (note, missing) if text)
    shown = preview(value, metrics) if found else None
    return {"name": output.name, "summary": output.summary, "bytes": output.bytes, "note": told, "preview": shown}


def _look(bench: Bench, around: Surroundings, digest: str) -> tuple[bool, Any, str]:
    """The value at hand, else why there is none to look at."""
    found, value = bench.memory.look(digest)
    if found:
        return True, value, ""
    artifact = around.artifacts.get(digest)
    if artifact is None:
        return False, None, bench.store.evicted(digest) or "not stored"
    if load_forecast(artifact.bytes, artifact.load_seconds) > LOAD_SECONDS:
        return False, None, "stored; too large to be loaded for a look"
    try:
        return True, bench.store.load(digest), ""
    except StoreError as problem:
        return False, None, str(problem)


def _shown(bench: Bench, around: Surroundings, console: str | None) -> list[dict[str, str]]:
    if not console:
        return []
    found, events, missing = _look(bench, around, console)
    if not found:
        return [{"stream": "", "text": f"What it showed is not at hand ({missing}).", "image": ""}]
    shown = [_event(event) for event in islice(events, EVENTS)]
    left = len(events) - len(shown)
    return [*shown, {"stream": "", "text": f"… {left} more", "image": ""}] if left else shown


def _event(event: Event) -> dict[str, str]:
    image = next((_image(kind, event.data[kind]) for kind in _IMAGES if kind in event.data), "")
    text = event.text if event.stream else str(event.data.get("text/plain", ""))
    text = _ANSI.sub("", text)
    clipped = text if len(text) <= TEXT else f"{text[:TEXT]}…"
    return {"stream": event.stream, "text": clipped, "image": image}


def _image(kind: str, content: object) -> str:
    if isinstance(content, bytes):
        text = base64.b64encode(content).decode()
    else:
        text = "".join(str(content).split("\n"))
        if kind.endswith("xml"):
            text = base64.b64encode(str(content).encode()).decode()
    return f"data:{kind};base64,{text}" if len(text) <= IMAGE else ""


def _history(versions: Sequence[Version], node: str) -> list[dict[str, Any]]:
    found = []
    for version in versions[-VERSIONS:]:
        record = version.nodes.get(node)
        if record is not None and record.outputs:
            seconds = record.compute_seconds
            found.append(
                {"version": version.id, "state": record.state.value, "seconds": seconds, "bytes": record.bytes}
            )
    return found
