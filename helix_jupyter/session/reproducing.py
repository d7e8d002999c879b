"""``reproduce``: recompute a version in a fresh process from what was recorded; compare digests node by node.

Run as a module, this file is that process: it reads a request as JSON, and answers with the digests it got.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from helix_jupyter.errors import HelixError, NodeFailed, StoreError
from helix_jupyter.execute.console import Console
from helix_jupyter.execute.notebook_console import NotebookConsole
from helix_jupyter.fingerprint.explain import explain
from helix_jupyter.fingerprint.types import Fingerprint
from helix_jupyter.session.another_process import answer, ask
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.inline_figures import draw_inline, inline_settings
from helix_jupyter.session.showing import both_seen, events_of, is_for_show, seen_of
from helix_jupyter.version.compare_shown import SHOWS
from helix_jupyter.version.reasons import own_parts
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.view.types import Reproduction, ReproductionRow


def reproduce(bench: Bench, version: Version) -> Reproduction:
    """Recompute ``version`` and compare.

    Raises
    ------
    HelixError
        The process did not answer.
    """
    bench.store.flush()
    problem = f"Version {version.id} could not be recomputed"
    consoles = {node: record.console for node, record in version.nodes.items()}
    showed = {node: (console, seen_of(bench, console)) for node, console in consoles.items()}
    displays = any(event.data for console in consoles.values() for event in events_of(bench, console) or ())
    inline = inline_settings() if displays else None
    got = ask("helix_jupyter.session.reproducing", bench, version, problem, showed=showed, inline=inline)
    return _compared(version, got)


def _compared(version: Version, got: Mapping[str, Any]) -> Reproduction:
    rows: list[ReproductionRow] = []
    nodes: dict[str, bool] = {}
    differing: set[str] = set()  # outputs, as "node.output"
    for node, record in version.nodes.items():
        found = got["nodes"].get(node, {})
        inputs = [name for name, parent in record.inputs.items() if f"{parent}.{name}" in differing]
        above = [f"input `{name}` came out differently" for name in inputs]
        why = got["problems"].get(node, "") or "; ".join([*found.get("reasons", ()), *above])
        seen = found.get("seen") or ("", "")
        other = seen[0] != seen[1]
        for_show = other and is_for_show(record.outputs)
        for output in record.outputs:
            digest = found.get("digests", {}).get(output.name, "")
            label = node if len(record.outputs) == 1 else f"{node}.{output.name}"
            same = digest == output.digest if output.by_content else bool(digest)
            reason = "" if same else why or found.get("hidden", "") or _NOTHING
            if not same:
                differing.add(f"{node}.{output.name}")
            elif for_show:
                hidden = found.get("hidden", "").removeprefix(f"{SHOWS}; ")
                same, reason = False, "; ".join(filter(None, (SHOWS, why or hidden)))
            elif other:
                reason = SHOWS
            elif not output.by_content:
                reason = "its content has no digest: nothing to compare"
            told = seen if for_show else (output.digest, digest)
            nodes[node] = nodes.get(node, True) and same
            rows.append(ReproductionRow(label, told[0], told[1], same, reason))
    first = next((row.node for row in rows if not row.same), None)
    return Reproduction(version.id, tuple(rows), nodes, first)


_NOTHING = "nothing that is recorded of it changed"


def _recompute(request: Mapping[str, Any]) -> dict[str, Any]:
    from helix_jupyter.session.captures import restore
    from helix_jupyter.session.module_values import put_back
    from helix_jupyter.session.modules import bring_back
    from helix_jupyter.session.session import Session
    from helix_jupyter.session.stand_in import stand_in, tools_of

    sys.path[:] = request["path"]
    recorded = Session(request["store"], request["workflow"], folder=request["folder"])
    version = recorded.version(request["version"])
    notebook = stand_in()
    main = vars(notebook)
    # before anything imports Matplotlib
    console = _console(main, request["inline"])
    with tempfile.TemporaryDirectory() as scratch:
        problems: dict[str, str] = {}
        try:
            if bring_back(version.sources, recorded.store, Path(request["folder"]), Path(scratch, "modules")):
                sys.path.insert(0, str(Path(scratch, "modules")))
        except StoreError as problem:
            problems[""] = str(problem)
        problems |= restore(version.captures, recorded.store, main)
        session = Session(
            Path(scratch, "store"),
            folder=request["folder"],
            policy="none",
            namespace=main,
            console=console,
            tools=partial(tools_of, notebook),
        )
        problems |= put_back(version)
        session.adopt(_with_seeds(version))
        valued = [node for node, record in version.nodes.items() if record.outputs]
        _run(session, valued, problems)
        answer = _answer(session, version, request["showed"]) if valued else {}
        session.close()
    recorded.close()
    return {"nodes": answer, "problems": problems}


def _console(main: Mapping[str, Any], inline: Mapping[str, Any] | None) -> Console:
    """A notebook's, which draws figures as ``inline`` says, if something was shown as only a notebook shows it."""
    if inline is None:
        return Console(live=False)
    shell = main["get_ipython"]()
    draw_inline(shell, inline)
    return NotebookConsole(shell, live=False)


