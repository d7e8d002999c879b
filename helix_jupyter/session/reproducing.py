"""``reproduce``: recompute a version in a fresh process from what was recorded; compare digests node by node.

Run as a module, this file is that process: it reads a request as JSON, and answers with the digests it got.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helix_jupyter.errors import HelixError, NodeFailed
from helix_jupyter.session.bench import Bench
from helix_jupyter.version.types import Version
from helix_jupyter.view.types import Reproduction, ReproductionRow

_MARK = "helix-reproduction:"


def reproduce(bench: Bench, version: Version) -> Reproduction:
    """Recompute ``version`` and compare.

    Raises
    ------
    HelixError
        The process did not answer.
    """
    bench.store.flush()
    request = {
        "store": str(bench.store.folder),
        "workflow": bench.workflow,
        "version": version.id,
        "folder": str(bench.folder),
        "path": sys.path,
    }
    done = subprocess.run(
        [sys.executable, "-m", "helix_jupyter.session.reproducing"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=bench.folder,
    )
    answer = next((line for line in done.stdout.splitlines() if line.startswith(_MARK)), None)
    if answer is None:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise HelixError(f"Version {version.id} could not be recomputed: {last}")
    return _compared(version, json.loads(answer.removeprefix(_MARK)))


def _compared(version: Version, got: Mapping[str, Any]) -> Reproduction:
    rows = []
    for node, record in version.nodes.items():
        found = got["nodes"].get(node, {})
        for output in record.outputs:
            digest = found.get("digests", {}).get(output.name, "")
            reason = found.get("reason", "") or got["problems"].get(node, "")
            if not output.by_content:
                reason = reason or "its content has no digest: nothing to compare"
            label = node if len(record.outputs) == 1 else f"{node}.{output.name}"
            same = digest == output.digest if output.by_content else bool(digest)
            rows.append(ReproductionRow(label, output.digest, digest, same, reason))
    first = next((row.node for row in rows if not row.same), None)
    return Reproduction(version.id, tuple(rows), first)


def _recompute(request: Mapping[str, Any]) -> dict[str, Any]:
    from helix_jupyter.session.captures import restore
    from helix_jupyter.session.session import Session

    sys.path[:] = request["path"]
    recorded = Session(request["store"], request["workflow"], folder=request["folder"])
    version = recorded.version(request["version"])
    main: dict[str, Any] = {"__name__": "__main__"}
    problems = restore(version.captures, recorded.store, main)
    with tempfile.TemporaryDirectory() as scratch:
        session = Session(scratch, folder=request["folder"], policy="none", namespace=main)
        session.adopt(_with_seeds(version))
        try:
            session.run(list(version.nodes), force=list(version.nodes))
        except NodeFailed as failure:
            problems[failure.node] = str(failure)
        answer = _digests(session, version)
        session.close()
    recorded.close()
    return {"nodes": answer, "problems": problems}


def _with_seeds(version: Version) -> Version:
    """The version with the seed that each node ran under as its own."""
    nodes = {}
    for name, record in version.nodes.items():
        seeds = [int(part.digest) for part in record.parts if (part.kind, part.label) == ("option", "seed")]
        nodes[name] = replace(record, options={**record.options, "seed": seeds[0]}) if seeds else record
    return replace(version, nodes=nodes)


def _digests(session: Any, version: Version) -> dict[str, Any]:
    found = session.version()
    answer = {}
    for node, record in found.nodes.items():
        before = {(part.kind, part.label): part.digest for part in version.nodes[node].parts}
        differing = [
            part.label
            for part in record.parts
            if part.kind != "input" and before.get((part.kind, part.label), part.digest) != part.digest
        ]
        answer[node] = {
            "digests": {output.name: output.digest for output in record.outputs},
            "reason": f"no longer the same: {', '.join(differing)}" if differing else "",
        }
    return answer


if __name__ == "__main__":
    print(_MARK + json.dumps(_recompute(json.load(sys.stdin))))