def _run(session: Any, nodes: Sequence[str], problems: dict[str, str]) -> None:
    """Compute ``nodes``; a failure ends it only for those behind it."""
    left = list(nodes)
    while left:
        try:
            words = [session.graph.word_for(node) for node in left]
            session.run(words, force=words)
            return
        except NodeFailed as failure:
            problems[failure.node] = str(failure)
            behind = session.graph.descendants({failure.node})
        except HelixError as problem:  # a name that could not be brought back
            problems.update(dict.fromkeys(left, str(problem)))
            return
        left = [node for node in left if node not in behind]


def _with_seeds(version: Version) -> Version:
    """The version with the seed that each node ran under as its own."""
    nodes = {}
    for name, record in version.nodes.items():
        seeds = [int(part.digest) for part in record.parts if (part.kind, part.label) == ("option", "seed")]
        nodes[name] = replace(record, options={**record.options, "seed": seeds[0]}) if seeds else record
    return replace(version, nodes=nodes)


def _answer(session: Any, version: Version, showed: Mapping[str, tuple[str, str | None]]) -> dict[str, Any]:
    """Per node its outputs' digests, and what it rests on that is no longer the same.

    ``showed`` has the digests of what each node showed then, as it was recorded and as people see it.
    """
    found_by_node: dict[str, Any] = {}
    if not session.versions:  # nothing could run
        return found_by_node
    for node, record in session.version().nodes.items():
        before = version.nodes[node]
        found_by_node[node] = {
            "digests": {output.name: output.digest for output in record.outputs},
            "reasons": explain(own_parts(before), Fingerprint(None, own_parts(record)), None, ""),
            "seen": _seen(session, record, *showed[node]),
        }
    differing = {node for node, found in found_by_node.items() if _differs(version.nodes[node], found)}
    for node in differing:
        if not found_by_node[node]["reasons"] and not differing & set(version.nodes[node].inputs.values()):
            found_by_node[node]["hidden"] = _hidden(session, node)
    return found_by_node


def _seen(session: Any, record: NodeRecord, console: str, seen: str | None) -> tuple[str, str] | None:
    """As ``both_seen``; None as well where the node did not come to its end."""
    events = events_of(session._bench, record.console) if record.outputs else None
    return None if events is None else both_seen(console, seen, events, record.console)


def _differs(record: NodeRecord, found: Mapping[str, Any]) -> bool:
    digests = found["digests"]
    if found["seen"] and found["seen"][0] != found["seen"][1] and is_for_show(record.outputs):
        return True
    return any(one.by_content and digests.get(one.name, one.digest) != one.digest for one in record.outputs)


def _hidden(session: Any, node: str) -> str:
    """What the node consults that no key knows of, seen by computing it once more."""
    if session.declarations[node].volatile:
        return "it is volatile"
    try:
        audit = session.run([session.graph.word_for(node)], audit=1.0).audit
    except NodeFailed:
        return ""
    return next((row.detail for row in audit.rows if row.node == node), "")


if __name__ == "__main__":
    answer(_recompute)
